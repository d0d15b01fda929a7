"""The page *Organize*: groups of pictures beside their thumbnails, below the folders and choices of every job."""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Mapping, Sequence

import ttkbootstrap as ttk

from image_sync.gui.app.keys import Command
from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.folder_row import FolderCallbacks
from image_sync.gui.job.options import OptionBar
from image_sync.gui.job.page import JobPage
from image_sync.gui.job.preview import Preview
from image_sync.gui.job.state import OUTPUT, State
from image_sync.gui.organize.form import left_out_words
from image_sync.gui.organize.page_model import OrganizeModel
from image_sync.gui.organize.table import GroupTable
from image_sync.gui.pages.page import Desk
from image_sync.gui.widgets import desktop
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import show
from image_sync.gui.widgets.wrapped import WrappedLabel

ENOUGH = 520
"""Width at 100 % that the table of groups keeps beside two columns of tiles."""


class OrganizePage(JobPage):
    """Folders in, groups reviewed, plan applied."""

    model: OrganizeModel
    options: OptionBar
    folds_options = False
    """How similar pictures must be is tried out while the groups are looked at."""
    _shared = False

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        self.model = OrganizeModel(
            desk.engine_link, desk.background, desk.counter, desk.port, desk.memory, desk.problems
        )
        super().__init__(master, desk)

    def tick(self) -> None:
        """Thumbnails that were decoded meanwhile."""
        self.preview.tick()
        super().tick()

    # --- building ---

    def _callbacks(self, field: FolderField) -> FolderCallbacks:
        return FolderCallbacks(self._typed, self._browse, None if field.name == OUTPUT else self.model.set_reference)

    def _make_options(self, master: tkinter.Misc) -> tkinter.Widget:
        self.options = OptionBar(master, self.model.form, self.model.options_changed)
        return self.options

    def _build_review(self, body: ttk.Frame, gap: int) -> None:
        head = self._head = ttk.Frame(body)
        head.grid(row=0, column=0, sticky="ew", pady=(0, gap / 2))
        head.columnconfigure(0, weight=1)
        self._headline = WrappedLabel(head, font="TitleFont", width=1)
        self._headline.grid(row=0, column=0, sticky="ew")
        self.no_match = ttk.Button(head, text=_("Not a match"), icon="x-circle", command=self._not_a_match)
        self.no_match.grid(row=0, column=1, padx=gap / 2)
        ttk.ToolTip(self.no_match, text=_("The selected picture leaves its group, now and in every later scan (N)."))
        self._make_apply(head).grid(row=0, column=2)
        self._remarks = WrappedLabel(body)
        self._remarks.grid(row=1, column=0, sticky="ew", pady=(0, gap / 2))
        self._panes = ttk.Panedwindow(body, orient="horizontal")
        self._panes.grid(row=2, column=0, sticky="nsew")
        self.groups = GroupTable(self._panes, self._show_chosen)
        self.preview = Preview(self._panes, self.desk.thumbnails, self._picked)
        self._panes.add(self.groups, weight=3)
        self._panes.add(self.preview, weight=1)
        self._panes.bind("<Configure>", lambda _event: self._share_panes())
        self._build_endings(body, 2, lambda: self._on_desktop(desktop.reveal, self.model.request.output))

    def _share_panes(self) -> None:
        """Give the preview two tiles' width where the table keeps enough, else one; once, then it is the user's."""
        width = self._panes.winfo_width()
        if self._shared or width <= 1 or not self._panes.winfo_ismapped():
            return
        self._shared = True
        columns = 2 if width - self.preview.width_of(2) >= px(self, ENOUGH) else 1
        self._panes.sashpos(0, width - self.preview.width_of(columns))

    def _narrowed(self, width: int, narrow: bool) -> None:  # noqa: ARG002 - as every page is asked
        self._headline.configure(font="BoldFont" if narrow else "TitleFont")
        self.no_match.configure(compound="image" if narrow else "left")

    # --- drawing ---

    def _review_view(self) -> tkinter.Misc:
        return self.groups.table.view

    def _something_found(self) -> bool:
        return bool(self.model.groups)

    def _set_options_enabled(self, enabled: bool) -> None:
        self.options.set_enabled(enabled)

    def _draw_rows(self) -> None:
        model = self.model.groups
        self.groups.show(model)
        self._headline.configure(text=model.headline if model else "")
        self._show_chosen()

    def _draw_review_state(self, reviewing: bool, found: bool) -> None:  # noqa: ARG002 - as every page is asked
        show(self.no_match, found)

    def _review_remarks(self) -> Sequence[str]:
        chosen = self.model.request
        left_out = left_out_words(chosen.include, chosen.exclude, chosen.minimum_size)
        return (left_out, *self.model.groups.remarks) if self.model.groups is not None else ()

    def _hints(self) -> Mapping[State, str]:
        return {
            State.EMPTY: _(
                "Choose two folders with pictures and an output folder, then press Scan.\n"
                "You see every change before it happens, and can undo it afterwards."
            ),
            State.SCANNING: _(
                "Nothing is changed while the program looks.\nGroups appear here when the scan ends or is stopped."
            ),
            State.REVIEW: _("There is nothing to compare side by side."),
        }

    # --- what the user does ---

    def _deeds(self) -> Mapping[Command, Callable[[], object]]:
        return {Command.NO_MATCH: self._not_a_match}

    def _not_a_match(self) -> None:
        chosen = self.groups.chosen
        if chosen is not None:
            self.model.not_a_match(chosen.group, chosen.picture)

    def _show_chosen(self) -> None:
        chosen = self.groups.chosen if self.model.groups is not None else None
        self.preview.show(self.model.groups, chosen.group if chosen else None, chosen.picture if chosen else None)

    def _picked(self, picture: int) -> None:
        chosen = self.groups.chosen
        if chosen is not None:
            self.groups.choose(chosen.group, picture)
            self.groups.table.view.focus_set()

    def _chosen_path(self) -> str:
        """The selected picture; for a group, its best."""
        chosen, model = self.groups.chosen, self.model.groups
        if chosen is None or model is None:
            return ""
        index = model.review.groups[chosen.group].best.picture if chosen.picture is None else chosen.picture
        return model.picture(index).record.path


PAGE = OrganizePage
