"""The stages of *organize* in order: look, read, compare, check, plan.

Here the rules meet the world: folders are listed, the catalog is asked, the pool measures; then pure functions decide.
Nothing is written but the catalog.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from image_sync import paths, words
from image_sync.catalog import Catalog, content_key
from image_sync.comparing import Comparison
from image_sync.control import Control
from image_sync.jobs import organize
from image_sync.measuring import Measurement, Measurer
from image_sync.model import (
    UNMEASURED,
    FileKind,
    FileRecord,
    Job,
    Match,
    OrganizeReview,
    Picture,
    Plan,
    Refused,
    Sameness,
    Stage,
    Stamp,
)
from image_sync.progress import Reporter
from image_sync.scan import Filter, reason, scan
from image_sync.settings import HIGHEST_THRESHOLD, LOWEST_THRESHOLD, Handling, Level, OrganizeRequest, Transfer
from image_sync.tracing import traced

KINDS = frozenset({FileKind.PICTURE, FileKind.RAW, FileKind.MOVIE, FileKind.SIDECAR})


# --- before anything is looked at -------------------------------------------------------------------------------------


def check(request: OrganizeRequest) -> dict[str, str]:
    """What is wrong with the request, by the name of its field (``folder1``, ``folder2``, ``output``, …); in words."""
    wrong = {field: words for field in ("folder1", "folder2") if (words := _wrong_input(getattr(request, field)))}
    if not LOWEST_THRESHOLD <= request.threshold <= HIGHEST_THRESHOLD:
        wrong["threshold"] = f"The threshold must lie between {LOWEST_THRESHOLD:.2f} and {HIGHEST_THRESHOLD:.2f}"
    if not wrong:
        first, second = (os.path.realpath(folder) for folder in (request.folder1, request.folder2))
        if first == second or os.path.samefile(first, second):
            wrong["folder2"] = "This is the same folder as Folder 1; choose another one"
        for reference in request.references:
            if os.path.realpath(reference) not in (first, second):
                shown = paths.display(reference)
                wrong["references"] = f"The reference folder {shown} is not one of the two input folders"
    output = _wrong_output(request)
    if output:
        wrong["output"] = output
    return wrong


def _wrong_input(folder: str) -> str:
    shown = paths.display(folder)
    if not folder:
        return "Choose a folder"
    if not os.path.exists(folder):
        return f"There is no folder {shown}; is the disk connected?"
    if not os.path.isdir(folder):
        return f"{shown} is a file, not a folder"
    try:
        with os.scandir(folder) as entries:
            next(entries, None)
    except OSError as error:
        return f"The folder {shown} can't be read: {reason(error)}"
    return ""


def _wrong_output(request: OrganizeRequest) -> str:
    if not request.output:
        return "Choose a folder for the result"
    output, shown = os.path.realpath(request.output), paths.display(request.output)
    if os.path.lexists(request.output) and not os.path.isdir(request.output):
        return f"{shown} is a file, not a folder"
    for folder in filter(None, (request.folder1, request.folder2)):
        real = os.path.realpath(folder)
        if real == output:
            return "The output must be another folder than the two inputs"
        if paths.is_inside(real, output):
            return f"The input {paths.display(folder)} lies inside the output; choose another output folder"
    standing = output
    while not os.path.isdir(standing) and os.path.dirname(standing) != standing:
        standing = os.path.dirname(standing)
        if os.path.lexists(standing) and not os.path.isdir(standing):
            return f"{shown} can't be made: {paths.display(standing)} is a file"
    if not os.access(standing, os.W_OK | os.X_OK):
        return f"Nothing can be written in {paths.display(standing)}: no permission"
    return ""


def resolved(request: OrganizeRequest) -> OrganizeRequest:
    """The request with absolute, real paths; raises ``Refused`` when ``check`` finds anything wrong."""
    wrong = check(request)
    if wrong:
        raise Refused(". ".join(wrong.values()))
    return replace(
        request,
        folder1=os.path.realpath(request.folder1),
        folder2=os.path.realpath(request.folder2),
        output=os.path.realpath(request.output),
        references=tuple(os.path.realpath(folder) for folder in request.references),
        preferred=os.path.realpath(request.preferred) if request.preferred else "",
    )


# --- the stages -------------------------------------------------------------------------------------------------------


class OrganizeScan:
    """One scan for *organize*.  ``run`` goes through all stages; after a stop ``partial`` makes the best of it."""

    def __init__(
        self,
        request: OrganizeRequest,
        catalog: Catalog,
        pool: Executor,
        workers: int,
        reporter: Reporter,
        control: Control,
    ) -> None:
        self.request = resolved(request)
        self.catalog, self.pool, self.workers = catalog, pool, workers
        self.reporter, self.control = reporter, control
        self.notes: list[str] = []
        self.units: list[tuple[FileRecord, tuple[FileRecord, ...]]] = []
        self.measurer = Measurer(catalog, pool, workers, reporter, control)

    def run(self) -> OrganizeReview:
        """All stages.  Raises ``Stopped`` at a checkpoint, ``Refused`` when a folder can't be read after all."""
        self._look()
        self._read()
        return self._judge(1.0)

    def partial(self, control: Control) -> OrganizeReview | None:
        """After ``Stopped``: the review of what was measured so far, ``None`` when that is nothing."""
        if not self.units or not self.measurer.measurements:
            return None
        share = len(self.measurer.measurements) / len(self.units)
        self.control = control
        return self._judge(min(share, 0.999), closely=False)

    def _look(self) -> None:
        from image_sync.pictures.sidecars import attach

        self.reporter.stage(Stage.SCAN)
        for root in (self.request.folder1, self.request.folder2):
            wanted = Filter(
                self.request.include, self.request.exclude, self.request.minimum_size, KINDS, self._skipped(root)
            )
            try:
                listing = scan(root, wanted, control=self.control, advance=self._advance_scan)
            except OSError as error:
                raise Refused(f"The folder {paths.display(root)} can't be read: {reason(error)}") from error
            for problem in listing.problems:
                self.reporter.problem(problem)
            units, _ = attach(listing.files)
            if not units:
                self._note(f"There are no pictures in {paths.display(root)}.")
            self.units += units
        self.units.sort(key=lambda unit: (unit[0].root, unit[0].relative))
        self.reporter.flush()

    def _advance_scan(self, number: int, folder: str) -> None:
        self.reporter.advance(number, 0, folder)

    def _skipped(self, root: str) -> frozenset[str]:
        """Chosen folders inside ``root``: they are looked at on their own, or, the output, not at all."""
        inside = set()
        for other in (self.request.folder1, self.request.folder2, self.request.output):
            if other != root and paths.is_inside(other, root):
                inside.add(other)
                what = "is not searched" if other == self.request.output else "is taken as a folder of its own"
                self._note(f"{paths.display(other)} lies inside {paths.display(root)} and {what}.")
        return frozenset(inside)

    def _read(self) -> None:
        records = [record for record, _ in self.units]
        self.reporter.stage(Stage.MEASURE, len(records), sum(record.size for record in records))
        if self.request.level is Level.EXACT:
            self.measurer.measure_copies(records)
        else:
            self.measurer.measure(records)
        self.reporter.flush()

    def _judge(self, share: float, closely: bool = True) -> OrganizeReview:
        companions = dict(self.units)
        measured = [done for done in self.measurer.measurements if self._counts(done)]
        pictures = tuple(self._picture(done, companions[done.record]) for done in measured)
        comparison = Comparison(
            pictures, measured, self.request, self.catalog, self.reporter, self.control, self.pool, self.workers
        )
        matches = comparison.matches(check_pixels=closely)
        for note in comparison.notes:
            self._note(note)
        if closely:
            pictures = comparison.shown(pictures, matches)
            pictures = traced(pictures, matches, measured, self.catalog, self.pool, self.workers, self.control)
        self.reporter.stage(Stage.PLAN)
        bare = OrganizeReview(
            pictures=pictures,
            groups=(),
            plan=Plan(Job.ORGANIZE, {}, ()),
            partial=share,
            problems=self.reporter.problems,
            matches=tuple(matches),
            contents=tuple(done.known.content for done in measured),
            notes=tuple(self.notes),
        )
        return reviewed(bare, self.request, self.catalog)

    def _counts(self, done: Measurement) -> bool:
        """Whether a file takes part: what can't be read as a picture does where bytes are all that is asked for."""
        return done.known.problem is None if self.request.level is Level.EXACT else done.known.fingerprint is not None

    def _picture(self, done: Measurement, companions: tuple[FileRecord, ...]) -> Picture:
        reference = done.record.root in self.request.references
        return Picture(done.record, done.known.fingerprint or UNMEASURED, done.known.digest, reference, companions)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)
            self.reporter.note(text)


