"""The search finds exactly the pairs that brute force finds, in pieces, and can be stopped."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from image_sync.base.control import Control
from image_sync.base.model import Stopped
from image_sync.matching import blocks, crowds, leaf_index, search
from image_sync.matching.search import Pairs
from image_sync.matching.search_bounds import search_bounds

Codes = NDArray[np.uint8]
Triples = list[tuple[int, int, int]]


def random_codes(count: int, seed: int) -> Codes:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def clustered_codes(count: int, centres: int, flips: int, seed: int) -> Codes:
    """Codes that are those of a few centres with up to ``flips`` bits flipped: near and equal pairs in plenty."""
    generator = np.random.default_rng(seed)
    bits = np.unpackbits(random_codes(centres, seed), axis=1)[generator.integers(0, centres, count)]
    for row in bits:
        row[generator.integers(0, 256, generator.integers(0, flips + 1))] ^= 1
    return np.packbits(bits, axis=1)


codes_of_all_kinds = st.one_of(
    st.builds(random_codes, st.integers(0, 40), st.integers(0, 999)),
    st.builds(clustered_codes, st.integers(0, 40), st.integers(1, 5), st.integers(0, 60), st.integers(0, 999)),
)
radii = st.integers(0, 256)


def distances(codes_a: Codes, codes_b: Codes) -> NDArray[np.int64]:
    bits_a, bits_b = (np.unpackbits(codes, axis=1).astype(np.int64) for codes in (codes_a, codes_b))
    return bits_a @ (1 - bits_b).T + (1 - bits_a) @ bits_b.T


def triples(pieces: Iterable[Pairs]) -> Triples:
    """All pairs, sorted; one that came twice is there twice."""
    return sorted(
        (int(i), int(j), int(d)) for piece in pieces for i, j, d in zip(*(part.tolist() for part in piece), strict=True)
    )


def by_brute_force(codes: Codes, radius: int) -> Triples:
    table = distances(codes, codes)
    return [
        (i, j, int(table[i, j])) for i in range(len(codes)) for j in range(i + 1, len(codes)) if table[i, j] <= radius
    ]


def any_patterns(codes: Codes) -> NDArray[np.float32]:
    """Two patterns of no meaning: the search must be exact with any."""
    return np.random.default_rng(len(codes)).choice((-1, 1), (2, 256)).astype(np.float32)


@contextmanager
def small_blocks() -> Iterator[None]:
    """Blocks and leaves so small that a few dozen codes cross all their borders, and nothing is too few to arrange."""
    with (
        patch.multiple(blocks, LEAF=3, COLUMNS=5, ROOM=40),
        patch.multiple(leaf_index, LEAF=3, _FEWEST=4, _CHUNK=7),
        patch.multiple(search, LEAF=3, _PIECE=37, _FEW=0, patterns_of=any_patterns),
        patch.multiple(crowds, PIECE=11),
    ):
        yield


kernels = pytest.mark.parametrize(
    "accelerated",
    [
        False,
        pytest.param(True, marks=pytest.mark.skipif(not blocks.accelerator_there(), reason="faiss is not installed")),
    ],
    ids=["numpy", "faiss"],
)


@kernels
@settings(deadline=None)
@given(codes=codes_of_all_kinds, radius=radii)
def test_all_pairs_are_found_once(codes: Codes, radius: int, accelerated: bool) -> None:
    with small_blocks():
        found = triples(search.pairs_within(codes, radius, workers=2, accelerated=accelerated))
    assert found == by_brute_force(codes, radius)


def between_by_brute_force(codes_a: Codes, codes_b: Codes, radius: int) -> Triples:
    table = distances(codes_a, codes_b)
    return [(int(i), int(j), int(table[i, j])) for i, j in zip(*np.nonzero(table <= radius), strict=True)]


@pytest.mark.slow
@kernels
@settings(deadline=None)
@given(codes_a=codes_of_all_kinds, codes_b=codes_of_all_kinds, radius=radii)
def test_all_pairs_between_two_sets_are_found_once(
    codes_a: Codes, codes_b: Codes, radius: int, accelerated: bool
) -> None:
    with small_blocks():
        found = triples(search.pairs_between(codes_a, codes_b, radius, workers=2, accelerated=accelerated))
    assert found == between_by_brute_force(codes_a, codes_b, radius)


@settings(deadline=None)
@given(codes_of_all_kinds, codes_of_all_kinds, radii)
def test_a_few_are_compared_with_many_as_they_stand(codes_a: Codes, codes_b: Codes, radius: int) -> None:
    with small_blocks(), patch.object(search, "_FEW", 40), patch.object(search, "leaf_index_of", None):
        assert triples(search.pairs_between(codes_a, codes_b, radius)) == between_by_brute_force(
            codes_a, codes_b, radius
        )


@settings(deadline=None)
@given(codes_of_all_kinds, codes_of_all_kinds, radii, st.integers(1, 4))
def test_of_crowds_in_two_sets_only_pairs_with_one_of_the_first_come(
    codes_a: Codes, codes_b: Codes, radius: int, crowd: int
) -> None:
    place_a, place_b = places_in_crowds(codes_a), places_in_crowds(codes_b)
    wanted = [
        pair
        for pair in between_by_brute_force(codes_a, codes_b, radius)
        if min(place_a[pair[0]], place_b[pair[1]]) < crowd
    ]
    with small_blocks():
        assert triples(search.pairs_between(codes_a, codes_b, radius, crowd=crowd)) == wanted


def places_in_crowds(codes: Codes) -> list[int]:
    """How many equal codes stand before each."""
    seen: Counter[bytes] = Counter()
    result = []
    for code in codes:
        result.append(seen[code.tobytes()])
        seen[code.tobytes()] += 1
    return result


@pytest.mark.slow
@kernels
@settings(deadline=None)
@given(codes=codes_of_all_kinds, radius=radii)
def test_a_nearly_exact_search_finds_nothing_else(codes: Codes, radius: int, accelerated: bool) -> None:
    with small_blocks():
        found = triples(search.pairs_within(codes, radius, exact=False, accelerated=accelerated))
    wanted = by_brute_force(codes, radius)
    assert set(found) <= set(wanted)
    assert len(found) == len(set(found))


def planted(count: int, seed: int) -> tuple[Codes, int]:
    """Codes that vary along a few directions as those of photos do, and how many of the last are each near to one of
    the first: 1 to 38 bits apart, in turn."""
    generator = np.random.default_rng(seed)
    directions = generator.normal(size=(12, 256)) * np.linspace(1.0, 0.4, 12)[:, None]
    codes = generator.normal(size=(count, 12)) @ directions + 1.5 * generator.normal(size=(count, 256)) > 0
    near = codes[: count // 4].copy()
    for place, code in enumerate(near):
        code[generator.choice(256, 1 + place % 38, replace=False)] ^= True
    return np.packbits(np.concatenate((codes, near)), axis=1), len(near)


@pytest.mark.parametrize("radius", range(0, 129, 4))
def test_the_reach_is_never_wider_than_what_is_asked_for_nor_hopelessly_wide(radius: int) -> None:
    exact, nearly = search_bounds(radius, exact=True), search_bounds(radius, exact=False)
    assert exact.slack == exact.limit == exact.radius == nearly.radius == radius
    assert nearly.slack <= radius
    assert not exact.either
    assert nearly.limit <= (40 if nearly.either else radius)


@pytest.mark.slow
@kernels
def test_a_nearly_exact_search_loses_one_pair_of_a_thousand_at_most(accelerated: bool) -> None:
    codes, near = planted(16_000, 1)
    exact = set(triples(search.pairs_within(codes, 38, accelerated=accelerated)))
    nearly = set(triples(search.pairs_within(codes, 38, exact=False, accelerated=accelerated)))
    assert len(exact) >= near
    assert nearly <= exact
    assert len(nearly) >= 0.999 * len(exact)


@settings(deadline=None)
@given(codes_of_all_kinds, radii, st.integers(1, 6))
def test_of_a_crowd_only_pairs_with_one_of_its_first_come(codes: Codes, radius: int, crowd: int) -> None:
    place = places_in_crowds(codes)
    wanted = [pair for pair in by_brute_force(codes, radius) if min(place[pair[0]], place[pair[1]]) < crowd]
    with small_blocks():
        assert triples(search.pairs_within(codes, radius, crowd=crowd, workers=2)) == wanted


@pytest.mark.slow
@kernels
def test_blocks_leaves_and_patterns_of_the_real_size(accelerated: bool) -> None:
    codes = clustered_codes(2 * blocks.COLUMNS + 900, 2500, 40, 3)
    words = codes.view(np.uint64)
    wanted = []
    for i, word in enumerate(words):
        near = np.bitwise_count(words[i + 1 :] ^ word).sum(axis=1, dtype=np.uint16)
        wanted += [(i, i + 1 + int(j), int(near[j])) for j in np.flatnonzero(near <= 20)]
    assert len(wanted) > 1000
    assert triples(search.pairs_within(codes, 20, accelerated=accelerated)) == wanted


def test_patterns_spread_the_counts_of_codes_that_vary_along_them() -> None:
    generator = np.random.default_rng(0)
    agrees = generator.random((3000, 256)) < 0.5 + 0.3 * np.sign(generator.normal(size=(3000, 1)))
    pattern = generator.choice((-1, 1), 256)
    codes = np.packbits(agrees == (pattern > 0), axis=1)
    found = leaf_index.patterns_of(codes)
    assert abs(found[0] @ pattern) > 250
    order = leaf_index.leaf_index_of(codes, found)
    assert sorted(order.index.tolist()) == list(range(3000))
    assert np.array_equal(order.words[: len(codes)], codes[order.index].view(np.uint64))
    counts = order.counts[0]
    assert np.ptp(counts) > 100
    assert np.median(np.ptp(counts, axis=1)) < 15
    assert (counts.min(axis=1) == order.low[0]).all()
    assert (counts.max(axis=1) == order.high[0]).all()


def test_the_pieces_come_in_the_same_order_whatever_the_threads_do() -> None:
    codes = clustered_codes(300, 9, 50, 1)
    with small_blocks():
        alone, many = (list(search.pairs_within(codes, 60, workers=workers)) for workers in (1, 4))
    assert len(alone) > 10
    assert all(
        np.array_equal(one, other) for a, b in zip(alone, many, strict=True) for one, other in zip(a, b, strict=True)
    )


def test_a_flood_of_equal_codes_is_bounded() -> None:
    count, crowd = 30_000, 20
    codes = np.repeat(random_codes(1, 5), count, axis=0)
    pieces = list(search.pairs_within(codes, 38, crowd=crowd))
    assert sum(len(piece.first) for piece in pieces) == crowd * (crowd - 1) // 2 + crowd * (count - crowd)
    assert max(len(piece.first) for piece in pieces) <= crowds.PIECE
    assert set(np.unique(np.concatenate([piece.first for piece in pieces]))) == set(range(crowd))


@pytest.mark.parametrize(
    "codes", [random_codes(0, 0), random_codes(1, 0), random_codes(500, 0), clustered_codes(500, 3, 0, 0)]
)
@pytest.mark.parametrize("crowd", [None, 4])
def test_progress_adds_up_to_the_number_of_codes(codes: Codes, crowd: int | None) -> None:
    told: list[int] = []
    with small_blocks():
        for _ in search.pairs_within(codes, 10, advance=told.append, crowd=crowd):
            pass
    assert sum(told) == len(codes)
    assert all(share > 0 for share in told)


@pytest.mark.parametrize("few", [0, 100])
def test_progress_between_two_sets_counts_the_first(few: int) -> None:
    told: list[int] = []
    with small_blocks(), patch.object(search, "_FEW", few), patch.object(blocks, "ROOM", 400):
        list(search.pairs_between(random_codes(70, 0), random_codes(90, 1), 256, advance=told.append))
    assert sum(told) == 70
    assert len(told) > 5


def test_a_stop_ends_the_search_and_its_threads() -> None:
    control = Control()
    before = threading.active_count()
    seen = 0
    with small_blocks(), pytest.raises(Stopped):
        for _ in search.pairs_within(random_codes(400, 0), 256, control=control, workers=2):
            seen += 1
            if seen == 3:
                control.stop()
    assert seen < 20
    assert threading.active_count() == before


def test_a_stop_is_heeded_while_a_crowd_is_written_out() -> None:
    control = Control()
    pieces = search.pairs_within(np.repeat(random_codes(1, 5), 200, axis=0), 0, control=control, crowd=10)
    with small_blocks(), pytest.raises(Stopped):
        next(pieces)
        control.stop()
        next(pieces)


@pytest.mark.parametrize("shape", [(3, 31), (96,), (3, 33)])
def test_codes_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        list(search.pairs_within(np.zeros(shape, np.uint8), 3))


@pytest.mark.parametrize("percent", range(50, 100))
def test_the_radius_is_the_largest_that_keeps_the_threshold(percent: int) -> None:
    radius = search.radius_for(percent / 100)
    assert 1 - Fraction(radius, 256) >= Fraction(percent, 100) > 1 - Fraction(radius + 1, 256)


def test_the_default_threshold_is_38_of_256_bits() -> None:
    assert search.radius_for(0.85) == 38


def test_faiss_compares_when_it_is_there_and_there_is_much_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[bool] = []
    monkeypatch.setattr(blocks, "FaissKernel", lambda *of: chosen.append(True) or blocks.NumpyKernel(*of))
    monkeypatch.setattr(blocks, "_MANY", 300)
    for there in (True, False):
        monkeypatch.setattr(blocks, "accelerator_there", lambda there=there: there)
        for count in (200, 400):
            list(search.pairs_within(random_codes(count, 0), 3))
    assert chosen == [True]


def test_a_faiss_that_does_not_load_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)
    assert not blocks.accelerator_there.__wrapped__()
