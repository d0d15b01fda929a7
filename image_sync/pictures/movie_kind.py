"""Content of files whose suffix is that of a movie and of other files too: ``.ts`` is TypeScript as well.

A few bytes at the start tell a movie; nothing is decoded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from image_sync.archives.errors import ArchiveError
from image_sync.archives.opening import open_binary
from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord
from image_sync.pictures.formats import DOUBTFUL_MOVIES
from image_sync.pictures.metadata.containers import MOVIE_TYPES
from image_sync.pictures.metadata.other_movies import transport_prefix

_HEAD = 4 * 192
_PROGRAM_STREAM = (b"\0\0\1\xba", b"\0\0\1\xb3", b"\0\0\1\xe0")
_DV = b"\x1f\x07\0"


def with_kinds(records: Iterable[FileRecord]) -> list[FileRecord]:
    """The records; those that only their suffix makes a movie are of another kind.

    One that can't be read now stays a movie: whoever reads it has the problem.
    """
    return [_judged(record) if _is_doubtful(record) else record for record in records]


def _is_doubtful(record: FileRecord) -> bool:
    return record.kind is FileKind.MOVIE and paths.suffix(record.name) in DOUBTFUL_MOVIES


def _judged(record: FileRecord) -> FileRecord:
    try:
        with open_binary(record.path) as stream:
            head = stream.read(_HEAD)
    except (OSError, ArchiveError):
        return record
    return record if is_movie_content(head) else replace(record, kind=FileKind.OTHER)


def is_movie_content(head: bytes) -> bool:
    """Whether a file that begins with ``head`` is an MPEG, a QuickTime or a DV movie."""
    if head[:4] in _PROGRAM_STREAM or head[:3] == _DV or head[4:8] in MOVIE_TYPES:
        return True
    return transport_prefix(head) is not None
