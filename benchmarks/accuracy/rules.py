"""The rules that are compared: each says of which pairs of files it thinks that they are the same picture.

The program is run as it is, on the whole folder, with a catalog of its own; the plain rules judge the hashes that it
measured.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from image_sync.base.events import Finished
from image_sync.base.model import Picture, Sameness
from image_sync.engine import Engine
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Level, OrganizeRequest
from image_sync.matching.threshold import DEFAULT_THRESHOLD

HASHES = ("average", "perceptual", "difference", "wavelet")
NEAR = 9
"""Bits of 64 within which one hash alone calls two pictures the same: 85 % of them agree."""

Pairs = set[tuple[int, int]]
_ROWS = 256


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule said: the pairs (places in the sequence of pictures, ascending) that it takes for the same."""

    rule: str
    same: Pairs


def verdicts(folder: Path, home: Path) -> tuple[tuple[Picture, ...], list[Verdict]]:
    """The pictures of ``folder`` and what each rule says of them; ``home`` is an empty folder for the catalog."""
    reviews = {level: review_of(folder, home, level) for level in Level}
    pictures = reviews[Level.SAME_SHOT].pictures
    plain = [Verdict(*rule) for rule in _plain(pictures)]
    return pictures, [
        *plain,
        *(Verdict(f"this program, `--level {level.value}`", _same(review)) for level, review in reviews.items()),
    ]


def review_of(folder: Path, home: Path, level: Level) -> OrganizeReview:
    """What the program finds in ``folder``, which a whole run with the catalog in ``home`` shows for review."""
    engine = Engine(catalog=str(home / "catalog"))
    other = Path(tempfile.mkdtemp(dir=home))
    engine.start(
        OrganizeJob(
            OrganizeRequest((str(folder), str(other)), str(home / "output"), threshold=DEFAULT_THRESHOLD, level=level)
        )
    )
    while not isinstance(event := engine.events.get(), Finished):
        pass
    engine.close()
    if not isinstance(event.result, OrganizeReview):
        raise SystemExit(f"the program failed: {event.failure}")
    return event.result


def _same(review: OrganizeReview) -> Pairs:
    """The matches, those of a copy of a file as those of the file itself; shots of a series are not the same."""
    copies: dict[int, list[int]] = {}
    for match in review.matches:
        if match.sameness is Sameness.IDENTICAL_FILE:
            copies.setdefault(match.first, [match.first]).append(match.second)
    same: Pairs = set()
    for match in review.matches:
        if match.sameness is Sameness.SERIES:
            continue
        for one in copies.get(match.first, [match.first]):
            for other in copies.get(match.second, [match.second]):
                same.add((min(one, other), max(one, other)))
    for group in copies.values():
        same |= {(min(one, other), max(one, other)) for one in group for other in group if one != other}
    return same


def _plain(pictures: tuple[Picture, ...]) -> Iterator[tuple[str, Pairs]]:
    codes = np.frombuffer(b"".join(picture.fingerprint.codes for picture in pictures), np.uint64).reshape(-1, 4)
    for number, name in enumerate(HASHES):
        yield f"{name} hash, {NEAR} bits of 64", _within(codes[:, number : number + 1], NEAR)
    yield "plain mean of the four, 85 %", _within(codes, int(256 * (1 - DEFAULT_THRESHOLD) + 1e-9))


def _within(codes: np.ndarray, radius: int) -> Pairs:
    same: Pairs = set()
    for top in range(0, len(codes), _ROWS):
        apart = sum(
            np.bitwise_count(column[top : top + _ROWS, None] ^ column[None]).astype(np.int16) for column in codes.T
        )
        first, second = np.nonzero(apart <= radius)
        first += top
        ordered = first < second
        same.update(zip(first[ordered].tolist(), second[ordered].tolist(), strict=True))
    return same
