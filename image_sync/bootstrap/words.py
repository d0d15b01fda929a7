"""Sentences of the set-up: one for each thing that can stand in its way, and what to do about it.

Nothing here looks at the machine or prints; the sentences are values, so that a table in the tests holds them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from image_sync.base.paths import display

SPACE_NEEDED = "about 350 MB"
PIP_INSTALLS = "Installing collected packages:"
"""How pip begins the line after which it changes the environment."""

NO_TKINTER = (
    "The window needs tkinter, which this Python does not have: install python3-tk (Debian, Ubuntu), python3-tkinter "
    "(Fedora), tk (Arch), python-tk (Homebrew) or the 'tcl/tk' part of the Python installer (Windows), and start "
    "again; the commands (--help lists them) work without it."
)
NO_VENV = (
    "This Python cannot make environments, because its 'venv' or 'ensurepip' part is missing: install python3-venv "
    "(Debian, Ubuntu: sudo apt install python3-venv) or a Python from https://www.python.org/downloads/, and start "
    "again."
)
NO_SETUPTOOLS = (
    "Building needs setuptools, which this Python does not have: let 'pip install .' fetch it, or use "
    "'python3 setup.py' to set the program up and 'python3 setup.py test' to test it."
)
ONCE = f"The packages that it needs are fetched at the first start only; they take {SPACE_NEEDED} of disk."
STOPPED = "Stopped; the next start sets the program up from the beginning."
NOT_AS_LOCKED = "This Python or machine needs other packages than those that were tested; looking for them"
WAITING = "Another start is setting the program up; waiting for it."

_OTHER_FILE = "DO NOT MATCH THE HASHES"
_BUILDING_FAILED = (
    ("Failed to build installable wheels for some pyproject.toml based projects", ","),
    ("Could not build wheels for ", ","),
    ("Failed building wheel for ", "\n"),
    ("ERROR: Failed to build '", "'"),
)
"""What pips of several ages say, and what ends the package's name behind it."""
_NOT_DESCRIBED = "metadata-generation-failed"
"""What pip says when not even the package's description could be made; the package is the one that it last took."""
_PROJECT_ENDS = re.compile(r"[<>=!~;\[ ]|-\d")
"""Where a project's name ends, in a requirement or in the name of a file."""
_NO_ANSWER = (
    "(from versions: none)",
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "Max retries exceeded",
)


def read_only(folder: str, why: str) -> str:
    """The environment can't be written into ``folder``."""
    return (
        f"The program's folder {display(folder)} cannot be written ({why}): copy it to a place of your own and start "
        "it there, or install it with 'pip install .'."
    )


def disk_full(folder: str) -> str:
    """The disk that holds ``folder`` is full."""
    return f"The disk of {display(folder)} is full: free {SPACE_NEEDED} and start again."


def not_made(folder: str, why: str) -> str:
    """The environment could not be made for a reason that nobody foresaw."""
    return (
        f"The environment {display(folder)} could not be made ({why}): mend that, or copy the program to another "
        "folder and start it there."
    )


def not_started(python: str, why: str) -> str:
    """The environment's interpreter can't be run."""
    return f"{display(python)} could not be started ({why}): delete the folder .venv and start again."


def unreadable_requirements(path: str, why: str) -> str:
    """The list of requirements is not there."""
    return f"{display(path)} cannot be read ({why}): get the whole program again and start that."


def pip_failed(folder: str, output: Sequence[str]) -> str:
    """Reason why pip could not install into ``folder``, judged by its output, and what to do."""
    text = "\n".join(output)
    errors = [line[len("ERROR:") :].strip() for line in output if line.startswith("ERROR:")]
    last = (
        errors[-1] if errors else next((line.strip() for line in reversed(output) if line.strip()), "no reason given")
    )
    if "No space left on device" in text or "Errno 28" in text:
        return disk_full(folder)
    if any(sign in text for sign in _NO_ANSWER):
        return (
            f"The packages that the program needs could not be fetched ({last}): connect to the internet, or name a "
            "mirror (PIP_INDEX_URL) or a folder of wheels (PIP_FIND_LINKS), and start again."
        )
    if _OTHER_FILE in text:
        return (
            "A package that was fetched is not the file that the program was tested with, so nothing was installed: "
            "try another package index; if you trust this one, delete requirements.lock and start again."
        )
    if not_built := _not_built(text):
        return (
            f"{not_built} has no ready-made package for this Python and machine, and could not be built: try another "
            "version of Python, or install a C compiler and start again."
        )
    if lacks_a_version(output):
        return (
            f"A package that the program needs does not exist for this Python or this machine ({last}): try another "
            "version of Python."
        )
    return f"pip could not install what the program needs ({last}): mend that and start again."


def _not_built(text: str) -> str:
    """The package that pip tried to build in vain; empty when there is none."""
    for sign, end in _BUILDING_FAILED:
        _, found, rest = text.partition(sign)
        if found:
            return display(rest.split("\n")[0].strip(" ():").split(end)[0].strip(" ()") or "A package")
    if _NOT_DESCRIBED not in text:
        return ""
    before = text.split(_NOT_DESCRIBED)[0].splitlines()
    taken = [
        line.partition(" ")[2].partition(" (from")[0]
        for line in before
        if line.startswith(("Collecting ", "Processing "))
    ]
    return display(_PROJECT_ENDS.split(re.split(r"[/\\]", taken[-1])[-1])[0]) if taken else "A package"


def lacks_a_version(output: Sequence[str]) -> bool:
    """Whether pip, which said this, found no package for this Python and machine in the version that was asked for."""
    return any("No matching distribution found" in line for line in output)


def pip_step(line: str) -> str:
    """Meaning of one line of pip's output for the user; empty when it means nothing to them."""
    deed, _, rest = line.strip().partition(" ")
    file, _, note = rest.partition(" (")
    if deed == "Downloading":
        return f"Fetching {_package(file)}" + (f" ({note}" if note else "")
    if deed == "Processing":
        return f"Taking {_package(file)}"
    if line.strip().startswith("Using cached "):
        return f"Taking {_package(file.removeprefix('cached '))}"
    if line.startswith(PIP_INSTALLS):
        count = line.count(",") + 1
        return f"Installing {count} package{'s' if count > 1 else ''}"
    return "No answer from the package index; trying again" if "Retrying" in line else ""


def _package(wheel: str) -> str:
    """Name and version out of a wheel's path or address."""
    name, _, rest = wheel.replace("\\", "/").rstrip("/").rpartition("/")[2].partition("-")
    return f"{name} {rest.partition('-')[0]}".strip()
