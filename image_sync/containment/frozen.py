"""The way to a worker process in a frozen program, which has no interpreter to start: the program starts itself.

Its entry calls ``begin`` before anything else.  A frozen program whose entry does not (somebody else's, that only uses
ours) has no workers, and what is at risk is done in its threads.
"""

from __future__ import annotations

import os
import sys

_AS_WORKER = "--image-sync-worker"
_CONSOLE = "image-sync"
_begun = False


def begin() -> bool:
    """Work as a worker process where this one was started as such, to its end; whether it was."""
    global _begun
    _begun = True
    if sys.argv[1:2] != [_AS_WORKER]:
        return False
    from image_sync.containment import worker

    worker.main(int(sys.argv[2]))
    return True


def command(lifeline: int) -> list[str]:
    """The command of a worker process; empty where there is none.  ``lifeline`` is its descriptor, or -1."""
    if not _begun:
        return []
    # The program of the window has no streams on Windows; the one of the command line, which lies beside it, has.
    console = os.path.join(os.path.dirname(sys.executable), _CONSOLE + os.path.splitext(sys.executable)[1])
    program = console if os.path.isfile(console) else sys.executable
    return [program, _AS_WORKER, str(lifeline)]
