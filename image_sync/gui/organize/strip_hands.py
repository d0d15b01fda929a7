"""Hands on the strips: what the mouse, the wheel and the keys do to what is chosen and what is in sight."""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import ttkbootstrap as ttk

from image_sync.gui.app.keys import CONTROL
from image_sync.gui.organize import strip_selection as choosing
from image_sync.gui.organize.enlarged import Enlarged
from image_sync.gui.organize.strip_layout import STEP, Hit, StripLayout
from image_sync.gui.organize.strip_painter import DrawnTile
from image_sync.gui.organize.strip_selection import Selection, Shelf, TileKey

SHIFT = 0x1
"""Bit of the state of Tk's events."""
WHEEL = 3
"""Steps of the canvas for one of the wheel."""


@dataclass(frozen=True, slots=True)
class StripCallbacks:
    """``chosen`` another group or picture; ``opened`` one to be compared; ``menu`` asked for at a place of the screen;
    ``resized`` the tiles by the wheel."""

    chosen: Callable[[], None]
    opened: Callable[[], None]
    menu: Callable[[int, int], None]
    resized: Callable[[int], None]


class Sheet(Protocol):
    """The view whose hands these are."""

    canvas: ttk.Canvas
    callbacks: StripCallbacks
    shelf: Shelf
    selection: Selection
    layout: StripLayout
    tiles: dict[TileKey, DrawnTile]
    enlarged: Enlarged

    @property
    def tile_size(self) -> int:
        """Pixels at 100 % of a tile's picture."""

    def select(self, selection: Selection, see: bool = True) -> None:
        """Choose this and nothing else."""

    def choose_group(self, group: int) -> None:
        """Go to a group."""

    def place_of(self, group: int, picture: int) -> tuple[int, int]:
        """The middle of a tile in sight, in pixels of the canvas's window."""


