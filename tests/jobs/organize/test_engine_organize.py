"""*Organize* as a whole, on real folders: scan, review, apply, undo; bad input; stop; the second run."""

from __future__ import annotations

import concurrent.futures
import io
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from image_sync.base.events import Event, Finished, ProblemFound, Stage, StageBegan
from image_sync.base.model import Refused, RunResult, RunState, Sameness
from image_sync.engine import Engine
from image_sync.inventory import measuring
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.transfer import Transfer
from tests.pictures_made import edited, save, scene
from tests.trees import files, snapshot


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(workers=2)
    yield made
    made.close()


def finished(engine: Engine) -> tuple[Finished, list[Event]]:
    """Drain the engine until it ends."""
    events: list[Event] = []
    while True:
        event = engine.events.get(timeout=60)
        if isinstance(event, Finished):
            assert engine.join(10)
            return event, events
        events.append(event)


def scanned(engine: Engine, request: OrganizeRequest) -> OrganizeReview:
    engine.start(OrganizeJob(request))
    end, _ = finished(engine)
    assert end.failure == ""
    assert isinstance(end.result, OrganizeReview)
    return end.result


def applied(engine: Engine, review: OrganizeReview) -> RunResult:
    engine.apply(review.plan)
    end, _ = finished(engine)
    assert isinstance(end.result, RunResult), end.failure
    return end.result


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A phone dump and a library that share two pictures, one of them with a sidecar."""
    phone, library = tmp_path / "phone", tmp_path / "library"
    beach, tower, cat = scene(1), scene(2), scene(3)
    save(beach, library / "trips" / "beach.png", 1e9)
    save(edited(beach), phone / "IMG_0001.jpg", 1.1e9, quality=80)
    save(tower, library / "tower.jpg", 1e9, quality=95)
    (phone / "tower copy.jpg").write_bytes((library / "tower.jpg").read_bytes())
    (phone / "tower copy.xmp").write_text("<xmp/>")
    save(cat, phone / "cat.webp", 1.2e9)
    save(scene(4), library / "dog.gif", 1.2e9)
    return phone, library, tmp_path / "sorted"


def request(folders: tuple[Path, Path, Path], **changes: object) -> OrganizeRequest:
    one, two, output = map(os.fspath, folders)
    return OrganizeRequest((one, two), output, **changes)  # type: ignore[arg-type]


def test_from_two_folders_to_a_sorted_one_and_back(engine: Engine, folders: tuple[Path, Path, Path]) -> None:
    root = folders[0].parent
    before = snapshot(root)
    review = scanned(engine, request(folders))
    assert snapshot(root) == before, "a preview writes nothing"
    assert [group.context for group in review.groups] == ["beach", "tower"]
    assert [member.sameness for member in review.groups[1].members] == [Sameness.IDENTICAL_FILE] * 2
    result = applied(engine, review)
    assert (result.state, result.done, result.problems) == (RunState.FINISHED, 7, ())
    assert files(root / "sorted") == [
        "similar_beach/IMG_0001.jpg",
        "similar_beach/beach.png",
        "similar_tower/tower copy.jpg",
        "similar_tower/tower copy.xmp",
        "similar_tower/tower.jpg",
        "unique_images/cat.webp",
        "unique_images/dog.gif",
    ]
    assert files(folders[0]) + files(folders[1]) == []
    engine.undo()
    end, _ = finished(engine)
    assert isinstance(end.result, RunResult)
    assert end.result.state is RunState.UNDONE
    assert snapshot(root) == before


def test_a_copy_is_known_by_what_stands_beside_it(engine: Engine, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    two.mkdir()
    for name, age in (("IMG_1.jpg", 1.2e9), ("IMG_1 2.jpg", 1e9), ("else/IMG_1 3.jpg", 1.1e9)):
        save(scene(1), one / name, age)
    review = scanned(engine, request((one, two, tmp_path / "out")))
    assert {each.record.name: each.copy_beside for each in review.pictures} == {
        "IMG_1.jpg": False,
        "IMG_1 2.jpg": True,
        "IMG_1 3.jpg": False,
    }
    (group,) = review.groups
    best = review.pictures[group.best.picture].record.name
    assert best == "IMG_1 3.jpg", "the older one of those that are no copies"


def test_a_second_run_decodes_nothing(
    engine: Engine, folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scanned(engine, request(folders))
    engine.close()

    def never(task: object) -> object:
        raise AssertionError(f"read again: {task}")

    monkeypatch.setattr(measuring, "measured", never)
    second = scanned(engine, request(folders))
    assert second.plan == first.plan
    assert second.groups == first.groups


def test_a_moved_file_is_not_read_again(
    engine: Engine, folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(engine, request(folders))
    (folders[0] / "cat.webp").rename(folders[0] / "kitten.webp")
    monkeypatch.setattr(measuring, "measured", None)
    assert "kitten.webp" in [picture.record.name for picture in scanned(engine, request(folders)).pictures]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are decoded from now on."""
    names: list[str] = []
    plain = measuring.measured

    def noted(task: measuring._Task) -> measuring.Known:
        names.append(Path(task.record.path).name)
        return plain(task)

    monkeypatch.setattr(measuring, "measured", noted)
    return names


