"""The page *Organize* without its widgets: what was chosen, what was found, what runs, what may be pressed.

    Empty → Scanning → Review → Applying → Done (→ Undoing → Done)

The model starts jobs through the session, takes their events, and tells its watchers which part changed.  It calls
nothing slow on the window's thread: checks and new plans go through one ``Background`` in order, counts of folders
through another that may take its time.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from image_sync.control import Control
from image_sync.gui import formatting
from image_sync.gui.background import Background
from image_sync.gui.confirm_model import Confirmation, Outcome, Room, confirmation, outcome, room
from image_sync.gui.groups_model import GroupsModel
from image_sync.gui.i18n import _
from image_sync.gui.organize_form import OrganizeForm, why_scan_again
from image_sync.gui.port import EnginePort, Port
from image_sync.gui.problems_model import ProblemsModel
from image_sync.gui.progress_model import ProgressModel
from image_sync.gui.session import Session
from image_sync.model import Event, Finished, Note, OrganizeReview, ProblemFound, RunResult, RunState
from image_sync.settings import OrganizeRequest, Preferences


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
    STATE = "state"
    PROGRESS = "progress"
    GROUPS = "groups"
    MESSAGE = "message"


class Memory(Protocol):
    """Where the preferences are kept while the window is open."""

    preferences: Preferences

    def save(self, preferences: Preferences) -> None:
        """Keep these from now on."""


class OrganizeModel:
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
        self.form = OrganizeForm(memory.preferences)
        self.progress = ProgressModel()
        self.state = State.EMPTY
        self.groups: GroupsModel | None = None
        self.outcome: Outcome | None = None
        self.message = ""
        """One sentence for the user: why something failed or what just happened."""
        self.stale = ""
        """Why the review no longer fits what is chosen; empty when it does."""
        self.watchers: list[Callable[[Part], None]] = []
        self._scanned: OrganizeReview | None = None
        self._scanned_for: OrganizeRequest | None = None
        self._last_run = ""
        self._typed: set[str] = set()
        self._checking = False
        self._right = False
        self._scan_when_checked = False
        self._planning = 0
        self._counted: dict[tuple[str, str], str] = {}
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

    def set_reference(self, name: str, on: bool) -> None:
        """Mark an input folder as one that is never changed."""
        self.form.field(name).reference = on
        self.options_changed()

    def options_changed(self) -> None:
        """Check anew, and let a finished scan follow the choices where it can."""
        self._check()
        if self.state is State.REVIEW:
            self._follow()
        self._tell(Part.FORM)

    def refresh(self) -> None:
        """Look again at what the folders hold."""
        self._counted.clear()
        self._typed.clear()
        for field in self.form.fields:
            self._count(field.name)
        self._check()

    @property
    def request(self) -> OrganizeRequest:
        """What is chosen now."""
        return self.form.request(self._memory.preferences)

    # --- what may be pressed ---

    @property
    def can_scan(self) -> bool:
        """Whether Scan may be pressed."""
        return self._right and not self._typed and not self._checking and not self._session.busy and self.form.filled_in

    @property
    def can_apply(self) -> bool:
        """Whether Apply may be pressed."""
        ready = self.state is State.REVIEW and not self._session.busy
        return ready and not self.stale and not self._planning and self.groups is not None and bool(self.plan_size)

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
    def plan_size(self) -> int:
        """Operations of the present plan."""
        return len(self.groups.review.plan.operations) if self.groups else 0

    # --- what can be done ---

    def scan(self) -> None:
        """Look for groups; at once when the folders are known to be right, else as soon as they are."""
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
        if not self._session.start(self, lambda engine: engine.organize(request)):
            return
        self._memory.save(self.form.remembered(self._memory.preferences))
        self._scanned_for = request
        self._begin(State.SCANNING)

    def ask_to_apply(self, ask: Callable[[Confirmation], None]) -> None:
        """Put the question before applying together and hand it to ``ask``."""
        if not self.can_apply or self.groups is None:
            return
        review = self.groups.review

        def done(space: Room) -> None:
            if self.can_apply and self.groups is not None and self.groups.review is review:
                ask(confirmation(review.plan, space, review.partial, len(review.problems)))

        self._background.submit(
            lambda: room(review.plan, self._port.device, self._port.free_space), done, key="room", failed=self._say
        )

    def apply(self) -> None:
        """Carry out the plan that was confirmed."""
        if not self.can_apply or self.groups is None:
            return
        plan = self.groups.review.plan
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
            self.groups = self._scanned = self.outcome = None
            self.message = self.stale = ""
            self.state = State.EMPTY
            self.refresh()
            self._tell(Part.GROUPS, Part.STATE, Part.MESSAGE)

    def not_a_match(self, group: int, picture: int | None) -> None:
        """Remember that a member is no match of the best of its group, and plan anew.

        Without a ``picture`` (the group itself is selected) a group of two says clearly enough which is meant.
        """
        if self.groups is None or self.state is not State.REVIEW or self._session.busy:
            return
        members = self.groups.review.groups[group].members
        if picture is None or picture == members[0].picture:
            if len(members) != 2:
                self._say(_("Select the picture that does not belong to the best one of its group first."))
                return
            picture = members[1].picture
        best, other = self.groups.picture(members[0].picture), self.groups.picture(picture)
        self._replan(lambda engine: engine.not_a_match(best, other), key="")

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
            self.groups = self._scanned = self.outcome = None
            self.stale = ""
            self._tell(Part.GROUPS)
        self._tell(Part.FORM, Part.STATE, Part.PROGRESS, Part.MESSAGE)

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
        self._last_run = result.run
        self.outcome = outcome(result, undone=was is State.UNDOING)
        self.state = State.DONE

    def _finish_scan(self, event: Finished) -> None:
        if not isinstance(event.result, OrganizeReview):
            self.state = State.EMPTY
            if event.stopped and not event.failure:
                self.message = _("Stopped before anything was found.")
            return
        self._scanned = event.result
        self._problems.add(*event.result.problems)
        self._take_review(event.result)
        self.state = State.REVIEW
        if why_scan_again(self._scanned_for or self.request, self.request) or self._scanned_for != self.request:
            self._follow()

    # --- plans that follow the choices ---

    def _follow(self) -> None:
        if self._scanned is None or self._scanned_for is None:
            return
        self.stale = why_scan_again(self._scanned_for, self.request)
        self._tell(Part.STATE)
        if not self.stale:
            self._replan(_nothing, key="plan")

    def _replan(self, first: Callable[[EnginePort], None], key: str) -> None:
        scanned, request = self._scanned, self.request
        if scanned is None:
            return
        self._planning += 1
        number = self._planning

        def work() -> OrganizeReview:
            engine = self._session.engine
            first(engine)
            return engine.replan(scanned, request)

        def done(review: OrganizeReview) -> None:
            if number == self._planning:
                self._planning = 0
            if self._scanned is scanned and self.state is State.REVIEW and request == self.request:
                self._take_review(review)
                self._tell(Part.STATE)

        def failed(error: Exception) -> None:
            if number == self._planning:
                self._planning = 0
            self.stale = _("The plan could not be made anew: {error}").format(error=error)
            self._tell(Part.STATE)

        self._background.submit(work, done, key=key, failed=failed)
        self._tell(Part.STATE)

    def _take_review(self, review: OrganizeReview) -> None:
        self.groups = GroupsModel(review)
        self._tell(Part.GROUPS)

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

        def failed(error: Exception) -> None:
            done(str(error))

        if (name, path) not in self._counted:
            self._counter.submit(describe, done, key=name, failed=failed)

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
            self._tell(Part.FORM)
            if wanted:
                self.scan()

        def failed(error: Exception) -> None:
            self._checking = False
            self._say(error)
            self._tell(Part.FORM)

        self._background.submit(lambda: self._port.check_organize(request), done, key="check", failed=failed)

    def _say(self, words: object) -> None:
        self.message = str(words)
        self._tell(Part.MESSAGE)

    def _tell(self, *parts: Part) -> None:
        for part in parts:
            for watcher in list(self.watchers):
                watcher(part)


def _nothing(engine: EnginePort) -> None:
    """Nothing has to be done before planning anew."""
