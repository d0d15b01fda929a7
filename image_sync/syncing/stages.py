"""From a request to a review: list both sides, drop what is as it was, read what has to be read, decide.

What nobody touched since the last run is dropped by comparing two byte strings a file; only the rest ever becomes a
value that the rules judge.  Nothing is written but the catalog.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from image_sync import paths
from image_sync.apply import file_ops
from image_sync.control import Control
from image_sync.jobs import sync
from image_sync.jobs.sync import Choices
from image_sync.jobs.sync_guards import no_room, room_needed
from image_sync.model import Job, Plan, Refused, Stage, Stopped
from image_sync.progress import Reporter
from image_sync.scan import reason
from image_sync.settings import SyncRequest
from image_sync.sync_model import Agreed, Answer, Half, Kind, Side, Situation, SyncReview
from image_sync.syncing import checks, disks
from image_sync.syncing.choice import Choice
from image_sync.syncing.disks import Disk
from image_sync.syncing.looks import FOLDER_LOOK, UNREAD_LOOK, Entries, Look, entry, is_leaf, settled
from image_sync.syncing.memory import SyncMemory
from image_sync.syncing.reading import Found, Task, read_all
from image_sync.syncing.scanning import RawListing, scan_side


@dataclass
class Scanned:
    """What a scan found, as raw as it is: what carrying out a plan is measured against, and what is remembered.

    ``rows`` are those of the memory that are open, by path; ``contents`` is what is known by side and path.
    """

    request: SyncRequest
    disks: dict[Side, Disk]
    listings: dict[Side, RawListing] = field(default_factory=dict)
    rows: dict[bytes, tuple[Look, Look]] = field(default_factory=dict)
    agreed_contents: dict[bytes, str] = field(default_factory=dict)
    contents: dict[Side, dict[bytes, str]] = field(default_factory=lambda: {side: {} for side in Side})
    open: Collection[bytes] = ()
    equal: int = 0
    files_agreed: int = 0


class SyncScan:
    """One scan for *sync*.  Raises ``Refused`` from the start when the request can't be done as it is.

    ``at_once`` tells that the plan will be carried out right after it: then what is found to be equal is remembered
    then, not twice.
    """

    def __init__(
        self,
        request: SyncRequest,
        memory: SyncMemory,
        reporter: Reporter,
        control: Control,
        threads: int | None = None,
        at_once: bool = False,
    ) -> None:
        self.request, self.memory = request, memory
        self.reporter, self.control = reporter, control
        self.threads, self.at_once = threads, at_once
        self.choice = Choice(request)
        self.scanned = Scanned(request, {side: disks.disk_of(_root(request, side)) for side in Side})
        self.notes: list[str] = []
        self._found = Found()
        self._read_at = 0

    def run(self) -> SyncReview:
        """All stages.  Raises ``Refused`` and ``Stopped``; what was read by then is remembered."""
        for side in Side:
            self._list(side)
        self._drop_unchanged()
        situation = self._read(self._situation())
        self.reporter.stage(Stage.PLAN)
        return self._review(situation)

    # --- listing ---

    def _list(self, side: Side) -> None:
        self.reporter.stage(Stage.SCAN)
        root, disk = _root(self.request, side), self.scanned.disks[side]
        try:
            listing = scan_side(root, self.choice, disk.lasting, self.control, self._advance)
        except OSError as error:
            raise Refused(f"The {side.value} {paths.display(root)} can't be read: {reason(error)}.") from error
        self.scanned.listings[side] = listing
        for problem in listing.problems:
            self.reporter.problem(problem)
        for note in listing.notes:
            self._note(note)
        self.reporter.flush()

    def _advance(self, number: int, folder: str) -> None:
        self.reporter.advance(number, 0, folder)

    def _drop_unchanged(self) -> None:
        """Keep what is new, gone or touched; what is on both sides as it was agreed needs no decision."""
        scanned = self.scanned
        here, there = scanned.listings[Side.SOURCE].looks, scanned.listings[Side.TARGET].looks
        of_source, of_target = here.get, there.get
        rows = self.memory.rows()
        known: set[bytes] = set()
        add = known.add
        for path, source, target in rows:
            add(path)
            if of_source(path) == source and of_target(path) == target:
                if source != FOLDER_LOOK:
                    scanned.equal += 1
            else:
                scanned.rows[path] = (source, target)
        self._drop_unconcerned(known)
        scanned.open = set(scanned.rows) | (here.keys() - known) | (there.keys() - known)
        scanned.files_agreed = scanned.equal + sum(1 for source, _ in scanned.rows.values() if is_leaf(source))
        if self.request.verify:
            self._open_everything(rows)

    def _drop_unconcerned(self, known: set[bytes]) -> None:
        """What the user's filters leave out is neither there nor gone."""
        out = [
            path
            for path, (source, _) in self.scanned.rows.items()
            if not self.choice.takes_path(path, source == FOLDER_LOOK)
        ]
        for path in out:
            del self.scanned.rows[path]
            known.discard(path)

    def _open_everything(self, rows: Iterable[tuple[bytes, Look, Look]]) -> None:
        here, there = (self.scanned.listings[side].looks for side in Side)
        self.scanned.equal = 0
        both = here.keys() & there.keys()
        self.scanned.rows.update({path: (source, target) for path, source, target in rows if path in both})
        self.scanned.open = set(self.scanned.open) | both

    # --- reading ---

    def _situation(self) -> Situation:
        """What the rules are told, with the contents that are known without reading."""
        scanned = self.scanned
        scanned.agreed_contents = self.memory.contents(list(scanned.rows))
        for side in Side:
            scanned.contents[side] = dict(scanned.listings[side].links)
        if not self.request.verify:
            self._recall()
        halves = [self._half(side) for side in Side]
        return Situation(
            halves[0],
            halves[1],
            {os.fsdecode(path): self._agreed(path, row) for path, row in scanned.rows.items()},
            frozenset(map(os.fsdecode, scanned.open)),
            scanned.files_agreed,
        )

    def _recall(self) -> None:
        """Contents of files that still look as they did when they were read."""
        for number, side in enumerate(Side):
            looks, contents = self.scanned.listings[side].looks, self.scanned.contents[side]
            for path, content in self.scanned.agreed_contents.items():
                look = looks.get(path)
                if look is not None and look == self.scanned.rows[path][number]:
                    contents.setdefault(path, content)
            unknown = {
                path: looks[path]
                for path in self.scanned.open
                if path not in contents and path in looks and is_leaf(looks[path])
            }
            contents.update(self.memory.digests(side, unknown))

    def _half(self, side: Side) -> Half:
        listing, disk = self.scanned.listings[side], self.scanned.disks[side]
        return Half(
            listing.root,
            Entries(listing.looks, self.scanned.contents[side]),
            frozenset(map(os.fsdecode, listing.unread)),
            frozenset(map(os.fsdecode, listing.more)),
            bool(self.scanned.open) and disks.folds(disk, listing.root, listing.looks),
            disks.resolution_ns(disk, listing.looks) if self.scanned.open else 1,
        )

    def _agreed(self, path: bytes, row: tuple[Look, Look]) -> Agreed:
        content = self.scanned.agreed_contents.get(path, "")
        return Agreed(entry(row[0], content), entry(row[1], content))

    def _read(self, situation: Situation) -> Situation:
        """Read what the rules ask for; the situation with what could not be read told as such."""
        wanted = sync.wanted_contents(situation, self.request.verify)
        tasks = [self._task(side, os.fsencode(path)) for side, path in wanted]
        size = sum(situation.half(side).entries[path].size for side, path in wanted)
        self.reporter.stage(Stage.MATCH, len(tasks), size)
        if not tasks:
            return situation
        found = self._found
        self._read_at = time.time_ns()
        try:
            read_all(tasks, found, reporter=self.reporter, control=self.control, threads=self.threads)
        except Stopped:
            self._remember(found.digests)
            raise
        self._take(found)
        self.reporter.flush()
        if not self.at_once:
            self._remember(found.digests)
        unread = {side: {path for where, path in found.unread if where is side} for side in Side}
        halves = [
            replace(half, unread=half.unread | frozenset(map(os.fsdecode, unread[side])))  # type: ignore[operator]
            for side, half in zip(Side, (situation.source, situation.target), strict=True)
        ]
        return replace(situation, source=halves[0], target=halves[1])

    def _task(self, side: Side, path: bytes) -> Task:
        listing = self.scanned.listings[side]
        place = os.path.join(os.fsencode(listing.root), path)
        return Task(side, path, place, listing.looks[path], self.scanned.disks[side].lasting)

    def _take(self, found: Found) -> None:
        for (side, path), digest in found.digests.items():
            self.scanned.contents[side][path] = digest
        for (side, path), problem in found.unread.items():
            self.scanned.listings[side].looks[path] = UNREAD_LOOK
            self.reporter.problem(problem)

    def _remember(self, digests: Mapping[tuple[Side, bytes], str]) -> None:
        """Keep digests for the next run, but for files that changed so shortly before that a change may hide."""
        for side in Side:
            looks = self.scanned.listings[side].looks
            read = {path: digest for (where, path), digest in digests.items() if where is side}
            kept = {
                path: (looks[path], digest) for path, digest in read.items() if _is_settled(looks[path], self._read_at)
            }
            self.memory.read(side, kept)

    # --- deciding ---

    def _review(self, situation: Situation) -> SyncReview:
        request = self.request
        choices = choices_of(request, situation)
        found = sync.decide(situation, choices)
        for decision in found:
            if decision.problem:
                place = paths.join(situation.source.root, decision.path)
                self.reporter.problem(replace(decision.problem, path=place))
        same = sum(1 for one in found if one.kind is Kind.EQUAL and not one.is_folder)
        if self.at_once:
            self._remember_unequal({one.path for one in found if one.kind is Kind.EQUAL})
        for note in self.memory.notes:
            self._note(note)
        bare = SyncReview(
            request,
            situation,
            found,
            found,
            Plan(Job.SYNC, {}, (), tuple(self.notes)),
            self.scanned.equal + same,
            "",
            self.reporter.problems,
            tuple(self.notes),
        )
        return resolved_review(bare, {}, _default(request))

    def _remember_unequal(self, equal: set[str]) -> None:
        """What is equal is remembered with what both sides agree on."""
        rest = {key: digest for key, digest in self._found.digests.items() if os.fsdecode(key[1]) not in equal}
        self._remember(rest)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)
            self.reporter.note(text)


