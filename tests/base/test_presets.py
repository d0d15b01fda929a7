"""Presets: values there and back for every option of every job, and a file that no reading or writing can spoil."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base import preset_file
from image_sync.base.model import Refused
from image_sync.base.options import Kind, Option, option, options_of
from image_sync.base.presets import Preset, checked_name, choices_of, found, preset_of
from image_sync.jobs.organize.request import Handling, Level, OrganizeRequest, Preference
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync.request import Deletions, SyncRequest

REQUESTS: dict[str, Any] = {
    "organize": OrganizeRequest(("/one", "/two"), "/out"),
    "sync": SyncRequest("/one", "/two"),
    "import": ImportRequest("/one", "/library", "/two", ("/three",)),
}


class Way(Enum):
    LEFT = "to the left"
    RIGHT = "to the right"


@dataclass(frozen=True)
class EveryKind:
    """A request with one option of each kind."""

    folder: str
    further: tuple[str, ...] = ()
    switch: bool = option(False, Option(Kind.SWITCH, ""))
    choice: Way = option(Way.LEFT, Option(Kind.CHOICE, ""))
    flags: Way = option(Way.LEFT, Option(Kind.FLAGS, ""))
    share: float = option(0.5, Option(Kind.SHARE, "", least=0.25, most=0.75))
    number: int = option(1, Option(Kind.NUMBER, ""))
    limit: int = option(0, Option(Kind.LIMIT, ""))
    seconds: int | None = option(None, Option(Kind.SECONDS, ""))
    size: int = option(0, Option(Kind.SIZE, ""))
    text: str = option("", Option(Kind.TEXT, ""))
    word: str = option("", Option(Kind.TEXT, "", one_of=("left", "right")))
    names: tuple[str, ...] = option((), Option(Kind.NAMES, ""))
    order: tuple[Way, ...] = option(tuple(Way), Option(Kind.ORDER, ""))
    folders: tuple[str, ...] = option((), Option(Kind.FOLDERS, ""))
    one: str = option("", Option(Kind.FOLDER, ""))


def place(folder: Path) -> str:
    return str(folder / "presets.toml")


def values_in(request: Any) -> dict[str, Any]:
    return {one.name: getattr(request, one.name) for one in fields(request)}


# --- values -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("job", REQUESTS)
def test_the_choices_of_every_job_come_back(job: str, tmp_path: Path) -> None:
    request = REQUESTS[job]
    preset_file.save(preset_of(job, "Mine", type(request), values_in(request)), type(request), place(tmp_path))
    (kept,) = preset_file.load(place(tmp_path)).presets
    choices = choices_of(kept, type(request))
    assert (choices.wrong, choices.unknown) == ((), ())
    assert type(request)(**choices.values) == request


@pytest.mark.parametrize("job", REQUESTS)
def test_no_field_of_a_job_is_called_like_what_the_file_says_of_a_preset(job: str) -> None:
    assert not {"name", "job"} & {one.name for one in fields(REQUESTS[job])}


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
FOLDERS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=20).map(
    lambda text: os.path.normpath(f"/root of all/{text}")
)


@given(
    st.builds(
        EveryKind,
        folder=FOLDERS,
        further=st.lists(FOLDERS, max_size=3).map(tuple),
        switch=st.booleans(),
        choice=st.sampled_from(Way),
        flags=st.sampled_from(Way),
        share=st.floats(0.25, 0.75),
        number=st.integers(0, 10**9),
        limit=st.integers(0, 10**9),
        seconds=st.none() | st.integers(0, 10**15),
        size=st.integers(0, 1 << 60),
        text=TEXTS,
        word=st.sampled_from(["left", "right"]),
        names=st.lists(TEXTS, max_size=3).map(tuple),
        order=st.permutations(list(Way)).map(tuple),
        folders=st.lists(FOLDERS, max_size=3).map(tuple),
        one=st.just("") | FOLDERS,
    )
)
def test_every_kind_of_value_comes_back_from_the_text_of_the_file(request: EveryKind) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "presets.toml")
        preset_file.save(preset_of("each", "All", EveryKind, values_in(request)), EveryKind, path)
        kept = preset_file.load(path)
        assert kept.trouble == ""
        choices = choices_of(kept.presets[0], EveryKind)
    assert (choices.wrong, choices.unknown) == ((), ())
    assert EveryKind(**choices.values) == request


@pytest.mark.parametrize(
    ("field", "plain", "words"),
    [
        ("switch", 1, "true or false"),
        ("choice", "up", "one of to-the-left, to-the-right"),
        ("choice", True, "one of"),
        ("share", 0.9, "from 0.25 to 0.75, not 0.9"),
        ("share", True, "a number from"),
        ("share", float("nan"), "a number from"),
        ("number", -1, "a whole number"),
        ("number", 1.5, "a whole number"),
        ("seconds", "2", "a whole number"),
        ("text", 3, "a text"),
        ("word", "up", "one of left, right"),
        ("names", "a", "a list of texts"),
        ("order", ("left", "down"), "a list of left, right"),
        ("folders", "/a", "a list of folders"),
        ("further", "/a", "a list of folders"),
        ("folder", ("/a",), "a folder"),
        ("folder", "/a\0b", "a folder"),
        ("one", 1, "a folder"),
    ],
)
def test_a_value_that_can_not_be_is_said_and_not_taken(field: str, plain: Any, words: str) -> None:
    choices = choices_of(Preset("each", "Mine", {"folder": "/a", field: plain}), EveryKind)
    assert field not in choices.values or field == "folder"
    (told,) = choices.wrong
    assert words in told and f"“{field}”" in told and "“Mine”" in told


def test_a_name_that_no_option_has_is_said_and_passed_over() -> None:
    choices = choices_of(Preset("sync", "Mine", {"source": "/a", "colour": "red"}), SyncRequest)
    assert choices.values == {"source": "/a"}
    assert choices.wrong == () and "“colour”" in choices.unknown[0]


def test_folders_become_absolute_and_the_home_is_known(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    preset = preset_of("sync", "Mine", SyncRequest, {"source": "phone", "target": "~/backup", "include": ("~/x",)})
    assert preset.values == {"source": f"{home}/phone", "target": f"{home}/backup", "include": ("~/x",)}
    assert choices_of(Preset("sync", "", {"source": "~/phone"}), SyncRequest).values == {"source": f"{home}/phone"}


def test_a_folder_that_is_no_text_is_refused() -> None:
    with pytest.raises(Refused, match=r"/a/\\xff has bytes that are no text"):
        preset_of("sync", "Mine", SyncRequest, {"source": "/a/\udcff"})


@pytest.mark.parametrize("name", ["", "  ", "a\x1bb", "x" * 81, "\u202eb"])
def test_a_name_that_can_not_be_shown_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        checked_name(name)


def test_a_name_is_kept_on_one_line() -> None:
    assert checked_name("  Phone →\n Backup ") == "Phone → Backup"


# --- finding ----------------------------------------------------------------------------------------------------------

SOME = (
    Preset("sync", "Phone", {}),
    Preset("sync", "Backup", {}),
    Preset("sync", "backup", {}),
    Preset("import", "x", {}),
)


@pytest.mark.parametrize(("name", "index"), [("Phone", 0), ("phone", 0), (" PHONE ", 0), ("Backup", 1), ("backup", 2)])
def test_a_preset_is_found_by_its_name(name: str, index: int) -> None:
    assert found(SOME, "sync", name) is SOME[index]


@pytest.mark.parametrize(
    ("job", "name", "words"),
    [
        ("sync", "Phnoe", "no preset “Phnoe” for sync. There are: “Phone”"),
        ("sync", "x", "There are: “Phone”, “Backup”, “backup”"),
        ("sync", "BACKUP", "There are"),
        ("organize", "x", "There are none for organize yet"),
    ],
)
def test_a_preset_that_is_not_there_is_refused_with_those_that_are(job: str, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        found(SOME, job, name)


# --- the file ---------------------------------------------------------------------------------------------------------

EDITED = """\
# mine
format = 1
later = { kept = true }

