"""The page *Sync* without its widgets: what was chosen, what was compared, what was answered, what runs.

The way of the job is that of ``JobModel``, whose scan is a comparison here; what a table of rows, answers and the log
add to it is here.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from image_sync.base.model import RunResult
from image_sync.gui.job.confirm_model import CardContent, Confirmation
from image_sync.gui.job.model import JobModel
from image_sync.gui.job.state import Part, State
from image_sync.gui.job.step_history import StepHistory
from image_sync.gui.preferences import Preferences
from image_sync.gui.sync import saved_answers
from image_sync.gui.sync.confirm import confirmation, emptied, nothing_to_do, space_for
from image_sync.gui.sync.form import SyncForm
from image_sync.gui.sync.rows import FIXED, SyncRow, SyncRows
from image_sync.gui.sync.words import answer_words
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.sync.model import OPEN, Answer, SyncReview
from image_sync.jobs.sync.request import NAME, SyncRequest


class SyncModel(JobModel[SyncForm, SyncRequest, SyncReview]):
    """The state of the page and everything that a person can do on it."""

    key = NAME
    found = SyncReview
    rows: SyncRows | None = None
    log = ""
    """Where the JSON log of the run that just ended is; empty when there is none."""
    emptied = ""
    """Why the plan is refused because too much is gone from one side; the user may know better."""
    history: StepHistory[Mapping[str, Answer], None]
    """What was answered so far, by path, and the steps that led to it."""
    _on_purpose = False
    """Whether the user said that what is gone was deleted on purpose."""

    # --- what may be pressed ---

    @property
    def can_apply(self) -> bool:
        """Whether Apply may be pressed."""
        return super().can_apply and not self.refusal

    @property
    def refusal(self) -> str:
        """Reason why the plan may not be carried out, in words; empty when it may."""
        return self.emptied or (self.rows.review.refusal if self.rows else "")

    def compare_deleted_on_purpose(self) -> None:
        """Compare once more, on the user's word that what is gone was not lost with a disk."""
        self._on_purpose = True
        super().scan()

    def scan(self) -> None:
        """Compare the folders; what is gone from them is doubted again."""
        self._on_purpose = False
        super().scan()

    # --- answers ---

    @property
    def answers(self) -> Mapping[str, Answer]:
        """Answers that were given so far, by path."""
        return self.history.now

    def answer(self, rows: Iterable[SyncRow], answer: Answer | None) -> None:
        """Answer these rows; ``None`` takes answers back.  What no answer can change stays as it is."""
        if not self.can_review:
            return
        answers = dict(self.answers)
        told = [row for row in rows if row.decision.kind not in FIXED]
        for row in told:
            if answer is None:
                answers.pop(row.decision.path, None)
            else:
                answers[row.decision.path] = answer
        if told and self.history.take(_step_words(told, answer), answers):
            self._answered()

    def undo(self) -> None:
        """Take back the newest answer of a review, else the run that was just applied."""
        if self.state is not State.REVIEW:
            super().undo()
            return
        step = self.history.undo() if self.can_review else None
        if step is not None:
            self._answered()
            self._say(_("Taken back: {what}").format(what=step.words))

    def redo(self) -> None:
        """Give the answer again that was taken back last."""
        step = self.history.redo() if self.can_review else None
        if step is not None:
            self._answered()
            self._say(_("Again: {what}").format(what=step.words))

    def _answered(self) -> None:
        review, request, answers = self._scanned, self._scanned_for, self.answers
        if review is not None and request is not None:
            self._save_hand_work(lambda: saved_answers.save(request, answers, review.decisions))
        self._plan_anew()

    def _decisions_kept(self, review: SyncReview) -> Callable[[], Mapping[str, Answer]]:
        request = self._scanned_for or review.request
        return lambda: saved_answers.load(request, review.decisions)

    def _decisions_in(self, work: Mapping[str, Any], review: SyncReview) -> Mapping[str, Answer]:
        return saved_answers.understood(work, review.decisions)

    def _hand_work(self, review: SyncReview) -> Mapping[str, Any]:
        return saved_answers.document(self.answers, review.decisions)

    def _stamps(self, review: SyncReview) -> Mapping[str, Any]:
        return saved_answers.stamps(review.decisions)

    def _go_on_with(self, words: str, found: Mapping[str, Answer]) -> None:
        if self.history.take(words, found):
            self._answered()
            self._say(words)

    def answer_conflicts(self, answer: Answer) -> None:
        """Answer every conflict and every deletion that is open."""
        if self.rows is not None:
            self.answer([row for row in self.rows.by_key.values() if row.decision.kind in OPEN], answer)

    def keep_both_pictures(self) -> None:
        """Keep both wherever one name stands for two different pictures."""
        if self.rows is not None:
            self.answer(self.rows.one_of_two_pictures, Answer.KEEP_BOTH)

    # --- what this job is ---

    def _make_form(self, preferences: Preferences) -> SyncForm:
        self.history = StepHistory({})
        return SyncForm(preferences)

    @property
    def request(self) -> SyncRequest:
        """The request as it is chosen now."""
        return self.form.request(deleted_on_purpose=self._on_purpose)

    @property
    def review(self) -> SyncReview | None:
        """The review that is shown now."""
        return self.rows.review if self.rows is not None else None

    def _question(self) -> Callable[[], Confirmation]:
        assert self.rows is not None
        review, ways = self.rows.review, self.rows.ways
        return lambda: confirmation(review, ways, space_for(review, self._port.free_space))

    def _stopped_words(self) -> str:
        return _("Stopped before all was compared. What was read is remembered.")

    def _forget(self) -> None:
        super()._forget()
        self.rows = None
        self.history = StepHistory({})
        self.log = self.emptied = ""

    def _take_scan(self, review: SyncReview) -> None:
        self.rows = SyncRows(review)
        self.emptied = emptied(review) if review.refusal else ""
        self.state = State.REVIEW
        self.options_changed()
        self._tell(Part.ROWS)
        if self.rows.nothing_to_do and not self.refusal:
            # That all is the same is remembered; no file is touched for it.
            self._carry_out()
        else:
            self._take_over(review)

    def _outcome(self, result: RunResult, was: State) -> CardContent:
        from image_sync.jobs.sync.job import SyncJob

        if was is State.APPLYING:
            self.log = self._engine_link.engine.job(SyncJob).log_place
        return super()._outcome(result, was) if result.total else nothing_to_do(self.review)

    # --- plans that follow the answers ---

    def _plan_anew(self) -> None:
        compared, answers, before = self._scanned, dict(self.answers), self.rows
        if compared is None:
            return

        def work() -> SyncRows:
            return SyncRows(self._engine_link.engine.replan(compared, compared.request, answers), before)

        def take(rows: SyncRows) -> None:
            if self._scanned is compared and self.state is State.REVIEW and self.rows is not None:
                rows.follow(self.rows)
                self.rows = rows
                self._tell(Part.ROWS, Part.STATE)

        self._replan(work, take, "sync plan")


def _step_words(rows: Sequence[SyncRow], answer: Answer | None) -> str:
    """Words for a step: which rows, and what was answered."""
    one = rows[0].decision if len(rows) == 1 else None
    name = shown(one.path) if one is not None else formatting.files(len(rows))
    told = _("answer taken back") if answer is None else answer_words(one, answer)
    return f"{name}: {told}"
