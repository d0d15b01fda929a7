"""Two folders before, two folders after: what a sync does to real files."""

from __future__ import annotations

import os
import shutil
import stat
import unicodedata

import pytest

from image_sync.jobs.sync import packed_stats
from image_sync.jobs.sync.model import Answer, Kind
from image_sync.jobs.sync.request import Deletions
from tests.jobs.sync.running import LONG_AGO, OWN, SECOND, Pair, contents, kept, memory_of, put, settle


def test_both_hold_the_same_afterwards(pair: Pair) -> None:
    put(pair.source, "2021/beach.jpg", "beach")
    put(pair.source, "only here.jpg", "a", age=50)
    put(pair.target, "only there.jpg", "b", age=70)
    put(pair.source, "edited.jpg", "new", age=0)
    put(pair.target, "edited.jpg", "old", age=10)
    put(pair.source, "stale.jpg", "old!", age=10)
    put(pair.target, "stale.jpg", "newer", age=5)
    (pair.target / "empty" / "er").mkdir(parents=True)
    ran = pair.sync()
    assert ran.kinds == {
        "2021": Kind.COPY_TO_TARGET,
        "2021/beach.jpg": Kind.COPY_TO_TARGET,
        "edited.jpg": Kind.UPDATE_TARGET,
        "empty": Kind.COPY_TO_SOURCE,
        "empty/er": Kind.COPY_TO_SOURCE,
        "only here.jpg": Kind.COPY_TO_TARGET,
        "only there.jpg": Kind.COPY_TO_SOURCE,
        "stale.jpg": Kind.UPDATE_SOURCE,
    }
    held = pair.same()
    assert held["edited.jpg"] == ("file", b"new", LONG_AGO)
    assert held["stale.jpg"] == ("file", b"newer", LONG_AGO - 5 * SECOND)
    assert kept(pair.target) == {"edited.jpg": b"old"}
    assert kept(pair.source) == {"stale.jpg": b"old!"}
    pair.quiet()


def test_the_first_run_of_two_equal_folders_touches_nothing(pair: Pair) -> None:
    put(pair.source, "a.jpg", "same", age=5)
    put(pair.target, "a.jpg", "same", age=99)
    before = pair.trees()
    ran = pair.sync()
    assert ran.kinds == {} and ran.done == 0 and ran.review and ran.review.equal == 1
    assert pair.trees() == before, "not even a time"
    pair.quiet()


def test_a_run_that_does_nothing_leaves_nothing_behind(pair: Pair) -> None:
    put(pair.source, "a.jpg", "same")
    shutil.copy2(pair.source / "a.jpg", pair.target / "a.jpg")
    stamps = [os.stat(root).st_mtime_ns for root in (pair.source, pair.target)]
    pair.sync()
    pair.sync()
    assert [os.stat(root).st_mtime_ns for root in (pair.source, pair.target)] == stamps
    assert os.listdir(pair.target) == ["a.jpg"]


def test_permissions_and_times_come_along(pair: Pair) -> None:
    place = put(pair.source, "a.jpg", "x")
    os.utime(place, ns=(LONG_AGO + 5, LONG_AGO + 123_456_789))
    place.chmod(0o640)
    ancient, far = put(pair.target, "1968.jpg", "y"), put(pair.target, "2100.jpg", "z")
    os.utime(ancient, ns=(-40_000_000 * SECOND, -40_000_000 * SECOND + 7))
    os.utime(far, ns=(4_102_444_800 * SECOND, 4_102_444_800 * SECOND + 1))
    pair.sync()
    held = pair.same()
    assert held["a.jpg"][2] == LONG_AGO + 123_456_789
    assert held["1968.jpg"][2] == -40_000_000 * SECOND + 7
    assert held["2100.jpg"][2] == 4_102_444_800 * SECOND + 1
    assert stat.S_IMODE((pair.target / "a.jpg").stat().st_mode) == 0o640
    pair.quiet()


