"""The page *Import*: the destination as a tree beside its thumbnails, below the folders and choices of every job."""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable, Mapping, Sequence

import ttkbootstrap as ttk

from image_sync.archives.names import ARCHIVES
from image_sync.gui.app.keys import Command
from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.folder_row import FolderCallbacks
from image_sync.gui.job.options import OptionBar
from image_sync.gui.job.page import JobPage
from image_sync.gui.job.preview import Preview
from image_sync.gui.job.query import Query
from image_sync.gui.job.state import State
from image_sync.gui.organize.form import left_out_words
from image_sync.gui.pages.page import Desk
from image_sync.gui.photo_import import dialog
from image_sync.gui.photo_import.comparing import DuplicateSubject
from image_sync.gui.photo_import.filters import ImportFilters
from image_sync.gui.photo_import.page_model import ImportModel
from image_sync.gui.photo_import.rows import Mark
from image_sync.gui.photo_import.tiles import tiles_of
from image_sync.gui.photo_import.timeline import Timeline
from image_sync.gui.photo_import.timeline_model import Bar, bars
from image_sync.gui.photo_import.tree import ImportTree
from image_sync.gui.widgets import browse, desktop, formatting
from image_sync.gui.widgets.drop import places_of
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import show
from image_sync.gui.widgets.wrapped import WrappedLabel
from image_sync.jobs.photo_import.model import Correction

ENOUGH = 560
"""Width at 100 % that the tree keeps beside one column of thumbnails."""
LEAST = 240
"""Width at 100 % below which the tree has all the room; the thumbnails can be dragged in."""


def _examples() -> str:
    """Examples of what can be looked for."""
    return _(
        "A part of a name or a folder, and conditions:\n"
        ">5MB   pixels<1MP   kind:raw,movie   date:2019   date:2018..2020\n"
        "folder:phone   is:new   is:duplicate   is:no-date   -is:small"
    )


TIMELINE_FROM = 640
"""Height of the page at 100 % from which the strip of years is shown."""
MOST_SELECTED = 2000
"""Files of a bar that are selected one by one."""


