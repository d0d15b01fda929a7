"""Presets of one job as its page offers them: which there are, which is taken, and whether it was changed since.

The file is read and written in the background; the command line may change it meanwhile.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from image_sync.base.model import Refused
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _

if TYPE_CHECKING:
    from image_sync.base.preset_file import Kept
    from image_sync.base.presets import Preset


class PresetHost(Protocol):
    """Model of the form that presets are taken into."""

    @property
    def chosen(self) -> Mapping[str, Any]:
        """Values of the present choices that a preset would tell."""

    def take_choices(self, values: Mapping[str, Any]) -> None:
        """Choose what a preset tells."""

    def say(self, words: object) -> None:
        """Tell the user."""

    def presets_changed(self) -> None:
        """The presets, or which of them is taken, changed."""


class PresetsModel:
    """The presets of the job ``job``, whose request is of the class ``request``."""

    def __init__(self, job: str, request: type[Any], background: Background, host: PresetHost) -> None:
        self._job, self._request, self._background, self._host = job, request, background, host
        self.names: tuple[str, ...] = ()
        """The names to choose from, in the order of the file."""
        self.taken = ""
        """The name of the preset that was taken last; empty for none."""
        self._presets: dict[str, Preset] = {}
        self._taken_values: dict[str, Any] = {}
        self._trouble = ""

    @property
    def changed(self) -> bool:
        """Whether something else is chosen by now than the preset tells that was taken."""
        return bool(self.taken) and self._taken_values != self._now

    @property
    def _now(self) -> dict[str, Any]:
        from image_sync.base.presets import plain_values

        return plain_values(self._request, self._host.chosen)

    def load(self, delay: float = 0.0) -> None:
        """Read the file, ``delay`` seconds from now at the earliest."""

        def work() -> Kept:
            from image_sync.base import preset_file

            return preset_file.load()

        self._background.submit(work, self._take_kept, key=f"{self._job} presets", failed=self._host.say, delay=delay)

    def take(self, name: str) -> None:
        """Choose what a preset tells; what is wrong in it is said."""
        preset = self._presets.get(name)
        if preset is None:
            return
        from image_sync.base.presets import choices_of

        found = choices_of(preset, self._request)
        try:
            self._host.take_choices(found.values)
        except Refused as refused:
            self._host.say(refused)
            return
        self.taken, self._taken_values = name, self._now
        self._host.say(" ".join((*found.wrong, *found.unknown)))
        self._host.presets_changed()

    def save(self, name: str) -> None:
        """Keep what is chosen now under ``name``, in the place of a preset that is called so."""
        from image_sync.base.presets import preset_of

        try:
            preset = preset_of(self._job, name, self._request, self._host.chosen)
        except Refused as refused:
            self._host.say(refused)
            return
        self._taken_values = self._now
        words = _("Saved as the preset “{name}”.").format(name=shown(preset.name))
        self._change(lambda file: file.save(preset, self._request), preset.name, words)

    def rename(self, new: str) -> None:
        """Give the preset that was taken another name."""
        from image_sync.base.presets import checked_name

        job, name = self._job, self.taken
        try:
            wanted = checked_name(new)
        except Refused as refused:
            self._host.say(refused)
            return
        words = _("The preset “{name}” is called “{new}” now.").format(name=shown(name), new=shown(wanted))
        self._change(lambda file: file.rename(job, name, wanted), wanted, words)

    def delete(self) -> None:
        """Take the preset that was taken out of the file; what it filled in stays."""
        job, name = self._job, self.taken
        words = _("The preset “{name}” is deleted; what it filled in stays.").format(name=shown(name))
        self._change(lambda file: file.delete(job, name), "", words)

    def _change(self, deed: Callable[[Any], object], taken: str, words: str) -> None:
        def work() -> Kept:
            from image_sync.base import preset_file

            deed(preset_file)
            return preset_file.load()

        def done(kept: Kept) -> None:
            self.taken = taken
            self._take_kept(kept)
            self._host.say(words)

        self._background.submit(work, done, key=f"{self._job} preset", failed=self._host.say)

    def _take_kept(self, kept: Kept) -> None:
        self._presets = {preset.name: preset for preset in kept.presets if preset.job == self._job}
        self.names = tuple(self._presets)
        if self.taken not in self._presets:
            self.taken = ""
        told = " ".join((kept.trouble, *kept.remarks)).strip()
        if told and told != self._trouble:
            self._host.say(told)
        self._trouble = told
        self._host.presets_changed()
