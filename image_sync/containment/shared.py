"""The worker processes that the whole program shares, and the one way by which a picture is decoded in safety.

Whatever hands a file to a decoder comes through ``contained``: the pool, the window's thumbnails, the makers of files.
"""

from __future__ import annotations

import atexit
import itertools
import logging
import os
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from image_sync.containment.workers import Uncontainable, Workers

_logger = logging.getLogger(__name__)
Item = TypeVar("Item")
Value = TypeVar("Value")

_groups = itertools.count()
_shared: list[Workers] = []
_making = threading.Lock()


def new_group() -> tuple[int, int]:
    """A name for what one run asks for, of this process alone."""
    return os.getpid(), next(_groups)


def shared() -> Workers:
    """The workers of this process."""
    with _making:
        if not _shared:
            _shared.append(Workers())
            atexit.register(_shared[0].close)
        return _shared[0]


def rest() -> None:
    """End the shared workers that have nothing to do."""
    for workers in list(_shared):
        workers.rest()


def abandon(group: object) -> None:
    """End what the shared workers do for ``group``."""
    for workers in list(_shared):
        workers.abandon(group)


def contained(work: Callable[[Item], Value], item: Item, files: Sequence[str], group: object = None) -> Value:
    """``work`` on ``item``, which decodes ``files``: here when all are harmless, else in a worker process.

    Also here what can't be done elsewhere.  Raises what ``work`` raises, or what ``Workers.do`` raises.
    """
    from image_sync.pictures.risk import is_harmless

    return work(item) if all(map(is_harmless, files)) else _elsewhere(work, item, files, group)


def contained_bytes(work: Callable[[Item], Value], item: Item) -> Value:
    """``contained`` for work on bytes at hand that are always a risk."""
    return _elsewhere(work, item, (), None)


def _elsewhere(work: Callable[[Item], Value], item: Item, files: Sequence[str], group: object) -> Value:
    try:
        return shared().do(work, item, files, group)
    except Uncontainable as reason:
        _logger.info("Not in a worker process: %s", reason)
    return work(item)
