"""The page *Sync*: the table with both versions below it, under the folders and choices of every job."""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Mapping, Sequence

import ttkbootstrap as ttk

from image_sync.gui.app.keys import Command
from image_sync.gui.job.options import OptionBar
from image_sync.gui.job.page import JobPage
from image_sync.gui.job.query import Query
from image_sync.gui.job.state import State
from image_sync.gui.pages.page import Desk
from image_sync.gui.sync.chips import SyncChips
from image_sync.gui.sync.comparing import RowSubject
from image_sync.gui.sync.page_model import SyncModel
from image_sync.gui.sync.rows import Chip, SyncRow
from image_sync.gui.sync.table import SyncTable
from image_sync.gui.sync.versions import HEIGHT, SyncVersions, is_open
from image_sync.gui.sync.versions_model import place_on
from image_sync.gui.widgets import desktop, dialogs, formatting
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import show
from image_sync.gui.widgets.wording import worded
from image_sync.gui.widgets.wrapped import WrappedLabel
from image_sync.jobs.sync.model import Answer, Side

"""Width at 100 % that headline, counters and Apply need beside each other."""
LEAST = 110
"""Height at 100 % that the table keeps: its heading and three rows."""


def _examples() -> str:
    """Examples of what can be looked for."""
    return _(
        "A part of a name or a folder, and conditions:\n"
        ">5MB   kind:jpg,heic   date:2019   date>2024-05   folder:phone\n"
        "is:conflict   is:copy   is:answered   -is:delete"
    )