# --- from matches to a plan, at once ----------------------------------------------------------------------------------


def reviewed(review: OrganizeReview, request: OrganizeRequest, catalog: Catalog) -> OrganizeReview:
    """Groups and plan anew from what was found, for a ``request`` (resolved) with other choices.

    Nothing is decoded.  A threshold below that of the scan finds nothing more: that needs a new scan.
    """
    from image_sync.matching.grouping import group
    from image_sync.pictures.quality import why_best

    references = frozenset(request.references)
    pictures = tuple(
        replace(picture, reference=not picture.reference)
        if picture.reference != (picture.record.root in references)
        else picture
        for picture in review.pictures
    )
    matches = [
        match for match in review.matches if match.sameness is not Sameness.SIMILAR or match.score >= request.threshold
    ]
    matches = _without_refused(matches, review, catalog)
    grouping = group(len(pictures), matches, _places(pictures, matches, request))
    groups = tuple(
        replace(
            found,
            why_best=why_best(
                pictures[found.best.picture],
                [pictures[member.picture] for member in found.members[1:]],
                request.best_order,
                request.preferred,
            ),
        )
        for found in grouping.groups
    )
    groups = organize.with_contexts(groups, pictures)
    plan = organize.make_plan(
        pictures,
        groups,
        request,
        standing(request.output),
        complete=review.partial >= 1.0,
        notes=[*review.notes, *_room(pictures, request)],
        problems=review.problems,
    )
    return replace(review, pictures=pictures, groups=groups, plan=plan, left_out=grouping.left_out)


