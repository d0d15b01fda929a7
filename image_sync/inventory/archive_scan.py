"""Scan of an archive as if it were a folder: FileRecords of its members, and the problems met.

Only the archive's directory is read.  What can't be taken out is one problem for each reason, with names.  It decides
nothing, and nothing is unpacked to the disk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from image_sync.archives import opening
from image_sync.archives.directory import Directory, names_of
from image_sync.archives.left_out import Left, LeftOut, Why, nothing
from image_sync.archives.names import looks_packed
from image_sync.base import paths
from image_sync.base.archive_member import ArchiveMember
from image_sync.base.control import Control
from image_sync.base.model import FileKind, FileRecord, Problem, Stamp
from image_sync.base.said import few
from image_sync.inventory.scan import Filter, Listing
from image_sync.pictures.formats import kind_of

_SHOWN = 3
_PERMISSIONS = 0o644
_NO_DEVICE = -1


@dataclass(frozen=True, slots=True)
class ArchiveListing:
    """Members of one archive: those that count as a ``Listing``, and the archives among them, which are not opened."""

    listing: Listing
    archives: tuple[str, ...] = ()


def scan_archive(
    path: str,
    wanted: Filter,
    *,
    control: Control | None = None,
    advance: Callable[[int, str], None] | None = None,
) -> ArchiveListing:
    """List the members of the archive at ``path`` that ``wanted`` takes, sorted by path.

    Raises ``ArchiveError`` and ``OSError`` when it can't be read, and ``Stopped`` at a checkpoint.
    """
    directory = opening.listed(path, control.checkpoint if control else nothing)
    folders: dict[str, bool] = {}
    files = []
    for relative, member in directory.members.items():
        name = paths.name(relative)
        kind = kind_of(name)
        entered = _is_entered(paths.parent(relative), wanted, folders)
        if entered and wanted.takes_file(relative, name, Stamp(member.size, member.mtime_ns), kind):
            files.append(_record(relative, member, kind))
    files.sort(key=lambda record: record.relative)
    if advance:
        advance(len(files), path)
    problems = tuple(_problems(directory))
    reached = tuple(sorted(folder for folder in folders if folders.get(paths.parent(folder), True)))
    archives = tuple(relative for relative in directory.members if looks_packed(relative))
    return ArchiveListing(Listing(path, tuple(files), (), problems, reached), archives)


def _is_entered(folder: str, wanted: Filter, known: dict[str, bool]) -> bool:
    """Whether a scan would have entered ``folder`` and all around it."""
    if folder not in known:
        place, entered = "", True
        for name in paths.components(folder):
            place = paths.join(place, name)
            entered = known.setdefault(place, entered and wanted.takes_folder(place, name))
    return known.get(folder, True)


def _record(relative: str, member: ArchiveMember, kind: FileKind) -> FileRecord:
    return FileRecord(
        member.archive,
        relative,
        member.size,
        member.mtime_ns,
        member.archive_mtime_ns,
        _NO_DEVICE,
        member.identity,
        1,
        _PERMISSIONS,
        kind,
        member,
    )


def _problems(directory: Directory) -> Iterator[Problem]:
    """One problem for each reason why members are left out that would have been wanted."""
    found: dict[Why, list[LeftOut]] = defaultdict(list)
    for one in directory.left_out:
        if kind_of(one.name.rstrip("/\\")) is not FileKind.OTHER:
            found[one.why].append(one)
    for why, left in found.items():
        names = few(map(paths.display, names_of(left)), _SHOWN, quoted=False)
        what = Left.THERE(count=len(left))
        yield Problem(directory.path, what, Left.NAMED(why=why.words, names=names), why.hint)
