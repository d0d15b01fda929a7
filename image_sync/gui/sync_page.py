"""The page *Sync*: folders and choices on top, the table with both versions below it, what runs at the foot.

Draws a ``SyncModel`` part by part as it changes, and passes on what the user does.
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui import browse, desktop, dialogs
from image_sync.gui.confirm_model import Confirmation, apply_words
from image_sync.gui.folder_row import FolderCallbacks, FolderRow
from image_sync.gui.i18n import _
from image_sync.gui.keys import Command
from image_sync.gui.page import Desk, Page
from image_sync.gui.progress_panel import ProgressPanel
from image_sync.gui.result_card import ResultCard
from image_sync.gui.shown import shown
from image_sync.gui.sync_chips import SyncChips
from image_sync.gui.sync_options import SyncOptions
from image_sync.gui.sync_page_model import Part, State, SyncModel
from image_sync.gui.sync_rows import Chip, SyncRow
from image_sync.gui.sync_table import SyncTable
from image_sync.gui.sync_versions import HEIGHT, SyncVersions, is_open
from image_sync.gui.sync_versions_model import place_on
from image_sync.gui.theme import px
from image_sync.gui.wrapped import WrappedLabel
from image_sync.sync_model import Answer, Side

PAUSE = 350
"""Milliseconds without a key after which a folder counts as typed."""
NARROW = 640
"""Width at 100 % below which what stands beside a field goes below it."""
ONE_LINE = 800
"""Width at 100 % that the choices need beside each other."""
ROOMY = 700
"""Height at 100 % from which folders and table fit one above the other."""
LEAST = 110
"""Height at 100 % that the table keeps: its heading and three rows."""


class SyncPage(Page):
    """Folders in, rows reviewed, plan applied."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        self.model = SyncModel(desk.session, desk.background, desk.counter, desk.port, desk.memory, desk.problems)
        self.model.watchers.append(self._changed)
        desk.session.watchers.append(lambda: self._changed(Part.STATE, Part.PROGRESS))
        self._dirty: set[Part] = set()
        self._pending = self._looking = ""
        self._folded = self._opened = False
        self._shared = 0
        self._drawn_state = State.EMPTY
        self._go_on_from = ""
        self._build()
        self.model.refresh()
        self._draw(*Part)

    # --- what the window asks ---

    def entered(self) -> None:
        """Come to the front with the keyboard where it is of use."""
        if self.model.state is State.REVIEW:
            self.table.table.view.focus_set()
        elif self.model.state is State.EMPTY:
            self.folders["source"].entry.focus_set()

    def tick(self) -> None:
        """Thumbnails that were decoded and rows that were inserted meanwhile."""
        self.versions.tick()
        self.table.tick()
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
            State.COMPARING: _("Two folders are being compared. What was read so far is remembered."),
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

    def _build_actions(self, gap: int) -> None:
        bar = ttk.Frame(self)
        bar.grid(row=1, column=0, sticky="ew", padx=gap, pady=gap / 2)
        bar.columnconfigure(0, weight=1)
        self.options = SyncOptions(bar, self.model.form, self.model.options_changed)
        self.options.grid(row=0, column=0, sticky="ew")
        self.fold = ttk.Button(bar, text=_("Folders"), icon="chevron-up", bootstyle="ghost", command=self._toggle_fold)
        self.fold.grid(row=0, column=1, sticky="ne", padx=gap / 2)
        self.compare = ttk.Button(
            bar, text=_("Compare"), icon="search", bootstyle="primary", command=self.model.compare
        )
        self.compare.grid(row=0, column=2, sticky="ne")

    def _build_review(self, gap: int) -> None:
        self._body = ttk.Frame(self)
        self._body.grid(row=2, column=0, sticky="nsew", padx=gap, pady=(0, gap))
        self._body.columnconfigure(0, weight=1)
        self._body.rowconfigure(3, weight=1)
        # Tk forgets to show what is gridded right after a frame has lost the last of what was in it.
        ttk.Frame(self._body).grid(row=4, column=0)
        self._build_head(gap)
        self._remarks = WrappedLabel(self._body)
        self._remarks.grid(row=1, column=0, sticky="ew", pady=(0, gap / 2))
        self.chips = SyncChips(self._body, self._toggle_chip)
        self.chips.grid(row=2, column=0, sticky="ew", pady=(0, gap / 2))
        self._panes = ttk.Panedwindow(self._body, orient="vertical")
        self._panes.grid(row=3, column=0, sticky="nsew")
        self.table = SyncTable(self._panes, self._show_chosen, self._answer_rows)
        self.versions = SyncVersions(self._panes, self.desk.counter, self._answer_chosen)
        self._panes.add(self.table, weight=3)
        self._panes.add(self.versions, weight=1)
        self._panes.bind("<Configure>", lambda _event: self._share_panes())
        self.result = ResultCard(self._body, self.model, self.desk, self._open_log)
        self.result.output.configure(text=_("Open the JSON log"), icon="file-earmark-text")
        self.result.grid(row=3, column=0, sticky="nsew")
        self._hint = WrappedLabel(self._body, anchor="center", bootstyle="secondary")
        self._hint.configure(justify="center")
        self._hint.grid(row=3, column=0, sticky="nsew")

    def _build_head(self, gap: int) -> None:
        head = self._head = ttk.Frame(self._body)
        head.grid(row=0, column=0, sticky="ew", pady=(0, gap / 2))
        head.columnconfigure(1, weight=1)
        self._headline = ttk.Label(head, font="TitleFont")
        self._headline.grid(row=0, column=0, sticky="w")
        self._counters = ttk.Label(head)
        self._counters.grid(row=0, column=1, sticky="w", padx=gap * 2)
        self.apply = ttk.Button(head, text=_("Apply…"), bootstyle="primary", icon="check2", command=self._ask_to_apply)
        self.apply.grid(row=0, column=2, sticky="e")
        self.on_purpose = ttk.Button(head, text=_("Deleted on purpose…"), icon="trash", command=self._ask_on_purpose)
        self.on_purpose.grid(row=0, column=2, sticky="e")

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
            self.table.table.view.focus_set()
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
        self.compare.state(["!disabled" if self.model.can_compare else "disabled"])
        again = self.model.state in (State.REVIEW, State.DONE)
        self.compare.configure(text=_("Compare again") if again else _("Compare"))

    def _draw_rows(self) -> None:
        rows = self.model.rows
        self.table.show(rows)
        self.chips.draw(rows)
        self._headline.configure(text=rows.headline if rows else "")
        self._counters.configure(text=rows.counters if rows else "")
        if rows is not None and not self.model.answers:
            # What waits for the user comes first.
            first = rows.next_conflict("")
            if first and not self._chosen_before:
                self.table.choose(first)
            self._chosen_before = True
        elif rows is None:
            self._chosen_before = False
        self._go_to_next_conflict()
        self._show_chosen()

    _chosen_before = False

    def _draw_state(self) -> None:
        state, rows = self.model.state, self.model.rows
        reviewing = state is State.REVIEW and rows is not None
        _show(self._head, reviewing)
        _show(self.chips, reviewing)
        _show(self._panes, reviewing)
        _show(self.result, state is State.DONE)
        _show(self._hint, not reviewing and state is not State.DONE)
        _show(self.progress, self.model.working)
        if rows is not None:
            self.apply.configure(text=apply_words(rows.review.plan))
            _show(self.apply, bool(rows.review.plan.operations) and not self.model.emptied)
        _show(self.on_purpose, bool(self.model.emptied))
        self.apply.state(["!disabled" if self.model.can_apply else "disabled"])
        self._hint.configure(text=self._hint_words())
        self.result.draw()
        if not self.model.log:
            self.result.output.pack_forget()
        self._show_chosen()
        self._draw_remarks()
        self._draw_form()
        self._fold_if_tight()

    def _draw_remarks(self) -> None:
        remarks = [self.model.stale, self.model.refusal if self.model.state is State.REVIEW else ""]
        if self.model.rows is not None and self.model.state is State.REVIEW:
            remarks += self.model.rows.review.notes
        remarks.append(self.model.message)
        refused = self.model.state is State.REVIEW and bool(self.model.refusal)
        self._remarks.configure(bootstyle="danger" if refused else "default")
        told = dict.fromkeys(shown(remark) for remark in remarks if remark)
        self._remarks.configure(text="\n".join(f"• {remark}" for remark in told))
        _show(self._remarks, bool(told))

    def _hint_words(self) -> str:
        if self.model.state is State.COMPARING:
            return _("Nothing is changed while the program looks.\nThe table appears here when all is compared.")
        if self.model.state in (State.APPLYING, State.UNDOING):
            return _("Every step is written down first, so it can be undone.")
        return _(
            "Choose two folders that shall hold the same, then press Compare.\n"
            "You see every change before it happens, and can undo it afterwards."
        )

    # --- folding the folders away where there is little room ---

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self:
            narrow = event.width < px(self, NARROW)
            for row in self.folders.values():
                row.set_narrow(narrow)
            self.options.set_narrow(event.width < px(self, ONE_LINE))
            self._put_counters(event.width < px(self, ONE_LINE))
            self._fold_if_tight()

    def _put_counters(self, below: bool) -> None:
        place = {"row": 1, "column": 0, "padx": 0} if below else {"row": 0, "column": 1, "padx": px(self, 24)}
        self._counters.grid(columnspan=3 if below else 1, **place)

    def _share_panes(self) -> None:
        """Give both versions their height where the table keeps enough; anew when the height changed."""
        height = self._panes.winfo_height()
        if self._shared == height or height <= 1 or not self._panes.winfo_ismapped():
            return
        self._shared = height
        self._panes.sashpos(0, max(height - px(self, HEIGHT), px(self, LEAST)))

    def _fold_if_tight(self) -> None:
        tight = self.winfo_height() < px(self, ROOMY) and self.model.state is not State.EMPTY
        _show(self.fold, tight)
        if not tight:
            self._folded = self._opened = False
        elif not self._opened:
            self._folded = True
        self._draw_fold()

    def _toggle_fold(self) -> None:
        self._folded = not self._folded
        self._opened = not self._folded
        self._draw_fold()

    def _draw_fold(self) -> None:
        _show(self._form, not self._folded)
        _show(self.options, not self._folded)
        self.fold.configure(icon="chevron-down" if self._folded else "chevron-up")

    # --- what the user does ---

    def _go(self) -> None:
        if self.model.can_apply:
            self._ask_to_apply()
        else:
            self.model.compare()

    def _ask_to_apply(self) -> None:
        def ask(question: Confirmation) -> None:
            dialogs.confirm(self, question, lambda yes: self.model.apply() if yes else None)

        self.model.ask_to_apply(ask)

    def _ask_on_purpose(self) -> None:
        def answered(key: str) -> None:
            if key == "yes":
                self.model.compare(deleted_on_purpose=True)

        words = _(
            "{why}\n\nOnly if you deleted these files yourself: compare once more, and decide what becomes of them."
        )
        answers = (
            dialogs.Answer("no", _("Cancel"), default=True),
            dialogs.Answer("yes", _("I deleted them"), "primary"),
        )
        dialogs.ask(self, _("Were they deleted on purpose?"), words.format(why=self.model.emptied), answers, answered)

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

    def _toggle_chip(self, chip: Chip) -> None:
        if self.model.rows is not None:
            self.model.rows.toggle(chip)
            self._draw_rows()

    def _answer_rows(self, rows: list[SyncRow], answer: Answer | None) -> None:
        if answer is not None and len(rows) == 1 and is_open(rows[0]):
            self._go_on_from = rows[0].key
        self.model.answer(rows, answer)

    def _answer_chosen(self, answer: Answer, everything: bool) -> None:
        if everything:
            self.model.answer_conflicts(answer)
        else:
            self._answer_rows(self.table.selected, answer)

    def _go_to_next_conflict(self) -> None:
        """After an open conflict was answered, the next one waits."""
        rows, start = self.model.rows, self._go_on_from
        row = rows.row(start) if rows is not None and start else None
        if rows is None or row is None or is_open(row):
            return
        self._go_on_from = ""
        following = rows.next_conflict(start)
        if following and self.table.chosen is not None and self.table.chosen.key == start:
            self.table.choose(following)

    def _show_chosen(self) -> None:
        rows = self.model.rows
        chosen = self.table.chosen if rows is not None else None
        conflicts = len(rows.review.conflicts) if rows else 0
        self.versions.show(chosen, rows.review if rows else None, conflicts, self.model.can_answer)

    def _with_file(self, deed: Callable[[str], None]) -> None:
        """Open or reveal the file of the selected row, on the side where there is one."""
        chosen, rows = self.table.chosen, self.model.rows
        if chosen is None or rows is None:
            return
        side = Side.SOURCE if chosen.decision.source is not None else Side.TARGET
        self._on_desktop(deed, place_on(chosen.decision, rows.review, side))

    def _open_log(self) -> None:
        self._on_desktop(desktop.open_file, self.model.log)

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
