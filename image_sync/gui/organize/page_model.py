"""The page *Organize* without its widgets: what was chosen, what was found, what runs, what may be pressed.

The way of the job is that of ``JobModel``; here is what a review of groups adds to it.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from image_sync.base.model import RunResult
from image_sync.gui.job.confirm_model import CardContent, Confirmation, confirmation, room
from image_sync.gui.job.model import JobModel
from image_sync.gui.job.port import EnginePort
from image_sync.gui.job.state import Part, State
from image_sync.gui.organize import saved_decisions
from image_sync.gui.organize.decisions import Deciding, DecisionHistory, NoneKept, Pair, with_decisions
from image_sync.gui.organize.form import OrganizeForm
from image_sync.gui.organize.result import sorted_words
from image_sync.gui.organize.rows import GroupsModel
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import NAME, OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions

PAUSE = 0.25
"""Seconds without a further decision after which the plan is made anew.  With 4,000 groups that takes a second of the
interpreter, which the window would miss while a person decides group after group."""

if TYPE_CHECKING:
    from image_sync.gui.organize.bulk import BulkQuestion
    from image_sync.jobs.organize.rules.bulk import BulkRules, Tally


class OrganizeModel(JobModel[OrganizeForm, OrganizeRequest, OrganizeReview]):
    """The state of the page and everything that a person can do on it."""

    key = NAME
    found = OrganizeReview
    groups: GroupsModel | None = None
    history: DecisionHistory

    def set_reference(self, name: str, on: bool) -> None:
        """Mark an input folder as one that is never changed."""
        self.form.field(name).reference = on
        self.options_changed()

    def add_folder(self) -> None:
        """One more row for an input folder."""
        if not self._engine_link.busy and self.form.can_add:
            self.form.add()
            self._tell(Part.FORM)

    def remove_folder(self, name: str) -> None:
        """Take an input folder off the list; those behind it move up."""
        if self._engine_link.busy or not self.form.can_remove:
            return
        moved = self.form.remove(name)
        self._typed = {field.name for field in self.form.fields} & self._typed | {field.name for field in moved}
        self.look()

    def _outcome(self, result: RunResult, was: State) -> CardContent:
        told = super()._outcome(result, was)
        plan = self.plan if was is State.APPLYING and self.review is not None else None
        if plan is None or result.done != len(plan.operations):
            return told
        return replace(told, facts=(told.facts[0], *sorted_words(plan), *told.facts[1:]))

    # --- decisions ---

    def decide(self, words: str, step: Callable[[Deciding], Decisions]) -> bool:
        """Take a step of the user's; whether it changed anything.  The plan follows in the background."""
        if self.groups is None or not self.can_review:
            return False
        review = self.groups.review
        try:
            after = step(Deciding(review.groups, review.pictures, review.request.handling, self.history.now))
        except NoneKept as refusal:
            self._say(refusal)
            return False
        if not self.history.take(words, after):
            return False
        self._decided(words)
        return True

    def undo(self) -> None:
        """Take back the newest decision of a review, else the run that was just applied."""
        if self.state is not State.REVIEW:
            super().undo()
            return
        step = self.history.undo() if self.can_review else None
        if step is not None:
            self._decided(_("Taken back: {what}").format(what=step.words), _each(step.beside or (), "match_again"))

    def redo(self) -> None:
        """Take the decision again that was taken back last."""
        step = self.history.redo() if self.can_review else None
        if step is not None:
            self._decided(_("Again: {what}").format(what=step.words), _each(step.beside or (), "not_a_match"))

    def not_a_match(self, group: int, chosen: Sequence[int]) -> None:
        """Remember that members are no match of the best of their group, and plan anew."""
        self.not_the_same([(group, chosen)])

    def not_the_same(self, selected: Sequence[tuple[int, Sequence[int]]]) -> None:
        """Remember of pictures of several groups that they are no match of the best of theirs, as one step.

        Without a chosen one (the group itself is selected) a group of two says clearly enough which is meant.
        """
        if self.groups is None or not self.can_review:
            return
        apart = tuple(pair for group, chosen in selected for pair in self._apart(group, chosen))
        if not apart:
            self._say(_("Select the picture that does not belong to the best one of its group first."))
            return
        if len(apart) == 1:
            words = _("not the same: {name}").format(name=shown(apart[0][1].record.name))
        else:
            words = _("not the same: {count} pictures").format(count=formatting.count(len(apart)))
        self.history.take(words, self.history.now, apart)
        self._decided(words, _each(apart, "not_a_match"))

    def _apart(self, group: int, chosen: Sequence[int]) -> list[Pair]:
        """The best picture of a group with each that is told apart from it."""
        assert self.groups is not None
        members = self.groups.review.groups[group].members
        others = [picture for picture in chosen if picture != members[0].picture]
        if not chosen and len(members) == 2:
            others = [members[1].picture]
        best = self.groups.picture(members[0].picture)
        return [(best, self.groups.picture(picture)) for picture in others]

    def set_only_reviewed(self, on: bool) -> None:
        """Plan the groups that were looked through and leave the rest for later, or plan all."""
        words = _("only reviewed groups") if on else _("all groups")
        self.decide(words, lambda deciding: replace(deciding.now, only_reviewed=on))

    # --- rules for many groups ---

    def bulk_question(self) -> BulkQuestion | None:
        """Question by which rules the groups that are shown are decided; ``None`` while none can be."""
        from image_sync.gui.organize.bulk import BulkQuestion, folders_of
        from image_sync.jobs.organize.rules.bulk import apply_rules

        groups = self.groups
        if groups is None or not self.can_review or not len(groups):
            return None
        review = groups.review
        chosen = [review.groups[index] for index in groups.order]
        members = (review.pictures[member.picture] for group in chosen for member in group.members)
        folders = folders_of((one.record.path for one in members), review.request.folders)

        def tried(rules: BulkRules, reviewed_too: bool) -> Tally:
            return apply_rules(chosen, review.pictures, rules, self.history.now, reviewed_too=reviewed_too)[1]

        return BulkQuestion(len(groups), groups.hidden, tuple(folders), review.request.handling, tried)

    def apply_rules(self, rules: BulkRules, reviewed_too: bool) -> None:
        """Decide the groups that are shown by rules; one step that can be taken back."""
        from image_sync.jobs.organize.rules.bulk import apply_rules

        groups = self.groups
        if groups is None:
            return
        order = groups.order

        def step(deciding: Deciding) -> Decisions:
            chosen = [deciding.groups[index] for index in order]
            return apply_rules(chosen, deciding.pictures, rules, deciding.now, reviewed_too=reviewed_too)[0]

        words = ngettext("rules for {count} group", "rules for {count} groups", len(order))
        self.decide(words.format(count=formatting.count(len(order))), step)

    def _decided(self, words: str, first: Callable[[EnginePort], None] | None = None) -> None:
        """Show the decisions at once; the plan that follows from them is made in the background."""
        assert self.groups is not None
        review, now = self.groups.review, self.history.now
        if first is None and self._scanned is not None:
            self.groups = GroupsModel(with_decisions(review, now, self.groups.index.homes), self.groups)
        self._save_decisions()
        self._say(words)
        self._tell(Part.ROWS, Part.STATE)
        self._plan_anew(first or _nothing, key="" if first else "plan")

    def _save_decisions(self) -> None:
        review = self._scanned
        if review is not None:
            request, pictures, now = self._scanned_for or review.request, review.pictures, self.history.now
            self._save_hand_work(lambda: saved_decisions.save(request, now, pictures))

    def _decisions_kept(self, review: OrganizeReview) -> Callable[[], Decisions]:
        request = self._scanned_for or review.request
        return lambda: saved_decisions.load(request, review.pictures)

    def _decisions_in(self, work: Mapping[str, Any], review: OrganizeReview) -> Decisions:
        return saved_decisions.understood(work, review.pictures)

    def _hand_work(self, review: OrganizeReview) -> Mapping[str, Any]:
        return saved_decisions.document(self.history.now, review.pictures)

    def _stamps(self, review: OrganizeReview) -> Mapping[str, Any]:
        return saved_decisions.stamps(review.pictures)

    def _number_of(self, decisions: Decisions) -> int:
        return len({*decisions.fates, *decisions.best, *decisions.reviewed})

    def _go_on_with(self, words: str, found: Decisions) -> None:
        if self.history.take(words, found):
            self._decided(words)

    # --- what this job is ---

    def _make_form(self, preferences: Preferences) -> OrganizeForm:
        self.history = DecisionHistory()
        return OrganizeForm(preferences)

    @property
    def request(self) -> OrganizeRequest:
        """The request as it is chosen now."""
        return self.form.request(self._memory.preferences)

    @property
    def review(self) -> OrganizeReview | None:
        """The review that is shown now."""
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
        self.history = DecisionHistory()

    def _take_scan(self, review: OrganizeReview) -> None:
        self._take_review(review)
        self.state = State.REVIEW
        self._take_over(review)
        if self._scanned_for != self.request:
            self.options_changed()

    # --- plans that follow the choices ---

    def _follow(self) -> None:
        self._plan_anew(_nothing, key="plan")

    def _plan_anew(self, first: Callable[[EnginePort], None], key: str) -> None:
        scanned, request, decisions = self._scanned, self.request, self.history.now
        if scanned is None:
            return

        def work() -> OrganizeReview:
            engine = self._engine_link.engine
            first(engine)
            return engine.replan(scanned, request, decisions)

        def take(review: OrganizeReview) -> None:
            wanted = (self.request, self.history.now)
            if self._scanned is scanned and self.state is State.REVIEW and (request, decisions) == wanted:
                self._take_review(review)
                self._tell(Part.STATE)

        self._replan(work, take, key, PAUSE if key else 0.0)

    def _take_review(self, review: OrganizeReview) -> None:
        self.groups = GroupsModel(review, self.groups)
        self._tell(Part.ROWS)


def _each(pairs: Iterable[Pair], what: str) -> Callable[[EnginePort], None]:
    """Tell the job of each pair, by the name of what it does."""

    def work(engine: EnginePort) -> None:
        from image_sync.jobs.organize.job import OrganizeJob

        deed = getattr(engine.job(OrganizeJob), what)
        for first, second in pairs:
            deed(first, second)

    return work


def _nothing(engine: EnginePort) -> None:
    """Nothing has to be done before planning anew."""
