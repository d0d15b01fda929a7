"""A field for one folder: what is typed, which path that means, what is there, what is wrong with it.

A path may hold bytes that are no text; what the field shows is ``shown(path)`` and the field remembers which path it
stands for.  No tkinter and no disk here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from image_sync.gui.widgets.drawable_text import shown


@dataclass(slots=True)
class FolderField:
    """``name`` is the request's field (``folder1``); ``holds`` says what is there, ``mistake`` what is wrong, and
    ``remark`` what will become of it."""

    name: str
    label: str
    text: str = ""
    holds: str = ""
    mistake: str = ""
    remark: str = ""
    reference: bool = False
    recent: list[str] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The path that the text stands for; empty when nothing was typed."""
        return self._path_of(self.text)

    @property
    def places(self) -> tuple[str, ...]:
        """The places that the text stands for: one, where it is not a field for several."""
        return (self.path,) if self.path else ()

    def _path_of(self, text: str) -> str:
        text = text.strip()
        if text in self._known:
            return self._known[text]
        if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
            text = text[1:-1]
        return os.path.expanduser(text)

    @property
    def choices(self) -> list[str]:
        """The recent folders as the list shows them."""
        return [shown(path) for path in self.recent]

    def remember(self, folders: Iterable[str]) -> None:
        """Offer ``folders``, newest first."""
        self.recent = list(folders)
        for path in self.recent:
            self._known[shown(path)] = path

    def take(self, other: FolderField) -> None:
        """Take over what another field holds, its mark and its mistake."""
        self.text, self.holds, self.mistake, self.remark = other.text, other.holds, other.mistake, other.remark
        self.reference = other.reference
        self._known.update(other._known)

    def pick(self, path: str) -> None:
        """Take ``path``, chosen elsewhere than by typing."""
        self.text = shown(path)
        self._known[self.text] = path

    def fill(self, places: Sequence[str]) -> None:
        """Take the first of ``places``; none empties the field."""
        self.holds = self.mistake = self.remark = ""
        if places:
            self.pick(places[0])
        else:
            self.text = ""
