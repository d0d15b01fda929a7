"""Mark of a root: a small file that tells one disk from another where the file system itself can't.

It holds a random name and what has happened to the root: each run that leaves something behind adds a token, so that a
copy of the disk that lags behind is known by the token that it lacks.  It is written only after a run stands, whole and
flushed, and never through a link.  What is read is not trusted: a mark that is anything but one of ours is no mark.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
from dataclasses import dataclass
from enum import Enum

from image_sync.apply import disk
from image_sync.base import paths
from image_sync.base.own_files import OWN_FOLDER, TEMPORARY_PREFIX

NAME = "replica"
VERSION = 1
KEPT = 64
"""Tokens that a mark keeps: a memory that is older than so many runs with others is forgotten."""
_MOST = 1 << 16
"""Bytes of the longest mark; a longer file is none."""
_TOKEN = re.compile(r"[0-9a-f]{32}")


class State(Enum):
    """State of the mark's place."""

    NONE = "no mark"
    MARK = "a mark"
    DAMAGED = "a damaged mark"
    NEWER = "the mark of a newer version of this program"
    STRANGE = "something that is no file of this program's"


@dataclass(frozen=True, slots=True)
class Mark:
    """The random ``name`` of a root, and the ``tokens`` of the runs that left something there, the newest last.

    ``generation`` counts those runs.
    """

    name: str
    generation: int = 0
    tokens: tuple[str, ...] = ()

    @classmethod
    def new(cls) -> Mark:
        """A mark that no root has."""
        return cls(os.urandom(16).hex())

    def after_run(self) -> Mark:
        """The mark after one more run."""
        return Mark(self.name, self.generation + 1, (*self.tokens, os.urandom(16).hex())[-KEPT:])


@dataclass(frozen=True, slots=True)
class Found:
    """Mark that was found at a root; ``mark`` is there for ``State.MARK``."""

    state: State
    mark: Mark | None = None

    @property
    def may_be_written(self) -> bool:
        """Whether a mark may take the place of what stands there."""
        return self.state in (State.NONE, State.MARK, State.DAMAGED)


def place_of(root: str) -> str:
    """Path of the mark of ``root``."""
    return paths.join(root, OWN_FOLDER, NAME)


def read(root: str) -> Found:
    """The mark of ``root``."""
    folder, place = paths.join(root, OWN_FOLDER), place_of(root)
    try:
        if not stat.S_ISDIR(os.lstat(folder).st_mode):
            return Found(State.STRANGE)
        status = os.lstat(place)
    except OSError:
        return Found(State.NONE)
    if not stat.S_ISREG(status.st_mode):
        return Found(State.STRANGE)
    try:
        handle = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(handle, "rb") as stream:
            return _parsed(stream.read(_MOST + 1))
    except OSError:
        return Found(State.DAMAGED)


def _parsed(data: bytes) -> Found:
    try:
        told = json.loads(data) if len(data) <= _MOST else None
    except (ValueError, RecursionError):
        return Found(State.DAMAGED)
    if not isinstance(told, dict) or type(told.get("version")) is not int:
        return Found(State.DAMAGED)
    if told["version"] > VERSION:
        return Found(State.NEWER)
    name, generation, tokens = told.get("name"), told.get("generation"), told.get("tokens")
    if not (_is_token(name) and type(generation) is int and generation >= 0 and isinstance(tokens, list)):
        return Found(State.DAMAGED)
    if len(tokens) > KEPT or not all(map(_is_token, tokens)):
        return Found(State.DAMAGED)
    return Found(State.MARK, Mark(str(name), generation, tuple(tokens)))


def _is_token(value: object) -> bool:
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def write(root: str, mark: Mark) -> None:
    """Put ``mark`` at ``root``, whole and flushed; a damaged one is kept beside it.  Raises ``OSError``."""
    folder, place = paths.join(root, OWN_FOLDER), place_of(root)
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder)  # never the root itself: where that is gone, its disk is
    if not read(root).may_be_written:
        raise FileExistsError(17, "something else stands in its place", place)
    temporary = paths.join(folder, f"{TEMPORARY_PREFIX}{NAME}-{os.getpid()}.part")
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary)
    told = {"version": VERSION, "name": mark.name, "generation": mark.generation, "tokens": list(mark.tokens)}
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    with os.fdopen(os.open(temporary, flags, 0o666), "wb") as stream:
        stream.write(json.dumps(told).encode("ascii"))
        stream.flush()
        disk.flush(stream.fileno())
    if read(root).state is State.DAMAGED:
        os.rename(place, paths.join(folder, f"{NAME}.damaged-{os.urandom(4).hex()}"))
    os.replace(temporary, place)
    disk.flush_folder(folder)
