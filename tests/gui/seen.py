"""What can be seen of a window: words that are cut off, words that no translator was given, how widgets stand out.

The toolkit tells the place and the wishes of each widget; what it draws is judged by its pixels.
"""

from __future__ import annotations

import re
import tkinter
from collections.abc import Iterator
from tkinter import font as tkfont
from typing import Any

from PIL import Image

from tests.gui.pseudo import END, START

LEAST_CONTRAST = 4.5
"""Of text over its background (WCAG 2.1, 1.4.3)."""
SLACK = 2
"""Pixels by which a widget may be smaller than it asks: rounding of borders."""
FEWEST = 3
"""Pixels of a colour that are no accident of smoothed edges."""
MOST_LOST = 0.5
"""Share of a heading that must be read at the least; the rest is seen as the column is drawn wider."""
_TRANSLATED = re.compile(rf"{START}[^{START}{END}]*{END}")
_CUT = re.compile(rf"{START}.*|[^{START}]*{END}|…\S*|(?:/[^\s/]+)+", re.DOTALL)
"""The rest of a translated text that an ellipsis ends or begins, and a path."""
_LETTERS = re.compile(r"[^\W\d_]{3,}")


def below(widget: tkinter.Misc) -> Iterator[tkinter.Misc]:
    """A widget and all that is in it, other windows aside."""
    yield widget
    for child in widget.winfo_children():
        if not isinstance(child, tkinter.Toplevel | tkinter.Menu):
            yield from below(child)


def words_of(widget: tkinter.Misc) -> str:
    """Words that a widget shows; empty for what shows none, or shows what somebody typed."""
    kind = widget.winfo_class()
    if kind in ("TEntry", "TSpinbox") or not widget.winfo_viewable():
        return ""
    if kind == "TCombobox":
        return "" if "readonly" not in str(widget.cget("state")) else str(widget.get())  # type: ignore[attr-defined]
    try:
        return str(widget.cget("text"))
    except tkinter.TclError:
        return ""


# --- cut off ----------------------------------------------------------------------------------------------------------


def cut_off(window: tkinter.Misc) -> Iterator[str]:
    """Widgets whose words do not have their room, and headings of tables."""
    for widget in below(window):
        if widget.winfo_class() == "Treeview" and widget.winfo_viewable():
            yield from _cut_headings(widget)
        words = words_of(widget)
        if words.strip() and (lost := _lost(widget, words)):
            yield f"{widget.winfo_class()} {words!r}: {lost}"


def _lost(widget: tkinter.Misc, words: str) -> str:
    wide, high = widget.winfo_width(), widget.winfo_height()
    wanted = widget.winfo_reqwidth()
    kind = widget.winfo_class()
    if kind == "TCombobox":
        wanted = _font(widget).measure(words) + _font(widget).metrics("linespace")
    elif kind == "TLabel" and _has_width(widget):
        wanted = min(_wrapped(widget), _widest(widget, words))
    if wanted > wide + SLACK:
        return f"{wanted} pixels wide in {wide}"
    if kind != "TCombobox" and widget.winfo_reqheight() > high + SLACK:
        return f"{widget.winfo_reqheight()} pixels high in {high}"
    return _outside(widget)


def _has_width(widget: Any) -> bool:
    """Whether a label was given a width of its own, so that its wish says nothing of its words."""
    return bool(int(str(widget.cget("width") or 0) or 0))


def _widest(widget: Any, words: str) -> int:
    return max(_font(widget).measure(line) for line in words.split("\n"))


def _wrapped(widget: Any) -> int:
    """Pixels at which a label wraps; more than any screen has where it does not."""
    length = int(str(widget.cget("wraplength") or 0) or 0)
    return length or 1 << 16


def _outside(widget: tkinter.Misc) -> str:
    """By how much a widget stands out of what holds it; what can be scrolled may."""
    left, top = widget.winfo_rootx(), widget.winfo_rooty()
    right, bottom = left + widget.winfo_width(), top + widget.winfo_height()
    holder = widget.master
    while holder is not None:
        if holder.winfo_class() in ("Canvas", "ScrolledFrame"):
            return ""
        edge = holder.winfo_rootx() + holder.winfo_width(), holder.winfo_rooty() + holder.winfo_height()
        if right > edge[0] + SLACK or left < holder.winfo_rootx() - SLACK:
            return f"stands {max(right - edge[0], holder.winfo_rootx() - left)} pixels out to the side"
        if bottom > edge[1] + SLACK:
            return f"stands {bottom - edge[1]} pixels out below"
        if holder is widget.winfo_toplevel():
            return ""
        holder = holder.master
    return ""


