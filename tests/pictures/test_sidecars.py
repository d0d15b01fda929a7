"""Which file goes with which picture, as a table of folders."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import FileRecord
from image_sync.pictures.formats import kind_of
from image_sync.pictures.sidecars import attach, lent_sidecars

LONG = "a name so long that Takeout had to cut it because"


def record(relative: str, root: str = os.path.join(os.sep, "photos")) -> FileRecord:
    return FileRecord(root, relative.replace("/", os.sep), 1, 2, 3, 4, 5, 1, 0o644, kind_of(relative))


def attached(names: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    units, leftovers = attach([record(name) for name in names])
    shown = {picture.relative: [each.relative for each in companions] for picture, companions in units}
    return shown, [each.relative for each in leftovers]


TABLE = {
    "XMP by stem": (["a.jpg", "a.xmp"], {"a.jpg": ["a.xmp"]}, []),
    "XMP by name": (["a.jpg", "a.jpg.xmp"], {"a.jpg": ["a.jpg.xmp"]}, []),
    "both at once": (["a.jpg", "a.jpg.xmp", "a.xmp"], {"a.jpg": ["a.jpg.xmp", "a.xmp"]}, []),
    "whatever the case": (["A.JPG", "a.XMP"], {"A.JPG": ["a.XMP"]}, []),
    "umlauts composed and not": (["Ü.jpg", "U\u0308.xmp"], {"Ü.jpg": ["U\u0308.xmp"]}, []),
    "RAW before JPEG": (["a.jpg", "a.nef", "a.xmp"], {"a.jpg": [], "a.nef": ["a.xmp"]}, []),
    "to each its own": (
        ["a.jpg", "a.nef", "a.jpg.xmp", "a.nef.xmp"],
        {"a.jpg": ["a.jpg.xmp"], "a.nef": ["a.nef.xmp"]},
        [],
    ),
    "HEIC before JPEG": (["a.heic", "a.jpg", "a.aae"], {"a.heic": ["a.aae"], "a.jpg": []}, []),
    "darktable's second version": (["a.nef", "a_01.nef.xmp"], {"a.nef": ["a_01.nef.xmp"]}, []),
    "THM": (["a.jpg", "a.thm"], {"a.jpg": ["a.thm"]}, []),
    "THM of a movie": (["a.jpg", "b.avi", "b.thm"], {"a.jpg": []}, ["b.avi", "b.thm"]),
    "without a picture": (["a.xmp", "b.json", "c.aae"], {}, ["a.xmp", "b.json", "c.aae"]),
    "another folder": (["x/a.jpg", "y/a.xmp"], {"x/a.jpg": []}, ["y/a.xmp"]),
    "another stem": (["a.jpg", "ab.xmp", "b.xmp"], {"a.jpg": []}, ["ab.xmp", "b.xmp"]),
    # iOS
    "AAE of the original": (
        ["IMG_1234.HEIC", "IMG_E1234.HEIC", "IMG_1234.AAE"],
        {"IMG_1234.HEIC": ["IMG_1234.AAE"], "IMG_E1234.HEIC": []},
        [],
    ),
    "AAE of the edited one alone": (["IMG_E1234.JPG", "IMG_1234.AAE"], {"IMG_E1234.JPG": ["IMG_1234.AAE"]}, []),
    "AAE of the first state": (["IMG_1234.HEIC", "IMG_O1234.AAE"], {"IMG_1234.HEIC": ["IMG_O1234.AAE"]}, []),
    # Live Photos
    "Live Photo": (["IMG_1.HEIC", "IMG_1.MOV"], {"IMG_1.HEIC": ["IMG_1.MOV"]}, []),
    "Live Photo as JPEG": (["IMG_1.jpg", "IMG_1.mov"], {"IMG_1.jpg": ["IMG_1.mov"]}, []),
    "Live Photo after Takeout": (["IMG_1.HEIC", "IMG_1.MP4"], {"IMG_1.HEIC": ["IMG_1.MP4"]}, []),
    "Live Photo exported as both": (
        ["IMG_1.HEIC", "IMG_1.JPG", "IMG_1.MOV"],
        {"IMG_1.HEIC": ["IMG_1.MOV"], "IMG_1.JPG": []},
        [],
    ),
    "the movie's own sidecar comes too": (
        ["IMG_1.HEIC", "IMG_1.MOV", "IMG_1.MOV.json", "IMG_1.HEIC.json"],
        {"IMG_1.HEIC": ["IMG_1.HEIC.json", "IMG_1.MOV", "IMG_1.MOV.json"]},
        [],
    ),
    "a movie beside another kind of picture": (["a.png", "a.mov"], {"a.png": []}, ["a.mov"]),
    "another kind of movie": (["a.jpg", "a.avi"], {"a.jpg": []}, ["a.avi"]),
    # Google Takeout
    "the movie of a Pixel": (
        ["PXL_1.MP", "PXL_1.MP.jpg", "PXL_2.MP.jpg"],
        {"PXL_1.MP.jpg": ["PXL_1.MP"], "PXL_2.MP.jpg": []},
        [],
    ),
    "a camcorder's file beside a movie alone": (["MOV001.MOI"], {}, ["MOV001.MOI"]),
    "JSON": (["a.jpg", "a.jpg.json"], {"a.jpg": ["a.jpg.json"]}, []),
    "JSON of a name that ends in a number": (["a (2).jpg", "a (2).jpg.json"], {"a (2).jpg": ["a (2).jpg.json"]}, []),
    "supplemental of such a name": (
        ["a(1).jpg", "a(1).jpg.supplemental-metadata.json", "a.jpg", "a.jpg.supplemental-metadata.json"],
        {"a(1).jpg": ["a(1).jpg.supplemental-metadata.json"], "a.jpg": ["a.jpg.supplemental-metadata.json"]},
        [],
    ),
    "cut supplemental of such a name": (
        ["IMG_7 (2).jpg", "IMG_7 (2).jpg.supplemental-met.json"],
        {"IMG_7 (2).jpg": ["IMG_7 (2).jpg.supplemental-met.json"]},
        [],
    ),
    "JSON by stem": (["a.jpg", "a.json"], {"a.jpg": ["a.json"]}, []),
    "supplemental": (
        ["a.jpg", "a.jpg.supplemental-metadata.json"],
        {"a.jpg": ["a.jpg.supplemental-metadata.json"]},
        [],
    ),
    "supplemental, cut": (["a.jpg", "a.jpg.supplemental-me.json"], {"a.jpg": ["a.jpg.supplemental-me.json"]}, []),
    "supplemental, cut to a letter": (["a.jpg", "a.jpg.s.json"], {"a.jpg": ["a.jpg.s.json"]}, []),
    "supplemental, cut to the dot": (["a.jpg", "a.jpg..json"], {"a.jpg": ["a.jpg..json"]}, []),
    "another word is none": (["a.jpg", "a.jpg.superb.json"], {"a.jpg": []}, ["a.jpg.superb.json"]),
    "an album's own": (["a.jpg", "metadata.json"], {"a.jpg": []}, ["metadata.json"]),
    "second of a title": (
        ["a.jpg", "a(1).jpg", "a.jpg.json", "a.jpg(1).json"],
        {"a.jpg": ["a.jpg.json"], "a(1).jpg": ["a.jpg(1).json"]},
        [],
    ),
    "second of a title, supplemental": (
        ["a.jpg", "a(1).jpg", "a.jpg.supplemental-metadata(1).json", "a.jpg.supplemental-metadata.json"],
        {
            "a.jpg": ["a.jpg.supplemental-metadata.json"],
            "a(1).jpg": ["a.jpg.supplemental-metadata(1).json"],
        },
        [],
    ),
    "the number where the name has it": (["a(1).jpg", "a(1).jpg.json"], {"a(1).jpg": ["a(1).jpg.json"]}, []),
    "the number of nobody": (["a.jpg", "a.jpg(2).json"], {"a.jpg": []}, ["a.jpg(2).json"]),
    "edited": (
        ["a.jpg", "a-edited.jpg", "a.jpg.json"],
        {"a.jpg": ["a.jpg.json"], "a-edited.jpg": []},
        [],
    ),
    "only the edited one is left": (["a-bearbeitet.jpg", "a.jpg.json"], {"a-bearbeitet.jpg": ["a.jpg.json"]}, []),
    "name cut at 46": (
        [f"{LONG[:47]}.jpg", f"{LONG[:46]}.json"],
        {f"{LONG[:47]}.jpg": [f"{LONG[:46]}.json"]},
        [],
    ),
    "cut within the suffix": (
        ["b" * 43 + ".jpg", "b" * 43 + ".jp.json"],
        {"b" * 43 + ".jpg": ["b" * 43 + ".jp.json"]},
        [],
    ),
    "a short beginning is no cut": (["abcdef.jpg", "abc.json"], {"abcdef.jpg": []}, ["abc.json"]),
    "two cut alike": (
        [f"{LONG[:46]}x.jpg", f"{LONG[:46]}y.jpg", f"{LONG[:46]}.json"],
        {f"{LONG[:46]}x.jpg": [f"{LONG[:46]}.json"], f"{LONG[:46]}y.jpg": []},
        [],
    ),
}


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("backwards", [False, True])
def test_table(name: str, backwards: bool) -> None:
    names, expected, leftovers = TABLE[name]
    shown, left = attached(names[::-1] if backwards else names)
    assert shown == {picture.replace("/", os.sep): companions for picture, companions in expected.items()}
    assert sorted(left) == sorted(path.replace("/", os.sep) for path in leftovers)


def test_the_order_of_the_records_is_kept() -> None:
    names = ["c.jpg", "a.jpg", "z.avi", "b.jpg", "y.xmp"]
    units, leftovers = attach(record(name) for name in names)
    assert [picture.name for picture, _ in units] == ["c.jpg", "a.jpg", "b.jpg"]
    assert [each.name for each in leftovers] == ["z.avi", "y.xmp"]


def test_two_roots_are_two_folders() -> None:
    units, leftovers = attach([record("a.jpg", "/one"), record("a.xmp", "/two")])
    assert [len(companions) for _, companions in units] == [0]
    assert [each.root for each in leftovers] == ["/two"]


stems = st.sampled_from(["a", "A", "a(1)", "IMG_1", "IMG_E1", "a-edited", "ä", "\udcff"])
suffixes = st.sampled_from([".jpg", ".JPG", ".heic", ".nef", ".mov", ".mp4", ".avi", ".xmp", ".jpg.xmp", ".aae"])
takeout = st.sampled_from([".json", ".jpg.json", ".jpg(1).json", ".jpg.supplemental-metadata.json", ".txt", ""])


@given(st.lists(st.builds(str.__add__, stems, suffixes | takeout), unique=True, max_size=25), st.randoms())
def test_nothing_is_lost_or_doubled_and_order_does_not_matter(names: list[str], random: object) -> None:
    units, leftovers = attach([record(name) for name in names])
    shown = [picture.name for picture, _ in units]
    shown += [each.name for _, companions in units for each in companions]
    shown += [each.name for each in leftovers]
    assert sorted(shown) == sorted(names)
    mixed = names.copy()
    random.shuffle(mixed)  # type: ignore[attr-defined]
    other, _ = attach([record(name) for name in mixed])
    assert {picture.name: companions for picture, companions in units} == {
        picture.name: companions for picture, companions in other
    }


@pytest.mark.parametrize(
    ("names", "lent"),
    [
        (["a.jpg", "a.jpg.json", "a-edited.jpg"], {"a-edited.jpg": ["a.jpg.json"]}),
        (
            ["a.heic", "a.heic.supplemental-metadata.json", "a-bearbeitet.jpg"],
            {"a-bearbeitet.jpg": ["a.heic.supplemental-metadata.json"]},
        ),
        (["a(1).jpg", "a.jpg(1).json", "a-edited(1).jpg"], {"a-edited(1).jpg": ["a.jpg(1).json"]}),
        (["a.jpg", "a-edited.jpg"], {}),
        (["a.jpg", "a.jpg.json", "x/a-edited.jpg"], {}),
        (["a.jpg", "a.jpg.json", "b-edited.jpg"], {}),
    ],
)
def test_an_edited_copy_borrows_the_json_of_its_original(names: list[str], lent: dict[str, list[str]]) -> None:
    units, _ = attach([record(name) for name in names])
    found = {first.relative: [one.relative for one in sidecars] for first, sidecars in lent_sidecars(units).items()}
    assert found == lent