ODD_NAMES = [
    "new\nline.jpg",
    "tab\tand \u202eturn.jpg",
    "\U0001f600 emoji.jpg",
    "n" * 251 + ".jpg",
    "\u00e4" * 127,
    "trailing dot.",
    "trailing space ",
    "-rf",
    "quote'\"\\.jpg",
    "%s{}$(x).jpg",
    "sync_log_1.json",
    ".hidden",
]


@pytest.mark.skipif(os.name == "nt", reason="such names are not allowed there")
def test_names_of_all_kinds(pair: Pair) -> None:
    for number, name in enumerate(ODD_NAMES):
        put(pair.source if number % 2 else pair.target, name, f"{number}")
        put(pair.source, os.path.join("d", name), f"d{number}")
    undecodable = os.path.join(os.fsencode(pair.source), b"caf\xe9 \xff.jpg")
    with open(undecodable, "wb") as stream:
        stream.write(b"bytes")
    ran = pair.sync()
    assert ran.problems == ()
    held = pair.same()
    assert len(held) == 2 * len(ODD_NAMES) + 2
    assert os.path.exists(os.path.join(os.fsencode(pair.target), b"caf\xe9 \xff.jpg"))
    settle()
    put(pair.source, ODD_NAMES[3], "changed", age=-9)
    pair.sync()
    assert pair.same()[ODD_NAMES[3]][1] == b"changed"
    pair.quiet()


def test_a_longest_name_in_conflict_is_kept_twice(pair: Pair) -> None:
    name = "n" * 251 + ".jpg"
    put(pair.source, name, "one")
    put(pair.target, name, "two")
    ran = pair.sync({name: Answer.KEEP_BOTH})
    assert ran.problems == ()
    held = pair.same()
    assert sorted(data for _, data, _ in held.values()) == [b"one", b"two"] and name in held
    assert max(len(path) for path in held) == 255


def test_forms_and_cases_are_names_of_their_own_where_the_disk_says_so(pair: Pair) -> None:
    composed = unicodedata.normalize("NFC", "caf\u00e9.jpg")
    put(pair.source, composed, "one")
    probe = pair.source / unicodedata.normalize("NFD", composed)
    if probe.exists() or (pair.source / composed.upper()).exists():
        pytest.skip("this file system takes them for one")
    put(pair.target, probe.name, "two")
    put(pair.source, "a.jpg", "three")
    put(pair.target, "A.JPG", "four")
    assert pair.sync().problems == ()
    assert len(pair.same()) == 4


@pytest.mark.skipif(os.name == "nt", reason="such names are not allowed there")
def test_folders_of_odd_names(pair: Pair) -> None:
    root = pair.source.parent / os.fsdecode(b"caf\xe9 \n\xff")
    odd = Pair(root / "one", root / "two")
    odd.source.mkdir(parents=True)
    odd.target.mkdir()
    put(odd.source, "a.jpg", "a")
    put(odd.target, "a.jpg", "b", age=5)
    put(odd.target, "b.jpg", "b")
    assert odd.sync().done == 2
    assert odd.same()["a.jpg"][1] == b"a" and kept(odd.target) == {"a.jpg": b"b"}
    settle()
    (odd.target / "b.jpg").unlink()
    assert odd.sync(deletions=Deletions.PROPAGATE).kinds == {"b.jpg": Kind.DELETE_IN_SOURCE}


# --- what happened since --------------------------------------------------------------------------------------------


@pytest.fixture
def synced(pair: Pair) -> Pair:
    """Two folders in step."""
    for name in ("a.jpg", "b.jpg", "trip/c.jpg", "trip/d.jpg"):
        put(pair.source, name, f"content of {name}", age=100)
    put(pair.target, "e.jpg", "content of e.jpg", age=200)
    pair.sync()
    settle()
    return pair


