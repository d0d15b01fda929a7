"""Capture dates: which source wins, what is no date, how zones are applied, and that no damage does any."""

from __future__ import annotations

import csv
import json
import os
import random
import struct
import zlib
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_sync.pictures.metadata.boxes import EXTENT_LIMIT, Heif
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource, Precision, capture_date, doubtful_date
from image_sync.pictures.metadata.dates import latest_year, spelled, zone_named
from image_sync.pictures.metadata.iptc import iptc_moment
from image_sync.pictures.metadata.live_photo import content_identifier
from image_sync.pictures.metadata.name_dates import date_in_name
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.takeout import takeout_moment
from image_sync.pictures.metadata.xmp import xmp_moment
from tests.pictures.metadata import metadata_made as made
from tests.pictures.metadata.metadata_made import DIGITIZED, MODIFIED, ORIGINAL

TAKEN = "2010:07:08 09:10:11"
WHEN = datetime(2010, 7, 8, 9, 10, 11)


def dated(folder: Path, data: bytes, name: str = "a.jpg", **options: object) -> CaptureDate | None:
    path = folder / name
    path.write_bytes(data)
    return capture_date(os.fspath(path), **options)  # type: ignore[arg-type]


# --- EXIF -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("main", "inner", "when", "source"),
    [
        (
            {MODIFIED: "2015:01:01 00:00:01"},
            {ORIGINAL: TAKEN, DIGITIZED: "2002:01:01 00:00:01"},
            WHEN,
            DateSource.EXIF_ORIGINAL,
        ),
        ({MODIFIED: "2015:01:01 00:00:01"}, {DIGITIZED: TAKEN}, WHEN, DateSource.EXIF_DIGITIZED),
        ({MODIFIED: TAKEN}, {}, WHEN, DateSource.EXIF_MODIFIED),
        ({MODIFIED: TAKEN}, None, WHEN, DateSource.EXIF_MODIFIED),
        ({ORIGINAL: TAKEN}, {DIGITIZED: "2002:01:01 00:00:01"}, WHEN, DateSource.EXIF_ORIGINAL),
        ({MODIFIED: TAKEN}, {ORIGINAL: "0000:00:00 00:00:00"}, WHEN, DateSource.EXIF_MODIFIED),
        ({MODIFIED: TAKEN}, {ORIGINAL: "    :  :     :  :  "}, WHEN, DateSource.EXIF_MODIFIED),
    ],
)
def test_the_date_taken_comes_first(
    tmp_path: Path,
    order: str,
    main: dict[int, made.Value],
    inner: dict[int, made.Value] | None,
    when: datetime,
    source: DateSource,
) -> None:
    found = dated(tmp_path, made.jpeg(made.exif_block(main, inner, order)))
    assert found == CaptureDate(when, source)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "0012:05:06 10:11:12",
        "2099:05:06 10:11:12",
        "1825:12:31 23:59:59",
        "2003:02:29 10:00:00",
        "2003:13:01 10:00:00",
        "2003:00:10 10:00:00",
        "2003",
        "2003:05",
        "garbage",
        "\xff\xff\xff\xff:\xff\xff",
        "2003:05:061 10:00:00",
    ],
)
def test_what_is_no_date(tmp_path: Path, text: str) -> None:
    block = made.exif_block({MODIFIED: text}, {ORIGINAL: text, DIGITIZED: text})
    assert dated(tmp_path, made.jpeg(block)) is None


@pytest.mark.parametrize(
    ("text", "when", "precision"),
    [
        ("2003:05:06 10:11:12", datetime(2003, 5, 6, 10, 11, 12), Precision.SECOND),
        ("2003-05-06T10:11:12", datetime(2003, 5, 6, 10, 11, 12), Precision.SECOND),
        ("2003/05/06 10:11", datetime(2003, 5, 6, 10, 11), Precision.SECOND),
        ("2003: 5: 6  1: 2: 3", datetime(2003, 5, 6, 1, 2, 3), Precision.SECOND),
        ("2003:05:06", datetime(2003, 5, 6), Precision.DAY),
        ("2003:05:06   :  :  ", datetime(2003, 5, 6), Precision.DAY),
        ("2003:05:06 24:00:00", datetime(2003, 5, 6), Precision.DAY),
        ("2003:05:06 10:60:00", datetime(2003, 5, 6), Precision.DAY),
        ("1826:01:01 00:00:01", datetime(1826, 1, 1, 0, 0, 1), Precision.SECOND),
    ],
)
def test_how_dates_are_spelled(text: str, when: datetime, precision: Precision) -> None:
    found = spelled(text)
    assert found is not None
    assert (found.when, found.precision, found.offset) == (when, precision, None)


def test_next_year_is_believed_and_the_one_after_is_not() -> None:
    assert spelled(f"{latest_year()}:01:01 00:00:00") is not None
    assert spelled(f"{latest_year() + 1}:01:01 00:00:00") is None


def test_offset_and_part_of_a_second_are_kept(tmp_path: Path) -> None:
    inner = {ORIGINAL: TAKEN, made.OFFSET_ORIGINAL: "-04:00", made.SUBSEC_ORIGINAL: "07"}
    found = dated(tmp_path, made.jpeg(made.exif_block({}, inner)), zone="Asia/Tokyo")
    assert found == CaptureDate(WHEN.replace(microsecond=70_000), DateSource.EXIF_ORIGINAL, -240)


@pytest.mark.parametrize("offset", ["", "Zulu", "+99:00", "+0x:00", "+02:75"])
def test_an_offset_that_makes_no_sense_is_none(tmp_path: Path, offset: str) -> None:
    found = dated(tmp_path, made.jpeg(made.exif_block({}, {ORIGINAL: TAKEN, made.OFFSET_ORIGINAL: offset})))
    assert found == CaptureDate(WHEN, DateSource.EXIF_ORIGINAL)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_every_format_that_holds_exif(tmp_path: Path, format: str) -> None:
    block = made.exif_block({MODIFIED: "2015:01:01 00:00:01"}, {ORIGINAL: TAKEN})
    found = dated(tmp_path, made.picture(format, block), "called.anything")
    assert found == CaptureDate(WHEN, DateSource.EXIF_ORIGINAL)


