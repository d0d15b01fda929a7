"""Page of a job: folders and choices on top, the review, what runs at the foot; the same for all jobs.

Draws a ``JobModel`` part by part as it changes, and passes on what the user does.  A page adds its own choices and its
own review; it holds no rule, and calls nothing slow.
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ttkbootstrap as ttk

from image_sync.base.model import Plan
from image_sync.gui.app.keys import Command
from image_sync.gui.job.comparing import Comparing
from image_sync.gui.job.confirm_model import Confirmation, apply_words
from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.folder_row import FolderCallbacks, FolderRow
from image_sync.gui.job.model import JobModel
from image_sync.gui.job.progress_panel import ProgressPanel
from image_sync.gui.job.query import Query
from image_sync.gui.job.result_card import ResultCard
from image_sync.gui.job.search_bar import SearchBar
from image_sync.gui.job.state import Part, State
from image_sync.gui.pages.page import Desk, Page
from image_sync.gui.widgets import browse, desktop, dialogs, formatting
from image_sync.gui.widgets.drawable_text import columns, shown
from image_sync.gui.widgets.drop import folder_of
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import restyle, show
from image_sync.gui.widgets.wording import of_error, worded
from image_sync.gui.widgets.wrapped import WrappedLabel

PAUSE = 350
"""Milliseconds without a key after which a folder counts as typed."""
NARROW = 640
"""Width at 100 % below which what stands beside a field goes below it."""

LOW = 420
"""Height at 100 % below which the choices are folded away with the folders on every page."""
MOST_REMARKS = 8
"""Lines above the review; more would leave no room for it, and a label of thousands is more than a screen can draw."""


class JobPage(Page):
    """Folders in, review, plan applied.

    A page sets ``model`` before it calls this class's constructor, and makes ``options`` and the widgets of its review
    in ``_make_options`` and ``_build_review``: ``head`` with ``apply``, ``search``, ``panes``, ``remarks``, ``result``,
    ``hint``.
    """

    model: JobModel[Any, Any, Any]
    options: tkinter.Misc
    apply: ttk.Button
    result: ResultCard
    search: SearchBar
    _head: tkinter.Misc
    _panes: tkinter.Misc
    _remarks: WrappedLabel
    _hint: WrappedLabel

    roomy = 760
    """Height at 100 % from which folders and review fit one above the other."""
    folds_options = True
    """Whether the choices are folded away with the folders where there is little room."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        self.comparing = Comparing(self)
        self.bind("<<CompareClosed>>", lambda _event: self.entered())
        self.model.watchers.append(self._changed)
        desk.engine_link.watchers.append(lambda: self._changed(Part.STATE, Part.PROGRESS))
        self._dirty: set[Part] = set()
        self._pending = self._looking = ""
        self._folded = self._opened = False
        self._drawn_state = State.EMPTY
        self._build()
        self.model.refresh()
        self._draw(*Part)

    # --- what a page says ---

    def _make_options(self, master: tkinter.Misc) -> tkinter.Widget:
        """The choices below the folders."""
        raise NotImplementedError

    def _build_review(self, body: ttk.Frame, gap: int) -> None:
        """The widgets of the review, in the rows of ``body``."""
        raise NotImplementedError

    def _draw_rows(self) -> None:
        """Show what was found."""
        raise NotImplementedError

    def _set_options_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not."""
        raise NotImplementedError

    def _take_typed_choices(self) -> None:
        """Take what was typed a moment ago among the choices, though the typing has not paused yet."""

    def _chosen_path(self) -> str:
        """The file that is selected in the review; empty when there is none."""
        raise NotImplementedError

    def _hints(self) -> Mapping[State, str]:
        """Hints in the place of the review while there is none, for ``EMPTY`` and ``SCANNING`` at least."""
        raise NotImplementedError

    def _scan_words(self, again: bool) -> str:
        """Words of the button of the scan."""
        return _("Scan again") if again else _("Scan")

    def _scan_running(self) -> str:
        """Work that closing the window would stop while a scan runs."""
        return _("A scan is running. What was read so far is remembered.")

    def _review_view(self) -> tkinter.Misc:
        """The widget of the review that takes the keyboard."""
        raise NotImplementedError

    def _something_found(self) -> bool:
        """Whether the review has anything to show."""
        return True

    def _can_be_applied(self) -> bool:
        """Whether Apply is shown at all."""
        return bool(self.model.plan.operations)

    def _review_remarks(self) -> Sequence[str]:
        """Remarks on the review that is shown."""
        return tuple(map(worded, self.model.plan.notes))

    def _draw_review_state(self, reviewing: bool, found: bool) -> None:
        """Show and lock what the page's own review consists of."""

    def _search_for(self, query: Query) -> None:
        """Show of what was found only what is looked for."""
        raise NotImplementedError

    def _search_result(self) -> str:
        """Words for how much the search shows; empty while nothing is looked for."""
        raise NotImplementedError

    def _narrowed(self, width: int, narrow: bool) -> None:
        """The page has another width, in pixels."""

    def _deeds(self) -> Mapping[Command, Callable[[], object]]:
        """Deeds of keys on this page alone."""
        return {}

    def _callbacks(self, field: FolderField) -> FolderCallbacks:  # noqa: ARG002 - a page may tell fields apart
        """Callbacks of a folder's row."""
        return FolderCallbacks(self._typed, self._browse)

    # --- what the window asks ---

    def entered(self) -> None:
        """Come to the front with the keyboard where it is of use."""
        if self.model.state is State.REVIEW:
            self._review_view().focus_set()
        elif self.model.state is State.EMPTY:
            next(iter(self.folders.values())).entry.focus_set()

    def tick(self) -> None:
        """A stage of unknown length moves on."""
        if self.model.working and self.model.progress.share is None:
            self.progress.draw()

    def perform(self, command: Command) -> bool:
        """Performs what a key asked for."""
        deeds: dict[Command, Callable[[], object]] = {
            Command.GO: self._go,
            Command.STOP: self.desk.engine_link.stop,
            Command.PAUSE: self.desk.engine_link.pause_or_go_on,
            Command.OPEN: lambda: self._on_desktop(desktop.open_file, self._chosen_path()),
            Command.REVEAL: lambda: self._on_desktop(desktop.reveal, self._chosen_path()),
            Command.UNDO: self.model.undo,
            Command.REFRESH: self.model.refresh,
            Command.FIND: self._find,
            **self._deeds(),
        }
        if command is Command.STOP and self.comparing.view is not None:
            self.comparing.close()
            return True
        if command not in deeds or not self.comparing.hears(command):
            return False
        deeds[command]()
        return True

    @property
    def drop_targets(self) -> dict[tkinter.Misc, Callable[[Sequence[str]], None]]:
        """The fields of the folders."""
        return {row.entry: functools.partial(self._dropped, name) for name, row in self.folders.items()}

    @property
    def title(self) -> str:
        """Percent and stage for the title bar."""
        return self.model.progress.title if self.model.working else ""

    @property
    def work(self) -> str:
        """Work that closing the window would stop."""
        return {
            State.SCANNING: self._scan_running(),
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
        body = ttk.Frame(self)
        body.grid(row=2, column=0, sticky="nsew", padx=gap, pady=(0, gap))
        body.columnconfigure(0, weight=1)
        self._build_review(body, gap)
        self.progress = ProgressPanel(self, self.model.progress, self.desk.engine_link)
        self.progress.grid(row=3, column=0, sticky="ew", padx=gap, pady=(0, gap))
        self.bind("<Configure>", self._resized)

    def _build_form(self, gap: int) -> None:
        self._form = ttk.Frame(self)
        self._form.grid(row=0, column=0, sticky="ew", padx=gap, pady=(gap, 0))
        self._form.columnconfigure(1, weight=1)
        self.folders: dict[str, FolderRow] = {}
        """The rows of the folders, by the names of their fields."""
        self._make_rows()

    def _make_rows(self) -> None:
        """Rows for the folders that the form has now, in their order."""
        fields = self.model.form.fields
        for name in self.folders.keys() - {field.name for field in fields}:
            self.folders.pop(name).destroy()
        known = self.folders
        self.folders = {
            field.name: known.get(field.name) or FolderRow(self._form, number * 3, field, self._callbacks(field))
            for number, field in enumerate(fields)
        }

    def _build_actions(self, gap: int) -> None:
        bar = ttk.Frame(self)
        bar.grid(row=1, column=0, sticky="ew", padx=gap, pady=gap / 2)
        bar.columnconfigure(0, weight=1)
        options = self._make_options(bar)
        options.grid(row=0, column=0, sticky="ew")
        self.fold = ttk.Button(bar, text=_("Folders"), icon="chevron-up", bootstyle="ghost", command=self._toggle_fold)
        self.fold.grid(row=0, column=1, sticky="ne", padx=gap / 2)
        ttk.ToolTip(self.fold, text=_("Show the folders, or make room for what was found."))
        words = [self._scan_words(again) for again in (False, True)]
        # As wide for either word, so that the choices beside it don't jump.
        self.scan = ttk.Button(
            bar, text=words[0], icon="search", bootstyle="primary", command=self._scan, width=max(map(columns, words))
        )
        self.scan.grid(row=0, column=2, sticky="ne")

    def _build_endings(self, body: ttk.Frame, row: int, reveal: Callable[[], None]) -> None:
        """Build what stands in the place of the review before it is there and when it was carried out."""
        body.rowconfigure(row, weight=1)
        # A frame that loses its last child may never show what comes next: one that is empty stays.
        ttk.Frame(body).grid(row=row + 1, column=0)
        self.result = ResultCard(body, self.model, self.desk, reveal)
        self.result.grid(row=row, column=0, sticky="nsew")
        self._hint = WrappedLabel(body, anchor="center", bootstyle="secondary")
        self._hint.configure(justify="center")
        self._hint.grid(row=row, column=0, sticky="nsew")

    def _make_apply(self, master: tkinter.Misc) -> ttk.Button:
        self.apply = ttk.Button(
            master, text=_("Apply…"), bootstyle="primary", icon="check2", command=self._ask_to_apply
        )
        return self.apply

    def _make_search(self, master: tkinter.Misc, examples: str) -> SearchBar:
        self.search = SearchBar(master, self._search_for, lambda: self._review_view().focus_set(), examples)
        return self.search

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
        """Put the keyboard where a state begins to what it is for, unless it is in another window or page."""
        if not self.winfo_viewable() or self.focus_get() is None or self.grab_current() is not None:
            return
        if self.model.working:
            # The field that had it is locked now, and would keep the letters for itself.
            self.progress.pause.focus_set()
        elif self.model.state is State.REVIEW and self._something_found():
            self._review_view().focus_set()
        elif self.model.state is State.DONE:
            self.result.focus_first()
        elif self.model.state is State.EMPTY:
            next(iter(self.folders.values())).entry.focus_set()

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
        if self.model.state is not State.REVIEW:
            self.comparing.close()
        elif Part.ROWS in parts or Part.STATE in parts:
            self.comparing.refresh()

    def _form_state(self) -> tuple[State, bool, bool]:
        """State that the form's looks follow beside what is chosen in it; a decision in the review changes none."""
        return self.model.state, self.desk.engine_link.busy, self.model.can_scan

    _form_drawn: tuple[State, bool, bool] | None = None

    def _draw_form(self) -> None:
        self._form_drawn = self._form_state()
        free = not self.desk.engine_link.busy
        for row in self.folders.values():
            row.draw()
            row.set_enabled(free)
        self._set_options_enabled(free)
        self.scan.state(["!disabled" if self.model.can_scan else "disabled"])
        again = self.model.state in (State.REVIEW, State.DONE)
        self.scan.configure(text=self._scan_words(again))
        # Two blue buttons never compete: beside Apply, or New scan, this one is not what comes next.
        restyle(self.scan, bootstyle="default" if again and not self.model.stale else "primary")

    def _draw_state(self) -> None:
        state = self.model.state
        reviewing = state is State.REVIEW and self.model.review is not None
        found = reviewing and self._something_found()
        show(self._panes, found)
        show(self.result, state is State.DONE)
        show(self._hint, not found and state is not State.DONE)
        show(self._head, reviewing)
        show(self.search, found)
        if self.model.review is None:
            self.search.forget()
        self.search.tell(self._search_result() if reviewing else "")
        show(self.progress, self.model.working)
        show(self.apply, reviewing and self._can_be_applied())
        if self.model.review is not None and self.model.plan is not self._counted:
            # A plan of thousands of steps is counted once, not with every key.
            self._counted = self.model.plan
            self.apply.configure(text=apply_words(self._counted))
        self.apply.state(["!disabled" if self.model.can_apply else "disabled"])
        self._draw_review_state(reviewing, found)
        self._hint.configure(text=self._hint_words())
        self.result.draw()
        self._draw_remarks()
        if self._form_state() != self._form_drawn:
            self._draw_form()
        self._fold_if_tight()

    def _draw_remarks(self) -> None:
        remarks = [self.model.stale]
        if self.model.review is not None and self.model.state is State.REVIEW:
            remarks += [*self._review_remarks(), *self.model.notes]
        remarks.append(self.model.message)
        told = list(dict.fromkeys(shown(remark) for remark in remarks if remark))
        if len(told) > MOST_REMARKS:
            more = len(told) - MOST_REMARKS + 1
            words = ngettext("{count} further remark", "{count} further remarks", more)
            told[MOST_REMARKS - 1 :] = [words.format(count=formatting.count(more))]
        self._remarks.configure(text="\n".join(f"• {remark}" for remark in told))
        show(self._remarks, bool(told))

    def _hint_words(self) -> str:
        hints = self._hints()
        if self.model.state in (State.APPLYING, State.UNDOING):
            return _("Every step is written down first, so it can be undone.")
        return hints.get(self.model.state, hints[State.EMPTY])

    # --- folding the folders away where there is little room ---

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self:
            narrow = event.width < px(self, NARROW)
            self._set_narrow()
            self.fold.configure(compound="image" if narrow else "left")
            self._narrowed(event.width, narrow)
            self._fold_if_tight()

    def _set_narrow(self) -> None:
        narrow = self.winfo_width() < px(self, NARROW)
        for row in self.folders.values():
            row.set_narrow(narrow)

    def _fold_if_tight(self) -> None:
        low = self.winfo_height() < px(self, self.roomy)
        empty = self.model.state is State.EMPTY
        tight = low and (not empty or self._folded or self._is_cut())
        show(self.fold, tight)
        if not tight:
            self._folded = self._opened = False
        elif not self._opened and not empty:
            self._folded = True
        self._draw_fold()

    def _is_cut(self) -> bool:
        """Whether folders and choices together are higher than the page."""
        wanted = self._form.winfo_reqheight() + self.options.winfo_reqheight() + px(self, 40)
        return wanted > self.winfo_height()

    def _toggle_fold(self) -> None:
        self._folded = not self._folded
        self._opened = not self._folded
        self._draw_fold()

    def _draw_fold(self) -> None:
        show(self._form, not self._folded)
        if self.folds_options or self.winfo_height() < px(self, LOW):
            show(self.options, not self._folded or self.model.state is State.EMPTY)
        else:
            show(self.options, True)
        restyle(self.fold, icon="chevron-down" if self._folded else "chevron-up")

    _counted: Plan | None = None

    # --- what the user does ---

    def _find(self) -> None:
        if self.search.winfo_viewable():
            self.search.focus_first()

    def _go(self) -> None:
        self._take_typed_choices()
        if self.model.can_apply:
            self._ask_to_apply()
        else:
            self.model.scan()

    def _scan(self) -> None:
        self._take_typed_choices()
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

    def _dropped(self, name: str, paths: Sequence[str]) -> None:
        """Files and folders were dropped on a folder's field."""
        folder = folder_of(paths)
        if folder:
            self.model.pick_folder(name, folder)

    def _browse(self, name: str) -> None:
        field = self.model.form.field(name)
        title = _("Choose the folder: {name}").format(name=field.label)
        chosen = functools.partial(self.model.pick_folder, name)
        browse.choose_folder(self, self.desk.counter, title, field.path, chosen)

    def _on_desktop(self, deed: Callable[[str], None], path: str) -> None:
        """Hand a file to the desktop off the window's thread; an empty path is nothing to do."""
        if not path:
            return

        def failed(error: Exception) -> None:
            self.desk.say(_("{path} can't be opened: {error}").format(path=shown(path), error=of_error(error)))

        self.desk.counter.submit(lambda: deed(path), lambda _nothing: None, failed=failed)
