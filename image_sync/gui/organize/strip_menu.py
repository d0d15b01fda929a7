"""Context menu of a tile or a group: what the keys do, in words, with their keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from image_sync.gui.organize.decision_bar import Deeds
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.menus import Entry


@dataclass(frozen=True, slots=True)
class MenuDeeds:
    """Deeds of a menu beyond the decisions."""

    compare: Callable[[], object]
    open: Callable[[], object]
    reveal: Callable[[], object]
    copy_path: Callable[[], object]


def tile_entries(deeds: Deeds, more: MenuDeeds) -> list[Entry | None]:
    """Entries about pictures: ``None`` is a line."""
    return [
        Entry(_("Compare…"), more.compare, _("C")),
        None,
        Entry(_("Keep, or move to “duplicates”"), deeds.toggle, _("Space")),
        Entry(_("Keep only this"), deeds.keep_only, _("K")),
        Entry(_("Leave where it is"), deeds.leave, _("L")),
        Entry(_("Make it the best"), deeds.make_best, _("B")),
        Entry(_("Not the same"), deeds.not_the_same, _("N")),
        None,
        Entry(_("Open"), more.open, _("Ctrl+O")),
        Entry(_("Show in the file manager"), more.reveal, _("Ctrl+Shift+O")),
        Entry(_("Copy the path"), more.copy_path),
    ]


def group_entries(deeds: Deeds, more: MenuDeeds) -> list[Entry | None]:
    """Entries about a group as a whole."""
    return [
        Entry(_("Compare…"), more.compare, _("C")),
        None,
        Entry(_("Reviewed, on to the next"), deeds.accept, _("Enter")),
        Entry(_("Keep only the best"), deeds.keep_only, _("K")),
        Entry(_("Keep all"), deeds.keep_all, _("A")),
        Entry(_("Leave all where they are"), deeds.leave, _("L")),
        None,
        Entry(_("Show the best in the file manager"), more.reveal, _("Ctrl+Shift+O")),
    ]
