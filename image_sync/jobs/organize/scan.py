"""The stages of *organize* in order: look, read, compare, check, plan.

Here the rules meet the world: folders are listed, the catalog is asked, the pool measures; then pure functions decide.
Nothing is written but the catalog.
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial

from image_sync.base import paths
from image_sync.base.control import Control
from image_sync.base.copy_names import is_copy_name
from image_sync.base.errors import reason
from image_sync.base.events import Stage
from image_sync.base.model import UNMEASURED, FileRecord, Match, Picture, Plan, Refused
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.measuring import Measurement, Measurer
from image_sync.inventory.scan import Filter, scan
from image_sync.jobs.filters import narrowing, outside
from image_sync.jobs.organize import found_elsewhere
from image_sync.jobs.organize.alterations import with_alterations
from image_sync.jobs.organize.checks import resolved
from image_sync.jobs.organize.damage import with_damage
from image_sync.jobs.organize.matches import Comparison
from image_sync.jobs.organize.merging import Statements
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.other_kinds import in_words, other_kinds
from image_sync.jobs.organize.places import KINDS
from image_sync.jobs.organize.provenance import traced
from image_sync.jobs.organize.request import NAME, Level, OrganizeRequest
from image_sync.jobs.organize.review import reviewed
from image_sync.jobs.organize.rules.named_copies import with_named_copies
from image_sync.jobs.organize.rules.one_content import with_findings_shared
from image_sync.jobs.organize.rules.one_file import one_per_file
from image_sync.jobs.organize.rules.reasons import Noted
from image_sync.jobs.organize.rules.shots import with_shots, within_shots


class OrganizeScan:
    """One scan for *organize*.  ``run`` goes through all stages; after a stop ``partial`` makes the best of it."""

    elsewhere: found_elsewhere.Result | None = None
    """Groups that another program found, where those count."""

    def __init__(self, request: OrganizeRequest, context: RunContext, statements: Statements) -> None:
        self.request = resolved(request)
        if request.groups_from:
            self.elsewhere = found_elsewhere.read(request.groups_from)
        self.statements = statements
        self.context = context
        self.units: list[tuple[FileRecord, tuple[FileRecord, ...]]] = []
        self.measurer = Measurer(context)
        self.other_kinds: Counter[str] = Counter()
        self.halves: dict[FileRecord, FileRecord] = {}

    def _elsewhere(self, pictures: tuple[Picture, ...]) -> Sequence[Match]:
        """The matches that another program found."""
        assert self.elsewhere is not None
        taken = found_elsewhere.taken(self.elsewhere, pictures, self.request.threshold)
        self.context.notes.say(*taken.notes)
        return taken.matches

    def run(self) -> OrganizeReview:
        """All stages.  Raises ``Stopped`` at a checkpoint, ``Refused`` when a folder can't be read after all."""
        self._look()
        self._read()
        review = self._judge(1.0)
        self._let_go()
        return review

    def _let_go(self) -> None:
        """Let the catalog be without what a run as this one does not ask for; others may."""
        from image_sync.matching.verify import LEAST_TEXTURE

        if self.request.rotations or self.request.level in (Level.EXACT, Level.EDITED):
            return
        control = self.context.control
        with contextlib.suppress(CatalogUnwritable):
            self.context.catalog.let_go_of_smalls(LEAST_TEXTURE, lambda: not control.stopped)

    def partial(self, control: Control) -> OrganizeReview | None:
        """After ``Stopped``: the review of what was measured so far, ``None`` when that is nothing."""
        if not self.units or not self.measurer.measurements:
            return None
        share = len(self.measurer.measurements) / len(self.units)
        self.context = self.context.with_control(control)
        return self._judge(min(share, 0.999), closely=False)

    def _look(self) -> None:
        from image_sync.pictures.sidecars import attach

        self.context.reporter.stage(Stage.SCAN)
        self.context.notes.say(*outside(self.request, self.request.folders))
        for root in self.request.folders:
            narrowed = narrowing(self.request, (root,))
            wanted = Filter(
                self.request.include, self.request.exclude, 0, KINDS, self._skipped(root), narrowing=narrowed
            )
            try:
                listing = scan(root, wanted, control=self.context.control, advance=self._advance_scan)
            except OSError as error:
                raise Refused(f"The folder {paths.display(root)} can't be read: {reason(error)}") from error
            self.other_kinds.update(other_kinds(listing, wanted, self.context.control))
            for problem in listing.problems:
                self.context.reporter.problem(problem)
            units, _ = attach(listing.files)
            if not units:
                self.context.notes.say(Noted.NO_PICTURES(folder=paths.display(root)))
            self.units += units
        self.context.notes.say(*in_words(self.other_kinds))
        self.units, names = one_per_file(self.units, self.request.references)
        if names:
            self.context.notes.say(Noted.MORE_PATHS(count=names))
        self.context.reporter.flush()

    def _advance_scan(self, number: int, folder: str) -> None:
        self.context.reporter.advance(number, 0, folder)

    def _skipped(self, root: str) -> frozenset[str]:
        """Chosen folders inside ``root``: they are looked at on their own, or, the output, not at all."""
        inside = set()
        for other in (*self.request.folders, self.request.output):
            if other != root and paths.is_inside(other, root):
                inside.add(other)
                if root == self._innermost_around(other):
                    inside_it = Noted.OUTPUT_INSIDE if other == self.request.output else Noted.FOLDER_INSIDE
                    self.context.notes.say(inside_it(inner=paths.display(other), outer=paths.display(root)))
        return frozenset(inside)

    def _innermost_around(self, folder: str) -> str:
        """The innermost of the input folders that hold ``folder``."""
        around = (root for root in self.request.folders if root != folder and paths.is_inside(folder, root))
        return max(around, key=len)

    def _read(self) -> None:
        from image_sync.pictures.halves import halves

        records = [record for record, _ in self.units]
        self.halves = halves(records)
        # A half that can't be read goes where the other goes, so that nothing must be said of staying.
        self.measurer.hints = dict.fromkeys((*self.halves, *self.halves.values()), "")
        self.context.reporter.stage(Stage.MEASURE, len(records), sum(record.size for record in records))
        if self.request.level is Level.EXACT:
            self.measurer.measure_copies(records)
        else:
            self.measurer.measure(records)
        self.context.reporter.flush()

    def _judge(self, share: float, closely: bool = True) -> OrganizeReview:
        found = self._found(share, closely)
        merger = partial(self.statements.merging, context=self.context)
        return reviewed(found, self.request, self.context.catalog, statements=merger)

    def _found(self, share: float, closely: bool) -> OrganizeReview:
        """Review of what matches, before it is grouped and planned; ``share`` of the pictures was read."""
        companions = dict(self.units)
        measured = [done for done in self.measurer.measurements if self._counts(done)]
        beside = _stems(companions)
        pictures = tuple(self._picture(done, companions[done.record], beside) for done in measured)
        pictures = with_shots(pictures, self.halves, companions)
        comparison = Comparison(pictures, measured, self.request, self.context)
        apart = within_shots(pictures)
        found = self._elsewhere(pictures) if self.elsewhere else comparison.matches(check_pixels=closely)
        matches = [one for one in found if (one.first, one.second) not in apart]
        if closely and not self.elsewhere:
            matches = comparison.related(matches)
            pictures = with_damage(pictures, matches, measured, self.request.check, self.context)
            matches = comparison.copies_though_damaged(matches, pictures)
            pictures = traced(pictures, matches, measured, self.context)
            pictures = with_alterations(pictures, matches, measured, self.request, self.context)
            pictures = with_named_copies(with_findings_shared(pictures, matches), matches)
            # Last: whoever would be the best is asked, and an enlarged copy is none.
            pictures = comparison.shown(pictures, matches)
        self.context.reporter.stage(Stage.PLAN)
        return OrganizeReview(
            request=self.request,
            pictures=pictures,
            groups=(),
            plan=Plan(NAME, {}, ()),
            partial=share,
            problems=self.context.reporter.problems,
            matches=tuple(matches),
            contents=tuple(done.known.content for done in measured),
            notes=self.context.notes.texts,
        )

    def _counts(self, done: Measurement) -> bool:
        """Whether a file takes part: what can't be read as a picture does where bytes are all that is asked for."""
        return done.known.problem is None if self.request.level is Level.EXACT else done.known.fingerprint is not None

    def _picture(self, done: Measurement, companions: tuple[FileRecord, ...], beside: _Stems) -> Picture:
        record = done.record
        return Picture(
            record,
            done.known.fingerprint or UNMEASURED,
            done.known.digest,
            reference=record.root in self.request.references,
            companions=companions,
            copy_beside=is_copy_name(paths.stem(record.name), beside[record.root, record.folder]),
        )


_Stems = Mapping[tuple[str, str], Container[str]]


def _stems(records: Iterable[FileRecord]) -> _Stems:
    """The folded names without suffix of what stands in each folder (by its root and the path below)."""
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for record in records:
        found[record.root, record.folder].add(paths.folded(paths.stem(record.name)))
    return found
