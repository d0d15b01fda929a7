"""``sync`` and ``versions`` as they are typed: words, questions, codes."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from image_sync.apply import versions
from image_sync.cli import main, sync_report
from image_sync.jobs.sync.model import Answer
from tests.cli.made import Terminal
from tests.doubled_stops import doubled_stops
from tests.jobs.sync.running import LONG_AGO, OWN, SECOND, Pair, kept, put, settle, tree

HERE = Path(__file__).resolve().parents[3]


@dataclass
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def local_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    if hasattr(time, "tzset"):
        time.tzset()


def type_in(*words: str | Path, typed: str | None = None) -> Ran:
    """Run a command line; with ``typed`` on a terminal, with somebody who types that."""
    out: io.StringIO = Terminal() if typed is not None else io.StringIO()
    err, source = io.StringIO(), Terminal(typed) if typed is not None else io.StringIO()
    before = sys.stdout, sys.stderr, sys.stdin
    sys.stdout, sys.stderr, sys.stdin = out, err, source
    try:
        code = main([os.fspath(word) for word in words])
    finally:
        sys.stdout, sys.stderr, sys.stdin = before
    assert doubled_stops(out.getvalue() + err.getvalue()) == []
    return Ran(code, re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", out.getvalue()), err.getvalue())


def sync(pair: Pair, *options: str | Path, typed: str | None = None) -> Ran:
    return type_in("sync", pair.source, pair.target, *options, typed=typed)


def prepared(pair: Pair) -> Pair:
    """The two folders of the example: fifteen new files, three to be updated, and so on."""
    for number in range(15):
        put(pair.source, f"new/document_{number:02}.pdf", f"new {number}")
    for number in range(3):
        put(pair.source, f"newer here {number}.jpg", f"newer {number}", age=1)
        put(pair.target, f"newer here {number}.jpg", f"older {number}", age=9)
    for number in range(2):
        put(pair.target, f"only there {number}.jpg", f"there {number}")
    put(pair.source, "newer there.jpg", "older", age=9)
    put(pair.target, "newer there.jpg", "newer", age=1)
    for number in range(2):
        put(pair.source, f"conflicted_{number}.txt", f"one {number}")
        put(pair.target, f"conflicted_{number}.txt", f"two {number}")
    return pair


def test_the_analysis_reads_as_it_always_did(pair: Pair) -> None:
    ran = sync(prepared(pair), "--dry-run")
    assert ran.code == 1, "open conflicts"
    expected = """\
Scanning source directory...
Scanning target directory...
Analyzing differences...

=== SYNC ANALYSIS ===
Copy to target: 15 files
Update target: 3 files
Copy to source: 2 files
Update source: 1 files
Conflicts: 2 files
Folders: 1
Same on both sides: 0 files

Total changes: 21 files

=== PLANNED ACTIONS ===
"""
    assert ran.out.startswith(expected)
    actions = ran.out[len(expected) :].splitlines()
    assert actions[0] == "1. → Make folder in target: new"
    assert actions[1] == "2. → Copy to target: new/document_00.pdf"
    assert "17. → Update target: newer here 0.jpg (different content; the one in the source is newer)" in actions
    assert "20. ← Update source: newer there.jpg (different content; the one in the target is newer)" in actions
    assert "22. ← Copy to source: only there 1.jpg" in actions
    assert (
        """\
=== CONFLICTS (manual resolution required) ===
1. conflicted_0.txt
   Source: 2020-09-13 12:26:40
   Target: 2020-09-13 12:26:40
   Different content, same time (5 bytes and 5 bytes)
