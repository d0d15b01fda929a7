"""Context menu of a tile or a group: what the keys do, in words, with their keys."""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from dataclasses import dataclass

import ttkbootstrap as ttk

from image_sync.gui.organize.decision_bar import Deeds
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import colors, px


@dataclass(frozen=True, slots=True)
class MenuDeeds:
    """Deeds of a menu beyond the decisions."""

    compare: Callable[[], object]
    open: Callable[[], object]
    reveal: Callable[[], object]
    copy_path: Callable[[], object]


Entry = tuple[str, str, Callable[[], object]]


def tile_entries(deeds: Deeds, more: MenuDeeds) -> list[Entry | None]:
    """Entries about pictures: words, key, deed; ``None`` is a line."""
    return [
        (_("Compare…"), _("C"), more.compare),
        None,
        (_("Keep, or move aside"), _("Space"), deeds.toggle),
        (_("Keep only this"), _("K"), deeds.keep_only),
        (_("Leave where it is"), _("L"), deeds.leave),
        (_("Make it the best"), _("B"), deeds.make_best),
        (_("Not the same"), _("N"), deeds.not_the_same),
        None,
        (_("Open"), _("Ctrl+O"), more.open),
        (_("Show in the file manager"), _("Ctrl+Shift+O"), more.reveal),
        (_("Copy the path"), "", more.copy_path),
    ]


def group_entries(deeds: Deeds, more: MenuDeeds) -> list[Entry | None]:
    """Entries about a group as a whole."""
    return [
        (_("Compare…"), _("C"), more.compare),
        None,
        (_("Reviewed, on to the next"), _("Enter"), deeds.accept),
        (_("Keep only the best"), _("K"), deeds.keep_only),
        (_("Keep all"), _("A"), deeds.keep_all),
        (_("Leave all where they are"), _("L"), deeds.leave),
        None,
        (_("Show the best in the file manager"), _("Ctrl+Shift+O"), more.reveal),
    ]


def pop_up(master: tkinter.Misc, entries: list[Entry | None], x: int, y: int) -> tkinter.Menu:
    """Show a menu at a place of the screen."""
    palette = colors()
    menu = tkinter.Menu(
        master,
        tearoff=False,
        font="TkDefaultFont",
        background=palette.inputbg,
        foreground=palette.inputfg,
        activebackground=palette.primary,
        activeforeground=ttk.Style.get_instance().lookup("primary.TButton", "foreground") or "#ffffff",
        borderwidth=1,
        activeborderwidth=px(master, 3),
        relief="solid",
    )
    for entry in entries:
        if entry is None:
            menu.add_separator()
        else:
            words, key, deed = entry
            menu.add_command(label=words, accelerator=key, command=deed)
    try:
        menu.tk_popup(x, y)
    finally:
        menu.grab_release()
    return menu
