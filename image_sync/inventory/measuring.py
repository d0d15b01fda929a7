"""Measuring of many files with a pool, through the catalog: what is known is not read again.

Works with any ``concurrent.futures.Executor``: the work handed to it is a pure, picklable function of a path.  Only so
many files are under way at once that memory stays flat and a stop is soon.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from image_sync.base.model import FileRecord, Problem
from image_sync.inventory.catalog import CatalogUnwritable, Known
from image_sync.inventory.context import RunContext
from image_sync.inventory.pool import RemotePool, on_files, on_pictures
from image_sync.inventory.read_ahead import io_workers

if TYPE_CHECKING:
    from image_sync.pictures.measure import Identity

STORED_TOGETHER = 256
"""Files that the catalog takes in one transaction: enough to be fast, few enough to lose little when power goes."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One file's measured values in this run; ``decoded`` tells whether it had to be read."""

    record: FileRecord
    known: Known
    decoded: bool = False


class Measurer:
    """Measures pictures for a job.  ``measurements`` grows as it goes, so that a stop keeps what was done.

    ``hints`` are said of some files, if they can't be read, in the place of what is said else.
    """

    def __init__(self, context: RunContext) -> None:
        self.context = context
        self.measurements: list[Measurement] = []
        self.hints: Mapping[FileRecord, str] = {}
        self._fresh: list[Measurement] = []
        self._remembering = True

    def measure(self, records: Sequence[FileRecord]) -> None:
        """Measure all ``records`` in their order.  Digests are taken where sizes meet.  Raises ``Stopped``.

        A content is decoded once, however many files hold it: where a size is met twice, or was met in an earlier run,
        the bytes are told apart first.
        """
        from image_sync.pictures.version import MEASURED

        self._version = MEASURED
        self._view(records)
        sizes = Counter(record.size for record in records)
        tasks: list[_Task] = []
        try:
            for record, entry in zip(records, self.context.catalog.lookup(records, MEASURED), strict=True):
                want_digest = sizes[record.size] > 1
                if entry is not None and _settles(entry, want_digest):
                    self._take_known(record, entry)
                else:
                    tasks.append(_Task(record, entry, want_digest))
            self._read(tasks, sizes)
        finally:
            self._store()
            self._sort()

    def measure_copies(self, records: Sequence[FileRecord]) -> None:
        """Measure only what tells identical files among ``records``: digests where sizes meet.  Raises ``Stopped``.

        A content that several files hold is decoded once; of the others there is a fingerprint only where it is
        remembered.  That a content can't be read as a picture is no problem here: copies of it are copies all the same.
        """
        from image_sync.pictures.version import MEASURED

        self._version = MEASURED
        self._view(records)
        sizes = Counter(record.size for record in records)
        meeting: list[_Task] = []
        try:
            for record, entry in zip(records, self.context.catalog.lookup(records, MEASURED), strict=True):
                known = replace(entry, problem=None) if entry else None
                if not record.size:
                    self._decode([_Task(record, None, want_digest=False)])
                elif sizes[record.size] > 1:
                    meeting.append(_Task(record, known, want_digest=True, digest=known.digest if known else None))
                else:
                    self._pass(_Task(record, known, want_digest=False))
            copies = list(self._copies(meeting))
            known_of = [self._known_of(tasks) for tasks in copies]
            leaders = [tasks[0] for tasks, entry in zip(copies, known_of, strict=True) if entry is None]
            decoded = on_pictures(self.context, measured, leaders, _path_of, _unmeasured)
            for tasks, entry in zip(copies, known_of, strict=True):
                self._take_all(tasks, entry or next(decoded)[1])
        finally:
            self._store()
            self._sort()

    def _view(self, records: Sequence[FileRecord]) -> None:
        """Refuse a cluster that does not see the files as this machine does; read ahead where they lie far away."""
        roots = sorted({record.root for record in records})
        if isinstance(self.context.pool, RemotePool):
            self.context.pool.view(roots)
        self.context = replace(self.context, io_workers=io_workers(self.context.io_workers, roots))

    def _copies(self, meeting: Sequence[_Task]) -> Iterator[list[_Task]]:
        """The files that have copies, content by content; the others are done with."""
        contents: dict[tuple[int, str], list[_Task]] = {}
        told = [task for task in meeting if task.digest is not None]
        unknown = [task for task in meeting if task.digest is None]
        for task, identity in on_files(self.context, identified, unknown, _path_of, _unidentified):
            if identity.problem:
                self._take(task, Known(None, None, problem=identity.problem))
            else:
                told.append(replace(task, mark=identity.mark, digest=identity.digest))
        for task in told:
            contents.setdefault((task.record.size, task.digest or ""), []).append(task)
        for copies in contents.values():
            if len(copies) > 1:
                yield copies
            else:
                self._pass(copies[0])

    def _known_of(self, copies: Sequence[_Task]) -> Known | None:
        """The catalog's entry of a content that several files hold."""
        for task in copies:
            if task.known is not None and task.known.fingerprint is not None:
                return task.known
        size, mark = copies[0].record.size, copies[0].mark
        return self.context.catalog.by_mark(size, mark, self._version) if mark else None

    def _take_all(self, copies: Sequence[_Task], known: Known) -> None:
        for task in copies:
            if known.fingerprint is None or task.settled:
                self._pass(task)
            else:
                self._take(task, replace(known, digest=task.digest, mark=task.mark or known.mark))

    def _pass(self, task: _Task) -> None:
        """Done with a file of which nothing is to be remembered that isn't."""
        known = task.known or Known(None, None)
        known = replace(known, digest=task.digest or known.digest)
        self.measurements.append(Measurement(task.record, known))
        self.context.reporter.advance(1, task.record.size, task.record.path)

    def _read(self, tasks: Sequence[_Task], sizes: Mapping[int, int]) -> None:
        seen = self.context.catalog.marked_sizes(task.record.size for task in tasks)
        twins = [task for task in tasks if sizes[task.record.size] > 1 or task.record.size in seen]
        told = {id(task) for task in twins}
        self._decode([task for task in tasks if id(task) not in told])
        leaders, followers = self._told_apart(twins)
        self._decode(leaders)
        self._store()
        self._follow(followers)

    def _decode(self, tasks: Sequence[_Task]) -> None:
        for task, result in on_pictures(self.context, measured, _by_device(tasks), _path_of, _unmeasured):
            self._take(task, result)

    def _told_apart(self, twins: Sequence[_Task]) -> tuple[list[_Task], list[tuple[_Task, _Task]]]:
        """One task of each content that has to be decoded, and the others with the one whose result they share.

        What the catalog knows by its bytes is taken at once.
        """
        leaders: list[_Task] = []
        followers: list[tuple[_Task, _Task]] = []
        first: dict[tuple[int, str], _Task] = {}
        for task, identity in on_files(self.context, identified, _by_device(twins), _path_of, _unidentified):
            task = replace(task, mark=identity.mark, digest=identity.digest)
            known = task.known or (
                self.context.catalog.by_mark(task.record.size, identity.mark, self._version) if identity.mark else None
            )
            if identity.problem:
                self._take(task, Known(None, None, problem=identity.problem))
            elif known:
                self._take(task, replace(known, mark=identity.mark, digest=identity.digest or known.digest))
            elif identity.mark and (leader := first.setdefault((task.record.size, identity.mark), task)) is not task:
                followers.append((task, leader))
            else:
                leaders.append(task)
        return leaders, followers

    def _follow(self, followers: Sequence[tuple[_Task, _Task]]) -> None:
        results = {done.record: done.known for done in self.measurements} if followers else {}
        for task, leader in followers:
            self.context.control.checkpoint()
            self._take(task, replace(results[leader.record], digest=task.digest))

    def _sort(self) -> None:
        """The measurements by path; most often they came so."""
        if any(_place(after) < _place(one) for one, after in itertools.pairwise(self.measurements)):
            self.measurements.sort(key=_place)

    def _take(self, task: _Task, known: Known) -> None:
        if task.settled:
            self._take_known(task.record, known)
            return
        self._fresh.append(Measurement(task.record, self._reported(task.record, known), decoded=True))
        if len(self._fresh) >= STORED_TOGETHER:
            self._store()
        self.context.reporter.advance(1, task.record.size, task.record.path)

    def _take_known(self, record: FileRecord, known: Known) -> None:
        """Take what need not be read."""
        self.measurements.append(Measurement(record, self._reported(record, known)))
        self.context.reporter.advance(1, record.size, record.path)

    def _reported(self, record: FileRecord, known: Known) -> Known:
        """The known facts of a file, its problem reported as that of this file."""
        if known.problem is None:
            return known
        hint = self.hints.get(record, known.problem.hint)
        problem = replace(known.problem, path=record.path, hint=hint)
        self.context.reporter.problem(problem)
        return replace(known, problem=problem)

    def _store(self) -> None:
        """Hand what is fresh to the catalog; there the small pictures may leave memory."""
        fresh, self._fresh = self._fresh, []
        if not self._remembering or not fresh:
            self.measurements += fresh
            return
        lasting = [entry for entry in fresh if not _passing(entry.known.problem)]
        try:
            rows = self.context.catalog.store([(entry.record, entry.known) for entry in lasting], self._version)
        except CatalogUnwritable as error:
            self._remembering = False
            self.context.notes.say(f"The catalog can't be written ({error}); the rest of this run is not remembered.")
            self.measurements += fresh
            return
        self.measurements += [entry for entry in fresh if _passing(entry.known.problem)]
        self.measurements += [_stored(entry, row) for entry, row in zip(lasting, rows, strict=True)]


