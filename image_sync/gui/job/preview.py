"""The pictures of the selected group, upright, with their words: which is the best, what becomes of each.

Thumbnails are decoded elsewhere (``ThumbnailLoader``); what Tk draws is made here, on the window's thread, and kept
only while memory allows.  ``tick`` takes in what was decoded meanwhile.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from image_sync.base.model import FileRecord
from image_sync.gui.job.tile import MOST_TILES, Tile
from image_sync.gui.organize.rows import GroupsModel
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import colors, px
from image_sync.gui.widgets.thumbnail_store import BYTES_A_PIXEL, MEMORY
from image_sync.gui.widgets.thumbnails import LeastRecent, ThumbnailLoader, Wish

if TYPE_CHECKING:
    from PIL.ImageTk import PhotoImage

BOX = 168
GAP = 10
A_TICK = 6
"""Thumbnails turned into Tk images at once (measured: 0.2 ms each)."""


class Preview(ttk.Frame):
    """Tiles in as many columns as fit; pressing one calls ``picked`` with its picture's index."""

    def __init__(
        self, master: tkinter.Misc, loader: ThumbnailLoader, picked: Callable[[int], None], hint: str = ""
    ) -> None:
        super().__init__(master)
        self._loader, self._picked = loader, picked
        self._words = hint or _("Select a group to see its pictures.")
        self._tiles: list[Tile] = []
        self._wishes: list[Wish] = []
        self._selected: int | None = None
        self._images: LeastRecent[Wish, PhotoImage] = LeastRecent(MEMORY)
        self._refused: set[Wish] = set()
        self._box = px(self, BOX)
        self._width = self._bottom = 0
        self.canvas = ttk.Canvas(self, width=self._box + 2 * px(self, GAP), height=self._box, takefocus=False)
        bar = ttk.Scrollbar(self, orient="vertical", command=self.canvas.yview)
        self.canvas.configure(yscrollcommand=bar.set)
        bar.pack(side="right", fill="y")
        self.canvas.pack(side="left", fill="both", expand=True)
        self.canvas.bind("<Configure>", self._resized)
        for sequence in ("<MouseWheel>", "<Button-4>", "<Button-5>"):
            self.canvas.bind(sequence, self._wheel)
        self.bind("<<ThemeChanged>>", lambda _event: self._draw(), add="+")

    def show(self, model: GroupsModel | None, group: int | None, picture: int | None) -> None:
        """Show the members of ``group`` and mark ``picture``."""
        tiles = model.tiles(group)[:MOST_TILES] if model is not None and group is not None else []
        left_out = len(model.review.groups[group].members) - len(tiles) if model and group is not None else 0
        records = [model.picture(tile.picture).record for tile in tiles] if model is not None else []
        self.show_tiles(tiles, records, left_out, picture)

    def show_tiles(
        self, tiles: list[Tile], records: Sequence[FileRecord], left_out: int = 0, picture: int | None = None
    ) -> None:
        """Show these tiles of the files ``records`` and mark ``picture``; ``left_out`` more are only counted."""
        self.show_files(tiles, [(record.path, record.change_key) for record in records], left_out, picture)

    def show_files(
        self, tiles: list[Tile], files: Sequence[tuple[str, int]], left_out: int = 0, picture: int | None = None
    ) -> None:
        """Show these tiles, each of a file by its path and its time in nanoseconds."""
        if tiles == self._tiles and left_out == self._left_out:
            self._mark(picture)
            return
        self._tiles, self._selected, self._left_out = tiles, picture, left_out
        self._wishes = [Wish(path, mtime_ns, self._box) for path, mtime_ns in files]
        self.wish_again()
        self.canvas.yview_moveto(0)
        self._draw()

    def wish_again(self) -> None:
        """Ask for what is missing: another page may have asked for something else meanwhile."""
        self._loader.wish(wish for wish in self._wishes if wish not in self._images and wish not in self._refused)

    _left_out = 0

    def tick(self) -> None:
        """Draw what was decoded since."""
        for wish, image in self._loader.made(A_TICK):
            if image is None:
                self._refused.add(wish)
            else:
                from PIL import ImageTk

                self._images.put(wish, ImageTk.PhotoImage(image), image.width * image.height * BYTES_A_PIXEL)
            for number, wanted in enumerate(self._wishes):
                if wanted == wish:
                    self._draw_picture(number)

    def width_of(self, columns: int) -> int:
        """Pixels that so many tiles beside each other take, with the scrollbar."""
        gap = px(self, GAP)
        return columns * (self._box + 3 * gap) + gap + px(self, 16)

    @property
    def complete(self) -> bool:
        """Whether every tile shows its picture (or that it has none)."""
        return all(wish in self._images or wish in self._refused for wish in self._wishes)

    def tile_place(self, number: int) -> tuple[int, int]:
        """The middle of a tile's picture, in pixels of the canvas's window."""
        left, top, right, bottom = self.canvas.coords(f"frame{number}")
        return int((left + right) / 2), int((top + bottom) / 2 - self.canvas.canvasy(0))

    # --- drawing ---

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.width != self._width:
            self._width = event.width
            self._draw()

    def _draw(self) -> None:
        self.canvas.delete("all")
        if not self._tiles:
            self._hint()
            return
        gap = px(self, GAP)
        cell = self._box + 2 * gap
        columns = max(1, (self._width - gap) // (cell + gap))
        top, tallest = gap, 0
        for number, tile in enumerate(self._tiles):
            column = number % columns
            if column == 0 and number:
                top, tallest = top + tallest + gap, 0
            left = gap + column * (cell + gap)
            tallest = max(tallest, self._draw_tile(number, tile, left, top, cell))
        bottom = top + tallest + gap
        if self._left_out:
            words = _("and {count} more in the table").format(count=self._left_out)
            self.canvas.create_text(gap, bottom, text=words, anchor="nw", fill=colors().fg, font="TkDefaultFont")
            bottom += px(self, 30)
        self._bottom = bottom
        self.canvas.configure(scrollregion=(0, 0, self._width, bottom))

    def _hint(self) -> None:
        self.canvas.create_text(
            self._width // 2,
            px(self, 40),
            text=self._words,
            fill=colors().fg,
            width=max(self._width - 20, 80),
            anchor="n",
        )
        self.canvas.configure(scrollregion=(0, 0, self._width, px(self, 80)))

    def _draw_tile(self, number: int, tile: Tile, left: int, top: int, width: int) -> int:
        """One tile at ``left``, ``top``; its height."""
        gap, palette = px(self, GAP), colors()
        tag = f"tile{number}"
        self.canvas.create_rectangle(
            left, top, left + width, top + self._box + 2 * gap, width=1, outline=palette.border, fill=palette.inputbg,
            tags=(tag, f"frame{number}"),
        )  # fmt: skip
        self._draw_picture(number)
        below = top + self._box + 2 * gap + gap // 2
        mark = f"★ {tile.mark}" if tile.best else tile.mark
        texts = ((mark, "BoldFont"), (tile.title, "TkDefaultFont"), *((line, "SmallFont") for line in tile.lines))
        for text, font in texts:
            if not text:
                continue
            item = self.canvas.create_text(
                left, below, text=text, font=font, fill=palette.fg, anchor="nw", width=width, tags=(tag,)
            )
            below = self.canvas.bbox(item)[3] + px(self, 1)
        self.canvas.tag_bind(tag, "<Button-1>", lambda _event: self._picked(tile.picture))
        self._outline(number)
        return int(below - top)

    def _draw_picture(self, number: int) -> None:
        middle = f"picture{number}"
        self.canvas.delete(middle)
        left, top, right, bottom = self.canvas.coords(f"frame{number}")
        place = ((left + right) / 2, (top + bottom) / 2)
        wish = self._wishes[number]
        image = self._images.get(wish)
        tags = (f"tile{number}", middle)
        if image is not None:
            self.canvas.create_image(*place, image=image, tags=tags)
        else:
            words = _("no preview") if wish in self._refused else "…"
            self.canvas.create_text(*place, text=words, fill=colors().inputfg, tags=tags)

    def _mark(self, picture: int | None) -> None:
        self._selected = picture
        for number in range(len(self._tiles)):
            self._outline(number)
        self._see(picture)

    def _see(self, picture: int | None) -> None:
        """Scroll so that the selected picture's tile is in sight."""
        number = next((number for number, tile in enumerate(self._tiles) if tile.picture == picture), None)
        box = self.canvas.bbox(f"tile{number}") if number is not None else None
        whole = self.canvas.bbox("all")
        if box is None or whole is None:
            return
        top, height = self.canvas.canvasy(0), self.canvas.winfo_height()
        if box[1] < top or box[3] > top + height:
            self.canvas.yview_moveto(max(0, box[1] - px(self, GAP)) / max(self._bottom, 1))

    def _outline(self, number: int) -> None:
        tile, palette = self._tiles[number], colors()
        selected = tile.picture == self._selected
        outline = palette.primary if selected else palette.success if tile.best else palette.border
        self.canvas.itemconfigure(
            f"frame{number}", outline=outline, width=px(self, 3 if selected else 2 if tile.best else 1)
        )

    def _wheel(self, event: tkinter.Event[tkinter.Misc]) -> None:
        up = event.num == 4 or event.delta > 0
        self.canvas.yview_scroll(-2 if up else 2, "units")
