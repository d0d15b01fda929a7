"""Form of *import*: the inputs and the library, and what the settings add to its options.  No tkinter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.form import JobForm, names
from image_sync.gui.photo_import.places_field import PlacesField
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.photo_import.request import ImportRequest


class ImportForm(JobForm[ImportRequest]):
    """The values of the form.  Its folders are remembered apart from those of other pages that are called alike."""

    job = "import"
    request_type = ImportRequest
    optional = ("folder2",)
    recent = "import "

    def __init__(self, preferences: Preferences) -> None:
        fields = (
            FolderField("folder1", _("Import from")),
            PlacesField("folder2", _("And from")),
            FolderField("output", _("Library")),
        )
        super().__init__(preferences, fields)

    @property
    def others(self) -> PlacesField:
        """The field of all inputs but the first."""
        field = self.field("folder2")
        assert isinstance(field, PlacesField)
        return field

    def take_places(self, name: str, places: Sequence[str]) -> None:
        """Take folders and archives that were chosen together: the first into the field ``name``, the others behind."""
        rest = places
        if name != self.others.name:
            self.field(name).pick(places[0])
            rest = places[1:]
        if rest and name != "output":
            self.others.add(rest)

    def field_for_drop(self, alone: bool) -> str:
        """The first input, then the library for a folder that comes alone, then the field for all further inputs."""
        if not self.field("folder1").path:
            return "folder1"
        return "output" if alone and not self.field("output").path else "folder2"

    def show_mistakes(self, mistakes: Mapping[str, str]) -> None:
        """Keep what is wrong; the inputs behind the second share its field."""
        further = mistakes.get("further", "")
        super().show_mistakes({**({"folder2": further} if further else {}), **mistakes})

    def request(self, preferences: Preferences) -> ImportRequest:
        """The request of everything that was chosen, here and in the settings."""
        exclude, include = names(preferences.exclude), names(preferences.include)
        further = self.others.places[1:]
        return self._with_beside(ImportRequest(**self.chosen(), further=further, exclude=exclude, include=include))

    def folders_of(self, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """The places of each field in the values of a preset or a review."""
        second = values.get("folder2", "")
        others = (*((second,) if second else ()), *values.get("further", ()))
        return {**super().folders_of(values), "folder2": others}
