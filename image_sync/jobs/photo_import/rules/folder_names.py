"""Meaning of a folder's name for the pictures in it: a date, a description, or both.

``read_folder`` takes the folder of a picture relative to the input (``2004/03-05 Picnic/Swimming``) apart.  It is pure:
it never looks at the disk and knows nothing of the pictures themselves.  The library's own forms are read back to what
they were made from, which is what makes a second import of a library change nothing (``target`` makes them).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from image_sync.base import paths
from image_sync.jobs.photo_import.request import DEFAULT_IGNORED, DEFAULT_PREFIX
from image_sync.jobs.photo_import.rules.albums import is_album, is_untitled
from image_sync.jobs.photo_import.rules.folder_dates import DAY, TRIMMED, Stated, stated_dates
from image_sync.jobs.photo_import.rules.program_folders import (
    date_of_program,
    is_program_folder,
    tells_of_a_copy,
    words_beside_copy,
)
from image_sync.pictures.metadata.dates import PartialDate, believable
from image_sync.pictures.metadata.name_dates import UUID

__all__ = ["TRIMMED", "FolderName", "FolderRules", "SystemFolder", "read_folder"]


class SystemFolder(Enum):
    """The folders directly below the output that the program keeps for itself; their names begin with its prefix."""

    DUPLICATES = "Duplicates"
    MOVIES = "ImageMovies"
    MIGRATED = "Migrated"
    UNDATED = "NoDate"
    SMALL = "Small"


@dataclass(frozen=True, slots=True)
class FolderRules:
    """Settings of how folder names are read and made.

    ``prefix`` begins the names of the system folders.  ``ignored`` are folder names that describe nothing (case does
    not matter).  ``flat_dates`` makes ``2004/Picnic`` of what is ``2004/03-05 Picnic`` otherwise.  ``albums`` takes
    the names of a Takeout's albums for descriptions.  ``latest_year`` is the last year that a name may mean; ``None``
    for the year after this one.
    """

    prefix: str = DEFAULT_PREFIX
    ignored: tuple[str, ...] = DEFAULT_IGNORED
    flat_dates: bool = False
    albums: bool = False
    latest_year: int | None = None

    def system_name(self, folder: SystemFolder) -> str:
        """Name of ``folder``."""
        return f"{self.prefix}_{folder.value}"

    def system_folder(self, name: str) -> SystemFolder | None:
        """System folder that is called ``name``; ``None`` for an ordinary one.  Case does not matter."""
        return _system_names(self.prefix).get(paths.folded(name))

    def describes_nothing(self, name: str) -> bool:
        """Whether the user told that ``name`` is no description."""
        return paths.folded(name) in _folded_words(self.ignored)


@lru_cache(maxsize=64)
def _system_names(prefix: str) -> dict[str, SystemFolder]:
    return {paths.folded(f"{prefix}_{folder.value}"): folder for folder in SystemFolder}


@lru_cache(maxsize=64)
def _folded_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(paths.folded, words))


@dataclass(frozen=True, slots=True)
class FolderName:
    """Meaning of a name: the date (``None`` when there is none) and the levels of description, outermost first.

    ``undated`` says that the folder lies in the library's folder for pictures without a date.  ``program_date`` is what
    a folder states that a program made; it serves only pictures that have no other.  ``range`` says that the date is
    the first of several days: no picture need be of that one.
    """

    date: PartialDate | None = None
    levels: tuple[str, ...] = ()
    undated: bool = False
    program_date: PartialDate | None = None
    range: bool = False


def read_folder(relative: str, rules: FolderRules | None = None) -> FolderName:
    """Take the folder ``relative`` apart; an empty string is the input folder itself.

    The most exact date of the path counts, of equals the deepest; within one name the first.  Only that one is left out
    of the description, and what repeats it.
    """
    return _read(relative, rules or FolderRules())


@lru_cache(maxsize=1 << 16)
def _read(relative: str, rules: FolderRules) -> FolderName:
    names = paths.components(relative)
    befores = ("", *names)
    silent = [
        _is_silent(name, before, rules) or _is_mere_album(name, before, rules)
        for before, name in zip(befores, names, strict=False)
    ]
    readable = ["" if skip else name for name, skip in zip(names, silent, strict=True)]
    found = tuple(stated_dates("/".join(map(_searchable, readable)), rules.latest_year))
    without = _without_copies(readable, found, rules)
    if without != readable:
        readable = without
        found = tuple(stated_dates("/".join(map(_searchable, readable)), rules.latest_year))
    used = _used(readable, found)
    levels = _levels(readable, found, used, rules)
    undated = any(rules.system_folder(name) is SystemFolder.UNDATED for name in names)
    made = [day for before, name in zip(befores, names, strict=False) if (day := _date_of_program(name, before, rules))]
    return FolderName(
        used.date if used else None,
        levels,
        undated,
        made[-1] if made and not used else None,
        used is not None and _is_range(levels, used, rules),
    )


def _is_mere_album(name: str, before: str, rules: FolderRules) -> bool:
    """Whether a folder is an album whose name is not wanted, or none."""
    return is_album(name, before) and (not rules.albums or is_untitled(name))


def _date_of_program(name: str, before: str, rules: FolderRules) -> PartialDate | None:
    """The date that a folder states which describes nothing: a program's, or an album's that is not wanted."""
    if not _is_mere_album(name, before, rules):
        return date_of_program(name, before)
    stated = stated_dates(_searchable(name), rules.latest_year)
    return max((one.date for one in stated), key=lambda day: day.parts, default=None)


def _spans(names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Span of each name in the joined path."""
    start = 0
    for name in names:
        yield start, start + len(name)
        start += len(name) + 1


