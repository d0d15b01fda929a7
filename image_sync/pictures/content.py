"""Bytes of one file, read once, so that what is digested, identified and decoded are the same bytes.

Files up to ``IN_MEMORY`` are held in memory; a larger one stays open and is read piece by piece.  A ``Content`` answers
slices, so that a parser needn't know which of the two it has.  It belongs to one thread.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Callable
from types import TracebackType
from typing import BinaryIO

from image_sync.archives.opening import open_binary
from image_sync.archives.patience import patiently
from image_sync.archives.seen_at import seen_at
from image_sync.base.control import CHUNK
from image_sync.pictures.errors import Unreadable

IN_MEMORY = 64 * 2**20
_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
"""Without blocking: a pipe that took a picture's name between scan and reading must not hold the program up."""
_listeners: list[Callable[[str], None]] = []


def tell_of_reading(listener: Callable[[str], None]) -> None:
    """Tell ``listener`` of each file before it is read: a worker process says so, lest it ends in the middle of it."""
    _listeners.append(listener)


class Content:
    """The bytes of a file (or of a picture inside a file); close it, or use it in a ``with``."""

    __slots__ = ("_file", "data", "length")

    def __init__(self, data: bytes | None, file: BinaryIO | None = None, length: int = 0) -> None:
        self.data = data
        self._file = file
        self.length = length if data is None else len(data)

    def __getitem__(self, part: slice) -> bytes:
        if self.data is not None:
            return self.data[part]
        assert self._file is not None
        start, stop, _ = part.indices(self.length)
        self._file.seek(start)
        return self._file.read(max(stop - start, 0))

    def stream(self) -> BinaryIO:
        """A binary stream at the start of the content; it shares the position with every other of a large file."""
        if self.data is not None:
            return io.BytesIO(self.data)
        assert self._file is not None
        self._file.seek(0)
        return self._file

    def md5(self) -> str:
        """The MD5 of all bytes, in lower-case hexadecimal."""
        digest = hashlib.md5(usedforsecurity=False)
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def mark(self) -> str | None:
        """XXH3 (128 bits, hexadecimal) of a content in memory: tells one content from all others by chance alone, at a
        tenth of a millisecond.  ``None`` for a large file: reading all of it would cost more than it saves."""
        if self.data is None:
            return None
        import xxhash

        return xxhash.xxh3_128_hexdigest(self.data)

    def count(self, pattern: bytes) -> int:
        """The occurrences of ``pattern``, counted (roughly, for a large file: not across the borders of its pieces)."""
        return sum(piece.count(pattern) for piece in self.pieces())

    def pieces(self) -> list[bytes] | _Pieces:
        """All bytes in order, in pieces that fit into memory."""
        return [self.data] if self.data is not None else _Pieces(self)

    def close(self) -> None:
        """Close the file, if it is still open."""
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> Content:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Pieces:
    def __init__(self, content: Content) -> None:
        self._content = content
        self._at = 0

    def __iter__(self) -> _Pieces:
        return self

    def __next__(self) -> bytes:
        piece = self._content[self._at : self._at + CHUNK]
        if not piece:
            raise StopIteration
        self._at += len(piece)
        return piece


def read(path: str, most: int = IN_MEMORY) -> Content:
    """Open ``path`` and read it, if it has at most ``most`` bytes.  OSError as the system gives it; Unreadable when it
    is no regular file."""
    for listener in _listeners:
        listener(path)
    return patiently(lambda: _once(path, most))


def _once(path: str, most: int) -> Content:
    try:
        handle = os.open(seen_at(path), _FLAGS)
    except (NotADirectoryError, FileNotFoundError):
        return _in_archive(path, most)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("it is not a regular file", "")
        if status.st_size > most:
            content = Content(None, os.fdopen(handle, "rb"), status.st_size)
            handle = -1
            return content
        return Content(_all(handle, status.st_size))
    finally:
        if handle >= 0:
            os.close(handle)


def _in_archive(path: str, most: int) -> Content:
    """The bytes of a member of an archive; a large one is read from there piece by piece."""
    stream = open_binary(path)  # raises the system's own error where it is none
    length = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if length > most:
        return Content(None, stream, length)
    with stream:
        return Content(stream.read(length))


def _all(handle: int, expected: int) -> bytes:
    """One read in the ordinary case; more when the system returns less, or the file is growing."""
    data = os.read(handle, expected + 1)
    if len(data) == expected:
        return data
    pieces = [data]
    while data and sum(map(len, pieces)) <= IN_MEMORY:
        data = os.read(handle, CHUNK)
        pieces.append(data)
    return b"".join(pieces)
