"""*organize* looks at the whole file: other frames, other colours, embedded media, damage, what was made of what."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from image_sync.base.events import Event, Finished, ProblemFound
from image_sync.engine import Engine
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, Level, OrganizeRequest
from tests.pictures.metadata.test_extras import MOVIE, shirt
from tests.pictures_made import save, scene

SIZE = (480, 360)


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(workers=2)
    yield made
    made.close()


def run(engine: Engine, folder: Path, **wanted: object) -> tuple[OrganizeReview, list[Event]]:
    one, two, output = (os.fspath(folder / name) for name in ("A", "B", "out"))
    for name in ("A", "B"):
        (folder / name).mkdir(exist_ok=True)
    wanted = {"handling": Handling.KEEP_BEST, **wanted}
    engine.start(OrganizeJob(OrganizeRequest((one, two), output, **wanted)))  # type: ignore[arg-type]
    events: list[Event] = []
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        events.append(event)
    assert engine.join(10)
    assert isinstance(event.result, OrganizeReview), event.failure
    return event.result, events


def bests(review: OrganizeReview) -> list[str]:
    return [review.pictures[group.best.picture].record.name for group in review.groups]


def page(lines: int) -> Image.Image:
    """A page with a letterhead and so many lines of words."""
    made = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(made)
    draw.rectangle((20, 15, 200, 60), fill=0)
    for line in range(lines):
        draw.rectangle((30, 100 + 18 * line, 420 - 25 * (line % 3), 106 + 18 * line), fill=40)
    return made


def document(path: Path, *pages: Image.Image) -> None:
    save(pages[0], path, save_all=True, append_images=list(pages[1:]))


def moving(seed: int, frames: int) -> list[Image.Image]:
    return [scene(seed, SIZE).rotate(25 * number) for number in range(frames)]


def animation(path: Path, pictures: list[Image.Image]) -> None:
    save(pictures[0], path, save_all=True, append_images=pictures[1:], duration=80, loop=0)


def test_two_documents_with_one_first_page_are_two_documents(engine: Engine, tmp_path: Path) -> None:
    document(tmp_path / "A" / "a.tif", page(6), page(9))
    document(tmp_path / "B" / "b.tif", page(6), page(3))
    document(tmp_path / "B" / "c.tif", page(6), page(9), page(2))
    assert run(engine, tmp_path)[0].groups == ()


def test_copies_of_a_document_match_and_its_first_page_alone_is_no_more_than_one(
    engine: Engine, tmp_path: Path
) -> None:
    document(tmp_path / "A" / "a.tif", page(6))
    save(page(6), tmp_path / "A" / "a.png")
    document(tmp_path / "B" / "b.tif", page(6), page(9))
    save(page(6), tmp_path / "B" / "c.tif", save_all=True, append_images=[page(9)], compression="tiff_lzw")
    review, _ = run(engine, tmp_path)
    assert bests(review) == ["b.tif"]
    assert len(review.groups[0].members) == 4
    assert "has 2 pages: the other has one" in review.groups[0].why_best


@pytest.mark.parametrize("suffix", ["gif", "webp", "png"])
def test_an_animation_beats_its_still_and_differs_from_another_that_begins_alike(
    engine: Engine, tmp_path: Path, suffix: str
) -> None:
    frames = moving(3, 5)
    save(frames[0], tmp_path / "A" / "a still.png")
    animation(tmp_path / "B" / f"moving.{suffix}", frames)
    animation(tmp_path / "B" / f"other.{suffix}", [frames[0], *moving(9, 4)])
    review, _ = run(engine, tmp_path)
    assert len(review.groups) == 1
    assert bests(review)[0] in (f"moving.{suffix}", f"other.{suffix}")
    assert "has 5 frames: the other has one" in review.groups[0].why_best
    assert len(review.groups[0].members) == 2


def test_a_verdict_on_frames_is_remembered(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from image_sync.pictures import frame_smalls

    animation(tmp_path / "A" / "a.gif", moving(3, 5))
    animation(tmp_path / "B" / "b.webp", moving(3, 5))
    first, _ = run(engine, tmp_path)
    monkeypatch.setattr(frame_smalls, "smalls_of", None)
    assert run(engine, tmp_path)[0].groups == first.groups
    assert len(first.groups) == 1


def test_a_shirt_of_another_colour_is_another_shirt(engine: Engine, tmp_path: Path) -> None:
    for place, colour in (("A/red.jpg", (200, 40, 40)), ("B/blue.jpg", (40, 60, 200)), ("B/green.jpg", (30, 180, 50))):
        save(shirt(colour), tmp_path / place)
    save(shirt((200, 40, 40)), tmp_path / "B" / "red again.jpg", quality=60)
    review, _ = run(engine, tmp_path)
    assert bests(review) == ["red.jpg"]
    assert len(review.groups[0].members) == 2


def test_the_motion_photo_is_the_best(engine: Engine, tmp_path: Path) -> None:
    still = save(scene(1, SIZE), tmp_path / "A" / "PXL_1.jpg", quality=92)
    (tmp_path / "B").mkdir()
    (tmp_path / "B" / "PXL_1.MP.jpg").write_bytes(still.read_bytes() + MOVIE)
    review, _ = run(engine, tmp_path)
    assert bests(review) == ["PXL_1.MP.jpg"]
    assert review.groups[0].why_best == "has the movie of the moment, which the other lacks"


def test_a_damaged_copy_is_never_the_best_and_is_told_with_the_whole_one(engine: Engine, tmp_path: Path) -> None:
    whole = save(scene(5, SIZE), tmp_path / "B" / "whole.jpg", quality=90)
    data = whole.read_bytes()
    (tmp_path / "A").mkdir()
    hole = len(data) * 15 // 16
    (tmp_path / "A" / "a.jpg").write_bytes(data[:hole] + bytes(600) + data[hole + 600 :])
    review, events = run(engine, tmp_path)
    assert bests(review) == ["whole.jpg"]
    problems = [event.problem for event in events if isinstance(event, ProblemFound)]
    assert [(problem.path, problem.what) for problem in problems] == [
        (os.fspath(tmp_path / "A" / "a.jpg"), "is damaged")
    ]
    assert os.fspath(whole) in problems[0].hint
    again = [event.problem for event in run(engine, tmp_path)[1] if isinstance(event, ProblemFound)]
    assert again == problems


@pytest.mark.parametrize("check", [False, True])
def test_all_pictures_are_looked_at_on_request(engine: Engine, tmp_path: Path, check: bool) -> None:
    data = save(scene(5, SIZE), tmp_path / "A" / "a.jpg", quality=90).read_bytes()
    (tmp_path / "A" / "a.jpg").write_bytes(data[: len(data) // 2] + data[len(data) // 2 + 700 :])
    _, events = run(engine, tmp_path, check=check)
    assert sum(isinstance(event, ProblemFound) for event in events) == check


@pytest.mark.parametrize(
    "change",
    [
        lambda photo: photo.filter(ImageFilter.GaussianBlur(1.2)),
        lambda photo: photo.filter(ImageFilter.UnsharpMask(2, 150, 1)),
        lambda photo: photo.resize((photo.width * 3 // 2, photo.height * 3 // 2), Image.Resampling.BICUBIC),
        lambda photo: photo.convert("L"),
    ],
    ids=["blurred", "sharpened", "enlarged", "without colour"],
)
def test_what_was_made_of_a_picture_never_beats_it_by_name(
    engine: Engine, tmp_path: Path, change: Callable[[Image.Image], Image.Image]
) -> None:
    photo = scene(11, (900, 680))
    original = save(photo, tmp_path / "B" / "zzz.jpg", quality=90)
    with Image.open(original) as opened:
        made = save(change(opened.convert("RGB")), tmp_path / "A" / "aaa.jpg", quality=95)
    assert bests(run(engine, tmp_path)[0]) == ["zzz.jpg"]
    shutil.copy(made, tmp_path / "A" / "aaa 2.jpg")
    review, _ = run(engine, tmp_path)
    assert bests(review) == ["zzz.jpg"]
    assert "against" not in review.groups[0].why_best, "one reason for both copies"


def test_copies_of_what_was_saved_again_do_not_beat_the_original(engine: Engine, tmp_path: Path) -> None:
    original = save(scene(11, (900, 680)), tmp_path / "B" / "zzz.jpg", quality=80)
    with Image.open(original) as opened:
        made = save(opened, tmp_path / "A" / "aaa.jpg", quality=95)
    shutil.copy(made, tmp_path / "A" / "aaa 2.jpg")
    first, second = (run(engine, tmp_path)[0] for _ in range(2))
    assert bests(first) == ["zzz.jpg"]
    assert first.groups == second.groups


def test_identical_files_are_examined_for_damage_once(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr("image_sync.pictures.damage.damage_in_words", lambda look: read.append(look.path) or "torn")
    first = save(scene(1, SIZE), tmp_path / "A" / "a.jpg")
    (tmp_path / "B").mkdir()
    shutil.copy(first, tmp_path / "B" / "b.jpg")
    _, events = run(engine, tmp_path)
    assert read == [os.fspath(first)]
    assert sum(isinstance(event, ProblemFound) for event in events) == 2


def test_a_caption_below_a_picture_is_no_picture(engine: Engine, tmp_path: Path) -> None:
    save(scene(11, (900, 680)), tmp_path / "B" / "zzz.jpg", quality=90)
    save(_captioned(scene(11, (900, 680))), tmp_path / "A" / "aaa.jpg", quality=95)
    review, _ = run(engine, tmp_path, level=Level.EDITED)
    assert bests(review) == ["zzz.jpg"]
    assert review.groups[0].why_best.startswith("it shows the whole picture")


def _captioned(photo: Image.Image) -> Image.Image:
    made = Image.new("RGB", (photo.width, photo.height * 112 // 100), "white")
    made.paste(photo)
    ImageDraw.Draw(made).text((90, photo.height + 18), "A day at the beach", fill="black", font_size=40)
    return made


def _own(path: Path) -> None:
    os.chown(path, 12345, -1)


def _mark(path: Path) -> None:
    os.setxattr(path, "user.xdg.tags", b"holiday")


def _unreadable(path: Path) -> None:
    """An attribute that can't be told for sure: what is not known to be alike is not alike."""


