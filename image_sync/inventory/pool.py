"""Work in the pool, and the one guard of all work on files there: one bad file is one problem, whatever it provokes.

Works with any ``concurrent.futures.Executor``: the work handed to it is a pure, picklable function of its item.  Only
so many items are under way at once that memory stays flat and a stop is soon.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from image_sync.base.model import Problem
from image_sync.inventory.context import RunContext

UNDER_WAY = 8
"""Items handed to the pool ahead of each worker."""

Item = TypeVar("Item")
Value = TypeVar("Value")
Other = TypeVar("Other")


def in_pool(context: RunContext, work: Callable[[Item], Value], items: Iterable[Item]) -> Iterator[tuple[Item, Value]]:
    """``work`` on each item, results in the order of the items; raises ``Stopped`` at a checkpoint.

    For work that reads no file: what it raises is a fault of the program and ends the run.  What was handed out when it
    ends early is cancelled, what runs already is waited for by the pool's owner.
    """
    workers = context.workers
    waiting: deque[tuple[Item, Future[Value]]] = deque()
    try:
        for item in items:
            context.control.checkpoint()
            waiting.append((item, context.pool.submit(work, item)))
            if len(waiting) >= UNDER_WAY * workers:
                first, future = waiting.popleft()
                yield first, future.result()
        while waiting:
            context.control.checkpoint()
            first, future = waiting.popleft()
            yield first, future.result()
    finally:
        for _, future in waiting:
            future.cancel()


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
    for item, done in in_pool(context, _Guarded(work, path_of), items):
        yield item, instead(item, done.problem) if isinstance(done, _Failure) else done


@dataclass(frozen=True, slots=True)
class _Failure:
    """The result of work that raised something."""

    problem: Problem


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
