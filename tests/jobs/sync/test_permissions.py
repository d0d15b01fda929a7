"""Permissions and attributes on real folders: carried, remembered, taken back, and said where they can't be."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_sync.apply.actions import permissions
from image_sync.apply.undo import undo
from image_sync.base import places
from image_sync.base.model import RunState
from image_sync.jobs.sync import disks
from image_sync.jobs.sync.disks import Disk
from image_sync.jobs.sync.model import Answer, Kind, Side
from image_sync.jobs.sync.permissions import reader_for
from image_sync.jobs.sync.request import Deletions
from tests.jobs.sync.running import Pair, put, settle
from tests.privileges import without_privileges

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no such permissions")

Held = dict[str, tuple[int, tuple[tuple[str, bytes], ...]]]


def held(root: Path) -> Held:
    """Permissions of all that stands in a folder, with the user's attributes."""
    found: Held = {}
    for place in sorted(root.rglob("*")):
        path = place.relative_to(root)
        if path.parts[0] != ".image-sync" and not place.is_symlink():
            one = permissions.read(os.fspath(place), permissions.keeps_attributes(os.fspath(root)))
            found[os.fspath(path)] = (stat.S_IMODE(place.stat().st_mode), one.attributes or ())
    return found


def attribute(place: Path, value: bytes, name: str = "user.stars") -> None:
    if not permissions.keeps_attributes(os.fspath(place)):
        pytest.skip("this disk keeps no attributes")
    os.setxattr(place, name, value)


@pytest.fixture
def known(pair: Pair) -> Pair:
    """Two folders in step, with their permissions remembered."""
    for path in ("a.jpg", "trip/b.jpg", "trip/in/c.jpg"):
        put(pair.source, path, f"content of {path}", 99).chmod(0o644)
    pair.sync(permissions=True)
    settle()
    return pair


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("path", ["a.jpg", "trip/b.jpg", "trip"])
def test_a_change_of_permissions_goes_over(known: Pair, path: str, turned: bool) -> None:
    here, there = (known.target, known.source) if turned else (known.source, known.target)
    (here / path).chmod(0o700)
    ran = known.sync(permissions=True)
    assert ran.kinds == {path: Kind.PERMIT_IN_SOURCE if turned else Kind.PERMIT_IN_TARGET}
    assert ran.problems == () and ran.done == 1
    assert held(here) == held(there) and held(there)[path][0] == 0o700
    settle()
    known.quiet(permissions=True)
    known.quiet()


def test_without_the_option_nothing_is_carried(known: Pair) -> None:
    (known.source / "a.jpg").chmod(0o600)
    known.quiet()
    assert held(known.target)["a.jpg"][0] == 0o644
    settle()
    assert known.sync(permissions=True).kinds == {"a.jpg": Kind.PERMIT_IN_TARGET}, "it is not forgotten either"


def test_attributes_go_over_and_away(known: Pair) -> None:
    attribute(known.source / "a.jpg", b"five")
    attribute(known.source / "trip", b"seen")
    ran = known.sync(permissions=True)
    assert ran.kinds == {"a.jpg": Kind.PERMIT_IN_TARGET, "trip": Kind.PERMIT_IN_TARGET}
    assert held(known.source) == held(known.target)
    settle()
    os.removexattr(known.target / "a.jpg", "user.stars")
    assert known.sync(permissions=True).kinds == {"a.jpg": Kind.PERMIT_IN_SOURCE}
    assert held(known.source) == held(known.target) and held(known.source)["a.jpg"][1] == ()
    settle()
    known.quiet(permissions=True)


def test_changed_on_both_sides_is_a_conflict_and_answers_settle_it(known: Pair) -> None:
    for root, first in ((known.source, 0o600), (known.target, 0o640)):
        (root / "a.jpg").chmod(first)
        (root / "trip").chmod(first | 0o110)
    before = held(known.source), held(known.target)
    ran = known.sync(permissions=True)
    assert ran.kinds == {"a.jpg": Kind.CONFLICT, "trip": Kind.CONFLICT} and ran.done == 0
    assert (held(known.source), held(known.target)) == before
    settle()
    ran = known.sync({"a.jpg": Answer.SOURCE, "trip": Answer.TARGET}, permissions=True)
    assert ran.done == 2 and held(known.source) == held(known.target)
    assert held(known.source)["a.jpg"][0] == 0o600
    settle()
    known.quiet(permissions=True)


