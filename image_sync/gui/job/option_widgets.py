"""Widgets of the option bar: how one kind of declared option is drawn, and what is chosen written into the form."""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import ttkbootstrap as ttk

from image_sync.base.options import Declared, Kind, Value
from image_sync.gui.job.form import JobForm, limit_name
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import columns
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.theme import px

NARROWER = 0.75
"""How wide the letters of words are beside the digits that a list's width is counted in."""
SLIDER = 96
PERCENT = 7
"""Characters that a share in percent and the sign behind it have room for."""
Told = Callable[[], None]


class OptionWidget(ttk.Frame):
    """One option in a frame of its own.  ``picked`` is told of a choice, ``typed`` of a key."""

    def __init__(self, master: tkinter.Misc, declared: Declared, form: JobForm[Any], picked: Told, typed: Told) -> None:
        super().__init__(master)
        self.name, self.option, self._form = declared.name, declared.option, form
        self._picked, self._typed = picked, typed
        self.inputs: dict[str, Any] = {}
        """The widgets that take the keys."""
        self._build()

    def _build(self) -> None:
        """Make the widgets."""
        raise NotImplementedError

    def draw(self, *, idle: bool, implied: bool, enabled: bool) -> None:  # noqa: ARG002 - for a switch
        """Show whether the option means anything now, and may be chosen."""
        for widget in self.inputs.values():
            widget.state(["!disabled" if enabled and not idle else "disabled"])

    # --- what the kinds share ---

    @property
    def value(self) -> Any:
        """Value that the form holds."""
        return getattr(self._form, self.name)

    def _take(self, value: Any) -> None:
        setattr(self._form, self.name, value)
        self._picked()

    def _explain(self, widget: tkinter.Misc, words: str = "") -> None:
        if meaning := words or (_(self.option.meaning) if self.option.meaning else ""):
            ttk.ToolTip(widget, text=meaning)

    def _label(self, text: str, font: str = "TkDefaultFont", gap: int = 4) -> None:
        if text:
            ttk.Label(self, text=_(text), font=font).pack(side="left", padx=(0, px(self, gap)))

    def _unit(self) -> None:
        if self.option.unit:
            ttk.Label(self, text=_(self.option.unit)).pack(side="left", padx=(px(self, 4), 0))

    def _text(self, name: str) -> tkinter.StringVar:
        variable = tkinter.StringVar(self, getattr(self._form, name))

        def typed(*_event: object) -> None:
            setattr(self._form, name, variable.get())
            self._show_sample(variable.get())
            self._typed()

        variable.trace_add("write", typed)
        return variable

    def _show_sample(self, text: str) -> None:
        """Show what a typed text makes, where that can be shown."""

    def _spinbox(self, name: str) -> ttk.Spinbox:
        least, most, step = (int(number) for number in (self.option.least, self.option.most, self.option.step))
        box = ttk.Spinbox(
            self, from_=least, to=most, increment=step, width=self.option.width, textvariable=self._text(name)
        )
        box.pack(side="left")
        return box


class SwitchWidget(OptionWidget):
    """A tick."""

    def _build(self) -> None:
        self._ticked = tkinter.BooleanVar(self, self.value)
        tick = ttk.Checkbutton(
            self,
            text=_(self.option.words),
            variable=self._ticked,
            command=lambda: self._take(self._ticked.get()),
        )
        tick.pack(side="left")
        self._explain(tick)
        self.inputs[self.name] = tick

    def draw(self, *, idle: bool, implied: bool, enabled: bool) -> None:
        """Show the tick; while it means nothing, whether it is on all the same."""
        super().draw(idle=idle, implied=implied, enabled=enabled)
        self._ticked.set(implied if idle else self.value)


class ListWidget(OptionWidget):
    """One of a list."""

    def _build(self) -> None:
        self._label(self.option.words, "BoldFont", 8)
        offered: Mapping[Enum, Value] = self.option.values or {}
        self._members = list(offered)
        words = [_(value.words) for value in offered.values()]
        self.box = ttk.Combobox(
            self, values=words, state="readonly", width=max(8, round(max(map(columns, words)) * NARROWER))
        )
        self.box.current(self._members.index(self.value))
        self.box.bind("<<ComboboxSelected>>", self._chosen, add="+")
        self.box.pack(side="left", fill="x", expand=True)
        self._explain(
            self.box, "\n".join(f"{_(one.words)}: {_(one.meaning)}" for one in offered.values() if one.meaning)
        )
        self.inputs[self.name] = self.box

    def _chosen(self, _event: object) -> None:
        self.box.selection_clear()
        self._take(self._members[self.box.current()])


class FlagsWidget(OptionWidget):
    """One of a few, each a button of its own."""

    def _build(self) -> None:
        offered: Mapping[Enum, Value] = self.option.values or {}
        by_word = {str(member.value): member for member in offered}
        chosen = tkinter.StringVar(self, self.value.value)
        for word, member in by_word.items():
            button = ttk.Radiobutton(
                self,
                text=_(offered[member].words),
                value=word,
                variable=chosen,
                command=lambda: self._take(by_word[chosen.get()]),
            )
            button.pack(side="left", padx=(0, px(self, 8)))
            self._explain(button, _(offered[member].meaning) if offered[member].meaning else "")
            self.inputs[word] = button


