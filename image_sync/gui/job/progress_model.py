"""Progress in words and shares: from the engine's events to what the progress bar and its texts say.

No tkinter; a page feeds it events and draws its properties.
"""

from __future__ import annotations

from image_sync.base.events import Event, ProblemFound, Progress, Stage, StageBegan
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shortened
from image_sync.gui.widgets.i18n import _

PATH_LIMIT = 90


def stage_words(stage: Stage) -> str:
    """The name of a stage for the user."""
    return {
        Stage.TAKE_OVER: _("Bringing what is known up to date"),
        Stage.SCAN: _("Looking for files"),
        Stage.MEASURE: _("Reading pictures"),
        Stage.MATCH: _("Comparing"),
        Stage.VERIFY: _("Checking matches"),
        Stage.DETAIL: _("Comparing in detail"),
        Stage.PLAN: _("Planning"),
        Stage.APPLY: _("Applying"),
        Stage.UNDO: _("Undoing"),
    }[stage]


class ProgressModel:
    """The progress of one job; ``reset`` begins a new one."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget the job before."""
        self._began: StageBegan | None = None
        self._snapshot: Progress | None = None
        self._current = ""
        self._found = 0
        self.problems = 0

    def handle(self, event: Event) -> None:
        """Take in one event; the end of a job is not of interest here."""
        match event:
            case StageBegan():
                self._began, self._snapshot, self._current = event, None, ""
            case Progress():
                if self._began is None or event.stage is self._began.stage:
                    self._snapshot = event
                self._current = event.current or self._current
                self.problems = max(self.problems, event.problems)
            case ProblemFound():
                self._found += 1
                self.problems = max(self.problems, self._found)

    @property
    def total(self) -> int | None:
        """Items of the stage, when known."""
        if self._snapshot is not None and self._snapshot.total is not None:
            return self._snapshot.total
        return self._began.total if self._began else None

    @property
    def share(self) -> float | None:
        """Share of the stage that is done, 0-1; ``None`` when nobody knows."""
        if self._snapshot is None:
            return 0.0 if self.total else None
        if self._snapshot.bytes_total:
            return min(1.0, self._snapshot.bytes_done / self._snapshot.bytes_total)
        return min(1.0, self._snapshot.done / self.total) if self.total else None

    @property
    def overall(self) -> float:
        """Share of all stages that is done, each counted alike, 0-1."""
        if self._began is None:
            return 0.0
        return min(1.0, (self._began.number - 1 + (self.share or 0.0)) / max(self._began.of, 1))

    @property
    def stage(self) -> str:
        """``Reading pictures · 2 of 4``."""
        if self._began is None:
            return _("Beginning")
        words = stage_words(self._began.stage)
        if self._began.of == 1:
            return words
        return _("{stage} · {number} of {of}").format(stage=words, number=self._began.number, of=self._began.of)

    @property
    def counts(self) -> str:
        """``13,871 of 22,394 · 1.2 GiB of 3.0 GiB``."""
        snapshot = self._snapshot
        if snapshot is None:
            return ""
        parts = [formatting.count(snapshot.done)]
        if self.total is not None:
            parts = [_("{done} of {total}").format(done=parts[0], total=formatting.count(self.total))]
        if snapshot.bytes_total:
            done, total = formatting.size(snapshot.bytes_done), formatting.size(snapshot.bytes_total)
            parts.append(_("{done} of {total}").format(done=done, total=total))
        return " · ".join(parts)

    @property
    def speed(self) -> str:
        """``412/s · ~20 s left``."""
        if self._snapshot is None:
            return ""
        parts = [formatting.rate(self._snapshot.rate), formatting.time_left(self._snapshot.seconds_left)]
        return " · ".join(part for part in parts if part)

    @property
    def current(self) -> str:
        """The path in hand, cut to fit."""
        return shortened(self._current, PATH_LIMIT) if self._current else ""

    @property
    def title(self) -> str:
        """Words of the title bar: ``62 % Reading pictures``."""
        words = stage_words(self._began.stage) if self._began else _("Beginning")
        return f"{formatting.percent(self.share)} {words}" if self.share is not None else words
