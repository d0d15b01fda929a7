"""Running a sync in this process and looking at what it left: the tools of the tests in this folder."""

from __future__ import annotations

import encodings.ascii  # noqa: F401 - a child without rights may not be able to read it later
import os
import queue
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from image_sync.base.control import Control
from image_sync.base.events import Event
from image_sync.base.model import Problem, Refused, RunResult, RunState
from image_sync.base.progress import Reporter
from image_sync.jobs.sync.disks import disk_of
from image_sync.jobs.sync.identity import identities
from image_sync.jobs.sync.job import SyncJob
from image_sync.jobs.sync.memory import SyncMemory
from image_sync.jobs.sync.model import Answer, Kind, Side, SyncReview
from image_sync.jobs.sync.request import SyncRequest
from tests.contexts import run_context

OWN = ".image-sync"
SECOND = 10**9
LONG_AGO = 1_600_000_000 * SECOND


@dataclass
class Ran:
    """What came of one sync."""

    review: SyncReview | None = None
    result: RunResult | None = None
    problems: tuple[Problem, ...] = ()
    refused: str = ""
    events: tuple[Event, ...] = ()

    @property
    def kinds(self) -> dict[str, Kind]:
        """What was decided of each path that isn't equal."""
        assert self.review is not None, self.refused
        return {one.path: one.kind for one in self.review.decisions if one.kind is not Kind.EQUAL}

    @property
    def done(self) -> int:
        """How many operations were carried out."""
        assert self.result is not None, self.refused
        assert self.result.state is RunState.FINISHED
        return self.result.done


@dataclass
class Pair:
    """Two folders that are kept in step."""

    source: Path
    target: Path

    def sync(
        self,
        answers: Mapping[str, Answer] | None = None,
        *,
        between: Callable[[], object] | None = None,
        control: Control | None = None,
        **chosen: Any,
    ) -> Ran:
        """One sync from the scan to the end; ``between`` is done after the review and before the first change."""
        request = SyncRequest(os.fspath(self.source), os.fspath(self.target), **chosen)
        return run(request, answers, between=between, control=control)

    def quiet(self, **chosen: Any) -> None:
        """Check that another sync finds nothing to do."""
        again = self.sync(**chosen)
        assert again.kinds == {}
        assert again.problems == ()
        assert again.done == 0

    def trees(self) -> tuple[Tree, Tree]:
        """What both hold."""
        return tree(self.source), tree(self.target)

    def same(self) -> Tree:
        """What both hold alike."""
        here, there = self.trees()
        assert here == there
        return here


def run(
    request: SyncRequest,
    answers: Mapping[str, Answer] | None = None,
    *,
    between: Callable[[], object] | None = None,
    control: Control | None = None,
) -> Ran:
    """One sync, as the command line does it."""
    events: queue.Queue[Event] = queue.Queue()
    reporter = Reporter(events, 5)
    job, ran = SyncJob(request, at_once=True), Ran()
    with run_context(reporter, control) as context:
        try:
            ran.review = job.scan(context)
            if answers:
                ran.review = job.replan(ran.review, ran.review.request, answers)
            if between:
                between()
            if not request.dry_run:
                ran.result = job.apply(ran.review.plan, context)
        except Refused as refusal:
            ran.refused = str(refusal)
        finally:
            job.close()
    ran.problems = reporter.problems
    ran.events = tuple(events.queue)
    return ran


def memory_of(source: Path, target: Path) -> SyncMemory:
    """What is remembered of two folders; the caller closes it."""
    roots = {Side.SOURCE: os.fspath(source), Side.TARGET: os.fspath(target)}
    who = identities(roots, {side: disk_of(root) for side, root in roots.items()})
    return SyncMemory.open(None, who[Side.SOURCE].key, who[Side.TARGET].key)


# --- trees ----------------------------------------------------------------------------------------------------------

Tree = dict[str, tuple[str, object, int]]
"""By path: what it is, its content, and its modification time (of a file)."""


def tree(root: Path, own: bool = False) -> Tree:
    """What a folder holds but for what is our own."""
    found: Tree = {}
    for folder, names, files in os.walk(root):
        if not own:
            names[:] = [name for name in names if name != OWN]
        for name in [*names, *files]:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, root)] = _what(path)
    return found


def _what(path: str) -> tuple[str, object, int]:
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode):
        return "link", os.readlink(path), 0
    if stat.S_ISDIR(status.st_mode):
        return "folder", "", 0
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as stream:
            return "file", stream.read(), status.st_mtime_ns
    return "special", stat.S_IFMT(status.st_mode), 0


def contents(*roots: Path) -> set[bytes]:
    """The contents of all files in some folders and of their versions, but of none that is unfinished."""
    return {
        data
        for root in roots
        for path, (kind, data, _) in tree(root, own=True).items()
        if kind == "file" and type(data) is bytes and not is_unfinished(path)
    }


def is_unfinished(path: str) -> bool:
    """Whether it is a file that a run was writing when it was killed."""
    return os.path.basename(path).startswith(f"{OWN}-") and path.endswith(".part")


def kept(root: Path) -> dict[str, bytes]:
    """The earlier versions below a root: by path below the run's folder."""
    versions = root / OWN / "versions"
    found: dict[str, bytes] = {}
    if versions.is_dir():
        for one in versions.iterdir():
            for path, (kind, data, _) in tree(one).items():
                if kind == "file" and type(data) is bytes:
                    found[path] = data
    return found


def put(root: Path, path: str, data: bytes | str, age: float = 0) -> Path:
    """Write a file, with the folders on the way; ``age`` is how many seconds before a fixed time it was changed."""
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data.encode() if isinstance(data, str) else data)
    changed = LONG_AGO - round(age * SECOND)
    os.utime(place, ns=(changed, changed))
    return place


def settle() -> None:
    """Wait until the change times of what was just written prove something."""
    time.sleep(0.04)


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    """Give something other permissions for a while."""
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)
