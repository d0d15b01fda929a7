"""Model of the form on a job's page: what the folders hold, whether all is right, and the presets that fill it.

Nothing slow is called on the window's thread: checks go through one ``Background`` in order, counts of folders through
another that may take its time.  No tkinter, and no rule of any job.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from image_sync.base.control import Control
from image_sync.gui.job.engine_link import EngineLink
from image_sync.gui.job.port import Port
from image_sync.gui.job.presets_model import PresetsModel
from image_sync.gui.job.state import OUTPUT, Form, Memory, Part
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.wording import of_error, worded

FormT = TypeVar("FormT", bound=Form)
RequestT = TypeVar("RequestT")


class FormModel(Generic[FormT, RequestT]):
    """The form of a job's page and everything that a person can do in it."""

    key = ""
    """The job's name in the registry; begins the names of the questions that this page asks in the background."""

    def __init__(
        self, engine_link: EngineLink, background: Background, counter: Background, port: Port, memory: Memory
    ) -> None:
        self._engine_link, self._background, self._counter = engine_link, background, counter
        self._port, self._memory = port, memory
        self.form = self._make_form(memory.preferences)
        self.message = ""
        """One sentence for the user: why something failed or what just happened."""
        self.watchers: list[Callable[[Part], None]] = []
        self.presets = PresetsModel(self.key, self.form.request_type, background, self)
        self._typed: set[str] = set()
        self._checking = self._right = self._scan_when_checked = False
        self._counted: dict[tuple[str, str], tuple[str, str]] = {}
        self._counting: dict[str, Control] = {}

    def _make_form(self, preferences: Preferences) -> FormT:
        """The form as it is when the window opens."""
        raise NotImplementedError

    @property
    def request(self) -> RequestT:
        """The request as it is chosen now."""
        raise NotImplementedError

    def _checked(self) -> None:
        """The form was checked, and no scan waited for it."""

    def type_folder(self, name: str, text: str) -> None:
        """The user types in a folder's field; ``look`` when they pause."""
        self.form.field(name).text = text
        self._typed.add(name)
        self._right = False
        self._tell(Part.FORM)

    def pick_folder(self, name: str, path: str) -> None:
        """The user chose a folder elsewhere: from a dialog, or by dropping it."""
        self.form.field(name).pick(path)
        self._typed.add(name)
        self.look()

    @property
    def typing(self) -> bool:
        """Whether something was typed that nobody looked at yet."""
        return bool(self._typed)

    def look(self) -> None:
        """Look at the folders that were typed: what they hold, and what is wrong with them."""
        typed, self._typed = self._typed, set()
        for name in typed:
            self._count(name)
        self.options_changed()

    def refresh(self) -> None:
        """Look again at what the folders hold."""
        self._counted.clear()
        self._typed.clear()
        for field in self.form.fields:
            self._count(field.name)
        self._check()

    def _count(self, name: str) -> None:
        field, control = self.form.field(name), Control()
        path = field.path
        if name in self._counting:
            self._counting.pop(name).stop()
        if not path:
            field.holds = field.remark = ""
            return
        if len(field.places) > 1:
            field.holds = _("{count} places").format(count=formatting.count(len(field.places)))
            return
        field.holds, field.remark = self._counted.get((name, path), (_("looking…"), ""))
        self._counting[name] = control

        def describe() -> tuple[str, str]:
            if name != OUTPUT:
                return self._port.describe_folder(path, control), ""
            free = self._port.free_space(path)
            holds = "" if free is None else _("{size} free").format(size=formatting.size(free))
            there = os.path.lexists(os.path.abspath(path))
            return holds, "" if there else _("This folder will be made when the plan is applied.")

        def done(told: tuple[str, str]) -> None:
            if field.path == path:
                field.holds, field.remark = self._counted[(name, path)] = (worded(told[0]), told[1])
                self._tell(Part.FORM)

        def failed(error: Exception) -> None:
            done((of_error(error), ""))

        if (name, path) not in self._counted:
            self._counter.submit(
                describe, done, key=f"{self.key} {name}", failed=lambda error: done((of_error(error), ""))
            )

    def _check(self) -> None:
        self._checking, self._right = any(field.path for field in self.form.fields), False
        if not self._checking:
            self.form.show_mistakes({})
            return
        request = self.request

        def done(mistakes: dict[str, str]) -> None:
            self._checking = False
            self._right = not mistakes
            self.form.show_mistakes(mistakes)
            wanted, self._scan_when_checked = self._scan_when_checked, False
            self._tell(Part.FORM)
            if wanted:
                self.scan()
            else:
                self._checked()

        def failed(error: Exception) -> None:
            self._checking = False
            self._say(error)
            self._tell(Part.FORM)

        self._background.submit(
            lambda: self._port.check(self.key, request), done, key=f"{self.key} check", failed=failed
        )

    def _say(self, words: object) -> None:
        self.message = str(words)
        self._tell(Part.MESSAGE)

    def _tell(self, *parts: Part) -> None:
        for part in parts:
            for watcher in list(self.watchers):
                watcher(part)

    def options_changed(self) -> None:
        """Check anew."""
        self._check()
        self._tell(Part.FORM)

    def scan(self) -> None:
        """Scan the folders as soon as they are known to be right."""
        raise NotImplementedError

    @property
    def hindrance(self) -> str:
        """Reason why the scan can't be started, in words; empty while it can, or soon will."""
        if self._engine_link.busy:
            return _("Something runs. When it has ended, this can be started.")
        if self.form.missing:
            return _("Choose the folder first: {name}").format(name=self.form.missing)
        wrong = next((field for field in self.form.fields if field.mistake), None)
        if wrong is not None:
            return _("{name}: see what is wrong with it.").format(name=wrong.label)
        return next(iter(self.form.mistakes.values()), "")

    # --- presets ---

    @property
    def chosen(self) -> Mapping[str, Any]:
        """Values of the present choices that a preset would tell."""
        return self.form.preset_values(self.request)

    def take_choices(self, values: Mapping[str, Any]) -> None:
        """Choose what a preset or a review tells, by the names of the request's fields.  Raises ``Refused``."""
        self.form.take(values)
        self._typed = {field.name for field in self.form.fields}
        self._tell(Part.CHOICES)
        self.look()

    def say(self, words: object) -> None:
        """Tell the user."""
        self._say(words)

    def presets_changed(self) -> None:
        """The presets, or which of them is taken, changed."""
        self._tell(Part.FORM)