def _cut_headings(table: Any) -> Iterator[str]:
    font = tkfont.nametofont("BoldFont", root=table)
    shown = table.cget("displaycolumns")
    columns = table.cget("columns") if "#all" in map(str, shown) else shown
    for column in ("#0", *columns):
        words = str(table.heading(column, "text"))
        room = int(table.column(column, "width"))
        if words and font.measure(words) * MOST_LOST > room:
            yield f"heading {words!r}: {font.measure(words)} pixels wide in {room}"


def _font(widget: Any) -> tkfont.Font:
    try:
        name = str(widget.cget("font"))
    except tkinter.TclError:
        name = ""
    if not name:
        from ttkbootstrap import Style

        name = str(Style.get_instance().lookup(widget.cget("style") or widget.winfo_class(), "font"))
    try:
        return tkfont.nametofont(name or "TkDefaultFont", root=widget)
    except tkinter.TclError:
        return tkfont.Font(root=widget, font=name)


# --- never translated -------------------------------------------------------------------------------------------------


def untranslated(window: tkinter.Misc, names: frozenset[str]) -> Iterator[str]:
    """Words outside of the brackets of the pseudo-language, ``names`` of files and formats aside."""
    for widget in below(window):
        if not widget.winfo_viewable():
            continue
        for text in (words_of(widget), *_cells(widget)):
            if any(word not in names for word in _LETTERS.findall(_without_translated(text))):
                yield text


def _without_translated(text: str) -> str:
    """``text`` without what stands in brackets, one in the other; one that is cut has one bracket only."""
    while (left := _TRANSLATED.sub(" ", text)) != text:
        text = left
    return _CUT.sub(" ", text)


def _cells(widget: Any) -> Iterator[str]:
    kind = widget.winfo_class()
    if kind == "Treeview":
        for key in _rows(widget, ""):
            yield str(widget.item(key, "text"))
            yield from (str(value) for value in widget.item(key, "values"))
    elif kind == "Canvas":
        for item in widget.find_all():
            if widget.type(item) == "text":
                yield str(widget.itemcget(item, "text"))
    elif kind == "TCombobox" and "readonly" in str(widget.cget("state")):
        yield from map(str, widget.cget("values"))


def _rows(table: Any, parent: str) -> Iterator[str]:
    for key in table.get_children(parent):
        yield key
        yield from _rows(table, key)


# --- standing out -----------------------------------------------------------------------------------------------------


def faint(window: tkinter.Misc, picture: Image.Image) -> Iterator[str]:
    """Widgets whose words stand out from their background by less than they must; ``picture`` is of the window."""
    left, top = window.winfo_rootx(), window.winfo_rooty()
    for widget in below(window):
        words = words_of(widget)
        if not _LETTERS.search(words) or not _is_on_top(widget):
            continue
        edge = 3
        box = (
            widget.winfo_rootx() - left + edge,
            widget.winfo_rooty() - top + edge,
            widget.winfo_rootx() - left + widget.winfo_width() - edge,
            widget.winfo_rooty() - top + widget.winfo_height() - edge,
        )
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        found = contrast_of(picture.crop(box))
        if found < LEAST_CONTRAST:
            state = " ".join(map(str, widget.state())) if hasattr(widget, "state") else ""
            yield f"{widget.winfo_class()} {words!r} ({state}): {found:.1f}"


def _is_on_top(widget: tkinter.Misc) -> bool:
    """Whether the middle of a widget is seen, and not scrolled away or under another one."""
    middle = widget.winfo_rootx() + widget.winfo_width() // 2, widget.winfo_rooty() + widget.winfo_height() // 2
    return widget.winfo_containing(*middle) is widget


def contrast_of(part: Image.Image) -> float:
    """Contrast between the commonest colour of a part of the screen and the one that stands out most from it."""
    counted = part.convert("RGB").getcolors(part.width * part.height) or []
    colours = {one: number for number, one in counted if isinstance(one, tuple)}
    ground = max(colours, key=lambda one: colours[one])
    return max(ratio(ground, one) for one, number in colours.items() if number >= FEWEST or one == ground)


def ratio(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.1)."""
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[int, ...]) -> float:
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
