"""ArchiveMember of an archive as a value: where its bytes lie, and by what archive and member are known again.

Nothing here opens an archive (``archives`` does), and nothing here knows what a member is good for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum


class Packing(Enum):
    """Packing of a member's bytes in its archive."""

    STORED = "stored"
    DEFLATED = "deflated"
    BZIPPED = "bzip2"
    LZMA = "lzma"
    TAPE = "tar"
    """A stretch of a tar file that lies in the archive as it is."""
    ZIPPED_TAPE = "tar, gzip"
    """A stretch of a tar file that is compressed as a whole."""


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """A regular file inside an archive.

    ``archive`` is the archive's absolute path, ``archive_size`` and ``archive_mtime_ns`` how it was when its directory
    was read.  ``at`` is where the member begins: its own header in a zip, its first byte in a tar (of the unpacked one
    where it is compressed).  ``packed`` is the number of bytes that it takes there, ``size`` that of its content,
    ``crc`` the CRC-32 of the content.  ``mtime_ns`` is the modification time that the archive gives it.
    """

    archive: str
    archive_size: int
    archive_mtime_ns: int
    at: int
    packed: int
    size: int
    crc: int
    mtime_ns: int
    packing: Packing

    @property
    def identity(self) -> int:
        """A number that is another one as soon as the archive or the member is; it does not depend on their names."""
        told = (self.archive_size, self.archive_mtime_ns, self.at, self.packed, self.size, self.crc, self.mtime_ns)
        digest = hashlib.blake2b(repr(told).encode("ascii"), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1
