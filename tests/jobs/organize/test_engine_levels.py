"""The four levels of *organize* on real folders: what each finds, what none joins, and what a second run costs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageOps

from image_sync.base.events import Event, Finished, Note, ProblemFound, StageBegan
from image_sync.base.model import Sameness
from image_sync.cli.arguments import Parser, UsageError
from image_sync.cli.organize import add_arguments, request
from image_sync.engine import Engine
from image_sync.jobs.organize import edited, edited_views
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Level, OrganizeRequest
from image_sync.jobs.organize.rules.reasons import Noted
from image_sync.matching import features
from image_sync.pictures import pixels
from tests.matching.hard_pictures import FAMILIES
from tests.pictures_made import save, scene

pytestmark = pytest.mark.slow

SIZE = (640, 480)


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(workers=2)
    yield made
    made.close()


def run(engine: Engine, folder: Path, level: Level, threshold: float = 0.85) -> tuple[OrganizeReview, list[Event]]:
    other = folder.parent / "other"
    other.mkdir(exist_ok=True)
    engine.start(
        OrganizeJob(
            OrganizeRequest(
                (os.fspath(folder), os.fspath(other)),
                os.fspath(folder.parent / "out"),
                threshold=threshold,
                level=level,
            )
        )
    )
    events: list[Event] = []
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        events.append(event)
    assert engine.join(10)
    assert isinstance(event.result, OrganizeReview), event.failure
    return event.result, events


def matched(review: OrganizeReview) -> dict[frozenset[str], Sameness]:
    """The pairs of names that match, and how."""
    names = [picture.record.name for picture in review.pictures]
    return {frozenset((names[match.first], names[match.second])): match.sameness for match in review.matches}


def captioned(picture: Image.Image) -> Image.Image:
    result = picture.copy()
    draw = ImageDraw.Draw(result)
    draw.rectangle((0, 430, 640, 480), fill="black")
    draw.text((20, 436), "Summer holiday", fill="white", font_size=30)
    return result


EDITED: dict[str, Callable[[Image.Image], Image.Image]] = {
    "crop 10": lambda picture: picture.crop((64, 48, 640, 480)),
    "crop 20": lambda picture: picture.crop((64, 48, 576, 432)),
    "border": lambda picture: ImageOps.expand(picture, 32, "white"),
    "letterbox": lambda picture: ImageOps.pad(picture, (640, 640)),
    "caption": captioned,
    "turned": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "mirrored": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two scenes, one of them in many versions."""
    place = tmp_path / "pictures"
    original = scene(11, SIZE)
    save(original, place / "original.png")
    (place / "copy.png").write_bytes((place / "original.png").read_bytes())
    save(original, place / "packed.png", compress_level=1)
    save(original.resize((320, 240)), place / "half.jpg", quality=80)
    for name, edit in EDITED.items():
        save(edit(original), place / f"{name}.jpg", quality=90)
    save(scene(12, SIZE), place / "another.jpg", quality=90)
    return place


def of_original(found: dict[frozenset[str], Sameness]) -> set[str]:
    """What matches the original or its exact copy."""
    originals = {"original.png", "copy.png"}
    return {name for pair in found if pair & originals for name in pair} - originals


def test_exact_finds_identical_files_alone(engine: Engine, folder: Path) -> None:
    review, _ = run(engine, folder, Level.EXACT)
    assert matched(review) == {frozenset(("copy.png", "original.png")): Sameness.IDENTICAL_FILE}


def test_pixels_finds_identical_pixels_too(engine: Engine, folder: Path) -> None:
    review, _ = run(engine, folder, Level.PIXELS)
    found = matched(review)
    assert set(found.values()) == {Sameness.IDENTICAL_FILE, Sameness.IDENTICAL_PIXELS}
    assert of_original(found) == {"packed.png"}


def test_same_shot_finds_versions(engine: Engine, folder: Path) -> None:
    found = matched(run(engine, folder, Level.SAME_SHOT)[0])
    assert of_original(found) == {"packed.png", "half.jpg"}
    assert found == matched(run(engine, folder, Level.SAME_SHOT)[0])


