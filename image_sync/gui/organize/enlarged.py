"""The picture under the mouse, enlarged in a small window beside it; it goes as soon as anything else is done."""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.organize.cards import Card, chip_sentences
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.thumbnail_store import ThumbnailStore
from image_sync.gui.widgets.thumbnails import Decode, Wish

REST = 550
"""Milliseconds that the mouse rests on a tile before its picture is enlarged."""
AGAIN = 30
BOX, SHARE = 520, 0.6
"""Pixels at 100 % of the enlarged picture, and its share of the screen at the most."""
MEMORY = 24 * 1024 * 1024


class Enlarged:
    """Waits for the mouse to rest; ``again`` is called when the picture's decoding is done with."""

    def __init__(self, canvas: tkinter.Canvas, decode: Decode, again: Callable[[], None]) -> None:
        self._canvas, self._again = canvas, again
        self._store = ThumbnailStore(decode, threads=1, memory=MEMORY)
        self._window: ttk.Toplevel | None = None
        self._later = ""
        self._over: Wish | None = None
        self._at = (0, 0)

    @property
    def shown(self) -> bool:
        """Whether a picture is enlarged now."""
        return self._window is not None

    def hover(self, wish: Wish, card: Card, at: tuple[int, int]) -> None:
        """The mouse is over a tile, at a place of the screen."""
        if self._over == wish and (self._window is not None or at == self._at):
            return
        self.hide()
        self._over, self._at = wish, at
        self._later = self._canvas.after(REST, self._ask, wish, card)

    def hide(self) -> None:
        """Show nothing, and wait for nothing."""
        if self._later:
            self._canvas.after_cancel(self._later)
        self._later = ""
        self._over = None
        if self._window is not None:
            self._window.destroy()
            self._window = None

    def close(self) -> None:
        """End for good."""
        self.hide()
        self._store.close()

    def _ask(self, wish: Wish, card: Card) -> None:
        room = min(self._canvas.winfo_screenwidth(), self._canvas.winfo_screenheight())
        large = Wish(wish.path, wish.mtime_ns, min(px(self._canvas, BOX), int(room * SHARE)))
        self._store.wish([large])
        self._wait(large, card)

    def _wait(self, large: Wish, card: Card) -> None:
        self._later = ""
        self._store.take(1.0)
        if self._store.image(large) is not None:
            self._show(large, card)
        elif not self._store.is_refused(large):
            self._later = self._canvas.after(AGAIN, self._wait, large, card)

    def _show(self, large: Wish, card: Card) -> None:
        window = self._window = ttk.Toplevel(master=self._canvas.winfo_toplevel())
        window.withdraw()
        window.overrideredirect(True)
        frame = ttk.Frame(window, padding=px(window, 8), bootstyle="@chrome")
        frame.pack()
        image = self._store.image(large)
        assert image is not None
        ttk.Label(frame, image=image, bootstyle="@chrome").pack()
        wide = max(image.width(), px(window, 260))
        told = "\n".join(filter(None, (f"{card.folder}\n{card.facts}", chip_sentences(card.chips))))
        for text, font in ((card.name, "BoldFont"), (told, "SmallFont")):
            ttk.Label(frame, text=text, font=font, wraplength=wide, justify="left", bootstyle="@chrome").pack(
                anchor="w"
            )
        window.update_idletasks()
        window.geometry("+{}+{}".format(*self._place(window.winfo_reqwidth(), window.winfo_reqheight())))
        window.deiconify()

    def _place(self, wide: int, high: int) -> tuple[int, int]:
        """Beside the mouse, on the side where there is room, and never under it."""
        apart = px(self._canvas, 18)
        x, y = self._at
        left = x + apart if x + apart + wide <= self._canvas.winfo_screenwidth() else x - apart - wide
        top = min(y, self._canvas.winfo_screenheight() - high - apart)
        return max(left, 0), max(top, 0)
