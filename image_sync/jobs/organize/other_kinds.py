"""Files that are pictures of kinds which are not read, or have no suffix: they are left alone, and counted in a note.

Nobody should take a folder for looked through when a half of it was not.  Only files without a suffix are opened, for
their first bytes.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator

from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.model import FileKind, Stamp
from image_sync.inventory.scan import Filter, Listing
from image_sync.jobs.organize.rules.reasons import Noted
from image_sync.pictures.formats import UNREAD_PICTURES

MOST_OPENED = 2_000
"""Files without a suffix whose first bytes are read: folders of programs hold a hundred thousand."""
NO_SUFFIX = ""
_FIRST_BYTES = 32
"""Bytes that tell the format, as ``known_format`` asks for."""
_SHOWN = 6


def other_kinds(listing: Listing, wanted: Filter, control: Control) -> Counter[str]:
    """The number of such files by their suffix, of those that ``wanted`` would take if they were pictures.

    Raises ``Stopped``.
    """
    found: Counter[str] = Counter()
    opened = 0
    for relative in listing.others:
        control.checkpoint()
        name = paths.name(relative)
        suffix = paths.suffix(name)
        if name.startswith(".") or (suffix not in UNREAD_PICTURES and suffix != NO_SUFFIX):
            continue
        stamp = _stamp(paths.join(listing.root, relative))
        if stamp is None or not wanted.takes_file(relative, name, stamp, FileKind.PICTURE):
            continue
        if suffix == NO_SUFFIX:
            opened += 1
            if opened > MOST_OPENED or not _is_picture(paths.join(listing.root, relative)):
                continue
        found[suffix] += 1
    return found


def _stamp(path: str) -> Stamp | None:
    """Size and time of a regular file; ``None`` for anything else."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


def _is_picture(path: str) -> bool:
    from image_sync.pictures.identify import known_format

    try:
        with open(path, "rb") as stream:
            return known_format(stream.read(_FIRST_BYTES)) is not None
    except OSError:
        return False


def in_words(found: Counter[str]) -> Iterator[str]:
    """The note, where there are any."""
    if not found:
        return
    kinds = [_kind(suffix, count) for suffix, count in found.most_common(_SHOWN)]
    if len(found) > _SHOWN:
        kinds.append(Noted.MORE_KINDS(count=len(found) - _SHOWN))
    yield Noted.OTHER_KINDS(count=found.total(), kinds=tuple(kinds))


def _kind(suffix: str, count: int) -> str:
    return Noted.KIND(suffix=suffix, count=count) if suffix else Noted.WITHOUT_SUFFIX(count=count)
