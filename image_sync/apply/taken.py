"""Content of a file while it is copied: kept, or summed up, so that what was written can be compared with it."""

from __future__ import annotations

import hashlib

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
