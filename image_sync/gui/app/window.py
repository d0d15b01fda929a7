"""The window: the rail, the page in front, what concerns all pages, and the timer that everything is drawn from.

The timer drains the engine's events for a few milliseconds, delivers answers of the background, and lets the page in
front take what else waits.  It never calls ``update``.  Closing asks when a job runs, stops it, and waits for its end.
"""

from __future__ import annotations

import contextlib
import functools
import queue
import time
import tkinter
from collections.abc import Callable
from dataclasses import replace

import ttkbootstrap as ttk

from image_sync.base import faults
from image_sync.base.faults import Fault
from image_sync.gui.app.announcer import Announcer
from image_sync.gui.app.banner import Banner
from image_sync.gui.app.fault_dialog import FaultDialog
from image_sync.gui.app.keys import Command, Shortcut, shortcuts, with_modifier
from image_sync.gui.app.rail import Rail
from image_sync.gui.job.engine_link import EngineLink
from image_sync.gui.job.port import EnginePort, Port
from image_sync.gui.job.problems_model import ProblemsModel
from image_sync.gui.pages.history_model import HistoryModel
from image_sync.gui.pages.page import WELCOME, Desk, Page, PageSpec
from image_sync.gui.preference_store import PreferenceStore
from image_sync.gui.widgets import dialogs, theme
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.collector import Collector
from image_sync.gui.widgets.dialogs import Answer
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.focus import has_keyboard
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.thumbnails import Decode, ThumbnailLoader
from image_sync.gui.widgets.wrapped import WrappedLabel

NAME = "Image Sync"
TICK = 50
"""Milliseconds between two looks at the queues: twenty a second, as often as the engine reports."""
NARROW = 940
"""Width at 100 % below which the rail shows icons alone."""
TYPING = ("TEntry", "TCombobox", "TSpinbox", "Text", "Entry")


