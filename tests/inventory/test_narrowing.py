"""Narrowing of a scan: each choice alone, as a table."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from image_sync.base.model import FileKind
from image_sync.inventory.narrowing import EVERYTHING, Narrowing
from image_sync.inventory.scan import Filter, scan


@pytest.mark.parametrize(
    ("narrowing", "path", "taken"),
    [
        (EVERYTHING, "a/.b/c/d.jpg", True),
        (Narrowing(depth=1), "a.jpg", True),
        (Narrowing(depth=1), "a/b.jpg", False),
        (Narrowing(depth=2), "a/b.jpg", True),
        (Narrowing(depth=2), "a/b/c.jpg", False),
        (Narrowing(hidden=False), "a/b.jpg", True),
        (Narrowing(hidden=False), ".a.jpg", False),
        (Narrowing(hidden=False), "a/.b/c.jpg", False),
        (Narrowing(suffixes=frozenset({".jpg"})), "a/B.JPG", True),
        (Narrowing(suffixes=frozenset({".jpg"})), "a/b.png", False),
        (Narrowing(suffixes=frozenset()), "a.jpg", False),
        (Narrowing(only=frozenset({"a/b.jpg"})), "a/b.jpg", True),
        (Narrowing(only=frozenset({"a/b.jpg"})), "b.jpg", False),
        (Narrowing(only=frozenset()), "b.jpg", False),
    ],
)
def test_by_path(narrowing: Narrowing, path: str, taken: bool) -> None:
    assert (narrowing.reaches(path) and narrowing.names(path)) is taken


@pytest.mark.parametrize(
    ("narrowing", "size", "time", "taken"),
    [
        (EVERYTHING, 0, -5, True),
        (Narrowing(minimum_size=10), 9, 0, False),
        (Narrowing(minimum_size=10), 10, 0, True),
        (Narrowing(maximum_size=10), 10, 0, True),
        (Narrowing(maximum_size=10), 11, 0, False),
        (Narrowing(newer_ns=100), 1, 99, False),
        (Narrowing(newer_ns=100), 1, 100, True),
        (Narrowing(older_ns=100), 1, 99, True),
        (Narrowing(older_ns=100), 1, 100, False),
        (Narrowing(newer_ns=0), 1, -1, False),
        (Narrowing(newer_ns=50, older_ns=100), 1, 70, True),
    ],
)
def test_by_size_and_time(narrowing: Narrowing, size: int, time: int, taken: bool) -> None:
    assert narrowing.fits(size, time) is taken


@pytest.mark.parametrize(
    ("folder", "narrowing", "entered"),
    [
        ("a", Narrowing(depth=1), False),
        ("a", Narrowing(depth=2), True),
        ("a/b", Narrowing(depth=2), False),
        (".a", Narrowing(hidden=False), False),
        (".a", EVERYTHING, True),
    ],
)
def test_folders(folder: str, narrowing: Narrowing, entered: bool) -> None:
    assert narrowing.enters(folder) is entered


def plant(root: Path) -> None:
    for number, name in enumerate(("a.jpg", "a.xmp", "b.cr2", "c.mov", ".d.jpg", "e/f.jpg", "e/.g/h.png", "e/i/j.jpg")):
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x" * (number + 1))
        os.utime(place, ns=(number * 10**9, number * 10**9))


@pytest.mark.parametrize(
    ("narrowing", "expected"),
    [
        (EVERYTHING, ".d.jpg a.jpg a.xmp b.cr2 c.mov e/.g/h.png e/f.jpg e/i/j.jpg"),
        (Narrowing(depth=1), ".d.jpg a.jpg a.xmp b.cr2 c.mov"),
        (Narrowing(hidden=False), "a.jpg a.xmp b.cr2 c.mov e/f.jpg e/i/j.jpg"),
        (Narrowing(maximum_size=3), "a.jpg a.xmp b.cr2 c.mov"),
        (Narrowing(newer_ns=5 * 10**9), "a.xmp c.mov e/.g/h.png e/f.jpg e/i/j.jpg"),
        (Narrowing(suffixes=frozenset({".cr2"})), "a.xmp b.cr2 c.mov"),
        (Narrowing(only=frozenset({"e/f.jpg"})), "a.xmp c.mov e/f.jpg"),
    ],
)
def test_a_scan_is_narrowed_but_for_what_travels_with_pictures(
    tmp_path: Path, narrowing: Narrowing, expected: str
) -> None:
    plant(tmp_path)
    kinds = frozenset(FileKind) - {FileKind.OTHER}
    listing = scan(os.fspath(tmp_path), Filter(kinds=kinds, narrowing=narrowing))
    assert [record.relative.replace(os.sep, "/") for record in listing.files] == expected.split()
