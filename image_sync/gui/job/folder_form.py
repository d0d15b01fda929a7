"""What the forms of all jobs have in common: fields for folders, and what is wrong with them.

No tkinter, and no disk: whether a folder is right is the engine's to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from image_sync.gui.job.folder_field import FolderField


class FolderForm:
    """A form of ``fields``; those named in ``optional`` may stay empty."""

    optional: tuple[str, ...] = ()

    @property
    def fields(self) -> Sequence[FolderField]:
        """The folders, in their order."""
        raise NotImplementedError

    @property
    def filled_in(self) -> bool:
        """Whether every folder was given that must be."""
        return all(field.path for field in self.fields if field.name not in self.optional)

    def field(self, name: str) -> FolderField:
        """The folder field of that name."""
        return next(field for field in self.fields if field.name == name)

    def show_mistakes(self, mistakes: Mapping[str, str]) -> None:
        """Keep what is wrong with each folder; an empty folder that nobody touched is no mistake yet."""
        for field in self.fields:
            field.mistake = mistakes.get(field.name, "") if field.text.strip() else ""
