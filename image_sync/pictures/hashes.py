"""The four 64-bit hashes of a picture, bit for bit as the ``imagehash`` package defines them, at a tenth of the cost.

A picture is represented by its ``small``: 64x64 bytes of grey, row by row.  Its codes are 32 bytes: the average,
perceptual (DCT), difference and wavelet (Haar) hash of ``small``, 8 bytes each, first bit first.

How the same bits come cheaper:

* Pillow's Lanczos reductions to 8x8, 9x8 and 32x32 are two passes of fixed-point arithmetic.  Its coefficients are
  read off Pillow itself once (``_Reduction``), then both passes are matrix products whose sums are exact integers.
* The average and the wavelet hash only compare sums of pixels, which are whole numbers; the difference hash compares
  pixels.
* The perceptual and the wavelet hash compare with a median.  Where the two middle values stand clearly apart, no
  rounding can change a bit.  Where they don't (flat, mirrored, tiled pictures), ``imagehash`` decides by the rounding
  errors of SciPy's and PyWavelets' arithmetic, and so that is followed rounding by rounding.

None of the three is loaded for it: the tests hold every bit against them.

Nothing here reads a file or knows what the hashes are used for.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import numpy.typing as npt
from PIL import Image

from image_sync.pictures.code_layout import CODE_BITS, CODE_BYTES, HASH_BITS, HASH_SIDE, SIDE, TURNS, Hash

Bytes = npt.NDArray[np.uint8]
Reals = npt.NDArray[np.float64]

_BATCH = 64
"""Smalls whose numbers fit into the processor's second cache together; more at once is slower again."""
_FIXED_POINT = 2.0**22
"""Pillow scales the coefficients of an 8-bit reduction by this (32 bits less 8 of the pixel and 2 of headroom)."""
_PROBE = 2**31 - 1
"""The brightest pixel of a 32-bit picture."""
_PROBE_ERROR = 0.0011
"""Half a step of the probed answer, in steps of the fixed point (2^22 / 2^31 / 2), and some more."""
_DCT_MARGIN = 1e-5
"""Two DCT values (at most 1.05e6, exact to about 1e-8) that differ by more than this differ whoever computes them; two
sums of pixels that differ by less are equal."""


def codes_of(small: bytes) -> bytes:
    """The codes of one ``small`` (4096 bytes); ValueError when it has another length."""
    pixels = np.frombuffer(small, np.uint8).reshape(1, SIDE, SIDE)
    return codes_of_many(pixels).tobytes()


def codes_of_many(smalls: Bytes) -> Bytes:
    """The codes, shape (n, 32), of many smalls, shape (n, 64, 64); the same bits as ``codes_of`` gives one by one."""
    if len(smalls) <= _BATCH:
        return _codes(smalls)
    return np.concatenate([_codes(smalls[start : start + _BATCH]) for start in range(0, len(smalls), _BATCH)])


def _codes(smalls: Bytes) -> Bytes:
    pixels = smalls.astype(np.float64)
    reduced8, reduced9, reduced32 = _reduced(smalls, pixels)
    count = len(smalls)
    bits = np.empty((count, len(Hash), HASH_BITS), np.bool_)
    flat8 = reduced8.reshape(count, HASH_BITS)
    np.greater(flat8, flat8.sum(axis=1, keepdims=True) / HASH_BITS, out=bits[:, Hash.AVERAGE])
    difference = bits[:, Hash.DIFFERENCE].reshape(count, HASH_SIDE, HASH_SIDE)
    np.greater(reduced9[:, :, 1:], reduced9[:, :, :-1], out=difference)
    by_median = _by_median(smalls, pixels, reduced32)
    bits[:, Hash.PERCEPTUAL], bits[:, Hash.WAVELET] = by_median[:, 0], by_median[:, 1]
    return np.packbits(bits.reshape(count, CODE_BITS), axis=1)


def similarity(codes_a: bytes, codes_b: bytes) -> float:
    """Mean over the hashes of 1 - Hamming distance / bits of a hash; 1.0 for equal codes."""
    return 1.0 - distance(codes_a, codes_b) / CODE_BITS


