"""How each synchroniser is run on two folders, with a memory of its own, and whether it is there to be run."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: its command for a first run and for later ones; ``{a}``, ``{b}`` and ``{memory}`` are filled in.

    ``remembers`` is false for a tool that keeps nothing between two runs.
    """

    name: str
    command: tuple[str, ...]
    first: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    remembers: bool = True

    def on(self, source: Path, target: Path, memory: Path, *, first: bool) -> tuple[str, ...]:
        """The command for two folders."""
        words = self.first if first and self.first else self.command
        return tuple(word.format(a=source, b=target, memory=memory) for word in words)

    def around(self, memory: Path) -> dict[str, str]:
        """The environment that gives it a memory of its own."""
        return {name: value.format(memory=memory) for name, value in self.environment.items()}


def field_of(python: str = sys.executable) -> tuple[Peer, ...]:
    """This program first, then every synchroniser that people install."""
    places = {f"XDG_{name}_HOME": "{memory}" for name in ("STATE", "DATA", "CONFIG", "CACHE")}
    # As it is when it is installed: its modules are compiled once.
    places |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": "{memory}-compiled"}
    unison = ("unison", "{a}", "{b}", "-batch", "-silent", "-times", "-prefer", "newer", "-confirmbigdel=false")
    both_ways = 'rsync {how} "$1/" "$2/" && rsync {how} "$2/" "$1/"'
    bisync = ("rclone", "bisync", "{a}", "{b}", "--workdir", "{memory}", "--quiet")
    return (
        Peer("image sync", (python, "-m", "image_sync", "sync", "{a}", "{b}", "--quiet"), environment=places),
        _tool("unison", "unison", unison, environment={"UNISON": "{memory}"}),
        _tool("FreeFileSync", "FreeFileSync", ()),
        _tool("rsync -au both ways", "rsync", _shell(both_ways.replace("{how}", "-au")), remembers=False),
        _tool("rsync -auc both ways", "rsync", _shell(both_ways.replace("{how}", "-auc")), remembers=False),
        _tool("rclone bisync", "rclone", bisync, first=(*bisync, "--resync")),
    )


def _shell(script: str) -> tuple[str, ...]:
    return ("sh", "-c", script, "sh", "{a}", "{b}")


def _tool(name: str, program: str, command: tuple[str, ...], **more: object) -> Peer:
    missing = "" if shutil.which(program) else "not installed"
    return Peer(name, command, missing=missing, **more)  # type: ignore[arg-type]
