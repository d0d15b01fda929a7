"""JPEG quality (1-100) that a file was saved with, estimated from its quantisation tables.

The Independent JPEG Group's library scales the example table of the JPEG standard (ITU-T T.81, K.1) by 5000/q percent
below quality 50 and by 200 - 2q from there on; nearly all programs follow it.  A table that it makes tells its quality
exactly.  Cameras have tables of their own; their quality is the one that scales the standard's to the same sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_STANDARD = (
    *(16, 11, 10, 16, 24, 40, 51, 61),
    *(12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56),
    *(14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77),
    *(24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101),
    *(72, 92, 95, 98, 112, 100, 103, 99),
)
"""The luminance table of the standard, row by row."""


def table_of(quality: int) -> tuple[int, ...]:
    """The luminance table, row by row, with which the IJG's library saves at ``quality`` (1-100), 8 bits a number."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return tuple(min(max((value * percent + 50) // 100, 1), 255) for value in _STANDARD)


_EXACT = {table_of(quality): quality for quality in range(1, 101)}


def of_tables(tables: Mapping[int, Sequence[int]], index: int) -> int | None:
    """The quality (1-100) of a JPEG whose luminance uses table ``index`` of ``tables``; ``None`` if there is none."""
    table = tables.get(index)
    if table is None or len(table) != 64:
        return None
    exact = _EXACT.get(tuple(table))
    return exact if exact is not None else _by_sum(sum(table))


def of_steps(steps: Mapping[int, int]) -> int:
    """The quality of a table of which only some numbers are known, by their place (row by row)."""
    return _by_sum(sum(steps.values()), sum(_STANDARD[place] for place in steps))


def _by_sum(total: int, standard: int = sum(_STANDARD)) -> int:
    percent = 100 * total / standard
    quality = (200 - percent) / 2 if percent < 100 else 5000 / percent
    return min(max(round(quality), 1), 100)
