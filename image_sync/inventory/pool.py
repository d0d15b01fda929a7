"""Work in the pool, and the one guard of all work on files there: one bad file is one problem, whatever it provokes.

Threads of the pool do the work; what decodes a picture that may crash or hang a decoder they hand to a worker process
(``containment``).  Works with any ``concurrent.futures.Executor``: the work handed to it is a pure, picklable function
of its item.  Only so many items are under way at once that memory stays flat and a stop is soon.
"""

from __future__ import annotations

import contextlib
import itertools
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Generic, TypeVar

from image_sync.base.model import Problem, Stopped
from image_sync.inventory.context import RunContext
from image_sync.inventory.read_ahead import reading_ahead

UNDER_WAY = 8
"""Items handed to the pool ahead of each worker."""
LOOK = 0.05
"""Seconds between two looks whether the run was stopped, while a result is waited for."""

Item = TypeVar("Item")
Value = TypeVar("Value")
Other = TypeVar("Other")


class RemotePool(Executor):
    """A pool whose work is done by other machines: files go there so many ``together``, for each costs a message."""

    together = 1

    @property
    @abstractmethod
    def threads(self) -> int:
        """Files that are read at once."""

    @abstractmethod
    def view(self, folders: Sequence[str]) -> None:
        """Raise ``Refused`` unless all of it measures as this machine does, and sees the ``folders``."""

    @abstractmethod
    def check(self) -> None:
        """Raise ``Refused`` once it is gone; asked again and again while a result is waited for."""

    @abstractmethod
    def failed(self, error: BaseException) -> bool:
        """Whether ``error`` is of the pool, not of the work, which may then be done here.  Raises ``Refused`` once the
        pool is gone."""


