"""Detector of double JPEG compression: whether a picture was made from a JPEG more compressed than it is itself.

An editor that saves a photo of quality 80 at quality 95, or as PNG, makes the file bigger and the picture no better.
What gives it away are the DCT coefficients of its 8x8 blocks: a JPEG has rounded each to whole steps of its table, and
the steps survive in whatever is made of the picture without scaling, cropping or turning it by a few degrees.
(Lukáš and Fridrich, "Estimation of primary quantization matrix in double compressed JPEG images", 2003.)

The whole picture must be decoded for it, so this is for the few whose rank hangs on it (``ranking.doubtful``).
Measured on the JPEGs of 44 cameras: two are accused, and both had been saved again by a program.  Of their copies as
BMP all are found whose original had quality 94 or less.  Of 32 photos saved at a quality and then at a higher one, 31
are found at 75 to 85, 85 to 90, 88 to 92 and 92 to 96, 28 at 90 to 92, 18 at 85 to 88; saved only once, none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from image_sync.base.model import Picture
from image_sync.pictures import content as contents
from image_sync.pictures.errors import Unreadable, pass_over
from image_sync.pictures.jpeg_quality import of_steps
from image_sync.pictures.luminance import luminance_of

Reals = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

_FREQUENCIES = (
    *((0, 1), (1, 0), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2)),
    *((0, 3), (3, 0), (2, 2), (1, 3), (3, 1), (0, 4), (4, 0)),
)
"""(row, column) of the coefficients that are examined: the higher ones are mostly zero."""
_MOST_BLOCKS = 20_000
_BINS = 4
"""Into how many bins a step of 1 is divided to count coefficients."""
_LONGEST_STEP = 64
_CLEARLY_LONGER = 1.4
"""An earlier step shows beside the file's own only when it is longer by so much."""
_FEWEST_VALUES = 60
_FEWEST_FREQUENCIES = 3
"""Frequencies that must show an earlier step.  Of pictures saved once, none had more than two."""
_LEAST_ORDER = 0.45
_LEAST_BEAT = 0.2
"""Of the beat in pictures that were saved twice, most show more, and hardly any of those saved once."""
_CLEAR_OF_NOISE = 10.0
_MOST_MULTIPLES = 80
_FEW = 8
_NOISE = 1.0
"""How far the rounding of pixels to whole numbers moves a coefficient (its standard deviation is 0.3)."""


def with_history(picture: Picture) -> Picture:
    """``picture`` with the ``earlier_quality`` that its file shows (``None`` when there is no trace)."""
    found = earlier_quality(picture.record.path)
    return replace(picture, fingerprint=replace(picture.fingerprint, earlier_quality=found))


def earlier_quality(path: str) -> int | None:
    """The quality (1-100) of the JPEG that the picture at ``path`` was made from, when it was clearly lower than its
    own; ``None`` when there is no trace of one, or the picture can't be decoded.

    Raises ``PictureError`` when it can't be read now, ``Unreadable`` when the table is no table.
    """
    try:
        with contents.read(path) as content, luminance_of(content) as seen:
            table, blocks = seen.table, _blocks(seen.picture.size, seen.stored_rows)
    except Exception as error:
        pass_over(path, error)
        return None
    return _quality_of(blocks, table)


def quality_behind(luminance: npt.NDArray[np.uint8], table: Sequence[int] | None) -> int | None:
    """``earlier_quality`` for a decoded picture: its luminance as it is stored, shape (height, width), and the file's
    own quantisation ``table`` row by row, ``None`` when it is no JPEG."""
    return _quality_of(_blocks(luminance.shape[::-1], lambda top, bottom: luminance[top:bottom]), table)


def _quality_of(blocks: Reals, table: Sequence[int] | None) -> int | None:
    steps: dict[int, int] = {}
    for row, column in _FREQUENCIES:
        place = 8 * row + column
        values, own = np.abs(_coefficients(blocks, row, column)), table[place] if table else 1
        if own < 1:
            raise Unreadable("damaged: a step of its quantisation table is zero")
        step = _long_step(values, own) or _near_step(values, own)
        if step is not None:
            steps[place] = step
    return of_steps(steps) if len(steps) >= _FEWEST_FREQUENCIES else None


Rows = Callable[[int, int], npt.NDArray[np.uint8]]
"""Rows of a picture as it is stored, from the first up to the second, shape (rows, width)."""


