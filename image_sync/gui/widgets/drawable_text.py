"""Text that Tk can draw, whatever a file is called.

``paths.display`` already makes control characters and undecodable bytes visible.  What remains are pictographs: Xft
before 2.3.5 ends the whole program when a font answers with a colour glyph, and Tk 8.6 draws others as two broken
halves.  They are shown by their name instead.  Nothing here changes a path; it is for the eye alone.
"""

from __future__ import annotations

import unicodedata

from image_sync.base import paths

PICTOGRAPHS = range(0x1F000, 0x20000)
"""Mahjong to symbols for legacy computing: the blocks whose glyphs come from colour fonts."""
SMALL_PICTOGRAPHS = range(0x2600, 0x27C0)
"""Miscellaneous symbols and dingbats, the part of the first plane that colour fonts claim."""
JOINERS = {0x200D, 0x20E3, *range(0xFE00, 0xFE10), *range(0xE0000, 0xE0080)}
"""Variation selectors, joiners and tags: they only steer the pictograph before them."""
MORE_PICTOGRAPHS = {0x231A, 0x231B, 0x2328, 0x23CF, *range(0x23E9, 0x23FB), 0x2B05, 0x2B06, 0x2B07, 0x2B1B, 0x2B1C}
MORE_PICTOGRAPHS |= {0x2B50, 0x2B55, 0x3030, 0x303D, 0x3297, 0x3299}
PLAIN = {ord(mark) for mark in "✓✔✗✘★☆"}
"""Marks that every text font draws."""


def shown(path: str) -> str:
    """``path`` on one line, made of characters that a Tk label draws."""
    text = paths.display(path)
    if text.isascii():
        return text
    return "".join(_drawable(character) for character in text)


def columns(text: str) -> int:
    """Columns of a terminal that ``text`` takes: two for each letter of the Far East, as widths are counted."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def shortened(path: str, limit: int) -> str:
    """``shown(path)``, cut in the middle to at most ``limit`` characters so that both ends stay readable."""
    text = shown(path)
    if len(text) <= limit:
        return text
    tail = limit * 2 // 3
    return text[: max(limit - tail - 1, 0)] + "…" + text[-tail:]


def _drawable(character: str) -> str:
    code = ord(character)
    if code in JOINERS:
        return ""
    if (code in PICTOGRAPHS or code in SMALL_PICTOGRAPHS or code in MORE_PICTOGRAPHS) and code not in PLAIN:
        return f"⟨{unicodedata.name(character, f'U+{code:04X}').lower()}⟩"
    return character