@pytest.mark.parametrize("end", ["", " "])
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_every_format_that_holds_xmp(tmp_path: Path, format: str, end: str) -> None:
    """With packets of odd and even length: the latter is compressed in the PNG."""
    packet = made.xmp_packet('exif:DateTimeOriginal="2010-07-08T09:10:11+02:00"') + end.encode()
    found = dated(tmp_path, made.picture(format, xmp=packet))
    assert found == CaptureDate(WHEN, DateSource.EMBEDDED_XMP, 120)


def raw_files() -> dict[str, bytes]:
    block = made.exif_block({MODIFIED: "2015:01:01 00:00:01"}, {ORIGINAL: TAKEN})
    details = made.exif_block({ORIGINAL: TAKEN})
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    preview = made.jpeg(block)
    return {
        "a.nef": block + bytes(500),
        "a.orf": block[:2] + b"RO" + block[4:],
        "a.rw2": block[:2] + b"U\0" + block[4:],
        "a.raf": (b"FUJIFILMCCD-RAW 0201").ljust(84, b"\0")
        + struct.pack(">II", 100, len(preview))
        + bytes(8)
        + preview,
        "a.mrw": b"\0MRM"
        + bytes(4)
        + b"\0PRD"
        + struct.pack(">I", 4)
        + bytes(4)
        + b"\0TTW"
        + struct.pack(">I", len(block))
        + block,
        "a.cr3": made.box(b"ftyp", b"crx ", bytes(4))
        + made.box(
            b"moov",
            made.box(
                b"uuid",
                canon,
                made.box(b"CMT1", made.exif_block({MODIFIED: "2015:01:01 00:00:01"})),
                made.box(b"CMT2", details),
            ),
        ),
    }


@pytest.mark.parametrize("name", ["a.nef", "a.orf", "a.rw2", "a.raf", "a.mrw", "a.cr3"])
def test_raw_headers(tmp_path: Path, name: str) -> None:
    assert dated(tmp_path, raw_files()[name], name) == CaptureDate(WHEN, DateSource.EXIF_ORIGINAL)


def test_a_png_of_imagemagick(tmp_path: Path) -> None:
    from PIL import PngImagePlugin

    block = b"Exif\0\0" + made.exif_block({}, {ORIGINAL: TAKEN})
    info = PngImagePlugin.PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n", zip=True)
    path = tmp_path / "a.png"
    made.scene(1, (64, 48)).save(path, pnginfo=info)
    assert capture_date(os.fspath(path)) == CaptureDate(WHEN, DateSource.EXIF_ORIGINAL)


# --- XMP, Takeout, names, modification time: the order --------------------------------------------------------------


def test_xmp_takes_the_best_property_and_that_of_the_picture_only() -> None:
    history = '<xmpMM:DerivedFrom><rdf:Description exif:DateTimeOriginal="1999-01-01T00:00:00"/></xmpMM:DerivedFrom>'
    packet = made.xmp_packet(
        'xmp:CreateDate="2012-01-01T00:00:00"', 'photoshop:DateCreated="2010-07-08T09:10:11.5"', inside=history
    )
    moment = xmp_moment(packet)
    assert moment is not None and moment.when == WHEN.replace(microsecond=500_000)


def test_xmp_as_elements() -> None:
    moment = xmp_moment(made.xmp_packet(inside="<exif:DateTimeOriginal>2010-07-08</exif:DateTimeOriginal>"))
    assert moment is not None and (moment.when, moment.precision) == (datetime(2010, 7, 8), Precision.DAY)


@pytest.mark.parametrize("text", ["2010", "2010-07", "2099-01-01", "0012-01-01", "", "yesterday"])
def test_xmp_without_a_believable_day(text: str) -> None:
    assert xmp_moment(made.xmp_packet(f'exif:DateTimeOriginal="{text}"')) is None


def test_xmp_in_utc_is_shown_in_the_zone() -> None:
    moment = xmp_moment(made.xmp_packet('xmp:CreateDate="2020-01-05T23:30:00Z"'), zone_named("Europe/Berlin"))
    assert moment is not None and (moment.when, moment.offset) == (datetime(2020, 1, 6, 0, 30), 60)


def test_xmp_entities_are_refused_before_they_expand() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(12))
    packet = made.xmp_packet('exif:DateTimeOriginal="2010-07-08"', inside="&e11;").decode()
    head, _, rest = packet.partition("?>")
    assert xmp_moment(f"{head}?><!DOCTYPE x [{bomb}]>{rest}".encode()) is None
    assert xmp_moment(f"{head}?><!DOCTYPE x [{bomb}]>{rest}".encode("utf-16")) is None


@pytest.mark.parametrize("depth", [150, 100_000])
def test_xmp_of_any_depth_does_no_harm(depth: int) -> None:
    inside = "<exif:a>" * depth + "</exif:a>" * depth
    xmp_moment(made.xmp_packet(inside=inside))


TAKEOUT = {"title": "a.jpg", "creationTime": {"timestamp": "1600000000"}, "photoTakenTime": {"timestamp": "1278573011"}}


def test_takeout_is_utc_shown_in_the_zone() -> None:
    moment = takeout_moment(json.dumps(TAKEOUT).encode(), zone_named("America/New_York"))
    assert moment is not None and (moment.when, moment.offset) == (datetime(2010, 7, 8, 3, 10, 11), -240)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"creationTime": {"timestamp": "1600000000"}}',
        '{"photoTakenTime": "1600000000"}',
        '{"photoTakenTime": {"timestamp": "soon"}}',
        '{"photoTakenTime": {"timestamp": "0"}}',
        '{"photoTakenTime": {"timestamp": null}}',
        '{"photoTakenTime": {"timestamp": 1e400}}',
        '{"photoTakenTime": {"timestamp": "99999999999999999999"}}',
        '{"photoTakenTime": {"timestamp": "4102444800"}}',
        "[" * 200_000,
        "\ud800",
    ],
)
def test_takeout_without_a_date(text: str) -> None:
    assert takeout_moment(text.encode("utf-8", "surrogatepass")) is None


