"""Words of an exported library about its pictures: which lay in the bin, when they were taken, in which albums.

Google Takeout says in a picture's JSON that it was in the bin; Apple's list (``Photo Details.csv``) says of every
picture in its folder when it was taken and whether it was deleted.  Each list is read once in a scan.  A file that
can't be read says nothing here: what needs it later names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from image_sync.archives.errors import ArchiveError
from image_sync.archives.opening import open_binary
from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.model import FileRecord
from image_sync.jobs.photo_import.joining import Joined
from image_sync.pictures.metadata.dates import Moment
from image_sync.pictures.metadata.icloud import LIMIT, Detail, album, is_photo_details, photo_details
from image_sync.pictures.metadata.takeout import is_trashed

_ALBUMS = frozenset({"albums", "alben", "álbumes", "álbuns", "album", "アルバム", "相簿", "相册"})


@dataclass(frozen=True, slots=True)
class Told:
    """Knowledge that an export brings of its units, by the first file of each.

    When it was taken, the album that it is in, and which units were thrown away.
    """

    taken: Mapping[FileRecord, Moment] = field(default_factory=dict)
    albums: Mapping[FileRecord, str] = field(default_factory=dict)
    thrown: frozenset[FileRecord] = frozenset()


def told_of(found: Joined, albums: bool, control: Control) -> Told:
    """Knowledge that the export ``found`` brings; of Apple's albums only when they are wanted.  Raises ``Stopped``.

    A library tells nothing: its pictures are there by will.
    """
    if found.entering.inside:
        return Told()
    lists = _Lists(found.leftovers, control)
    taken: dict[FileRecord, Moment] = {}
    thrown = set()
    for first, companions in found.units:
        control.checkpoint()
        detail = lists.detail(first)
        if detail is not None and detail.taken is not None:
            taken[first] = detail.taken
        told = (*companions, *found.lent.get(first, ()))
        if (detail is not None and detail.deleted) or any(map(_is_trashed, told)):
            thrown.add(first)
    return Told(taken, _albums(found) if albums else {}, frozenset(thrown))


def _albums(found: Joined) -> dict[FileRecord, str]:
    """The album that each unit is in; of several the smallest, which says most."""
    lists = [
        (len(names), paths.stem(record.name), names)
        for record in found.leftovers
        if paths.suffix(record.name) == ".csv" and paths.folded(paths.name(record.folder)) in _ALBUMS
        if (names := frozenset(map(paths.folded, album(_text(record)))))
    ]
    smallest: dict[str, str] = {}
    for _, title, names in sorted(lists, key=lambda one: one[:2]):
        for name in names:
            smallest.setdefault(name, title)
    named = {first: smallest.get(paths.folded(first.name)) for first, _ in found.units} if smallest else {}
    return {first: title for first, title in named.items() if title}


class _Lists:
    """Apple's lists of one export.  That of a picture's own folder counts; then the others, where all that name it
    agree: a part of an export may bring the list of another."""

    def __init__(self, leftovers: Iterable[FileRecord], control: Control) -> None:
        self._own: dict[tuple[str, str, str], Detail] = {}
        self._all: dict[str, set[Detail]] = defaultdict(set)
        for record in leftovers:
            if is_photo_details(record.name):
                control.checkpoint()
                for detail in photo_details(_text(record)):
                    name = paths.folded(detail.name)
                    self._own[record.root, record.folder, name] = detail
                    self._all[name].add(detail)

    def detail(self, picture: FileRecord) -> Detail | None:
        if not self._all:
            return None
        name = paths.folded(picture.name)
        own = self._own.get((picture.root, picture.folder, name))
        others = self._all.get(name, ())
        return own or (next(iter(others)) if len(others) == 1 else None)


def _is_trashed(record: FileRecord) -> bool:
    return paths.suffix(record.name) == ".json" and is_trashed(_text(record))


def _text(record: FileRecord) -> bytes:
    if record.size > LIMIT:
        return b""
    try:
        with open_binary(record.path) as stream:
            return stream.read()
    except (OSError, ArchiveError):
        return b""
