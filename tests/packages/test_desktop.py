"""What puts the program into a menu: the icon, the desktop's files, and the script that installs them for a user."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PIL import Image, ImageChops

import image_sync
from image_sync.gui.widgets.theme_names import CLASS_NAME

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
LINUX = PACKAGING / "linux"
ICONS = PACKAGING / "icons"
ID = "io.github.image_sync.ImageSync"
DESKTOP, METAINFO = LINUX / f"{ID}.desktop", LINUX / f"{ID}.metainfo.xml"

linux = pytest.mark.skipif(sys.platform != "linux", reason="it is the way into the menus of Linux")


def entry(path: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    return dict(parser["Desktop Entry"])


def judged(*command: str | Path) -> str:
    """What the desktop's own tool says about a file of ours; nothing when all is well."""
    if not shutil.which(str(command[0])):
        pytest.skip(f"{command[0]} is not installed")
    result = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def test_the_desktop_file_is_valid() -> None:
    assert judged("desktop-file-validate", DESKTOP) == ""


def test_the_description_for_software_centres_is_valid() -> None:
    said = judged("appstreamcli", "validate", "--no-net", METAINFO)
    # An older tool does not know the tag <developer>, which newer ones ask for.
    assert [line for line in said.splitlines() if line.startswith(("E:", "W:"))] == []


def test_the_files_of_the_desktop_speak_of_one_program() -> None:
    wanted, tree = entry(DESKTOP), ElementTree.parse(METAINFO)
    assert tree.findtext("id") == ID
    assert tree.findtext("launchable") == DESKTOP.name
    assert tree.findtext("provides/binary") == wanted["Exec"] == "image-sync"
    assert tree.findtext("icon") == wanted["Icon"] == "image-sync"
    assert tree.findtext("project_license") == "MIT"
    assert wanted["StartupWMClass"] == CLASS_NAME
    release = tree.find("releases/release")
    assert release is not None and release.get("version") == image_sync.__version__


def test_each_language_of_the_window_is_in_the_menu() -> None:
    languages = {path.name for path in (ROOT / "image_sync" / "locale").iterdir() if path.is_dir()}
    for key in ("GenericName", "Comment", "Keywords"):
        assert {match[1] for match in re.finditer(rf"^{key}\[(\w+)]", DESKTOP.read_text("utf-8"), re.M)} == languages


def test_the_icons_are_what_their_script_draws(tmp_path: Path) -> None:
    subprocess.run([sys.executable, os.fspath(ICONS / "draw.py"), os.fspath(tmp_path)], check=True)
    made, kept = ({path.name for path in folder.iterdir()} for folder in (tmp_path, ICONS))
    assert made == kept - {"draw.py", "__pycache__"}
    assert (tmp_path / "image-sync.svg").read_text("utf-8") == (ICONS / "image-sync.svg").read_text("utf-8")
    for path in tmp_path.glob("*.png"):
        with Image.open(path) as one, Image.open(ICONS / path.name) as other:
            assert one.size == other.size == (size := int(path.stem.rpartition("-")[2]), size)
            # Another Pillow may round a pixel of an edge otherwise.
            assert max(high for _, high in ImageChops.difference(one, other).getextrema()) <= 2
    with Image.open(ICONS / "image-sync.ico") as ico, Image.open(ICONS / "image-sync.icns") as icns:
        assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= set(ico.info["sizes"])
        assert {(512, 512, 1), (256, 256, 1), (128, 128, 1)} <= set(icns.info["sizes"])


# --- into the menu and out of it --------------------------------------------------------------------------------------


def install(home: Path, script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "HOME": os.fspath(home), "PATH": os.environ["PATH"]}
    environ.pop("PREFIX", None)
    return subprocess.run(
        ["/bin/sh", os.fspath(script), *arguments], env=environ, capture_output=True, text=True, check=False
    )


