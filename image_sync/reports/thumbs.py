"""Small pictures of a report, many on one sheet, so that they take as little room as they can.

A picture that was measured is drawn from its fingerprint (64x64 grey and 16x16 colour): no file is opened.  Of others a
few hundred are decoded, as the window decodes its thumbnails.  What can't be read has no picture.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from image_sync.base.model import Fingerprint
from image_sync.pictures.code_layout import SIDE
from image_sync.reports.contents import Row

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_DECODED = 300
"""Pictures that are decoded for a report: some ten seconds of work."""
MOST_DRAWN = 12_000
"""Pictures of a report; a larger number would be too small to be seen."""
BUDGET = 1_900_000
"""Bytes of all sheets together, as they are encoded: a third more in the page."""
_COLUMNS = 16
_PER_SHEET = _COLUMNS * 16
_STEPS = (
    (800, 96, 60),
    (3_000, 64, 55),
    (6_000, 48, 42),
    (MOST_DRAWN, 40, 30),
    (MOST_DRAWN, 32, 25),
    (MOST_DRAWN, 24, 20),
)
"""The most pictures that have a size in pixels and a quality, the best first."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """Sheets of small pictures: their data as texts, the size of one in pixels, and the columns of a sheet.

    ``places`` are the numbers of the pictures by their rows; -1 for a row without.
    """

    data: tuple[str, ...]
    box: int
    columns: int
    per_sheet: int
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Wish:
    path: str
    box: int


def sheets(sections: Sequence[Sequence[Row]], checkpoint: Callable[[], None]) -> Sheets:
    """The small pictures of the rows of all sections, as large as their number allows.

    Where there are too many the first rows of each section have theirs.  ``checkpoint`` raises to stop it.
    """
    rows = [(place, row) for section in sections for place, row in enumerate(section)]
    wanted = [number for number, (_, row) in enumerate(rows) if row.path or _is_measured(row.fingerprint)]
    wanted = sorted(sorted(wanted, key=lambda number: rows[number][0])[:MOST_DRAWN])
    first = next(number for number, (most, _, _) in enumerate(_STEPS) if len(wanted) <= most)
    pictures: dict[int, Image] = {}
    decoded = 0
    for number in wanted:
        checkpoint()
        row = rows[number][1]
        made = drawn(row.fingerprint)
        if made is None and row.path and decoded < MOST_DECODED:
            decoded += 1
            made = _decoded(row.path, _STEPS[first][1])
        if made is not None:
            pictures[number] = made
    box, data = _encoded(list(pictures.values()), _STEPS[first:], checkpoint)
    places = {number: place for place, number in enumerate(pictures)}
    texts = tuple(base64.b64encode(one).decode("ascii") for one in data)
    return Sheets(texts, box, _COLUMNS, _PER_SHEET, tuple(places.get(number, -1) for number in range(len(rows))))


def _encoded(
    pictures: Sequence[Image], steps: Sequence[tuple[int, int, int]], checkpoint: Callable[[], None]
) -> tuple[int, list[bytes]]:
    """The size of a picture at which all sheets are within the budget, and the sheets."""
    for _most, box, quality in steps:
        data: list[bytes] = []
        for at in range(0, len(pictures), _PER_SHEET):
            checkpoint()
            data.append(_sheet(pictures[at : at + _PER_SHEET], box, quality))
            if sum(map(len, data)) > BUDGET and box != steps[-1][1]:
                break
        else:
            break
    return box, data


def _is_measured(fingerprint: Fingerprint | None) -> bool:
    return fingerprint is not None and len(fingerprint.small) == SIDE * SIDE


def drawn(fingerprint: Fingerprint | None) -> Image | None:
    """The picture that a fingerprint remembers, in its shape; ``None`` where it remembers none."""
    from PIL import Image

    from image_sync.pictures.colour import CHROMA_BYTES
    from image_sync.pictures.colour import SIDE as chroma_side

    if fingerprint is None or not _is_measured(fingerprint):
        return None
    grey = Image.frombytes("L", (SIDE, SIDE), fingerprint.small)
    if len(fingerprint.chroma) == CHROMA_BYTES:
        half, side = CHROMA_BYTES // 2, chroma_side
        planes = (fingerprint.chroma[:half], fingerprint.chroma[half:])
        blue, red = (
            Image.frombytes("L", (side, side), plane).resize((SIDE, SIDE), Image.Resampling.BICUBIC) for plane in planes
        )
        whole = Image.merge("YCbCr", (grey, blue, red)).convert("RGB")
    else:
        whole = grey.convert("RGB")
    width, height = max(fingerprint.width, 1), max(fingerprint.height, 1)
    scale = SIDE / max(width, height)
    return whole.resize((max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BICUBIC)


def _decoded(path: str, box: int) -> Image | None:
    from image_sync.inventory.thumbnail import decode

    try:
        return decode(_Wish(path, box))
    except Exception:  # a damaged file makes decoders raise nearly anything, and it is told elsewhere
        return None


def _sheet(pictures: Sequence[Image], box: int, quality: int) -> bytes:
    """One sheet, each picture in the middle of its place."""
    from PIL import Image

    rows = -(-len(pictures) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * box, max(1, rows) * box), (238, 238, 238))
    for number, picture in enumerate(pictures):
        small = picture.copy()
        small.thumbnail((box, box))
        left = (number % _COLUMNS) * box + (box - small.width) // 2
        top = (number // _COLUMNS) * box + (box - small.height) // 2
        sheet.paste(small, (left, top))
    target = io.BytesIO()
    sheet.save(target, "WEBP", quality=quality, method=3)
    return target.getvalue()
