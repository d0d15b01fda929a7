"""Equal contents among arrivals and the library: equal bytes, else equal decoded pixels.

Sizes and digests tell equal bytes.  Of the other pictures the catalog's hashes at a distance of at most two bits, with
equal dimensions, are candidates, and their decoded pixels decide.  Only arrivals that don't stand in their place are
compared; the library is known from the catalog and read only where it changed.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from image_sync.base.events import Stage
from image_sync.base.model import FileKind, FileRecord, Problem
from image_sync.base.progress import Reporter
from image_sync.inventory.catalog import Catalog, CatalogUnwritable, Known
from image_sync.inventory.context import RunContext
from image_sync.inventory.measuring import Measurer
from image_sync.inventory.pool import on_files, on_pictures
from image_sync.jobs.photo_import.registry import DIGEST, Registry
from image_sync.pictures.code_layout import CODE_BYTES, SAME_PIXELS_RADIUS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass
class Contents:
    """Contents that were found: a number for each path that shows the same as another, measurements and problems by
    path."""

    numbers: dict[str, int] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)


class Comparing:
    """Compares ``arriving`` files with each other and with ``standing`` ones."""

    def __init__(self, registry: Registry, context: RunContext) -> None:
        self.registry, self.context = registry, context
        self.found = Contents()
        self._classes = _Classes()

    def run(self, arriving: Sequence[FileRecord], standing: Sequence[FileRecord]) -> Contents:
        """All contents that are the same.  Raises ``Stopped``; what was measured by then is in the catalog."""
        self._arriving = {record.path for record in arriving}
        pictures = [record for record in (*arriving, *standing) if record.kind is FileKind.PICTURE]
        self._measure(pictures)
        self._equal_bytes(pictures, self._digests(pictures))
        others = [record for record in (*arriving, *standing) if record.kind is not FileKind.PICTURE]
        self._equal_bytes(others, self._other_digests(others))
        self._equal_pixels(pictures)
        self.found.numbers = self._classes.numbers()
        return self.found

    # --- measuring ---

    def _measure(self, pictures: Sequence[FileRecord]) -> None:
        self.context.reporter.stage(Stage.MATCH, len(pictures), sum(record.size for record in pictures))
        if not pictures:
            return
        measurer = Measurer(replace(self.context, reporter=_Hushed(self.context.reporter)))
        measurer.measure(pictures)
        for done in measurer.measurements:
            path = done.record.path
            self.found.known[path] = done.known
            if done.known.problem is not None and path in self._arriving:
                self.found.problems[path] = done.known.problem
        self.context.reporter.flush()

    def _digests(self, pictures: Iterable[FileRecord]) -> dict[str, str]:
        known = self.found.known
        return {
            record.path: digest
            for record in pictures
            if (entry := known.get(record.path)) is not None and (digest := entry.digest) is not None
        }

    def _other_digests(self, records: Sequence[FileRecord]) -> dict[str, str]:
        """The digests of movies and RAW files of a size that an arrival shares with another file."""
        sizes: dict[int, list[FileRecord]] = defaultdict(list)
        for record in records:
            sizes[record.size].append(record)
        wanted = [
            record
            for same in sizes.values()
            if len(same) > 1 and any(one.path in self._arriving for one in same)
            for record in same
        ]
        known = self.registry.facts(DIGEST, wanted)
        digests = {record.path: digest for record, digest in known.items()}
        fresh: dict[FileRecord, str] = {}
        missing = [record for record in wanted if record not in known]
        try:
            for record, (digest, problem) in on_files(self.context, _digest_of, missing, _path_of, _undigested):
                if digest is not None:
                    digests[record.path] = fresh[record] = digest
                elif problem is not None and record.path in self._arriving:
                    self.found.problems[record.path] = problem
        finally:
            self.registry.remember_facts(DIGEST, fresh)
        return digests

    def _equal_bytes(self, records: Iterable[FileRecord], digests: Mapping[str, str]) -> None:
        first_of: dict[tuple[int, str], str] = {}
        for record in records:
            path = record.path
            digest = digests.get(path)
            if digest is not None:
                self._classes.join(first_of.setdefault((record.size, digest), path), path)

    # --- pixels ---

    def _equal_pixels(self, pictures: Sequence[FileRecord]) -> None:
        looks: dict[tuple[int, int, int, bytes], list[str]] = defaultdict(list)
        for record in pictures:
            entry = self.found.known.get(record.path)
            if entry is not None and entry.fingerprint is not None and self._classes.leads(record.path):
                shape = entry.fingerprint
                looks[shape.width, shape.height, shape.frames, shape.codes].append(record.path)
        candidates = sorted(self._candidates(looks))
        first_of: dict[str, str] = {}
        for path, digest in self._pixel_digests(candidates):
            self._classes.join(first_of.setdefault(digest, path), path)

    def _candidates(self, looks: Mapping[tuple[int, int, int, bytes], list[str]]) -> set[str]:
        """The pictures that look like another one, where one of the two at least arrives."""
        keys = list(looks)
        arriving = [place for place, key in enumerate(keys) if self._any_arrives(looks[key])]
        candidates = {path for place in arriving if len(looks[keys[place]]) > 1 for path in looks[keys[place]]}
        for one, other in self._near(keys, arriving):
            candidates.update(looks[keys[one]], looks[keys[other]])
        return candidates

    def _any_arrives(self, members: Iterable[str]) -> bool:
        return any(self._classes.any_of(path, self._arriving) for path in members)

    def _near(self, keys: Sequence[tuple[int, int, int, bytes]], arriving: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Pairs of different looks of equal dimensions whose hashes are near."""
        import numpy as np

        from image_sync.matching.search import pairs_between

        if not arriving or len(keys) < 2:
            return
        shapes = np.array([key[:3] for key in keys])
        codes = np.frombuffer(b"".join(key[3] for key in keys), np.uint8).reshape(-1, CODE_BYTES)
        chosen = np.array(arriving)
        for pairs in pairs_between(
            codes[chosen], codes, SAME_PIXELS_RADIUS, control=self.context.control, workers=self.context.workers
        ):
            first, second = chosen[pairs.first], pairs.second
            same = _rows_equal(shapes[first], shapes[second]) & (first != second)
            yield from zip(first[same].tolist(), second[same].tolist(), strict=True)

    def _pixel_digests(self, candidates: Sequence[str]) -> Iterator[tuple[str, str]]:
        """The digests of the decoded pixels, remembered or decoded now; a picture that can't be decoded has none."""
        self.context.reporter.stage(Stage.VERIFY, len(candidates))
        missing = []
        for path in candidates:
            known = self.found.known[path].pixels
            if known:
                yield path, known
            else:
                missing.append(path)
        self.context.reporter.advance(len(candidates) - len(missing))
        fresh: dict[int, str] = {}
        try:
            for path, digest in on_pictures(self.context, _pixels_of, missing, str, _no_pixels):
                self.context.reporter.advance(1, 0, path)
                if digest:
                    yield path, digest
                    if (row := self.found.known[path].content) is not None:
                        fresh[row] = digest
        finally:
            with contextlib.suppress(CatalogUnwritable):
                self.context.catalog.store_pixels(fresh)
        self.context.reporter.flush()


