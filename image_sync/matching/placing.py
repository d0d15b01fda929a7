"""Placing of one picture on another by local features: a part of it, or a small copy within it, turned or at an angle.

The corners of two pictures propose maps (``maps``), from the tellingest to the simplest; what lies over one another
under a map is compared block by block, as ``overlap`` does for all edited pictures (``placed``).  One of the two must
lie in the other wholly, as a crop lies in its whole and a picture in the story around it.  Which of the two it is
shows at the edges: around a crop the scene goes on, around a picture that was put into something there is a seam.  In
a collage pictures are cut to their places; so where the whole of a picture is not there, its place is looked for
between seams.

Needs OpenCV.  Nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from image_sync.matching import cells, detail, difference, features, overlap, parts, seams
from image_sync.matching.threshold import rigour_of
from image_sync.pictures.code_layout import SIDE

Grey = NDArray[np.uint8]
Colour = NDArray[np.uint8]
Matrix = NDArray[np.floating[Any]]
Size = tuple[int, int]

VERSION = 2
"""Raised whenever a pair would get another verdict."""
WITNESSES_MANY, WITNESSES_FEW = 12, 8
"""Corners that must agree on a map in perspective, and on one that only turns, scales and moves."""
COVERED = 0.9
"""Share of one of the two that must lie on the other; where it is cut to a place, of that place."""
AS_MUCH = 0.06
"""Share of the area by which a part must be smaller to show less."""
LEAST_SIDE, LEAST_AREA = 40.0, 1 / 40
"""Pixels of a placed picture's sides, and its share of the other's area, from which on its blocks say something."""
LEAST_LEFT = 0.4
"""Share of a picture that must be left where it is cut to its place in a collage."""
PLAIN = 0.97
"""Share of what is around that must be plain for it to be a frame; a page of text with a picture has less."""
_EDGE = 7
_REACH_MANY, _REACH_FEW = 3.0, 4.0
_MOST_BENT, _MOST_STRETCHED = 2.0, 1.6
# How unlike opposite sides may be, and how much more one side may be scaled than the other.
_SAMPLED = 2 * SIDE
LEAST_AT_ONCE = 0.2
"""Share of the blocks that must agree as the corners lay them over one another."""
_SEAM = 2.0
# Pixels beside a seam that have some of what is beyond.
_STRIP, _GOES_ON = 12.0, 0.4
# Pixels of what is cut off a side that says something, and the share of it that agrees where a scene goes on.
_TURNED = 6.0
# Degrees by which a picture in a collage may be turned.


class Relation(IntEnum):
    """Relation of two pictures that lie on one another."""

    ALIKE = 0
    """They show as much."""
    FIRST_PART = 1
    """The first is a part of what the second shows."""
    SECOND_PART = 2
    FIRST_HOLDS = 3
    """In the first, something else, the second is shown: a story, a collage, a photo of a print."""
    SECOND_HOLDS = 4
    FIRST_FRAMES = 5
    """The first is the second in a plain frame, and nothing more."""
    SECOND_FRAMES = 6
    MOVED = 7
    """They show one scene in which something moved."""

    @property
    def holds(self) -> bool:
        """Whether one is shown in the other, which is something else."""
        return self in (Relation.FIRST_HOLDS, Relation.SECOND_HOLDS)

    @property
    def swapped(self) -> Relation:
        """The relation with the second picture first."""
        return _SWAPPED.get(self, self)


_SWAPPED = {
    Relation.FIRST_PART: Relation.SECOND_PART,
    Relation.SECOND_PART: Relation.FIRST_PART,
    Relation.FIRST_HOLDS: Relation.SECOND_HOLDS,
    Relation.SECOND_HOLDS: Relation.FIRST_HOLDS,
    Relation.FIRST_FRAMES: Relation.SECOND_FRAMES,
    Relation.SECOND_FRAMES: Relation.FIRST_FRAMES,
}


class Guess(NamedTuple):
    """A map (3, 3) from the pixels of the first picture to those of the second, both as described, and the places
    (n, 2) in the second of the corners that agree on it."""

    matrix: Matrix
    witnesses: NDArray[np.float32]


class Placed(NamedTuple):
    """Verdict on two pictures: their ``score`` as ``overlap`` has it, how they lie, and by how many quarters the second
    must be turned clockwise to stand as the first."""

    score: float
    relation: Relation
    turn: int


def maps(first: bytes, second: bytes, sizes: tuple[Size, Size]) -> list[Guess]:
    """Maps on which corners of two descriptions agree, none when too few do; ``sizes`` are (width, height)."""
    import cv2

    one, other = features.records(first), features.records(second)
    if min(len(one), len(other)) < WITNESSES_FEW:
        return []
    pairs = features.alike(one, other)
    if len(pairs) < WITNESSES_FEW:
        return []
    start = features.in_pixels(one, sizes[0])[pairs[:, 0]]
    end = features.in_pixels(other, sizes[1])[pairs[:, 1]]
    cv2.setRNGSeed(0)
    found = list(_similarity(cv2, start, end))
    if found or len(pairs) >= 2 * WITNESSES_MANY:
        found = [*_perspective(cv2, start, end), *found]
    return [guess for guess in found if _is_sane(guess.matrix, sizes)]


def placed(first: Colour, second: Colour, guesses: list[Guess], threshold: float) -> Placed | None:
    """Place of two pictures, in RGB and as large as their descriptions have them, on one another; ``None`` where none
    of the maps shows one, at ``threshold``, or where it does and one part of them differs (``difference``)."""
    verdict, settled = None, False
    for guess in guesses:
        if not settled:
            whole = _whole(_grey(first), _grey(second), guess.matrix, threshold)
            settled = whole is not None
            verdict = whole and _as_it_differs(first, second, guess.matrix, whole, threshold)
        if verdict is not None and verdict.relation is not Relation.MOVED:
            break
        # Where all but a tenth of it is shown in a cell, something else lies there, and it seems to have moved.
        if _stands_straight(guess.matrix) and (cut := _in_a_cell(first, second, guess, threshold)):
            verdict = cut
            break
    return verdict and verdict._replace(score=round(verdict.score, 4))


def _grey(picture: Colour) -> Grey:
    import cv2

    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _as_it_differs(first: Colour, second: Colour, matrix: Matrix, verdict: Placed, threshold: float) -> Placed | None:
    """The verdict once the two were compared in detail, the outer one as the inner one shows it."""
    import cv2

    inner, outer, there = first, second, matrix
    if verdict.relation in (Relation.SECOND_PART, Relation.FIRST_HOLDS, Relation.FIRST_FRAMES):
        inner, outer, there = second, first, np.linalg.inv(matrix)
    height, width = inner.shape[:2]
    seen = cv2.warpPerspective(
        outer, there, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    said = difference.difference(inner, np.asarray(seen, np.uint8), rigour_of(threshold), edits=True)
    if said is difference.Difference.MOVED and not verdict.relation.holds:
        return verdict._replace(relation=Relation.MOVED)
    return verdict if said.is_same or said is difference.Difference.MOVED else None


# --- maps -------------------------------------------------------------------------------------------------------------


def _similarity(cv2: Any, start: NDArray[np.float32], end: NDArray[np.float32]) -> Iterator[Guess]:
    found, agree = cv2.estimateAffinePartial2D(
        start, end, method=cv2.RANSAC, ransacReprojThreshold=_REACH_FEW, maxIters=features.TRIES, confidence=0.995
    )
    if found is not None and int(agree.sum()) >= WITNESSES_FEW:
        yield Guess(np.vstack([found, [0, 0, 1]]), end[agree.ravel() > 0])


def _perspective(cv2: Any, start: NDArray[np.float32], end: NDArray[np.float32]) -> Iterator[Guess]:
    found, agree = cv2.findHomography(
        start, end, cv2.USAC_MAGSAC, _REACH_MANY, maxIters=features.TRIES, confidence=0.995
    )
    if found is not None and int(agree.sum()) >= WITNESSES_MANY:
        yield Guess(np.asarray(found, np.float64), end[agree.ravel() > 0])


def _is_sane(matrix: Matrix, sizes: tuple[Size, Size]) -> bool:
    """Whether a picture seen through the map is still a picture: no side crosses another or is much unlike its
    opposite."""
    shape = features.shape_in_pixels(sizes[0])
    sides = np.roll(corners := corners_of(matrix, shape), -1, axis=0) - corners
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    if not (turns > 0).all():
        return False
    lengths = np.linalg.norm(sides, axis=1)
    bent = max(float(np.exp(abs(np.log(lengths[k] / lengths[k + 2])))) for k in (0, 1))
    across, down = (lengths[0] + lengths[2]) / shape[0], (lengths[1] + lengths[3]) / shape[1]
    stretched = max(across / down, down / across)
    scale = max(1.0, 1 / ((across + down) / 4))
    return bool(lengths.min() * scale >= LEAST_SIDE and bent <= _MOST_BENT and stretched <= _MOST_STRETCHED)


def corners_of(matrix: Matrix, shape: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Corners of a picture of this (width, height) as they come to lie, (4, 2), clockwise from the upper left."""
    width, height = (float(side) for side in shape)
    corners = np.array([(0, 0, 1), (width, 0, 1), (width, height, 1), (0, height, 1)])
    there = corners @ matrix.T
    return there[:, :2] / there[:, 2:]


