"""The file that a log is written to: one per start and day, private, bounded in size, gone after a week.

A file belongs to one process, and each record is one write to it, so lines of two processes never mix.  Whatever a
record holds, its first line alone begins with a time: a newline in a name can't pretend to be a record.  Nothing here
ever raises: a log that can't be written has a ``trouble`` in words, and the program goes on without.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from image_sync.base import paths, places
from image_sync.base.errors import reason

KEPT_DAYS = 7
LARGEST = 2 << 20
"""Bytes of one file; behind them the next part begins."""
MOST_PARTS = 4
"""Files of one start: the first, which tells how it began, and the newest."""
MOST_BYTES = 32 << 20
"""Bytes of all files together, those of other processes too."""
MOST_FILES = 1000
LONGEST = 4000
"""Characters of one line."""
MOST_LINES = 400
"""Lines of one record; of a longer traceback the middle is left out."""
CONTINUED = "    | "
"""Begins every line of a record but its first."""

_NAME = re.compile(r"(\d{4}-\d\d-\d\d_\d{6})-\d+(?:_\d+)?\.log", re.ASCII)
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_MOMENT = "%Y-%m-%d_%H%M%S"
_OUR_LOGGERS = "image_sync."


class LogFile(logging.Handler):
    """Writes records to a file in ``folder``; ``clock`` gives seconds since 1970.

    A record with the attribute ``head`` is written again at the beginning of each further part.
    """

    def __init__(self, folder: str, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.path = ""
        """The file that is written to; empty before the first record."""
        self.trouble = ""
        """Why nothing can be written; empty while all is well."""
        self._folder, self._clock = folder, clock
        self._parts: list[str] = []
        self._head = b""
        self._day = ""
        self._descriptor = -1
        self._size = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write ``record``."""
        if self.trouble:
            return
        try:
            now = datetime.fromtimestamp(self._clock())
            data = _encoded(record, now)
            if not self._has_room(now, len(data)):
                self._begin(now)
            self._write(data)
            if getattr(record, "head", False):
                self._head += data
        except OSError as error:
            self._give_up(reason(error))
        except Exception as error:  # whatever is wrong with the log, it is no reason to end a run
            self._give_up(f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """Let go of the file; a later record would begin another."""
        with contextlib.suppress(OSError):
            if self._descriptor >= 0:
                os.close(self._descriptor)
        self._descriptor = -1
        super().close()

    def _has_room(self, now: datetime, size: int) -> bool:
        """Whether the record goes to the present file, which somebody may have removed meanwhile."""
        fits = self._size + size <= LARGEST or self._size <= len(self._head)
        return self._descriptor >= 0 and fits and self._day == f"{now:%Y-%m-%d}" and os.path.exists(self.path)

    def _begin(self, now: datetime) -> None:
        places.make_private(os.path.dirname(self._folder))
        places.make_private(self._folder)
        descriptor, path = _created(self._folder, now)
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self.path, self._size, self._day = descriptor, path, 0, f"{now:%Y-%m-%d}"
        self._parts.append(path)
        if len(self._parts) > MOST_PARTS:
            _remove(self._parts.pop(1))
        sweep(self._folder, now, frozenset(self._parts))
        if self._head:
            self._write(self._head)

    def _write(self, data: bytes) -> None:
        written = os.write(self._descriptor, data)
        while written < len(data):
            written += os.write(self._descriptor, data[written:])
        self._size += len(data)

    def _give_up(self, why: str) -> None:
        self.trouble = f"the log can't be written in {paths.display(self._folder)}: {why}"
        self.close()


def sweep(folder: str, now: datetime, keep: frozenset[str] = frozenset()) -> None:
    """Remove what is older than a week, and the oldest beyond the bounds; never a file of ``keep``, nor a foreign one.

    The age is that of the name, so a copy or a backup of the folder does not make a file young.
    """
    oldest = (now - timedelta(days=KEPT_DAYS)).strftime(_MOMENT)
    size = 0
    for number, (began, path, length) in enumerate(sorted(_files(folder), reverse=True)):
        size += length
        if path not in keep and (began < oldest or size > MOST_BYTES or number >= MOST_FILES):
            _remove(path)


def _files(folder: str) -> Iterator[tuple[str, str, int]]:
    """The files of the log: when each was begun, its path and its size."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = _NAME.fullmatch(entry.name)
            if match and entry.is_file(follow_symlinks=False):
                yield match[1], entry.path, entry.stat(follow_symlinks=False).st_size


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def _created(folder: str, now: datetime) -> tuple[int, str]:
    """A new file, open to be added to, and its path.

    Two containers that share a home may have the same process number in the same second.
    """
    name = f"{now.strftime(_MOMENT)}-{os.getpid()}"
    for number in range(1, MOST_FILES):
        path = os.path.join(folder, f"{name}.log" if number == 1 else f"{name}_{number}.log")
        with contextlib.suppress(FileExistsError):
            return os.open(path, _FLAGS, 0o600), path
    raise OSError("too many logs were begun in one second")


def _encoded(record: logging.LogRecord, now: datetime) -> bytes:
    return "".join(f"{line}\n" for line in _lines(record, now)).encode("utf-8", "backslashreplace")


def _lines(record: logging.LogRecord, now: datetime) -> Iterator[str]:
    source = record.name.removeprefix(_OUR_LOGGERS)
    moment = f"{now:%Y-%m-%d %H:%M:%S}.{now.microsecond // 1000:03}"
    yield _shown(f"{moment} {record.levelname:<8} [{record.threadName}] {source}: {_message(record)}")
    if record.exc_info and record.exc_info[1] is not None:
        lines = "".join(traceback.format_exception(record.exc_info[1])).splitlines()
        if len(lines) > MOST_LINES:
            lines[MOST_LINES // 4 : -MOST_LINES // 2] = ["…"]
        yield from (CONTINUED + _shown(line) for line in lines)


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:  # values that do not fit their words, or that can't be put into any
        return f"{record.msg} ({type(error).__name__} when it was put together)"


def _shown(line: str) -> str:
    """``line`` without anything that would end it or disturb a terminal, and not longer than can be read."""
    return paths.display(line if len(line) <= LONGEST else line[:LONGEST] + "…")
