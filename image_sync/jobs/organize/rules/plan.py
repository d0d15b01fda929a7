"""The rules of *organize*: from pictures and their groups to a Plan.

Pure: what stands in the output already is told as values; nothing here looks at a disk.  Which pictures are the same is
decided before (``matching``), how an operation is carried out comes after (``apply``).
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from image_sync.base import naming, paths
from image_sync.base.model import (
    Action,
    Group,
    Maker,
    Match,
    Member,
    Operation,
    Picture,
    PictureFate,
    Plan,
    Problem,
    Sameness,
    Stamp,
)
from image_sync.base.own_files import OWN_FOLDER, VERSIONS
from image_sync.base.said import Common, Share, Value, few
from image_sync.jobs.organize.request import NAME, Handling, OrganizeRequest
from image_sync.jobs.organize.rules.certainty import certainty_of
from image_sync.jobs.organize.rules.fates import by_fate, shot_of
from image_sync.jobs.organize.rules.merging import NO_MERGING, Merge, Merging, gain_in_words, others_in_words
from image_sync.jobs.organize.rules.reasons import Noted, Reason
from image_sync.jobs.transfer import Transfer

NAMED = 3
"""Pairs that a note names."""
SIMILAR_PREFIX = "similar_"
UNIQUE_FOLDER = "unique_images"
DUPLICATES_FOLDER = "duplicates"

_LINKED = (None, PictureFate.SET_ASIDE)
"""The fates with which an exact copy becomes a link."""
_ACTIONS = {Transfer.MOVE: Action.MOVE, Transfer.COPY: Action.COPY, Transfer.LINK: Action.LINK}


@dataclass(frozen=True, slots=True)
class Standing:
    """Names and files that stand in the output before the run.

    ``folders`` are the folded names of what stands directly in it, ``files`` the stamps of the files that a name could
    meet, by folded path below the output.  ``attributes`` are what a file has beside its content that all names of one
    file share (owner, permissions, extended attributes), by path, of those that may become links.  ``merging`` is what
    pictures that stay get of what their copies state.
    """

    folders: frozenset[str] = frozenset()
    files: Mapping[str, Stamp] = None  # type: ignore[assignment]
    attributes: Mapping[str, Hashable] = None  # type: ignore[assignment]
    merging: Merging = NO_MERGING

    def __post_init__(self) -> None:
        for name in ("files", "attributes"):
            if getattr(self, name) is None:
                object.__setattr__(self, name, {})


def make_plan(
    pictures: Sequence[Picture],
    groups: Sequence[Group],
    request: OrganizeRequest,
    standing: Standing,
    *,
    complete: bool = True,
    notes: Iterable[str] = (),
    problems: Iterable[Problem] = (),
) -> Plan:
    """The operations that bring ``pictures`` where ``request`` wants them.

    ``groups`` carry their ``context``.  Unless the scan was ``complete`` only groups are planned: a picture without a
    match so far may have one among those that were not looked at.
    """
    draft = _Draft(pictures, request, standing)
    if request.handling is Handling.GATHER:
        draft.gather(groups)
        if complete:
            draft.gather_rest(groups)
    elif request.handling is Handling.KEEP_BEST:
        draft.keep_best(groups)
    else:
        draft.link_exact(groups)
    roots = {f"folder {number}": folder for number, folder in enumerate(request.folders, 1)}
    return Plan(
        NAME, {**roots, "output": request.output}, tuple(draft.operations), (*notes, *draft.notes()), tuple(problems)
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """The names that a picture and its companions get, and the folded paths below the output that they take."""

    names: tuple[str, ...]
    keys: list[str]


class _Draft:
    """A plan in the making: the operations so far, and the names that are taken by them and by what stands."""

    def __init__(self, pictures: Sequence[Picture], request: OrganizeRequest, standing: Standing) -> None:
        self.pictures, self.request, self.standing = pictures, request, standing
        self.action = _ACTIONS[request.transfer] if request.handling is Handling.GATHER else Action.MOVE
        self.numbers: dict[str, int] = {}
        self.operations: list[Operation] = []
        self.folders = set(standing.folders)
        self.taken: set[str] = set()
        self.moved: dict[str, str] = {}
        self.placed: dict[str, int] = {}
        self.already = 0
        self.elsewhere = 0
        self.unlike: list[str] = []

    # --- the three ways ---

    def gather(self, groups: Sequence[Group]) -> None:
        for index, group in enumerate(groups):
            fates = by_fate(group, Handling.GATHER)
            gathered = [one for one in fates[PictureFate.KEEP] if not self.pictures[one.picture].reference]
            if gathered:
                self._gather_group(index, group, gathered)
            self._set_aside(index, group, fates[PictureFate.SET_ASIDE])
            self._complete(index, group)

    def _gather_group(self, index: int, group: Group, members: Sequence[Member]) -> None:
        base = SIMILAR_PREFIX + group.context
        if self.action is not Action.MOVE and self._stands(base, members):
            self.already += len(members)
            return
        folder = naming.free_folder(base, self.folders)
        self.folders.add(paths.folded(folder))
        for member in members:
            self._place(self.pictures[member.picture], folder, self._reason(member, group), group=index)

    def gather_rest(self, groups: Sequence[Group]) -> None:
        grouped = {member.picture for group in groups for member in group.members}
        reason = Reason.NO_MATCH_ELSEWHERE() if self.request.between else Reason.NO_MATCH()
        for index, picture in enumerate(self.pictures):
            if index not in grouped and not picture.reference and not picture.half_of:
                self._place(picture, UNIQUE_FOLDER, reason)

    def keep_best(self, groups: Sequence[Group]) -> None:
        for index, group in enumerate(groups):
            self._set_aside(index, group, by_fate(group, Handling.KEEP_BEST)[PictureFate.SET_ASIDE])
            self._complete(index, group)

    def _set_aside(self, index: int, group: Group, members: Sequence[Member]) -> None:
        """Bring members to the duplicates, each only while a kept one still stands: where both have the same bytes with
        these, else as it was found."""
        aside = {member.picture for member in members}
        kept = [self.pictures[member.picture] for member in group.members if member.picture not in aside]
        for member in members:
            picture = self.pictures[member.picture]
            if picture.reference:
                continue
            folder = paths.join(DUPLICATES_FOLDER, paths.name(picture.record.root), picture.record.folder)
            exact = next((one for one in kept if _same_bytes(one, picture)), None)
            own = shot_of(member, group)
            if not exact and member.sameness is Sameness.IDENTICAL_FILE and own not in aside:
                exact = self.pictures[own]
            leading = len(self.operations)
            self._place(picture, folder, self._reason(member, group), group=index)
            if kept and leading < len(self.operations):
                keeper = exact or (kept[0] if own in aside else self.pictures[own])
                self.operations[leading] = self._kept_by(keeper, self.operations[leading], bool(exact))

    def _kept_by(self, keeper: Picture, operation: Operation, exact: bool) -> Operation:
        """The operation with the file that must stand for it, where that is by then."""
        place = self.moved.get(keeper.record.path, keeper.record.path)
        return replace(operation, same_as=place) if exact else replace(operation, keeper=place, keeps=_stamp(keeper))

    def link_exact(self, groups: Sequence[Group]) -> None:
        for index, group in enumerate(groups):
            kept: dict[tuple[int, str, int], Picture] = {}
            for member in group.members:
                picture = self.pictures[member.picture]
                if picture.digest is None or member.fate is PictureFate.LEAVE:
                    continue
                key = (picture.record.size, picture.digest, picture.record.device)
                first = kept.setdefault(key, picture)
                if (
                    first is not picture
                    and member.fate in _LINKED
                    and not picture.reference
                    and first.record.inode != picture.record.inode
                ):
                    self._link_if_alike(first, picture, index)
            self.elsewhere += len(kept) - len({key[:2] for key in kept})

    # --- one picture ---

    def _link_if_alike(self, first: Picture, picture: Picture, group: int) -> None:
        """A link has one owner, one set of permissions and attributes for all its names: where a copy has others, that
        would be lost, so it is left as it is."""
        attributes = self.standing.attributes
        if attributes.get(first.record.path) == attributes.get(picture.record.path):
            self._link(first, picture, group)
        else:
            self.unlike.append(picture.record.name)

    def _link(self, first: Picture, picture: Picture, index: int) -> None:
        self.operations.append(
            Operation(
                Action.REPLACE_WITH_LINK,
                first.record.path,
                picture.record.path,
                Reason.SAME_BYTES(path=paths.display(first.record.path)),
                expected=_stamp(first),
                replaces=_stamp(picture),
                group=index,
                versions=paths.join(picture.record.root, VERSIONS),
            )
        )

    def _place(self, picture: Picture, folder: str, reason: str, group: int | None = None) -> None:
        """Add the operations that bring a picture and its companions to ``folder`` below the output."""
        named = self._names(picture, folder)
        if named is None:
            self.already += 1
            return
        leading = len(self.operations)
        output = paths.join(self.request.output, folder)
        for record, name in zip((picture.record, *picture.companions), named.names, strict=True):
            first = record is picture.record
            self.operations.append(
                Operation(
                    self.action,
                    record.path,
                    paths.join(output, name),
                    reason if first else Common.BELONGS_TO(name=paths.display(picture.record.name)),
                    expected=_stamp(picture) if first else record.stamp,
                    group=group,
                    follows=None if first else leading,
                )
            )
            self.placed[record.path] = len(self.operations) - 1
        self.taken.update(named.keys)
        if self.action is Action.MOVE:
            self.moved[picture.record.path] = self.operations[leading].destination

    def _names(self, picture: Picture, folder: str) -> _Named | None:
        """Free names for a picture and its companions; ``None`` when the very picture stands there already."""
        original = [record.name for record in (picture.record, *picture.companions)]
        first = paths.folded(paths.join(folder, original[0]))
        for number in itertools.count(self.numbers.get(first, 0)):
            self.numbers[first] = number
            names = naming.unit_names(original, number)
            keys = [paths.folded(paths.join(folder, name)) for name in names]
            if any(key in self.taken for key in keys):
                continue
            standing = self.standing.files.get(keys[0])
            if standing == picture.record.stamp and self.action is not Action.MOVE:
                self.taken.add(keys[0])
                return None
            if not any(key in self.standing.files for key in keys) and len(set(keys)) == len(keys):
                return _Named(names, keys)
        raise AssertionError("counting never ends")

    def _stands(self, folder: str, members: Sequence[Member]) -> bool:
        """Whether an earlier run brought all members to ``folder`` already."""
        for member in members:
            record = self.pictures[member.picture].record
            names = (naming.unit_names([record.name], number)[0] for number in range(len(members)))
            keys = (paths.folded(paths.join(folder, name)) for name in names)
            if not any(self._is_there(self.standing.files.get(key), member.picture) for key in keys):
                return False
        return True

    def _is_there(self, standing: Stamp | None, picture: int) -> bool:
        """Whether a file that stands in the output is the picture: what was completed there kept its time alone."""
        own = self.pictures[picture].record.stamp
        completed = picture in self.standing.merging.merges
        return standing == own or (standing is not None and completed and standing.mtime_ns == own.mtime_ns)

    # --- what copies state ---

    def _reason(self, member: Member, group: Group) -> str:
        other = self.standing.merging.others.get(member.picture)
        reason = _reason(member, group, self.pictures)
        if not other:
            return reason
        return Common.BOTH(first=reason, second=others_in_words(other[1], self.pictures[other[0]]))

    def _complete(self, index: int, group: Group) -> None:
        """Give each picture of a group that stays what its copies state, after all that becomes of these."""
        for member in group.members:
            merge = self.standing.merging.merges.get(member.picture)
            picture = self.pictures[member.picture]
            gathered = self.request.handling is Handling.GATHER
            if merge is not None and (not gathered or picture.record.path in self.placed):
                self._merge(picture, merge, index)

    def _merge(self, picture: Picture, merge: Merge, group: int) -> None:
        record = picture.record if merge.sidecar is None else merge.sidecar
        leading = self.placed.get(record.path)
        place = record.path if leading is None else self.operations[leading].destination
        told = gain_in_words(merge.gain, self.pictures)
        new = merge.maker is Maker.NEW_XMP
        self.operations.append(
            Operation(
                Action.CONVERT if new else Action.MERGE,
                place,
                f"{place}.xmp" if new else place,
                Reason.GETS(gains=told)
                if record is picture.record
                else Reason.GETS_FOR(gains=told, name=paths.display(picture.record.name)),
                expected=record.stamp,
                replaces=None if new else record.stamp,
                group=group,
                follows=leading,
                maker=merge.maker,
                argument=merge.gain.added.to_text(),
            )
        )

    def notes(self) -> Iterator[str]:
        if self.already:
            yield Noted.ALREADY_THERE(count=self.already)
        if self.elsewhere:
            yield Noted.OTHER_DISK(count=self.elsewhere)
        if self.unlike:
            yield Noted.UNLIKE(names=_few(self.unlike))
        if any(operation.action is Action.REPLACE_WITH_LINK for operation in self.operations):
            yield Noted.LINKS_KEPT(folder=OWN_FOLDER)
        yield from self._notes_of_merging()

    def _notes_of_merging(self) -> Iterator[str]:
        merging = self.standing.merging
        if any(operation.action is Action.MERGE for operation in self.operations):
            yield Noted.MERGED_KEPT(folder=OWN_FOLDER)
        if merging.others:
            yield Noted.STATES_OTHER(count=len(merging.others))
        if merging.unchanged:
            names = _few([self.pictures[index].record.name for index in merging.unchanged])
            yield Noted.UNCHANGED(names=names)


def parted_in_words(parted: Sequence[Match], pictures: Sequence[Picture]) -> Iterator[str]:
    """A note that names pairs which are as good as the same and yet in no group together."""
    if not parted:
        return
    pairs = [
        Noted.AND(one=_path(pictures[match.first]), other=_path(pictures[match.second])) for match in parted[:NAMED]
    ]
    if len(parted) > NAMED:
        pairs.append(Noted.MORE_PAIRS(count=len(parted) - NAMED))
    told = reduce(lambda said, pair: Noted.ALSO(first=said, second=pair), pairs)
    yield Noted.PARTED(share=Share(min(match.score for match in parted)), pairs=told)


def _path(picture: Picture) -> str:
    return Common.QUOTED(name=paths.display(picture.record.path))


def _few(names: Sequence[str]) -> tuple[Value, ...]:
    return few(paths.display(name) for name in names)


def with_contexts(groups: Iterable[Group], pictures: Sequence[Picture]) -> tuple[Group, ...]:
    """The groups, each with the words that its folder is named by, in the order of these."""
    named = [replace(group, context=naming.context_of(pictures[group.best.picture])) for group in groups]
    return tuple(sorted(named, key=lambda group: (paths.folded(group.context), group.best.picture)))


def _same_bytes(first: Picture, second: Picture) -> bool:
    return first.digest is not None and first.digest == second.digest and first.record.size == second.record.size


def _reason(member: Member, group: Group, pictures: Sequence[Picture]) -> str:
    if member is group.best:
        number = len(group.members)
        return Reason.BEST_SINCE(number=number, why=group.why_best) if group.why_best else Reason.BEST(number=number)
    best = paths.display(pictures[shot_of(member, group)].record.name)
    if member.sameness is Sameness.SERIES:
        return Reason.SHOT_OF_SERIES(best=best)
    if member.sameness is Sameness.WITHIN:
        return Reason.SHOWN_WITHIN(best=best)
    if member.sameness is Sameness.SIMILAR:
        sure = certainty_of(member.sameness, member.score)
        return Reason.SIMILAR(share=Share(member.score), best=best, sure=sure)
    return (Reason.SAME_FILE if member.sameness is Sameness.IDENTICAL_FILE else Reason.SAME_PIXELS)(best=best)


def _stamp(picture: Picture) -> Stamp:
    return Stamp(picture.record.size, picture.record.mtime_ns, picture.digest)