# --- the whole of one in the other ------------------------------------------------------------------------------------


def _whole(first: Grey, second: Grey, matrix: Matrix, threshold: float) -> Placed | None:
    """The verdict where one of the two lies wholly in the other."""
    there = corners_of(matrix, np.array(first.shape[::-1]))
    back = np.linalg.inv(matrix)
    home = corners_of(back, np.array(second.shape[::-1]))
    inside, outside = _inside(there, second.shape), _inside(home, first.shape)
    if max(inside, outside) < COVERED:
        return None
    if inside >= outside:
        score = _score(_seen(first, np.eye(3), first.shape), _seen(second, matrix, first.shape), threshold)
    else:
        score = _score(_seen(first, back, second.shape), _seen(second, np.eye(3), second.shape), threshold)
    if not score:
        return None
    if abs(inside - outside) < AS_MUCH:
        relation = Relation.ALIKE
    else:
        relation = _surrounded(second, there) if inside > outside else _surrounded(first, home).swapped
    return Placed(score, relation, _turn(there))


def _surrounded(outer: Grey, corners: NDArray[np.float64]) -> Relation:
    """Relation of a first picture, whose corners lie there, to the second, the outer one."""
    if not seams.around(outer, corners):
        return Relation.FIRST_PART
    return Relation.SECOND_FRAMES if _is_plain_around(outer, corners) else Relation.SECOND_HOLDS