@pytest.mark.parametrize("change", [_own, _mark, _unreadable])
def test_a_copy_with_another_owner_or_attributes_is_left_as_it_is_and_named(
    engine: Engine, tmp_path: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = save(scene(1, SIZE), tmp_path / "A" / "a.jpg")
    copy = tmp_path / "B" / "b.jpg"
    copy.parent.mkdir()
    shutil.copy2(first, copy)
    try:
        change(copy)
    except (OSError, AttributeError):
        pytest.skip("this system does not let us")
    if change is _unreadable:
        monkeypatch.setattr(os, "listxattr", _refuse, raising=False)
    review, _ = run(engine, tmp_path, handling=Handling.LINK_EXACT)
    assert review.plan.operations == ()
    assert any("“b.jpg”" in note and "attributes" in note for note in review.plan.notes)


def _refuse(_path: object) -> list[str]:
    raise PermissionError(13, "no")


@pytest.mark.parametrize(("mode", "linked"), [(0o644, 1), (0o600, 0)])
def test_a_copy_with_other_permissions_is_left_as_it_is_and_named(
    engine: Engine, tmp_path: Path, mode: int, linked: int
) -> None:
    first = save(scene(1, SIZE), tmp_path / "A" / "a.jpg")
    first.chmod(0o644)
    (tmp_path / "B").mkdir()
    (tmp_path / "B" / "b.jpg").write_bytes(first.read_bytes())
    (tmp_path / "B" / "b.jpg").chmod(mode)
    review, _ = run(engine, tmp_path, handling=Handling.LINK_EXACT)
    assert len(review.plan.operations) == linked
    assert any("“b.jpg”" in note and "permissions" in note for note in review.plan.notes) == (not linked)