def _is_settled(look: Look, at_ns: int) -> bool:
    return settled(look, at_ns) == look


def check_roots(scanned: Scanned) -> None:
    """Raise ``Refused`` when a folder is not the one any more that was scanned: a disk was taken out meanwhile."""
    for side, disk in scanned.disks.items():
        root = _root(scanned.request, side)
        try:
            status = os.stat(root)
            same = (status.st_dev, status.st_ino) == (disk.device, disk.inode)
        except OSError:
            same = False
        if not same:
            raise Refused(
                f"The {side.value} {paths.display(root)} is not what it was when it was scanned. "
                "Is its disk still connected? Scan again."
            )


def choices_of(request: SyncRequest, situation: Situation) -> Choices:
    """The user's choices for the rules; times are told apart as far as both file systems can."""
    tolerance = request.tolerance_ns
    if tolerance is None:
        coarser = max(situation.source.resolution_ns, situation.target.resolution_ns)
        tolerance = coarser if coarser > 1 else 0
    return Choices(request.deletions, tolerance)


def resolved_review(review: SyncReview, answers: Mapping[str, Answer], default: Answer | None) -> SyncReview:
    """The review after the user's answers, with the plan that follows and whether it may be carried out."""
    request = review.request
    fresh = sync.reviewed(review, choices_of(request, review.situation), answers, default)
    emptied = sync.refusal(review.situation, review.found, request.max_delete)
    return replace(fresh, refusal=emptied or _refusal(fresh.plan))


def _refusal(plan: Plan) -> str:
    """Why a plan can't be carried out on these disks, in words."""
    if not plan.operations:
        return ""
    roots = list(plan.roots.values())
    free = {root: file_ops.room(root) for root in roots}
    known = {root: amount for root, amount in free.items() if amount is not None}
    if len(known) == len(roots):
        full = no_room(room_needed(plan), known, {root: os.stat(root).st_dev for root in roots})
        if full:
            return full
    return checks.unwritable(plan)


def _default(request: SyncRequest) -> Answer | None:
    return Answer(request.resolution) if request.resolution else None


def _root(request: SyncRequest, side: Side) -> str:
    root: str = getattr(request, side.value)
    return root