def test_edited_finds_them_all(engine: Engine, folder: Path) -> None:
    review, _ = run(engine, folder, Level.EDITED)
    assert of_original(matched(review)) == {"packed.png", "half.jpg", *(f"{name}.jpg" for name in EDITED)}
    assert all(match.score >= 0.85 for match in review.matches)
    assert not any("another.jpg" in pair for pair in matched(review))


def test_each_level_finds_what_those_before_it_find(engine: Engine, folder: Path) -> None:
    found = [set(matched(run(engine, folder, level)[0])) for level in Level]
    assert all(less < more for less, more in pairwise(found))


def test_a_higher_threshold_asks_for_more(engine: Engine, folder: Path) -> None:
    review, _ = run(engine, folder, Level.EDITED, 0.97)
    assert all(match.score >= 0.97 for match in review.matches)
    usual, _ = run(engine, folder, Level.EDITED)
    assert any(match.score < 0.97 for match in usual.matches)
    assert {"packed.png"} < of_original(matched(review)) <= of_original(matched(usual))


def test_hard_pictures_stay_apart(engine: Engine, tmp_path: Path) -> None:
    place = tmp_path / "pictures"
    for family, make in FAMILIES.items():
        for seed in range(4):
            save(make(seed).convert("L"), place / f"{family} {seed}.jpg", quality=90)
    wide = scene(13, (1200, 480))
    for left in (0, 250, 500):
        save(wide.crop((left, 0, left + 640, 480)), place / f"view {left}.jpg", quality=90)
    assert matched(run(engine, place, Level.EDITED)[0]) == {}


