"""Damage of pictures that decode all the same: those that match another one are examined, or all on request.

A damaged copy is never the best one, and each is told as a problem that names a whole copy, where there is one.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from image_sync.base import paths
from image_sync.base.model import Match, Picture, Problem
from image_sync.base.said import N_
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import on_pictures
from image_sync.jobs.organize.rules.reasons import Noted

if TYPE_CHECKING:
    from image_sync.pictures.damage import Look

WHAT = N_("is damaged")
NO_WHOLE_COPY = N_("no whole copy of it was found")


def with_damage(
    pictures: Sequence[Picture],
    matches: Sequence[Match],
    measured: Sequence[Measurement],
    everything: bool,
    context: RunContext,
) -> tuple[Picture, ...]:
    """The pictures, with what is damaged in those that match another one, or in all with ``everything``; each damaged
    one is reported as a problem.  Raises ``Stopped``."""
    wanted = {index for match in matches for index in (match.first, match.second)}
    found = _found(range(len(pictures)) if everything else sorted(wanted), pictures, measured, context)
    damaged = {index: words for index, words in found.items() if words}
    copies = _copies_of(damaged, matches)
    for index in sorted(damaged):
        whole = min((other for other in copies[index] if other not in damaged), default=None)
        hint = NO_WHOLE_COPY if whole is None else Noted.WHOLE_COPY(path=paths.display(pictures[whole].record.path))
        context.reporter.problem(Problem(pictures[index].record.path, WHAT, damaged[index], hint))
    return tuple(
        replace(picture, damage=damaged[index]) if index in damaged else picture
        for index, picture in enumerate(pictures)
    )


def damaged_among(
    pictures: Sequence[Picture], wanted: Sequence[int], measured: Sequence[Measurement], context: RunContext
) -> tuple[Picture, ...]:
    """The pictures, with what is damaged in those ``wanted`` (by index); nothing is reported.  Raises ``Stopped``."""
    found = _found(wanted, pictures, measured, context)
    return tuple(
        replace(picture, damage=words) if (words := found.get(index)) else picture
        for index, picture in enumerate(pictures)
    )


def _found(
    indexes: Iterable[int], pictures: Sequence[Picture], measured: Sequence[Measurement], context: RunContext
) -> dict[int, str]:
    """Damage of some pictures, in words; remembered, or looked for now."""
    asked = [index for index in indexes if pictures[index].fingerprint.frames]
    if not asked:
        return {}
    from image_sync.pictures.damage import VERSION, Look, damage_in_words

    rows = {index: row for index in asked if (row := measured[index].known.content) is not None}
    known = context.catalog.damage(rows.values(), VERSION)
    found = {index: known[row] for index, row in rows.items() if row in known}
    missing: defaultdict[int, list[int]] = defaultdict(list)
    for index in asked:
        if index not in found:
            # Identical files have one row: one of them is read.
            missing[rows.get(index, ~index)].append(index)
    looks = [Look(pictures[some[0]].record.path, pictures[some[0]].fingerprint.frames) for some in missing.values()]
    fresh: dict[int, str] = {}
    try:
        told = on_pictures(context, damage_in_words, looks, _path_of, _unknown)
        for (row, some), (_, words) in zip(missing.items(), told, strict=True):
            found.update(dict.fromkeys(some, words or ""))
            if row >= 0 and words is not None:
                fresh[row] = words
    finally:
        with contextlib.suppress(CatalogUnwritable):
            context.catalog.store_damage(fresh, VERSION)
    return found


def _path_of(look: Look) -> str:
    return look.path


def _unknown(_look: Look, _problem: Problem) -> None:
    """No verdict on what can't be read today: whoever reads the picture itself reports it."""


def _copies_of(damaged: Collection[int], matches: Iterable[Match]) -> Mapping[int, set[int]]:
    copies: defaultdict[int, set[int]] = defaultdict(set)
    for match in matches:
        for one, other in ((match.first, match.second), (match.second, match.first)):
            if one in damaged:
                copies[one].add(other)
    return copies
