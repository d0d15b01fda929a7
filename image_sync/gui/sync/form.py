"""Form of *sync*: the two folders, and what is asked once only.  No tkinter."""

from __future__ import annotations

from dataclasses import replace

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.form import JobForm
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.sync.request import SyncRequest


class SyncForm(JobForm[SyncRequest]):
    """The values of the form."""

    job = "sync"
    request_type = SyncRequest

    def __init__(self, preferences: Preferences) -> None:
        super().__init__(preferences, (FolderField("source", _("Source")), FolderField("target", _("Target"))))

    def request(self, *, deleted_on_purpose: bool = False) -> SyncRequest:
        """The request of everything that was chosen; ``deleted_on_purpose`` says that any number of files may be
        gone."""
        request = self._with_beside(SyncRequest(**self.chosen()))
        return replace(request, max_delete=1.0) if deleted_on_purpose else request
