"""Faults of the program: an exception that nobody expected, written to the log and said in one sentence.

What the user or the disk brings about is a ``Refused`` or a ``Problem`` and does not come here.  ``met`` is called
wherever work ends (the engine's thread, a command, a callback of the window); ``caught_everywhere`` takes what no such
place caught.  Who shows faults to the user listens; without a listener they are said on the error stream.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from image_sync.base import fault_count, log, paths, places
from image_sync.base.log import Log

_LONGEST = 200
"""Characters of an exception's own words in the sentence; the log has them all."""
_OF_MISTAKES = (NameError, AttributeError, TypeError, AssertionError, NotImplementedError)
_PACKAGE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in one sentence for the user, and with all that a developer needs."""

    words: str
    details: str


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest fault, its traceback, and where that was written."""

    trace: str
    folder: str
    kept: Log
    fault: Fault


class Elsewhere(Exception):
    """A fault of the program that a worker process met; ``told`` and ``trace`` are what it said of it."""

    def __init__(self, told: str, trace: str) -> None:
        super().__init__(told)
        self.told, self.trace = told, trace


Listener = Callable[[Fault], None]
Taker = Callable[[BaseException, str], NoReturn]
_listeners: list[Listener] = []
_taker: Taker | None = None
_lock = threading.RLock()
_newest: _Newest | None = None


def met(error: BaseException, where: str) -> Fault:
    """Take in a fault that ended the work called ``where``: count it, log it with its traceback, put it into words.

    Where no log is kept, one is begun for it.
    """
    global _newest
    if _taker is not None:
        _taker(error, where)
    fault_count.add()
    trace = error.trace if isinstance(error, Elsewhere) else "".join(traceback.format_exception(error)).rstrip()
    folder = places.state_folder()
    with _lock:
        if log.current() is None and _newest is not None and (_newest.trace, _newest.folder) == (trace, folder):
            return _newest.fault
        with log.started("A fault outside of both fronts") as kept:
            kept.tell_libraries()
            again = _newest is not None and _newest.trace == trace and _newest.kept is kept
            _write(where, error, again)
            if kept.debug and not again:
                _print(trace)
            lines = (log.about(), log.libraries(), f"Where: {where}", _place(kept), "", *trace.splitlines())
            words = f"This is a fault of the program ({told(error)}); {_place(kept)}."
            fault = Fault(words, "\n".join(map(paths.display, lines)))
            _newest = _Newest(trace, folder, kept, fault)
            return fault


def hand_on(taker: Taker) -> None:
    """Let ``taker`` have every fault from now on, and nothing be logged or said here: in a worker process."""
    global _taker
    _taker = taker


def _write(where: str, error: BaseException, again: bool) -> None:
    """Log a fault; the same one again, as a timer or each file of many brings it, in one line."""
    if again:
        _logger.critical("The same fault of the program again, in %s: %s", where, told(error))
    elif isinstance(error, Elsewhere):
        _logger.critical("A fault of the program in %s, in a worker process\n%s", where, error.trace)
    else:
        _logger.critical("A fault of the program in %s", where, exc_info=error)


def is_surely_ours(error: BaseException) -> bool:
    """Whether ``error``, met while a file was read, is the program's and can't be the file's.

    Damaged files make decoders raise nearly anything; but a name that is not there, or a value of the wrong type, met
    in a line of our own, is a mistake in that line.
    """
    if isinstance(error, Elsewhere):
        return True
    if not isinstance(error, _OF_MISTAKES):
        return False
    innermost = error.__traceback__
    while innermost is not None and innermost.tb_next is not None:
        innermost = innermost.tb_next
    return innermost is not None and innermost.tb_frame.f_code.co_filename.startswith(_PACKAGE)


def announce(fault: Fault) -> None:
    """Tell the user of a fault that nobody waits for."""
    for listener in list(_listeners):
        listener(fault)
    if not _listeners:
        _print(f"image-sync: {fault.words}")


@contextlib.contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Let ``listener`` hear of faults that nobody waits for; it may be called on any thread."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextlib.contextmanager
def caught_everywhere() -> Iterator[None]:
    """Take in what ends a thread or the process, and what Python itself could only report."""
    before = threading.excepthook, sys.excepthook, sys.unraisablehook
    threading.excepthook, sys.excepthook, sys.unraisablehook = _in_thread, _in_process, _unraisable
    try:
        yield
    finally:
        threading.excepthook, sys.excepthook, sys.unraisablehook = before


def _in_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is not None and not isinstance(what.exc_value, SystemExit):
        announce(met(what.exc_value, f"the thread {what.thread.name if what.thread else 'of no name'}"))


def _in_process(kind: type[BaseException], error: BaseException, trace: object) -> None:
    if issubclass(kind, Exception):
        announce(met(error, "the process"))
    else:
        sys.__excepthook__(kind, error, trace)  # type: ignore[arg-type]


def _unraisable(what: sys.UnraisableHookArgs) -> None:
    _logger.error("%s: %r", what.err_msg or "Exception ignored in", what.object, exc_info=what.exc_value)


def told(error: BaseException) -> str:
    """The kind of an exception and its own words, in one line."""
    if isinstance(error, Elsewhere):
        return error.told
    words = paths.display(str(error))
    words = words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _place(kept: Log) -> str:
    return f"the details are in {paths.display(kept.path)}" if kept.path else f"there is no log of it: {kept.trouble}"


def _print(text: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        print(text.encode("ascii", "backslashreplace").decode(), file=sys.stderr, flush=True)
