"""What was searched once is not searched again, and nothing is lost by that."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from image_sync.base.events import Finished
from image_sync.base.model import Sameness
from image_sync.engine import Engine
from image_sync.inventory.catalog import Catalog, CatalogUnwritable
from image_sync.jobs.organize import edited, edited_views
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Level, OrganizeRequest
from image_sync.matching import search, verify
from tests.jobs.organize.test_engine_levels import EDITED
from tests.pictures_made import save, scene

pytestmark = pytest.mark.slow

Found = dict[frozenset[str], tuple[Sameness, float]]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three scenes, two of them edited."""
    place = tmp_path_factory.mktemp("pictures")
    for seed in (31, 32, 33):
        save(scene(seed, (640, 480)), place / f"{seed}.png")
    for seed in (31, 32):
        for name, edit in EDITED.items():
            save(edit(scene(seed, (640, 480))), place / f"{seed} {name}.jpg", quality=90)
    return place


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine(workers=2, catalog=os.fspath(tmp_path / "catalog"))
    yield made
    made.close()


def run(engine: Engine, folder: Path, threshold: float = 0.85, level: Level = Level.EDITED) -> Found:
    other = folder.parent / "other"
    other.mkdir(exist_ok=True)
    chosen = OrganizeRequest(
        (os.fspath(folder), os.fspath(other)), os.fspath(folder.parent / "out"), threshold=threshold
    )
    engine.start(OrganizeJob(replace(chosen, level=level, rotations=level is Level.SAME_SHOT)))
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        pass
    assert engine.join(10)
    assert isinstance(event.result, OrganizeReview), event.failure
    names = [picture.record.name for picture in event.result.pictures]
    found = {
        frozenset((names[match.first], names[match.second])): (match.sameness, match.score)
        for match in event.result.matches
    }
    assert len(found) == len(event.result.matches)
    return found


def edited_level(chosen: OrganizeRequest) -> OrganizeRequest:
    return replace(chosen, level=Level.EDITED)


def some(pictures: Path, place: Path, wanted: Callable[[str], bool]) -> Path:
    """A folder with those of the pictures whose names are ``wanted``."""
    place.mkdir(parents=True, exist_ok=True)
    for picture in pictures.iterdir():
        if wanted(picture.name) and not (place / picture.name).exists():
            shutil.copy2(picture, place)
    return place


@pytest.fixture
def every(pictures: Path, tmp_path: Path) -> Found:
    """What a first search of all pictures finds."""
    alone = Engine(workers=2, catalog=os.fspath(tmp_path / "catalog of its own"))
    try:
        return run(alone, some(pictures, tmp_path / "all of them" / "pictures", lambda _: True))
    finally:
        alone.close()


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by the number of pictures whose views are worked out."""
    numbers: list[int] = []
    plain = edited_views.views_of

    def counted(smalls: edited_views.Bytes) -> list[bytes]:
        numbers.append(len(smalls))
        return plain(smalls)

    monkeypatch.setattr(edited_views, "views_of", counted)
    return numbers


FIRST: dict[str, Callable[[str], bool]] = {
    "nothing new": lambda _: True,
    "one is new": lambda name: name != "31 crop 20.jpg",
    "the originals are new": lambda name: not name.endswith(".png"),
    "half of them are new": lambda name: sum(name.encode()) % 2 == 0,
    "all but one are new": lambda name: name == "32 caption.jpg",
}


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
def test_what_comes_later_is_found_as_if_it_had_been_there(
    engine: Engine,
    pictures: Path,
    every: Found,
    tmp_path: Path,
    looked_at: list[int],
    first: Callable[[str], bool],
) -> None:
    assert len([pair for pair, (sameness, _) in every.items() if sameness is Sameness.SIMILAR]) > 12
    place = tmp_path / "pictures"
    run(engine, some(pictures, place, first))
    before = len(list(place.iterdir()))
    assert sum(looked_at) == before
    assert run(engine, some(pictures, place, lambda _: True)) == every
    assert sum(looked_at) == len(list(pictures.iterdir()))


def test_with_nothing_new_nothing_is_searched(
    engine: Engine, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = some(pictures, tmp_path / "pictures", lambda _: True)
    first = run(engine, place)

    def never(*_: object) -> None:
        raise AssertionError("searched again")

    with monkeypatch.context() as patched:
        patched.setattr(edited.EditedSearch, "_proposed", never)
        assert run(engine, place) == first
        (place / "31 border.jpg").unlink()
        left = run(engine, place)
    alone = Engine(workers=2, catalog=os.fspath(tmp_path / "catalog of its own"))
    try:
        assert left == run(alone, place), "as if what is gone had never been there"
    finally:
        alone.close()


def test_what_was_searched_apart_was_not_compared(engine: Engine, pictures: Path, every: Found, tmp_path: Path) -> None:
    run(engine, some(pictures, tmp_path / "one" / "pictures", lambda name: "crop" in name))
    run(engine, some(pictures, tmp_path / "two" / "pictures", lambda name: "crop" not in name))
    assert run(engine, some(pictures, tmp_path / "both" / "pictures", lambda _: True)) == every


def test_another_threshold_or_another_second_look_is_another_search(
    engine: Engine, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = some(pictures, tmp_path / "pictures", lambda _: True)
    searches: list[int] = []
    plain = edited.EditedSearch._proposed

    def counted(search: edited.EditedSearch, *of: object) -> object:
        searches.append(1)
        return plain(search, *of)  # type: ignore[arg-type]

    monkeypatch.setattr(edited.EditedSearch, "_proposed", counted)
    found = [run(engine, place), run(engine, place, 0.95), run(engine, place), run(engine, place, 0.95)]
    assert len(searches) == 2
    assert found[0] == found[2] != found[1] == found[3]
    monkeypatch.setattr(verify, "VERSION", verify.VERSION + 1)
    run(engine, place)
    assert len(searches) == 3


def test_a_search_that_was_stopped_is_searched_again(
    engine: Engine, pictures: Path, every: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = some(pictures, tmp_path / "pictures", lambda _: True)
    plain = edited.EditedSearch._confirmed

    def stopping(search: edited.EditedSearch, *of: object) -> object:
        search.context.control.stop()
        return plain(search, *of)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(edited.EditedSearch, "_confirmed", stopping)
        patched.setattr(edited, "BLOCK", 5)
        patched.setattr("image_sync.jobs.organize.scan.OrganizeScan.partial", lambda *_: None)
        (tmp_path / "other").mkdir()
        engine.start(
            OrganizeJob(
                edited_level(
                    OrganizeRequest((os.fspath(place), os.fspath(tmp_path / "other")), os.fspath(tmp_path / "out"))
                )
            )
        )
        while not isinstance(event := engine.events.get(timeout=60), Finished):
            pass
        assert event.stopped
        assert engine.join(10)
    assert run(engine, place) == every


def test_without_a_catalog_that_takes_them_views_are_at_hand(
    engine: Engine, pictures: Path, every: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CatalogUnwritable("the disk is full")

    for name in ("store_views", "store_searched", "store_scores"):
        monkeypatch.setattr(Catalog, name, full)
    monkeypatch.setattr(edited_views, "_STORED_TOGETHER", 4)
    assert run(engine, some(pictures, tmp_path / "pictures", lambda _: True)) == every


# --- versions of one shot ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three scenes, two of them turned, mirrored, brightened and made smaller."""
    place = tmp_path_factory.mktemp("versions")
    for seed in (41, 42, 43):
        save(scene(seed, (640, 480)), place / f"{seed}.png")
    for seed in (41, 42):
        for turn in (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_LEFT_RIGHT):
            save(scene(seed, (640, 480)).transpose(turn), place / f"{seed} {turn.name}.jpg", quality=90)
        save(scene(seed, (640, 480)).resize((320, 240)), place / f"{seed} small.jpg", quality=80)
        save(scene(seed, (640, 480)).point(lambda value: min(255, value + 20)), place / f"{seed} brighter.jpg")
    return place


