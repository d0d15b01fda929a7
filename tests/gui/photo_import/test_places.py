"""Inputs of *import* in the window: folders and archives, typed, chosen and dropped, as many as there are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from image_sync.gui.photo_import.form import ImportForm
from image_sync.gui.photo_import.places_field import PlacesField
from image_sync.gui.preferences import Preferences
from image_sync.gui.widgets.drop import places_of
from tests.archives.made import archive


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", ()),
        ("/a", ("/a",)),
        ("/a; /b.zip;/c", ("/a", "/b.zip", "/c")),
        ('"/a"; "/b c"', ("/a", "/b c")),
        ("/a; ", ("/a;",)),
        ("/one;two/x", ("/one;two/x",)),
        ("~/x; /y", ("~/x", "/y")),
        (r"C:\x; D:\y", (r"C:\x", r"D:\y")),
    ],
)
def test_several_places_are_typed_with_semicolons(text: str, places: tuple[str, ...]) -> None:
    field = PlacesField("folder2", "And from", text)
    places = tuple(map(os.path.expanduser, places))
    assert field.places == places
    assert field.path == (places[0] if places else "")


def test_places_that_are_chosen_come_behind_what_is_there() -> None:
    field = PlacesField("folder2", "And from", "/a")
    field.add(["/b\udcff.zip", "/a", "/c; /d"])
    assert field.places[:2] == ("/a", "/b\udcff.zip")
    field.text = ""
    field.add(["/c; /d"])
    assert field.places == ("/c; /d",)


def test_all_parts_of_an_export_are_one_request() -> None:
    form = ImportForm(Preferences())
    form.take_places("folder1", ["/t-001.zip", "/t-002.zip", "/t-003.zip", "/t-004.zip"])
    form.take_places("output", ["/library", "/other"])
    request = form.request(Preferences())
    assert request.inputs == ("/t-001.zip", "/t-002.zip", "/t-003.zip", "/t-004.zip")
    assert request.output == "/library"
    form.take_places("folder2", ["/t-005.zip", "/t-002.zip"])
    assert form.request(Preferences()).inputs[4:] == ("/t-005.zip",)


def test_what_is_wrong_with_a_further_input_is_said_at_its_field() -> None:
    form = ImportForm(Preferences())
    form.take_places("folder1", ["/a", "/b", "/c"])
    form.show_mistakes({"further": "/c is not there"})
    assert form.field("folder2").mistake == "/c is not there"
    form.show_mistakes({})
    assert form.field("folder2").mistake == ""


def test_folders_and_archives_are_taken_of_a_drop(tmp_path: Path) -> None:
    path, folder = archive(tmp_path / "a.zip", {"a.jpg": "a"}), tmp_path / "folder"
    folder.mkdir()
    (folder / "x.jpg").write_bytes(b"x")
    picture = os.fspath(folder / "x.jpg")
    assert places_of((path, picture, os.fspath(folder))) == (path, os.fspath(folder))
    assert places_of((picture,)) == (os.fspath(folder),)
    assert places_of((os.fspath(tmp_path / "gone.zip"),)) == ()
