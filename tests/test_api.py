"""The public face: its names, its functions on good and bad input, and the examples of its document."""

from __future__ import annotations

import ast
import doctest
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import image_sync
from image_sync import Engine, ImportRequest, Level, OrganizeRequest, Refused, Sameness, SyncRequest, api
from tests.pictures_made import edited, save, scene

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """The engine that the functions share belongs to one test's home."""
    yield
    api.close()


@pytest.fixture
def world(tmp_path: Path) -> dict[str, str]:
    phone, backup = tmp_path / "phone", tmp_path / "backup"
    save(scene(1), backup / "trips" / "beach.png", 1e9)
    save(edited(scene(1)), phone / "IMG_0001.jpg", 1.1e9, quality=80)
    save(scene(2), backup / "tower.jpg", 1e9, quality=95)
    (phone / "tower copy.jpg").write_bytes((backup / "tower.jpg").read_bytes())
    save(scene(3), phone / "cat.webp", 1.2e9)
    save(scene(4), backup / "dog.gif", 1.2e9)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "library").mkdir()
    names = {"phone": phone, "backup": backup, "sorted_folder": tmp_path / "sorted", "notes": tmp_path / "notes.txt"}
    return {
        name: os.fspath(path) for name, path in {**names, "library": tmp_path / "library", "place": tmp_path}.items()
    }


def test_every_public_name_is_there_and_says_what_it_is() -> None:
    assert sorted(image_sync.__all__) == sorted({"__version__", *image_sync._NAMES})
    for name in image_sync.__all__:
        found = getattr(image_sync, name)
        assert found is not None
        if isinstance(found, type) or callable(found):
            assert found.__doc__, name
    assert set(image_sync.__all__) <= set(dir(image_sync))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = image_sync.no_such_name


def test_the_stub_says_of_each_name_where_it_is_loaded_from() -> None:
    tree = ast.parse((ROOT / "image_sync" / "__init__.pyi").read_text(encoding="utf-8"))
    typed = {
        alias.asname: (str(node.module).removeprefix("image_sync."), alias.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    # What is called is a function, what is loaded the package that can be called.
    assert typed == {**image_sync._NAMES, "apply": ("api", "apply")}
    exported = next(node.value for node in tree.body if isinstance(node, ast.Assign))
    assert ast.literal_eval(exported) == image_sync.__all__


@pytest.mark.parametrize("first", ["import image_sync.apply.executor", "from image_sync import undo", "pass"])
def test_apply_is_the_function_and_the_package(first: str) -> None:
    then = (
        "import image_sync.apply.journal; from image_sync import apply; print(callable(apply), apply.journal.__name__)"
    )
    code = f"{first}\n{then}"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "True image_sync.apply.journal"


def test_the_face_loads_nothing_before_it_is_asked() -> None:
    code = "import sys; import image_sync; print([name for name in sys.modules if name.startswith('image_sync.')])"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_examples_of_the_document(world: dict[str, str]) -> None:
    results = doctest.testfile(
        os.fspath(ROOT / "docs" / "api.md"),
        module_relative=False,
        globs={"os": os, **world},
        optionflags=doctest.IGNORE_EXCEPTION_DETAIL | doctest.ELLIPSIS,
    )
    assert results.attempted > 20
    assert results.failed == 0


def test_paths_files_and_folders_are_found_alike(world: dict[str, str]) -> None:
    phone, backup = Path(world["phone"]), Path(world["backup"])
    whole = image_sync.find_similar([phone, backup])
    singly = image_sync.find_similar([*phone.iterdir(), backup / "tower.jpg", backup / "trips" / "beach.png", phone])
    assert [[picture.path for picture in group.pictures] for group in whole.groups] == [
        [picture.path for picture in group.pictures] for group in singly.groups
    ]
    assert (whole.pictures, singly.pictures) == (6, 5)
    assert [group.pictures[1].sameness for group in whole.groups] == [Sameness.SIMILAR, Sameness.IDENTICAL_FILE]
    assert all(group.why_best for group in whole.groups)


@pytest.mark.parametrize("level", list(Level))
def test_every_level_finds_identical_files(world: dict[str, str], level: Level) -> None:
    groups = image_sync.find_similar([world["phone"], world["backup"]], level).groups
    assert len(groups) == (1 if level in (Level.EXACT, Level.PIXELS) else 2)


def test_another_name_of_a_file_is_no_copy(world: dict[str, str]) -> None:
    first = Path(world["backup"]) / "tower.jpg"
    os.link(first, first.with_name("tower again.jpg"))
    assert image_sync.find_similar(world["backup"]).groups == ()


def test_bad_input(world: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no file or folder"):
        image_sync.find_similar([tmp_path / "missing", world["phone"]])
    with pytest.raises(Refused, match="threshold"):
        image_sync.find_similar(world["phone"], threshold=0.2)
    assert image_sync.find_similar([]) == image_sync.Similar(())
    empty = tmp_path / "empty"
    empty.mkdir()
    assert image_sync.find_similar(empty).groups == ()
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8 nothing")
    (problem,) = image_sync.find_similar(tmp_path / "broken.jpg").problems
    assert problem.path.endswith("broken.jpg")
    with pytest.raises(Refused):
        image_sync.undo()


@pytest.mark.parametrize("place", ["", "a\0b", "\ud800", "x" * 5000])
def test_what_can_be_no_place_is_refused(place: str, world: dict[str, str]) -> None:
    with pytest.raises(Refused, match="There is no file or folder"):
        image_sync.find_similar([world["phone"], place])


def test_a_level_may_be_given_by_its_word_and_is_never_another_one(world: dict[str, str]) -> None:
    both = [world["phone"], world["backup"]]
    assert image_sync.find_similar(both, "exact") == image_sync.find_similar(both, Level.EXACT)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="nearly"):
        image_sync.find_similar(both, "nearly")  # type: ignore[arg-type]


def test_a_request_may_name_its_folders_by_paths(world: dict[str, str]) -> None:
    phone, backup, result = (Path(world[name]) for name in ("phone", "backup", "sorted_folder"))
    of_paths: list[Any] = [phone, backup, result]
    assert len(image_sync.organize(OrganizeRequest(of_paths[:2], result)).groups) == 2
    assert image_sync.sync(SyncRequest(*of_paths[:2])).plan.operations
    assert image_sync.import_photos(ImportRequest(*of_paths[::2])).placed
    several: Any = (phone, result, "", (backup,))
    review = image_sync.import_photos(ImportRequest(*several))
    assert review.plan.roots["input 2"] == os.fspath(backup)


class _Enough(BaseException):
    """As a Ctrl-C, which is no ``Exception`` either."""


def test_a_call_that_was_broken_off_leaves_nothing_to_the_next(world: dict[str, str]) -> None:
    def breaks_off(_: object) -> None:
        raise _Enough

    for _ in range(2):
        with pytest.raises(_Enough):
            image_sync.find_similar(world["phone"], listener=breaks_off)
        found = image_sync.find_similar(world["backup"])
        assert found.pictures == 3


def test_an_engine_of_ones_own_is_used_and_left_open(world: dict[str, str], tmp_path: Path) -> None:
    engine = Engine(catalog=os.fspath(tmp_path / "own.sqlite3"), workers=1)
    heard: list[object] = []
    assert image_sync.find_similar(world["phone"], engine=engine, listener=heard.append).pictures == 2 + 1
    assert heard
    assert not engine.busy
    engine.close()
    assert (tmp_path / "own.sqlite3").is_file()
    assert not api._made
