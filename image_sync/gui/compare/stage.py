"""Stage of a comparison: the canvas on which both pictures are seen, zoomed and dragged as one.

What is seen is rendered on a thread of the background, always only the newest wish; here are the mouse, the flicker,
the split's line and the loupe.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from image_sync.gui.compare import viewport as viewing
from image_sync.gui.compare.viewport import STEP, Viewport
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.theme import between, colors, px

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageTk import PhotoImage

    from image_sync.gui.compare.rendering import Mode, Pair

BLINK = 600
"""Milliseconds that each picture is seen in turn."""
LOUPE, LOUPE_ZOOM = 180, 2.0
"""Pixels at 100 % of the loupe's side, and how much it shows larger than the pixels of the larger picture."""
GRAB = 12
"""Pixels at 100 % around the split's line at which it is dragged."""
POLL = 8
SHADE = 0.12


class Stage(ttk.Canvas):
    """Shows a pair in a mode; ``changed`` is told when zoom or difference are others."""

    def __init__(self, master: tkinter.Misc, background: Background, changed: Callable[[], None]) -> None:
        super().__init__(master, width=1, height=1, takefocus=True)
        self.configure(highlightthickness=0)
        self._background, self._changed = background, changed
        self._pair: Pair | None = None
        self._words = ""
        self._mode: Mode | None = None
        self._view = Viewport()
        self._pictures: tuple[Image, ...] = ()
        self._images: list[PhotoImage] = []
        self._item = 0
        self._split = 0.5
        self._second = False
        self._blinking = self._polling = ""
        self._loupe = False
        self._lenses: list[PhotoImage] = []
        self._drag: tuple[int, int] | None = None
        self._splitting = False
        self._bind_mouse()

    # --- what is seen ---

    @property
    def view(self) -> Viewport:
        """The part that is seen."""
        return self._view

    @property
    def zoom(self) -> float:
        """Screen pixels for one pixel of the larger picture."""
        if self._pair is None:
            return 0.0
        return viewing.settled(self._view, self._pair.frame, self._room()).zoom

    @property
    def complete(self) -> bool:
        """Whether what was asked for is seen."""
        return self._pair is None or (bool(self._images) and self._background.idle)

    @property
    def second(self) -> bool:
        """Whether the flicker shows the right picture now."""
        return self._second

    @property
    def images(self) -> int:
        """Number of images that the mode holds ready."""
        return len(self._images)

    def show(self, pair: Pair | None, words: str = "") -> None:
        """Show another pair, or ``words`` while there is none."""
        if pair is None or self._pair is None or pair.frame != self._pair.frame:
            self._view = Viewport()
        self._pair, self._words = pair, words
        self.render()

    def set_mode(self, mode: Mode) -> None:
        """Compare in another way."""
        self._mode = mode
        self._second = False
        self.render()

    def set_loupe(self, on: bool) -> None:
        """Show what is under the mouse enlarged, of both pictures."""
        self._loupe = on
        self._hide_loupe()

    # --- zoom ---

    def fit(self) -> None:
        """Show both pictures whole."""
        self._look(Viewport())

    def one_to_one(self) -> None:
        """A pixel of the larger picture on a pixel of the screen, or whole again."""
        if self._pair is None:
            return
        now = viewing.settled(self._view, self._pair.frame, self._room())
        self.fit() if now.zoom == 1.0 else self._look(Viewport(1.0, now.x, now.y))

    def zoom_by(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Zoom around a point of one picture's room, or around its middle."""
        if self._pair is not None:
            room = self._room()
            self._look(viewing.zoomed(self._view, factor, at or (room[0] / 2, room[1] / 2), self._pair.frame, room))

    def move_by(self, dx: float, dy: float) -> None:
        """Drag both pictures."""
        if self._pair is not None:
            self._look(viewing.moved(self._view, dx, dy, self._pair.frame, self._room()))

    def _look(self, view: Viewport) -> None:
        if view != self._view:
            self._view = view
            self.render()
            self._changed()

    # --- rendering ---

    def render(self) -> None:
        """Ask for what is to be seen now."""
        self._stop_blinking()
        if self._pair is None or self._mode is None or self.winfo_width() <= 1:
            self._images, self._pictures = [], ()
            self._draw_words()
            return
        from image_sync.gui.compare.rendering import Scene, rendered

        pair, scene = self._pair, Scene(self._mode, self._view, self._whole(), _rgb(self._ground()))
        self._background.submit(lambda: rendered(pair, scene), self._take, key="compare render")
        self._poll()

    def _poll(self) -> None:
        if not self._polling:
            self._polling = self.after(POLL, self._deliver)

    def _deliver(self) -> None:
        self._polling = ""
        self._background.deliver(0.02)
        if not self._background.idle:
            self._poll()

    def _take(self, pictures: tuple[Image, ...]) -> None:
        from PIL import ImageTk

        from image_sync.gui.compare.rendering import Mode

        self._pictures = pictures
        if self._mode is Mode.SPLIT:
            self._draw_split()
        else:
            self._images = [ImageTk.PhotoImage(picture) for picture in pictures]
            self._draw_image(self._images[min(int(self._second), len(self._images) - 1)])
        if self._mode is Mode.FLICKER:
            self._blinking = self.after(BLINK, self._blink)
        self._changed()

    def _draw_split(self) -> None:
        from PIL import ImageTk

        from image_sync.gui.compare.rendering import split

        if len(self._pictures) == 2:
            self._images = [ImageTk.PhotoImage(split(*self._pictures, self._split))]
            self._draw_image(self._images[0])

    def _draw_image(self, image: PhotoImage) -> None:
        if self._item and str(self.type(self._item)) == "image":
            self.itemconfigure(self._item, image=image)
        else:
            self.delete("all")
            self._item = self.create_image(0, 0, image=image, anchor="nw")

    def _draw_words(self) -> None:
        self.delete("all")
        width, height = self.winfo_width(), self.winfo_height()
        self._item = self.create_text(
            width // 2, height // 2, text=self._words, fill=colors().fg, width=max(width - px(self, 40), 80),
            justify="center",
        )  # fmt: skip

    def blink(self) -> None:
        """Show the other picture at once."""
        if len(self._images) == 2:
            self._second = not self._second
            self._draw_image(self._images[int(self._second)])
            self._changed()

    def _blink(self) -> None:
        self.blink()
        self._blinking = self.after(BLINK, self._blink)

    def _stop_blinking(self) -> None:
        if self._blinking:
            self.after_cancel(self._blinking)
        self._blinking = ""

    def close(self) -> None:
        """Show nothing and wait for nothing any more."""
        self._stop_blinking()
        if self._polling:
            self.after_cancel(self._polling)
        self._polling = ""

    # --- measures ---

    def _whole(self) -> tuple[int, int]:
        return max(self.winfo_width(), 1), max(self.winfo_height(), 1)

    def _room(self) -> tuple[int, int]:
        """The room of one picture."""
        if self._mode is None:
            return self._whole()
        from image_sync.gui.compare.rendering import room_of_one

        return room_of_one(self._mode, self._whole())

    def _in_room(self, event: tkinter.Event[tkinter.Misc]) -> tuple[float, float]:
        """The mouse in the room of the picture that it is over."""
        room, whole = self._room(), self._whole()
        return (event.x if event.x < room[0] else max(0, event.x - (whole[0] - room[0]))), event.y

    def _ground(self) -> str:
        palette = colors()
        return between(palette.fg, palette.bg, SHADE)

    # --- the mouse ---

    def _bind_mouse(self) -> None:
        for sequence in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            self.bind(sequence, self._wheel)
        self.bind("<Button-1>", self._press)
        self.bind("<B1-Motion>", self._dragged)
        self.bind("<ButtonRelease-1>", lambda _event: self._release())
        self.bind("<Double-Button-1>", lambda _event: self.one_to_one())
        self.bind("<Motion>", self._hover)
        self.bind("<Leave>", lambda _event: self._hide_loupe())
        self.bind("<Configure>", lambda _event: self.render())
        self.bind("<<ThemeChanged>>", lambda _event: self.render(), add="+")

    def _wheel(self, event: tkinter.Event[tkinter.Misc]) -> str:
        up = event.num == 4 or event.delta > 0
        self.zoom_by(STEP if up else 1 / STEP, self._in_room(event))
        return "break"

    def _press(self, event: tkinter.Event[tkinter.Misc]) -> None:
        self.focus_set()
        self._hide_loupe()
        self._drag = event.x, event.y
        self._splitting = self._is_on_line(event)

    def _dragged(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if self._drag is None:
            return
        if self._splitting:
            self.split_at(event.x / self._whole()[0])
            return
        last, self._drag = self._drag, (event.x, event.y)
        self.move_by(event.x - last[0], event.y - last[1])

    def _release(self) -> None:
        self._drag, self._splitting = None, False

    def split_at(self, share: float) -> None:
        """Move the split's line."""
        self._split = min(max(share, 0.0), 1.0)
        self._draw_split()

    def _is_on_line(self, event: tkinter.Event[tkinter.Misc]) -> bool:
        from image_sync.gui.compare.rendering import Mode

        return self._mode is Mode.SPLIT and abs(event.x - self._split * self._whole()[0]) <= px(self, GRAB)

    def _hover(self, event: tkinter.Event[tkinter.Misc]) -> None:
        self.configure(cursor="sb_h_double_arrow" if self._is_on_line(event) else "")
        if self._loupe and self._pair is not None:
            self._show_loupe(event)

    # --- the loupe ---

    def _show_loupe(self, event: tkinter.Event[tkinter.Misc]) -> None:
        """Both pictures around the mouse, beside each other; each a few thousand pixels, made at once."""
        from PIL import ImageTk

        from image_sync.gui.compare.rendering import loupe

        assert self._pair is not None
        self._hide_loupe()
        pair, room, size = self._pair, self._room(), px(self, LOUPE)
        now = viewing.settled(self._view, pair.frame, room)
        x, y = self._in_room(event)
        at = now.x + (x - room[0] / 2) / now.zoom, now.y + (y - room[1] / 2) / now.zoom
        zoom = max(LOUPE_ZOOM, now.zoom * LOUPE_ZOOM)
        lenses = (loupe(pair, layer, at, size, zoom) for layer in (pair.left, pair.right))
        self._lenses = [ImageTk.PhotoImage(lens) for lens in lenses]
        apart, line = px(self, 18), px(self, 2)
        width, height = self._whole()
        wide = 2 * size + 3 * line
        left = event.x + apart if event.x + apart + wide <= width else event.x - apart - wide
        top = min(max(0, event.y - size // 2), max(0, height - size - 2 * line))
        tags = ("loupe",)
        self.create_rectangle(left, top, left + wide, top + size + 2 * line, fill=colors().primary, width=0, tags=tags)
        for number, image in enumerate(self._lenses):
            self.create_image(left + line + number * (size + line), top + line, image=image, anchor="nw", tags=tags)

    def _hide_loupe(self) -> None:
        self.delete("loupe")
        self._lenses = []


def _rgb(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
