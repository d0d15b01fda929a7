"""Form of a job's page: presets and folders on top, the choices with the button of the scan, and what folds them away.

Draws what a ``FormModel`` holds and passes on what the user types, picks and drops; what is reviewed below it is the
page's.
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable, Sequence
from typing import Any

import ttkbootstrap as ttk

from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.job.folder_row import FolderCallbacks, FolderRow
from image_sync.gui.job.model import JobModel
from image_sync.gui.job.preset_row import PresetRow
from image_sync.gui.job.review_menu import ReviewMenu
from image_sync.gui.job.state import State
from image_sync.gui.pages.page import Desk, Page
from image_sync.gui.widgets import browse, desktop
from image_sync.gui.widgets.drawable_text import columns, shown
from image_sync.gui.widgets.drop import folder_of, places_of
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px
from image_sync.gui.widgets.visible import restyle, show
from image_sync.gui.widgets.wording import of_error

PAUSE = 350
"""Milliseconds without a key after which a folder counts as typed."""
NARROW = 640
"""Width at 100 % below which what stands beside a field goes below it."""
LOW = 420
"""Height at 100 % below which the choices are folded away with the folders on every page."""
FIRST = 1
"""Row of the form's grid in which the folders begin; the presets are above them."""
LATER = 0.5
"""Seconds after which the presets are read: the window is on the screen first."""


