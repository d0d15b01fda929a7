"""Paths as values."""

from __future__ import annotations

import os

import pytest

from image_sync.base import paths


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/a/b.jpg", "/a/b.jpg"),
        ("naïve 東京 🏖.jpg", "naïve 東京 🏖.jpg"),
        ("two\nlines", "two\\nlines"),
        ("bell\x07", "bell\\x07"),
        ("\x1b[31mred", "\\x1b[31mred"),
        (os.fsdecode(b"caf\xe9.jpg"), "caf\\xe9.jpg"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("line\u2028end", "line\\u2028end"),
    ],
)
def test_what_is_shown_is_one_harmless_line(path: str, shown: str) -> None:
    assert paths.display(path) == shown
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A.JPG", "a.jpg", True),
        ("caf\u00e9", "cafe\u0301", True),
        ("STRASSE", "straße", True),
        ("a", "b", False),
        ("a/b", "a_b", False),
    ],
)
def test_folded_names_are_those_that_can_not_stand_side_by_side(one: str, other: str, same: bool) -> None:
    assert (paths.folded(one) == paths.folded(other)) is same


@pytest.mark.parametrize(
    ("path", "folder", "inside"),
    [
        ("/a/b", "/a", True),
        ("/a", "/a", True),
        ("/ab", "/a", False),
        ("/a", "/a/b", False),
        ("/a", "/", True),
    ],
)
def test_inside(path: str, folder: str, inside: bool) -> None:
    assert paths.is_inside(path, folder) is inside


def test_a_long_name_is_cut_between_characters() -> None:
    name = "ß" * 200 + ".jpg"
    result = paths.numbered(name, 12)
    assert len(os.fsencode(result)) in (254, 255)
    assert result.endswith("ß_12.jpg")