def _is_plain_around(outer: Grey, corners: NDArray[np.float64]) -> bool:
    """Whether there is nothing but a plain ground around."""
    import cv2

    inside = np.zeros(outer.shape, np.uint8)
    cv2.fillConvexPoly(inside, np.rint(corners).astype(np.int32), 1)
    around = outer[cv2.dilate(inside, np.ones((_EDGE, _EDGE), np.uint8)) == 0].astype(np.int16)
    if not len(around):
        return False
    return bool((np.abs(around - np.median(around)) <= parts.PLAIN_LEVELS).mean() >= PLAIN)


def _inside(corners: NDArray[np.float64], shape: tuple[int, ...]) -> float:
    """The share of a quadrilateral that lies in a picture of this shape; 0 where it is too small to tell."""
    import cv2

    height, width = shape
    frame = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    area = abs(cv2.contourArea(corners.astype(np.float32)))
    if area < LEAST_AREA * width * height:
        return 0.0
    return float(cv2.intersectConvexConvex(corners.astype(np.float32), frame)[0]) / area


def _seen(picture: Grey, matrix: Matrix, shape: tuple[int, ...]) -> Grey:
    """A picture as another of this ``shape`` has it, 64x64, through the map from that one to it."""
    import cv2

    height, width = shape
    through = matrix @ np.diag([width / _SAMPLED, height / _SAMPLED, 1.0])
    seen = cv2.warpPerspective(
        picture,
        through,
        (_SAMPLED, _SAMPLED),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(cv2.resize(seen, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _score(first: Grey, second: Grey, threshold: float) -> float:
    """The score of two small pictures that lie on one another; 0 when it is less than is wanted."""
    one, other = first[None], second[None]
    # Corners place a picture to a pixel or two; finer maps are for what agrees in something already.
    if float(detail.agreement(detail.detail(one), detail.detail(other)).share[0]) < LEAST_AT_ONCE:
        return 0.0
    score = float(overlap.scores(overlap.common_part(one, other))[0])
    return score if score >= float(overlap.score_wanted(one, other, threshold)[0]) else 0.0


def _turn(corners: NDArray[np.float64]) -> int:
    """By how many quarters the second must be turned clockwise, where the first's corners lie there."""
    across = corners[1] - corners[0] + corners[2] - corners[3]
    return -round(float(np.degrees(np.arctan2(across[1], across[0]))) / 90) % 4


# --- cut to a cell ----------------------------------------------------------------------------------------------------


def _stands_straight(matrix: Matrix) -> bool:
    angle = float(np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))) % 90
    return min(angle, 90 - angle) <= _TURNED


def _in_a_cell(first: Colour, second: Colour, guess: Guess, threshold: float) -> Placed | None:
    """The verdict where one of the two is cut to a cell between seams in the other."""
    there = corners_of(guess.matrix, np.array(first.shape[1::-1]))
    if score := _score_in_cell(first, second, guess.matrix, guess.witnesses, threshold):
        return Placed(score, Relation.SECOND_HOLDS, _turn(there))
    back = np.linalg.inv(guess.matrix)
    points = np.c_[guess.witnesses, np.ones(len(guess.witnesses))] @ back.T
    witnesses = (points[:, :2] / points[:, 2:]).astype(np.float32)
    if score := _score_in_cell(second, first, back, witnesses, threshold):
        return Placed(score, Relation.FIRST_HOLDS, _turn(there))
    return None


def _score_in_cell(
    picture: Colour, holder: Colour, matrix: Matrix, witnesses: NDArray[np.float32], threshold: float
) -> float:
    """The score of a picture and its cell in the holder, 0 when there is none."""
    if not cells.may_be(matrix):
        return 0.0
    small, large = _grey(picture), _grey(holder)
    found = cells.cell(small, large, np.asarray(matrix, np.float64), witnesses)
    if found is None:
        return 0.0
    height, width = large.shape
    left, top, right, bottom = found.box
    corners = corners_of(np.linalg.inv(found.back), np.array(small.shape[::-1]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    if (right - left) * (bottom - top) < max(LEAST_LEFT * float(np.prod(high - low)), LEAST_AREA * width * height):
        return 0.0
    low, high = np.clip(low, 0, (width, height)), np.clip(high, 0, (width, height))
    beyond = [
        (low[0], top, left, bottom),
        (left, low[1], right, top),
        (right, top, high[0], bottom),
        (left, bottom, right, high[1]),
    ]
    cut = [part for part in beyond if min(part[2] - part[0], part[3] - part[1]) >= _STRIP]
    # Where the scene goes on beyond the seam, that is an edge of something in it.
    if any(_share(*_both(small, large, found.back, part)) >= _GOES_ON for part in cut):
        return 0.0
    inner = (left + _SEAM, top + _SEAM, right - _SEAM, bottom - _SEAM)
    score = _score(*_both(small, large, found.back, inner), threshold)
    return score if score and _shows_the_same(picture, holder, found.back, inner, threshold) else 0.0


def _shows_the_same(picture: Colour, holder: Colour, back: Matrix, box: seams.Box, threshold: float) -> bool:
    """Whether a box of the holder and what the picture has there are the same in detail."""
    import cv2

    left, top, right, bottom = (round(side) for side in box)
    inside = np.ascontiguousarray(holder[top:bottom, left:right])
    moved = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)
    size, flags = (right - left, bottom - top), cv2.INTER_AREA | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(picture, back @ moved, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    said = difference.difference(inside, np.asarray(seen, np.uint8), rigour_of(threshold), edits=True)
    return said.is_same or said is difference.Difference.MOVED


def _both(picture: Grey, holder: Grey, back: Matrix, box: seams.Box) -> tuple[Grey, Grey]:
    """A box of the holder as it has it and as the picture does, 64x64."""
    left, top, right, bottom = box
    shape = (max(1, round(bottom - top)), max(1, round(right - left)))
    moved = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)
    return _seen(holder, moved, shape), _seen(picture, back @ moved, shape)


def _share(first: Grey, second: Grey) -> float:
    return float(overlap.common_part(first[None], second[None]).share[0])