def test_folders_that_meet_for_the_first_time(pair: Pair) -> None:
    put(pair.source, "same.jpg", "same").chmod(0o644)
    put(pair.target, "same.jpg", "same").chmod(0o644)
    put(pair.source, "other.jpg", "other").chmod(0o600)
    put(pair.target, "other.jpg", "other").chmod(0o644)
    assert pair.sync(permissions=True).kinds == {"other.jpg": Kind.CONFLICT}
    settle()
    (pair.source / "same.jpg").chmod(0o400)
    assert pair.sync(permissions=True).kinds == {"other.jpg": Kind.CONFLICT, "same.jpg": Kind.PERMIT_IN_TARGET}


def test_one_side_edits_the_other_changes_permissions(known: Pair) -> None:
    put(known.source, "a.jpg", "edited", 5)
    (known.target / "a.jpg").chmod(0o600)
    before = known.trees()
    assert known.sync(permissions=True).kinds == {"a.jpg": Kind.CONFLICT}
    assert known.trees() == before
    settle()
    assert known.sync(permissions=True, resolution="source").kinds == {"a.jpg": Kind.UPDATE_TARGET}
    settle()
    known.quiet(permissions=True)


def test_a_renamed_file_keeps_its_new_permissions_in_one_run(known: Pair) -> None:
    (known.source / "a.jpg").chmod(0o600)
    (known.source / "a.jpg").rename(known.source / "new.jpg")
    ran = known.sync(permissions=True)
    assert ran.kinds == {"new.jpg": Kind.RENAME_IN_TARGET} and ran.done == 2
    assert held(known.source) == held(known.target)
    settle()
    known.quiet(permissions=True)
    assert ran.result and undo(ran.result.run).state is RunState.UNDONE
    assert held(known.target)["a.jpg"][0] == 0o644


@pytest.mark.parametrize("carried", [False, True])
def test_a_new_folder_that_a_renamed_file_goes_into_is_like_the_other(known: Pair, carried: bool) -> None:
    (known.source / "new/in").mkdir(parents=True)
    (known.source / "a.jpg").rename(known.source / "new/in/a.jpg")
    (known.source / "new/in").chmod(0o750)
    (known.source / "new").chmod(0o700)
    ran = known.sync(permissions=carried)
    assert ran.kinds["new/in/a.jpg"] is Kind.RENAME_IN_TARGET
    assert held(known.source) == held(known.target)
    settle()
    known.quiet(permissions=True)
    assert ran.result and undo(ran.result.run).state is RunState.UNDONE
    assert not (known.target / "new").exists()


def test_what_a_run_without_the_option_wrote_is_not_taken_for_a_change(known: Pair) -> None:
    """Else what was remembered before it would say that the other side changed, and bring old permissions back."""
    place = put(known.source, "a.jpg", "edited", 5)
    place.chmod(0o600)
    assert known.sync().kinds == {"a.jpg": Kind.UPDATE_TARGET}
    settle()
    (known.source / "a.jpg").chmod(0o644)  # as it was remembered at first
    assert known.sync(permissions=True).kinds == {"a.jpg": Kind.CONFLICT}


def test_a_closed_folder_is_copied_whole_and_the_second_run_has_nothing_to_do(pair: Pair) -> None:
    put(pair.source, "shut/in/a.jpg", "a").chmod(0o444)
    (pair.source / "shut/in").chmod(0o555)
    (pair.source / "shut").chmod(0o500)
    try:
        assert pair.sync(permissions=True).problems == ()
        assert held(pair.source) == held(pair.target)
        settle()
        pair.quiet(permissions=True)
    finally:
        for root in (pair.source, pair.target):
            for path in ("shut", "shut/in"):
                (root / path).chmod(0o755)


def test_the_log_and_the_memory_survive(known: Pair, tmp_path: Path) -> None:
    (known.source / "a.jpg").chmod(0o600)
    log = tmp_path / "log.json"
    known.sync(permissions=True, log_file=os.fspath(log))
    (entry,) = json.loads(log.read_text())["operations"]
    assert entry["action"] == "change permissions in target" and entry["status"] == "done"
    assert (entry["source"]["permissions"], entry["target"]["permissions"]) == ("rw-------", "rw-r--r--")


