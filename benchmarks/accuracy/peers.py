"""The groups that other programs make of a folder, as they are installed, with the settings that they come with.

Each runs in a process of its own, under the Python that has it, and prints a JSON list of groups of paths.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CZKAWKA = """
import json, os, sys, tempfile
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(dir=sys.argv[2])
from czkawka import ImageSimilarity
finder = ImageSimilarity()
finder.set_directories([sys.argv[1]])
finder.set_similarity(int(sys.argv[3]))
print(json.dumps([[str(path) for path in group] for group in finder.find_similar()]))
"""
_DIFPY = """
import json, sys, difPy
if __name__ == "__main__":
    built = difPy.build(sys.argv[1], show_progress=False)
    found = difPy.search(built, similarity="similar", same_dim=False, show_progress=False).result
    print(json.dumps([[path, *(match[0] for match in matches)] for path, matches in found.items()]))
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program: its command with ``{folder}`` and ``{scratch}`` left open; ``missing`` says why it can't run."""

    name: str
    command: tuple[str, ...]
    missing: str = ""


def peers(python: str) -> tuple[Peer, ...]:
    """The programs that people install; ``python`` is the interpreter that has the packages."""
    return (
        *(_package(f"czkawka, {bits} bits of 64", "czkawka", python, _CZKAWKA, (bits,)) for bits in ("5", "10")),
        _package("difPy, similar, any size", "difPy", python, _DIFPY, ()),
        _program("findimagedupes", ("findimagedupes", "-q", "-R", "{folder}")),
    )


def groups_of(peer: Peer, folder: Path, scratch: Path) -> list[list[str]]:
    """The groups, by the names of the files; names in ``folder`` have no spaces."""
    fresh = tempfile.mkdtemp(dir=scratch)
    command = [word.replace("{folder}", str(folder)).replace("{scratch}", fresh) for word in peer.command]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{peer.name} failed: {done.stderr.strip()[-500:]}")
    lines = done.stdout.splitlines()
    groups = json.loads(lines[-1]) if lines and lines[-1].startswith("[") else [line.split() for line in lines]
    return [[Path(path).name for path in group] for group in groups]


def _package(name: str, package: str, python: str, program: str, arguments: Sequence[str]) -> Peer:
    command = (python, "-c", program, "{folder}", "{scratch}", *arguments)
    try:
        ask = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({package!r}) is None)"
        found = subprocess.run([python, "-c", ask], capture_output=True, check=False).returncode == 0
    except OSError:
        found = False
    return Peer(name, command, "" if found else "not installed")


def _program(name: str, command: Sequence[str]) -> Peer:
    return Peer(name, tuple(command), "" if shutil.which(name) else "not installed")
