"""Thumbnails decoded off the window's thread, upright, the newest wish first.

Only decoding happens here: what Tk draws is made from the decoded picture on the window's own thread.  ``LeastRecent``
bounds the memory of what was made.  No tkinter.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from image_sync.base import faults, paths

if TYPE_CHECKING:
    from PIL.Image import Image

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """A thumbnail of the file ``path`` as it was at ``mtime_ns``, no larger than ``box`` pixels in both directions."""

    path: str
    mtime_ns: int
    box: int


Decode = Callable[[Wish], "Image"]


class ThumbnailLoader:
    """Decodes what is wished for on ``threads`` threads; ``wish`` replaces all wishes that were not begun."""

    def __init__(self, decode: Decode, threads: int = 2) -> None:
        self._decode = decode
        self._limit = threads
        self._threads: list[threading.Thread] = []
        self._wishes: list[Wish] = []
        self._wake = threading.Condition()
        self.reasons: dict[Wish, str] = {}
        """Why files could not be decoded, in words."""
        self._made: queue.SimpleQueue[tuple[Wish, Image | None]] = queue.SimpleQueue()
        self._closed = False

    def wish(self, wishes: Iterable[Wish]) -> None:
        """Decode these and forget earlier ones; the first is the most urgent."""
        with self._wake:
            self._wishes = list(wishes)
            while not self._closed and len(self._threads) < min(self._limit, len(self._wishes)):
                thread = threading.Thread(target=self._run, name=f"thumbnails-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._wake.notify_all()

    def made(self, limit: int = 8) -> list[tuple[Wish, Image | None]]:
        """Up to ``limit`` that came in since; ``None`` where a file could not be decoded."""
        result: list[tuple[Wish, Image | None]] = []
        while len(result) < limit:
            try:
                result.append(self._made.get_nowait())
            except queue.Empty:
                break
        return result

    def close(self) -> None:
        """Let the threads end."""
        with self._wake:
            self._closed = True
            self._wishes = []
            self._wake.notify_all()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._wishes and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                wish = self._wishes.pop(0)
            self._made.put((wish, self._decoded(wish)))

    def _decoded(self, wish: Wish) -> Image | None:
        try:
            return self._decode(wish)
        except Exception as error:
            # Decoders raise anything for a damaged file; the scan has already told the user of it.
            if faults.is_surely_ours(error):
                faults.announce(faults.met(error, f"the thumbnail of {paths.display(wish.path)}"))
            logger.info("No thumbnail of %s: %s", wish.path, error)
            self.reasons[wish] = _in_words(wish.path, error)
            return None


def _in_words(path: str, error: Exception) -> str:
    """The reason why a file can't be decoded, as the scan tells it."""
    from image_sync.pictures.errors import in_words

    return in_words(path, error).why


class LeastRecent(Generic[Key, Value]):
    """A bounded store: when the sizes of its values pass ``limit``, what was not asked for longest is dropped."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self.size = 0

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, key: Key) -> bool:
        return key in self._held

    def get(self, key: Key) -> Value | None:
        """The value, which counts as used now."""
        found = self._held.get(key)
        if found is None:
            return None
        self._held.move_to_end(key)
        return found[0]

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep ``value`` of ``size``; the value just put stays in any case."""
        if key in self._held:
            self.size -= self._held.pop(key)[1]
        self._held[key] = (value, size)
        self.size += size
        while self.size > self._limit and len(self._held) > 1:
            dropped = self._held.popitem(last=False)[1]
            self.size -= dropped[1]

    def clear(self) -> None:
        """Drop everything."""
        self._held.clear()
        self.size = 0
