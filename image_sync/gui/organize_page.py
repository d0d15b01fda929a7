"""The page *Organize*: folders and choices on top, the review in the middle, what runs and what to press at the foot.

Draws an ``OrganizeModel`` part by part as it changes, and passes on what the user does.
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui import browse, desktop, dialogs
from image_sync.gui.confirm_model import Confirmation, apply_words
from image_sync.gui.folder_row import FolderCallbacks, FolderRow
from image_sync.gui.group_table import GroupTable
from image_sync.gui.i18n import _
from image_sync.gui.keys import Command
from image_sync.gui.options_bar import OptionsBar
from image_sync.gui.organize_model import OrganizeModel, Part, State
from image_sync.gui.page import Desk, Page
from image_sync.gui.preview import Preview
from image_sync.gui.progress_panel import ProgressPanel
from image_sync.gui.result_card import ResultCard
from image_sync.gui.shown import shown
from image_sync.gui.theme import px
from image_sync.gui.wrapped import WrappedLabel

ENOUGH = 520
"""Width at 100 % that the table of groups keeps beside two columns of tiles."""
PAUSE = 350
"""Milliseconds without a key after which a folder counts as typed."""
NARROW = 640
"""Width at 100 % below which what stands beside a field goes below it."""
ROOMY = 760
"""Height at 100 % from which folders and review fit one above the other."""


class OrganizePage(Page):
    """Folders in, groups reviewed, plan applied."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        self.model = OrganizeModel(desk.session, desk.background, desk.counter, desk.port, desk.memory, desk.problems)
        self.model.watchers.append(self._changed)
        desk.session.watchers.append(lambda: self._changed(Part.STATE, Part.PROGRESS))
        self._dirty: set[Part] = set()
        self._pending = self._looking = ""
        self._folded = False
        self._drawn_state = State.EMPTY
        self._build()
        self.model.refresh()
        self._draw(*Part)

    # --- what the window asks ---

    def entered(self) -> None:
        """Come to the front with the keyboard where it is of use."""
        if self.model.state is State.REVIEW:
            self.groups.table.view.focus_set()
        elif self.model.state is State.EMPTY:
            self.rows["folder1"].entry.focus_set()

    def tick(self) -> None:
        """Thumbnails that were decoded meanwhile."""
        self.preview.tick()
        if self.model.working and self.model.progress.share is None:
            self.progress.draw()

    def perform(self, command: Command) -> bool:
        """What a key asked for."""
        deeds: dict[Command, Callable[[], None]] = {
            Command.GO: self._go,
            Command.STOP: self.desk.session.stop,
            Command.PAUSE: self.desk.session.pause_or_go_on,
            Command.NO_MATCH: self._not_a_match,
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
        return {row.entry: functools.partial(self.model.pick_folder, name) for name, row in self.rows.items()}

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
        self.rows: dict[str, FolderRow] = {}
        for number, field in enumerate(self.model.form.fields):
            reference = None if field.name == "output" else self.model.set_reference
            callbacks = FolderCallbacks(self._typed, self._browse, reference)
            self.rows[field.name] = FolderRow(self._form, number * 3, field, callbacks)

    def _build_actions(self, gap: int) -> None:
        bar = ttk.Frame(self)
        bar.grid(row=1, column=0, sticky="ew", padx=gap, pady=gap / 2)
        bar.columnconfigure(0, weight=1)
        self.options = OptionsBar(bar, self.model.form, self.model.options_changed)
        self.options.grid(row=0, column=0, rowspan=2, sticky="ew")
        self.fold = ttk.Button(bar, text=_("Folders"), icon="chevron-up", bootstyle="ghost", command=self._toggle_fold)
        self.fold.grid(row=0, column=1, sticky="e")
        self.scan = ttk.Button(bar, text=_("Scan"), icon="search", bootstyle="primary", command=self.model.scan)
        self.scan.grid(row=1, column=1, sticky="e")

    def _build_review(self, gap: int) -> None:
        self._body = ttk.Frame(self)
        self._body.grid(row=2, column=0, sticky="nsew", padx=gap, pady=(0, gap))
        self._body.columnconfigure(0, weight=1)
        self._body.rowconfigure(2, weight=1)
        # A frame that loses its last child may never show what comes next: one that is empty stays.
        ttk.Frame(self._body).grid(row=3, column=0)
        head = ttk.Frame(self._body)
        head.grid(row=0, column=0, sticky="ew", pady=(0, gap / 2))
        head.columnconfigure(0, weight=1)
        self._headline = ttk.Label(head, font="TitleFont")
        self._headline.grid(row=0, column=0, sticky="w")
        self.no_match = ttk.Button(head, text=_("Not a match"), icon="x-circle", command=self._not_a_match)
        self.no_match.grid(row=0, column=1, padx=gap / 2)
        self.apply = ttk.Button(head, text=_("Apply…"), bootstyle="primary", icon="check2", command=self._ask_to_apply)
        self.apply.grid(row=0, column=2)
        self._remarks = WrappedLabel(self._body)
        self._remarks.grid(row=1, column=0, sticky="ew", pady=(0, gap / 2))
        self._panes = ttk.Panedwindow(self._body, orient="horizontal")
        self._panes.grid(row=2, column=0, sticky="nsew")
        self.groups = GroupTable(self._panes, self._chosen)
        self.preview = Preview(self._panes, self.desk.thumbnails, self._picked)
        self._panes.add(self.groups, weight=3)
        self._panes.add(self.preview, weight=1)
        self._panes.bind("<Configure>", lambda _event: self._share_panes())
        self.result = ResultCard(self._body, self.model, self.desk, self._reveal_output)
        self.result.grid(row=2, column=0, sticky="nsew")
        self._hint = WrappedLabel(self._body, anchor="center", bootstyle="secondary")
        self._hint.configure(justify="center")
        self._hint.grid(row=2, column=0, sticky="nsew")

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
        if self.model.state is State.REVIEW and self.model.groups:
            self.groups.table.view.focus_set()
        elif self.model.state is State.DONE:
            self.result.focus_first()

    def _draw(self, *parts: Part) -> None:
        drawers = {
            Part.FORM: self._draw_form,
            Part.GROUPS: self._draw_groups,
            Part.STATE: self._draw_state,
            Part.PROGRESS: self._draw_progress,
            Part.MESSAGE: self._draw_message,
        }
        for part in Part:
            if part in parts:
                drawers[part]()

    def _draw_form(self) -> None:
        for row in self.rows.values():
            row.draw()
            row.set_enabled(not self.desk.session.busy)
        self.options.set_enabled(not self.desk.session.busy)
        self.scan.state(["!disabled" if self.model.can_scan else "disabled"])
        self.scan.configure(text=_("Scan again") if self.model.state in (State.REVIEW, State.DONE) else _("Scan"))

    def _draw_groups(self) -> None:
        model = self.model.groups
        self.groups.show(model)
        self._headline.configure(text=model.headline if model else "")
        self._show_chosen()

    def _draw_state(self) -> None:
        state = self.model.state
        reviewing = state is State.REVIEW and self.model.groups is not None
        found = reviewing and bool(self.model.groups)
        _show(self._panes, found)
        _show(self.result, state is State.DONE)
        _show(self._hint, not found and state is not State.DONE)
        _show(self._headline.master, reviewing)
        _show(self.no_match, found)
        _show(self.progress, self.model.working)
        _show(self.apply, reviewing and bool(self.model.plan_size))
        self.apply.state(["!disabled" if self.model.can_apply else "disabled"])
        if self.model.groups is not None:
            self.apply.configure(text=apply_words(self.model.groups.review.plan))
        self._hint.configure(text=self._hint_words())
        self.result.draw()
        self._draw_remarks()
        self._draw_form()
        self._fold_if_tight()

    def _draw_progress(self) -> None:
        self.progress.draw()

    def _draw_message(self) -> None:
        self._draw_remarks()

    def _draw_remarks(self) -> None:
        remarks = []
        if self.model.stale:
            remarks.append(self.model.stale)
        if self.model.groups is not None and self.model.state is State.REVIEW:
            remarks += self.model.groups.remarks
        if self.model.message and self.model.message not in remarks:
            remarks.append(self.model.message)
        self._remarks.configure(text="\n".join(f"• {shown(remark)}" for remark in remarks))
        _show(self._remarks, bool(remarks))

    def _hint_words(self) -> str:
        if self.model.state is State.SCANNING:
            return _(
                "Nothing is changed while the program looks.\nGroups appear here when the scan ends or is stopped."
            )
        if self.model.state in (State.APPLYING, State.UNDOING):
            return _("Every step is written down first, so it can be undone.")
        if self.model.state is State.REVIEW:
            return _("There is nothing to compare side by side.")
        return _(
            "Choose two folders with pictures and an output folder, then press Scan.\n"
            "You see every change before it happens, and can undo it afterwards."
        )

    # --- folding the folders away where there is little room ---

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self:
            narrow = event.width < px(self, NARROW)
            for row in self.rows.values():
                row.set_narrow(narrow)
            self._fold_if_tight()

    def _share_panes(self) -> None:
        """Give the preview two tiles' width where the table keeps enough, else one; once, then it is the user's."""
        width = self._panes.winfo_width()
        if self._shared or width <= 1 or not self._panes.winfo_ismapped():
            return
        self._shared = True
        columns = 2 if width - self.preview.width_of(2) >= px(self, ENOUGH) else 1
        self._panes.sashpos(0, width - self.preview.width_of(columns))

    _shared = False

    def _fold_if_tight(self) -> None:
        tight = self.winfo_height() < px(self, ROOMY) and self.model.state is not State.EMPTY
        _show(self.fold, tight)
        if not tight:
            self._folded = False
            self._opened = False
        elif not self._opened:
            self._folded = True
        self._draw_fold()

    _opened = False

    def _toggle_fold(self) -> None:
        self._folded = not self._folded
        self._opened = not self._folded
        self._draw_fold()

    def _draw_fold(self) -> None:
        _show(self._form, not self._folded)
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

        def chosen(path: str) -> None:
            self.model.pick_folder(name, path)

        title = _("Choose the folder: {name}").format(name=field.label)
        browse.choose_folder(self, self.desk.counter, title, field.path, chosen)

    def _not_a_match(self) -> None:
        chosen = self.groups.chosen
        if chosen is not None:
            self.model.not_a_match(chosen.group, chosen.picture)

    def _chosen(self) -> None:
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.groups.chosen if self.model.groups is not None else None
        self.preview.show(self.model.groups, chosen.group if chosen else None, chosen.picture if chosen else None)

    def _picked(self, picture: int) -> None:
        chosen = self.groups.chosen
        if chosen is not None:
            self.groups.choose(chosen.group, picture)
            self.groups.table.view.focus_set()

    def _with_file(self, deed: Callable[[str], None]) -> None:
        """Open or reveal the selected picture; for a group, its best."""
        chosen, model = self.groups.chosen, self.model.groups
        if chosen is None or model is None:
            return
        index = model.review.groups[chosen.group].best.picture if chosen.picture is None else chosen.picture
        path = model.picture(index).record.path
        self._on_desktop(deed, path)

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