def test_a_content_is_decoded_once_however_many_files_hold_it(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = save(scene(1), tmp_path / "a" / "0.jpg").read_bytes()
    save(scene(2), tmp_path / "b" / "other.jpg")
    for number in range(1, 6):
        (tmp_path / "a" / f"{number}.jpg").write_bytes(content)
    (tmp_path / "b" / "as large.jpg").write_bytes(content[:-2] + b"\0\0")
    decoded = counted(monkeypatch)
    review = scanned(engine, request((tmp_path / "a", tmp_path / "b", tmp_path / "out")))
    assert sorted(decoded) == ["0.jpg", "as large.jpg", "other.jpg"]
    assert next(len(group.members) for group in review.groups) >= 6


def test_a_copy_of_a_known_library_is_known_by_its_bytes(
    engine: Engine, folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scanned(engine, request(folders))
    elsewhere = folders[2].parent / "elsewhere"
    for folder in folders[:2]:
        shutil.copytree(folder, elsewhere / folder.name)
    decoded = counted(monkeypatch)
    moved = (elsewhere / folders[0].name, elsewhere / folders[1].name, folders[2])
    second = scanned(engine, request(moved))
    assert decoded == []
    assert [group.context for group in second.groups] == [group.context for group in first.groups]


def test_the_order_of_the_folders_and_the_number_of_workers_change_nothing(folders: tuple[Path, Path, Path]) -> None:
    one, two, output = folders
    plans = set()
    for first, second, workers in [(one, two, 1), (two, one, 3), (one, two, 2)]:
        engine = Engine(workers=workers, catalog=os.fspath(output.parent / f"catalog{workers}{first.name}"))
        operations = scanned(engine, request((first, second, output))).plan.operations
        plans.add(tuple((operation.source, operation.destination) for operation in operations))
        engine.close()
    assert len(plans) == 1


def test_any_executor_can_measure(folders: tuple[Path, Path, Path]) -> None:
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        engine = Engine(executor=pool)
        assert len(scanned(engine, request(folders)).groups) == 2
        engine.close()
        assert pool.submit(abs, -1).result() == 1, "an executor that was handed in is not shut down"


def test_other_choices_follow_at_once(
    engine: Engine, folders: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    references = (os.fspath(folders[1]),)
    review = scanned(engine, request(folders, references=references))
    monkeypatch.setattr(measuring, "measured", None)
    copied = engine.replan(review, request(folders, references=references, transfer=Transfer.COPY))
    assert {operation.action.value for operation in copied.plan.operations} == {"copy"}
    kept = engine.replan(review, request(folders, references=references, handling=Handling.KEEP_BEST))
    assert {operation.source for operation in kept.plan.operations} <= {
        os.fspath(folders[0] / name) for name in files(folders[0])
    }
    for change in ({"threshold": 0.99}, {"references": ()}, {"rotations": True}):
        with pytest.raises(Refused, match="another scan"):
            engine.replan(review, request(folders, **{"references": references, **change}))


def test_not_a_match_is_remembered(engine: Engine, folders: tuple[Path, Path, Path]) -> None:
    review = scanned(engine, request(folders))
    beach = next(group for group in review.groups if group.context == "beach")
    engine.job(OrganizeJob).not_a_match(*(review.pictures[member.picture] for member in beach.members))
    assert [group.context for group in engine.replan(review, request(folders)).groups] == ["tower"]
    (folders[0] / "IMG_0001.jpg").rename(folders[0] / "other name.jpg")
    engine.close()
    assert [group.context for group in scanned(engine, request(folders)).groups] == ["tower"]
    assert engine.catalog.clear_refused() == 1
    assert len(scanned(engine, request(folders)).groups) == 2


def test_rotated_copies_match_when_asked(engine: Engine, tmp_path: Path) -> None:
    picture = scene(11)
    save(picture, tmp_path / "a" / "upright.jpg", quality=92)
    save(picture.rotate(90, expand=True), tmp_path / "b" / "lying.jpg", quality=92)
    save(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), tmp_path / "b" / "mirrored.jpg", quality=92)
    paths = (tmp_path / "a", tmp_path / "b", tmp_path / "out")
    assert scanned(engine, request(paths)).groups == ()
    (group,) = scanned(engine, request(paths, rotations=True)).groups
    assert len(group.members) == 3


def test_identical_pixels_are_told_from_similar(engine: Engine, tmp_path: Path) -> None:
    picture = scene(12)
    save(picture, tmp_path / "a" / "one.png")
    save(picture, tmp_path / "b" / "one.bmp")
    save(picture, tmp_path / "b" / "one.jpg", quality=90)
    paths = (tmp_path / "a", tmp_path / "b", tmp_path / "out")
    (group,) = scanned(engine, request(paths)).groups
    names = {entry.record.name: index for index, entry in enumerate(scanned(engine, request(paths)).pictures)}
    kinds = {member.picture: member.sameness for member in group.members[1:]}
    assert kinds[names["one.jpg"]] is Sameness.SIMILAR
    assert Sameness.IDENTICAL_PIXELS in kinds.values()


def test_blank_pages_match_only_when_they_are_the_same(engine: Engine, tmp_path: Path) -> None:
    for number in range(3):
        save(Image.new("RGB", (200, 300), (250 - number,) * 3), tmp_path / "a" / f"blank{number}.png")
    save(Image.new("RGB", (200, 300), (250,) * 3), tmp_path / "b" / "again.bmp")
    paths = (tmp_path / "a", tmp_path / "b", tmp_path / "out")
    review = scanned(engine, request(paths))
    (group,) = review.groups
    assert {review.pictures[member.picture].record.name for member in group.members} == {"blank0.png", "again.bmp"}


BAD = {
    "text.jpg": b"this is no picture",
    "empty.png": b"",
    "truncated.jpg": None,
}


def test_one_bad_file_is_one_problem_and_stays(engine: Engine, folders: tuple[Path, Path, Path]) -> None:
    phone = folders[0]
    for name, content in BAD.items():
        if content is None:
            stream = io.BytesIO()
            scene(9).save(stream, "JPEG")
            content = stream.getvalue()[: len(stream.getvalue()) // 2]
        (phone / name).write_bytes(content)
    engine.start(OrganizeJob(request(folders)))
    end, events = finished(engine)
    review = end.result
    assert isinstance(review, OrganizeReview)
    problems = [event.problem for event in events if isinstance(event, ProblemFound)]
    assert sorted(Path(problem.path).name for problem in problems) == sorted(BAD)
    assert all(problem.why for problem in problems)
    assert len(review.plan.problems) == 3
    assert applied(engine, review).done == 7
    assert files(phone) == sorted(BAD)


def test_hostile_names_go_all_the_way(engine: Engine, tmp_path: Path) -> None:
    names = [b"new\nline.jpg", b"bytes \xff\xfe.jpg", "emoji 🏖.jpg".encode(), b"x" * 251 + b".jpg", b"trailing. .jpg"]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for number, name in enumerate(names):
        stream = io.BytesIO()
        scene(20 + number).save(stream, "JPEG")
        for folder in ("a", "b"):
            with open(os.path.join(os.fsencode(tmp_path / folder), name), "wb") as target:
                target.write(stream.getvalue())
    before = snapshot(tmp_path)
    review = scanned(engine, request((tmp_path / "a", tmp_path / "b", tmp_path / "out")))
    assert len(review.groups) == len(names)
    assert applied(engine, review).problems == ()
    engine.undo()
    finished(engine)
    assert snapshot(tmp_path) == before


def test_a_file_that_vanishes_or_changes_after_the_scan_is_a_problem(
    engine: Engine, folders: tuple[Path, Path, Path]
) -> None:
    review = scanned(engine, request(folders))
    (folders[0] / "cat.webp").unlink()
    save(scene(99), folders[1] / "dog.gif")
    result = applied(engine, review)
    assert len(result.problems) == 2
    assert files(folders[1]) == ["dog.gif"]


@pytest.mark.slow
def test_a_stop_while_reading_keeps_what_was_found(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        save(scene(number % 30), tmp_path / "a" / f"{number:02}.jpg")
    (tmp_path / "b").mkdir()
    reached, plain = threading.Semaphore(0), measuring.measured

    def slow(task: measuring._Task) -> measuring.Known:
        reached.release()
        return plain(task)

    monkeypatch.setattr(measuring, "measured", slow)
    engine.start(OrganizeJob(request((tmp_path / "a", tmp_path / "b", tmp_path / "out"))))
    for _ in range(25):
        assert reached.acquire(timeout=20)
    engine.stop()
    end, _ = finished(engine)
    assert end.stopped
    review = end.result
    assert isinstance(review, OrganizeReview)
    assert 0 < review.partial < 1
    assert all("unique" not in operation.destination for operation in review.plan.operations)
    measured_once = len(review.pictures)
    count = 0

    def counted(task: measuring._Task) -> measuring.Known:
        nonlocal count
        count += 1
        return plain(task)

    monkeypatch.setattr(measuring, "measured", counted)
    scanned(engine, request((tmp_path / "a", tmp_path / "b", tmp_path / "out")))
    assert count <= 60 - measured_once, "what was measured before the stop is remembered"


def test_a_pause_holds_and_ends(engine: Engine, folders: tuple[Path, Path, Path]) -> None:
    engine.start(OrganizeJob(request(folders)))
    engine.pause()
    engine.unpause()
    end, events = finished(engine)
    assert isinstance(end.result, OrganizeReview)
    stages = [event.stage for event in events if isinstance(event, StageBegan)]
    assert stages == [Stage.SCAN, Stage.MEASURE, Stage.MATCH, Stage.VERIFY, Stage.DETAIL, Stage.PLAN]


def test_the_output_inside_an_input_is_not_searched(engine: Engine, folders: tuple[Path, Path, Path]) -> None:
    phone, library, _ = folders
    save(scene(50), library / "sorted" / "unique_images" / "old.jpg")
    review = scanned(engine, request((phone, library, library / "sorted")))
    assert "old.jpg" not in [picture.record.name for picture in review.pictures]
    assert any("is not searched" in note for note in review.plan.notes)


def test_a_folder_inside_the_other_is_taken_once(engine: Engine, folders: tuple[Path, Path, Path]) -> None:
    phone, library, output = folders
    review = scanned(engine, request((library, library / "trips", output)))
    assert sorted(picture.record.name for picture in review.pictures) == ["beach.png", "dog.gif", "tower.jpg"]
    assert files(phone)


def wrong_requests(root: Path) -> list[tuple[str, OrganizeRequest, str, str]]:
    one, two, out = (os.fspath(root / name) for name in ("one", "two", "out"))
    plain = OrganizeRequest((one, two), out)
    return [
        ("missing", OrganizeRequest((one + "x", two), out), "folder1", "is not there"),
        ("nothing chosen", OrganizeRequest(("", two), out), "folder1", "Choose a folder"),
        ("a file", OrganizeRequest((one, two + "/a.jpg"), out), "folder2", "is not a folder"),
        ("the same twice", OrganizeRequest((one, one), out), "folder2", "the same folder"),
        (
            "the same through a link",
            OrganizeRequest((one, os.fspath(root / "link")), out),
            "folder2",
            "the same folder",
        ),
        ("output is an input", OrganizeRequest((one, two), two), "output", "another folder than the inputs"),
        ("input inside the output", OrganizeRequest((one, two), os.fspath(root)), "output", "lies inside the output"),
        ("output is a file", OrganizeRequest((one, two), two + "/a.jpg"), "output", "is not a folder"),
        ("output below a file", OrganizeRequest((one, two), two + "/a.jpg/x"), "output", "is not a folder"),
        ("no output", OrganizeRequest((one, two), ""), "output", "Choose a folder"),
        ("threshold", OrganizeRequest((one, two), out, threshold=0.3), "threshold", "between 0.50 and 0.99"),
        (
            "reference",
            OrganizeRequest((one, two), out, references=(out,)),
            "references",
            "not one of the input folders",
        ),
        ("fine", plain, "", ""),
    ]


@pytest.mark.parametrize("index", range(13))
def test_what_is_refused_before_anything_is_touched(engine: Engine, tmp_path: Path, index: int) -> None:
    save(scene(1), tmp_path / "one" / "a.jpg")
    save(scene(2), tmp_path / "two" / "a.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "one")
    before = snapshot(tmp_path)
    _, asked, field, words = wrong_requests(tmp_path)[index]
    wrong = OrganizeJob.check(asked)
    assert set(wrong) == ({field} if field else set())
    assert words in wrong.get(field, "")
    engine.start(OrganizeJob(asked))
    end, _ = finished(engine)
    assert words in end.failure
    assert bool(end.failure) is bool(field)
    assert snapshot(tmp_path) == before


def test_folders_without_pictures_give_an_empty_plan_and_say_so(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "notes.txt").write_text("no picture")
    review = scanned(engine, request((tmp_path / "a", tmp_path / "b", tmp_path / "out")))
    assert review.plan.operations == ()
    assert [note for note in review.plan.notes if "no pictures" in note] == [
        f"There are no pictures in {tmp_path / 'a'}.",
        f"There are no pictures in {tmp_path / 'b'}.",
    ]


def test_the_real_edits_of_one_photo_are_one_group(engine: Engine, photo_data: Path, tmp_path: Path) -> None:
    paths = (photo_data / "edits" / "bridge-edits", photo_data / "orientation", tmp_path / "out")
    review = scanned(engine, request(paths, transfer=Transfer.COPY))
    largest = max(review.groups, key=lambda group: len(group.members))
    names = {review.pictures[member.picture].record.name for member in largest.members}
    edits = {picture.record.name for picture in review.pictures if "bridge" in picture.record.root}
    assert len(names & edits) >= len(edits) - 1
    for group in review.groups:
        roots = {review.pictures[member.picture].record.root for member in group.members}
        assert len(roots) == 1, "the bridge and the orientation pictures are not the same"


def test_different_photos_of_many_cameras_stay_apart(engine: Engine, photo_data: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    review = scanned(
        engine, request((photo_data / "camera", tmp_path / "none", tmp_path / "out"), transfer=Transfer.COPY)
    )
    near = [{"Nikon E900 (1).jpg", "Nikon E900 (2).jpg"}, {"Issue 247-1.nef", "Issue 247-2.nef"}]
    for group in review.groups:
        names = {review.pictures[member.picture].record.name for member in group.members}
        assert names in near or all(name.startswith("IMG_29") for name in names), names


# --- the best of a group ----------------------------------------------------------------------------------------------


def test_the_original_wins_over_its_enlarged_and_sharpened_copies_and_they_are_looked_at_once(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    original = scene(3, (800, 600)).filter(ImageFilter.UnsharpMask(1, 60, 0))
    original.save(two / "z original.jpg", quality=93)
    original.resize((1600, 1200), Image.Resampling.BICUBIC).save(one / "a enlarged.jpg", quality=95)
    original.filter(ImageFilter.UnsharpMask(3, 200, 0)).save(one / "b sharpened.jpg", quality=93)
    original.filter(ImageFilter.GaussianBlur(2)).save(one / "c blurred.jpg", quality=93)
    for path in one.iterdir():
        os.utime(path, (2e9, 2e9))
    os.utime(two / "z original.jpg", (1e9, 1e9))
    request = OrganizeRequest((str(one), str(two)), str(tmp_path / "out"))
    review = scanned(engine, request)
    (group,) = review.groups
    names = [review.pictures[member.picture].record.name for member in group.members]
    assert names[0] == "z original.jpg"
    assert set(names) == {"z original.jpg", "a enlarged.jpg", "b sharpened.jpg", "c blurred.jpg"}
    enlarged = next(picture for picture in review.pictures if picture.record.name == "a enlarged.jpg")
    assert enlarged.enlarged_from == 800 * 600

    def looked_at_again(content: object) -> None:
        raise AssertionError(f"{content} was decoded again")

    monkeypatch.setattr("image_sync.pictures.resampling.luminance_of", looked_at_again)
    again = scanned(engine, request)
    assert again.pictures == review.pictures
    assert again.groups == review.groups
