"""EXIF: right on real cameras, harmless on damage."""

from __future__ import annotations

import csv
import struct
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from image_sync.pictures import content as contents
from image_sync.pictures.content import Content
from image_sync.pictures.decode import decode
from image_sync.pictures.metadata.fast_exif import NOTHING, iso_date, read_exif, read_tiff


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2004:03:05 10:11:12", "2004-03-05T10:11:12"),
        (" 2004:03:05 10:11:12 ", "2004-03-05T10:11:12"),
        ("2004-03-05T10:11:12", "2004-03-05T10:11:12"),
        ("2004/03/05 10:11", "2004-03-05T10:11:00"),
        ("2004: 3: 5 10: 1: 2", "2004-03-05T10:01:02"),
        ("2004:03:05 10:11:12.345+02:00", "2004-03-05T10:11:12"),
        ("1826:06:01 00:00:00", "1826-06-01T00:00:00"),
        ("0000:00:00 00:00:00", ""),
        ("    :  :     :  :  ", ""),
        ("", ""),
        ("2004:13:05 10:11:12", ""),
        ("2003:02:29 10:11:12", ""),
        ("2004:03:05 24:00:00", ""),
        ("2004:03:05 10:11:60", ""),
        ("0012:03:05 10:11:12", ""),
        ("not a date", ""),
        ("20040305101112", ""),
    ],
)
def test_dates(text: str, date: str) -> None:
    assert iso_date(text) == date


# --- built by hand ----------------------------------------------------------------------------------------------------

Field = tuple[int, int, int, bytes]


def ascii_field(tag: int, text: str) -> Field:
    return tag, 2, len(text) + 1, text.encode() + b"\0"


def short_field(tag: int, value: int, order: str) -> Field:
    return tag, 3, 1, struct.pack(f"{order}H", value)


def rational_field(tag: int, values: tuple[int, ...], order: str) -> Field:
    return tag, 5, len(values) // 2, struct.pack(f"{order}{len(values)}I", *values)


def tiff(first: list[Field], exif: list[Field], gps: list[Field], order: str = "<") -> bytes:
    """A TIFF structure of three directories."""
    data = bytearray((b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8))
    lengths = [2 + 12 * (len(fields) + extra) + 4 for fields, extra in ((first, 2), (exif, 0), (gps, 0))]
    starts = [8, 8 + lengths[0], 8 + lengths[0] + lengths[1]]
    heap = bytearray()
    heap_start = sum(lengths) + 8
    pointers = [
        (0x8769, 4, 1, struct.pack(f"{order}I", starts[1])),
        (0x8825, 4, 1, struct.pack(f"{order}I", starts[2])),
    ]
    for fields in ([*first, *pointers], exif, gps):
        data += struct.pack(f"{order}H", len(fields))
        for tag, kind, count, value in fields:
            data += struct.pack(f"{order}HHI", tag, kind, count)
            if len(value) <= 4:
                data += value.ljust(4, b"\0")
            else:
                data += struct.pack(f"{order}I", heap_start + len(heap))
                heap += value
        data += bytes(4)
    return bytes(data + heap)


@pytest.mark.parametrize("order", ["<", ">"])
def test_all_that_is_read(order: str) -> None:
    block = tiff(
        [
            ascii_field(0x010F, "Maker"),
            ascii_field(0x0110, "Model T"),
            short_field(0x0112, 6, order),
            ascii_field(0x0132, "2011:01:10 21:09:00"),
        ],
        [
            ascii_field(0x9003, "2010:12:12 12:41:35"),
            ascii_field(0x9004, "2010:12:13 00:00:00"),
            ascii_field(0x9011, "+01:00"),
            ascii_field(0x9291, "25"),
        ],
        [rational_field(0x0002, (48, 1, 30, 1, 0, 1), order), rational_field(0x0004, (16, 1, 20, 1, 0, 1), order)],
        order,
    )
    for exif in (read_tiff(block), read_exif(block), read_exif(b"Exif\0\0" + block)):
        assert (exif.make, exif.model, exif.orientation) == ("Maker", "Model T", 6)
        assert exif.captured == "2010-12-12T12:41:35"
        assert (exif.original.offset, exif.original.fraction) == ("+01:00", "25")
        assert exif.digitized.iso == "2010-12-13T00:00:00"
        assert exif.modified.iso == "2011-01-10T21:09:00"
        assert exif.has_gps


