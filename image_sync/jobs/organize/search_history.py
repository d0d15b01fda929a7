"""History of searches: pictures that were searched together once are not searched again.

A search for some pictures only compares those with all others, and none of these with one another; it is not
remembered, since it tells little of all the rest.

A search is remembered by the rows of its contents and by a rule, which names everything that its outcome hangs on
besides the contents.  Which pairs match is remembered apart, as verdicts: so a search may be remembered only when all
its verdicts were.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence

from image_sync.inventory.catalog import Catalog, CatalogUnwritable
from image_sync.inventory.keys import SearchRule
from image_sync.inventory.measuring import Measurement


class SearchHistory:
    """The searches by one ``rule`` that the catalog knows of; with ``asked`` a search for these (by index) only."""

    def __init__(
        self,
        catalog: Catalog,
        measured: Sequence[Measurement],
        rule: SearchRule,
        asked: Collection[int] | None = None,
    ) -> None:
        self.catalog, self.measured, self.rule, self.asked = catalog, measured, rule, asked

    def known(self, searched: Sequence[int]) -> dict[int, int]:
        """Pictures that an earlier search compared with one another: indexes by content row."""
        if self.asked is not None:
            return {}
        rows = {row: index for index in reversed(searched) if (row := self._row(index)) is not None}
        together: frozenset[int] = max(
            self.catalog.searched(self.rule), key=lambda known: len(known & rows.keys()), default=frozenset()
        )
        return {row: rows[row] for row in rows.keys() & together}

    def new(self, searched: Sequence[int], known: Mapping[int, int]) -> list[int]:
        """Places in ``searched`` of the pictures that are to be compared with all, ``known`` being the others."""
        if self.asked is not None:
            return [place for place, index in enumerate(searched) if index in self.asked]
        compared = set(known.values())
        return [place for place, index in enumerate(searched) if index not in compared]

    def remember(self, searched: Sequence[int]) -> None:
        """All of these pictures (by index) have been compared with one another now."""
        if self.asked is not None:
            return
        rows = {row for index in searched if (row := self._row(index)) is not None}
        with contextlib.suppress(CatalogUnwritable):
            self.catalog.store_searched(rows, self.rule)

    def _row(self, index: int) -> int | None:
        return self.measured[index].known.content
