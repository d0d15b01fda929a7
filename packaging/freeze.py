"""Make the frozen program of this system: ``python3 packaging/freeze.py``; it needs the network and some minutes.

    dist/image-sync/                the folder: whole, with its own Python; it may be moved and copied anywhere
    dist/image-sync-VERSION-SYSTEM.tar.xz (Windows: .zip)
    dist/Image Sync.app             on macOS, beside the folder

Whoever hands out a program together with its libraries hands out their licenses' duties too, so no library under the
GPL is among them: pi-heif reads HEIC in the place of pillow-heif, and on macOS, where the index's OpenCV holds an
FFmpeg under the GPL, one is built without (``packaging/opencv.py``).  ``--opencv`` chooses: ``wheel`` is the index's,
``small`` one that is built, which saves more than half of the folder and takes half an hour, anything else a wheel
that is there.  Every other version is that of ``requirements.lock``.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NAME = "image-sync"
INSTEAD = {"opencv-python": "opencv-python-headless", "pillow-heif": "pi-heif"}
NOT_IN = {"imagehash"}
"""What the program asks for nothing at run time."""
TOOLS = ("pyinstaller==6.22.3", "pyinstaller-hooks-contrib==2026.9")
OF_LINUX = ("install.sh", "*.desktop", "*.metainfo.xml")


def requirements() -> list[str]:
    """The names of what the frozen program is made of."""
    lines = (line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines())
    names = [re.split(r"[><=]", line)[0] for line in lines if line]
    return [INSTEAD.get(name, name) for name in names if name not in NOT_IN]


def constraints() -> list[str]:
    """The locked versions; what takes another's place is locked for the tests, or has the other's version."""
    names = {INSTEAD.get(name, name) for name in NOT_IN | INSTEAD.keys()}
    tested = [line for line in _locked("requirements-test.lock") if _name(line) in names]
    used = _locked("requirements.lock")
    same = [INSTEAD[_name(line)] + line[len(_name(line)) :] for line in used if _name(line) in INSTEAD]
    return [*used, *tested, *(line for line in same if _name(line) not in map(_name, tested))]


def _locked(name: str) -> list[str]:
    return re.findall(r"^([\w.-]+==[^\\\n]*?)\s*\\?$", (ROOT / name).read_text("utf-8"), re.M)


def _name(line: str) -> str:
    return line.partition("==")[0]


def main() -> int:
    """Make it; the exit code."""
    parser = argparse.ArgumentParser(description="make the frozen program of this system")
    parser.add_argument("--place", type=Path, default=ROOT / "dist", metavar="FOLDER", help="where to (default: dist)")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build", metavar="FOLDER", help="for what is made on the way"
    )
    opencv = "small" if sys.platform == "darwin" else "wheel"
    parser.add_argument("--opencv", default=opencv, metavar="WHEEL", help=f"wheel, small or a file (default: {opencv})")
    parser.add_argument("--no-archive", action="store_true", help="only the folder")
    chosen = parser.parse_args()
    place, work = chosen.place.resolve(), chosen.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    python = environment(work, chosen.opencv)
    run(
        [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--distpath", place],
        ["--workpath", work / "pyinstaller", HERE / f"{NAME}.spec"],
    )
    folder = place / NAME
    complete(folder, python)
    if sys.platform == "darwin" and (place / "Image Sync.app").exists():
        run(["codesign", "--force", "--deep", "--sign", "-", place / "Image Sync.app"], [])
    print(f"{folder}: {size(folder) / 1e6:.0f} MB")
    if not chosen.no_archive:
        packed = pack(folder, place)
        print(f"{packed}: {packed.stat().st_size / 1e6:.0f} MB")
    return 0


def environment(work: Path, opencv: str) -> Path:
    """An environment with all that is frozen, made anew; its interpreter."""
    folder = work / "environment"
    venv.create(folder, clear=True, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    limits = work / "constraints.txt"
    limits.write_text("\n".join(constraints()), "utf-8")
    wheel = [] if opencv == "wheel" else [str(built_opencv(work)) if opencv == "small" else opencv]
    wanted = [name for name in requirements() if not (wheel and name == "opencv-python-headless")]
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(pip, ["--constraint", limits, "--only-binary", ":all:", *wanted, *TOOLS])
    if wheel:
        run(pip, ["--no-deps", *wheel])
    return python


def built_opencv(work: Path) -> Path:
    """The wheel of OpenCV that ``packaging/opencv.py`` makes, or made before."""
    folder = work / "opencv"
    found = sorted(folder.glob("*.whl"))
    if not found:
        run([sys.executable, HERE / "opencv.py", folder], [])
        found = sorted(folder.glob("*.whl"))
    return found[-1]


def complete(folder: Path, python: Path) -> None:
    """Add what a person needs beside the program: licenses, a word to begin with, on Linux the way into the menu."""
    shutil.copy2(ROOT / "LICENSE", folder / "LICENSE")
    shutil.copy2(ROOT / "README.md", folder / "README.md")
    licenses = folder / "licenses"
    shutil.rmtree(licenses, ignore_errors=True)
    for place in python.parent.parent.rglob("*.dist-info"):
        project = place.name.split("-")[0].lower()
        if project in ("pip", "setuptools", "pyinstaller", "pyinstaller_hooks_contrib", "altgraph", "packaging"):
            continue
        for path in [*place.glob("LICEN*"), *place.rglob("licenses/**/*")]:
            if path.is_file():
                (licenses / project).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, licenses / project / path.name)
    if sys.platform == "linux":
        (folder / "linux").mkdir(exist_ok=True)
        for path in (found for pattern in OF_LINUX for found in (HERE / "linux").glob(pattern)):
            shutil.copy2(path, folder / "linux" / path.name)
        icons = shutil.ignore_patterns("*.py", "__pycache__", "*.ic*")
        shutil.copytree(HERE / "icons", folder / "linux" / "icons", ignore=icons, dirs_exist_ok=True)
    elif sys.platform == "win32":
        shutil.copy2(HERE / "windows" / "install.ps1", folder / "install.ps1")


def pack(folder: Path, place: Path) -> Path:
    """The folder as one file to hand out."""
    version = re.findall(r'__version__ = "(.+)"', (ROOT / "image_sync" / "__init__.py").read_text("utf-8"))[0]
    system = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)
    name = f"{NAME}-{version}-{system}-{platform.machine().lower()}"
    if os.name == "nt":
        path = place / f"{name}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
            for file in sorted(folder.rglob("*")):
                archive.write(file, Path(name, file.relative_to(folder)))
        return path
    path = place / f"{name}.tar.xz"
    with tarfile.open(path, "w:xz") as archive:
        archive.add(folder, name)
    return path


def size(folder: Path) -> int:
    """Bytes of all files in ``folder``."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def run(command: list[str | Path], more: list[str | Path]) -> None:
    """Run it to its end; its failure ends this script."""
    if code := subprocess.run([*map(str, command), *map(str, more)], cwd=ROOT, check=False).returncode:
        sys.exit(f"freeze: {Path(str(command[0])).name} ended with {code}; the lines above say why.")


if __name__ == "__main__":
    sys.exit(main())
