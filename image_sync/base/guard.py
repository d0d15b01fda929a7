"""The outermost guard of the program: whatever goes wrong below it becomes a sentence and an exit code.

It stands around everything that a start does, so it imports nothing until something did go wrong.
"""

from __future__ import annotations

import sys

from image_sync.base import fault_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FAULT = 3
_PLAIN = {code: f"\\x{code:02x}" for code in (*range(10), *range(11, 32), 127)}
"""Characters that steer a terminal, as escapes; the end of a line stays."""
STOPPED = 130


def guarded(work: Callable[[], int], where: str) -> int:
    """The exit code that ``work`` returns; that of a fault when one was met meanwhile, on whatever thread."""
    before = fault_count.met()
    try:
        code = work()
    except KeyboardInterrupt:
        return STOPPED
    except Exception as error:
        return ended_by(error, where)
    return FAULT if fault_count.met() > before else code


def ended_by(error: Exception, where: str) -> int:
    """Log ``error``, say it in a sentence, and return the exit code of a fault."""
    try:
        from image_sync.base import faults

        words = faults.met(error, where).words
    except Exception as other:  # in the door there is not yet all that the log needs
        fault_count.add()
        words = f"This is a fault of the program ({type(error).__name__}: {error}); it can't be logged ({other})."
        if "--debug" in sys.argv:
            import traceback

            words += "\n" + "".join(traceback.format_exception(type(error), error, error.__traceback__))
    # A program started without a terminal may have none; contextlib would cost every start its import.
    try:  # noqa: SIM105
        print(
            f"image-sync: {words}".encode("ascii", "backslashreplace").decode().translate(_PLAIN),
            file=sys.stderr,
            flush=True,
        )
    except (OSError, ValueError, AttributeError):
        pass
    return FAULT
