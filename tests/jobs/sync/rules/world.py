"""Two trees as values, and an executor that carries out a Plan on them: what the rules would do, without a disk.

It is as strict as the real one: an operation on something that is not as planned, onto something that stands, into a
folder that isn't there or out of order raises.  What is replaced or set aside is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from image_sync.base import paths, permission_text
from image_sync.base.model import Action, Operation, Plan, Stamp
from image_sync.jobs.sync.model import FOLDER, Agreed, Entry, EntryKind, Half, Side, Situation

ROOTS = {Side.SOURCE: "/one", Side.TARGET: "/two"}
Tree = dict[str, Entry]


@dataclass
class World:
    """Both trees, what they agreed on, and the contents that were kept."""

    trees: dict[Side, Tree] = field(default_factory=lambda: {side: {} for side in Side})
    agreed: dict[str, Agreed] = field(default_factory=dict)
    kept: list[Entry] = field(default_factory=list)
    ticks: int = 10
    folder: Entry = FOLDER
    """A new folder: with permissions where those are carried."""
    made: set[tuple[int, str]] = field(default_factory=set)

    def situation(self, **more: Mapping[str, object]) -> Situation:
        """What a scan would find."""
        sides = [Half(ROOTS[side], dict(self.trees[side]), **more.get(side.value, {})) for side in Side]  # type: ignore[arg-type]
        return Situation(sides[0], sides[1], dict(self.agreed))

    def put(self, side: Side, path: str, entry: Entry | None) -> None:
        """Let something stand at ``path``, with the folders on the way; or nothing, with nothing below it."""
        tree = self.trees[side]
        for known in [known for known in tree if known == path or known.startswith(path + paths.SEPARATOR)]:
            del tree[known]
        if entry:
            above = paths.parent(path)
            while above:
                if tree.get(above, FOLDER).kind is not EntryKind.FOLDER:
                    del tree[above]
                tree.setdefault(above, self.folder)
                above = paths.parent(above)
            if not entry.permissions and entry.kind is not EntryKind.LINK:
                entry = replace(entry, permissions=self.folder.permissions)
            tree[path] = entry if entry.kind is EntryKind.FOLDER else replace(entry, ctime_ns=self.tick())

    def permit(self, permissions: str) -> None:
        """Let all that is put here have permissions from now on."""
        self.folder = replace(FOLDER, permissions=permissions)

    def tick(self) -> int:
        """Another change time."""
        self.ticks += 1
        return self.ticks

    def contents(self) -> set[tuple[EntryKind, str]]:
        """All contents there are, in a tree or kept."""
        everything = [*self.kept, *self.trees[Side.SOURCE].values(), *self.trees[Side.TARGET].values()]
        return {(entry.kind, entry.content) for entry in everything if entry.kind is not EntryKind.FOLDER}

    def agree(self, only: Iterable[str] | None = None) -> None:
        """Remember what both sides hold alike, and forget what neither has."""
        source, target = self.trees[Side.SOURCE], self.trees[Side.TARGET]
        for path in source.keys() | target.keys() | self.agreed.keys() if only is None else only:
            here, there = source.get(path), target.get(path)
            if here and there and (here.kind, here.size, here.content) == (there.kind, there.size, there.content):
                known = self.agreed.get(path)
                same = here.permissions == there.permissions
                permissions = here.permissions if same else known.permissions if known else ""
                self.agreed[path] = Agreed(here, there, permissions)
            elif here is None and there is None:
                self.agreed.pop(path, None)

    # --- carrying out ---

    def carry_out(self, plan: Plan, fails: frozenset[int] = frozenset()) -> None:
        """Do the operations in order, but for those in ``fails`` and what follows them."""
        done: set[int] = set()
        self.made.clear()
        for number, operation in enumerate(plan.operations):
            if number in fails or (operation.follows is not None and operation.follows not in done):
                continue
            try:
                self._do(operation)
            except _Blocked:
                assert fails, f"{operation} could not be done"
                continue
            done.add(number)

    def _do(self, operation: Operation) -> None:
        {
            Action.MOVE: self._move,
            Action.COPY: self._copy,
            Action.UPDATE: self._update,
            Action.SET_ASIDE: self._set_aside,
            Action.MAKE_FOLDER: self._make,
            Action.REMOVE_FOLDER: self._remove,
            Action.PERMIT: self._permit,
        }[operation.action](operation)

    def _place(self, path: str) -> tuple[Tree, str]:
        side = next(side for side in Side if paths.is_inside(path, ROOTS[side]))
        return self.trees[side], path[len(ROOTS[side]) + 1 :]

    def _leaf(self, path: str, stamp: Stamp | None) -> Entry:
        tree, below = self._place(path)
        entry = tree.get(below)
        if entry is None or entry.kind not in (EntryKind.FILE, EntryKind.LINK):
            raise _Blocked
        assert stamp == Stamp(entry.size, entry.mtime_ns)
        return entry

    def _free(self, path: str) -> tuple[Tree, str]:
        tree, below = self._place(path)
        if below in tree:
            raise _Blocked
        self._way(tree, below)
        return tree, below

    def _way(self, tree: Tree, below: str) -> None:
        above = paths.parent(below)
        while above:
            if above not in tree:
                self.made.add((id(tree), above))
            if tree.setdefault(above, self.folder).kind is not EntryKind.FOLDER:
                raise _Blocked
            above = paths.parent(above)

    def _born(self, entry: Entry) -> Entry:
        self.ticks += 1
        return replace(entry, ctime_ns=self.ticks, inode=self.ticks)

    def _move(self, operation: Operation) -> None:
        entry = self._leaf(operation.source, operation.expected)
        tree, below = self._free(operation.destination)
        old, before = self._place(operation.source)
        del old[before]
        tree[below] = self._born(entry)

    def _copy(self, operation: Operation) -> None:
        entry = self._leaf(operation.source, operation.expected)
        tree, below = self._free(operation.destination)
        tree[below] = self._born(entry)

    def _update(self, operation: Operation) -> None:
        entry = self._leaf(operation.source, operation.expected)
        self.kept.append(self._leaf(operation.destination, operation.replaces))
        assert operation.versions.endswith(".image-sync/versions")
        tree, below = self._place(operation.destination)
        tree[below] = self._born(entry)

    def _set_aside(self, operation: Operation) -> None:
        self.kept.append(self._leaf(operation.source, operation.expected))
        assert operation.versions.endswith(".image-sync/versions")
        tree, below = self._place(operation.source)
        del tree[below]

    def _make(self, operation: Operation) -> None:
        tree, below = self._place(operation.destination)
        self._way(tree, below)
        other, path = self._place(operation.source)
        bits = permission_text.bits_of(other[path].permissions) | 0o700 if other[path].permissions else None
        made = FOLDER if bits is None else replace(FOLDER, permissions=permission_text.text(bits, None))
        if (id(tree), below) in self.made:  # for what was moved into it before
            tree[below] = made
        if tree.setdefault(below, made).kind is not EntryKind.FOLDER:
            raise _Blocked

    def _permit(self, operation: Operation) -> None:
        wanted, planned_on = permission_text.parts(operation.argument)
        (tree, below), (other, path) = self._place(operation.destination), self._place(operation.source)
        if below not in tree or path not in other:
            raise _Blocked
        now = tree[below]
        assert now.kind is other[path].kind and other[path].permissions == wanted
        assert planned_on in (now.permissions, permission_text.ANY)
        if now.kind is EntryKind.FILE:
            assert operation.expected and operation.replaces == Stamp(now.size, now.mtime_ns)
            self.ticks += 1
            now = replace(now, ctime_ns=self.ticks)
        tree[below] = replace(now, permissions=wanted)

    def _remove(self, operation: Operation) -> None:
        tree, below = self._place(operation.source)
        full = any(path.startswith(below + paths.SEPARATOR) for path in tree)
        if full or below not in tree or tree[below].kind is not EntryKind.FOLDER:
            raise _Blocked
        del tree[below]


class _Blocked(Exception):
    """The real executor would name a problem here."""
