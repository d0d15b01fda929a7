"""All views of a review in one place: strips of tiles, the table beside the tiles of one group, what has no match.

The page asks here what is chosen and tells what to show; which view it is does not concern it.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from dataclasses import dataclass

import ttkbootstrap as ttk

from image_sync.gui.app.keys import with_modifier
from image_sync.gui.job.preview import Preview
from image_sync.gui.organize.alone import AloneView
from image_sync.gui.organize.rows import GroupsModel
from image_sync.gui.organize.strip_hands import StripCallbacks
from image_sync.gui.organize.strips import StripView
from image_sync.gui.organize.table import Chosen, GroupTable
from image_sync.gui.organize.view_switch import ALONE, TABLE, TILES
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.thumbnails import Decode, ThumbnailLoader
from image_sync.gui.widgets.visible import show

ENOUGH = 520
"""Width at 100 % that the table of groups keeps beside two columns of tiles."""


@dataclass(frozen=True, slots=True)
class Loaders:
    """Decoders of thumbnails: the window's own loader for the preview, and the function for the strips' threads."""

    thumbnails: ThumbnailLoader
    decode: Decode


class GroupViews(ttk.Frame):
    """The strips, the table and the list of what has no match, of which one is shown; all have the same review."""

    _shared = False
    _before: Chosen | None = None
    """What was chosen among the groups when the view left them."""

    def __init__(self, master: tkinter.Misc, loaders: Loaders, size: int, callbacks: StripCallbacks) -> None:
        super().__init__(master)
        self._model: GroupsModel | None = None
        self._stale: set[str] = set()
        self._told, self._callbacks = callbacks.chosen, callbacks
        self.view = TILES
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.strips = StripView(self, loaders.decode, size, callbacks)
        self.strips.grid(row=0, column=0, sticky="nsew")
        self.panes = ttk.Panedwindow(self, orient="horizontal")
        self.panes.grid(row=0, column=0, sticky="nsew")
        self.table = GroupTable(self.panes, self._chosen_in_table)
        self.preview = Preview(self.panes, loaders.thumbnails, self._picked)
        self.panes.add(self.table, weight=3)
        self.panes.add(self.preview, weight=1)
        self.table.table.view.bind("<Double-Button-1>", self._double_press, add="+")
        self.table.table.view.bind("<Button-3>", self._menu_press, add="+")
        self.panes.bind("<Configure>", lambda _event: self._share_panes())
        self.panes.grid_remove()
        self.alone = AloneView(self, loaders.thumbnails)
        self.alone.grid(row=0, column=0, sticky="nsew")
        self.alone.grid_remove()

    @property
    def keyboard(self) -> tkinter.Misc:
        """The widget of the view that takes the keyboard."""
        if self.view == ALONE:
            return self.alone.table.view
        return self.strips.canvas if self.view == TILES else self.table.table.view

    def bind_keys(self, deeds: dict[str, Callable[[], object]]) -> None:
        """Bind keys that the toolkit would have another use for, in both views."""
        for widget in (self.strips.canvas, self.table.table.view):
            for sequence, deed in deeds.items():
                widget.bind(sequence, lambda event, deed=deed: _handled(event, deed))  # type: ignore[misc]

    def switch(self, view: str) -> None:
        """Show the other view; what was chosen is chosen there too."""
        if view == self.view:
            return
        chosen = self._before if self.view == ALONE else self.chosen
        self.view, self._before = view, chosen
        show(self.strips, view == TILES)
        show(self.panes, view == TABLE)
        show(self.alone, view == ALONE)
        if view in self._stale:
            self._stale.discard(view)
            self._show_in(view)
        if chosen is not None and self._model is not None:
            if chosen.picture is None:
                self.choose_group(chosen.group)
            else:
                self.choose(chosen.group, chosen.picture)
        self._show_preview()

    def show(self, model: GroupsModel | None) -> None:
        """Show another review, in the other view when that is switched to."""
        self._model = model
        self._stale = {TILES, TABLE, ALONE} - {self.view}
        self._show_in(self.view)
        self._show_preview()

    def _show_in(self, view: str) -> None:
        {TILES: self.strips.show, TABLE: self.table.show, ALONE: self.alone.show}[view](self._model)

    # --- what is chosen ---

    @property
    def chosen(self) -> Chosen | None:
        """The group, and the picture where one is chosen."""
        if self._model is None or self.view == ALONE:
            return None
        return self.strips.chosen if self.view == TILES else self.table.chosen

    @property
    def several(self) -> list[tuple[int, list[int]]]:
        """The groups of which something is chosen, with the chosen pictures; none stands for the group itself."""
        if self.view == TILES:
            return self.strips.several if self._model is not None else []
        if self.view == ALONE:
            return []
        found = self.table.several
        return [found] if found is not None else []

    def choose_group(self, group: int) -> None:
        """Go to a group."""
        if self.view == TILES:
            self.strips.choose_group(group)
        elif self.view == TABLE:
            self.table.choose_group(group)
            self._show_preview()

    def choose(self, group: int, picture: int) -> None:
        """Go to a picture of a group."""
        if self.view == TILES:
            self.strips.choose(group, picture)
        elif self.view == TABLE:
            self.table.choose(group, picture)

    def tick(self) -> None:
        """Thumbnails that were decoded meanwhile."""
        if self.view == TABLE:
            self.preview.tick()
        elif self.view == ALONE:
            self.alone.tick()

    def _chosen_in_table(self) -> None:
        if self.view == TABLE:
            self._show_preview()
            self._told()

    def _double_press(self, event: tkinter.Event[tkinter.Misc]) -> str | None:
        """Compare a picture that is pressed twice; a group opens and closes as ever."""
        row = self.table.at(event.x, event.y)
        if row is None or row.picture is None:
            return None
        self._callbacks.opened()
        return "break"

    def _menu_press(self, event: tkinter.Event[tkinter.Misc]) -> None:
        row = self.table.at(event.x, event.y)
        if row is not None:
            if row.picture is None:
                self.table.choose_group(row.group)
            elif (row.group, [row.picture]) != self.table.several:
                self.table.choose(row.group, row.picture)
            self._callbacks.menu(event.x_root, event.y_root)

    def _show_preview(self) -> None:
        if self.view == TABLE:
            chosen = self.chosen
            self.preview.show(self._model, chosen.group if chosen else None, chosen.picture if chosen else None)

    def _picked(self, picture: int) -> None:
        chosen = self.table.chosen
        if chosen is not None:
            self.table.choose(chosen.group, picture)
            self.table.table.view.focus_set()

    def _share_panes(self) -> None:
        """Give the preview two tiles' width where the table keeps enough, else one; once, then it is the user's."""
        width = self.panes.winfo_width()
        if self._shared or width <= 1 or not self.panes.winfo_ismapped():
            return
        self._shared = True
        columns = 2 if width - self.preview.width_of(2) >= px(self, ENOUGH) else 1
        self.panes.sashpos(0, width - self.preview.width_of(columns))


def _handled(event: tkinter.Event[tkinter.Misc], deed: Callable[[], object]) -> str | None:
    """Do it, and keep the key from the toolkit, which would open or close the row; with Ctrl it is another key."""
    if with_modifier(int(event.state)):
        return None
    deed()
    return "break"
