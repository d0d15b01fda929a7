"""The page *Sync* without its widgets: what was chosen, what was compared, what was answered, what runs.

    Empty → Comparing → Review → Applying → Done (→ Undoing → Done)

The model starts jobs through the session, takes their events, and tells its watchers which part changed.  It calls
nothing slow on the window's thread: checks and the plans that follow from answers go through one ``Background`` in
order, counts of folders through another that may take its time.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Protocol

from image_sync.control import Control
from image_sync.gui.background import Background
from image_sync.gui.confirm_model import Confirmation, Outcome, outcome
from image_sync.gui.i18n import _
from image_sync.gui.port import Port
from image_sync.gui.problems_model import ProblemsModel
from image_sync.gui.progress_model import ProgressModel
from image_sync.gui.session import Session
from image_sync.gui.sync_confirm import Space, confirmation, emptied, nothing_to_do, space_for
from image_sync.gui.sync_form import SyncForm, why_compare_again
from image_sync.gui.sync_rows import FIXED, SyncRow, SyncRows
from image_sync.model import Event, Finished, Note, Plan, ProblemFound, RunResult, RunState
from image_sync.settings import Preferences, SyncRequest
from image_sync.sync_model import Answer, Kind, SyncReview


class State(Enum):
    """Where the page stands."""

    EMPTY = "empty"
    COMPARING = "comparing"
    REVIEW = "review"
    APPLYING = "applying"
    UNDOING = "undoing"
    DONE = "done"


WORKING = (State.COMPARING, State.APPLYING, State.UNDOING)


class Part(Enum):
    """What changed; a watcher redraws that part only."""

    FORM = "form"
    ROWS = "rows"
    STATE = "state"
    PROGRESS = "progress"
    MESSAGE = "message"


class Memory(Protocol):
    """Where the preferences are kept while the window is open."""

    preferences: Preferences

    def save(self, preferences: Preferences) -> None:
        """Keep these from now on."""


class SyncModel:
    """The state of the page and everything that a person can do on it."""

    def __init__(
        self,
        session: Session,
        background: Background,
        counter: Background,
        port: Port,
        memory: Memory,
        problems: ProblemsModel,
    ) -> None:
        self._session, self._background, self._counter = session, background, counter
        self._port, self._memory, self._problems = port, memory, problems
        self.form = SyncForm(memory.preferences)
        self.progress = ProgressModel()
        self.state = State.EMPTY
        self.rows: SyncRows | None = None
        self.outcome: Outcome | None = None
        self.message = ""
        """One sentence for the user: why something failed or what just happened."""
        self.stale = ""
        """Why the table no longer fits what is chosen; empty when it does."""
        self.log = ""
        """Where the JSON log of the run that just ended is; empty when there is none."""
        self.emptied = ""
        """Why the plan is refused because too much is gone from one side; the user may know better."""
        self.watchers: list[Callable[[Part], None]] = []
        self.answers: dict[str, Answer] = {}
        """What was answered so far, by path."""
        self._compared: SyncReview | None = None
        self._compared_for: SyncRequest | None = None
        self._last_run = ""
        self._typed: set[str] = set()
        self._checking = False
        self._right = False
        self._compare_when_checked = False
        self._planning = 0
        self._counted: dict[str, str] = {}
        self._counting: dict[str, Control] = {}

    # --- the form ---

    def type_folder(self, name: str, text: str) -> None:
        """The user types in a folder's field; ``look`` when they pause."""
        self.form.field(name).text = text
        self._typed.add(name)
        self._right = False
        self._tell(Part.FORM)

    def pick_folder(self, name: str, path: str) -> None:
        """The user chose a folder elsewhere: from a dialog, or by dropping it."""
        self.form.field(name).pick(path)
        self._typed.add(name)
        self.look()

    @property
    def typing(self) -> bool:
        """Whether something was typed that nobody looked at yet."""
        return bool(self._typed)

    def look(self) -> None:
        """Look at the folders that were typed: what they hold, and what is wrong with them."""
        typed, self._typed = self._typed, set()
        for name in typed:
            self._count(name)
        self.options_changed()

    def options_changed(self) -> None:
        """Check anew, and say when the table no longer fits."""
        self._check()
        if self.state is State.REVIEW and self._compared_for is not None:
            self.stale = why_compare_again(self._compared_for, self.form.request())
            self._tell(Part.STATE)
        self._tell(Part.FORM)

    def refresh(self) -> None:
        """Look again at what the folders hold."""
        self._counted.clear()
        self._typed.clear()
        for field in self.form.fields:
            self._count(field.name)
        self._check()

    # --- what may be pressed ---

    @property
    def can_compare(self) -> bool:
        """Whether Compare may be pressed."""
        return self._right and not self._typed and not self._checking and not self._session.busy and self.form.filled_in

    @property
    def can_answer(self) -> bool:
        """Whether the direction of a row may be changed."""
        return self.state is State.REVIEW and self.rows is not None and not self._session.busy

    @property
    def can_apply(self) -> bool:
        """Whether Apply may be pressed."""
        ready = self.can_answer and not self.stale and not self._planning and not self.refusal
        return ready and bool(self.plan.operations)

    @property
    def can_undo(self) -> bool:
        """Whether the run that was just applied can be undone from here."""
        return self.state is State.DONE and not self._session.busy and bool(self.outcome and self.outcome.can_undo)

    @property
    def can_resume(self) -> bool:
        """Whether the run that was just stopped can go on from here."""
        return self.state is State.DONE and not self._session.busy and bool(self.outcome and self.outcome.can_resume)

    @property
    def working(self) -> bool:
        """Whether a job of this page runs."""
        return self.state in WORKING

    @property
    def plan(self) -> Plan:
        """The present plan."""
        assert self.rows is not None
        return self.rows.review.plan

    @property
    def refusal(self) -> str:
        """Why the plan may not be carried out, in words; empty when it may."""
        return self.emptied or (self.rows.review.refusal if self.rows else "")

    # --- jobs ---

    def compare(self, *, deleted_on_purpose: bool = False) -> None:
        """Compare the folders; at once when they are known to be right, else as soon as they are.

        ``deleted_on_purpose`` is the user's word that what is gone was not lost with a disk.
        """
        if self._session.busy or not self.form.filled_in:
            return
        if self._typed:
            self.look()
        if self._checking:
            self._compare_when_checked = True
            return
        if not self._right:
            return
        request = self.form.request(deleted_on_purpose=deleted_on_purpose)
        if self._session.start(self, lambda engine: engine.sync(request)):
            self._memory.save(self.form.remembered(self._memory.preferences))
            self._compared_for = request
            self._begin(State.COMPARING)

    def ask_to_apply(self, ask: Callable[[Confirmation], None]) -> None:
        """Put the question before applying together and hand it to ``ask``."""
        if not self.can_apply or self.rows is None:
            return
        review = self.rows.review

        def done(space: Space) -> None:
            if self.can_apply and self.rows is not None and self.rows.review is review:
                ask(confirmation(review, self.rows.ways, space))

        self._background.submit(
            lambda: space_for(review, self._port.free_space), done, key="sync space", failed=self._say
        )

    def apply(self) -> None:
        """Carry out the plan that was confirmed."""
        if self.can_apply:
            self._carry_out()

    def undo(self) -> None:
        """Bring back what was just applied."""
        if self.can_undo:
            run = self._last_run
            if self._session.start(self, lambda engine: engine.undo(run)):
                self._begin(State.UNDOING)

    def resume(self) -> None:
        """Go on with what was just stopped."""
        if self.can_resume:
            run = self._last_run
            if self._session.start(self, lambda engine: engine.resume(run)):
                self._begin(State.APPLYING)

    def start_over(self) -> None:
        """Put the result away and show the form alone."""
        if not self.working:
            self._forget()
            self.state = State.EMPTY
            self.refresh()
            self._tell(*Part)

    # --- answers ---

    def answer(self, rows: Iterable[SyncRow], answer: Answer | None) -> None:
        """Answer these rows; ``None`` takes answers back.  What no answer can change stays as it is."""
        if not self.can_answer:
            return
        before = dict(self.answers)
        for row in rows:
            if row.decision.kind in FIXED:
                continue
            if answer is None:
                self.answers.pop(row.decision.path, None)
            else:
                self.answers[row.decision.path] = answer
        if self.answers != before:
            self._replan()

    def answer_conflicts(self, answer: Answer) -> None:
        """Answer every conflict that is open."""
        if self.rows is not None:
            self.answer([row for row in self.rows.by_key.values() if row.decision.kind is Kind.CONFLICT], answer)

    # --- events of the running job ---

    def handle(self, event: Event) -> None:
        """Take in one event of a job that this page started."""
        self.progress.handle(event)
        match event:
            case ProblemFound(problem):
                self._problems.add(problem)
                self._tell(Part.PROGRESS)
            case Note(text):
                self._say(text)
            case Finished():
                self._finish(event)
            case _:
                self._tell(Part.PROGRESS)

    def _begin(self, state: State) -> None:
        self.state = state
        self.progress.reset()
        self.message = ""
        if state is State.COMPARING:
            # What could not be read stays listed while its plan is applied: it is not in the plan.
            self._problems.clear()
            self._forget()
            self._tell(Part.ROWS)
        self._tell(Part.FORM, Part.STATE, Part.PROGRESS, Part.MESSAGE)

    def _forget(self) -> None:
        self.rows = self._compared = self.outcome = None
        self.answers = {}
        self.message = self.stale = self.log = self.emptied = ""

    def _carry_out(self) -> None:
        plan = self.plan
        if self._session.start(self, lambda engine: engine.apply(plan)):
            self._begin(State.APPLYING)

    def _finish(self, event: Finished) -> None:
        was, self.message = self.state, event.failure
        if was is State.COMPARING:
            self._finish_comparison(event)
        elif isinstance(event.result, RunResult):
            self._finish_run(event.result, was)
        else:
            self.state = State.REVIEW if was is State.APPLYING and self.outcome is None else State.DONE
        if was is not State.COMPARING:
            self.refresh()
        self._tell(Part.FORM, Part.STATE, Part.PROGRESS, Part.MESSAGE)

    def _finish_run(self, result: RunResult, was: State) -> None:
        self._problems.add(*result.problems)
        untouched = result.state is RunState.STOPPED and not result.done and not result.problems
        if was is State.APPLYING and untouched and self.outcome is None:
            # There is nothing to undo or to go on with: the plan stands as it was.
            self.state = State.REVIEW
            self.message = _("Stopped before anything was changed.")
            return
        if was is State.APPLYING:
            self.log = self._session.engine.sync_log
        self._last_run = result.run or self._last_run
        self.outcome = outcome(result, undone=was is State.UNDOING) if result.total else self._nothing_to_do()
        self.state = State.DONE

    def _nothing_to_do(self) -> Outcome:
        return nothing_to_do(self.rows.review if self.rows else None)

    def _finish_comparison(self, event: Finished) -> None:
        if not isinstance(event.result, SyncReview):
            self.state = State.EMPTY
            if event.stopped and not event.failure:
                self.message = _("Stopped before all was compared. What was read is remembered.")
            return
        self._compared = event.result
        self._problems.add(*event.result.problems)
        self.rows = SyncRows(event.result)
        self.emptied = emptied(event.result) if event.result.refusal else ""
        self.state = State.REVIEW
        self.options_changed()
        self._tell(Part.ROWS)
        if self.rows.nothing_to_do and not self.refusal:
            # That all is the same is remembered; no file is touched for it.
            self._carry_out()

    # --- plans that follow the answers ---

    def _replan(self) -> None:
        compared, answers, before = self._compared, dict(self.answers), self.rows
        if compared is None:
            return
        self._planning += 1
        number = self._planning

        def work() -> SyncRows:
            return SyncRows(self._session.engine.resolve(compared, answers), before)

        def done(rows: SyncRows) -> None:
            if number == self._planning:
                self._planning = 0
            if self._compared is compared and self.state is State.REVIEW and self.rows is not None:
                rows.follow(self.rows)
                self.rows = rows
                self._tell(Part.ROWS, Part.STATE)

        def failed(error: Exception) -> None:
            if number == self._planning:
                self._planning = 0
            self.stale = _("The plan could not be made anew: {error}").format(error=error)
            self._tell(Part.STATE)

        self._background.submit(work, done, key="sync plan", failed=failed)
        self._tell(Part.STATE)

    # --- questions in the background ---

    def _count(self, name: str) -> None:
        field, control = self.form.field(name), Control()
        path = field.path
        if name in self._counting:
            self._counting.pop(name).stop()
        if not path:
            field.holds = ""
            return
        field.holds = self._counted.get(path, _("looking…"))
        self._counting[name] = control

        def done(words: str) -> None:
            if field.path == path:
                field.holds = self._counted[path] = words
                self._tell(Part.FORM)

        if path not in self._counted:
            self._counter.submit(
                lambda: self._port.describe_folder(path, control),
                done,
                key=f"sync {name}",
                failed=lambda error: done(str(error)),
            )

    def _check(self) -> None:
        request = self.form.request()
        self._checking, self._right = bool(request.source or request.target), False
        if not self._checking:
            self.form.show_mistakes({})
            return

        def done(mistakes: dict[str, str]) -> None:
            self._checking = False
            self._right = not mistakes
            self.form.show_mistakes(mistakes)
            wanted, self._compare_when_checked = self._compare_when_checked, False
            self._tell(Part.FORM)
            if wanted:
                self.compare()

        def failed(error: Exception) -> None:
            self._checking = False
            self._say(error)
            self._tell(Part.FORM)

        self._background.submit(lambda: self._port.check_sync(request), done, key="sync check", failed=failed)

    def _say(self, words: object) -> None:
        self.message = str(words)
        self._tell(Part.MESSAGE)

    def _tell(self, *parts: Part) -> None:
        for part in parts:
            for watcher in list(self.watchers):
                watcher(part)
