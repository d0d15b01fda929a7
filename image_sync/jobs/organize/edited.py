"""Pictures that were edited: cropped, framed, captioned.  The widest of the levels, on top of what the hashes find.

Three steps, each on what the one before left: codes of parts propose pairs (``matching.parts``), the small pictures of
those are laid over one another (``matching.overlap``), and where that is not clear either way the corners of larger
pictures tell how one lies on the other (``matching.features``).  Only for the last step is anything decoded, once a
content, and remembered.  Memory stays flat: small pictures and corners come a block at a time.

What was searched together once is not searched again: then only new pictures are compared, with one another and with
those that are known.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from image_sync.base.events import Stage
from image_sync.base.model import Match, Picture, Problem, Sameness
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.keys import SearchRule, VerdictKind, VerdictRule
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import on_pictures
from image_sync.jobs.organize.edited_views import FRAMED, PARTS, WHOLE, View, Views, boxes, version, ways
from image_sync.jobs.organize.rules.reasons import Noted
from image_sync.jobs.organize.search_history import SearchHistory
from image_sync.pictures.code_layout import SIDE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from image_sync.matching.search import Pairs

    Bytes = npt.NDArray[np.uint8]
    Floats = npt.NDArray[np.float32]
    Indexes = npt.NDArray[np.int64]

LOOSE = 64
"""Bits of 256 within which whole pictures and the insides of frames are candidates.  Of 313 photos and parts of photos
97 % with a caption and 98 % with a watermark across were within 51, or within 64 with outlines within 90."""
PART = 48
"""Bits within which a window or a band is a candidate: a crop that falls between two windows is so far from either."""
OUTLINE = 96
"""Bits of 256 by which the finer hash of a candidate may differ (``detail.outlines``): 99 of 100 cropped pictures are
within 66 of their window, pages, screens and unrelated photos hardly ever within 90."""
BLOCK = 1024
"""Pairs, or pictures, that are looked at together: some 8 MB of small pictures."""
CORNER_PAIRS = 256
"""Pairs of which the corners are at hand together: at most 8 MB."""


class _Candidates(NamedTuple):
    """Pairs of places in the sequence that is searched, and by which view of each they were found.

    ``first`` < ``second``; ``views`` (k, 2) are numbers of views, see ``edited_views``.
    """

    first: Indexes
    second: Indexes
    views: npt.NDArray[np.int8]
    distance: npt.NDArray[np.int16]


class EditedSearch:
    """Matches among pictures that the hashes alone do not find."""

    def __init__(
        self,
        pictures: Sequence[Picture],
        measured: Sequence[Measurement],
        threshold: float,
        smalls: Callable[[Iterable[int]], dict[int, bytes]],
        context: RunContext,
        exact: bool,
        asked: Collection[int] | None = None,
    ) -> None:
        from image_sync.matching import features, overlap, verify

        self.pictures, self.measured, self.threshold, self.smalls = pictures, measured, threshold, smalls
        self.context, self.exact, self.asked = context, exact, asked
        self.unreadable: set[int] = set()
        self.forgotten = False
        self.corners = features.available()
        self.rule = VerdictRule(VerdictKind.EDITED, (overlap.VERSION, features.version()), threshold)
        # What whole pictures match already is no candidate here, and what proposes one decides which are looked at.
        radii = f"{LOOSE}-{PART}-{OUTLINE}"
        self.search_rule = SearchRule(self.rule, (verify.VERSION, version(), radii), exact)

    def matches(self, searched: Sequence[int], found: Iterable[Match]) -> Iterator[Match]:
        """Matches among the pictures ``searched`` (by index, ascending) that are not among those ``found`` already.

        Raises ``Stopped`` at a checkpoint.
        """
        if not self.corners:
            self.context.notes.say(Noted.WITHOUT_CORNERS())
        without = {(match.first, match.second) for match in found}
        earlier = SearchHistory(self.context.catalog, self.measured, self.search_rule, self.asked)
        known = earlier.known(searched)
        yield from self._remembered(known, without)
        new = earlier.new(searched, known)
        candidates = self._candidates(searched, new, without)
        self.context.reporter.stage(Stage.VERIFY, len(candidates.first))
        for start in range(0, len(candidates.first), BLOCK):
            self.context.control.checkpoint()
            block = _chosen(candidates, slice(start, start + BLOCK))
            yield from self._confirmed(searched, block)
            self.context.reporter.advance(len(block.first))
        self.context.reporter.flush()
        if new and not self.forgotten:
            earlier.remember([index for index in searched if index not in self.unreadable])

    # --- what an earlier search left ---

    def _remembered(self, known: Mapping[int, int], without: set[tuple[int, int]]) -> Iterator[Match]:
        """The matches among pictures that are known."""
        scores: dict[tuple[int, int], float] = {}
        for (one, other), score in self.context.catalog.alike(known, self.rule).items():
            if one in known and other in known:
                first, second = sorted((known[one], known[other]))
                scores[first, second] = max(score, scores.get((first, second), 0.0))
        for pair in sorted(scores.keys() - without):
            yield Match(*pair, Sameness.SIMILAR, scores[pair])

    # --- candidates ---

    def _candidates(self, searched: Sequence[int], new: Sequence[int], found: set[tuple[int, int]]) -> _Candidates:
        """Each pair once, by the views that are nearest, without those ``found``; of pairs that are not of two known
        pictures.  ``new`` are places in ``searched``."""
        import numpy as np

        self.context.reporter.stage(Stage.MATCH, len(searched) + len(new) * ways() if new else 0)
        pieces = list(self._proposed(searched, np.array(new, np.int64))) if new else []
        self.context.reporter.flush()
        if not pieces:
            empty = np.empty(0, np.int64)
            return _Candidates(empty, empty, np.empty((0, 2), np.int8), np.empty(0, np.int16))
        every = _Candidates(*map(np.concatenate, zip(*pieces, strict=True)))
        keys = every.first * len(searched) + every.second
        order = np.lexsort((every.views[:, 0], every.distance, keys))
        once = np.ones(len(order), np.bool_)
        once[1:] = keys[order[1:]] != keys[order[:-1]]
        place = {index: number for number, index in enumerate(searched)}
        known = [place[one] * len(searched) + place[other] for one, other in found if {one, other} <= place.keys()]
        chosen = order[once]
        return _chosen(every, chosen[~np.isin(keys[chosen], np.array(known, np.int64))])

    def _proposed(self, searched: Sequence[int], new: Indexes) -> Iterator[_Candidates]:
        """Pairs by all ways to look at them, in pieces; one way after another, so that few codes are at hand."""
        views = Views(searched, self.measured, self._stacked, self.context)
        views.prepare(self.context.reporter.advance)
        whole = views.view(WHOLE)
        yield from self._within(whole, WHOLE, LOOSE, new)
        inside = views.view(FRAMED)
        framed = inside.framed
        for pairs in self._between(inside.codes[framed], whole.codes, LOOSE):
            yield from _kept(pairs._replace(first=framed[pairs.first]), (inside, whole), (FRAMED, WHOLE), new)
        for pairs in self._between(inside.codes[framed], inside.codes[framed], LOOSE):
            placed = pairs._replace(first=framed[pairs.first], second=framed[pairs.second])
            yield from _kept(placed, (inside, inside), (FRAMED, FRAMED), new)
        self.context.reporter.advance(len(new))
        for number in range(PARTS, ways()):
            part = views.view(number)
            if boxes()[number] in _bands():
                yield from self._within(part, number, PART, new)
                continue
            for pairs in self._between(part.codes[new], whole.codes, PART, telling=True):
                yield from _kept(pairs._replace(first=new[pairs.first]), (part, whole), (number, WHOLE), new)
            if len(new) < len(searched):
                for pairs in self._between(part.codes, whole.codes[new], PART):
                    yield from _kept(pairs._replace(second=new[pairs.second]), (part, whole), (number, WHOLE), new)

    def _within(self, view: View, number: int, radius: int, new: Indexes) -> Iterator[_Candidates]:
        """Pairs by one view of both."""
        from image_sync.matching import search

        if len(new) == len(view.codes):
            steering: Any = {
                "control": self.context.control,
                "advance": self.context.reporter.advance,
                "workers": self.context.workers,
            }
            every = search.pairs_within(view.codes, radius, exact=self.exact, crowd=search.CROWD, **steering)
        else:
            some = self._between(view.codes[new], view.codes, radius, telling=True)
            every = (pairs._replace(first=new[pairs.first]) for pairs in some)
        for pairs in every:
            yield from _kept(pairs, (view, view), (number, number), new)

    def _between(self, one: Bytes, other: Bytes, radius: int, telling: bool = False) -> Iterator[Pairs]:
        from image_sync.matching import search

        return search.pairs_between(
            one,
            other,
            radius,
            exact=self.exact,
            control=self.context.control,
            advance=self.context.reporter.advance if telling else None,
            crowd=search.CROWD,
            workers=self.context.workers,
        )

    # --- verdicts ---

    def _confirmed(self, searched: Sequence[int], block: _Candidates) -> Iterator[Match]:
        """The matches among a block of candidates; what an earlier run looked at is not looked at again."""
        import numpy as np

        pairs = [(searched[first], searched[second]) for first, second in zip(block.first, block.second, strict=True)]
        known = self.context.catalog.scores(filter(None, (self._row(first) for first, _ in pairs)), self.rule)
        scores: list[float | None] = [known.get(self._rows(pair)) for pair in pairs]
        fresh = [place for place, score in enumerate(scores) if score is None]
        looked = self._looked_at([pairs[place] for place in fresh], _chosen(block, np.array(fresh, np.int64)))
        for place, score in zip(fresh, looked, strict=True):
            scores[place] = score
        self._remember(
            {
                self._rows(pairs[place]): score
                for place, score in zip(fresh, looked, strict=True)
                if self.unreadable.isdisjoint(pairs[place])
            }
        )
        for (first, second), similarity in zip(pairs, scores, strict=True):
            if similarity:
                yield Match(first, second, Sameness.SIMILAR, similarity)

    def _looked_at(self, pairs: Sequence[tuple[int, int]], block: _Candidates) -> list[float]:
        """The score of each pair, 0 for those that are not the same picture."""
        import numpy as np

        from image_sync.matching import overlap

        if not pairs:
            return []
        smalls = [self._stacked([pair[side] for pair in pairs]) for side in (0, 1)]
        one, other = (self._seen(block.views[:, side], smalls[side]) for side in (0, 1))
        common = overlap.common_part(one, other)
        wanted = overlap.score_wanted(smalls[0], smalls[1], self.threshold)
        scores = overlap.scores(common)
        scores[scores < wanted] = 0
        # Where a frame ends is known to a pixel of 64 only, so that the parts inside may lie too far aside to agree.
        hopeless = (common.share < overlap.HOPELESS) & (block.views != FRAMED).all(axis=1)
        unclear = np.flatnonzero((scores == 0) & ~hopeless).tolist()
        if self.corners and unclear:
            found = self._by_corners([pairs[place] for place in unclear], *(small[unclear] for small in smalls))
            scores[unclear] = np.where(found >= wanted[unclear], found, 0)
        same = np.flatnonzero(scores)
        scores[same[overlap.only_frames(smalls[0][same], smalls[1][same])]] = 0
        return [round(float(score), 4) for score in scores]

    def _seen(self, views: npt.NDArray[np.int8], smalls: Bytes) -> Bytes:
        """The parts of small pictures by which pairs were found."""
        import numpy as np

        from image_sync.matching import parts

        each = np.array(boxes(), np.float32)[views]
        framed = np.flatnonzero(views == FRAMED)
        each[framed] = parts.framed(smalls[framed])[1]
        return parts.cropped(smalls, each)

    def _by_corners(self, pairs: Sequence[tuple[int, int]], one: Bytes, other: Bytes) -> Floats:
        """The score (n,) of each pair of pictures (by index) as their corners lay them over one another."""
        import numpy as np

        from image_sync.matching import features, overlap

        maps: dict[int, Floats] = {}
        for start in range(0, len(pairs), CORNER_PAIRS):
            part = pairs[start : start + CORNER_PAIRS]
            corners = self.corners_of({index for pair in part for index in pair})
            for place, (first, second) in enumerate(part, start):
                self.context.control.checkpoint()
                found = features.map_between(
                    corners.get(first, b""), corners.get(second, b""), (self._size(first), self._size(second))
                )
                if found:
                    maps[place] = found.mapping
        scores = np.zeros(len(pairs), np.float32)
        if maps:
            which = np.array(list(maps), np.int64)
            scores[which] = overlap.scores(
                overlap.common_under(one[which], other[which], np.stack(list(maps.values())))
            )
        return scores

    def corners_of(self, indexes: Iterable[int]) -> dict[int, bytes]:
        """The corners of pictures by index, remembered or found now; a picture that can't be decoded has none."""
        from image_sync.matching import features

        rows = {index: row for index in indexes if (row := self._row(index)) is not None}
        stored = self.context.catalog.corners(rows.values(), features.VERSION)
        corners = {index: stored[row] for index, row in rows.items() if row in stored}
        missing = sorted(set(indexes) - corners.keys())
        work = _CornerWork(tuple(self.pictures[index].record.path for index in missing))
        fresh: dict[int, bytes] = {}
        for place, (found, problem) in on_pictures(self.context, work, range(len(missing)), work.path, _no_corners):
            index = missing[place]
            if problem:
                self._tell(index, problem)
                continue
            corners[index] = found
            if index in rows:
                fresh[rows[index]] = found
        with contextlib.suppress(CatalogUnwritable):
            self.context.catalog.store_corners(fresh, features.VERSION)
        return corners

    def _tell(self, index: int, problem: Problem) -> None:
        """A picture that could be read before can't be now: said once, and no verdict on it is kept."""
        if index not in self.unreadable:
            self.unreadable.add(index)
            self.context.reporter.problem(problem)

    # --- what is remembered ---

    def _stacked(self, indexes: Sequence[int]) -> Bytes:
        import numpy as np

        smalls = self.smalls(set(indexes))
        return np.frombuffer(b"".join(smalls[index] for index in indexes), np.uint8).reshape(-1, SIDE, SIDE)

    def _size(self, index: int) -> tuple[int, int]:
        shape = self.pictures[index].fingerprint
        return shape.width, shape.height

    def _row(self, index: int) -> int | None:
        return self.measured[index].known.content

    def _rows(self, pair: tuple[int, int]) -> tuple[int, int]:
        return self._row(pair[0]) or -1, self._row(pair[1]) or -1

    def _remember(self, scores: Mapping[tuple[int, int], float]) -> None:
        lasting = {rows: score for rows, score in scores.items() if -1 not in rows}
        if lasting:
            try:
                self.context.catalog.store_scores(lasting, self.rule)
            except CatalogUnwritable:
                self.forgotten = True


