"""Power cuts: what was done and not flushed is taken back from the disk, as file systems may, and the run goes on.

Two kinds of file system are played.  An *ordered* one (ext4, XFS, APFS, NTFS) loses the newest changes of names from
some moment on; any flush makes all before it safe.  A *reordering* one may lose any change of a name whose folder was
not flushed since, in any order, as long as no later change of the same name is left.  Both lose what was written to a
file and not flushed: all of it, the end of it, or its bytes (then zeros are there and the size is right).

Changes are taken back on the real files, so that they keep the inodes that the journal speaks of: what is removed or
replaced gets a second name in a morgue first.
"""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.calls import Call, end, killed_at
from benchmarks.faults.children import attacked
from benchmarks.faults.score import Score, sample, settle
from benchmarks.faults.trees import difference, harm
from benchmarks.faults.worlds import RUN, World
from image_sync.apply import journal
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.base.model import RunState

MODES = ("run", "undo", "resume")
NEVER = -1
LATER = "an ended undo lost its last renames, reordering"
"""What is not promised: where a file system keeps no order of renames, the end of an undo may be on the disk before its
last renames are.  Then their files stand where the run had put them."""
Identity = tuple[int, int]
Deed = Callable[[Call, Callable[[], Any]], Any]


@dataclass
class Change:
    """One change of a name or of what is known of a file: what it touches, and the way back."""

    device: int
    touches: frozenset[str]
    folders: frozenset[str]
    back: Callable[[], None]
    safe: bool = False


class Plain:
    """The calls of ``os`` as they are before they are watched."""

    def __init__(self) -> None:
        self.rename, self.link, self.unlink = os.rename, os.link, os.unlink
        self.mkdir, self.rmdir = os.mkdir, os.rmdir
        self.utime, self.chmod, self.truncate = os.utime, os.chmod, os.truncate


