"""Shot of a picture: which camera took it at which moment, as its EXIF states it, to tell frames of a burst apart.

Two frames of a burst differ by fractions of a second; a copy of a frame, saved again or not, keeps that frame's moment.
Headers only are read.  Nothing here raises for a bad file, and nothing is decoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from image_sync.archives.opening import open_binary
from image_sync.pictures.metadata.containers import embedded
from image_sync.pictures.metadata.fast_exif import Directory, first_directory, iso_date
from image_sync.pictures.metadata.reading import READ_LIMIT, Window
from image_sync.pictures.metadata.tiff import Tag

_CAMERA_MODEL, _IMAGE_ID, _SERIAL = 0x0110, 0xA420, 0xA431
QUARTER_HOUR = 900
"""Seconds by which clocks are corrected, for another zone: moments apart by a multiple of it may be one."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A camera and a moment; each may be empty where the file doesn't state it.

    ``taken`` is ``YYYY-MM-DDTHH:MM:SS`` in the camera's clock, ``fraction`` the digits behind the seconds, ``image`` an
    id that the camera gave to the picture, ``serial`` the camera's own number.
    """

    make: str = ""
    model: str = ""
    serial: str = ""
    taken: str = ""
    fraction: str = ""
    image: str = ""


NO_SHOT = Shot()


def shot_of(path: str) -> Shot:
    """The shot of the picture at ``path``; one that states nothing when it can't be read or has no EXIF."""
    try:
        with open_binary(path) as stream:
            found = embedded(Window.of_stream(stream)).exif
            block = found.read(0, min(found.size, READ_LIMIT)) if found else b""
    except OSError:
        return NO_SHOT
    first = first_directory(block)
    return _shot(first) if first else NO_SHOT


def _shot(first: Directory) -> Shot:
    details = first.at(first.number(Tag.EXIF_IFD)) if Tag.EXIF_IFD in first.fields else None
    if details is None:
        return NO_SHOT
    return Shot(
        make=first.text(Tag.MAKE),
        model=first.text(_CAMERA_MODEL),
        serial=details.text(_SERIAL),
        taken=iso_date(details.text(Tag.DATE_TIME_ORIGINAL)),
        fraction=details.text(Tag.SUBSEC_TIME_ORIGINAL).rstrip("0"),
        image=details.text(_IMAGE_ID).strip("0"),
    )


def other_moments(first: Shot, second: Shot) -> bool:
    """Whether two pictures are surely two shots of one camera.

    Where they are whole quarters of an hour apart, one may be a copy of the other with its clock set right.
    """
    if not first.model or (first.make, first.model) != (second.make, second.model):
        return False
    if not first.taken or not second.taken or (first.serial and second.serial and first.serial != second.serial):
        return False
    if first.taken != second.taken:
        apart = datetime.fromisoformat(first.taken) - datetime.fromisoformat(second.taken)
        return bool(apart.total_seconds() % QUARTER_HOUR)
    return _both_other(first.fraction, second.fraction) or _both_other(first.image, second.image)


def _both_other(one: str, other: str) -> bool:
    return bool(one and other) and one != other
