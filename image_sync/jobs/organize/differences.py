"""Detailed comparison of what passes for versions of one shot: other screens, texts and colours, other moments.

Each match is asked twice.  Two shots of one camera at different moments are a series by what their EXIF says; for all
others two pictures of 640 pixels are compared (``matching.difference``).  Looks take some 20 ms and a decode, so they
are made between few pictures: what shows the same as one picture is one class, and what two classes differ in is asked
once.  Which picture stands for a class hangs on the pictures alone, never on the order in which they come.  In a crowd
of look-alikes only the likest are looked at (``nearness``); that two pictures show the same is never taken for granted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from image_sync.base.events import Stage
from image_sync.base.model import Match, Picture, Problem, Sameness
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.keys import VerdictKind, VerdictRule
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import on_files, on_pictures
from image_sync.jobs.organize.nearness import Turns, in_a_crowd, nearest_first
from image_sync.jobs.organize.rules.reasons import Noted
from image_sync.matching.threshold import DEFAULT_THRESHOLD, LOWEST_THRESHOLD, rigour_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from image_sync.matching.difference import Difference
    from image_sync.pictures.metadata.shots import Shot

    Colour = npt.NDArray[np.uint8]

AHEAD = 8
"""Pictures of a crowd that wait until the likest of them has been compared."""
TOGETHER = 8
"""Pictures that are compared with one in one piece of work, so that it is decoded once for all of them."""
_COVERED = {"FIRST_COVERED": 1, "SECOND_COVERED": -1}
# Which of the two shows less, by the name of the difference: the enum is loaded when it is needed.
ROUND = 256
"""Pieces of work between which what was found is remembered."""


class Told(NamedTuple):
    """Verdicts on matches: those that are left, and the pairs that are surely two pictures."""

    matches: list[Match]
    other: set[tuple[int, int]]


class _Looked(NamedTuple):
    """A look at picture ``one`` and ``other`` in position ``turn`` (see ``pictures.hashes``)."""

    one: int
    other: int
    turn: int

    @property
    def reversed(self) -> _Looked:
        from image_sync.pictures.hashes import inverse_turn

        return _Looked(self.other, self.one, inverse_turn(self.turn))


class _Bounds(NamedTuple):
    """Bounds known before any look: pairs of a ``series``, for each picture the best score with a frame of one
    (``nearest``), and for the pictures of a crowd whom each matches, the likest first (``near``)."""

    series: set[tuple[int, int]]
    nearest: Mapping[int, Mapping[int, float]]
    near: Mapping[int, list[int]]


class CloserLook:
    """Tells series and other pictures from the versions of one shot."""

    def __init__(
        self,
        pictures: Sequence[Picture],
        measured: Sequence[Measurement],
        threshold: float,
        edits: bool,
        context: RunContext,
        smalls: Callable[[Iterable[int]], Mapping[int, bytes]] | None = None,
    ) -> None:
        self.edits, self.smalls = edits, smalls
        self.pictures, self.measured, self.context = pictures, measured, context
        self.rigour = rigour_of(threshold)
        self._answers: dict[_Looked, Difference] = {}
        self._shots: dict[int, Shot] = {}
        self._home: Mapping[int, int] = {}
        self._moved: set[tuple[int, int]] = set()

    def told(self, matches: Sequence[Match]) -> Told:
        """The matches, each as what it is.  Raises ``Stopped`` at a checkpoint."""
        similar = [match for match in matches if match.sameness is Sameness.SIMILAR]
        if not similar:
            self.context.reporter.stage(Stage.DETAIL, 0)
            return Told(list(matches), set())
        from image_sync.matching import features
        from image_sync.matching.difference import Difference

        series = self._other_moments(similar)
        self.context.reporter.stage(Stage.DETAIL, len({index for match in similar for index in _ends(match)}))
        if not features.available():
            self.context.notes.say(Noted.WITHOUT_LOOK())
            answers: Mapping[tuple[int, int], Difference] = {}
        else:
            answers = self._differences(similar, series)
        self.context.reporter.flush()
        left, other = [], set()
        for match in matches:
            answer = answers.get(_ends(match), Difference.NONE)
            if match.sameness is not Sameness.SIMILAR:
                left.append(match)
            elif _ends(match) in series or answer is Difference.MOVED:
                left.append(replace(match, sameness=Sameness.SERIES))
            elif answer.is_same:
                left.append(replace(match, part=_COVERED.get(answer.name, 0)))
            elif answer is Difference.OTHER:
                other.add(_ends(match))
        return Told(left, other)

    def series(self, matches: Sequence[Match]) -> list[Match]:
        """More matches, those of two moments as a series, copies without a time as the frames that they show; nothing
        is decoded."""
        series = self._other_moments([match for match in matches if match.sameness is Sameness.SIMILAR])
        return [
            replace(match, sameness=Sameness.SERIES)
            if _ends(match) in series or (match.sameness is Sameness.SIMILAR and self._classes_of(match) in self._moved)
            else match
            for match in matches
        ]

    def copies_though_damaged(self, matches: Sequence[Match], pictures: Sequence[Picture]) -> list[Match]:
        """The matches, those of a damaged picture as copies again: what is broken in it moves nothing.

        Two moments that the files state are two shots, whatever is broken.
        """
        broken = {index for index, picture in enumerate(pictures) if picture.damage}
        doubted = [
            match for match in matches if match.sameness is Sameness.SERIES and not broken.isdisjoint(_ends(match))
        ]
        two = self._other_moments(doubted)
        copies = {_ends(match) for match in doubted} - two
        return [replace(one, sameness=Sameness.SIMILAR) if _ends(one) in copies else one for one in matches]

    def _classes_of(self, match: Match) -> tuple[int, int]:
        return _pair(*(self._home.get(index, index) for index in _ends(match)))

    def _other_moments(self, matches: Sequence[Match]) -> set[tuple[int, int]]:
        """The pairs that one camera took at two moments."""
        if not matches:
            return set()
        from image_sync.pictures.metadata.shots import NO_SHOT, other_moments, shot_of

        wanted = sorted({index for match in matches for index in _ends(match)} - self._shots.keys())
        # Only what has a date and a camera can be told by them, and that was measured.
        stated = [index for index in wanted if self._states_moment(index)]
        paths = [self.pictures[index].record.path for index in stated]
        shots = on_files(self.context, shot_of, paths, str, lambda _path, _problem: NO_SHOT)
        self._shots.update(zip(stated, (shot for _, shot in shots), strict=True))
        known = self._shots
        return {
            (one, other)
            for one, other in map(_ends, matches)
            if one in known and other in known and other_moments(known[one], known[other])
        }

    def _states_moment(self, index: int) -> bool:
        known = self.pictures[index].fingerprint
        return bool(known.captured and known.camera)

    # --- few looks for many pairs ---

    def _differences(self, matches: Sequence[Match], series: set[tuple[int, int]]) -> dict[tuple[int, int], Difference]:
        """Differences of each pair that is no series."""
        links = _links(matches)
        crowd = in_a_crowd(links) if self.smalls else frozenset()
        near = nearest_first(links, crowd, self.smalls) if self.smalls else {}
        bounds = _Bounds(series, self._nearest(links, series), near)
        classes = self._classes(links, bounds)
        return self._between(matches, bounds, classes)

    def _nearest(
        self, links: Mapping[int, Mapping[int, Match]], series: set[tuple[int, int]]
    ) -> dict[int, dict[int, float]]:
        """For each picture the best score with a frame of a series, by the frames that may not have it."""
        rivals: defaultdict[int, list[int]] = defaultdict(list)
        for one, other in series:
            rivals[one].append(other)
            rivals[other].append(one)
        return {
            picture: {
                frame: max((others[rival].score for rival in rivals[frame] if rival in others), default=0.0)
                for frame in others
                if frame in rivals
            }
            for picture, others in links.items()
        }

    def _classes(self, links: Mapping[int, Mapping[int, Match]], bounds: _Bounds) -> dict[int, int]:
        """For each picture the one that stands for all that show the same as it."""
        order = sorted(links, key=self._key)
        home: dict[int, int] = {}
        while stars := self._next_stars(order, links, home, bounds):
            before = len(home)
            home.update({base: base for base in stars})
            turns = Turns({base: list(looks) for base, looks in stars.items()}, bounds.near)
            while asked := turns.next():
                answers = self._look([stars[base][other] for base, other in asked])
                same = [(base, other) for base, other in asked if answers[stars[base][other]].is_same]
                for base, other in same:
                    home.setdefault(other, base)
                turns.take(same)
            self.context.reporter.advance(len(home) - before)
            order = [picture for picture in order if picture not in home]
        return home

    def _next_stars(
        self, order: Sequence[int], links: Mapping[int, Mapping[int, Match]], home: Mapping[int, int], bounds: _Bounds
    ) -> dict[int, dict[int, _Looked]]:
        """Pictures that stand for a class next, and with whom each is compared; classes that share a picture wait."""
        stars: dict[int, dict[int, _Looked]] = {}
        busy: set[int] = set()
        for base in order:
            others = [other for other in bounds.near.get(base, links[base]) if other not in home]
            # One of a crowd has done with the first few as a rule; who is farther off needs not wait for it.
            close = others[:AHEAD] if base in bounds.near else others
            if base not in busy and busy.isdisjoint(close):
                stars[base] = {
                    other: _seen_from(base, links[base][other])
                    for other in others
                    if _pair(base, other) not in bounds.series
                    and links[base][other].score >= bounds.nearest[other].get(base, 0.0)
                }
            busy.update((base, *close))
        return stars

    def _between(
        self, matches: Sequence[Match], bounds: _Bounds, home: Mapping[int, int]
    ) -> dict[tuple[int, int], Difference]:
        """Difference of each match, by the classes at its ends: what two classes differ in is asked once."""
        from image_sync.matching.difference import Difference

        answers = self._answers_between(self._asked_between(matches, bounds, home), bounds, home)
        moved = {_pair(home[one], home[other]) for one, other in bounds.series}
        self._home, self._moved = home, moved
        said = _Said(answers)
        found: dict[tuple[int, int], Difference] = {}
        for match in matches:
            classes = _pair(home[match.first], home[match.second])
            if classes[0] == classes[1]:
                answer = self._answer(_Looked(match.first, match.second, match.turn))
                found[_ends(match)] = answer if answer and answer.is_same else Difference.NONE
            elif classes in moved:
                found[_ends(match)] = Difference.MOVED
            elif _ends(match) not in bounds.series:
                found[_ends(match)] = answers.get(classes) or said.of(*classes)
        return found

    def _asked_between(
        self, matches: Sequence[Match], bounds: _Bounds, home: Mapping[int, int]
    ) -> dict[tuple[int, int], _Looked]:
        """The look that tells what two classes differ in, for all that have a match."""
        asked: dict[tuple[int, int], _Looked] = {}
        for match in sorted(matches, key=lambda match: (*sorted(map(self._key, _ends(match))), match.turn)):
            classes = _pair(home[match.first], home[match.second])
            look = _Looked(match.first, match.second, match.turn)
            known = look in self._answers or look.reversed in self._answers
            if classes[0] != classes[1] and _ends(match) not in bounds.series and (known or classes not in asked):
                asked[classes] = look
        return asked

    def _answers_between(
        self, asked: Mapping[tuple[int, int], _Looked], bounds: _Bounds, home: Mapping[int, int]
    ) -> dict[tuple[int, int], Difference]:
        """The answers to those looks; of two classes of a crowd only as far as either goes on asking."""
        answers = {classes: answer for classes, look in asked.items() if (answer := self._answer(look)) is not None}
        plain = [pair for pair in asked if pair not in answers and not all(base in bounds.near for base in pair)]
        looked = self._look([asked[pair] for pair in plain])
        answers.update({pair: looked[asked[pair]] for pair in plain})
        queues: dict[int, list[int]] = {}
        for base in sorted(set(home.values()) & bounds.near.keys(), key=self._key):
            others = dict.fromkeys(home[other] for other in bounds.near[base])
            queues[base] = [other for other in others if other in bounds.near and _pair(base, other) in asked]
        turns = Turns(queues, bounds.near)
        while pairs := turns.next():
            fresh = sorted({_pair(*pair) for pair in pairs} - answers.keys())
            looked = self._look([asked[pair] for pair in fresh])
            answers.update({pair: looked[asked[pair]] for pair in fresh})
            turns.take([pair for pair in pairs if answers[_pair(*pair)].is_same])
        return answers

    def _key(self, index: int) -> tuple[int, bytes, str]:
        """The order of pictures: the largest first."""
        picture = self.pictures[index]
        return -picture.fingerprint.pixels, picture.fingerprint.codes, picture.record.path

    # --- looks ---

    def _look(self, pairs: Sequence[_Looked]) -> dict[_Looked, Difference]:
        """The answers to looks, remembered or made now; a picture that can't be decoded differs in nothing."""
        from image_sync.matching.difference import Difference

        fresh = self._from_catalog([pair for pair in pairs if self._answer(pair) is None])
        pieces = list(_pieces(fresh))
        work = _LookWork(tuple(picture.record.path for picture in self.pictures), self.rigour, self.edits)
        for start in range(0, len(pieces), ROUND):
            found: dict[_Looked, Difference] = {}
            for piece, said in on_pictures(
                self.context, work, pieces[start : start + ROUND], work.paths_of, self._unknown
            ):
                if said is None:
                    self._answers.update(dict.fromkeys(piece, Difference.NONE))
                else:
                    found.update(zip(piece, said, strict=True))
            self._answers.update(found)
            self._remember(found)
        return {pair: answer for pair in pairs if (answer := self._answer(pair)) is not None}

    def _unknown(self, _piece: object, problem: Problem) -> None:
        """Report of what could not be told, which counts for nothing and is not remembered."""
        self.context.reporter.problem(replace(problem, hint=""))

    def _answer(self, pair: _Looked) -> Difference | None:
        answer = self._answers.get(pair)
        if answer is None and (other := self._answers.get(pair.reversed)) is not None:
            return other.swapped
        return answer

    def _from_catalog(self, pairs: Sequence[_Looked]) -> list[_Looked]:
        """Take what earlier runs found; the pairs that are left."""
        from image_sync.matching.difference import Difference

        known: dict[tuple[int, int, int], float] = {}
        for turn in {pair.turn for pair in pairs} | {pair.reversed.turn for pair in pairs}:
            rows = {row for pair in pairs for index in pair[:2] if (row := self._row(index)) is not None}
            scores = self.context.catalog.scores(rows, self._rule(turn))
            known.update({(*ends, turn): value for ends, value in scores.items()})
        left = []
        for pair in pairs:
            for way in (pair, pair.reversed):
                if (value := known.get(self._rows(way))) is not None:
                    self._answers[way] = Difference(round(value * 10))
                    break
            else:
                left.append(pair)
        return left

    def _remember(self, found: Mapping[_Looked, Difference]) -> None:
        by_turn: defaultdict[int, dict[tuple[int, int], float]] = defaultdict(dict)
        for pair, answer in found.items():
            one, other, turn = self._rows(pair)
            if -1 not in (one, other):
                by_turn[turn][one, other] = answer.value / 10
        for turn, scores in by_turn.items():
            try:
                self.context.catalog.store_scores(scores, self._rule(turn))
            except CatalogUnwritable:
                return

    def _rule(self, turn: int) -> VerdictRule:
        from image_sync.matching.difference import VERSION

        threshold = LOWEST_THRESHOLD + self.rigour * (DEFAULT_THRESHOLD - LOWEST_THRESHOLD)
        return VerdictRule(VerdictKind.DIFFERENCE, (VERSION, int(self.edits)), threshold, turn)

    def _row(self, index: int) -> int | None:
        return self.measured[index].known.content

    def _rows(self, pair: _Looked) -> tuple[int, int, int]:
        return self._row(pair.one) or -1, self._row(pair.other) or -1, pair.turn


