"""A copy of the program's door with a stand-in behind it, and wheels made on the spot, so that starts can be real.

The requirements are one tiny wheel from a folder; no test of the door reaches for the network.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOOR = ("main.py", "setup.py")
PARTS = ("__init__.py", "python_version.py", "base", "bootstrap")

BEHIND = """
import json, os, sys

def front(window):
    def run():
        import tiny
        seen = {"prefix": sys.prefix, "arguments": sys.argv[1:], "window": window, "tiny": tiny.VERSION}
        print(json.dumps(seen))
        return 7 if "seven" in sys.argv else 0
    return run
"""
BESIDE = {
    "tiny_parts/__init__.py": "",
    "tiny_parts/tests/__init__.py": "",
    "tiny_parts/tests/helper.py": "",
    "tiny_parts/tests/test_tiny.py": "",
    "tiny_parts/tests/data/large.txt": "",
}
"""What ``tiny`` carries beside its module: a folder of tests, in which one module is no test."""
PYTEST = """
import json, os, sys
print(json.dumps({"prefix": sys.prefix, "arguments": sys.argv[1:], "folder": os.getcwd()}))
sys.exit(5)
"""


def wheel(folder: Path, name: str, version: str, files: dict[str, str]) -> Path:
    """A wheel of pure Python in ``folder`` with ``files`` (path: text)."""
    about = f"{name}-{version}.dist-info"
    content = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [f"{path},sha256={_digest(text)},{len(text.encode())}" for path, text in content.items()]
    content[f"{about}/RECORD"] = "\n".join([*lines, f"{about}/RECORD,,\n"])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inner, text in content.items():
            archive.writestr(inner, text)
    return path


def wheels(folder: Path) -> Path:
    """A folder of wheels: ``tiny`` 1.0 and 2.0, and a ``pytest`` that only says what it was told."""
    folder.mkdir()
    for version in ("1.0", "2.0"):
        wheel(folder, "tiny", version, {"tiny.py": f"VERSION = {version!r}\n", **BESIDE})
    wheel(folder, "pytest", "99.0", {"pytest/__init__.py": "", "pytest/__main__.py": PYTEST})
    return folder


def door(folder: Path) -> Path:
    """The door in ``folder``, with a stand-in for the program that says how it was started."""
    package = folder / "image_sync"
    package.mkdir(parents=True)
    for name in DOOR:
        shutil.copy2(ROOT / name, folder / name)
    for name in PARTS:
        source = ROOT / "image_sync" / name
        if source.is_dir():
            shutil.copytree(source, package / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, package / name)
    (package / "__main__.py").write_text(BEHIND)
    (folder / "requirements.txt").write_text("# what the stand-in needs\ntiny>=1.0\n")
    (folder / "requirements-test.txt").write_text("pytest>=99\n")
    return folder


def copy(source: Path, target: Path) -> Path:
    """A door like ``source`` in ``target``.

    What is installed is shared by hard links, for that is a thousand files, and pip replaces files, never edits them.
    """

    def share(one: str, other: str) -> None:
        if "site-packages" not in one:
            shutil.copy2(one, other)
            return
        try:
            os.link(one, other)
        except OSError:
            shutil.copy2(one, other)

    return Path(shutil.copytree(source, target, symlinks=True, copy_function=share))


def environ(wheel_folder: Path, **changes: str) -> dict[str, str]:
    """Variables for a start that has no display, and no packages but those in ``wheel_folder``."""
    left_out = ("DISPLAY", "PYTHONPATH", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if name not in left_out and not name.startswith("PIP_")}
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheel_folder.as_uri()}
    return {**kept, **settings, **changes}


def start(
    folder: Path,
    *arguments: str,
    env: dict[str, str],
    script: str = "main.py",
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the door's ``script`` to its end; ``before`` runs in its process before it."""
    command = [sys.executable, os.fspath(folder / script), *arguments]
    return subprocess.run(
        command,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=folder.parent,
        check=False,
        preexec_fn=before,
    )


def told(result: subprocess.CompletedProcess[str]) -> Any:
    """What the stand-in said."""
    return json.loads(result.stdout.splitlines()[-1])


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
