"""The runs of the past as the window lists them, and what can be done with each.

Asks the engine in the background, since journals lie on a disk.  No tkinter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from image_sync.base.events import Event, Finished, ProblemFound
from image_sync.base.model import RunResult, RunState, RunSummary
from image_sync.gui.job.confirm_model import CardContent, outcome
from image_sync.gui.job.engine_link import EngineLink
from image_sync.gui.job.problems_model import ProblemsModel
from image_sync.gui.job.progress_model import ProgressModel
from image_sync.gui.job.roles import role_words
from image_sync.gui.pages.steps_model import StepsModel
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.wording import of_error, worded
from image_sync.jobs import registry

_logger = logging.getLogger(__name__)


def state_words(state: RunState) -> str:
    """Words for the state of a run."""
    return {
        RunState.RUNNING: _("running"),
        RunState.FINISHED: _("finished"),
        RunState.STOPPED: _("stopped"),
        RunState.INTERRUPTED: _("interrupted"),
        RunState.UNDONE: _("undone"),
        RunState.PARTLY_UNDONE: _("partly undone"),
        RunState.UNREADABLE: _("can't be read"),
    }[state]


def job_words(job: str) -> str:
    """Words for a job."""
    return shown(_(registry.title(job)))


def cells(run: RunSummary) -> tuple[str, ...]:
    """Cells of a run: when, what, state, how much, problems and folders."""
    return (
        formatting.moment(run.started),
        job_words(run.job),
        state_words(run.state),
        _("{done} of {total}").format(done=formatting.count(run.done), total=formatting.count(run.total)),
        formatting.size(run.size),
        formatting.count(run.problems),
        " · ".join(f"{role_words(role)}: {shown(root)}" for role, root in run.roots.items() if root),
    )


def details(run: RunSummary) -> str:
    """Details that a row has no room for: all folders, and the name that the command line knows the run by."""
    folders = [f"{role_words(role)}: {shown(root)}" for role, root in run.roots.items() if root]
    trouble = [_("Its journal can't be read: {why}.").format(why=worded(run.trouble))] if run.trouble else []
    return "\n".join((*trouble, *folders, _("Run: {name}").format(name=run.run)))


class HistoryModel:
    """The list of runs, the chosen one, and the undo or resume that runs."""

    def __init__(self, engine_link: EngineLink, background: Background, problems: ProblemsModel) -> None:
        self._engine_link = engine_link
        self._background = background
        self._problems = problems
        self.progress = ProgressModel()
        self.runs: tuple[RunSummary, ...] = ()
        self.outcome: CardContent | None = None
        self.outcome_of = ""
        """The run that was undone or gone on with last."""
        self.failure = ""
        self.working = False
        self._undoing = False
        self.watchers: list[Callable[[], None]] = []
        self.steps = StepsModel(background, self._tell)
        """The steps of the run that is chosen."""

    def refresh(self) -> None:
        """Read the list anew."""
        self._background.submit(
            lambda: self._engine_link.engine.history(), self._take, key="history", failed=self._failed
        )

    def run(self, name: str) -> RunSummary | None:
        """The run of that name."""
        return next((run for run in self.runs if run.run == name), None)

    @property
    def interrupted(self) -> RunSummary | None:
        """The newest run that a crash or a power cut left unfinished, or cut off in its undo."""
        return next((run for run in self.runs if run.cut_off or run.state is RunState.INTERRUPTED), None)

    def can_undo(self, run: RunSummary | None) -> bool:
        """Whether the run can be undone now."""
        return run is not None and not self._engine_link.busy and run.can_be_undone

    def can_resume(self, run: RunSummary | None) -> bool:
        """Whether the run can be gone on with now."""
        return run is not None and not self._engine_link.busy and run.can_be_resumed

    def undo(self, name: str) -> None:
        """Bring everything of that run back."""
        self._start(undoing=True, name=name)

    def resume(self, name: str) -> None:
        """Go on with that run."""
        self._start(undoing=False, name=name)

    def handle(self, event: Event) -> None:
        """An event of the undo or resume that this list started."""
        match event:
            case Finished():
                self._finish(event)
            case ProblemFound(problem):
                self._problems.add(problem)
                self.progress.handle(event)
            case _:
                self.progress.handle(event)
        self._tell()

    def _start(self, undoing: bool, name: str) -> None:
        self._undoing = undoing
        started = self._engine_link.start(self, lambda engine: engine.undo(name) if undoing else engine.resume(name))
        if started:
            _logger.info("Asked to %s %s", "undo" if undoing else "resume", name)
            self.outcome_of = name
            self._problems.clear()
            self.progress.reset()
            self.outcome, self.failure, self.working = None, "", True
            self._tell()

    def _finish(self, event: Finished) -> None:
        self.working = False
        self.failure = worded(event.failure)
        if isinstance(event.result, RunResult):
            self._problems.add(*event.result.problems)
            self.outcome = outcome(event.result, undone=self._undoing)
        self.refresh()

    def _take(self, runs: tuple[RunSummary, ...]) -> None:
        self.runs = runs
        self._tell()

    def _failed(self, error: Exception) -> None:
        self.failure = _("The list of runs can't be read: {error}").format(error=of_error(error))
        self._tell()

    def _tell(self) -> None:
        for watcher in list(self.watchers):
            watcher()
