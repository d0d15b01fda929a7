"""Messages between the program and a worker process: values, pickled, each with its length before it."""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from image_sync.base.model import Problem
from image_sync.containment.limits import Limits

_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Settings:
    """The first message to a worker: what it may take."""

    limits: Limits


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work, pickled by itself (``work`` and ``item``), and its limits."""

    pickled: bytes
    limits: Limits


@dataclass(frozen=True, slots=True)
class Reading:
    """The worker begins to read a file: if it ends now, this is the one."""

    path: str


@dataclass(frozen=True, slots=True)
class Hold:
    """The worker asks for so many bytes of the budget that all decoders share, and waits."""

    amount: int


@dataclass(frozen=True, slots=True)
class Granted:
    """Answer to ``Hold``."""


@dataclass(frozen=True, slots=True)
class Free:
    """Return of so many held bytes."""

    amount: int


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a task; with ``last`` the worker leaves, since it has grown."""

    value: Any
    last: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """The work raised something, in the words of a problem."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the program was met at work: what it is called, and its traceback."""

    told: str
    trace: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The work is of a module that the worker can't load; it was not begun."""

    words: str


def send(stream: BinaryIO, message: object) -> None:
    """Write one message.  Raises what pickling raises, before anything is written, and ``OSError``."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """The next message.  Raises ``EOFError`` when there comes none any more."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if data is None or len(data) < length:
        raise EOFError
    return data
