"""The destination of an import as a tree of folders with counts, as both fronts show it.  Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from image_sync.base import paths
from image_sync.jobs.photo_import.model import Branch, Fate, Placed


def destination(placed: Iterable[Placed], standing: Iterable[str]) -> tuple[Branch, ...]:
    """The folders of the output that pictures and movies go to or stay in, the outermost ones first.

    ``standing`` are the folders that are there already (below the output); all others are marked as new.  Companions
    don't count.  What lies in the output itself is counted under an empty name.
    """
    direct = Counter(folder for one in placed if (folder := folder_of(one)) is not None)
    total: Counter[str] = Counter()
    for folder, number in direct.items():
        for above in _with_those_above(folder):
            total[above] += number
    there = {paths.folded(folder) for folder in standing}
    below: dict[str, list[Branch]] = defaultdict(list)
    here = total.pop("", 0)
    for folder in sorted(total, key=lambda one: (-len(paths.components(one)), paths.folded(one), one)):
        new = paths.folded(folder) not in there
        branch = Branch(folder, direct[folder], total[folder], new, tuple(below.pop(folder, ())))
        below[paths.parent(folder)].append(branch)
    outermost = below.pop("", [])
    return tuple([Branch("", here, here, False), *outermost] if here else outermost)


def folder_of(placed: Placed) -> str | None:
    """The folder of the output that a picture or movie will be in; ``None`` when it stays outside of it."""
    if placed.target:
        return paths.parent(placed.target)
    if placed.fate is Fate.IN_PLACE:
        return placed.arrival.folder
    return None


def _with_those_above(folder: str) -> Iterable[str]:
    while True:
        yield folder
        if not paths.parent(folder):
            return
        folder = paths.parent(folder)