def in_pool(
    context: RunContext, work: Callable[[Item], Value], items: Iterable[Item], group: object = None, together: int = 1
) -> Iterator[tuple[Item, Value]]:
    """``work`` on each item, results in the order of the items; raises ``Stopped`` at a checkpoint, and soon after a
    stop whatever the work does.

    For work that reads no file: what it raises is a fault of the program and ends the run.  What was handed out when it
    ends early is cancelled; worker processes that are at it (for ``group``) are ended, and threads end on their own.
    """
    pool = context.pool
    workers = pool.threads if isinstance(pool, RemotePool) else context.workers
    ahead = max(2 * workers, UNDER_WAY * workers // together)
    waiting: deque[tuple[list[Item], Future[list[Value]]]] = deque()
    each = _Each(work)

    def first() -> Iterator[tuple[Item, Value]]:
        part, future = waiting[0]
        values: list[Value] = _result(future, context, lambda: each(part))
        yield from zip(part, values, strict=True)
        waiting.popleft()

    try:
        for part in _parts(items, together):
            context.control.checkpoint()
            waiting.append((part, pool.submit(each, part)))
            if len(waiting) >= ahead:
                yield from first()
        while waiting:
            context.control.checkpoint()
            yield from first()
    finally:
        for _, future in waiting:
            future.cancel()
        if group is not None and any(not future.done() for _, future in waiting):
            from image_sync.containment import shared

            shared.abandon(group)


def _parts(items: Iterable[Item], together: int) -> Iterator[list[Item]]:
    """The items, so many at a time, no sooner taken than they are wanted."""
    ongoing = iter(items)
    while part := list(itertools.islice(ongoing, together)):
        yield part


@dataclass(frozen=True, slots=True)
class _Each(Generic[Item, Value]):
    """``work`` on each of some items."""

    work: Callable[[Item], Value]

    def __call__(self, items: list[Item]) -> list[Value]:
        return [self.work(item) for item in items]


def _result(future: Future[Value], context: RunContext, here: Callable[[], Value]) -> Value:
    """The result of work, waited for as long as nobody stops the run; what a remote pool failed at is done ``here``."""
    pool = context.pool
    while True:
        try:
            return future.result(LOOK)
        except (TimeoutError, FutureTimeout):
            if future.done():
                return future.result()
            if context.control.stopped:
                raise Stopped from None
            if isinstance(pool, RemotePool):
                pool.check()
        except BaseException as error:
            if isinstance(pool, RemotePool) and pool.failed(error):
                return here()
            raise


def _read_ahead(
    context: RunContext, items: Iterable[Item], paths_of: Callable[[Item], str | tuple[str, ...]]
) -> Iterable[Item]:
    """The items, their files read ahead where that pays; other machines read for themselves."""
    if isinstance(context.pool, RemotePool):
        return items
    return reading_ahead(items, paths_of, context.io_workers or 0)


def _together(context: RunContext) -> int:
    """Files that one task of the pool takes."""
    return context.pool.together if isinstance(context.pool, RemotePool) else 1


def on_files(
    context: RunContext,
    work: Callable[[Item], Value],
    items: Iterable[Item],
    path_of: Callable[[Item], str],
    instead: Callable[[Item, Problem], Other],
) -> Iterator[tuple[Item, Value | Other]]:
    """``in_pool`` for work on files: whatever it raises is the problem of that one file, and the run goes on.

    ``path_of`` tells the file of an item; it runs in the pool and is picklable.  ``instead`` gives what stands for the
    result of a file that had a problem; it runs on the caller's thread.
    """
    guarded = _Guarded(work, path_of)
    items = _read_ahead(context, items, path_of)
    yield from _told(in_pool(context, guarded, items, together=_together(context)), instead)


def on_pictures(
    context: RunContext,
    work: Callable[[Item], Value],
    items: Iterable[Item],
    paths_of: Callable[[Item], str | tuple[str, ...]],
    instead: Callable[[Item, Problem], Other],
) -> Iterator[tuple[Item, Value | Other]]:
    """``on_files`` for work that decodes pictures: where a decoder may crash, hang or eat memory, it does so in another
    process, and that too is the problem of one file.  ``paths_of`` tells all files of an item."""
    from image_sync.containment import shared

    group = shared.new_group()
    items = _read_ahead(context, items, paths_of)
    contained = _Contained(_Guarded(work, _First(paths_of)), paths_of, group)
    yield from _told(in_pool(context, contained, items, group, _together(context)), instead)


def _told(
    results: Iterable[tuple[Item, Value | _Failure]], instead: Callable[[Item, Problem], Other]
) -> Iterator[tuple[Item, Value | Other]]:
    with contextlib.closing(iter(results)) as ongoing:  # type: ignore[type-var]
        for item, done in ongoing:
            yield item, instead(item, done.problem) if isinstance(done, _Failure) else done


@dataclass(frozen=True, slots=True)
class _Failure:
    """The result of work that raised something."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class _First(Generic[Item]):
    """The first file of an item."""

    paths_of: Callable[[Item], str | tuple[str, ...]]

    def __call__(self, item: Item) -> str:
        return _all(self.paths_of(item))[0]


@dataclass(frozen=True, slots=True)
class _Guarded(Generic[Item, Value]):
    """``work`` that never raises."""

    work: Callable[[Item], Value]
    path_of: Callable[[Item], str]

    def __post_init__(self) -> None:
        """Load the words before the pool is busy: in the middle of it there may be no file handle left for that."""
        from image_sync.pictures import errors  # noqa: F401

    def __call__(self, item: Item) -> Value | _Failure:
        from image_sync.pictures.errors import in_words

        try:
            return self.work(item)
        except Exception as error:
            return _Failure(in_words(self.path_of(item), error))


@dataclass(frozen=True, slots=True)
class _Contained(Generic[Item, Value]):
    """Guarded work in a worker process where one of its files is a risk; it never raises either."""

    guarded: _Guarded[Item, Value]
    paths_of: Callable[[Item], str | tuple[str, ...]]
    group: object

    def __call__(self, item: Item) -> Value | _Failure:
        from image_sync.containment.shared import contained
        from image_sync.pictures.errors import in_words

        try:
            return contained(self.guarded, item, _all(self.paths_of(item)), self.group)
        except Exception as error:
            return _Failure(in_words(self.guarded.path_of(item), error))


def _all(paths: str | tuple[str, ...]) -> tuple[str, ...]:
    return (paths,) if isinstance(paths, str) else paths
