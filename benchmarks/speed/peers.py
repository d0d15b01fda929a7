"""How each program is run on a folder, and whether it is there to be run."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CZKAWKA = """
import os, sys, tempfile
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp()
from czkawka import ImageSimilarity
finder = ImageSimilarity()
finder.set_directories([sys.argv[1]])
finder.set_similarity(10)
print(len(finder.find_similar()))
"""
_DIFPY = """
import sys, difPy
if __name__ == "__main__":
    built = difPy.build(sys.argv[1], show_progress=False)
    print(len(difPy.search(built, similarity="similar", show_progress=False).result))
"""
_IMAGEDEDUP = """
import sys
from unittest.mock import MagicMock
# Its neural methods are not run; empty stand-ins keep torch out of the start-up, which is to its advantage.
for name in ("methods.cnn", "utils.data_generator", "utils.models"):
    sys.modules["imagededup." + name] = MagicMock()
from imagededup.methods import PHash
if __name__ == "__main__":
    print(len(PHash(verbose=False).find_duplicates(image_dir=sys.argv[1], max_distance_threshold=10)))
"""
_DUPEGURU = """
import pathlib, sys
sys.path.insert(0, "/usr/share/dupeguru")
from core.pe.matchblock import getmatches
from qt.pe.photo import File
if __name__ == "__main__":
    files = [File(path) for path in sorted(pathlib.Path(sys.argv[1]).iterdir()) if not path.name.startswith(".")]
    for file in files:
        file.is_ref = False
    print(len(getmatches(files, sys.argv[2] + "/cache.db", 95, match_scaled=True)))
"""
_DUPEGURU_HOME = Path("/usr/share/dupeguru")


@dataclass(frozen=True, slots=True)
class Peer:
    """A program: the command that finds similar pictures in ``{folder}``, cold; ``missing`` says why it can't run."""

    name: str
    command: tuple[str, ...]
    missing: str = ""

    def on(self, folder: Path, scratch: Path) -> tuple[str, ...]:
        """The command for one folder; ``{scratch}`` is a new, empty folder each time."""
        fresh = tempfile.mkdtemp(dir=scratch)
        return tuple(word.format(folder=folder, scratch=fresh) for word in self.command)


def ours() -> Peer:
    """This program, whole command, with a catalog of its own that is empty."""
    command = (
        *(sys.executable, "-m", "image_sync", "organize", "{folder}", "{scratch}", "{scratch}.output"),
        *("--dry-run", "--quiet", "--catalog", "{scratch}.catalog"),
    )
    return Peer("image sync", command)


def peers(python: str) -> tuple[Peer, ...]:
    """The naive way and every program that people install; ``python`` is the interpreter that has the packages."""
    return (
        Peer("naive", (sys.executable, "-m", "benchmarks.speed.naive", "{folder}")),
        _package("czkawka", python, _CZKAWKA),
        _package("difPy", python, _DIFPY),
        _package("imagededup", python, _IMAGEDEDUP),
        _dupeguru(),
        _program("findimagedupes", ("findimagedupes", "-q", "-R", "{folder}")),
    )


def _package(name: str, python: str, program: str) -> Peer:
    try:
        ask = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is None)"
        found = subprocess.run([python, "-c", ask], capture_output=True, check=False).returncode == 0
    except OSError:
        found = False
    return Peer(name, (python, _script(name, program), "{folder}"), "" if found else f"not installed for {python}")


def _dupeguru() -> Peer:
    """Debian's package without its window: the core that compares pictures, and Qt's reader."""
    command = ("/usr/bin/python3", _script("dupeguru", _DUPEGURU), "{folder}", "{scratch}")
    return Peer("dupeGuru", command, "" if _DUPEGURU_HOME.is_dir() else "not installed (Debian: dupeguru)")


def _script(name: str, program: str) -> str:
    script = Path(tempfile.gettempdir()) / f"image-sync-benchmark-{name}.py"
    script.write_text(program)
    return str(script)


def _program(name: str, command: Sequence[str]) -> Peer:
    return Peer(name, tuple(command), "" if shutil.which(name) else "not installed")