def _blocks(size: tuple[int, int], rows_of: Rows) -> Reals:
    """Evenly chosen 8x8 blocks of the own grid of a picture of ``size`` (width, height), about zero; none that touch
    black or white, where rounding is not what made the numbers.  Shape (n, 8, 8)."""
    rows, columns = size[1] // 8, size[0] // 8
    number = rows * columns
    chosen = np.arange(0, number, max(1, math.ceil(number / _MOST_BLOCKS)))
    if not number:
        return np.empty((0, 8, 8), np.float32)
    found = []
    for row in np.unique(chosen // columns).tolist():
        band = rows_of(8 * row, 8 * row + 8)[:, : columns * 8].reshape(8, columns, 8).swapaxes(0, 1)
        found.append(band[chosen[chosen // columns == row] % columns])
    blocks = np.concatenate(found)
    inside = (blocks.min(axis=(1, 2)) > 1) & (blocks.max(axis=(1, 2)) < 254)
    chosen_blocks: Reals = blocks[inside].astype(np.float32) - 128
    return chosen_blocks


def _cosines() -> Reals:
    """The orthonormal DCT-II of eight values, as JPEG has it; a row for each frequency."""
    waves = np.cos(np.pi * (2 * np.arange(8)[None, :] + 1) * np.arange(8)[:, None] / 16) / 2
    waves[0] /= math.sqrt(2)
    return waves.astype(np.float32)


_COSINES = _cosines()


def _coefficients(blocks: Reals, row: int, column: int) -> Reals:
    """One DCT coefficient of each block."""
    wave = np.outer(_COSINES[row], _COSINES[column]).ravel()
    return np.asarray(blocks.reshape(len(blocks), 64) @ wave, np.float32)


def _long_step(sizes: Reals, own: int) -> int | None:
    """The longest step, clearly longer than the file's ``own``, of which the sizes are multiples; ``None`` if none."""
    counts = np.bincount(np.rint(sizes * _BINS).astype(np.int64))
    filled = np.flatnonzero(counts)
    values, counts = filled / _BINS, counts[filled]
    for step in range(_LONGEST_STEP, max(math.ceil(_CLEARLY_LONGER * own) - 1, 1), -1):
        first = int(np.searchsorted(values, step / 2, side="right"))
        if _is_multiple(values[first:], counts[first:], step, own):
            return step
    return None


def _is_multiple(values: Values, counts: Counts, step: int, own: int) -> bool:
    """Whether values, each occurring so often, are multiples of ``step``, as far as rounding to the file's ``own``
    steps left them so.

    The mean cosine of their phase is 1 for exact multiples and sinc(own / step) when each was then moved by up to half
    an own step; of smooth distributions it is negative.  Values that no such moving explains must be missing.
    """
    number = int(counts.sum())
    if number < _FEWEST_VALUES or not _rises_again(values, counts, step, own):
        return False
    order = float((np.cos(values * (2 * np.pi / step)) * counts).sum()) / number
    expected = float(np.sinc(own / step if own > 1 else 0.3))
    if order <= max(_LEAST_ORDER, 4 / math.sqrt(number), 0.55 * expected):
        return False
    reach = own / 2 + _NOISE
    missing = 1 - 2 * reach / step
    if missing <= 0.2:
        return True
    stray = int(counts[np.abs(values - step * np.round(values / step)) > reach].sum())
    return stray <= 0.3 * missing * number


def _rises_again(values: Values, counts: Counts, step: int, own: int) -> bool:
    """Whether there are more values about twice the step than half-way before; a distribution that only falls steeply
    looks like multiples of its first value."""
    reach = max(own, 1) / 2
    valley, peak = (int(counts[np.abs(values - times * step) <= reach].sum()) for times in (1.5, 2.0))
    return peak >= _FEW and peak > 1.5 * valley


def _near_step(sizes: Reals, own: int) -> int | None:
    """The step between one and two of the file's ``own`` that shows as a beat of the two; ``None`` if none does.

    How often each multiple of the own step occurs falls smoothly in an original: each is the geometric mean of its
    neighbours.  Where an earlier step was there first, some multiples got two of its values and others one or none.
    The first two multiples are left out: flat and textured blocks together make them uneven anyhow.
    """
    counts = np.bincount(np.rint(sizes / own).astype(np.int64), minlength=_MOST_MULTIPLES)[:_MOST_MULTIPLES]
    last = int(np.flatnonzero(counts >= _FEW).max(initial=0))
    multiples = np.arange(3, last)
    total = int(counts[multiples].sum()) if len(multiples) >= 3 else 0
    if total < _FEWEST_VALUES:
        return None
    smooth = np.sqrt(counts[multiples - 1] * counts[multiples + 1])
    beats = {}
    for step in range(own + 1, 2 * own):
        wave = np.cos(2 * np.pi * multiples * own / step)
        beat = float(((counts[multiples] - smooth) * wave).sum())
        noise = math.sqrt(float(((counts[multiples] + smooth / 2) * wave**2).sum()))
        if beat > _LEAST_BEAT * total and beat > _CLEAR_OF_NOISE * noise:
            beats[step] = beat
    return max(beats, key=beats.__getitem__, default=None)
