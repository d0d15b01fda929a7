"""State that is kept on this computer, for the page *Settings*: how much, and the way to clear it.  No tkinter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext

if TYPE_CHECKING:
    from image_sync.apply.kept_state import StateRoom


class KeptModel:
    """The rooms of what is kept; ``changed`` is called when they were counted or cleared."""

    def __init__(self, background: Background, changed: Callable[[], None]) -> None:
        self._background, self._changed = background, changed
        self.rooms: Sequence[StateRoom] = ()
        self.news = ""

    def count(self) -> None:
        """Count what is kept, in the background."""
        self._ask(_rooms)

    def clear(self) -> None:
        """Delete what nobody needs any more."""

        def work() -> Sequence[StateRoom]:
            from image_sync.apply import kept_state

            problems = kept_state.clear()
            left = ngettext(
                "{count} file could not be deleted.", "{count} files could not be deleted.", len(problems)
            ).format(count=formatting.count(len(problems)))
            self.news = left if problems else _("Cleared.")
            return _rooms()

        self._ask(work)

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Lines of the list: what is kept, how much of it, and where."""
        return [(_room_words(room.name), _amount(room), shown(room.path)) for room in self.rooms if room.files]

    @property
    def spent(self) -> int:
        """Number of things that nobody needs any more."""
        return sum(room.spent for room in self.rooms)

    def _ask(self, work: Callable[[], Sequence[StateRoom]]) -> None:
        def done(found: Sequence[StateRoom]) -> None:
            self.rooms = found
            self._changed()

        def failed(error: Exception) -> None:
            self.news = str(error)
            self._changed()

        self._background.submit(work, done, key="kept", failed=failed)


def _rooms() -> Sequence[StateRoom]:
    from image_sync.apply import kept_state

    return kept_state.rooms()


def _room_words(name: str) -> str:
    return {
        "journals": _("Journals of runs, for undo"),
        "log": _("Log"),
        "catalog": _("Readings of pictures"),
        "catalogs set aside": _("Damaged readings"),
    }.get(name, name)


def _amount(room: StateRoom) -> str:
    size = formatting.size(room.size)
    if not room.spent:
        return size
    words = ngettext("{size}, {count} no longer needed", "{size}, {count} no longer needed", room.spent)
    return words.format(size=size, count=formatting.count(room.spent))
