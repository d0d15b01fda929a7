"""Text cut to a width in pixels, with an ellipsis where something is left out; widths are measured once."""

from __future__ import annotations

import tkinter

ELLIPSIS = "…"
MOST_KNOWN = 20_000
"""Texts whose fit is remembered; beyond that all are forgotten."""


class TextFit:
    """Cuts texts for one widget's screen and fonts."""

    def __init__(self, widget: tkinter.Misc) -> None:
        self._call = widget.tk.call
        self._known: dict[tuple[str, str, int, str], str] = {}
        self._widths: dict[tuple[str, str], int] = {}

    def forget(self) -> None:
        """Measure anew: the fonts have changed."""
        self._known.clear()
        self._widths.clear()

    def width(self, text: str, font: str) -> int:
        """Pixels of a text in a named font."""
        found = self._widths.get((text, font))
        if found is None:
            if len(self._widths) > MOST_KNOWN:
                self._widths.clear()
            found = self._widths[(text, font)] = int(self._call("font", "measure", font, text))
        return found

    def at_end(self, text: str, font: str, room: int) -> str:
        """The beginning of a text: ``Beach at da…``."""
        return self._cut(text, font, room, "end")

    def in_middle(self, text: str, font: str, room: int) -> str:
        """Both ends of a text, as of a name whose suffix must be seen: ``IMG_2019…(2).jpg``."""
        return self._cut(text, font, room, "middle")

    def at_start(self, text: str, font: str, room: int) -> str:
        """The end of a text, as of a path: ``…/2019/Phone``."""
        return self._cut(text, font, room, "start")

    def _cut(self, text: str, font: str, room: int, where: str) -> str:
        key = (text, font, room, where)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = self._fitted(text, font, room, where)
        return found

    def _fitted(self, text: str, font: str, room: int, where: str) -> str:
        whole = self.width(text, font)
        if whole <= room:
            return text
        low, high = 0, len(text) - 1
        # The first guess is near: letters are about equally wide.
        guess = max(0, min(high, len(text) * room // max(whole, 1) - 1))
        while low < high:
            if int(self._call("font", "measure", font, _kept(text, guess, where))) <= room:
                low = guess
            else:
                high = guess - 1
            guess = min(low + 1, high) if high - low <= 2 else (low + high + 1) // 2
        return _kept(text, low, where)


def _kept(text: str, letters: int, where: str) -> str:
    if where == "end":
        return text[:letters].rstrip() + ELLIPSIS
    if where == "start":
        return ELLIPSIS + text[len(text) - letters :]
    tail = letters * 3 // 5
    return text[: letters - tail] + ELLIPSIS + text[len(text) - tail :]
