"""The desktop's programs, stood in for by small scripts that write down what they were asked."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from image_sync.gui.job.port import device, free_space
from image_sync.gui.widgets import desktop
from image_sync.gui.widgets.appearance import Appearance

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these are the ways of X11 desktops")


class Programs:
    """A PATH that holds nothing but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"

    def add(self, name: str, script: str = "") -> None:
        """A program that writes its arguments down, one a line, and then runs ``script``."""
        path = self.folder / name
        path.write_text(
            f'#!/bin/sh\nfor word in {name} "$@"; do printf "%s\\n" "$word"; done >> "{self.log}"\n{script}\n'
        )
        path.chmod(0o755)

    @property
    def asked(self) -> list[str]:
        return self.log.read_text(encoding="utf-8", errors="surrogateescape").splitlines() if self.log.exists() else []


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    folder = tmp_path / "bin"
    folder.mkdir()
    for needed in ("sh", "sleep", "cat"):
        os.symlink(shutil.which(needed) or f"/bin/{needed}", folder / needed)
    monkeypatch.setenv("PATH", os.fspath(folder))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.delenv("GTK_THEME", raising=False)
    return Programs(folder)


# --- choosing a folder ------------------------------------------------------------------------------------------------


def test_kdialog_is_asked_before_zenity(programs: Programs) -> None:
    programs.add("kdialog", "echo '/home/ann/My photos '")
    programs.add("zenity", "echo /wrong")
    assert desktop.choose_folder("Choose", "/start") == "/home/ann/My photos ", "a space at the end is part of the name"
    assert programs.asked == ["kdialog", "--title", "Choose", "--getexistingdirectory", "/start"]


def test_zenity_is_told_where_to_start(programs: Programs) -> None:
    programs.add("zenity", "printf '/caf\\351\\n'")
    assert desktop.choose_folder("Choose", "/start") == os.fsdecode(b"/caf\xe9")
    assert "--filename=/start/" in programs.asked


def test_who_thinks_better_of_it_is_not_asked_again(programs: Programs) -> None:
    programs.add("kdialog", "exit 1")
    programs.add("zenity", "echo /wrong")
    assert desktop.choose_folder("Choose", "/start") is None


def test_a_dialog_that_does_not_work_gives_way_to_the_next(programs: Programs) -> None:
    programs.add("kdialog", "exit 127")
    programs.add("zenity", "echo /right")
    assert desktop.choose_folder("Choose", "/start") == "/right"


def test_no_dialog_at_all(programs: Programs) -> None:  # noqa: ARG001 - an empty PATH
    with pytest.raises(desktop.NoDialog):
        desktop.choose_folder("Choose", "/start")


# --- choosing files ---------------------------------------------------------------------------------------------------


def test_several_archives_are_chosen_at_once(programs: Programs) -> None:
    programs.add("kdialog", "printf '/a/one.zip\\n/a/two three.zip\\n'")
    assert desktop.choose_files("Choose", "/start", (".zip", ".tgz")) == ("/a/one.zip", "/a/two three.zip")
    assert programs.asked[-2:] == ["/start", "*.zip *.tgz"]


def test_zenity_separates_files_by_lines(programs: Programs) -> None:
    programs.add("zenity", "printf '/a/caf\\351.zip\\n/a/two.zip\\n'")
    assert desktop.choose_files("Choose", "/start", (".zip",)) == (os.fsdecode(b"/a/caf\xe9.zip"), "/a/two.zip")
    assert "--separator=" in programs.asked


def test_no_file_chosen_is_no_choice(programs: Programs) -> None:
    programs.add("kdialog", "exit 1")
    assert desktop.choose_files("Choose", "/start", (".zip",)) == ()


# --- opening and showing ----------------------------------------------------------------------------------------------


def test_open_hands_the_file_to_the_desktop(programs: Programs, tmp_path: Path) -> None:
    picture = tmp_path / "a b.jpg"
    picture.write_bytes(b"")
    programs.add("xdg-open")
    desktop.open_file(os.fspath(picture))
    assert programs.asked == ["xdg-open", os.fspath(picture)]


