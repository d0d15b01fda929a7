"""What rclone tests of its bisync, told of this program.

Read in the test data of rclone (``cmd/bisync/testdata`` of its public repository, one folder a test); the situations
are told anew in this program's terms.  Left out: what is about its listings, its remotes, its check files
(``RCLONE_TEST``; here a folder is known by its identity) and the spelling of its own options.  Where the two programs
mean different things it is said beside the row.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from image_sync.apply.undo import undo
from image_sync.jobs.sync.model import Kind, Side
from image_sync.jobs.sync.request import Deletions
from tests.jobs.sync.running import LONG_AGO, OWN, SECOND, Pair, put, settle, tree
from tests.jobs.sync.scenarios import Scenario, both, do, holds, one, play, quiet, sync, two, versions

PROPAGATE = {"deletions": Deletions.PROPAGATE}
NINE = {f"file{number}.txt": f"file {number}" for number in range(1, 10)}

EVERY_CHANGE_BEFORE = {f"file{number}.txt": "as it was" for number in range(1, 9)}
EVERY_CHANGE_ONE = {
    **{name: text for name, text in EVERY_CHANGE_BEFORE.items() if name not in ("file4.txt", "file6.txt", "file8.txt")},
    "file11.txt": "new on 1",
    "file2.txt": "newer on 1",
    "file5.txt": "changed on 1, later",
    "file7.txt": "newer on 1 and deleted on 2",
}
EVERY_CHANGE_TWO = {
    **{name: text for name, text in EVERY_CHANGE_BEFORE.items() if name not in ("file3.txt", "file7.txt", "file8.txt")},
    "file10.txt": "new on 2",
    "file1.txt": "newer on 2",
    "file5.txt": "changed on 2",
    "file6.txt": "newer on 2 and deleted on 1",
}
EVERY_CHANGE_AFTER = {
    "file1.txt": "newer on 2",
    "file2.txt": "newer on 1",
    "file5.txt": "changed on 1, later",
    "file6.txt": "newer on 2 and deleted on 1",
    "file7.txt": "newer on 1 and deleted on 2",
    "file10.txt": "new on 2",
    "file11.txt": "new on 1",
}


def touch(root: Path, later: int = 5000) -> None:
    for place in root.rglob("*"):
        if place.is_file() and OWN not in place.parts:
            os.utime(place, ns=(LONG_AGO + later * SECOND,) * 2)


ALL = [
    Scenario(
        "basic: newer on one, new in a folder of the other",
        (
            both({"file1.txt": "old", "subdir": {"file20.txt": "old"}}),
            sync(),
            two({"file1.txt": "newer", "subdir": {"file20.txt": "old"}}),
            one({"file1.txt": "old", "subdir": {"file20.txt": "newer!"}}),
            sync({"file1.txt": Kind.UPDATE_SOURCE, "subdir/file20.txt": Kind.UPDATE_TARGET}),
            holds({"file1.txt": "newer", "subdir": {"file20.txt": "newer!"}}),
            quiet,
        ),
    ),
    # Changed on both: bisync keeps both under other names; here the newer wins and the older is kept.
    Scenario(
        "changes, backupdir: every change there is at once",
        (
            both(EVERY_CHANGE_BEFORE),
            sync(),
            two(EVERY_CHANGE_TWO),
            one(EVERY_CHANGE_ONE),
            sync(),
            holds(EVERY_CHANGE_AFTER),
            versions({"as it was"}, {"as it was", "changed on 2"}),
            quiet,
        ),
        PROPAGATE,
    ),
    Scenario(
        "all changed: new times alone are no change, not even of all files",
        (both(NINE), sync(), do(lambda one, _: touch(one)), sync({}), holds(NINE), quiet),
    ),
    Scenario(
        "equal: the same change on both sides is none",
        (
            both({"file1.txt": "1", "file2.txt": "2"}),
            sync(),
            two({"file1.txt": "changed on 2", "file2.txt": "the same change"}),
            one({"file1.txt": "changed on 1!", "file2.txt": "the same change"}),
            sync({"file1.txt": Kind.UPDATE_TARGET}),
            holds({"file1.txt": "changed on 1!", "file2.txt": "the same change"}),
            quiet,
        ),
    ),
    Scenario(
        "resolve: the one that was chosen, the other is kept",
        (
            both({"file1.txt": "1"}),
            sync(),
            one({"file1.txt": "at one time, on 1"}),
            two({"file1.txt": "at one time, on 2"}),
            do(lambda here, there: [touch(root) for root in (here, there)]),
            sync(resolution="target"),
            holds({"file1.txt": "at one time, on 2"}),
            versions({"at one time, on 1"}, set()),
            quiet,
        ),
    ),
    Scenario(
        "resolve: no winner is left alone",
        (
            both({"file1.txt": "1"}),
            sync(),
            one({"file1.txt": "at one time, on 1"}),
            two({"file1.txt": "at one time, on 2"}),
            do(lambda here, there: [touch(root) for root in (here, there)]),
            sync({"file1.txt": Kind.CONFLICT}),
            holds({"file1.txt": "at one time, on 1"}, {"file1.txt": "at one time, on 2"}),
        ),
    ),
    Scenario(
        "resync modes: without a memory the newer wins, and a file of one side comes over",
        (
            two({"file1.txt": "older", "other.txt": "2 alone"}),
            one({"file1.txt": "newer!", "file2.txt": "1 alone"}),
            sync(),
            holds({"file1.txt": "newer!", "file2.txt": "1 alone", "other.txt": "2 alone"}),
            quiet,
        ),
    ),
    # bisync keeps the emptied folder unless told otherwise; here a folder goes with its last file.
    Scenario(
        "rmdirs: a folder goes with its last file, where deletions do",
        (
            both({"subdir": {"file20.txt": "20"}, "file1.txt": "1"}),
            sync(),
            do(lambda one, _: (one / "subdir/file20.txt").unlink()),
            sync(),
            holds({"subdir": {}, "file1.txt": "1"}),
            do(lambda one, _: (one / "subdir").rmdir()),
            sync(),
            holds({"file1.txt": "1"}),
            quiet,
        ),
        PROPAGATE,
    ),
    Scenario(
        "empty folders come and go",
        (
            both({"file1.txt": "1"}),
            sync(),
            one({"file1.txt": "1", "subdir": {"in": {}}}),
            sync(),
            holds({"file1.txt": "1", "subdir": {"in": {}}}),
            two({"file1.txt": "1"}),
            sync(),
            holds({"file1.txt": "1"}),
            quiet,
        ),
        PROPAGATE,
    ),
    Scenario(
        "filters: a name at the root alone, and nothing is deleted for being left out",
        (
            both({"fileZ.txt": "same", "subdir": {"fileZ.txt": "same"}}),
            sync(),
            two({"fileZ.txt": "changed on 2", "subdir": {"fileZ.txt": "changed on 2, too"}}),
            sync({"subdir/fileZ.txt": Kind.UPDATE_SOURCE}),
            holds(
                {"fileZ.txt": "same", "subdir": {"fileZ.txt": "changed on 2, too"}},
                {"fileZ.txt": "changed on 2", "subdir": {"fileZ.txt": "changed on 2, too"}},
            ),
            quiet,
        ),
        {"exclude": ("/fileZ.txt",), **PROPAGATE},
    ),
    Scenario(
        "max delete: more than half is refused, and goes with a leave",
        (
            both({**NINE, "file0.txt": "0"}),
            sync(),
            one({name: text for name, text in NINE.items() if name > "file6"}),
            sync(refused="are gone from the source", max_delete=None),
            holds({name: text for name, text in NINE.items() if name > "file6"}, {**NINE, "file0.txt": "0"}),
            sync(max_delete=0.6),
            holds({name: text for name, text in NINE.items() if name > "file6"}),
            quiet,
        ),
        PROPAGATE,
    ),
    Scenario(
        "max delete, the other side: a lower limit of one's own counts from the first file",
        (
            both(NINE),
            sync(),
            two({name: text for name, text in NINE.items() if name > "file3"}),
            sync(refused="are gone from the target", max_delete=0.2),
            holds(NINE, {name: text for name, text in NINE.items() if name > "file3"}),
            sync(max_delete=0.4),
            holds({name: text for name, text in NINE.items() if name > "file3"}),
            quiet,
        ),
        PROPAGATE,
    ),
]

NAMES = (
    "New_top_level_mañana_funcionará.txt",
    "filename_contains_ࢺ_p1m.txt",
    "Русский.txt",
    "file1_with white space.txt",
    "subdir_with_ࢺ_/file_with_測試_.txt",
    "subdir with\nwhite space.txt/file2 with\nwhite space.txt",
    "subdir_rawchars_\x19_\x81_\udcfe/file3_\x19_\x81_\udcfe",
    "測試_Русский___ě_áñ👸🏼🧝🏾\u200d♀️.txt",
)


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario, pair: Pair) -> None:
    play(scenario, pair)


@pytest.mark.skipif(os.name == "nt", reason="such names can't be there")
def test_extended_names_come_change_and_go(pair: Pair) -> None:
    for number, name in enumerate(NAMES):
        put(pair.source if number % 2 else pair.target, name, f"content {number}", 99)
    assert pair.sync().problems == ()
    assert len([path for path, what in pair.same().items() if what[0] == "file"]) == len(NAMES)
    settle()
    for number, name in enumerate(NAMES):
        if number % 3 == 0:
            put(pair.target, name, f"changed {number}", 5)
        elif number % 3 == 1:
            (pair.source / name).unlink()
    ran = pair.sync(deletions=Deletions.PROPAGATE)
    assert ran.problems == ()
    pair.same()
    assert {data for kind, data, _ in tree(pair.source).values() if kind == "file"} >= {b"changed 0", b"changed 3"}
    settle()
    pair.quiet()
    assert ran.result and undo(ran.result.run).problems == ()


@pytest.mark.skipif(os.name == "nt", reason="such names are one there")
def test_one_name_in_two_unicode_forms_are_two_files(pair: Pair) -> None:
    """Normalization: where the file system tells them apart, so does a sync; both are there then, on both sides."""
    composed, apart = (unicodedata.normalize(form, "éééö.txt") for form in ("NFC", "NFD"))
    put(pair.source, composed, "NFC", 9)
    put(pair.target, apart, "NFD", 5)
    assert pair.sync().problems == ()
    assert {os.fspath(path) for path in pair.same()} == {composed, apart}


def test_what_comes_while_it_runs_is_for_the_next_run(pair: Pair) -> None:
    """Volatile: fifty files appear between the review and the end; none of them is touched, the next run takes them."""
    put(pair.source, "file5.txt", "5", 9)
    pair.sync()
    settle()
    put(pair.target, "file5.txt", "5 changed", 5)

    def appear() -> None:
        for number in range(50):
            put(pair.source if number % 2 else pair.target, f"during/{number}.txt", f"during {number}", 1)

    first = pair.sync(between=appear)
    assert first.kinds == {"file5.txt": Kind.UPDATE_SOURCE} and first.problems == ()
    settle()
    second = pair.sync()
    assert sum(kind in (Kind.COPY_TO_SOURCE, Kind.COPY_TO_TARGET) for kind in second.kinds.values()) == 50
    assert len(pair.same()) == 52
    settle()
    pair.quiet()


def test_a_dry_run_changes_nothing(pair: Pair) -> None:
    put(pair.source, "new.txt", "new")
    put(pair.target, "other.txt", "other")
    before = pair.trees()
    ran = pair.sync(dry_run=True)
    assert ran.kinds == {"new.txt": Kind.COPY_TO_TARGET, "other.txt": Kind.COPY_TO_SOURCE}
    assert pair.trees() == before and ran.result is None


@pytest.mark.parametrize("side", list(Side))
def test_an_emptied_folder_is_no_wish(pair: Pair, side: Side) -> None:
    """Check access: what bisync's check files tell, a folder that has lost everything tells here."""
    for name, text in NINE.items():
        put(pair.source, name, text)
    pair.sync()
    settle()
    root = pair.source if side is Side.SOURCE else pair.target
    for name in NINE:
        (root / name).unlink()
    assert "is empty, but at the last run it held 9 files" in pair.sync(deletions=Deletions.PROPAGATE).refused
    other = pair.target if side is Side.SOURCE else pair.source
    assert len(tree(other)) == 9