@dataclass(frozen=True, slots=True)
class _Task:
    """One file to be measured, what is known of it, and the digests of its bytes once they were taken."""

    record: FileRecord
    known: Known | None
    want_digest: bool
    mark: str | None = None
    digest: str | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing has to be read."""
        return self.known is not None and _settles(self.known, self.want_digest)


def _settles(known: Known, want_digest: bool) -> bool:
    """Whether nothing has to be read of a file of which so much is known."""
    return not want_digest or known.digest is not None or known.problem is not None


def _place(done: Measurement) -> tuple[str, str]:
    return done.record.root, done.record.relative


def _by_device(tasks: Sequence[_Task]) -> list[_Task]:
    """The tasks of each device in their order, those of several devices in turn, so that all are busy."""
    queues: dict[int, list[_Task]] = {}
    for task in tasks:
        queues.setdefault(task.record.device, []).append(task)
    if len(queues) < 2:
        return list(tasks)
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*queues.values()))
    return [task for task in in_turn if task is not None]


def identified(task: _Task) -> Identity:
    """Tell the bytes of one file from others.  Runs in the pool; never raises for a bad file."""
    from image_sync.pictures.measure import identify

    return identify(task.record.path, task.record.size, task.want_digest)


def measured(task: _Task) -> Known:
    """Decode one file.  Runs in the pool; never raises for a bad file."""
    from image_sync.pictures.errors import FOR_NOW
    from image_sync.pictures.measure import measure

    record = task.record
    result = measure(record.path, record.size, task.want_digest and task.digest is None)
    if task.mark not in (None, result.mark) and result.fingerprint is not None:
        changed = Problem(record.path, FOR_NOW, "it is being written while it is read", "scan again")
        return Known(None, None, problem=changed)
    return Known(None, result.fingerprint, task.digest or result.digest, problem=result.problem, mark=result.mark)


def _path_of(task: _Task) -> str:
    return task.record.path


def _unmeasured(_task: _Task, problem: Problem) -> Known:
    return Known(None, None, problem=problem)


def _unidentified(_task: _Task, problem: Problem) -> Identity:
    from image_sync.pictures.measure import Identity

    return Identity(None, None, problem)


def _passing(problem: Problem | None) -> bool:
    """Whether a problem lies outside the file's content, so that the next run must try again."""
    from image_sync.pictures.errors import WHAT

    return problem is not None and problem.what != WHAT


def _stored(entry: Measurement, content: int | None) -> Measurement:
    fingerprint = entry.known.fingerprint
    if fingerprint is None or content is None:
        return entry
    return replace(
        entry, known=replace(entry.known, content=content, fingerprint=replace(fingerprint, small=b"", chroma=b""))
    )
