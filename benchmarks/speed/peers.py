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
from imagededup.methods import PHash
if __name__ == "__main__":
    print(len(PHash(verbose=False).find_duplicates(image_dir=sys.argv[1], max_distance_threshold=10)))
"""


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
        _program("findimagedupes", ("findimagedupes", "-q", "-R", "{folder}")),
    )


def _package(name: str, python: str, program: str) -> Peer:
    found = subprocess.run([python, "-c", f"import {name}"], capture_output=True, check=False)
    script = Path(tempfile.gettempdir()) / f"image-sync-benchmark-{name}.py"
    script.write_text(program)
    return Peer(name, (python, str(script), "{folder}"), "" if found.returncode == 0 else f"not installed for {python}")


def _program(name: str, command: Sequence[str]) -> Peer:
    return Peer(name, tuple(command), "" if shutil.which(name) else "not installed")
