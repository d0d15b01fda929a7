"""The page *Organize*: groups of pictures as tiles or as a table, below the folders and choices of every job."""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from image_sync.base.model import PictureFate
from image_sync.gui.app.keys import Command
from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.folder_row import FolderCallbacks
from image_sync.gui.job.form_page import FIRST
from image_sync.gui.job.options import OptionBar
from image_sync.gui.job.page import JobPage
from image_sync.gui.job.query import Query
from image_sync.gui.job.state import OUTPUT, State
from image_sync.gui.organize.alone_model import without_match
from image_sync.gui.organize.decision_bar import DecisionBar
from image_sync.gui.organize.decisions import Deciding
from image_sync.gui.organize.form import left_out_words
from image_sync.gui.organize.page_model import OrganizeModel
from image_sync.gui.organize.strip_hands import StripCallbacks
from image_sync.gui.organize.strip_menu import MenuDeeds, group_entries, tile_entries
from image_sync.gui.organize.view_switch import ALONE, TABLE, TILES, ViewSwitch
from image_sync.gui.organize.views import GroupViews, Loaders
from image_sync.gui.pages.page import Desk
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import desktop, formatting
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.menus import pop_up
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import show
from image_sync.gui.widgets.wrapped import WrappedLabel
from image_sync.inventory.thumbnail import decode
from image_sync.jobs.organize.rules.bulk import BulkRules
from image_sync.jobs.organize.rules.decisions import Decisions

ROWS_WITH_ROOM = 3
"""Input folders beside which the review has room enough; each further one takes some."""
ROW_HEIGHT = 39
"""Height of a folder's row at 100 %."""
if TYPE_CHECKING:
    from image_sync.gui.organize.bulk_dialog import BulkDialog


def _examples() -> str:
    """Examples of what can be looked for."""
    return _(
        "A part of a name or a folder, and conditions:\n"
        ">5MB   pixels<2MP   score<90   kind:raw,heic   camera:pixel\n"
        "date:2019   date:2018..2020   folder:phone   is:aside   is:damaged   -is:reviewed"
    )


CRAMPED = 720
"""Height at 100 % below which the choices are folded away with the folders: a strip of tiles needs the room."""


