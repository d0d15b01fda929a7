"""One file is one file: paths that lead to one file are its names, not copies of one another.

Hard links do, and so does a folder that is seen by two ways (a bind mount, a container's volume).  Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from image_sync.base.model import FileRecord

Unit = tuple[FileRecord, tuple[FileRecord, ...]]


def one_per_file(units: Iterable[Unit], references: Collection[str]) -> tuple[list[Unit], int]:
    """The units sorted by path with one name of each picture, and how many further names were left out.

    The name that stays is one below ``references`` where there is one, since what is never changed must not lose its
    file by another name; else it is the first by path.  Companions that have another name already are left out too.
    """
    ordered = sorted(units, key=lambda unit: (unit[0].root not in references, *_place(unit[0])))
    seen: set[tuple[int, ...]] = set()
    kept = [unit for unit in ordered if _is_first(unit[0], seen)]
    left_out = len(ordered) - len(kept)
    units_of_own = [(record, tuple(one for one in companions if _is_first(one, seen))) for record, companions in kept]
    return sorted(units_of_own, key=lambda unit: _place(unit[0])), left_out


def _place(record: FileRecord) -> tuple[str, str]:
    return record.root, record.relative


def _is_first(record: FileRecord, seen: set[tuple[int, ...]]) -> bool:
    """Whether no name of the file was ``seen`` yet.

    Some systems give no inode (0), and some disks over a network make them up: size and time must be equal as well.
    """
    if not record.inode:
        return True
    file = (record.device, record.inode, record.size, record.mtime_ns)
    first = file not in seen
    seen.add(file)
    return first
