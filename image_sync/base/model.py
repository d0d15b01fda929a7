"""Data model: the frozen dataclasses and enums that every part of the program shares.

Values that cross a boundary are defined here (scan to rules, rules to executor) and in ``events`` (engine to front), as
frozen dataclasses and enums.  Nothing in this module reads a file, knows a rule or draws: it imports the standard
library's value types and nothing of ours but ``paths`` and ``extras``.

Paths are ``str`` as ``os.fsdecode`` gives them: bytes that are no text ride along as surrogate escapes and come out
again unharmed.  Only ``paths.display`` makes them fit to be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from image_sync.base import paths
from image_sync.base.archive_member import ArchiveMember
from image_sync.base.extras import PLAIN, Extras


class FileKind(Enum):
    """The kind of a file, judged by its name alone (content is judged when it is decoded)."""

    PICTURE = "picture"
    RAW = "raw"
    MOVIE = "movie"
    SIDECAR = "sidecar"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size and time of a file when its status was last read; two equal stamps are taken for the same, unchanged file.

    ``size`` is in bytes, ``mtime_ns`` in nanoseconds since 1970 (negative before).  ``digest`` is the MD5 of the
    content in lower-case hexadecimal, where it is known.
    """

    size: int
    mtime_ns: int
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A regular file as the scan found it.

    ``root`` is the chosen folder (absolute), ``relative`` the path below it with the system's separator.  Times are in
    nanoseconds since 1970, ``mode`` holds the permission bits only, ``device``/``inode`` tell hard links apart.
    Of a file in an archive ``root`` is the archive, and ``member`` tells where it lies there.
    """

    root: str
    relative: str
    size: int
    mtime_ns: int
    ctime_ns: int
    device: int
    inode: int
    links: int
    mode: int
    kind: FileKind
    member: ArchiveMember | None = None

    @property
    def path(self) -> str:
        """The absolute path."""
        return paths.join(self.root, self.relative)

    @property
    def name(self) -> str:
        """The last component, with its suffix."""
        return paths.name(self.relative)

    @property
    def folder(self) -> str:
        """The folder below ``root`` that holds the file; an empty string for ``root`` itself."""
        return paths.parent(self.relative)

    @property
    def change_key(self) -> int:
        """A number that is another one when the content may be: the modification time; of a member, its identity."""
        return self.member.identity if self.member else self.mtime_ns

    @property
    def stamp(self) -> Stamp:
        """The stamp that an operation on this file is planned on."""
        return Stamp(self.size, self.mtime_ns)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong with one path, in words for a person.

    ``what`` says what could not be done, ``why`` the reason, ``hint`` what to do about it (may be empty).
    """

    path: str
    what: str
    why: str
    hint: str = ""

    def __str__(self) -> str:
        words = f"{paths.display(self.path)}: {self.what}: {self.why}" if self.path else f"{self.what}: {self.why}"
        return f"{words} ({self.hint})" if self.hint else words


