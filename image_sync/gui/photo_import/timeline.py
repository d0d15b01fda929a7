"""A strip of bars over the tree of *import*: in which years the pictures land, and where their dates contradict.

A bar is chosen with the mouse or, with the keyboard on the strip, with ← → and Enter; the tree then selects its files.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Sequence

import ttkbootstrap as ttk

from image_sync.gui.photo_import.timeline_model import Bar
from image_sync.gui.widgets.focus import focused
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import between, colors, px

HEIGHT = 54
"""Pixels of the bars and their words at 100 %."""
WIDEST = 64
LEAST = 3
"""Pixels of the lowest bar."""
GAP = 0.2
"""Share of a bar's place that stays empty."""


class Timeline(ttk.Frame):
    """``chosen`` takes the bar that was picked."""

    def __init__(self, master: tkinter.Misc, chosen: Callable[[Bar], None]) -> None:
        super().__init__(master)
        self._chosen = chosen
        self._bars: Sequence[Bar] = ()
        self.at = 0
        """The bar that the keyboard is on."""
        self.columnconfigure(0, weight=1)
        height = px(self, HEIGHT) + px(self, 4)
        self.canvas = ttk.Canvas(self, height=height, takefocus=True, highlightthickness=px(self, 2))
        self.canvas.grid(row=0, column=0, sticky="ew")
        self.told = ttk.Label(self, font="SmallFont", bootstyle="secondary")
        self.told.grid(row=1, column=0, sticky="w")
        for sequence, act in (
            ("<Configure>", lambda _event: self._draw()),
            ("<<ThemeChanged>>", lambda _event: self._draw()),
            ("<Motion>", self._hovered),
            ("<Leave>", lambda _event: self._tell()),
            ("<Button-1>", self._pressed),
            ("<FocusIn>", lambda _event: self._draw()),
            ("<FocusOut>", lambda _event: self._draw()),
            ("<Left>", lambda _event: self._go(-1)),
            ("<Right>", lambda _event: self._go(1)),
            ("<Return>", lambda _event: self._take()),
            ("<space>", lambda _event: self._take()),
        ):
            self.canvas.bind(sequence, act, add="+")

    @property
    def bars(self) -> Sequence[Bar]:
        """The bars that are shown."""
        return self._bars

    def show(self, bars: Sequence[Bar]) -> None:
        """Draw these bars."""
        if list(bars) != list(self._bars):
            self._bars, self.at = tuple(bars), min(self.at, max(len(bars) - 1, 0))
            self._draw()
        self._tell()

    # --- drawing ---

    def _place(self) -> float:
        """Pixels from one bar to the next."""
        room = self.canvas.winfo_width() - px(self, 8)
        return min(room / max(len(self._bars), 1), px(self, WIDEST))

    def _draw(self) -> None:
        canvas, palette = self.canvas, colors()
        canvas.delete("all")
        canvas.configure(background=palette.bg, highlightbackground=palette.bg, highlightcolor=palette.primary)
        if not self._bars or canvas.winfo_width() <= 1:
            return
        line = int(canvas.tk.call("font", "metrics", "SmallFont", "-linespace"))
        ground = px(self, HEIGHT) - line
        most = max(len(bar.files) for bar in self._bars)
        place, each = self._place(), self._words_every(self._place())
        grey = between(palette.fg, palette.bg, 0.75)
        for number, bar in enumerate(self._bars):
            left = px(self, 4) + number * place
            right = left + place * (1 - GAP)
            self._draw_bar(bar, (left, right, ground, most))
            if number % each == 0:
                middle = (left + right) / 2
                canvas.create_text(
                    middle, ground + px(self, 2), text=bar.label, anchor="n", font="SmallFont", fill=grey
                )
            if number == self.at and focused(canvas) is canvas:
                canvas.create_rectangle(left - 2, 2, right + 2, ground + line, outline=palette.primary, dash=(2, 2))
        canvas.create_line(0, ground, canvas.winfo_width(), ground, fill=between(palette.fg, palette.bg, 0.3))

    def _draw_bar(self, bar: Bar, box: tuple[float, float, float, int]) -> None:
        left, right, ground, most = box
        if not bar.files:
            return
        palette = colors()
        room = ground - px(self, 12)
        high = max(px(self, LEAST), room * (len(bar.files) / most) ** 0.5)
        known = high * (len(bar.files) - bar.new) / len(bar.files)
        self.canvas.create_rectangle(left, ground - high, right, ground, fill=palette.primary, width=0)
        if known:
            grey = between(palette.fg, palette.bg, 0.35)
            self.canvas.create_rectangle(left, ground - known, right, ground, fill=grey, width=0)
        if bar.doubtful:
            # Never by colour alone: a sign stands over it as well.
            red = str(ttk.Style.get_instance().lookup("danger.TLabel", "foreground"))
            self.canvas.create_rectangle(left, ground - high, right, ground - high + px(self, 3), fill=red, width=0)
            self.canvas.create_text((left + right) / 2, ground - high, text="!", anchor="s", font="BoldFont", fill=red)

    def _words_every(self, place: float) -> int:
        """One label in so many has room."""
        wide = max(int(self.canvas.tk.call("font", "measure", "SmallFont", bar.label)) for bar in self._bars)
        return max(1, -(-(wide + px(self, 6)) // max(int(place), 1)))

    # --- what the user does ---

    def _number_at(self, x: int) -> int:
        number = int((x - px(self, 4)) // max(self._place(), 1))
        return number if 0 <= number < len(self._bars) else -1

    def _hovered(self, event: tkinter.Event[tkinter.Misc]) -> None:
        number = self._number_at(event.x)
        if number >= 0 and self._bars[number].files:
            self.told.configure(text=self._bars[number].words)
        else:
            self._tell()

    def _pressed(self, event: tkinter.Event[tkinter.Misc]) -> None:
        number = self._number_at(event.x)
        self.canvas.focus_set()
        if number >= 0:
            self.at = number
            self._take()

    def _go(self, step: int) -> None:
        """To the next bar with files in that direction."""
        number = self.at + step
        while 0 <= number < len(self._bars) and not self._bars[number].files:
            number += step
        if 0 <= number < len(self._bars):
            self.at = number
        self._draw()
        self._tell()

    def _take(self) -> None:
        self._draw()
        self._tell()
        if self._bars and self._bars[self.at].files:
            self._chosen(self._bars[self.at])

    def _tell(self) -> None:
        """Words of the bar that the keyboard is on, or what the strip is for."""
        if self._bars and focused(self.canvas) is self.canvas:
            self.told.configure(text=self._bars[self.at].words)
        else:
            self.told.configure(text=_("When the pictures were taken; press a bar to see its files."))
