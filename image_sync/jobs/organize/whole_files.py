"""Verification of matches by what the first grey picture does not show: the other frames or pages, and the colours.

Two documents with one letterhead are two documents, and a shirt in another colour is another shirt.  A still matches an
animation or a document that begins with it: that holds all of it.  Only files of several frames that match another one
are decoded for this, in the pool, and what they look like is remembered with the contents.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from image_sync.base.model import Match, Picture, Problem, Sameness
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import on_pictures
from image_sync.pictures.code_layout import CODE_BITS, SIDE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Differences = npt.NDArray[np.int16]

ANIMATIONS = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
LOST_FRAMES = 1
"""By how many frames copies of one animation may differ: some programs drop the last."""
EQUAL_GREYS = 1.5
"""Mean difference in grey levels up to which two frames are the same, however plain they are."""

OTHER_WORDS = 12.0
"""Mean difference in grey levels of a square of nine from which on two pages of a document hold other words."""
TOGETHER = 1024
"""Matches whose small pictures are at hand together."""

Smalls = Callable[[Iterable[int]], dict[int, bytes]]


@dataclass(frozen=True, slots=True)
class WholeFiles:
    """Looks at what else the files of matches hold.  ``smalls`` gives the small pictures of pictures by index."""

    pictures: Sequence[Picture]
    measured: Sequence[Measurement]
    threshold: float
    smalls: Smalls
    context: RunContext

    def agreeing(self, matches: Sequence[Match]) -> list[Match]:
        """The ``matches`` in which nothing else tells the two apart.  Raises ``Stopped``."""
        similar = [match for match in matches if match.sameness is Sameness.SIMILAR]
        wrong = {id(match) for match in similar if self._frames_apart(match)}
        wrong |= self._otherwise_coloured([match for match in similar if id(match) not in wrong])
        several = [match for match in similar if id(match) not in wrong and self._both_have_frames(match)]
        looks = self._frames_of({index for match in several for index in (match.first, match.second)})
        for match in several:
            self.context.control.checkpoint()
            if not self._same_frames(match, looks):
                wrong.add(id(match))
        return [match for match in matches if id(match) not in wrong]

    # --- frames ---

    def _both_have_frames(self, match: Match) -> bool:
        return min(self._frames(match)) > 1

    def _frames(self, match: Match) -> tuple[int, int]:
        return self.pictures[match.first].fingerprint.frames, self.pictures[match.second].fingerprint.frames

    def _formats(self, match: Match) -> set[str]:
        return {self.pictures[index].fingerprint.format for index in (match.first, match.second)}

    def _frames_apart(self, match: Match) -> bool:
        """Whether the numbers of frames alone tell two files apart; a single one may be the first of several."""
        one, other = self._frames(match)
        room = LOST_FRAMES if self._formats(match) <= ANIMATIONS else 0
        return min(one, other) > 1 and abs(one - other) > room

    def _frames_of(self, indexes: set[int]) -> dict[int, bytes]:
        """The small pictures of the frames of some pictures, remembered or decoded now."""
        if not indexes:
            return {}
        from image_sync.pictures.frame_smalls import VERSION, smalls_of

        rows = {index: row for index in indexes if (row := self.measured[index].known.content) is not None}
        known = self.context.catalog.frames(rows.values(), VERSION)
        found = {index: known[row] for index, row in rows.items() if row in known}
        missing = sorted(indexes - found.keys())
        paths = [self.pictures[index].record.path for index in missing]
        fresh: dict[int, bytes] = {}
        told = on_pictures(self.context, smalls_of, paths, str, self._unknown)
        for index, (_, looks) in zip(missing, told, strict=True):
            found[index] = looks or b""
            if index in rows and looks is not None:
                fresh[rows[index]] = looks
        with contextlib.suppress(CatalogUnwritable):
            self.context.catalog.store_frames(fresh, VERSION)
        return found

    def _unknown(self, _path: str, problem: Problem) -> None:
        """Report of what can't be read today, which is not remembered."""
        self.context.reporter.problem(replace(problem, hint=""))

    def _same_frames(self, match: Match, looks: dict[int, bytes]) -> bool:
        """Whether all frames that could be decoded in both look the same."""
        import numpy as np

        from image_sync.matching import verify
        from image_sync.pictures.hashes import codes_of_many, turned

        one, other = looks[match.first], looks[match.second]
        size = SIDE * SIDE
        length = min(len(one), len(other)) // size * size
        if not length:
            return True
        parts = [other[at : at + size] for at in range(0, length, size)]
        second = np.frombuffer(b"".join(turned(part, match.turn) for part in parts), np.uint8).reshape(-1, SIDE, SIDE)
        first = np.frombuffer(one[:length], np.uint8).reshape(-1, SIDE, SIDE)
        apart = np.bitwise_count(codes_of_many(first) ^ codes_of_many(second)).sum(axis=1).astype(np.int16)
        near = apart <= (1 - self.threshold) * CODE_BITS + 1e-9
        sure = near & verify.confirm_many(first, second, apart, self.threshold)
        difference = np.abs(first.astype(np.int16) - second)
        same = sure | (difference.mean(axis=(1, 2)) <= EQUAL_GREYS)
        if not self._formats(match) <= ANIMATIONS:
            same &= _compact(difference) <= OTHER_WORDS
        return bool(same.all())

    # --- colours ---

    def _otherwise_coloured(self, matches: Sequence[Match]) -> set[int]:
        """The ids of those matches whose pictures lie on one another and have other colours."""
        from image_sync.pictures.colour import same_colours

        wrong: set[int] = set()
        for start in range(0, len(matches), TOGETHER):
            self.context.control.checkpoint()
            part = [match for match in matches[start : start + TOGETHER] if self._lie_on_one_another(match)]
            indexes = {index for match in part for index in (match.first, match.second)}
            colours, lights = self._chromas(indexes), self.smalls({match.first for match in part})
            for match in part:
                second = _turned(colours[match.second], match.turn)
                if not same_colours(colours[match.first], second, lights[match.first]):
                    wrong.add(id(match))
        return wrong

    def _lie_on_one_another(self, match: Match) -> bool:
        """Whether the hashes of the whole pictures meet the threshold: then colours lie on those of the other."""
        from image_sync.pictures.hashes import similarity, turned_codes

        one, other = self.pictures[match.first].fingerprint, self.pictures[match.second].fingerprint
        codes = other.codes
        if match.turn:
            codes = turned_codes(self.smalls([match.second])[match.second], match.turn)
        return similarity(one.codes, codes) >= self.threshold

    def _chromas(self, indexes: Iterable[int]) -> dict[int, bytes]:
        rows = {index: row for index in indexes if (row := self.measured[index].known.content) is not None}
        stored = self.context.catalog.chromas(rows.values())
        return {
            index: self.pictures[index].fingerprint.chroma or stored.get(rows.get(index, -1), b"") for index in indexes
        }


def _compact(difference: Differences) -> npt.NDArray[np.float64]:
    """The largest mean of nine neighbouring differences, of each frame."""
    import numpy as np

    padded = np.pad(difference, ((0, 0), (1, 1), (1, 1)), mode="edge").astype(np.float64)
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    sums = rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]
    return np.asarray(sums.max(axis=(1, 2)) / 9)


def _turned(chroma: bytes, turn: int) -> bytes:
    """Colour differences (two squares of bytes) in another position."""
    from image_sync.pictures.hashes import turned

    half = len(chroma) // 2
    return turned(chroma[:half], turn) + turned(chroma[half:], turn) if turn and chroma else chroma
