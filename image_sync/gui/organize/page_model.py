"""The page *Organize* without its widgets: what was chosen, what was found, what runs, what may be pressed.

The way of the job is that of ``JobModel``; here is what a review of groups adds to it.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from image_sync.base.model import Picture
from image_sync.gui.job.confirm_model import Confirmation, confirmation, room
from image_sync.gui.job.model import JobModel
from image_sync.gui.job.port import EnginePort
from image_sync.gui.job.state import Part, State
from image_sync.gui.organize.form import OrganizeForm
from image_sync.gui.organize.rows import GroupsModel
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import NAME, OrganizeRequest


class OrganizeModel(JobModel[OrganizeForm, OrganizeRequest, OrganizeReview]):
    """The state of the page and everything that a person can do on it."""

    key = NAME
    found = OrganizeReview
    groups: GroupsModel | None = None

    def set_reference(self, name: str, on: bool) -> None:
        """Mark an input folder as one that is never changed."""
        self.form.field(name).reference = on
        self.options_changed()

    def not_a_match(self, group: int, picture: int | None) -> None:
        """Remember that a member is no match of the best of its group, and plan anew.

        Without a ``picture`` (the group itself is selected) a group of two says clearly enough which is meant.
        """
        if self.groups is None or not self.can_review:
            return
        members = self.groups.review.groups[group].members
        if picture is None or picture == members[0].picture:
            if len(members) != 2:
                self._say(_("Select the picture that does not belong to the best one of its group first."))
                return
            picture = members[1].picture
        best, other = self.groups.picture(members[0].picture), self.groups.picture(picture)
        self._plan_anew(partial(_refuse, best, other), key="")

    # --- what this job is ---

    def _make_form(self, preferences: Preferences) -> OrganizeForm:
        return OrganizeForm(preferences)

    @property
    def request(self) -> OrganizeRequest:
        """What is chosen now."""
        return self.form.request(self._memory.preferences)

    @property
    def review(self) -> OrganizeReview | None:
        """What is reviewed now."""
        return self.groups.review if self.groups is not None else None

    def _question(self) -> Callable[[], Confirmation]:
        assert self.review is not None
        review = self.review

        def question() -> Confirmation:
            space = room(review.plan, self._port.device, self._port.free_space)
            return confirmation(review.plan, space, review.partial, len(review.problems))

        return question

    def _stopped_words(self) -> str:
        return _("Stopped before anything was found.")

    def _forget(self) -> None:
        super()._forget()
        self.groups = None

    def _take_scan(self, review: OrganizeReview) -> None:
        self._take_review(review)
        self.state = State.REVIEW
        if self._scanned_for != self.request:
            self.options_changed()

    # --- plans that follow the choices ---

    def _follow(self) -> None:
        self._plan_anew(_nothing, key="plan")

    def _plan_anew(self, first: Callable[[EnginePort], None], key: str) -> None:
        scanned, request = self._scanned, self.request
        if scanned is None:
            return

        def work() -> OrganizeReview:
            engine = self._engine_link.engine
            first(engine)
            return engine.replan(scanned, request)

        def take(review: OrganizeReview) -> None:
            if self._scanned is scanned and self.state is State.REVIEW and request == self.request:
                self._take_review(review)
                self._tell(Part.STATE)

        self._replan(work, take, key)

    def _take_review(self, review: OrganizeReview) -> None:
        self.groups = GroupsModel(review)
        self._tell(Part.ROWS)


def _refuse(best: Picture, other: Picture, engine: EnginePort) -> None:
    from image_sync.jobs.organize.job import OrganizeJob

    engine.job(OrganizeJob).not_a_match(best, other)


def _nothing(engine: EnginePort) -> None:
    """Nothing has to be done before planning anew."""
