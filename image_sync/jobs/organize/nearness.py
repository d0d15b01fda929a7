"""Nearness of pictures in a crowd: which of the many that a picture matches it is likest to.

Frames of a turntable all match one another, and to look at each pair closely takes for ever.  A copy of one of them is
likelier to be among those that its small picture is nearest to than anywhere else.  So those are looked at first, and
after some in a row that differ the rest is taken to differ too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from image_sync.pictures.code_layout import SIDE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from image_sync.base.model import Match

CROWD = 40
"""Matches of one picture from which on it is in a crowd: of a photo there may be so many versions and not many more."""
GIVE_UP = 2
"""Looks of one picture of a crowd, the likest first, that may find another in a row."""
_SIDE = 32
_TOGETHER = 512

Links = Mapping[int, Mapping[int, "Match"]]


def in_a_crowd(links: Links) -> frozenset[int]:
    """The pictures with many matches."""
    return frozenset(picture for picture, others in links.items() if len(others) > CROWD)


def nearest_first(
    links: Links, crowd: Collection[int], smalls: Callable[[Iterable[int]], Mapping[int, bytes]]
) -> dict[int, list[int]]:
    """The matches of each picture of the ``crowd``, the likest first; ``smalls`` gives small pictures by index.

    What matches in another position is as near as its score says.
    """
    if not crowd:
        return {}
    import numpy as np

    every = sorted({other for picture in crowd for other in links[picture]} | set(crowd))
    place = {picture: number for number, picture in enumerate(every)}
    shapes = np.concatenate([_shapes(part, smalls) for part in _parts(every)])
    found = {}
    for part in _parts(sorted(crowd)):
        alike = shapes[[place[picture] for picture in part]] @ shapes.T
        for row, picture in zip(alike, part, strict=True):
            near = {
                other: float(row[place[other]]) if match.turn == 0 else match.score
                for other, match in links[picture].items()
            }
            found[picture] = sorted(near, key=lambda other: (-near[other], -links[picture][other].score, other))
    return found


class Turns:
    """Turns of pictures: whom each is compared with next, and whether it goes on.

    ``queues`` are those that each may be compared with, the likest first.
    """

    def __init__(self, queues: Mapping[int, Sequence[int]], crowd: Collection[int]) -> None:
        self._waiting = {picture: list(queue) for picture, queue in queues.items()}
        self._crowd = crowd

    def next(self) -> list[tuple[int, int]]:
        """The next pairs, those of one of a crowd ``GIVE_UP`` at most, all others at once; none when all is said."""
        return [
            (picture, other)
            for picture, queue in self._waiting.items()
            for other in (queue[:GIVE_UP] if picture in self._crowd else queue)
        ]

    def take(self, same: Collection[tuple[int, int]]) -> None:
        """Take in which of those pairs show the same: who found none stops."""
        going_on = {picture for picture, _ in same if picture in self._crowd}
        self._waiting = {picture: self._waiting[picture][GIVE_UP:] for picture in self._waiting if picture in going_on}


def _parts(pictures: Sequence[int]) -> Iterator[Sequence[int]]:
    return (pictures[start : start + _TOGETHER] for start in range(0, len(pictures), _TOGETHER))


def _shapes(pictures: Sequence[int], smalls: Callable[[Iterable[int]], Mapping[int, bytes]]) -> npt.NDArray[np.float32]:
    """Small pictures, reduced, as vectors (n, 1024) of length 1 whose product is their correlation."""
    import numpy as np

    found = smalls(pictures)
    every = np.frombuffer(b"".join(found[picture] for picture in pictures), np.uint8).astype(np.float32)
    step = SIDE // _SIDE
    reduced = every.reshape(len(pictures), _SIDE, step, _SIDE, step).mean(axis=(2, 4)).reshape(len(pictures), -1)
    reduced -= reduced.mean(axis=1, keepdims=True)
    length = np.sqrt((reduced * reduced).sum(axis=1, keepdims=True))
    return np.asarray(reduced / np.maximum(length, 1e-6), np.float32)
