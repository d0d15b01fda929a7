"""Three folders synced two at a time, and disks by turns: no old content ever wins over an edit of it.

Everybody edits what they have; each edit is remembered as made on top of what stood there.  However the syncs come, at
the end all hold the same, nothing is lost, and what stands under a name is something that nobody has edited since.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.jobs.sync.running import LONG_AGO, SECOND, Pair, contents, settle, tree

EXAMPLES = int(os.environ.get("IMAGE_SYNC_EXAMPLES", "15"))
PATHS = ("a.txt", "b.txt", "d/a.txt", "d/e/a.txt")
Step = tuple[str, int, int, str]


@dataclass
class Family:
    """Some folders, and of each content by what it was made; ``roots`` are where they are now."""

    roots: list[Path]
    made_of: dict[bytes, bytes | None] = field(default_factory=dict)
    clock: Iterator[int] = field(default_factory=itertools.count)

    def edit(self, which: int, path: str) -> None:
        """Somebody writes a new content, at a time later than all before."""
        place, now = self.roots[which] / path, next(self.clock)
        before = place.read_bytes() if place.is_file() else None
        data = f"{path}, edit {now}".encode()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        os.utime(place, ns=(LONG_AGO + now * SECOND,) * 2)
        self.made_of[data] = before

    def sync(self, one: int, other: int) -> None:
        settle()
        held = self.held()
        ran = Pair(self.roots[one], self.roots[other]).sync(max_delete=1.0)
        assert ran.refused == "" and ran.problems == ()
        assert held <= self.held(), "something is lost"
        event(f"kinds decided: {len(set(ran.kinds.values()))}")

    def held(self) -> set[bytes]:
        return contents(*self.roots)

    def outdated(self) -> set[bytes]:
        """The contents that somebody edited since."""
        return {before for before in self.made_of.values() if before is not None}

    def check_end(self) -> None:
        """All hold the same, and nothing of it is outdated."""
        trees = [tree(root) for root in self.roots]
        assert all(one == trees[0] for one in trees)
        for path, (kind, data, _) in trees[0].items():
            assert kind == "folder" or data not in self.outdated(), f"{path} holds {data!r}, which was edited since"


def put_away(root: Path) -> Path:
    """The disk that is not plugged in."""
    return root.with_name(f"{root.name} in the drawer")


def swap(root: Path) -> None:
    """Another disk is plugged in under the same path."""
    aside = root.with_name("between")
    root.rename(aside)
    put_away(root).rename(root)
    aside.rename(put_away(root))


def renewed(root: Path) -> None:
    """The folder is copied to a new disk with its times, and that one is used from now on."""
    copy = root.with_name("new")
    shutil.copytree(root, copy, symlinks=True)
    shutil.rmtree(root)
    copy.rename(root)


steps = st.lists(
    st.tuples(
        st.sampled_from(["edit", "edit", "edit", "sync", "sync", "permit", "renew"]),
        st.integers(0, 2),
        st.integers(1, 2),
        st.sampled_from(PATHS),
    ),
    min_size=4,
    max_size=14,
)


@given(start=st.sampled_from(["empty", "alike", "different"]), steps=steps)
@settings(max_examples=EXAMPLES, deadline=None)
def test_three_folders_two_at_a_time(tmp_path_factory: pytest.TempPathFactory, start: str, steps: list[Step]) -> None:
    base = tmp_path_factory.mktemp("three")
    family = Family([base / name for name in ("one", "two", "three")])
    for number, root in enumerate(family.roots):
        root.mkdir()
        if start == "different" or (start == "alike" and number == 0):
            for path in PATHS[: 3 - number]:
                family.edit(number, path)
    if start == "alike":
        for root in family.roots[1:]:
            shutil.copytree(family.roots[0], root, dirs_exist_ok=True)
    for deed, which, further, path in steps:
        if deed == "edit":
            family.edit(which, path)
        elif deed == "sync":
            family.sync(which, (which + further) % 3)
        elif deed == "renew":
            renewed(family.roots[which])
        elif (family.roots[which] / path).is_file():
            (family.roots[which] / path).chmod(0o600 + further)
    for one, other in [(0, 1), (1, 2), (0, 2)] * 2:
        family.sync(one, other)
    family.check_end()


turns = st.lists(
    st.tuples(st.sampled_from(["edit", "edit", "sync", "sync", "swap"]), st.integers(0, 1), st.sampled_from(PATHS)),
    min_size=4,
    max_size=14,
)


@given(turns=turns, alike=st.booleans())
@settings(max_examples=EXAMPLES, deadline=None)
def test_two_disks_by_turns_under_one_path(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[str, int, str]], alike: bool
) -> None:
    base = tmp_path_factory.mktemp("turns")
    family = Family([base / "pictures", base / "disk"])
    for root in family.roots:
        root.mkdir()
    drawer = put_away(family.roots[1])
    drawer.mkdir()
    for path in PATHS[:2]:
        family.edit(0, path)
    if alike:
        for root in (family.roots[1], drawer):
            shutil.copytree(family.roots[0], root, dirs_exist_ok=True)
    everything = Family([*family.roots, drawer], family.made_of)
    for deed, which, path in turns:
        held = everything.held()
        if deed == "edit":
            family.edit(which, path)
        elif deed == "swap":
            swap(family.roots[1])
        else:
            family.sync(0, 1)
        if deed != "edit":
            assert held <= everything.held()
    for _ in range(4):
        family.sync(0, 1)
        swap(family.roots[1])
    everything.check_end()