class _Said:
    """Differences of two classes of a crowd that nobody compared: as most of theirs that were compared do, they differ
    in something that moved, in letters, or are two pictures."""

    def __init__(self, answers: Mapping[tuple[int, int], Difference]) -> None:
        self._answers: defaultdict[int, Counter[Difference]] = defaultdict(Counter)
        for classes, answer in answers.items():
            for base in classes:
                if not answer.is_same:
                    self._answers[base][answer] += 1

    def of(self, one: int, other: int) -> Difference:
        """The commonest difference of the two; of several the one that keeps them together."""
        from image_sync.matching.difference import Difference

        counts = self._answers[one] + self._answers[other]
        return max((Difference.MOVED, Difference.LETTERS, Difference.OTHER), key=lambda kind: counts[kind])


def _ends(match: Match) -> tuple[int, int]:
    return match.first, match.second


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)


def _links(matches: Sequence[Match]) -> dict[int, dict[int, Match]]:
    """Links of who matches whom; of several positions the likest."""
    links: defaultdict[int, dict[int, Match]] = defaultdict(dict)
    for match in sorted(matches, key=lambda match: (-match.score, match.turn)):
        links[match.first].setdefault(match.second, match)
        links[match.second].setdefault(match.first, match)
    return links


def _seen_from(base: int, match: Match) -> _Looked:
    look = _Looked(match.first, match.second, match.turn)
    return look if match.first == base else look.reversed


