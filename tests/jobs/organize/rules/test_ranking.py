"""Which copy is the best, why, and that the original beats what was made of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from image_sync.base.model import FileKind, FileRecord, Fingerprint, Match, Picture, Sameness
from image_sync.jobs.organize.request import Preference
from image_sync.jobs.organize.rules.ranking import (
    GOOD_ENOUGH,
    compression_quality,
    doubtful,
    is_derived_name,
    rank,
    why_best,
)
from image_sync.pictures.double_compression import with_history
from image_sync.pictures.formats import kind_of
from image_sync.pictures.measure import measure
from tests.photos import CAMERA
from tests.pictures_made import scene

ORDER = tuple(Preference)
ROOT = "/photos"


def picture(name: str = "IMG_1234.jpg", mtime: float = 1e9, reference: bool = False, **known: Any) -> Picture:
    record = FileRecord(ROOT, name, 1000, int(mtime * 1e9), 0, 1, 2, 1, 0o644, kind_of(name))
    values: dict[str, Any] = {"format": "JPEG", "width": 4000, "height": 3000, "jpeg_quality": 90, **known}
    values = {"frames": 1, "small": b"", "codes": b"", "texture": 50.0, "sharpness": 500.0, **values}
    return Picture(record, Fingerprint(**values), reference=reference)


DATED = {"has_exif": True, "captured": "2020-01-02T03:04:05", "camera": "Model T"}

TABLE: dict[str, tuple[Picture, Picture, str]] = {
    "pixels": (picture(), picture(width=1024, height=768), "more pixels: 4000 × 3000 against 1024 × 768"),
    "quality": (
        picture(jpeg_quality=88),
        picture(jpeg_quality=75),
        "less compressed: JPEG of quality 88 against JPEG of quality 75",
    ),
    "a lossless format": (
        picture("a.png", format="PNG", jpeg_quality=None),
        picture("b.jpg"),
        "less compressed: PNG against JPEG of quality 90",
    ),
    "HEIC and a JPEG of it": (
        picture("IMG_1.heic", format="HEIF", jpeg_quality=None),
        picture("IMG_1.jpg", jpeg_quality=85),
        "less compressed: HEIF against JPEG of quality 85",
    ),
    "HEIC and a lossless copy of it": (
        picture("IMG_1.heic", format="HEIF", jpeg_quality=None),
        picture("IMG_1.png", format="PNG", jpeg_quality=None),
        "less compressed: HEIF against PNG",
    ),
    "RAW": (
        picture("a.nef", format="NEF", jpeg_quality=None),
        picture("a.jpg", jpeg_quality=80),
        "less compressed: NEF against JPEG of quality 80",
    ),
    "a JPEG and a WebP of it": (
        picture(jpeg_quality=85),
        picture("a.webp", format="WEBP", jpeg_quality=None),
        "less compressed: JPEG of quality 85 against WEBP",
    ),
    "a GIF has few colours": (
        picture(jpeg_quality=60),
        picture("a.gif", format="GIF", jpeg_quality=None),
        "less compressed: JPEG of quality 60 against GIF",
    ),
    "what was saved again is no better": (
        picture(jpeg_quality=80),
        picture("b.jpg", jpeg_quality=95, earlier_quality=80),
        "less compressed: JPEG of quality 80 against JPEG made from a JPEG of quality 80",
    ),
    "nor is a PNG of a good JPEG": (
        picture(jpeg_quality=97),
        picture("b.png", format="PNG", jpeg_quality=None, earlier_quality=97),
        "less compressed: JPEG of quality 97 against PNG made from a JPEG of quality 97",
    ),
    "sharpness": (picture(sharpness=900.0), picture(sharpness=300.0), "sharper: 200 % more fine detail"),
    "flat and sharp": (picture(sharpness=900.0), picture(sharpness=0.0), "much sharper"),
    "metadata": (
        picture(**DATED),
        picture("b.jpg", has_exif=True),
        "has the capture date and the camera's name, which the other lacks",
    ),
    "the place": (picture(has_gps=True), picture("b.jpg"), "has the place, which the other lacks"),
    "the name": (
        picture("IMG_1234.jpg", mtime=2e9),
        picture("IMG_1234 (1).jpg"),
        "original name: “IMG_1234 (1).jpg” is what a program gives to a copy",
    ),
    "a chat program's name": (
        picture("IMG_1234.jpg", mtime=2e9),
        picture("IMG-20200102-WA0001.jpg"),
        "original name: “IMG-20200102-WA0001.jpg” is what a program of a chat, a browser or a screenshot gives",
    ),
    "age": (picture("b.jpg", mtime=1e9), picture("a.jpg", mtime=1e9 + 3 * 86400), "older file, by 3 days"),
    "nothing but the path": (picture("a.jpg"), picture("b.jpg"), "the copies are equally good; its path comes first"),
    "a reference": (
        picture("b.jpg", reference=True, width=10, height=10),
        picture("a.jpg"),
        "it is in the reference folder",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_better_one_and_why(name: str) -> None:
    better, worse, why = TABLE[name]
    assert rank(better, ORDER, "") < rank(worse, ORDER, "")
    assert why_best(better, [worse], ORDER, "") == why


def test_noise_does_not_decide() -> None:
    """What hardly differs is left to the next preference."""
    original = picture("b.jpg", jpeg_quality=93, sharpness=500.0, **DATED)
    copy = picture("a.jpg", jpeg_quality=96, sharpness=501.0)
    assert rank(original, ORDER, "") < rank(copy, ORDER, "")


def test_the_preferred_folder_comes_before_every_preference_but_not_before_a_reference() -> None:
    small = replace(picture("a.jpg", width=10, height=10), record=replace(picture().record, root="/preferred"))
    large, kept = picture(), picture(reference=True, width=5, height=5)
    assert rank(small, ORDER, "/preferred") < rank(large, ORDER, "/preferred")
    assert why_best(small, [large], ORDER, "/preferred") == "it is in the preferred folder"
    assert rank(kept, ORDER, "/preferred") < rank(small, ORDER, "/preferred")
    near = replace(small, record=replace(small.record, root="/preferred too"))
    assert rank(near, ORDER, "/preferred") > rank(large, ORDER, "/preferred")


def test_the_order_is_the_user_s() -> None:
    large = picture("a.jpg", jpeg_quality=50)
    good = picture("b.jpg", width=2000, height=1500)
    assert rank(large, ORDER, "") < rank(good, ORDER, "")
    swapped = (Preference.QUALITY, Preference.PIXELS)
    assert rank(good, swapped, "") < rank(large, swapped, "")
    assert why_best(good, [large], swapped, "").startswith("less compressed")
    assert rank(large, (), "") < rank(good, (), "")


def test_the_reason_is_told_against_the_next_best() -> None:
    best, second, last = picture(), picture("b.jpg", jpeg_quality=70), picture(width=100, height=80)
    assert why_best(best, [last, second], ORDER, "").startswith("less compressed")
    assert why_best(best, [], ORDER, "") == ""


known_values = st.fixed_dictionaries(
    {
        "width": st.sampled_from([100, 200]),
        "jpeg_quality": st.sampled_from([None, 50, 93, 97]),
        "earlier_quality": st.sampled_from([None, 80]),
        "sharpness": st.sampled_from([0.0, 400.0, 401.0, 900.0]),
        "has_exif": st.booleans(),
    }
)
pictures = st.builds(
    lambda name, mtime, reference, known: picture(name, mtime, reference, **known),
    st.sampled_from(["a.jpg", "A.jpg", "a (1).jpg", "b.png", "IMG-1-WA0001.jpg"]),
    st.sampled_from([1e9, 1e9 + 1, 1e9 + 100]),
    st.booleans(),
    known_values,
)


@given(st.lists(pictures, min_size=2, max_size=6), st.permutations(ORDER), st.randoms())
def test_the_order_is_total_and_the_same_from_every_side(
    found: list[Picture], order: list[Preference], random: Any
) -> None:
    keys = [rank(each, order, "") for each in found]
    for one, two in itertools.combinations(range(len(found)), 2):
        if found[one].record.path != found[two].record.path:
            assert (keys[one] < keys[two]) != (keys[two] < keys[one])
    mixed = found.copy()
    random.shuffle(mixed)
    assert sorted(keys) == sorted(rank(each, order, "") for each in mixed)
    best = min(found, key=lambda each: rank(each, order, ""))
    assert why_best(best, [each for each in found if each is not best], order, "")


@pytest.mark.parametrize(
    "stem",
    ["a (1)", "a - Copy", "Kopie von a", "IMG_1234_1", "a-edited", "a_edited", "IMG_E1234", "a-bearbeitet", "a edit"],
)
def test_names_of_what_is_made_of_a_picture(stem: str) -> None:
    assert is_derived_name(picture(f"{stem}.jpg"))


@pytest.mark.parametrize("stem", ["IMG_1234", "Holiday 1", "copyright", "2020-01-02", "expedition", "credit"])
def test_names_of_originals(stem: str) -> None:
    assert not is_derived_name(picture(f"{stem}.jpg"))


def test_a_number_makes_a_copy_of_what_stands_beside_it() -> None:
    one, other = picture("IMG_1.jpg"), replace(picture("IMG_1 2.jpg"), copy_beside=True)
    assert rank(one, ORDER, "") < rank(other, ORDER, "")
    assert "original name" in why_best(one, [other], ORDER, "")


# --- which need a closer look -----------------------------------------------------------------------------------------


def test_only_those_that_may_have_been_made_from_their_match_are_looked_at() -> None:
    found = [
        picture("0.jpg", jpeg_quality=80),
        picture("1.jpg", jpeg_quality=95),
        picture("2.png", format="PNG", jpeg_quality=None),
        picture("3.jpg", jpeg_quality=95, width=400, height=300),
        picture("4.jpg", jpeg_quality=80),
        picture("5.jpg", jpeg_quality=95),
        picture("6.png", format="PNG", jpeg_quality=None),
    ]

    def looked_at(*pairs: tuple[int, int], sameness: Sameness = Sameness.SIMILAR) -> list[int]:
        return doubtful(found, [Match(first, second, sameness, 0.9) for first, second in pairs])

    assert looked_at((0, 1)) == [1]
    assert looked_at((1, 4)) == [1]
    assert looked_at((0, 2)) == [2]
    assert looked_at((1, 2)) == [2]
    assert looked_at((0, 3)) == []
    assert looked_at((0, 4)) == []
    assert looked_at((1, 5)) == []
    assert looked_at((2, 6)) == []
    assert looked_at((0, 1), sameness=Sameness.IDENTICAL_FILE) == []
    assert looked_at((0, 1), (1, 4), (0, 2), (4, 5)) == [1, 2, 5]


# --- real re-encodings ------------------------------------------------------------------------------------------------


def measured(path: Path) -> Picture:
    status = path.stat()
    answer = measure(str(path), status.st_size, False)
    assert answer.fingerprint is not None, str(answer.problem)
    kind = kind_of(path.name)
    record = FileRecord(str(path.parent), path.name, status.st_size, 0, 0, 0, 0, 1, 0o644, kind)
    return Picture(record, answer.fingerprint)


Made = Callable[[Image.Image, Path], None]


def jpeg_of(quality: int) -> Made:
    return lambda full, path: full.save(path.with_suffix(".jpg"), quality=quality)


def other(suffix: str) -> Made:
    def make(full: Image.Image, path: Path) -> None:
        if suffix == ".heic":
            import pillow_heif

            pillow_heif.from_pillow(full).save(path.with_suffix(suffix), quality=90)
        else:
            full.save(path.with_suffix(suffix))

    return make


def smaller(full: Image.Image, path: Path) -> None:
    full.resize((full.width * 3 // 4, full.height * 3 // 4), Image.Resampling.LANCZOS).save(
        path.with_suffix(".jpg"), quality=95
    )


def chat(full: Image.Image, path: Path) -> None:
    full = full.copy()
    full.thumbnail((1600, 1600))
    full.save(path.with_suffix(".jpg"), quality=75)


COPIES: dict[str, Made] = {
    **{f"at quality {quality}": jpeg_of(quality) for quality in (98, 95, 92, 75)},
    **{suffix: other(suffix) for suffix in (".png", ".bmp", ".tif", ".webp", ".gif")},
    "smaller": smaller,
    "as a chat sends it": chat,
}


@pytest.fixture(scope="module")
def originals(photo_data: Path) -> list[Path]:
    """Small pictures of cameras that compress little and much: quality 75, 88, 93, 94, 97 in both cases."""
    shipped = [photo_data / "camera" / f"{name}.jpg" for name in list(CAMERA)[:5]]
    if shipped[0].is_file():
        return shipped
    names = ("Kodak ProBack", "Nikon E900 (1)", "Canon PowerShot S30", "Nikon D5000", "Canon PowerShot S230")
    return [photo_data / "camera" / f"{name}.jpg" for name in names]


def test_the_original_beats_every_re_encoding(originals: list[Path], tmp_path: Path) -> None:
    """The copies have names that come before, the same age, and no camera data, as most programs leave them."""
    beaten = []
    for original in originals:
        best = with_history(measured(original))
        with Image.open(original) as opened:
            full = opened.convert("RGB")
        for name in ("at quality 98", "at quality 95", "at quality 92", ".png", "as a chat sends it"):
            COPIES[name](full, tmp_path / "a")
            (made,) = tmp_path.iterdir()
            if rank(with_history(measured(made)), ORDER, "") < rank(best, ORDER, ""):
                beaten.append((original.name, name))
            made.unlink()
    assert beaten == []


def test_the_original_beats_copies_that_keep_its_camera_data(originals: list[Path], tmp_path: Path) -> None:
    """Then only the quality, found by the closer look, and the name and age can tell."""
    beaten = []
    for original in originals:
        best = with_history(measured(original))
        with Image.open(original) as opened:
            for quality in (98, 95, 92):
                copy = tmp_path / "a (1).jpg"
                opened.convert("RGB").save(copy, quality=quality, exif=opened.info["exif"])
                if rank(with_history(measured(copy)), ORDER, "") < rank(best, ORDER, ""):
                    beaten.append((original.name, quality))
    assert beaten == []


def test_without_the_closer_look_a_copy_saved_at_high_quality_would_win(originals: list[Path], tmp_path: Path) -> None:
    """What the closer look is for."""
    with Image.open(originals[0]) as opened:
        opened.convert("RGB").save(tmp_path / "a.jpg", quality=95)
    best, copy = measured(originals[0]), measured(tmp_path / "a.jpg")
    assert rank(copy, ORDER, "") < rank(best, ORDER, "")
    assert doubtful([best, copy], [Match(0, 1, Sameness.SIMILAR, 0.99)]) == [1]
    assert rank(with_history(copy), ORDER, "") > rank(with_history(best), ORDER, "")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_original_scene_beats_every_re_encoding(tmp_path: Path, seed: int) -> None:
    full = scene(seed, (640, 480))
    (tmp_path / "z").mkdir()
    full.save(tmp_path / "z" / "IMG_1234.jpg", quality=88)
    best = measured(tmp_path / "z" / "IMG_1234.jpg")
    with Image.open(tmp_path / "z" / "IMG_1234.jpg") as opened:
        saved = opened.convert("RGB")
    for make in COPIES.values():
        make(saved, tmp_path / "a")
        (made,) = tmp_path.glob("a.*")
        assert rank(best, ORDER, "") < rank(with_history(measured(made)), ORDER, ""), made
        made.unlink()


def test_a_blurred_copy_of_a_good_original_loses(originals: list[Path], tmp_path: Path) -> None:
    for original in originals[2:]:
        with Image.open(original) as opened:
            opened.convert("RGB").filter(ImageFilter.GaussianBlur(2)).save(tmp_path / "a.jpg", quality=98)
        assert rank(measured(original), ORDER, "") < rank(measured(tmp_path / "a.jpg"), ORDER, ""), original.name


def test_kinds() -> None:
    raw, lossless = picture("a.nef", format="NEF", jpeg_quality=None), picture("a.png", format="PNG", jpeg_quality=None)
    assert raw.record.kind is FileKind.RAW
    heic = picture("a.heic", format="HEIF", jpeg_quality=None)
    assert compression_quality(raw) > compression_quality(heic) > compression_quality(lossless) == GOOD_ENOUGH
    assert compression_quality(picture(jpeg_quality=100)) == GOOD_ENOUGH


def test_what_shows_the_whole_picture_is_better_than_a_larger_part() -> None:
    whole, part = picture("a.jpg", width=800, height=600), picture("b.jpg", width=4000, height=3000)
    part = replace(part, shows_less=True)
    assert rank(whole, ORDER, "") < rank(part, ORDER, "")
    assert why_best(whole, [part], ORDER, "").startswith("it shows the whole picture")
    reference = replace(part, reference=True)
    assert rank(reference, ORDER, "") < rank(whole, ORDER, "")


@pytest.mark.parametrize(
    ("true", "lying", "format"),
    [
        ("b.jpg", "a.png", "JPEG"),
        ("b.heic", "a.jpg", "HEIF"),
        ("b.png", "a.jpg", "PNG"),
        ("b.JPEG", "a.nef", "JPEG"),
        ("b.avifs", "a.webp", "AVIF"),
        ("b.mpo", "a.tif", "JPEG"),
        ("copy of b.jpg", "a.png", "JPEG"),
    ],
)
def test_of_identical_bytes_the_suffix_that_tells_the_truth_is_kept(true: str, lying: str, format: str) -> None:
    quality = 90 if format == "JPEG" else None
    one = picture(true, format=format, jpeg_quality=quality)
    other = picture(lying, format=format, jpeg_quality=quality)
    if lying.endswith(".nef"):
        other = replace(other, record=replace(other.record, kind=FileKind.RAW))
    assert rank(one, ORDER, "") < rank(other, ORDER, "")
    suffix = lying[lying.index(".") :]
    assert why_best(one, [other], ORDER, "") == (
        f"its suffix tells what it is: the other is {format} too and called “{suffix}”"
    )


def test_copies_that_are_all_damaged_are_not_called_good() -> None:
    one, other = (replace(picture(name), damage="it ends early") for name in ("a.jpg", "b.jpg"))
    assert why_best(one, [other], ORDER, "") == "both are damaged; its path comes first"