def files(folder: Path) -> set[str]:
    """All that is no folder below ``folder``, without the indexes that the desktop keeps by itself."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file()}
    return {name for name in names if not name.endswith((".cache", "mimeinfo.cache"))}


def unpacked(folder: Path) -> Path:
    """A stand-in for the unpacked frozen program, which says its arguments; the script in it."""
    program = folder / "image-sync-1"
    (program / "_internal").mkdir(parents=True)
    (program / "image-sync").write_text('#!/bin/sh\nprintf "%s|" frozen "$@"\n')
    (program / "image-sync").chmod(0o755)
    shutil.copytree(LINUX, program / "linux")
    shutil.copytree(ICONS, program / "linux" / "icons")
    return program / "linux" / "install.sh"


HOMES = ["plain", "with a space", "ünd mehr 写真", 'it\'s 100% "quoted" $HOME `x` \\n']


@linux
@pytest.mark.parametrize("name", HOMES)
def test_it_is_installed_started_renewed_and_taken_away(name: str, tmp_path: Path) -> None:
    home = tmp_path / name
    home.mkdir()
    script = unpacked(tmp_path / f"from {name}")
    for _ in range(2):
        result = install(home, script)
        assert result.returncode == 0, result.stderr
    link = home / ".local" / "bin" / "image-sync"
    assert subprocess.run([link, "a b", "c"], capture_output=True, text=True, check=True).stdout == "frozen|a b|c|"
    menu = home / ".local" / "share" / "applications" / DESKTOP.name
    # The desktop's reading of it: first the escapes of a value, then the quoting of a command, then %% for %.
    said = entry(menu)["Exec"].replace("\\\\", "\\")
    assert [word.replace("%%", "%") for word in shlex.split(re.sub(r"\\([`$])", r"\1", said))] == [
        os.fspath(home / ".local" / "lib" / "image-sync" / "start")
    ]
    assert len(list((home / ".local" / "share" / "icons").rglob("image-sync.*"))) == 10
    (home / ".local" / "bin" / "mine").touch()
    result = install(home, script, "--uninstall")
    assert result.returncode == 0, result.stderr
    assert files(home) == {".local/bin/mine"}
    again = install(home, script, "--uninstall")
    assert (again.returncode, "not installed" in again.stderr) == (2, True)


@linux
def test_the_installed_desktop_file_is_valid(tmp_path: Path) -> None:
    home = tmp_path / HOMES[-1]
    home.mkdir()
    assert install(home, unpacked(tmp_path / "from")).returncode == 0
    assert judged("desktop-file-validate", home / ".local/share/applications" / DESKTOP.name) == ""


@linux
def test_a_clone_is_installed_as_the_way_to_it(tmp_path: Path) -> None:
    clone, home = tmp_path / "my clone", tmp_path / "home"
    shutil.copytree(PACKAGING, clone / "packaging")
    home.mkdir()
    (clone / "main.py").write_text("import sys; print(sys.argv[1:])")
    assert install(home, clone / "packaging" / "linux" / "install.sh").returncode == 0
    said = subprocess.run([home / ".local/bin/image-sync", "a b"], capture_output=True, text=True, check=True).stdout
    assert said == "['a b']\n"


@linux
def test_what_another_installer_put_there_is_left_alone(tmp_path: Path) -> None:
    link = tmp_path / ".local" / "bin" / "image-sync"
    link.parent.mkdir(parents=True)
    link.write_text("of pipx")
    result = install(tmp_path, unpacked(tmp_path / "from"))
    assert (result.returncode, link.read_text()) == (2, "of pipx")
    assert "remove that first" in result.stderr


@linux
@pytest.mark.parametrize(("argument", "words"), [("--remove", "knows --uninstall"), ("--uninstall", "not installed")])
def test_what_can_not_be_done_is_said(argument: str, words: str, tmp_path: Path) -> None:
    result = install(tmp_path, LINUX / "install.sh", argument)
    assert result.returncode == 2 and words in result.stderr and result.stderr.startswith("install.sh: ")


@linux
def test_the_tree_of_the_appimage_starts_the_program(tmp_path: Path) -> None:
    program = unpacked(tmp_path).parents[1]
    command = ["/bin/sh", os.fspath(LINUX / "appimage.sh"), os.fspath(program), "--only-tree"]
    subprocess.run(command, check=True, capture_output=True)
    tree = tmp_path / "ImageSync.AppDir"
    # The program's folder has the name that it was given.
    assert subprocess.run([tree / "AppRun", "a"], capture_output=True, text=True, check=True).stdout == "frozen|a|"
    assert (tree / DESKTOP.name).resolve().read_text("utf-8") == DESKTOP.read_text("utf-8")
    assert (tree / ".DirIcon").resolve().name == "image-sync.png"


# --- the recipes ------------------------------------------------------------------------------------------------------


def test_the_release_runs_scripts_that_are_there() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    scripts = re.findall(r"(?:run: |\s)(?:python|sh|bash) (packaging/[\w./]+)", text)
    assert len(scripts) >= 5
    assert [name for name in scripts if not (ROOT / name).is_file()] == []


@pytest.mark.skipif(os.name == "nt", reason="it is about scripts of sh")
@pytest.mark.parametrize("path", sorted(PACKAGING.rglob("*.sh")), ids=lambda path: path.name)
def test_the_scripts_are_such_that_a_shell_reads_them(path: Path) -> None:
    subprocess.run(["/bin/sh", "-n", path], check=True)
    assert os.access(path, os.X_OK)
