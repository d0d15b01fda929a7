"""A field for several places, folders and archives, one behind the other with semicolons.  No tkinter and no disk."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.widgets.drawable_text import shown

BETWEEN = "; "
_SPLIT = re.compile(r";\s*(?=[/~\"'\\]|[A-Za-z]:[/\\])")
"""A semicolon before the beginning of a path: a name may hold one too."""


@dataclass(slots=True)
class PlacesField(FolderField):
    """A ``FolderField`` whose text may name several places; ``path`` is the first."""

    @property
    def path(self) -> str:
        """The first place; empty when nothing was typed."""
        return next(iter(self.places), "")

    @property
    def places(self) -> tuple[str, ...]:
        """The places that the text stands for."""
        text = self.text.strip()
        parts = [text] if text in self._known else _SPLIT.split(text)
        return tuple(path for part in parts if (path := self._path_of(part)))

    def add(self, places: Iterable[str]) -> None:
        """Take ``places``, chosen elsewhere than by typing, besides those that are there already."""
        found = list(dict.fromkeys((*self.places, *places)))
        for path in found:
            self._known[shown(path)] = path
        self.text = BETWEEN.join(map(shown, found))

    def fill(self, places: Sequence[str]) -> None:
        """Take ``places`` instead of what is there."""
        self.holds = self.mistake = self.remark = self.text = ""
        self.add(places)
