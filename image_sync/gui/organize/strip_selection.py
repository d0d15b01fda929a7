"""Selection among the tiles of all groups: where the keyboard is, and which tiles are marked.  No tkinter.

A tile is told by its group and its picture, as both are numbered in the review, so a selection outlives sorting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TileKey:
    """One tile: the picture of a group."""

    group: int
    picture: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Tiles that can be selected: the groups in their order, and the pictures of each."""

    order: Sequence[int]
    members: Sequence[Sequence[int]]
    places: dict[int, int] = field(default_factory=dict)

    def place(self, group: int) -> int:
        """The place of a group in the order."""
        if not self.places:
            self.places.update({one: place for place, one in enumerate(self.order)})
        return self.places[group]

    def holds(self, tile: TileKey) -> bool:
        """Whether there is such a tile."""
        return 0 <= tile.group < len(self.members) and tile.picture in self.members[tile.group]


@dataclass(frozen=True, slots=True)
class Selection:
    """The tile that the keyboard is on, the one where a range began, and all that are marked.

    ``whole`` tells that the group was gone to, not one of its pictures: what is done is then done about the group.
    """

    cursor: TileKey | None = None
    anchor: TileKey | None = None
    marked: frozenset[TileKey] = frozenset()
    whole: bool = True

    @property
    def group(self) -> int | None:
        """The group that the keyboard is in."""
        return self.cursor.group if self.cursor is not None else None

    def chosen(self, members: Sequence[Sequence[int]]) -> list[tuple[int, list[int]]]:
        """The groups of which something is marked, each with its marked pictures in their order; that of the keyboard
        comes first, and has no picture where the group itself was gone to."""
        if self.cursor is None:
            return []
        if self.whole:
            return [(self.cursor.group, [])]
        groups = sorted({tile.group for tile in self.marked}, key=lambda group: (group != self.group, group))
        return [
            (group, [picture for picture in members[group] if TileKey(group, picture) in self.marked])
            for group in groups
        ]


def at_group(shelf: Shelf, group: int) -> Selection:
    """A group alone, with the keyboard on its first picture."""
    tile = TileKey(group, shelf.members[group][0])
    return Selection(tile, tile, frozenset((tile,)), whole=True)


def at_tile(tile: TileKey) -> Selection:
    """One tile alone."""
    return Selection(tile, tile, frozenset((tile,)), whole=False)


def toggled(selection: Selection, tile: TileKey) -> Selection:
    """One more tile, or one less; the last one stays."""
    marked = (selection.marked if not selection.whole else frozenset()) ^ {tile}
    return Selection(tile, tile, marked or frozenset((tile,)), whole=False)


def extended(selection: Selection, shelf: Shelf, tile: TileKey) -> Selection:
    """All tiles from where the range began to ``tile``."""
    anchor = selection.anchor or tile
    first, last = sorted((anchor, tile), key=lambda one: _position(shelf, one))
    marked = []
    for place in range(shelf.place(first.group), shelf.place(last.group) + 1):
        group = shelf.order[place]
        members = list(shelf.members[group])
        begin = members.index(first.picture) if group == first.group else 0
        end = members.index(last.picture) if group == last.group else len(members) - 1
        marked += [TileKey(group, picture) for picture in members[begin : end + 1]]
    return Selection(tile, anchor, frozenset(marked), whole=False)


def everything(selection: Selection, shelf: Shelf) -> Selection:
    """Every tile of every group."""
    marked = frozenset(TileKey(group, picture) for group in shelf.order for picture in shelf.members[group])
    return Selection(selection.cursor, selection.anchor, marked, whole=False)


def beside(selection: Selection, shelf: Shelf, step: int) -> TileKey | None:
    """The next picture (or the one before), across the borders of groups; the last stays the last."""
    if selection.cursor is None:
        return None
    group, members = selection.cursor.group, shelf.members[selection.cursor.group]
    # From a group as a whole the way leads to its first picture.
    start = -1 if selection.whole and step > 0 else list(members).index(selection.cursor.picture)
    place = start + step
    if 0 <= place < len(members):
        return TileKey(group, members[place])
    following = shelf.place(group) + (1 if step > 0 else -1)
    if not 0 <= following < len(shelf.order):
        return selection.cursor
    other = shelf.order[following]
    return TileKey(other, shelf.members[other][0 if step > 0 else -1])


def group_beside(selection: Selection, shelf: Shelf, step: int) -> int | None:
    """The group ``step`` places further, at most the first or last one."""
    if selection.cursor is None or not shelf.order:
        return None
    place = min(max(shelf.place(selection.cursor.group) + step, 0), len(shelf.order) - 1)
    return shelf.order[place]


def followed(selection: Selection, before: Shelf, now: Shelf) -> Selection:
    """The selection in another review: by its pictures, wherever they are now; where they are gone, what took the place
    of their group."""
    if not now.order:
        return Selection()
    if selection.cursor is None:
        return at_group(now, now.order[0])
    homes = {picture: group for group in now.order for picture in now.members[group]}
    picture = selection.cursor.picture
    if picture not in homes:
        place = before.place(selection.cursor.group)
        return at_group(now, now.order[min(place, len(now.order) - 1)])
    cursor = TileKey(homes[picture], picture)
    if selection.whole:
        return at_group(now, cursor.group)
    marked = {TileKey(homes[one.picture], one.picture) for one in selection.marked if one.picture in homes}
    anchor = selection.anchor
    found = TileKey(homes[anchor.picture], anchor.picture) if anchor and anchor.picture in homes else cursor
    return Selection(cursor, found, frozenset(marked | {cursor}), whole=False)


def _position(shelf: Shelf, tile: TileKey) -> tuple[int, int]:
    return shelf.place(tile.group), list(shelf.members[tile.group]).index(tile.picture)
