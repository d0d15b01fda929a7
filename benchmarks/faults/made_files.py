"""Small sound files of every kind that a parser of the program reads: what is then damaged."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
import zipfile
from datetime import datetime
from typing import Any

from PIL import Image

from image_sync.pictures.metadata.exif_edit import new_block
from image_sync.pictures.metadata.exif_write import xmp_sidecar
from image_sync.pictures.metadata.stated_write import with_stated

_WHEN = datetime(2019, 3, 4, 5, 6, 7)
_SIZE = (48, 40)


def pictures() -> dict[str, list[bytes]]:
    """Files by the name of their format, each plain and with all that metadata can say."""
    made: dict[str, list[bytes]] = {}
    for format, options in _FORMATS:
        made.setdefault(format, []).append(_saved(format, **options))
    for format in ("JPEG", "PNG", "WEBP", "TIFF"):
        made[format].append(_told(made[format][0]))
    made["GIF"].append(_moving())
    for name in ("HEIF", "AVIF"):
        if data := _saved_by_heif(name):
            made[name] = [data]
    return made


_FORMATS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("JPEG", {"quality": 80}),
    ("JPEG", {"quality": 80, "progressive": True}),
    ("PNG", {}),
    ("WEBP", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("GIF", {}),
    ("BMP", {}),
)


def _picture() -> Image.Image:
    return Image.linear_gradient("L").resize(_SIZE).convert("RGB").rotate(7)


def _saved(format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    _picture().save(stream, format, **options)
    return stream.getvalue()


def _saved_by_heif(name: str) -> bytes:
    told = {"exif": new_block(_WHEN), "xmp": xmp_sidecar(_WHEN)}
    if name == "AVIF":
        return _saved("AVIF", speed=10, **told)
    try:
        import pillow_heif
    except ImportError:
        return b""
    stream = io.BytesIO()
    pillow_heif.from_pillow(_picture()).save(stream, **told)
    return stream.getvalue()


def _told(data: bytes) -> bytes:
    """The picture with a date, a place and words in all the places that its format has for them."""
    from image_sync.base.stated import Position, Stated

    words = Stated(
        taken=_WHEN,
        offset=60,
        position=Position(48.1, 11.5),
        rating=4,
        title="A title",
        caption="Words of it",
        keywords=("one", "two"),
        artists=("Somebody",),
    )
    return with_stated(data, words)


def _moving() -> bytes:
    stream = io.BytesIO()
    frames = [_picture().rotate(30 * turn) for turn in range(3)]
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    return stream.getvalue()


def packets() -> list[bytes]:
    """XMP sidecars."""
    from image_sync.base.stated import Stated
    from image_sync.pictures.metadata.stated_write import sidecar_with

    plain = xmp_sidecar(_WHEN)
    return [plain, sidecar_with(plain, Stated(rating=3, title="T", keywords=("a", "b")))]


def takeouts() -> list[bytes]:
    """JSON files as Google's export has them."""
    told = {
        "title": "IMG_1.jpg",
        "description": "Words",
        "photoTakenTime": {"timestamp": "1551675967", "formatted": "x"},
        "geoData": {"latitude": 48.1, "longitude": 11.5, "altitude": 3.0},
        "people": [{"name": "Somebody"}],
    }
    return [json.dumps(told).encode()]


def iptc() -> list[bytes]:
    """Blocks of IPTC, plain and in Photoshop's resources."""
    records = [(55, b"20190304"), (60, b"050607+0100"), (25, b"one"), (120, b"Words")]
    plain = b"".join(b"\x1c\x02" + bytes([kind]) + struct.pack(">H", len(text)) + text for kind, text in records)
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(plain)) + plain
    return [plain, b"8BIM\x04\x09\0\0\0\0\0\x02ab" + resource]


