"""The log of one start: what was asked, how far it came, every problem, every refusal, every traceback.

``started`` keeps it for as long as it lasts; both fronts do.  Everything else writes with ``logging`` as usual: to a
logger below ``image_sync``, or, in a library, to its own (of those only what is a warning is kept).  Paths and words
only: no picture, and nothing of what is in one.  The log is the user's alone, and never keeps a run from going on.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import shlex
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

from image_sync import __version__
from image_sync.base import paths, places
from image_sync.base.log_file import LogFile
from image_sync.base.model import Problem

LIBRARIES = (
    *("numpy", "opencv-python", "Pillow", "imagehash", "pillow-heif", "pi-heif", "xxhash"),
    *("pathspec", "platformdirs", "rich", "tomlkit", "ttkbootstrap", "tkinterdnd2", "desktop-notifier"),
    *("faiss-cpu", "rawpy"),
)
"""Distributions whose versions a fault may hang on."""

_LINES_OF_DETAILS = 200
_logger = logging.getLogger(__name__)
_ours = logging.getLogger("image_sync")
# Without it Python would print the warnings of a program that only uses our functions.
_ours.addHandler(logging.NullHandler())
_open: Log | None = None


class Log:
    """The log that is being written.  ``debug`` takes in more, and shows tracebacks on the error stream too."""

    def __init__(self, file: LogFile, debug: bool) -> None:
        self._file, self.debug = file, debug
        self._libraries_told = False

    @property
    def path(self) -> str:
        """The file; empty when it can't be written."""
        return "" if self._file.trouble else self._file.path

    @property
    def trouble(self) -> str:
        """The reason why the log can't be written, in words; empty while all is well."""
        return self._file.trouble

    def tell_libraries(self) -> None:
        """Write the versions of the libraries, once: finding them takes longer than a small command does."""
        if not self._libraries_told:
            self._libraries_told = True
            _logger.info("%s", libraries(), extra={"head": True})

    def tell(self, text: str) -> None:
        """Write a line: for what must not load ``logging`` before a log is kept."""
        _logger.info("%s", text)

    def tell_problems(self, problems: Iterable[Problem]) -> None:
        """Write what went wrong with single files."""
        for problem in problems:
            _logger.warning("Problem: %s", problem)

    def tell_refusal(self, why: str) -> None:
        """Write why what was asked can't be done."""
        _logger.warning("Refused: %s", why)


def current() -> Log | None:
    """The log of this process, as long as one is kept."""
    return _open


@contextlib.contextmanager
def started(
    front: str, arguments: Sequence[str] = (), *, debug: bool = False, clock: Callable[[], float] = time.time
) -> Iterator[Log]:
    """Keep a log of ``front`` (in words), which was started with ``arguments``.  Within another it is that one."""
    global _open
    if _open is not None:
        yield _open
        return
    file = LogFile(os.path.join(places.state_folder(), "logs"), clock)
    before = _ours.level
    _ours.setLevel(logging.DEBUG if debug else logging.INFO)
    logging.getLogger().addHandler(file)
    _open = Log(file, debug)
    try:
        for line in (f"{front}: {about()}", f"Arguments: {shlex.join(arguments)}", f"Folder: {_folder()}"):
            _logger.info("%s", line, extra={"head": True})
        yield _open
    finally:
        _open = None
        logging.getLogger().removeHandler(file)
        _ours.setLevel(before)
        file.close()


def about() -> str:
    """The program, Python and the system in one line."""
    python = f"{sys.implementation.name} {sys.version.split()[0]} at {sys.executable}"
    return f"Image Sync {__version__}, {python}, {_system()}, file names in {sys.getfilesystemencoding()}"


@functools.cache
def libraries() -> str:
    """The versions of the libraries in one line; none of them is imported."""
    from importlib import metadata

    found = []
    for name in LIBRARIES:
        with contextlib.suppress(metadata.PackageNotFoundError, OSError):  # a line of the log ends no run
            found.append(f"{name} {metadata.version(name)}")
    return f"Libraries: {', '.join(found)}"


def details() -> str:
    """Details that a developer asks for first: versions, and the end of the present log."""
    kept = current()
    lines = [about(), libraries()]
    if kept is not None:
        lines += [kept.path or kept.trouble, "", *_end_of(kept.path)]
    return "\n".join(map(paths.display, lines))


def _end_of(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="backslashreplace") as stream:
            return list(deque((line.rstrip("\n") for line in stream), _LINES_OF_DETAILS))
    except OSError:
        return []


def _system() -> str:
    if hasattr(os, "uname"):
        return " ".join((os.uname().sysname, os.uname().release, os.uname().machine))
    return sys.platform


def _folder() -> str:
    try:
        return os.getcwd()
    except OSError as error:
        return f"unknown ({error.strerror})"
