"""The frozen program, built and tried: ``python setup.py test --packages tests/packages``; it takes minutes.

``IMAGE_SYNC_FROZEN=FOLDER`` tries one that is built already.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from image_sync.gui.widgets.theme_names import CLASS_NAME
from tests.virtual_display import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
FREEZE = ROOT / "packaging" / "freeze.py"
GIVEN = os.environ.get("IMAGE_SYNC_FROZEN", "")
OTHERS_AT_MOST = 150_000_000

pytestmark = [pytest.mark.packages, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the frozen program, in a place of its own with a space and more in its path."""
    place = tmp_path_factory.mktemp("frozen") / "in a place, ünd more"
    if GIVEN:
        shutil.copytree(GIVEN, place / "image-sync", symlinks=True)
    else:
        work = tmp_path_factory.mktemp("work")
        command = [FREEZE, "--opencv", "wheel", "--no-archive", "--place", place, "--work", work]
        subprocess.run([sys.executable, *map(os.fspath, command)], check=True)
    return place / "image-sync"


def test_it_organizes_and_takes_that_back(frozen: Path) -> None:
    command = [sys.executable, os.fspath(ROOT / "packaging" / "try_frozen.py"), os.fspath(frozen)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_it_speaks_the_languages_of_the_window(frozen: Path) -> None:
    languages = sorted(path.parents[1].name for path in frozen.rglob("image-sync.mo"))
    assert languages == sorted(path.name for path in (ROOT / "image_sync" / "locale").iterdir() if path.is_dir())


def test_it_holds_nothing_under_the_gpl(frozen: Path) -> None:
    names = {path.name.split(".")[0].split("-")[0] for path in frozen.rglob("*.so*")}
    assert names & {"libx265", "libx264", "pillow_heif", "_pillow_heif"} == set()
    assert {"libheif", "libde265"} <= names


def test_it_holds_no_more_than_it_is_known_to(frozen: Path) -> None:
    """Two thirds of it are the index's OpenCV; what else comes in is noticed."""
    libraries = [path for path in frozen.rglob("*") if path.is_file() and not path.is_symlink()]
    opencv = {path for path in libraries if {"cv2", "opencv_python_headless.libs"} & set(path.parts)}
    assert sum(path.stat().st_size for path in set(libraries) - opencv) <= OTHERS_AT_MOST


@pytest.mark.skipif(sys.platform != "linux", reason="xdotool looks for the window")
def test_its_window_opens_and_closes(frozen: Path, display: str) -> None:
    if not shutil.which("xdotool"):
        pytest.skip("xdotool is not installed")
    environ = {**os.environ, "DISPLAY": display}
    process = subprocess.Popen([frozen / "image-sync"], env=environ, stderr=subprocess.PIPE, text=True)
    try:
        window = shown(environ)
        assert window
        command = ["xdotool", "getwindowname", window]
        assert "Image Sync" in subprocess.run(command, env=environ, capture_output=True, text=True, check=True).stdout
        subprocess.run(["xdotool", "windowclose", window], env=environ, check=True)
        process.wait(PATIENCE)
    finally:
        process.kill()
        _, said = process.communicate()
    assert "Traceback" not in said


def shown(environ: dict[str, str]) -> str:
    """The number of the window that is shown; empty when none came."""
    command = ["xdotool", "search", "--onlyvisible", "--class", CLASS_NAME]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = subprocess.run(command, env=environ, capture_output=True, text=True, check=False).stdout.split()
        if found:
            return found[0]
        time.sleep(0.1)
    return ""