# --- pictures -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The measured values of a picture's content; the same for equal bytes, whatever the file is called.

    ``width``/``height`` are those of the upright picture (EXIF orientation applied).  ``small`` is the upright picture
    in grey, 64x64 bytes row by row.  ``codes`` are the four 64-bit hashes of ``small`` in the order average,
    perceptual, difference, wavelet, 8 bytes each, first bit first (``imagehash``'s order).  ``texture`` is the standard
    deviation of ``small`` (0-127).  ``sharpness`` is the variance of the Laplacian of the decoded picture, weighted
    by its size so that a smaller copy is never called sharper.  ``jpeg_quality`` is estimated from the quantisation
    tables (1-100), ``None`` for other formats.  ``captured`` is the EXIF capture date as ``YYYY-MM-DDTHH:MM:SS`` in the
    camera's own clock, empty when there is none; ``camera`` is the model's name, empty when unknown.
    ``earlier_quality`` is that of the JPEG which the picture was made from, where verification found traces of one
    (``pictures.double_compression``).  ``chroma`` are the two colour differences of the upright picture, 16x16 bytes
    each (``pictures.colour``).
    """

    format: str
    width: int
    height: int
    frames: int
    small: bytes
    codes: bytes
    texture: float
    sharpness: float
    jpeg_quality: int | None = None
    has_exif: bool = False
    has_gps: bool = False
    captured: str = ""
    camera: str = ""
    earlier_quality: int | None = None
    extras: Extras = PLAIN
    chroma: bytes = b""

    @property
    def pixels(self) -> int:
        """Number of pixels of one frame."""
        return self.width * self.height


UNMEASURED = Fingerprint(format="", width=0, height=0, frames=0, small=b"", codes=b"", texture=0.0, sharpness=0.0)
"""Of a file that was not decoded, or can't be, where identical files are all that is asked for."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file together with what was measured of it.

    ``enlarged_from`` is the number of pixels of the picture that it was enlarged from, ``sharpened_from`` the sharpness
    of the one that it may have been sharpened from, where verification found so (``pictures.resampling``); else 0.
    ``shows_less`` tells that a match of it shows more: this one is cropped, or has a border or a caption.  ``altered``
    says how it was made from a match of the same size (``blurred``), ``damage`` what is damaged in it; empty else.
    ``copy_beside`` tells that it is named as a copy of a picture that stands beside it, or that it matches (``IMG_1 2``
    of ``IMG_1``).  ``half_of`` is the path of the picture that it is the RAW file of, which it goes with.
    """

    record: FileRecord
    fingerprint: Fingerprint
    digest: str | None = None
    reference: bool = False
    companions: tuple[FileRecord, ...] = ()
    enlarged_from: int = 0
    sharpened_from: float = 0.0
    shows_less: bool = False
    altered: str = ""
    damage: str = ""
    copy_beside: bool = False
    half_of: str = ""


class Sameness(Enum):
    """In which way two pictures belong together, strongest first: the same in one of three ways, or of one series."""

    IDENTICAL_FILE = "identical file"
    IDENTICAL_PIXELS = "identical pixels"
    SIMILAR = "similar"
    SERIES = "series"
    """Two shots of one scene, at other moments: gathered together, and neither is a copy of the other."""
    WITHIN = "shown within"
    """One is shown within the other, a collage, a story, a photo of a print: that holds more and is no copy of it."""

    @property
    def is_copy(self) -> bool:
        """Whether one of two can stand for the other."""
        return self not in (Sameness.SERIES, Sameness.WITHIN)


@dataclass(frozen=True, slots=True)
class Match:
    """Pictures ``first`` < ``second`` (indexes into one sequence) are the same in the way ``sameness``.

    ``score`` is the similarity, 0-1.  ``turn`` is the position (0-7, see ``pictures.hashes``) in which the second
    picture matches the first; 0 is as it is.  ``part`` is 1 where the first shows less of the scene than the second,
    or is what the second is shown within, -1 where the second does or is, 0 where they show as much or nobody asked.
    """

    first: int
    second: int
    sameness: Sameness
    score: float
    turn: int = 0
    part: int = 0


class PictureFate(Enum):
    """Fate of one picture of a group, as the user decides it."""

    KEEP = "keep"
    SET_ASIDE = "set aside"
    LEAVE = "leave"
    """It stays where it is, and this run does nothing about it."""


@dataclass(frozen=True, slots=True)
class Member:
    """One picture of a group: ``picture`` indexes the sequence of pictures; the rest tells how it matches the best.

    ``copy_of`` is the picture of the group that it is a copy of where that is not the best: another shot of the series.
    """

    picture: int
    sameness: Sameness
    score: float
    turn: int = 0
    fate: PictureFate | None = None
    """As it was decided; ``None``: as the handling has it."""
    copy_of: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures that are the same as the best of them, which is ``members[0]``; no member is there by a chain."""

    members: tuple[Member, ...]
    context: str = ""
    why_best: str = ""

    @property
    def best(self) -> Member:
        """The member that is kept when the others are set aside."""
        return self.members[0]


# --- plans ----------------------------------------------------------------------------------------------------------


class Action(Enum):
    """The kind of an operation.  None of them destroys: what is replaced or removed is kept where undo finds it."""

    MOVE = "move"
    COPY = "copy"
    LINK = "link"
    """A hard link at the destination; the source stays."""
    REPLACE_WITH_LINK = "replace with link"
    """``destination``, an exact copy of ``source``, becomes a hard link of it; the old file goes to the versions."""
    UPDATE = "update"
    """``destination`` gets the content of ``source``; what stood there goes to the versions."""
    SET_ASIDE = "set aside"
    """``source`` goes to the versions of its root; there is no destination."""
    MAKE_FOLDER = "make folder"
    """``destination`` becomes an empty folder."""
    REMOVE_FOLDER = "remove folder"
    """``source``, an empty folder, goes; undo makes it again."""
    CONVERT = "convert"
    """``destination`` gets what ``maker`` makes of the content of ``source``, which stays; times and mode come too."""
    REWRITE = "rewrite"
    """``destination`` gets what ``maker`` makes of its own content; the old file goes to versions, its time stays."""
    MERGE = "merge"
    """``destination`` gets what copies of it state and it lacks; the old file goes to versions, its time stays."""
    PERMIT = "change permissions"
    """``destination`` gets the permissions of ``source``; nothing else of it changes."""
    EXTRACT = "extract"
    """``destination`` gets the content of ``member``, a file in an archive, which stays; its time comes along."""


class Maker(Enum):
    """The maker of the new content of an operation out of the old; ``Operation.argument`` tells it the rest."""

    JPEG = "JPEG"
    """A JPEG of a HEIC; the argument is its quality (1-100), behind a space the date to be set, if any (ISO 8601)."""
    DATED = "dated"
    """The same picture with the capture date that is the argument (ISO 8601)."""
    XMP = "XMP"
    """A sidecar that states the capture date which is the argument (ISO 8601)."""
    STATED = "stated"
    """The same picture with those statements of the argument (``Stated.to_text``) that it lacks."""
    STATED_XMP = "XMP with more"
    """The same sidecar with those statements of the argument that it lacks."""
    NEW_XMP = "new XMP"
    """A sidecar that makes the statements of the argument."""


SIDECAR_SIZE = 1024
"""Bytes that a new sidecar takes, more or less."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a plan.

    ``source`` and ``destination`` are absolute paths (empty where the action has none).  ``expected`` is how the source
    was when it was planned, ``replaces`` how the destination was (``None``: nothing may stand there).
    ``reason`` says in words why.  ``group`` is the index of the group it belongs to.  ``follows`` is the index of the
    operation that must have been done before this one may be (a sidecar follows its picture).
    ``versions`` is the folder below which a replaced or set-aside file is kept; it lies on that file's file system.
    ``same_as`` is a file that must hold the same bytes as the source at the moment of doing; otherwise it is not done.
    ``keeper`` is the file that stays in place of the source: another file that must stand as ``keeps`` at that moment.
    ``maker`` makes the content where it is not that of the source, ``argument`` is what it is told; where permissions
    change it says which (``apply.actions.permitting``).
    ``link`` says that the source is a symbolic link: the link itself is meant, never what it points to.
    A folder that is made gets the permissions of ``source`` where that is given.
    Of a ``member`` the source is its path below the archive.
    """

    action: Action
    source: str
    destination: str
    reason: str
    expected: Stamp | None = None
    replaces: Stamp | None = None
    group: int | None = None
    follows: int | None = None
    versions: str = ""
    same_as: str = ""
    maker: Maker | None = None
    argument: str = ""
    link: bool = False
    keeper: str = ""
    keeps: Stamp | None = None
    member: ArchiveMember | None = None

    @property
    def size(self) -> int:
        """Bytes that the operation concerns: none where only permissions change, few of a sidecar."""
        if self.maker in (Maker.XMP, Maker.NEW_XMP):
            return SIDECAR_SIZE
        return self.expected.size if self.expected and self.action is not Action.PERMIT else 0

    @property
    def expected_digest(self) -> str | None:
        """The MD5 that the source must have, where it is known."""
        return self.expected.digest if self.expected else None


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a job: its operations, in order.

    ``job`` is the job's name, ``roots`` are the chosen folders by role (``folder 1``, ``output``).

    ``notes`` are facts in words that the user should know (a folder was skipped, matches were left out).
    """

    job: str
    roots: Mapping[str, str]
    operations: tuple[Operation, ...]
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all operations together."""
        return sum(operation.size for operation in self.operations)

    def counts(self) -> dict[Action, int]:
        """The number of operations per action, in the order of first use."""
        result: dict[Action, int] = {}
        for operation in self.operations:
            result[operation.action] = result.get(operation.action, 0) + 1
        return result


class Outcome(Enum):
    """The outcome of one operation."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class RunState(Enum):
    """The state of a run in the journal."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    """The process that ran it is gone without having finished: resume or undo."""
    UNDONE = "undone"
    PARTLY_UNDONE = "partly undone"
    UNREADABLE = "unreadable"
    """Its journal can't be read: what it did is not known."""

    @property
    def can_be_undone(self) -> bool:
        """Whether there may be something to take back."""
        return self not in (RunState.RUNNING, RunState.UNDONE, RunState.UNREADABLE)

    @property
    def can_be_resumed(self) -> bool:
        """Whether it ended before its end."""
        return self in (RunState.STOPPED, RunState.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of applying, resuming or undoing a plan: ``done`` of ``total`` operations, ``size`` bytes."""

    run: str
    state: RunState
    total: int
    done: int
    size: int
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One run as the history lists it.

    ``started`` is local time as ``YYYY-MM-DDTHH:MM:SS``.  ``cut_off`` tells that its process, or that of its undo, is
    gone without having come to an end.  ``trouble`` says why its journal can't be read; empty for all others.
    """

    run: str
    job: str
    started: str
    state: RunState
    total: int
    done: int
    size: int
    roots: Mapping[str, str]
    problems: int = 0
    cut_off: bool = False
    trouble: str = ""

    @property
    def can_be_undone(self) -> bool:
        """Whether there may be something to take back: a run that ended without a change has nothing."""
        ended = self.state in (RunState.FINISHED, RunState.STOPPED)
        return self.state.can_be_undone and (self.done > 0 or not ended)

    @property
    def can_be_resumed(self) -> bool:
        """Whether something is left to do: it ended before its end, or some of it failed and can be tried again."""
        return self.state.can_be_resumed or (self.state is RunState.FINISHED and self.done < self.total)


class ExitCode(int, Enum):
    """The exit codes of the process."""

    DONE = 0
    PROBLEMS = 1
    REFUSED = 2
    FAULT = 3
    TO_DO = 10
    """A dry run that was asked for this code found something to do."""
    STOPPED = 130


class Refused(Exception):
    """The job can't be done as asked; nothing was touched.  The message is for the user."""


class Stopped(Exception):
    """The user asked to stop."""
