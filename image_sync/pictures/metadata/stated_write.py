"""Writer of statements into a picture file or an XMP sidecar: only what it lacks, and nothing else is another byte.

Date, time zone and position go into EXIF, words and the rating into the XMP packet; in a sidecar all of them stand in
the packet.  That the picture's data, all other tags and the whole old packet are what they were is checked on the
result before it is given out; what can't be written that way is refused (``CannotWrite``).  Bytes in, bytes out.
"""

from __future__ import annotations

from dataclasses import replace

from image_sync.base.stated import Stated
from image_sync.pictures.metadata import exif_add, xmp_edit
from image_sync.pictures.metadata.exif_edit import CannotWrite
from image_sync.pictures.metadata.exif_write import SIZE_LIMIT, block_of, with_block
from image_sync.pictures.metadata.image_data import same_image_data
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.stated import in_exif
from image_sync.pictures.metadata.tiff import exif_moments
from image_sync.pictures.metadata.xmp_write import packet_of, with_packet

__all__ = ["CannotWrite", "sidecar_with", "with_stated"]

_NEAR = 1e-6
"""Degrees within which a position is read as it was written: a tenth of a metre."""


def with_stated(data: bytes, added: Stated) -> bytes:
    """The picture file ``data`` with the statements of ``added`` that it lacks.

    Raises ``CannotWrite``, with the reason in words, where they can't all be written so that nothing else changes.
    """
    if len(data) > SIZE_LIMIT:
        raise CannotWrite("the file is too large to be changed safely")
    result = data
    if added.taken is not None or added.offset is not None or added.position is not None:
        result = with_block(result, lambda block: exif_add.with_stated(block, added))
    if added.has_words:
        words = _words_of(added)
        result = with_packet(result, lambda packet: xmp_edit.with_more(packet, words))
    if not same_image_data(data, result, beside_xmp=True):
        raise CannotWrite("the picture itself would have changed")
    _check(data, result, added)
    return result


def sidecar_with(packet: bytes, added: Stated) -> bytes:
    """The XMP sidecar ``packet`` (empty for a new one) with the statements of ``added`` that it lacks.

    Raises ``CannotWrite`` for one that is damaged, or can't take them all.
    """
    result = xmp_edit.with_more(packet, added)
    _check_packet(packet, result, replace(added, offset=None))
    return result


def _words_of(added: Stated) -> Stated:
    return replace(added, taken=None, offset=None, position=None)


def _check(old: bytes, new: bytes, added: Stated) -> None:
    """Raise ``CannotWrite`` unless the file states what was added, and all that it stated."""
    before, after = packet_of(old), packet_of(new)
    if added.has_words:
        _check_packet(before, after, _words_of(added))
    elif before != after:
        raise CannotWrite("other data in the file would have changed")
    block = Window.of_bytes(block_of(new))
    moment, position = exif_moments(block).original, in_exif(block).position
    if added.taken is not None and (moment is None or moment.when != added.taken):
        raise CannotWrite("the date could not be read again")
    if added.offset is not None and (moment is None or moment.offset != added.offset):
        raise CannotWrite("the time zone could not be read again")
    wanted = added.position
    if wanted is not None and (
        position is None
        or abs(position.latitude - wanted.latitude) > _NEAR
        or abs(position.longitude - wanted.longitude) > _NEAR
    ):
        raise CannotWrite("the place could not be read again")


def _check_packet(old: bytes, new: bytes, added: Stated) -> None:
    """Raise ``CannotWrite`` unless the packet holds all values that the old one had, and states what was added."""
    before, after = xmp_edit.read(old), xmp_edit.read(new)
    if not after.whole:
        raise CannotWrite("its XMP data could not be read again")
    for name, values in before.values.items():
        now = after.values.get(name, [])
        if now[: len(values)] != values and not (name == xmp_edit.RATING and not xmp_edit.stated_in(before).rating):
            raise CannotWrite("other data in the file would have changed")
    states = xmp_edit.stated_in(after)
    same = (
        (not added.rating or states.rating == added.rating)
        and _same_text(states.title, added.title)
        and _same_text(states.caption, added.caption)
        and _same_text(states.copyright, added.copyright)
        and all(any(_same_text(one, word) for one in states.keywords) for word in added.keywords)
        and (not added.artists or len(states.artists) == len(added.artists))
        and (added.position is None or states.position is not None)
    )
    if not same:
        raise CannotWrite("its XMP data has no room for what would be added")


def _same_text(written: str, wanted: str) -> bool:
    """Whether a text was written, but for what no XML may hold."""
    return not wanted or written == xmp_edit.legal(wanted).strip().replace("\r\n", "\n").replace("\r", "\n")
