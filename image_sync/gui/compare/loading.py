"""Loading of the pictures of a comparison: decoded whole, upright, turned as the other lies; the last ones are kept.

Called on threads of the background: one for what is to be seen, one for what may come next.  No tkinter.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from image_sync.gui.compare.subject import Shown
from image_sync.gui.widgets.thumbnails import Decode, Wish

if TYPE_CHECKING:
    from PIL.Image import Image

    from image_sync.gui.compare.rendering import Layer

MOST_SIDE = 8000
"""Pixels of the longer side up to which a picture is compared as it is; a larger one is reduced to that."""
KEPT = 400 * 1024 * 1024
"""Bytes of pictures that are kept for going back and forth; two are kept in any case."""


class LayerStore:
    """The layers of the pictures that were looked at last."""

    def __init__(self, decode: Decode) -> None:
        self._decode = decode
        self._kept: OrderedDict[tuple[str, int, int], Layer] = OrderedDict()
        self._lock = threading.Lock()

    def layer(self, one: Shown) -> Layer:
        """The layer of a picture; raises whatever the decoders raise for a file that can't be read."""
        from image_sync.gui.compare.rendering import Layer

        mtime = one.mtime_ns or os.stat(one.path).st_mtime_ns
        key = (one.path, mtime, one.turn)
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = Layer(turned(self._decode(Wish(one.path, mtime, MOST_SIDE)), one.turn))
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > 2 and sum(layer.bytes for layer in self._kept.values()) > KEPT:
                self._kept.popitem(last=False)
        return found

    def prepare(self, one: Shown) -> None:
        """Decode a picture and keep it, as far as there is room."""
        self.layer(one)

    def knows(self, one: Shown) -> bool:
        """Whether a picture is kept."""
        with self._lock:
            return any(path == one.path and turn == one.turn for path, _mtime, turn in self._kept)


def turned(picture: Image, turn: int) -> Image:
    """A picture in position ``turn``: mirrored left to right first from 4 on, then so many quarters clockwise."""
    from PIL.Image import Transpose

    if turn >= 4:
        picture = picture.transpose(Transpose.FLIP_LEFT_RIGHT)
    quarters = {1: Transpose.ROTATE_270, 2: Transpose.ROTATE_180, 3: Transpose.ROTATE_90}
    return picture.transpose(quarters[turn % 4]) if turn % 4 else picture
