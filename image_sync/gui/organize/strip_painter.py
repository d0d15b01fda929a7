"""Painter of strips: the items on the canvas of one group's head and of one picture's tile.

It is told where and what; it keeps nothing but measures and colours.  Every item that it makes is returned, so that
whoever asked can take it away again.
"""

from __future__ import annotations

import tkinter
from dataclasses import dataclass

from image_sync.base.model import PictureFate
from image_sync.gui.organize.cards import Card, Chip, Head
from image_sync.gui.organize.strip_layout import Box, Measures, flowed
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.text_fit import TextFit
from image_sync.gui.widgets.theme import between, colors, px
from image_sync.gui.widgets.thumbnails import Wish

CHIP_LINES = 2
TINT = 0.16
"""Share of a colour in the ground of what is marked by it: the words on it keep their contrast."""
LINES = 2
"""Lines of the sentence above a group."""


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of one theme."""

    ground: str
    words: str
    faint: str
    strip: str
    border: str
    tile: str
    mark: str
    chosen: str
    states: dict[PictureFate, str]
    chip: str
    lesser: str
    grave: str


def look() -> Look:
    """The colours of the theme in use; all words keep 4.5 : 1 or more."""
    palette = colors()
    states = {
        PictureFate.KEEP: palette.success,
        PictureFate.SET_ASIDE: palette.warning,
        PictureFate.LEAVE: palette.secondary,
    }
    return Look(
        ground=palette.bg,
        words=palette.fg,
        faint=between(palette.fg, palette.bg, 0.72),
        strip=between(palette.fg, palette.bg, 0.04),
        border=palette.border,
        tile=palette.inputbg,
        mark=palette.primary,
        chosen=between(palette.primary, palette.inputbg, TINT),
        states={fate: between(colour, palette.inputbg, 2 * TINT) for fate, colour in states.items()},
        chip=between(palette.fg, palette.inputbg, 0.1),
        lesser=between(palette.warning, palette.inputbg, 2 * TINT),
        grave=between(palette.danger, palette.inputbg, 2 * TINT),
    )


@dataclass(frozen=True, slots=True)
class TileItems:
    """The items of a tile: its frame, which shows whether it is chosen, and the middle of its picture."""

    frame: int
    x: int
    y: int
    items: tuple[int, ...]


@dataclass(slots=True)
class DrawnStrip:
    """The head of a group as it is drawn."""

    head: Head
    items: tuple[int, ...]


@dataclass(slots=True)
class DrawnTile:
    """The tile of a picture as it is drawn; ``picture`` is the item of its thumbnail, or of the words instead."""

    card: Card
    wish: Wish
    tile: TileItems
    picture: int


class StripPainter:
    """Paints on one canvas, for tiles whose pictures are ``box`` pixels wide and high."""

    def __init__(self, canvas: tkinter.Canvas, box: int) -> None:
        self.canvas, self.fit = canvas, TextFit(canvas)
        self.box = box
        self._sizes: dict[float, int] = {}
        self._line = {font: self._linespace(font) for font in ("TkDefaultFont", "SmallFont", "BoldFont")}
        self.margin, self.inset = self._px(4), self._px(6)
        self.look = look()

    def recolour(self) -> bool:
        """Take the colours of the theme in use; whether they are others."""
        before, self.look = self.look, look()
        return self.look != before

    def measures(self) -> Measures:
        """The room that strips and tiles take."""
        small, usual, bold = (self._line[font] for font in ("SmallFont", "TkDefaultFont", "BoldFont"))
        edge = 2 * (self.margin + self.inset)
        width = max(self.box, self._px(120)) + edge
        words = usual + 2 * small + CHIP_LINES * self._chip_height() + self._px(8)
        return Measures(
            cell_width=width,
            cell_height=edge + self._bar_height() + self._px(4) + self.box + words,
            head=bold + (1 + LINES) * small + self._px(16),
            pad=self._px(8),
            gap=self._px(10),
        )

    # --- a group ---

    def strip(self, box: Box, head: Head) -> tuple[int, ...]:
        """The frame of a strip (first of all) and its words."""
        canvas, colour, pad = self.canvas, self.look, self._px(12)
        frame = canvas.create_rectangle(
            box.left, box.top, box.right - 1, box.bottom - 1, fill=colour.strip, outline=colour.border
        )
        canvas.tag_lower(frame)
        room, top = box.width - 2 * pad, box.top + self._px(8)
        items = [frame]
        if head.reviewed:
            words = "✓ " + _("Reviewed")
            items.append(self._text(box.right - pad, top, words, "BoldFont", colour.words, "ne"))
            room -= self.fit.width(words, "BoldFont") + pad
        title = self.fit.at_end(head.title, "BoldFont", max(room, pad))
        items.append(self._text(box.left + pad, top, title, "BoldFont", colour.words))
        below, room = top + self._line["BoldFont"], box.width - 2 * pad
        facts = self.fit.at_end(head.facts, "SmallFont", room)
        items.append(self._text(box.left + pad, below, facts, "SmallFont", colour.faint))
        sentence = self._two_lines(head.sentence, room)
        items.append(self._text(box.left + pad, below + self._line["SmallFont"], sentence, "SmallFont", colour.words))
        return tuple(items)

    def _two_lines(self, text: str, room: int) -> str:
        """A text broken between words into two lines, the second cut where it must be."""
        if self.fit.width(text, "SmallFont") <= room:
            return text
        first = ""
        for word in text.split(" "):
            longer = f"{first} {word}" if first else word
            if self.fit.width(longer, "SmallFont") > room:
                break
            first = longer
        rest = text[len(first) :].strip()
        return (
            f"{first}\n{self.fit.at_end(rest, 'SmallFont', room)}"
            if first
            else self.fit.at_end(text, "SmallFont", room)
        )

    # --- a picture ---

    def tile(self, place: Box, card: Card) -> TileItems:
        """A tile without its picture."""
        canvas, colour, margin, inset = self.canvas, self.look, self.margin, self.inset
        left, top = place.left + margin, place.top + margin
        right, bottom = place.right - margin - 1, place.bottom - margin - 1
        frame = canvas.create_rectangle(left, top, right, bottom, fill=colour.tile, outline=colour.border)
        bar = self._bar_height()
        items = [
            frame,
            canvas.create_rectangle(left + 1, top + 1, right, top + bar, width=0, fill=colour.states[card.fate]),
        ]
        items += self._state(card, left + inset, right - inset, top + bar // 2)
        room = right - left - 2 * inset
        middle = (left + right) // 2, top + bar + self._px(4) + inset // 2 + self.box // 2
        below = top + bar + self._px(4) + inset + self.box
        name = self.fit.in_middle(card.name, "TkDefaultFont", room)
        items.append(self._text(left + inset, below, name, "TkDefaultFont", colour.words))
        below += self._line["TkDefaultFont"]
        # Where not all of it fits, the dimensions are worth more than half of the size.
        facts = card.facts if self.fit.width(card.facts, "SmallFont") <= room else card.facts.split(" · ")[0]
        faint = "\n".join(
            (self.fit.at_start(card.folder, "SmallFont", room), self.fit.at_end(facts, "SmallFont", room))
        )
        items.append(self._text(left + inset, below, faint, "SmallFont", colour.faint))
        below += 2 * self._line["SmallFont"] + self._px(3)
        items += self._chips(card.chips, left + inset, below, room)
        return TileItems(frame, *middle, tuple(items))

    def _state(self, card: Card, left: int, right: int, middle: int) -> list[int]:
        said = "★ " + _("Best") if card.best else card.match
        if card.reference:
            said = _("Reference")
        wide = self.fit.width(card.state, "BoldFont")
        room = right - left - wide - self.inset
        items = [self._text(left, middle, card.state, "BoldFont", self.look.words, "w")]
        said = said if self.fit.width(said, "SmallFont") <= room else said.split(" ")[0]
        if said and self.fit.width(said, "SmallFont") <= room:
            items.append(self._text(right, middle, said, "SmallFont", self.look.words, "e"))
        return items

    def _chips(self, chips: tuple[Chip, ...], left: int, top: int, room: int) -> list[int]:
        """As many chips as fit in their lines; of the others only the number."""
        if not chips:
            return []
        items: list[int] = []
        height, pad, gap = self._chip_height(), self._px(5), self._px(4)
        widths = [min(self.fit.width(chip.words, "SmallFont") + 2 * pad, room) for chip in chips]
        more = self.fit.width("+99", "SmallFont")
        told, places = flowed(widths, room, CHIP_LINES, gap, more)
        for chip, wide, (x, line) in zip(chips[:told], widths, places, strict=False):
            fill = self.look.grave if chip.grave else self.look.lesser if chip.less else self.look.chip
            items += self._chip(chip, (left + x, top + line * height, wide), fill)
        if told < len(chips):
            (x, line), words = places[-1], f"+{len(chips) - told}"
            y = top + line * height + self._px(1)
            items.append(self._text(left + x, y, words, "SmallFont", self.look.faint))
        return items

    def _chip(self, chip: Chip, place: tuple[int, int, int], fill: str) -> list[int]:
        (x, y, wide), pad = place, self._px(5)
        bottom = y + self._chip_height() - self._px(4)
        words = self.fit.at_end(chip.words, "SmallFont", wide - 2 * pad)
        return [
            int(self.canvas.create_rectangle(x, y, x + wide, bottom, width=0, fill=fill)),
            self._text(x + pad, y + self._px(1), words, "SmallFont", self.look.words),
        ]

    def picture(self, tile: TileItems, image: object, words: str) -> int:
        """The picture of a tile, or ``words`` in its place."""
        if image is not None:
            return int(self.canvas.create_image(tile.x, tile.y, image=image))
        return int(
            self.canvas.create_text(
                tile.x, tile.y, text=words, fill=self.look.faint, font="SmallFont", width=self.box, justify="center"
            )
        )

    def mark_tile(self, tile: TileItems, chosen: bool, focused: bool) -> None:
        """Show whether a tile is chosen, and whether the keyboard is on it."""
        width = self._px(3 if focused else 2) if chosen or focused else 1
        self.canvas.itemconfigure(
            tile.frame,
            outline=self.look.mark if chosen or focused else self.look.border,
            fill=self.look.chosen if chosen else self.look.tile,
            width=width,
        )

    def mark_strip(self, frame: int, chosen: bool) -> None:
        """Show whether a group as a whole is chosen."""
        self.canvas.itemconfigure(
            frame, outline=self.look.mark if chosen else self.look.border, width=self._px(3) if chosen else 1
        )

    # --- measures ---

    def _px(self, size: float) -> int:
        """A size at 100 % in pixels; asked of Tk once, for a tile needs a dozen."""
        if size not in self._sizes:
            self._sizes[size] = px(self.canvas, size)
        return self._sizes[size]

    def _text(self, x: int, y: int, text: str, font: str, fill: str, anchor: str = "nw") -> int:
        return int(self.canvas.create_text(x, y, text=text, font=font, fill=fill, anchor=anchor))  # type: ignore[call-overload]

    def _linespace(self, font: str) -> int:
        return int(self.canvas.tk.call("font", "metrics", font, "-linespace"))

    def _bar_height(self) -> int:
        return self._line["BoldFont"] + self._px(6)

    def _chip_height(self) -> int:
        return self._line["SmallFont"] + self._px(6)
