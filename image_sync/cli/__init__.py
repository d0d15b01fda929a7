"""The command line: a thin front over the engine that holds no rule.

``run`` is the process's entry, ``main`` the same with its arguments as a value.  Nothing that takes time to load
(NumPy, Pillow, OpenCV, rich, the engine, the window) is imported before a command needs it.
"""

from __future__ import annotations

from image_sync.cli.front import main, run

__all__ = ["main", "run"]
