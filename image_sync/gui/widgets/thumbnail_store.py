"""Thumbnails of one view as Tk draws them: decoded on threads, made into images on the window's, within a bound.

Ask with ``wish`` for what is in sight, take what came in with ``take``; what is not in sight any more is forgotten when
the memory is needed.  Only the window's thread uses this.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from image_sync.gui.widgets.thumbnails import Decode, LeastRecent, ThumbnailLoader, Wish

if TYPE_CHECKING:
    from PIL.ImageTk import PhotoImage

MEMORY = 64 * 1024 * 1024
BYTES_A_PIXEL = 4


class ThumbnailStore:
    """The images of a view and its own threads; ``close`` ends them."""

    def __init__(self, decode: Decode, threads: int = 2, memory: int = MEMORY) -> None:
        self._loader = ThumbnailLoader(decode, threads)
        self._images: LeastRecent[Wish, PhotoImage] = LeastRecent(memory)
        self._refused: set[Wish] = set()
        self._asked: set[Wish] = set()

    def image(self, wish: Wish) -> PhotoImage | None:
        """The image, where it is there by now."""
        return self._images.get(wish)

    def is_refused(self, wish: Wish) -> bool:
        """Whether the file can't be decoded."""
        return wish in self._refused

    def reason(self, wish: Wish) -> str:
        """The reason why it can't be decoded; empty for what can."""
        return self._loader.reasons.get(wish, "")

    @property
    def waiting(self) -> bool:
        """Whether something that was asked for did not come yet."""
        return bool(self._asked)

    def wish(self, wishes: Sequence[Wish]) -> None:
        """Ask for these, the first first, and for nothing else any more."""
        missing = [one for one in dict.fromkeys(wishes) if one not in self._images and one not in self._refused]
        self._asked = set(missing)
        self._loader.wish(missing)

    def take(self, seconds: float) -> list[Wish]:
        """Make images of what was decoded, for about ``seconds``; which ones they are."""
        end = time.perf_counter() + seconds
        taken: list[Wish] = []
        while time.perf_counter() < end and (made := self._loader.made(1)):
            wish, image = made[0]
            self._asked.discard(wish)
            if image is None:
                self._refused.add(wish)
            else:
                from PIL import ImageTk

                self._images.put(wish, ImageTk.PhotoImage(image), image.width * image.height * BYTES_A_PIXEL)
            taken.append(wish)
        return taken

    def close(self) -> None:
        """End the threads and let go of the images."""
        self._loader.close()
        self._images.clear()