def _bands() -> tuple[tuple[float, float, float, float], ...]:
    from image_sync.matching import parts

    return parts.BANDS


def _kept(pairs: Pairs, views: tuple[View, View], numbers: tuple[int, int], new: Indexes) -> Iterator[_Candidates]:
    """Pairs whose finer hashes are near and one of which is ``new`` (places, ascending); the smaller place comes
    first."""
    import numpy as np

    from image_sync.matching import detail

    one, other = views[0].outlines[pairs.first], views[1].outlines[pairs.second]
    near = (detail.apart(one, other) <= OUTLINE) & (pairs.first != pairs.second)
    if len(new) < len(views[0].codes):
        near &= np.isin(pairs.first, new) | np.isin(pairs.second, new)
    if not near.any():
        return
    first, second, distance = pairs.first[near], pairs.second[near], pairs.distance[near]
    seen = np.empty((len(first), 2), np.int8)
    forward = first < second
    seen[:, 0] = np.where(forward, *numbers)
    seen[:, 1] = np.where(forward, *reversed(numbers))
    yield _Candidates(np.minimum(first, second), np.maximum(first, second), seen, distance)


def _chosen(candidates: _Candidates, which: slice | Indexes) -> _Candidates:
    return _Candidates(
        candidates.first[which], candidates.second[which], candidates.views[which], candidates.distance[which]
    )


@dataclass(frozen=True, slots=True)
class _CornerWork:
    """Finds the corners of one of ``paths``; runs in the pool."""

    paths: tuple[str, ...]

    def __call__(self, place: int) -> tuple[bytes, Problem | None]:
        import numpy as np

        from image_sync.matching import features
        from image_sync.pictures.pixels import thumbnail

        return features.describe(np.asarray(thumbnail(self.paths[place], features.LONG_SIDE).convert("L"))), None

    def path(self, place: int) -> str:
        """The file at a place."""
        return self.paths[place]


def _no_corners(_place: int, problem: Problem) -> tuple[bytes, Problem | None]:
    return b"", problem
