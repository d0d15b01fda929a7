"""What a person chooses before a scan for *organize*: folders, how alike, what becomes of it.

Keeps the values, turns them into an ``OrganizeRequest`` and says which later changes a finished scan can follow at
once.  Whether the folders are right is the engine's to say; this module only keeps its words.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import TypeVar

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.folder_form import FolderForm
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.organize.request import Handling, Level, OrganizeRequest, Preference
from image_sync.jobs.transfer import Transfer
from image_sync.matching.threshold import HIGHEST_THRESHOLD, LOWEST_THRESHOLD

PERMISSIVE_BELOW = 0.80
STRICT_FROM = 0.91
"""Words for the threshold: at 80 % a border or crop is still found and false pairs triple, from 91 % on only
re-encoded and resized copies are left (the measured table in the user guide)."""

PATTERN_SEPARATOR = ";"
Choice = TypeVar("Choice", bound=Enum)


def threshold_word(threshold: float) -> str:
    """``permissive``, ``balanced`` or ``strict``."""
    if threshold < PERMISSIVE_BELOW:
        return _("permissive")
    return _("strict") if threshold >= STRICT_FROM else _("balanced")


def level_words(level: Level) -> str:
    """How much two pictures may differ, as the list of choices says it."""
    return {
        Level.EXACT: _("Identical files"),
        Level.PIXELS: _("Identical pictures"),
        Level.SAME_SHOT: _("Same shot"),
        Level.EDITED: _("Edited too (crops, borders, captions, turned)"),
    }[level]


def level_meaning(level: Level) -> str:
    """The same at length."""
    return {
        Level.EXACT: _("Copies that are alike to the last byte, whatever they are called."),
        Level.PIXELS: _("Every pixel is the same; only what is written about the picture or its format may differ."),
        Level.SAME_SHOT: _("One shot, also resized, saved again, brightened or slightly cropped."),
        Level.EDITED: _("Also cropped by up to a fifth, with a border or a caption, turned or mirrored. Slower."),
    }[level]


def transfer_words(transfer: Transfer) -> str:
    """The name of a way to get a picture to the output."""
    return {Transfer.MOVE: _("Move"), Transfer.COPY: _("Copy"), Transfer.LINK: _("Link")}[transfer]


def transfer_meaning(transfer: Transfer) -> str:
    """What a way to get a picture to the output does, in a sentence."""
    return {
        Transfer.MOVE: _("Pictures go to the output folder; nothing stays where it was."),
        Transfer.COPY: _("Pictures are copied to the output folder; the originals stay."),
        Transfer.LINK: _("Hard links in the output folder: the originals stay, and no room is used (same disk only)."),
    }[transfer]


def handling_words(handling: Handling) -> str:
    """What becomes of a group, as the list of choices says it."""
    return {
        Handling.GATHER: _("Gather each group in a folder"),
        Handling.KEEP_BEST: _("Keep the best, set the others aside"),
        Handling.LINK_EXACT: _("Replace exact copies by hard links"),
    }[handling]


def preference_words(preference: Preference) -> str:
    """A reason to call a picture better than another."""
    return {
        Preference.PIXELS: _("More pixels"),
        Preference.QUALITY: _("Less compressed"),
        Preference.SHARPNESS: _("Sharper"),
        Preference.METADATA: _("Has camera data"),
        Preference.NAME: _("Original name"),
        Preference.AGE: _("Older file"),
    }[preference]


def best_order(saved: str) -> tuple[Preference, ...]:
    """The order that ``saved`` (values, separated by commas) tells; what it leaves out follows in the usual order."""
    by_value = {preference.value: preference for preference in Preference}
    told = [by_value[value] for value in saved.split(",") if value in by_value]
    return tuple(dict.fromkeys([*told, *Preference]))


def patterns(text: str) -> tuple[str, ...]:
    """``*.gif; cache/*`` as its parts."""
    return tuple(part.strip() for part in text.split(PATTERN_SEPARATOR) if part.strip())


def left_out_words(include: Sequence[str], exclude: Sequence[str], minimum_size: int = 0) -> str:
    """What the settings keep from a scan; empty when they keep nothing.  Who set it long ago may have forgotten."""
    parts = [
        _("only {patterns}").format(patterns=" ".join(include)) if include else "",
        _("none of {patterns}").format(patterns=" ".join(exclude)) if exclude else "",
        _("no files below {size}").format(size=formatting.size(minimum_size)) if minimum_size else "",
    ]
    told = ", ".join(part for part in parts if part)
    return _("As Settings say: {what}.").format(what=told) if told else ""


class OrganizeForm(FolderForm):
    """The values of the form."""

    def __init__(self, preferences: Preferences) -> None:
        self.folder1 = FolderField("folder1", _("Folder 1"))
        self.folder2 = FolderField("folder2", _("Folder 2"))
        self.output = FolderField("output", _("Output"))
        self.level = _member(Level, preferences.level, Level.SAME_SHOT)
        self.set_threshold(preferences.threshold)
        self.transfer = _member(Transfer, preferences.transfer, Transfer.MOVE)
        self.handling = _member(Handling, preferences.handling, Handling.GATHER)
        self.rotations = preferences.rotations
        for field in self.fields:
            field.remember(preferences.recent.get(field.name, ()))

    @property
    def fields(self) -> tuple[FolderField, FolderField, FolderField]:
        """The three folders."""
        return self.folder1, self.folder2, self.output

    @property
    def threshold_counts(self) -> bool:
        """Whether the threshold has a meaning: what is identical needs none."""
        return self.level in (Level.SAME_SHOT, Level.EDITED)

    @property
    def rotations_count(self) -> bool:
        """Whether turned pictures are a choice: identical ones are not turned, edited ones are looked at anyway."""
        return self.level is Level.SAME_SHOT

    def set_threshold(self, value: float) -> None:
        """Take a threshold in whole percents within its limits."""
        self.threshold = min(HIGHEST_THRESHOLD, max(LOWEST_THRESHOLD, round(value, 2)))

    def request(self, preferences: Preferences) -> OrganizeRequest:
        """Everything that was chosen, here and in the settings."""
        inputs = (self.folder1, self.folder2)
        return OrganizeRequest(
            folder1=self.folder1.path,
            folder2=self.folder2.path,
            output=self.output.path,
            threshold=self.threshold,
            transfer=self.transfer,
            handling=self.handling,
            rotations=self.rotations,
            level=self.level,
            references=tuple(field.path for field in inputs if field.reference and field.path),
            exclude=patterns(preferences.exclude),
            include=patterns(preferences.include),
            exact_search=preferences.exact_search,
            minimum_size=preferences.minimum_size,
            best_order=best_order(preferences.best_order),
            preferred=next((field.path for field in inputs if field.name == preferences.preferred), ""),
        )

    def remembered(self, preferences: Preferences) -> Preferences:
        """``preferences`` with what this form would remember of a scan."""
        for field in self.fields:
            preferences = preferences.with_recent(field.name, field.path)
        preferences = replace(
            preferences,
            level=self.level.value,
            threshold=self.threshold,
            transfer=self.transfer.value,
            rotations=self.rotations,
            handling=self.handling.value,
        )
        for field in self.fields:
            field.remember(preferences.recent.get(field.name, ()))
        return preferences


def why_scan_again(scanned: OrganizeRequest, wanted: OrganizeRequest) -> str:
    """Why ``wanted`` needs a new scan after one for ``scanned``; empty when the plan can follow at once."""
    if (scanned.folder1, scanned.folder2) != (wanted.folder1, wanted.folder2):
        return _("Other folders need a new scan.")
    if scanned.level is not wanted.level:
        return _("To find other pictures, scan again.")
    if wanted.level in (Level.SAME_SHOT, Level.EDITED) and wanted.threshold < scanned.threshold:
        return _("A lower similarity needs a new scan.")
    if wanted.level is Level.SAME_SHOT and scanned.rotations != wanted.rotations:
        return _("Comparing rotated pictures needs a new scan.")
    if wanted.exact_search and not scanned.exact_search:
        return _("To find other pictures, scan again.")
    filters = (scanned.include, scanned.exclude, scanned.minimum_size)
    if filters != (wanted.include, wanted.exclude, wanted.minimum_size):
        return _("Leaving out other files needs a new scan.")
    if scanned.output != wanted.output:
        return _("Another output folder needs a new scan.")
    return ""


def _member(kind: type[Choice], value: str, default: Choice) -> Choice:
    return next((member for member in kind if member.value == value), default)