def test_a_second_run_decodes_and_looks_at_nothing(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = run(engine, folder, Level.EDITED)

    def never(*_: object) -> None:
        raise AssertionError("looked at again")

    monkeypatch.setattr(edited._CornerWork, "__call__", never)
    monkeypatch.setattr(edited.EditedSearch, "_by_corners", never)
    monkeypatch.setattr(pixels, "thumbnail", never)
    again = EveryLook(monkeypatch)
    second, _ = run(engine, folder, Level.EDITED)
    assert again.pairs == 0
    assert second.matches == first.matches


class EveryLook:
    """Counts the pairs that are laid over one another from now on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from image_sync.matching import overlap

        self.pairs = 0
        plain = overlap.common_part

        def counted(first: overlap.Bytes, second: overlap.Bytes) -> overlap.Common:
            self.pairs += len(first)
            return plain(first, second)

        monkeypatch.setattr(overlap, "common_part", counted)


def always_by_corners(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small pictures settle nothing from now on."""
    from image_sync.matching import overlap

    plain = overlap.common_part

    def unclear(first: overlap.Bytes, second: overlap.Bytes) -> overlap.Common:
        common = plain(first, second)
        return common._replace(share=common.share * 0 + overlap.HOPELESS)

    monkeypatch.setattr(overlap, "common_part", unclear)


def test_what_the_small_pictures_leave_open_the_corners_settle(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always_by_corners(monkeypatch)
    found = of_original(matched(run(engine, folder, Level.EDITED)[0]))
    assert {"crop 10.jpg", "crop 20.jpg", "border.jpg", "letterbox.jpg", "caption.jpg"} <= found
    monkeypatch.setattr(edited._CornerWork, "__call__", None)
    new = folder / "new.jpg"
    save(scene(14, SIZE), new, quality=90)
    assert of_original(matched(run(engine, folder, Level.EDITED)[0])) == found


def test_a_picture_that_is_gone_is_a_problem_and_no_verdict(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    always_by_corners(monkeypatch)
    plain = pixels.thumbnail

    def gone(path: str, box: int) -> Image.Image:
        if path.endswith("border.jpg"):
            os.rename(path, f"{path}.away")
        try:
            return plain(path, box)
        finally:
            if path.endswith("border.jpg"):
                os.rename(f"{path}.away", path)

    monkeypatch.setattr(pixels, "thumbnail", gone)
    review, events = run(engine, folder, Level.EDITED)
    problems = [event.problem for event in events if isinstance(event, ProblemFound)]
    assert [os.path.basename(problem.path) for problem in problems] == ["border.jpg"]
    assert "border.jpg" not in of_original(matched(review))
    monkeypatch.setattr(pixels, "thumbnail", plain)
    assert "border.jpg" in of_original(matched(run(engine, folder, Level.EDITED)[0]))


def test_without_opencv_it_says_so_once_and_works(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(features, "available", lambda: False)
    monkeypatch.setattr(features, "describe", None)
    review, events = run(engine, folder, Level.EDITED)
    assert [event.text for event in events if isinstance(event, Note)] == [
        "There are no pictures in " + str(folder.parent / "other") + ".",
        Noted.WITHOUT_LOOK(),
        Noted.WITHOUT_CORNERS(),
    ]
    assert {"crop 10.jpg", "crop 20.jpg"} <= of_original(matched(review))


def test_it_stops_while_it_looks_at_parts(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = edited_views.Views.view

    def stopping(views: edited_views.Views, number: int) -> edited_views.View:
        if number == edited_views.PARTS + 3:
            views.context.control.stop()
        return plain(views, number)

    monkeypatch.setattr(edited_views.Views, "view", stopping)
    other = folder.parent / "other"
    other.mkdir()
    engine.start(
        OrganizeJob(OrganizeRequest((str(folder), str(other)), str(folder.parent / "out"), level=Level.EDITED))
    )
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        pass
    assert event.stopped


@pytest.mark.parametrize(("words", "level"), [("", Level.SAME_SHOT), *((f"--level {one.value}", one) for one in Level)])
def test_the_level_on_the_command_line(words: str, level: Level) -> None:
    parser = Parser("organize", "FOLDER1 FOLDER2 OUTPUT", "")
    add_arguments(parser)
    assert request(parser.parse(["A", "B", "C", *words.split()])).level is level


def test_a_level_that_is_none() -> None:
    parser = Parser("organize", "FOLDER1 FOLDER2 OUTPUT", "")
    add_arguments(parser)
    with pytest.raises(UsageError, match=r"exact.*pixels.*same.*edited"):
        parser.parse(["A", "B", "C", "--level", "all"])


# --- the best of a group ----------------------------------------------------------------------------------------------

LARGER: dict[str, Callable[[Image.Image], Image.Image]] = {
    "in a border": lambda picture: ImageOps.expand(picture, 40, "white"),
    "letterboxed": lambda picture: ImageOps.pad(picture, (960, 960)),
    "cropped and enlarged": lambda picture: picture.crop((64, 48, 640, 480)).resize((1280, 960)),
    "captioned": captioned,
}


@pytest.mark.parametrize("edit", LARGER.values(), ids=LARGER.keys())
def test_the_whole_picture_is_the_best_however_large_what_was_made_of_it(
    engine: Engine, tmp_path: Path, edit: Callable[[Image.Image], Image.Image]
) -> None:
    original, place = scene(11, SIZE), tmp_path / "pictures"
    # Its name comes last and it is the more compressed: but for what it shows, the other would be the best.
    save(original, place / "z.jpg", quality=80)
    save(edit(original), place / "a.png")
    (place / "b.png").write_bytes((place / "a.png").read_bytes())
    for _ in range(2):
        review, _ = run(engine, place, Level.EDITED)
        (group,) = review.groups
        names = [review.pictures[member.picture].record.name for member in group.members]
        assert (names[0], sorted(names[1:])) == ("z.jpg", ["a.png", "b.png"])
        assert group.why_best.startswith("it shows the whole picture")


def test_edits_of_one_picture_come_into_one_group(engine: Engine, tmp_path: Path) -> None:
    place = tmp_path / "pictures"
    for seed in (11, 12):
        original = scene(seed, SIZE)
        save(original, place / f"{seed} z.jpg", quality=85)
        for name, edit in LARGER.items():
            save(edit(original), place / f"{seed} {name}.png")
    review, _ = run(engine, place, Level.EDITED)
    names = [[review.pictures[member.picture].record.name for member in group.members] for group in review.groups]
    assert sorted(len(group) for group in names) == [5, 5]
    assert sorted(group[0] for group in names) == ["11 z.jpg", "12 z.jpg"]


@pytest.mark.parametrize("level", Level)
def test_the_number_of_stages_is_known_from_the_start(engine: Engine, folder: Path, level: Level) -> None:
    _, events = run(engine, folder, level)
    stages = [(event.number, event.of) for event in events if isinstance(event, StageBegan)]
    assert {of for _, of in stages} == {len(stages)}
    assert [number for number, _ in stages] == list(range(1, len(stages) + 1))
