"""Makers of new content from a file's own: a JPEG of a HEIC, a picture with its date or more statements, a sidecar.

A registry of functions from bytes to bytes.  The executor calls one by its name and knows no more of it; a maker
touches no file and decides nothing.  The same content and argument always make the same bytes, so that after a crash
what was made can be recognised.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from image_sync.apply.words import Trouble
from image_sync.base.model import Maker
from image_sync.base.stated import Stated

LARGEST = 512 << 20
"""Bytes of the largest file that something is made of: it is held in memory, and what is made of it as well."""


def made(maker: Maker | None, data: bytes, argument: str) -> bytes:
    """New content that ``maker`` makes of ``data``.  Raises ``Trouble`` with the reason in words when it can't."""
    if maker is None:
        raise Trouble("the plan does not say what to make of it")
    try:
        return _MAKERS[maker](data, argument)
    except ValueError as error:
        raise Trouble(f"the plan asks for what can't be made: {error}") from error
    except (Trouble, OSError):
        raise
    except Exception as error:
        raise Trouble(_in_words(error), "It stays as it is.") from error


def _in_words(error: Exception) -> str:
    """Reason why nothing could be made of a file, whatever it provoked."""
    from image_sync.pictures.errors import in_words

    return in_words("", error).why


def _jpeg(data: bytes, argument: str) -> bytes:
    from image_sync.containment.shared import contained_bytes
    from image_sync.pictures.errors import PictureError

    quality, _, moment = argument.partition(" ")
    try:
        picture = contained_bytes(_converted, (data, int(quality)))
    except PictureError as error:
        raise Trouble(error.problem.why, "It stays as it is.") from error
    return _dated(picture, moment) if moment else picture


def _converted(work: tuple[bytes, int]) -> bytes:
    """A JPEG of a HEIC's bytes, in a quality.  Raises ``PictureError``; runs in a worker process."""
    from image_sync.base.model import Problem
    from image_sync.pictures.convert import CannotConvert, to_jpeg
    from image_sync.pictures.errors import WHAT, PictureError

    data, quality = work
    try:
        return to_jpeg(data, quality)
    except CannotConvert as error:
        raise PictureError(Problem("", WHAT, str(error))) from error


def _dated(data: bytes, argument: str) -> bytes:
    from image_sync.pictures.metadata.exif_write import CannotWrite, with_date

    try:
        return with_date(data, datetime.fromisoformat(argument))
    except CannotWrite as error:
        raise Trouble(str(error), "It stays as it is.") from error


def _sidecar(data: bytes, argument: str) -> bytes:  # noqa: ARG001 - what it says does not depend on the picture
    from image_sync.pictures.metadata.exif_write import xmp_sidecar

    return xmp_sidecar(datetime.fromisoformat(argument))


def _stated(data: bytes, argument: str) -> bytes:
    from image_sync.pictures.metadata.stated_write import CannotWrite, with_stated

    try:
        return with_stated(data, Stated.from_text(argument))
    except CannotWrite as error:
        raise Trouble(str(error), "It stays as it is.") from error


def _stated_sidecar(data: bytes, argument: str) -> bytes:
    from image_sync.pictures.metadata.stated_write import CannotWrite, sidecar_with

    try:
        return sidecar_with(data, Stated.from_text(argument))
    except CannotWrite as error:
        raise Trouble(str(error), "It stays as it is.") from error


def _new_sidecar(data: bytes, argument: str) -> bytes:  # noqa: ARG001 - what it says does not depend on the picture
    return _stated_sidecar(b"", argument)


_MAKERS: dict[Maker, Callable[[bytes, str], bytes]] = {
    Maker.JPEG: _jpeg,
    Maker.DATED: _dated,
    Maker.XMP: _sidecar,
    Maker.STATED: _stated,
    Maker.STATED_XMP: _stated_sidecar,
    Maker.NEW_XMP: _new_sidecar,
}