class ShareWidget(OptionWidget):
    """A slider, with what its place means in words."""

    def _build(self) -> None:
        self._share = tkinter.DoubleVar(self, self.value)
        self._label(self.option.words, "BoldFont", 8)
        # The toolkit's slider does not show that it has the keyboard.
        self._ring = ttk.Frame(self, padding=px(self, 2))
        self._ring.pack(side="left")
        slider = ttk.Scale(
            self._ring,
            from_=self.option.least,
            to=self.option.most,
            variable=self._share,
            command=self._slid,
            length=px(self, SLIDER),
            takefocus=True,
        )
        slider.pack()
        slider.bind("<FocusIn>", lambda _event: self._draw_ring("highlight"), add="+")
        slider.bind("<FocusOut>", lambda _event: self._draw_ring("default"), add="+")
        for key, step in (("<Left>", -1), ("<Down>", -1), ("<Right>", 1), ("<Up>", 1)):
            slider.bind(key, lambda _event, step=step: self._step(step))  # type: ignore[misc]
        said = [_(words) for _limit, words in self.option.bands] + [_(self.option.idle)] * bool(self.option.idle)
        # As wide for any of its words, so that what stands beside it does not jump.
        self._words = ttk.Label(self, width=round(max(map(columns, said), default=0) * NARROWER) + PERCENT)
        self._words.pack(side="left", padx=(px(self, 8), 0))
        self._idle = self._enabled = False
        self.inputs[self.name] = slider

    def draw(self, *, idle: bool, implied: bool, enabled: bool) -> None:
        """Show where the slider stands, in percent and in words."""
        super().draw(idle=idle, implied=implied, enabled=enabled)
        self._idle, self._enabled = idle, enabled
        if round(self._share.get(), 2) != self.value:
            self._share.set(self.value)
        band = [words for limit, words in self.option.bands if self.value >= limit]
        told = " · ".join([formatting.percent(self.value), *(_(words) for words in band[-1:])])
        self._words.configure(text=_(self.option.idle) if idle and self.option.idle else told)

    def _draw_ring(self, style: str) -> None:
        self._ring.configure(bootstyle=style)
        self._ring.state(["focus"])

    def _slid(self, _value: str) -> None:
        before = self.value
        self._form.set_share(self.name, self._share.get())
        if self.value != before:
            self._picked()

    def _step(self, steps: int) -> str:
        if self._enabled and not self._idle:
            wanted = self.value + steps * self.option.step
            self._share.set(min(self.option.most, max(self.option.least, wanted)))
            self._slid("")
        return "break"


class LimitWidget(OptionWidget):
    """A tick, and a number that counts with it."""

    def _build(self) -> None:
        ticked = tkinter.BooleanVar(self, self.value)
        tick = ttk.Checkbutton(
            self, text=_(self.option.words), variable=ticked, command=lambda: self._take(ticked.get())
        )
        tick.pack(side="left", padx=(0, px(self, 4)))
        self._explain(tick)
        self._number = self._spinbox(limit_name(self.name))
        self._unit()
        self.inputs |= {self.name: tick, limit_name(self.name): self._number}

    def draw(self, *, idle: bool, implied: bool, enabled: bool) -> None:
        """The number can be typed only with the tick."""
        super().draw(idle=idle, implied=implied, enabled=enabled)
        self._number.state(["!disabled" if enabled and self.value else "disabled"])


class NumberWidget(OptionWidget):
    """A number to type or to step."""

    def _build(self) -> None:
        self._label(self.option.words)
        box = self._spinbox(self.name)
        self._unit()
        self._explain(box)
        self.inputs[self.name] = box


class TextWidget(OptionWidget):
    """A text to type, with examples where there are some."""

    def _build(self) -> None:
        self._label(self.option.words)
        option = self.option
        entry: ttk.Combobox | ttk.Entry
        if option.examples or option.empty:
            offered = [*([_(option.empty)] if option.empty else []), *option.examples]
            wide = max(option.width or 0, round(max(map(columns, offered)) * NARROWER))
            entry = ttk.Combobox(self, values=offered, width=wide, textvariable=self._text(self.name))
        else:
            entry = ttk.Entry(self, width=option.width, textvariable=self._text(self.name))
        entry.pack(side="left")
        self._unit()
        self._explain(entry)
        self.inputs[self.name] = entry
        self._sample = ttk.Label(self, bootstyle="secondary") if option.sample else None
        if self._sample is not None:
            self._sample.pack(side="left", padx=(px(self, 6), 0))
            self._show_sample(self.value)

    def draw(self, *, idle: bool, implied: bool, enabled: bool) -> None:
        """Show the example of what was typed as well."""
        super().draw(idle=idle, implied=implied, enabled=enabled)
        self._show_sample("" if idle else self.value)

    def _show_sample(self, text: str) -> None:
        """Show what the typed text makes; what is wrong with it is told when the typing pauses."""
        if self._sample is None or self.option.sample is None:
            return
        text = text.strip()
        try:
            made = self.option.sample("" if text == _(self.option.empty) else text)
        except ValueError:
            made = ""
        self._sample.configure(text=f"→ {made}" if made else "")


_WIDGETS: Mapping[Kind, type[OptionWidget]] = {
    Kind.SWITCH: SwitchWidget,
    Kind.CHOICE: ListWidget,
    Kind.FLAGS: FlagsWidget,
    Kind.SHARE: ShareWidget,
    Kind.LIMIT: LimitWidget,
    Kind.NUMBER: NumberWidget,
    Kind.SECONDS: TextWidget,
    Kind.TEXT: TextWidget,
    Kind.NAMES: TextWidget,
}
"""The kinds that a bar can draw."""


def make_widget(
    master: tkinter.Misc, declared: Declared, form: JobForm[Any], picked: Told, typed: Told
) -> OptionWidget:
    """The widget of an option, by its kind."""
    return _WIDGETS[declared.option.kind](master, declared, form, picked, typed)
