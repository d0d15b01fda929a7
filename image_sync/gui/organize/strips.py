"""The groups as strips of tiles: an endless sheet of which only what is in sight is drawn.

Draws a ``GroupsModel``; what is chosen is told in its terms.  Where things are is ``strip_layout``, what is chosen
``strip_selection``, how it looks ``strip_painter``, what the mouse and the keys do ``strip_hands``.
"""

from __future__ import annotations

import functools
import tkinter

import ttkbootstrap as ttk

from image_sync.gui.organize import strip_selection as choosing
from image_sync.gui.organize.cards import card, head
from image_sync.gui.organize.enlarged import Enlarged
from image_sync.gui.organize.rows import GroupsModel
from image_sync.gui.organize.strip_hands import StripCallbacks, StripHands
from image_sync.gui.organize.strip_layout import LARGEST, SMALLEST, STEP, StripLayout
from image_sync.gui.organize.strip_painter import DrawnStrip, DrawnTile, StripPainter, TileItems
from image_sync.gui.organize.strip_selection import Selection, Shelf, TileKey
from image_sync.gui.organize.table import Chosen
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.thumbnail_store import ThumbnailStore
from image_sync.gui.widgets.thumbnails import Decode, Wish
from image_sync.gui.widgets.wording import worded

SCROLL = 24
"""Pixels at 100 % of one step of the wheel's three."""
MOST_COMING = 24
"""Pictures below what is in sight that are decoded beforehand."""
MAKING, SOON = 0.008, 15
"""Seconds for images at a time, and milliseconds until the next are looked for while some are missing."""


