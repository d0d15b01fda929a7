"""Reading ahead from slow storage: files are on their way into the system's memory before somebody decodes them.

A network share answers each question late, and takes many at once; a decoder asks one at a time and waits.  So threads
that do nothing else read the next files in order, a bounded number ahead; the decoder then finds them at hand.  From a
local disk this gains nothing, so it is done for network shares, or when the user asks for it.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from image_sync.archives.seen_at import seen_at
from image_sync.base.control import CHUNK

ON_SHARES = 8
"""Files that are read at once from a network share."""
AHEAD = 4
"""Files that each thread may be ahead: with photos of 5 MB some 160 MB in the system's memory."""
MOST = 64 * 2**20
"""Bytes of a file that are read ahead; of a movie the rest is not asked for."""
_SHARES = ("nfs", "cifs", "smb", "9p", "ceph", "glusterfs", "fuse.sshfs", "fuse.rclone", "davfs", "afs", "lustre")

Item = TypeVar("Item")


def io_workers(asked: int | None, folders: Iterable[str], mounts: str = "/proc/self/mounts") -> int:
    """Threads that read ahead: as many as the user ``asked`` for, else ``ON_SHARES`` where one of the ``folders`` lies
    on a network share, else none."""
    if asked is not None:
        return asked
    return ON_SHARES if any(_is_share(folder, mounts) for folder in folders) else 0


def _is_share(folder: str, mounts: str) -> bool:
    """Whether a folder lies on a network share; ``False`` where the system does not tell."""
    if folder.startswith("\\\\"):
        return True
    best, kind = "", ""
    with contextlib.suppress(OSError), open(mounts, encoding="utf-8", errors="surrogateescape") as stream:
        for line in stream:
            fields = line.split(" ")
            place = fields[1].encode("utf-8", "surrogateescape").decode("unicode_escape", "replace")
            inside = folder == place or folder.startswith(place.rstrip("/") + "/")
            if inside and len(place) >= len(best):
                best, kind = place, fields[2]
    return kind.startswith(_SHARES)


def reading_ahead(
    items: Iterable[Item], paths_of: Callable[[Item], str | tuple[str, ...]], workers: int
) -> Iterator[Item]:
    """The items in their order, each not before its files were read once, or failed; ``workers`` are read at once."""
    if workers < 1:
        yield from items
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="read-ahead")
    waiting: deque[tuple[Item, Future[None]]] = deque()
    try:
        for item in items:
            waiting.append((item, pool.submit(_fetch_all, paths_of, item)))
            if len(waiting) >= workers * AHEAD:
                yield _fetched(waiting)
        while waiting:
            yield _fetched(waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _fetched(waiting: deque[tuple[Item, Future[None]]]) -> Item:
    item, future = waiting.popleft()
    future.result()
    return item


def _fetch_all(paths_of: Callable[[Item], str | tuple[str, ...]], item: Item) -> None:
    paths = paths_of(item)
    for path in (paths,) if isinstance(paths, str) else paths:
        fetch(path)


def fetch(path: str) -> None:
    """Read a file, so that the system has it at hand.  What is wrong with it says whoever decodes it."""
    with contextlib.suppress(OSError), open(seen_at(path), "rb", buffering=0) as stream:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(stream.fileno(), 0, MOST, os.POSIX_FADV_SEQUENTIAL)
        left = MOST
        while left > 0 and (piece := stream.read(CHUNK)):
            left -= len(piece)
