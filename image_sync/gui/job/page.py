"""Page of a job: folders and choices on top, the review, what runs at the foot; the same for all jobs.

Draws a ``JobModel`` part by part as it changes, and passes on what the user does.  A page adds its own choices and its
own review; it holds no rule, and calls nothing slow.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Mapping, Sequence

import ttkbootstrap as ttk

from image_sync.base.model import Plan
from image_sync.gui.app.keys import Command
from image_sync.gui.job.comparing import Comparing
from image_sync.gui.job.confirm_model import Confirmation, apply_words
from image_sync.gui.job.form_page import FormPage
from image_sync.gui.job.progress_panel import ProgressPanel
from image_sync.gui.job.query import Query
from image_sync.gui.job.result_card import ResultCard
from image_sync.gui.job.search_bar import SearchBar
from image_sync.gui.job.state import SHOWN, Part, State
from image_sync.gui.pages.page import Desk
from image_sync.gui.widgets import desktop, dialogs, formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.focus import focused
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import show
from image_sync.gui.widgets.wording import worded
from image_sync.gui.widgets.wrapped import WrappedLabel
from image_sync.jobs import registry

MOST_REMARKS = 8
"""Lines above the review; more would leave no room for it, and a label of thousands is more than a screen can draw."""


class JobPage(FormPage):
    """Folders in, review, plan applied.

    A page sets ``model`` before it calls this class's constructor, and makes ``options`` and the widgets of its review
    in ``_make_options`` and ``_build_review``: ``head`` with ``apply``, ``search``, ``panes``, ``remarks``, ``result``,
    ``hint``.
    """

    apply: ttk.Button
    result: ResultCard
    search: SearchBar
    _head: tkinter.Misc
    _panes: tkinter.Misc
    _remarks: WrappedLabel
    _hint: WrappedLabel

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        self.comparing = Comparing(self)
        self.bind("<<CompareClosed>>", lambda _event: self.entered())
        self.model.watchers.append(self._changed)
        desk.engine_link.watchers.append(lambda: self._changed(Part.STATE, Part.PROGRESS))
        self._dirty: set[Part] = set()
        self._pending = ""
        self._drawn_state = State.EMPTY
        self._build()
        self.model.refresh()
        self._draw(*SHOWN)

    # --- what a page says ---

    def _build_review(self, body: ttk.Frame, gap: int) -> None:
        """The widgets of the review, in the rows of ``body``."""
        raise NotImplementedError

    def _draw_rows(self) -> None:
        """Show what was found."""
        raise NotImplementedError

    def _chosen_path(self) -> str:
        """The file that is selected in the review; empty when there is none."""
        raise NotImplementedError

    def _hints(self) -> Mapping[State, str]:
        """Hints in the place of the review while there is none, for ``EMPTY`` and ``SCANNING`` at least."""
        raise NotImplementedError

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

    def _deeds(self) -> Mapping[Command, Callable[[], object]]:
        """Deeds of keys on this page alone."""
        return {}

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
            Command.OPEN: self._open,
            Command.REVEAL: lambda: self._on_desktop(desktop.reveal, self._chosen_path()),
            Command.UNDO: self.model.undo,
            Command.REFRESH: self.model.refresh,
            Command.FIND: self._find,
            Command.SAVE: self.review_menu.save,
            Command.LOAD: self.review_menu.open,
            **self._deeds(),
        }
        if command is Command.STOP and self.comparing.view is not None:
            self.comparing.close()
            return True
        if command not in deeds or not self.comparing.hears(command):
            return False
        deeds[command]()
        return True

    def leaving(self) -> None:
        """The window closes: what was decided a moment ago is written."""
        self.model.keep_hand_work()

    @property
    def title(self) -> str:
        """Percent and stage for the title bar."""
        return self.model.progress.title if self.model.working else ""

    @property
    def news(self) -> str:
        """Words for the job of this page that just ended."""
        job = _(registry.title(self.model.key))
        if self.model.state is State.REVIEW:
            return _("{job}: the scan has ended. The review waits for you.").format(job=job)
        told = self.model.outcome.headline if self.model.outcome else self.model.message
        return _("{job}: {what}").format(job=job, what=told) if told else ""

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
        if not self.winfo_viewable() or focused(self) is None or self.grab_current() is not None:
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
            Part.CHOICES: self._put_options,
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

    _counted: Plan | None = None

    # --- what the user does ---

    def _find(self) -> None:
        if self.search.winfo_viewable():
            self.search.focus_first()

    def _open(self) -> None:
        """Open the selected picture; where nothing was found yet, a saved review."""
        if self.model.state is State.EMPTY:
            self.review_menu.open()
        else:
            self._on_desktop(desktop.open_file, self._chosen_path())

    def _go(self) -> None:
        self._take_typed_choices()
        if self.model.can_apply or self.model.planning:
            # A key that comes a moment before the plan is asked for no other scan.
            self._ask_to_apply()
        else:
            self.model.scan()

    def _ask_to_apply(self) -> None:
        def ask(question: Confirmation) -> None:
            dialogs.confirm(self, question, lambda yes: self.model.apply() if yes else None)

        self.model.ask_to_apply(ask)
