"""History of searches: pictures that were searched together once are not searched again.

A search is remembered by the rows of its contents and by a rule, which names everything that its outcome hangs on
besides the contents.  Which pairs match is remembered apart, as verdicts: so a search may be remembered only when all
its verdicts were.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from image_sync.inventory.catalog import Catalog, CatalogUnwritable
from image_sync.inventory.keys import SearchRule
from image_sync.inventory.measuring import Measurement


class SearchHistory:
    """The searches by one ``rule`` that the catalog knows of."""

    def __init__(self, catalog: Catalog, measured: Sequence[Measurement], rule: SearchRule) -> None:
        self.catalog, self.measured, self.rule = catalog, measured, rule

    def known(self, searched: Sequence[int]) -> dict[int, int]:
        """Pictures that an earlier search compared with one another: indexes by content row."""
        rows = {row: index for index in reversed(searched) if (row := self._row(index)) is not None}
        together: frozenset[int] = max(
            self.catalog.searched(self.rule), key=lambda known: len(known & rows.keys()), default=frozenset()
        )
        return {row: rows[row] for row in rows.keys() & together}

    def remember(self, searched: Sequence[int]) -> None:
        """All of these pictures (by index) have been compared with one another now."""
        rows = {row for index in searched if (row := self._row(index)) is not None}
        with contextlib.suppress(CatalogUnwritable):
            self.catalog.store_searched(rows, self.rule)

    def _row(self, index: int) -> int | None:
        return self.measured[index].known.content
