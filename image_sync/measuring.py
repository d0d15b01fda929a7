"""Measuring many files with a pool, through the catalog: what is known is not read again.

Works with any ``concurrent.futures.Executor``: the work handed to it is a pure, picklable function of a path.  Only so
many files are under way at once that memory stays flat and a stop is soon.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import TypeVar

from image_sync.catalog import Catalog, CatalogUnwritable, Known
from image_sync.control import Control
from image_sync.model import FileRecord, Problem
from image_sync.progress import Reporter

UNDER_WAY = 8
"""Files handed to the pool ahead of each worker."""
STORED_TOGETHER = 256
"""Files that the catalog takes in one transaction: enough to be fast, few enough to lose little when power goes."""

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Measurement:
    """What is known of one file in this run; ``decoded`` tells whether it had to be read."""

    record: FileRecord
    known: Known
    decoded: bool = False


def default_workers() -> int:
    """One worker a core that this process may use."""
    with contextlib.suppress(AttributeError, OSError):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def in_pool(
    pool: Executor, work: Callable[[Item], Value], items: Iterable[Item], workers: int, control: Control
) -> Iterator[tuple[Item, Value]]:
    """``work`` on each item, results in the order of the items; raises ``Stopped`` at a checkpoint.

    What was handed out when it ends early is cancelled, what runs already is waited for by the pool's owner.
    """
    waiting: deque[tuple[Item, Future[Value]]] = deque()
    try:
        for item in items:
            control.checkpoint()
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) >= UNDER_WAY * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            control.checkpoint()
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        for _, future in waiting:
            future.cancel()


class Measurer:
    """Measures pictures for a job.  ``measurements`` grows as it goes, so that a stop keeps what was done."""

    def __init__(self, catalog: Catalog, pool: Executor, workers: int, reporter: Reporter, control: Control) -> None:
        self.catalog, self.pool, self.workers = catalog, pool, workers
        self.reporter, self.control = reporter, control
        self.measurements: list[Measurement] = []
        self._fresh: list[Measurement] = []
        self._remembering = True

    def measure(self, records: Sequence[FileRecord]) -> None:
        """Measure all ``records`` in their order.  Digests are taken where sizes meet.  Raises ``Stopped``."""
        from image_sync.pictures.measure import VERSION

        self._version = VERSION
        sizes = Counter(record.size for record in records)
        known = self.catalog.lookup(records, VERSION)
        tasks = [
            _Task(record, entry, want_digest=sizes[record.size] > 1)
            for record, entry in zip(records, known, strict=True)
        ]
        try:
            for task, result in self._results(tasks):
                self._take(task, result)
        finally:
            self._store()
            self.measurements.sort(key=lambda done: (done.record.root, done.record.relative))

    def _results(self, tasks: Sequence[_Task]) -> Iterator[tuple[_Task, Known]]:
        for task in tasks:
            if task.settled:
                assert task.known is not None
                yield task, task.known
        yield from in_pool(
            self.pool, measured, [task for task in tasks if not task.settled], self.workers, self.control
        )

    def _take(self, task: _Task, known: Known) -> None:
        if known.problem:
            known = replace(known, problem=replace(known.problem, path=task.record.path))
            self.reporter.problem(known.problem)  # type: ignore[arg-type]
        measurement = Measurement(task.record, known, decoded=not task.settled)
        if task.settled:
            self.measurements.append(measurement)
        else:
            self._fresh.append(measurement)
            if len(self._fresh) >= STORED_TOGETHER:
                self._store()
        self.reporter.advance(1, task.record.size, task.record.path)

    def _store(self) -> None:
        """Hand what is fresh to the catalog; there the small pictures may leave memory."""
        fresh, self._fresh = self._fresh, []
        if not self._remembering or not fresh:
            self.measurements += fresh
            return
        lasting = [entry for entry in fresh if not _passing(entry.known.problem)]
        try:
            rows = self.catalog.store([(entry.record, entry.known) for entry in lasting], self._version)
        except CatalogUnwritable as error:
            self._remembering = False
            self.reporter.note(f"The catalog can't be written ({error}); the rest of this run is not remembered.")
            self.measurements += fresh
            return
        self.measurements += [entry for entry in fresh if _passing(entry.known.problem)]
        self.measurements += [_stored(entry, row) for entry, row in zip(lasting, rows, strict=True)]


@dataclass(frozen=True, slots=True)
class _Task:
    """One file to be measured, and what is known of it."""

    record: FileRecord
    known: Known | None
    want_digest: bool

    @property
    def settled(self) -> bool:
        """Whether nothing has to be read."""
        known = self.known
        return known is not None and (not self.want_digest or known.digest is not None or known.problem is not None)


def measured(task: _Task) -> Known:
    """Read what is missing of one file.  Runs in the pool; never raises for a bad file."""
    from image_sync.pictures.measure import digest_of, measure

    record, known = task.record, task.known
    if known is not None:
        found, problem = digest_of(record.path)
        return replace(known, digest=found) if problem is None else Known(None, None, problem=problem)
    result = measure(record.path, record.size, task.want_digest)
    return Known(None, result.fingerprint, result.digest, problem=result.problem)


def _passing(problem: Problem | None) -> bool:
    """Whether a problem lies outside the file's content, so that the next run must try again."""
    from image_sync.pictures.errors import WHAT

    return problem is not None and problem.what != WHAT


def _stored(entry: Measurement, content: int | None) -> Measurement:
    fingerprint = entry.known.fingerprint
    if fingerprint is None or content is None:
        return entry
    return replace(entry, known=replace(entry.known, content=content, fingerprint=replace(fingerprint, small=b"")))