def distance(codes_a: bytes, codes_b: bytes) -> int:
    """In how many bits two codes differ."""
    return (int.from_bytes(codes_a, "big") ^ int.from_bytes(codes_b, "big")).bit_count()


def turned(small: bytes, turn: int) -> bytes:
    """``small`` (of any side) in position ``turn``: 0-3 turned clockwise by so many quarters, 4-7 mirrored left to
    right first."""
    side = math.isqrt(len(small))
    return _in_position(np.frombuffer(small, np.uint8).reshape(side, side), turn).tobytes()


def codes_of_turns(small: bytes) -> tuple[bytes, ...]:
    """The codes of ``small`` in all eight positions, in the order of ``turned``."""
    pixels = np.frombuffer(small, np.uint8).reshape(SIDE, SIDE)
    positions = np.stack([_in_position(pixels, turn) for turn in range(TURNS)])
    return tuple(code.tobytes() for code in codes_of_many(positions))


def turned_codes(small: bytes, turn: int) -> bytes:
    """The codes of ``small`` in position ``turn``."""
    return codes_of(turned(small, turn))


def codes_of_turns_of_many(smalls: Bytes) -> Bytes:
    """``codes_of_turns`` of many smalls (n, 64, 64) at once, as (n, 8, 32)."""
    codes = np.empty((len(smalls), TURNS, CODE_BYTES), np.uint8)
    for turn in range(TURNS):
        mirrored = smalls[:, :, ::-1] if turn >= 4 else smalls
        codes[:, turn] = codes_of_many(np.ascontiguousarray(np.rot90(mirrored, -(turn % 4), axes=(1, 2))))
    return codes


def inverse_turn(turn: int) -> int:
    """The position that undoes ``turn``: ``turned(turned(small, t), inverse_turn(t)) == small``."""
    return turn if turn >= 4 else -turn % 4


def _in_position(pixels: Bytes, turn: int) -> Bytes:
    if not 0 <= turn < TURNS:
        raise ValueError(f"a picture has the positions 0 to {TURNS - 1}, not {turn}")
    return np.rot90(pixels[:, ::-1] if turn >= 4 else pixels, -(turn % 4))


# --- Pillow's Lanczos reductions ----------------------------------------------------------------------------------


class _Reduction:
    """The coefficients with which this Pillow reduces 64 pixels to ``length`` ones, as a (64, length) matrix.

    A 32-bit picture of single bright pixels comes out as the coefficients times 2^31, so fine that their rounding to
    Pillow's 22 bits is certain; ``exact`` is False in the case that one lies too near to the middle to tell.
    """

    def __init__(self, length: int) -> None:
        probe = Image.fromarray(np.eye(SIDE, dtype=np.int32) * _PROBE)
        answer = np.asarray(probe.resize((length, SIDE), Image.Resampling.LANCZOS), dtype=np.float64)
        scaled = answer * (_FIXED_POINT / _PROBE)
        rounded = np.trunc(scaled + np.copysign(0.5, scaled))
        self.exact = bool(np.all(np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) > _PROBE_ERROR))
        self.matrix: Reals = rounded / _FIXED_POINT


@functools.cache
def _coefficients() -> tuple[Reals, Reals, Reals] | None:
    """The matrices for all rows (64, 8 + 9 + 32) and for the columns (8, 64) and (32, 64); ``None`` when this Pillow
    computes in another way than is assumed here."""
    reductions = [_Reduction(length) for length in (8, 9, 32)]
    rows = np.ascontiguousarray(np.hstack([reduction.matrix for reduction in reductions]))
    columns8, columns32 = (np.ascontiguousarray(reductions[index].matrix.T) for index in (0, 2))
    matrices = (rows, columns8, columns32)
    exact = all(reduction.exact for reduction in reductions)
    return matrices if exact and _agrees_with_pillow(matrices) else None


