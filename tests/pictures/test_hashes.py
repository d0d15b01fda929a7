"""The codes are those of the ``imagehash`` package, bit for bit, whatever the picture."""

from __future__ import annotations

import platform

import imagehash
import numpy as np
import numpy.typing as npt
import pytest
import pywt
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import fftpack

from image_sync.pictures import hashes
from image_sync.pictures.hashes import (
    SIDE,
    TURNS,
    codes_of,
    codes_of_many,
    codes_of_turns,
    codes_of_turns_of_many,
    distance,
    inverse_turn,
    similarity,
    turned,
)
from tests.pictures_made import scene

Bytes = npt.NDArray[np.uint8]
STEPS = np.arange(SIDE)

fused = pytest.mark.skipif(
    platform.machine().lower() not in ("x86_64", "amd64"),
    reason="elsewhere the libraries may be built with fused operations; ours gives the bits of x86-64 everywhere",
)
"""What holds to the last bit where a product and a sum are two roundings."""


def by_imagehash(small: Bytes) -> bytes:
    picture = Image.fromarray(small)
    functions = (imagehash.average_hash, imagehash.phash, imagehash.dhash, imagehash.whash)
    return np.packbits(np.concatenate([function(picture).hash.ravel() for function in functions])).tobytes()


def small_scene(seed: int) -> Bytes:
    return np.asarray(scene(seed).convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def flat(value: int) -> Bytes:
    return np.full((SIDE, SIDE), value, np.uint8)


def noise(seed: int, levels: int = 256) -> Bytes:
    return np.random.default_rng(seed).integers(0, levels, (SIDE, SIDE), dtype=np.uint8)


def mirrored(seed: int) -> Bytes:
    half = noise(seed)[:, : SIDE // 2]
    return np.hstack([half, half[:, ::-1]])


HARD = {
    **{f"flat {value}": flat(value) for value in (0, 1, 2, 7, 85, 100, 127, 128, 170, 200, 254, 255)},
    "gradient across": np.tile((STEPS * 4).astype(np.uint8), (SIDE, 1)),
    "gradient down": np.tile((STEPS * 4).astype(np.uint8)[:, None], (1, SIDE)),
    "gradient back": np.tile((255 - STEPS * 4).astype(np.uint8), (SIDE, 1)),
    "gradient aslant": ((STEPS[:, None] + STEPS) * 2).astype(np.uint8),
    "faint gradient": (120 + (STEPS[:, None] + STEPS) // 32).astype(np.uint8),
    "checks of 1": ((STEPS[:, None] + STEPS) % 2 * 255).astype(np.uint8),
    "checks of 4": ((STEPS[:, None] // 4 + STEPS // 4) % 2 * 255).astype(np.uint8),
    "checks of 8": ((STEPS[:, None] // 8 + STEPS // 8) % 2 * 255).astype(np.uint8),
    "checks of 32": ((STEPS[:, None] // 32 + STEPS // 32) % 2 * 255).astype(np.uint8),
    "half black": np.where(STEPS < SIDE // 2, 0, 255)[None, :].repeat(SIDE, 0).astype(np.uint8),
    "one bright pixel": np.where((STEPS[:, None] == 30) & (STEPS == 31), 255, 0).astype(np.uint8),
    "one dark pixel": np.where((STEPS[:, None] == 0) & (STEPS == 63), 0, 255).astype(np.uint8),
    "rings": (128 + 127 * np.cos(np.hypot(STEPS[:, None] - 31.5, STEPS - 31.5))).astype(np.uint8),
    **{f"noise {seed}": noise(seed) for seed in range(20)},
    **{f"two levels {seed}": noise(seed, 2) for seed in range(10)},
    **{f"hard black and white {seed}": noise(seed, 2) * 255 for seed in range(10)},
    **{f"mirrored {seed}": mirrored(seed) for seed in range(10)},
    **{f"mirrored both ways {seed}": np.vstack([m := mirrored(seed)[:32], m[::-1]]) for seed in range(5)},
    **{f"blocks {seed}": np.kron(noise(seed)[:8, :8], np.ones((8, 8), np.uint8)) for seed in range(10)},
    **{f"tiles {seed}": np.tile(noise(seed)[:16, :16], (4, 4)) for seed in range(5)},
    **{f"nearly flat {seed}": flat(90) + (noise(seed) > 250) for seed in range(10)},
    **{f"scene {seed}": small_scene(seed) for seed in range(40)},
}


@pytest.mark.parametrize("name", HARD)
def test_codes_equal_imagehash(name: str) -> None:
    small = np.ascontiguousarray(HARD[name], np.uint8)
    assert codes_of(small.tobytes()) == by_imagehash(small)


grids = st.sampled_from([1, 2, 4, 8, 16, 64])


@st.composite
def smalls(draw: st.DrawFn) -> Bytes:
    """Pictures from a few values in blocks: where ties with the median are the rule."""
    side = draw(grids)
    values = st.lists(st.integers(0, 255), min_size=1, max_size=4)
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cells = generator.choice(np.array(draw(values), np.uint8), (side, side))
    small = np.kron(cells, np.ones((SIDE // side, SIDE // side), np.uint8))
    if draw(st.booleans()):
        small = np.minimum(small, small[:, ::-1])
    return np.ascontiguousarray(small, np.uint8)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(smalls())
def test_codes_equal_imagehash_where_ties_are_the_rule(small: Bytes) -> None:
    assert codes_of(small.tobytes()) == by_imagehash(small)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 256), st.integers(2, SIDE))
def test_codes_equal_imagehash_for_any_smoothness_and_contrast(seed: int, levels: int, cells: int) -> None:
    grid = np.random.default_rng(seed).integers(0, levels, (cells, cells), dtype=np.uint8)
    small = np.asarray(Image.fromarray(grid).resize((SIDE, SIDE), Image.Resampling.BICUBIC))
    assert codes_of(small.tobytes()) == by_imagehash(small)


def test_the_fast_way_is_the_one_in_use() -> None:
    """With this Pillow; elsewhere Pillow itself would be asked, which is slower only."""
    assert hashes._coefficients() is not None


def test_without_the_fast_way_the_bits_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = np.stack([np.ascontiguousarray(small, np.uint8) for small in HARD.values()])
    fast = codes_of_many(pictures)
    monkeypatch.setattr(hashes, "_coefficients", lambda: None)
    assert np.array_equal(codes_of_many(pictures), fast)


def halves(name: str) -> npt.NDArray[np.float64]:
    picture = Image.fromarray(np.ascontiguousarray(HARD[name], np.uint8))
    return np.asarray(picture.resize((32, 32), Image.Resampling.LANCZOS), np.float64)


@fused
@pytest.mark.parametrize("name", HARD)
def test_the_dct_is_that_of_scipy_to_the_last_bit(name: str) -> None:
    reduced = halves(name)
    expected = fftpack.dct(fftpack.dct(reduced, axis=0), axis=1)[:8, :8].ravel()
    assert np.array_equal(hashes._low_frequencies(reduced), expected)


@fused
@pytest.mark.parametrize("name", HARD)
def test_the_haar_values_are_those_of_pywavelets_to_the_last_bit(name: str) -> None:
    small = np.ascontiguousarray(HARD[name], np.uint8)
    coefficients = list(pywt.wavedec2(small / 255.0, "haar", level=6))
    coefficients[0] = coefficients[0] * 0
    restored = pywt.waverec2(coefficients, "haar")
    expected = np.asarray(pywt.wavedec2(restored, "haar", level=3)[0], np.float64).ravel()
    assert np.array_equal(hashes._approximation(small), expected)


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    pictures = np.stack([np.ascontiguousarray(small, np.uint8) for small in HARD.values()] * 2)
    assert len(pictures) > 2 * hashes._BATCH
    assert [row.tobytes() for row in codes_of_many(pictures)] == [codes_of(small.tobytes()) for small in pictures]
    assert codes_of_many(pictures[:0]).shape == (0, 32)


def test_a_small_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        codes_of(bytes(100))


# --- positions --------------------------------------------------------------------------------------------------------


def test_positions_are_what_they_are_said_to_be() -> None:
    small = noise(3)
    picture = Image.fromarray(small)
    flipped = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    clockwise = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
    for turn in range(TURNS):
        start = flipped if turn >= 4 else picture
        move = clockwise[turn % 4]
        expected = start if move is None else start.transpose(move)
        assert turned(small.tobytes(), turn) == expected.tobytes()


def test_all_eight_positions_differ_and_each_has_its_way_back() -> None:
    small = noise(4).tobytes()
    positions = [turned(small, turn) for turn in range(TURNS)]
    assert len(set(positions)) == TURNS
    assert [turned(position, inverse_turn(turn)) for turn, position in enumerate(positions)] == [small] * TURNS


def test_codes_of_turns_are_the_codes_of_the_turned() -> None:
    small = small_scene(5).tobytes()
    assert codes_of_turns(small) == tuple(codes_of(turned(small, turn)) for turn in range(TURNS))


def test_codes_of_turns_are_the_same_for_many_at_once() -> None:
    smalls = [small_scene(5), noise(4), small_scene(6)]
    many = codes_of_turns_of_many(np.stack(smalls))
    assert [tuple(code.tobytes() for code in codes) for codes in many] == [
        codes_of_turns(small.tobytes()) for small in smalls
    ]


@pytest.mark.parametrize("turn", [-1, 8])
def test_there_are_no_more_positions(turn: int) -> None:
    with pytest.raises(ValueError, match="positions"):
        turned(bytes(SIDE * SIDE), turn)


# --- similarity -------------------------------------------------------------------------------------------------------


def test_similarity_is_the_mean_over_the_four_hashes() -> None:
    first, second = by_imagehash(small_scene(1)), by_imagehash(small_scene(2))
    parts = [
        1 - np.count_nonzero(np.unpackbits(one) != np.unpackbits(two)) / 64
        for one, two in zip(*(np.frombuffer(codes, np.uint8).reshape(4, 8) for codes in (first, second)), strict=True)
    ]
    assert similarity(first, second) == pytest.approx(sum(parts) / 4, abs=1e-12)
    assert similarity(first, first) == 1.0
    assert similarity(bytes(32), b"\xff" * 32) == 0.0
    assert distance(bytes(32), bytes(31) + b"\x81") == 2
