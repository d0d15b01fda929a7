"""Search for one picture: where else it is, in any folders and files.  Nothing is moved or grouped."""

from __future__ import annotations

import os
from dataclasses import dataclass

from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.events import Stage
from image_sync.base.model import FileKind, FileRecord, Problem, Refused, Sameness
from image_sync.inventory.context import RunContext
from image_sync.inventory.scan import record_of
from image_sync.jobs.folder_checks import real
from image_sync.jobs.organize.asking import Compared, Question
from image_sync.jobs.organize.places import Places
from image_sync.jobs.organize.request import Level
from image_sync.jobs.organize.rules.likes import Like, likes
from image_sync.matching.threshold import DEFAULT_THRESHOLD
from image_sync.pictures.formats import kind_of

PICTURES = (FileKind.PICTURE, FileKind.RAW)


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """One place of a picture: the path there, in which way it is the same, how similar (0-1), and what it is like.

    ``width`` and ``height`` are 0 where only bytes were compared.  ``turned`` tells that it lies or is mirrored.
    """

    path: str
    sameness: Sameness
    score: float
    size: int = 0
    width: int = 0
    height: int = 0
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Answer to where else a picture is: itself in ``picture``, the best of its likes first in ``found``.

    ``searched`` is the number of pictures that were looked at, ``problems`` what could not be read.
    """

    picture: FoundPicture
    found: tuple[FoundPicture, ...] = ()
    searched: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureSearch:
    """Question where else ``picture`` is in ``places`` (folders with all below them, and files); work for an engine."""

    picture: str
    places: tuple[str, ...]
    level: Level = Level.SAME_SHOT
    threshold: float = DEFAULT_THRESHOLD

    @property
    def stages(self) -> int:
        """The stages of the search."""
        return Question(self.level, self.threshold).stages

    def __call__(self, context: RunContext) -> Elsewhere:
        """Look, read, compare.  Raises ``Stopped``, and ``Refused`` for no picture and for no place."""
        wanted = _wanted(self.picture)
        places = Places(self.places, context)
        context.reporter.stage(Stage.SCAN)
        others = [
            found.record
            for found in places.files()
            if found.record.kind in PICTURES
            and (found.record.inode != wanted.inode or found.record.path != wanted.path)
        ]
        context.reporter.flush()
        compared = Question(self.level, self.threshold).compare([wanted], others, context)
        for done in compared.unread:
            why = done.known.problem.why if done.known.problem else "it is no picture"
            raise Refused(f"{paths.display(wanted.path)} can't be read as a picture: {why}")
        found = likes(len(compared.pictures), compared.asked, compared.matches)[0]
        return Elsewhere(
            _found(Like(0, Sameness.IDENTICAL_FILE, 1.0), compared),
            tuple(_found(like, compared) for like in found),
            len(others),
            context.reporter.problems,
            context.notes.texts,
        )


def _wanted(picture: str) -> FileRecord:
    """The file that is sought.  Raises ``Refused`` for what is none, in words."""
    shown = paths.display(picture)
    if not picture or not os.path.lexists(picture):
        raise Refused(f"There is no picture {shown or 'of no name'}")
    place = real(picture)
    folder, name = os.path.split(place)
    try:
        status = os.stat(place)
    except OSError as error:
        raise Refused(f"{shown} can't be read: {reason(error)}") from error
    if os.path.isdir(place):
        raise Refused(f"{shown} is a folder; name the one picture that is sought, then the folders")
    if kind_of(name) not in PICTURES or not os.path.isfile(place):
        raise Refused(f"{shown} is no picture by its name")
    return record_of(folder, name, status, kind_of(name))


def _found(like: Like, compared: Compared) -> FoundPicture:
    picture = compared.pictures[like.picture]
    return FoundPicture(
        picture.record.path,
        like.sameness,
        like.score,
        picture.record.size,
        picture.fingerprint.width,
        picture.fingerprint.height,
        like.turn != 0,
    )
