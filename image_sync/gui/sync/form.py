"""What a person chooses before two folders are compared for *sync*: the folders, deletions, what counts.

Keeps the values and turns them into a ``SyncRequest``.  Whether the folders are right is the engine's to say; this
module only keeps its words.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from image_sync.base.words import SECOND_NS
from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.organize.form import patterns
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.sync.request import DEFAULT_MAX_DELETE, Deletions, SyncRequest


def deletions_words(deletions: Deletions) -> str:
    """What becomes of a file that was deleted on one side, as the list of choices says it."""
    return {
        Deletions.ASK: _("Ask"),
        Deletions.RESTORE: _("Copy it back"),
        Deletions.PROPAGATE: _("Delete the other copy too"),
    }[deletions]


OFFERED = (Deletions.ASK, Deletions.RESTORE, Deletions.PROPAGATE)
"""In the window somebody can be asked, so that is what is offered first."""
CHOICES = ("tolerance_ns",)
"""Choices besides the folders that may be wrong; the names are those of the request."""
RARE = ("include", "exclude", "litter", "tolerance")
"""Choices that few need, by the names of the form's fields."""
REMEMBERED = (*RARE, "images_only")
"""What the next window begins with; to read every file is asked for each time."""


class SyncForm:
    """The values of the form."""

    def __init__(self, preferences: Preferences) -> None:
        self.source = FolderField("source", _("Source"))
        self.target = FolderField("target", _("Target"))
        self.deletions = OFFERED[0]
        self.images_only = False
        self.verify = False
        self.litter = False
        self.include = self.exclude = ""
        """Patterns, separated by semicolons."""
        self.tolerance = ""
        """Seconds; empty for what the two disks can tell apart."""
        self.mistakes: dict[str, str] = {}
        """What is wrong with a choice that is no folder, by its name."""
        self._usual = {name: getattr(self, name) for name in REMEMBERED}
        self._recall(preferences.syncing)
        for field in self.fields:
            field.remember(preferences.recent.get(field.name, ()))

    def _recall(self, saved: Mapping[str, object]) -> None:
        """Take what was saved where it is of the right kind."""
        for name in REMEMBERED:
            if type(saved.get(name)) is type(self._usual[name]):
                setattr(self, name, saved[name])
        if saved.get("deletions") in [deletions.value for deletions in OFFERED]:
            self.deletions = Deletions(saved["deletions"])

    @property
    def unusual(self) -> int:
        """How many of the rarer choices are other than usual."""
        return sum(1 for name in RARE if getattr(self, name) != self._usual[name])

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
        self.mistakes = {name: words for name, words in mistakes.items() if name in CHOICES}

    def request(self, *, deleted_on_purpose: bool = False) -> SyncRequest:
        """Everything that was chosen; ``deleted_on_purpose`` says that any number of files may be gone."""
        return SyncRequest(
            source=self.source.path,
            target=self.target.path,
            deletions=self.deletions,
            include=patterns(self.include),
            exclude=patterns(self.exclude),
            images_only=self.images_only,
            litter=self.litter,
            tolerance_ns=_nanoseconds(self.tolerance),
            verify=self.verify,
            max_delete=1.0 if deleted_on_purpose else DEFAULT_MAX_DELETE,
        )

    def remembered(self, preferences: Preferences) -> Preferences:
        """``preferences`` with the folders of this form first among the recent ones, and with its choices."""
        for field in self.fields:
            preferences = preferences.with_recent(field.name, field.path)
        choices = {name: getattr(self, name) for name in REMEMBERED}
        preferences = replace(preferences, syncing={**choices, "deletions": self.deletions.value})
        for field in self.fields:
            field.remember(preferences.recent.get(field.name, ()))
        return preferences


def why_compare_again(compared: SyncRequest, wanted: SyncRequest) -> str:
    """Why the table of ``compared`` says nothing about ``wanted``; empty when it does."""
    if (compared.source, compared.target) != (wanted.source, wanted.target):
        return _("Other folders: compare again.")
    if compared.deletions is not wanted.deletions:
        return _("Another choice for deleted files: compare again.")
    if _files(compared) != _files(wanted):
        return _("Another choice of files: compare again.")
    if compared.tolerance_ns != wanted.tolerance_ns:
        return _("Times are told apart otherwise: compare again.")
    return _("To read every file again, compare again.") if wanted.verify and not compared.verify else ""


def _files(request: SyncRequest) -> tuple[object, ...]:
    return request.include, request.exclude, request.images_only, request.litter


def _nanoseconds(text: str) -> int | None:
    """What is typed as seconds; what is no number can't be right, and the engine says so of a negative one."""
    try:
        return round(float(text.strip().replace(",", ".")) * SECOND_NS) if text.strip() else None
    except (ValueError, OverflowError):
        return -1
