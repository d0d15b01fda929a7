"""Filters that all jobs share: what is typed, what is refused, and that no job touches what they leave out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_sync.cli import main
from image_sync.inventory.kind_words import UnknownKind, suffixes_of
from image_sync.jobs import filters
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync.request import Deletions, SyncRequest
from tests.jobs.sync.running import Pair
from tests.pictures_made import save, scene
from tests.trees import files, snapshot

SECOND = 10**9
REQUESTS = [OrganizeRequest(("a",), "b"), SyncRequest("a", "b"), ImportRequest("a", "b")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("  ", None),
        ("1h", 1_000_000 - 3600),
        ("7d", 1_000_000 - 7 * 86400),
        ("2 W", 1_000_000 - 14 * 86400),
        ("1y", 1_000_000 - 365 * 86400),
        ("2024-01-31", datetime(2024, 1, 31).timestamp()),
        ("2024-01-31T18:00", datetime(2024, 1, 31, 18).timestamp()),
        ("2024-01-31T18:00:00+00:00", 1706724000),
    ],
)
def test_a_moment(text: str, expected: float | None) -> None:
    assert filters.moment(text, 1_000_000.0) == (None if expected is None else round(expected * SECOND))


@pytest.mark.parametrize("text", ["yesterday", "7", "7m", "-1d", "2024-13-01", "１d", "9999999d"])
def test_what_is_no_moment_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is no time; write it as a day"):
        filters.moment(text, 1_000_000.0)


@pytest.mark.parametrize(
    ("texts", "has", "lacks"),
    [
        (("raw,heic",), {".cr2", ".dng", ".heic", ".heif"}, {".jpg"}),
        (("JPEG",), {".jpg", ".jpeg"}, {".png"}),
        (("video", "*.png"), {".mov", ".png"}, {".jpg"}),
        (("picture",), {".jpg", ".cr2"}, {".mov", ".xmp"}),
        (("cr2 .nef",), {".cr2", ".nef"}, {".dng"}),
        (("jxl",), {".jxl"}, {".jpg"}),
    ],
)
def test_kinds(texts: tuple[str, ...], has: set[str], lacks: set[str]) -> None:
    found = suffixes_of(texts) or frozenset()
    assert has <= found and not lacks & found


def test_no_kind_is_all_kinds_and_an_unknown_one_is_told() -> None:
    assert suffixes_of(()) is None and suffixes_of((" , ",)) is None
    with pytest.raises(UnknownKind, match="“spoon” is no kind of file; there are picture, raw, movie"):
        suffixes_of(("raw,spoon",))


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize(
    ("choice", "field", "words"),
    [
        ({"newer": "soon"}, "newer", "is no time"),
        ({"older": "soon"}, "older", "is no time"),
        ({"only_kinds": ("spoon",)}, "only_kinds", "is no kind of file"),
        ({"minimum_size": 20, "maximum_size": 10}, "maximum_size", "No file is larger than 20 bytes and no larger"),
        ({"maximum_size": -1}, "maximum_size", "A size is a number of bytes"),
        ({"depth": -1}, "depth", "1 or more"),
    ],
)
def test_every_job_tells_mistakes(request_: object, choice: dict[str, object], field: str, words: str) -> None:
    from dataclasses import replace

    wanted = replace(request_, **choice)  # type: ignore[type-var]
    assert words in filters.mistakes(wanted)[field]  # type: ignore[arg-type]


# --- on the command line ---------------------------------------------------------------------------------------------

NAMES = ("a.jpg", "b.png", ".hidden.jpg", "deep/c.jpg", "deep/deeper/d.jpg", "old.jpg", "big.png", "e.cr2")
OLD = datetime(2001, 2, 3).timestamp()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """One picture of each name; ``old.jpg`` is of 2001, ``big.png`` large; ``e.cr2`` is no more than a name."""
    root = tmp_path / "in"
    for number, name in enumerate(NAMES):
        size = (640, 480) if name == "big.png" else (80, 60)
        save(scene(100 + number, size), (root / name).with_suffix(".jpg" if name == "e.cr2" else Path(name).suffix))
        if name == "e.cr2":
            os.replace(root / "e.jpg", root / name)
        os.utime(root / name, (OLD, OLD) if name == "old.jpg" else None)
    return root


CHOICES = [
    (["--max-size", "60k"], set(NAMES) - {"big.png"}),
    (["--min-size", "60k"], {"big.png"}),
    (["--newer", "1d"], set(NAMES) - {"old.jpg"}),
    (["--older", "2001-02-04"], {"old.jpg"}),
    (["--depth", "1"], {name for name in NAMES if "/" not in name}),
    (["--depth", "2"], set(NAMES) - {"deep/deeper/d.jpg"}),
    (["--no-hidden"], set(NAMES) - {".hidden.jpg"}),
    (["--hidden"], set(NAMES)),
    (["--kinds", "png,raw"], {"b.png", "big.png", "e.cr2"}),
    (["--kinds", "png", "--kinds", "cr2", "--max-size", "60k"], {"b.png", "e.cr2"}),
]
JOBS: dict[str, Callable[[Path], list[str]]] = {
    "organize": lambda root: ["organize", str(root / "in"), str(root / "out"), "--copy"],
    "import": lambda root: ["import", str(root / "in"), str(root / "out"), "--copy"],
    "sync": lambda root: ["sync", str(root / "in"), str(root / "out")],
}


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize(("options", "expected"), CHOICES, ids=[" ".join(one) for one, _ in CHOICES])
def test_each_filter_in_each_job(
    pictures: Path, tmp_path: Path, job: str, options: list[str], expected: set[str]
) -> None:
    (tmp_path / "out").mkdir()
    before = snapshot(pictures)
    report = tmp_path / "report.json"
    code = main([*JOBS[job](tmp_path), *options, "--json", str(report)])
    assert code in (0, 1), "a picture that is called RAW is a problem, and no more"
    operations = json.loads(report.read_text())["plan"]["operations"]
    taken = {os.path.relpath(one["source"], pictures) for one in operations if one["action"] in ("copy", "update")}
    assert taken == expected
    assert snapshot(pictures) == before


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize(("null", "absolute"), [(True, False), (False, True), (False, False)])
def test_listed_files_alone(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: str, null: bool, absolute: bool
) -> None:
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(pictures)
    wanted = ["a.jpg", "deep/c.jpg", "/etc/passwd"]
    names = [os.path.join(pictures, name) for name in wanted] if absolute else wanted
    place, report = tmp_path / "list", tmp_path / "report.json"
    place.write_text(("\0" if null else "\n").join(names) + ("\0" if null else "\n"))
    words = [*JOBS[job](tmp_path), "--files-from", str(place), *(["-0"] if null else []), "--json", str(report)]
    assert main(words) == 0
    read = json.loads(report.read_text())
    assert {os.path.relpath(one["source"], pictures) for one in read["plan"]["operations"] if one["source"]} >= {
        "a.jpg",
        "deep/c.jpg",
    }
    assert sum(name.endswith((".jpg", ".png")) for name in files(tmp_path / "out")) == 2
    assert "1 listed file lies in none of the folders and is left alone: “/etc/passwd”." in read["notes"]


@pytest.mark.parametrize("job", JOBS)
def test_an_empty_list_means_nothing_and_not_everything(pictures: Path, tmp_path: Path, job: str) -> None:  # noqa: ARG001
    (tmp_path / "out").mkdir()
    (tmp_path / "list").touch()
    assert main([*JOBS[job](tmp_path), "--files-from", str(tmp_path / "list")]) == 0
    assert files(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("content", "options", "why"),
    [
        (b"a\0b", [], "has null bytes in it; say -0 if they end the names"),
        (None, [], "can't be read: it is no longer there"),
    ],
)
def test_a_list_that_can_not_be_read_is_refused(
    pictures: Path,  # noqa: ARG001
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    options: list[str],
    why: str,
) -> None:
    place = tmp_path / "list"
    if content is not None:
        place.write_bytes(content)
    assert main([*JOBS["organize"](tmp_path), "--files-from", str(place), *options]) == 2
    assert why in " ".join(capsys.readouterr().err.split())


# --- sync: what is left out never looks deleted ----------------------------------------------------------------------


def test_deletions_are_not_carried_over_beside_size_or_time(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    for option, value in (("--max-size", "1k"), ("--newer", "1d"), ("--older", "1d"), ("--min-size", "1k")):
        assert main(["sync", str(pictures), str(tmp_path / "out"), option, value, "--deletions", "propagate"]) == 2
        assert "Deletions are not carried over while size or time leave files out" in " ".join(
            capsys.readouterr().err.split()
        )
    assert main(["sync", str(pictures), str(tmp_path / "out"), "--kinds", "png", "--deletions", "propagate"]) == 0


PLACES = ("a.jpg", "b.png", "d/a.jpg", "d/e/b.png", ".h.jpg")
CHANGES = ("keep", "delete", "grow", "age", "replace")
FILTERS: list[dict[str, object]] = [
    {"maximum_size": 10},
    {"minimum_size": 10},
    {"newer": "2020-01-01"},
    {"older": "2020-01-01"},
    {"depth": 1},
    {"depth": 2},
    {"hidden": False},
    {"only_kinds": ("jpeg",)},
    {"files": ("a.jpg", "d/a.jpg")},
]
NOW, THEN = datetime(2024, 5, 6).timestamp(), datetime(2010, 5, 6).timestamp()


def put(place: Path, content: bytes, when: float) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    os.utime(place, (when, when))


def change(place: Path, how: str, number: int) -> None:
    if not place.exists() or how == "keep":
        return
    if how == "delete":
        place.unlink()
    elif how == "grow":
        put(place, b"grown %d" % number * 4, NOW + number)
    elif how == "age":
        os.utime(place, (THEN, THEN))
    else:
        put(place, b"new %d" % number, NOW + 5 + number)


def left_out(choice: dict[str, object], path: str, roots: tuple[Path, Path]) -> bool:
    """Whether the filter leaves the path out by what stands on either side; made of the words of the help."""
    for root in roots:
        place = root / path
        if not place.exists():
            continue
        status = place.stat()
        border = datetime(2020, 1, 1).timestamp()
        rules = {
            "maximum_size": status.st_size > 10,
            "minimum_size": status.st_size < 10,
            "newer": status.st_mtime < border,
            "older": status.st_mtime >= border,
            "depth": path.count("/") >= int(str(choice.get("depth", 9))),
            "hidden": any(part.startswith(".") for part in path.split("/")),
            "only_kinds": not path.endswith(".jpg"),
            "files": path not in ("a.jpg", "d/a.jpg"),
        }
        if any(rules[name] for name in choice):
            return True
    return False


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    choice=st.sampled_from(FILTERS),
    changes=st.lists(st.tuples(st.sampled_from(CHANGES), st.sampled_from(CHANGES)), min_size=5, max_size=5),
    deletions=st.sampled_from(Deletions),
)
def test_what_is_left_out_is_as_it_was_on_both_sides(
    tmp_path_factory: pytest.TempPathFactory,
    choice: dict[str, object],
    changes: list[tuple[str, str]],
    deletions: Deletions,
) -> None:
    root = tmp_path_factory.mktemp("sync")
    one, two = root / "one", root / "two"
    two.mkdir()
    for number, path in enumerate(PLACES):
        put(one / path, b"content %d" % number, NOW if number % 2 else THEN)
    pair = Pair(one, two)
    assert pair.sync().done
    for number, (path, (here, there)) in enumerate(zip(PLACES, changes, strict=True)):
        change(one / path, here, number)
        change(two / path, there, number + 10)
    out = [path for path in PLACES if left_out(choice, path, (one, two))]
    chosen = dict(choice)
    if "files" in chosen:
        chosen["files"] = tuple(str(one / path) for path in ("a.jpg", "d/a.jpg"))
    request = SyncRequest(str(one), str(two), deletions=deletions, **chosen)  # type: ignore[arg-type]
    if request.by_stamp and deletions is Deletions.PROPAGATE:
        return
    before = [{path: tree.get(path) for path in out} for tree in (snapshot(one), snapshot(two))]
    ran = pair.sync(deletions=deletions, max_delete=1.0, **chosen)
    assert not ran.refused and ran.review is not None
    touched = {
        os.path.relpath(place, root)
        for one_of in ran.review.plan.operations
        for root in (one, two)
        for place in (one_of.source, one_of.destination)
        if place.startswith(f"{root}{os.sep}")
    }
    assert not touched & set(out) and not ran.kinds.keys() & set(out)
    assert [{path: tree.get(path) for path in out} for tree in (snapshot(one), snapshot(two))] == before


def test_what_is_left_out_is_remembered_for_the_next_sync(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    two.mkdir()
    put(one / "big.jpg", b"more than ten bytes", THEN)
    put(one / "small.jpg", b"few", THEN)
    pair = Pair(one, two)
    assert pair.sync().done == 2
    (one / "big.jpg").unlink()
    assert pair.sync(maximum_size=10).done == 0
    assert (two / "big.jpg").exists()
    assert pair.sync(deletions=Deletions.PROPAGATE).done == 1, "it is gone from one side, and not new on the other"
    assert files(one) == ["small.jpg"] and not (two / "big.jpg").exists()
