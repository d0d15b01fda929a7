"""State of a job's page, which part of it changed, and what its model needs of forms, reviews and preferences.

Values and protocols only; what is done with them is in ``model``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Protocol

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

    CHOICES = "choices"
    """All of them at once, by a preset or a review that was opened."""
    FORM = "form"
    ROWS = "rows"
    STATE = "state"
    PROGRESS = "progress"
    MESSAGE = "message"


SHOWN = tuple(part for part in Part if part is not Part.CHOICES)
"""All that is drawn anew as it is; the choices are made anew."""


class Memory(Protocol):
    """Keeper of the preferences while the window is open."""

    preferences: Preferences

    def save(self, preferences: Preferences) -> None:
        """Keep these from now on."""


class Form(Protocol):
    """Form: everything that is chosen before a scan."""

    request_type: type[Any]
    """The class of the request."""
    mistakes: dict[str, str]
    """What is wrong with a choice that is no folder, by its name."""

    @property
    def fields(self) -> Sequence[FolderField]:
        """The folders."""

    @property
    def missing(self) -> str:
        """Label of the first folder that must be given and was not."""

    @property
    def beside_words(self) -> str:
        """Words for the choices that hold though no widget shows them."""

    def field_for_drop(self, alone: bool) -> str:
        """The field that a folder goes to which was dropped beside all of them."""

    def take(self, values: Mapping[str, Any]) -> None:
        """Take the values of a preset or a review."""

    def preset_values(self, request: Any) -> dict[str, Any]:
        """The values of ``request`` that a preset tells."""

    @property
    def filled_in(self) -> bool:
        """Whether every folder was given that must be."""

    def field(self, name: str) -> FolderField:
        """The folder field of that name."""

    def show_mistakes(self, mistakes: Mapping[str, str]) -> None:
        """Keep what is wrong with each choice, in words."""

    def remembered(self, preferences: Preferences) -> Preferences:
        """``preferences`` with what this form would remember of a scan."""
