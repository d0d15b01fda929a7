"""Model of a job's page without its widgets: one state machine around one form, the same for all jobs.

    Empty → Scanning → Review → Applying → Done (→ Undoing → Done)

A page's model says which job it starts, what it makes of the result and what else can be done on the page; from here it
has the folders' fields, the checks, what may be pressed, and the way of a job's events.  Nothing slow is called on the
window's thread: checks and new plans go through one ``Background`` in order, counts of folders through another that may
take its time.  No tkinter, and no rule of any job.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from image_sync.base.events import Event, Finished, Note, ProblemFound
from image_sync.base.model import Plan, Refused, RunResult, RunState
from image_sync.gui.job.confirm_model import CardContent, Confirmation, outcome
from image_sync.gui.job.engine_link import EngineLink
from image_sync.gui.job.form import why_scan_again
from image_sync.gui.job.form_model import FormModel
from image_sync.gui.job.port import Port
from image_sync.gui.job.problems_model import ProblemsModel
from image_sync.gui.job.progress_model import ProgressModel
from image_sync.gui.job.state import SHOWN, WORKING, Form, Memory, Part, State
from image_sync.gui.job.step_history import StepHistory
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.wording import of_error, worded
from image_sync.jobs import registry
from image_sync.jobs.job import Review

if TYPE_CHECKING:
    from image_sync.gui.job.review_file import OpenedReview

_logger = logging.getLogger(__name__)
MOST_NOTES = 5
"""Notes of a run that its result tells."""


FormT = TypeVar("FormT", bound=Form)
RequestT = TypeVar("RequestT")
ReviewT = TypeVar("ReviewT", bound=Review[object])
AnswerT = TypeVar("AnswerT")


class JobModel(FormModel[FormT, RequestT], Generic[FormT, RequestT, ReviewT]):
    """The state of a job's page and everything that a person can do on each of them."""

    found: type[ReviewT]
    """What a scan's result must be."""
    history: StepHistory[Any, Any]
    """What was decided in the review so far, and the steps that led to it."""

    def __init__(
        self,
        engine_link: EngineLink,
        background: Background,
        counter: Background,
        port: Port,
        memory: Memory,
        problems: ProblemsModel,
    ) -> None:
        super().__init__(engine_link, background, counter, port, memory)
        self._problems = problems
        self.progress = ProgressModel()
        self.state = State.EMPTY
        self.outcome: CardContent | None = None
        self._result: RunResult | None = None
        self.stale = ""
        """Why the review no longer fits what is chosen; empty when it does."""
        self.notes: list[str] = []
        """What was worth saying while the review was made; it is told as long as the review is shown."""
        self._run_notes: list[str] = []
        self._scanned: ReviewT | None = None
        self._scanned_for: RequestT | None = None
        self._last_run = ""
        self._planning = 0
        self._asked_early: Callable[[Confirmation], None] | None = None
        self._opened: OpenedReview | None = None
        self._unsaved: Callable[[], None] | None = None
        self._saving = threading.Lock()

    # --- what a page's model says ---

    @property
    def review(self) -> ReviewT | None:
        """The review that is shown now."""
        raise NotImplementedError

    def _take_scan(self, review: ReviewT) -> None:
        """A scan ended with this review: leave ``state`` as it shall be."""
        raise NotImplementedError

    def _question(self) -> Callable[[], Confirmation]:
        """Maker of the question before the present plan is applied; it is called in the background."""
        raise NotImplementedError

    def _stopped_words(self) -> str:
        """Words that are said of a scan that was stopped and left no review."""
        return _("Stopped before all was read. What was read is remembered.")

    def _outcome(self, result: RunResult, was: State) -> CardContent:
        """Words that are said of a run that ended."""
        plan = self.plan if was is State.APPLYING and self.review is not None else None
        return outcome(result, undone=was is State.UNDOING, plan=plan)

    def _follow(self) -> None:
        """Choices changed that another plan can follow without a scan."""

    def _plan_failed(self) -> None:
        """Another plan could not be made."""

    def _decisions_kept(self, review: ReviewT) -> Callable[[], Any]:
        """Reader of what was decided about these folders before; it is called in the background."""
        raise NotImplementedError

    def _decisions_in(self, work: Mapping[str, Any], review: ReviewT) -> Any:
        """The decisions of a document, of those about files that are as they were."""
        raise NotImplementedError

    def _hand_work(self, review: ReviewT) -> Mapping[str, Any]:
        """Document of the decisions."""
        raise NotImplementedError

    def _stamps(self, review: ReviewT) -> Mapping[str, Any]:
        """Stamp of each file of a review, by its path."""
        raise NotImplementedError

    def _go_on_with(self, words: str, found: Any) -> None:
        """Take decisions that were made before as one step."""
        raise NotImplementedError

    # --- the form ---

    def options_changed(self) -> None:
        """Check anew, and let a review follow the choices or say why it can't."""
        self._check()
        if self.state is State.REVIEW and self._scanned_for is not None:
            self.stale = why_scan_again(self._scanned_for, self.request)
            self._tell(Part.STATE)
            if not self.stale:
                self._follow()
        self._tell(Part.FORM)

    # --- what may be pressed ---

    @property
    def can_scan(self) -> bool:
        """Whether the scan may be started."""
        return (
            self._right
            and not self._typed
            and not self._checking
            and not self._engine_link.busy
            and self.form.filled_in
        )

    @property
    def can_review(self) -> bool:
        """Whether there is a review that can be worked on."""
        return self.state is State.REVIEW and self.review is not None and not self._engine_link.busy

    @property
    def can_apply(self) -> bool:
        """Whether Apply may be pressed."""
        return self.can_review and not self.stale and not self._planning and bool(self.plan.operations)

    @property
    def planning(self) -> bool:
        """Whether another plan for the review is being made."""
        return self.state is State.REVIEW and bool(self._planning)

    @property
    def can_undo(self) -> bool:
        """Whether the run that was just applied can be undone from here."""
        return self.state is State.DONE and not self._engine_link.busy and bool(self.outcome and self.outcome.can_undo)

    @property
    def can_resume(self) -> bool:
        """Whether the run that was just stopped can go on from here."""
        return (
            self.state is State.DONE and not self._engine_link.busy and bool(self.outcome and self.outcome.can_resume)
        )

    @property
    def working(self) -> bool:
        """Whether a job of this page runs."""
        return self.state in WORKING

    @property
    def plan(self) -> Plan:
        """The present plan."""
        assert self.review is not None
        return self.review.plan

    # --- jobs ---

    def scan(self) -> None:
        """Scan the folders; at once when they are known to be right, else as soon as they are."""
        if self._engine_link.busy or not self.form.filled_in:
            return
        if self._typed:
            self.look()
        if self._checking:
            self._scan_when_checked = True
            return
        if not self._right:
            return
        request = self.request
        if self._engine_link.start(self, lambda engine: engine.start(registry.make(self.key, request))):
            self._memory.save(self.form.remembered(self._memory.preferences))
            self._scanned_for = request
            _logger.info("Asked to scan: %r", request)
            self._begin(State.SCANNING)

    def ask_to_apply(self, ask: Callable[[Confirmation], None]) -> None:
        """Put the question before applying together and hand it to ``ask``; while the plan is made anew, after that."""
        self._asked_early = ask if self.planning else None
        if not self.can_apply:
            return
        review = self.review

        def done(question: Confirmation) -> None:
            if self.can_apply and self.review is review:
                ask(question)

        self._background.submit(self._question(), done, key=f"{self.key} question", failed=self._say)

    def apply(self) -> None:
        """Carry out the plan that was confirmed."""
        if self.can_apply:
            self._carry_out()

    def undo(self) -> None:
        """Bring back what was just applied."""
        if self.can_undo:
            run = self._last_run
            if self._engine_link.start(self, lambda engine: engine.undo(run)):
                _logger.info("Asked to undo %s", run)
                self._begin(State.UNDOING)

    def resume(self) -> None:
        """Go on with what was just stopped."""
        if self.can_resume:
            run = self._last_run
            if self._engine_link.start(self, lambda engine: engine.resume(run)):
                _logger.info("Asked to resume %s", run)
                self._begin(State.APPLYING)

    def start_over(self) -> None:
        """Put the result away and show the form alone."""
        if not self.working:
            self._forget()
            self.state = State.EMPTY
            self.refresh()
            self._tell(*SHOWN)

    def _carry_out(self) -> None:
        plan = self.plan
        if self._engine_link.start(self, lambda engine: engine.apply(plan)):
            _logger.info("Asked to apply the plan")
            self._begin(State.APPLYING)

    # --- events of the running job ---

    def handle(self, event: Event) -> None:
        """Take in one event of a job that this page started."""
        self.progress.handle(event)
        match event:
            case ProblemFound(problem):
                self._problems.add(problem)
                self._tell(Part.PROGRESS)
            case Note(text):
                told = worded(text)
                (self.notes if self.state is State.SCANNING else self._run_notes).append(told)
                self._say(told)
            case Finished():
                self._finish(event)
            case _:
                self._tell(Part.PROGRESS)

    def _begin(self, state: State) -> None:
        self.state = state
        self.progress.reset()
        self.message = ""
        self._run_notes.clear()
        if state is State.SCANNING:
            # What could not be read stays listed while its plan is applied: it is not in the plan.
            self._problems.clear()
            self._forget()
            self._tell(Part.ROWS)
        self._tell(Part.FORM, Part.STATE, Part.PROGRESS, Part.MESSAGE)

    def _forget(self) -> None:
        """Put away what was found and what came of it."""
        self._scanned = self.outcome = self._result = None
        self.message = self.stale = ""
        self.notes = []

    def _finish(self, event: Finished) -> None:
        was, self.message = self.state, worded(event.failure)
        if was is State.SCANNING:
            self._finish_scan(event)
        elif isinstance(event.result, RunResult):
            self._finish_run(event.result, was)
        else:
            self.state = State.REVIEW if was is State.APPLYING and self.outcome is None else State.DONE
        if was is not State.SCANNING:
            self.refresh()
        self._tell(Part.FORM, Part.STATE, Part.PROGRESS, Part.MESSAGE)

    def _finish_scan(self, event: Finished) -> None:
        if not isinstance(event.result, self.found):
            self.state = State.EMPTY
            if event.stopped:
                self.message = self._stopped_words()
            return
        self._scanned = event.result
        self._problems.add(*event.result.problems)
        self._take_scan(event.result)
        self._opened = None

    def _finish_run(self, result: RunResult, was: State) -> None:
        self._problems.add(*result.problems)
        untouched = result.state is RunState.STOPPED and not result.done and not result.problems
        if was is State.APPLYING and untouched and self.outcome is None:
            # There is nothing to undo or to go on with: the plan stands as it was.
            self.state = State.REVIEW
            self.message = _("Stopped before anything was changed.")
            return
        self._last_run, self._result = result.run or self._last_run, result
        told = self._outcome(result, was)
        self.outcome = replace(told, facts=(*told.facts, *list(dict.fromkeys(self._run_notes))[:MOST_NOTES]))
        self.state = State.DONE

    # --- hand work that outlives the window ---

    def _save_hand_work(self, save: Callable[[], None]) -> None:
        """Write down what the user decided, at once: none of it is lost, whatever becomes of the program."""
        self._unsaved = save

        def failed(error: Exception) -> None:
            self._say(_("The decisions can't be kept on the disk: {error}").format(error=of_error(error)))

        self._background.submit(
            lambda: self._write_unless_newer(save), lambda _none: None, key=f"{self.key} save", failed=failed
        )

    def _write_unless_newer(self, save: Callable[[], None]) -> None:
        with self._saving:
            if self._unsaved is save:
                self._unsaved = None
                save()

    def keep_hand_work(self) -> None:
        """Write what still waits to be written: the window closes."""
        save = self._unsaved
        if save is not None:
            with contextlib.suppress(OSError):
                self._write_unless_newer(save)

    def _take_over(self, review: ReviewT) -> None:
        """Go on with what was decided about these folders before, and then with the review that was opened."""
        from image_sync.gui.job.review_file import earlier_words, lost_words, opened_words, same_folders

        opened, self._opened = self._opened, None
        if opened is not None and not same_folders(opened, self.request):
            opened = None
        kept = self._decisions_kept(review)

        def load() -> tuple[Any, Any, str]:
            if opened is None:
                return kept(), None, ""
            return kept(), self._decisions_in(opened.work, review), lost_words(opened.work, self._stamps(review))

        def take(found: tuple[Any, Any, str]) -> None:
            before, told, lost = found
            if before and not self.history.now:
                self._go_on_with(earlier_words(self._number_of(before)), before)
            if opened is not None:
                self.notes += [*opened.remarks, *([lost] if lost else [])]
                words = opened_words(opened.place, self._number_of(told))
                if told and told != self.history.now:
                    self._go_on_with(words, told)
                self._say(words)

        self._load_hand_work(load, take)

    def _number_of(self, decisions: Any) -> int:
        """Number of the decisions."""
        return len(decisions)

    def _load_hand_work(self, load: Callable[[], AnswerT], take: Callable[[AnswerT], None]) -> None:
        """Look for what was decided about these folders before; ``take`` it if the same review is still there."""
        scanned = self._scanned

        def done(found: AnswerT) -> None:
            if self._scanned is scanned and self.state is State.REVIEW:
                take(found)

        self._background.submit(load, done, key=f"{self.key} decisions", failed=self._say)

    # --- a review as a file ---

    @property
    def can_save(self) -> bool:
        """Whether there is a review to be saved as a file."""
        return self.state is State.REVIEW and self._scanned is not None

    def save_review(self, place: str) -> None:
        """Save the review, with all that was decided in it, as a file."""
        from image_sync.gui.job import review_file

        review, request = self._scanned, self._scanned_for
        if review is None or request is None or self.state is not State.REVIEW:
            return
        choices, work = self.form.preset_values(request), self._hand_work(review)
        words = _("The review is saved as {path}.")
        self._write_file(lambda: review_file.save(place, self.key, self.form.request_type, choices, work), words, place)

    def _write_file(self, work: Callable[[], None], words: str, place: str) -> None:
        told = words.format(path=shown(place))
        self._background.submit(work, lambda _none: self._say(told), key=f"{self.key} file", failed=self._say)

    @property
    def can_report(self) -> bool:
        """Whether there is something to be told in a report."""
        return self.review is not None and self.state in (State.REVIEW, State.DONE)

    def save_report(self, place: str) -> None:
        """Write what was found, and what was done where there was a run, as one page with pictures."""
        from image_sync.reports.page import write_report

        review, result = self.review, self._result
        if review is not None and self.can_report:
            self._write_file(lambda: write_report(review, place, result), _("The report is saved as {path}."), place)

    def open_review(self, place: str) -> None:
        """Fill in what a saved review was made of, scan, and go on with what was decided in it."""
        from image_sync.gui.job import review_file

        def take(found: OpenedReview) -> None:
            if self._engine_link.busy:
                self._say(_("Something runs. Open the review when it has ended."))
                return
            try:
                self.take_choices(found.choices)
            except Refused as refused:
                self._say(refused)
                return
            self._opened = found
            self.scan()

        self._background.submit(
            lambda: review_file.opened(place, self.key, self.form.request_type),
            take,
            key=f"{self.key} file",
            failed=self._say,
        )

    # --- questions in the background ---

    def _replan(
        self, work: Callable[[], AnswerT], take: Callable[[AnswerT], None], key: str, delay: float = 0.0
    ) -> None:
        """Make another plan in the background, ``delay`` seconds from now; until the last of them is there, nothing
        can be applied."""
        self._planning += 1
        number = self._planning

        def ended() -> None:
            if number == self._planning:
                self._planning = 0

        def done(answer: AnswerT) -> None:
            ended()
            take(answer)
            early, self._asked_early = self._asked_early, None
            if early is not None and self.can_review:
                self.ask_to_apply(early)

        def failed(error: Exception) -> None:
            ended()
            self._plan_failed()
            self.stale = _("The plan could not be made anew: {error}").format(error=of_error(error))
            self._tell(Part.STATE)

        self._background.submit(work, done, key=key, failed=failed, delay=delay)
        self._tell(Part.STATE)
