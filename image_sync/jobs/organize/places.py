"""Places to be looked through: any folders (with all below them) and files as records, each file once.

A file below two places, of which one lies in the other, belongs to the innermost of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.model import FileKind, FileRecord, Problem, Refused
from image_sync.inventory.context import RunContext
from image_sync.inventory.scan import Filter, record_of, scan
from image_sync.jobs.folder_checks import real
from image_sync.pictures.formats import kind_of

KINDS = frozenset({FileKind.PICTURE, FileKind.RAW, FileKind.MOVIE, FileKind.SIDECAR})


@dataclass(frozen=True, slots=True)
class Placed:
    """One file and the place that it was found by."""

    record: FileRecord
    place: str


class Places:
    """The real paths of some places.  Raises ``Refused`` for one that is not there."""

    def __init__(self, places: Sequence[str], context: RunContext) -> None:
        self.context = context
        self.paths = tuple(dict.fromkeys(map(real, places)))
        self.others: dict[str, int] = {}
        """How many files were passed by in each place, since they are of no kind that counts."""
        for place in places:
            # An empty text would be the folder that one happens to be in.
            if not place or not os.path.exists(place):
                raise Refused(f"There is no file or folder {paths.display(place) or 'of no name'}")

    def files(self) -> list[Placed]:
        """All files that count, in the order of the places.  Raises ``Stopped``, and ``Refused`` for a folder that
        can't be read."""
        alone = {place for place in self.paths if not os.path.isdir(place)}
        return [
            Placed(record, place)
            for place in self.paths
            for record in self._records(place)
            # A file that is a place of its own too belongs to that.
            if place in alone or not alone or record.path not in alone
        ]

    def _records(self, place: str) -> Iterator[FileRecord]:
        if not os.path.isdir(place):
            yield from self._record(place)
            return
        wanted = Filter(kinds=KINDS, skip=frozenset(self.paths) - {place})
        try:
            listing = scan(place, wanted, control=self.context.control, advance=self._advance)
        except OSError as error:
            raise Refused(f"The folder {paths.display(place)} can't be read: {reason(error)}") from error
        for problem in listing.problems:
            self.context.reporter.problem(problem)
        self.others[place] = len(listing.others)
        yield from listing.files

    def _record(self, path: str) -> Iterator[FileRecord]:
        folder, name = os.path.split(path)
        if kind_of(name) not in (FileKind.PICTURE, FileKind.RAW):
            self.context.reporter.problem(Problem(path, "can't be compared", "by its name it is no picture"))
            return
        try:
            yield record_of(folder, name, os.stat(path), kind_of(name))
        except OSError as error:
            self.context.reporter.problem(Problem(path, "can't be read", reason(error)))

    def _advance(self, number: int, folder: str) -> None:
        self.context.reporter.advance(number, 0, folder)
