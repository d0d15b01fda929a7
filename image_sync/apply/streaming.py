"""Content on its way from one file to another: what was read of it, and its writing with the holes of the source.

A piece of nothing but zeros is left out where the source takes less room on its disk than it has bytes.  Both read the
same; so what is verified afterwards does not change.
"""

from __future__ import annotations

import hashlib
import os

PIECE = 1 << 16
"""Bytes that are left out together: no file system has larger blocks in common use."""
_UNIT = 512
"""Bytes of what ``st_blocks`` counts, whatever the file system's own blocks are (POSIX)."""
_ZEROS = bytes(PIECE)
HELD = 8 << 20
"""A file up to this size is held in memory while it is copied and compared byte by byte with what was written; of a
larger one the MD5 is compared."""


class Taken:
    """Content that was read: the chunks of a small file, the digest of a large one (or of any whose digest is
    expected)."""

    def __init__(self, size: int, digest: str | None, summed: bool) -> None:
        self.size = size
        self._sha256 = hashlib.sha256() if summed else None
        self.chunks: list[bytes] | None = [] if size <= HELD else None
        self._md5 = hashlib.md5(usedforsecurity=False) if digest or self.chunks is None else None

    def add(self, chunk: bytes) -> None:
        """Take in the next chunk."""
        if self.chunks is not None:
            self.chunks.append(chunk)
        for known in (self._md5, self._sha256):
            if known is not None:
                known.update(chunk)

    @property
    def digest(self) -> str | None:
        """The MD5, where it was asked for."""
        return self._md5.hexdigest() if self._md5 else None

    @property
    def sum(self) -> str:
        """The SHA-256, where it was asked for."""
        return self._sha256.hexdigest() if self._sha256 else ""


class Writer:
    """Writes to ``handle``, an open and empty file, what is read of ``source`` from its beginning to its end."""

    def __init__(self, handle: int, source: int) -> None:
        self._handle = handle
        self._with_holes = is_sparse(os.fstat(source))
        self._end_is_hole = False

    def write(self, chunk: bytes) -> None:
        """Append a chunk."""
        if not self._with_holes:
            write_all(self._handle, chunk)
            return
        for start in range(0, len(chunk), PIECE):
            piece = chunk[start : start + PIECE]
            self._end_is_hole = piece == _ZEROS
            if self._end_is_hole:
                os.lseek(self._handle, PIECE, os.SEEK_CUR)
            else:
                write_all(self._handle, piece)

    def finish(self) -> None:
        """Give the file its length when it ends in a hole."""
        if self._end_is_hole:
            os.ftruncate(self._handle, os.lseek(self._handle, 0, os.SEEK_CUR))


def is_sparse(status: os.stat_result) -> bool:
    """Whether a file takes less room than it has bytes."""
    return getattr(status, "st_blocks", status.st_size) * _UNIT < status.st_size


def write_all(handle: int, chunk: bytes) -> None:
    """Write all of a chunk, in as many calls as the system takes for it."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(handle, rest) :]