def looked_at(records: Sequence[FileRecord], catalog: Catalog, registry: Registry) -> set[str]:
    """The paths of those files among ``records`` that ``Comparing`` would not have to look into again.

    A picture is one that was measured; anything else one that shares its size with nothing, or whose digest is known.
    """
    from image_sync.pictures.version import MEASURED

    pictures = [record for record in records if record.kind is FileKind.PICTURE]
    others = [record for record in records if record.kind is not FileKind.PICTURE]
    known = catalog.lookup(pictures, MEASURED)
    done = {record.path for record, entry in zip(pictures, known, strict=True) if entry is not None}
    sizes = Counter(record.size for record in others)
    digested = registry.facts(DIGEST, others)
    return done | {record.path for record in others if sizes[record.size] == 1 or record in digested}


def _rows_equal(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    equal: npt.NDArray[np.bool_] = (first == second).all(axis=1)
    return equal


def _digest_of(record: FileRecord) -> tuple[str | None, Problem | None]:
    from image_sync.pictures.measure import digest_of

    return digest_of(record.path)


def _path_of(record: FileRecord) -> str:
    return record.path


def _undigested(_record: FileRecord, problem: Problem) -> tuple[str | None, Problem | None]:
    return None, problem


def _pixels_of(path: str) -> str:
    from image_sync.pictures.pixels import pixel_digest

    return pixel_digest(path)


def _no_pixels(_path: str, _problem: Problem) -> str:
    """It was decoded before: now it is taken for a picture of its own."""
    return ""


class _Hushed(Reporter):
    """Passes progress on and keeps problems back: a damaged picture of the library is no problem of this import."""

    def __init__(self, reporter: Reporter) -> None:
        super().__init__()
        self._reporter = reporter

    def advance(self, items: int = 1, size: int = 0, current: str = "") -> None:
        """Pass it on."""
        self._reporter.advance(items, size, current)


class _Classes:
    """Paths that show the same picture, joined as that is found out."""

    def __init__(self) -> None:
        self._members: dict[str, list[str]] = {}
        self._leader: dict[str, str] = {}

    def join(self, first: str, second: str) -> None:
        """The two show the same."""
        one, other = self._leader.get(first, first), self._leader.get(second, second)
        if one == other:
            return
        joined = self._members.setdefault(one, [one])
        for path in self._members.pop(other, [other]):
            joined.append(path)
            self._leader[path] = one

    def leads(self, path: str) -> bool:
        """Whether the path stands for all that are known to show the same."""
        return self._leader.get(path, path) == path

    def any_of(self, path: str, wanted: set[str]) -> bool:
        """Whether any path that shows the same as ``path`` is wanted."""
        return any(member in wanted for member in self._members.get(path, (path,)))

    def numbers(self) -> dict[str, int]:
        """A number for each path that shows the same as another."""
        return {path: number for number, members in enumerate(self._members.values()) for path in members}
