"""Comparing two pictures closely, over a page: both pictures, all that their metadata states, and the decisions.

It is told by a ``Subject`` what is compared; how is its own.  Files are read on a thread of the background.
"""

from __future__ import annotations

import functools
import os
import tkinter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from image_sync.base import faults
from image_sync.gui.app.keys import with_modifier
from image_sync.gui.compare.details import Details
from image_sync.gui.compare.facts import Fact, facts_of, side_by_side
from image_sync.gui.compare.heads import Heads
from image_sync.gui.compare.loading import LayerStore
from image_sync.gui.compare.stage import Stage
from image_sync.gui.compare.subject import Comparison, Deed, Shown, Subject
from image_sync.gui.compare.toolbar import Toolbar
from image_sync.gui.compare.viewport import STEP
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.flow import Flow
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.thumbnails import Decode
from image_sync.gui.widgets.visible import show
from image_sync.gui.widgets.wording import of_error

if TYPE_CHECKING:
    from image_sync.gui.compare.rendering import Mode, Pair

PAN = 60
"""Pixels at 100 % of a step with Shift and an arrow."""
MOST_AHEAD = 3
"""Pictures that are decoded before they are asked for."""
WIDE = 1000
"""Width at 100 % from which the metadata stands beside the pictures from the beginning."""


