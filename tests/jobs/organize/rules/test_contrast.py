"""What differs from the keeper, as a table: two pictures and how they match in, codes out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from image_sync.base.extras import Extras, Tones
from image_sync.base.model import Fingerprint, Member, Picture, Sameness
from image_sync.jobs.organize.rules.contrast import Contrast, Difference, contrast
from tests.values import picture

SIMILAR = Member(1, Sameness.SIMILAR, 0.97)
KEEPER = picture("keeper.jpg", captured="2020-01-01T10:00:00", camera="X100")


def measured(of: Picture, **facts: Any) -> Picture:
    changed: Fingerprint = replace(of.fingerprint, **facts)
    return replace(of, fingerprint=changed)


KEEPER = measured(KEEPER, has_gps=True, has_exif=True, jpeg_quality=90)
COPY = replace(KEEPER, record=replace(KEEPER.record, relative="copied.jpg"))


@pytest.mark.parametrize(
    ("copy", "codes"),
    [
        (COPY, []),
        (replace(COPY, damage="its picture data end early"), [(Difference.DAMAGED, "its picture data end early")]),
        (replace(COPY, shows_less=True), [(Difference.CROPPED, "")]),
        (measured(COPY, width=200, height=150), [(Difference.SMALLER, "0.2500")]),
        (measured(COPY, width=399, height=300), []),
        (measured(COPY, width=800, height=600), [(Difference.LARGER, "4.0000")]),
        (replace(measured(COPY, width=800, height=600), enlarged_from=120_000), [(Difference.ENLARGED, "")]),
        (replace(COPY, altered="blurred"), [(Difference.BLURRED, "")]),
        (replace(COPY, altered="toned"), [(Difference.TONED, "")]),
        (replace(COPY, sharpened_from=90.0), [(Difference.SHARPENED, "")]),
        (measured(COPY, extras=Extras(tones=Tones.GREY)), [(Difference.GREY, "")]),
        (measured(COPY, extras=Extras(tones=Tones.TWO)), [(Difference.TWO_TONES, "")]),
        (measured(COPY, jpeg_quality=60), [(Difference.COMPRESSED, "60")]),
        (measured(COPY, has_gps=False), [(Difference.NO_PLACE, "")]),
        (measured(COPY, captured=""), [(Difference.NO_DATE, "")]),
        (measured(COPY, camera=""), [(Difference.NO_CAMERA, "")]),
        (measured(COPY, format="PNG", jpeg_quality=None), [(Difference.OTHER_FORMAT, "PNG")]),
        (replace(COPY, copy_beside=True), [(Difference.NAMED_COPY, "")]),
    ],
)
def test_what_differs_from_the_keeper(copy: Picture, codes: list[tuple[Difference, str]]) -> None:
    found = [(one.difference, one.value) for one in contrast(copy, KEEPER, SIMILAR)]
    # A PNG counts as less compressed than a JPEG of 90; only what the row is about is told.
    assert found == codes


@pytest.mark.parametrize(
    ("held", "code"),
    [
        ({"frames": 12}, Contrast(Difference.FEWER_FRAMES, "1")),
        ({"extras": Extras(movie=True)}, Contrast(Difference.NO_MOVIE)),
        ({"extras": Extras(gain_map=True)}, Contrast(Difference.NO_GAIN_MAP)),
        ({"extras": Extras(alpha=True)}, Contrast(Difference.NO_ALPHA)),
        ({"extras": Extras(bits=16)}, Contrast(Difference.FEWER_SHADES, "8")),
    ],
)
def test_what_the_keeper_holds_more(held: dict[str, Any], code: Contrast) -> None:
    assert contrast(COPY, measured(KEEPER, **held), SIMILAR) == (code,)


@pytest.mark.parametrize(
    ("turn", "codes"),
    [
        (0, ()),
        (1, (Contrast(Difference.ROTATED, "1"),)),
        (2, (Contrast(Difference.ROTATED, "2"),)),
        (4, (Contrast(Difference.MIRRORED),)),
        (7, (Contrast(Difference.ROTATED, "3"), Contrast(Difference.MIRRORED))),
    ],
)
def test_position(turn: int, codes: tuple[Contrast, ...]) -> None:
    assert contrast(COPY, KEEPER, replace(SIMILAR, turn=turn)) == codes


def test_a_copy_of_all_bytes_differs_in_nothing_but_its_name() -> None:
    other = measured(COPY, captured="", has_gps=False, width=10)
    assert contrast(other, KEEPER, replace(SIMILAR, sameness=Sameness.IDENTICAL_FILE)) == ()


def test_the_keeper_tells_its_own_damage_alone() -> None:
    assert contrast(KEEPER, KEEPER, SIMILAR) == ()
    damaged = replace(KEEPER, damage="cut")
    assert contrast(damaged, damaged, SIMILAR) == (Contrast(Difference.DAMAGED, "cut"),)


def test_another_shot_lacks_nothing_of_the_keepers_data() -> None:
    other = measured(COPY, captured="", has_gps=False)
    assert contrast(other, KEEPER, replace(SIMILAR, sameness=Sameness.SERIES)) == ()