@pytest.mark.parametrize(
    ("original", "digitized", "modified", "captured"),
    [
        ("2010:12:12 12:41:35", "2011:01:01 00:00:00", "2012:01:01 00:00:00", "2010-12-12T12:41:35"),
        ("0000:00:00 00:00:00", "2011:01:01 00:00:00", "2012:01:01 00:00:00", "2011-01-01T00:00:00"),
        ("    :  :     :  :  ", "", "2012:01:01 00:00:00", "2012-01-01T00:00:00"),
        ("", "", "0000:00:00 00:00:00", ""),
    ],
)
def test_the_capture_date_is_the_first_real_one(original: str, digitized: str, modified: str, captured: str) -> None:
    details = [ascii_field(0x9003, original), ascii_field(0x9004, digitized)]
    assert read_tiff(tiff([ascii_field(0x0132, modified)], details, [])).captured == captured


def test_a_position_of_nothing_over_nothing_is_none() -> None:
    angles = [rational_field(tag, (0, 0, 0, 0, 0, 0), "<") for tag in (2, 4)]
    assert not read_tiff(tiff([], [], angles)).has_gps
    assert not read_tiff(tiff([], [], angles[:1])).has_gps


def test_an_orientation_that_does_not_exist_is_upright() -> None:
    for nonsense in (0, 9, 65535):
        assert read_tiff(tiff([short_field(0x0112, nonsense, "<")], [], [])).orientation == 1


def test_a_pointer_to_itself_ends() -> None:
    block = bytearray(tiff([ascii_field(0x0110, "Model T")], [], []))
    block[block.index(struct.pack("<HHI", 0x8769, 4, 1)) + 8 :][:4] = struct.pack("<I", 8)
    place = block.index(struct.pack("<HHI", 0x8769, 4, 1)) + 8
    block[place : place + 4] = struct.pack("<I", 8)
    assert read_tiff(bytes(block)).model == "Model T"


WHOLE = tiff([ascii_field(0x0110, "Model T")], [ascii_field(0x9003, "2010:12:12 12:41:35")], [])


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12), st.integers(0, len(WHOLE))
)
@example([], len(WHOLE))
@example([(8, 255), (9, 255)], len(WHOLE))
def test_damage_never_raises(changes: list[tuple[int, int]], length: int) -> None:
    block = bytearray(WHOLE)
    for place, value in changes:
        block[place] = value
    exif = read_exif(bytes(block[:length]))
    assert 1 <= exif.orientation <= 8
    assert exif.captured == "" or len(exif.captured) == 19


@given(st.binary(max_size=200))
def test_anything_may_stand_where_exif_is_expected(block: bytes) -> None:
    assert read_exif(block).entries >= 0


def test_nothing_is_nothing() -> None:
    assert read_exif(b"") is NOTHING
    assert NOTHING.captured == ""


# --- real cameras -----------------------------------------------------------------------------------------------------


def test_dates_and_places_of_real_cameras(shared_data: Path) -> None:
    told: dict[str, dict[str, str]] = defaultdict(dict)
    with open(shared_data / "camera_dates.tsv", encoding="utf-8") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            told[row["file"]][row["tag"]] = row["value"]
    wrong, dated = [], 0
    for path in sorted((shared_data / "camera").iterdir()):
        if path.suffix.lower() not in (".jpg", ".heic", ".webp", ".avif", ".nef"):
            continue
        with contents.read(str(path)) as content:
            exif = decode(content).exif
        tags = told[path.name]
        original = tags.get("ExifIFD:DateTimeOriginal", "")
        expected = iso_date(original or tags.get("ExifIFD:CreateDate", "") or tags.get("IFD0:ModifyDate", ""))
        dated += bool(expected)
        if exif.captured != expected or exif.original.fraction != tags.get("ExifIFD:SubSecTimeOriginal", ""):
            wrong.append((path.name, exif.captured, expected, exif.original))
    assert wrong == []
    assert dated >= 50


def test_a_png_by_imagemagick_has_its_exif_as_text(tmp_path: Path) -> None:
    from PIL import PngImagePlugin

    block = b"Exif\0\0" + tiff([short_field(0x0112, 6, "<"), ascii_field(0x0110, "Model T")], [], [])
    digits = block.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    info = PngImagePlugin.PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{lines}\n")
    Image.new("RGB", (20, 10)).save(tmp_path / "a.png", pnginfo=info)
    decoded = decode(Content((tmp_path / "a.png").read_bytes()))
    assert (decoded.exif.orientation, decoded.exif.model) == (6, "Model T")
    assert decoded.upright_size == (10, 20)
