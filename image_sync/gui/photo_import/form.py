"""Form of *import*: one or two inputs and the library, and what the settings add to its options.  No tkinter."""

from __future__ import annotations

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.form import JobForm, names
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
            FolderField("folder2", _("And from")),
            FolderField("output", _("Library")),
        )
        super().__init__(preferences, fields)

    def request(self, preferences: Preferences) -> ImportRequest:
        """The request of everything that was chosen, here and in the settings."""
        exclude, include = names(preferences.exclude), names(preferences.include)
        return ImportRequest(**self.chosen(), exclude=exclude, include=include)
