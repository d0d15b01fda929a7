"""The choices of *sync* below the folders: what becomes of deleted files, which files count; the rarer under *More*.

How they are drawn and written into the ``SyncForm`` is in ``job_options``.
"""

from __future__ import annotations

import tkinter

import ttkbootstrap as ttk

from image_sync.gui.job.options import JobOptions
from image_sync.gui.sync.form import OFFERED, SyncForm, deletions_words
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px


class SyncOptions(JobOptions[SyncForm]):
    """What becomes of deleted files, and which files count."""

    def _make_usual(self) -> None:
        flow = self._usual
        parts = [
            self._make_deletions(flow),
            self._tick(
                flow,
                "images_only",
                _("Pictures only"),
                _("Pictures and movies with the files that belong to them; everything else is left alone."),
            ),
            self._tick(
                flow,
                "verify",
                _("Read every file"),
                _("Compares the content of all files again, also of those that look untouched. Takes longer."),
            ),
        ]
        flow.show([*parts, self.more])

    def _make_deletions(self, master: tkinter.Misc) -> ttk.Frame:
        frame = ttk.Frame(master)
        ttk.Label(frame, text=_("Deleted on one side"), font="BoldFont").pack(side="left", padx=(0, px(self, 8)))
        words = [deletions_words(deletions) for deletions in OFFERED]
        self.deletions = ttk.Combobox(frame, values=words, state="readonly", width=max(map(len, words)))
        self.deletions.current(OFFERED.index(self._form.deletions))
        self.deletions.bind("<<ComboboxSelected>>", self._chosen, add="+")
        self.deletions.pack(side="left")
        ttk.ToolTip(
            self.deletions,
            text=_("A file that both folders had after the last sync, and that is gone from one of them now."),
        )
        self.widgets["deletions"] = self.deletions
        return frame

    def _make_rare(self) -> None:
        flow = self._rare
        parts = [
            self._entry(
                flow, "include", _("Only these"), 20, _("Patterns such as *.jpg; 2024/*, separated by semicolons.")
            ),
            self._entry(
                flow,
                "exclude",
                _("None of these"),
                20,
                _("Patterns such as *.tmp; cache, separated by semicolons. What they match stays as it is."),
            ),
            self._tick(
                flow,
                "litter",
                _("System files too"),
                _("Also .DS_Store, Thumbs.db, desktop.ini and files like ._name."),
            ),
            self._entry(
                flow,
                "tolerance",
                _("Times are the same within"),
                6,
                _("In seconds. Empty: what both disks can tell apart, such as 2 seconds on FAT."),
                _("seconds"),
            ),
        ]
        flow.show(parts)

    def _chosen(self, _event: object) -> None:
        self._form.deletions = OFFERED[self.deletions.current()]
        self.deletions.selection_clear()
        self._changed()
