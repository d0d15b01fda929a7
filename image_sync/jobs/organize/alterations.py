"""Alterations among groups: blurred, sharpened or toned copies never come before what they were made of.

Each picture is compared with the one that would be the best of those that it may be made from, or may be the source of,
until that one is found unaltered; so there are about as many looks as pictures, not as pairs.  What a look found is
remembered with the contents.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from image_sync.base.model import Match, Picture, Problem
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.keys import VerdictKind, VerdictRule
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import on_pictures
from image_sync.jobs.organize.request import OrganizeRequest

if TYPE_CHECKING:
    from image_sync.jobs.organize.rules.alterations import Tone
    from image_sync.pictures.alteration import TwoCopies

BLURRED, SHARPENED = "blurred", "sharpened"
_MOST_ROUNDS = 4
_LOSING = 80
"""The JPEG quality below which saving alone takes so much detail that another copy seems sharpened."""
_KINDS = 4
"""Kinds of alteration beside none; a verdict is remembered as a share of them."""

Pair = tuple[int, int]


def with_alterations(
    pictures: Sequence[Picture],
    matches: Sequence[Match],
    measured: Sequence[Measurement],
    request: OrganizeRequest,
    context: RunContext,
) -> tuple[Picture, ...]:
    """The pictures, with how those were altered that may come before what they were made of.  Raises ``Stopped``."""
    from image_sync.jobs.organize.rules.alterations import comparable

    partners = comparable(pictures, matches)
    looking = _Looking(pictures, measured, partners, request, context)
    altered: dict[int, str] = {}
    done: set[Pair] = set()
    for _ in range(_MOST_ROUNDS):
        pairs = [pair for pair in looking.pairs(altered) if pair not in done]
        if not pairs:
            break
        done.update(pairs)
        for index, how in looking.altered(pairs).items():
            altered.setdefault(index, how)
    return tuple(
        replace(picture, altered=altered[index]) if index in altered else picture
        for index, picture in enumerate(pictures)
    )


@dataclass(frozen=True, slots=True)
class _Looking:
    pictures: Sequence[Picture]
    measured: Sequence[Measurement]
    partners: Mapping[int, set[int]]
    request: OrganizeRequest
    context: RunContext

    def pairs(self, altered: Mapping[int, str]) -> list[Pair]:
        """Each picture with the best of its partners that is not known to be altered."""
        from image_sync.jobs.organize.rules.ranking import rank

        keys = {
            index: rank(self.pictures[index], self.request.best_order, self.request.preferred)
            for index in self.partners
        }
        found = set()
        for index in self.partners.keys() - altered.keys():
            others = [other for other in self.partners[index] if other not in altered]
            if others:
                best = min(others, key=keys.__getitem__)
                found.add((min(index, best), max(index, best)))
        return sorted(found)

    def altered(self, pairs: Sequence[Pair]) -> dict[int, str]:
        """Altered copies of these pairs, and how."""
        from image_sync.jobs.organize.rules.alterations import TONED, saved_alike

        found: dict[int, str] = {}
        signs = self._toned(pairs)
        for pair, sign in signs.items():
            if sign:
                found[pair[0] if sign > 0 else pair[1]] = TONED
        same_tone = [pair for pair in pairs if not signs[pair]]
        unlike = [pair for pair in same_tone if not saved_alike(*(self.pictures[index] for index in pair))]
        for pair, kind in self._filtered(unlike).items():
            found.update(self._of_kind(pair, kind))
        return found

    def _of_kind(self, pair: Pair, kind: int) -> dict[int, str]:
        """Altered copies by a value of ``pictures.alteration.Alteration``.  A copy that was saved worse has lost its
        detail to that, and needn't have been blurred."""
        from image_sync.jobs.organize.rules.ranking import compression_quality
        from image_sync.pictures.alteration import Alteration

        kinds = {
            Alteration.FIRST_BLURRED: (0, BLURRED),
            Alteration.FIRST_SHARPENED: (0, SHARPENED),
            Alteration.SECOND_BLURRED: (1, BLURRED),
            Alteration.SECOND_SHARPENED: (1, SHARPENED),
        }
        if kind == Alteration.NEITHER:
            return self._alone(pair)
        place, how = kinds[Alteration(kind)]
        one, other = pair[place], pair[1 - place]
        mine, theirs = (compression_quality(self.pictures[index]) for index in (one, other))
        lost = mine < theirs if how == BLURRED else theirs < min(mine, _LOSING)
        return {} if lost else {one: how}

    def _alone(self, pair: Pair) -> dict[int, str]:
        """The sharpened copy of two that nothing in them tells apart: the crisper one, which no other copy is like,
        where several are like the softer one."""
        from image_sync.jobs.organize.rules.alterations import sharpened_alone

        copies = [self._copies(index) for index in pair]
        one, other = (self.pictures[index].fingerprint.sharpness for index in pair)
        place = sharpened_alone(one, other, *copies)
        return {} if place is None else {pair[place]: SHARPENED}

    def _copies(self, index: int) -> list[float]:
        """The sharpness of the copies of a picture."""
        return [self.pictures[other].fingerprint.sharpness for other in sorted(self.partners[index])]

    def _toned(self, pairs: Sequence[Pair]) -> dict[Pair, int]:
        from image_sync.jobs.organize.rules.alterations import toned

        tones = self._tones({index for pair in pairs for index in self._around(pair)})
        return {(one, other): toned(tones[one], tones[other], self._support(one, other, tones)) for one, other in pairs}

    def _around(self, pair: Pair) -> set[int]:
        return {*pair, *self.partners[pair[0]], *self.partners[pair[1]]}

    def _support(self, one: int, other: int, tones: Mapping[int, Tone]) -> tuple[int, int]:
        """Evidence for each of two: camera data before all, then how many copies are toned like it."""
        from image_sync.jobs.organize.rules.ranking import camera_data

        mine, theirs = (
            sum(tones[index].is_that_of(tones[beside]) for beside in self.partners[index]) for index in (one, other)
        )
        data = [camera_data(self.pictures[index]) for index in (one, other)]
        return (data[0], data[1]) if data[0] != data[1] else (mine, theirs)

    def _tones(self, indexes: Iterable[int]) -> dict[int, Tone]:
        from image_sync.jobs.organize.rules.alterations import Tone
        from image_sync.pictures.colour import saturation_of

        indexes = list(indexes)
        rows = {index: row for index in indexes if (row := self._row(index)) != -1}
        chromas, smalls = self.context.catalog.chromas(rows.values()), self.context.catalog.smalls(rows.values())
        found = {}
        for index in indexes:
            known, row = self.pictures[index].fingerprint, rows.get(index, -1)
            small = known.small or smalls.get(row, b"\0")
            saturation = saturation_of(known.chroma or chromas.get(row, b""))
            found[index] = Tone(sum(small) / len(small), known.texture, saturation)
        return found

    def _filtered(self, pairs: Sequence[Pair]) -> dict[Pair, int]:
        """Findings about these pairs, by ``Alteration``; remembered, or made now."""
        from image_sync.pictures.alteration import VERSION, TwoCopies, alteration

        rule = VerdictRule(VerdictKind.ALTERED, (VERSION,))
        rows = {pair: (self._row(pair[0]), self._row(pair[1])) for pair in pairs}
        known = self.context.catalog.scores((first for first, _ in rows.values()), rule)
        found = {pair: round(known[row] * _KINDS) for pair, row in rows.items() if row in known}
        missing = [pair for pair in pairs if pair not in found]
        copies = [TwoCopies(*(self.pictures[index].record.path for index in pair)) for pair in missing]
        told = on_pictures(self.context, alteration, copies, _both_of, self._unknown)
        for pair, (_, kind) in zip(missing, told, strict=True):
            if kind is not None:
                found[pair] = int(kind)
        fresh = {rows[pair]: found[pair] / _KINDS for pair in missing if pair in found and -1 not in rows[pair]}
        with contextlib.suppress(CatalogUnwritable):
            self.context.catalog.store_scores(fresh, rule)
        return found

    def _unknown(self, _pair: TwoCopies, problem: Problem) -> None:
        """Report of what can't be told today, which is not remembered."""
        self.context.reporter.problem(replace(problem, hint=""))

    def _row(self, index: int) -> int:
        return self.measured[index].known.content or -1


def _both_of(pair: TwoCopies) -> tuple[str, str]:
    return pair.first, pair.second
