"""The parts of *sync* by themselves: looks, listings, disks, reading, the memory, the choice of paths."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base import places
from image_sync.base.control import Control
from image_sync.base.model import Refused, Stopped
from image_sync.base.progress import Reporter
from image_sync.jobs.sync import disks, packed_stats, reading
from image_sync.jobs.sync.disks import Disk
from image_sync.jobs.sync.filter import Choice
from image_sync.jobs.sync.listing import RawListing, scan_side
from image_sync.jobs.sync.memory import Row, SyncMemory
from image_sync.jobs.sync.model import EntryKind, Side
from image_sync.jobs.sync.packed_stats import FOLDER_LOOK, SPECIAL_LOOK, UNREAD_LOOK, Entries, pack
from image_sync.jobs.sync.reading import Found, Task, read_all
from image_sync.jobs.sync.request import SyncRequest
from tests.contexts import run_context
from tests.jobs.sync.running import LONG_AGO, SECOND, mode, put
from tests.privileges import without_privileges

ALL = Choice(SyncRequest("", ""))


def scan(root: Path, choice: Choice = ALL, lasting: bool = True) -> RawListing:
    return scan_side(os.fspath(root), choice, lasting, Control(), lambda _number, _folder: None)


# --- looks ----------------------------------------------------------------------------------------------------------


def status(**changes: int) -> os.stat_result:
    values = {
        "st_mode": stat.S_IFREG | 0o644,
        "st_size": 5,
        "st_ino": 7,
        "mtime": LONG_AGO,
        "ctime": LONG_AGO,
        **changes,
    }

    class Fake:
        st_mode, st_size, st_ino = values["st_mode"], values["st_size"], values["st_ino"]
        st_mtime_ns, st_ctime_ns = values["mtime"], values["ctime"]

    return Fake()  # type: ignore[return-value]


@given(st.integers(0, 2**63 - 1), st.integers(-(2**70), 2**70), st.integers(-(2**70), 2**70), st.integers(0, 2**128))
def test_any_look_can_be_packed(size: int, mtime: int, ctime: int, inode: int) -> None:
    look = pack(status(st_size=size, mtime=mtime, ctime=ctime, st_ino=inode), lasting=True)
    found = packed_stats.entry(look, "digest")
    assert found.kind is EntryKind.FILE and found.size == size and found.content == "digest"
    if abs(mtime) < 2**63:
        assert found.mtime_ns == mtime
    if inode < 2**64:
        assert found.inode == inode


def test_looks_that_differ_in_anything_are_not_equal() -> None:
    plain = pack(status(), lasting=True)
    changed = [
        {"st_size": 6},
        {"mtime": LONG_AGO + 1},
        {"ctime": LONG_AGO + 1},
        {"st_ino": 8},
        {"st_mode": stat.S_IFLNK | 0o777},
    ]
    assert len({plain, *(pack(status(**change), lasting=True) for change in changed)}) == 6


def test_permissions_are_no_part_of_a_look() -> None:
    assert pack(status(), True) == pack(status(st_mode=stat.S_IFREG | 0o600), True)


def test_on_a_disk_that_forgets_inodes_only_what_lasts_counts() -> None:
    before = pack(status(st_ino=1, ctime=LONG_AGO), lasting=False)
    assert before == pack(status(st_ino=2, ctime=LONG_AGO + SECOND), lasting=False)
    written = pack(status(ctime=LONG_AGO + 99 * SECOND), lasting=False)
    assert written != before, "while it is mounted a silent change shows"


def test_a_change_time_proves_something_only_after_a_tick() -> None:
    fresh = pack(status(ctime=LONG_AGO + 5), lasting=True)
    assert packed_stats.settled(fresh, LONG_AGO + 5 + packed_stats.TICK_NS) == packed_stats.unsettled(fresh)
    assert packed_stats.settled(fresh, LONG_AGO + 6 + packed_stats.TICK_NS) == fresh
    coarse = pack(status(ctime=LONG_AGO), lasting=True)
    assert packed_stats.settled(coarse, LONG_AGO + SECOND) == packed_stats.unsettled(coarse)
    assert packed_stats.settled(coarse, LONG_AGO + 3 * SECOND) == coarse
    assert packed_stats.unsettled(fresh) != fresh and packed_stats.settled(FOLDER_LOOK, 0) == FOLDER_LOOK


def test_renamed_is_all_but_the_change_time() -> None:
    one, two = pack(status(), True), pack(status(ctime=LONG_AGO + 9), True)
    assert packed_stats.same_but_renamed(one, two)
    assert not packed_stats.same_but_renamed(one, pack(status(st_size=1), True))
    assert not packed_stats.same_but_renamed(FOLDER_LOOK, FOLDER_LOOK)


def test_entries_are_made_of_looks() -> None:
    found = Entries(
        {b"a": pack(status(), True), b"d": FOLDER_LOOK, b"\xff": SPECIAL_LOOK}, {b"a": "digest"}, {b"a": "x"}
    )
    assert found["a"].content == "digest" and found["d"].kind is EntryKind.FOLDER
    assert set(found) == {"a", "d", "\udcff"} and len(found) == 3
    assert "a" in found and "b" not in found and 7 not in found and found.get("b") is None
    with pytest.raises(KeyError):
        found["b"]


# --- listing --------------------------------------------------------------------------------------------------------


def test_everything_is_listed_as_what_it_is(tmp_path: Path) -> None:
    put(tmp_path, "d/a.jpg", "abc")
    os.mkfifo(tmp_path / "d/pipe")
    (tmp_path / "d/link").symlink_to("../elsewhere")
    (tmp_path / "d/loop").symlink_to(tmp_path)
    (tmp_path / "outside").symlink_to("/etc")
    found = scan(tmp_path)
    kinds = {path: packed_stats.entry(look).kind.name for path, look in found.looks.items()}
    assert kinds == {
        b"d": "FOLDER",
        b"d/a.jpg": "FILE",
        b"d/pipe": "SPECIAL",
        b"d/link": "LINK",
        b"d/loop": "LINK",
        b"outside": "LINK",
    }
    assert found.links == {b"d/link": "../elsewhere", b"d/loop": os.fspath(tmp_path), b"outside": "/etc"}
    assert found.problems == [] and found.unread == set()


def test_a_deep_tree_is_no_trouble(tmp_path: Path) -> None:
    deep = b"/".join([b"d"] * 900)
    os.makedirs(os.path.join(os.fsencode(tmp_path), deep))
    assert len(scan(tmp_path).looks) == 900


def test_what_can_not_be_listed_is_unread(tmp_path: Path) -> None:
    put(tmp_path, "closed/a.jpg", "x")
    put(tmp_path, "shut/in/b.jpg", "x")
    put(tmp_path, "open/c.jpg", "x")
    with without_privileges(tmp_path) as call, mode(tmp_path / "closed", 0o000), mode(tmp_path / "shut", 0o444):
        found = call(scan, tmp_path)
    assert found.unread == {b"closed", b"shut/in"}
    assert found.looks[b"shut/in"] == UNREAD_LOOK and b"open/c.jpg" in found.looks
    assert sorted(problem.path for problem in found.problems) == [str(tmp_path / "closed"), str(tmp_path / "shut/in")]
    assert all(problem.why == "no permission" for problem in found.problems)


def test_a_folder_that_fails_halfway_is_unread_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        put(tmp_path, f"d/{number}.jpg", "x")
    original = os.scandir

    class Failing:
        def __init__(self, place: bytes) -> None:
            self.entries = original(place)
            self.fails = place.endswith(b"/d")

        def __enter__(self) -> Failing:
            return self

        def __exit__(self, *_: object) -> None:
            self.entries.close()

        def __iter__(self) -> Iterator[os.DirEntry[bytes]]:
            yield next(self.entries)
            if self.fails:
                raise OSError(5, "Input/output error")
            yield from self.entries

    monkeypatch.setattr(os, "scandir", Failing)
    found = scan(tmp_path)
    assert set(found.looks) == {b"d"} and found.unread == {b"d"}
    assert found.problems[0].why == "the disk reported an error"


def test_an_unreadable_root_is_no_problem_but_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        scan(tmp_path / "gone")


def test_listing_can_be_stopped(tmp_path: Path) -> None:
    control = Control()
    control.stop()
    with pytest.raises(Stopped):
        scan_side(os.fspath(tmp_path), ALL, True, control, lambda _number, _folder: None)


def test_what_is_not_listed_is_known_to_be_there(tmp_path: Path) -> None:
    put(tmp_path, "d/.DS_Store", "")
    put(tmp_path, "e/.image-sync-20200101-000000-abcd-3.part", "")
    put(tmp_path, ".image-sync/versions/a", "")
    found = scan(tmp_path)
    assert set(found.looks) == {b"d", b"e"} and {b"d", b"e"} <= found.more
    assert found.leftovers == [b"e/.image-sync-20200101-000000-abcd-3.part"]


# --- which paths count ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "taken", "left"),
    [
        ({}, ["a.jpg", "d/b.txt", "d"], [".DS_Store", "d/Thumbs.db", "._a", ".image-sync/x", "d/.image-sync-1-1.part"]),
        ({"litter": True}, [".DS_Store", "d/desktop.ini"], [".image-sync/x"]),
        ({"exclude": ("*.txt",)}, ["a.jpg"], ["a.txt", "d/A.TXT"]),
        ({"exclude": ("d/",)}, ["e/a"], ["d/a", "d", "e/d/x"]),
        ({"exclude": ("d/e",)}, ["d/a", "e/a"], ["d/e/a", "D/E"]),
        ({"include": ("*.jpg",)}, ["a.jpg", "d/A.JPG"], ["a.txt", "d"]),
        ({"include": ("trips",)}, ["trips/a.txt", "x/trips/y/b"], ["a.txt", "trips2/a"]),
        ({"include": ("*.jpg",), "exclude": ("raw",)}, ["a.jpg"], ["raw/a.jpg"]),
        ({"images_only": True}, ["a.jpg", "a.xmp", "b.mov", "c.dng"], ["a.txt", "d"]),
    ],
)
def test_choice(chosen: dict[str, object], taken: list[str], left: list[str]) -> None:
    choice = Choice(SyncRequest("", "", **chosen))  # type: ignore[arg-type]
    folders = {"d", "D/E"}
    assert [path for path in taken if not choice.takes_path(os.fsencode(path), path in folders)] == []
    assert [path for path in left if choice.takes_path(os.fsencode(path), path in folders)] == []


def test_the_memory_and_the_disk_are_asked_alike(tmp_path: Path) -> None:
    names = ["a.jpg", "b.txt", "d/c.jpg", "d/e/f.TXT", "d/Thumbs.db", "raw/g.jpg", "raw/deep/h.cr2"]
    for name in names:
        put(tmp_path, name, "x")
    for chosen in ({}, {"include": ("*.jpg",)}, {"exclude": ("raw",)}, {"images_only": True}, {"include": ("d",)}):
        choice = Choice(SyncRequest("", "", **chosen))  # type: ignore[arg-type]
        listed = {path for path, look in scan(tmp_path, choice).looks.items() if look != FOLDER_LOOK}
        assert listed == {os.fsencode(name) for name in names if choice.takes_path(os.fsencode(name), False)}


# --- disks ----------------------------------------------------------------------------------------------------------


def times(*seconds: float) -> dict[bytes, bytes]:
    return {b"%d" % number: pack(status(mtime=round(when * SECOND)), True) for number, when in enumerate(seconds)}


@pytest.mark.parametrize(
    ("kind", "seconds", "expected"),
    [
        ("vfat", [1.5], 2 * SECOND),
        ("exfat", [2.0], 10_000_000),
        ("ext4", [2.0] * 50, 1),
        ("ntfs3", [2.0], 100),
        ("", [2.0] * 19, 1),
        ("", [float(2 * n) for n in range(20)], 2 * SECOND),
        ("", [float(n) for n in range(20)], SECOND),
        ("", [n + 0.0000001 for n in range(20)], 100),
        ("", [n + 0.000000001 for n in range(20)], 1),
    ],
)
def test_resolution(kind: str, seconds: list[float], expected: int) -> None:
    if not kind and seconds[0] == 1e-9:
        found = {b"%d" % n: pack(status(mtime=n * SECOND + 1), True) for n in range(20)}
    else:
        found = times(*seconds)
    assert disks.resolution_ns(Disk(1, kind, True), found) == expected


def test_folding_is_tried_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "Name.jpg", "x")
    names = {b"Name.jpg": b""}
    really = (tmp_path / "nAME.JPG").exists()
    assert disks.folds(Disk(1, "", True), os.fspath(tmp_path), names) is really
    original = os.lstat
    monkeypatch.setattr(os, "lstat", lambda path: original(os.fsencode(path).replace(b"nAME.JPG", b"Name.jpg")))
    assert disks.folds(Disk(1, "ext4", True), os.fspath(tmp_path), names)


def test_two_spellings_that_both_stand_prove_nothing(tmp_path: Path) -> None:
    assert not disks.folds(Disk(1, "ext4", True), os.fspath(tmp_path), {b"a": b"", b"A": b"", b"1": b""})
    assert disks.folds(Disk(1, "vfat", True), os.fspath(tmp_path), {b"1.2": b""})


def test_the_kind_of_a_real_disk(tmp_path: Path) -> None:
    found = disks.disk_of(os.fspath(tmp_path))
    assert found.device == os.stat(tmp_path).st_dev
    if os.path.exists("/proc/self/mountinfo"):
        assert found.kind
        assert disks._unescaped(b"/media/my\\040disk\\134x") == b"/media/my disk\\x"


# --- reading --------------------------------------------------------------------------------------------------------


def tasks_for(root: Path) -> list[Task]:
    found = scan(root)
    found.looks = dict(sorted(found.looks.items()))
    return [
        Task(Side.SOURCE, path, os.path.join(os.fsencode(root), path), look, True)
        for path, look in found.looks.items()
        if packed_stats.is_leaf(look)
    ]


def read(tasks: Sequence[Task | reading.Pair], control: Control | None = None, threads: int = 3) -> Found:
    found = Found()
    with run_context(control=control, workers=threads) as context:
        read_all(tasks, found, context)
    return found


def test_digests(tmp_path: Path) -> None:
    import hashlib

    data = {"empty": b"", "one": b"x", "big": os.urandom(reading.CHUNK * 2 + 17)}
    for name, content in data.items():
        put(tmp_path, name, content)
    found = read(tasks_for(tmp_path))
    expected = {(Side.SOURCE, name.encode()): hashlib.sha256(content).hexdigest() for name, content in data.items()}
    assert found.digests == expected and found.unread == {}


def test_what_changed_since_the_scan_has_no_digest(tmp_path: Path) -> None:
    place = put(tmp_path, "a", "abc")
    tasks = tasks_for(tmp_path)
    place.write_bytes(b"abcd")
    (problem,) = read(tasks).unread.values()
    assert "it changed, or is still being written" in problem.why and problem.path == os.fspath(place)


def test_what_vanished_or_became_a_link_has_no_digest(tmp_path: Path) -> None:
    put(tmp_path, "a", "abc")
    put(tmp_path, "b", "abc")
    tasks = tasks_for(tmp_path)
    (tmp_path / "a").unlink()
    (tmp_path / "b").unlink()
    (tmp_path / "b").symlink_to("/etc/passwd")
    found = read(tasks)
    assert found.digests == {}
    assert {problem.why for problem in found.unread.values()} == {
        "it is no longer there",
        "it is a link, and links are not followed here",
    }


def test_a_pipe_that_took_the_place_of_a_file_stops_nobody(tmp_path: Path) -> None:
    place = put(tmp_path, "a", "abc")
    tasks = tasks_for(tmp_path)
    place.unlink()
    os.mkfifo(place)
    assert len(read(tasks).unread) == 1


def test_what_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "a", "abc").chmod(0)
    put(tmp_path, "b", "abc")
    with without_privileges(tmp_path) as call:
        found = call(lambda: read(tasks_for(tmp_path)))
    assert set(found.digests) == {(Side.SOURCE, b"b")}
    assert found.unread[Side.SOURCE, b"a"].why == "no permission"


def test_two_files_are_compared_to_the_first_difference(tmp_path: Path) -> None:
    size = 3 * reading.COMPARED + 5
    for name in ("one", "two"):
        put(tmp_path, f"{name}/same", b"x" * size)
        put(tmp_path, f"{name}/last", b"x" * size + name[-1:].encode())
        put(tmp_path, f"{name}/first", name[-1:].encode() + b"x" * size)
        put(tmp_path, f"{name}/empty", b"")
    pairs = list(zip(tasks_for(tmp_path / "one"), tasks_for(tmp_path / "two"), strict=True))
    found = read(pairs)
    assert found.different == {b"last", b"first"} and found.unread == {}
    shared = {b"same": hashlib.sha256(b"x" * size).hexdigest(), b"empty": hashlib.sha256().hexdigest()}
    assert found.digests == {(Side.SOURCE, path): digest for path, digest in shared.items()}  # the tasks' own side
    (tmp_path / "two/same").write_bytes(b"changed")
    (tmp_path / "one/last").unlink()
    found = read(pairs)
    assert {problem.path for problem in found.unread.values()} == {
        os.fspath(tmp_path / "two/same"),
        os.fspath(tmp_path / "one/last"),
    }
    assert found.different == {b"first"} and {path for _, path in found.digests} == {b"empty"}


def test_reading_can_be_stopped_and_keeps_what_it_has(tmp_path: Path) -> None:
    for number in range(50):
        put(tmp_path, str(number), b"x" * 100)
    control, found = Control(), Found()

    class StopAtTen(Reporter):
        def advance(self, items: int = 1, size: int = 0, current: str = "") -> None:
            super().advance(items, size, current)
            if len(found.digests) >= 10:
                control.stop()

    with run_context(StopAtTen(), control, workers=2) as context, pytest.raises(Stopped):
        read_all(tasks_for(tmp_path), found, context)
    assert 10 <= len(found.digests) < 50


def test_reading_can_be_paused(tmp_path: Path) -> None:
    put(tmp_path, "a", b"x" * 100)
    control, found = Control(), Found()
    control.pause()
    with run_context(control=control, workers=1) as context:
        worker = threading.Thread(target=lambda: read_all(tasks_for(tmp_path), found, context))
        worker.start()
        time.sleep(0.05)
        assert found.digests == {}
        control.resume()
        worker.join(10)
    assert len(found.digests) == 1


# --- the memory -----------------------------------------------------------------------------------------------------

LOOK = pack(status(), True)
OTHER = pack(status(st_ino=9), True)


@pytest.fixture
def memory() -> Iterator[SyncMemory]:
    found = SyncMemory.open(None, "/one", "/two")
    yield found
    found.close()


def test_rows_come_back_in_the_order_of_the_folders(memory: SyncMemory) -> None:
    odd = b"caf\xe9\n/\xff"
    memory.agree([Row(odd, LOOK, OTHER, "ab" * 32), Row(b"d", FOLDER_LOOK, FOLDER_LOOK)])
    assert sorted(memory.rows()) == sorted([(odd, LOOK, OTHER), (b"d", FOLDER_LOOK, FOLDER_LOOK)])
    assert memory.contents([odd, b"d", b"unknown"]) == {odd: "ab" * 32}
    turned = SyncMemory.open(None, "/two", "/one")
    assert (odd, OTHER, LOOK) in turned.rows()
    turned.agree((), [odd])
    turned.close()
    assert memory.rows() == [(b"d", FOLDER_LOOK, FOLDER_LOOK)]


def test_pairs_know_nothing_of_each_other(memory: SyncMemory) -> None:
    memory.agree([Row(b"a", LOOK, LOOK)])
    other = SyncMemory.open(None, "/one", "/three")
    assert other.rows() == []
    other.close()


@pytest.mark.parametrize("target", ["f" * 64, "F" * 64, "../x", "caf\udce9", ">" * 32])
def test_the_targets_of_links_are_kept_as_they_are(memory: SyncMemory, target: str) -> None:
    memory.agree([Row(b"l", LOOK, LOOK, target)])
    assert memory.contents([b"l"]) == {b"l": target}


def test_digests_hold_as_long_as_the_look(memory: SyncMemory) -> None:
    memory.read(Side.TARGET, {b"a": (LOOK, "ab" * 32)})
    assert memory.digests(Side.TARGET, {b"a": LOOK}) == {b"a": "ab" * 32}
    assert memory.digests(Side.TARGET, {b"a": OTHER}) == {}
    assert memory.digests(Side.SOURCE, {b"a": LOOK}) == {}


@pytest.mark.slow
def test_thousands_at_once(memory: SyncMemory) -> None:
    rows = [Row(b"%d" % number, LOOK, LOOK, "cd" * 32) for number in range(3000)]
    memory.agree(rows)
    assert len(memory.contents([row.path for row in rows])) == 3000


def test_runs_are_counted_and_old_ones_forgotten(memory: SyncMemory) -> None:
    for number in range(60):
        memory.account(f"2026{number:04}", number)
    assert len(memory.runs()) == 50 and memory.runs()["20260059"] == 59


def test_another_layout_is_begun_anew(memory: SyncMemory) -> None:
    memory.agree([Row(b"a", LOOK, LOOK)])
    memory.close()
    with sqlite3.connect(places.catalog_path()) as database:
        database.execute("UPDATE sync_layout SET number = 999")
    database.close()
    again = SyncMemory.open(None, "/one", "/two")
    assert again.rows() == []
    again.agree([Row(b"a", LOOK, LOOK)])
    assert len(again.rows()) == 1
    again.close()


def test_a_damaged_catalog_is_set_aside(memory: SyncMemory) -> None:
    memory.close()
    place = Path(places.catalog_path())
    for end in ("-wal", "-shm"):
        Path(f"{place}{end}").unlink(missing_ok=True)
    place.write_bytes(b"not a database" * 100)
    again = SyncMemory.open(None, "/one", "/two")
    assert again.rows() == [] and "damaged" in again.notes[0]
    again.agree([Row(b"a", LOOK, LOOK)])
    assert len(again.rows()) == 1
    again.close()


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    place = put(tmp_path, "letter.txt", "Dear Ann")
    with pytest.raises(Refused):
        SyncMemory.open(os.fspath(place), "/one", "/two")
    assert place.read_bytes() == b"Dear Ann"


def test_without_a_place_nothing_is_remembered_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(tmp_path, "file", "")
    monkeypatch.setenv("XDG_DATA_HOME", os.fspath(file / "data"))
    found = SyncMemory.open(None, "/one", "/two")
    found.agree([Row(b"a", LOOK, LOOK)])
    assert any("not remembered" in note or "nothing will be remembered" in note for note in found.notes)
    found.close()


def test_a_memory_that_fails_meanwhile_costs_only_reading(memory: SyncMemory) -> None:
    memory.agree([Row(b"a", LOOK, LOOK)])
    memory.close()
    assert memory.rows() == [] and memory.contents([b"a"]) == {} and memory.runs() == {}
    memory.agree([Row(b"b", LOOK, LOOK)])
    memory.read(Side.SOURCE, {b"b": (LOOK, "x")})
    assert len(memory.notes) == 1 and "can't be used" in memory.notes[0]