def test_takeout_of_an_old_photo() -> None:
    moment = takeout_moment(b'{"photoTakenTime": {"timestamp": "-1000000000"}}', timezone.utc)
    assert moment is not None and moment.when == datetime(1938, 4, 24, 22, 13, 20)


def test_the_order_of_all_sources(tmp_path: Path) -> None:
    """Each source states a day of its own; one after the other is taken away."""
    name = "IMG_20010101_010101.jpg"
    (tmp_path / "a.xmp").write_bytes(made.xmp_packet('exif:DateTimeOriginal="2004-01-01T00:00:00"'))
    (tmp_path / "a.json").write_text(json.dumps(TAKEOUT))
    (tmp_path / "a.thm").write_bytes(made.jpeg(made.exif_block({}, {ORIGINAL: "2003:01:01 00:00:00"})))
    (tmp_path / "a.aae").write_text("<plist/>")
    packet = b"http://ns.adobe.com/xap/1.0/\0" + made.xmp_packet('photoshop:DateCreated="2005-01-01T00:00:00"')
    late = b"http://ns.adobe.com/xap/1.0/\0" + made.xmp_packet('xmp:CreateDate="2005-01-01T00:00:00"')
    scanned = made.exif_block({MODIFIED: "2021:05:06 10:00:00"}, {DIGITIZED: "2021:05:05 10:00:00"})
    changed = made.exif_block({MODIFIED: "2021:05:06 10:00:00"}, {})
    records = b"Photoshop 3.0\0" + iptc_resource("19750601")
    exif = made.exif_block({}, {ORIGINAL: TAKEN})
    sidecars = [os.fspath(tmp_path / f"a.{suffix}") for suffix in ("json", "aae", "thm", "xmp", "gone.xmp")]

    def source(data: bytes, *left_out: str, use_name: bool = True) -> DateSource | None:
        beside = [path for path in sidecars if not path.endswith(left_out or "?")]
        found = dated(tmp_path, data, name, sidecars=beside, zone="UTC", use_mtime=True, use_name=use_name)
        return found.source if found else None

    plain = made.jpeg()
    assert source(made.jpeg(exif, (0xE1, packet))) is DateSource.EXIF_ORIGINAL
    assert source(made.jpeg(None, (0xE1, packet))) is DateSource.EMBEDDED_XMP
    assert source(made.jpeg(scanned, (0xE1, packet))) is DateSource.EMBEDDED_XMP
    assert source(made.jpeg(scanned, (0xED, records))) is DateSource.IPTC
    assert source(made.jpeg(scanned, (0xE1, late))) is DateSource.XMP_SIDECAR
    assert source(made.jpeg(scanned), "xmp") is DateSource.TAKEOUT_JSON
    assert source(made.jpeg(scanned), "xmp", "json", "thm") is DateSource.FILE_NAME
    assert source(made.jpeg(scanned, (0xE1, late)), "xmp", "json", "thm", use_name=False) is DateSource.EXIF_DIGITIZED
    assert source(made.jpeg(changed, (0xE1, late)), "xmp", "json", "thm", use_name=False) is DateSource.XMP_DIGITIZED
    assert source(made.jpeg(changed), "xmp", "json", "thm", use_name=False) is DateSource.EXIF_MODIFIED
    assert source(plain) is DateSource.XMP_SIDECAR
    assert source(plain, "xmp") is DateSource.TAKEOUT_JSON
    assert source(plain, "xmp", "json") is DateSource.THUMBNAIL_SIDECAR
    assert source(plain, "xmp", "json", "thm") is DateSource.FILE_NAME
    assert source(plain, "xmp", "json", "thm", use_name=False) is DateSource.MODIFICATION_TIME


def iptc_resource(day: str, time: str = "") -> bytes:
    """The resource of Photoshop that holds IPTC records of a date."""
    records = b"\x1c\x02\x00\x00\x02\x00\x02"
    for number, text in ((55, day), (60, time)):
        if text:
            records += bytes((0x1C, 2, number)) + len(text).to_bytes(2, "big") + text.encode()
    other = b"8BIM\x03\xed\x00\x00" + (3).to_bytes(4, "big") + b"abc\0"
    return other + b"8BIM\x04\x04\x00\x00" + len(records).to_bytes(4, "big") + records


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        ("19750601", "", (datetime(1975, 6, 1), Precision.DAY, None)),
        ("19750601", "000000+0000", (datetime(1975, 6, 1), Precision.DAY, None)),
        ("20190704", "183045+0200", (datetime(2019, 7, 4, 18, 30, 45), Precision.SECOND, 120)),
        ("20190704", "183045", (datetime(2019, 7, 4, 18, 30, 45), Precision.SECOND, None)),
        ("20191304", "", None),
        ("00000000", "", None),
    ],
)
def test_iptc(day: str, time: str, expected: tuple[datetime, Precision, int | None] | None) -> None:
    block = iptc_resource(day, time)
    for data in (block, block[block.index(b"\x1c\x02") :]):
        moment = iptc_moment(Window.of_bytes(data))
        assert (moment and (moment.when, moment.precision, moment.offset)) == expected
    for end in range(len(block)):
        iptc_moment(Window.of_bytes(block[:end]))


@pytest.mark.parametrize(
    "stated",
    ["1970:01:01 00:00:00", "1980:01:01 00:00:12", "2000:01:01 00:00:30", "2002:12:08 12:00:00", "1979:12:31 23:00:00"],
)
def test_a_clock_that_was_never_set_tells_nothing(tmp_path: Path, stated: str) -> None:
    data = made.jpeg(made.exif_block({}, {ORIGINAL: stated}))
    assert dated(tmp_path, data, "reset.jpg") is None
    named = dated(tmp_path, data, "IMG_20190704_183045.jpg")
    assert named == CaptureDate(datetime(2019, 7, 4, 18, 30, 45), DateSource.FILE_NAME)
    assert doubtful_date(os.fspath(tmp_path / "reset.jpg")) == stated[:10].replace(":", "-")


