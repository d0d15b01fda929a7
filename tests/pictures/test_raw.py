"""RAW files by their previews, in files that are built as cameras build them."""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from image_sync.base.model import Fingerprint
from image_sync.pictures import hashes
from image_sync.pictures.content import Content
from image_sync.pictures.errors import FOR_NOW
from image_sync.pictures.measure import measure, small_of
from image_sync.pictures.pixels import thumbnail
from image_sync.pictures.raw import find_preview
from tests.pictures_made import scene

Field = tuple[int, int, bytes]
"""Tag, type, data."""
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8}


def jpeg(picture: Image.Image, exif: bytes = b"") -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=90, exif=exif)
    return stream.getvalue()


def short(tag: int, value: int) -> Field:
    return tag, 3, struct.pack("<H", value)


def long(tag: int, value: int) -> Field:
    return tag, 4, struct.pack("<I", value)


def text(tag: int, value: str) -> Field:
    return tag, 2, value.encode() + b"\0"


class Builder:
    """Lays directories and data one behind the other; what is pointed to is laid first."""

    def __init__(self, magic: bytes = b"II*\0") -> None:
        self.data = bytearray(magic + bytes(4))

    def lay(self, data: bytes) -> int:
        place = len(self.data)
        self.data += data + bytes(len(data) % 2)
        return place

    def directory(self, fields: list[Field], following: int = 0) -> int:
        table = struct.pack("<H", len(fields))
        for tag, kind, value in sorted(fields):
            table += struct.pack("<HHI", tag, kind, len(value) // _SIZES[kind])
            table += value.ljust(4, b"\0") if len(value) <= 4 else struct.pack("<I", self.lay(value))
        return self.lay(table + struct.pack("<I", following))

    def finished(self, first: int) -> bytes:
        self.data[4:8] = struct.pack("<I", first)
        return bytes(self.data)


CAMERA = [text(0x010F, "Maker"), text(0x0110, "Model R"), text(0x0132, "2020:01:02 03:04:05")]
SENSOR = bytes(range(256)) * 40
PICTURE = scene(1, (1200, 800))
TINY = scene(2, (160, 120))


def tiff_based(orientation: int = 1) -> bytes:
    """As NEF and DNG: a tiny preview in the first directory, the sensor and the large preview in children of it."""
    made = Builder()
    stored = PICTURE.transpose(Image.Transpose.ROTATE_90) if orientation == 6 else PICTURE
    preview, tiny, sensor = jpeg(stored), jpeg(TINY), made.lay(SENSOR)
    sizes = (6000, 4000) if orientation == 1 else (4000, 6000)
    raw = made.directory([long(0x00FE, 0), long(0x0100, sizes[0]), long(0x0101, sizes[1]), long(0x0111, sensor)])
    large = made.directory([long(0x00FE, 1), long(0x0201, made.lay(preview)), long(0x0202, len(preview))])
    first = [*CAMERA, short(0x0112, orientation), long(0x00FE, 1)]
    first += [short(0x0103, 6), long(0x0111, made.lay(tiny)), long(0x0117, len(tiny))]
    first += [(0x014A, 4, struct.pack("<II", raw, large))]
    return made.finished(made.directory(first))


def canon_cr2() -> bytes:
    """The first directory's strip is the large preview; the last holds the sensor as lossless JPEG."""
    made = Builder()
    preview = jpeg(PICTURE)
    lossless = b"\xff\xd8\xff\xc3\0\x11\x0e" + struct.pack(">HH", 4000, 6000) + bytes(400)
    last = made.directory([short(0x0103, 6), long(0x0111, made.lay(lossless)), long(0x0117, len(lossless))])
    strip = [short(0x0103, 6), long(0x0111, made.lay(preview)), long(0x0117, len(preview))]
    return made.finished(made.directory([*CAMERA, *strip], last))


def panasonic() -> bytes:
    made = Builder(b"IIU\0")
    return made.finished(made.directory([*CAMERA, (0x002E, 7, jpeg(PICTURE))]))


def fuji() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "Model R"
    exif[0x0112] = 3
    preview = jpeg(PICTURE.transpose(Image.Transpose.ROTATE_180), exif.tobytes())
    head = b"FUJIFILMCCD-RAW 0201".ljust(84, b"\0") + struct.pack(">II", 160, len(preview))
    return head.ljust(160, b"\0") + preview + SENSOR


def canon_cr3() -> bytes:
    """Boxes: a TIFF structure with the first directory, one with the Exif directory, and the preview anywhere."""
    general = Builder()
    general_data = general.finished(general.directory([text(0x0110, "Model R"), short(0x0112, 1)]))
    details = Builder()
    details_data = details.finished(details.directory([text(0x9003, "2020:01:02 03:04:05")]))
    boxes = [(b"ftyp", b"crx \0\0\0\1crx isom"), (b"CMT1", general_data), (b"CMT2", details_data)]
    boxes += [(b"PRVW", jpeg(TINY)), (b"mdat", jpeg(PICTURE) + SENSOR)]
    return b"".join(struct.pack(">I", 8 + len(data)) + kind + data for kind, data in boxes)


def olympus() -> bytes:
    """A magic number of its own, and the preview where only the maker's notes would tell."""
    made = Builder(b"IIRO")
    made.lay(SENSOR)
    made.lay(jpeg(PICTURE))
    return made.finished(made.directory(CAMERA))


FILES = {
    "a.nef": (tiff_based, (6000, 4000)),
    "a.dng": (tiff_based, (6000, 4000)),
    "a.cr2": (canon_cr2, (1200, 800)),
    "a.RW2": (panasonic, (1200, 800)),
    "a.raf": (fuji, (1200, 800)),
    "a.cr3": (canon_cr3, (1200, 800)),
    "a.orf": (olympus, (1200, 800)),
}


def fingerprint(path: Path) -> Fingerprint:
    measured = measure(str(path), path.stat().st_size, False)
    assert measured.fingerprint is not None, str(measured.problem)
    return measured.fingerprint


def expected_codes() -> bytes:
    return hashes.codes_of(small_of(PICTURE.convert("L"), 1))


@pytest.mark.parametrize("name", FILES)
def test_the_largest_preview_is_the_picture(tmp_path: Path, name: str) -> None:
    make, size = FILES[name]
    path = tmp_path / name
    path.write_bytes(make())
    known = fingerprint(path)
    assert known.format == name[2:].upper()
    assert (known.width, known.height) == size
    assert known.camera == "Model R"
    assert known.jpeg_quality is None
    assert hashes.similarity(known.codes, expected_codes()) >= 0.97
    if name != "a.raf":
        assert known.captured == "2020-01-02T03:04:05"
    small = thumbnail(str(path), 150)
    assert (small.mode, small.size) == ("RGB", (150, 100))


def test_the_raw_s_orientation_holds_for_its_preview(tmp_path: Path) -> None:
    path = tmp_path / "a.nef"
    path.write_bytes(tiff_based(orientation=6))
    known = fingerprint(path)
    assert (known.width, known.height) == (6000, 4000)
    assert hashes.similarity(known.codes, expected_codes()) >= 0.97
    assert thumbnail(str(path), 150).size == (150, 100)


def test_the_real_files_of_that_name(shared_data: Path) -> None:
    known = [fingerprint(path) for path in sorted((shared_data / "camera").glob("*.nef"))]
    assert [(each.width, each.height, each.camera) for each in known] == [(2000, 3008, "NIKON D70s")] * 2


def test_a_raw_without_a_preview_is_a_problem_that_may_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rawpy", None)
    path = tmp_path / "a.arw"
    path.write_bytes(tiff_without_preview())
    problem = measure(str(path), path.stat().st_size, False).problem
    assert problem is not None
    assert (problem.what, problem.why) == (FOR_NOW, "it carries no preview")
    assert "rawpy" in problem.hint


def tiff_without_preview() -> bytes:
    made = Builder()
    return made.finished(made.directory([*CAMERA, short(0x0112, 1), long(0x0111, made.lay(SENSOR))]))


def test_the_optional_reader_is_asked_when_there_is_no_preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Raw:
        sizes = SimpleNamespace(iwidth=1200, iheight=800)

        def __enter__(self) -> Raw:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def postprocess(self, **_: object) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
            return np.asarray(PICTURE.resize((600, 400)))

    monkeypatch.setitem(sys.modules, "rawpy", SimpleNamespace(imread=lambda _: Raw()))
    path = tmp_path / "a.arw"
    path.write_bytes(tiff_without_preview())
    known = fingerprint(path)
    assert (known.format, known.width, known.height, known.camera) == ("ARW", 1200, 800, "Model R")
    assert hashes.similarity(known.codes, expected_codes()) >= 0.97
    assert thumbnail(str(path), 150).size == (150, 100)


def sensor_data() -> bytes:
    """A DNG of uncompressed sensor data (red, green, green, blue in squares of four) and nothing else."""
    pixels = np.asarray(PICTURE).astype(np.uint16) * 200
    sensor = pixels[:, :, 1].copy()
    sensor[::2, ::2], sensor[1::2, 1::2] = pixels[::2, ::2, 0], pixels[1::2, 1::2, 2]
    made = Builder()
    strip = made.lay(sensor.astype("<u2").tobytes())
    fields = [*CAMERA, long(0x00FE, 0), long(0x0100, 1200), long(0x0101, 800), short(0x0102, 16), short(0x0103, 1)]
    fields += [short(0x0106, 32803), long(0x0111, strip), short(0x0112, 1), short(0x0115, 1), long(0x0116, 800)]
    fields += [long(0x0117, sensor.nbytes), (0x828D, 3, struct.pack("<HH", 2, 2)), (0x828E, 1, b"\0\1\1\2")]
    fields += [(0xC612, 1, b"\1\4\0\0"), (0xC613, 1, b"\1\1\0\0"), text(0xC614, "Model R")]
    matrix = [number for value in (3, -1, 0, -1, 3, 0, 0, 0, 2) for number in (value, 2)]
    fields += [(0xC621, 10, struct.pack("<18i", *matrix)), (0xC628, 5, struct.pack("<6I", 1, 1, 1, 1, 1, 1))]
    return made.finished(made.directory(fields))


def test_the_optional_reader_itself(tmp_path: Path) -> None:
    pytest.importorskip("rawpy")
    path = tmp_path / "a.dng"
    path.write_bytes(sensor_data())
    known = fingerprint(path)
    assert (known.format, known.camera) == ("DNG", "Model R")
    assert abs(known.width - 1200) <= 16 and abs(known.height - 800) <= 16
    assert hashes.similarity(known.codes, expected_codes()) >= 0.85
    assert max(thumbnail(str(path), 150).size) == 150


@pytest.mark.parametrize("name", FILES)
def test_a_raw_that_is_cut_is_a_problem_or_a_smaller_preview(tmp_path: Path, name: str) -> None:
    whole = FILES[name][0]()
    path = tmp_path / name
    for share in range(0, 100, 7):
        path.write_bytes(whole[: len(whole) * share // 100])
        measured = measure(str(path), path.stat().st_size, False)
        assert (measured.fingerprint is None) != (measured.problem is None)


def test_directories_that_point_to_one_another_end() -> None:
    made = Builder()
    first = made.directory([*CAMERA, (0x014A, 4, struct.pack("<II", 8, 8))], 8)
    data = bytearray(made.finished(first))
    data[8:8] = b""
    assert find_preview(Content(bytes(data)))[0] is None


def test_only_what_is_needed_is_read(tmp_path: Path) -> None:
    """A large RAW isn't read as a whole: its preview and its directories are."""
    path = tmp_path / "a.nef"
    path.write_bytes(tiff_based() + bytes(3 * 2**20))
    assert fingerprint(path).width == 6000


def test_a_lossless_jpeg_is_no_preview() -> None:
    preview, _, _ = find_preview(Content(canon_cr2()))
    assert preview is not None and preview.size == (1200, 800)
