"""The dialog that tells of a fault of the program."""

from __future__ import annotations

import tkinter

from image_sync.base.faults import Fault
from image_sync.gui.pages.log_buttons import LogButtons
from image_sync.gui.pages.page import Desk
from image_sync.gui.widgets.dialogs import Answer, Dialog
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px


class FaultDialog(Dialog):
    """The fault in one sentence, what it means for the files, and the details to be copied or looked at."""

    def __init__(self, parent: tkinter.Misc, desk: Desk, fault: Fault) -> None:
        title = _("Something went wrong")
        super().__init__(parent, title, (Answer("ok", _("OK"), "primary", default=True),), lambda _key: None, "ok")
        self.say(title, font="TitleFont")
        self.words = self.say(shown(fault.words))
        self.say(_("Every change to your files is written down before it is made: History tells and undoes it."))
        self.log = LogButtons(self.body, desk, lambda: fault.details)
        self.log.pack(anchor="w", pady=px(self, 4))
        self.open()
