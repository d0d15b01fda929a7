"""What a person chooses before photos are imported: the folders, what becomes of the files, what counts as a date.

Keeps the values and turns them into an ``ImportRequest``.  Whether the folders are right is the engine's to say; this
module only keeps its words.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.folder_form import FolderForm
from image_sync.gui.organize.form import patterns
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.photo_import.request import (
    DEFAULT_CROWDED,
    DEFAULT_IGNORED,
    DEFAULT_PREFIX,
    DEFAULT_SMALL,
    ImportRequest,
)
from image_sync.jobs.transfer import Transfer

OFFERED = (Transfer.MOVE, Transfer.COPY)
SEPARATOR = "; "
OPTIONAL = "folder2"
CHOICES = ("transfer", "small", "zone", "crowded", "prefix")
"""Choices besides the folders that may be wrong; the names are those of the request."""
RARE = ("use_mtime", "by_name", "audit", "crowded", "ignored", "prefix")
"""Choices that few need, by the names of the form's fields."""
REMEMBERED = (*RARE, "small", "small_limit", "convert", "set_dates", "flat_dates", "live_together", "zone")
"""What the next window begins with; to judge duplicates again is asked for each time."""


def transfer_words(transfer: Transfer) -> str:
    """What becomes of the input's files, as the buttons say it."""
    return {Transfer.MOVE: _("Move"), Transfer.COPY: _("Copy")}[transfer]


def transfer_meaning(transfer: Transfer) -> str:
    """The same, at length."""
    return {
        Transfer.MOVE: _("Pictures go into the library and leave the input. What is there twice is set aside."),
        Transfer.COPY: _("The input stays as it is. What the library has already is not copied."),
    }[transfer]


def local_zone() -> str:
    """What the field for the time zone says for that of the computer."""
    return _("this computer's")


class ImportForm(FolderForm):
    """The values of the form.  ``small_limit`` counts only with ``small``; an empty ``zone`` is the computer's too."""

    optional = (OPTIONAL,)

    def __init__(self, preferences: Preferences) -> None:
        self.folder1 = FolderField("folder1", _("Import from"))
        self.folder2 = FolderField("folder2", _("And from"))
        self.output = FolderField("output", _("Library"))
        self.transfer = Transfer.MOVE
        self.small = False
        self.small_limit = str(DEFAULT_SMALL)
        self.convert = self.set_dates = self.flat_dates = self.live_together = False
        self.use_mtime = self.by_name = self.rejudge = False
        self.audit = True
        self.zone = local_zone()
        self.ignored = SEPARATOR.join(DEFAULT_IGNORED)
        self.prefix = DEFAULT_PREFIX
        self.crowded = str(DEFAULT_CROWDED)
        self._usual = {name: getattr(self, name) for name in REMEMBERED}
        self._recall(preferences.importing)
        self.mistakes: dict[str, str] = {}
        """What is wrong with a choice that is no folder, by its name."""
        for field in self.fields:
            field.remember(preferences.recent.get(_memory_of(field), ()))

    def _recall(self, saved: Mapping[str, object]) -> None:
        """Take what was saved where it is of the right kind."""
        for name in REMEMBERED:
            if type(saved.get(name)) is type(self._usual[name]):
                setattr(self, name, saved[name])
        self.zone = self.zone or local_zone()
        if saved.get("transfer") in [transfer.value for transfer in OFFERED]:
            self.transfer = Transfer(saved["transfer"])

    @property
    def unusual(self) -> int:
        """How many of the rarer choices are other than usual."""
        return sum(1 for name in RARE if getattr(self, name) != self._usual[name]) + self.rejudge

    @property
    def fields(self) -> tuple[FolderField, FolderField, FolderField]:
        """The folders; the second may stay empty."""
        return self.folder1, self.folder2, self.output

    def show_mistakes(self, mistakes: Mapping[str, str]) -> None:
        """Keep what is wrong; an empty folder that nobody touched is no mistake yet."""
        super().show_mistakes(mistakes)
        self.mistakes = {name: words for name, words in mistakes.items() if name in CHOICES}

    def request(self, preferences: Preferences) -> ImportRequest:
        """Everything that was chosen, here and in the settings."""
        return ImportRequest(
            folder1=self.folder1.path,
            output=self.output.path,
            folder2=self.folder2.path,
            transfer=self.transfer,
            small=_number(self.small_limit) if self.small else 0,
            convert=self.convert,
            set_dates=self.set_dates,
            zone="" if self.zone.strip() == local_zone() else self.zone.strip(),
            use_mtime=self.use_mtime,
            flat_dates=self.flat_dates,
            live_together=self.live_together,
            by_name=self.by_name,
            ignored=patterns(self.ignored),
            prefix=self.prefix.strip(),
            audit=self.audit,
            crowded=_number(self.crowded) if self.audit else DEFAULT_CROWDED,
            rejudge=self.rejudge,
            exclude=patterns(preferences.exclude),
            include=patterns(preferences.include),
        )

    def remembered(self, preferences: Preferences) -> Preferences:
        """``preferences`` with the folders of this form first among the recent ones, and with its choices."""
        for field in self.fields:
            if field.path:
                preferences = preferences.with_recent(_memory_of(field), field.path)
        choices = {name: getattr(self, name) for name in REMEMBERED}
        # What stands for this computer's zone is in the language of the day.
        choices["zone"] = self.request(preferences).zone
        preferences = replace(preferences, importing={**choices, "transfer": self.transfer.value})
        for field in self.fields:
            field.remember(preferences.recent.get(_memory_of(field), ()))
        return preferences


def why_scan_again(scanned: ImportRequest, wanted: ImportRequest) -> str:
    """Why ``wanted`` needs a new scan after one for ``scanned``; empty when the plan can follow at once."""
    folders = (scanned.folder1, scanned.folder2, scanned.output)
    if folders != (wanted.folder1, wanted.folder2, wanted.output):
        return _("Other folders need a new scan.")
    if (scanned.include, scanned.exclude) != (wanted.include, wanted.exclude):
        return _("Leaving out other files needs a new scan.")
    if (scanned.zone, scanned.use_mtime) != (wanted.zone, wanted.use_mtime):
        return _("Another source of dates needs a new scan.")
    if wanted.small and not scanned.small:
        return _("To tell small pictures apart, scan again.")
    if scanned.by_name and not wanted.by_name:
        return _("To look for duplicates under any name, scan again.")
    if (scanned.ignored, scanned.prefix, scanned.rejudge) != (wanted.ignored, wanted.prefix, wanted.rejudge):
        return _("This choice needs a new scan.")
    return ""


def _memory_of(field: FolderField) -> str:
    """Folders of an import are remembered apart from those of other pages with fields of the same name."""
    return f"import {field.name}"


def _number(text: str) -> int:
    """What is typed as a number; what is none can't be right, and the engine says so of a negative one."""
    try:
        number = int(text.strip())
    except ValueError:
        return -1
    return number if number > 0 else -1