# the phone
[[preset]]
name = "Phone"   # by hand
job = "sync"
source = "~/Phone"
target = '/media/backup'
colour = "red"

# of a job to come
[[preset]]
name = "Tag"
job = "tag"
deep = { a = 1 }

# at home
[[preset]]
name = "Home"
job = "import"
folder1 = "/a"
output = "/b"
# the end
"""


@pytest.fixture
def edited(tmp_path: Path) -> Path:
    path = tmp_path / "presets.toml"
    path.write_text(EDITED, encoding="utf-8")
    return path


def test_what_people_wrote_is_read(edited: Path) -> None:
    kept = preset_file.load(str(edited))
    assert [(preset.job, preset.name) for preset in kept.presets] == [("sync", "Phone"), ("import", "Home")]
    assert kept.presets[0].values["colour"] == "red"
    assert len(kept.remarks) == 1 and "Entry 2" in kept.remarks[0] and "“deep”" in kept.remarks[0]


def test_a_change_leaves_all_else_as_it_was(edited: Path) -> None:
    preset = preset_of("sync", "Phone", SyncRequest, {"source": "/phone", "target": "/media/backup", "litter": True})
    preset_file.save(preset, SyncRequest, str(edited))
    changed = EDITED.replace('"~/Phone"', '"/phone"').replace('colour = "red"\n\n', 'colour = "red"\nlitter = true\n\n')
    assert edited.read_text(encoding="utf-8") == changed


def test_a_value_that_is_given_no_longer_goes(edited: Path) -> None:
    preset_file.save(preset_of("sync", "Phone", SyncRequest, {"source": "/phone"}), SyncRequest, str(edited))
    (phone, _home) = preset_file.load(str(edited)).presets
    assert dict(phone.values) == {"source": "/phone", "colour": "red"}


@pytest.mark.parametrize(("job", "name"), [("sync", "Phone"), ("import", "Home"), ("tag", "Tag")])
def test_deleting_one_takes_no_word_of_another(job: str, name: str, edited: Path) -> None:
    others = [one for one in preset_file.load(str(edited)).presets if one.name != name]
    preset_file.delete(job, name, str(edited))
    text = edited.read_text(encoding="utf-8")
    assert list(preset_file.load(str(edited)).presets) == others
    for comment in ("# mine", "later = { kept = true }", "# the phone", "# of a job to come", "# at home", "# the end"):
        assert comment in text, text
    assert ("deep" in text) is (name != "Tag")


def test_the_last_one_can_go_and_come_again(tmp_path: Path) -> None:
    preset = preset_of("sync", "Mine", SyncRequest, {"source": "/a", "target": "/b"})
    for _time in range(2):
        preset_file.save(preset, SyncRequest, place(tmp_path))
        assert preset_file.load(place(tmp_path)).presets == (preset,)
        preset_file.delete("sync", "Mine", place(tmp_path))
        assert preset_file.load(place(tmp_path)) == preset_file.Kept()


def test_renaming(edited: Path) -> None:
    assert preset_file.rename("sync", "Phone", " Old  phone", str(edited)) == "Old phone"
    assert edited.read_text(encoding="utf-8") == EDITED.replace('name = "Phone"', 'name = "Old phone"')
    preset_file.save(preset_of("sync", "Other", SyncRequest, {}), SyncRequest, str(edited))
    with pytest.raises(Refused, match="already"):
        preset_file.rename("sync", "Other", "Old phone", str(edited))
    with pytest.raises(Refused, match="no preset “Phone”"):
        preset_file.rename("sync", "Phone", "Other", str(edited))
    with pytest.raises(Refused, match="no preset “Phone”"):
        preset_file.delete("sync", "Phone", str(edited))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"format = 1\n[[preset]\n", "line 2"),
        (b"\xff\xfe", "no UTF-8"),
        (b'format = "one"\n', "“format” must be 1"),
        (b"format = true\n", "“format” must be 1"),
        (b"format = 2\nwhatever = 1\n", "newer version"),
        (b"a = " + b"[" * 5000, "can't be read"),
        (b"#" * (5 << 20), "far too large"),
    ],
)
def test_a_file_that_is_not_ours_to_change_is_said_and_left(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "presets.toml"
    path.write_bytes(content)
    kept = preset_file.load(str(path))
    assert kept.presets == () and words in kept.trouble and str(path) in kept.trouble
    with pytest.raises(Refused, match="presets"):
        preset_file.save(preset_of("sync", "Mine", SyncRequest, {}), SyncRequest, str(path))
    assert path.read_bytes() == content and os.listdir(tmp_path) == ["presets.toml"]


@pytest.mark.parametrize("content", ["preset = 3\n", "[preset]\nname = 'a'\n", "preset = [1, 2]\n"])
def test_presets_of_another_shape_are_never_overwritten(content: str, tmp_path: Path) -> None:
    path = tmp_path / "presets.toml"
    path.write_text(f"format = 1\n{content}")
    assert preset_file.load(str(path)).presets == ()
    with pytest.raises(Refused):
        preset_file.save(preset_of("sync", "Mine", SyncRequest, {}), SyncRequest, str(path))
    assert path.read_text() == f"format = 1\n{content}"


def test_entries_among_other_tables_are_read_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "presets.toml"
    entry = '[[preset]]\nname = "{}"\njob = "sync"\nsource = "/a"\n'
    path.write_text(f"format = 1\n{entry.format('One')}[other]\nx = 1\n{entry.format('Two')}")
    before = path.read_text()
    try:
        preset_file.save(preset_of("sync", "Three", SyncRequest, {"source": "/c"}), SyncRequest, str(path))
    except Refused:
        assert path.read_text() == before
    else:
        assert [one.name for one in preset_file.load(str(path)).presets] == ["One", "Two", "Three"]
        assert "[other]\nx = 1" in path.read_text()


def test_a_second_one_of_a_name_is_said(edited: Path) -> None:
    edited.write_text(EDITED + '\n[[preset]]\nname = "Phone"\njob = "sync"\n', encoding="utf-8")
    kept = preset_file.load(str(edited))
    assert kept.presets[0].values["source"] == "~/Phone" and "a second preset “Phone”" in kept.remarks[-1]


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "mine.toml"
    real.parent.mkdir()
    real.write_text("format = 1\n")
    real.chmod(0o640)
    (tmp_path / "presets.toml").symlink_to(real)
    preset_file.save(preset_of("sync", "Mine", SyncRequest, {}), SyncRequest, place(tmp_path))
    assert (tmp_path / "presets.toml").is_symlink()
    assert "Mine" in real.read_text() and real.stat().st_mode & 0o777 == 0o640


def test_a_disk_that_can_not_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "presets.toml"
    path.write_text("format = 1\n")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(Refused, match="no room left"):
        preset_file.save(preset_of("sync", "Mine", SyncRequest, {}), SyncRequest, str(path))
    assert path.read_text() == "format = 1\n" and os.listdir(tmp_path) == ["presets.toml"]


def test_the_usual_place_is_in_the_home(home: Path) -> None:
    preset_file.save(preset_of("organize", "Mine", OrganizeRequest, {"level": Level.EDITED}), OrganizeRequest)
    assert preset_file.presets_path().startswith(str(home))
    assert preset_file.load().presets[0].values == {"level": "edited"}


def test_words_are_those_of_the_command_line() -> None:
    request = replace(REQUESTS["organize"], handling=Handling.KEEP_BEST, best_order=(Preference.AGE,))
    values = preset_of("organize", "Mine", OrganizeRequest, values_in(request)).values
    assert (values["handling"], values["best_order"]) == ("keep-best", ("age",))
    assert preset_of("sync", "Mine", SyncRequest, {"deletions": Deletions.ASK}).values == {"deletions": "ask"}
    assert {one.name for one in options_of(OrganizeRequest)} >= {"handling", "best_order"}