class StripView(ttk.Frame):
    """Group strips on a canvas with a scrollbar."""

    def __init__(self, master: tkinter.Misc, decode: Decode, size: int, callbacks: StripCallbacks) -> None:
        super().__init__(master)
        self.callbacks = callbacks
        self.model: GroupsModel | None = None
        self.shelf = Shelf((), ())
        self.selection = Selection()
        self._store = ThumbnailStore(decode)
        self.heads: dict[int, DrawnStrip] = {}
        self.tiles: dict[TileKey, DrawnTile] = {}
        self._size = min(LARGEST, max(SMALLEST, size))
        self._pending = self._taking = ""
        self._build()
        self._painter = StripPainter(self.canvas, px(self, size))
        self.layout = StripLayout((), 1, self._painter.measures())
        self.enlarged = Enlarged(self.canvas, decode, lambda: self._store.wish(self._wishes()))
        StripHands(self)

    # --- what is shown ---

    def show(self, model: GroupsModel | None) -> None:
        """Draw another review; what was chosen stays chosen, and what is in sight stays there as far as it can."""
        before, shelf, anchor = self.model, self.shelf, self._anchor()
        self.model = model
        self.shelf = Shelf(model.order, model.index.members) if model is not None else Shelf((), ())
        same = self.shelf.members is shelf.members and self.shelf.order == shelf.order
        if model is not None and before is not None and same:
            self._refresh()
            return
        self.selection = choosing.followed(self.selection, shelf, self.shelf)
        self._arrange()
        self._scroll_so(anchor)

    def resize(self, size: int) -> None:
        """Tiles of another size; the group that is looked at stays in sight where it was."""
        size = min(LARGEST, max(SMALLEST, round(size / STEP) * STEP))
        if size == self._size:
            return
        self._size = size
        anchor = self._anchor()
        self._painter = StripPainter(self.canvas, px(self, size))
        self._arrange()
        self._scroll_so(anchor)

    def see_chosen(self) -> None:
        """Bring the tile of the keyboard into sight."""
        cursor = self.selection.cursor
        if cursor is None or not self.layout.sizes:
            return
        strip = self.shelf.place(cursor.group)
        frame = self.layout.strip(strip)
        tile = self.layout.tile(strip, self.shelf.members[cursor.group].index(cursor.picture))
        height = self.canvas.winfo_height()
        whole = frame.height <= height
        top, bottom = (frame.top, frame.bottom) if whole else (tile.top, tile.bottom)
        if not whole and tile.top == frame.top + self.layout.measures.head:
            top = frame.top
        gap = self.layout.measures.gap
        now = int(self.canvas.canvasy(0))
        if top - gap < now:
            self._scroll_to(top - gap)
        elif bottom + gap > now + height:
            self._scroll_to(min(bottom + gap - height, top - gap))

    @property
    def tile_size(self) -> int:
        """Pixels at 100 % of a tile's picture."""
        return self._size

    @property
    def complete(self) -> bool:
        """Whether all that is in sight shows its picture, or that it has none."""
        return not self._pending and all(
            self._store.image(tile.wish) is not None or self._store.is_refused(tile.wish)
            for tile in self.tiles.values()
        )

    # --- what is chosen ---

    @property
    def chosen(self) -> Chosen | None:
        """The picture that the keyboard is on, or the group where that is gone to as a whole."""
        cursor = self.selection.cursor
        if cursor is None:
            return None
        return Chosen(cursor.group, None if self.selection.whole else cursor.picture)

    @property
    def several(self) -> list[tuple[int, list[int]]]:
        """The groups of which something is chosen, that of the keyboard first, with the chosen pictures of each."""
        return self.selection.chosen(self.shelf.members)

    def choose_group(self, group: int) -> None:
        """Go to a group."""
        self.select(choosing.at_group(self.shelf, group))

    def choose(self, group: int, picture: int) -> None:
        """Go to a picture of a group."""
        self.select(choosing.at_tile(TileKey(group, picture)))

    def place_of(self, group: int, picture: int) -> tuple[int, int]:
        """The middle of a tile in sight, in pixels of the canvas's window."""
        tile = self.tiles[TileKey(group, picture)].tile
        return tile.x, int(tile.y - self.canvas.canvasy(0))

    def select(self, selection: Selection, see: bool = True) -> None:
        """Choose this and nothing else."""
        changed = selection.marked ^ self.selection.marked
        groups = {self.selection.group, selection.group}
        changed |= {one for one in (self.selection.cursor, selection.cursor) if one is not None}
        self.selection = selection
        for key in changed:
            self._mark_tile(key)
        for group in groups:
            self._mark_strip(group)
        self.enlarged.hide()
        if see:
            self.see_chosen()
        self.callbacks.chosen()

    def _mark_tile(self, key: TileKey) -> None:
        if key in self.tiles:
            whole = self.selection.whole
            self._painter.mark_tile(
                self.tiles[key].tile,
                not whole and key in self.selection.marked,
                not whole and key == self.selection.cursor,
            )

    def _mark_strip(self, group: int | None) -> None:
        if group in self.heads:
            self._painter.mark_strip(self.heads[group].items[0], self.selection.whole and group == self.selection.group)

    # --- drawing ---

    def _arrange(self) -> None:
        """Find the places of all strips anew, and draw what is in sight."""
        self.canvas.delete("all")
        self.heads.clear()
        self.tiles.clear()
        members, width = self.shelf.members, max(self.canvas.winfo_width(), 1)
        self.layout = StripLayout([len(members[group]) for group in self.shelf.order], width, self._painter.measures())
        self.canvas.configure(scrollregion=(0, 0, width, max(self.layout.height, self.canvas.winfo_height())))
        self._draw_soon()

    def _draw_soon(self) -> None:
        if not self._pending:
            self._pending = self.after_idle(self._draw)

    def _draw(self) -> None:
        """Draw what came in sight, and take away what is no longer."""
        self._pending = ""
        if self.model is None or self.canvas.winfo_width() <= 1:
            return
        top = int(self.canvas.canvasy(0))
        bottom = top + self.canvas.winfo_height()
        wanted = {self.shelf.order[strip]: strip for strip in self.layout.strips_between(top, bottom)}
        tiles = {
            TileKey(group, self.shelf.members[group][place]): (strip, place)
            for group, strip in wanted.items()
            for place in self.layout.tiles_between(strip, top, bottom)
        }
        self._take_away(wanted, tiles)
        for group, strip in wanted.items():
            if group not in self.heads:
                self._draw_strip(group, strip)
        for key, (strip, place) in tiles.items():
            if key not in self.tiles:
                self._draw_tile(key, strip, place)
        self._store.wish([*self._wishes(), *self._coming(bottom)])
        self._take_soon()

    def _take_away(self, wanted: dict[int, int], tiles: dict[TileKey, tuple[int, int]]) -> None:
        gone: list[int] = []
        for group in [group for group in self.heads if group not in wanted]:
            gone += self.heads.pop(group).items
        for key in [key for key in self.tiles if key not in tiles]:
            tile = self.tiles.pop(key)
            gone += [*tile.tile.items, tile.picture]
        if gone:
            self.canvas.delete(*gone)

    def _draw_strip(self, group: int, strip: int) -> None:
        assert self.model is not None
        told = head(self.model, group)
        self.heads[group] = DrawnStrip(told, self._painter.strip(self.layout.strip(strip), told))
        if group == self.selection.group:
            self._mark_strip(group)

    def _draw_tile(self, key: TileKey, strip: int, place: int) -> None:
        assert self.model is not None
        told = card(self.model, key.group, place)
        record = self.model.picture(key.picture).record
        wish = Wish(record.path, record.mtime_ns, self._painter.box)
        tile = self._painter.tile(self.layout.tile(strip, place), told)
        self.tiles[key] = DrawnTile(told, wish, tile, self._picture_of(tile, wish))
        if key in self.selection.marked:
            self._mark_tile(key)

    def _picture_of(self, tile: TileItems, wish: Wish) -> int:
        words = "…"
        if self._store.is_refused(wish):
            words = _("can't be shown: {reason}").format(reason=worded(self._store.reason(wish)))
        return self._painter.picture(tile, self._store.image(wish), words)

    def _refresh(self) -> None:
        """Draw anew what a decision changed, of what is in sight."""
        assert self.model is not None
        changed = False
        for group, drawn in list(self.heads.items()):
            if head(self.model, group) != drawn.head:
                self.canvas.delete(*self.heads.pop(group).items)
                changed = True
        for key, tile in list(self.tiles.items()):
            place = self.shelf.members[key.group].index(key.picture)
            if card(self.model, key.group, place) != tile.card:
                self.canvas.delete(*tile.tile.items, tile.picture)
                del self.tiles[key]
                changed = True
        if changed:
            self._draw()

    def _wishes(self) -> list[Wish]:
        return [tile.wish for tile in self.tiles.values()]

    def _coming(self, bottom: int) -> list[Wish]:
        """Wishes for the tiles just below, so that they are there when they come in sight."""
        assert self.model is not None
        wishes: list[Wish] = []
        for strip in self.layout.strips_between(bottom, bottom + self.canvas.winfo_height() // 2):
            for picture in self.shelf.members[self.shelf.order[strip]][: MOST_COMING - len(wishes)]:
                record = self.model.picture(picture).record
                wishes.append(Wish(record.path, record.mtime_ns, self._painter.box))
        return wishes

    def _take_soon(self) -> None:
        if not self._taking and self._store.waiting:
            self._taking = self.after(SOON, self._take)

    def _take(self) -> None:
        self._taking = ""
        taken = set(self._store.take(MAKING))
        for tile in self.tiles.values() if taken else ():
            if tile.wish in taken:
                self.canvas.delete(tile.picture)
                tile.picture = self._picture_of(tile.tile, tile.wish)
        self._take_soon()

    # --- scrolling ---

    def _anchor(self) -> tuple[int, int] | None:
        """Picture of the group that is looked at (the chosen one where it is in sight, else the uppermost), and how
        many pixels below the upper edge that begins."""
        group = self.selection.group
        if group is None or group not in self.heads:
            if not self.heads:
                return None
            group = min(self.heads, key=self.shelf.place)
        picture = self.selection.cursor.picture if self.selection.cursor is not None else -1
        if picture not in self.shelf.members[group]:
            picture = self.shelf.members[group][0]
        top = self.canvas.coords(self.heads[group].items[0])[1]
        return picture, int(top - self.canvas.canvasy(0))

    def _scroll_so(self, anchor: tuple[int, int] | None) -> None:
        """Scroll so that the group of a picture begins where it did; where it is gone, to what is chosen."""
        members = self.shelf.members
        at = next((one for one in self.shelf.order if anchor is not None and anchor[0] in members[one]), None)
        if anchor is not None and at is not None:
            self._scroll_to(self.layout.strip(self.shelf.place(at)).top - anchor[1])
        elif self.selection.group is None:
            self._scroll_to(0)
        else:
            self.see_chosen()

    def _scroll_to(self, top: int) -> None:
        self.canvas.yview_moveto(max(0, top) / max(self.layout.height, self.canvas.winfo_height(), 1))

    def _scrolled(self, first: str, last: str) -> None:
        self._bar.set(first, last)
        self._draw_soon()

    # --- how it is put together ---

    def _build(self) -> None:
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._frame = ttk.Frame(self, bootstyle="highlight", padding=px(self, 2))
        self._frame.grid(row=0, column=0, sticky="nsew")
        self.canvas = ttk.Canvas(self._frame, takefocus=True, yscrollincrement=px(self, SCROLL), width=1, height=1)
        self.canvas.configure(highlightthickness=0)
        self.canvas.pack(fill="both", expand=True)
        self._bar = ttk.Scrollbar(self, orient="vertical", command=self.canvas.yview)
        self._bar.grid(row=0, column=1, sticky="ns")
        self.canvas.configure(yscrollcommand=self._scrolled)
        for sequence, state in (("<FocusIn>", "focus"), ("<FocusOut>", "!focus")):
            self.canvas.bind(sequence, functools.partial(self._show_focus, state), add="+")
        self.canvas.bind("<Configure>", self._resized)
        self.bind("<<ThemeChanged>>", lambda _event: self._recolour(), add="+")
        self.bind("<Destroy>", self._close, add="+")

    def _show_focus(self, state: str, _event: object) -> None:
        self._frame.state([state])

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.width != self.layout.width:
            anchor = self._anchor()
            self._arrange()
            self._scroll_so(anchor)
        else:
            self._draw_soon()

    def _recolour(self) -> None:
        """Take other colours; the toolkit tells of a change with every new style, too."""
        if self._painter.recolour():
            self._arrange()

    def _close(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self:
            for later in (self._pending, self._taking):
                if later:
                    self.after_cancel(later)
            self.enlarged.close()
            self._store.close()
