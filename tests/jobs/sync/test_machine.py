"""Two people change two folders at random; syncs come and go, some of them killed.  Nothing may ever be lost.

After every sync, killed or not, Unison's invariant is checked: each path holds its old content or its new one, whole;
every content that was in one of the folders is in one of them or among the versions; and the memory says nothing that
is not so.  A sync that is let to its end leaves two folders that are the same, and the next one nothing to do.

``IMAGE_SYNC_MACHINE`` (``examples`` or ``examples,steps``) makes it a long run, ``IMAGE_SYNC_MACHINE_PLACE`` puts the
folders on another disk; statistics go to the file named by ``IMAGE_SYNC_MACHINE_LOG``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from image_sync.base.model import RunState
from image_sync.jobs.sync import disks
from image_sync.jobs.sync.model import Answer, Kind
from image_sync.jobs.sync.packed_stats import is_leaf
from image_sync.jobs.sync.request import Deletions
from image_sync.jobs.sync.stat_reader import look_at
from tests.apply import killing
from tests.jobs.sync.running import LONG_AGO, OWN, SECOND, Pair, Tree, contents, is_unfinished, memory_of, settle, tree

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here"),
]

EXAMPLES, _, STEPS = os.environ.get("IMAGE_SYNC_MACHINE", "12,16").partition(",")
PLACE = os.environ.get("IMAGE_SYNC_MACHINE_PLACE") or ("/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
"""Where the folders are: in memory where that can be, since nothing is learnt from waiting for a disk."""
MOMENTS = (*killing.CHANGES, "symlink", "lstat")
NAMES = ("a.jpg", "A.jpg", "b.jpg", "d", "\u00e9\n.jpg")
PATHS = (*NAMES, "d/a.jpg", "d/b.jpg", "d/e", "d/e/a.jpg", "f/a.jpg", "f/A.jpg")
LIMIT = 400
"""A moment beyond this is hardly ever reached by such small folders."""

TALLY: Counter[str] = Counter()

path_of = st.sampled_from(PATHS)
content_of = st.integers(0, 5).map(
    lambda number: b"" if number == 0 else b"content %d " % number * (1, 3, 20000)[number % 3]
)
age_of = st.integers(0, 3)
DEEDS = ("write",) * 4 + ("rename", "delete") * 2
DEEDS += ("write_silently", "touch", "link", "make_folder", "wait", "permit", "change_kind")


@dataclass(frozen=True)
class Deed:
    """One thing that somebody does in one of the folders."""

    name: str
    here: bool
    path: str
    other: str
    data: bytes
    age: int


deed_of = st.builds(Deed, st.sampled_from(DEEDS), st.booleans(), path_of, path_of, content_of, age_of)


class Folders(RuleBasedStateMachine):
    """The two folders, and what people and syncs do to them."""

    def __init__(self) -> None:
        super().__init__()
        self.base = Path(tempfile.mkdtemp(prefix="image-sync-machine-", dir=PLACE))
        self.around = contextlib.ExitStack()
        places = {f"XDG_{name}_HOME": os.fspath(self.base / "home") for name in ("STATE", "DATA", "CONFIG", "CACHE")}
        self.around.enter_context(patch.dict(os.environ, places))
        self.around.enter_context(patch.object(os, "fsync", lambda _: None))
        self.around.enter_context(patch.object(killing, "CHANGES", MOMENTS))
        self.pair = Pair(self.base / "one", self.base / "two")
        self.pair.source.mkdir()
        self.pair.target.mkdir()
        self.known: dict[str, bytes] = {}  # what both held alike when they last converged
        TALLY["examples"] += 1

    def teardown(self) -> None:
        self.around.close()
        shutil.rmtree(self.base, ignore_errors=True)

    # --- people ---

    def _root(self, here: bool) -> Path:
        TALLY["edits"] += 1
        return self.pair.source if here else self.pair.target

    def _clear(self, place: Path) -> None:
        """Take away what stands at ``place``, and what stands in its way."""
        root = self.base
        for above in reversed(place.relative_to(root).parents):
            way = root / above
            if way.is_symlink() or way.is_file():
                way.unlink()
        if place.is_symlink() or place.is_file():
            place.unlink()
        elif place.is_dir():
            shutil.rmtree(place)
        place.parent.mkdir(parents=True, exist_ok=True)

    @initialize(paths=st.lists(path_of, max_size=5, unique=True), data=content_of, alike=st.booleans())
    def begin(self, paths: list[str], data: bytes, alike: bool) -> None:
        for path in paths:
            self.write(True, path, Deed("write", True, path, "", data + path.encode(), 3))
        if alike:
            shutil.copytree(self.pair.source, self.pair.target, dirs_exist_ok=True)
            TALLY["begun alike"] += 1
            self.converge(Deletions.RESTORE, Answer.SOURCE)

    @rule(deeds=st.lists(deed_of, min_size=1, max_size=6))
    def edit(self, deeds: list[Deed]) -> None:
        """Somebody changes something, here and there."""
        for deed in deeds:
            getattr(self, deed.name)(deed.here, deed.path, deed)

    @rule(deed=deed_of, number=st.integers(0, 9), later=st.booleans())
    def edit_and_touch(self, deed: Deed, number: int, later: bool) -> None:
        """One of the two edits a file that both have alike; the other only touches it, before or after that."""
        if self.known:
            path = sorted(self.known)[number % len(self.known)]
            touched = Deed("touch", not deed.here, path, "", b"", 3 if later else 0)
            data = deed.data + b"edited" if deed.age else self.known[path][::-1]  # of another size, or of the same
            self.write(deed.here, path, Deed("write", deed.here, path, "", data, deed.age))
            self.touch(not deed.here, path, touched)

    def write(self, here: bool, path: str, deed: Deed) -> None:
        """Create a file or give it another content."""
        place = self._root(here) / path
        self._clear(place)
        place.write_bytes(deed.data)
        os.utime(place, ns=(LONG_AGO - deed.age * SECOND,) * 2)

    def write_silently(self, here: bool, path: str, deed: Deed) -> None:
        """Change a file's content and leave its size and time as they were."""
        place = self._root(here) / path
        if place.is_file() and not place.is_symlink():
            before, size = place.stat(), place.stat().st_size
            with open(place, "r+b") as stream:
                stream.write((deed.data * (size // max(1, len(deed.data)) + 1))[:size] or b"z" * size)
            os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))

    def touch(self, here: bool, path: str, deed: Deed) -> None:
        place = self._root(here) / path
        if place.is_file() and not place.is_symlink():
            os.utime(place, ns=(LONG_AGO + deed.age * SECOND,) * 2)

    def delete(self, here: bool, path: str, _: Deed) -> None:
        place = self._root(here) / path
        if os.path.lexists(place):
            self._clear(place)

    def rename(self, here: bool, path: str, deed: Deed) -> None:
        """Move a file or a folder, also into another case of its name."""
        root, new = self._root(here), deed.other
        place, goal = root / path, root / new
        inside = new.startswith(path + "/") or path.startswith(new + "/") or path == new
        if os.path.lexists(place) and not inside:
            self._clear(goal)
            if os.path.lexists(place):
                place.rename(goal)

    def change_kind(self, here: bool, path: str, deed: Deed) -> None:
        """Let a file become a folder with the file in it, and a folder a file: its first one, or an empty one."""
        place, aside = self._root(here) / path, self.base / "aside"
        if place.is_symlink() or not place.exists():
            return
        if place.is_file():
            place.rename(aside)
            place.mkdir()
            aside.rename(place / ("a.jpg", "b.jpg", "e", "f")[deed.age])
            return
        first = min((one for one in place.rglob("*") if one.is_file() and not one.is_symlink()), default=None)
        if first is not None:
            first.rename(aside)
            shutil.rmtree(place)
            aside.rename(place)

    def permit(self, here: bool, path: str, deed: Deed) -> None:
        """Change permissions: files and folders stay such that they can be worked with."""
        place = self._root(here) / path
        if place.exists() and not place.is_symlink():
            place.chmod((0o700, 0o750, 0o755, 0o711)[deed.age])

    def link(self, here: bool, path: str, deed: Deed) -> None:
        place = self._root(here) / path
        self._clear(place)
        place.symlink_to(("a.jpg", "nowhere", "..", "/etc")[deed.age])

    def make_folder(self, here: bool, path: str, _: Deed) -> None:
        place = self._root(here) / path
        if not place.is_dir() or place.is_symlink():
            self._clear(place)
            place.mkdir()

    def wait(self, _here: bool, _path: str, _: Deed) -> None:
        """Let the change times of what was written prove something."""
        settle()

    # --- syncs ---

    @rule(
        deletions=st.sampled_from(list(Deletions)),
        answer=st.sampled_from([None, *Answer]),
        moment=st.none() | st.integers(1, 60) | st.integers(1, LIMIT),
        permissions=st.booleans(),
    )
    def sync(self, deletions: Deletions, answer: Answer | None, moment: int | None, permissions: bool) -> None:
        """One sync, killed at some moment, or not."""
        chosen = self._chosen(deletions, answer, permissions)
        before, held, edits = self.pair.trees(), self._contents(), self._edits()
        self.known = {}
        ended = True
        TALLY["syncs"] += 1
        if moment is None:
            self._checked_run(chosen)
        else:
            ended = killing.run(lambda: self._checked_run(chosen), moment) is not None
        TALLY["killed"] += not ended
        self._check_whole(before, held)
        self._check_memory()
        if ended:
            self._check_edits(edits)
        if ended and answer in (Answer.SOURCE, Answer.TARGET, Answer.KEEP_BOTH):
            self.converge(deletions, answer)

    def _checked_run(self, chosen: dict[str, object]) -> None:
        ran = self.pair.sync(**chosen)
        assert ran.refused == "", ran.refused
        assert ran.result and ran.result.state is RunState.FINISHED
        assert ran.problems == (), ran.problems

    @staticmethod
    def _chosen(deletions: Deletions, answer: Answer | None, permissions: bool) -> dict[str, object]:
        resolution = answer.value if answer else ""
        return {"deletions": deletions, "resolution": resolution, "max_delete": 1.0, "permissions": permissions}

    @rule(
        deletions=st.sampled_from(list(Deletions)),
        answer=st.sampled_from(list(Answer)[:3]),
        permissions=st.booleans(),
    )
    def converge(self, deletions: Deletions, answer: Answer, permissions: bool = False) -> None:
        """One run brings both folders to the same, and the next has nothing to do."""
        chosen = self._chosen(deletions, answer, permissions)
        before, held, edits = self.pair.trees(), self._contents(), self._edits()
        self._checked_run(chosen)
        self._check_whole(before, held)
        self._check_edits(edits)
        first = self.pair.trees()
        assert _timeless(first[0]) == _timeless(first[1])
        if permissions and answer is not Answer.KEEP_BOTH:
            self._checked_run(chosen)  # what was renamed and permitted on both sides is asked about only now
            assert self._permissions(self.pair.source) == self._permissions(self.pair.target)
            TALLY["permissions converged"] += 1
        again = self.pair.sync(**chosen)
        waiting = {Kind.SKIP} if permissions and answer is Answer.KEEP_BOTH else set()
        assert set(again.kinds.values()) <= waiting, again.kinds
        assert again.done == 0
        assert self.pair.trees() == first
        self._check_memory()
        self.known = _files(first[0])
        TALLY["convergences"] += 1

    # --- what must hold ---

    @staticmethod
    def _permissions(root: Path) -> dict[str, int]:
        places = (place for place in root.rglob("*") if not place.is_symlink())
        return {
            os.fspath(place.relative_to(root)): stat.S_IMODE(place.stat().st_mode)
            for place in places
            if place.relative_to(root).parts[0] != OWN
        }

    def _edits(self) -> dict[str, bytes]:
        """What one of the two gave a file that the other left as it was, touched or not; it is the one that must win.

        An empty file is no such edit: it may be all that a crash left.
        """
        here, there = map(_files, self.pair.trees())
        found = {}
        for path in self.known.keys() & here.keys() & there.keys():
            then, one, two = self.known[path], here[path], there[path]
            if (one == then) is not (two == then) and (one and two):
                found[path] = one if two == then else two
        return found

    def _check_edits(self, edits: dict[str, bytes]) -> None:
        for side, tree_of_side in enumerate(self.pair.trees()):
            held = _files(tree_of_side)
            for path, data in edits.items():
                TALLY["edits that must win"] += 1
                assert held.get(path) == data, f"the edit of {path} gave way on side {side}: {held.get(path)!r:.60}"

    def _contents(self) -> set[bytes]:
        found = contents(self.pair.source, self.pair.target)
        TALLY["bytes checked"] += sum(map(len, found))
        return found

    def _check_whole(self, before: tuple[Tree, Tree], held: set[bytes]) -> None:
        lost = held - self._contents()
        assert not lost, f"lost: {[(data[:30], len(data)) for data in lost]}"
        for side, root in enumerate((self.pair.source, self.pair.target)):
            for path, (kind, data, _) in tree(root).items():
                if kind == "folder" or is_unfinished(path):
                    continue
                TALLY["paths checked"] += 1
                old = [trees[path][:2] for trees in before if path in trees]
                if (kind, data) not in old:  # it was moved here, or is one of two that were kept
                    everything = {entry[:2] for trees in before for entry in trees.values()}
                    assert (kind, data) in everything, f"{path} on side {side} is torn: {data!r:.60}"

    def _check_memory(self) -> None:
        """A path that looks as it is remembered on both sides holds the same on both."""
        memory = memory_of(self.pair.source, self.pair.target)
        roots = [os.fsencode(self.pair.source), os.fsencode(self.pair.target)]
        lasting = [disks.disk_of(os.fsdecode(root)).lasting for root in roots]
        for path, *remembered in memory.rows():
            looks = [look_at(os.path.join(root, path), last) for root, last in zip(roots, lasting, strict=True)]
            if looks != remembered:
                continue
            TALLY["memories checked"] += 1
            if is_leaf(remembered[0]):
                places = [os.path.join(root, path) for root in roots]
                assert _held(places[0]) == _held(places[1]), f"the memory is wrong about {path!r}"
        memory.close()


def _timeless(found: Tree) -> dict[str, tuple[str, object]]:
    """A tree without times: a file that only another time tells apart is the same."""
    return {path: entry[:2] for path, entry in found.items()}


def _files(found: Tree) -> dict[str, bytes]:
    """The contents of the files in a tree."""
    return {path: data for path, (kind, data, _) in found.items() if kind == "file" and isinstance(data, bytes)}


def _held(place: bytes) -> tuple[str, bytes]:
    if os.path.islink(place):
        return "link", os.readlink(place)
    with open(place, "rb") as stream:
        return "file", stream.read()


def test_two_people_and_a_killer() -> None:
    chosen = settings(
        max_examples=int(EXAMPLES),
        stateful_step_count=int(STEPS or 14),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    from hypothesis.stateful import run_state_machine_as_test

    try:
        run_state_machine_as_test(Folders, settings=chosen)
    finally:
        if place := os.environ.get("IMAGE_SYNC_MACHINE_LOG"):
            Path(place).write_text(json.dumps(TALLY, indent=1))
    assert TALLY["syncs"] and TALLY["paths checked"]