class Recorder:
    """A watch that remembers how to take back what is not flushed, and does so at ``moment``.

    ``roots`` are the folders that may be changed; beside each is room for a morgue.
    """

    def __init__(self, roots: tuple[Path, ...], moment: int, choice: random.Random, ordered: bool) -> None:
        self._roots, self._moment, self._choice, self._ordered = roots, moment, choice, ordered
        self._changes: list[Change] = []
        self._flushed: dict[Identity, int] = {}
        self._buried = 0
        self._plain = Plain()

    def __call__(self, call: Call, do: Callable[[], Any]) -> Any:
        if call.number == self._moment:
            self.cut()
        deed: Deed | None = getattr(self, "on_" + call.name.replace(" ", "_"), None)
        return deed(call, do) if deed else do()

    def cut(self) -> None:
        """The power goes: take back what was not flushed, and end."""
        for change in reversed(self._lost()):
            change.back()
        self._tear()
        end()

    # --- what is lost ---

    def _lost(self) -> list[Change]:
        unsafe = [change for change in self._changes if not change.safe]
        if self._ordered:
            kept = {one: self._choice.randrange(len(unsafe) + 1) for one in sorted({one.device for one in unsafe})}
            chosen = {number for number, change in enumerate(unsafe) if number >= kept[change.device]}
        else:
            share = self._choice.choice((0.2, 0.5, 0.9, 1.0))
            chosen = {number for number in range(len(unsafe)) if self._choice.random() < share}
        lost: list[Change] = []
        touched: set[str] = set()
        for number, change in enumerate(unsafe):
            if number in chosen or _hangs(change.touches, touched):
                lost.append(change)
                touched |= change.touches
        return lost

    def _tear(self) -> None:
        for path, status in self._files():
            size = self._flushed.get((status.st_dev, status.st_ino), status.st_size)
            if stat.S_ISREG(status.st_mode) and size < status.st_size:
                self._tear_one(path, status, size)

    def _tear_one(self, path: str, status: os.stat_result, size: int) -> None:
        how = self._choice.choice(("whole", "lost", "cut", "zeros"))
        if how == "zeros":
            self._plain.truncate(path, size)
            self._plain.truncate(path, status.st_size)
        elif how != "whole":
            self._plain.truncate(path, size if how == "lost" else self._choice.randrange(size, status.st_size))
        self._plain.utime(path, ns=(status.st_mtime_ns, status.st_mtime_ns))
        self._flushed[status.st_dev, status.st_ino] = status.st_size

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        for root in self._roots:
            for folder, folders, names in os.walk(root):
                for name in [*names, *folders]:
                    path = os.path.join(folder, name)
                    yield path, os.lstat(path)

    # --- calls ---

    def _note(self, paths: tuple[str, ...], back: Callable[[], None]) -> None:
        folders = frozenset(os.path.dirname(path) for path in paths)
        device = os.lstat(os.path.dirname(paths[0])).st_dev
        self._changes.append(Change(device, frozenset(paths), folders, back))

    def _grave(self, path: str) -> str:
        """A free place in the morgue of the disk that ``path`` is on."""
        device = os.lstat(os.path.dirname(path)).st_dev
        morgue = next(root.parent / "morgue" for root in self._roots if root.parent.lstat().st_dev == device)
        if not morgue.is_dir():
            self._plain.mkdir(morgue)
        self._buried += 1
        return os.fspath(morgue / str(self._buried))

    def _buried_copy(self, path: str) -> str:
        """Another name for the file at ``path``, so that its inode stays; empty when nothing stands there."""
        if not os.path.lexists(path):
            return ""
        grave = self._grave(path)
        self._plain.link(path, grave, follow_symlinks=False)
        return grave

    def on_fsync(self, call: Call, do: Callable[[], Any]) -> None:  # noqa: ARG002 - nothing has to reach a real disk
        handle = call.given[0]
        status, path = os.fstat(handle), os.readlink(f"/proc/self/fd/{handle}")
        folder = stat.S_ISDIR(status.st_mode)
        if not folder:
            self._flushed[status.st_dev, status.st_ino] = status.st_size
        kept: set[str] = set()
        for change in reversed(self._changes):  # what is safe keeps what it hangs on
            own = (folder and path in change.folders) or _inode(status) in change.touches
            whole = self._ordered and change.device == status.st_dev
            change.safe = change.safe or own or whole or _hangs(change.touches, kept)
            if change.safe:
                kept |= change.touches

    def on_open(self, call: Call, do: Callable[[], Any]) -> Any:
        path = _full(call.given[0], call.named.get("dir_fd"))
        new = not os.path.lexists(path)
        handle = do()
        status = os.fstat(handle)
        if stat.S_ISREG(status.st_mode):
            self._flushed.setdefault((status.st_dev, status.st_ino), status.st_size)
            if new:
                self._note((path,), lambda: self._plain.unlink(path))
        return handle

    def on_link(self, call: Call, do: Callable[[], Any]) -> None:
        path = _full(call.given[1], call.named.get("dst_dir_fd"))
        do()
        self._note((path,), lambda: self._plain.unlink(path))

    def on_symlink(self, call: Call, do: Callable[[], Any]) -> None:
        path = _full(call.given[1], call.named.get("dir_fd"))
        do()
        self._note((path,), lambda: self._plain.unlink(path))

    def on_unlink(self, call: Call, do: Callable[[], Any]) -> None:
        path = _full(call.given[0], call.named.get("dir_fd"))
        grave = self._buried_copy(path)
        do()
        self._note((path,), lambda: self._plain.rename(grave, path))

    def on_rename(self, call: Call, do: Callable[[], Any]) -> None:
        old = _full(call.given[0], call.named.get("src_dir_fd"))
        new = _full(call.given[1], call.named.get("dst_dir_fd"))
        if os.path.lexists(new) and os.path.lexists(old) and os.path.samestat(os.lstat(old), os.lstat(new)):
            do()
            return
        grave = self._buried_copy(new)
        do()
        self._renamed(old, new, grave)

    on_replace = on_rename

    def on_exclusive_rename(self, call: Call, do: Callable[[], Any]) -> Any:
        here, old, there, new = call.given
        code = do()
        if code == 0:
            self._renamed(_full(os.fsdecode(old), here), _full(os.fsdecode(new), there), "")
        return code

    def _renamed(self, old: str, new: str, grave: str) -> None:
        def back() -> None:
            self._plain.rename(new, old)
            if grave:
                self._plain.rename(grave, new)

        self._note((new, old), back)

    def on_mkdir(self, call: Call, do: Callable[[], Any]) -> None:
        path = _full(call.given[0], call.named.get("dir_fd"))
        do()
        self._note((path,), lambda: self._plain.rmdir(path))

    def on_rmdir(self, call: Call, do: Callable[[], Any]) -> None:
        path = _full(call.given[0], call.named.get("dir_fd"))
        if not os.path.isdir(path) or os.listdir(path):
            do()  # which fails
            return
        grave = self._grave(path)
        self._plain.rename(path, grave)
        self._note((path,), lambda: self._plain.rename(grave, path))

    def on_utime(self, call: Call, do: Callable[[], Any]) -> None:
        self._dressed(call, do)

    def on_chmod(self, call: Call, do: Callable[[], Any]) -> None:
        self._dressed(call, do)

    def _dressed(self, call: Call, do: Callable[[], Any]) -> None:
        """Time or mode of a file changes: the file is found again by its inode, whatever its name is by then."""
        named = {name: call.named[name] for name in ("dir_fd", "follow_symlinks") if name in call.named}
        old = os.stat(call.given[0], **named)
        do()

        def back() -> None:
            for path, status in self._files():
                if os.path.samestat(status, old) and not stat.S_ISLNK(status.st_mode):
                    self._plain.chmod(path, stat.S_IMODE(old.st_mode))
                    self._plain.utime(path, ns=(old.st_mtime_ns, old.st_mtime_ns))
                    return

        self._changes.append(Change(old.st_dev, frozenset({_inode(old)}), frozenset(), back))


