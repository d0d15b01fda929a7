"""Index over the corners of all pictures: it proposes the pairs that have some in common, in one place.

Descriptors that agree in some bits chosen at random fall into one bucket (locality-sensitive hashing: Indyk and
Motwani, 1998); those of one bucket that are near in all their bits are a witness for their two pictures.  A witness
says how one picture would lie on the other, turned, scaled and moved; only witnesses that say the same count together
(Jégou, Douze and Schmid, "Hamming embedding and weak geometric consistency", 2008).  So many bits are chosen that a
bucket has few corners however many there are: the work grows hardly faster than the number of pictures.

Values in, values out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from image_sync.matching import features
from image_sync.matching.codes import Indexes

VERSION = 1
"""Raised whenever other pairs would be proposed."""
TABLES = 10
"""Choices of bits.  Of 900 parts and small copies of photos among 1,200 pictures 10 propose 92 of 100, 16 one more."""
BITS_MORE = 4
"""Bits by which a bucket's name is longer than what numbers all corners."""
FEWEST_BITS, MOST_BITS = 20, 30
NEIGHBOURS = 16
"""Corners of a bucket that each is compared with."""
NEAR = 24
"""Bits of 128 by which two corners of one place may differ: of such 9 in 10 do by less."""
VOTES = 6
"""Witnesses that must say the same."""
_SECTORS, _PLACES, _SCALES = 12, 64, 16
_SHIFTS = 2
_PLACE = 160.0
# Pixels, of a picture with ``features.LONG_SIDE``, within which two witnesses place it the same.
_TOGETHER = 1 << 21
_SEED = 7


class Described(NamedTuple):
    """Corners of some pictures one after another, ``owner`` (n,) telling whose each is, and the pictures' ``sizes``
    (pictures, 2) in the pixels in which they were described."""

    owner: NDArray[np.int32]
    words: NDArray[np.uint64]
    place: NDArray[np.float32]
    angle: NDArray[np.uint8]
    level: NDArray[np.uint8]
    sizes: NDArray[np.float32]


class Proposals(NamedTuple):
    """Pairs of pictures, ``first`` < ``second``, and how many witnesses each has."""

    first: Indexes
    second: Indexes
    votes: NDArray[np.int64]


def described(descriptions: Sequence[bytes], sizes: Sequence[tuple[int, int]]) -> Described:
    """The corners of pictures with these descriptions and (width, height)."""
    corners = [features.records(description) for description in descriptions]
    every = np.concatenate(corners) if corners else np.empty(0, features.RECORD)
    owner = np.repeat(np.arange(len(corners), dtype=np.int32), [len(one) for one in corners])
    shapes = np.array([features.shape_in_pixels(size) for size in sizes], np.float32).reshape(-1, 2)
    place = every["place"].astype(np.float32) / np.float32(65535) * shapes[owner]
    return Described(owner, features.words(every), place, every["angle"], every["level"], shapes)


def proposals(corners: Described, asked: Callable[[Indexes, Indexes], NDArray[np.bool_]]) -> Proposals:
    """The pairs with enough witnesses among those ``asked`` for, by both pictures; the same whatever else is there, as
    long as no bucket is full and the number of corners has as many digits."""
    chance = np.random.default_rng(_SEED)
    pieces = [_in_one_table(corners, chance, asked) for _ in range(TABLES)]
    count = max(len(corners.owner), 1)
    witnesses, _ = _counted(np.concatenate(pieces))
    one, other = witnesses // count, witnesses % count
    pictures = max(len(corners.sizes), 1)
    pair = corners.owner[one].astype(np.int64) * pictures + corners.owner[other]
    votes = _consistent(corners, one, other, pair)
    return Proposals(votes.first // pictures, votes.first % pictures, votes.votes)


def _counted(values: Indexes) -> tuple[Indexes, Indexes]:
    """The different values, ascending, and how often each is there; by sorting, which is faster here than hashing."""
    ordered = np.sort(values)
    begins = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, np.int64)
    return ordered[begins], np.diff(np.r_[begins, len(ordered)])


class _Votes(NamedTuple):
    first: Indexes
    votes: NDArray[np.int64]