def movies() -> list[bytes]:
    """Movies without a picture: MOV with both of its dates, AVI, Matroska, a transport stream."""
    seconds = int((_WHEN - datetime(1904, 1, 1)).total_seconds())
    header = _box(b"mvhd", bytes(4) + struct.pack(">IIII", seconds, seconds, 600, 6000) + bytes(80))
    key = b"com.apple.quicktime.creationdate"
    keys = _box(b"keys", bytes(4) + struct.pack(">II", 1, len(key) + 8) + b"mdta" + key)
    value = _box(b"data", struct.pack(">II", 1, 0) + b"2019-03-04T05:06:07+0100")
    told = _box(b"meta", _box(b"hdlr", bytes(8) + b"mdta" + bytes(13)) + keys + _box(b"ilst", _box(b"\0\0\0\1", value)))
    mov = _box(b"ftyp", b"qt  \0\0\0\0qt  ") + _box(b"moov", header + told) + _box(b"mdat", bytes(64))
    date = b"MON MAR 04 05:06:07 2019\n\0"
    avi = _riff(b"AVI ", _riff_chunk(b"LIST", b"hdrl" + _riff_chunk(b"avih", bytes(56))) + _riff_chunk(b"IDIT", date))
    nanoseconds = struct.pack(">q", int((_WHEN - datetime(2001, 1, 1)).total_seconds()) * 10**9)
    info = b"\x15\x49\xa9\x66" + b"\x8b" + b"\x44\x61\x88" + nanoseconds
    matroska = b"\x1a\x45\xdf\xa3\x80" + b"\x18\x53\x80\x67" + bytes([0x80 | len(info)]) + info
    stream = (b"\x47\x40\x11\x10" + bytes(184)) * 5
    return [mov, avi, matroska, stream]


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def _riff_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _riff(kind: bytes, body: bytes) -> bytes:
    return _riff_chunk(b"RIFF", kind + body)


def archives() -> list[bytes]:
    """A zip of two packings, a tar and a packed tar."""
    zipped, tape = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("Takeout/a.jpg", b"one" * 40, zipfile.ZIP_STORED)
        archive.writestr("Takeout/ü/b.json", b"two" * 40, zipfile.ZIP_DEFLATED)
    with tarfile.open(fileobj=tape, mode="w") as tar:
        for name in ("Takeout/a.jpg", "Takeout/" + "long" * 30 + ".jpg"):
            info = tarfile.TarInfo(name)
            info.size = 40
            tar.addfile(info, io.BytesIO(bytes(40)))
    return [zipped.getvalue(), tape.getvalue(), gzip.compress(tape.getvalue(), mtime=0)]


def journal_lines() -> list[bytes]:
    """Lines of a journal, of each kind."""
    from image_sync.apply import records
    from image_sync.base.model import Action, Operation, Outcome, Plan, Problem, Stamp

    stamp = Stamp(3, 4_000_000_000)
    operation = Operation(Action.MOVE, "/a/b.jpg", "/a/c.jpg", "because", expected=stamp)
    mark = records.Mark(3, 4, 5, 6, "0" * 32)
    state = records.FolderState("/a", 5, 0o755, (0, 0))
    problem = Problem("/a/b.jpg", "can't be moved", "it is gone", "scan again")
    lines = [
        records.header_line("2019", Plan("organize", {"root": "/a"}, (operation,)), ("/a",), 5.0, 7),
        records.operation_line(0, operation),
        records.folder_line(state),
        records.intent_line(records.Intent(0, source=mark)),
        records.result_line(records.Result(0, Outcome.FAILED, problem=problem)),
        records.undone_line([0], {"/a": mark}),
    ]
    return [records.encode(line) for line in lines]


NAMES = [
    "IMG_20190304_050607.jpg",
    "2019-03-04 05.06.07 - Kopie (2).JPG",
    "WhatsApp Image 2019-03-04 at 05.06.07.jpeg",
    "März 2019",
    "VID-20190304-WA0001.mp4",
    "../../etc/passwd",
    "a\x1b[2Jb\udc80.jpg",
    "2019年3月4日.jpg",
]
"""Names of files and folders; they are damaged as text."""
