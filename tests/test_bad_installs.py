"""First starts on machines that are not as one would wish: each ends in a program that runs, or in one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest

from image_sync.bootstrap import words
from image_sync.bootstrap.slimming import site_packages
from tests import door_made
from tests.door_made import start, told

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheels of the stand-in, and a newer version of it as a source that nothing here can build."""
    folder = door_made.wheels(tmp_path_factory.mktemp("wheels") / "wheels")
    source(folder, "tiny", "3.0")
    source(folder, "rough", "1.0")
    return folder


def source(folder: Path, name: str, version: str) -> None:
    """A source distribution whose building takes a compiler that is not there."""
    files = {
        "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "backend.py": (
            "def build_wheel(*_, **__): raise SystemExit('error: command cc failed: No such file or directory')\n"
        ),
    }
    with tarfile.open(folder / f"{name}-{version}.tar.gz", "w:gz") as archive:
        for inner, text in files.items():
            about = tarfile.TarInfo(f"{name}-{version}/{inner}")
            about.size = len(text)
            archive.addfile(about, BytesIO(text.encode()))


@dataclass(frozen=True)
class Machine:
    """A machine: where the program lies, what is set, and what the program asks for."""

    place: str = "door"
    settings: dict[str, str] = field(default_factory=dict)
    requirements: str = "tiny>=1.0"


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LATIN = {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONUTF8": "0"}
WORKS = {
    "a space": Machine("with a space"),
    "no ASCII": Machine("ünd mehr 写真"),
    "quotes and signs": Machine('it\'s 100% "$HOME" & more'),
    "the locale C": Machine("ünd mehr", {"LC_ALL": "C"}),
    "a locale of ASCII": Machine("plain", ASCII),
    "a locale of Latin-1": Machine("ünd mehr", LATIN),
    "a terminal of Latin-1": Machine("写真", {"PYTHONIOENCODING": "latin-1"}),
    "no compiler, and the newest version is no ready-made one": Machine(requirements="tiny>=1.0"),
}


@pytest.mark.parametrize("name", WORKS)
def test_it_starts_all_the_same(name: str, tmp_path: Path, wheels: Path) -> None:
    machine = WORKS[name]
    folder = door_made.door(tmp_path / machine.place)
    (folder / "requirements.txt").write_text(f"{machine.requirements}\n")
    (folder / "requirements.lock").write_text("tiny==9.9 --hash=sha256:" + "0" * 64 + "\n")
    env = {**door_made.environ(wheels, **machine.settings), **locales(machine, tmp_path)}
    for _ in range(2):
        result = start(folder, "one", env=env)
        assert result.returncode == 0, result.stderr
        assert told(result)["tiny"] == "2.0"
        assert "Traceback" not in result.stderr and "Error" not in result.stderr
    assert os.path.basename(told(result)["prefix"]) == ".venv" and (folder / ".venv").is_dir()


def locales(machine: Machine, tmp_path: Path) -> dict[str, str]:
    """Where the locale of the machine is, made on the spot."""
    wanted = machine.settings.get("LC_ALL", "C")
    if wanted == "C":
        return {}
    if not shutil.which("localedef"):
        pytest.skip("there is no localedef to make a locale with")
    language, _, charset = wanted.partition(".")
    command = ["localedef", "-i", language, "-f", charset, os.fspath(tmp_path / wanted)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip(f"{wanted} can't be made here")
    return {"LOCPATH": os.fspath(tmp_path)}


def test_a_pip_of_ones_own_that_is_too_old_is_renewed(tmp_path: Path, wheels: Path) -> None:
    """Pips from before the tags of today's wheels find none of these, whatever is asked for."""
    folder = door_made.door(tmp_path / "door")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", os.fspath(folder / ".venv")], check=True)
    (place,) = site_packages(os.fspath(folder / ".venv"))
    old = Path(place, "pip")
    old.mkdir()
    (old / "__init__.py").write_text("__version__ = '20.2.4'\n")
    said = "ERROR: Could not find a version that satisfies the requirement tiny (from versions: none)"
    (old / "__main__.py").write_text(f"import sys; print({said!r}); sys.exit(1)\n")
    about = Path(place, "pip-20.2.4.dist-info")
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: pip\nVersion: 20.2.4\n")
    (about / "RECORD").write_text("".join(f"pip/{path.name},,\n" for path in old.iterdir()))
    result = start(folder, "one", env=door_made.environ(wheels))
    assert result.returncode == 0, result.stderr
    assert told(result)["tiny"] == "2.0"


REFUSED = {
    "no network": (Machine(settings={"PIP_FIND_LINKS": "file:///nowhere"}), "connect to the internet"),
    "no compiler, and nothing is ready-made": (
        Machine(requirements="rough>=1.0"),
        "rough has no ready-made package for this Python and machine, and could not be built",
    ),
    "a package that there is for other Pythons only": (
        Machine(requirements="tiny>=4.0"),
        "try another version of Python",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_says_what_is_missing_and_what_to_do(name: str, tmp_path: Path, wheels: Path) -> None:
    machine, sentence = REFUSED[name]
    folder = door_made.door(tmp_path / machine.place)
    (folder / "requirements.txt").write_text(f"{machine.requirements}\n")
    result = start(folder, "one", env=door_made.environ(wheels, **machine.settings))
    assert result.returncode == 2
    last = result.stderr.splitlines()[-1]
    assert last.startswith("image-sync: ") and last.endswith("."), result.stderr
    assert sentence in last
    assert "Traceback" not in result.stderr
    (folder / "requirements.txt").write_text("tiny>=1.0\n")
    assert told(start(folder, env=door_made.environ(wheels)))["tiny"] == "2.0"


@pytest.mark.parametrize(
    ("output", "package"),
    [
        ("error: subprocess-exited-with-error\nERROR: Failed building wheel for numpy\n", "numpy"),
        (
            "Collecting xxhash>=3\nCollecting numpy>=2.0 (from -r list)\nerror: metadata-generation-failed\n"
            "hint: See above for details.",
            "numpy",
        ),
        ("Processing c:\\my wheels\\numpy-2.0.tar.gz\nerror: metadata-generation-failed\n", "numpy"),
        ("error: metadata-generation-failed\n", "A package"),
        ("ERROR: Could not build wheels for numpy, which is required to install pyproject.toml", "numpy"),
        ("error: failed-wheel-build-for-install\nERROR: Failed to build 'numpy' when getting requirements", "numpy"),
        (
            "ERROR: Failed to build installable wheels for some pyproject.toml based projects (numpy, xxhash)",
            "numpy",
        ),
    ],
)
def test_what_could_not_be_built_is_named(output: str, package: str) -> None:
    said = words.pip_failed("/place", output.splitlines())
    assert said.startswith(f"{package} has no ready-made package") and said.endswith(".")
