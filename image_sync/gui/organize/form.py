"""Form of *organize*: the folders, and what the settings and the folders' own marks add to its options.

Whether the folders are right is the job's to say; this module only keeps its words.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Sequence

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.form import JobForm, names
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.organize.request import OrganizeRequest, Preference


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

    def __init__(self, preferences: Preferences) -> None:
        self._inputs = FolderField("folder1", _("Folder 1")), FolderField("folder2", _("Folder 2"))
        super().__init__(preferences, (*self._inputs, FolderField("output", _("Output"))))

    def request(self, preferences: Preferences) -> OrganizeRequest:
        """The request of everything that was chosen, here and in the settings."""
        return OrganizeRequest(
            **self.chosen(),
            references=tuple(field.path for field in self._inputs if field.reference and field.path),
            exclude=names(preferences.exclude),
            include=names(preferences.include),
            exact_search=preferences.exact_search,
            minimum_size=preferences.minimum_size,
            best_order=best_order(preferences.best_order),
            preferred=next((field.path for field in self._inputs if field.name == preferences.preferred), ""),
        )