def test_who_is_no_administrator_closes_folders_too_and_is_told_what_is_not_theirs(pair: Pair) -> None:
    put(pair.source, "shut/in/a.jpg", "a")
    put(pair.source, "b.jpg", "b")
    put(pair.source, "theirs.jpg", "c").chmod(0o644)
    home = Path(os.environ["XDG_STATE_HOME"]).parent
    time.strptime("2026", "%Y")  # the child may not be able to read that module later
    with without_privileges(pair.source, pair.target, home) as call:
        call(lambda: pair.sync(permissions=True).done)
        settle()
        for path, bits in (("shut/in/a.jpg", 0o400), ("shut/in", 0o500), ("shut", 0o500), ("theirs.jpg", 0o600)):
            (pair.source / path).chmod(bits)
        put(pair.source, "new.jpg", "new")
        os.chown(pair.source / "new.jpg", 65534, 65534)
        if os.geteuid() == 0:
            os.chown(pair.target / "theirs.jpg", 0, 0)
        problems = call(lambda: [str(one) for one in pair.sync(permissions=True).problems])
        if os.geteuid() == 0:
            assert len(problems) == 1 and "theirs.jpg: permissions not changed" in problems[0], problems
        mine = {path: what for path, what in held(pair.target).items() if path != "theirs.jpg"}
        assert mine == {path: what for path, what in held(pair.source).items() if path != "theirs.jpg"}
        for root in (pair.source, pair.target):
            for path in ("shut", "shut/in"):
                (root / path).chmod(0o755)


# --- disks that can't -------------------------------------------------------------------------------------------------


