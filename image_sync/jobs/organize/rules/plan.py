"""The rules of *organize*: from pictures and their groups to a Plan.

Pure: what stands in the output already is told as values; nothing here looks at a disk.  Which pictures are the same is
decided before (``matching``), how an operation is carried out comes after (``apply``).
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from image_sync.base import naming, paths, words
from image_sync.base.model import Action, Group, Member, Operation, Picture, PictureFate, Plan, Problem, Sameness, Stamp
from image_sync.base.own_files import OWN_FOLDER, VERSIONS
from image_sync.jobs.organize.request import NAME, Handling, OrganizeRequest
from image_sync.jobs.transfer import Transfer

SIMILAR_PREFIX = "similar_"
UNIQUE_FOLDER = "unique_images"
DUPLICATES_FOLDER = "duplicates"

NAMED = 3
"""Files that a note names."""
_LINKED = (None, PictureFate.SET_ASIDE)
"""The fates with which an exact copy becomes a link."""
_ACTIONS = {Transfer.MOVE: Action.MOVE, Transfer.COPY: Action.COPY, Transfer.LINK: Action.LINK}


@dataclass(frozen=True, slots=True)
class Standing:
    """Names and files that stand in the output before the run.

    ``folders`` are the folded names of what stands directly in it, ``files`` the stamps of the files that a name could
    meet, by folded path below the output.  ``attributes`` are what a file has beside its content that all names of one
    file share (owner, permissions, extended attributes), by path, of those that may become links.
    """

    folders: frozenset[str] = frozenset()
    files: Mapping[str, Stamp] = None  # type: ignore[assignment]
    attributes: Mapping[str, Hashable] = None  # type: ignore[assignment]

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
    roots = {"folder 1": request.folder1, "folder 2": request.folder2, "output": request.output}
    return Plan(NAME, roots, tuple(draft.operations), (*notes, *draft.notes()), tuple(problems))


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
        self.already = 0
        self.elsewhere = 0
        self.unlike: list[str] = []

    # --- the three ways ---

    def gather(self, groups: Sequence[Group]) -> None:
        for index, group in enumerate(groups):
            by_fate = _by_fate(group, Handling.GATHER)
            gathered = [one for one in by_fate[PictureFate.KEEP] if not self.pictures[one.picture].reference]
            if gathered:
                self._gather_group(index, group, gathered)
            self._set_aside(index, group, by_fate[PictureFate.SET_ASIDE])

    def _gather_group(self, index: int, group: Group, members: Sequence[Member]) -> None:
        base = SIMILAR_PREFIX + group.context
        if self.action is not Action.MOVE and self._stands(base, members):
            self.already += len(members)
            return
        folder = naming.free_folder(base, self.folders)
        self.folders.add(paths.folded(folder))
        for member in members:
            self._place(self.pictures[member.picture], folder, _reason(member, group, self.pictures), group=index)

    def gather_rest(self, groups: Sequence[Group]) -> None:
        grouped = {member.picture for group in groups for member in group.members}
        for index, picture in enumerate(self.pictures):
            if index not in grouped and not picture.reference:
                self._place(picture, UNIQUE_FOLDER, "no match")

    def keep_best(self, groups: Sequence[Group]) -> None:
        for index, group in enumerate(groups):
            self._set_aside(index, group, _by_fate(group, Handling.KEEP_BEST)[PictureFate.SET_ASIDE])

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
            own = _kept_for(member, group)
            if not exact and member.sameness is Sameness.IDENTICAL_FILE and own not in aside:
                exact = self.pictures[own]
            leading = len(self.operations)
            self._place(picture, folder, _reason(member, group, self.pictures), group=index)
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
                f"identical to {paths.display(first.record.path)}",
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
                    reason if first else f"belongs to {paths.display(picture.record.name)}",
                    expected=_stamp(picture) if first else record.stamp,
                    group=group,
                    follows=None if first else leading,
                )
            )
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
            if not any(self.standing.files.get(key) == record.stamp for key in keys):
                return False
        return True

    def notes(self) -> Iterator[str]:
        if self.already:
            yield f"{words.count(self.already, 'picture')} from an earlier run: already in the output, left as is."
        if self.elsewhere:
            yield f"{words.count(self.elsewhere, 'exact copy', 'exact copies')} on another disk: can't be a hard link."
        if self.unlike:
            names = words.listing([f"“{paths.display(name)}”" for name in self.unlike[:NAMED]])
            more = f" and {len(self.unlike) - NAMED:,} more" if len(self.unlike) > NAMED else ""
            yield f"Left as they are (other owner, permissions or attributes than the best): {names}{more}."
        if any(operation.action is Action.REPLACE_WITH_LINK for operation in self.operations):
            yield f"What a link replaces is kept in {OWN_FOLDER} of its folder, so that the run can be undone."


def with_contexts(groups: Iterable[Group], pictures: Sequence[Picture]) -> tuple[Group, ...]:
    """The groups, each with the words that its folder is named by, in the order of these."""
    named = [replace(group, context=naming.context_of(pictures[group.best.picture])) for group in groups]
    return tuple(sorted(named, key=lambda group: (paths.folded(group.context), group.best.picture)))


def fates_of(group: Group, handling: Handling) -> tuple[PictureFate, ...]:
    """The fate of each member: as it was decided, else as the handling has it.

    One is always kept: where nothing was to be, it is the best.  A group that is left alone altogether stays so.
    """
    usual = PictureFate.KEEP if handling is Handling.GATHER else PictureFate.SET_ASIDE
    stay = (group.best, *(member for member in group.members if not member.sameness.is_copy))
    fates = [member.fate or (PictureFate.KEEP if member in stay else usual) for member in group.members]
    if PictureFate.KEEP not in fates and PictureFate.SET_ASIDE in fates:
        fates[0] = PictureFate.KEEP
    return tuple(fates)


def _by_fate(group: Group, handling: Handling) -> dict[PictureFate, list[Member]]:
    fates = fates_of(group, handling)
    return {fate: [one for one, own in zip(group.members, fates, strict=True) if own is fate] for fate in PictureFate}


def _same_bytes(first: Picture, second: Picture) -> bool:
    return first.digest is not None and first.digest == second.digest and first.record.size == second.record.size


def _reason(member: Member, group: Group, pictures: Sequence[Picture]) -> str:
    if member is group.best:
        return f"best of {len(group.members)}: {group.why_best}" if group.why_best else f"best of {len(group.members)}"
    best = paths.display(pictures[_kept_for(member, group)].record.name)
    if member.sameness is Sameness.SERIES:
        return f"another shot of the series with {best}"
    if member.sameness is Sameness.WITHIN:
        return f"shows {best} within it, and more: no copy of it"
    if member.sameness is Sameness.SIMILAR:
        return f"{member.score:.0%} similar to {best}"
    return f"{member.sameness.value} as {best}"


def _kept_for(member: Member, group: Group) -> int:
    """The picture that a member is a copy of, which stays."""
    return group.best.picture if member.copy_of is None else member.copy_of


def _stamp(picture: Picture) -> Stamp:
    return Stamp(picture.record.size, picture.record.mtime_ns, picture.digest)
