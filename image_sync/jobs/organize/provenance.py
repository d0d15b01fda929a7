"""Provenance of the copies in a group: which were made from a more compressed, a smaller or a softer picture.

Such a copy looks better than it is: re-saved (``double_compression``), enlarged or sharpened (``resampling``).  Telling
decodes whole pictures, so only those that ``ranking`` names are examined, in the pool, and what was found is remembered
with the contents.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from image_sync.base.model import Match, Picture, Problem
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.keys import VerdictKind, VerdictRule
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import on_pictures

if TYPE_CHECKING:
    from image_sync.pictures.resampling import Pair


def traced(
    pictures: Sequence[Picture],
    matches: Sequence[Match],
    measured: Sequence[Measurement],
    context: RunContext,
) -> tuple[Picture, ...]:
    """The pictures, with what is known of the making of those whose rank hangs on it.  Raises ``Stopped``."""
    if not matches:
        return tuple(pictures)
    from image_sync.jobs.organize.rules.ranking import enlarged_suspects, sharpened_suspects

    tracing = _Tracing(measured, context)
    result = tracing.compressed(pictures, matches)
    if suspects := enlarged_suspects(result, matches):
        from image_sync.pictures.resampling import was_enlarged

        for index in tracing.guilty(result, suspects, was_enlarged, VerdictKind.ENLARGED):
            result[index] = replace(result[index], enlarged_from=result[suspects[index]].fingerprint.pixels)
    if suspects := sharpened_suspects(result, matches):
        from image_sync.pictures.resampling import may_be_sharpened

        found = tracing.guilty(result, suspects, may_be_sharpened, VerdictKind.SHARPENED)
        for index in sorted(found, key=lambda index: result[index].fingerprint.sharpness):
            source = result[suspects[index]]
            # The softest first: what was sharpened twice is no sharper than the first of them.
            result[index] = replace(result[index], sharpened_from=source.sharpened_from or source.fingerprint.sharpness)
    return tuple(result)


@dataclass(frozen=True, slots=True)
class _Tracing:
    measured: Sequence[Measurement]
    context: RunContext

    def compressed(self, pictures: Sequence[Picture], matches: Sequence[Match]) -> list[Picture]:
        """The pictures, with the ``earlier_quality`` of those whose rank hangs on it."""
        from image_sync.jobs.organize.rules.ranking import doubtful
        from image_sync.pictures.double_compression import with_history

        result = list(pictures)
        # A damaged one ranks last whatever it was made from, and may not stand another decoding.
        asked = [index for index in doubtful(pictures, matches) if not pictures[index].damage]
        wanted = [index for index in asked if not self.measured[index].known.traced]
        found: dict[int, int | None] = {}
        looked = on_pictures(self.context, with_history, [pictures[index] for index in wanted], _path_of, self._unknown)
        for index, (_, picture) in zip(wanted, looked, strict=True):
            if picture is None:
                continue
            earlier = picture.fingerprint.earlier_quality
            known = replace(result[index].fingerprint, earlier_quality=earlier)
            result[index] = replace(result[index], fingerprint=known)
            if (row := self._row(index)) is not None:
                found[row] = earlier
        with contextlib.suppress(CatalogUnwritable):
            self.context.catalog.store_traces(found)
        return result

    def guilty(
        self, pictures: Sequence[Picture], suspects: Mapping[int, int], look: Callable[[Pair], bool], kind: VerdictKind
    ) -> list[int]:
        """Suspects (with what each may be made from) of whom the comparison says that it is so."""
        from image_sync.pictures.resampling import VERSION, Pair

        rule = VerdictRule(kind, (VERSION,))
        rows = {index: (self._row(index) or -1, self._row(source) or -1) for index, source in suspects.items()}
        known = self.context.catalog.verdicts((first for first, _ in rows.values()), rule)
        verdicts = {index: known[pair] for index, pair in rows.items() if pair in known}
        missing = [index for index in suspects if index not in verdicts]
        pairs = [Pair(pictures[index].record.path, pictures[suspects[index]].record.path) for index in missing]
        looked = on_pictures(self.context, look, pairs, _both_of, self._unknown)
        for index, (_, verdict) in zip(missing, looked, strict=True):
            if verdict is not None:
                verdicts[index] = verdict
        fresh = {rows[index]: verdicts[index] for index in missing if index in verdicts and -1 not in rows[index]}
        with contextlib.suppress(CatalogUnwritable):
            self.context.catalog.store_verdicts(fresh, rule)
        return sorted(index for index, verdict in verdicts.items() if verdict)

    def _unknown(self, _item: object, problem: Problem) -> None:
        """Report of what could not be told today, which counts for nothing and is not remembered."""
        self.context.reporter.problem(replace(problem, hint=""))

    def _row(self, index: int) -> int | None:
        return self.measured[index].known.content


def _path_of(picture: Picture) -> str:
    return picture.record.path


def _both_of(pair: Pair) -> tuple[str, str]:
    return pair.suspect, pair.source