2. conflicted_1.txt
"""
        in ran.out
    )
    assert "Dry run: nothing was changed. It would copy 17 files and update 4 files." in ran.out


def test_a_dry_run_changes_nothing_and_asks_nothing(pair: Pair, tmp_path: Path) -> None:
    before = prepared(pair).trees()
    log = tmp_path / "log.json"
    assert sync(pair, "--dry-run", "--log-file", log, typed="").code == 1
    assert pair.trees() == before and not (pair.source / OWN).exists()
    found = json.loads(log.read_text("ascii"))
    assert found["status"] == "planned" and found["dry_run"] is True
    assert {one["status"] for one in found["operations"]} == {"planned", "open"}


def test_it_goes_on_at_once(pair: Pair, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    ran = sync(prepared(pair), "--log-file", log)
    assert ran.code == 1
    assert "Done: 22 of 22 changes" in ran.out and "To take it back:" in ran.out
    # Where lines are broken hangs on how long the path of the temporary folder is.
    said = "".join(ran.out.split())
    assert "conflictleftopen" in said and f"Thelogis{log}" in said
    here, there = pair.trees()
    different = {path for path in here if here[path] != there.get(path)}
    assert different == {"conflicted_0.txt", "conflicted_1.txt"}


def test_the_log_tells_every_operation(pair: Pair, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    put(pair.source, "caf\udce9.jpg", "new", age=5)
    put(pair.source, "u.jpg", "newer", age=1)
    put(pair.target, "u.jpg", "olderr", age=9)
    put(pair.source, "c.jpg", "x")
    put(pair.target, "c.jpg", "y")
    assert sync(pair, "--log-file", log).code == 1
    found = json.loads(log.read_text("ascii"))
    assert found["status"] == "finished" and found["run"] and found["seconds"] >= 0
    assert (found["source"], found["target"]) == (os.fspath(pair.source), os.fspath(pair.target))
    assert found["counts"]["copy to target"] == 1 and found["counts"]["conflict"] == 1
    entries = {one["path"]: one for one in found["operations"]}
    copied = entries["caf\udce9.jpg"]
    assert (copied["action"], copied["status"], copied["error"]) == ("copy to target", "done", "")
    assert copied["source"]["mtime_ns"] == LONG_AGO - 5 * SECOND and copied["source"]["size"] == 3
    assert copied["sha256"] == hashlib.sha256(b"new").hexdigest()
    assert copied["target"] is None and copied["when"] >= found["started"]
    assert entries["u.jpg"]["action"] == "update in target" and entries["u.jpg"]["target"]["size"] == 6
    conflict = entries["c.jpg"]
    assert (conflict["action"], conflict["status"]) == ("conflict", "open")
    assert (conflict["source"]["size"], conflict["source"]["sha256"]) == (1, None), "compared, so never summed up"


def test_nothing_to_do(pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    assert sync(pair).code == 0
    settle()
    ran = sync(pair)
    assert ran.code == 0 and "There is nothing to do." in ran.out and "Same on both sides: 1 files" in ran.out


def test_quiet(pair: Pair) -> None:
    ran = sync(prepared(pair), "--quiet")
    assert ran.code == 1
    assert ran.out.splitlines()[0].startswith("Done: 22 of 22")
    assert "conflict left open" in ran.err


@pytest.mark.parametrize(
    ("way", "code", "content"), [("source", 0, b"one 0"), ("target", 0, b"two 0"), ("skip", 1, None)]
)
def test_auto_resolve(pair: Pair, way: str, code: int, content: bytes | None) -> None:
    assert sync(prepared(pair), "--auto-resolve", way).code == code
    if content:
        assert pair.same()["conflicted_0.txt"][1] == content
    else:
        assert (pair.source / "conflicted_0.txt").read_bytes() != (pair.target / "conflicted_0.txt").read_bytes()


# --- questions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code", "first", "second"),
    [
        ("s\nt\n", 0, b"one 0", b"two 1"),
        ("k\nskip\n", 1, b"one 0", None),
        ("s all\n", 0, b"one 0", b"one 1"),
        ("t!\n", 0, b"two 0", b"two 1"),
        ("what?\n\nt\nsource\n", 0, b"two 0", b"one 1"),
        ("s\n", 1, b"one 0", None),
        ("", 1, None, None),
    ],
)
def test_conflicts_are_asked_one_by_one(
    pair: Pair, typed: str, code: int, first: bytes | None, second: bytes | None
) -> None:
    ran = sync(prepared(pair), typed=typed)
    assert ran.code == code
    assert "Conflict 1 of 2: conflicted_0.txt" in ran.out
    for number, content in enumerate((first, second)):
        here, there = ((root / f"conflicted_{number}.txt").read_bytes() for root in (pair.source, pair.target))
        assert (here, there) == ((content, content) if content else (b"one %d" % number, b"two %d" % number))
    if "k" in typed.split():
        assert "conflicted_0 (conflict 2 2020-09-13).txt" in pair.trees()[0]


def test_yes_asks_nothing(pair: Pair) -> None:
    ran = sync(prepared(pair), "--yes", typed="s all\n")
    assert ran.code == 1 and "Conflict 1 of 2" not in ran.out


def test_deletions_are_asked_about(pair: Pair) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        put(pair.source, name, name)
    sync(pair)
    settle()
    (pair.source / "a.jpg").unlink()
    (pair.target / "b.jpg").unlink()
    ran = sync(pair, "--deletions", "ask", typed="s\ns\n")
    assert ran.code == 0 and "Source: nothing" in ran.out
    assert sorted(pair.same()) == ["b.jpg", "c.jpg"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s", (Answer.SOURCE, False)),
        (" Target ", (Answer.TARGET, False)),
        ("k", (Answer.KEEP_BOTH, False)),
        ("keep both all", (Answer.KEEP_BOTH, True)),
        ("SKIP", (Answer.SKIP, False)),
        ("skip all", (Answer.SKIP, True)),
        ("sall", (Answer.SOURCE, True)),
        ("all", None),
        ("", None),
        ("y", None),
    ],
)
def test_what_is_understood(text: str, expected: tuple[Answer, bool] | None) -> None:
    assert sync_report.understood(text) == expected


# --- refusals and wrong usage -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--deletions", "all"], "'all' is not one of restore, propagate, ask"),
        (["--auto-resolve", "newest"], "--auto-resolve can't be"),
        (["--max-delete", "120"], "must be from 0 to 100, not '120'"),
        (["--max-delete", "some"], "'some' is no number"),
        (["--mtime-tolerance", "-1"], "must be from 0 to 86400"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_wrong_usage(pair: Pair, options: list[str], words: str) -> None:
    put(pair.source, "a.jpg", "a")
    ran = sync(pair, *options)
    assert ran.code == 2 and words in ran.err
    assert tree(pair.target) == {}


def test_refusals_end_with_two(pair: Pair, tmp_path: Path) -> None:
    put(pair.source, "a.jpg", "a")
    for words in (("sync", pair.source, tmp_path / "no"), ("sync", pair.source, pair.source), ("sync", pair.source)):
        ran = type_in(*words)
        assert ran.code == 2 and ran.err.startswith("image-sync")
    ran = sync(pair, "--log-file", tmp_path / "no" / "log.json")
    assert ran.code == 2 and "The log can't be written to" in ran.err
    assert tree(pair.target) == {}


def test_an_emptied_disk_is_shown_and_refused(pair: Pair) -> None:
    for number in range(3):
        put(pair.source, f"{number}.jpg", str(number))
    sync(pair)
    settle()
    for number in range(3):
        (pair.target / f"{number}.jpg").unlink()
    for options in ((), ("--dry-run",), ("--deletions", "propagate")):
        ran = sync(pair, *options)
        assert ran.code == 2 and "is empty, but at the last run it held 3 files" in ran.err
    assert len(tree(pair.source)) == 3
    assert sync(pair, "--max-delete", "100").code == 0


def test_tolerance_and_verify(pair: Pair) -> None:
    put(pair.source, "a.jpg", "one", age=0)
    put(pair.target, "a.jpg", "two", age=1.5)
    assert "Conflicts: 1 files" in sync(pair, "--mtime-tolerance", "2", "--dry-run").out
    assert "Update target: 1 files" in sync(pair, "--mtime-tolerance", "1", "--dry-run").out
    assert sync(pair).code == 0
    settle()
    assert "Same on both sides: 1 files" in sync(pair, "--verify").out


def test_json(pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    ran = sync(pair, "--json", "-")
    document = json.loads(ran.out)
    assert document["job"] == "sync" and document["exit_code"] == 0
    assert document["request"]["deletions"] == "restore" and document["request"]["source"] == os.fspath(pair.source)
    assert [one["action"] for one in document["plan"]["operations"]] == ["copy"]
    assert document["result"]["done"] == 1
    assert "Copy to target: 1 files" in ran.err


def test_undo_takes_it_back(pair: Pair) -> None:
    before = prepared(pair).trees()
    assert sync(pair, "--auto-resolve", "keep-both").code == 0
    assert type_in("undo").code == 0
    assert pair.trees() == before
    assert "undone" in type_in("history").out


# --- a process of its own ---------------------------------------------------------------------------------------------


def test_nothing_heavy_is_loaded(pair: Pair) -> None:
    put(pair.source, "a.jpg", "a")
    put(pair.target, "a.jpg", "b", age=3)
    code = (
        "import sys\nfrom image_sync.cli import main\n"
        f"code = main(['sync', {os.fspath(pair.source)!r}, {os.fspath(pair.target)!r}])\n"
        "heavy = {'numpy', 'cv2', 'scipy', 'PIL', 'imagehash', 'tkinter', 'rich'}\n"
        "print('loaded', sorted(heavy & {name.split('.')[0] for name in sys.modules}), code)"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines()[-1] == "loaded [] 0", ran.stdout + ran.stderr


def test_as_in_the_examples(pair: Pair) -> None:
    """A process of its own, with the words of the examples."""
    put(pair.source, "new_document.pdf", "x")
    words = ["sync", os.fspath(pair.source), os.fspath(pair.target), "--dry-run"]
    code = "import sys; from image_sync.cli import run; sys.exit(run())"
    command = [sys.executable, "-c", code, *words]
    ran = subprocess.run(command, cwd=HERE, capture_output=True, check=False, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr
    assert "1. → Copy to target: new_document.pdf" in ran.stdout
    assert tree(pair.target) == {}


# --- versions ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def updated(pair: Pair) -> Pair:
    """Two folders of which both keep an earlier file."""
    put(pair.source, "a.jpg", "new a", age=1)
    put(pair.target, "a.jpg", "old a", age=9)
    put(pair.source, "d/b.jpg", "old b!", age=9)
    put(pair.target, "d/b.jpg", "new b", age=1)
    pair.sync()
    return pair


def test_versions_are_listed_with_their_size(updated: Pair) -> None:
    ran = type_in("versions", updated.source, updated.target)
    assert ran.code == 0
    assert "2 files, 11 bytes in all." in ran.out
    assert type_in("versions", updated.source.parent).out.startswith("Nothing is kept in")
    assert type_in("versions", updated.source / "a.jpg").code == 2


def test_versions_are_cleared_only_when_asked_for(updated: Pair) -> None:
    both = (updated.source, updated.target)
    assert "There is nothing to clear." in type_in("versions", *both, "--clear", "--yes").out
    assert type_in("versions", *both, "--all").code == 2
    assert type_in("versions", *both, "--clear", "--all").code == 2, "nobody is there to be asked"
    assert (
        "It would delete 2 files (11 bytes) for good" in type_in("versions", *both, "--clear", "--all", "--dry-run").out
    )
    assert type_in("versions", *both, "--clear", "--all", typed="n\n").code == 2
    assert kept(updated.source) and kept(updated.target)
    ran = type_in("versions", *both, "--clear", "--all", typed="y\n")
    assert ran.code == 0 and "Cleared: 2 files (11 bytes)." in ran.out and "can't be undone" in ran.out
    assert not (updated.source / OWN).exists() and not (updated.target / OWN).exists()
    assert len(updated.same()) == 3


def test_age_is_counted_from_the_run(updated: Pair) -> None:
    (found,) = versions.kept(os.fspath(updated.source))
    assert versions.older_than([found], 30) == ()
    assert versions.older_than([found], 30, now=found.at + 31 * 86400) == (found,)
    assert found.files == 1 and found.size == 6


def test_only_folders_of_runs_are_cleared(updated: Pair, tmp_path: Path) -> None:
    precious = put(tmp_path, "precious/a.jpg", "precious")
    base = updated.source / OWN / "versions"
    (base / "20200101-000000-abcd").symlink_to(precious.parent)
    put(base, "my own/x.jpg", "mine")
    found = versions.kept(os.fspath(updated.source))
    assert len(found) == 1
    assert versions.clear(found) == ()
    assert precious.exists() and (base / "my own/x.jpg").exists()
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / OWN).symlink_to(updated.target / OWN)
    assert versions.kept(os.fspath(linked)) == ()


def test_a_deletion_that_is_asked_about_is_called_one(pair: Pair) -> None:
    for name in ("a.txt", "b.txt"):
        put(pair.source, name, f"content of {name}")
    assert sync(pair).code == 0
    settle()
    (pair.source / "a.txt").unlink()
    log = pair.source.parent / "log.json"
    ran = sync(pair, "--deletions", "ask", "--dry-run", "--log-file", os.fspath(log))
    assert ran.code == 1
    document = json.loads(log.read_text())
    assert document["counts"]["deletion to answer"] == 1 and document["counts"]["conflict"] == 0
    assert [entry["action"] for entry in document["operations"]] == ["deletion to answer"]
    assert document["version"] == 2
    assert "Conflicts: 0 files" in ran.out and "Deletions to answer: 1 files" in ran.out
    assert "=== DELETIONS (manual resolution required) ===" in ran.out and "=== CONFLICTS" not in ran.out
    assert "deletion left open" in ran.out + ran.err


def test_ask_asks_before_anything_is_done(pair: Pair) -> None:
    put(pair.source, "new.jpg", "new")
    assert sync(pair, "--ask").code == 2
    ran = sync(pair, "--ask", typed="n\n")
    assert (ran.code, "Copy 1 file" in ran.out) == (2, True)
    assert not (pair.target / "new.jpg").exists()
    assert sync(pair, "--ask", typed="y\n").code == 0
    assert (pair.target / "new.jpg").read_text() == "new"
