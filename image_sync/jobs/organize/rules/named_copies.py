"""Pictures that are named as a copy of one that they match, wherever that lies: ``IMG_1 2`` in a backup of ``IMG_1``.

What stands in one folder is known from the scan; here the matches tell which names belong together.  Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from image_sync.base import paths
from image_sync.base.copy_names import original_stem
from image_sync.base.model import Match, Picture


def with_named_copies(pictures: Sequence[Picture], matches: Iterable[Match]) -> tuple[Picture, ...]:
    """The pictures, those marked whose name is that of a match and the mark of a copy."""
    result = list(pictures)
    for match in matches:
        if not match.sameness.is_copy:
            continue
        for index, other in ((match.first, match.second), (match.second, match.first)):
            if not result[index].copy_beside and _is_named_after(pictures[index], pictures[other]):
                result[index] = replace(result[index], copy_beside=True)
    return tuple(result)


def _is_named_after(picture: Picture, other: Picture) -> bool:
    own, theirs = (paths.stem(one.record.name) for one in (picture, other))
    if paths.folded(own) == paths.folded(theirs):
        return False
    return paths.folded(original_stem(own, frozenset({paths.folded(theirs)}))) == paths.folded(theirs)
