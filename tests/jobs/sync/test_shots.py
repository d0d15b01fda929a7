"""Two pictures under one name: versions of one shot follow the table, different shots and renamed files do not."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from image_sync.jobs.sync.model import Answer, Kind
from image_sync.jobs.sync.request import Deletions, DifferentShots
from tests.jobs.sync.running import Pair, contents, put, settle


def shot(number: int) -> Image.Image:
    """A scene that looks like no other: smooth shapes of its own."""
    random = np.random.default_rng(number)
    coarse = random.integers(0, 255, (9, 12, 3), np.uint8)
    return Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC)


def jpeg(picture: Image.Image, quality: int = 90, exif: Image.Exif | None = None) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, **({"exif": exif} if exif else {}))
    return stream.getvalue()


def taken(moment: str) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0110] = "Camera"
    exif.get_ifd(0x8769)[0x9003] = moment
    return exif


CAT, DOG = jpeg(shot(1)), jpeg(shot(2))


@pytest.fixture
def known(pair: Pair) -> Pair:
    """Two folders that were synced before."""
    put(pair.source, "k.txt", "k")
    assert pair.sync().done == 1
    settle()
    return pair


def two_cameras(pair: Pair) -> None:
    put(pair.source, "DCIM/IMG_0001.JPG", CAT, 90)
    put(pair.target, "DCIM/IMG_0001.JPG", DOG, 5)


def test_two_new_shots_of_one_name_are_a_conflict(known: Pair) -> None:
    two_cameras(known)
    ran = known.sync()
    assert ran.kinds == {"DCIM/IMG_0001.JPG": Kind.CONFLICT} and ran.review
    assert "two different pictures, both new since the last run" in ran.review.conflicts[0].why
    assert ran.review.conflicts[0].different_shots
    assert {CAT, DOG} <= contents(known.source) | contents(known.target)
    assert not (known.target / ".image-sync").exists(), "nothing went anywhere"


@pytest.mark.parametrize(
    "versions",
    [
        lambda: (jpeg(shot(1), 95), jpeg(shot(1), 40)),
        lambda: (CAT, jpeg(shot(1).resize((160, 120)))),
        lambda: (CAT, jpeg(ImageEnhance.Brightness(shot(1)).enhance(1.2))),
        lambda: (CAT, jpeg(shot(1).filter(ImageFilter.GaussianBlur(1)))),
        lambda: (CAT, jpeg(shot(1).rotate(90, expand=True))),
        lambda: (  # a crop that the eyes may not know again, of one moment and camera
            jpeg(shot(1), exif=taken("2024:08:15 14:30:22")),
            jpeg(shot(1).crop((200, 150, 320, 240)), exif=taken("2024:08:15 14:30:22")),
        ),
    ],
    ids=["quality", "size", "tone", "filter", "turn", "crop"],
)
def test_versions_of_one_shot_follow_the_table(known: Pair, versions: Callable[[], tuple[bytes, bytes]]) -> None:
    older, newer = versions()
    put(known.source, "a.jpg", older, 90)
    put(known.target, "a.jpg", newer, 5)
    assert known.sync().kinds == {"a.jpg": Kind.UPDATE_SOURCE}
    assert known.same()["a.jpg"][1] == newer


def test_what_is_no_picture_follows_the_table(known: Pair) -> None:
    put(known.source, "a.txt", "one", 90)
    put(known.target, "a.txt", "another", 5)
    assert known.sync().kinds == {"a.txt": Kind.UPDATE_SOURCE}


@pytest.mark.parametrize("broken", [b"no picture at all", CAT[:300], b"\xff\xd8\xff" + b"\0" * 90])
def test_two_new_pictures_of_which_nobody_can_tell_are_a_conflict(known: Pair, broken: bytes) -> None:
    put(known.source, "a.jpg", broken, 90)
    put(known.target, "a.jpg", DOG, 5)
    ran = known.sync()
    assert ran.kinds == {"a.jpg": Kind.CONFLICT} and ran.problems == ()


def test_an_edit_of_a_known_picture_wins_whatever_it_shows(known: Pair) -> None:
    put(known.source, "a.jpg", CAT, 90)
    known.sync()
    settle()
    put(known.source, "a.jpg", DOG, 95)
    assert known.sync().kinds == {"a.jpg": Kind.UPDATE_TARGET}


@pytest.mark.parametrize(
    ("way", "kind", "noted"),
    [
        (DifferentShots.NEWER, Kind.UPDATE_SOURCE, True),
        (DifferentShots.KEEP_BOTH, Kind.KEEP_BOTH, False),
        (DifferentShots.ASK, Kind.CONFLICT, False),
    ],
)
def test_on_a_first_run_the_choice_decides(pair: Pair, way: DifferentShots, kind: Kind, noted: bool) -> None:
    two_cameras(pair)
    put(pair.source, "v.jpg", jpeg(shot(3)), 90)
    put(pair.target, "v.jpg", jpeg(shot(3), 40), 5)
    ran = pair.sync(different_shots=way)
    assert ran.review is not None
    assert ran.kinds == {"DCIM/IMG_0001.JPG": kind, "v.jpg": Kind.UPDATE_SOURCE}
    assert {one.path for one in ran.review.decisions if one.different_shots} == {"DCIM/IMG_0001.JPG"}
    note = "1 name stands for two different pictures"
    assert any(note in said for said in ran.review.notes) is noted
    standing = contents(pair.source / "DCIM", pair.target / "DCIM")
    assert standing == ({DOG} if way is DifferentShots.NEWER else {CAT, DOG})


def test_keep_both_answers_for_known_folders_too(known: Pair) -> None:
    two_cameras(known)
    assert known.sync(different_shots=DifferentShots.KEEP_BOTH).kinds == {"DCIM/IMG_0001.JPG": Kind.KEEP_BOTH}
    assert {data for path, (_, data, _) in known.same().items() if path.startswith("DCIM/")} == {CAT, DOG}
    known.quiet()


# --- a renamed file and a new one -----------------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", ["beach.jpg", "notes.txt", "d/clip.mov"])
@pytest.mark.parametrize("deletions", list(Deletions))
def test_a_renamed_file_that_meets_a_new_one_is_a_conflict(
    pair: Pair, name: str, deletions: Deletions, turned: bool
) -> None:
    put(pair.source, "d/old" + Path(name).suffix, "wedding", 99)
    pair.sync()
    settle()
    here, there = (pair.target, pair.source) if turned else (pair.source, pair.target)
    (here / ("d/old" + Path(name).suffix)).rename(here / name)
    put(there, name, "another beach", 5)
    ran = pair.sync(deletions=deletions, max_delete=1.0)
    assert ran.kinds[name] is Kind.CONFLICT and ran.review
    (found,) = (one for one in ran.review.conflicts if one.path == name)
    assert f"renamed in the {'target' if turned else 'source'}, was" in found.why
    standing = {
        path.read_bytes() for root in (pair.source, pair.target) for path in root.rglob("*.*") if _is_plain(path)
    }
    assert standing == {b"wedding", b"another beach"}, "neither leaves both trees"


def _is_plain(path: Path) -> bool:
    return path.is_file() and ".image-sync" not in path.parts


def test_both_renamed_to_one_name_are_a_conflict(pair: Pair) -> None:
    put(pair.source, "a.txt", "content a", 99)
    put(pair.source, "b.txt", "content b", 99)
    pair.sync()
    settle()
    os.rename(pair.source / "a.txt", pair.source / "c.txt")
    os.rename(pair.target / "b.txt", pair.target / "c.txt")
    assert pair.sync(deletions=Deletions.PROPAGATE, max_delete=1.0).kinds["c.txt"] is Kind.CONFLICT
    assert {b"content a", b"content b"} <= contents(pair.source) | contents(pair.target)


@pytest.mark.parametrize("answer", [Answer.SOURCE, Answer.TARGET, Answer.KEEP_BOTH])
def test_an_answered_meeting_leaves_two_equal_trees(pair: Pair, answer: Answer) -> None:
    put(pair.source, "old.txt", "wedding", 99)
    pair.sync()
    settle()
    (pair.source / "old.txt").rename(pair.source / "new.txt")
    put(pair.target, "new.txt", "beach", 5)
    pair.sync(resolution=answer.value)
    pair.same()
    settle()
    pair.quiet()
