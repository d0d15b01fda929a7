"""The steps of the chosen run as the page *History* lists them: read in the background, searched as one types.

No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from image_sync.base import paths
from image_sync.base.model import Action, RunSummary
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.drawable_text import shortened, shown
from image_sync.gui.widgets.i18n import _, ngettext

if TYPE_CHECKING:
    from image_sync.apply.replay import RunStep
    from image_sync.apply.versions import Kept

Cells = tuple[str, str, str, str]
LONGEST = 56
"""Characters of a path that a column has room for in a window of the usual size."""


def action_word(action: Action) -> str:
    """One word, or few, for what a step does."""
    return {
        Action.MOVE: _("Move"),
        Action.COPY: _("Copy"),
        Action.LINK: _("Link"),
        Action.REPLACE_WITH_LINK: _("Replace by a link"),
        Action.UPDATE: _("Update"),
        Action.SET_ASIDE: _("Set aside"),
        Action.MAKE_FOLDER: _("Make folder"),
        Action.REMOVE_FOLDER: _("Remove folder"),
        Action.CONVERT: _("Convert"),
        Action.REWRITE: _("Write date"),
        Action.MERGE: _("Merge"),
        Action.PERMIT: _("Permissions"),
        Action.EXTRACT: _("Unpack"),
    }[action]


def state_word(step: RunStep) -> str:
    """Words for what became of a step; of one that failed, why."""
    from image_sync.apply.replay import StepState

    if step.problem is not None:
        return shown(": ".join(part for part in (step.problem.what, step.problem.why) if part))
    return {
        StepState.DONE: _("done"),
        StepState.TAKEN_BACK: _("taken back"),
        StepState.FAILED: _("failed"),
        StepState.LEFT_OUT: _("left out"),
        StepState.UNCLEAR: _("cut off in the middle"),
    }[step.state]


def cells(step: RunStep, roots: Sequence[str] = ()) -> Cells:
    """Cells of a step: what, which file, where to, what became of it; paths begin with the name of their root."""
    source, destination = step.source, step.destination
    return (
        action_word(step.action),
        _below(source or destination, roots),
        _below(destination, roots) if source and destination != source else "",
        state_word(step),
    )


def _below(path: str, roots: Sequence[str]) -> str:
    """A path below the name of its root, cut in the middle where it is long: its own name is what counts."""
    root = max((root for root in roots if paths.is_inside(path, root)), key=len, default="")
    return shortened(paths.join(paths.name(root), path[len(root) :].lstrip("/\\")) if root else path, LONGEST)


class StepsModel:
    """The steps of one run; ``changed`` is called when other ones are to be shown."""

    def __init__(self, background: Background, changed: Callable[[], None]) -> None:
        self._background, self._changed = background, changed
        self.visible: Sequence[RunStep] = ()
        """The steps that are looked for, in the order of the plan."""
        self.trouble = ""
        self.query = ""
        self._steps: Sequence[RunStep] = ()
        self._kept: Sequence[Kept] = ()
        self._of: tuple[str, object, int] | None = None
        self._roots: Sequence[str] = ()
        self._reading = False

    def show(self, run: RunSummary | None) -> None:
        """Show the steps of a run, or none; those of a run that went on meanwhile are read anew."""
        wanted = None if run is None else (run.run, run.state, run.done)
        if wanted == self._of:
            return
        self._of, self._steps, self._kept, self.trouble = wanted, (), (), ""
        self._reading = run is not None
        self._roots = [root.rstrip("/") for root in run.roots.values() if root.rstrip("/")] if run is not None else ()
        self._search()
        if run is None:
            return
        name, roots = run.run, tuple(filter(None, run.roots.values()))

        def work() -> tuple[Sequence[RunStep], Sequence[Kept]]:
            from image_sync.apply import journal, replay, versions

            return tuple(replay.steps(journal.load(name))), versions.kept_by(name, roots)

        def done(found: tuple[Sequence[RunStep], Sequence[Kept]]) -> None:
            self._reading = False
            self._steps, self._kept = found
            self._search()

        def failed(error: Exception) -> None:
            self._reading = False
            self.trouble = str(error)
            self._search()

        self._background.submit(work, done, key="steps", failed=failed)

    def search(self, text: str) -> None:
        """Look for steps whose words or paths have all words of ``text`` in them."""
        if text != self.query:
            self.query = text
            self._search()

    @property
    def headline(self) -> str:
        """Number of the steps that are shown, and of all."""
        if self._reading:
            return _("Steps: reading…")
        if self._of is None or self.trouble:
            return self.trouble
        number, all_of_them = len(self.visible), len(self._steps)
        if number != all_of_them:
            words = _("{shown} of {all} steps")
            return words.format(shown=formatting.count(number), all=formatting.count(all_of_them))
        return ngettext("{count} step", "{count} steps", number).format(count=formatting.count(number))

    @property
    def kept_words(self) -> str:
        """Words for the room that earlier versions of the run's files take; empty when there are none."""
        files, size = sum(one.files for one in self._kept), sum(one.size for one in self._kept)
        if not files:
            return ""
        words = ngettext(
            "Earlier versions that it keeps: {count} file, {size}",
            "Earlier versions that it keeps: {count} files, {size}",
            files,
        )
        return words.format(count=formatting.count(files), size=formatting.size(size))

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Number and cells of each step that is looked for."""
        roots = self._roots
        return ((step.number, cells(step, roots)) for step in self.visible)

    def path_of(self, number: int) -> str:
        """Path of the file of a step: where it went, or where it came from if the step was taken back."""
        from image_sync.apply.replay import StepState

        step = next((one for one in self._steps if one.number == number), None)
        if step is None:
            return ""
        there = step.destination if step.state is StepState.DONE else step.source
        return there or step.destination or step.source

    def _search(self) -> None:
        words = [paths.folded(word) for word in self.query.split()]
        if words:
            self.visible = [step for step in self._steps if _matches(step, words)]
        else:
            self.visible = self._steps
        self._changed()


def _matches(step: RunStep, words: Sequence[str]) -> bool:
    told = (action_word(step.action), state_word(step), step.source, step.destination)
    text = paths.folded(" ".join(map(shown, told)))
    return all(word in text for word in words)
