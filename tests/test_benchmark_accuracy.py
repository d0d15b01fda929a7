"""The benchmark of accuracy counts right, and takes the photos that it says."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from benchmarks.accuracy import bundles
from benchmarks.accuracy.corpus import ORIGINAL, What
from benchmarks.accuracy.edits import CROWD, EDITS
from benchmarks.accuracy.grouping import EDITED_VERSIONS, VERSIONS, score
from benchmarks.accuracy.photos import LISTED, Choice, Half, pictures_in, real_photos
from benchmarks.accuracy.table import PHOTOS, Tally, pairs_in
from tests.pictures_made import save, scene

NAMES = LISTED.read_text(encoding="utf-8").split()


def bundle(files: dict[str, bytes], compressed: int = 0) -> bytes:
    """A resource bundle of version 3 with ``files`` in one folder."""
    content, names, nodes = b"", b"", b""
    texts = ["pictures", *files]
    places = []
    for text in texts:
        places.append(len(names))
        names += struct.pack(">HI", len(text), 0) + text.encode("utf-16-be")
    nodes += struct.pack(">IHIIQ", 0, 2, 1, 1, 0) + struct.pack(">IHIIQ", places[0], 2, len(files), 2, 0)
    for place, data in zip(places[1:], files.values(), strict=True):
        nodes += struct.pack(">IHHHIQ", place, compressed, 0, 0, len(content), 0)
        content += struct.pack(">I", len(data)) + data
    head = 24
    return (
        b"qres"
        + struct.pack(">IIIII", 3, head, head + len(nodes), head + len(nodes) + len(content), 0)
        + nodes
        + content
        + names
    )


def test_a_bundle_gives_its_files_as_they_are(tmp_path: Path) -> None:
    files = {"a.webp": b"first", "b é.webp": b"second of them"}
    path = tmp_path / "some.rcc"
    path.write_bytes(bundle(files))
    found = {entry.name: path.read_bytes()[entry.start : entry.start + entry.length] for entry in bundles.entries(path)}
    assert found == {f"pictures/{name}": data for name, data in files.items()}


def test_what_is_compressed_in_a_bundle_or_is_no_bundle_gives_nothing(tmp_path: Path) -> None:
    path = tmp_path / "some.rcc"
    for data in (bundle({"a.webp": b"first"}, compressed=1), b"", b"qres", b"something else altogether"):
        path.write_bytes(data)
        assert list(bundles.entries(path)) == []


def test_pictures_in_bundles_are_photos_too(tmp_path: Path) -> None:
    picture = save(scene(1, (640, 480)), tmp_path / "made" / "a.webp", quality=90)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "some.rcc").write_bytes(bundle({"a.webp": picture.read_bytes()}))
    (source,) = pictures_in(tmp_path / "photos")
    assert (source.name, source.opened().size) == ("pictures/a.webp", (640, 480))


def test_each_listed_photo_is_in_one_half() -> None:
    assert len(NAMES) == len(set(NAMES)) > 300
    tuned, held_out = ({name for name in NAMES if half.has(name)} for half in (Half.TUNED, Half.HELD_OUT))
    assert tuned | held_out == set(NAMES)
    assert not tuned & held_out
    assert min(len(tuned), len(held_out)) > 150


def test_only_what_is_listed_is_taken_of_a_package(tmp_path: Path) -> None:
    listed = next(name for name in NAMES if Half.HELD_OUT.has(name) and name.endswith(".jpg"))
    for number, name in enumerate((listed, "usr/share/icon.jpg")):
        save(scene(number, (640, 480)), tmp_path / name)
    whole, _ = real_photos(Choice(packages=[tmp_path], half=Half.HELD_OUT), 10)
    assert [photo.root for photo in whole] == [listed]
    assert real_photos(Choice(folders=[tmp_path], half=Half.HELD_OUT), 1)[0]


def test_names_of_edits_are_those_of_edits() -> None:
    names = {edit.name for edit in EDITS}
    assert {*CROWD, *VERSIONS, *EDITED_VERSIONS} <= names


@pytest.mark.parametrize(
    ("groups", "said", "right"),
    [
        ([], 0, 0),
        ([["photo-0-original.jpg", "photo-0-version-1.jpg"]], 1, 1),
        ([["photo-0-original.jpg", "photo-0-version-1.jpg", "photo-1-original.jpg"]], 3, 1),
        # A pair that is said twice is one pair.
        ([["photo-0-original.jpg", "photo-0-version-1.jpg"]] * 2, 1, 1),
    ],
)
def test_groups_are_scored_by_their_pairs(groups: list[list[str]], said: int, right: int) -> None:
    names = ["photo-0-original.jpg", "photo-0-version-1.jpg", "photo-0-version-2.jpg", "photo-1-original.jpg"]
    found = score(groups, names)
    assert (found.said, found.true, found.right) == (said, 3, right)
    assert found.precision == (right / said if said else 1.0)
    assert found.recall == right / 3


def test_false_pairs_are_those_of_different_roots() -> None:
    roots = ["one", "one", "two"]
    files = [What(0, ORIGINAL), What(0, 1), What(1, ORIGINAL), What(2, ORIGINAL), What(set="skies", place=0)]
    assert pairs_in(files, roots)[PHOTOS] == 3
    tally = Tally("rule")
    tally.add_false({(0, 1), (0, 2), (1, 3), (3, 4)}, files, roots)
    tally.add_found({(0, 1)}, files)
    figures = tally.figures(1)
    assert (figures.false[PHOTOS], dict(figures.mistaken)) == (1, {("one", "two"): 1})
    assert figures.recall[1] == 1.0
