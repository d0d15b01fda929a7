"""State that the program keeps on this computer: where, how much, and the way to clear it.

Journals, the log and the catalog.  What is needed to undo a run is cleared only when that is asked for; the versions of
files lie in the user's own folders and are another matter (``versions``).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from glob import escape, iglob

from image_sync.apply import journal
from image_sync.base import places
from image_sync.base.errors import explained
from image_sync.base.model import Problem, Refused, RunState


@dataclass(frozen=True, slots=True)
class StateRoom:
    """One kind of what is kept: how many files of how many bytes, and how many of them can be cleared lightly."""

    name: str
    path: str
    files: int
    size: int
    spent: int = 0


def rooms() -> tuple[StateRoom, ...]:
    """Rooms of all that is kept, whether or not there is anything of it yet."""
    state, catalog = places.state_folder(), places.catalog_path()
    aside = _set_aside(catalog)
    runs = [summary.run for summary in journal.history()]
    return (
        _room("journals", journal.runs_folder(), _below(journal.runs_folder()), len(runs), len(list(journal.spent()))),
        _room("log", os.path.join(state, "logs"), logs := list(_below(os.path.join(state, "logs"))), spent=len(logs)),
        _room("catalog", catalog, (catalog + end for end in ("", "-wal", "-shm"))),
        _room("catalogs set aside", f"{catalog}.set-aside-*", aside, spent=len(aside)),
    )


def clear(*, everything: bool = False) -> tuple[Problem, ...]:
    """Delete what nobody needs any more: journals of runs with nothing to undo, logs, catalogs that were set aside.

    With ``everything`` also the journals of runs that could be undone, and the catalog with the decisions in it.
    What could not be deleted is returned.  Raises ``Refused`` when a run is going on.
    """
    running = [summary.run for summary in journal.history() if summary.state is RunState.RUNNING]
    if running:
        raise Refused(f"The run {running[0]} is still going on. Wait until it has ended, or stop it.")
    names = [summary.run for summary in journal.history()] if everything else list(journal.spent())
    for name in names:
        journal.discard(name)
    catalog = places.catalog_path()
    doomed = [*_below(os.path.join(places.state_folder(), "logs")), *_set_aside(catalog)]
    if everything:
        doomed += [catalog + end for end in ("-wal", "-shm", "")]
    return tuple(_removed(doomed))


def _room(name: str, path: str, files: Iterable[str], number: int | None = None, spent: int = 0) -> StateRoom:
    sizes = [size for file in files if (size := _size(file)) is not None]
    return StateRoom(name, path, len(sizes) if number is None else number, sum(sizes), spent)


def _size(path: str) -> int | None:
    try:
        return os.lstat(path).st_size
    except OSError:
        return None


def _below(folder: str) -> Iterator[str]:
    """The files below a folder of ours; links are not followed."""
    for at, _, names in os.walk(folder):
        yield from (os.path.join(at, name) for name in names)


def _set_aside(catalog: str) -> list[str]:
    return sorted(iglob(f"{escape(catalog)}.set-aside-*"))


def _removed(doomed: Iterable[str]) -> Iterator[Problem]:
    for path in doomed:
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
        except OSError as error:
            yield Problem(path, "not deleted", *explained(error))
