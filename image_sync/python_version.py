"""The oldest Python that the program runs on, said in one sentence to whoever starts it with an older one.

This is the one module that old interpreters read, so it must parse on all of them, back to Python 2: no annotations,
no f-strings, plain ASCII.  It must be called before anything else of the program is imported.
"""

import sys

OLDEST = (3, 10)


def too_old(version):  # type: (tuple[int, ...]) -> str
    """Reason why ``version`` (major, minor, ...) can't run the program and what to do; empty when it can."""
    if version[:2] >= OLDEST:
        return ""
    return (
        "Image Sync needs Python %d.%d or newer and this is Python %d.%d: install a newer one "  # noqa: UP031
        "(https://www.python.org/downloads/ or your system's packages) and start it with that." % (OLDEST + version[:2])
    )


def refuse_old_python():  # type: () -> None
    """End the process with exit code 2 and a sentence on stderr when the running Python is too old."""
    words = too_old(tuple(sys.version_info[:2]))
    if words:
        sys.stderr.write("image-sync: " + words + "\n")
        sys.exit(2)
