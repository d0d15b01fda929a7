"""The earlier files that runs have kept: how much there is, and the one way to delete them for good.

They lie in ``<root>/.image-sync/versions/<run>``; those that hard links replaced once lay one folder higher, and are
found there too.  Nothing is ever cleared by itself; what is cleared can't be undone any more, which is said
before.  Links are never followed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from image_sync.apply.locks import hold_roots
from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.model import Problem, Refused
from image_sync.base.own_files import OWN_FOLDER, RUN_TIME, VERSIONS, run_time


@dataclass(frozen=True, slots=True)
class Kept:
    """Versions that one run kept below one root: files, bytes, and when (seconds since 1970)."""

    root: str
    run: str
    folder: str
    files: int
    size: int
    at: float


def kept(root: str) -> tuple[Kept, ...]:
    """The versions below ``root``, the newest run first.  Raises ``Refused`` when the folder can't be read."""
    if not os.path.isdir(root):
        what = "is not a folder" if os.path.lexists(root) else "is not there; is its disk connected?"
        raise Refused(f"{paths.display(root)} {what}")
    real, found = os.path.realpath(root), []
    for base in (os.path.join(real, VERSIONS), os.path.join(real, OWN_FOLDER)):
        try:
            found += [_kept(root, entry) for entry in _runs(real, base)]
        except OSError as error:
            raise Refused(f"The versions in {paths.display(base)} can't be read: {reason(error)}.") from error
    return tuple(sorted(found, key=lambda one: one.run, reverse=True))


def kept_by(run: str, roots: Iterable[str]) -> tuple[Kept, ...]:
    """The versions that ``run`` kept below these roots; a root that can't be read counts for nothing."""
    found: list[Kept] = []
    for root in dict.fromkeys(roots):
        with contextlib.suppress(Refused):
            found += [one for one in kept(root) if one.run == run or one.run.startswith(f"{run}-")]
    return tuple(found)


def _runs(root: str, base: str) -> Iterator[os.DirEntry[str]]:
    """The folders of runs in ``base``; a link in the place of one of ours is nobody's business."""
    for folder in (os.path.join(root, OWN_FOLDER), base):
        try:
            if not stat.S_ISDIR(os.lstat(folder).st_mode):
                return
        except FileNotFoundError:
            return
    with os.scandir(base) as entries:
        yield from (entry for entry in entries if run_time(entry.name) and entry.is_dir(follow_symlinks=False))


def _kept(root: str, entry: os.DirEntry[str]) -> Kept:
    files = size = 0
    pending = [entry.path]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for one in entries:
                if one.is_dir(follow_symlinks=False):
                    pending.append(one.path)
                else:
                    files += 1
                    size += one.stat(follow_symlinks=False).st_size
    return Kept(root, entry.name, entry.path, files, size, _time(entry))


def _time(entry: os.DirEntry[str]) -> float:
    """Begin of the run: its name says so."""
    try:
        return time.mktime(time.strptime(run_time(entry.name), RUN_TIME))
    except (ValueError, OverflowError):
        return entry.stat().st_mtime


def older_than(versions: Iterable[Kept], days: float, now: float | None = None) -> tuple[Kept, ...]:
    """The versions that were kept more than ``days`` days ago."""
    limit = (time.time() if now is None else now) - days * 86400
    return tuple(one for one in versions if one.at < limit)


def clear(versions: Iterable[Kept]) -> tuple[Problem, ...]:
    """Delete versions for good.  What could not be deleted is returned; raises ``Refused`` when a run is going on."""
    chosen = list(versions)
    problems: list[Problem] = []
    with hold_roots({one.root for one in chosen}):
        for one in chosen:
            problems += _cleared(one)
        for base in {os.path.dirname(one.folder) for one in chosen}:
            _remove_empty(base)
    return tuple(problems)


def _cleared(one: Kept) -> list[Problem]:
    problems: list[Problem] = []

    def failed(_function: object, path: str, details: object) -> None:
        error = details[1] if isinstance(details, tuple) else details
        why = reason(error) if isinstance(error, OSError) else str(error)
        problems.append(Problem(path, "not deleted", why))

    shutil.rmtree(one.folder, onerror=failed)
    return problems


def _remove_empty(base: str) -> None:
    """Remove the folders of versions that are empty now; what is above our own folder is not ours."""
    while paths.name(base) in (paths.name(VERSIONS), OWN_FOLDER):
        try:
            os.rmdir(base)
        except OSError:
            return
        base = os.path.dirname(base)