class ImportPage(JobPage):
    """Folders in, tree reviewed, plan applied."""

    model: ImportModel
    options: OptionBar
    _panes: ttk.Panedwindow

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        self.model = ImportModel(desk.engine_link, desk.background, desk.counter, desk.port, desk.memory, desk.problems)
        self._shared = 0
        self._fresh = True
        super().__init__(master, desk)

    def entered(self) -> None:
        """Come to the front with the keyboard where it is of use."""
        self.preview.wish_again()
        super().entered()

    def tick(self) -> None:
        """Thumbnails that were decoded and rows that were inserted meanwhile."""
        self.preview.tick()
        self.tree.tick()
        super().tick()

    # --- building ---

    def _build_form(self, gap: int) -> None:
        super()._build_form(gap)
        tip = _("More folders or archives to import from, separated by semicolons; may stay empty.")
        ttk.ToolTip(self.folders["folder2"].entry, text=tip)

    def _callbacks(self, field: FolderField) -> FolderCallbacks:
        if field.name == "output":
            return super()._callbacks(field)
        return FolderCallbacks(self._typed, self._browse, archives=self._browse_archives)

    def _make_options(self, master: tkinter.Misc) -> tkinter.Widget:
        self.options = OptionBar(master, self.model.form, self.model.options_changed)
        return self.options

    def _build_review(self, body: ttk.Frame, gap: int) -> None:
        self._build_head(body, gap)
        self._remarks = WrappedLabel(body)
        self._remarks.grid(row=1, column=0, sticky="ew", pady=(0, gap / 2))
        self.filters = ImportFilters(body, self._toggle_filter)
        self.filters.grid(row=2, column=0, sticky="ew", pady=(0, gap / 2))
        self._make_search(body, _examples()).grid(row=3, column=0, sticky="ew", pady=(0, gap / 2))
        self.timeline = Timeline(body, self._take_bar)
        self.timeline.grid(row=4, column=0, sticky="ew", pady=(0, gap / 2))
        self._panes = ttk.Panedwindow(body, orient="horizontal")
        self._panes.grid(row=5, column=0, sticky="nsew")
        self.tree = ImportTree(self._panes, self._show_chosen, self._ask_to_correct)
        hint = _("Select files or a folder to see the pictures.")
        self.preview = Preview(self._panes, self.desk.thumbnails, self._picked, hint)
        self.preview.canvas.bind("<Double-Button-1>", lambda _event: self.compare())
        self._panes.add(self.tree, weight=3)
        self._panes.add(self.preview, weight=1)
        self._panes.bind("<Configure>", lambda _event: self._share_panes())
        self._build_endings(body, 5, lambda: self._on_desktop(desktop.reveal, self.model.request.output))
        self.result.output.configure(text=_("Show the library"))

    def _build_head(self, body: ttk.Frame, gap: int) -> None:
        head = self._head = ttk.Frame(body)
        head.grid(row=0, column=0, sticky="ew", pady=(0, gap / 2))
        head.columnconfigure(0, weight=1)
        self._headline = WrappedLabel(head, font="TitleFont", width=1)
        self._headline.grid(row=0, column=0, sticky="ew")
        self._summary = WrappedLabel(head, width=1)
        self._summary.grid(row=1, column=0, sticky="ew")
        self.correct = ttk.Button(head, text=_("Correct…"), icon="pencil", command=self._ask_to_correct)
        self.correct.grid(row=0, column=1, rowspan=2, padx=gap / 2)
        ttk.ToolTip(self.correct, text=_("Another date or description for what is selected (Enter)."))
        self.look_closely = ttk.Button(head, text=_("Side by side…"), icon="layout-split", command=self.compare)
        self.look_closely.grid(row=0, column=2, rowspan=2, padx=(0, gap / 2))
        ttk.ToolTip(self.look_closely, text=_("A duplicate beside the picture that is there already (C)."))
        self._make_apply(head).grid(row=0, column=3, rowspan=2, sticky="e")

    def _share_panes(self) -> None:
        """Give the thumbnails one column, two where the tree keeps enough, none where it is too narrow for both."""
        width = self._panes.winfo_width()
        if self._shared == width or width <= 1 or not self._panes.winfo_ismapped():
            return
        self._shared = width
        columns = 2 if width - self.preview.width_of(2) >= px(self, ENOUGH) * 1.6 else 1
        left = width - self.preview.width_of(columns)
        self._panes.sashpos(0, left if left >= px(self, LEAST) else width)

    def _narrowed(self, width: int, narrow: bool) -> None:  # noqa: ARG002 - as every page is asked
        self._headline.configure(font="BoldFont" if narrow else "TitleFont")
        for button in (self.correct, self.look_closely):
            button.configure(compound="image" if narrow else "left")

    # --- drawing ---

    def _review_view(self) -> tkinter.Misc:
        return self.tree.table.view

    def _set_options_enabled(self, enabled: bool) -> None:
        self.options.set_enabled(enabled)

    def _take_typed_choices(self) -> None:
        self.options.take_typed()

    def _draw_rows(self, unfold: bool = False) -> None:
        rows = self.model.rows
        self.tree.show(rows, unfold=unfold or self._fresh)
        self._fresh = rows is None
        self.filters.draw(rows)
        self.timeline.show(bars(rows) if rows else ())
        self._headline.configure(text=rows.headline if rows else "")
        self._summary.configure(text=rows.summary if rows else "")
        self._show_chosen()

    def _draw_review_state(self, reviewing: bool, found: bool) -> None:
        show(self.filters, reviewing)
        # On a small screen the tree needs the room.
        show(self.timeline, found and bool(self.timeline.bars) and self.winfo_height() >= px(self, TIMELINE_FROM))
        self._remarks.configure(bootstyle="danger" if reviewing and self.model.refusal else "default")
        self._draw_correct()

    def _draw_correct(self) -> None:
        possible = self.model.can_correct and bool(self.tree.selected)
        self.correct.state(["!disabled" if possible else "disabled"])

    def _review_remarks(self) -> Sequence[str]:
        chosen = self.model.request
        words = (left_out_words(chosen.include, chosen.exclude), *super()._review_remarks())
        return (self.model.refusal, *words) if self.model.refusal else words

    def _hints(self) -> Mapping[State, str]:
        return {
            State.EMPTY: _(
                "Choose a folder or archives with new photos and your library, then press Scan.\n"
                "You see where every picture goes before anything happens, and can undo it afterwards."
            ),
            State.SCANNING: _(
                "Nothing is changed while the program looks.\nThe tree appears here when the scan ends or is stopped."
            ),
        }

    def _search_for(self, query: Query) -> None:
        if self.model.rows is not None:
            self.model.rows.search(query)
            self._draw_rows(unfold=True)
            self.search.tell(self._search_result())

    def _search_result(self) -> str:
        rows = self.model.rows
        if rows is None or not rows.query:
            return ""
        if rows.shown == len(rows.files):
            return _("Every file matches")
        words = _("{shown} of {all} files are shown; the others stay in the plan")
        return words.format(shown=formatting.count(rows.shown), all=formatting.count(len(rows.files)))

    # --- what the user does ---

    def _dropped(self, name: str, paths: Sequence[str]) -> None:
        places = places_of(paths)
        if name == "output":
            super()._dropped(name, paths)
        elif places:
            self.model.take_places(name, places)

    def _browse_archives(self, name: str) -> None:
        """Choose archives: all parts of an export at once."""
        field = self.model.form.field(name)
        title = _("Choose archives: {name}").format(name=field.label)
        chosen = functools.partial(self.model.take_places, name)
        files = browse.Files(_("Archives"), ARCHIVES, several=True)
        browse.choose_files(self, self.desk.counter, title, field.path, chosen, files)

    def _deeds(self) -> Mapping[Command, Callable[[], object]]:
        return {Command.REDO: self.model.redo, Command.COMPARE: self.compare}

    def _ask_to_correct(self) -> None:
        form = self.model.correction_form(self.tree.selected)
        if form is not None:
            dialog.correct(self, form, self._take_corrections)

    def _toggle_filter(self, mark: Mark) -> None:
        if self.model.rows is not None:
            self.model.rows.toggle(mark)
            self._draw_rows(unfold=True)

    def _take_bar(self, bar: Bar) -> None:
        """The files of a year are selected in the tree: by their folder where they have one to themselves."""
        rows = self.model.rows
        if rows is None:
            return
        ways = [way[0] for file in bar.files if (way := rows.way_to(file))]
        top = ways[0] if ways and len(set(ways)) == 1 else ""
        if top and len(list(rows.all_below(top))) == len(bar.files):
            self.tree.open(top)
            self.tree.table.select(top)
        else:
            self.tree.choose(*bar.files[:MOST_SELECTED])

    def _take_corrections(self, corrections: dict[str, Correction]) -> None:
        self.model.correct(corrections)
        self.tree.table.view.focus_set()

    def _show_chosen(self) -> None:
        rows = self.model.rows
        if rows is None:
            self.preview.show_tiles([], [])
        else:
            tiles, records, left_out, marked = tiles_of(rows, self.tree.selected, self.tree.focused)
            self.preview.show_tiles(tiles, records, left_out, marked)
        self._draw_correct()
        possible = rows is not None and self._subject().comparison is not None
        self.look_closely.state(["!disabled" if possible else "disabled"])
        self.comparing.refresh()

    def compare(self) -> None:
        """Compare the selected duplicate with the picture that is there already."""
        if self.model.can_review:
            self.comparing.open(self._subject())

    def _subject(self) -> DuplicateSubject:
        return DuplicateSubject(lambda: self.model.rows, self.tree)

    def _picked(self, number: int) -> None:
        """A thumbnail was pressed: go to its row."""
        if self.model.rows is not None:
            keys = list(self.model.rows.files)
            self.tree.choose(keys[number])
            self.tree.table.view.focus_set()

    def _chosen_path(self) -> str:
        """The file of the selected row, where it is now; of one in an archive, the archive."""
        rows = self.model.rows
        placed = rows.files.get(self.tree.focused) if rows is not None else None
        if placed is None:
            return ""
        record = placed.arrival.record
        return record.member.archive if record.member else record.path


PAGE = ImportPage
