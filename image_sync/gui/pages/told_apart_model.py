"""The list of pictures that a person called *not the same*, without its window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from image_sync.base import paths
from image_sync.gui.job.tile import Tile
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext

if TYPE_CHECKING:
    from image_sync.inventory.catalog import Catalog
    from image_sync.inventory.keys import Refusal


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair as a row: its names, and when it was told apart."""

    key: str
    cells: tuple[str, ...]


class ToldApartModel:
    """The pairs that are remembered; ``changed`` is called when they were read or some were forgotten."""

    def __init__(self, background: Background, catalog: Callable[[], Catalog], changed: Callable[[], None]) -> None:
        self._background, self._catalog, self._changed = background, catalog, changed
        self.pairs: dict[str, Refusal] = {}
        self.news = _("Looking…")

    def read(self) -> None:
        """Read what is remembered."""
        self._ask(lambda catalog: catalog.refusals(), "")

    def forget(self, keys: Iterable[str]) -> None:
        """Forget these pairs: the next scan may find them alike again."""
        gone = [self.pairs[key].pair for key in keys if key in self.pairs]
        told = ngettext("{count} pair was forgotten.", "{count} pairs were forgotten.", len(gone))

        def work(catalog: Catalog) -> list[Refusal]:
            for pair in gone:
                catalog.forget_refused(pair)
            return catalog.refusals()

        if gone:
            self._ask(work, told.format(count=formatting.count(len(gone))))

    @property
    def rows(self) -> list[PairRow]:
        """The pairs, the newest first."""
        return [PairRow(key, _cells(refusal)) for key, refusal in self.pairs.items()]

    def tiles(self, key: str) -> list[Tile]:
        """Both pictures of a pair, as far as it is known where they were."""
        files = self.pairs[key].files if key in self.pairs else ()
        return [
            Tile(number, path, False, "", shown(paths.name(path)), (shown(paths.parent(path)),))
            for number, path in enumerate(files)
            if path
        ]

    def _ask(self, work: Callable[[Catalog], list[Refusal]], news: str) -> None:
        def done(found: list[Refusal]) -> None:
            self.pairs = {"\n".join(one.pair.key()): one for one in found}
            none = _("No pictures were called “not the same”.")
            self.news = " ".join(part for part in (news, "" if found else none) if part)
            self._changed()

        def failed(error: Exception) -> None:
            self.news = str(error)
            self._changed()

        self._background.submit(lambda: work(self._catalog()), done, failed=failed)


def _cells(refusal: Refusal) -> tuple[str, ...]:
    first, second = refusal.files
    unknown = _("(its name was not kept)")
    return (
        shown(paths.name(first)) or unknown,
        shown(paths.name(second)) or unknown,
        formatting.moment(refusal.decided),
    )
