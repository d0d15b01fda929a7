"""Work in the pool, and the one guard of all work on files there: one bad file is one problem, whatever it provokes.

Threads of the pool do the work; what decodes a picture that may crash or hang a decoder they hand to a worker process
(``containment``).  Works with any ``concurrent.futures.Executor``: the work handed to it is a pure, picklable function
of its item.  Only so many items are under way at once that memory stays flat and a stop is soon.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Generic, TypeVar

from image_sync.base.model import Problem, Stopped
from image_sync.inventory.context import RunContext

UNDER_WAY = 8
"""Items handed to the pool ahead of each worker."""
LOOK = 0.05
"""Seconds between two looks whether the run was stopped, while a result is waited for."""

Item = TypeVar("Item")
Value = TypeVar("Value")
Other = TypeVar("Other")


def in_pool(
    context: RunContext, work: Callable[[Item], Value], items: Iterable[Item], group: object = None
) -> Iterator[tuple[Item, Value]]:
    """``work`` on each item, results in the order of the items; raises ``Stopped`` at a checkpoint, and soon after a
    stop whatever the work does.

    For work that reads no file: what it raises is a fault of the program and ends the run.  What was handed out when it
    ends early is cancelled; worker processes that are at it (for ``group``) are ended, and threads end on their own.
    """
    workers = context.workers
    waiting: deque[tuple[Item, Future[Value]]] = deque()
    try:
        for item in items:
            context.control.checkpoint()
            waiting.append((item, context.pool.submit(work, item)))
            if len(waiting) >= UNDER_WAY * workers:
                yield waiting[0][0], _result(waiting[0][1], context)
                waiting.popleft()
        while waiting:
            context.control.checkpoint()
            yield waiting[0][0], _result(waiting[0][1], context)
            waiting.popleft()
    finally:
        for _, future in waiting:
            future.cancel()
        if group is not None and any(not future.done() for _, future in waiting):
            from image_sync.containment import shared

            shared.abandon(group)


def _result(future: Future[Value], context: RunContext) -> Value:
    """The result of work, waited for as long as nobody stops the run."""
    while True:
        try:
            return future.result(LOOK)
        except (TimeoutError, FutureTimeout):
            if future.done():
                return future.result()
            if context.control.stopped:
                raise Stopped from None


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
    yield from _told(in_pool(context, _Guarded(work, path_of), items), instead)


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
    contained = _Contained(_Guarded(work, _First(paths_of)), paths_of, group)
    yield from _told(in_pool(context, contained, items, group), instead)


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
