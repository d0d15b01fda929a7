"""State of the two roots at the end of a run, and whether they have gone back since.

On one and the same root the change time of a folder never goes back, and its mark never forgets a token.  Where either
has, the disk is a clone or a snapshot that lags behind, or was restored: then the memory is not about it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.said import N_
from image_sync.jobs.sync import replica
from image_sync.jobs.sync.disks import Disk
from image_sync.jobs.sync.memory import SyncMemory, Witness
from image_sync.jobs.sync.model import Side
from image_sync.jobs.sync.packed_stats import is_set_back
from image_sync.jobs.sync.rules.reasons import Named, Noted
from image_sync.jobs.sync.scanned import Scanned

WITNESSES = 16
"""Folders that are remembered of each root, those that were changed last."""
_MARKED_MEANWHILE = N_("another run has marked it meanwhile")
_SEPARATOR = os.fsencode(paths.SEPARATOR)


def doubts(memory: SyncMemory, scanned: Scanned) -> str:
    """Reason why the memory is not about these two roots as they are now, in words; empty when it is."""
    for side in Side:
        shown = paths.display(scanned.listings[side].root)
        if _is_older(memory, scanned, side):
            return Noted.OLDER(side=Named[side.name], folder=shown)
    another = memory.was_another_at({side: scanned.listings[side].root for side in Side})
    if another is None:
        return ""
    shown = paths.display(scanned.listings[another].root)
    return Noted.ANOTHER_FOLDER(folder=shown)


def _is_older(memory: SyncMemory, scanned: Scanned, side: Side) -> bool:
    mark = scanned.identities[side].mark
    if mark is not None:
        token = memory.token(side)
        return bool(token) and token not in mark.tokens
    if not scanned.disks[side].lasting:
        return False
    listing, number = scanned.listings[side], list(Side).index(side)
    if any(_went_back(os.fsencode(listing.root), witness) for witness in memory.witnesses(side)):
        return True
    looks = listing.looks
    return any(path in looks and is_set_back(looks[path], row[number]) for path, row in scanned.rows.items())


def _went_back(root: bytes, witness: Witness) -> bool:
    """Whether a folder changed last before the end of the last run although the run saw a later change there.

    One that is gone was taken out of another, which has changed since.
    """
    path, gone = witness.path, False
    while True:
        status = _folder(os.path.join(root, path) if path else root)
        if status is not None and (gone or status.st_ino == witness.inode):
            return status.st_ctime_ns < witness.ctime_ns
        gone = True
        if not path:
            return False
        path = path.rpartition(_SEPARATOR)[0]


def _folder(place: bytes) -> os.stat_result | None:
    try:
        status = os.lstat(place)
    except OSError:
        return None
    return status if stat.S_ISDIR(status.st_mode) else None


def leave(memory: SyncMemory, scanned: Scanned, changed: Iterable[bytes], wrote: bool) -> None:
    """Remember how both roots are left.

    ``changed`` are the folders, below the roots, in which the run changed something, ``wrote`` whether it did at all.
    A mark that can't be written is said; then the next run compares the two folders for the first time.
    """
    folders = set(changed)
    for side in Side:
        root, identity = scanned.listings[side].root, scanned.identities[side]
        if not _stands(root, scanned.disks[side]):
            continue
        token = ""
        if identity.mark is not None:
            token = _marked(memory, root, identity.mark, wrote) if identity.marks else _last(identity.mark)
        memory.end_run(side, root, token, _witnesses(scanned, side, folders))


def _stands(root: str, disk: Disk) -> bool:
    """Whether the root is still there; what stands in the place of a disk that was taken out is never marked."""
    try:
        status = os.stat(root)
    except OSError:
        return False
    return (status.st_dev, status.st_ino) == (disk.device, disk.inode)


def _last(mark: replica.Mark) -> str:
    return mark.tokens[-1] if mark.tokens else ""


def _marked(memory: SyncMemory, root: str, mark: replica.Mark, wrote: bool) -> str:
    """The last token of the root's mark after the run."""
    if mark.tokens and not wrote:
        return _last(mark)
    standing = replica.read(root).mark
    left = mark.after_run()
    try:
        if (standing.tokens if standing else ()) != mark.tokens:
            raise OSError(_MARKED_MEANWHILE)
        replica.write(root, left)
    except OSError as error:
        why = reason(error) if error.errno else str(error)
        memory.notes.append(Noted.UNMARKED(folder=paths.display(root), why=why))
    return _last(left)


def _witnesses(scanned: Scanned, side: Side, changed: set[bytes]) -> list[Witness]:
    if not scanned.disks[side].lasting or scanned.identities[side].mark is not None:
        return []
    root, known = os.fsencode(scanned.listings[side].root), scanned.listings[side].folders
    newest = sorted(known, key=lambda path: known[path], reverse=True)[:WITNESSES]
    found = []
    for path in {b"", *newest, *changed}:
        status = _folder(os.path.join(root, path) if path else root)
        if status is not None:
            found.append(Witness(path, status.st_ino, status.st_ctime_ns))
    return sorted(found, key=lambda one: one.ctime_ns, reverse=True)[:WITNESSES]
