"""Filters of files that all jobs share: their options, declared once, and the narrowing of a scan that they mean.

A request has them by being a ``FileFilters``.  How a job heeds them is its own: organize and import scan no other
files, sync leaves alone on both sides what is left out on one.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from image_sync.base import paths
from image_sync.base.options import N_, Kind, Option, Place, option
from image_sync.base.said import Size, few, said_by
from image_sync.base.words import DAY_S, SECOND_NS
from image_sync.inventory.kind_words import UnknownKind, suffixes_of
from image_sync.inventory.narrowing import Narrowing
from image_sync.jobs.reasons import Filtering
from image_sync.jobs.transfer import LEAVE_OUT

FILTERS = "only some of the files"
_AGES = {"h": 3600, "d": DAY_S, "w": 7 * DAY_S, "y": 365 * DAY_S}
_AGE = re.compile(r"(\d{1,6})\s*([hdwy])", re.ASCII)

MINIMUM_SIZE = Option(
    kind=Kind.SIZE,
    group=FILTERS,
    flag="--min-size",
    metavar="SIZE",
    help="no smaller files: 500, 5k, 2MB",
    again=LEAVE_OUT,
)
_MAXIMUM_SIZE = Option(
    kind=Kind.SIZE,
    group=FILTERS,
    flag="--max-size",
    metavar="SIZE",
    help="no larger files: 500, 5k, 2MB",
    again=LEAVE_OUT,
)
_NEWER = Option(
    kind=Kind.TEXT,
    group=FILTERS,
    flag="--newer",
    metavar="WHEN",
    help="files changed since then: a day (2024-01-31), a moment (2024-01-31T18:00) or an age (12h, 7d, 2w, 1y)",
    words=N_("Changed since"),
    meaning=N_("A day such as 2024-01-31, or an age such as 12h, 7d, 2w, 1y. Other files stay as they are."),
    place=Place.RARE,
    width=12,
    again=LEAVE_OUT,
)
_OLDER = Option(
    kind=Kind.TEXT,
    group=FILTERS,
    flag="--older",
    metavar="WHEN",
    help="files changed before then, written likewise",
    words=N_("Changed before"),
    meaning=N_("A day such as 2024-01-31, or an age such as 12h, 7d, 2w, 1y. Other files stay as they are."),
    place=Place.RARE,
    width=12,
    again=LEAVE_OUT,
)
_KINDS = Option(
    kind=Kind.NAMES,
    group=FILTERS,
    flag="--kinds",
    metavar="KINDS",
    help="files of these kinds: picture, raw, jpeg, heic, movie, sidecar … or suffixes, as raw,heic",
    words=N_("Kinds"),
    meaning=N_("Such as raw, heic, jpeg, movie. Other files stay as they are."),
    place=Place.RARE,
    width=14,
    again=LEAVE_OUT,
)
_DEPTH = Option(
    kind=Kind.LIMIT,
    group=FILTERS,
    flag="--depth",
    metavar="N",
    help="no more than N folders deep; 1 is the folder itself",
    unit="folders",
    again=LEAVE_OUT,
)
_HIDDEN = Option(
    kind=Kind.SWITCH,
    group=FILTERS,
    flag="--hidden",
    help="also files and folders whose names begin with a dot (default: yes)",
    again=LEAVE_OUT,
)
_FILES = Option(
    kind=Kind.LISTED,
    group=FILTERS,
    flag="--files-from",
    metavar="FILE",
    help="files that FILE lists, one a line; - for the standard input, -0 for null bytes between them",
    again=LEAVE_OUT,
    remembered=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFilters:
    """Choice of files.

    ``maximum_size`` is in bytes, 0 for any.  ``newer`` and ``older`` are moments or ages as they were typed, told from
    when the scan begins; they speak of the time at which a file was changed.  ``only_kinds`` are words for kinds and
    suffixes.  ``depth`` counts folders, 0 for any.  ``files`` are the only ones that count, by
    their absolute paths; ``None`` for all.
    """

    maximum_size: int = option(0, _MAXIMUM_SIZE)
    newer: str = option("", _NEWER)
    older: str = option("", _OLDER)
    only_kinds: tuple[str, ...] = option((), _KINDS)
    depth: int = option(0, _DEPTH)
    hidden: bool = option(True, _HIDDEN)
    files: tuple[str, ...] | None = option(None, _FILES)

    @property
    def by_stamp(self) -> bool:
        """Whether size or time of a file say whether it counts."""
        return bool(self.maximum_size or self.newer or self.older or getattr(self, "minimum_size", 0))


def mistakes(filters: FileFilters) -> dict[str, str]:
    """Mistakes of the filters, in words, by the name of their field."""
    wrong = {}
    for field in ("newer", "older"):
        try:
            moment(getattr(filters, field), 0.0)
        except ValueError as error:
            wrong[field] = said_by(error)
    try:
        suffixes_of(filters.only_kinds)
    except UnknownKind as error:
        wrong["only_kinds"] = said_by(error)
    least, most = getattr(filters, "minimum_size", 0), filters.maximum_size
    if least < 0 or most < 0:
        wrong["maximum_size"] = Filtering.NO_SIZE()
    elif most and least > most:
        wrong["maximum_size"] = Filtering.NO_RANGE(least=Size(least), most=Size(most))
    if filters.depth < 0:
        wrong["depth"] = Filtering.NO_DEPTH()
    return wrong


def moment(text: str, now: float) -> int | None:
    """The moment that is meant, in nanoseconds since 1970; an age counts back from ``now`` (seconds since 1970).

    ``None`` for an empty text.  Raises ``ValueError`` with a sentence.
    """
    typed = text.strip()
    if not typed:
        return None
    if age := _AGE.fullmatch(typed.lower()):
        return round((now - int(age[1]) * _AGES[age[2]]) * SECOND_NS)
    try:
        return round(datetime.fromisoformat(typed).timestamp() * SECOND_NS)
    except (ValueError, OverflowError, OSError):
        raise ValueError(Filtering.NO_TIME(typed=paths.display(typed))) from None


def narrowing(filters: FileFilters, roots: Iterable[str]) -> Narrowing:
    """Narrowing of a scan that begins now; listed files count below any of the ``roots``, which are real paths."""
    now = time.time()
    return Narrowing(
        minimum_size=getattr(filters, "minimum_size", 0),
        maximum_size=filters.maximum_size,
        newer_ns=moment(filters.newer, now),
        older_ns=moment(filters.older, now),
        depth=filters.depth,
        hidden=filters.hidden,
        suffixes=suffixes_of(filters.only_kinds),
        only=None if filters.files is None else frozenset(_below(filters.files, roots)),
    )


def outside(filters: FileFilters, roots: Iterable[str]) -> tuple[str, ...]:
    """A note on listed files that lie in none of the folders, where there are any."""
    known = tuple(roots)
    files = filters.files or ()
    located = zip(files, _real(files), strict=True)
    found = [path for path, real in located if not any(paths.is_inside(real, root) for root in known)]
    if not found:
        return ()
    return (Filtering.ELSEWHERE(count=len(found), names=few(map(paths.display, found))),)


def _below(files: Iterable[str], roots: Iterable[str]) -> Iterable[str]:
    """The listed files by their paths below the roots that hold them."""
    starts = [root.rstrip(paths.SEPARATOR) + paths.SEPARATOR for root in roots]
    for path in _real(files):
        yield from (path[len(start) :] for start in starts if path.startswith(start))


def _real(files: Iterable[str]) -> Iterable[str]:
    """Absolute paths, with the links on the way to the files resolved."""
    known: dict[str, str] = {}
    for path in files:
        folder, name = os.path.split(path)
        if folder not in known:
            known[folder] = os.path.realpath(folder)
        yield os.path.join(known[folder], name)
