"""The page *Import* without its widgets: what was chosen, what was found, what was corrected, what runs.

    Empty → Scanning → Review → Applying → Done (→ Undoing → Done)

The model starts jobs through the session, takes their events, and tells its watchers which part changed.  It calls
nothing slow on the window's thread: checks and the plans that follow from corrections go through one ``Background`` in
order, counts of folders through another that may take its time.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Protocol

from image_sync.control import Control
from image_sync.gui import formatting
from image_sync.gui.background import Background
from image_sync.gui.confirm_model import FILE_ACTIONS, Confirmation, Outcome, Room, outcome, room
from image_sync.gui.i18n import _
from image_sync.gui.import_confirm import confirmation, nothing_to_do
from image_sync.gui.import_correction import CorrectionForm
from image_sync.gui.import_form import ImportForm, why_scan_again
from image_sync.gui.import_rows import ImportRows
from image_sync.gui.port import Port
from image_sync.gui.problems_model import ProblemsModel
from image_sync.gui.progress_model import ProgressModel
from image_sync.gui.session import Session
from image_sync.import_model import Correction, Fate, ImportReview
from image_sync.model import Event, Finished, Note, Plan, ProblemFound, RunResult, RunState
from image_sync.settings import ImportRequest, Preferences


class State(Enum):
    """Where the page stands."""

    EMPTY = "empty"
    SCANNING = "scanning"
    REVIEW = "review"
    APPLYING = "applying"
    UNDOING = "undoing"
    DONE = "done"


WORKING = (State.SCANNING, State.APPLYING, State.UNDOING)


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


class ImportModel:
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
        self.form = ImportForm(memory.preferences)
        self.progress = ProgressModel()
        self.state = State.EMPTY
        self.rows: ImportRows | None = None
        self.outcome: Outcome | None = None
        self.message = ""
        """One sentence for the user: why something failed or what just happened."""
        self.stale = ""
        """Why the tree no longer fits what is chosen; empty when it does."""
        self.watchers: list[Callable[[Part], None]] = []
        self.corrections: Mapping[str, Correction] = {}
        """What was corrected so far, by the absolute path of the picture."""
        self._scanned: ImportReview | None = None
        self._scanned_for: ImportRequest | None = None
        self._planned: tuple[ImportRequest, Mapping[str, Correction]] | None = None
        self._last_run = ""
        self._typed: set[str] = set()
        self._checking = self._right = self._scan_when_checked = False
        self._planning = 0
        self._counted: dict[tuple[str, str], str] = {}
        self._counting: dict[str, Control] = {}

    @property
    def request(self) -> ImportRequest:
        """What is chosen now."""
        return self.form.request(self._memory.preferences)

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
        """Check anew; the plan follows what was chosen, or it is said that only another scan can."""
        self._check()
        if self.state is State.REVIEW and self._scanned_for is not None:
            self.stale = why_scan_again(self._scanned_for, self.request)
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
    def can_scan(self) -> bool:
        """Whether Scan may be pressed."""
        return self._right and not self._typed and not self._checking and not self._session.busy and self.form.filled_in

    @property
    def can_correct(self) -> bool:
        """Whether dates and descriptions may be corrected."""
        return self.state is State.REVIEW and self.rows is not None and not self.stale and not self._session.busy

    @property
    def can_apply(self) -> bool:
        """Whether Apply may be pressed."""
        ready = self.can_correct and self._right and not self._checking and not self._planning
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
    def changes(self) -> int:
        """How many files the present plan touches."""
        if self.rows is None:
            return 0
        return sum(number for action, number in self.plan.counts().items() if action in FILE_ACTIONS)

    # --- jobs ---

    def scan(self) -> None:
        """Scan the folders; at once when they are known to be right, else as soon as they are."""
        if self._session.busy or not self.form.filled_in:
            return
        if self._typed:
            self.look()
        if self._checking:
            self._scan_when_checked = True
            return
        if not self._right:
            return
        request = self.request
        if self._session.start(self, lambda engine: engine.import_photos(request)):
            self._memory.save(self.form.remembered(self._memory.preferences))
            self._scanned_for = request
            self._begin(State.SCANNING)

    def ask_to_apply(self, ask: Callable[[Confirmation], None]) -> None:
        """Put the question before applying together and hand it to ``ask``."""
        if not self.can_apply or self.rows is None:
            return
        review = self.rows.review

        def done(space: Room) -> None:
            if self.can_apply and self.rows is not None and self.rows.review is review:
                ask(confirmation(review, space))

        self._background.submit(
            lambda: room(review.plan, self._port.device, self._port.free_space),
            done,
            key="import space",
            failed=self._say,
        )

    def apply(self) -> None:
        """Carry out the plan that was confirmed."""
        if self.can_apply:
            plan = self.plan
            if self._session.start(self, lambda engine: engine.apply(plan)):
                self._begin(State.APPLYING)

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

    # --- corrections ---

    def correction_form(self, keys: Iterable[str]) -> CorrectionForm | None:
        """What can be corrected of the selected files and folders; ``None`` when there is nothing."""
        if not self.can_correct or self.rows is None:
            return None
        chosen = [self.rows.files[key] for key in self.rows.expanded(keys) if key in self.rows.files]
        arrivals = {arrival.path for arrival in self.rows.review.world.arrivals}
        chosen = [one for one in chosen if one.fate is not Fate.STAYS and one.arrival.path in arrivals]
        return CorrectionForm(chosen, self.rows.review.request, self.corrections) if chosen else None

    def correct(self, corrections: Mapping[str, Correction]) -> None:
        """Take these as all corrections; the plan follows."""
        if self.can_correct and dict(corrections) != dict(self.corrections):
            self.corrections = dict(corrections)
            self._replan()

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
        if state is State.SCANNING:
            # What could not be read stays listed while its plan is applied: it is not in the plan.
            self._problems.clear()
            self._forget()
            self._tell(Part.ROWS)
        self._tell(Part.FORM, Part.STATE, Part.PROGRESS, Part.MESSAGE)

    def _forget(self) -> None:
        self.rows = self._scanned = self.outcome = self._planned = None
        self.corrections = {}
        self.message = self.stale = ""

    def _finish(self, event: Finished) -> None:
        was, self.message = self.state, event.failure
        if was is State.SCANNING:
            self._finish_scan(event)
        elif isinstance(event.result, RunResult):
            self._finish_run(event.result, was)
        else:
            self.state = State.REVIEW if was is State.APPLYING and self.outcome is None else State.DONE
        if was is not State.SCANNING:
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
        self._last_run = result.run or self._last_run
        self.outcome = outcome(result, undone=was is State.UNDOING)
        self.state = State.DONE

    def _finish_scan(self, event: Finished) -> None:
        if not isinstance(event.result, ImportReview):
            self.state = State.EMPTY
            if event.stopped and not event.failure:
                self.message = _("Stopped before all was read. What was read is remembered.")
            return
        self._scanned = event.result
        self._planned = (self._scanned_for or event.result.request, {})
        self._problems.add(*event.result.problems)
        self.rows = ImportRows(event.result)
        if event.result.plan.operations or any(one.fate is not Fate.IN_PLACE for one in event.result.placed):
            self.state = State.REVIEW
            self.options_changed()
        else:
            self.outcome, self.state = nothing_to_do(event.result), State.DONE
        self._tell(Part.ROWS)

    # --- plans that follow choices and corrections ---

    def _replan(self) -> None:
        scanned, before = self._scanned, self.rows
        if scanned is None or before is None:
            return
        wanted = (self.request, self.corrections)
        self._planned = wanted
        self._planning += 1
        number = self._planning

        def work() -> ImportRows:
            return ImportRows(self._session.engine.replan_import(scanned, *wanted), before.filters)

        def done(rows: ImportRows) -> None:
            if number == self._planning:
                self._planning = 0
            if self._scanned is scanned and self.state is State.REVIEW and self._planned == wanted:
                self._take(rows)

        def failed(error: Exception) -> None:
            if number == self._planning:
                self._planning = 0
            self._planned = None
            self.stale = _("The plan could not be made anew: {error}").format(error=error)
            self._tell(Part.STATE)

        self._background.submit(work, done, key="import plan", failed=failed)
        self._tell(Part.STATE)

    def _take(self, rows: ImportRows) -> None:
        """Show rows that were made meanwhile, with the filters as they are by now."""
        if self.rows is not None and rows.filters != self.rows.filters:
            rows = ImportRows(rows.review, self.rows.filters)
        self.rows = rows
        self._tell(Part.ROWS, Part.STATE)

    def _follow(self) -> None:
        """Make the plan anew when the choices, now known to be right, are others than it was made for."""
        if self.state is State.REVIEW and not self.stale and self._planned != (self.request, self.corrections):
            self._replan()

    # --- questions in the background ---

    def _count(self, name: str) -> None:
        field, control = self.form.field(name), Control()
        path = field.path
        if name in self._counting:
            self._counting.pop(name).stop()
        if not path:
            field.holds = ""
            return
        field.holds = self._counted.get((name, path), _("looking…"))
        self._counting[name] = control

        def describe() -> str:
            if name == "output":
                free = self._port.free_space(path)
                return "" if free is None else _("{size} free").format(size=formatting.size(free))
            return self._port.describe_folder(path, control)

        def done(words: str) -> None:
            if field.path == path:
                field.holds = self._counted[(name, path)] = words
                self._tell(Part.FORM)

        if (name, path) not in self._counted:
            self._counter.submit(describe, done, key=f"import {name}", failed=lambda error: done(str(error)))

    def _check(self) -> None:
        request = self.request
        self._checking, self._right = bool(request.folder1 or request.folder2 or request.output), False
        if not self._checking:
            self.form.show_mistakes({})
            return

        def done(mistakes: dict[str, str]) -> None:
            self._checking = False
            self._right = not mistakes
            self.form.show_mistakes(mistakes)
            wanted, self._scan_when_checked = self._scan_when_checked, False
            self._tell(Part.FORM, Part.STATE)
            if wanted:
                self.scan()
            elif self._right:
                self._follow()

        def failed(error: Exception) -> None:
            self._checking = False
            self._say(error)
            self._tell(Part.FORM)

        self._background.submit(lambda: self._port.check_import(request), done, key="import check", failed=failed)

    def _say(self, words: object) -> None:
        self.message = str(words)
        self._tell(Part.MESSAGE)

    def _tell(self, *parts: Part) -> None:
        for part in parts:
            for watcher in list(self.watchers):
                watcher(part)
