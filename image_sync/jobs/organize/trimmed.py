"""Pictures with a twentieth cut off each side: versions of one shot too, which the hashes of the whole do not propose.

The whole of one picture is compared with the inner nine tenths of the other; what is near lies on it as ``overlap``
tells.  That takes a second search and some looks, no decoding, so it is made at the default level.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from image_sync.base.model import Match, Sameness
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.keys import SearchRule, VerdictKind, VerdictRule
from image_sync.inventory.measuring import Measurement
from image_sync.jobs.organize.search_history import SearchHistory
from image_sync.pictures.code_layout import CODE_BYTES, SIDE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Indexes = npt.NDArray[np.int64]

INNER = (0.05, 0.05, 0.95, 0.95)
INNER_VERSION = 1
"""Raised whenever the code of an inner part would be another one."""
NEAR = 30
"""Bits of 256 within which the inner part of a picture is a candidate: of 60 photos with a twentieth cut off each side
and saved again all are within 6, of those cut a little otherwise most are within 30."""
ROUGH = 80
"""Bits of 256 within which whole pictures are looked at where only some are asked about, since the inner parts of all
would take the time: of 84 photos with a twentieth cut off each side and saved again all are within 50, of unrelated
pairs 2 %."""
OUTLINE = 80
"""Bits of 256 by which the finer hash may differ (``detail.outlines``)."""
AT_HAND = 1024
"""Pictures, or pairs, whose small pictures are at hand together."""

Smalls = Callable[[Iterable[int]], dict[int, bytes]]


class TrimmedSearch:
    """Matches of the whole of one picture with the inner part of another.  ``smalls`` gives small pictures by index.

    What was searched together once is not searched again.
    """

    def __init__(
        self,
        measured: Sequence[Measurement],
        smalls: Smalls,
        threshold: float,
        context: RunContext,
        exact: bool,
        asked: Collection[int] | None = None,
    ) -> None:
        from image_sync.matching import overlap

        self.measured, self.smalls, self.threshold, self.context = measured, smalls, threshold, context
        self.exact, self.asked = exact, asked
        self.rule = VerdictRule(VerdictKind.TRIMMED, (overlap.VERSION, NEAR, OUTLINE), threshold)

    def matches(self, searched: Sequence[int], codes: Bytes, found: Iterable[Match]) -> list[Match]:
        """Matches among the pictures ``searched`` (by index, ascending), whose ``codes`` (n, 32) are given, that are
        not among those ``found``.  Raises ``Stopped``."""
        from image_sync.pictures.version import MEASURED

        rule = SearchRule(self.rule, (MEASURED,), self.exact)
        earlier = SearchHistory(self.context.catalog, self.measured, rule, self.asked)
        known = earlier.known(searched)
        scores = self._remembered(known)
        new = earlier.new(searched, known)
        if new:
            scores.update(self._confirmed(self._candidates(searched, codes, new)))
            if self._remember(scores):
                earlier.remember(searched)
        without = {(match.first, match.second) for match in found}
        return [Match(*pair, Sameness.SIMILAR, scores[pair]) for pair in sorted(scores.keys() - without)]

    def _remembered(self, known: Mapping[int, int]) -> dict[tuple[int, int], float]:
        """The scores of pairs (by index) among pictures that are known (by row)."""
        stored = self.context.catalog.alike(known, self.rule).items()
        return {
            _pair(known[one], known[other]): score for (one, other), score in stored if one in known and other in known
        }

    def _remember(self, scores: Mapping[tuple[int, int], float]) -> bool:
        rows = {pair: tuple(self.measured[index].known.content or -1 for index in pair) for pair in scores}
        try:
            self.context.catalog.store_scores(
                {(one, other): scores[pair] for pair, (one, other) in rows.items() if -1 not in (one, other)}, self.rule
            )
        except CatalogUnwritable:
            return False
        return True

    def _candidates(self, searched: Sequence[int], codes: Bytes, new: Sequence[int]) -> list[tuple[int, int]]:
        """Pairs (cut open, whole) by index of which one is among the ``new`` places."""
        import numpy as np

        fresh = np.array(new, np.int64)
        every = np.arange(len(searched)) if self.asked is None else self._roughly_near(codes, fresh)
        known = every[~np.isin(every, fresh, assume_unique=True)]
        found = self._near(searched, fresh, codes, every)
        if len(known):
            found += self._near(searched, known, codes, fresh)
        return sorted({(searched[cut], searched[whole]) for cut, whole in found if cut != whole})

    def _roughly_near(self, codes: Bytes, asked: Indexes) -> Indexes:
        """The places asked about, and those whose whole pictures may be theirs with a little cut off."""
        import numpy as np

        from image_sync.matching import search

        near = np.zeros(len(codes), np.bool_)
        near[asked] = True
        for pairs in search.pairs_between(codes[asked], codes, ROUGH, control=self.context.control):
            near[pairs.second] = True
        return np.flatnonzero(near)

    def _near(self, searched: Sequence[int], cut: Indexes, codes: Bytes, whole: Indexes) -> list[tuple[int, int]]:
        """Pairs of places of which the first, cut open, is near to the second."""
        import numpy as np

        from image_sync.matching import search

        inner = np.concatenate([*self._inner_codes([searched[place] for place in cut.tolist()])])
        pairs = search.pairs_between(
            inner,
            codes[whole],
            NEAR,
            exact=self.exact,
            control=self.context.control,
            crowd=search.CROWD,
            workers=self.context.workers,
        )
        return [
            (one, other)
            for some in pairs
            for one, other in zip(cut[some.first].tolist(), whole[some.second].tolist(), strict=True)
        ]

    def _inner_codes(self, searched: Sequence[int]) -> Iterator[Bytes]:
        """Codes of the inner parts, remembered or made now."""
        import numpy as np

        from image_sync.pictures.version import MEASURED

        version = MEASURED * 1000 + INNER_VERSION
        for start in range(0, len(searched), AT_HAND):
            self.context.control.checkpoint()
            part = searched[start : start + AT_HAND]
            rows = [self.measured[index].known.content for index in part]
            stored = self.context.catalog.inner_codes((row for row in rows if row is not None), version)
            known = [stored.get(row) if row is not None else None for row in rows]
            missing = [place for place, code in enumerate(known) if code is None]
            fresh = dict(zip(missing, self._made([part[place] for place in missing]), strict=True))
            with contextlib.suppress(CatalogUnwritable):
                lasting = {row: code for place, code in fresh.items() if (row := rows[place]) is not None}
                self.context.catalog.store_inner_codes(lasting, version)
            codes = (fresh[place] if code is None else code for place, code in enumerate(known))
            yield np.frombuffer(b"".join(codes), np.uint8).reshape(-1, CODE_BYTES)

    def _made(self, indexes: Sequence[int]) -> list[bytes]:
        from image_sync.matching import parts

        if not indexes:
            return []
        smalls = self._stacked(indexes)
        return [code.tobytes() for code in parts.codes_of_parts(smalls, parts.boxes_for(INNER, len(smalls)))]

    def _confirmed(self, candidates: Sequence[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], float]]:
        """Candidates (cut open, whole) in which what is common agrees and is nearly all of one, with the score."""
        from image_sync.matching import detail, overlap, parts

        for start in range(0, len(candidates), AT_HAND):
            self.context.control.checkpoint()
            block = candidates[start : start + AT_HAND]
            wide, whole = (self._stacked([pair[side] for pair in block]) for side in (0, 1))
            inner = parts.cropped(wide, parts.boxes_for(INNER, len(block)))
            scores = overlap.scores(overlap.common_part(inner, whole))
            scores[scores < overlap.score_wanted(wide, whole, self.threshold)] = 0
            scores[detail.apart(detail.outlines(inner), detail.outlines(whole)) > OUTLINE] = 0
            # A picture in a border is another edit than a cut: what is around shows nothing of the scene.
            box = parts.framed(wide)[1]
            scores[((box[:, :2] > 0) & (box[:, 2:] < 1)).any(axis=1)] = 0
            for pair, score in zip(block, scores.tolist(), strict=True):
                if score:
                    yield _pair(*pair), round(score, 4)

    def _stacked(self, indexes: Sequence[int]) -> Bytes:
        import numpy as np

        smalls = self.smalls(set(indexes))
        return np.frombuffer(b"".join(smalls[index] for index in indexes), np.uint8).reshape(-1, SIDE, SIDE)


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
