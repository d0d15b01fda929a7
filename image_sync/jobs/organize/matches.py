"""Matches among measured pictures: by digests, then hashes, then verification, then pixels.

How far it goes is the request's level: digests alone, pixels too, versions of one shot, or edited ones (``edited``).

The search and the verdicts are pure functions of ``matching``; this module feeds them what is remembered of each
picture, a block at a time, so that memory stays flat however many candidates there are.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from image_sync.base.events import Stage
from image_sync.base.model import Match, Picture, Problem, Sameness
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.keys import SearchRule
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import on_pictures
from image_sync.inventory.small_pictures import smalls_of
from image_sync.jobs.organize.differences import CloserLook
from image_sync.jobs.organize.request import Level, OrganizeRequest
from image_sync.jobs.organize.rules.reasons import Noted
from image_sync.jobs.organize.search_history import SearchHistory
from image_sync.pictures.code_layout import CODE_BITS, CODE_BYTES, SAME_PIXELS_RADIUS, SIDE, TURNS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from image_sync.jobs.organize.crops import CropContext
    from image_sync.jobs.organize.edited import EditedSearch
    from image_sync.jobs.organize.placed import PlacedSearch
    from image_sync.matching.search import Pairs

SAME_PIXELS_DIFFERENCE = 2
"""Grey levels by which the small pictures of equal pixels may differ when they were decoded in different ways."""
NOT_IN_FULL = "can't be read in full, so its pixels are compared with no other's"
AT_HAND = 2048
"""Pictures whose small pictures are at hand together: 8 MB."""


class Comparison:
    """All matches among measured pictures, at the request's threshold; with ``asked`` those of these (by index) only,
    besides identical files."""

    def __init__(
        self,
        pictures: Sequence[Picture],
        measured: Sequence[Measurement],
        request: OrganizeRequest,
        context: RunContext,
        asked: Collection[int] | None = None,
    ) -> None:
        self.asked = asked
        self._look: CloserLook | None = None
        self.pictures, self.measured, self.request, self.context = pictures, measured, request, context
        self.radius = int((1.0 - request.threshold) * CODE_BITS + 1e-9)
        self.rotations = request.rotations or request.level is Level.EDITED
        self.edited: EditedSearch | None = None
        self.placing: PlacedSearch | None = None
        self._gone: set[int] = set()
        self.covered: set[int] = set()
        """Pictures with a mark, a sticker or a band over what a match of theirs shows."""
        self.parts: dict[tuple[int, int], int] = {}
        """For pairs whose small pictures tell nothing of it, which of the two shows less, as ``Match.part`` has it."""

    def matches(self, check_pixels: bool = True) -> list[Match]:
        """The matches, each pair once.  Raises ``Stopped`` at a checkpoint."""
        exact, kept = self._identical_files()
        if self.request.level is Level.EXACT:
            return exact
        if self.request.level is Level.PIXELS:
            return exact + (list(self._identical_pixels(kept, self._near(kept)).values()) if check_pixels else [])
        similar = list(self._similar(kept))
        if check_pixels:
            similar = self._whole_files(similar)
        pixels = self._identical_pixels(kept, similar) if check_pixels else {}
        found = [pixels.get((match.first, match.second), match) for match in similar]
        seen = {(match.first, match.second) for match in similar}
        return exact + found + [match for pair, match in pixels.items() if pair not in seen]

    def _whole_files(self, matches: Sequence[Match]) -> list[Match]:
        """Matches whose other frames and colours agree too."""
        if not matches:
            return []
        from image_sync.jobs.organize.whole_files import WholeFiles

        look = WholeFiles(
            self.pictures,
            self.measured,
            self.request.threshold,
            self._smalls,
            self.context,
        )
        return look.agreeing(matches)

    def _identical_files(self) -> tuple[list[Match], list[int]]:
        """Matches of equal size and digest, and one picture of each content."""
        first_of: dict[tuple[int, str], int] = {}
        matches, kept = [], []
        for index, picture in enumerate(self.pictures):
            if picture.digest is not None:
                first = first_of.setdefault((picture.record.size, picture.digest), index)
                if first != index:
                    matches.append(Match(first, index, Sameness.IDENTICAL_FILE, 1.0))
                    continue
            kept.append(index)
        return matches, kept

    def copies_though_damaged(self, matches: list[Match], pictures: Sequence[Picture]) -> list[Match]:
        """The matches once it is known which pictures are damaged."""
        return matches if self._look is None else self._look.copies_though_damaged(matches, pictures)

    # --- hashes and the second look ---

    def _similar(self, kept: Sequence[int]) -> Iterator[Match]:
        """Similar pictures among those ``kept``, as far as the level goes."""
        textured = self._textured(kept)
        found = list(self._same_shots(textured))
        found += self._trimmed(textured, found)
        look = self._look = CloserLook(
            self.pictures,
            self.measured,
            self.request.threshold,
            self.request.level is Level.EDITED,
            self.context,
            self._smalls,
        )
        told = look.told(found)
        # Of a comparison in detail it is known which of the two has something laid over it.
        self.covered = {match.first if match.part > 0 else match.second for match in told.matches if match.part}
        yield from told.matches
        if self.request.level is Level.EDITED:
            from image_sync.jobs.organize.edited import EditedSearch

            self.edited = search = EditedSearch(
                self.pictures,
                self.measured,
                self.request.threshold,
                self._smalls,
                self.context,
                self._exactly(len(textured)),
                self.asked,
            )
            settled = {(match.first, match.second) for match in told.matches} | told.other
            known = [match for match in found if (match.first, match.second) in settled]
            edited = list(search.matches(textured, known))
            said = told.other | {(match.first, match.second) for match in edited}
            yield from look.series([*edited, *self._placed(textured, told.matches, said)])

    def _placed(self, textured: Sequence[int], found: Sequence[Match], other: set[tuple[int, int]]) -> list[Match]:
        """Matches of small parts and of what was put into something else that are not among those ``found``, nor among
        the ``other`` pairs of which is said what there is to say."""
        from image_sync.jobs.organize.placed import PlacedSearch
        from image_sync.matching import features

        if self.edited is None or not features.available():
            return []
        search = self.placing = PlacedSearch(
            self.pictures, self.measured, self.request.threshold, self.edited.corners_of, self.context
        )
        matches = search.matches(textured, found, other)
        self.parts = {(match.first, match.second): match.part for match in matches}
        return matches

    def _trimmed(self, textured: Sequence[int], found: Sequence[Match]) -> list[Match]:
        """Matches with a little cut off each side that are not among those ``found``."""
        if not textured:
            return []
        from image_sync.jobs.organize.trimmed import TrimmedSearch

        search = TrimmedSearch(
            self.measured, self._smalls, self.request.threshold, self.context, self._exactly(len(textured)), self.asked
        )
        return search.matches(textured, self._codes(textured), found)

    def shown(self, pictures: Sequence[Picture], matches: Sequence[Match]) -> tuple[Picture, ...]:
        """The pictures, those marked that show less than a match of theirs.  Raises ``Stopped``."""
        from image_sync.jobs.organize.crops import shown

        if self.request.level not in (Level.SAME_SHOT, Level.EDITED):
            return tuple(pictures)
        seen = shown(pictures, matches, self.request, self._sight())
        holders = {
            match.first if match.part > 0 else match.second for match in matches if match.sameness is Sameness.WITHIN
        }
        lesser = self.covered | holders
        return tuple(replace(one, shows_less=True) if index in lesser else one for index, one in enumerate(seen))

    def related(self, matches: Sequence[Match]) -> list[Match]:
        """The matches, at the level ``EDITED`` with which of the two shows less.  Raises ``Stopped``."""
        from image_sync.jobs.organize.crops import related

        if self.edited is None:
            return list(matches)
        found = related(self.pictures, matches, self._sight())
        if self.placing is None:
            return found
        from image_sync.jobs.organize.holders import with_holders

        found = with_holders(found, self.pictures, self.placing.look)
        self.parts = {(match.first, match.second): match.part for match in found if match.part}
        return found

    def _sight(self) -> CropContext:
        from image_sync.jobs.organize.crops import CropContext

        corners = self.edited.corners_of if self.edited is not None else None
        return CropContext(self.measured, self._smalls, corners, self.context, self.parts)

    def _textured(self, kept: Sequence[int]) -> list[int]:
        if not kept:
            return []
        from image_sync.matching import verify

        return [index for index in kept if verify.has_texture(self.pictures[index].fingerprint)]

    def _near(self, kept: Sequence[int]) -> list[Match]:
        """Pairs whose codes are as near as those of equal pixels."""
        textured = self._textured(kept)
        self.context.reporter.stage(Stage.MATCH, len(textured))
        near = self._within(self._codes(textured), self._asked_places(textured), SAME_PIXELS_RADIUS)
        found = [
            Match(textured[first], textured[second], Sameness.SIMILAR, 1.0 - int(distance) / CODE_BITS)
            for pairs in near
            for first, second, distance in zip(*pairs, strict=True)
        ]
        self.context.reporter.flush()
        return found

    def _asked_places(self, textured: Sequence[int]) -> list[int]:
        """Places in ``textured`` of the pictures whose matches are wanted."""
        return [place for place, index in enumerate(textured) if self.asked is None or index in self.asked]

    def _within(
        self, codes: npt.NDArray[np.uint8], new: Sequence[int], radius: int, exact: bool = True
    ) -> Iterator[Pairs]:
        """Pairs of places within a radius, each once and the smaller place first: those with one of the ``new`` places
        (ascending)."""
        import numpy as np

        from image_sync.matching import search

        if len(new) == len(codes):
            yield from search.pairs_within(codes, radius, **self._steering(exact))
            return
        fresh = np.array(new, np.int64)
        for pairs in search.pairs_between(codes[fresh], codes, radius, **self._steering(exact)):
            yield _in_order(pairs._replace(first=fresh[pairs.first]), fresh)

    def _steering(self, exact: bool) -> dict[str, Any]:
        from image_sync.matching import search

        return {
            "exact": exact,
            "control": self.context.control,
            "advance": self.context.reporter.advance,
            "crowd": search.CROWD,
            "workers": self.context.workers,
        }

    def _same_shots(self, textured: Sequence[int]) -> Iterator[Match]:
        """Versions of one shot, as the hashes propose and the second look confirms."""
        if not textured:
            self.context.reporter.stage(Stage.MATCH, 0)
            self.context.reporter.stage(Stage.VERIFY, 0)
            return
        from image_sync.jobs.organize.verification import Verification
        from image_sync.pictures.version import MEASURED

        turns = TURNS if self.rotations else 1
        look = Verification(self.measured, self.request.threshold, self._smalls, self.context)
        exact = self._exactly(len(textured))
        rule = SearchRule(look.rule, (MEASURED, turns), exact)
        earlier = SearchHistory(self.context.catalog, self.measured, rule, self.asked)
        known = earlier.known(textured)
        yield from look.remembered(known, turns)
        new = earlier.new(textured, known)
        self.context.reporter.stage(Stage.MATCH, len(new) * turns)
        yield from look.matches(textured, self._candidates(textured, new) if new else ())
        if new and not look.forgotten:
            earlier.remember(textured)

    def _candidates(self, textured: Sequence[int], new: Sequence[int]) -> Iterator[tuple[int, Pairs]]:
        """Pairs of places in ``textured`` within the radius, with the position in which the second was looked at: those
        with one of the ``new`` places (ascending)."""
        import numpy as np

        from image_sync.matching import search

        codes = self._codes(textured)
        exact = self._exactly(len(textured))
        for pairs in self._within(codes, new, self.radius, exact):
            yield 0, pairs
        if not self.rotations:
            return
        fresh = np.array(new, np.int64)

        def between(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> Iterator[Pairs]:
            return search.pairs_between(one, other, self.radius, **self._steering(exact))

        turned = self._turned_codes(textured)
        for turn in range(1, TURNS):
            for pairs in between(codes[fresh], turned[:, turn]):
                pairs = pairs._replace(first=fresh[pairs.first])
                yield turn, pairs.chosen(pairs.first < pairs.second)
            if len(new) < len(textured):
                known = np.setdiff1d(np.arange(len(textured)), fresh)
                for pairs in between(codes[known], turned[fresh, turn]):
                    pairs = pairs._replace(first=known[pairs.first], second=fresh[pairs.second])
                    yield turn, pairs.chosen(pairs.first < pairs.second)

    def _exactly(self, number: int) -> bool:
        """Whether so many pictures are searched exactly; says so when they are not."""
        from image_sync.matching.search import EXACT_UP_TO

        if number <= EXACT_UP_TO or self.request.exact_search:
            return True
        self.context.notes.say(Noted.NEARLY_EXACT(number=number))
        return False

    def _codes(self, textured: Sequence[int]) -> npt.NDArray[np.uint8]:
        """The codes of some pictures, shape (n, 32)."""
        import numpy as np

        codes = np.frombuffer(b"".join(self.pictures[index].fingerprint.codes for index in textured), np.uint8)
        return codes.reshape(-1, CODE_BYTES)

    def _turned_codes(self, textured: Sequence[int]) -> npt.NDArray[np.uint8]:
        """The codes of all eight positions, shape (n, 8, 32)."""
        import numpy as np

        from image_sync.pictures.hashes import codes_of_turns_of_many

        result = np.empty((len(textured), TURNS, CODE_BYTES), np.uint8)
        for start in range(0, len(textured), AT_HAND):
            self.context.control.checkpoint()
            part = textured[start : start + AT_HAND]
            smalls = self._smalls(part)
            stacked = np.frombuffer(b"".join(smalls[index] for index in part), np.uint8).reshape(-1, SIDE, SIDE)
            result[start : start + len(part)] = codes_of_turns_of_many(stacked)
        return result

    def _smalls(self, indexes: Iterable[int]) -> dict[int, bytes]:
        """The small pictures of some pictures by index: at hand, or from the catalog."""
        found: dict[int, bytes] = {}
        rows: dict[int, int] = {}
        for index in indexes:
            row = self.measured[index].known.content
            if row is None or self.pictures[index].fingerprint.small:
                found[index] = self.pictures[index].fingerprint.small
            else:
                rows[index] = row
        stored = smalls_of(self.context, {row: self.pictures[index].record for index, row in rows.items()}, self._gone)
        return found | {index: stored[row] for index, row in rows.items()}

    # --- identical pixels ---

    def _identical_pixels(self, kept: Sequence[int], similar: Sequence[Match]) -> dict[tuple[int, int], Match]:
        """Matches of equal decoded pixels among likely pairs, by pair.

        Likely are similar pairs that differ in nothing that was measured of their pixels, and pictures without texture
        whose small pictures are equal: those never match by hashes.
        """
        likely = [match for match in similar if self._likely_equal(match)]
        likely += self._equal_blanks(kept)
        digests = self._pixel_digests({index for match in likely for index in (match.first, match.second)})
        return {
            (match.first, match.second): Match(match.first, match.second, Sameness.IDENTICAL_PIXELS, 1.0)
            for match in likely
            if digests.get(match.first, "") == digests.get(match.second)
        }

    def _likely_equal(self, match: Match) -> bool:
        one, other = self.pictures[match.first].fingerprint, self.pictures[match.second].fingerprint
        if match.turn or (one.width, one.height, one.frames) != (other.width, other.height, other.frames):
            return False
        if 1.0 - match.score > SAME_PIXELS_RADIUS / CODE_BITS:
            return False
        if one.format == other.format:
            return one.codes == other.codes and one.texture == other.texture and one.sharpness == other.sharpness
        return abs(one.texture - other.texture) <= SAME_PIXELS_DIFFERENCE

    def _equal_blanks(self, kept: Sequence[int]) -> list[Match]:
        blanks: dict[tuple[int, int, bytes], list[int]] = defaultdict(list)
        textured = set(self._textured(kept))
        silent = [index for index in kept if index not in textured]
        for start in range(0, len(silent), AT_HAND):
            smalls = self._smalls(silent[start : start + AT_HAND])
            for index, small in smalls.items():
                shape = self.pictures[index].fingerprint
                blanks[shape.width, shape.height, small].append(index)
        equal = [Match(first, other, Sameness.SIMILAR, 1.0) for first, *others in blanks.values() for other in others]
        return [
            match for match in equal if self.asked is None or match.first in self.asked or match.second in self.asked
        ]

    def _pixel_digests(self, indexes: Iterable[int]) -> dict[int, str]:
        """The digests of the decoded pixels, remembered or decoded now; a picture that can't be decoded has none."""
        digests = {index: known for index in indexes if (known := self.measured[index].known.pixels)}
        missing = sorted(set(indexes) - digests.keys())
        fresh: dict[int, str] = {}
        work = _PixelWork(tuple(self.pictures[index].record.path for index in missing))
        for place, (digest, problem) in on_pictures(self.context, work, range(len(missing)), work.path, _no_digest):
            if problem and self.pictures[missing[place]].fingerprint.frames == 1:
                # Of several frames ``damage`` tells, which are not all readable.
                self.context.reporter.problem(replace(problem, what=NOT_IN_FULL, hint=""))
            elif digest:
                digests[missing[place]] = digest
                if (row := self.measured[missing[place]].known.content) is not None:
                    fresh[row] = digest
        with contextlib.suppress(CatalogUnwritable):
            self.context.catalog.store_pixels(fresh)
        return digests


def _in_order(pairs: Pairs, new: npt.NDArray[np.int64]) -> Pairs:
    """Pairs of a ``new`` place and any other, each once and the smaller place first."""
    import numpy as np

    once = (pairs.first < pairs.second) | ((pairs.first > pairs.second) & ~np.isin(pairs.second, new))
    pairs = pairs.chosen(once)
    return pairs._replace(first=np.minimum(pairs.first, pairs.second), second=np.maximum(pairs.first, pairs.second))


@dataclass(frozen=True, slots=True)
class _PixelWork:
    """Digests the decoded pixels of one of ``paths``; runs in the pool."""

    paths: tuple[str, ...]

    def __call__(self, place: int) -> tuple[str, Problem | None]:
        from image_sync.pictures.pixels import pixel_digest

        return pixel_digest(self.paths[place]), None

    def path(self, place: int) -> str:
        """The file at a place."""
        return self.paths[place]


def _no_digest(_place: int, problem: Problem) -> tuple[str, Problem | None]:
    return "", problem