@pytest.mark.parametrize("stated", ["2000:01:01 00:10:00", "2002:12:08 13:00:00", "1975:01:01 00:00:00"])
def test_a_clock_that_was_set_is_believed(tmp_path: Path, stated: str) -> None:
    found = dated(tmp_path, made.jpeg(made.exif_block({}, {ORIGINAL: stated})), "a.jpg")
    assert found is not None and f"{found.when:%Y:%m:%d %H:%M:%S}" == stated


@pytest.mark.parametrize(
    ("name", "expected", "offset"),
    [
        ("VID_20190704_183045.mp4", datetime(2019, 7, 4, 18, 30, 45), 120),
        ("VID_20190704_120800.mp4", datetime(2019, 7, 5, 1, 30, 45), 540),
        ("VID_20190704_183545.mp4", datetime(2019, 7, 5, 1, 30, 45), 540),
        ("VID_20190604_183045.mp4", datetime(2019, 7, 5, 1, 30, 45), 540),
        ("PXL_20190704_163045123.mp4", datetime(2019, 7, 5, 1, 30, 45), 540),
        ("a.mp4", datetime(2019, 7, 5, 1, 30, 45), 540),
    ],
)
def test_a_name_gives_a_movie_its_offset(tmp_path: Path, name: str, expected: datetime, offset: int) -> None:
    recorded = made.movie(made.mvhd(datetime(2019, 7, 4, 16, 30, 45)))
    found = dated(tmp_path, recorded, name, zone="Asia/Tokyo")
    assert found == CaptureDate(expected, DateSource.MOVIE_HEADER, offset)


def test_the_names_of_pixel_phones_are_utc(tmp_path: Path) -> None:
    found = dated(tmp_path, made.jpeg(), "PXL_20190704_223045123.jpg", zone="Europe/Berlin")
    assert found == CaptureDate(datetime(2019, 7, 5, 0, 30, 45, 123_000), DateSource.FILE_NAME, 120)


UNKNOWN_SIZE = b"\x01" + b"\xff" * 7


def element(number: bytes, content: bytes, size: bytes = b"") -> bytes:
    """An element of EBML; its size in eight bytes."""
    return number + (size or (len(content) | 1 << 56).to_bytes(8, "big")) + content


def matroska(when: datetime = datetime(2019, 7, 4, 16, 30, 45), size: bytes = b"") -> bytes:
    nanoseconds = int((when - datetime(2001, 1, 1)).total_seconds()) * 10**9
    title = element(b"\x7b\xa9", b"\x44\x61\x88" + bytes(8))  # looks like a date, and is a title
    date = element(b"\x44\x61", nanoseconds.to_bytes(8, "big", signed=True))
    inside = element(b"\xec", bytes(5000)) + element(b"\x15\x49\xa9\x66", title + date) + bytes(20)
    return element(b"\x1a\x45\xdf\xa3", bytes(40)) + element(b"\x18\x53\x80\x67", inside, size)


def windows_media(ticks: int | None = None) -> bytes:
    seconds = int((datetime(2019, 7, 4, 16, 30, 45) - datetime(1601, 1, 1)).total_seconds())
    ticks = seconds * 10**7 if ticks is None else ticks
    name = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
    other = bytes(16) + (24 + 32 + len(name)).to_bytes(8, "little") + name + bytes(32)  # the name as content
    properties = bytes(24) + ticks.to_bytes(8, "little") + bytes(40)
    header = other + name + (24 + len(properties)).to_bytes(8, "little") + properties
    return bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(14) + header


DATE_AND_TIME = b"MDPM\x02\x18\x00\x20\x19\x07\x19\x04\x18\x30\x45"


def avchd(prefix: bytes = b"", before: int = 30, stated: bytes = DATE_AND_TIME) -> bytes:
    """A transport stream whose picture has ``before`` bytes in front of the date: it may lie across two packets."""
    stream = bytes([1]) * before + stated + bytes([1]) * 400
    table = prefix + b"G\x00\x00\x10" + b"\xff" * 184
    packets = [table]
    for at in range(0, len(stream), 176):
        piece = stream[at : at + 176]
        stuffing = bytes([183 - len(piece)]) + b"\0" + b"\xff" * (182 - len(piece)) if len(piece) < 183 else b""
        packets += [prefix + b"G\x10\x11\x30" + stuffing + piece, table]
    return b"".join(packets)


def dv(date: bytes = b"\xff\xc4\xe7\x19", time: bytes = b"\xff\xc5\xb0\xd8") -> bytes:
    """A frame of a camcorder: header block, then blocks of which the third holds auxiliary data of the picture."""
    packs = [b"\x61" + bytes(4), b"\x62" + date, b"\x63" + time, *[b"\xff" * 5] * 12]
    block = (b"\x56\0\0" + b"".join(packs)).ljust(80, b"\xff")
    return (b"\x1f\x07\0\x3f" + bytes(76)) + (b"\x3f\x07\0" + b"\xff" * 77) * 2 + block + bytes(12_000)


LOCAL, UTC_SHOWN = datetime(2019, 7, 4, 18, 30, 45), datetime(2019, 7, 4, 18, 30, 45)