def _places(pictures: Sequence[Picture], matches: Sequence[Match], request: OrganizeRequest) -> list[int]:
    """The rank of each picture: of those that match another as ``quality`` has it, then of all others as they come."""
    from image_sync.pictures.quality import rank

    matched = {index for match in matches for index in (match.first, match.second)}
    keys = {index: rank(pictures[index], request.best_order, request.preferred) for index in matched}
    order = sorted(matched, key=keys.__getitem__) + [index for index in range(len(pictures)) if index not in matched]
    places = [0] * len(order)
    for place, index in enumerate(order):
        places[index] = place
    return places


def refuse_match(first: Picture, second: Picture, catalog: Catalog) -> None:
    """Remember that the contents of two pictures are no match."""
    from image_sync.pictures.version import MEASURED

    known = catalog.lookup([first.record, second.record], MEASURED)
    rows = [entry.content if entry else None for entry in known]
    keys = _content_keys(dict(zip((0, 1), (first, second), strict=True)), rows, catalog)
    catalog.refuse(keys[0], keys[1])


def _without_refused(matches: list[Match], review: OrganizeReview, catalog: Catalog) -> list[Match]:
    refused = catalog.refused()
    if not refused:
        return matches
    wanted = {index: review.pictures[index] for match in matches for index in (match.first, match.second)}
    keys = _content_keys(wanted, review.contents, catalog)
    return [match for match in matches if _pair(keys[match.first], keys[match.second]) not in refused]


def _content_keys(pictures: Mapping[int, Picture], rows: Sequence[int | None], catalog: Catalog) -> dict[int, str]:
    """The content keys of some pictures by index; ``rows`` are the catalog's rows by the same index."""
    smalls = catalog.smalls(row for index in pictures if (row := rows[index]) is not None)
    result = {}
    for index, picture in pictures.items():
        row = rows[index]
        small = picture.fingerprint.small or (smalls[row] if row is not None else b"")
        result[index] = content_key(replace(picture.fingerprint, small=small), picture.record.size)
    return result


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)


def standing(output: str) -> organize.Standing:
    """What stands in the output where this job puts files; an output that isn't there yet holds nothing."""
    try:
        with os.scandir(output) as entries:
            top = list(entries)
    except OSError:
        return organize.Standing()
    files: dict[str, Stamp] = {}
    for entry in top:
        if entry.is_dir(follow_symlinks=False) and _ours(entry.name):
            for record in scan(entry.path, Filter(litter=True)).files:
                files[paths.folded(paths.join(entry.name, record.relative))] = record.stamp
    return organize.Standing(frozenset(paths.folded(entry.name) for entry in top), files)


def _ours(name: str) -> bool:
    folded = name.casefold()
    return folded.startswith(organize.SIMILAR_PREFIX) or folded in (organize.UNIQUE_FOLDER, organize.DUPLICATES_FOLDER)


def _room(pictures: Sequence[Picture], request: OrganizeRequest) -> Iterator[str]:
    """A warning when what has to be copied is more than what is free."""
    folder = request.output
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    device = os.stat(folder).st_dev
    copied = request.transfer is Transfer.COPY and request.handling is Handling.GATHER
    needed = sum(
        picture.record.size
        for picture in pictures
        if not picture.reference and (copied or picture.record.device != device)
    )
    free = shutil.disk_usage(folder).free
    if request.handling is not Handling.LINK_EXACT and needed > free:
        yield f"There may not be enough room: {words.size(needed)} would be written, {words.size(free)} are free."
