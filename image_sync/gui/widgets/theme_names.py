"""Names of the look that others must know without loading the toolkit.  No tkinter."""

from __future__ import annotations

CLASS_NAME = "Image-sync"
"""The window's class for the desktop; StartupWMClass of the .desktop file says the same."""