@pytest.mark.parametrize(
    ("name", "data", "when"),
    [
        ("a.mkv", matroska(), UTC_SHOWN),
        ("a.webm", matroska(size=UNKNOWN_SIZE), UTC_SHOWN),
        ("old.mkv", matroska(datetime(1999, 7, 4, 16, 30, 45)), datetime(1999, 7, 4, 18, 30, 45)),
        ("a.wmv", windows_media(), UTC_SHOWN),
        ("a.mts", avchd(bytes(4)), LOCAL),
        ("a.m2ts", avchd(), LOCAL),
        *((f"across {before}.mts", avchd(bytes(4), before), LOCAL) for before in range(158, 178, 2)),
        (
            "with a 3 between zeros.mts",
            avchd(stated=b"MDPM\x02\x18\x00\x20\x19\x07\x19\x04\x00\x00\x03\x00"),
            datetime(2019, 7, 4),
        ),
        ("a.dv", dv(), LOCAL),
    ],
)
def test_movies_that_are_no_quicktime(tmp_path: Path, name: str, data: bytes, when: datetime) -> None:
    found = dated(tmp_path, data, name, zone="Europe/Berlin")
    assert found is not None and (found.when, found.source) == (when, DateSource.MOVIE_HEADER)
    for end in range(0, len(data), 7 if len(data) < 4000 else 97):
        dated(tmp_path, data[:end], name, zone="Europe/Berlin")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("epoch.mkv", matroska(datetime(2001, 1, 1))),
        ("future.mkv", matroska(datetime(2200, 1, 1))),
        ("blank.wmv", windows_media(0)),
        ("beyond.wmv", windows_media(2**63)),
        ("blank.mts", avchd(stated=b"MDPM\x02\x18\xff\xff\xff\xff\x19\xff\xff\xff\xff")),
        ("month 13.mts", avchd(stated=b"MDPM\x02\x18\x00\x20\x19\x13\x19\x04\x18\x30\x45")),
        ("other tags.mts", avchd(stated=b"MDPM\x02\x70\x00\x20\x19\x07\x71\x04\x18\x30\x45")),
        ("blank.dv", dv(b"\xff" * 4, b"\xff" * 4)),
        ("without a time.dv", dv(time=b"")),
        ("program stream.mpg", b"\0\0\1\xba" + bytes(4000)),
    ],
)
def test_movies_that_state_no_date(tmp_path: Path, name: str, data: bytes) -> None:
    assert dated(tmp_path, data, name, zone="UTC") is None


def test_the_file_beside_a_camcorders_movie(tmp_path: Path) -> None:
    movie, beside = tmp_path / "MOV001.MOD", tmp_path / "MOV001.MOI"
    movie.write_bytes(b"\0\0\1\xba" + bytes(4000))
    beside.write_bytes(b"V6\0\0\0\0" + struct.pack(">HBBBBH", 2007, 12, 24, 18, 30, 45_500) + bytes(300))
    found = capture_date(os.fspath(movie), sidecars=[os.fspath(beside)])
    assert found == CaptureDate(datetime(2007, 12, 24, 18, 30, 45), DateSource.CAMCORDER_SIDECAR)
    for damaged in (b"", b"V6", b"V5" + bytes(300), b"V6" + bytes(300), b"V6" + b"\xff" * 300):
        beside.write_bytes(damaged)
        assert capture_date(os.fspath(movie), sidecars=[os.fspath(beside)]) is None


