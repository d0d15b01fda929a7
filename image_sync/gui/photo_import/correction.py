"""Corrections of pictures by a person: their date, their description.  Words in, corrections out.

Nothing is written into a picture here; the plan follows the corrections.  No tkinter, no disk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from image_sync.base.said import said_by
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.gui.widgets.wording import worded
from image_sync.jobs.photo_import.model import Correction, Placed
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules.places import Places, date_of, levels_of
from image_sync.pictures.metadata.dates import PartialDate

PREVIEWED = 3
"""Places that are named in the preview; the rest is counted."""
LOOKED_AT = 2000
"""Files whose places are worked out while somebody types; a preview of more would hold up the typing."""
NOTHING = Correction()


@dataclass(frozen=True, slots=True)
class Typed:
    """Texts of the two fields."""

    date: str
    description: str


class CorrectionForm:
    """The corrections of one selection.  ``known`` are all corrections so far, by path."""

    def __init__(self, chosen: Sequence[Placed], request: ImportRequest, known: Mapping[str, Correction]) -> None:
        self._chosen, self._known = chosen, dict(known)
        self._places = Places(request)
        self.start = Typed(self._common_date(), self._common_description())

    @property
    def title(self) -> str:
        """Title of a correction: a file by its name, several by their number."""
        if len(self._chosen) == 1:
            return shown(self._chosen[0].arrival.record.name)
        return formatting.files(len(self._chosen))

    @property
    def can_take_back(self) -> bool:
        """Whether any of them was corrected before."""
        return any(placed.arrival.path in self._known for placed in self._chosen)

    @property
    def mixed(self) -> tuple[str, ...]:
        """Fields that differ among the files and are left as they are unless something is typed."""
        mixed = []
        if len({self._date(placed) for placed in self._chosen}) > 1:
            mixed.append(_("They have different dates; an empty field leaves them."))
        if len({self._description(placed) for placed in self._chosen}) > 1:
            mixed.append(_("They have different descriptions; an empty field leaves them."))
        return tuple(mixed)

    def mistake(self, typed: Typed) -> str:
        """Mistake in what is typed; empty when nothing is."""
        try:
            read_date(typed.date)
        except ValueError as error:
            return worded(said_by(error))
        return ""

    def corrections(self, typed: Typed) -> dict[str, Correction]:
        """All corrections, by path, with what is typed.  A field that was not changed changes nothing."""
        date = read_date(typed.date) if typed.date.strip() != self.start.date else None
        levels = levels_of(typed.description) if typed.description.strip() != self.start.description else None
        result = dict(self._known)
        for placed in self._chosen:
            path = placed.arrival.path
            before = result.pop(path, NOTHING)
            dated = typed.date.strip() != self.start.date
            made = Correction(date if dated else before.date, before.levels if levels is None else levels)
            if made != NOTHING:
                result[path] = made
        return result

    def taken_back(self) -> dict[str, Correction]:
        """All corrections without those of these files."""
        gone = {placed.arrival.path for placed in self._chosen}
        return {path: correction for path, correction in self._known.items() if path not in gone}

    def preview(self, typed: Typed) -> str:
        """Preview of the place that the files go to with what is typed."""
        if self.mistake(typed):
            return ""
        corrections = self.corrections(typed)
        counts: dict[str, int] = {}
        for placed in self._chosen[:LOOKED_AT]:
            folder = self._place(placed, corrections.get(placed.arrival.path))
            counts[folder] = counts.get(folder, 0) + 1
        lines = [
            f"{shown(folder)}  ({formatting.files(number)})" for folder, number in list(counts.items())[:PREVIEWED]
        ]
        left = len(counts) - PREVIEWED
        if left > 0:
            words = ngettext("and {count} other folder", "and {count} other folders", left)
            lines.append(words.format(count=formatting.count(left)))
        return "\n".join(lines)

    def _place(self, placed: Placed, correction: Correction | None) -> str:
        place = self._places.of(placed.arrival, correction)
        return self._places.folders(placed.arrival, place.folder)[0]

    def _common_date(self) -> str:
        texts = {self._date(placed) for placed in self._chosen}
        return texts.pop() if len(texts) == 1 else ""

    def _common_description(self) -> str:
        texts = {self._description(placed) for placed in self._chosen}
        return texts.pop() if len(texts) == 1 else ""

    def _date(self, placed: Placed) -> str:
        correction = self._known.get(placed.arrival.path, NOTHING)
        if correction.date is not None:
            return str(correction.date)
        captured = placed.arrival.captured
        if captured is not None:
            return str(PartialDate.of(captured.when))
        return str(placed.day) if placed.day is not None else ""

    def _description(self, placed: Placed) -> str:
        return "/".join(self._places.read(placed.folder, placed.arrival.camera).levels)


def read_date(text: str) -> PartialDate | None:
    """``date_of``, but for a text of which a part would be passed over, such as the month of ``2004-13``.

    Raises ``ValueError`` with words.
    """
    date = date_of(text)
    numbers = [int(part) for part in re.findall("[0-9]+", text)]
    if date is None or numbers in ([date.year, date.month, date.day][: date.parts], [int(str(date).replace("-", ""))]):
        return date
    raise ValueError(_("{text} is no date; write it like 2004, 2004-03 or 2004-03-05").format(text=repr(text.strip())))