class CompareView(ttk.Frame):
    """Covers its page until ``close``; ``closed`` is told then."""

    stage: Stage
    details: Details
    toolbar: Toolbar

    def __init__(self, master: tkinter.Misc, subject: Subject, decode: Decode, closed: Callable[[], None]) -> None:
        super().__init__(master)
        self._subject, self._closed = subject, closed
        self._background = Background(1, "compare")
        self._ahead = Background(1, "compare ahead")
        self._layers = LayerStore(decode)
        self._files: tuple[Shown, Shown] | None = None
        self._pair: Pair | None = None
        self._swapped = False
        self._facts: tuple[dict[str, str], dict[str, str]] = ({}, {})
        self._gone = False
        self._build()
        self._bind_keys(self.stage)
        self._bind_keys(self.details.table.view)
        self.bind("<Destroy>", self._destroyed, add="+")

    def open(self) -> None:
        """Cover the page and take the keyboard."""
        self.place(x=0, y=0, relwidth=1, relheight=1)
        self.lift()
        show(self.details, self.master.winfo_width() >= px(self, WIDE))
        from image_sync.gui.compare.rendering import Mode

        self.set_mode(Mode.SIDE)
        self.stage.focus_set()
        self.refresh()

    def close(self) -> None:
        """Give the page back."""
        if not self._gone:
            self._gone = True
            self.stage.close()
            self._close_threads()
            self.destroy()
            self._closed()

    @property
    def complete(self) -> bool:
        """Whether both pictures are seen, and all that they state."""
        return self._background.idle and self.stage.complete

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Facts that both pictures state, as they lie."""
        return side_by_side(*self._facts)

    # --- what is compared ---

    def refresh(self) -> None:
        """Show what the subject compares now: other pictures, or another decision about these."""
        found = self._subject.comparison
        if found is None:
            self.close()
            return
        self._draw_heads(found)
        files = _key(found.left), _key(found.right)
        if files != self._files:
            self._files = files
            self._load(found.left, found.right)

    def _draw_heads(self, found: Comparison) -> None:
        self.toolbar.tell(found.title, found.place, found.sentence)
        order = (found.right, found.left) if self._swapped else (found.left, found.right)
        self.heads.show(order, found.active ^ int(self._swapped))

    def _load(self, left: Shown, right: Shown) -> None:
        """Decode both and read what they state; then show them."""
        self._pair, self._facts = None, ({}, {})
        self.stage.show(None, _("Reading both pictures…"))
        self.details.show(())
        wanted = self._files

        def pictures() -> Pair:
            from image_sync.gui.compare.rendering import Pair

            return Pair(self._layers.layer(left), self._layers.layer(right))

        def done(pair: Pair) -> None:
            if wanted == self._files:
                self._pair = pair.swapped() if self._swapped else pair
                self.stage.show(self._pair)
                self._draw_state()
                self._load_ahead()

        def failed(error: Exception) -> None:
            if faults.is_surely_ours(error):
                faults.announce(faults.met(error, "the comparison of two pictures"))
            if wanted == self._files:
                words = _("These pictures can't be shown side by side: {error}")
                self.stage.show(None, words.format(error=_in_words(error)))

        def told(found: tuple[dict[str, str], dict[str, str]]) -> None:
            if wanted == self._files:
                self._facts = found[::-1] if self._swapped else found
                self.details.show(self.facts)

        self._background.submit(
            lambda: (_facts_of(left), _facts_of(right)), told, key="compare facts", failed=lambda _error: None
        )
        self._background.submit(pictures, done, key="compare load", failed=failed, expects=(Exception,))
        self.stage._poll()

    def _load_ahead(self) -> None:
        """Decode what may be compared next, on a thread of its own; of what is not wanted any more nothing is begun."""
        self._ahead.deliver()
        coming = [one for one in self._subject.coming if not self._layers.knows(one)]
        for place, one in enumerate(coming[:MOST_AHEAD]):
            self._ahead.submit(
                functools.partial(self._layers.prepare, one),
                lambda _none: None,
                key=f"compare ahead {place}",
                failed=lambda _error: None,
                expects=(Exception,),
            )

    def swap(self) -> None:
        """The other picture left."""
        self._swapped = not self._swapped
        self._facts = self._facts[::-1]
        self.details.show(self.facts)
        if self._pair is not None:
            self._pair = self._pair.swapped()
            self.stage.show(self._pair)
        found = self._subject.comparison
        if found is not None:
            self._draw_heads(found)

    # --- how it is compared ---

    def set_mode(self, mode: Mode) -> None:
        """Compare in another way."""
        self.mode = mode
        self.toolbar.mark(mode.value)
        self.stage.set_mode(mode)
        self._draw_state()

    def toggle_loupe(self) -> None:
        """The loupe on, or off."""
        self._loupe = not self._loupe
        self.toolbar.mark_loupe(self._loupe)
        self.stage.set_loupe(self._loupe)

    _loupe = False

    def toggle_details(self) -> None:
        """The metadata beside the pictures, or not."""
        show(self.details, not self.details.winfo_manager())
        self.stage.focus_set()

    def _draw_state(self) -> None:
        """Say how large it is seen, and what differs."""
        from image_sync.gui.compare.rendering import Mode

        words = formatting.percent(self.stage.zoom) if self._pair is not None else ""
        if self._pair is not None and self.mode is Mode.DIFFERENCE and "regions" in self._pair.__dict__:
            words = f"{_regions_in_words(self._pair)} · {words}"
        if self.mode is Mode.FLICKER and self._pair is not None:
            side = _("right") if self.stage.second else _("left")
            words = f"{side} · {words}"
            self.heads.point(int(self.stage.second))
        else:
            self.heads.point(None)
        self.toolbar.tell_state(words)

    # --- how it is put together ---

    def _build(self) -> None:
        gap = px(self, 10)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.toolbar = Toolbar(self, self)
        self.toolbar.grid(row=0, column=0, columnspan=2, sticky="ew", padx=gap, pady=(gap, gap / 2))
        self.heads = Heads(self)
        self.heads.grid(row=1, column=0, sticky="ew", padx=gap)
        self.stage = Stage(self, self._background, self._draw_state)
        self.stage.grid(row=2, column=0, sticky="nsew", padx=gap, pady=(gap / 2, 0))
        self.details = Details(self)
        self.details.grid(row=1, column=1, rowspan=2, sticky="ns", padx=(0, gap))
        self._deeds = Flow(self, 4)
        self._deeds.grid(row=3, column=0, columnspan=2, sticky="ew", padx=gap, pady=gap / 2)
        self.buttons = [self._deed_button(deed) for deed in self._subject.deeds]
        self._deeds.show(self.buttons)

    def _deed_button(self, deed: Deed) -> ttk.Button:
        button = ttk.Button(
            self._deeds, text=deed.words, icon=deed.icon, bootstyle="ghost", command=lambda: self._do(deed.do)
        )
        ttk.ToolTip(button, text=deed.key)
        return button

    def _do(self, deed: Callable[[], object]) -> None:
        deed()
        if not self._gone:
            self.stage.focus_set()
            self.refresh()

    def _bind_keys(self, widget: tkinter.Misc) -> None:
        from_keys: Sequence[tuple[tuple[str, ...], Callable[[], object]]] = (
            (("<Escape>",), self.close),
            (("<Left>",), lambda: self._subject.step_picture(-1)),
            (("<Right>",), lambda: self._subject.step_picture(1)),
            (("<Up>", "<Prior>"), lambda: self._subject.step_group(-1)),
            (("<Down>", "<Next>"), lambda: self._subject.step_group(1)),
            *((deed.sequences, deed.do) for deed in self._subject.deeds if deed.sequences),
        )
        for sequences, deed in from_keys:
            for sequence in sequences:
                widget.bind(sequence, functools.partial(_heard, sequence, functools.partial(self._do, deed)))
        for sequences, act in self._own_keys():
            for sequence in sequences:
                widget.bind(sequence, functools.partial(_heard, sequence, act))

    def _own_keys(self) -> Sequence[tuple[tuple[str, ...], Callable[[], object]]]:
        step = px(self, PAN)
        return (
            *self.toolbar.key_deeds,
            (("<plus>", "<equal>", "<KP_Add>"), lambda: self.stage.zoom_by(STEP)),
            (("<minus>", "<KP_Subtract>"), lambda: self.stage.zoom_by(1 / STEP)),
            (("<Shift-Left>",), lambda: self.stage.move_by(step, 0)),
            (("<Shift-Right>",), lambda: self.stage.move_by(-step, 0)),
            (("<Shift-Up>",), lambda: self.stage.move_by(0, step)),
            (("<Shift-Down>",), lambda: self.stage.move_by(0, -step)),
        )

    def _destroyed(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self:
            self._close_threads()

    def _close_threads(self) -> None:
        for threads in (self._background, self._ahead):
            threads.close()


def _heard(sequence: str, act: Callable[[], object], event: tkinter.Event[tkinter.Misc]) -> str | None:
    """Do what a key is for; with Ctrl or the like, which Tk takes for the plain key too, it is another one."""
    if not sequence.startswith("<Alt-") and with_modifier(int(event.state)):
        return None
    act()
    return "break"


def _key(one: Shown) -> Shown:
    """Key that tells whether another picture must be read: the file, not what is decided about it."""
    return Shown(one.path, one.mtime_ns, "", "", "", turn=one.turn)


def _facts_of(one: Shown) -> dict[str, str]:
    try:
        return facts_of(one.path)
    except OSError as error:
        return {_("Problem"): _in_words(error)}


def _in_words(error: Exception) -> str:
    """An error as a person reads it: what, and of which file."""
    if isinstance(error, OSError) and error.filename:
        return f"{shown(os.path.basename(os.fsdecode(error.filename)))}: {of_error(error)}"
    return of_error(error)


def _regions_in_words(pair: Pair) -> str:
    found = pair.regions
    if not found.boxes:
        return _("no difference that shows")
    words = ngettext("{count} region differs", "{count} regions differ", len(found.boxes))
    share = formatting.per_cent(found.share * 100, 1) if found.share < 0.1 else formatting.percent(found.share)
    return f"{words.format(count=formatting.count(len(found.boxes)))} ({share})"
