"""Names of groups and free names, as tables."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base import naming, paths
from tests.values import picture

GENERIC = [
    "IMG_1234",
    "IMG_E1234",
    "DSC01234",
    "DSCN0042",
    "P1010001",
    "image",
    "Photo",
    "photo (2)",
    "20190304_120102",
    "1234567",
    "550e8400-e29b-41d4-a716-446655440000",
    "WhatsApp Image 2019-03-04 at 12.01.02",
    "IMG-20190304-WA0001",
    "PXL_20190304_120102123",
    "ab",
    "_DSC0815",
    "IMG_1234 copy",
    "Screenshot_2019-04-16-11-19-37",
    "GOPR0042",
    "",
]
TELLING = [
    "beach",
    "Oma und Opa",
    "sunset_1",
    "Zoo",
    "IMG_1234 wedding",
    "pisa tower",
    "Ägypten",
    "東京駅",
    "birthday 2019",
]


@pytest.mark.parametrize("stem", GENERIC)
def test_a_name_that_says_nothing(stem: str) -> None:
    assert naming.is_generic(stem)


@pytest.mark.parametrize("stem", TELLING)
def test_a_name_that_says_something(stem: str) -> None:
    assert not naming.is_generic(stem)


@pytest.mark.parametrize(
    ("name", "folder", "captured", "camera", "expected"),
    [
        ("beach.jpg", "x", "2003-05-06T10:00:00", "Canon", "beach"),
        ("beach (1).jpg", "x", "", "", "beach"),
        ("IMG_1234.jpg", "Italy", "2003-05-06T10:00:00", "Canon", "2003-05-06"),
        ("IMG_1234.jpg", "Italy/Pisa", "", "Canon", "Pisa"),
        ("IMG_1234.jpg", "DCIM/100CANON", "", "Canon EOS 7D", "Canon EOS 7D"),
        ("IMG_1234.jpg", "DCIM", "", "", "pictures"),
        ("tower: at/night?.jpg".replace("/", "_"), "", "", "", "tower_ at_night"),
        ("con.jpg", "", "", "", "con_"),
        ("ends with dots...jpg", "", "", "", "ends with dots"),
        ("x" * 80 + ".jpg", "", "", "", "x" * 50),
        ("🏖🏖🏖🏖.jpg", "Sand", "", "", "Sand"),
    ],
)
def test_context(name: str, folder: str, captured: str, camera: str, expected: str) -> None:
    relative = os.path.join(*folder.split("/"), name)
    assert naming.context_of(picture(relative, root="/1234", captured=captured, camera=camera)) == expected


def test_two_groups_never_share_a_folder() -> None:
    taken = {paths.folded("Similar_Beach"), paths.folded("similar_beach_2")}
    assert naming.free_folder("similar_beach", taken) == "similar_beach_3"


@pytest.mark.parametrize(
    ("names", "number", "expected"),
    [
        (("a.jpg",), 0, ("a.jpg",)),
        (("a.jpg",), 2, ("a_2.jpg",)),
        (("a.jpg", "a.xmp"), 1, ("a_1.jpg", "a_1.xmp")),
        (("a.jpg", "a.jpg.xmp", "a.MOV"), 1, ("a_1.jpg", "a_1.jpg.xmp", "a_1.MOV")),
        (("a.jpg", "A.JPG.supplemental-me.json"), 3, ("a_3.jpg", "a_3.jpg.supplemental-me.json")),
        (("IMG_E12.jpg", "IMG_12.aae"), 1, ("IMG_E12_1.jpg", "IMG_12_1.aae")),
    ],
)
def test_companions_keep_the_name_of_their_picture(
    names: tuple[str, ...], number: int, expected: tuple[str, ...]
) -> None:
    assert naming.unit_names(names, number) == expected


@pytest.mark.slow
@given(
    st.text(min_size=1, max_size=300).filter(lambda text: "/" not in text and "\0" not in text), st.integers(1, 9999)
)
def test_a_numbered_name_fits_and_keeps_its_suffix(text: str, number: int) -> None:
    name = paths.shorten(text.encode("utf-8", "ignore").decode(), 240) + ".jpeg"
    result = paths.numbered(name, number)
    assert len(os.fsencode(result)) <= paths.NAME_LIMIT
    assert result.endswith(f"_{number}.jpeg")


@given(st.text(max_size=120))
def test_a_cleaned_text_is_legal_everywhere(text: str) -> None:
    result = naming.cleaned(text)
    assert len(result) <= naming.CONTEXT_LENGTH + 1
    assert all(character.isalnum() or character in " -_" for character in result)
    assert result == result.strip(" ")
    assert naming.cleaned(result) == result
