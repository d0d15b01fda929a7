"""The search of the reviews: what is typed, and what it finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.gui.job.query import Facts, parsed

PHOTO = Facts(
    name="IMG_2417 Strand.JPG",
    folder="/home/ada/Pictures/2019/Rügen",
    size=5_400_000,
    score=97,
    kinds=frozenset({"jpeg", "picture"}),
    states=frozenset({"kept", "reviewed"}),
    camera="Pixel 7",
    date="2019-08-03T14:22:01",
    pixels=12_000_000,
)
UNKNOWN = Facts(name="notes.txt", folder="/home/ada")

FOUND = [
    "",
    "  ",
    "strand",
    "STRAND",
    "rügen",
    "Ru\u0308gen",
    "img strand",
    '"2417 str"',
    "name:2417",
    "folder:2019",
    'folder:"pictures/2019"',
    ">5MB",
    "> 5MB",
    ">=5.4MB",
    "<5,5mb",
    ">5MiB",
    "<6000k",
    "size>5MB",
    "size:5.4MB",
    "score<98",
    "score>=97",
    "score:97",
    "score:97%",
    "kind:jpeg",
    "kind:JPEG",
    "kind:raw,jpeg",
    "camera:pixel",
    'camera:"pixel 7"',
    'camera="Pixel 7"',
    "date:2019",
    "date:2019-08",
    "date:2019-08-03",
    "date>2018",
    "date<2020-01",
    "date<=2019",
    "date:2018..2020",
    "date:2019-08-01..2019-08-03",
    "date:..2019",
    "date:2019..",
    "pixels>=12MP",
    "pixels<12.1mp",
    "is:kept",
    "-is:aside",
    "-potsdam",
    "-kind:raw strand >1MB",
    '"strand',
]
NOT_FOUND = [
    "potsdam",
    "-strand",
    "strand potsdam",
    "name:2019",
    "folder:strand",
    "<5MB",
    ">5.4MB",
    "score<97",
    "score:98",
    "kind:raw",
    "kind:raw,heic",
    "camera:canon",
    "camera=pixel",
    "date:2018",
    "date>2019",
    "date:2020..",
    "date:..2018",
    "pixels>12MP",
    "is:aside",
]
UNCLEAR = [
    ("camra:pixel", "camra"),
    (">5parsec", "5parsec"),
    ("score<many", "many"),
    ("date:yesterday", "yesterday"),
    ("date:2019..tomorrow", "tomorrow"),
    ("date:..", ".."),
    ("date<2018..2019", "2018..2019"),
    ("kind>jpeg", "jpeg"),
    ("name<a", "<a"),
    ("kind:", "kind:"),
    (">", ">"),
    ("-", "-"),
    (":", ":"),
]


@pytest.mark.parametrize("text", FOUND)
def test_it_is_found(text: str) -> None:
    query = parsed(text)
    assert not query.mistake
    assert query.holds(PHOTO)
    assert bool(query) is bool(text.strip())


@pytest.mark.parametrize("text", NOT_FOUND)
def test_it_is_not_found(text: str) -> None:
    query = parsed(text)
    assert not query.mistake
    assert not query.holds(PHOTO)


@pytest.mark.parametrize(("text", "named"), UNCLEAR)
def test_what_is_not_understood_is_said_and_hides_nothing(text: str, named: str) -> None:
    query = parsed(f"strand {text}")
    assert named in query.mistake
    assert not query
    assert query.holds(UNKNOWN)


@pytest.mark.parametrize("text", [">1", "<1GB", "score>0", "score<100", "date>1900", "date<2100", "pixels<9MP"])
def test_of_what_is_not_known_no_condition_holds(text: str) -> None:
    assert not parsed(text).holds(UNKNOWN)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_understood_or_told(text: str) -> None:
    query = parsed(text)
    query.holds(PHOTO)
    query.holds(UNKNOWN)
    assert not (query.mistake and query.tests)


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=10))
def test_a_part_of_the_name_is_found_in_any_case(word: str) -> None:
    assert parsed(word).holds(Facts(f"x {word} y.jpg"))
    assert parsed(f"name:{word}").holds(Facts(f"x {word.upper()}.jpg")) or word.upper().casefold() != word.casefold()