class OrganizePage(JobPage):
    """Folders in, groups reviewed, plan applied."""

    model: OrganizeModel
    rules_dialog: BulkDialog
    options: OptionBar
    menu: tkinter.Menu | None = None
    """The context menu that was asked for last."""
    _narrow = False
    _alone = 0
    """Pictures without a match."""

    @property
    def folds_options(self) -> bool:  # type: ignore[override]
        """Whether the choices are folded away; where there is room they stay, to be tried out on the groups."""
        return self._preferences.view == TILES and self.winfo_height() < px(self, CRAMPED)

    @property
    def roomy(self) -> int:  # type: ignore[override]
        """Height at 100 % from which the folders stay; a strip of tiles is worth more than three rows of them."""
        more = ROW_HEIGHT * max(0, len(self.model.form.inputs) - ROWS_WITH_ROOM)
        return (900 if self._preferences.view == TILES else JobPage.roomy) + more

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        self.model = OrganizeModel(
            desk.engine_link, desk.background, desk.counter, desk.port, desk.memory, desk.problems
        )
        super().__init__(master, desk)

    def tick(self) -> None:
        """Thumbnails that were decoded meanwhile."""
        self.views.tick()
        super().tick()

    # --- building ---

    def _callbacks(self, field: FolderField) -> FolderCallbacks:
        if field.name == OUTPUT:
            return FolderCallbacks(self._typed, self._browse)
        return FolderCallbacks(self._typed, self._browse, self.model.set_reference, self.model.remove_folder)

    def _build_form(self, gap: int) -> None:
        super()._build_form(gap)
        self.add = ttk.Button(
            self._form, text=_("Add a folder"), icon="plus-lg", bootstyle="ghost", command=self._add_folder
        )
        self._place_rows()

    def _place_rows(self) -> None:
        """Each row in its place, with *Add a folder* below the last of the inputs."""
        *inputs, output = self.folders.values()
        for number, row in enumerate(inputs):
            row.place(FIRST + number * 3)
        below = FIRST + len(inputs) * 3
        self.add.grid(row=below, column=1, sticky="w")
        self.add.lift()
        output.place(below + 1)

    def _make_options(self, master: tkinter.Misc) -> tkinter.Widget:
        self.options = OptionBar(master, self.model.form, self.model.options_changed)
        return self.options

    def _build_review(self, body: ttk.Frame, gap: int) -> None:
        head = self._head = ttk.Frame(body)
        head.grid(row=0, column=0, sticky="ew", pady=(0, gap / 2))
        head.columnconfigure(0, weight=1)
        self._headline = WrappedLabel(head, font="TitleFont", width=1)
        self._headline.grid(row=0, column=0, sticky="ew")
        self.switch = ViewSwitch(head, self.show_view, self._resize_tiles)
        self.switch.grid(row=0, column=1, padx=gap)
        self._make_apply(head).grid(row=0, column=2)
        self.decisions = DecisionBar(head, self.model, self)
        self.decisions.grid(row=2, column=0, columnspan=3, sticky="ew", pady=(gap / 2, 0))
        self.no_match = self.decisions.buttons["not the same"]
        self._make_search(head, _examples()).grid(row=3, column=0, columnspan=2, sticky="ew", pady=(gap / 2, 0))
        self.rules = ttk.Button(head, text=_("Rules…"), icon="list-check", command=self.ask_for_rules)
        self.rules.grid(row=3, column=2, sticky="e", pady=(gap / 2, 0))
        ttk.ToolTip(self.rules, text=_("Choose what is kept in all groups that are shown (R)."))
        self._remarks = WrappedLabel(body)
        self._remarks.grid(row=1, column=0, sticky="ew", pady=(0, gap / 2))
        callbacks = StripCallbacks(self._show_chosen, self.compare, self._show_menu, self._resize_tiles)
        views = GroupViews(body, Loaders(self.desk.thumbnails, decode), self._preferences.tile, callbacks)
        self.views = self._panes = views
        views.grid(row=2, column=0, sticky="nsew")
        self.strips, self.groups, self.preview = views.strips, views.table, views.preview
        views.bind_keys({"<space>": self.toggle, "<Return>": self.accept, "<KP_Enter>": self.accept})
        views.switch(TABLE if self._preferences.view == TABLE else TILES)
        self._build_endings(body, 2, lambda: self._on_desktop(desktop.reveal, self.model.request.output))

    @property
    def _preferences(self) -> Preferences:
        return self.desk.memory.preferences

    def _narrowed(self, width: int, narrow: bool) -> None:  # noqa: ARG002 - as every page is asked
        self._headline.configure(font="BoldFont" if narrow else "TitleFont")
        self._narrow = narrow
        self._draw_switch()

    # --- tiles or table ---

    def show_view(self, view: str) -> None:
        """Show the groups as tiles or as a table, from now on."""
        if view != ALONE:
            self.desk.memory.save(replace(self._preferences, view=view))
        self.views.switch(view)
        self._draw_switch()
        show(self.decisions, view != ALONE)
        self.views.keyboard.focus_set()

    def _resize_tiles(self, size: int) -> None:
        self.strips.resize(size)
        self.desk.memory.save(replace(self._preferences, tile=self.strips.tile_size))
        self._draw_switch()

    def _draw_switch(self) -> None:
        self.switch.draw(self.views.view, self.strips.tile_size, self._narrow, self._alone)
        wanted = int(self.tk.call("font", "measure", self._headline.cget("font"), self._headline.cget("text")))
        beside = self.switch.winfo_reqwidth() + self.apply.winfo_reqwidth() + px(self, 80)
        # Without the room for all three in one line the views stand below the headline.
        if 1 < self.winfo_width() < wanted + beside:
            self.switch.grid(row=1, column=0, columnspan=3, sticky="w", padx=0)
        else:
            self.switch.grid(row=0, column=1, columnspan=1, sticky="", padx=px(self, 12))

    def _show_menu(self, x: int, y: int) -> None:
        chosen = self.views.chosen
        more = MenuDeeds(
            self.compare,
            lambda: self.perform(Command.OPEN),
            lambda: self.perform(Command.REVEAL),
            self._copy_path,
        )
        whole = chosen is None or chosen.picture is None
        self.menu = pop_up(self, group_entries(self, more) if whole else tile_entries(self, more), x, y)

    def _copy_path(self) -> None:
        self.clipboard_clear()
        self.clipboard_append(self._chosen_path())

    # --- drawing ---

    def _draw_form(self) -> None:
        form = self.model.form
        if [*self.folders] != [field.name for field in form.fields]:
            self._make_rows()
            self._place_rows()
            self._set_narrow()
            self.desk.accept_drops(self)
        for row in self.folders.values():
            row.removable = form.can_remove
        show(self.add, form.can_add)
        self.add.state(["disabled" if self.desk.engine_link.busy else "!disabled"])
        super()._draw_form()

    def _review_view(self) -> tkinter.Misc:
        return self.views.keyboard

    def _something_found(self) -> bool:
        return self.model.review is not None and bool(self.model.review.groups)

    def _set_options_enabled(self, enabled: bool) -> None:
        self.options.set_enabled(enabled)

    def _draw_rows(self) -> None:
        model = self.model.groups
        self.views.show(model)
        self._headline.configure(text=model.headline if model else "")
        self._alone = len(without_match(model.review)) if model else 0
        if not self._alone and self.views.view == ALONE:
            self.views.switch(TABLE if self._preferences.view == TABLE else TILES)
            show(self.decisions, True)
        self._draw_switch()
        self._show_chosen()

    def _search_for(self, query: Query) -> None:
        if self.model.groups is not None:
            self.model.groups = self.model.groups.searched(query)
            self._draw_rows()
            self.search.tell(self._search_result())

    def _search_result(self) -> str:
        groups = self.model.groups
        if groups is None or not groups.query:
            return ""
        if not groups.hidden:
            return _("Every group matches")
        words = _("{shown} of {all} groups are shown; the others stay in the plan")
        return words.format(shown=formatting.count(len(groups)), all=formatting.count(len(groups.review.groups)))

    def _draw_review_state(self, reviewing: bool, found: bool) -> None:  # noqa: ARG002 - as every page is asked
        show(self.decisions, found and self.views.view != ALONE)
        show(self.switch, found)
        show(self.rules, found)
        self.decisions.draw()
        self._draw_switch()

    def _review_remarks(self) -> Sequence[str]:
        chosen = self.model.request
        left_out = left_out_words(chosen.include, chosen.exclude, chosen.minimum_size)
        return (left_out, *self.model.groups.remarks) if self.model.groups is not None else ()

    def _hints(self) -> Mapping[State, str]:
        return {
            State.EMPTY: _(
                "Choose one or more folders with pictures and an output folder, then press Scan.\n"
                "You see every change before it happens, and can undo it afterwards."
            ),
            State.SCANNING: _(
                "Nothing is changed while the program looks.\nGroups appear here when the scan ends or is stopped."
            ),
            State.REVIEW: _("There is nothing to compare side by side."),
        }

    # --- what the user does ---

    def _add_folder(self) -> None:
        self.model.add_folder()
        self._draw_form()
        self.folders[self.model.form.inputs[-1].name].entry.focus_set()

    def _deeds(self) -> Mapping[Command, Callable[[], object]]:
        return {
            Command.NO_MATCH: self.not_the_same,
            Command.REDO: self.model.redo,
            Command.COMPARE: self.compare,
            Command.ONLY_THIS: self.keep_only,
            Command.KEEP_ALL: self.keep_all,
            Command.LEAVE: self.leave,
            Command.BEST: self.make_best,
            Command.RULES: self.ask_for_rules,
            Command.NTH: lambda: self.keep_nth(int(self.pressed) - 1),
        }

    def not_the_same(self) -> None:
        """The selected pictures leave their group for ever."""
        if self.views.several:
            self.model.not_the_same(self.views.several)

    def toggle(self) -> None:
        """The selected pictures are kept, or moved aside; of a group the first of the others."""

        def step(deciding: Deciding, group: int, chosen: Sequence[int]) -> Decisions:
            others = [member.picture for member in deciding.groups[group].members[1:2]]
            return deciding.toggled(group, chosen or others)

        self._decide(_("keep, or move to “duplicates”"), step)

    def keep_only(self) -> None:
        """Only the selected pictures of the group are kept; of a group its best."""
        self._decide(
            _("keep only this"),
            lambda deciding, group, chosen: deciding.only(group, chosen or [deciding.groups[group].best.picture]),
        )

    def keep_nth(self, place: int) -> None:
        """Only the picture of that place in the group is kept."""

        def step(deciding: Deciding, group: int, _chosen: Sequence[int]) -> Decisions:
            members = deciding.groups[group].members
            return deciding.only(group, [members[place].picture]) if place < len(members) else deciding.now

        self._decide(_("keep only number {number}").format(number=place + 1), step)

    def keep_all(self) -> None:
        """Every picture of the group is kept."""
        self._decide(_("keep all"), lambda deciding, group, _chosen: deciding.all_kept(group))

    def leave(self) -> None:
        """The selected pictures stay where they are; of a group all."""

        def step(deciding: Deciding, group: int, chosen: Sequence[int]) -> Decisions:
            wanted = chosen or [member.picture for member in deciding.groups[group].members]
            return deciding.with_fates(group, dict.fromkeys(wanted, PictureFate.LEAVE))

        self._decide(_("leave where it is"), step)

    def make_best(self) -> None:
        """The selected picture is the best of its group."""
        self._decide(
            _("another best"),
            lambda deciding, group, chosen: deciding.led_by(group, chosen[0]) if chosen else deciding.now,
        )

    def accept(self) -> None:
        """The group is reviewed as it is; on to the next that is not."""
        selected = [group for group, _chosen in self.views.several]
        if not selected or self.model.groups is None:
            return

        def step(deciding: Deciding) -> Decisions:
            for group in selected:
                deciding = replace(deciding, now=deciding.reviewed(group))
            return deciding.now

        self.model.decide(_("reviewed"), step)
        following = self.model.groups.next_open(selected[0])
        if following is not None:
            self.views.choose_group(following)

    def ask_for_rules(self) -> None:
        """Ask by which rules the kept picture is chosen in all groups that are shown."""
        question = self.model.bulk_question()
        if question is None:
            return
        from image_sync.gui.organize.bulk import RuleList
        from image_sync.gui.organize.bulk_dialog import BulkDialog

        self.rules_dialog = BulkDialog(self, question, RuleList(self.desk.memory.preferences.rules), self._take_rules)
        self.rules_dialog.open()

    def _take_rules(self, rules: BulkRules, reviewed_too: bool, saved: str) -> None:
        memory = self.desk.memory
        memory.save(replace(memory.preferences, rules=saved))
        self.model.apply_rules(rules, reviewed_too)
        self.views.keyboard.focus_set()

    def _decide(self, words: str, step: Callable[[Deciding, int, Sequence[int]], Decisions]) -> None:
        selected = self.views.several
        if not selected or self.model.groups is None:
            return

        def steps(deciding: Deciding) -> Decisions:
            for group, chosen in selected:
                deciding = replace(deciding, now=step(deciding, group, chosen))
            return deciding.now

        single = len(selected) == 1
        named = self.model.groups.name(selected[0][0]) if single else formatting.groups(len(selected))
        self.model.decide(_("{group}: {what}").format(group=named, what=words), steps)

    def _show_chosen(self) -> None:
        """Another group or picture is chosen."""
        self.comparing.refresh()

    def compare(self) -> None:
        """Compare the chosen picture with the best of its group."""
        from image_sync.gui.organize.comparing import GroupSubject

        if self.model.can_review:
            subject = GroupSubject(lambda: self.model.groups, self.views, self)
            subject.settle()
            self.comparing.open(subject)

    def _chosen_path(self) -> str:
        """The selected picture; for a group, its best."""
        chosen, model = self.views.chosen, self.model.groups
        if self.views.view == ALONE:
            return self.views.alone.path
        if chosen is None or model is None:
            return ""
        index = model.review.groups[chosen.group].best.picture if chosen.picture is None else chosen.picture
        return model.picture(index).record.path


PAGE = OrganizePage
