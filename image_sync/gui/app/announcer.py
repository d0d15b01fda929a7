"""Announcer of the end of a long run to a person who looks at another window meanwhile.  No tkinter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LONG = 20.0
"""Seconds from which on nobody is expected to have waited in front of the window."""


@dataclass(slots=True)
class Announcer:
    """Told of every change of what runs; ``running`` gives the page whose job runs, by its key, empty for none.

    ``news`` gives what there is to tell of a page, ``wanted`` says whether the user wants it told, ``in_front`` whether
    the window has the keyboard, ``tell`` shows it.
    """

    running: Callable[[], str]
    news: Callable[[str], str]
    wanted: Callable[[], bool]
    in_front: Callable[[], bool]
    tell: Callable[[str], object]
    clock: Callable[[], float]
    _page: str = ""
    _began: float = 0.0

    def changed(self, busy: bool) -> None:
        """Something began, paused or ended."""
        if busy:
            if not self._page:
                self._page, self._began = self.running(), self.clock()
            return
        page, self._page = self._page, ""
        if page and self.clock() - self._began >= LONG and self.wanted() and not self.in_front():
            words = self.news(page)
            if words:
                self.tell(words)
