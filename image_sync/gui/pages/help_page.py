"""The page *Help*: how a job goes, and the shortcut sheet (F1)."""

from __future__ import annotations

import tkinter

import ttkbootstrap as ttk

from image_sync.base import log
from image_sync.gui.app.keys import shortcuts
from image_sync.gui.pages.log_buttons import LogButtons
from image_sync.gui.pages.page import Desk, Page
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.wrapped import WrappedLabel


class HelpPage(Page):
    """Two columns: keys and what they do, below a few sentences."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        gap = px(self, 12)
        inner = ttk.ScrolledFrame(self, auto_hide=True)
        inner.pack(fill="both", expand=True, padx=gap, pady=gap)
        ttk.Label(inner, text=_("How it goes"), font="TitleFont").pack(anchor="w", pady=(0, gap / 2))
        WrappedLabel(inner, text=_steps()).pack(anchor="w", fill="x", pady=(0, gap * 1.5))
        ttk.Label(inner, text=_("Keys"), font="TitleFont").pack(anchor="w", pady=(0, gap / 2))
        sheet = ttk.Frame(inner)
        sheet.pack(anchor="w", fill="x")
        sheet.columnconfigure(1, weight=1)
        for row, shortcut in enumerate(shortcuts()):
            keys = ttk.Label(sheet, text=shortcut.keys, font="BoldFont")
            keys.grid(row=row, column=0, sticky="w", padx=(0, gap * 2), pady=gap / 6)
            WrappedLabel(sheet, text=shortcut.words).grid(row=row, column=1, sticky="ew")
        ttk.Label(inner, text=_("When something went wrong"), font="TitleFont").pack(
            anchor="w", pady=(gap * 1.5, gap / 2)
        )
        WrappedLabel(inner, text=_log_words()).pack(anchor="w", fill="x", pady=(0, gap / 2))
        self.log = LogButtons(inner, desk, log.details)
        self.log.pack(anchor="w", pady=(0, gap))


def _log_words() -> str:
    kept = log.current()
    place = shown(kept.path or kept.trouble) if kept else ""
    return _(
        "What the program did since its start is in its log, with every problem and the paths of files; it stays on "
        "this machine for a week.\n{place}"
    ).format(place=place)


def _steps() -> str:
    return _(
        "1.  Choose a job on the left and its folders, then press Scan. Nothing is changed by it.\n"
        "2.  Look at what was found and what would become of it.\n"
        "     Organize: groups of pictures that are the same, the best of each first. Press N on one that does not "
        "belong.\n"
        "     Sync: which file goes where. Conflicts wait for your answer; the arrow of any other file can be turned.\n"
        "     Import: the library as it will be. Press Enter on a picture or a folder to correct its date.\n"
        "3.  Press Apply. You are asked once more, with the counts. Every step is written down before it is done.\n"
        "4.  Undo brings everything back where it was, at once or later from History."
    )