class Window:
    """The window: everything inside ``root``.  ``closed`` is called when it is gone for good."""

    def __init__(
        self,
        root: ttk.App,
        specs: tuple[PageSpec, ...],
        port: Port,
        memory: PreferenceStore,
        decode: Decode,
        *,
        dark: Callable[[], bool],
        closed: Callable[[], None],
    ) -> None:
        self.root, self._specs, self._dark, self._closed = root, {spec.key: spec for spec in specs}, dark, closed
        self._collector = Collector()
        self.desk = self._make_desk(port, memory, decode)
        self.pages: dict[str, Page] = {}
        self.front = ""
        self._before_help = specs[0].key
        self._closing = False
        self._gone = False
        self._title = ""
        self._started = False
        self.fault: FaultDialog | None = None
        """The dialog of the newest fault; it may be closed already."""
        self._known_faults: set[str] = set()
        self._heard: queue.SimpleQueue[Fault] = queue.SimpleQueue()
        self.announcer = Announcer(
            self._running,
            lambda key: self.pages[key].news,
            lambda: self.desk.memory.preferences.notify,
            self._in_front,
            _notify,
            time.monotonic,
        )
        self._ears = contextlib.ExitStack()
        self._ears.enter_context(faults.heard_by(self._heard.put))
        self._say_later = ""
        self._build(specs)
        self._bind()
        self.show(self._first(specs))
        self._tick_id = root.after(TICK, self._tick)

    # --- pages ---

    def _first(self, specs: tuple[PageSpec, ...]) -> str:
        """The page to begin with: a person who never ran anything is asked what they would like to do."""
        preferences = self.desk.memory.preferences
        new_here = not (preferences.greeted or preferences.recent or preferences.last)
        return WELCOME if new_here and WELCOME in self._specs else specs[0].key

    def show(self, key: str) -> None:
        """Bring a page to the front; it is made when it is first wanted."""
        if key == self.front:
            return
        if key not in self.pages:
            self.pages[key] = self._specs[key].build(self._stage, self.desk)
            self.pages[key].grid(row=0, column=0, sticky="nsew")
            self._accept_drops(self.pages[key])
        if self.front:
            self.pages[self.front].grid_remove()
        self.front = key
        self.pages[key].grid()
        self.rail.mark(key)
        self.pages[key].entered()

    def say(self, words: str) -> None:
        """One sentence at the foot of the window; it goes after a while."""
        self._foot.configure(text=words)
        self._foot.grid()
        if self._say_later:
            self.root.after_cancel(self._say_later)
        self._say_later = self.root.after(max(6000, 80 * len(words)), self._say_nothing)

    def started(self) -> None:
        """The window is on the screen: now there is time for what it did not need at once."""
        self.desk.history.watchers.append(self._offer_unfinished)
        self.desk.history.refresh()
        self._started = True
        if self.desk.memory.trouble:
            self.say(self.desk.memory.trouble)
        for page in self.pages.values():
            self._accept_drops(page)

    # --- closing ---

    def close(self) -> None:
        """Close, after a question when something runs."""
        work = next((page.work for page in self.pages.values() if page.work), "")
        if not self.desk.engine_link.busy:
            self._leave()
        elif self._closing:
            words = _(
                "What runs has not stopped yet. What it is doing to a file now may be left for a later Resume or Undo."
            )
            answers = (Answer("stay", _("Wait")), Answer("leave", _("Close at once"), "primary"))
            dialogs.ask(self.root, _("Close without waiting?"), words, answers, self._leave_answered)
        else:
            words = work or _("A job is running.")
            answers = (Answer("stay", _("Go on")), Answer("stop", _("Stop and close"), "primary", default=True))
            dialogs.ask(self.root, _("Close the window?"), words, answers, self._close_answered)

    def close_unasked(self) -> None:
        """Close without a question: what runs is stopped and waited for."""
        self._closing = True
        self.desk.engine_link.stop()
        if not self.desk.engine_link.busy:
            self._leave()

    def _leave_answered(self, key: str) -> None:
        if key == "leave":
            self._leave(wait=False)

    def _close_answered(self, key: str) -> None:
        if key == "stop":
            self.close_unasked()

    def _leave(self, wait: bool = True) -> None:
        """Take everything down; nothing calls back after this."""
        if self._gone:
            return
        self._gone = True
        for later in (self._tick_id, self._say_later):
            if later:
                self.root.after_cancel(later)
        if self.root.state() == "normal":
            memory = self.desk.memory
            memory.save(replace(memory.preferences, geometry=self.root.geometry()))
        for page in self.pages.values():
            page.leaving()
        for part in (self.desk.background, self.desk.counter, self.desk.thumbnails):
            part.close()
        if wait:
            self.desk.engine_link.close()
        self._ears.close()
        self._closed()
        self._collector.close()

    # --- the timer ---

    def _tick(self) -> None:
        try:
            self.desk.engine_link.drain()
            self.desk.background.deliver()
            self.desk.counter.deliver()
            self.pages[self.front].tick()
            self._draw_title()
            self._tell_heard()
            self._collector.turn()
            if self._closing and not self.desk.engine_link.busy:
                self._leave()
        finally:
            if not self._gone:
                self._tick_id = self.root.after(TICK, self._tick)

    def _draw_title(self) -> None:
        words = next((page.title for page in self.pages.values() if page.title), "")
        title = f"{words} – {NAME}" if words else NAME
        if title != self._title:
            self._title = title
            self.root.title(title)

    # --- what concerns all pages ---

    def _make_desk(self, port: Port, memory: PreferenceStore, decode: Decode) -> Desk:
        def engine() -> EnginePort:
            made = port.make_engine()
            made.workers = memory.preferences.workers or None
            return made

        engine_link, problems, background = EngineLink(engine), ProblemsModel(), Background(1, "questions")
        return Desk(
            engine_link=engine_link,
            port=port,
            background=background,
            counter=Background(3, "counting"),
            thumbnails=ThumbnailLoader(decode),
            memory=memory,
            problems=problems,
            history=HistoryModel(engine_link, background, problems),
            show=self.show,
            say=self.say,
            appearance_changed=self._appearance_changed,
            accept_drops=self._accept_drops,
        )

    def _appearance_changed(self) -> None:
        theme.set_theme(self.root, self.desk.memory.preferences.theme, self._dark())

    def _offer_unfinished(self) -> None:
        run = self.desk.history.interrupted
        if run is None or self.desk.engine_link.busy:
            self._banner.hide()
            return
        self._banner.offer(run, self._take_offer)

    def _take_offer(self, answer: str, name: str) -> None:
        self._banner.dismiss(name)
        if answer == "later":
            return
        self.show("history")
        if answer == "resume":
            self.desk.history.resume(name)
        else:
            self.desk.history.undo(name)

    def _running(self) -> str:
        """The page whose job runs, by its key; empty for none."""
        return next((key for key, page in self.pages.items() if page.work), self.front)

    def _in_front(self) -> bool:
        """Whether the window, or a dialog of it, has the keyboard."""
        return has_keyboard(self.root) and self.root.state() != "iconic"

    def _problems_changed(self) -> None:
        if "problems" in self._specs:
            self.rail.count("problems", len(self.desk.problems))

    def _accept_drops(self, page: Page) -> None:
        targets = page.drop_targets if self._started else {}
        if targets:
            from image_sync.gui.widgets.drop import accept_drops

            accept_drops(self.root, targets)

    def _say_nothing(self) -> None:
        self._say_later = ""
        self._foot.grid_remove()

    # --- keys ---

    def _bind(self) -> None:
        for shortcut in shortcuts():
            for sequence in shortcut.sequences:
                self.root.bind(sequence, functools.partial(self._key, shortcut))
        self.root.protocol("WM_DELETE_WINDOW", self.close)
        self.root.report_callback_exception = self.report
        self.frame.bind("<Configure>", self._resized)

    def _key(self, shortcut: Shortcut, event: tkinter.Event[tkinter.Misc]) -> str | None:
        command = shortcut.command
        if command is None or (shortcut.letter and _is_typing(event.widget)):
            return None
        if shortcut.plain and with_modifier(int(event.state)):
            return None
        if command is Command.HELP or (command is Command.STOP and self.front == "help"):
            self._toggle_help()
            return "break"
        page = self.pages[self.front]
        page.pressed = str(event.keysym)
        return "break" if page.perform(command) else None

    def _toggle_help(self) -> None:
        if self.front == "help":
            self.show(self._before_help)
        else:
            self._before_help = self.front
            self.show("help")

    # --- faults ---

    def report(self, kind: type[BaseException], error: BaseException, _trace: object) -> None:
        """A fault in a callback: logged in full, said in words, never silent."""
        if issubclass(kind, Exception):
            self._tell_fault(faults.met(error, "the window"))

    def _tell_heard(self) -> None:
        """Tell of the faults that other threads met."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._tell_fault(self._heard.get_nowait())

    def _tell_fault(self, fault: Fault) -> None:
        """Show a fault once; of one that comes again, or while another is shown, there is only a line at the foot."""
        if self._gone:
            return
        if fault.words in self._known_faults or (self.fault is not None and self.fault.winfo_exists()):
            self.say(shown(fault.words))
        else:
            self.fault = FaultDialog(self.root, self.desk, fault)
        self._known_faults.add(fault.words)

    # --- how it is put together ---

    def _build(self, specs: tuple[PageSpec, ...]) -> None:
        self.frame = ttk.Frame(self.root)
        self.frame.pack(fill="both", expand=True)
        self.frame.columnconfigure(1, weight=1)
        self.frame.rowconfigure(1, weight=1)
        self.rail = Rail(self.frame, [spec for spec in specs if spec.in_rail], self.show)
        self.rail.grid(row=0, column=0, rowspan=3, sticky="ns")
        self._banner = Banner(self.frame)
        self._banner.grid(row=0, column=1, sticky="ew")
        self._banner.grid_remove()
        self._stage = ttk.Frame(self.frame)
        self._stage.grid(row=1, column=1, sticky="nsew")
        self._stage.columnconfigure(0, weight=1)
        self._stage.rowconfigure(0, weight=1)
        # A page asks for as much as it has; the window's size is the user's.
        self._stage.grid_propagate(False)
        self._foot = WrappedLabel(self.frame, padding=theme.px(self.frame, 8), bootstyle="@chrome")
        self._foot.grid(row=2, column=1, sticky="ew")
        self._foot.grid_remove()
        self.desk.problems.watchers.append(self._problems_changed)
        self.desk.engine_link.crash_watchers.append(self._tell_fault)
        self.desk.engine_link.watchers.append(lambda: self.announcer.changed(self.desk.engine_link.busy))

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self.frame:
            self.rail.set_narrow(event.width < theme.px(self.root, NARROW))


def _notify(words: str) -> None:
    from image_sync.gui.widgets import notify

    notify.tell(NAME, words)


def _is_typing(widget: object) -> bool:
    return isinstance(widget, tkinter.Misc) and widget.winfo_class() in TYPING