def on_fat(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    real = disks._kind
    monkeypatch.setattr(disks, "_kind", lambda place: "vfat" if place == os.fspath(root) else real(place))
    monkeypatch.setattr(disks, "folds", lambda *_: False)


def test_a_disk_that_keeps_no_permissions_is_named_once(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    on_fat(monkeypatch, pair.target)
    for number in range(3):
        put(pair.source, f"{number}.jpg", f"content {number}", 99).chmod(0o600)
    ran = pair.sync(permissions=True)
    assert ran.review
    said = [note for note in ran.review.notes if "permissions" in note]
    assert said == [f"{pair.target} can't keep permissions (vfat): they are not carried."]
    (pair.target / "1.jpg").chmod(0o755)
    settle()
    assert pair.sync(permissions=True).kinds == {}


def test_a_disk_without_attributes_carries_the_bits(known: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "keeps_attributes", lambda folder: folder == os.fspath(known.source))
    (known.source / "a.jpg").chmod(0o600)
    ran = known.sync(permissions=True)
    assert ran.review and any("can't keep attributes" in note for note in ran.review.notes)
    # What was remembered speaks of attributes too, so nobody knows whether the bits changed.
    assert ran.kinds["a.jpg"] is Kind.CONFLICT
    settle()
    known.sync(permissions=True, resolution="source")
    assert held(known.target)["a.jpg"][0] == 0o600


def test_neither_disk_keeps_attributes_and_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permissions, "keeps_attributes", lambda _: False)
    plain = {side: Disk(1, "ext4", True) for side in Side}
    reader, notes = reader_for(dict.fromkeys(Side, "/one"), plain)
    assert reader is not None and not reader.with_attributes and notes == []


# --- undo -------------------------------------------------------------------------------------------------------------

PATHS = ("a", "b", "d/a", "d/e/b")
Deed = tuple[str, bool, str, int]
deeds = st.lists(
    st.tuples(
        st.sampled_from(["chmod", "chmod", "chmod folder", "attribute", "edit", "touch", "delete", "rename"]),
        st.booleans(),
        st.sampled_from(PATHS),
        st.integers(0, 7),
    ),
    min_size=1,
    max_size=6,
)


def do(root: Path, deed: str, path: str, number: int) -> None:
    place = root / path
    if deed == "chmod folder" and place.parent.is_dir():
        (root / "d").chmod(0o700 | number * 9) if (root / "d").is_dir() else None
    elif not place.is_file():
        put(root, path, f"new {number}", number)
    elif deed == "chmod":
        place.chmod(0o400 | number << 3 | number)
    elif deed == "attribute":
        os.setxattr(place, "user.stars", b"*" * number)
    elif deed == "edit":
        put(root, path, f"edit {number} of {path}", number)
    elif deed == "touch":
        os.utime(place)
    elif deed == "delete":
        place.unlink()
    elif not (root / f"{path}{number}").exists():
        place.rename(root / f"{path}{number}")


def compared(pair: Pair) -> dict[str, tuple[Kind, str]]:
    ran = pair.sync(permissions=True, dry_run=True, max_delete=1.0)
    assert ran.review is not None, ran.refused
    return {one.path: (one.kind, one.why) for one in ran.review.decisions if one.kind is not Kind.EQUAL}


@given(
    alike=st.booleans(),
    rounds=st.lists(st.tuples(deeds, st.booleans()), min_size=1, max_size=3),
    answer=st.sampled_from([None, Answer.SOURCE, Answer.TARGET, Answer.KEEP_BOTH]),
)
@settings(max_examples=int(os.environ.get("IMAGE_SYNC_EXAMPLES", "25")), deadline=None)
def test_undo_brings_permissions_and_their_memory_back(
    tmp_path_factory: pytest.TempPathFactory,
    alike: bool,
    rounds: list[tuple[list[Deed], bool]],
    answer: Answer | None,
) -> None:
    """Some runs, not all of them with permissions; the last is undone, and all is as it was, the next plan included."""
    base = tmp_path_factory.mktemp("permitted")
    pair = Pair(base / "one", base / "two")
    pair.source.mkdir()
    if not permissions.keeps_attributes(os.fspath(base)):
        pytest.skip("this disk keeps no attributes")
    for path in PATHS:
        put(pair.source, path, f"content of {path}", 9).chmod(0o644)
    shutil.copytree(pair.source, pair.target) if alike else pair.target.mkdir()
    pair.sync(permissions=True)
    chosen = {"resolution": answer.value if answer else "", "max_delete": 1.0}
    for deeds_of_round, carried in rounds:
        settle()
        for deed, here, path, number in deeds_of_round:
            do(pair.source if here else pair.target, deed, path, number)
        planned, before, trees = compared(pair), (held(pair.source), held(pair.target)), pair.trees()
        ran = pair.sync(permissions=carried, **chosen)
        assert ran.result is not None and ran.problems == (), ran.refused
    if ran.result.run:
        assert undo(ran.result.run).state is RunState.UNDONE
        assert (held(pair.source), held(pair.target)) == before
        assert pair.trees() == trees
        assert compared(pair) == planned
    if answer in (Answer.SOURCE, Answer.TARGET):
        for _ in range(2):  # permissions that both changed of a renamed file are asked about in the second run
            settle()
            pair.sync(permissions=True, **chosen)
        assert held(pair.source) == held(pair.target)
        settle()
        pair.quiet(permissions=True, **chosen)


# --- an earlier memory ------------------------------------------------------------------------------------------------


def test_the_memory_of_the_version_before_is_kept(known: Pair) -> None:
    """Its tables are brought on, not begun anew: what was agreed is known, permissions are not."""
    with sqlite3.connect(places.catalog_path()) as database:
        database.execute("DROP TABLE sync_permissions")
        database.execute("DROP TABLE sync_permissions_before")
        database.execute("UPDATE sync_layout SET number = 2")
    database.close()
    (known.source / "a.jpg").unlink()
    (known.source / "trip/b.jpg").chmod(0o600)
    ran = known.sync(permissions=True, deletions=Deletions.PROPAGATE)
    assert ran.kinds == {"a.jpg": Kind.DELETE_IN_TARGET, "trip/b.jpg": Kind.CONFLICT}
    assert ran.result and undo(ran.result.run).state is RunState.UNDONE
    settle()
    assert known.sync(dry_run=True, deletions=Deletions.PROPAGATE).kinds == {"a.jpg": Kind.DELETE_IN_TARGET}


@pytest.mark.parametrize("number", [1, 4, None])
def test_the_memory_of_an_unknown_version_is_begun_anew(known: Pair, number: int | None) -> None:
    with sqlite3.connect(places.catalog_path()) as database:
        database.execute("UPDATE sync_layout SET number = ?", (number,))
    database.close()
    (known.source / "a.jpg").unlink()
    ran = known.sync(permissions=True, deletions=Deletions.PROPAGATE)
    assert ran.kinds == {"a.jpg": Kind.COPY_TO_SOURCE}, "without a memory nothing is deleted"
