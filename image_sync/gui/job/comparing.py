"""Comparison over the page of a job: opened and closed, drawn with the page, and which keys are heard meanwhile."""

from __future__ import annotations

import tkinter
from typing import TYPE_CHECKING

from image_sync.gui.app.keys import Command
from image_sync.inventory.thumbnail import decode

if TYPE_CHECKING:
    from image_sync.gui.compare.subject import Subject
    from image_sync.gui.compare.view import CompareView

HEARD = frozenset(
    {
        Command.STOP,
        Command.UNDO,
        Command.REDO,
        Command.NO_MATCH,
        Command.ONLY_THIS,
        Command.KEEP_ALL,
        Command.LEAVE,
        Command.BEST,
        Command.NTH,
        Command.OPEN,
        Command.REVEAL,
        Command.PAUSE,
    }
)
"""Commands that mean something while two pictures are compared; others would act on what is covered."""


class Comparing:
    """One comparison at a time, over a page."""

    def __init__(self, page: tkinter.Misc) -> None:
        self._page = page
        self.view: CompareView | None = None

    def open(self, subject: Subject) -> None:
        """Compare what a subject gives; nothing happens where it gives nothing."""
        if self.view is not None or subject.comparison is None:
            return
        from image_sync.gui.compare.view import CompareView

        self.view = CompareView(self._page, subject, decode, self._closed)
        self.view.open()

    def close(self) -> None:
        """Give the page back."""
        if self.view is not None:
            self.view.close()

    def refresh(self) -> None:
        """Another picture is chosen, or another decision made."""
        if self.view is not None:
            self.view.refresh()

    def hears(self, command: Command) -> bool:
        """Whether a command means something now."""
        return self.view is None or command in HEARD

    def _closed(self) -> None:
        self.view = None
        self._page.event_generate("<<CompareClosed>>")
