"""Reader of what a picture file and its sidecars state: date, place, rating, title, caption, keywords, artist, rights.

Of each kind the first source counts that states it: XMP in the file, EXIF, IPTC, then sidecars (XMP, Google Takeout);
keywords of all are put together.  What cameras write by themselves in the place of a caption is none.  Headers only are
read, and nothing is written.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from image_sync.base import paths
from image_sync.base.stated import NOTHING, Position, Stated
from image_sync.pictures.metadata import iptc, xmp_edit
from image_sync.pictures.metadata.capture_date import DateSource, Precision, capture_date
from image_sync.pictures.metadata.containers import XMP_LIMIT, embedded
from image_sync.pictures.metadata.exif_add import GpsTag
from image_sync.pictures.metadata.exif_required import RATIONAL
from image_sync.pictures.metadata.extras import MACHINE_WORDS
from image_sync.pictures.metadata.iptc import decoded
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.takeout import takeout_stated
from image_sync.pictures.metadata.tiff import ASCII, Directory, Tag, Tiff, original_date

_TAKEN = frozenset(
    {
        DateSource.EXIF_ORIGINAL,
        DateSource.EMBEDDED_XMP,
        DateSource.IPTC,
        DateSource.PNG_TEXT,
        DateSource.XMP_SIDECAR,
        DateSource.TAKEOUT_JSON,
        DateSource.ICLOUD_LIST,
        DateSource.THUMBNAIL_SIDECAR,
    }
)
"""Sources that state when a picture was taken; others are weaker than to be written down."""
_CAPTION, _ARTIST, _RATING, _COPYRIGHT = 0x010E, 0x013B, 0x4746, 0x8298
_WINDOWS_TITLE, _WINDOWS_CAPTION, _WINDOWS_ARTIST, _WINDOWS_KEYWORDS = 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E
_TEXT_LIMIT = 2**16
_BLANK_DATE = "\0 0:/.-"


def stated_by(path: str, sidecars: Sequence[str] = ()) -> Stated:
    """The statements of the picture at ``path`` and of its ``sidecars``; those of other kinds are passed over.

    Raises ``OSError`` when one of them can't be read now.
    """
    with open(path, "rb", buffering=0) as stream:
        sources, doubtful = _inside(Window.of_stream(stream))
    sources += list(_beside(sidecars))
    date = capture_date(path, sidecars=sidecars, use_name=False)
    if date and date.source in _TAKEN and date.precision is Precision.SECOND:
        return replace(_together(sources), taken=date.when, offset=date.offset)
    return replace(_together(sources), doubtful=doubtful)


def _together(sources: Sequence[Stated]) -> Stated:
    """The first of each kind of statement, and all keywords."""
    result = NOTHING
    for one in sources:
        result = Stated(
            position=result.position or one.position,
            rating=result.rating or one.rating,
            title=result.title or one.title,
            caption=result.caption or one.caption,
            keywords=tuple(dict.fromkeys((*result.keywords, *one.keywords))),
            artists=result.artists or one.artists,
            copyright=result.copyright or one.copyright,
        )
    return result


def _inside(file: Window) -> tuple[list[Stated], bool]:
    """Statements of the file itself, the best source first, and whether it states any date of when it was taken."""
    found = embedded(file)
    packet = found.xmp.read(0, XMP_LIMIT) if found.xmp else b""
    sources = [xmp_edit.stated_in(xmp_edit.read(packet))] if packet else []
    dated = False
    if found.exif:
        sources.append(in_exif(found.exif))
        dated = bool(original_date(found.exif, found.exif_details).strip(_BLANK_DATE))
    if found.iptc:
        sources.append(_in_iptc(found.iptc))
    return sources, dated


def _in_iptc(block: Window) -> Stated:
    words = iptc.iptc_words(block)
    first = {kind: texts[0] for kind, texts in words.items()}
    return Stated(
        title=first.get(iptc.TITLE, ""),
        caption=first.get(iptc.CAPTION, ""),
        keywords=words.get(iptc.KEYWORD, ()),
        artists=words.get(iptc.ARTIST, ()),
        copyright=first.get(iptc.COPYRIGHT, ""),
    )


def _beside(sidecars: Iterable[str]) -> Iterator[Stated]:
    """Statements of the sidecars: XMP, then Google Takeout; one that is gone by now states nothing."""
    for path in sorted(sidecars, key=lambda path: (paths.suffix(path) != ".xmp", path)):
        if paths.suffix(path) in (".xmp", ".json"):
            with contextlib.suppress(FileNotFoundError), open(path, "rb") as stream:
                data = stream.read(XMP_LIMIT)
                is_packet = paths.suffix(path) == ".xmp"
                yield xmp_edit.stated_in(xmp_edit.read(data)) if is_packet else takeout_stated(data)


# --- EXIF -------------------------------------------------------------------------------------------------------------


def in_exif(block: Window) -> Stated:
    """The statements of an EXIF block but its dates."""
    tiff = Tiff.of(block)
    main = tiff.directory(tiff.first) if tiff else None
    if tiff is None or main is None:
        return NOTHING
    caption = _text(tiff, main, _CAPTION)
    rating = tiff.number(main.entries.get(_RATING))
    return Stated(
        position=_position(tiff, tiff.below(main, Tag.GPS_IFD)),
        rating=rating if 1 <= rating <= 5 else 0,
        title=_windows_text(tiff, main, _WINDOWS_TITLE),
        caption="" if MACHINE_WORDS.fullmatch(caption) else caption or _windows_text(tiff, main, _WINDOWS_CAPTION),
        keywords=_parts(_windows_text(tiff, main, _WINDOWS_KEYWORDS)),
        artists=_parts(_text(tiff, main, _ARTIST) or _windows_text(tiff, main, _WINDOWS_ARTIST)),
        copyright=_text(tiff, main, _COPYRIGHT),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _text(tiff: Tiff, directory: Directory, tag: int) -> str:
    entry = directory.entries.get(tag)
    if entry is None or entry.type not in (1, ASCII, 7, 129):
        return ""
    # A copyright is that of the photographer, a NUL, and that of the editor.
    pieces = tiff.window.read(entry.value_at, min(entry.size, _TEXT_LIMIT)).split(b"\0")
    return next((text for piece in pieces if (text := decoded(piece))), "")


def _windows_text(tiff: Tiff, directory: Directory, tag: int) -> str:
    entry = directory.entries.get(tag)
    data = tiff.window.read(entry.value_at, min(entry.size, _TEXT_LIMIT)) if entry else b""
    return data[: len(data) // 2 * 2].decode("utf-16-le", "ignore").split("\0")[0].strip()


def _position(tiff: Tiff, directory: Directory | None) -> Position | None:
    if directory is None:
        return None
    north = _angle(tiff, directory, GpsTag.LATITUDE, GpsTag.NORTH, b"Ss")
    east = _angle(tiff, directory, GpsTag.LONGITUDE, GpsTag.EAST, b"Ww")
    if north is None or east is None or not (north or east) or abs(north) > 90 or abs(east) > 180:
        return None
    height = _rationals(tiff, directory, GpsTag.ALTITUDE, 1)
    below = directory.entries.get(GpsTag.BELOW)
    deep = below is not None and tiff.value(below)[:1] == b"\1"
    return Position(north, east, None if height is None else -height[0] if deep else height[0])


def _angle(tiff: Tiff, directory: Directory, tag: int, side: int, negative: bytes) -> float | None:
    parts = _rationals(tiff, directory, tag, 3)
    if parts is None:
        return None
    sign = directory.entries.get(side)
    letter = tiff.value(sign)[:1] if sign is not None else b""
    angle = parts[0] + parts[1] / 60 + parts[2] / 3600
    return -angle if letter and letter in negative else angle


def _rationals(tiff: Tiff, directory: Directory, tag: int, count: int) -> list[float] | None:
    """As many fractions as ``count``; ``None`` where they are not all there."""
    entry = directory.entries.get(tag)
    if entry is None or entry.type != RATIONAL or entry.count != count:
        return None
    data = tiff.value(entry)
    if len(data) < 8 * count:
        return None
    numbers = struct.unpack(f"{tiff.byte_order}{2 * count}I", data[: 8 * count])
    pairs = list(zip(numbers[0::2], numbers[1::2], strict=True))
    # 0/0 is what is written for seconds that nobody knows.
    if any(not below and above for above, below in pairs) or not pairs[0][1]:
        return None
    return [above / below if below else 0.0 for above, below in pairs]