class FormPage(Page):
    """Folders and choices of a job; a page makes ``options`` in ``_make_options``."""

    model: JobModel[Any, Any, Any]
    options: tkinter.Misc

    roomy = 760
    """Height at 100 % from which folders and review fit one above the other."""
    folds_options = True
    """Whether the choices are folded away with the folders where there is little room."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        self._looking = ""
        self._folded = self._opened = False

    # --- what a page says ---

    def _make_options(self, master: tkinter.Misc) -> tkinter.Widget:
        """The choices below the folders."""
        raise NotImplementedError

    def _set_options_enabled(self, enabled: bool) -> None:
        """Let the user choose, or not."""
        raise NotImplementedError

    def _take_typed_choices(self) -> None:
        """Take what was typed a moment ago among the choices, though the typing has not paused yet."""

    def _scan_words(self, again: bool) -> str:
        """Words of the button of the scan."""
        return _("Scan again") if again else _("Scan")

    def _callbacks(self, field: FolderField) -> FolderCallbacks:  # noqa: ARG002 - a page may tell fields apart
        """Callbacks of a folder's row."""
        return FolderCallbacks(self._typed, self._browse)

    def _narrowed(self, width: int, narrow: bool) -> None:
        """The page has another width, in pixels."""

    @property
    def drop_targets(self) -> dict[tkinter.Misc, Callable[[Sequence[str]], None]]:
        """The fields of the folders, and the whole page."""
        rows: dict[tkinter.Misc, Callable[[Sequence[str]], None]] = {self: self._dropped_anywhere}
        rows |= {row.entry: functools.partial(self._dropped, name) for name, row in self.folders.items()}
        return rows

    # --- building ---

    def _build_form(self, gap: int) -> None:
        self._form = ttk.Frame(self)
        self._form.grid(row=0, column=0, sticky="ew", padx=gap, pady=(gap, 0))
        self._form.columnconfigure(1, weight=1)
        self.presets = PresetRow(self._form, self.model.presets, lambda path: self._on_desktop(desktop.reveal, path))
        self.review_menu = ReviewMenu(self.presets.line, self.model, self.desk.counter)
        self.review_menu.pack(side="right", before=self.presets.box)
        self.folders: dict[str, FolderRow] = {}
        """The rows of the folders, by the names of their fields."""
        self._make_rows()
        self.model.presets.load(LATER)

    def _make_rows(self) -> None:
        """Rows for the folders that the form has now, in their order."""
        fields = self.model.form.fields
        for name in self.folders.keys() - {field.name for field in fields}:
            self.folders.pop(name).destroy()
        known = self.folders
        self.folders = {
            field.name: known.get(field.name)
            or FolderRow(self._form, FIRST + number * 3, field, self._callbacks(field))
            for number, field in enumerate(fields)
        }

    def _build_actions(self, gap: int) -> None:
        bar = self._bar = ttk.Frame(self)
        bar.grid(row=1, column=0, sticky="ew", padx=gap, pady=gap / 2)
        bar.columnconfigure(0, weight=1)
        self._put_options()
        self.fold = ttk.Button(bar, text=_("Folders"), icon="chevron-up", bootstyle="ghost", command=self._toggle_fold)
        self.fold.grid(row=0, column=1, sticky="ne", padx=gap / 2)
        ttk.ToolTip(self.fold, text=_("Show the folders, or make room for what was found."))
        words = [self._scan_words(again) for again in (False, True)]
        # As wide for either word, so that the choices beside it don't jump.
        self.scan = ttk.Button(
            bar, text=words[0], icon="search", bootstyle="primary", command=self._scan, width=max(map(columns, words))
        )
        self.scan.grid(row=0, column=2, sticky="ne")
        self._hindrance = ttk.Label(bar, bootstyle="secondary", anchor="e")
        self._hindrance.grid(row=1, column=0, columnspan=3, sticky="e", pady=(px(self, 4), 0))

    def _put_options(self) -> None:
        """Make the choices; those that are there go."""
        if hasattr(self, "options"):
            self.options.destroy()
        self._make_options(self._bar).grid(row=0, column=0, sticky="ew")
        self.options.lower()

    # --- drawing ---

    def _form_state(self) -> tuple[State, bool, bool, bool]:
        """State that the form's looks follow beside what is chosen in it; a decision in the review changes none."""
        return self.model.state, self.desk.engine_link.busy, self.model.can_scan, bool(self.model.stale)

    _form_drawn: tuple[State, bool, bool, bool] | None = None

    def _draw_form(self) -> None:
        self._form_drawn = self._form_state()
        free = not self.desk.engine_link.busy
        for row in self.folders.values():
            row.draw()
            row.set_enabled(free)
        self.presets.draw(free, self.model.form.beside_words)
        self._set_options_enabled(free)
        self.scan.state(["!disabled" if self.model.can_scan else "disabled"])
        again = self.model.state in (State.REVIEW, State.DONE)
        self.scan.configure(text=self._scan_words(again))
        # Two blue buttons never compete: beside Apply, or New scan, this one is not what comes next.
        restyle(self.scan, bootstyle="default" if again and not self.model.stale else "primary")
        words = "" if self.model.working or self.model.can_scan else self.model.hindrance
        if words != self._hindrance.cget("text"):
            self._hindrance.configure(text=shown(words))
        show(self._hindrance, bool(words))

    # --- folding the folders away where there is little room ---

    def _resized(self, event: tkinter.Event[tkinter.Misc]) -> None:
        if event.widget is self:
            narrow = event.width < px(self, NARROW)
            self._set_narrow()
            self.fold.configure(compound="image" if narrow else "left")
            self._narrowed(event.width, narrow)
            self._fold_if_tight()

    def _set_narrow(self) -> None:
        narrow = self.winfo_width() < px(self, NARROW)
        for row in self.folders.values():
            row.set_narrow(narrow)

    def _fold_if_tight(self) -> None:
        low = self.winfo_height() < px(self, self.roomy)
        empty = self.model.state is State.EMPTY
        tight = low and (not empty or self._folded or self._is_cut())
        show(self.fold, tight)
        if not tight:
            self._folded = self._opened = False
        elif not self._opened and not empty:
            self._folded = True
        self._draw_fold()

    def _is_cut(self) -> bool:
        """Whether folders and choices together are higher than the page."""
        wanted = self._form.winfo_reqheight() + self.options.winfo_reqheight() + px(self, 40)
        return wanted > self.winfo_height()

    def _toggle_fold(self) -> None:
        self._folded = not self._folded
        self._opened = not self._folded
        self._draw_fold()

    def _draw_fold(self) -> None:
        show(self._form, not self._folded)
        if self.folds_options or self.winfo_height() < px(self, LOW):
            show(self.options, not self._folded or self.model.state is State.EMPTY)
        else:
            show(self.options, True)
        restyle(self.fold, icon="chevron-down" if self._folded else "chevron-up")

    # --- what the user does ---

    def _scan(self) -> None:
        self._take_typed_choices()
        self.model.scan()

    def _typed(self, name: str, text: str) -> None:
        """Look at the folder when the typing pauses: half a path is no mistake to be told of."""
        self.model.type_folder(name, text)
        if self._looking:
            self.after_cancel(self._looking)
        self._looking = self.after(PAUSE, self._look)

    def _look(self) -> None:
        self._looking = ""
        if self.model.typing:
            self.model.look()

    def _dropped(self, name: str, paths: Sequence[str]) -> None:
        """Files and folders were dropped on a folder's field."""
        folder = folder_of(paths)
        if folder:
            self.model.pick_folder(name, folder)

    def _browse(self, name: str) -> None:
        field = self.model.form.field(name)
        title = _("Choose the folder: {name}").format(name=field.label)
        chosen = functools.partial(self.model.pick_folder, name)
        browse.choose_folder(self, self.desk.counter, title, field.path, chosen)

    def _on_desktop(self, deed: Callable[[str], None], path: str) -> None:
        """Hand a file to the desktop off the window's thread; an empty path is nothing to do."""
        if not path:
            return

        def failed(error: Exception) -> None:
            self.desk.say(_("{path} can't be opened: {error}").format(path=shown(path), error=of_error(error)))

        self.desk.counter.submit(lambda: deed(path), lambda _nothing: None, failed=failed)

    def _dropped_anywhere(self, paths: Sequence[str]) -> None:
        """Files and folders were dropped beside the fields: they go where a folder is still missing."""
        places = places_of(paths)
        if self.desk.engine_link.busy or not places:
            return
        for place in places:
            name = self.model.form.field_for_drop(alone=len(places) == 1)
            if not name:
                self.desk.say(_("All folders are chosen. Drop it on the field of the one that it shall replace."))
                return
            self._draw_form()
            self._dropped(name, [place])