SHOTS: dict[str, Callable[[str], bool]] = {
    "nothing new": lambda _: True,
    "one is new": lambda name: name != "41 ROTATE_90.jpg",
    "the originals are new": lambda name: not name.endswith(".png"),
    "half of them are new": lambda name: sum(name.encode()) % 2 == 0,
    "all but one are new": lambda name: name == "42 small.jpg",
}


@pytest.mark.parametrize("first", SHOTS.values(), ids=SHOTS)
def test_new_versions_are_found_as_if_they_had_been_there(
    engine: Engine, versions: Path, tmp_path: Path, first: Callable[[str], bool]
) -> None:
    alone = Engine(workers=2, catalog=os.fspath(tmp_path / "catalog of its own"))
    every = run(alone, some(versions, tmp_path / "all" / "pictures", lambda _: True), level=Level.SAME_SHOT)
    alone.close()
    assert len(every) == 2 * 15
    place = tmp_path / "pictures"
    run(engine, some(versions, place, first), level=Level.SAME_SHOT)
    assert run(engine, some(versions, place, lambda _: True), level=Level.SAME_SHOT) == every


def test_a_known_folder_is_not_searched_at_all(
    engine: Engine, versions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = some(versions, tmp_path / "pictures", lambda _: True)
    first = run(engine, place, level=Level.SAME_SHOT)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("searched again")

    for name in ("pairs_within", "pairs_between"):
        monkeypatch.setattr(search, name, never)
    assert run(engine, place, level=Level.SAME_SHOT) == first
    (place / "41 small.jpg").unlink()
    assert run(engine, place, level=Level.SAME_SHOT) == {
        pair: how for pair, how in first.items() if "41 small.jpg" not in pair
    }


def test_verdicts_that_were_lost_are_no_search(
    engine: Engine, versions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that was full for a moment."""

    def full(*_: object) -> None:
        raise CatalogUnwritable("the disk is full")

    place = some(versions, tmp_path / "pictures", lambda _: True)
    with monkeypatch.context() as patched:
        patched.setattr(Catalog, "store_verdicts", full)
        first = run(engine, place, level=Level.SAME_SHOT)
    assert len(first) == 30
    assert run(engine, place, level=Level.SAME_SHOT) == first


def test_pictures_that_moved_keep_their_matches(engine: Engine, versions: Path, tmp_path: Path) -> None:
    """Their order is another one then, and so are the turns between them."""
    place = some(versions, tmp_path / "pictures", lambda _: True)
    first = run(engine, place, level=Level.SAME_SHOT)
    names = {path.name: f"{99 - number} {path.suffix}" for number, path in enumerate(sorted(place.iterdir()))}
    for path in list(place.iterdir()):
        path.rename(place / names[path.name])
    moved = run(engine, place, level=Level.SAME_SHOT)
    renamed = {frozenset(names[name] for name in pair): how for pair, how in first.items()}
    assert moved.keys() == renamed.keys()
    assert all(abs(moved[pair][1] - renamed[pair][1]) < 0.02 for pair in moved)
