"""Questions and news in a window of their own: words, facts, and buttons that say what they do.

A dialog never waits in a loop of its own: it calls back when it is answered, so the window's timer goes on as before.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ttkbootstrap as ttk

from image_sync.gui.job.confirm_model import Confirmation
from image_sync.gui.widgets.focus import focused
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px

WIDTH = 460


@dataclass(frozen=True, slots=True)
class Answer:
    """A button: ``key`` is handed to the callback; the ``default`` is pressed by Enter."""

    key: str
    words: str
    bootstyle: str = "neutral"
    default: bool = False


class Dialog(ttk.Toplevel):
    """One modal dialog above ``parent``; Escape and the close button answer ``cancel``."""

    def __init__(
        self,
        parent: tkinter.Misc,
        title: str,
        answers: Sequence[Answer],
        answered: Callable[[str], None],
        cancel: str = "",
    ) -> None:
        super().__init__(title=title, master=parent.winfo_toplevel(), transient=parent.winfo_toplevel())
        self.withdraw()
        self._answered, self._cancel = answered, cancel
        self._before: tkinter.Misc | None = None
        """What had the keyboard before, and gets it back."""
        self.body = ttk.Frame(self, padding=px(self, 20))
        self.body.pack(fill="both", expand=True)
        self._buttons = ttk.Frame(self, padding=(px(self, 20), 0, px(self, 20), px(self, 16)))
        self._buttons.pack(fill="x", side="bottom")
        self.buttons = {answer.key: self._button(answer) for answer in reversed(answers)}
        self.first: tkinter.Misc | None = None
        """What has the keyboard when it opens; by default its default button."""
        self._default = next((answer.key for answer in answers if answer.default), answers[0].key)
        self.protocol("WM_DELETE_WINDOW", lambda: self.answer(self._cancel))
        self.bind("<Escape>", lambda _event: self.answer(self._cancel))

    def open(self) -> None:
        """Show it, in the middle of its parent, with the keyboard on its default button."""
        self._before = focused(self.master)
        self.update_idletasks()
        parent = self.master.winfo_toplevel()
        width, height = self.winfo_reqwidth(), self.winfo_reqheight()
        left = parent.winfo_rootx() + max(0, (parent.winfo_width() - width) // 2)
        top = parent.winfo_rooty() + max(0, (parent.winfo_height() - height) // 3)
        left = min(left, max(0, self.winfo_screenwidth() - width))
        top = min(top, max(0, self.winfo_screenheight() - height))
        self.geometry(f"+{left}+{top}")
        self.resizable(False, False)
        self.deiconify()
        self.lift()
        self._take_focus(20)

    def answer(self, key: str) -> None:
        """Close, then tell."""
        answered = self._answered
        parent, before = self.master, self._before
        self.grab_release()
        self.destroy()
        (before if before is not None and before.winfo_exists() and before.winfo_viewable() else parent).focus_force()
        answered(key)

    def say(self, words: str, *, font: str = "TkDefaultFont", bootstyle: str = "", icon: str = "") -> ttk.Label:
        """A paragraph."""
        label = ttk.Label(
            self.body, text=words, font=font, bootstyle=bootstyle, wraplength=px(self, WIDTH), justify="left"
        )
        if icon:
            label.configure(icon=icon, compound="left")
        label.pack(fill="x", anchor="w", pady=(0, px(self, 8)))
        return label

    def list_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Names and values below each other."""
        frame = ttk.Frame(self.body)
        frame.pack(fill="x", pady=(0, px(self, 8)))
        for row, (name, value) in enumerate(facts):
            ttk.Label(frame, text=name, font="BoldFont").grid(row=row, column=0, sticky="nw", padx=(0, px(self, 16)))
            words = ttk.Label(frame, text=value, wraplength=px(self, WIDTH - 120), justify="left")
            words.grid(row=row, column=1, sticky="nw", pady=px(self, 1))

    def _button(self, answer: Answer) -> ttk.Button:
        button = ttk.Button(
            self._buttons, text=answer.words, bootstyle=answer.bootstyle, command=lambda: self.answer(answer.key)
        )
        button.pack(side="right", padx=(px(self, 8), 0))
        return button

    def _take_focus(self, tries: int) -> None:
        """Grab as soon as the window manager has shown the window."""
        if not self.winfo_exists():
            return
        if not self.winfo_viewable() and tries:
            self.after(25, self._take_focus, tries - 1)
            return
        if self.winfo_viewable():
            self.grab_set()
        self.focus_force()
        (self.first or self.buttons[self._default]).focus_set()


def confirm(parent: tkinter.Misc, question: Confirmation, answered: Callable[[bool], None]) -> Dialog:
    """Ask before a plan is applied."""
    answers = (Answer("cancel", _("Cancel")), Answer("yes", question.verb, "primary", default=True))
    dialog = Dialog(parent, question.title, answers, lambda key: answered(key == "yes"), "cancel")
    dialog.say(question.title, font="TitleFont")
    dialog.say(question.question)
    dialog.list_facts(question.facts)
    for warning in question.warnings:
        dialog.say(warning, bootstyle="danger", icon="exclamation-triangle-fill")
    dialog.open()
    return dialog


def ask(
    parent: tkinter.Misc, title: str, words: str, answers: Sequence[Answer], answered: Callable[[str], None]
) -> Dialog:
    """A question with answers of its own; Escape gives the first of them."""
    dialog = Dialog(parent, title, answers, answered, answers[0].key)
    dialog.say(title, font="TitleFont")
    dialog.say(words)
    dialog.open()
    return dialog


@dataclass(frozen=True, slots=True)
class Text:
    """Text that a dialog asks for: how it begins, and the word on the button that takes it."""

    start: str
    verb: str


def ask_text(parent: tkinter.Misc, title: str, words: str, text: Text, answered: Callable[[str], None]) -> Dialog:
    """Ask for one line of text; ``answered`` is called with it unless the user thinks better of it."""
    value = tkinter.StringVar(parent, text.start)

    def closed(key: str) -> None:
        if key == "yes" and value.get().strip():
            answered(value.get())

    answers = (Answer("cancel", _("Cancel")), Answer("yes", text.verb, "primary", default=True))
    dialog = Dialog(parent, title, answers, closed, "cancel")
    dialog.say(title, font="TitleFont")
    dialog.say(words)
    entry = ttk.Entry(dialog.body, textvariable=value)
    entry.pack(fill="x")
    entry.selection_range(0, "end")
    for sequence in ("<Return>", "<KP_Enter>"):
        entry.bind(sequence, lambda _event: dialog.answer("yes"))
    dialog.first = entry
    dialog.open()
    return dialog


def tell(parent: tkinter.Misc, title: str, words: str, closed: Callable[[], None] | None = None) -> Dialog:
    """Something that must be read."""

    def answered(_key: str) -> None:
        if closed is not None:
            closed()

    return ask(parent, title, words, (Answer("ok", _("OK"), "primary", default=True),), answered)
