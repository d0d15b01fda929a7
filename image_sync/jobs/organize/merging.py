"""Statements of the copies in groups, read from their files, and how what one lacks can be written into it.

What goes where is decided by ``rules.merging``; here the files are looked at: each member's headers are read, and for
each picture that lacks something it is tried in memory whether that can be written into the file without touching
anything else, else into its XMP sidecar, else into a new one.  Nothing is written.  What was found is kept by path,
size and time, so that another decision reads little.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord, Group, Maker, Picture, Problem
from image_sync.base.stated import Stated
from image_sync.inventory.context import RunContext
from image_sync.inventory.pool import on_files
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules.merging import NO_MERGING, Gain, Merge, Merging, copies_by_keeper, gained

NOT_READ = "what it states was not merged"
NOT_WRITTEN = "what its copies state can't be added to it"
LEFT = "it stays as it is"

Item = TypeVar("Item", bound="_Look | _Trial")
Found = TypeVar("Found")
Key = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """A picture and its sidecars, to be read."""

    path: str
    sidecars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Trial:
    """A picture that lacks something, its XMP sidecars, and what is to be written."""

    path: str
    raw: bool
    sidecars: tuple[str, ...]
    added: Stated


@dataclass(frozen=True, slots=True)
class _Way:
    """Way of writing: by a maker, into the picture or one of its sidecars; or why not."""

    maker: Maker | None
    sidecar: str = ""
    why: str = ""


@dataclass(slots=True)
class Statements:
    """Statements of pictures that were read so far, and the ways in which some can be completed."""

    _read: dict[Key, Stated | Problem] = field(default_factory=dict)
    _ways: dict[tuple[Key, Stated], _Way | Problem] = field(default_factory=dict)

    def merging(
        self,
        groups: Sequence[Group],
        pictures: Sequence[Picture],
        request: OrganizeRequest,
        context: RunContext | None = None,
    ) -> Merging:
        """The merges of a plan.  With a ``context`` the files are read in its pool; raises ``Stopped`` then."""
        if not request.merge or request.handling is Handling.LINK_EXACT:
            return NO_MERGING
        copies = copies_by_keeper(groups, pictures, request.handling)
        wanted = sorted({*copies, *(index for some in copies.values() for index in some)})
        stated, problems = self._stated(wanted, pictures, context)
        gains: dict[int, Gain] = {}
        others = {}
        for keeper, some in copies.items():
            if keeper not in stated:
                continue
            gain, differing = gained(stated[keeper], [(index, stated[index]) for index in some if index in stated])
            others.update({index: (keeper, facts) for index, facts in differing.items()})
            if gain.added:
                gains[keeper] = gain
        unchanged = tuple(keeper for keeper in gains if pictures[keeper].reference)
        merges = self._merges({one: gains[one] for one in gains if one not in unchanged}, pictures, context, problems)
        return Merging(merges, others, unchanged, tuple(problems))

    def _stated(
        self, wanted: Iterable[int], pictures: Sequence[Picture], context: RunContext | None
    ) -> tuple[dict[int, Stated], list[Problem]]:
        """The statements of pictures by index, and the problems of those that could not be read."""
        keys = {index: _key(pictures[index]) for index in wanted}
        missing = {key: pictures[index] for index, key in keys.items() if key not in self._read}
        looks = [_Look(one.record.path, tuple(file.path for file in _sidecars(one))) for one in missing.values()]
        self._read.update(zip(missing, _done(_stated_by, looks, context), strict=True))
        found: dict[int, Stated] = {}
        problems = []
        for index, key in keys.items():
            told = self._read[key]
            if isinstance(told, Problem):
                problems.append(Problem(told.path, NOT_READ, told.why, LEFT))
            else:
                found[index] = told
        return found, problems

    def _merges(
        self, gains: dict[int, Gain], pictures: Sequence[Picture], context: RunContext | None, problems: list[Problem]
    ) -> dict[int, Merge]:
        """The gains with how each is written; what can't be is a problem more."""
        keys = {index: (_key(pictures[index]), gain.added) for index, gain in gains.items()}
        missing = {key: index for index, key in keys.items() if key not in self._ways}
        trials = [_trial(pictures[index], gains[index].added) for index in missing.values()]
        self._ways.update(zip(missing, _done(_way, trials, context), strict=True))
        merges = {}
        for index, key in keys.items():
            way = self._ways[key]
            if isinstance(way, Problem) or way.maker is None:
                if not way.why:
                    continue
                problems.append(Problem(pictures[index].record.path, NOT_WRITTEN, way.why, LEFT))
                continue
            sidecar = next((file for file in _sidecars(pictures[index]) if file.path == way.sidecar), None)
            merges[index] = Merge(gains[index], way.maker, sidecar)
        return merges


def _sidecars(picture: Picture) -> list[FileRecord]:
    return [record for record in picture.companions if record.kind is FileKind.SIDECAR]


def _key(picture: Picture) -> Key:
    return tuple((record.path, record.size, record.mtime_ns) for record in (picture.record, *_sidecars(picture)))


def _trial(picture: Picture, added: Stated) -> _Trial:
    """The sidecar that bears the whole name of the picture comes first."""
    packets = [file.path for file in _sidecars(picture) if paths.suffix(file.name) == ".xmp"]
    packets.sort(key=lambda path: (-len(path), path))
    return _Trial(picture.record.path, picture.record.kind is FileKind.RAW, tuple(packets), added)


def _done(
    work: Callable[[Item], Found], items: Sequence[Item], context: RunContext | None
) -> Iterable[Found | Problem]:
    """``work`` on each file, in the pool where there is one; whatever it raises is the problem of that file."""
    if context is None:
        return [_guarded(work, item) for item in items]
    found: list[Found | Problem] = []
    for item, done in on_files(context, work, items, _path_of, _instead):
        found.append(done)
        context.reporter.advance(1, 0, item.path)
    return found


def _guarded(work: Callable[[Item], Found], item: Item) -> Found | Problem:
    from image_sync.pictures.errors import in_words

    try:
        return work(item)
    except Exception as error:
        return in_words(item.path, error)


def _path_of(item: _Look | _Trial) -> str:
    return item.path


def _instead(_item: _Look | _Trial, problem: Problem) -> Problem:
    return problem


def _stated_by(look: _Look) -> Stated:
    from image_sync.pictures.metadata.stated import stated_by

    return stated_by(look.path, look.sidecars)


def _way(trial: _Trial) -> _Way:
    """The first way that works: into the file itself (never a RAW), into a sidecar that is there, into a new one.

    A time zone without a date has no place in a sidecar, and is let go where the file can't take it.
    """
    from image_sync.pictures.metadata.stated_write import CannotWrite, sidecar_with, with_stated

    if not trial.raw:
        with contextlib.suppress(CannotWrite):
            with_stated(_content(trial.path), trial.added)
            return _Way(Maker.STATED)
    if not replace(trial.added, offset=None):
        return _Way(None)
    why = ""
    for path in trial.sidecars:
        try:
            sidecar_with(_content(path), trial.added)
            return _Way(Maker.STATED_XMP, path)
        except CannotWrite as error:
            why = f"{paths.display(paths.name(path))}: {error}"
    # Another one beside a sidecar that can't be added to would only hide it.
    return _Way(None, why=why) if trial.sidecars else _Way(Maker.NEW_XMP)


def _content(path: str) -> bytes:
    from image_sync.pictures.metadata.exif_write import SIZE_LIMIT

    with open(path, "rb") as stream:
        return stream.read(SIZE_LIMIT + 1)
