"""The program's own environment: where it lies, whether it can be used as it is, and how to go on inside it.

Every start passes through here before anything else, so this module imports nothing but ``os`` and ``sys`` (the check
then costs about a millisecond) and writes nothing.  Making an environment is the business of ``making``.

A complete environment holds a stamp: what it stands on (its interpreter, the machine), what that interpreter can do,
and the text of the requirements that were installed.  Only an equal stamp counts; the stamp is the last thing that is
written, so an installation that was killed has none.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FOLDER = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FORMAT = "image-sync environment 1"
WITH_TKINTER = "with tkinter"
INSTEAD = {"pillow-heif": "pi-heif"}
"""Projects in whose place another does, which counts its versions alike."""


class Environment:
    """A virtual environment in ``folder`` for what the files ``requirements`` list.

    A line of them is ``name>=version`` or ``name==version``.
    """

    __slots__ = ("folder", "requirements")

    def __init__(self, folder: str, requirements: Sequence[str]) -> None:
        self.folder = folder
        self.requirements = tuple(requirements)

    @property
    def python(self) -> str:
        """The environment's interpreter, whether it is there or not."""
        return os.path.join(self.folder, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))

    @property
    def stamp_path(self) -> str:
        """Path of the stamp."""
        return os.path.join(self.folder, "image-sync-stamp")

    @property
    def lock_path(self) -> str:
        """Path of the list of what is installed exactly, whether it is there or not: the one beside the last list of
        requirements, which has all that the others ask for."""
        return os.path.splitext(self.requirements[-1])[0] + ".lock" if self.requirements else ""

    @property
    def mark_path(self) -> str:
        """Path of the mark of an environment that is being made."""
        return os.path.join(self.folder, "image-sync-unfinished")

    def is_ready(self, tkinter: bool = False) -> bool:
        """Whether all is installed and nothing changed since; with ``tkinter``, whether it can open a window too."""
        world, facts, installed = self.read_stamp()
        if not world or world != self.world() or (tkinter and not facts.endswith(f" {WITH_TKINTER}")):
            return False
        try:
            complete = all(wanted(path) in installed for path in self.requirements)
            return complete and not os.path.lexists(self.mark_path)
        except OSError:
            return False

    def is_fixed(self) -> bool:
        """Whether nobody like us can put anything else into its place."""
        return not os.access(os.path.dirname(self.folder), os.W_OK)

    def is_running(self) -> bool:
        """Whether this very process runs in the environment."""
        try:
            return os.path.samefile(sys.prefix, self.folder)
        except OSError:
            return False

    def read_stamp(self) -> tuple[str, str, list[str]]:
        """World, facts and the installed requirements as the stamp has them; empty when there is none."""
        try:
            with open(self.stamp_path, encoding="utf-8", errors="surrogateescape") as stream:
                parts = stream.read().split("\n\n")
        except OSError:
            parts = []
        return (parts[0], parts[1], parts[2:]) if len(parts) > 2 else ("", "", [])

    def world(self) -> str:
        """Base of the environment: its interpreter as a file, and the machine; empty when that is gone."""
        interpreter = self._interpreter()
        try:
            status = os.stat(interpreter)
        except OSError:
            return ""
        return f"{FORMAT}\n{interpreter}\n{status.st_size} {status.st_mtime_ns}\n{machine()}"

    def _interpreter(self) -> str:
        if os.name != "nt":
            return os.path.realpath(self.python)
        # On Windows the environment's python.exe is a small launcher; the interpreter that it starts is named here.
        try:
            with open(os.path.join(self.folder, "pyvenv.cfg"), encoding="utf-8") as stream:
                settings = dict(line.split(" = ", 1) for line in stream if " = " in line)
        except (OSError, ValueError):
            return ""
        return os.path.join(settings.get("home", "").strip(), "python.exe")


def machine() -> str:
    """The kind of processor that this process runs on; compiled packages are made for one."""
    return os.uname().machine if hasattr(os, "uname") else os.environ.get("PROCESSOR_ARCHITECTURE", "")


def wanted(path: str) -> str:
    """The requirement file's name and its lines, without comments and blank ones."""
    return "\n".join([os.path.basename(path), *_lines(path)])


def satisfied_here(requirements: Iterable[str]) -> bool:
    """Whether the running interpreter has all that the requirement files list, in the versions that they ask for.

    It looks at the names of the installed packages' metadata only: ``importlib.metadata`` would take 30 ms.  A line
    of any other form than ``name>=version`` or ``name==version`` counts as missing.
    """
    installed = _installed_versions()
    return all(_meets(line, installed) for path in requirements for line in _lines(path))


def go_on(command: Sequence[str]) -> int:
    """Run ``command`` in place of this process; where that can't be, run it and return its exit code."""
    if os.name == "posix":
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os.execv(command[0], list(command))
    return _wait_for(command)


def _lines(path: str) -> list[str]:
    with open(path, encoding="utf-8") as stream:
        lines = [line.split("#")[0].strip() for line in stream]
    return [line for line in lines if line]


def _meets(requirement: str, installed: Mapping[str, str]) -> bool:
    sign = ">=" if ">=" in requirement else "=="
    project, _, asked = requirement.partition(sign)
    name = _canonical(project)
    have, want = _release(installed.get(name) or installed.get(INSTEAD.get(name, ""), "")), _release(asked)
    return bool(have and want) and (have >= want if sign == ">=" else have == want)


def _installed_versions() -> dict[str, str]:
    versions: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                project, _, version = name.rpartition(".")[0].partition("-")
                versions.setdefault(_canonical(project), version)
    return versions


def _canonical(project: str) -> str:
    return project.strip().lower().replace("_", "-").replace(".", "-")


def _release(version: str) -> tuple[int, ...]:
    numbers = []
    for part in version.strip().split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)


def _wait_for(command: Sequence[str]) -> int:
    """Run of ``command`` where a process can't be replaced; Ctrl-C is left to it, for it gets the key as well."""
    import subprocess

    process = subprocess.Popen(command)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
