"""The registry of jobs: one line for each; a job's modules are loaded when they are first needed.

To add a job: a folder here with ``job.py``, a command in ``cli``, a page in ``gui``, and a line below.  The engine, the
command line and the window find everything from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from image_sync.base.options import N_

if TYPE_CHECKING:
    from image_sync.jobs.job import Job


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A job's modules and words.

    ``title`` is what people call it, ``symbol`` its icon in the window.  ``job`` is the module whose ``JOB`` is the
    class, ``command`` that whose ``COMMANDS`` are its commands, ``page`` that whose ``PAGE`` is its page in the window;
    the last two are empty for a job without.
    """

    title: str
    symbol: str
    job: str
    command: str = ""
    page: str = ""


def _own(folder: str, title: str, symbol: str) -> JobEntry:
    """The entry of a job of this program: its folder has the same name in each room."""
    return JobEntry(
        title, symbol, f"image_sync.jobs.{folder}.job", f"image_sync.cli.{folder}", f"image_sync.gui.{folder}.page"
    )


JOBS: dict[str, JobEntry] = {
    "organize": _own("organize", N_("Organize"), "images"),
    "sync": _own("sync", N_("Sync"), "arrow-left-right"),
    "import": _own("photo_import", N_("Import"), "box-arrow-in-down"),
}
"""All jobs by name, in the order in which they are shown."""


def title(name: str) -> str:
    """Title of a job; a name that is not known stands for itself (a journal of another version)."""
    return JOBS[name].title if name in JOBS else name.capitalize()


def job_class(name: str) -> type[Job[Any, Any]]:
    """The class of a job, which is loaded now.  Raises ``LookupError`` for a name that is not known."""
    found: type[Job[Any, Any]] = import_module(JOBS[name].job).JOB
    return found


def make(name: str, request: object) -> Job[Any, Any]:
    """A job for one request, ready to be started."""
    return job_class(name)(request)  # type: ignore[call-arg]


def check(name: str, request: object) -> dict[str, str]:
    """Mistakes of a request for a job, in words, by the name of its field.  May touch slow disks."""
    from image_sync.base.errors import unread
    from image_sync.base.options import places_of

    job = job_class(name)
    try:
        return job.check(request)
    except OSError as error:  # a disk that went between two looks at it
        return {places_of(request)[0]: unread(error)}
