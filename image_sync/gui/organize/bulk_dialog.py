"""The small window of rules: their order, and what they would do with the groups that are shown, before it is done."""

from __future__ import annotations

import tkinter
from collections.abc import Callable

import ttkbootstrap as ttk

from image_sync.gui.organize.bulk import BulkQuestion, RuleList, tally_words
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.dialogs import Answer, Dialog
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.theme import px
from image_sync.jobs.organize.rules.bulk import BulkRules, Trait

LIST_WIDTH = 430


class BulkDialog(Dialog):
    """Rules with ticks and places; ``taken`` gets them when they are to be applied, and how the list is written down.

    Space or a click on a rule lets it count or not; Ctrl+Up and Ctrl+Down move it.
    """

    def __init__(
        self,
        parent: tkinter.Misc,
        question: BulkQuestion,
        rules: RuleList,
        taken: Callable[[BulkRules, bool, str], None],
    ) -> None:
        words = ngettext("Choose in {count} group", "Choose in {count} groups", question.groups)
        answers = (
            Answer("cancel", _("Cancel")),
            Answer("yes", words.format(count=formatting.count(question.groups)), "primary", default=True),
        )
        super().__init__(parent, _("Rules"), answers, lambda _key: None, "cancel")
        self._question, self._rules, self._taken = question, rules, taken
        self.say(_("Choose what is kept, by rules"), font="TitleFont")
        self.say(_("The first rule that tells two pictures apart decides. Of every group one picture is kept."))
        self._build_list()
        self._build_folder()
        self._reviewed_too = tkinter.BooleanVar(self, False)
        self.reviewed_too = ttk.Checkbutton(
            self.body,
            text=_("Also the groups that I reviewed already"),
            variable=self._reviewed_too,
            command=self._try,
        )
        self.reviewed_too.pack(anchor="w", pady=(0, px(self, 10)))
        self._told = self.say("", font="BoldFont")
        self._further = self.say("")
        self._fill(0)
        self._try()

    def answer(self, key: str) -> None:
        """Take the rules before the window is gone."""
        rules, reviewed_too, saved = self._chosen(), self._reviewed_too.get(), self._rules.saved
        super().answer(key)
        if key == "yes":
            self._taken(rules, reviewed_too, saved)

    # --- building ---

    def _build_list(self) -> None:
        box = ttk.Frame(self.body)
        box.pack(fill="x", pady=(0, px(self, 8)))
        frame = ttk.Frame(box, bootstyle="highlight", padding=px(self, 2))
        frame.pack(side="left")
        self.list = ttk.Treeview(frame, show="tree", selectmode="browse", height=len(Trait))
        self.list.column("#0", width=px(self, LIST_WIDTH))
        self.list.pack()
        self.list.bind("<FocusIn>", lambda _event: frame.state(["focus"]), add="+")
        self.list.bind("<FocusOut>", lambda _event: frame.state(["!focus"]), add="+")
        self.list.bind("<space>", lambda _event: self._toggle())
        self.list.bind("<ButtonRelease-1>", self._clicked, add="+")
        for key, step in (("<Control-Up>", -1), ("<Control-Down>", 1)):
            self.list.bind(key, lambda _event, step=step: self._shift(step))  # type: ignore[misc]
        buttons = ttk.Frame(box)
        buttons.pack(side="left", padx=px(self, 8), anchor="n")
        for words, icon, step in ((_("Up"), "chevron-up", -1), (_("Down"), "chevron-down", 1)):
            button = ttk.Button(buttons, text=words, icon=icon, command=lambda step=step: self._shift(step))
            button.pack(fill="x", pady=(0, px(self, 4)))

    def _build_folder(self) -> None:
        line = ttk.Frame(self.body)
        line.pack(fill="x", pady=(0, px(self, 8)))
        ttk.Label(line, text=_("This folder")).pack(side="left", padx=(0, px(self, 8)))
        self.folder = ttk.Combobox(line, values=[shown(one) for one in self._question.folders], state="readonly")
        self.folder.pack(side="left", fill="x", expand=True)
        self.folder.bind("<<ComboboxSelected>>", lambda _event: self._folder_chosen(), add="+")

    # --- what changes ---

    def _chosen(self) -> BulkRules:
        place = self.folder.current()
        return self._rules.rules(self._question.folders[place] if place >= 0 else "")

    def _folder_chosen(self) -> None:
        self.folder.selection_clear()
        if Trait.FOLDER not in self._rules.on:
            self._rules.toggle(self._rules.order.index(Trait.FOLDER))
        self._fill(self._place)
        self._try()

    @property
    def _place(self) -> int:
        selected = self.list.selection()
        return int(selected[0]) if selected else 0

    def _fill(self, place: int) -> None:
        self.list.delete(*self.list.get_children())
        for number, line in enumerate(self._rules.lines()):
            self.list.insert("", "end", iid=str(number), text=line)
        self.list.selection_set(str(place))
        self.list.focus(str(place))

    def _clicked(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if self.list.identify_row(event.y):
            self._toggle()

    def _toggle(self) -> str:
        self._rules.toggle(self._place)
        self._fill(self._place)
        self._try()
        return "break"

    def _shift(self, step: int) -> str:
        self._fill(self._rules.shift(self._place, step))
        self._try()
        return "break"

    def _try(self) -> None:
        """Say what the rules would do as they are now."""
        tally = self._question.tried(self._chosen(), self._reviewed_too.get())
        first, *further = tally_words(tally, self._question.handling)
        if self._question.hidden:
            words = ngettext(
                "{count} group that the search hides is not touched.",
                "{count} groups that the search hides are not touched.",
                self._question.hidden,
            )
            further.append(words.format(count=formatting.count(self._question.hidden)))
        self._told.configure(text=first)
        self._further.configure(text="\n".join(further), bootstyle="danger" if tally.damaged else "default")
        self.buttons["yes"].state(["!disabled" if tally.groups else "disabled"])

    def _take_focus(self, tries: int) -> None:
        super()._take_focus(tries)
        if self.winfo_exists() and self.winfo_viewable():
            self.list.focus_set()
