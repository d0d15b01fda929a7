"""Progress on the error stream: a bar on a terminal, a plain line now and then anywhere else.

A view is handed the engine's events by the one loop that reads them; it starts nothing and asks nothing.  ``rich`` is
loaded here alone, and only for the bar.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from image_sync.base import paths, words
from image_sync.base.events import Progress, StageBegan
from image_sync.cli.terminal import Console

if TYPE_CHECKING:
    from rich.console import RenderableType

LINE_EVERY = 5.0
"""Seconds between two plain lines of one stage."""
_NARROWEST_BAR = 6


class View(Protocol):
    """View of one job's progress."""

    def began(self, stage: StageBegan) -> None:
        """Another stage begins."""

    def progress(self, snapshot: Progress) -> None:
        """The running stage is this far."""

    def say(self, text: str) -> None:
        """A line that must be seen while the job runs."""

    def close(self) -> None:
        """The job has ended; leave the terminal as it was."""


def view_for(console: Console) -> View:
    """The view that fits where the words go."""
    if console.quiet:
        return SilentView(console)
    return BarView(console) if console.draws else LineView(console)


def figures(snapshot: Progress, room: int | None = None) -> str:
    """``13,871 of 22,394 · 1.5 GiB of 2.5 GiB · 412/s · about 20 s left``, as far as it is known.

    Where ``room`` (in characters) is short the bytes go first, then the rate, then the time left.
    """
    parts = {
        "items": _of(f"{snapshot.done:,}", f"{snapshot.total:,}" if snapshot.total is not None else ""),
        "bytes": _bytes(snapshot),
        "rate": words.rate(snapshot.rate) if snapshot.rate > 0 else "",
        "left": _left(snapshot),
    }
    for least in ("", "bytes", "rate", "left"):
        parts.pop(least, None)
        text = " · ".join(part for part in parts.values() if part)
        if room is None or len(text) <= room:
            break
    return text


def troubles(snapshot: Progress) -> str:
    """``2 problems``; an empty string while there is none."""
    return words.count(snapshot.problems, "problem") if snapshot.problems else ""


def _bytes(snapshot: Progress) -> str:
    if not snapshot.bytes_total:
        return ""
    return _of(words.size(snapshot.bytes_done), words.size(snapshot.bytes_total))


def _left(snapshot: Progress) -> str:
    if snapshot.seconds_left is None or snapshot.done == snapshot.total:
        return ""
    return words.left(snapshot.seconds_left)


def _of(done: str, total: str) -> str:
    return f"{done} of {total}" if total else done


class SilentView:
    """Nothing of the progress; what must be seen all the same."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def began(self, stage: StageBegan) -> None:
        """Say nothing."""

    def progress(self, snapshot: Progress) -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Say it on the error stream."""
        self._console.warn(text)

    def close(self) -> None:
        """Nothing to put back."""


class LineView(SilentView):
    """One line when a stage begins and one every few seconds while it lasts, for logs and pipes."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(console)
        self._clock = clock
        self._last = clock()

    def began(self, stage: StageBegan) -> None:
        """Say which stage begins, and how much there is to do."""
        self._last = self._clock()
        total = f" ({stage.total:,})" if stage.total else ""
        self._console.warn(f"[{stage.number}/{stage.of}] {stage.stage.value}{total}")

    def progress(self, snapshot: Progress) -> None:
        """Say how far it is, if the last line is old enough."""
        now = self._clock()
        if now - self._last >= LINE_EVERY:
            self._last = now
            self._console.warn("      " + " · ".join(filter(None, (figures(snapshot), troubles(snapshot)))))


class BarView:
    """The running stage as a bar, below it the file in hand; gone without a trace when the job has ended."""

    def __init__(self, console: Console) -> None:
        from rich.console import Console as RichConsole
        from rich.live import Live

        self._rich = RichConsole(file=console.error_stream, highlight=False, markup=False, emoji=False)
        self._stage: StageBegan | None = None
        self._snapshot: Progress | None = None
        self._live = Live(
            get_renderable=self._draw,
            console=self._rich,
            transient=True,
            refresh_per_second=10,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._live.start()

    def began(self, stage: StageBegan) -> None:
        """Start the bar of the next stage."""
        self._stage, self._snapshot = stage, None

    def progress(self, snapshot: Progress) -> None:
        """Remember how far it is; the next frame shows it."""
        self._snapshot = snapshot

    def say(self, text: str) -> None:
        """Say it above the bar."""
        from rich.text import Text

        self._rich.print(Text(text))

    def close(self) -> None:
        """Wipe the bar away."""
        self._live.stop()

    def _draw(self) -> RenderableType:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        stage, snapshot = self._stage, self._snapshot
        if stage is None:
            return Text("")
        title = f"{stage.stage.value} {stage.number}/{stage.of}"
        width = self._rich.width
        numbers = figures(snapshot, width - len(title) - _NARROWEST_BAR - 2) if snapshot else ""
        total = snapshot.total if snapshot else stage.total
        row = Table.grid(padding=(0, 1), expand=True)
        row.add_column(no_wrap=True)
        row.add_column(ratio=1)
        row.add_column(no_wrap=True)
        bar = ProgressBar(total=total, completed=snapshot.done if snapshot else 0, pulse=not total)
        row.add_row(Text(title, style="bold"), bar, Text(numbers))
        return Group(row, Text(_below(snapshot, width) if snapshot else "", style="dim", no_wrap=True))


def _below(snapshot: Progress, width: int) -> str:
    """The line below the bar: problems so far, and the file in hand."""
    trouble = troubles(snapshot)
    before = f"{trouble} · " if trouble and snapshot.current else trouble
    return before + shortened(paths.display(snapshot.current), width - len(before) - 1)


def shortened(path: str, width: int) -> str:
    """The end of ``path``, at most ``width`` terminal cells wide, with an ellipsis where it was cut."""
    from rich.cells import cell_len

    if cell_len(path) <= width:
        return path
    start = len(path)
    room = width - 1
    while start > 0 and (room := room - cell_len(path[start - 1])) >= 0:
        start -= 1
    return "…" + path[start:]
