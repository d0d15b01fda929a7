"""The page *Settings*: the look, what makes a picture the best, what is left out, what is remembered.

Every change counts at once and is saved; there is nothing to confirm.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import ttkbootstrap as ttk

from image_sync.base.options import option_named
from image_sync.gui.organize.form import MOST, best_order
from image_sync.gui.pages.kept_model import KeptModel
from image_sync.gui.pages.page import Desk, Page
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import dialogs, formatting
from image_sync.gui.widgets.drawable_text import columns
from image_sync.gui.widgets.i18n import LANGUAGES, _, ngettext
from image_sync.gui.widgets.theme import SCALES, THEMES, px
from image_sync.gui.widgets.wrapped import WrappedLabel
from image_sync.jobs.organize.request import OrganizeRequest, Preference

if TYPE_CHECKING:
    from image_sync.gui.pages.told_apart import ToldApartDialog

KIB = 1024
PATH_COLUMN = 2
"""The cell of what is kept that says where."""
PREFERRED = ("", *(f"folder{number}" for number in range(1, MOST + 1)))
WORKERS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 32)
SPOKEN = ("", *LANGUAGES)


def theme_words(theme: str) -> str:
    """The name of a theme choice."""
    return {"system": _("As the system"), "light": _("Light"), "dark": _("Dark")}[theme]


def language_words(language: str) -> str:
    """The name of a language, by which those who speak it find it."""
    return LANGUAGES[language] if language else _("As the system")


def scale_words(scale: int) -> str:
    """The name of a size."""
    return formatting.per_cent(scale) if scale else _("As the system")


def workers_words(number: int) -> str:
    """The name of a number of pictures that are read at once."""
    if not number:
        return _("As many as there are cores")
    return ngettext("{count} picture", "{count} pictures", number).format(count=formatting.count(number))


def preferred_words(name: str) -> str:
    """The name of the preferred folder."""
    return _("Folder {number}").format(number=PREFERRED.index(name)) if name else _("None")


class SettingsPage(Page):
    """One scrolling column of settings."""

    told_apart: ToldApartDialog

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        gap = px(self, 12)
        self._inner = ttk.ScrolledFrame(self, auto_hide=True)
        self._inner.pack(fill="both", expand=True, padx=gap, pady=gap)
        self._grid = ttk.Frame(self._inner)
        self._grid.pack(anchor="nw", fill="x")
        self._grid.columnconfigure(1, weight=1)
        self._row = 0
        self._look()
        self._best()
        self._left_out()
        self._remembered()
        self._large()
        self._elsewhere()
        self._kept()

    def entered(self) -> None:
        """The page came to the front: what is kept is counted anew."""
        self.kept.count()

    # --- sections ---

    def _look(self) -> None:
        self._title(_("Look"))
        self.theme = self._choice(
            _("Colours"), [theme_words(theme) for theme in THEMES], THEMES.index(self._saved_theme), self._take_theme
        )
        scale = self._preferences.scale if self._preferences.scale in SCALES else 0
        self.scale = self._choice(
            _("Size of everything"), [scale_words(size) for size in SCALES], SCALES.index(scale), self._take_scale
        )
        known = self._preferences.language if self._preferences.language in LANGUAGES else ""
        self.language = self._choice(
            _("Language"),
            [language_words(language) for language in SPOKEN],
            SPOKEN.index(known),
            self._take_language,
        )
        self._later_note = self._note("")
        self._later_note.grid_remove()

    def _best(self) -> None:
        self._title(_("The best picture of a group"))
        self._note(_("The first of these reasons that tells two pictures apart decides which one is better."))
        box = self._labelled(_("Reasons, in order"))
        frame = ttk.Frame(box, bootstyle="highlight", padding=px(self, 2))
        frame.pack(side="left")
        self.order = ttk.Treeview(frame, show="tree", selectmode="browse", height=6)
        self.order.column("#0", width=px(self, 260))
        self.order.pack()
        self.order.bind("<FocusIn>", lambda _event: frame.state(["focus"]), add="+")
        self.order.bind("<FocusOut>", lambda _event: frame.state(["!focus"]), add="+")
        buttons = ttk.Frame(box)
        buttons.pack(side="left", padx=px(self, 8), anchor="n")
        self.up = ttk.Button(buttons, text=_("Up"), icon="chevron-up", command=lambda: self._shift(-1))
        self.down = ttk.Button(buttons, text=_("Down"), icon="chevron-down", command=lambda: self._shift(1))
        self.up.pack(fill="x", pady=(0, px(self, 4)))
        self.down.pack(fill="x")
        self._fill_order(0)
        preferred = self._preferences.preferred if self._preferences.preferred in PREFERRED else ""
        self.preferred = self._choice(
            _("Preferred folder"),
            [preferred_words(name) for name in PREFERRED],
            PREFERRED.index(preferred),
            lambda index: self._save(replace(self._preferences, preferred=PREFERRED[index])),
        )

    def _left_out(self) -> None:
        self._title(_("What Organize and Import leave out"))
        self.smallest = self._entry(
            _("Organize: files below"), str(self._preferences.minimum_size // KIB), self._take_smallest, "KiB"
        )
        self.exclude = self._entry(_("None of these"), self._preferences.exclude, self._take_exclude, width=40)
        self._note(_("For example  *.gif; thumbs/*  (several are separated by a semicolon)."))
        self.include = self._entry(_("Only these"), self._preferences.include, self._take_include, width=40)
        self._note(_("For example  *.jpg; *.heic  Empty for all pictures."))

    def _large(self) -> None:
        self._title(_("Very many pictures"))
        workers = self._preferences.workers if self._preferences.workers in WORKERS else 0
        self.workers = self._choice(
            _("Read at a time"),
            [workers_words(number) for number in WORKERS],
            WORKERS.index(workers),
            self._take_workers,
        )
        self._exact = tkinter.BooleanVar(self, self._preferences.exact_search)
        self.exact_search = ttk.Checkbutton(
            self._labelled(""), text=_("Search exactly, however long it takes"), variable=self._exact,
            command=lambda: self._save(replace(self._preferences, exact_search=self._exact.get())),
        )  # fmt: skip
        self.exact_search.pack(side="left")
        self._note(
            _("Up to 200,000 pictures are always searched exactly. Of more, about one match in a thousand is missed.")
        )

    def _elsewhere(self) -> None:
        self._title(_("Notifications"))
        self._notify = tkinter.BooleanVar(self, self._preferences.notify)
        self.notify = ttk.Checkbutton(
            self._labelled(""), text=_("Say when a long run ends behind other windows"),
            variable=self._notify, command=lambda: self._save(replace(self._preferences, notify=self._notify.get())),
        )  # fmt: skip
        self.notify.pack(side="left")

    def _take_workers(self, index: int) -> None:
        self._save(replace(self._preferences, workers=WORKERS[index]))
        self.desk.engine_link.engine.workers = WORKERS[index] or None

    def _remembered(self) -> None:
        self._title(_("What is remembered"))
        self._forget_news = self._note(_("Pictures that you called “not the same” are kept apart in every later scan."))
        box = self._labelled("")
        self.forget_all = ttk.Button(
            box, text=_("Forget all “not the same”"), icon="arrow-repeat", command=self._forget
        )
        self.forget_all.pack(side="left")
        self.show_apart = ttk.Button(box, text=_("Show them…"), icon="images", command=self._show_apart)
        self.show_apart.pack(side="left", padx=px(self, 8))

    def _kept(self) -> None:
        self._title(_("What is kept on this computer"))
        self._rooms = ttk.Frame(self._grid)
        self._rooms.grid(row=self._next(), column=0, columnspan=2, sticky="w")
        box = self._labelled("")
        self.clear = ttk.Button(box, text=_("Clear what is no longer needed"), icon="trash", command=self._clear)
        self.clear.pack(side="left")
        self._kept_news = ttk.Label(box)
        self._kept_news.pack(side="left", padx=px(self, 8))
        self._note(
            _("Runs that can still be undone keep their journals. Kept versions of files lie in your own folders.")
        )
        self.kept = KeptModel(self.desk.background, self._draw_kept)
        self._draw_kept()

    def _draw_kept(self) -> None:
        if not self.winfo_exists():
            return
        for child in self._rooms.winfo_children():
            child.destroy()
        for row, cells in enumerate(self.kept.lines):
            for column, words in enumerate(cells):
                # A path has a line of its own: it may be as long as it likes.
                is_path = column == PATH_COLUMN
                label = ttk.Label(self._rooms, text=words, bootstyle="secondary" if is_path else "default")
                place = (
                    {"row": 2 * row + 1, "column": 0, "columnspan": 2}
                    if is_path
                    else {"row": 2 * row, "column": column}
                )
                label.grid(sticky="w", padx=(0, px(self, 16)), pady=px(self, 2), **place)
        self._kept_news.configure(text=self.kept.news)
        self.clear.state(["!disabled" if self.kept.spent else "disabled"])

    def _clear(self) -> None:
        def answered(key: str) -> None:
            if key == "yes":
                self.kept.clear()

        words = _("Journals of runs with nothing to undo, logs and damaged readings are deleted for good.")
        answers = (dialogs.Answer("no", _("Cancel"), default=True), dialogs.Answer("yes", _("Clear"), "primary"))
        dialogs.ask(self, _("Clear what is no longer needed?"), words, answers, answered)

    # --- what changes ---

    @property
    def _preferences(self) -> Preferences:
        return self.desk.memory.preferences

    @property
    def _saved_theme(self) -> str:
        return self._preferences.theme if self._preferences.theme in THEMES else THEMES[0]

    def _save(self, preferences: Preferences) -> None:
        self.desk.memory.save(preferences)

    def _take_theme(self, index: int) -> None:
        self._save(replace(self._preferences, theme=THEMES[index]))
        self.desk.appearance_changed()

    def _take_scale(self, index: int) -> None:
        self._save(replace(self._preferences, scale=SCALES[index]))
        self._say_later(_("The new size counts from the next start of the program."))

    def _take_language(self, index: int) -> None:
        self._save(replace(self._preferences, language=SPOKEN[index]))
        self._say_later(_("The new language counts from the next start of the program."))

    def _say_later(self, words: str) -> None:
        self._later_note.configure(text=words)
        self._later_note.grid()

    def _take_smallest(self, text: str) -> str:
        if text.strip() and not text.strip().isdigit():
            return _("a whole number, please")
        self._save(replace(self._preferences, minimum_size=int(text.strip() or 0) * KIB))
        return ""

    def _take_exclude(self, text: str) -> str:
        self._save(replace(self._preferences, exclude=text.strip()))
        return ""

    def _take_include(self, text: str) -> str:
        self._save(replace(self._preferences, include=text.strip()))
        return ""

    def _fill_order(self, selected: int) -> None:
        self.order.delete(*self.order.get_children())
        for number, preference in enumerate(best_order(self._preferences.best_order), 1):
            self.order.insert("", "end", iid=preference.value, text=f"{number}.  {_preference_words(preference)}")
        key = self.order.get_children()[selected]
        self.order.selection_set(key)
        self.order.focus(key)

    def _shift(self, step: int) -> None:
        order = list(best_order(self._preferences.best_order))
        chosen = self.order.selection()
        place = [preference.value for preference in order].index(chosen[0]) if chosen else 0
        target = min(len(order) - 1, max(0, place + step))
        order.insert(target, order.pop(place))
        self._save(replace(self._preferences, best_order=",".join(preference.value for preference in order)))
        self._fill_order(target)

    def _show_apart(self) -> None:
        from image_sync.gui.pages.told_apart import ToldApartDialog

        self.told_apart = ToldApartDialog(self, self.desk)
        self.told_apart.open()

    def _forget(self) -> None:
        def done(number: int) -> None:
            words = ngettext("{count} pair was forgotten.", "{count} pairs were forgotten.", number)
            self._forget_news.configure(text=words.format(count=formatting.count(number)))

        def failed(error: Exception) -> None:
            self._forget_news.configure(text=str(error))

        self.desk.background.submit(lambda: self.desk.engine_link.engine.catalog.clear_refused(), done, failed=failed)

    # --- how it is put together ---

    def _title(self, words: str) -> None:
        top = px(self, 18) if self._row else 0
        label = ttk.Label(self._grid, text=words, font="TitleFont")
        label.grid(row=self._next(), column=0, columnspan=2, sticky="w", pady=(top, px(self, 6)))

    def _labelled(self, words: str) -> ttk.Frame:
        row = self._next()
        ttk.Label(self._grid, text=words).grid(row=row, column=0, sticky="w", padx=(0, px(self, 16)), pady=px(self, 4))
        box = ttk.Frame(self._grid)
        box.grid(row=row, column=1, sticky="w", pady=px(self, 3))
        return box

    def _note(self, words: str) -> WrappedLabel:
        label = WrappedLabel(self._grid, text=words, bootstyle="secondary")
        label.grid(row=self._next(), column=0, columnspan=2, sticky="ew", pady=(0, px(self, 4)))
        return label

    def _choice(self, words: str, values: list[str], index: int, take: Callable[[int], None]) -> ttk.Combobox:
        box = ttk.Combobox(self._labelled(words), values=values, state="readonly", width=max(24, *map(columns, values)))
        box.current(index)
        box.pack(side="left")

        def chosen(_event: object) -> None:
            box.selection_clear()
            take(box.current())

        box.bind("<<ComboboxSelected>>", chosen, add="+")
        return box

    def _entry(self, words: str, text: str, take: Callable[[str], str], unit: str = "", width: int = 8) -> ttk.Entry:
        holder = self._labelled(words)
        entry = ttk.Entry(holder, width=width)
        entry.insert(0, text)
        entry.pack(side="left")
        if unit:
            ttk.Label(holder, text=unit).pack(side="left", padx=px(self, 6))
        mistake = ttk.Label(holder, bootstyle="danger")
        mistake.pack(side="left", padx=px(self, 6))
        for sequence in ("<KeyRelease>", "<FocusOut>"):
            entry.bind(sequence, lambda _event: mistake.configure(text=take(entry.get())), add="+")
        return entry

    def _next(self) -> int:
        self._row += 1
        return self._row


def _preference_words(preference: Preference) -> str:
    """A reason to call a picture better than another."""
    return _((option_named(OrganizeRequest, "best_order").option.values or {})[preference].words)
