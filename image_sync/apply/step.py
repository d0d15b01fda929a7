"""One step of a run, and what it is carried out with: the ground, whom to tell and to ask, the names for its files.

Everything that prepares, does, settles or undoes one operation works on these values.  Nothing here knows an action.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from image_sync.apply import file_ops
from image_sync.apply.folders import PathGuard
from image_sync.apply.records import Intent, Mark, Result
from image_sync.apply.words import Trouble
from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.model import Operation, Outcome
from image_sync.base.progress import Reporter


@dataclass(frozen=True, slots=True)
class Step:
    """An operation and what was noted before it."""

    operation: Operation
    intent: Intent

    @property
    def version(self) -> str:
        """Place of the earlier file.  Raises ``Trouble`` when there is no such place."""
        if not self.intent.version:
            raise Trouble("there is no place where the earlier file could be kept", "Choose a folder that holds it.")
        return self.intent.version

    def done(self, left: Mark | None = None, kept: Mark | None = None, already: bool = False) -> Result:
        """Its result: it was done; ``left`` is the file that it put in its place, ``kept`` the earlier one."""
        return Result(
            self.intent.number, Outcome.DONE, left, self.intent.version if kept else "", kept, already=already
        )


@dataclass(slots=True)
class StepTools:
    """Context of every operation: whom to tell and to ask, the guarded paths, and which disks were found full.

    ``sums`` takes the SHA-256 of what is copied, by temporary name, where somebody wants to know them.  ``back`` are
    the files that an undo put back, by path: what was moved twice lies there with another inode than it had before.
    """

    ground: PathGuard
    reporter: Reporter
    control: Control
    mark: str = ""
    current: str = ""
    untold: int = 0
    full: set[int] = field(default_factory=set)
    sums: dict[str, str] | None = None
    back: dict[str, Mark] = field(default_factory=dict)

    def checkpoint(self) -> None:
        """Pause here, or raise ``Stopped``."""
        self.control.checkpoint()

    def begin(self, path: str, size: int) -> None:
        """The work on ``path`` begins, of ``size`` bytes."""
        self.current, self.untold = path, size
        self.ground.made = []

    def moved(self, size: int) -> None:
        """Tell of ``size`` more bytes."""
        told = min(size, self.untold)
        self.untold -= told
        self.reporter.advance(0, told, self.current)

    def finish(self) -> None:
        """The work on it ended: one item more, with the bytes that were not told yet."""
        self.reporter.advance(1, self.untold, self.current)
        self.untold = 0

    def temporary(self, target: str, number: int) -> str:
        """The temporary name for ``target`` beside it."""
        return file_ops.temporary(paths.parent(target), self.ground.run, number, self.mark)
