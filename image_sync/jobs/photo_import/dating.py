"""Capture dates of an input's pictures and movies: what is remembered is not read again.

Units are dated in the pool, some dozens at a time since one takes less than a thousandth of a second.  The work that is
handed there is a pure, picklable function of paths.  A file that can't be read is a Problem of its unit; it stays.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from image_sync.archives.opening import open_binary
from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.events import Stage
from image_sync.base.model import FileKind, FileRecord, Problem
from image_sync.base.progress import Reporter
from image_sync.inventory.context import RunContext
from image_sync.inventory.pool import in_pool
from image_sync.jobs.photo_import.model import Arrival
from image_sync.jobs.photo_import.registry import Dated, Recalled, Registry
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.pictures.errors import in_words
from image_sync.pictures.formats import SIDECARS
from image_sync.pictures.metadata import capture_date, movie_dates
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource
from image_sync.pictures.metadata.dates import Moment
from image_sync.pictures.metadata.reading import Window

VERSION = 4
"""Raised whenever the same files would give another date: what is remembered of older ones is void then."""
TOGETHER = 32
"""Units that are handed to the pool as one piece of work."""
STORED_TOGETHER = 2048
WHAT = "can't be imported"
_RANK = {source: rank for rank, source in enumerate(DateSource)}
_PICTURES = (FileKind.PICTURE, FileKind.RAW)


@dataclass(frozen=True, slots=True)
class Task:
    """One unit to be dated: its pictures and movies (path, kind, size), the first first, and its sidecars."""

    files: tuple[tuple[str, FileKind, int], ...]
    sidecars: tuple[str, ...]
    zone: str | None
    use_mtime: bool
    listed: Moment | None = None


Piece = list[tuple[int, Task]]
"""Units that are dated together, each with its place among the arrivals."""


class Found(NamedTuple):
    """A unit as it was found, before anything was read of it; the fields are those of ``Arrival``."""

    record: FileRecord
    companions: tuple[FileRecord, ...]
    folder: str
    inside: bool
    aside: bool
    lent: tuple[FileRecord, ...] = ()
    """Sidecars of others that tell of it too: an edited copy has none of its own in a Takeout."""
    listed: Moment | None = None
    """When the list of an export says that it was taken."""


def date_all(
    units: Sequence[Found],
    encoded: Sequence[bytes],
    request: ImportRequest,
    registry: Registry,
    recalled: Recalled,
    context: RunContext,
) -> list[Arrival]:
    """The units with their dates, in their order; ``encoded`` are the paths of their pictures.

    Raises ``Stopped``; what was read by then is remembered.
    """
    reporter = context.reporter
    reporter.stage(Stage.MEASURE, len(units))
    dating = _Dating(units, encoded, request, registry, recalled)
    try:
        for piece, answers in in_pool(context, dated_together, dating.pieces(reporter)):
            for (place, _), (found, problem) in zip(piece, answers, strict=True):
                dating.take(place, found, problem)
                reporter.advance(1, 0, units[place].record.path)
    finally:
        dating.store()
    reporter.flush()
    return dating.arrivals()


class _Dating:
    """Dating of an input: what is remembered, what has to be read, and what of that is to be remembered."""

    def __init__(
        self,
        units: Sequence[Found],
        encoded: Sequence[bytes],
        request: ImportRequest,
        registry: Registry,
        recalled: Recalled,
    ) -> None:
        self._units, self._encoded = units, encoded
        self._request, self._registry, self._recalled = request, registry, recalled
        self._plain = basis_of(request, ())
        self._fresh: list[tuple[bytes, FileRecord, int, Dated]] = []
        self._zone = request.zone or None
        self._arrivals: list[Arrival | None] = [None] * len(units)

    def arrivals(self) -> list[Arrival]:
        """All units, dated."""
        return [arrival for arrival in self._arrivals if arrival is not None]

    def _task(self, unit: Found) -> Task:
        files = (unit.record, *unit.companions)
        content = [record for record in files if record.kind in (*_PICTURES, FileKind.MOVIE)]
        return Task(
            tuple((record.path, record.kind, record.size) for record in content),
            tuple(one.path for one in (*unit.companions, *unit.lent) if paths.suffix(one.name) in SIDECARS),
            self._zone,
            self._request.use_mtime,
            unit.listed,
        )

    def pieces(self, reporter: Reporter) -> Iterator[Piece]:
        """Pieces of what has to be read; what is remembered is taken at once."""
        piece: Piece = []
        known = 0
        settled = self._recalled.settled
        for place, unit in enumerate(self._units):
            path = self._encoded[place]
            remembered = self._recalled.date_of(path, unit.record, self._basis(unit))
            if remembered is not None:
                here = bool(settled) and self._recalled.is_settled(path, unit.record)
                self._arrivals[place] = _arrival(unit, remembered, here)
                known += 1
                continue
            piece.append((place, self._task(unit)))
            if len(piece) >= TOGETHER:
                yield piece
                piece = []
        reporter.advance(known)
        if piece:
            yield piece

    def _basis(self, unit: Found) -> int:
        others = (*unit.companions, *unit.lent)
        return basis_of(self._request, others, unit.listed) if others or unit.listed else self._plain

    def take(self, place: int, found: Dated, problem: Problem | None) -> None:
        """Take in what was read of a unit."""
        unit, path = self._units[place], self._encoded[place]
        settled = self._recalled.is_settled(path, unit.record)
        self._arrivals[place] = _arrival(unit, found, settled, problem)
        if problem is None:
            self._fresh.append((path, unit.record, self._basis(unit), found))
            if len(self._fresh) >= STORED_TOGETHER:
                self.store()

    def store(self) -> None:
        """Hand what is fresh to the registry."""
        fresh, self._fresh = self._fresh, []
        self._registry.remember_dates(fresh)


def _arrival(unit: Found, found: Dated, settled: bool, problem: Problem | None = None) -> Arrival:
    record, companions, folder, inside, aside, _, _ = unit
    captured, doubt, names = found
    if names == (record.name,):
        dateless: tuple[tuple[FileRecord, str | None], ...] = ((record, None),)
    else:
        dateless = tuple((one, None) for one in (record, *companions) if one.name in names) if names else ()
    return Arrival(
        record, companions, folder, inside, captured, 0, 0, doubt, dateless, problem, settled, aside, compared=False
    )


def basis_of(request: ImportRequest, companions: Iterable[FileRecord], listed: Moment | None = None) -> int:
    """A number for all that a date follows from besides the file itself."""
    digest = hashlib.blake2b(f"{VERSION} {request.zone} {request.use_mtime}".encode(), digest_size=7)
    for record in companions:
        digest.update(os.fsencode(record.name) + f"/{record.size}/{record.change_key}".encode())
    if listed is not None:
        digest.update(listed.when.isoformat().encode())
    return int.from_bytes(digest.digest(), "big")


# --- one unit, in the pool --------------------------------------------------------------------------------------------


def dated_together(piece: Piece) -> list[tuple[Dated, Problem | None]]:
    """Read the dates of some units."""
    return [dated(task) for _, task in piece]


def dated(task: Task) -> tuple[Dated, Problem | None]:
    """Read the date of one unit: the best that any of its pictures, or its movies, or its sidecars, state.

    Never raises for a bad file: the problem is part of the answer.
    """
    first, kind, size = task.files[0]
    try:
        if size == 0:
            return Dated(), Problem(first, WHAT, "the file is empty", "it stays where it is")
        if kind is FileKind.MOVIE and _ends_early(first):
            return Dated(), Problem(first, WHAT, "damaged: the movie ends early", "it stays where it is")
        found = {path: _date_of(path, task) for path, _, _ in task.files}
        known = [(_trust(captured, kind), captured) for path, kind, _ in task.files if (captured := found[path])]
        captured = min(known, key=lambda one: one[0])[1] if known else None
        dateless = [
            paths.name(path) for path, kind, _ in task.files if kind in _PICTURES and _states_none(path, found[path])
        ]
        doubt = capture_date.doubtful_date(first) if not (captured and captured.source.is_inside) else ""
        return Dated(captured, doubt, tuple(dateless)), None
    except OSError as error:
        return Dated(), Problem(first, WHAT, reason(error), "it stays where it is; try again when it can be read")
    except Exception as error:
        return Dated(), replace(in_words(first, error), what=WHAT)


def _date_of(path: str, task: Task) -> CaptureDate | None:
    return capture_date.capture_date(
        path, sidecars=task.sidecars, zone=task.zone, use_mtime=task.use_mtime, listed=task.listed
    )


def _trust(captured: CaptureDate, kind: FileKind) -> tuple[bool, bool, int]:
    """The smaller, the more a date counts.  That of a movie counts where its pictures have none, whatever states it:
    the movie may go its own way, and they must stay where they are without it."""
    last = captured.source is DateSource.MODIFICATION_TIME
    return last, kind is FileKind.MOVIE, _RANK[captured.source]


def _states_none(path: str, captured: CaptureDate | None) -> bool:
    """Whether a picture itself says nothing of its date, nor an XMP sidecar for it."""
    if captured is None:
        return True
    if captured.source.is_inside or captured.source is DateSource.XMP_SIDECAR:
        return False
    return capture_date.capture_date(path, use_name=False) is None  # its weaker date is not overwritten


def _ends_early(path: str) -> bool:
    with open_binary(path) as stream:
        return movie_dates.ends_early(Window.of_stream(stream))
