"""RAW+JPEG: the two halves of one shot, as a camera stores them side by side, told by their names.

Judged within one folder, whatever the case; no file is opened.
"""

from __future__ import annotations

from collections.abc import Iterable

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord
from image_sync.pictures.formats import HEIF, JPEG

_HALVES = (JPEG, HEIF)
"""The kinds that a camera stores beside a RAW file, most likely first; another picture of its name was made later."""


def halves(pictures: Iterable[FileRecord]) -> dict[FileRecord, FileRecord]:
    """The other half of each RAW file that has one."""
    records = sorted(pictures, key=lambda record: record.relative)
    raws = [record for record in records if record.kind is FileKind.RAW]
    if not raws:
        return {}
    found: dict[tuple[str, str, str], FileRecord] = {}
    for suffixes in _HALVES:
        for record in records:
            if record.kind is FileKind.PICTURE and paths.suffix(record.name) in suffixes:
                found.setdefault(_place(record), record)
    return {raw: found[_place(raw)] for raw in raws if _place(raw) in found}


def _place(record: FileRecord) -> tuple[str, str, str]:
    return record.root, record.folder, paths.folded(paths.stem(record.name))
