"""Listing the inputs and the output: what arrives, what the library is, and what is left alone.

Each folder is walked once, whole; what the user's patterns leave out still stands there and still takes its name.
System folders are never input, but that for undated pictures when the library is put in order in place (and that for
duplicates when they are to be judged again).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from image_sync.archives.errors import ArchiveError
from image_sync.archives.names import looks_packed
from image_sync.base import paths, words
from image_sync.base.errors import reason
from image_sync.base.events import Stage
from image_sync.base.model import FileKind, FileRecord, Refused
from image_sync.base.own_files import is_bin
from image_sync.base.said import few
from image_sync.inventory.archive_scan import scan_archive
from image_sync.inventory.context import RunContext
from image_sync.inventory.scan import Filter, Listing, scan
from image_sync.jobs.filters import narrowing, outside
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules.after import SHOWN
from image_sync.jobs.photo_import.rules.albums import whose_bin
from image_sync.jobs.photo_import.rules.folder_names import FolderRules, SystemFolder
from image_sync.jobs.photo_import.rules.places import folder_rules
from image_sync.jobs.photo_import.rules.reasons import Noted
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.movie_kind import with_kinds


@dataclass(frozen=True, slots=True)
class Entering:
    """The files of one input, ``root``, that may be imported.

    ``inside`` tells that they lie in the output, ``prefix`` where below it.  ``archive`` tells that the input is one.
    """

    root: str
    records: list[FileRecord]
    inside: bool
    prefix: str = ""
    archive: bool = False


@dataclass
class Found:
    """Listing of the inputs and of the output, all of it once."""

    entering: list[Entering] = field(default_factory=list)
    library: list[FileRecord] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    unwanted: list[FileRecord] = field(default_factory=list)


class Looking:
    """One walk over the chosen folders."""

    def __init__(self, request: ImportRequest, context: RunContext) -> None:
        self.request, self.context = request, context
        self.rules: FolderRules = folder_rules(request)
        self.chosen = tuple(dict.fromkeys((*request.inputs, request.output)))
        narrowed = narrowing(request, request.inputs)
        self.wanted = Filter(request.include, request.exclude, litter=True, narrowing=narrowed)
        self.choosy = bool(request.include or request.exclude) or not narrowed.is_any
        context.notes.say(*outside(request, request.inputs))
        self.found = Found()

    def run(self) -> Found:
        """List everything.  Raises ``Refused`` when a chosen folder can't be read after all, ``Stopped`` at a stop."""
        self.context.reporter.stage(Stage.SCAN)
        for root in self.request.inputs:
            if os.path.isfile(root):
                self._take_archive(root)
            else:
                self._take_input(root)
        self._note_copied([one for one in self.found.entering if one.archive])
        if self.request.output not in self.request.inputs:
            self._take_output()
        self.context.reporter.flush()
        return self.found

    # --- one folder ---

    def _take_input(self, root: str) -> None:
        listing = self._listed(root)
        output = self.request.output
        inside = paths.is_inside(root, output)
        prefix = root[len(output.rstrip(paths.SEPARATOR)) + 1 :] if inside else ""
        entering = Entering(root, [], inside, prefix)
        skipped: Counter[str] = Counter()
        dropped = self._unwanted_folders(listing)
        thrown: list[FileRecord] = []
        closed = tuple(folder + paths.SEPARATOR for folder in listing.folders if self._is_closed(folder, root))
        for record in listing.files:
            if whose_bin(record.folder):
                thrown.append(record)
                self._leave(record, inside)
            elif closed and record.relative.startswith(closed):
                skipped[paths.components(record.relative)[0]] += 1
                self._leave(record, inside)
            elif self.choosy and self._is_unwanted(record, dropped):
                self.found.unwanted.append(record)
                self._leave(record, inside)
            else:
                entering.records.append(record)
        self.found.entering.append(entering)
        self._note_skipped(root, skipped)
        self._note_bins(root, listing)
        self._note_thrown(root, thrown)
        if inside:
            self._add_places(listing, prefix)

    def _take_archive(self, path: str) -> None:
        """The members of an archive; none of them stands in the library, wherever the archive lies."""
        try:
            found = scan_archive(path, Filter(litter=True), control=self.context.control, advance=self._advance)
        except ArchiveError as error:
            told = words.sentences((f"{paths.display(path)} can't be read: {error.why}", error.hint))
            raise Refused(told) from error
        except OSError as error:
            raise Refused(f"{paths.display(path)} can't be read: {reason(error)}") from error
        listing = found.listing
        for problem in listing.problems:
            self.context.reporter.problem(problem)
        dropped = self._unwanted_folders(listing)
        thrown = [record for record in listing.files if whose_bin(record.folder)]
        gone = set(thrown)
        records = [one for one in with_kinds(listing.files) if one not in gone and not self._is_left_out(one, dropped)]
        self.found.entering.append(Entering(path, records, inside=False, archive=True))
        self._note_bins(path, listing)
        self._note_thrown(path, thrown)
        self._note_archives(path, found.archives)

    def _is_left_out(self, record: FileRecord, dropped: set[str]) -> bool:
        return self.choosy and self._is_unwanted(record, dropped)

    def _leave(self, record: FileRecord, inside: bool) -> None:
        """A file of an input that is not imported belongs to the library when it stands there."""
        if inside:
            self.found.library.append(in_library(record, self.request.output))

    def _take_output(self) -> None:
        if not os.path.isdir(self.request.output):
            return
        listing = self._listed(self.request.output)
        self.found.library += listing.files
        self._add_places(listing, "")

    def _add_places(self, listing: Listing, prefix: str) -> None:
        self.found.folders += (paths.join(prefix, folder) for folder in listing.folders)
        self.found.others += (paths.join(prefix, other) for other in listing.others)

    def _listed(self, root: str) -> Listing:
        skip = frozenset(self._separate(root))
        try:
            listing = scan(root, Filter(litter=True, skip=skip), control=self.context.control, advance=self._advance)
        except OSError as error:
            raise Refused(f"The folder {paths.display(root)} can't be read: {reason(error)}") from error
        if root in self.request.inputs:
            self._note_archives(root, self._packed(listing))
        for problem in listing.problems:
            self.context.reporter.problem(problem)
        listing = replace(listing, files=tuple(with_kinds(listing.files)))
        self.found.unread.update(paths.join(root, folder) for folder in listing.unread)
        self._count(listing)
        return listing

    def _separate(self, root: str) -> Iterator[str]:
        """Chosen folders inside ``root``, which are looked at on their own."""
        for other in self.chosen:
            if other != root and paths.is_inside(other, root):
                yield other
                if other == self.request.output:
                    self.context.notes.say(Noted.INSIDE(inner=paths.display(other), outer=paths.display(root)))

    def _advance(self, number: int, folder: str) -> None:
        self.context.reporter.advance(number, 0, folder)

    def _count(self, listing: Listing) -> None:
        """Number of entries of each folder."""
        counts = Counter(record.folder for record in listing.files)
        counts.update(map(paths.parent, (*listing.folders, *listing.others)))
        counts[""] += 0
        for folder in listing.folders:
            counts[folder] += 0
        self.found.entries.update((paths.join(listing.root, folder), number) for folder, number in counts.items())

    # --- what is input ---

    def _is_closed(self, folder: str, root: str) -> bool:
        """Whether a folder below an input is a system folder that is no input."""
        system = None if paths.SEPARATOR in folder else self.rules.system_folder(folder)
        if system is None or root != self.request.output:
            return system is not None
        return not (system is SystemFolder.UNDATED or (system is SystemFolder.DUPLICATES and self.request.rejudge))

    def _unwanted_folders(self, listing: Listing) -> set[str]:
        if not (self.request.exclude or self.wanted.narrowing.by_folder):
            return set()
        wanted = self.wanted
        dropped: set[str] = set()
        for folder in listing.folders:
            above = paths.parent(folder)
            if above in dropped or not wanted.takes_folder(folder, paths.name(folder)):
                dropped.add(folder)
        return dropped

    def _is_unwanted(self, record: FileRecord, dropped: set[str]) -> bool:
        """Whether the user's patterns leave a file out; what only travels with a picture is let in by any pattern."""
        kind = FileKind.PICTURE if record.kind is FileKind.MOVIE else record.kind
        if record.folder in dropped:
            return True
        return not self.wanted.takes_file(record.relative, record.name, record.stamp, kind)

    def _packed(self, listing: Listing) -> list[str]:
        """Archives in a folder that are no inputs themselves."""
        named = (record for record in listing.files if looks_packed(record.name))
        return [record.relative for record in named if record.path not in self.chosen]

    # --- notes ---

    def _note_copied(self, archives: Sequence[Entering]) -> None:
        """Say that nothing is moved out of an archive, where files are moved."""
        if archives and self.request.transfer is Transfer.MOVE:
            self.context.notes.say(Noted.ARCHIVE_STAYS(count=len(archives)))

    def _note_archives(self, root: str, archives: Sequence[str]) -> None:
        """Say which archives were not opened."""
        if archives:
            names = few(map(paths.display, archives), SHOWN, quoted=False)
            self.context.notes.say(Noted.NOT_OPENED(count=len(archives), folder=paths.display(root), names=names))

    def _note_skipped(self, root: str, skipped: Counter[str]) -> None:
        for name, number in sorted(skipped.items()):
            place = paths.display(root)
            self.context.notes.say(Noted.SKIPPED(name=paths.display(name), folder=place, count=number))

    def _note_bins(self, root: str, listing: Listing) -> None:
        """Say which bins, and folders of thumbnails, were not looked into."""
        names = sorted(_bins(listing.folders))
        if names:
            named = tuple(map(paths.display, names))
            self.context.notes.say(Noted.BINS(folder=paths.display(root), names=named))

    def _note_thrown(self, root: str, thrown: Sequence[FileRecord]) -> None:
        """Say what lies in the bin of an exported library."""
        counts = Counter(whose_bin(one.folder) for one in thrown if one.kind not in (FileKind.SIDECAR, FileKind.OTHER))
        for whose, number in sorted(counts.items()):
            place = paths.display(next(one.folder for one in thrown if whose_bin(one.folder) == whose))
            self.context.notes.say(Noted.THROWN(count=number, whose=whose, bin=place, folder=paths.display(root)))


def _bins(folders: Iterable[str]) -> set[str]:
    return {name for folder in folders if is_bin(name := paths.name(folder))}


def in_library(record: FileRecord, output: str) -> FileRecord:
    """The record of a file in the output as one of the library: its path counts from there."""
    if record.root == output:
        return record
    return replace(record, root=output, relative=record.path[len(output.rstrip(paths.SEPARATOR)) + 1 :])
