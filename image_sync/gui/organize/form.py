"""Form of *organize*: the folders, and what the settings and the folders' own marks add to its options.

Whether the folders are right is the job's to say; this module only keeps its words.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from image_sync.base.model import Refused
from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.form import JobForm, names
from image_sync.gui.job.state import OUTPUT
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.organize.checks import field_of
from image_sync.jobs.organize.request import OrganizeRequest, Preference

FEWEST = 2
"""Rows of input folders that the form begins with."""
MOST = 12
"""Rows that a window has room for; the command line takes any number."""
NUMBER = "folders"
"""The name that the number of rows is remembered by."""


def best_order(saved: str) -> tuple[Preference, ...]:
    """The order that ``saved`` (values, separated by commas) tells; what it leaves out follows in the usual order."""
    by_value = {preference.value: preference for preference in Preference}
    told = [by_value[value] for value in saved.split(",") if value in by_value]
    return tuple(dict.fromkeys([*told, *Preference]))


def left_out_words(include: Sequence[str], exclude: Sequence[str], minimum_size: int = 0) -> str:
    """Words for what the settings keep from a scan; empty when they keep nothing.  Who set it long ago may have
    forgotten."""
    parts = [
        _("only {patterns}").format(patterns=" ".join(include)) if include else "",
        _("none of {patterns}").format(patterns=" ".join(exclude)) if exclude else "",
        _("no files below {size}").format(size=formatting.size(minimum_size)) if minimum_size else "",
    ]
    told = ", ".join(part for part in parts if part)
    return _("As Settings say: {what}.").format(what=told) if told else ""


class OrganizeForm(JobForm[OrganizeRequest]):
    """The values of the form."""

    job = "organize"
    request_type = OrganizeRequest
    marked = ("references",)

    def __init__(self, preferences: Preferences) -> None:
        number = preferences.choices.get(self.job, {}).get(NUMBER, FEWEST)
        number = min(MOST, max(FEWEST, number)) if isinstance(number, int) else FEWEST
        self.inputs = tuple(map(_input, range(number)))
        """The input folders; all but the first may stay empty."""
        self._output = FolderField(OUTPUT, _("Output"))
        self._recent = preferences.recent
        super().__init__(preferences, (*self.inputs, self._output))

    # --- folders ---

    @property
    def missing(self) -> str:
        """Label of the first input folder or of the output, where that was not given."""
        return next((one.label for one in (self.inputs[0], self._output) if not one.path), "")

    def field_for_drop(self, alone: bool) -> str:
        """The first empty input, then the output for one that comes alone, then a row more while there is room."""
        empty = next((field.name for field in self.inputs if not field.path), "")
        if empty or (alone and not self._output.path):
            return empty or OUTPUT
        return self.add().name if self.can_add else ""

    def folders_of(self, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """The places of each field in the values of a preset or a review."""
        folders = {field_of(number): (folder,) for number, folder in enumerate(values.get("folders", ()))}
        return {**folders, OUTPUT: (values["output"],) if values.get("output") else ()}

    def take(self, values: Mapping[str, Any]) -> None:
        """Take the values of a preset or a review, with as many rows as they have folders and the folders' marks.

        Raises ``Refused`` where there are more than a window has rows for.
        """
        folders = values.get("folders", ())
        if len(folders) > MOST:
            words = _("These are {count} folders; the window has room for {most}. Use the command line.")
            raise Refused(words.format(count=formatting.count(len(folders)), most=MOST))
        while len(self.inputs) < len(folders):
            self.add()
        super().take(values)
        for field in self.inputs:
            field.reference = bool(field.path) and field.path in values.get("references", ())

    @property
    def can_add(self) -> bool:
        """Whether there is room for another input folder."""
        return len(self.inputs) < MOST

    @property
    def can_remove(self) -> bool:
        """Whether there are more input folders than the form begins with."""
        return len(self.inputs) > FEWEST

    def add(self) -> FolderField:
        """Another input folder, behind the others."""
        field = _input(len(self.inputs))
        field.remember(self._recent.get(self.recent + field.name, ()))
        self._take_inputs((*self.inputs, field))
        return field

    def remove(self, name: str) -> tuple[FolderField, ...]:
        """Take an input folder out; those behind it move up.  The fields that hold something else now."""
        first = [field.name for field in self.inputs].index(name)
        for field, following in zip(self.inputs[first:], self.inputs[first + 1 :], strict=False):
            field.take(following)
        self._take_inputs(self.inputs[:-1])
        return self.inputs[first:]

    def _take_inputs(self, inputs: tuple[FolderField, ...]) -> None:
        self.inputs = inputs
        self.fields = (*inputs, self._output)

    def chosen(self) -> dict[str, Any]:
        """The folders and the options by the names of the request's fields; empty rows at the end do not count."""
        chosen = super().chosen()
        folders = [chosen.pop(field.name) for field in self.inputs]
        while len(folders) > 1 and not folders[-1]:
            folders.pop()
        return {"folders": tuple(folders), **chosen}

    def remembered(self, preferences: Preferences) -> Preferences:
        """``preferences`` with the folders and choices of this form, and how many rows they need."""
        preferences = super().remembered(preferences)
        self._recent = preferences.recent
        used = max((number for number, field in enumerate(self.inputs, 1) if field.path), default=0)
        choices = {**preferences.choices[self.job], NUMBER: max(FEWEST, used)}
        return replace(preferences, choices={**preferences.choices, self.job: choices})

    def request(self, preferences: Preferences) -> OrganizeRequest:
        """The request of everything that was chosen, here and in the settings."""
        request = OrganizeRequest(
            **self.chosen(),
            references=tuple(field.path for field in self.inputs if field.reference and field.path),
            exclude=names(preferences.exclude),
            include=names(preferences.include),
            exact_search=preferences.exact_search,
            minimum_size=preferences.minimum_size,
            best_order=best_order(preferences.best_order),
            preferred=next((field.path for field in self.inputs if field.name == preferences.preferred), ""),
        )
        return self._with_beside(request)


def _input(number: int) -> FolderField:
    """The field of the input folder ``number``, counted from 0."""
    return FolderField(field_of(number), _("Folder {number}").format(number=number + 1))
