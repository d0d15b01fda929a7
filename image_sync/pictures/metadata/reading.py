"""Bounded random access to a file's bytes: a few here and there, never the whole, never past the end.

The readers of headers (``tiff``, ``containers``, ``boxes``, ``movie_dates``) see files only through a ``Window``.  It
answers every request, however absurd, with what is really there, so a corrupt length costs neither memory nor a crash.
Nothing here knows a format.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

READ_LIMIT = 16 * 1024 * 1024
"""The most bytes that one request may give; no header that is read here comes near it."""
_PAGE = 16 * 1024


class _Pages:
    """A file read page by page, of which the first and the last used are kept: headers lie close together."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._first = self._page(0)
        self._at, self._last = 0, self._first
        self.size = stream.seek(0, io.SEEK_END)

    def _page(self, at: int) -> bytes:
        self._stream.seek(at)
        return self._stream.read(_PAGE)

    def read(self, at: int, count: int) -> bytes:
        """``count`` bytes from ``at``, fewer at the end of the file."""
        if at + count <= len(self._first):
            return self._first[at : at + count]
        if count > _PAGE:
            self._stream.seek(at)
            return self._stream.read(count)
        if not self._at <= at <= at + count <= self._at + len(self._last):
            self._at, self._last = at, self._page(at)
        return self._last[at - self._at : at - self._at + count]


class _Buffer:
    """Bytes in memory, read as ``_Pages`` are."""

    def __init__(self, data: bytes) -> None:
        self._data, self.size = data, len(data)

    def read(self, at: int, count: int) -> bytes:
        return self._data[at : at + count]


@dataclass(frozen=True, slots=True)
class Window:
    """``size`` bytes from ``start`` of a source, addressed from 0."""

    source: _Pages | _Buffer
    start: int
    size: int

    @classmethod
    def of_stream(cls, stream: BinaryIO) -> Window:
        """A whole file that is open for reading (unbuffered is best)."""
        pages = _Pages(stream)
        return cls(pages, 0, pages.size)

    @classmethod
    def of_bytes(cls, data: bytes) -> Window:
        """Bytes in memory."""
        return cls(_Buffer(data), 0, len(data))

    def read(self, at: int, count: int) -> bytes:
        """Up to ``count`` bytes from ``at``: fewer at the end, none outside."""
        count = min(count, self.size - at, READ_LIMIT)
        if at < 0 or count <= 0:
            return b""
        return self.source.read(self.start + at, count)

    def number(self, at: int, count: int, order: str = "big") -> int:
        """The unsigned number of ``count`` bytes at ``at``; -1 when they are not all there."""
        data = self.read(at, count)
        return int.from_bytes(data, "little" if order == "little" else "big") if len(data) == count else -1

    def part(self, at: int, size: int | None = None) -> Window:
        """The window on ``size`` bytes from ``at`` (to the end for ``None``), cut to what this one has."""
        at = min(max(at, 0), self.size)
        room = self.size - at
        return Window(self.source, self.start + at, room if size is None else min(max(size, 0), room))


def gathered(pieces: Sequence[Window] | Iterable[Window], limit: int = READ_LIMIT) -> Window | None:
    """The pieces as one window: the piece itself when there is one, a copy when there are more (up to ``limit``)."""
    pieces = tuple(pieces)
    if len(pieces) == 1:
        return pieces[0]
    if not pieces or sum(piece.size for piece in pieces) > limit:
        return None
    return Window.of_bytes(b"".join(piece.read(0, piece.size) for piece in pieces))
