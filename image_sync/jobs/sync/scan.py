"""Scan of *sync*: list both sides, drop what is as it was, read what has to be read, decide.

What nobody touched since the last run is dropped by comparing two byte strings a file; only the rest ever becomes a
value that the rules judge.  Nothing is written but the catalog.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from image_sync.apply import disk
from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.events import Stage
from image_sync.base.model import Plan, Refused, Stopped
from image_sync.inventory.context import RunContext
from image_sync.jobs import room
from image_sync.jobs.filters import narrowing, outside
from image_sync.jobs.job import check_replan
from image_sync.jobs.sync import checks, disks, left_roots
from image_sync.jobs.sync.contents import Contents
from image_sync.jobs.sync.filter import Choice
from image_sync.jobs.sync.identity import Identity, is_still
from image_sync.jobs.sync.listing import leave_out, left_out_by_stamp, scan_side
from image_sync.jobs.sync.memory import SyncMemory
from image_sync.jobs.sync.model import UPDATE, Agreed, Answer, Decision, Half, Kind, Side, Situation, SyncReview
from image_sync.jobs.sync.packed_stats import FOLDER_LOOK, Look, entry, is_leaf
from image_sync.jobs.sync.permissions import reader_for
from image_sync.jobs.sync.request import NAME, SyncRequest
from image_sync.jobs.sync.rules import decide as sync
from image_sync.jobs.sync.rules.decide import Choices
from image_sync.jobs.sync.rules.reasons import Mistake, Named, Noted
from image_sync.jobs.sync.scanned import Scanned


class SyncScan:
    """One scan for *sync*.  Raises ``Refused`` from the start when the request can't be done as it is.

    ``at_once`` tells that the plan will be carried out right after it: then what is found to be equal is remembered
    then, not twice.
    """

    def __init__(
        self,
        request: SyncRequest,
        memory: SyncMemory,
        context: RunContext,
        identities: Mapping[Side, Identity],
        at_once: bool = False,
    ) -> None:
        self.request, self.memory = request, memory
        self.context = context
        self.at_once = at_once
        roots = [_root(request, side) for side in Side]
        self.choice = Choice(request, checks.log_below(request), narrowing(request, roots))
        context.notes.say(*outside(request, roots))
        self.left_out: set[bytes] = set()
        """Paths that size or time leave out on one side, and that are left alone on both."""
        self.scanned = Scanned(request, {side: disks.disk_of(_root(request, side)) for side in Side}, identities)
        self.contents = Contents(self.scanned, memory, context)
        if request.permissions:
            self.scanned.permissions, lacking = reader_for(
                {side: _root(request, side) for side in Side}, self.scanned.disks
            )
            context.notes.say(*lacking)

    def run(self) -> SyncReview:
        """All stages.  Raises ``Refused`` and ``Stopped``; what was read by then is remembered."""
        for side in Side:
            self._list(side)
        self._leave_out()
        self._drop_unchanged()
        self._doubt()
        self.contents.recall()
        situation = self.contents.read(self._situation())
        if not self.at_once:
            self.contents.remember()
        try:
            return self._judged(situation)
        except Stopped:
            self.contents.remember()
            raise

    def _judged(self, situation: Situation) -> SyncReview:
        wanted = sync.wanted_shots(situation)
        if wanted:
            from image_sync.jobs.sync.shots import with_shots

            situation = with_shots(situation, wanted, self.context)
        self.context.reporter.stage(Stage.PLAN)
        return self._review(situation)

    # --- listing ---

    def _leave_out(self) -> None:
        """Leave out what size or time leave out on either side: it is neither there nor gone on the other."""
        if not self.choice.narrowing.by_stamp:
            return
        listings = self.scanned.listings.values()
        for listing in listings:
            self.left_out |= left_out_by_stamp(listing, self.choice)
        for listing in listings:
            leave_out(listing, self.left_out)

    def _list(self, side: Side) -> None:
        self.context.reporter.stage(Stage.SCAN)
        root, disk = _root(self.request, side), self.scanned.disks[side]
        try:
            listing = scan_side(
                root, self.choice, disk.lasting, self.context.control, self._advance, self.scanned.permissions
            )
        except OSError as error:
            shown = paths.display(root)
            raise Refused(Mistake.UNREADABLE(side=Named[side.name], folder=shown, why=reason(error))) from error
        self.scanned.listings[side] = listing
        for problem in listing.problems:
            self.context.reporter.problem(problem)
        self.context.notes.say(*listing.notes)
        self.context.reporter.flush()

    def _advance(self, number: int, folder: str) -> None:
        self.context.reporter.advance(number, 0, folder)

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
        if scanned.permissions is not None:
            self._open_permissions(rows)

    def _open_permissions(self, rows: Iterable[tuple[bytes, Look, Look]]) -> None:
        """Open what has other permissions on the two sides, though nothing else of it changed."""
        scanned = self.scanned
        scanned.agreed_permissions = self.memory.permissions()
        here, there = (scanned.listings[side].permissions for side in Side)
        other = {path for path, text in here.items() if there.get(path, text) != text} - set(scanned.open)
        for path, source, target in rows:
            if path in other:
                scanned.rows[path] = (source, target)
                scanned.equal -= source != FOLDER_LOOK
        scanned.open = set(scanned.open) | (other & scanned.rows.keys())

    def _doubt(self) -> None:
        """Forget the memory for this run when it is not about the two roots as they are."""
        why = left_roots.doubts(self.memory, self.scanned)
        if not why:
            return
        self.context.notes.say(why)
        self.memory.doubt()
        self.scanned.rows, self.scanned.equal = {}, 0
        self._drop_unchanged()

    def _drop_unconcerned(self, known: set[bytes]) -> None:
        """Drop what the user's filters leave out: it is neither there nor gone."""
        out = [
            path
            for path, (source, _) in self.scanned.rows.items()
            if path in self.left_out or not self.choice.takes_path(path, source == FOLDER_LOOK)
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

    # --- the values that are judged ---

    def _situation(self) -> Situation:
        """Situation that the rules are told, with the contents that are known without reading."""
        scanned = self.scanned
        return Situation(
            self._half(Side.SOURCE),
            self._half(Side.TARGET),
            {os.fsdecode(path): self._agreed(path, row) for path, row in scanned.rows.items()},
            frozenset(map(os.fsdecode, scanned.open)),
            scanned.files_agreed,
            is_first=not self.memory.is_known,
        )

    def _half(self, side: Side) -> Half:
        listing, disk = self.scanned.listings[side], self.scanned.disks[side]
        return Half(
            listing.root,
            self.scanned.entries(side),
            frozenset(map(os.fsdecode, listing.unread)),
            frozenset(map(os.fsdecode, listing.more)),
            bool(self.scanned.open) and disks.folds(disk, listing.root, listing.looks),
            disks.resolution_ns(disk, listing.looks) if self.scanned.open else 1,
        )

    def _agreed(self, path: bytes, row: tuple[Look, Look]) -> Agreed:
        content = self.scanned.agreed_contents.get(path, "")
        permissions = self.scanned.agreed_permissions.get(path, "")
        return Agreed(entry(row[0], content), entry(row[1], content), permissions)

    # --- deciding ---

    def _review(self, situation: Situation) -> SyncReview:
        request = self.request
        choices = choices_of(request, situation)
        found = sync.decide(situation, choices, self.context.control)
        for decision in found:
            if decision.problem:
                place = paths.join(situation.source.root, decision.path)
                self.context.reporter.problem(replace(decision.problem, path=place))
        same = sum(1 for one in found if one.kind is Kind.EQUAL and not one.is_folder)
        if self.at_once:
            self.contents.remember({one.path for one in found if one.kind is Kind.EQUAL})  # those go with the rest
        self.context.notes.say(*self.memory.notes, *_different(found))
        bare = SyncReview(
            request,
            situation,
            found,
            found,
            Plan(NAME, {}, (), self.context.notes.texts),
            self.scanned.equal + same,
            "",
            self.context.reporter.problems,
            self.context.notes.texts,
        )
        return Resolver(bare).resolved(bare, {})


def check_roots(scanned: Scanned) -> None:
    """Raise ``Refused`` when a folder is not the one any more that was scanned: a disk was taken out meanwhile."""
    for side, known in scanned.disks.items():
        root = _root(scanned.request, side)
        try:
            status = os.stat(root)
            same = (status.st_dev, status.st_ino) == (known.device, known.inode)
            same = same and is_still(root, known, scanned.identities[side])
        except OSError:
            same = False
        if not same:
            raise Refused(Mistake.ANOTHER_NOW(side=Named[side.name], folder=paths.display(root)))


def choices_of(request: SyncRequest, situation: Situation) -> Choices:
    """The user's choices for the rules; times are told apart as far as both file systems can."""
    tolerance = request.tolerance_ns
    if tolerance is None:
        coarser = max(situation.source.resolution_ns, situation.target.resolution_ns)
        tolerance = coarser if coarser > 1 else 0
    return Choices(request.deletions, tolerance, request.different_shots)


def _different(found: Iterable[Decision]) -> Iterator[str]:
    """A note on different pictures of one name of which one gives way."""
    number = sum(1 for one in found if one.different_shots and one.kind in UPDATE.values())
    if number:
        yield Noted.TWO_PICTURES(count=number)


def check_unchanged(review: SyncReview, request: SyncRequest) -> None:
    """Raise ``Refused`` for choices that the review does not tell the plan of."""
    if request != review.request:
        check_replan(review.request, checks.resolved(request))


class Resolver:
    """The answers to one review as they come, each judged by what it changes."""

    def __init__(self, review: SyncReview) -> None:
        choices = choices_of(review.request, review.situation)
        self._answering = sync.Answering(review.found, review.situation, choices)
        self._emptied = sync.refusal(review.situation, review.found, review.request.max_delete)

    def fits(self, review: SyncReview) -> bool:
        """Whether a review is of the scan that this began with."""
        return self._answering.found is review.found

    def resolved(self, review: SyncReview, answers: Mapping[str, Answer]) -> SyncReview:
        """The review after the user's answers, with the plan that follows and whether it may be carried out.

        All answers are given each time; a conflict without one is as the request's ``resolution`` has it.
        """
        fresh = self._answering.reviewed(review, answers, _default(review.request))
        return replace(fresh, refusal=self._emptied or refusal(fresh.plan))


def refusal(plan: Plan) -> str:
    """Reason why a plan can't be carried out on these disks, in words."""
    if not plan.operations:
        return ""
    return room.refusal(plan, disk.device, disk.room) or checks.unwritable(plan)


def _default(request: SyncRequest) -> Answer | None:
    return Answer(request.resolution) if request.resolution else None


def _root(request: SyncRequest, side: Side) -> str:
    root: str = getattr(request, side.value)
    return root
