"""Pop-up menus in the colours of the window."""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ttkbootstrap as ttk

from image_sync.gui.widgets.theme import colors, px


@dataclass(frozen=True, slots=True)
class Entry:
    """Entry of a menu: its words, what it does, and the key that does it too."""

    words: str
    deed: Callable[[], object]
    key: str = ""
    enabled: bool = True


def pop_up(master: tkinter.Misc, entries: Iterable[Entry | None], x: int, y: int) -> tkinter.Menu:
    """Show a menu at a place of the screen; ``None`` is a line."""
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
            menu.add_command(label=entry.words, accelerator=entry.key, command=entry.deed)
            menu.entryconfigure("end", state="normal" if entry.enabled else "disabled")
    try:
        menu.tk_popup(x, y)
    finally:
        menu.grab_release()
    return menu


def pop_up_below(widget: tkinter.Misc, entries: Iterable[Entry | None]) -> tkinter.Menu:
    """Show a menu below a button."""
    return pop_up(widget, entries, widget.winfo_rootx(), widget.winfo_rooty() + widget.winfo_height())
