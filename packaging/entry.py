"""The entry of the frozen program: the window without arguments, else the command line, or one of its workers."""

import sys

from image_sync.containment import frozen


def main() -> int:
    """Run whatever this process was started for; its exit code."""
    if frozen.begin():
        return 0
    from image_sync.__main__ import front
    from image_sync.base.guard import guarded

    return guarded(lambda: front(window=not sys.argv[1:])(), "the start")


if __name__ == "__main__":
    sys.exit(main())