def _agrees_with_pillow(matrices: tuple[Reals, Reals, Reals]) -> bool:
    noise = np.random.default_rng(20).integers(0, 256, (12, SIDE, SIDE), dtype=np.uint8)
    noise[6:] = np.where(noise[6:] < 128, 0, 255)
    return all(
        np.array_equal(ours, theirs)
        for ours, theirs in zip(
            _reduced_by_matrices(noise.astype(np.float64), matrices), _reduced_by_pillow(noise), strict=True
        )
    )


def _reduced(smalls: Bytes, pixels: Reals) -> tuple[Reals, Reals, Reals]:
    """Pillow's 8x8, 9x8 (nine columns) and 32x32 of each small, as whole numbers."""
    matrices = _coefficients()
    return _reduced_by_pillow(smalls) if matrices is None else _reduced_by_matrices(pixels, matrices)


def _reduced_by_matrices(pixels: Reals, matrices: tuple[Reals, Reals, Reals]) -> tuple[Reals, Reals, Reals]:
    rows, columns8, columns32 = matrices
    across = _rounded(pixels @ rows)
    coarse = _rounded(columns8 @ across[:, :, :17])
    return coarse[:, :, :8], coarse[:, :, 8:], _rounded(columns32 @ across[:, :, 17:])


def _rounded(sums: Reals) -> Reals:
    sums += 0.5
    np.floor(sums, out=sums)
    np.maximum(sums, 0.0, out=sums)
    np.minimum(sums, 255.0, out=sums)
    return sums


def _reduced_by_pillow(smalls: Bytes) -> tuple[Reals, Reals, Reals]:
    pictures = [Image.fromarray(small) for small in smalls]
    result = []
    for size in ((8, 8), (9, 8), (32, 32)):
        reduced = [np.asarray(picture.resize(size, Image.Resampling.LANCZOS), np.float64) for picture in pictures]
        result.append(np.stack(reduced) if reduced else np.empty((0, size[1], size[0])))
    return result[0], result[1], result[2]


# --- the two hashes that compare with a median ------------------------------------------------------------------------


def _cosines() -> Reals:
    """The first 8 of 32 rows of the DCT-II as SciPy scales it: 2 cos(pi k (2 n + 1) / 64)."""
    return 2.0 * np.cos(np.pi * np.arange(8)[:, None] * (2 * np.arange(32) + 1)[None, :] / 64)


_DCT = _cosines()
_DCT_COLUMNS = np.ascontiguousarray(_DCT.T)


_BLOCKS = np.kron(np.eye(8), np.ones((1, 8)))
_BLOCKS_COLUMNS = np.ascontiguousarray(_BLOCKS.T)


def _by_median(smalls: Bytes, pixels: Reals, reduced32: Reals) -> npt.NDArray[np.bool_]:
    """The bits of the perceptual and of the wavelet hash, shape (n, 2, 64).

    The Haar approximation of a block of 8x8 pixels is its sum less the mean's, so the sums give the wavelet's bits.
    """
    count = len(smalls)
    values = np.empty((count, 2, 64))
    values[:, 0] = (_DCT @ reduced32 @ _DCT_COLUMNS).reshape(count, 64)
    values[:, 1] = (_BLOCKS @ (pixels @ _BLOCKS_COLUMNS)).reshape(count, 64)
    ordered = np.sort(values, axis=2)
    low, high = ordered[:, :, 31], ordered[:, :, 32]
    bits = values > ((low + high) / 2)[:, :, None]
    for index, which in np.argwhere(high - low <= _DCT_MARGIN):
        exact = _approximation(smalls[index]) if which else _low_frequencies(reduced32[index])
        bits[index, which] = exact > np.median(exact)
    return bits


# --- SciPy's DCT arithmetic, rounding by rounding ---------------------------------------------------------------------

