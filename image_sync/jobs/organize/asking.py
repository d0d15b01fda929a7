"""Matches of some pictures with many others: what *find* and *missing* ask, without a plan and without groups.

The stages are those of an *organize* scan, but only the pictures that are asked about are compared with all others.
What was measured of these is taken from the catalog, so a known library costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from image_sync.base.events import Stage
from image_sync.base.model import UNMEASURED, FileRecord, Match, Picture, Refused, Sameness
from image_sync.inventory.context import RunContext
from image_sync.inventory.measuring import Measurement, Measurer
from image_sync.jobs.organize.checks import wrong_threshold
from image_sync.jobs.organize.damage import damaged_among
from image_sync.jobs.organize.matches import Comparison
from image_sync.jobs.organize.request import Level, OrganizeRequest
from image_sync.jobs.organize.review import without_refused
from image_sync.matching.threshold import DEFAULT_THRESHOLD


@dataclass(frozen=True, slots=True)
class Compared:
    """Outcome of a comparison: the first ``asked`` of the ``pictures`` were asked about, and match others as
    ``matches`` tell.  ``unread`` are those of the files asked about that are no readable pictures."""

    pictures: tuple[Picture, ...]
    measured: tuple[Measurement, ...]
    asked: int
    matches: tuple[Match, ...]
    unread: tuple[Measurement, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Question about pictures, at a level of likeness and, from ``SAME_SHOT`` on, a threshold."""

    level: Level
    threshold: float = DEFAULT_THRESHOLD

    _STAGES: ClassVar = {Level.EXACT: 2, Level.PIXELS: 3, Level.SAME_SHOT: 5, Level.EDITED: 7}

    @property
    def stages(self) -> int:
        """The stages of finding the answer."""
        return self._STAGES[self.level]

    def compare(
        self, asked: Sequence[FileRecord], others: Iterable[FileRecord], context: RunContext, closely: bool = False
    ) -> Compared:
        """Measure all and match those ``asked`` about with all.  Raises ``Refused`` and ``Stopped``.

        ``closely`` looks for damage in what matches though its bytes differ: a damaged copy is one, and says so.
        """
        request = OrganizeRequest((), "", level=self.level, threshold=self.threshold)
        if wrong := wrong_threshold(request):
            raise Refused(wrong)
        measured = self._measured(asked, others, context)
        first = {_key(record) for record in asked}
        counted = [done for done in measured if self._counts(done)]
        # What is asked about comes first: of identical files the first one is compared for all of them.
        counted.sort(key=lambda done: _key(done.record) not in first)
        number = sum(_key(done.record) in first for done in counted)
        pictures = tuple(
            Picture(done.record, done.known.fingerprint or UNMEASURED, done.known.digest) for done in counted
        )
        comparison = Comparison(pictures, counted, request, context, range(number))
        rows = [done.known.content for done in counted]
        matches = without_refused(comparison.related(comparison.matches()), pictures, rows, context.catalog)
        if closely:
            pictures = damaged_among(pictures, _doubtful(matches), counted, context)
            matches = comparison.copies_though_damaged(matches, pictures)
        unread = (done for done in measured if not self._counts(done) and _key(done.record) in first)
        return Compared(pictures, tuple(counted), number, tuple(matches), tuple(unread))

    def _measured(
        self, asked: Sequence[FileRecord], others: Iterable[FileRecord], context: RunContext
    ) -> list[Measurement]:
        sizes = {record.size for record in asked}
        wanted = [*asked, *(record for record in others if self.level is not Level.EXACT or record.size in sizes)]
        context.reporter.stage(Stage.MEASURE, len(wanted), sum(record.size for record in wanted))
        measurer = Measurer(context)
        if self.level is Level.EXACT:
            measurer.measure_copies(wanted)
        else:
            measurer.measure(wanted)
        context.reporter.flush()
        return measurer.measurements

    def _counts(self, done: Measurement) -> bool:
        """Whether a file takes part: what is no readable picture does where bytes are all that is asked for."""
        return done.known.problem is None if self.level is Level.EXACT else done.known.fingerprint is not None


def _key(record: FileRecord) -> tuple[str, str]:
    """The file of a record; its path would have to be put together each time."""
    return record.root, record.relative


def _doubtful(matches: Iterable[Match]) -> list[int]:
    """The pictures that match one of other bytes."""
    others = (match for match in matches if match.sameness is not Sameness.IDENTICAL_FILE)
    return sorted({index for match in others for index in (match.first, match.second)})
