"""Wheel and source distribution: what is in them, and the program that is installed from the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "image_sync"

pytestmark = [pytest.mark.packages, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the source distribution, checked by the index's own tools."""
    place = tmp_path_factory.mktemp("dist")
    command = ["bash", os.fspath(ROOT / "packaging" / "distributions"), os.fspath(place)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    (wheel,), (source,) = place.glob("*.whl"), place.glob("*.tar.gz")
    return wheel, source


def ours(*suffixes: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.suffix in suffixes}


def test_the_wheel_holds_the_program_and_nothing_else(distributions: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(distributions[0]) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == ours(".py", ".pyi", ".mo") | {"image_sync/py.typed"}


def test_the_source_holds_what_builds_and_tests_the_program(distributions: tuple[Path, Path]) -> None:
    with tarfile.open(distributions[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no clone, so nobody knows what belongs to it")
    kept = {name for name in listed.stdout.split("\0") if name and not name.startswith((".git", ".github"))}
    assert kept - names == set()


def test_the_installed_program_organizes_and_takes_that_back(distributions: tuple[Path, Path], tmp_path: Path) -> None:
    place = tmp_path / "with a space, ünd more"
    subprocess.run([sys.executable, "-m", "venv", os.fspath(place)], check=True)
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    pip = [os.fspath(scripts / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, os.fspath(distributions[0])], check=True)
    command = [sys.executable, os.fspath(ROOT / "packaging" / "try_frozen.py"), os.fspath(scripts)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
