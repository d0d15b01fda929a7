"""Search for similar pictures in any folders and files, without a plan: nothing is to be moved.

It goes the stages of an *organize* scan; what is found and how it is grouped is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from image_sync.base.events import Stage
from image_sync.base.model import Problem, Refused, Sameness
from image_sync.inventory.context import RunContext
from image_sync.inventory.measuring import Measurer
from image_sync.jobs.organize.checks import wrong_threshold
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.places import Places
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.organize.review import grouped
from image_sync.jobs.organize.rules.one_file import one_per_file
from image_sync.jobs.organize.scan import OrganizeScan


@dataclass(frozen=True, slots=True)
class SimilarPicture:
    """One picture of a group: its path, in which way it is the same as the best of the group, and how similar (0-1)."""

    path: str
    sameness: Sameness
    score: float


@dataclass(frozen=True, slots=True)
class SimilarGroup:
    """Pictures that are the same as the best of them, which is ``pictures[0]``; ``why_best`` says why it is."""

    pictures: tuple[SimilarPicture, ...]
    why_best: str


@dataclass(frozen=True, slots=True)
class Similar:
    """Outcome of a search: the ``groups``, how many pictures were compared, and what could not be read."""

    groups: tuple[SimilarGroup, ...]
    pictures: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


class SimilarScan(OrganizeScan):
    """One search in folders (with all below them) and files.  Raises ``Refused`` for a place that is not there."""

    def __init__(self, places: Sequence[str], request: OrganizeRequest, context: RunContext) -> None:
        self.request, self.context = request, context
        self.units, self.halves = [], {}
        self.measurer = Measurer(context)
        if wrong := wrong_threshold(request):
            raise Refused(wrong)
        self._places = Places(places, context)

    def similar(self) -> Similar:
        """All stages.  Raises ``Refused`` and ``Stopped``."""
        self._look()
        self._read()
        found = grouped(self._found(1.0, closely=True), self.request, self.context.catalog)
        groups = tuple(_group(found, number) for number in range(len(found.groups)))
        return Similar(groups, found.shots, self.context.reporter.problems, self.context.notes.texts)

    def _look(self) -> None:
        from image_sync.pictures.sidecars import attach

        self.context.reporter.stage(Stage.SCAN)
        units, _ = attach([found.record for found in self._places.files()])
        self.units, _names = one_per_file(units, ())
        self.context.reporter.flush()


def _group(found: OrganizeReview, number: int) -> SimilarGroup:
    group = found.groups[number]
    pictures = (
        SimilarPicture(found.pictures[member.picture].record.path, member.sameness, member.score)
        for member in group.members
    )
    return SimilarGroup(tuple(pictures), group.why_best)
