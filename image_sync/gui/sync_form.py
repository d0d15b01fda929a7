"""What a person chooses before two folders are compared for *sync*: the folders, deletions, what counts.

Keeps the values and turns them into a ``SyncRequest``.  Whether the folders are right is the engine's to say; this
module only keeps its words.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Mapping

from image_sync.gui.folder_field import FolderField
from image_sync.gui.i18n import _
from image_sync.settings import DEFAULT_MAX_DELETE, Deletions, Preferences, SyncRequest


def deletions_words(deletions: Deletions) -> str:
    """What becomes of a file that was deleted on one side, as the list of choices says it."""
    return {
        Deletions.ASK: _("Ask"),
        Deletions.RESTORE: _("Copy it back"),
        Deletions.PROPAGATE: _("Delete the other copy too"),
    }[deletions]


OFFERED = (Deletions.ASK, Deletions.RESTORE, Deletions.PROPAGATE)
"""In the window somebody can be asked, so that is what is offered first."""


class SyncForm:
    """The values of the form."""

    def __init__(self, preferences: Preferences) -> None:
        self.source = FolderField("source", _("Source"))
        self.target = FolderField("target", _("Target"))
        self.deletions = OFFERED[0]
        self.images_only = False
        self.verify = False
        for field in self.fields:
            field.remember(preferences.recent.get(field.name, ()))

    @property
    def fields(self) -> tuple[FolderField, FolderField]:
        """The two folders."""
        return self.source, self.target

    @property
    def filled_in(self) -> bool:
        """Whether both folders were given."""
        return all(field.path for field in self.fields)

    def field(self, name: str) -> FolderField:
        """The folder field of that name."""
        return next(field for field in self.fields if field.name == name)

    def show_mistakes(self, mistakes: Mapping[str, str]) -> None:
        """Keep what is wrong with each folder; an empty folder that nobody touched is no mistake yet."""
        for field in self.fields:
            field.mistake = mistakes.get(field.name, "") if field.text.strip() else ""

    def request(self, *, deleted_on_purpose: bool = False) -> SyncRequest:
        """Everything that was chosen; ``deleted_on_purpose`` says that any number of files may be gone."""
        return SyncRequest(
            source=self.source.path,
            target=self.target.path,
            deletions=self.deletions,
            images_only=self.images_only,
            verify=self.verify,
            max_delete=1.0 if deleted_on_purpose else DEFAULT_MAX_DELETE,
        )

    def remembered(self, preferences: Preferences) -> Preferences:
        """``preferences`` with the folders of this form first among the recent ones."""
        for field in self.fields:
            preferences = preferences.with_recent(field.name, field.path)
        for field in self.fields:
            field.remember(preferences.recent.get(field.name, ()))
        return preferences


def why_compare_again(compared: SyncRequest, wanted: SyncRequest) -> str:
    """Why the table of ``compared`` says nothing about ``wanted``; empty when it does."""
    if (compared.source, compared.target) != (wanted.source, wanted.target):
        return _("Other folders: compare again.")
    if compared.deletions is not wanted.deletions:
        return _("Another choice for deleted files: compare again.")
    if compared.images_only is not wanted.images_only:
        return _("Another choice of files: compare again.")
    return _("To read every file again, compare again.") if wanted.verify and not compared.verify else ""