@pytest.mark.parametrize("deed", [desktop.open_file, desktop.reveal])
def test_what_is_gone_is_said(programs: Programs, tmp_path: Path, deed: object) -> None:
    programs.add("xdg-open")
    with pytest.raises(OSError, match="no longer there"):
        deed(os.fspath(tmp_path / "gone" / "a.jpg"))  # type: ignore[operator]
    assert programs.asked == []


def test_a_program_that_is_missing_or_fails_is_said(programs: Programs, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="xdg-open is not installed"):
        desktop.open_file(os.fspath(tmp_path))
    programs.add("xdg-open", "echo 'no application for this' >&2; exit 3")
    with pytest.raises(OSError, match="no application for this"):
        desktop.open_file(os.fspath(tmp_path))


def test_reveal_asks_the_file_manager_on_the_bus(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    picture = tmp_path / "a, b é.jpg"
    picture.write_bytes(b"")
    programs.add("dbus-send")
    programs.add("xdg-open")
    desktop.reveal(os.fspath(picture))
    assert programs.asked[0] == "dbus-send"
    item = next(word for word in programs.asked if word.startswith("array:"))
    assert item.endswith("/a%2C%20b%20%C3%A9.jpg"), "a comma would end the list"
    assert "xdg-open" not in programs.asked


def test_reveal_opens_the_folder_where_nobody_can_select(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    picture = tmp_path / "a.jpg"
    picture.write_bytes(b"")
    programs.add("dbus-send", "exit 1")
    programs.add("xdg-open")
    desktop.reveal(os.fspath(picture))
    assert programs.asked[-2:] == ["xdg-open", os.fspath(tmp_path)]
    desktop.reveal(os.fspath(tmp_path / "moved away.jpg"))
    assert programs.asked[-2:] == ["xdg-open", os.fspath(tmp_path)], "of a file that is gone, its folder"


# --- dark and size ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "dark"), [("'prefer-dark'", True), ("'default'", False), ("'prefer-light'", False)])
def test_the_desktop_says_dark_or_light(programs: Programs, answer: str, dark: bool) -> None:
    programs.add("gsettings", f'echo "{answer}"')
    assert Appearance().dark() is dark


def test_a_dark_theme_by_name(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - no gsettings
    assert not Appearance().dark()
    monkeypatch.setenv("GTK_THEME", "Adwaita:dark")
    assert Appearance().dark()


def test_a_dark_kde(programs: Programs, home: Path) -> None:  # noqa: ARG001 - no gsettings
    config = home / "config"
    config.mkdir(exist_ok=True)
    (config / "kdeglobals").write_text("[General]\nColorScheme=BreezeDark\n", encoding="utf-8")
    assert Appearance().dark()


@pytest.mark.parametrize(
    ("answer", "scale"),
    [("Xft.dpi:\t192", 2.0), ("*color: red\nXft.dpi: 96\nx: y", 1.0), ("*dpi: 12", None), ("", None)],
)
def test_the_desktop_says_how_large(programs: Programs, answer: str, scale: float | None) -> None:
    programs.add("xrdb", f"cat <<'END'\n{answer}\nEND")
    assert Appearance().scale() == scale


def test_a_desktop_that_does_not_answer_is_not_waited_for(programs: Programs) -> None:
    programs.add("gsettings", "exec sleep 60")
    programs.add("xrdb", "exec sleep 60")
    appearance = Appearance()
    assert not appearance.dark()
    assert appearance.scale() is None
    assert not appearance.dark(), "it may be asked again"


# --- room -------------------------------------------------------------------------------------------------------------


def test_room_and_place_of_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    planned = os.fspath(tmp_path / "to be" / "made")
    assert device(planned) == os.stat(tmp_path).st_dev
    free = free_space(planned)
    assert free is not None
    assert free > 0
