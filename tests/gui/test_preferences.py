"""Preferences survive, and damage to them does no harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from image_sync.gui.preference_store import PreferenceStore
from image_sync.gui.preferences import (
    Preferences,
    load_or_set_aside,
    load_preferences,
    preferences_path,
    save_preferences,
)


def test_preferences_come_back() -> None:
    chosen = (
        Preferences(theme="dark", choices={"organize": {"threshold": 0.9}})
        .with_recent("folder1", "/a")
        .with_recent("folder1", "/b")
    )
    save_preferences(chosen)
    assert load_preferences() == chosen
    assert load_preferences().recent["folder1"] == ("/b", "/a")


def test_only_the_last_ten_folders_are_kept_each_once() -> None:
    chosen = Preferences()
    for number in [*range(12), 5]:
        chosen = chosen.with_recent("output", f"/{number}")
    assert chosen.recent["output"] == ("/5", "/11", "/10", "/9", "/8", "/7", "/6", "/4", "/3", "/2")


@pytest.mark.parametrize(
    "content",
    ["", "nonsense", "[]", '{"theme": 7, "recent": {"a": "b"}, "unknown": 1}', '{"recent": {"a": [1, null]}}'],
)
def test_damaged_preferences_fall_back(content: str) -> None:
    place = Path(preferences_path())
    place.parent.mkdir(parents=True)
    place.write_text(content)
    assert load_preferences().theme == "system"
    assert all(folders == () for folders in load_preferences().recent.values())


def test_an_undecodable_folder_is_remembered() -> None:
    save_preferences(Preferences().with_recent("folder1", "/\udcff"))
    assert load_preferences().recent["folder1"] == ("/\udcff",)
    json.loads(Path(preferences_path()).read_bytes().decode("utf-8", "surrogateescape"))


def test_groups_are_tiles_until_the_table_is_chosen(tmp_path: Path) -> None:
    place = str(tmp_path / "preferences.json")
    assert load_preferences(place).view == "tiles"
    save_preferences(Preferences(view="table", tile=208), place)
    assert (load_preferences(place).view, load_preferences(place).tile) == ("table", 208)
    Path(place).write_text('{"view": 7, "tile": "large"}')
    assert load_preferences(place) == Preferences()


@pytest.mark.parametrize("content", ["", "nonsense", "[]", "[" * 100_000])
def test_settings_that_can_not_be_understood_are_kept_and_said(content: str) -> None:
    place = Path(preferences_path())
    place.parent.mkdir(parents=True)
    place.write_text(content)
    store = PreferenceStore()
    aside = place.with_name("preferences.json.set-aside")
    assert str(aside) in store.trouble and aside.read_text() == content
    store.save(Preferences(theme="dark"))
    assert PreferenceStore().trouble == "" and PreferenceStore().preferences.theme == "dark"
    assert aside.read_text() == content


def test_what_a_newer_version_remembers_stays(tmp_path: Path) -> None:
    place = str(tmp_path / "preferences.json")
    Path(place).write_bytes(b'{"theme": "sepia", "later": {"a": [1, "\xff"]}, "format": 9}')
    assert load_preferences(place).theme == "sepia", "the window takes it for the usual one"
    save_preferences(Preferences(tile=200), place)
    saved = json.loads(Path(place).read_bytes().decode("utf-8", "surrogateescape"))
    assert (saved["later"], saved["format"], saved["tile"], saved["theme"]) == ({"a": [1, "\udcff"]}, 9, 200, "system")


def test_settings_that_are_not_there_or_can_not_be_read_are_no_trouble(tmp_path: Path) -> None:
    assert load_or_set_aside(str(tmp_path / "nothing")).trouble == ""
    assert load_or_set_aside(str(tmp_path)).trouble == ""
