"""The page *Import*: folders and choices on top, the destination as a tree below it, what runs at the foot.

Draws an ``ImportModel`` part by part as it changes, and passes on what the user does.
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui import browse, desktop, dialogs, import_dialog
from image_sync.gui.confirm_model import Confirmation, apply_words
from image_sync.gui.folder_row import FolderCallbacks, FolderRow
from image_sync.gui.i18n import _
from image_sync.gui.import_filters import ImportFilters
from image_sync.gui.import_form import OPTIONAL
from image_sync.gui.import_options import ImportOptions
from image_sync.gui.import_page_model import ImportModel, Part, State
from image_sync.gui.import_rows import Mark
from image_sync.gui.import_tiles import tiles_of
from image_sync.gui.import_tree import ImportTree
from image_sync.gui.keys import Command
from image_sync.gui.page import Desk, Page
from image_sync.gui.preview import Preview
from image_sync.gui.progress_panel import ProgressPanel
from image_sync.gui.result_card import ResultCard
from image_sync.gui.shown import shown
from image_sync.gui.theme import px
from image_sync.gui.wrapped import WrappedLabel
from image_sync.import_model import Correction

ENOUGH = 560
"""Width at 100 % that the tree keeps beside one column of thumbnails."""
LEAST = 240
"""Width at 100 % below which the tree has all the room; the thumbnails can be dragged in."""
PAUSE = 350
"""Milliseconds without a key after which a folder counts as typed."""
NARROW = 640
"""Width at 100 % below which what stands beside a field goes below it."""
ROOMY = 760
"""Height at 100 % from which folders and tree fit one above the other."""


class ImportPage(Page):
    """Folders in, tree reviewed, plan applied."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        self.model = ImportModel(desk.session, desk.background, desk.counter, desk.port, desk.memory, desk.problems)
        self.model.watchers.append(self._changed)
        desk.session.watchers.append(lambda: self._changed(Part.STATE, Part.PROGRESS))
        self._dirty: set[Part] = set()
        self._pending = self._looking = ""
        self._folded = self._opened = False
        self._shared = 0
        self._drawn_state = State.EMPTY
        self._fresh = True
        self._build()
        self.model.refresh()
        self._draw(*Part)

    # --- what the window asks ---

    def entered(self) -> None:
        """Come to the front with the keyboard where it is of use."""
        self.preview.wish_again()
        if self.model.state is State.REVIEW:
            self.tree.table.view.focus_set()
        elif self.model.state is State.EMPTY:
            self.folders["folder1"].entry.focus_set()

    def tick(self) -> None:
        """Thumbnails that were decoded and rows that were inserted meanwhile."""
        self.preview.tick()
        self.tree.tick()
        if self.model.working and self.model.progress.share is None:
            self.progress.draw()

    def perform(self, command: Command) -> bool:
        """What a key asked for."""
        deeds: dict[Command, Callable[[], None]] = {
            Command.GO: self._go,
            Command.STOP: self.desk.session.stop,
            Command.PAUSE: self.desk.session.pause_or_go_on,
            Command.OPEN: lambda: self._with_file(desktop.open_file),
            Command.REVEAL: lambda: self._with_file(desktop.reveal),
            Command.UNDO: self.model.undo,
            Command.REFRESH: self.model.refresh,
        }
        if command not in deeds:
            return False
        deeds[command]()
        return True

    @property
    def drop_targets(self) -> dict[tkinter.Misc, Callable[[str], None]]:
        """The fields of the folders."""
        return {row.entry: functools.partial(self.model.pick_folder, name) for name, row in self.folders.items()}

    @property
    def title(self) -> str:
        """Percent and stage for the title bar."""
        return self.model.progress.title if self.model.working else ""

    @property
    def work(self) -> str:
        """What closing the window would stop."""
        return {
            State.SCANNING: _("A scan is running. What was read so far is remembered."),
            State.APPLYING: _("A plan is being applied. What is done can be undone or gone on with from History."),
            State.UNDOING: _("A run is being undone. It can be undone further from History."),
        }.get(self.model.state, "")

    # --- building ---

    def _build(self) -> None:
        gap = px(self, 12)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self._build_form(gap)
        self._build_actions(gap)
        self._build_review(gap)
        self.progress = ProgressPanel(self, self.model.progress, self.desk.session)
        self.progress.grid(row=3, column=0, sticky="ew", padx=gap, pady=(0, gap))
        self.bind("<Configure>", self._resized)

    def _build_form(self, gap: int) -> None:
        self._form = ttk.Frame(self)
        self._form.grid(row=0, column=0, sticky="ew", padx=gap, pady=(gap, 0))
        self._form.columnconfigure(1, weight=1)
        callbacks = FolderCallbacks(self._typed, self._browse)
        self.folders = {
            field.name: FolderRow(self._form, number * 3, field, callbacks)
            for number, field in enumerate(self.model.form.fields)
        }
        ttk.ToolTip(self.folders[OPTIONAL].entry, text=_("A second folder to import from; may stay empty."))

    def _build_actions(self, gap: int) -> None:
        bar = ttk.Frame(self)
        bar.grid(row=1, column=0, sticky="ew", padx=gap, pady=gap / 2)
        bar.columnconfigure(0, weight=1)
        self.options = ImportOptions(bar, self.model.form, self.model.options_changed)
        self.options.grid(row=0, column=0, sticky="ew")
        self.fold = ttk.Button(bar, text=_("Folders"), icon="chevron-up", bootstyle="ghost", command=self._toggle_fold)
        self.fold.grid(row=0, column=1, sticky="ne", padx=gap / 2)
        self.scan = ttk.Button(bar, text=_("Scan"), icon="search", bootstyle="primary", command=self.model.scan)
        self.scan.grid(row=0, column=2, sticky="ne")

    def _build_review(self, gap: int) -> None:
        self._body = ttk.Frame(self)
        self._body.grid(row=2, column=0, sticky="nsew", padx=gap, pady=(0, gap))
        self._body.columnconfigure(0, weight=1)
        self._body.rowconfigure(3, weight=1)
        self._build_head(gap)
        self._remarks = WrappedLabel(self._body)
        self._remarks.grid(row=1, column=0, sticky="ew", pady=(0, gap / 2))
        self.filters = ImportFilters(self._body, self._toggle_filter)
        self.filters.grid(row=2, column=0, sticky="ew", pady=(0, gap / 2))
        self._panes = ttk.Panedwindow(self._body, orient="horizontal")
        self._panes.grid(row=3, column=0, sticky="nsew")
        self.tree = ImportTree(self._panes, self._show_chosen, self._ask_to_correct)
        hint = _("Select files or a folder to see the pictures.")
        self.preview = Preview(self._panes, self.desk.thumbnails, self._picked, hint)
        self._panes.add(self.tree, weight=3)
        self._panes.add(self.preview, weight=1)
        self._panes.bind("<Configure>", lambda _event: self._share_panes())
        self.result = ResultCard(self._body, self.model, self.desk, self._reveal_output)
        self.result.output.configure(text=_("Show the library"))
        self.result.grid(row=3, column=0, sticky="nsew")
        self._hint = WrappedLabel(self._body, anchor="center", bootstyle="secondary")
        self._hint.configure(justify="center")
        self._hint.grid(row=3, column=0, sticky="nsew")

    def _build_head(self, gap: int) -> None:
        head = self._head = ttk.Frame(self._body)
        head.grid(row=0, column=0, sticky="ew", pady=(0, gap / 2))
        head.columnconfigure(0, weight=1)
        self._headline = WrappedLabel(head, font="TitleFont", width=1)
        self._headline.grid(row=0, column=0, sticky="ew")
        self._summary = WrappedLabel(head, width=1)
        self._summary.grid(row=1, column=0, sticky="ew")
        self.correct = ttk.Button(head, text=_("Correct…"), icon="pencil", command=self._ask_to_correct)
        self.correct.grid(row=0, column=1, rowspan=2, padx=gap / 2)
        ttk.ToolTip(self.correct, text=_("Another date or description for what is selected (Enter)."))
        self.apply = ttk.Button(head, text=_("Apply…"), bootstyle="primary", icon="check2", command=self._ask_to_apply)
        self.apply.grid(row=0, column=2, rowspan=2, sticky="e")

    # --- drawing ---

    def _changed(self, *parts: Part) -> None:
        """Redraw at the next idle moment, once however often a part changes until then."""
        self._dirty.update(parts)
        if not self._pending:
            self._pending = self.after_idle(self._redraw)

    def _redraw(self) -> None:
        dirty, self._dirty, self._pending = self._dirty, set(), ""
        self._draw(*dirty)
        if self.model.state is not self._drawn_state:
            self._drawn_state = self.model.state
            self._put_keyboard()

    def _put_keyboard(self) -> None:
        """Where a state begins, the keyboard goes to what it is for, unless it is in another window or page."""
        if not self.winfo_viewable() or self.focus_get() is None or self.grab_current() is not None:
            return
        if self.model.state is State.REVIEW:
            self.tree.table.view.focus_set()
        elif self.model.state is State.DONE:
            self.result.focus_first()

    def _draw(self, *parts: Part) -> None:
        drawers = {
            Part.FORM: self._draw_form,
            Part.ROWS: self._draw_rows,
            Part.STATE: self._draw_state,
            Part.PROGRESS: self.progress.draw,
            Part.MESSAGE: self._draw_remarks,
        }
        for part in Part:
            if part in parts:
                drawers[part]()

    def _draw_form(self) -> None:
        for row in self.folders.values():
            row.draw()
            row.set_enabled(not self.desk.session.busy)
        self.options.set_enabled(not self.desk.session.busy)
        self.scan.state(["!disabled" if self.model.can_scan else "disabled"])
        again = self.model.state in (State.REVIEW, State.DONE)
        self.scan.configure(text=_("Scan again") if again else _("Scan"))

    def _draw_rows(self, unfold: bool = False) -> None:
        rows = self.model.rows
        self.tree.show(rows, unfold=unfold or self._fresh)
        self._fresh = rows is None
        self.filters.draw(rows)
        self._headline.configure(text=rows.headline if rows else "")
        self._summary.configure(text=rows.summary if rows else "")
        self._show_chosen()

    def _draw_state(self) -> None:
        state, rows = self.model.state, self.model.rows
        reviewing = state is State.REVIEW and rows is not None
        _show(self._head, reviewing)
        _show(self.filters, reviewing)
        _show(self._panes, reviewing)
        _show(self.result, state is State.DONE)
        _show(self._hint, not reviewing and state is not State.DONE)
        _show(self.progress, self.model.working)
        if rows is not None:
            self.apply.configure(text=apply_words(rows.review.plan))
            _show(self.apply, bool(rows.review.plan.operations))
        self.apply.state(["!disabled" if self.model.can_apply else "disabled"])
        self._draw_correct()
        self._hint.configure(text=self._hint_words())
        self.result.draw()
        self._draw_remarks()
        self._draw_form()
        self._fold_if_tight()

    def _draw_correct(self) -> None:
        possible = self.model.can_correct and bool(self.tree.selected)
        self.correct.state(["!disabled" if possible else "disabled"])

    def _draw_remarks(self) -> None:
        remarks = [self.model.stale]
        if self.model.rows is not None and self.model.state is State.REVIEW:
            remarks += self.model.rows.review.plan.notes
        remarks.append(self.model.message)
        told = dict.fromkeys(shown(remark) for remark in remarks if remark)
        self._remarks.configure(text="\n".join(f"• {remark}" for remark in told))
        _show(self._remarks, bool(told))

    def _hint_words(self) -> str:
        if self.model.state is State.SCANNING:
            return _("Nothing is changed while the program looks.\nThe tree appears here when all is read.")
        if self.model.state in (State.APPLYING, State.UNDOING):
            return _("Every step is written down first, so it can be undone.")
        return _(
            "Choose a folder with new photos and your library, then press Scan.\n"
            "You see where every picture goes before anything happens, and can undo it afterwards."
        )

    # --- folding the folders away where there is little room ---

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self:
            narrow = event.width < px(self, NARROW)
            for row in self.folders.values():
                row.set_narrow(narrow)
            self._headline.configure(font="BoldFont" if narrow else "TitleFont")
            for button in (self.correct, self.fold):
                button.configure(compound="image" if narrow else "left")
            self._fold_if_tight()

    def _share_panes(self) -> None:
        """Give the thumbnails one column, two where the tree keeps enough, none where it is too narrow for both."""
        width = self._panes.winfo_width()
        if self._shared == width or width <= 1 or not self._panes.winfo_ismapped():
            return
        self._shared = width
        columns = 2 if width - self.preview.width_of(2) >= px(self, ENOUGH) * 1.6 else 1
        left = width - self.preview.width_of(columns)
        self._panes.sashpos(0, left if left >= px(self, LEAST) else width)

    def _fold_if_tight(self) -> None:
        low = self.winfo_height() < px(self, ROOMY)
        empty = self.model.state is State.EMPTY
        tight = low and (not empty or self._folded or self._is_cut())
        _show(self.fold, tight)
        if not tight:
            self._folded = self._opened = False
        elif not self._opened and not empty:
            self._folded = True
        self._draw_fold()

    def _is_cut(self) -> bool:
        """Whether folders and choices together are higher than the page."""
        return self._form.winfo_reqheight() + self.options.winfo_reqheight() + px(self, 40) > self.winfo_height()

    def _toggle_fold(self) -> None:
        self._folded = not self._folded
        self._opened = not self._folded
        self._draw_fold()

    def _draw_fold(self) -> None:
        _show(self._form, not self._folded)
        _show(self.options, not self._folded or self.model.state is State.EMPTY)
        self.fold.configure(icon="chevron-down" if self._folded else "chevron-up")

    # --- what the user does ---

    def _go(self) -> None:
        if self.model.can_apply:
            self._ask_to_apply()
        else:
            self.model.scan()

    def _ask_to_apply(self) -> None:
        def ask(question: Confirmation) -> None:
            dialogs.confirm(self, question, lambda yes: self.model.apply() if yes else None)

        self.model.ask_to_apply(ask)

    def _ask_to_correct(self) -> None:
        form = self.model.correction_form(self.tree.selected)
        if form is not None:
            import_dialog.correct(self, form, self._take_corrections)

    def _typed(self, name: str, text: str) -> None:
        """Look at the folder when the typing pauses: half a path is no mistake to be told of."""
        self.model.type_folder(name, text)
        if self._looking:
            self.after_cancel(self._looking)
        self._looking = self.after(PAUSE, self._look)

    def _look(self) -> None:
        self._looking = ""
        if self.model.typing:
            self.model.look()

    def _browse(self, name: str) -> None:
        field = self.model.form.field(name)
        title = _("Choose the folder: {name}").format(name=field.label)
        chosen = functools.partial(self.model.pick_folder, name)
        browse.choose_folder(self, self.desk.counter, title, field.path, chosen)

    def _toggle_filter(self, mark: Mark) -> None:
        if self.model.rows is not None:
            self.model.rows.toggle(mark)
            self._draw_rows(unfold=True)

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

    def _picked(self, number: int) -> None:
        """A thumbnail was pressed: go to its row."""
        if self.model.rows is not None:
            keys = list(self.model.rows.files)
            self.tree.choose(keys[number])
            self.tree.table.view.focus_set()

    def _with_file(self, deed: Callable[[str], None]) -> None:
        """Open or reveal the file of the selected row, where it is now."""
        rows = self.model.rows
        placed = rows.files.get(self.tree.focused) if rows is not None else None
        if placed is not None:
            self._on_desktop(deed, placed.arrival.path)

    def _reveal_output(self) -> None:
        self._on_desktop(desktop.reveal, self.model.request.output)

    def _on_desktop(self, deed: Callable[[str], None], path: str) -> None:
        def failed(error: Exception) -> None:
            self.desk.say(_("{path} can't be opened: {error}").format(path=shown(path), error=error))

        self.desk.counter.submit(lambda: deed(path), lambda _nothing: None, failed=failed)


def _show(widget: tkinter.Misc, visible: bool) -> None:
    """Grid a widget where it was before, or take it out."""
    if visible:
        widget.grid()  # type: ignore[attr-defined]
    else:
        widget.grid_remove()  # type: ignore[attr-defined]
