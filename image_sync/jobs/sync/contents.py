"""Contents of the open files: remembered where nothing was touched, read where the rules ask for it.

Two files that were compared and differ have no digest.  In its place both get the same mark, so that the next run knows
what came of the comparison as long as neither file is touched.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import replace

from image_sync.base.events import Stage
from image_sync.base.model import Stopped
from image_sync.inventory.context import RunContext
from image_sync.jobs.sync.memory import SyncMemory
from image_sync.jobs.sync.model import Half, Side, Situation
from image_sync.jobs.sync.packed_stats import UNREAD_LOOK, Look, content_size, is_leaf, settled
from image_sync.jobs.sync.reading import Found, Pair, Task, read_all
from image_sync.jobs.sync.rules import decide
from image_sync.jobs.sync.scanned import Scanned

_DIFFERENT = "/"
"""What the mark of two files that differ begins with; no digest begins so."""


class Contents:
    """Finds out what the open files of one scan hold."""

    def __init__(self, scanned: Scanned, memory: SyncMemory, context: RunContext) -> None:
        self._scanned, self._memory, self._context = scanned, memory, context
        self._found = Found()
        self._read_at = 0

    # --- remembered ---

    def recall(self) -> None:
        """Take what is remembered of files that still look as they did when they were read."""
        scanned = self._scanned
        scanned.agreed_contents = self._memory.contents(list(scanned.rows))
        marks: dict[Side, dict[bytes, str]] = {}
        for number, side in enumerate(Side):
            contents = scanned.contents[side] = dict(scanned.listings[side].links)
            if not scanned.request.verify:
                self._recall_agreed(number, side)
                marks[side] = self._recall_digests(side, contents)
        if marks:
            for path, mark in marks[Side.SOURCE].items():
                if marks[Side.TARGET].get(path) == mark:
                    self._differ(path)

    def _recall_agreed(self, number: int, side: Side) -> None:
        scanned = self._scanned
        looks = scanned.listings[side].looks
        for path, content in scanned.agreed_contents.items():
            if looks.get(path) == scanned.rows[path][number]:
                scanned.contents[side].setdefault(path, content)

    def _recall_digests(self, side: Side, contents: dict[bytes, str]) -> dict[bytes, str]:
        """Take the digests of one side; the marks that stand in the place of some are returned."""
        looks = self._scanned.listings[side].looks
        unknown = {
            path: looks[path]
            for path in self._scanned.open
            if path not in contents and path in looks and is_leaf(looks[path])
        }
        found = self._memory.digests(side, unknown)
        contents.update({path: content for path, content in found.items() if not content.startswith(_DIFFERENT)})
        return {path: content for path, content in found.items() if content.startswith(_DIFFERENT)}

    def _differ(self, path: bytes) -> None:
        for side in Side:
            self._scanned.compared[side][path] = f"that of the {side.value}"

    # --- read ---

    def read(self, situation: Situation) -> Situation:
        """Read what the rules ask for; returns the situation, in which what could not be read is told as such.

        Raises ``Stopped``; what was read by then is remembered.
        """
        tasks, size = self._tasks(situation)
        self._context.reporter.stage(Stage.MATCH, len(tasks), size)
        if not tasks:
            return situation
        self._read_at = time.time_ns()
        try:
            read_all(tasks, self._found, self._context)
        except Stopped:
            self.remember()
            raise
        self._take()
        self._context.reporter.flush()
        return replace(
            situation,
            source=self._read_half(situation.source, Side.SOURCE),
            target=self._read_half(situation.target, Side.TARGET),
        )

    def _tasks(self, situation: Situation) -> tuple[list[Task | Pair], int]:
        """Files that has to be read, in the order of the paths, and how many bytes that are."""
        verify = self._scanned.request.verify
        wanted = decide.wanted_contents(situation, verify, self._context.control)
        found: list[tuple[str, Task | Pair]] = [(path, self._task(side, os.fsencode(path))) for side, path in wanted]
        for path in decide.wanted_comparisons(situation, verify):
            source, target = (self._task(side, os.fsencode(path)) for side in Side)
            found.append((path, (source, target)))
        found.sort(key=lambda entry: entry[0])
        return [task for _, task in found], sum(_size(task) for _, task in found)

    def _task(self, side: Side, path: bytes) -> Task:
        listing = self._scanned.listings[side]
        place = os.path.join(os.fsencode(listing.root), path)
        return Task(side, path, place, listing.looks[path], self._scanned.disks[side].lasting)

    def _take(self) -> None:
        for (side, path), digest in self._found.digests.items():
            self._scanned.contents[side][path] = digest
        for path in self._found.different:
            self._differ(path)
        for (side, path), problem in self._found.unread.items():
            self._scanned.listings[side].looks[path] = UNREAD_LOOK
            self._context.reporter.problem(problem)

    def _read_half(self, half: Half, side: Side) -> Half:
        scanned = self._scanned
        unread = {os.fsdecode(path) for where, path in self._found.unread if where is side}
        return replace(half, entries=scanned.entries(side), unread=frozenset(half.unread) | unread)

    # --- remembered again ---

    def remember(self, but: Collection[str] = ()) -> None:
        """Keep what was read for the next run, but for files that changed so shortly before that a change may hide, and
        for the paths in ``but``."""
        for side, kept in self._kept(but).items():
            self._memory.read(side, kept)

    def _kept(self, but: Collection[str]) -> Mapping[Side, Mapping[bytes, tuple[Look, str]]]:
        looks = {side: self._scanned.listings[side].looks for side in Side}
        kept: dict[Side, dict[bytes, tuple[Look, str]]] = {side: {} for side in Side}
        for (side, path), digest in self._found.digests.items():
            if self._is_settled(looks[side][path]) and os.fsdecode(path) not in but:
                kept[side][path] = (looks[side][path], digest)
        for path in self._found.different:
            if all(self._is_settled(looks[side][path]) for side in Side) and os.fsdecode(path) not in but:
                mark = _DIFFERENT + os.urandom(8).hex()
                for side in Side:
                    kept[side][path] = (looks[side][path], mark)
        return kept

    def _is_settled(self, look: Look) -> bool:
        return settled(look, self._read_at) == look


def _size(task: Task | Pair) -> int:
    return content_size(task.look) if isinstance(task, Task) else 2 * content_size(task[0].look)
