"""Toolbar of a comparison: what is compared, the ways to compare, zoom, loupe and metadata, each with its key."""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

import ttkbootstrap as ttk

from image_sync.gui.compare.viewport import STEP
from image_sync.gui.widgets.flow import Flow
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.text_fit import TextFit
from image_sync.gui.widgets.theme import px

if TYPE_CHECKING:
    from image_sync.gui.compare.rendering import Mode


class Zoomed(Protocol):
    """Stage that the toolbar zooms."""

    def fit(self) -> None:
        """Both pictures whole."""

    def one_to_one(self) -> None:
        """Pixel by pixel."""

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller."""


class Compared(Protocol):
    """The comparison that the toolbar is of."""

    @property
    def stage(self) -> Zoomed:
        """The stage on which the pictures are seen."""

    def close(self) -> None:
        """Give the page back."""

    def swap(self) -> None:
        """The other picture left."""

    def set_mode(self, mode: Mode) -> None:
        """Compare in another way."""

    def toggle_loupe(self) -> None:
        """The loupe on, or off."""

    def toggle_details(self) -> None:
        """The metadata, or not."""


Key = tuple[tuple[str, ...], Callable[[], object]]


class Toolbar(ttk.Frame):
    """Two lines: the title with the way back, and the buttons."""

    def __init__(self, master: tkinter.Misc, view: Compared) -> None:
        super().__init__(master)
        self._view = view
        self._fit = TextFit(self)
        self._words = ("", "")
        self._sentence = ""
        gap = px(self, 8)
        self.columnconfigure(1, weight=1)
        self.back = ttk.Button(self, text=_("Back"), icon="arrow-left", command=view.close)
        self.back.grid(row=0, column=0, rowspan=2, padx=(0, gap))
        ttk.ToolTip(self.back, text=_("Back to the list (Esc)."))
        self._title = ttk.Label(self, font="TitleFont", width=1)
        self._title.grid(row=0, column=1, sticky="ew")
        self._told = ttk.Label(self, font="SmallFont", bootstyle="secondary", width=1)
        self._told.grid(row=1, column=1, sticky="ew")
        self._state = ttk.Label(self)
        self._state.grid(row=0, column=2, sticky="e")
        self._flow = Flow(self, 4)
        self._flow.grid(row=2, column=0, columnspan=3, sticky="ew", pady=(gap / 2, 0))
        self._mode = tkinter.StringVar(self)
        self.modes: dict[str, ttk.Radiobutton] = {}
        self.buttons: dict[str, ttk.Button] = {}
        self.key_deeds: list[Key] = []
        self._build_modes()
        self._build_buttons()
        self._flow.show([*self.modes.values(), *self.buttons.values()])
        self._title.bind("<Configure>", lambda _event: self._draw(), add="+")

    def tell(self, title: str, place: str, sentence: str) -> None:
        """Say what is compared."""
        self._words, self._sentence = (title, place), sentence
        self._draw()

    def tell_state(self, words: str) -> None:
        """Say how it is seen."""
        if self._state.cget("text") != words:
            self._state.configure(text=words)

    def mark(self, mode: str) -> None:
        """Press in the button of a mode."""
        self._mode.set(mode)

    def mark_loupe(self, on: bool) -> None:
        """Show whether the loupe is on."""
        self.buttons["loupe"].configure(bootstyle="primary" if on else "ghost")

    def _draw(self) -> None:
        room = max(self._title.winfo_width() - px(self, 8), 80)
        title = " · ".join(filter(None, self._words))
        self._title.configure(text=self._fit.at_end(title, "TitleFont", room))
        self._told.configure(text=self._fit.at_end(self._sentence, "SmallFont", room))

    def _build_modes(self) -> None:
        modes = (
            ("side by side", _("Side by side"), "layout-split", "V"),
            ("flicker", _("Flicker"), "lightning", "F"),
            ("split", _("Split"), "square-half", "S"),
            ("difference", _("Difference"), "intersect", "D"),
        )
        for mode, words, icon, key in modes:
            choose = functools.partial(self._choose, mode)
            button = ttk.Radiobutton(
                self._flow, text=words, icon=icon, value=mode, variable=self._mode, bootstyle="toolbutton",
                command=choose,
            )  # fmt: skip
            ttk.ToolTip(button, text=f"{words} ({key})")
            self.modes[mode] = button
            self.key_deeds.append((_sequences(key), choose))

    def _choose(self, mode: str) -> None:
        from image_sync.gui.compare.rendering import Mode

        self._view.set_mode(Mode(mode))
        self._focus()

    def _build_buttons(self) -> None:
        view = self._view
        buttons: Sequence[tuple[str, str, str, str, Callable[[], object]]] = (
            ("swap", _("Swap"), "arrow-left-right", "W", view.swap),
            ("fit", _("Fit"), "arrows-angle-contract", "0", lambda: view.stage.fit()),
            ("one", _("1 : 1"), "aspect-ratio", "Z", lambda: view.stage.one_to_one()),
            ("larger", "", "zoom-in", "+", lambda: view.stage.zoom_by(STEP)),
            ("smaller", "", "zoom-out", "−", lambda: view.stage.zoom_by(1 / STEP)),
            ("loupe", _("Loupe"), "search", "G", view.toggle_loupe),
            ("details", _("Metadata"), "info-circle", "I", view.toggle_details),
        )
        meanings = {"larger": _("Larger"), "smaller": _("Smaller")}
        for name, words, icon, key, deed in buttons:
            act = functools.partial(self._act, deed)
            button = ttk.Button(self._flow, text=words, icon=icon, bootstyle="ghost", command=act)
            if not words:
                button.configure(compound="image")
            ttk.ToolTip(button, text=f"{words or meanings[name]} ({key})")
            self.buttons[name] = button
            if name not in meanings:
                self.key_deeds.append((_sequences(key), act))

    def _act(self, deed: Callable[[], object]) -> None:
        deed()
        self._focus()

    def _focus(self) -> None:
        stage = self._view.stage
        if isinstance(stage, tkinter.Misc):
            stage.focus_set()


def _sequences(key: str) -> tuple[str, ...]:
    """A key as Tk names it; letters in both cases."""
    if key.isalpha():
        return f"<Key-{key.lower()}>", f"<Key-{key}>"
    return f"<Key-{key}>", f"<KP_{key}>"
