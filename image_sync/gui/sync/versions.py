"""Both versions of the selected row beside each other: pictures, data with what differs, and the answers as buttons.

Pictures are decoded on a thread of its own loader; what Tk draws is made here, on the window's thread.  ``tick`` takes
in what was decoded meanwhile.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from image_sync.gui.job.preview import A_TICK
from image_sync.gui.sync.dimensions import dimensions
from image_sync.gui.sync.rows import FIXED, SyncRow
from image_sync.gui.sync.versions_model import PictureFile, absence, facts, picture_on
from image_sync.gui.sync.words import answer_words, can_keep_both, deletes, side_words
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.theme import colors, px
from image_sync.gui.widgets.thumbnail_store import BYTES_A_PIXEL, MEMORY
from image_sync.gui.widgets.thumbnails import LeastRecent, ThumbnailLoader, Wish
from image_sync.gui.widgets.wording import worded
from image_sync.gui.widgets.wrapped import WrappedLabel
from image_sync.inventory.thumbnail import decode
from image_sync.jobs.sync.model import OPEN, Answer, Side, SyncReview

if TYPE_CHECKING:
    from PIL.ImageTk import PhotoImage

DATA_WIDTH = 470
HEIGHT = 236
STEP = 32
"""Pixels at 100 % by which the room for a picture must change before it is decoded anew."""
LARGE = 160
"""Pixels from which a picture follows its room in steps; a smaller one fills it."""
SMALLEST = 16
LEAST_SIDE = 50
"""Width at 100 % below which a picture beside the data shows nothing any more: then the data has it all."""
MOST_FACTS = 4
ICONS = {
    Answer.SOURCE: "arrow-right",
    Answer.TARGET: "arrow-left",
    Answer.KEEP_BOTH: "files",
    Answer.SKIP: "dash",
}


class SyncVersions(ttk.Frame):
    """``answered`` is told the answer, and whether it goes for all open conflicts."""

    def __init__(self, master: tkinter.Misc, counter: Background, answered: Callable[[Answer, bool], None]) -> None:
        super().__init__(master, height=px(master, HEIGHT))
        self._counter, self._answered = counter, answered
        self._loader = ThumbnailLoader(decode, threads=1)
        self._images: LeastRecent[Wish, PhotoImage] = LeastRecent(MEMORY)
        self._refused: set[Wish] = set()
        self._wishes: dict[Side, Wish | None] = dict.fromkeys(Side)
        self._known: dict[PictureFile, tuple[int, int] | None] = {}
        self._files: dict[Side, PictureFile | None] = dict.fromkeys(Side)
        self._row: SyncRow | None = None
        self._all = tkinter.BooleanVar(self, False)
        self._build()
        self.bind("<<ThemeChanged>>", lambda _event: self._draw_pictures(), add="+")
        self.bind("<Destroy>", self._close, add="+")
        self.bind("<Configure>", self._share_width, add="+")

    # --- what is shown ---

    def show(self, row: SyncRow | None, review: SyncReview | None, conflicts: int, usable: bool) -> None:
        """Show both versions of ``row``; ``conflicts`` are open, and an answer is ``usable`` or not just now."""
        self._row = row
        self._files = {side: picture_on(row.decision, review, side) if row and review else None for side in Side}
        for file in self._files.values():
            self._measure(file)
        self._wish_for()
        self._draw_words()
        self._draw_facts()
        self._draw_pictures()
        self._draw_answers(conflicts, usable)

    def tick(self) -> None:
        """Draw what was decoded since."""
        for wish, image in self._loader.made(A_TICK):
            if image is None:
                self._refused.add(wish)
            else:
                from PIL import ImageTk

                self._images.put(wish, ImageTk.PhotoImage(image), image.width * image.height * BYTES_A_PIXEL)
            if wish in self._wishes.values():
                self._draw_pictures()

    @property
    def complete(self) -> bool:
        """Whether every picture is drawn and measured (or has been refused)."""
        wanted = [wish for wish in self._wishes.values() if wish is not None]
        measured = all(file in self._known for file in self._files.values() if file is not None)
        return measured and all(wish in self._images or wish in self._refused for wish in wanted)

    def _wish_for(self) -> None:
        """Ask for the pictures of the row, as large as there is room for."""
        self._wishes = {side: self._wish(file) for side, file in self._files.items()}
        wanted = [wish for wish in self._wishes.values() if wish is not None]
        self._loader.wish(wish for wish in wanted if wish not in self._images and wish not in self._refused)

    def _wish(self, file: PictureFile | None) -> Wish | None:
        """The thumbnail of a picture that was measured: how large it may be depends on its shape."""
        if file is None or file not in self._known:
            return None
        wide, high = self._known[file] or (1, 1)
        scale = min(self._room[0] / wide, self._room[1] / high)
        box = int(max(wide, high) * scale)
        return Wish(file.path, file.mtime_ns, max(px(self, SMALLEST), box - box % px(self, STEP if box > LARGE else 1)))

    def _share_width(self, event: tkinter.Event[tkinter.Misc]) -> None:
        """Share the width: with little room the pictures give way, and the data gets all of it."""
        if event.widget is not self:
            return
        wanted, gap = px(self, DATA_WIDTH), px(self, 16)
        beside = event.width >= wanted + gap + 2 * px(self, LEAST_SIDE)
        self._data.configure(width=wanted if beside else max(1, event.width - gap))
        for widget in (self._names, self.canvas):
            _grid(widget, beside)

    def _resized(self) -> None:
        gap = px(self, 8)
        self._room = ((self.canvas.winfo_width() - gap) // 2 - gap, self.canvas.winfo_height() - gap)
        self._wish_for()
        self._draw_pictures()

    _room = (1, 1)

    def _measure(self, file: PictureFile | None) -> None:
        """Ask how large the picture is, once."""
        if file is None or file in self._known:
            return

        def done(found: tuple[int, int] | None) -> None:
            self._known[file] = found
            if file in self._files.values() and self.winfo_exists():
                self._wish_for()
                self._draw_facts()
                self._draw_pictures()

        self._counter.submit(lambda: dimensions(file.path), done, failed=lambda _error: done(None))

    # --- drawing ---

    def _draw_words(self) -> None:
        decision = self._row.decision if self._row else None
        self._title.configure(text=shown(decision.path) if decision else "")
        self._why.configure(text=worded(decision.why) if decision else _("Select a row to see both versions."))

    def _draw_facts(self) -> None:
        known = {side: self._known.get(file) for side, file in self._files.items() if file is not None}
        found = facts(self._row.decision, known) if self._row else []
        for number, labels in enumerate(self._facts):
            fact = found[number] if number < len(found) else None
            texts = (fact.name, fact.source, fact.sign, fact.target) if fact else ("", "", "", "")
            font = "BoldFont" if fact is not None and fact.differs else "TkDefaultFont"
            for label, text in zip(labels, texts, strict=True):
                label.configure(text=text)
                _grid(label, fact is not None)
            labels[0].configure(font=font)
            labels[2].configure(font=font)

    def _draw_pictures(self) -> None:
        canvas, palette = self.canvas, colors()
        canvas.delete("all")
        if self._row is None:
            return
        gap = px(self, 8)
        width, height = (canvas.winfo_width() - gap) / 2, canvas.winfo_height()
        for number, side in enumerate(Side):
            left = number * (width + gap)
            canvas.create_rectangle(
                left, 0, left + width - 1, height - 1, outline=palette.border, fill=palette.inputbg
            )  # fmt: skip
            self._draw_picture(side, left + width / 2, height / 2, int(width))

    def _draw_picture(self, side: Side, x: float, y: float, width: int) -> None:
        wish = self._wishes[side]
        image = self._images.get(wish) if wish is not None else None
        if image is not None:
            self.canvas.create_image(x, y, image=image)
            return
        assert self._row is not None
        waits = wish not in self._refused if wish is not None else self._files[side] is not None
        words = "…" if waits else absence(self._row.decision, side)
        self.canvas.create_text(x, y, text=words, fill=colors().inputfg, width=width, justify="center")

    def _draw_answers(self, conflicts: int, usable: bool) -> None:
        decision = self._row.decision if self._row else None
        everything = self._all.get() and conflicts > 0
        can = usable and (everything or (decision is not None and decision.kind not in FIXED))
        for answer, button in self.buttons.items():
            button.configure(text=answer_words(None if everything else decision, answer))
            both = answer is not Answer.KEEP_BOTH or everything or (decision is not None and can_keep_both(decision))
            button.state(["!disabled" if can else "disabled"])
            _grid(button, both or not can)
            chosen = decision is not None and decision.answer is answer
            gone = not everything and deletes(decision, answer)
            button.configure(bootstyle="primary" if chosen else "default", icon="trash" if gone else ICONS[answer])
        self._conflicts = conflicts
        words = ngettext("For the {count} open question", "For all {count} open questions", conflicts)
        self.for_all.configure(text=words.format(count=formatting.count(conflicts)))
        if not conflicts:
            self._all.set(False)
        _grid(self.for_all, conflicts > 1)
        self._usable = usable

    _conflicts = 0
    _usable = False

    # --- how it is put together ---

    def _build(self) -> None:
        gap = px(self, 8)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.grid_propagate(False)
        names = self._names = ttk.Frame(self)
        names.grid(row=0, column=0, sticky="ew", pady=(gap / 2, 0))
        for number, side in enumerate(Side):
            names.columnconfigure(number, weight=1, uniform="sides")
            ttk.Label(names, text=side_words(side), anchor="center").grid(row=0, column=number, sticky="ew")
        self.canvas = ttk.Canvas(self, width=px(self, SMALLEST), height=px(self, SMALLEST), takefocus=False)
        self.canvas.grid(row=1, column=0, sticky="nsew")
        self.canvas.bind("<Configure>", lambda _event: self._resized())
        data = self._data = ttk.Frame(self, width=px(self, DATA_WIDTH))
        data.grid(row=0, column=1, rowspan=2, sticky="nsew", padx=(gap * 2, 0), pady=(gap / 2, 0))
        data.grid_propagate(False)
        data.columnconfigure(0, weight=1)
        data.rowconfigure(2, weight=1)
        self._title = WrappedLabel(data, font="BoldFont")
        self._title.grid(row=0, column=0, sticky="ew")
        self._why = WrappedLabel(data, bootstyle="secondary")
        self._why.grid(row=1, column=0, sticky="ew")
        self._build_facts(data, gap)
        self._build_answers(data, gap)

    def _build_facts(self, master: tkinter.Misc, gap: int) -> None:
        frame = ttk.Frame(master)
        frame.grid(row=2, column=0, sticky="new", pady=gap / 2)
        for number in (1, 3):
            frame.columnconfigure(number, weight=1, uniform="sides")
        self._facts = []
        for row in range(MOST_FACTS):
            labels = [ttk.Label(frame) for _column in range(4)]
            for column, label in enumerate(labels):
                label.grid(row=row, column=column, sticky="w", padx=(0, gap))
            self._facts.append(labels)

    def _build_answers(self, master: tkinter.Misc, gap: int) -> None:
        frame = ttk.Frame(master)
        frame.grid(row=3, column=0, sticky="ew")
        self.buttons: dict[Answer, ttk.Button] = {}
        for number, answer in enumerate((Answer.SOURCE, Answer.TARGET, Answer.KEEP_BOTH, Answer.SKIP)):
            frame.columnconfigure(number % 2, weight=1, uniform="answers")
            button = ttk.Button(
                frame,
                text=answer_words(None, answer),
                icon=ICONS[answer],
                command=lambda answer=answer: self._press(answer),
            )
            button.grid(row=number // 2, column=number % 2, sticky="ew", padx=gap / 4, pady=gap / 4)
            ttk.ToolTip(button, text=key_words(answer))
            self.buttons[answer] = button
        self.for_all = ttk.Checkbutton(frame, variable=self._all, command=self._redraw_answers)
        self.for_all.grid(row=2, column=0, columnspan=2, sticky="w", pady=(gap / 4, 0))

    def _redraw_answers(self) -> None:
        self._draw_answers(self._conflicts, self._usable)

    def _press(self, answer: Answer) -> None:
        everything = self._all.get()
        self._all.set(False)
        self._answered(answer, everything)

    def _close(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self:
            self._loader.close()


def key_words(answer: Answer) -> str:
    """The keys in the table that give an answer."""
    return {
        Answer.SOURCE: _("In the table: Alt+→ or S"),
        Answer.TARGET: _("In the table: Alt+← or T"),
        Answer.KEEP_BOTH: _("In the table: K"),
        Answer.SKIP: _("In the table: Alt+↓ or X"),
    }[answer]


def is_open(row: SyncRow | None) -> bool:
    """Whether a row waits for an answer."""
    return row is not None and row.decision.kind in OPEN


def _grid(widget: tkinter.Misc, visible: bool) -> None:
    if visible:
        widget.grid()  # type: ignore[attr-defined]
    else:
        widget.grid_remove()  # type: ignore[attr-defined]