class SyncPage(JobPage):
    """Folders in, rows reviewed, plan applied."""

    model: SyncModel
    options: OptionBar
    _panes: ttk.Panedwindow
    roomy = 700
    _chosen_before = False

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        self.model = SyncModel(desk.engine_link, desk.background, desk.counter, desk.port, desk.memory, desk.problems)
        self._shared = 0
        self._go_on_from = ""
        super().__init__(master, desk)

    def tick(self) -> None:
        """Thumbnails that were decoded and rows that were inserted meanwhile."""
        self.versions.tick()
        self.table.tick()
        super().tick()

    # --- building ---

    def _make_options(self, master: tkinter.Misc) -> tkinter.Widget:
        self.options = OptionBar(master, self.model.form, self.model.options_changed)
        return self.options

    def _build_review(self, body: ttk.Frame, gap: int) -> None:
        self._build_head(body, gap)
        self._remarks = WrappedLabel(body)
        self._remarks.grid(row=1, column=0, sticky="ew", pady=(0, gap / 2))
        kinds = ttk.Frame(body)
        kinds.grid(row=2, column=0, sticky="ew", pady=(0, gap / 2))
        kinds.columnconfigure(0, weight=1)
        self.chips = SyncChips(kinds, self._toggle_chip)
        self.chips.grid(row=0, column=0, sticky="ew")
        self.keep_both = ttk.Button(kinds, text=_("Keep both"), icon="files", command=self.model.keep_both_pictures)
        self.keep_both.grid(row=0, column=1, sticky="ne", padx=(gap, 0))
        self._make_search(body, _examples()).grid(row=3, column=0, sticky="ew", pady=(0, gap / 2))
        self._panes = ttk.Panedwindow(body, orient="vertical")
        self._panes.grid(row=4, column=0, sticky="nsew")
        self.table = SyncTable(self._panes, self._show_chosen, self._answer_rows)
        self.versions = SyncVersions(self._panes, self.desk.counter, self._answer_chosen)
        self.versions.canvas.bind("<Double-Button-1>", lambda _event: self.compare())
        self._panes.add(self.table, weight=3)
        self._panes.add(self.versions, weight=1)
        self._panes.bind("<Configure>", lambda _event: self._share_panes())
        self._build_endings(body, 4, lambda: self._on_desktop(desktop.open_file, self.model.log))
        self.result.output.configure(text=_("Open the log"), icon="file-earmark-text")

    def _build_head(self, body: ttk.Frame, gap: int) -> None:
        head = self._head = ttk.Frame(body)
        head.grid(row=0, column=0, sticky="ew", pady=(0, gap / 2))
        head.columnconfigure(1, weight=1)
        self._headline = ttk.Label(head, font="TitleFont")
        self._headline.grid(row=0, column=0, sticky="w")
        self._counters = ttk.Label(head)
        self._counters.grid(row=0, column=1, sticky="w", padx=gap * 2)
        self.look_closely = ttk.Button(head, text=_("Side by side…"), icon="layout-split", command=self.compare)
        self.look_closely.grid(row=0, column=2, padx=gap / 2)
        ttk.ToolTip(self.look_closely, text=_("Both versions of the picture, large, beside each other (C)."))
        self._make_apply(head).grid(row=0, column=3, sticky="e")
        self.on_purpose = ttk.Button(head, text=_("Deleted on purpose…"), icon="trash", command=self._ask_on_purpose)
        self.on_purpose.grid(row=0, column=3, sticky="e")

    def _narrowed(self, width: int, narrow: bool) -> None:  # noqa: ARG002 - as every page is asked
        self._page_width = width
        self._put_counters(below=self._is_tight())

    _page_width = 0

    def _is_tight(self) -> bool:
        """Whether the counters have no room beside the headline, as long as its words are now."""
        beside = (self._headline, self._counters, self.look_closely, self.apply)
        return self._page_width < sum(one.winfo_reqwidth() for one in beside) + px(self, 110)

    def _put_counters(self, below: bool) -> None:
        place = {"row": 1, "column": 0, "padx": 0} if below else {"row": 0, "column": 1, "padx": px(self, 24)}
        self._counters.grid(columnspan=4 if below else 1, **place)

    def _share_panes(self) -> None:
        """Give both versions their height where the table keeps enough; anew when the height changed."""
        height = self._panes.winfo_height()
        if self._shared == height or height <= 1 or not self._panes.winfo_ismapped():
            return
        self._shared = height
        self._panes.sashpos(0, max(height - px(self, HEIGHT), px(self, LEAST)))

    # --- drawing ---

    def _scan_running(self) -> str:
        return _("Two folders are being compared. What was read so far is remembered.")

    def _review_view(self) -> tkinter.Misc:
        return self.table.table.view

    def _set_options_enabled(self, enabled: bool) -> None:
        self.options.set_enabled(enabled)

    def _take_typed_choices(self) -> None:
        self.options.take_typed()

    def _draw_rows(self) -> None:
        rows = self.model.rows
        self.table.show(rows)
        self.chips.draw(rows)
        self._headline.configure(text=rows.headline if rows else "")
        self._counters.configure(text=rows.counters if rows else "")
        self._put_counters(below=self._is_tight())
        if rows is not None and not self.model.answers:
            # What waits for the user comes first.
            first = rows.next_conflict("")
            if first and not self._chosen_before:
                self.table.choose(first)
            self._chosen_before = True
        elif rows is None:
            self._chosen_before = False
        self._go_to_next_conflict()
        self._show_chosen()

    def _draw_state(self) -> None:
        super()._draw_state()
        if not self.model.log:
            self.result.output.pack_forget()
        self._show_chosen()

    def _can_be_applied(self) -> bool:
        return super()._can_be_applied() and not self.model.emptied

    def _draw_review_state(self, reviewing: bool, found: bool) -> None:  # noqa: ARG002 - as every page is asked
        show(self.chips, reviewing)
        rows = self.model.rows
        different = len(rows.one_of_two_pictures) if rows is not None else 0
        words = ngettext(
            "Keep both of {count} name with two pictures", "Keep both of {count} names with two pictures", different
        )
        self.keep_both.configure(text=words.format(count=formatting.count(different)))
        show(self.keep_both, reviewing and different > 0)
        show(self.on_purpose, bool(self.model.emptied))
        refused = reviewing and bool(self.model.refusal)
        self._remarks.configure(bootstyle="danger" if refused else "default")
        self._put_counters(below=self._is_tight())

    def _review_remarks(self) -> Sequence[str]:
        assert self.model.rows is not None
        return tuple(map(worded, (self.model.refusal, *self.model.rows.review.notes)))

    def _hints(self) -> Mapping[State, str]:
        return {
            State.EMPTY: _(
                "Choose two folders that should hold the same files, then press Scan.\n"
                "You see every change before it happens, and can undo it afterwards."
            ),
            State.SCANNING: _(
                "Nothing is changed while the program looks.\nThe table appears here when all is compared."
            ),
        }

    def _search_for(self, query: Query) -> None:
        if self.model.rows is not None:
            self.model.rows.query = query
            self._draw_rows()
            self.search.tell(self._search_result())

    def _search_result(self) -> str:
        rows = self.model.rows
        if rows is None or not rows.query:
            return ""
        number = len(rows.visible())
        words = ngettext(
            "{count} row is shown; the others stay in the plan", "{count} rows are shown; the others stay in the plan",
            number,
        )  # fmt: skip
        return words.format(count=formatting.count(number))

    # --- what the user does ---

    def _deeds(self) -> Mapping[Command, Callable[[], object]]:
        return {Command.REDO: self.model.redo, Command.COMPARE: self.compare}

    def _ask_on_purpose(self) -> None:
        def answered(key: str) -> None:
            if key == "yes":
                self.model.compare_deleted_on_purpose()

        words = _(
            "{why}\n\nOnly if you deleted these files yourself: compare once more, and decide what becomes of them."
        )
        answers = (
            dialogs.Answer("no", _("Cancel"), default=True),
            dialogs.Answer("yes", _("I deleted them"), "primary"),
        )
        dialogs.ask(self, _("Were they deleted on purpose?"), words.format(why=self.model.emptied), answers, answered)

    def _toggle_chip(self, chip: Chip) -> None:
        if self.model.rows is not None:
            self.model.rows.toggle(chip)
            self._draw_rows()

    def _answer_rows(self, rows: list[SyncRow], answer: Answer | None) -> None:
        if answer is not None and len(rows) == 1 and is_open(rows[0]):
            self._go_on_from = rows[0].key
        self.model.answer(rows, answer)

    def _answer_chosen(self, answer: Answer, everything: bool) -> None:
        if everything:
            self.model.answer_conflicts(answer)
        else:
            self._answer_rows(self.table.selected, answer)

    def _go_to_next_conflict(self) -> None:
        """After an open conflict was answered, the next one waits."""
        rows, start = self.model.rows, self._go_on_from
        row = rows.row(start) if rows is not None and start else None
        if rows is None or row is None or is_open(row):
            return
        self._go_on_from = ""
        following = rows.next_conflict(start)
        if following and self.table.chosen is not None and self.table.chosen.key == start:
            self.table.choose(following)

    def _show_chosen(self) -> None:
        rows = self.model.rows
        chosen = self.table.chosen if rows is not None else None
        conflicts = len(rows.review.questions) if rows else 0
        self.versions.show(chosen, rows.review if rows else None, conflicts, self.model.can_review)
        possible = self.model.can_review and self._subject().comparison is not None
        self.look_closely.state(["!disabled" if possible else "disabled"])
        self.comparing.refresh()

    def compare(self) -> None:
        """Compare both versions of the selected row."""
        if self.model.can_review:
            self.comparing.open(self._subject())

    def _subject(self) -> RowSubject:
        return RowSubject(lambda: self.model.rows, self.table, self._answer_rows)

    def _chosen_path(self) -> str:
        """The file of the selected row, on the side where there is one."""
        chosen, rows = self.table.chosen, self.model.rows
        if chosen is None or rows is None:
            return ""
        side = Side.SOURCE if chosen.decision.source is not None else Side.TARGET
        return place_on(chosen.decision, rows.review, side)


PAGE = SyncPage