def png_with(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG with further chunks behind its header."""
    plain = made.picture("PNG", b"")
    pieces = [
        len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big") for kind, body in chunks
    ]
    return plain[:33] + b"".join(pieces) + plain[33:]


CREATED = b"Creation Time\0"


@pytest.mark.parametrize(
    ("chunks", "when", "source"),
    [
        ([(b"tEXt", CREATED + b"2019-07-04T10:00:00+02:00")], datetime(2019, 7, 4, 10), DateSource.PNG_TEXT),
        ([(b"tEXt", CREATED + b"2019:07:04 10:00:00")], datetime(2019, 7, 4, 10), DateSource.PNG_TEXT),
        ([(b"tEXt", CREATED + b"Thu, 4 Jul 2019 10:00:00 +0200")], datetime(2019, 7, 4, 10), DateSource.PNG_TEXT),
        ([(b"zTXt", CREATED + b"\0" + zlib.compress(b"2019-07-04"))], datetime(2019, 7, 4), DateSource.PNG_TEXT),
        ([(b"iTXt", CREATED + b"\0\0en\0\x002019-07-04 10:00:00")], datetime(2019, 7, 4, 10), DateSource.PNG_TEXT),
        ([(b"tIME", b"\x07\xe3\x07\x04\x08\x00\x00")], datetime(2019, 7, 4, 10), DateSource.PNG_CHANGED),
        (
            [(b"tIME", b"\x07\xe5\x07\x04\x08\x00\x00"), (b"tEXt", CREATED + b"2019-07-04T10:00:00")],
            datetime(2019, 7, 4, 10),
            DateSource.PNG_TEXT,
        ),
    ],
)
def test_what_a_png_says(tmp_path: Path, chunks: list[tuple[bytes, bytes]], when: datetime, source: DateSource) -> None:
    found = dated(tmp_path, png_with(*chunks), "a.png", zone="Europe/Berlin")
    assert found is not None and (found.when, found.source) == (when, source)


@pytest.mark.parametrize(
    "chunk",
    [
        (b"tEXt", CREATED + b"yesterday"),
        (b"tEXt", CREATED),
        (b"tEXt", b"date:create\x002019-07-04T10:00:00"),
        (b"zTXt", CREATED + b"\0no deflate"),
        (b"iTXt", CREATED),
        (b"tIME", b"\x07\xe3\x0d\x04\x08\x00\x00"),
        (b"tIME", b"\x07\xe3"),
        (b"tIME", bytes(7)),
    ],
)
def test_what_is_no_date_of_a_png(tmp_path: Path, chunk: tuple[bytes, bytes]) -> None:
    assert dated(tmp_path, png_with(chunk), "a.png", zone="UTC") is None


def test_the_name_of_a_png_counts_before_its_last_change(tmp_path: Path) -> None:
    changed = png_with((b"tIME", b"\x07\xe5\x07\x04\x08\x00\x00"))
    found = dated(tmp_path, changed, "Screenshot_2019-04-16-11-19-37.png")
    assert found == CaptureDate(datetime(2019, 4, 16, 11, 19, 37), DateSource.FILE_NAME)


def test_the_modification_time_counts_only_when_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(made.jpeg())
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert capture_date(os.fspath(path)) is None
    found = capture_date(os.fspath(path), use_mtime=True, zone="UTC")
    assert found == CaptureDate(datetime(2001, 9, 9, 1, 46, 40), DateSource.MODIFICATION_TIME, 0)


def test_a_damaged_sidecar_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.xmp").write_bytes(b"<x:xmpmeta><nothing")
    (tmp_path / "a.json").write_bytes(b"\0\0")
    found = dated(
        tmp_path,
        made.jpeg(),
        "20190304_120102.jpg",
        sidecars=[os.fspath(tmp_path / "a.xmp"), os.fspath(tmp_path / "a.json")],
    )
    assert found == CaptureDate(datetime(2019, 3, 4, 12, 1, 2), DateSource.FILE_NAME)


def test_an_unreadable_file_and_an_unknown_zone_are_errors(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        capture_date(os.fspath(tmp_path / "gone.jpg"))
    with pytest.raises(ValueError, match="no time zone called 'Mars/Base'"):
        capture_date(os.fspath(tmp_path), zone="Mars/Base")


NAMES = [
    ("20190304_120102.jpg", datetime(2019, 3, 4, 12, 1, 2)),
    ("IMG_20190304_120102.jpg", datetime(2019, 3, 4, 12, 1, 2)),
    ("IMG20190304120102.jpg", datetime(2019, 3, 4, 12, 1, 2)),
    ("PXL_20190304_120102123.jpg", datetime(2019, 3, 4, 12, 1, 2, 123_000)),
    ("PXL_20190304_120102123.MP.jpg", datetime(2019, 3, 4, 12, 1, 2, 123_000)),
    ("VID-20190304-WA0001.mp4", datetime(2019, 3, 4)),
    ("Screenshot_2019-04-16-11-19-37-232_com.google.a.jpg", datetime(2019, 4, 16, 11, 19, 37, 232_000)),
    ("Screenshot_20190416-111937_Chrome.png", datetime(2019, 4, 16, 11, 19, 37)),
    ("signal-2020-10-26-163832.jpg", datetime(2020, 10, 26, 16, 38, 32)),
    ("00000IMG_00000_BURST20190216172030.jpg", datetime(2019, 2, 16, 17, 20, 30)),
    ("00100lPORTRAIT_00100_BURST20190216172030123_COVER.jpg", datetime(2019, 2, 16, 17, 20, 30, 123_000)),
    ("WhatsApp Image 2019-03-04 at 12.01.02.jpeg", datetime(2019, 3, 4, 12, 1, 2)),
    ("Screen Shot 2019-03-04 at 1.01.02 PM.png", datetime(2019, 3, 4, 13, 1, 2)),
    ("Screen Shot 2019-03-04 at 12.01.02 AM.png", datetime(2019, 3, 4, 0, 1, 2)),
    ("2019-03-04 12.01.02-1.jpg", datetime(2019, 3, 4, 12, 1, 2)),
    ("20190304.jpg", datetime(2019, 3, 4)),
    ("2019.03.04", datetime(2019, 3, 4)),
    ("2019-3-4.jpg", datetime(2019, 3, 4)),
    ("27-Sep-1961.jpg", datetime(1961, 9, 27)),
    ("IMG_20190304_996102.jpg", datetime(2019, 3, 4)),
    ("151-5181_20190304 beach.jpg", datetime(2019, 3, 4)),
    ("20190304 Birthday.jpg", datetime(2019, 3, 4)),
]
NO_DATES = [
    *("", "a.jpg", "2024.png", "2024-05.png", "IMG_1234.jpg", "151-5181_IMG.JPG", "20223112-125200.jpg"),
    *("20191304_120102.jpg", "2019-02-30.jpg", "00120304_120102.jpg", "20990304_120102.jpg", "18250304.jpg"),
    *("120190304.jpg", "2019030412.jpg", "201903041201021.jpg", "201903041201021234.jpg", "20190304996102.jpg"),
    *("20190304-1234-4abc-8def-1234567890ab.jpg"),
    *("d41d20190304b204e9800998ecf8427e.jpg", "zCMl20190304TqyaElbmIF.jpg", "a20190304.jpg", "v1.2019.3.4.png"),
    *("FB_IMG_1551697262000.jpg", "04.03.2019.jpg", "2019-0304.jpg", "7f20190304.jpg"),
]


@pytest.mark.parametrize(("name", "when"), NAMES)
def test_dates_in_names(name: str, when: datetime) -> None:
    found = date_in_name(name)
    assert found is not None and found.when == when
    assert (found.precision is Precision.DAY) == (when.time() == datetime.min.time())


@pytest.mark.parametrize("name", NO_DATES)
def test_names_without_a_day(name: str) -> None:
    assert date_in_name(name) is None


@given(st.uuids(), st.sampled_from(["{}.jpg", "IMG_{}.jpg", "{} (1).png"]))
def test_a_uuid_never_states_a_date(token: object, pattern: str) -> None:
    assert date_in_name(pattern.format(token)) is None


@given(st.text(max_size=40))
def test_any_name_is_read(name: str) -> None:
    found = date_in_name(name)
    assert found is None or 1826 <= found.when.year <= latest_year()


# --- movies ---------------------------------------------------------------------------------------------------------

RECORDED = datetime(2015, 12, 12, 23, 30, 0)
APPLE = {"com.apple.quicktime.make": "Apple", "com.apple.quicktime.creationdate": "2015-01-19T12:45:11-0800"}


@pytest.mark.parametrize("full", [False, True])
def test_apples_date_beats_the_header_and_keeps_its_offset(tmp_path: Path, full: bool) -> None:
    data = made.movie(made.mvhd(RECORDED), made.apple_meta(APPLE, full=full))
    found = dated(tmp_path, data, "video.mov", zone="Asia/Tokyo")
    assert found == CaptureDate(datetime(2015, 1, 19, 12, 45, 11), DateSource.APPLE_CREATION_DATE, -480)


def test_the_date_of_older_iphones(tmp_path: Path) -> None:
    text = b"2012-03-04T10:11:12+0100"
    day = made.box(b"\xa9day", struct.pack(">HH", len(text), 0), text)
    data = made.movie(made.mvhd(RECORDED), made.box(b"udta", day))
    found = dated(tmp_path, data, "video.mov")
    assert found == CaptureDate(datetime(2012, 3, 4, 10, 11, 12), DateSource.APPLE_CREATION_DATE, 60)


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("brand", [b"qt  ", b"isom", b"3gp4"])
def test_the_movie_header_is_utc_shown_in_the_zone(tmp_path: Path, version: int, brand: bytes) -> None:
    data = made.movie(made.mvhd(RECORDED, version), brand=brand)
    found = dated(tmp_path, data, "a.mp4", zone="Europe/Berlin")
    assert found == CaptureDate(datetime(2015, 12, 13, 0, 30), DateSource.MOVIE_HEADER, 60)


def test_the_systems_zone_is_the_default(tmp_path: Path) -> None:
    local = RECORDED.replace(tzinfo=timezone.utc).astimezone()
    found = dated(tmp_path, made.movie(made.mvhd(RECORDED)), "a.mp4")
    assert found is not None and found.when == local.replace(tzinfo=None)
    assert found.offset == (local.utcoffset() or timedelta()).total_seconds() // 60


def test_a_recorder_that_counts_from_1970(tmp_path: Path) -> None:
    header = made.box(b"mvhd", bytes(4), struct.pack(">II", 1_130_521_000, 0), bytes(80))
    found = dated(tmp_path, made.movie(header), "a.3gp", zone="UTC")
    assert found is not None and found.when == datetime(2005, 10, 28, 17, 36, 40)


@pytest.mark.parametrize("seconds", [0, 1, 2_082_844_800, 2_082_844_801, 0xFFFFFFFF])
def test_a_clock_that_was_never_set_is_no_date(tmp_path: Path, seconds: int) -> None:
    header = made.box(b"mvhd", bytes(4), struct.pack(">II", seconds, seconds), bytes(80))
    found = dated(tmp_path, made.movie(header), "trip.mp4", zone="UTC")
    assert found is None


def test_a_quicktime_file_without_a_brand(tmp_path: Path) -> None:
    data = made.box(b"wide") + made.box(b"mdat", bytes(50)) + made.box(b"moov", made.mvhd(RECORDED))
    found = dated(tmp_path, data, "a.mov", zone="UTC")
    assert found == CaptureDate(RECORDED, DateSource.MOVIE_HEADER, 0)


def test_a_movie_cut_in_half_has_the_date_of_its_name(tmp_path: Path) -> None:
    data = made.movie(made.mvhd(RECORDED), media=5000)
    found = dated(tmp_path, data[: len(data) // 2], "VID_20190304_120102.mp4")
    assert found == CaptureDate(datetime(2019, 3, 4, 12, 1, 2), DateSource.FILE_NAME)


@pytest.mark.parametrize("text", [b"Fri Mar 14 12:30:35 2003\n\0", b"2003:03:14 12:30:35", b"2003-03-14 12:30:35\0"])
def test_avi(tmp_path: Path, text: bytes) -> None:
    found = dated(tmp_path, made.avi((b"avih", bytes(8)), (b"IDIT", text)), "a.avi")
    assert found == CaptureDate(datetime(2003, 3, 14, 12, 30, 35), DateSource.AVI_HEADER)


def info(text: bytes) -> bytes:
    """A list of texts of an AVI: its software, then when it was created."""
    chunks = [
        kind + struct.pack("<I", len(text)) + text + b"\0" * (len(text) % 2)
        for kind, text in ((b"ISFT", b"CanonMVI06\0"), (b"ICRD", text))
    ]
    body = b"INFO" + b"".join(chunks)
    return b"LIST" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("text", "when"),
    [
        (b"2007-12-24 18:30:45\0", datetime(2007, 12, 24, 18, 30, 45)),
        (b"Mon Dec 24 18:30:45 2007\n\0", datetime(2007, 12, 24, 18, 30, 45)),
        (b"2007-12-24\0", None),
        (b"2007/12/24/ 18:30\0", None),
    ],
)
def test_the_creation_date_of_an_avi(tmp_path: Path, text: bytes, when: datetime | None) -> None:
    found = dated(tmp_path, made.avi((b"avih", bytes(8))) + info(text), "a.avi")
    assert found == (when and CaptureDate(when, DateSource.AVI_HEADER))
    both = dated(tmp_path, made.avi((b"IDIT", b"2003-03-14 12:30:35")) + info(text), "b.avi")
    assert both == CaptureDate(datetime(2003, 3, 14, 12, 30, 35), DateSource.AVI_HEADER)


@pytest.mark.parametrize(
    "text", [b"", b"Fri Foo 14 12:30:35 2003", b"Fri Mar 32 12:30:35 2003", b"Fri Mar 14 12:30:35 2099"]
)
def test_avi_without_a_date(tmp_path: Path, text: bytes) -> None:
    assert dated(tmp_path, made.avi((b"IDIT", text)), "a.avi") is None


# --- Live Photos ----------------------------------------------------------------------------------------------------

IDENTIFIER = "1745E022-9712-43C7-B024-F308EC6413CB"


def apple_note(identifier: str) -> bytes:
    text = identifier.encode() + b"\0"
    table = struct.pack(">HHHII", 1, 0x0011, 2, len(text), 14 + 2 + 12 + 4) + bytes(4)
    return b"Apple iOS\0\0\1MM" + table + text


def test_still_and_movie_of_a_live_photo_have_the_same_identifier(tmp_path: Path) -> None:
    still, moving, other = tmp_path / "a.heic", tmp_path / "a.mov", tmp_path / "b.jpg"
    block = made.exif_block({}, {made.MAKER_NOTE: apple_note(IDENTIFIER)})
    still.write_bytes(made.picture("HEIF", block))
    moving.write_bytes(made.movie(made.apple_meta({"com.apple.quicktime.content.identifier": IDENTIFIER.lower()})))
    other.write_bytes(made.jpeg(made.exif_block({}, {made.MAKER_NOTE: b"Nikon\0\2"})))
    assert content_identifier(os.fspath(still)) == content_identifier(os.fspath(moving)) == IDENTIFIER
    assert content_identifier(os.fspath(other)) is None


# --- damage ---------------------------------------------------------------------------------------------------------


def specimens() -> list[bytes]:
    block = made.exif_block({MODIFIED: TAKEN}, {ORIGINAL: TAKEN, made.MAKER_NOTE: apple_note(IDENTIFIER)})
    packet = made.xmp_packet('exif:DateTimeOriginal="2010-07-08T09:10:11+02:00"')
    formats = [made.picture(format, block, packet) for format in ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")]
    movies = [made.movie(made.mvhd(RECORDED), made.apple_meta(APPLE)), made.avi((b"IDIT", b"2003-03-14 12:30:35"))]
    others = [matroska(), windows_media(), avchd(bytes(4)), avchd(), dv()]
    texts = png_with((b"zTXt", CREATED + b"\0" + zlib.compress(b"2019-07-04")), (b"tIME", b"\x07\xe3\x07\x04\x08\0\0"))
    return [*formats, made.picture("TIFF", block), *movies, *others, texts, *raw_files().values()]


SPECIMENS = specimens()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(range(len(SPECIMENS))), st.randoms(use_true_random=False), st.booleans())
def test_damage_is_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, which: int, chance: random.Random, cut: bool
) -> None:
    data = bytearray(SPECIMENS[which])
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(min(len(data), 600))
        data[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", chance.randbytes(4)])
    if cut:
        del data[chance.randrange(len(data)) :]
    path = tmp_path_factory.getbasetemp() / "damaged.bin"
    path.write_bytes(data)
    found = capture_date(os.fspath(path), zone="UTC")
    content_identifier(os.fspath(path))
    assert found is None or 1826 <= found.when.year <= latest_year()


def test_absurd_lengths_read_nothing_absurd(tmp_path: Path) -> None:
    """A tag that claims four gigabytes, a directory that is its own next, a box larger than the file."""
    block = bytearray(made.exif_block({MODIFIED: TAKEN}, {ORIGINAL: TAKEN}))
    block[8 + 2 + 4 : 8 + 2 + 8] = b"\xff\xff\xff\xff"
    dated(tmp_path, made.jpeg(bytes(block)))
    circle = b"II*\0\x08\0\0\0\1\0" + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    assert dated(tmp_path, circle) is None
    assert dated(tmp_path, b"\0\0\0\x18ftypqt  " + bytes(12) + b"\xff\xff\xff\xffmoov", "a.mov") is None
    window = Window.of_bytes(bytes(10))
    assert window.read(5, 10**12) == bytes(5) and window.read(-1, 5) == b"" and window.part(4, 10**12).size == 6


@pytest.mark.slow
def test_claims_that_take_no_bytes_are_bounded() -> None:
    """Items whose extents have numbers of no width: each costs six bytes and may claim 65,535 extents."""
    item = struct.pack(">HHHH", 1, 0, 0, 65_535)
    table = made.box(b"iloc", b"\1\0\0\0", bytes(2), struct.pack(">H", 20_000), item * 20_000)
    file = made.box(b"ftyp", b"heic", bytes(4)) + made.box(b"meta", bytes(4), table)
    heif = Heif.of(Window.of_bytes(file))
    assert heif is not None and sum(len(each.extents) for each in heif.items) <= EXTENT_LIMIT


def test_a_marker_behind_any_number_of_fill_bytes(tmp_path: Path) -> None:
    plain = made.jpeg(made.exif_block({}, {ORIGINAL: TAKEN}))
    found = dated(tmp_path, plain[:20] + b"\xff" * 3000 + plain[20:])
    assert found == CaptureDate(WHEN, DateSource.EXIF_ORIGINAL)
    assert dated(tmp_path, plain[:20] + b"\xff" * 30_000_000) is None


def test_a_picture_that_moves_is_no_movie(tmp_path: Path) -> None:
    frames = [made.scene(seed, (64, 48)) for seed in (1, 2)]
    path = tmp_path / "a.avif"
    block = b"Exif\0\0" + made.exif_block({}, {ORIGINAL: TAKEN})
    frames[0].save(path, save_all=True, append_images=frames[1:], exif=block)
    assert path.read_bytes()[8:12] == b"avis"
    assert capture_date(os.fspath(path)) == CaptureDate(WHEN, DateSource.EXIF_ORIGINAL)


# --- real files -----------------------------------------------------------------------------------------------------

BEST_FIRST = (
    "ExifIFD:DateTimeOriginal",
    "IFD0:DateTimeOriginal",
    "ExifIFD:CreateDate",
    "IFD0:ModifyDate",
    "Keys:CreationDate",
    "QuickTime:CreateDate",
)


def test_no_wrong_date_in_real_files(shared_data: Path) -> None:
    with (shared_data / "camera_dates.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    wrong = []
    for path in sorted((shared_data / "camera").iterdir()):
        stated = {row["tag"]: row["value"] for row in rows if row["file"] == path.name}
        dates = (stated[tag][:19] for tag in BEST_FIRST if tag in stated)
        expected = next((text for text in dates if not text.startswith("0000")), None)
        found = capture_date(os.fspath(path), zone="UTC", use_name=False)
        if (f"{found.when:%Y:%m:%d %H:%M:%S}" if found else None) != expected:
            wrong.append((path.name, expected, found))
    assert not wrong


def test_what_a_real_live_photo_says(shared_data: Path) -> None:
    path = os.fspath(shared_data / "camera" / "IMG_2927.HEIC")
    assert content_identifier(path) == IDENTIFIER
    assert capture_date(path) == CaptureDate(datetime(2020, 5, 4, 18, 39, 11, 644_000), DateSource.EXIF_ORIGINAL, -240)