_TURNS_OF_DCT = np.array(
    [
        0.9987954562051724,
        0.9951847266721969,
        0.989176509964781,
        0.9807852804032304,
        0.970031253194544,
        0.9569403357322088,
        0.9415440651830208,
        0.9238795325112867,
        0.9039892931234433,
        0.881921264348355,
        0.8577286100002721,
        0.8314696123025452,
        0.8032075314806449,
        0.773010453362737,
        0.7409511253549591,
        0.7071067811865475,
        0.6715589548470183,
        0.6343932841636455,
        0.5956993044924332,
        0.5555702330196022,
        0.5141027441932217,
        0.47139673682599753,
        0.42755509343028203,
        0.38268343236508967,
        0.33688985339221994,
        0.2902846772544623,
        0.24298017990326393,
        0.19509032201612825,
        0.14673047445536164,
        0.09801714032956049,
        0.04906767432741799,
    ]
)
"""cos(pi k / 64) for k = 1 to 31 as SciPy has it: products of two rounded values, so one is off by a last bit."""


def _low_frequencies(reduced: Reals) -> Reals:
    """The 64 values whose order is the perceptual hash of a 32x32, with the very rounding errors of SciPy."""
    return _transformed(_transformed(reduced.T).T)[:8, :8].ravel()


def _transformed(rows: Reals) -> Reals:
    """The DCT-II of each row of 32 numbers, through the real FFT of as many that NumPy and SciPy have in common."""
    length = rows.shape[1]
    middle = length // 2
    folded = np.empty((len(rows), middle + 1), np.complex128)
    folded[:, 0], folded[:, middle] = 2 * rows[:, 0], 2 * rows[:, -1]
    odd, even = rows[:, 1:-1:2], rows[:, 2:-1:2]
    folded.real[:, 1:middle], folded.imag[:, 1:middle] = even + odd, even - odd
    waves = np.fft.irfft(folded, length, norm="forward")
    up, down = waves[:, 1:middle], waves[:, :middle:-1]
    ascending, descending = _TURNS_OF_DCT[: middle - 1], _TURNS_OF_DCT[length - 2 : middle - 1 : -1]
    one = ascending * down + descending * up
    other = ascending * up - descending * down
    result = np.empty_like(waves)
    result[:, 0], result[:, middle] = waves[:, 0], waves[:, middle] * _TURNS_OF_DCT[middle - 1]
    result[:, 1:middle], result[:, :middle:-1] = 0.5 * (one + other), 0.5 * (one - other)
    return result


# --- PyWavelets' Haar arithmetic, rounding by rounding ----------------------------------------------------------------

_HAAR = 0.7071067811865476
"""PyWavelets' Haar coefficient."""


def _approximation(small: Bytes) -> Reals:
    """The 64 values whose order is the wavelet hash, with the very rounding errors of PyWavelets.

    One picture in twenty has equal sums about the median.
    """
    approximation = small / 255.0
    details = []
    for _ in range(6):
        approximation, *rest = _split(approximation)
        details.append(rest)
    approximation = approximation * 0
    for rest in reversed(details):
        approximation = _joined(approximation, *rest)
    for _ in range(3):
        approximation = _split(approximation)[0]
    return approximation.ravel()


def _split(values: Reals) -> tuple[Reals, Reals, Reals, Reals]:
    scaled = values * _HAAR
    low, high = scaled[1::2] + scaled[::2], scaled[::2] - scaled[1::2]
    low *= _HAAR
    high *= _HAAR
    return (
        low[:, 1::2] + low[:, ::2],
        low[:, ::2] - low[:, 1::2],
        high[:, 1::2] + high[:, ::2],
        high[:, ::2] - high[:, 1::2],
    )


def _joined(low_low: Reals, low_high: Reals, high_low: Reals, high_high: Reals) -> Reals:
    low, high = _interleaved(low_low, low_high), _interleaved(high_low, high_high)
    return _interleaved(low.T, high.T).T


def _interleaved(low: Reals, high: Reals) -> Reals:
    low, high = low * _HAAR, high * _HAAR
    result = np.empty((low.shape[0], 2 * low.shape[1]))
    result[:, ::2] = low + high
    result[:, 1::2] = low - high
    return result