def _depth(names: Iterable[str], stated: Stated) -> int:
    """The number of the name in which a date ends."""
    return next(place for place, (_, last) in enumerate(_spans(names)) if stated.end <= last)


def _used(names: Sequence[str], found: Sequence[Stated]) -> Stated | None:
    """The date that counts: the most exact one; of equals that in the library's own form, the deepest, the first."""
    own = _OWN_FORM.match("/".join(names))

    def rank(stated: Stated) -> tuple[int, bool, int, int]:
        is_own = own is not None and stated.start < own.end() and stated.end > own.end(1)
        return stated.date.parts, is_own, _depth(names, stated), -stated.start

    return max(found, key=rank, default=None)


def _is_range(levels: Iterable[str], used: Stated, rules: FolderRules) -> bool:
    """Whether the used date is one of several days: it begins a range, or the description states another one."""
    if used.range or used.date.parts < DAY:
        return used.range
    others = (stated.date for level in levels for stated in stated_dates(_searchable(level), rules.latest_year))
    return any(day.parts == DAY and day != used.date for day in others)


# --- copies -----------------------------------------------------------------------------------------------------------


def _without_copies(names: Sequence[str], found: Sequence[Stated], rules: FolderRules) -> list[str]:
    """The names; of each that has a date of its own which says when its files were copied, only what else it says."""
    result = []
    for before, name, (first, last) in zip(("", *names), names, _spans(names), strict=False):
        own = _OWN_COMMA.match(f"{before}/{name}")
        dated = not own and any(first <= stated.start and stated.end <= last for stated in found)
        result.append(_of_copy(name, rules) if dated and tells_of_a_copy(name) else name)
    return result


def _of_copy(name: str, rules: FolderRules) -> str:
    """Words of a copy's name besides that it is one, and when it was made."""
    dates = list(stated_dates(_searchable(name), rules.latest_year))
    pieces, position = [], 0
    for stated in dates:
        pieces.append(name[position : stated.start])
        position = stated.end
    return words_beside_copy([*pieces, name[position:]])


# --- descriptions ---------------------------------------------------------------------------------------------------

