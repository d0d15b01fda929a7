"""Folders: how they were before the run, which ones it made, and the way to a file that no link may lead astray.

Undo brings folders back with their times and modes, so each is noted before the first change in it.  Nothing is
written through a link below a chosen folder: a link that appeared there since the scan makes a problem.  Nor is
anything written where a chosen folder was whose disk has gone: its path may lead to another disk now.  What is noted
here is kept by the journal; nothing here writes to it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping

from image_sync.apply import file_ops, file_state
from image_sync.apply.records import FolderState
from image_sync.apply.words import Standing, Trouble
from image_sync.base import paths
from image_sync.base.errors import SCAN_AGAIN
from image_sync.base.model import Operation
from image_sync.base.own_files import OWN_FOLDER, VERSIONS


class FolderBook:
    """Every folder that a run changes: as it was before, or made by the run."""

    def __init__(self, before: Mapping[str, FolderState] | None = None, made: Iterable[str] = ()) -> None:
        self.before = dict(before or {})
        self.made = set(made)
        self._known: set[tuple[int, int]] = set()
        self._noted: set[str] = set()

    def forget(self) -> None:
        """Look at every folder afresh from here on."""
        self._noted.clear()

    def note(self, folder: str) -> tuple[list[FolderState], list[str]]:
        """Note ``folder`` before something in it changes.

        Returns what was newly noted, and the folders that are missing on the way to it, the outermost last.
        """
        missing: list[str] = []
        if folder in self._noted:
            return [], missing
        now = _folder(folder)
        if now is not None:
            self._noted.add(folder)
        while now is None and paths.parent(folder) != folder:
            missing.append(folder)
            folder = paths.parent(folder)
            now = _folder(folder)
        if now is None or folder in self.before or folder in self.made or now.identity in self._known:
            return [], missing
        self._known.add(now.identity)
        state = FolderState(folder, now.mtime_ns, now.mode, now.owner)
        self.before[folder] = state
        return [state], missing


class PathGuard:
    """The chosen folders, and the ways below them that were checked in the current group of operations.

    ``made`` are the folders made for the operation in hand.  ``changed`` are those whose names must be on the disk
    before the journal says that something was done there.  ``renamed`` holds, for each disk, one folder where a file
    was renamed; it can wait for the end of the run: a rename that a power cut takes back loses nothing and is
    recognised, and a journalling file system keeps the order of renames, so that the last one carries all.
    """

    def __init__(self, run: str, roots: Iterable[str], book: FolderBook) -> None:
        self.run = run
        self.book = book
        self.made: list[str] = []
        self.changed: set[str] = set()
        self.renamed: dict[int, str] = {}
        self._roots = sorted({root for root in roots if root}, key=len, reverse=True)
        self._devices = {root: device for root in self._roots if (device := _device(root)) is not None}
        self._real: set[str] = set()
        self._reserved: set[str] = set()
        self._clear: set[str] = set()

    def forget(self) -> None:
        """Check every way afresh from here on."""
        self._real.clear()
        self._clear.clear()
        self.book.forget()

    def root_of(self, path: str) -> str:
        """The innermost chosen folder that holds ``path``; an empty string when there is none."""
        return next((root for root in self._roots if paths.is_inside(path, root)), "")

    # --- ways ---

    def check_way(self, folder: str) -> None:
        """Raise ``Trouble`` unless ``folder`` stands and is reached without a link below its root."""
        self._walk(folder, make=False)

    def is_reached(self, folder: str) -> bool:
        """Whether ``check_way`` finds nothing wrong: for notes, never for decisions."""
        try:
            self.check_way(folder)
        except (Trouble, OSError):
            return False
        return True

    def make_way(self, folder: str) -> None:
        """``check_way``, making what is missing; what was made is appended to ``made``."""
        self._walk(folder, make=True)

    def take_back(self) -> None:
        """Remove the folders that were made for an operation which then could not be done."""
        while self.made:
            folder = self.made.pop()
            with contextlib.suppress(OSError):
                file_ops.remove_folder(folder)
                self.book.made.discard(folder)
            self._real.discard(folder)

    def removed(self, folder: str) -> None:
        """``folder`` was removed: the way to it has to be checked again."""
        self._real.discard(folder)
        self._devices.pop(folder, None)

    def _walk(self, folder: str, make: bool) -> None:
        if folder in self._real:
            return
        root = self.root_of(folder)
        below = bool(root) and folder != root
        if below:
            self._walk(paths.parent(folder), make)
        elif folder in self._devices and _device(folder) != self._devices[folder]:
            raise Trouble("its disk is no longer connected", "Connect it again, then resume.", folder)
        now = file_state.look(folder)
        if now is None:
            self._make_missing(folder, below, make)
        elif now.kind is not file_state.Kind.FOLDER and (below or not os.path.isdir(folder)):
            raise _not_a_folder(folder, now)
        self._real.add(folder)

    def _make_missing(self, folder: str, below: bool, make: bool) -> None:
        above = paths.parent(folder)
        if not make or above == folder:
            raise Trouble("the folder is no longer there", SCAN_AGAIN, folder)
        if not below:
            self._walk(above, make)
        file_ops.make_folder(folder)
        self.made.append(folder)
        self.book.made.add(folder)
        self.changed.add(above)

    # --- versions ---

    def versions_base(self, operation: Operation, path: str) -> str:
        """The folder below which all runs keep what they replace; empty when there is none."""
        root = self.root_of(path)
        return operation.versions or (os.path.join(root, VERSIONS) if root else "")

    def version_wanted(self, operation: Operation, path: str) -> str:
        """Place of the file that is replaced or set aside: ``<versions>/<run>/<path below its root>``."""
        root, base = self.root_of(path), self.versions_base(operation, path)
        below = path[len(root) :] if root else os.path.splitdrive(path)[1]
        below = below.lstrip("/\\" if os.name == "nt" else "/")
        return os.path.join(base, self.run, below) if base else ""

    def version_of(self, operation: Operation, path: str) -> str:
        """``version_wanted``, or a place beside it with a number when that is taken: a file was replaced twice in one
        run, or a file that was kept before has the name of a folder now."""
        wanted = self.version_wanted(operation, path)
        if not wanted:
            return ""
        if paths.parent(wanted) not in self._clear:
            wanted = self._unblocked(wanted, os.path.join(self.versions_base(operation, path), self.run))
        folder, name = os.path.split(wanted)
        number = 2
        while wanted in self._reserved or os.path.lexists(wanted):
            wanted = os.path.join(folder, paths.numbered(name, number))
            number += 1
        self._reserved.add(wanted)
        return wanted

    def _unblocked(self, wanted: str, own: str) -> str:
        """``wanted``, or the same below another folder than ``own`` where a file stands in the way."""
        below, number = os.path.relpath(wanted, own), 2
        while _is_blocked(paths.parent(wanted), own):
            wanted = os.path.join(f"{own}-{number}", below)
            number += 1
        self._clear.add(paths.parent(wanted))
        return wanted


def _is_blocked(folder: str, top: str) -> bool:
    """Whether something else than folders stands on the way from ``top`` to ``folder``."""
    while len(folder) > len(top) and not os.path.isdir(folder):
        if os.path.lexists(folder):
            return True
        folder = paths.parent(folder)
    return False


def standing(roots: Iterable[str]) -> tuple[str, ...]:
    """The chosen folders that exist."""
    return tuple(sorted({root for root in roots if root and _device(root) is not None}))


def _device(folder: str) -> int | None:
    """The file system that a folder is on; ``None`` when there is no such folder."""
    try:
        return os.stat(folder).st_dev if os.path.isdir(folder) else None
    except OSError:
        return None


def _folder(path: str) -> file_state.Seen | None:
    """The folder at ``path``; a chosen folder may be reached through a link."""
    now = file_state.glance(path)
    if now is not None and now.kind is file_state.Kind.LINK:
        with contextlib.suppress(OSError):
            now = file_state.seen(os.stat(path))
    return now if now is not None and now.kind is file_state.Kind.FOLDER else None


def prune_versions(versions: Iterable[str], run: str) -> Iterator[str]:
    """Remove the folders of versions that are empty now: the run's own, then ``versions``, then ``.image-sync``.

    Gives those that were removed.
    """
    for base in sorted(set(versions)):
        chain = [os.path.join(base, run), base]
        if paths.name(paths.parent(base)) == OWN_FOLDER:
            chain.append(paths.parent(base))
        for folder in chain:
            try:
                file_ops.remove_folder(folder)
            except OSError:
                continue
            yield folder


def _not_a_folder(folder: str, now: file_state.Seen) -> Trouble:
    if now.kind is file_state.Kind.LINK:
        return Trouble("it is a link, and nothing is written through links", SCAN_AGAIN, folder)
    return Trouble(Standing.NO_FOLDER(what=now.kind), "Rename or move it.", folder)
