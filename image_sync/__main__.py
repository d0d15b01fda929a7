"""``python3 -m image_sync``: the window without arguments, else the command line.

It chooses the front and nothing more; each front is imported only when it is the one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from image_sync.base.guard import guarded


def front(window: bool) -> Callable[[], int]:
    """The function that runs the window or the command line and returns the exit code."""
    if window:
        from image_sync.gui import run
    else:
        from image_sync.cli import run
    return run


if __name__ == "__main__":
    sys.exit(guarded(lambda: front(window=not sys.argv[1:])(), "the start"))