_YEAR = re.compile(r"[0-9]{4}(?![0-9])")
_TIME_OF_DAY = re.compile(r"[0-2][0-9][-.:_h][0-5][0-9]")
_OWN_FORM = re.compile(r"/*([0-9]{4})/(?:[0-9]{2}(?:-[0-9]{2})?[ ,]|\1, )")
"""How the library's own folders begin: ``2004/03-05 Picnic``, ``2004/2004, 12 Monkeys``."""
_OWN_COMMA = re.compile(r"([0-9]{4})/(?:[0-9]{2}(?:-[0-9]{2})?|\1), ")
"""The form in which a description stands that would mean something else without the comma: ``2004/2004, Backup``."""
_TOKEN = re.compile(r"[0-9A-Za-z_+=-]{22}")
"""A UUID in base 64, as some import programs name folders; a description of that length has a space, or bad luck."""
_DATED_TOKEN = re.compile(
    r"[0-9]{4}(?:[-_][0-9]{1,2}){0,2}[-_]|[0-9]{8}[-_]|.*[-_][0-9]{4}(?:[-_][0-9]{1,2}){0,2}$|.*[-_][0-9]{8}$"
)
_CAMERA = re.compile(r"[1-9][0-9]{2}[0-9A-Z_]{5}")
"""The folders of the Design rule for Camera File system: 100-999 and five characters (``100CANON``, ``103_FUJI``)."""
_LOWER_CAMERA = re.compile(
    r"[1-9][0-9]{2}(?:canon|nikon|ncd[0-9]{2}|olymp|_fuji|_pana|msdcf|casio|pentx|sssss|ssccs|apple|andro|media|gopro|kc[0-9]{3})"
)
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}")


def _is_silent(name: str, before: str, rules: FolderRules) -> bool:
    """Whether the whole component says nothing, not even a date."""
    if rules.system_folder(name) or rules.describes_nothing(name):
        return True
    if _TOKEN.fullmatch(name) and not _DATED_TOKEN.match(name):
        return True
    return _is_camera_folder(name, before)


def _is_camera_folder(name: str, before: str) -> bool:
    if is_program_folder(name, before):
        return True
    if name.isdigit() or (_YEAR.match(name) and believable(int(name[:4]))):
        return False  # "20040305" and "2004TRIP" have the shape of a camera's folder, but say a date
    return bool(_CAMERA.fullmatch(name) or _LOWER_CAMERA.fullmatch(name))


def _searchable(name: str) -> str:
    """``name`` with what may hold no date blanked out, position by position."""
    return UUID.sub(lambda match: "?" * len(match[0]), name)


def _levels(names: Sequence[str], found: Sequence[Stated], used: Stated | None, rules: FolderRules) -> tuple[str, ...]:
    levels: dict[str, str] = {}
    for first, last in _spans(names):
        name = "/".join(names)[first:last]
        inside = [stated for stated in found if stated.start < last and stated.end > first]
        level = _level(name, first, inside, used)
        if level and not _is_empty(level, rules):
            levels.setdefault(paths.folded(level), level)
    return tuple(levels.values())


def _level(name: str, start: int, inside: Sequence[Stated], used: Stated | None) -> str:
    """Description of a name: without the date that is used, without one that only repeats it less exactly, and
    nothing when it is all dates."""
    if used is not None and used in inside:
        rest = _without(name, start, [stated for stated in inside if stated is used])
        return "" if used.date.parts == DAY and _TIME_OF_DAY.fullmatch(rest) else rest
    if inside and not _without(name, start, [replace(stated, left="") for stated in inside]):
        return ""
    repeating = [stated for stated in inside if used and used.date.cut(stated.date.parts) == stated.date]
    return _without(name, start, repeating)


def _without(name: str, start: int, dates: Iterable[Stated]) -> str:
    """``name``, which begins at ``start``, without some dates, which may reach over its ends; the pieces joined by a
    space."""
    pieces, position, left = [], 0, ""
    for stated in dates:
        first, last = stated.start - start, stated.end - start
        pieces.append(name[position : max(first, 0)].strip(TRIMMED + ",;"))
        position = min(last, len(name))
        left = stated.left if last <= len(name) else ""
        pieces.append(left)
    if not pieces:
        return name.strip(TRIMMED)
    pieces.append(name[position:].strip(TRIMMED + ",;"))
    rest = _EMPTY_BRACKETS.sub("", " ".join(filter(None, pieces))).rstrip(TRIMMED)
    return rest if left and rest.startswith(left) else rest.lstrip(TRIMMED)


def _is_empty(level: str, rules: FolderRules) -> bool:
    """Whether what is left of a component describes nothing."""
    if level.isascii() and level.isdigit():
        return True
    if _TOKEN.fullmatch(level) or _is_camera_folder(level, ""):
        return True
    return rules.describes_nothing(level) or rules.system_folder(level) is not None
