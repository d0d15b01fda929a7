"""The choices of *import* below the folders; the rarer ones stand under *More*.

How they are drawn and written into the ``ImportForm`` is in ``job_options``.
"""

from __future__ import annotations

import tkinter

import ttkbootstrap as ttk

from image_sync.gui.job.options import JobOptions
from image_sync.gui.job.transfer_choice import TransferChoice
from image_sync.gui.photo_import.form import OFFERED, ImportForm, local_zone, transfer_meaning, transfer_words
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.jobs.transfer import Transfer

ZONES = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo")
"""Offered as examples; any other can be typed."""


class ImportOptions(JobOptions[ImportForm]):
    """What becomes of the files, of dates, of movies and of duplicates."""

    def draw(self) -> None:
        """What hangs on another choice can be chosen only with that one."""
        super().draw()
        for name, needed in (("small_limit", self._form.small), ("crowded", self._form.audit)):
            self.widgets[name].state(["!disabled" if self._enabled and needed else "disabled"])

    # --- building ---

    def _make_usual(self) -> None:
        flow = self._usual
        small = ttk.Frame(flow)
        parts = [
            self._make_transfers(flow),
            small,
            self._tick(flow, "convert", _("HEIC to JPEG"), _("Makes a JPEG of each HEIC; the original is kept.")),
            self._tick(
                flow,
                "set_dates",
                _("Write dates"),
                _("Writes the date into pictures that have none, in the library only; the image itself stays."),
            ),
            self._make_zone(flow),
            self._tick(
                flow,
                "flat_dates",
                _("Year only before descriptions"),
                _("“2004/Picnic” instead of “2004/03-05 Picnic”."),
            ),
            self._tick(
                flow,
                "live_together",
                _("Live Photos together"),
                _("Keeps the movie of a Live Photo beside its picture, not among the movies."),
            ),
        ]
        self._tick(
            small,
            "small",
            _("Small apart, up to"),
            _("Pictures with both sides this small go to a folder of their own."),
        ).pack(side="left")
        box = ttk.Spinbox(small, from_=16, to=4096, increment=20, width=5, textvariable=self._text("small_limit"))
        box.pack(side="left", padx=px(self, 4))
        self.widgets["small_limit"] = box
        ttk.Label(small, text=_("pixels")).pack(side="left")
        flow.show([*parts, self.more])

    def _make_transfers(self, master: tkinter.Misc) -> TransferChoice:
        box = TransferChoice(master, OFFERED, transfer_words, transfer_meaning, self._form.transfer, self._transferred)
        self.widgets |= {way.value: button for way, button in box.buttons.items()}
        return box

    def _make_zone(self, master: tkinter.Misc) -> ttk.Frame:
        frame = ttk.Frame(master)
        ttk.Label(frame, text=_("Time zone")).pack(side="left", padx=(0, px(self, 4)))
        box = ttk.Combobox(frame, values=[local_zone(), *ZONES], width=16, textvariable=self._text("zone"))
        box.pack(side="left")
        ttk.ToolTip(
            box,
            text=_("Movies state their date in UTC; the day is told in this zone, such as Europe/Berlin or +02:00."),
        )
        self.widgets["zone"] = box
        return frame

    def _make_rare(self) -> None:
        flow = self._rare
        rare = {
            "use_mtime": (
                _("File's own time as last resort"),
                _("Takes the time of the last change for the date when nothing else tells it. Often wrong."),
            ),
            "by_name": (
                _("Duplicates by similar name only"),
                _("Compares only pictures whose names are alike. By default all are compared."),
            ),
            "rejudge": (
                _("Judge duplicates again"),
                _("Looks once more at what was set aside as a duplicate before."),
            ),
            "audit": (
                _("Remove emptied folders"),
                _("Removes folders that this import leaves empty, and warns of crowded ones."),
            ),
        }
        crowded = ttk.Frame(flow)
        ttk.Label(crowded, text=_("and warn from")).pack(side="left", padx=(0, px(self, 4)))
        box = ttk.Spinbox(crowded, from_=10, to=100000, increment=10, width=6, textvariable=self._text("crowded"))
        box.pack(side="left", padx=(0, px(self, 4)))
        ttk.Label(crowded, text=_("files in a folder")).pack(side="left")
        self.widgets["crowded"] = box
        prefix, ignored = (
            self._entry(
                flow,
                "prefix",
                _("Own folders begin with"),
                14,
                _("“ImageSync” makes ImageSync_NoDate and the like. Keep it the same for a library."),
            ),
            self._entry(
                flow,
                "ignored",
                _("Folder names that say nothing"),
                28,
                _("Never taken for a description; separated by semicolons."),
            ),
        )
        flow.show([*(self._tick(flow, name, *words) for name, words in rare.items()), crowded, prefix, ignored])

    def _transferred(self, transfer: Transfer) -> None:
        self._form.transfer = transfer
        self._changed()