def _in_one_table(
    corners: Described, chance: np.random.Generator, asked: Callable[[Indexes, Indexes], NDArray[np.bool_]]
) -> Indexes:
    """Pairs of near corners in one bucket, as first · n + second."""
    count = len(corners.owner)
    bits = int(np.clip(np.ceil(np.log2(max(count, 2))) + BITS_MORE, FEWEST_BITS, MOST_BITS))
    # All are drawn, so that the choice for fewer bits begins like that for more.
    names = _names(corners.words, chance.permutation(128)[:bits])
    order = np.argsort(names, kind="stable")
    names = names[order]
    words, owner = corners.words[order], corners.owner[order]
    found = []
    for step in range(1, NEIGHBOURS + 1):
        same = np.flatnonzero(names[step:] == names[:-step])
        if not len(same):
            break
        same = same[owner[same] != owner[same + step]]
        apart = np.bitwise_count(words[same] ^ words[same + step]).sum(axis=1)
        same = same[apart <= NEAR]
        same = same[asked(owner[same], owner[same + step])]
        one, other = order[same], order[same + step]
        # Sorting is stable: whose picture comes first comes first in its bucket.
        found.append(one * count + other)
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _names(words: NDArray[np.uint64], bits: Indexes) -> NDArray[np.uint32]:
    names = np.zeros(len(words), np.uint32)
    for bit in bits.tolist():
        names <<= np.uint32(1)
        names |= ((words[:, bit // 64] >> np.uint64(bit % 64)) & np.uint64(1)).astype(np.uint32)
    return names


def _consistent(corners: Described, one: Indexes, other: Indexes, pair: Indexes) -> _Votes:
    """The most witnesses of each pair that place it alike, of pairs that have enough."""
    found: list[_Votes] = []
    # Witnesses are in the order of the first corner, so that pairs stand together once they are sorted.
    order = np.argsort(pair, kind="stable")
    one, other, pair = one[order], other[order], pair[order]
    begins = np.flatnonzero(np.r_[True, np.diff(pair) != 0]) if len(pair) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[begins, len(pair)])
    enough = np.repeat(sizes >= VOTES, sizes)
    one, other, pair = one[enough], other[enough], pair[enough]
    start = 0
    while start < len(pair):
        end = min(start + _TOGETHER, len(pair))
        while end < len(pair) and pair[end] == pair[end - 1]:
            end += 1
        found.append(_most(pair[start:end], _lies(corners, one[start:end], other[start:end])))
        start = end
    if not found:
        return _Votes(np.empty(0, np.int64), np.empty(0, np.int64))
    return _Votes(*map(np.concatenate, zip(*found, strict=True)))


def _lies(corners: Described, one: Indexes, other: Indexes) -> NDArray[np.float32]:
    """Map of the first picture onto the second by each witness, (n, 4): turned (in sectors), scaled (in doublings), and
    where its middle comes to lie."""
    angle = ((corners.angle[other].astype(np.int16) - corners.angle[one]) % features.ANGLES).astype(np.float32)
    turn = angle * np.float32(2 * np.pi / features.ANGLES)
    doublings = (corners.level[other].astype(np.float32) - corners.level[one]) * np.float32(
        np.log2(features.LEVEL_STEP)
    )
    scale = np.exp2(doublings)
    x, y = (corners.sizes[corners.owner[one]] / 2 - corners.place[one]).T
    middle_x = corners.place[other, 0] + scale * (np.cos(turn) * x - np.sin(turn) * y)
    middle_y = corners.place[other, 1] + scale * (np.sin(turn) * x + np.cos(turn) * y)
    sector = angle * np.float32(_SECTORS / features.ANGLES)
    return np.stack((sector, doublings, middle_x / _PLACE, middle_y / _PLACE), axis=1)


def _most(pair: Indexes, lies: NDArray[np.float32]) -> _Votes:
    """The most witnesses of each pair in one bin; bins lie in two ways each, so that none falls between two."""
    pairs, members = _counted(pair)
    place = np.repeat(np.arange(len(pairs)), members)
    most = np.zeros(len(pairs), np.int64)
    for turned in range(_SHIFTS):
        for moved in range(_SHIFTS):
            sector = np.floor(lies[:, 0] + turned / _SHIFTS).astype(np.int64) % _SECTORS
            scale = np.floor(lies[:, 1] + turned / _SHIFTS + _SCALES // 2).astype(np.int64).clip(0, _SCALES - 1)
            bins = place * _SECTORS * _SCALES + sector * _SCALES + scale
            for axis in (2, 3):
                at = np.floor(lies[:, axis] + moved / _SHIFTS + _PLACES // 4).astype(np.int64).clip(0, _PLACES - 1)
                bins = bins * _PLACES + at
            filled, counts = _counted(bins)
            np.maximum.at(most, filled // (_SECTORS * _SCALES * _PLACES * _PLACES), counts)
    enough = most >= VOTES
    return _Votes(pairs[enough], most[enough])