def _pieces(pairs: Sequence[_Looked]) -> Iterator[tuple[_Looked, ...]]:
    """Pairs in pieces that share their first picture."""
    by_first: defaultdict[int, list[_Looked]] = defaultdict(list)
    for pair in pairs:
        by_first[pair.one].append(pair)
    for found in by_first.values():
        yield from (tuple(found[start : start + TOGETHER]) for start in range(0, len(found), TOGETHER))


@dataclass(frozen=True, slots=True)
class _LookWork:
    """Compares the first picture of some pairs with the second of each; runs in the pool."""

    paths: tuple[str, ...]
    rigour: float
    edits: bool

    def __call__(self, piece: tuple[_Looked, ...]) -> list[Difference]:
        from image_sync.matching.difference import Difference, difference
        from image_sync.pictures.errors import PictureError

        decoded = lru_cache(maxsize=1)(self._decoded)
        said = []
        for pair in piece:
            try:
                first, second = decoded(pair.one), _in_position(self._decoded(pair.other), pair.turn)
                said.append(difference(first, second, self.rigour, self.edits))
            except PictureError:
                # It could be read when it was measured; what becomes of it now is told where it is used.
                said.append(Difference.NONE)
        return said

    def paths_of(self, piece: tuple[_Looked, ...]) -> tuple[str, ...]:
        """The pictures of a piece, first that which all of it is about."""
        return self.paths[piece[0].one], *(self.paths[pair.other] for pair in piece)

    def _decoded(self, index: int) -> Colour:
        import numpy as np

        from image_sync.matching.difference import LONG_SIDE
        from image_sync.pictures.pixels import thumbnail

        return np.asarray(thumbnail(self.paths[index], LONG_SIDE))


def _in_position(picture: Colour, turn: int) -> Colour:
    import numpy as np

    mirrored = picture[:, ::-1] if turn >= 4 else picture
    return np.ascontiguousarray(np.rot90(mirrored, -(turn % 4)))
