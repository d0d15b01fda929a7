"""Errors of the decoders and of the system as Problems, in words for a person.

The libraries' own messages are for programmers.  This module turns exceptions into Problems and nothing else: it reads
no file.
"""

from __future__ import annotations

import logging
import struct

from image_sync.archives.errors import ArchiveError, ChangedArchive
from image_sync.base import faults, paths
from image_sync.base.errors import explained
from image_sync.base.model import Problem
from image_sync.base.said import N_, Saying

_logger = logging.getLogger(__name__)
WHAT = N_("can't be read as a picture")
"""What is wrong when it lies in the file's content, and will be the same the next time."""
FOR_NOW = N_("can't be read for now")
"""What is wrong when it lies elsewhere: a reader is missing, memory is short, the file is being written."""
LEFT = N_("it stays where it is")
NOT_WHOLE = N_("it stays where it is; install the program anew and scan again")
ENDS_EARLY = N_("damaged: the picture ends early")
_UNREAD = N_("can't be read")
_NO_MEMORY = N_("there is not enough memory to decode it")
_NO_PICTURE = N_("damaged: its data make no picture")
_RARE = N_("a JPEG of a rare kind (12 bits, or more than four colours) that can't be decoded")
_NO_BEGINNING = N_("damaged: its beginning can't be understood")


class Failing(Saying):
    """Reason why a picture can't be decoded, with what the decoder said."""

    NOT_LOADED = "a part of the program does not load ({what})"
    TOO_LARGE = "it has {millions} million pixels ({size}), more than can be decoded safely"
    NO_HEIC = "the reader for HEIC does not load ({what})"
    UNKNOWN = "damaged or of an unknown kind ({what})"


class PictureError(Exception):
    """A picture that can't be read; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Unreadable(Exception):
    """Raised inside this room, where the path isn't known: the reason in words and what to do about it.

    ``passing`` tells that the reason lies outside the file, so that another day it may be readable as it is.
    """

    def __init__(self, why: str, hint: str = LEFT, *, passing: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint
        self.passing = passing


class TooLarge(Unreadable):
    """Raised for a picture that takes more memory than one may."""


def in_words(path: str, error: Exception) -> Problem:
    """The problem that ``error``, raised while ``path`` was read or decoded, stands for."""
    if isinstance(error, PictureError):
        return error.problem
    if faults.is_surely_ours(error):
        # For now: another version of the program may well read it.
        return Problem(path, FOR_NOW, _of_the_program(path, error), LEFT)
    _logger.debug("%s can't be read", path, exc_info=error)
    if isinstance(error, Unreadable):
        return Problem(path, FOR_NOW if error.passing else WHAT, error.why, error.hint)
    if isinstance(error, ArchiveError):
        return Problem(path, FOR_NOW if isinstance(error, ChangedArchive) else WHAT, error.why, error.hint)
    if isinstance(error, MemoryError):
        return Problem(path, FOR_NOW, _NO_MEMORY, LEFT)
    if isinstance(error, OSError) and error.errno is not None:
        return Problem(path, _UNREAD, *explained(error))
    if isinstance(error, ImportError):
        return Problem(path, FOR_NOW, Failing.NOT_LOADED(what=_last_line(error)), NOT_WHOLE)
    return Problem(path, WHAT, _of_a_decoder(error), LEFT)


def pass_over(path: str, error: Exception) -> None:
    """Take in an ``error`` at ``path`` that only means that less is known of the picture.

    Raises ``PictureError`` where it does not lie in the file: another day it may be known.
    """
    problem = in_words(path, error)
    if problem.what != WHAT:
        raise PictureError(problem) from error


def _of_the_program(path: str, error: Exception) -> str:
    words = faults.met(error, f"reading {paths.display(path)}").words
    return f"{words[:1].lower()}{words[1:].rstrip('.')}"


def _last_line(error: ImportError) -> str:
    """Last line of what a library says; some say pages of advice before."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return paths.display(lines[-1][:200]) if lines else "it says no reason"


def _of_a_decoder(error: Exception) -> str:
    """Pillow, libheif and zlib tell what they met in the text of the exception only."""
    said = str(error).lower()
    cause = error.__cause__ if isinstance(error, SyntaxError) and error.__cause__ else error
    if isinstance(cause, EOFError) or any(word in said for word in _CUT):
        return ENDS_EARLY
    if isinstance(cause, (struct.error, IndexError, KeyError)) or any(word in said for word in _BROKEN):
        return _NO_PICTURE
    if "cannot handle" in said and "layers" in said:
        return _RARE
    from PIL import UnidentifiedImageError  # who only asks for a format needs no Pillow

    detail = str(error).strip().splitlines()
    if isinstance(error, UnidentifiedImageError) or not detail:
        return _NO_BEGINNING
    return Failing.UNKNOWN(what=detail[0][:120])


_BROKEN = ("broken", "corrupt", "decoder error", "incorrect data", "unrecognized data", "not identified")
_CUT = ("truncated", "end of file", "unexpected end", "premature", "not enough", "incomplete", "buffer is not large")
