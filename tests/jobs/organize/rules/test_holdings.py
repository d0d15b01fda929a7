"""What a copy holds more decides before pixels and names, and the sentence says what each of the others lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from image_sync.base.extras import Described, Extras, Tones
from image_sync.base.model import FileKind, Picture
from image_sync.jobs.organize.request import Preference
from image_sync.jobs.organize.rules.alterations import Tone, toned
from image_sync.jobs.organize.rules.ranking import rank, why_best
from tests.values import picture, record

ORDER = tuple(Preference)


def holding(
    name: str = "b.jpg", *, frames: int = 1, format: str = "JPEG", width: int = 400, **extras: object
) -> Picture:
    plain = picture(name)
    fingerprint = replace(
        plain.fingerprint,
        frames=frames,
        format=format,
        width=width,
        extras=Extras(**extras),  # type: ignore[arg-type]
    )
    return replace(plain, fingerprint=fingerprint)


WITH_SIDECAR = replace(holding(), companions=(record("b.xmp", kind=FileKind.SIDECAR),))
LIVE = replace(holding(), companions=(record("b.mov", kind=FileKind.MOVIE),))
LARGE = holding("a.jpg", width=4000)
"""The other one would win by its pixels, its name and its path."""

TABLE = {
    "pages": (holding(frames=3, format="TIFF"), "has 3 pages: the other has one"),
    "frames": (holding(frames=12, format="GIF"), "has 12 frames: the other has one"),
    "pictures": (holding(frames=2, format="HEIF"), "has 2 pictures: the other has one"),
    "a motion photo": (holding(movie=True), "has the movie of the moment, which the other lacks"),
    "a Live Photo": (LIVE, "has the movie of the moment, which the other lacks"),
    "a gain map": (holding(gain_map=True), "has the brightness map for better screens, which the other lacks"),
    "views": (holding(further=1), "has further pictures of the shot, which the other lacks"),
    "shades": (holding(bits=16), "finer shades: 16 bits a channel against 8"),
    "alpha": (holding(alpha=True), "has transparent parts, which the other lacks"),
    "a profile": (holding(wide=True), "has a profile of more colours, which the other lacks"),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_is_held_more_decides_before_pixels_and_names(name: str) -> None:
    better, why = TABLE[name]
    assert rank(better, ORDER, "") < rank(LARGE, ORDER, "")
    assert why_best(better, [LARGE], ORDER, "") == why


@pytest.mark.parametrize(
    ("tones", "other", "why"),
    [
        (Tones.COLOUR, Tones.GREY, "in colour: the other is without colour"),
        (Tones.GREY, Tones.TWO, "without colour: the other is in two tones"),
    ],
)
def test_colour_before_grey_before_two_tones(tones: Tones, other: Tones, why: str) -> None:
    better, worse = holding(tones=tones), holding("a.jpg", width=4000, tones=other)
    assert rank(better, ORDER, "") < rank(worse, ORDER, "")
    assert why_best(better, [worse], ORDER, "") == why


def test_the_order_is_damage_then_reference_then_what_is_shown() -> None:
    damaged = replace(holding(frames=9), damage="a part is missing", reference=True)
    cropped = replace(holding("c.jpg", frames=5), shows_less=True)
    altered = replace(holding("d.jpg", width=9000), altered="blurred")
    plain = holding("z.jpg")
    ranked = sorted((damaged, cropped, altered, plain), key=lambda one: rank(one, ORDER, ""))
    assert ranked == [plain, altered, cropped, damaged]
    words = why_best(plain, [damaged, cropped, altered], ORDER, "")
    assert words.startswith("not altered: the other is blurred")
    assert "“c.jpg”: it shows the whole picture" in words
    assert "“b.jpg”: whole: the other is damaged (a part is missing)" in words


def test_words_of_a_person_and_sidecars_count_after_camera_data() -> None:
    rated = holding(described=Described.RATING | Described.KEYWORDS)
    bare = holding("a.jpg")
    dated = replace(bare, fingerprint=replace(bare.fingerprint, has_exif=True))
    assert why_best(rated, [bare], ORDER, "") == "has a rating and keywords, which the other lacks"
    assert why_best(WITH_SIDECAR, [bare], ORDER, "") == "has a sidecar, which the other lacks"
    assert rank(dated, ORDER, "") < rank(rated, ORDER, "") < rank(WITH_SIDECAR, ORDER, "") < rank(bare, ORDER, "")


def test_bits_that_a_jpeg_never_had_do_not_count() -> None:
    original = holding()
    converted = holding("a.tif", format="TIFF", bits=16)
    converted = replace(converted, fingerprint=replace(converted.fingerprint, earlier_quality=90))
    assert rank(original, (), "")[:-2] == rank(converted, (), "")[:-2]


def test_no_sentence_says_that_what_differs_is_equally_good() -> None:
    fine = replace(holding().fingerprint, jpeg_quality=93)
    one, other = replace(holding(), fingerprint=fine), holding("c.jpg")
    other = replace(other, fingerprint=replace(fine, jpeg_quality=96))
    words = why_best(one, [other], ORDER, "")
    assert words == (
        "nothing that counts tells them apart (JPEG of quality 93 and JPEG of quality 96); its path comes first"
    )


def test_no_sentence_tells_of_nothing_more() -> None:
    """Two values beside a step of the comparison differ in rank, and by less than a hundredth."""
    step = 1.25**28
    sharp = replace(holding(), fingerprint=replace(holding().fingerprint, sharpness=step * 1.001))
    soft = replace(holding("a.jpg"), fingerprint=replace(holding().fingerprint, sharpness=step * 0.999))
    assert why_best(sharp, [soft], ORDER, "") == "a little sharper"


@pytest.mark.parametrize(
    ("one", "other", "support", "sign"),
    [
        (Tone(100, 40, 20), Tone(101, 40.5, 20.5), (0, 0), 0),
        (Tone(100, 48, 20), Tone(100, 40, 20), (0, 0), 1),
        (Tone(100, 40, 28), Tone(100, 40, 20), (0, 0), 1),
        (Tone(115, 40, 20), Tone(100, 40, 20), (0, 0), 1),
        (Tone(100, 40, 3), Tone(100, 40, 20), (0, 0), 1),
        (Tone(100, 48, 20), Tone(100, 40, 20), (4, 2), -1),
    ],
    ids=["the same", "contrast", "saturated", "brighter", "without colour", "its data say otherwise"],
)
def test_which_of_two_was_toned(one: Tone, other: Tone, support: tuple[int, int], sign: int) -> None:
    assert toned(one, other, support) == sign
    assert toned(other, one, support[::-1]) == -sign
