"""Looks of pictures that stand twice: from what was measured to the few figures that decide which of them is better.

They are judged as *organize* does: what a file holds beside its pixels, then the words of a person.  What a camera
wrote decides nothing here: a date that the library's copy lacks is no reason to move anything.
"""

from __future__ import annotations

from datetime import date

from image_sync.base.model import FileKind, FileRecord, Fingerprint, Picture
from image_sync.jobs.holdings import HOLDINGS
from image_sync.jobs.photo_import.contents import Contents
from image_sync.jobs.photo_import.model import Look

_NO_RECORD = FileRecord("", "", 0, 0, 0, 0, 0, 0, 0, FileKind.PICTURE)


def looks_of(contents: Contents) -> dict[str, Look]:
    """The looks of all pictures that show the same as others, by path."""
    known = ((path, contents.known.get(path)) for path in contents.numbers)
    return {path: _look(entry.fingerprint) for path, entry in known if entry and entry.fingerprint}


def _look(known: Fingerprint) -> Look:
    picture = Picture(_NO_RECORD, known)
    lacks = [int(criterion.judge(picture)) for criterion in HOLDINGS]
    return Look((*lacks, -known.extras.described.value.bit_count()), _day(known.captured))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