class StripHands:
    """Binds one view's canvas."""

    def __init__(self, view: Sheet) -> None:
        self._view = view
        self._bind()

    def _wheel(self, event: tkinter.Event[tkinter.Misc]) -> str:
        up = event.num == 4 or event.delta > 0
        self._view.enlarged.hide()
        if int(event.state) & CONTROL:
            self._view.callbacks.resized(self._view.tile_size + (STEP if up else -STEP))
        else:
            self._view.canvas.yview_scroll(-WHEEL if up else WHEEL, "units")
        return "break"

    # --- mouse and keys ---

    def _hit(self, event: tkinter.Event[tkinter.Misc]) -> Hit | None:
        return self._view.layout.hit(event.x, int(self._view.canvas.canvasy(event.y)))

    def _pressed(self, event: tkinter.Event[tkinter.Misc]) -> None:
        self._view.canvas.focus_set()
        hit = self._hit(event)
        if hit is None:
            return
        group = self._view.shelf.order[hit.strip]
        if hit.tile is None:
            self._view.select(choosing.at_group(self._view.shelf, group), see=False)
            return
        tile = TileKey(group, self._view.shelf.members[group][hit.tile])
        if int(event.state) & CONTROL:
            self._view.select(choosing.toggled(self._view.selection, tile), see=False)
        elif int(event.state) & SHIFT:
            self._view.select(choosing.extended(self._view.selection, self._view.shelf, tile), see=False)
        else:
            self._view.select(choosing.at_tile(tile), see=False)

    def _opened(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if self._hit(event) is not None:
            self._view.callbacks.opened()

    def _asked_for_menu(self, event: tkinter.Event[tkinter.Misc]) -> None:
        """A menu about what is under the mouse, or about all that is chosen where that is."""
        hit = self._hit(event)
        if hit is None:
            return
        group = self._view.shelf.order[hit.strip]
        tile = TileKey(group, self._view.shelf.members[group][hit.tile]) if hit.tile is not None else None
        if tile is None or tile not in self._view.selection.marked or self._view.selection.whole:
            self._pressed(event)
        self._view.callbacks.menu(event.x_root, event.y_root)

    def _menu_by_key(self) -> str:
        cursor = self._view.selection.cursor
        if cursor in self._view.tiles:
            x, y = self._view.place_of(cursor.group, cursor.picture)
            self._view.callbacks.menu(self._view.canvas.winfo_rootx() + x, self._view.canvas.winfo_rooty() + y)
        return "break"

    def _step(self, step: int, extend: bool) -> str:
        tile = choosing.beside(self._view.selection, self._view.shelf, step)
        if tile is not None:
            extended = (
                choosing.extended(self._view.selection, self._view.shelf, tile) if extend else choosing.at_tile(tile)
            )
            self._view.select(extended)
        return "break"

    def _step_group(self, step: int) -> str:
        group = choosing.group_beside(self._view.selection, self._view.shelf, step)
        if group is not None:
            self._view.choose_group(group)
        return "break"

    def _page(self, step: int) -> str:
        """A screen further."""
        cursor = self._view.selection.cursor
        if cursor is None:
            return "break"
        box = self._view.layout.strip(self._view.shelf.place(cursor.group))
        height = max(self._view.canvas.winfo_height() - box.height, box.height)
        strips = self._view.layout.strips_between(box.top + step * height, box.top + step * height)
        if strips:
            self._view.choose_group(self._view.shelf.order[strips[0]])
        return "break"

    def _select_all(self) -> str:
        self._view.select(choosing.everything(self._view.selection, self._view.shelf), see=False)
        return "break"

    def _moved(self, event: tkinter.Event[tkinter.Misc]) -> None:
        hit = self._hit(event)
        if hit is None or hit.tile is None:
            self._view.enlarged.hide()
            return
        group = self._view.shelf.order[hit.strip]
        key = TileKey(group, self._view.shelf.members[group][hit.tile])
        if key in self._view.tiles:
            tile = self._view.tiles[key]
            self._view.enlarged.hover(tile.wish, tile.card, (event.x_root, event.y_root))

    def _bind(self) -> None:
        canvas = self._view.canvas
        for wheel in ("<MouseWheel>", "<Button-4>", "<Button-5>", "<Control-Button-4>", "<Control-Button-5>"):
            canvas.bind(wheel, self._wheel)
        canvas.bind("<Button-1>", self._pressed)
        canvas.bind("<Double-Button-1>", self._opened)
        for button in ("<Button-3>", "<Control-Button-1>") if self._is_aqua() else ("<Button-3>",):
            canvas.bind(button, self._asked_for_menu)
        canvas.bind("<Motion>", self._moved)
        canvas.bind("<Leave>", lambda _event: self._view.enlarged.hide())
        for key, step in (("Right", 1), ("Left", -1)):
            canvas.bind(f"<{key}>", lambda _event, step=step: self._step(step, False))  # type: ignore[misc]
            canvas.bind(f"<Shift-{key}>", lambda _event, step=step: self._step(step, True))  # type: ignore[misc]
        ends = len
        for key, by in (("Down", 1), ("Up", -1)):
            canvas.bind(f"<{key}>", lambda _event, by=by: self._step_group(by))  # type: ignore[misc]
        canvas.bind("<Home>", lambda _event: self._step_group(-ends(self._view.shelf.order)))
        canvas.bind("<End>", lambda _event: self._step_group(ends(self._view.shelf.order)))
        canvas.bind("<Next>", lambda _event: self._page(1))
        canvas.bind("<Prior>", lambda _event: self._page(-1))
        for keys in ("<Control-a>", "<Control-A>"):
            canvas.bind(keys, lambda _event: self._select_all())
        for keys in ("<Shift-F10>", "<Menu>") if not self._is_aqua() else ("<Shift-F10>",):
            canvas.bind(keys, lambda _event: self._menu_by_key())

    def _is_aqua(self) -> bool:
        return bool(self._view.canvas.tk.call("tk", "windowingsystem") == "aqua")
