"""The distance of two codes, whatever the number of hashes that they are made of."""

from __future__ import annotations

import numpy as np
import pytest

from image_sync.matching import codes
from image_sync.pictures import hashes
from image_sync.pictures.code_layout import CODE_BITS, CODE_BYTES, HASH_BITS, TELLING, Hash


def words(number: int, count: int, seed: int) -> codes.Words:
    return np.random.default_rng(seed).integers(0, 2**64, (count, number), dtype=np.uint64)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 8])
def test_the_distance_is_summed_over_all_hashes(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "Hash", range(number))
    one, other = words(number, 500, 1), words(number, 500, 2)
    one[0], other[0] = 0, 2**64 - 1
    wanted = [
        sum((int(a) ^ int(b)).bit_count() for a, b in zip(*pair, strict=True)) for pair in zip(one, other, strict=True)
    ]
    assert codes.distances(one, other).tolist() == wanted
    assert wanted[0] == number * HASH_BITS


def test_the_layout_fits_together() -> None:
    assert [each.value for each in Hash] == list(range(len(Hash)))
    assert CODE_BYTES * 8 == CODE_BITS == len(Hash) * HASH_BITS
    assert len(set(TELLING)) == 2
    small = np.random.default_rng(3).integers(0, 256, 64 * 64, dtype=np.uint8).tobytes()
    assert len(hashes.codes_of(small)) == CODE_BYTES
