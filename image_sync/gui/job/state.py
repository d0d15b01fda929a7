"""State of a job's page, which part of it changed, and what its model needs of forms, reviews and preferences.

Values and protocols only; what is done with them is in ``model``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Protocol

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.preferences import Preferences

OUTPUT = "output"
"""The name of a field beside which free space counts, not pictures."""


class State(Enum):
    """State of a page."""

    EMPTY = "empty"
    SCANNING = "scanning"
    REVIEW = "review"
    APPLYING = "applying"
    UNDOING = "undoing"
    DONE = "done"


WORKING = (State.SCANNING, State.APPLYING, State.UNDOING)


class Part(Enum):
    """Part that changed; a watcher redraws that part only."""

    FORM = "form"
    ROWS = "rows"
    STATE = "state"
    PROGRESS = "progress"
    MESSAGE = "message"


class Memory(Protocol):
    """Keeper of the preferences while the window is open."""

    preferences: Preferences

    def save(self, preferences: Preferences) -> None:
        """Keep these from now on."""


class Form(Protocol):
    """Form: everything that is chosen before a scan."""

    @property
    def fields(self) -> Sequence[FolderField]:
        """The folders."""

    @property
    def filled_in(self) -> bool:
        """Whether every folder was given that must be."""

    def field(self, name: str) -> FolderField:
        """The folder field of that name."""

    def show_mistakes(self, mistakes: Mapping[str, str]) -> None:
        """Keep what is wrong with each choice, in words."""

    def remembered(self, preferences: Preferences) -> Preferences:
        """``preferences`` with what this form would remember of a scan."""
