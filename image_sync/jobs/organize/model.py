"""Values of *organize*: what a scan leaves to be reviewed."""

from __future__ import annotations

from dataclasses import dataclass, field

from image_sync.base.model import Group, Match, Picture, Plan, Problem
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions


@dataclass(frozen=True, slots=True)
class OrganizeReview:
    """Review that a scan for *organize* leaves: pictures, their groups, and the plan that follows from them.

    ``matches`` are all that were found and stood the second look; ``left_out`` counts those among them that ended in no
    group since groups never chain, and ``parted`` are the closest of those.  ``contents`` are the catalog's rows of the
    pictures' contents.  ``notes`` are those of the scan.  ``partial`` is the share of the pictures that were read (1.0
    unless the scan was stopped).
    ``decisions`` are the user's, which groups and plan heed;
    ``undecided`` are the groups as they were before.
    """

    request: OrganizeRequest
    pictures: tuple[Picture, ...]
    groups: tuple[Group, ...]
    plan: Plan
    left_out: int = 0
    parted: tuple[Match, ...] = ()
    partial: float = 1.0
    problems: tuple[Problem, ...] = ()
    matches: tuple[Match, ...] = ()
    contents: tuple[int | None, ...] = ()
    notes: tuple[str, ...] = ()
    decisions: Decisions = field(default_factory=Decisions)
    undecided: tuple[Group, ...] = ()

    @property
    def shots(self) -> int:
        """The number of pictures, a RAW file and the picture of its shot being one unless they are told apart."""
        if self.request.handling is Handling.LINK_EXACT:
            return len(self.pictures)
        return sum(not picture.half_of for picture in self.pictures)