def test_nothing_is_read_again(synced: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    from image_sync.jobs.sync import reading

    def forbidden(*_: object) -> None:
        raise AssertionError("a file was read")

    monkeypatch.setattr(reading, "_read_into", forbidden)
    synced.quiet()


def test_a_silent_change_is_seen(synced: Pair) -> None:
    place = synced.target / "a.jpg"
    before = place.stat()
    with open(place, "r+b") as stream:
        stream.write(b"C")
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    now = place.stat()
    assert (now.st_size, now.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert synced.sync().kinds == {"a.jpg": Kind.UPDATE_SOURCE}
    assert synced.same()["a.jpg"][1] == b"Content of a.jpg"
    assert kept(synced.source) == {"a.jpg": b"content of a.jpg"}
    synced.quiet()


def test_a_touch_is_no_change(synced: Pair) -> None:
    os.utime(synced.source / "a.jpg")
    before = synced.trees()
    assert synced.sync().kinds == {}
    assert synced.trees() == before
    synced.quiet()


def test_another_mode_is_no_change(synced: Pair) -> None:
    (synced.source / "a.jpg").chmod(0o600)
    assert synced.sync().kinds == {}


def test_a_deleted_file_comes_back(synced: Pair) -> None:
    (synced.source / "a.jpg").unlink()
    shutil.rmtree(synced.target / "trip")
    before = contents(synced.source, synced.target)
    assert synced.sync().kinds == {
        "a.jpg": Kind.COPY_TO_SOURCE,
        "trip": Kind.COPY_TO_TARGET,
        "trip/c.jpg": Kind.COPY_TO_TARGET,
        "trip/d.jpg": Kind.COPY_TO_TARGET,
    }
    assert len(synced.same()) == 6
    assert contents(synced.source, synced.target) == before
    synced.quiet()


def test_a_deletion_can_be_carried_over(synced: Pair) -> None:
    (synced.source / "a.jpg").unlink()
    shutil.rmtree(synced.target / "trip")
    ran = synced.sync(deletions=Deletions.PROPAGATE, max_delete=0.8)
    assert ran.kinds == {
        "a.jpg": Kind.DELETE_IN_TARGET,
        "trip": Kind.DELETE_IN_SOURCE,
        "trip/c.jpg": Kind.DELETE_IN_SOURCE,
        "trip/d.jpg": Kind.DELETE_IN_SOURCE,
    }
    assert sorted(synced.same()) == ["b.jpg", "e.jpg"]
    assert kept(synced.target) == {"a.jpg": b"content of a.jpg"}
    assert kept(synced.source).keys() == {"trip/c.jpg", "trip/d.jpg"}
    synced.quiet(deletions=Deletions.PROPAGATE)


def test_a_deletion_can_be_asked_about(synced: Pair) -> None:
    (synced.source / "a.jpg").unlink()
    (synced.target / "b.jpg").unlink()
    ran = synced.sync({"a.jpg": Answer.SOURCE}, deletions=Deletions.ASK)
    assert ran.kinds == {"a.jpg": Kind.DELETE_IN_TARGET, "b.jpg": Kind.DELETION}
    assert not (synced.target / "a.jpg").exists() and (synced.source / "b.jpg").exists()
    assert synced.sync(deletions=Deletions.ASK).kinds == {"b.jpg": Kind.DELETION}


@pytest.mark.parametrize("deletions", list(Deletions))
def test_a_deletion_against_a_change_keeps_the_change(synced: Pair, deletions: Deletions) -> None:
    (synced.source / "a.jpg").unlink()
    put(synced.target, "a.jpg", "changed", age=-5)
    assert synced.sync(deletions=deletions).kinds == {"a.jpg": Kind.COPY_TO_SOURCE}
    assert synced.same()["a.jpg"][1] == b"changed"
    synced.quiet(deletions=deletions)


def test_both_changed_the_newer_wins_and_the_older_is_kept(synced: Pair) -> None:
    put(synced.source, "a.jpg", "mine", age=1)
    put(synced.target, "a.jpg", "yours", age=2)
    ran = synced.sync()
    assert ran.review and "both sides" in ran.review.decisions[0].why
    assert synced.same()["a.jpg"][1] == b"mine"
    assert kept(synced.target) == {"a.jpg": b"yours"}


def test_a_moved_file_is_moved_and_not_copied(synced: Pair) -> None:
    inode = (synced.target / "trip/c.jpg").stat().st_ino
    (synced.source / "2022").mkdir()
    (synced.source / "trip/c.jpg").rename(synced.source / "2022/best.jpg")
    ran = synced.sync()
    assert ran.kinds == {"2022": Kind.COPY_TO_TARGET, "2022/best.jpg": Kind.RENAME_IN_TARGET}
    assert (synced.target / "2022/best.jpg").stat().st_ino == inode
    assert "trip/c.jpg" not in synced.same()
    synced.quiet()


def test_a_renamed_folder_is_renamed(synced: Pair) -> None:
    (synced.target / "trip").rename(synced.target / "voyage")
    assert set(synced.sync().kinds.values()) == {
        Kind.RENAME_IN_SOURCE,
        Kind.COPY_TO_SOURCE,
        Kind.DELETE_IN_SOURCE,
    }
    assert sorted(synced.same()) == ["a.jpg", "b.jpg", "e.jpg", "voyage", "voyage/c.jpg", "voyage/d.jpg"]
    assert kept(synced.source) == {}
    synced.quiet()


def test_a_change_of_case_alone(synced: Pair) -> None:
    (synced.source / "a.jpg").rename(synced.source / "A.JPG")
    assert synced.sync().kinds == {"A.JPG": Kind.RENAME_IN_TARGET}
    assert "A.JPG" in synced.same() and "a.jpg" not in synced.same()
    synced.quiet()


def test_the_order_of_the_two_folders_is_of_no_importance(synced: Pair) -> None:
    turned = Pair(synced.target, synced.source)
    turned.quiet()
    (synced.source / "a.jpg").unlink()
    assert turned.sync(deletions=Deletions.PROPAGATE).kinds == {"a.jpg": Kind.DELETE_IN_SOURCE}


def test_without_the_memory_nothing_is_deleted(synced: Pair, home: os.PathLike[str]) -> None:
    (synced.source / "a.jpg").unlink()
    (synced.source / "b.jpg").rename(synced.source / "z.jpg")
    shutil.rmtree(os.path.join(home, "data"))
    ran = synced.sync(deletions=Deletions.PROPAGATE)
    assert ran.kinds == {
        "a.jpg": Kind.COPY_TO_SOURCE,
        "b.jpg": Kind.COPY_TO_SOURCE,
        "z.jpg": Kind.COPY_TO_TARGET,
    }
    synced.quiet()


def test_what_was_undone_is_no_deletion(synced: Pair) -> None:
    from image_sync.apply.undo import undo

    before = synced.trees()
    put(synced.source, "new.jpg", "new")
    put(synced.source, "a.jpg", "changed", age=-9)
    (synced.source / "b.jpg").unlink()
    planned = synced.sync(deletions=Deletions.PROPAGATE, dry_run=True).kinds
    ran = synced.sync(deletions=Deletions.PROPAGATE)
    assert ran.result
    undo(ran.result.run)
    assert (synced.target / "b.jpg").exists() and not (synced.target / "new.jpg").exists()
    assert synced.trees()[1] == before[1]
    ran = synced.sync(deletions=Deletions.PROPAGATE)
    assert (
        ran.kinds
        == planned
        == {
            "a.jpg": Kind.UPDATE_TARGET,
            "b.jpg": Kind.DELETE_IN_TARGET,
            "new.jpg": Kind.COPY_TO_TARGET,
        }
    )
    assert (synced.source / "new.jpg").read_bytes() == b"new", "an undone copy must not look deleted"
    synced.quiet()


def test_bytes_that_nobody_wrote_are_found_by_verify(synced: Pair) -> None:
    """A disk can't be made to rot here; so what is remembered of the content is another than what the disk holds."""
    from image_sync.jobs.sync.memory import Row

    memory = memory_of(synced.source, synced.target)
    rows = {path: (source, target) for path, source, target in memory.rows()}
    known = memory.contents(list(rows))
    assert len(known[b"a.jpg"]) == 64, "what was copied was summed up on the way"
    memory.agree([Row(b"a.jpg", *rows[b"a.jpg"], "0" * 64)])
    memory.close()
    put(synced.target, "b.jpg", "changed", age=-5)
    assert synced.sync(dry_run=True).kinds == {"b.jpg": Kind.UPDATE_SOURCE}
    assert synced.sync(dry_run=True, verify=True).kinds == {"b.jpg": Kind.UPDATE_SOURCE}, "both sides still agree"
    memory = memory_of(synced.source, synced.target)
    place = synced.target / "a.jpg"
    before = place.stat()
    place.write_bytes(b"C" + place.read_bytes()[1:])
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    settle()
    look = packed_stats.pack(os.lstat(place), True)
    memory.agree([Row(b"a.jpg", rows[b"a.jpg"][0], look, known[b"a.jpg"])])
    memory.close()
    assert synced.sync(dry_run=True).kinds == {"b.jpg": Kind.UPDATE_SOURCE}
    ran = synced.sync(verify=True)
    assert ran.kinds == {"a.jpg": Kind.CONFLICT, "b.jpg": Kind.UPDATE_SOURCE}
    assert ran.review and "the disk may be failing" in ran.review.conflicts[0].why
    assert (synced.source / "a.jpg").read_bytes() == b"content of a.jpg"


# --- conflicts ------------------------------------------------------------------------------------------------------


def test_an_open_conflict_is_left_and_found_again(pair: Pair) -> None:
    put(pair.source, "a.jpg", "one")
    put(pair.target, "a.jpg", "two")
    before = pair.trees()
    assert pair.sync().kinds == {"a.jpg": Kind.CONFLICT}
    assert pair.trees() == before
    assert pair.sync().kinds == {"a.jpg": Kind.CONFLICT}


@pytest.mark.parametrize("first", [{}, {"dry_run": True}])
def test_what_was_compared_is_not_read_again(
    pair: Pair, first: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    from image_sync.jobs.sync import reading

    for name, here, there in (("c.jpg", "one", "two"), ("s.jpg", "same", "same"), ("l.jpg", "longer", "shorter")):
        put(pair.source, name, here)
        put(pair.target, name, there, age=5 if name == "s.jpg" else 0)
    settle()
    expected = {"c.jpg": Kind.CONFLICT, "l.jpg": Kind.CONFLICT}
    assert pair.sync(**first).kinds == expected
    with monkeypatch.context() as patched:
        patched.setattr(reading, "_read_into", None)
        ran = pair.sync()
    assert ran.kinds == expected and ran.review and ran.review.equal == 1
    put(pair.source, "c.jpg", "two", age=-1)
    assert pair.sync().kinds == {"l.jpg": Kind.CONFLICT}, "a touched file is compared anew"


@pytest.mark.parametrize(
    ("answer", "held"),
    [
        ("source", {"a.jpg": b"one"}),
        ("target", {"a.jpg": b"two"}),
        ("keep-both", {"a.jpg": b"one", "a (conflict 2 2020-09-13).jpg": b"two"}),
    ],
)
def test_conflicts_answered_beforehand(pair: Pair, answer: str, held: dict[str, bytes]) -> None:
    put(pair.source, "a.jpg", "one")
    put(pair.target, "a.jpg", "two")
    pair.sync(resolution=answer)
    assert {path: data for path, (_, data, _) in pair.same().items()} == held
    assert contents(pair.source, pair.target) == {b"one", b"two"}
    pair.quiet()


def test_a_newer_empty_file_never_wins_by_itself(pair: Pair) -> None:
    put(pair.source, "a.jpg", "")
    put(pair.target, "a.jpg", "picture", age=100)
    assert pair.sync().kinds == {"a.jpg": Kind.CONFLICT}
    assert (pair.target / "a.jpg").read_bytes() == b"picture"


@pytest.mark.parametrize("answer", list(Answer))
def test_a_file_against_a_folder(pair: Pair, answer: Answer) -> None:
    put(pair.source, "x", "file")
    put(pair.target, "x/in/a.jpg", "inside")
    (pair.target / "x/empty").mkdir()
    ran = pair.sync({"x": answer})
    assert ran.problems == ()
    assert contents(pair.source, pair.target) == {b"file", b"inside"}
    if answer is Answer.SKIP:
        assert (pair.source / "x").is_file() and (pair.target / "x").is_dir()
        return
    held = pair.same()
    assert (held["x"][0] == "file") is (answer is Answer.SOURCE)
    assert ("x/in/a.jpg" in held) is (answer is not Answer.SOURCE)
    pair.quiet()


# --- what is not synced ---------------------------------------------------------------------------------------------


def test_pipes_and_sockets_are_named_and_left(pair: Pair) -> None:
    os.mkfifo(pair.source / "pipe")
    put(pair.source, "a.jpg", "x")
    ran = pair.sync()
    assert ran.problems == () and ran.review and "pipe" in " ".join(ran.review.notes)
    assert os.listdir(pair.target) == ["a.jpg"]


def test_a_pipe_in_the_way_is_a_problem(pair: Pair) -> None:
    os.mkfifo(pair.source / "a.jpg")
    put(pair.target, "a.jpg", "x")
    put(pair.target, "b.jpg", "y")
    ran = pair.sync()
    assert [problem.path for problem in ran.problems] == [os.fspath(pair.source / "a.jpg")]
    assert (pair.source / "b.jpg").exists()


def test_litter_and_our_own_stay_where_they_are(pair: Pair) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._a.jpg", ".image-sync-20200101-000000-aaaa-1.part"):
        put(pair.source, f"d/{name}", "litter")
    put(pair.source, f"{OWN}/versions/x/a.jpg", "kept")
    put(pair.source, "d/a.jpg", "x")
    pair.sync()
    assert sorted(os.listdir(pair.target / "d")) == ["a.jpg"]
    assert not (pair.target / OWN).exists()
    pair.sync(litter=True)
    assert sorted(os.listdir(pair.target / "d")) == [".DS_Store", "._a.jpg", "Thumbs.db", "a.jpg", "desktop.ini"]


def test_patterns(pair: Pair) -> None:
    for path in ("a.jpg", "a.txt", "raw/b.cr2", "raw/c.jpg", "Raw/no.jpg", "deep/tmp/d.jpg"):
        put(pair.source, path, path)
    (pair.source / "empty").mkdir()
    pair.sync(include=("*.jpg",), exclude=("tmp", "raw/*"))
    assert sorted(pair.trees()[1]) == ["a.jpg"]
    pair.sync(include=("deep",))
    assert "deep/tmp/d.jpg" in pair.trees()[1]
    pair.sync(exclude=("*.txt",))
    assert "empty" in pair.trees()[1] and "a.txt" not in pair.trees()[1]


def test_what_a_pattern_leaves_out_is_not_gone(synced: Pair) -> None:
    ran = synced.sync(exclude=("*.jpg",), deletions=Deletions.PROPAGATE)
    assert ran.kinds == {} and not ran.refused
    (synced.source / "a.jpg").unlink()
    assert synced.sync(deletions=Deletions.PROPAGATE).kinds == {"a.jpg": Kind.DELETE_IN_TARGET}, "still remembered"


def test_pictures_and_what_belongs_to_them_alone(pair: Pair) -> None:
    for name in ("a.jpg", "a.jpg.xmp", "b.MOV", "c.cr2", "c.aae", "notes.txt", "d.heic", "prog.exe"):
        put(pair.source, f"d/{name}", name)
    (pair.source / "empty").mkdir()
    pair.sync(images_only=True)
    assert sorted(pair.trees()[1]) == ["d", "d/a.jpg", "d/a.jpg.xmp", "d/b.MOV", "d/c.aae", "d/c.cr2", "d/d.heic"]
    pair.quiet(images_only=True)


# --- links ----------------------------------------------------------------------------------------------------------


def test_links_are_copied_as_links(pair: Pair) -> None:
    outside = put(pair.source.parent, "outside/secret.jpg", "secret")
    put(pair.source, "d/a.jpg", "x")
    (pair.source / "to file").symlink_to("d/a.jpg")
    (pair.source / "to folder").symlink_to("d")
    (pair.source / "dangling").symlink_to("nowhere")
    (pair.source / "loop").symlink_to("loop")
    (pair.source / "up").symlink_to("..")
    (pair.target / "out").symlink_to(outside.parent)
    ran = pair.sync()
    assert ran.problems == ()
    held = pair.same()
    links = {path: data for path, (kind, data, _) in held.items() if kind == "link"}
    assert links == {
        "to file": "d/a.jpg",
        "to folder": "d",
        "dangling": "nowhere",
        "loop": "loop",
        "up": "..",
        "out": os.fspath(outside.parent),
    }
    assert len(held) == 8
    settle()
    pair.quiet()


def test_a_link_that_points_elsewhere_now(pair: Pair) -> None:
    (pair.source / "l").symlink_to("one")
    pair.sync()
    settle()
    (pair.target / "l").unlink()
    (pair.target / "l").symlink_to("two")
    assert pair.sync().kinds == {"l": Kind.UPDATE_SOURCE}
    assert os.readlink(pair.source / "l") == "two"
    (pair.source / "l").rename(pair.source / "m")
    assert pair.sync().kinds == {"m": Kind.RENAME_IN_TARGET}
    (pair.source / "m").unlink()
    assert pair.sync(deletions=Deletions.PROPAGATE, max_delete=1.0).kinds == {"m": Kind.DELETE_IN_TARGET}
    assert pair.same() == {}
    pair.quiet()


def test_nothing_is_written_through_a_link(pair: Pair) -> None:
    outside = pair.source.parent / "outside"
    outside.mkdir()
    put(pair.source, "d/a.jpg", "x")
    (pair.target / "d").symlink_to(outside)
    assert pair.sync().kinds == {"d": Kind.CONFLICT}
    assert list(outside.iterdir()) == []
    assert pair.sync({"d": Answer.TARGET}).problems == ()
    assert os.readlink(pair.source / "d") == os.fspath(outside)
    assert kept(pair.source) == {"d/a.jpg": b"x"}


def test_what_was_done_to_links_is_undone(pair: Pair) -> None:
    from image_sync.apply.undo import undo

    (pair.source / "l").symlink_to("one")
    (pair.source / "k").symlink_to("kept")
    pair.sync()
    settle()
    (pair.source / "l").unlink()
    (pair.source / "l").symlink_to("two")
    (pair.source / "k").unlink()
    (pair.source / "n").symlink_to("new")
    before = pair.trees()
    ran = pair.sync(deletions=Deletions.PROPAGATE, max_delete=1.0)
    assert ran.result and ran.result.problems == () and len(pair.same()) == 2
    assert undo(ran.result.run).problems == ()
    assert pair.trees() == before


def test_a_folder_keeps_its_permissions(pair: Pair) -> None:
    put(pair.source, "private/a.jpg", "x")
    (pair.source / "private").chmod(0o700)
    (pair.source / "empty").mkdir(mode=0o750)
    (pair.source / "empty").chmod(0o750)
    pair.sync()
    assert stat.S_IMODE((pair.target / "private").stat().st_mode) == 0o700
    assert stat.S_IMODE((pair.target / "empty").stat().st_mode) == 0o750
