"""All the ways in which an edited picture is looked at: whole, inside its frame, through windows and bands.

What a picture looks like through them takes three milliseconds to work out and two kilobytes to remember, so it is
worked out once a content, in the pool.  One view of all pictures is at hand at a time.  Nothing is decoded here: the
views are made from the small pictures.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.measuring import Measurement
from image_sync.inventory.pool import in_pool
from image_sync.pictures.code_layout import CODE_BYTES, OUTLINE_BYTES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Indexes = npt.NDArray[np.int64]

WHOLE, FRAMED, PARTS = 0, 1, 2
"""Numbers of views: the whole, what is inside its plain frame, and from there on windows and bands."""
_VIEW = CODE_BYTES + OUTLINE_BYTES
_TOGETHER = 64
# Pictures that a worker gets together: a fifth of a second of work.
_STORED_TOGETHER = 1024
_VERSION = 1
# Raised whenever a picture would look otherwise through the same boxes.


class View(NamedTuple):
    """Codes (n, ``CODE_BYTES``) and outlines (n, ``OUTLINE_BYTES``) of pictures as seen in one way; ``framed`` are the
    places of those that have a frame."""

    codes: Bytes
    outlines: Bytes
    framed: Indexes


@functools.cache
def boxes() -> tuple[tuple[float, float, float, float], ...]:
    """The boxes of all views; that of the second is each picture's own."""
    from image_sync.matching import parts

    return (parts.WHOLE, parts.WHOLE, *parts.WINDOWS, *parts.BANDS)


def ways() -> int:
    """Number of views."""
    return len(boxes())


@functools.cache
def version() -> str:
    """Names the boxes and how pictures are seen through them."""
    return f"{_VERSION}-{hashlib.blake2b(repr(boxes()).encode(), digest_size=6).hexdigest()}"


class Views:
    """The views of the pictures ``searched`` (by index), whose places in it count from 0.

    ``smalls`` gives small pictures (k, 64, 64) of pictures by index.
    """

    def __init__(
        self,
        searched: Sequence[int],
        measured: Sequence[Measurement],
        smalls: Callable[[Sequence[int]], Bytes],
        context: RunContext,
    ) -> None:
        self.searched, self.smalls, self.context = searched, smalls, context
        self._rows = [measured[index].known.content for index in searched]
        self._at_hand: dict[int, bytes] = {}

    def prepare(self, advance: Callable[[int], None]) -> None:
        """Work out what is not remembered; ``advance`` is told of every picture.  Raises ``Stopped``."""
        rows = [row for row in self._rows if row is not None]
        known = self.context.catalog.views(rows, version(), 0, 1)
        missing = [place for place, row in enumerate(self._rows) if row not in known]
        advance(len(self.searched) - len(missing))
        fresh: dict[int, bytes] = {}
        parts = [missing[start : start + _TOGETHER] for start in range(0, len(missing), _TOGETHER)]
        work = (self.smalls([self.searched[place] for place in part]) for part in parts)
        try:
            for part, (_, seen) in zip(parts, in_pool(self.context, views_of, work), strict=True):
                fresh.update(zip(part, seen, strict=True))
                advance(len(part))
                if len(fresh) >= _STORED_TOGETHER:
                    self._store(fresh)
                    fresh = {}
        finally:
            self._store(fresh)

    def _store(self, fresh: dict[int, bytes]) -> None:
        """Into the catalog what has a row there; the rest, or all when it can't be written, stays at hand."""
        lasting = {row: seen for place, seen in fresh.items() if (row := self._rows[place]) is not None}
        try:
            self.context.catalog.store_views(lasting, version())
            fresh = {place: seen for place, seen in fresh.items() if self._rows[place] is None}
        except CatalogUnwritable:
            pass
        self._at_hand.update(fresh)

    def view(self, number: int) -> View:
        """All pictures as seen in one way."""
        import numpy as np

        seen = self._read(number * _VIEW, _VIEW)
        has_frame = self._read(ways() * _VIEW, 1).ravel() if number == FRAMED else np.zeros(0, np.uint8)
        return View(
            np.ascontiguousarray(seen[:, :CODE_BYTES]),
            np.ascontiguousarray(seen[:, CODE_BYTES:]),
            np.flatnonzero(has_frame).astype(np.int64),
        )

    def _read(self, begin: int, length: int) -> Bytes:
        """Bytes of the views of every picture, (n, length)."""
        import numpy as np

        result = np.empty((len(self._rows), length), np.uint8)
        for start in range(0, len(self._rows), _STORED_TOGETHER):
            self.context.control.checkpoint()
            places = range(start, min(start + _STORED_TOGETHER, len(self._rows)))
            rows = [row for place in places if place not in self._at_hand and (row := self._rows[place]) is not None]
            stored = self.context.catalog.views(rows, version(), begin, length)
            for place in places:
                at_hand = self._at_hand.get(place)
                data = stored[self._rows[place]] if at_hand is None else at_hand[begin : begin + length]  # type: ignore[index]
                result[place] = np.frombuffer(data, np.uint8)
        return result


def views_of(smalls: Bytes) -> list[bytes]:
    """Views of each of ``smalls`` (n, 64, 64): the bytes of code and of outlines for every view, and whether it has
    a frame.  Runs in the pool."""
    import numpy as np

    from image_sync.matching import detail, parts
    from image_sync.pictures.hashes import codes_of_many

    seen = np.empty((len(smalls), ways(), _VIEW), np.uint8)
    has_frame, insides = parts.framed(smalls)
    for number, box in enumerate(boxes()):
        part = parts.cropped(smalls, insides if number == FRAMED else parts.boxes_for(box, len(smalls)))
        seen[:, number, :CODE_BYTES], seen[:, number, CODE_BYTES:] = codes_of_many(part), detail.outlines(part)
    return [whole.tobytes() + bytes([framed]) for whole, framed in zip(seen, has_frame.tolist(), strict=True)]