def _inode(status: os.stat_result) -> str:
    return f"inode {status.st_dev} {status.st_ino}"


def _full(name: str | os.PathLike[str], folder: int | None) -> str:
    name = os.fsdecode(name)
    return os.path.join(os.readlink(f"/proc/self/fd/{folder}"), name) if folder is not None else os.path.abspath(name)


def _hangs(touches: frozenset[str], others: set[str]) -> bool:
    """Whether changes of these names can't be told apart in time: the same name, or one below the other."""
    return not touches.isdisjoint(others) or any(
        one.startswith(other + os.sep) or other.startswith(one + os.sep) for one in touches for other in others
    )


class PowerCuts:
    """The attack on one world; every state begins with fresh trees."""

    def __init__(self, world: World, score: Score, seed: int) -> None:
        self._world, self._score = world, score
        self._choice = random.Random(f"{seed} {world.name} power")

    def attack(self, mode: str, states: int) -> None:
        """Cut the power at moments of ``mode``, until ``states`` states of the disk were tried."""
        count = self._cut(mode, NEVER, 0, ordered=True)
        for turn, moment in enumerate(sample(count + 1, states, self._choice)):
            ordered = turn % 2 == 0
            kind = "ordered" if ordered else "reordering"
            self._score.count(f"power cut: {mode}, {kind} file system")
            where = f"{self._world.name}, power cut in {mode}, moment {moment}, {kind}"
            self._cut(mode, moment, turn, ordered)
            self._score.check(where, harm(self._world.before, self._world.after, self._world.now()))
            if ordered or not self._is_undone():
                resuming = turn % 3 == 0 and mode != "undo"
                settle(self._world, where, self._score, resuming=resuming, strict=False, unclear=not ordered)
            else:  # its last renames were flushed in one folder of each disk only
                same = not difference(self._world.before, self._world.now(), folder_times=False, litter=True)
                self._score.notes["an ended undo is whole on a reordering file system" if same else LATER] += 1

    @staticmethod
    def _is_undone() -> bool:
        return any(run.state is RunState.UNDONE for run in journal.history())

    def _cut(self, mode: str, moment: int, turn: int, ordered: bool) -> int:
        """Cut the power at ``moment``, or behind the end; returns how many moments there were, if it came to that."""
        self._world.fresh()
        deeds: dict[str, Callable[[], object]] = {
            "run": lambda: execute(self._world.plan, run=RUN),
            "undo": lambda: undo(RUN),
            "resume": lambda: resume(RUN),
        }
        if mode == "undo":
            deeds["run"]()
        elif mode == "resume":
            attacked(deeds["run"], killed_at(60, half=False))
        roots = (*self._world.roots, self._world.state)
        recorder = Recorder(roots, moment, random.Random(f"{self._world.name} {mode} {moment} {turn}"), ordered)
        ended = attacked(deeds[mode], recorder, after=None if moment == NEVER else recorder.cut)
        if ended.fault or ended.refused:
            self._score.fault(f"{self._world.name}, power cut in {mode}, moment {moment}", ended.fault or ended.refused)
        return ended.calls
