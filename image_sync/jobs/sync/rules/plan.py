"""Plan of a sync: the operations in an order in which each of them can be done.

A folder that may be worked in from now on goes first.  What moves follows, so that its name is free; then folders are
made, files copied and updated; what was deleted goes after that, and the folders that it leaves empty, innermost first.
Permissions come last, those of the innermost folders before those around them.  Where one operation is only right after
another (a file takes the place of a folder), it follows it and is not done without it.  Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter, itemgetter

from image_sync.base import paths, permission_text
from image_sync.base.model import Action, Operation, Plan, Problem, Stamp
from image_sync.base.own_files import VERSIONS
from image_sync.jobs.sync.model import (
    CHANGED_SIDE,
    CHANGES,
    COPY_TO,
    DELETE_IN,
    PERMIT_IN,
    RENAME_IN,
    UPDATE,
    Decision,
    Entry,
    EntryKind,
    Kind,
    Side,
    Situation,
)
from image_sync.jobs.sync.request import NAME
from image_sync.jobs.sync.rules.names import conflict_name
from image_sync.jobs.sync.rules.permissions import is_closing, is_more_than_made, of_moved

_UPDATES = frozenset(UPDATE.values())
_CONTENTS = frozenset(COPY_TO.values()) | _UPDATES
"""Where the earlier files of a side are kept, below its root."""


Copies = dict[int, tuple[Decision, Operation]]
"""Plain copies and updates that were planned before, by the ``id`` of their decision."""


def make_plan(
    decisions: Sequence[Decision],
    situation: Situation,
    notes: Iterable[str] = (),
    problems: Iterable[Problem] = (),
    copies: Copies | None = None,
) -> Plan:
    """The operations that carry out ``decisions``; those that change nothing are passed over.

    ``copies`` is filled, and saves work when it is handed in again with other decisions of the same situation.
    """
    draft = _Draft(decisions, situation, {} if copies is None else copies)
    draft.opened_folders()
    draft.renames()
    draft.replacements()
    draft.both()
    draft.folders()
    draft.contents()
    draft.deletions()
    draft.permissions()
    roots = {side.value: situation.half(side).root for side in Side}
    return Plan(NAME, roots, tuple(draft.operations), tuple(notes), tuple(problems))


def replaces_folder(decision: Decision) -> Side | None:
    """The side on which a folder has to go for a file or a link to take its place."""
    if decision.kind not in _UPDATES:
        return None
    side = CHANGED_SIDE[decision.kind]
    loser, winner = decision.on(side), decision.on(side.other)
    return side if loser and winner and loser.kind is EntryKind.FOLDER else None


def is_replacement(decision: Decision) -> bool:
    """Whether one kind of thing takes the place of another."""
    source, target = decision.source, decision.target
    return decision.kind in _UPDATES and bool(source and target and source.kind is not target.kind)


class _Draft:
    """A plan in the making."""

    def __init__(self, decisions: Sequence[Decision], situation: Situation, copies: Copies) -> None:
        self.decisions: list[Decision] = []
        self.plain: list[Decision | Operation] = []
        self.situation, self.copies = situation, copies
        self.operations: list[Operation] = []
        self.names: set[str] = set()
        self.copied: dict[tuple[Side, str], int] = {}
        self.made: list[tuple[int, Side, str, Entry, str]] = []
        self._sort_out(sorted((one for one in decisions if one.kind in CHANGES), key=attrgetter("path")))

    def _sort_out(self, decisions: Iterable[Decision]) -> None:
        """``plain`` are the copies and updates of files, planned before or not; ``decisions`` all that are new."""
        for decision in decisions:
            known = self.copies.get(id(decision))
            if known is not None and known[0] is decision:
                self.plain.append(known[1])
                continue
            self.decisions.append(decision)
            if decision.kind in _CONTENTS and not decision.is_folder and not is_replacement(decision):
                self.plain.append(decision)

    # --- the parts of a plan, in order ---

    def renames(self) -> None:
        for decision in self.decisions:
            side = CHANGED_SIDE.get(decision.kind)
            if side and decision.kind is RENAME_IN[side]:
                self._rename(side, decision)

    def replacements(self) -> None:
        """A file in the place of a folder, or the other way round: what stood there is set aside first."""
        for decision in self.decisions:
            side = CHANGED_SIDE.get(decision.kind)
            if side and is_replacement(decision):
                self._replace_kind(side, decision)

    def both(self) -> None:
        for decision in self.decisions:
            if decision.kind is Kind.KEEP_BOTH:
                self._keep_both(decision)

    def folders(self) -> None:
        for decision in self.decisions:
            side = CHANGED_SIDE.get(decision.kind)
            if side and decision.is_folder and decision.kind is COPY_TO[side]:
                self._make_folder(side, decision.path, decision.why)

    def contents(self) -> None:
        for one in self.plain:
            if isinstance(one, Operation):
                self.operations.append(one)
                continue
            side = CHANGED_SIDE[one.kind]
            entry, old = one.on(side.other), one.on(side)
            assert entry is not None
            number = self._copy(side, one.path, entry, one.why, old)
            self.copies[id(one)] = one, self.operations[number]

    def deletions(self) -> None:
        gone = [decision for decision in self.decisions if decision.kind in DELETE_IN.values()]
        for decision in gone:
            if not decision.is_folder:
                side = CHANGED_SIDE[decision.kind]
                follows = self.copied.get((side, decision.moved_to)) if decision.moved_to else None
                self._set_aside(side, decision.path, decision.on(side), decision.why, follows)
        for decision in reversed(gone):
            if decision.is_folder:
                self._remove_folder(CHANGED_SIDE[decision.kind], decision.path, decision.why)

    def opened_folders(self) -> None:
        for decision in self._permitted():
            if decision.is_folder and not self._is_closed_by(decision):
                self._permit_as(decision)

    def permissions(self) -> None:
        permitted = list(self._permitted())
        for decision in permitted:
            if not decision.is_folder:
                self._permit_as(decision)
        closed = [decision for decision in permitted if decision.is_folder and self._is_closed_by(decision)]
        last = [(decision.path, decision) for decision in closed] + [(made[2], made) for made in self.made]
        for _, one in sorted(last, key=itemgetter(0), reverse=True):
            if isinstance(one, Decision):
                self._permit_as(one)
            else:
                number, side, path, entry, why = one
                self._permit(side, path, entry, None, why, number)

    def _permitted(self) -> Iterator[Decision]:
        for decision in self.decisions:
            side = CHANGED_SIDE.get(decision.kind)
            if side and decision.kind is PERMIT_IN[side]:
                yield decision

    @staticmethod
    def _is_closed_by(decision: Decision) -> bool:
        new = decision.on(CHANGED_SIDE[decision.kind].other)
        return new is not None and is_closing(new.permissions)

    # --- one decision ---

    def _rename(self, side: Side, decision: Decision) -> None:
        half, entry = self.situation.half(side), decision.on(side)
        before, after = decision.earlier, decision.path
        if before not in half.entries:
            before, after = after, before
        moved = self._move(side, before, after, entry, decision.why)
        changed = of_moved(decision, self.situation) if after == decision.path else None
        if changed is not None and decision.source and decision.target:
            new, old = decision.on(changed), decision.on(changed.other)
            assert new is not None
            self._permit(changed.other, after, new, old, decision.why, moved)

    def _replace_kind(self, side: Side, decision: Decision) -> None:
        new, old, path = decision.on(side.other), decision.on(side), decision.path
        assert new is not None and old is not None
        if old.kind is EntryKind.FOLDER:
            last = self._set_tree_aside(side, path, decision.why)
        else:
            last = self._set_aside(side, path, old, decision.why)
        if new.kind is EntryKind.FOLDER:
            self._copy_tree(side, path, decision.why, last)
        else:
            self._copy(side, path, new, decision.why, follows=last)

    def _keep_both(self, decision: Decision) -> None:
        if decision.earlier:
            self._both_names(decision)
            return
        side = self._renamed_side(decision)
        entry, other = decision.on(side), decision.on(side.other)
        assert entry is not None and other is not None
        name = conflict_name(decision.path, side, entry.mtime_ns, self._is_taken)
        self.names.add(paths.folded(name))
        moved = self._move(side, decision.path, name, entry, decision.why)
        self._copy(side.other, name, entry, decision.why, follows=moved)
        if other.kind is EntryKind.FOLDER:
            self._copy_tree(side, decision.path, decision.why, moved)
        else:
            self._copy(side, decision.path, other, decision.why, follows=moved)

    @staticmethod
    def _renamed_side(decision: Decision) -> Side:
        """The side whose version gets another name: the target's, unless that is a folder."""
        target = decision.target
        return Side.SOURCE if target and target.kind is EntryKind.FOLDER else Side.TARGET

    def _both_names(self, decision: Decision) -> None:
        """A moved file under both of its names on both sides."""
        for side in Side:
            entry = decision.on(side.other)
            there = decision.path if decision.path in self.situation.half(side.other).entries else decision.earlier
            assert entry is not None
            self._copy(side, there, entry, decision.why)

    def _is_taken(self, path: str) -> bool:
        if paths.folded(path) in self.names:
            return True
        return any(self.situation.half(side).look(path) is not None for side in Side)

    # --- whole folders ---

    def _set_tree_aside(self, side: Side, folder: str, why: str) -> int:
        """Set all aside that stands in a folder and remove it; the number of the last operation."""
        half = self.situation.half(side)
        below = list(half.below(folder))
        for path in below:
            if half.entries[path].kind is not EntryKind.FOLDER:
                self._set_aside(side, path, half.entries[path], why)
        for path in reversed(below):
            if half.entries[path].kind is EntryKind.FOLDER:
                self._remove_folder(side, path, why)
        return self._remove_folder(side, folder, why)

    def _copy_tree(self, side: Side, folder: str, why: str, follows: int) -> None:
        half = self.situation.half(side.other)
        made = self._make_folder(side, folder, why, follows)
        for path in half.below(folder):
            entry = half.entries[path]
            if entry.kind is EntryKind.FOLDER:
                self._make_folder(side, path, why, made)
            elif entry.kind in (EntryKind.FILE, EntryKind.LINK):
                self._copy(side, path, entry, why, follows=made)

    # --- operations ---

    def _add(self, operation: Operation) -> int:
        self.operations.append(operation)
        return len(self.operations) - 1

    def _place(self, side: Side, path: str) -> str:
        return paths.join(self.situation.half(side).root, path)

    def _versions(self, side: Side) -> str:
        return paths.join(self.situation.half(side).root, VERSIONS)

    def _copy(
        self, side: Side, path: str, entry: Entry, why: str, old: Entry | None = None, follows: int | None = None
    ) -> int:
        """Copy to ``side``, in the place of ``old`` where something stands there."""
        self.copied[side, path] = len(self.operations)
        return self._add(
            Operation(
                Action.UPDATE if old else Action.COPY,
                self._place(side.other, path),
                self._place(side, path),
                why,
                expected=_stamp(entry),
                replaces=_stamp(old) if old else None,
                follows=follows,
                versions=self._versions(side) if old else "",
                link=_is_link(entry),
            )
        )

    def _move(self, side: Side, before: str, after: str, entry: Entry | None, why: str) -> int:
        source, destination = self._place(side, before), self._place(side, after)
        return self._add(Operation(Action.MOVE, source, destination, why, _expected(entry), link=_is_link(entry)))

    def _set_aside(self, side: Side, path: str, entry: Entry | None, why: str, follows: int | None = None) -> int:
        return self._add(
            Operation(
                Action.SET_ASIDE,
                self._place(side, path),
                "",
                why,
                _expected(entry),
                follows=follows,
                versions=self._versions(side),
                link=_is_link(entry),
            )
        )

    def _make_folder(self, side: Side, path: str, why: str, follows: int | None = None) -> int:
        like = self._place(side.other, path)
        number = self._add(Operation(Action.MAKE_FOLDER, like, self._place(side, path), why, follows=follows))
        entry = self.situation.half(side.other).entries.get(path)
        if entry and entry.permissions and is_more_than_made(entry.permissions):
            self.made.append((number, side, path, entry, why))
        return number

    def _permit_as(self, decision: Decision) -> None:
        side = CHANGED_SIDE[decision.kind]
        new, old = decision.on(side.other), decision.on(side)
        assert new is not None and old is not None
        self._permit(side, decision.path, new, old, decision.why)

    def _permit(
        self, side: Side, path: str, new: Entry, old: Entry | None, why: str, follows: int | None = None
    ) -> int:
        """Give what stands at ``path`` on ``side`` the permissions of the other side; ``old`` is none for a folder that
        was only just made."""
        is_file = new.kind is EntryKind.FILE
        return self._add(
            Operation(
                Action.PERMIT,
                self._place(side.other, path),
                self._place(side, path),
                why,
                expected=_stamp(new) if is_file else None,
                replaces=_stamp(old) if is_file and old else None,
                follows=follows,
                argument=permission_text.argument(new.permissions, old.permissions if old else permission_text.ANY),
            )
        )

    def _remove_folder(self, side: Side, path: str, why: str) -> int:
        return self._add(Operation(Action.REMOVE_FOLDER, self._place(side, path), "", why))


def _is_link(entry: Entry | None) -> bool:
    return entry is not None and entry.kind is EntryKind.LINK


def _expected(entry: Entry | None) -> Stamp | None:
    return _stamp(entry) if entry else None


def _stamp(entry: Entry) -> Stamp:
    return Stamp(entry.size, entry.mtime_ns)
