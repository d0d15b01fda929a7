"""Bad input: each is one problem in words, soon, in little memory, and never an exception."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from image_sync.base.errors import SCAN_AGAIN
from image_sync.base.model import Problem
from image_sync.pictures import pixels
from image_sync.pictures.content import Content
from image_sync.pictures.decode import decode
from image_sync.pictures.errors import FOR_NOW, WHAT, PictureError
from image_sync.pictures.measure import measure
from tests.pictures_made import scene
from tests.privileges import without_privileges

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
"""The program silences them itself, but pytest sets all filters anew."""

ENDS_EARLY = "damaged: the picture ends early"
BROKEN = "damaged: its data make no picture"


def encoded(format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    if format == "HEIF":
        import pillow_heif

        pillow_heif.from_pillow(scene(1)).save(stream)
    else:
        scene(1).save(stream, format, **options)
    return stream.getvalue()


def half(format: str, **options: object) -> bytes:
    whole = encoded(format, **options)
    return whole[: len(whole) // 2]


def problem_of(path: Path) -> Problem:
    measured = measure(str(path), path.lstat().st_size, False)
    assert measured.fingerprint is None
    assert measured.problem is not None and measured.problem.path == str(path)
    return measured.problem


CUT = {
    "JPEG": lambda: half("JPEG"),
    "progressive JPEG": lambda: half("JPEG", progressive=True),
    "JPEG, all but its last bytes": lambda: encoded("JPEG")[:-40],
    "JPEG, its header only": lambda: encoded("JPEG")[:300],
    "JPEG, the rest zeros": lambda: half("JPEG") + bytes(5000),
    "PNG": lambda: half("PNG"),
    "PNG, its header only": lambda: encoded("PNG")[:60],
    "GIF": lambda: half("GIF"),
    "BMP": lambda: half("BMP"),
    "TIFF": lambda: half("TIFF"),
    "TIFF in LZW": lambda: half("TIFF", compression="tiff_lzw"),
    "WebP": lambda: half("WEBP"),
    "AVIF": lambda: half("AVIF"),
    "HEIC": lambda: half("HEIF"),
    "HEIC, its header only": lambda: encoded("HEIF")[:100],
}

OTHERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "the file is empty"),
    "zeros": (lambda: bytes(5000), "damaged: it begins with nothing but zeros"),
    "text": (lambda: "Grüße aus dem Urlaub\n".encode() * 30, "it holds text, not a picture"),
    "a web page": (lambda: b"\n<!DOCTYPE html><html></html>", "it holds a web page, not a picture"),
    "a document": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "it is a PDF document"),
    "an archive": (lambda: b"PK\3\4" + bytes(200), "it is an archive or an office document"),
    "a movie": (lambda: b"\0\0\0\x14ftypqt  \0\0\0\0qt  \0\0\0\x08wide", "it is a movie"),
    "another movie": (lambda: b"\x1a\x45\xdf\xa3" + bytes(range(1, 200)), "it is a movie"),
    "attributes of macOS": (lambda: b"\0\5\x16\7" + bytes(100), "it holds only what macOS remembers of another file"),
    "bytes of no kind": (lambda: bytes(range(128, 256)) + bytes(20), "its content is of no kind of picture"),
    "a JPEG's first bytes": (lambda: b"\xff\xd8\xff", BROKEN),
    "a PNG with junk in it": (lambda: encoded("PNG")[:8] + bytes(range(256)) * 9, "damaged: its beginning"),
    "a PNG with a wrong sum": (lambda: flipped(encoded("PNG"), 5000), BROKEN),
    "a JPEG of 12 bits": (
        lambda: encoded("JPEG").replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"),
        "a JPEG of a rare",
    ),
}


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]


@pytest.mark.parametrize("name", CUT)
def test_a_picture_that_ends_early_is_left_where_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(CUT[name]())
    problem = problem_of(path)
    assert (problem.what, problem.why) == (WHAT, ENDS_EARLY)
    assert "stays where it is" in problem.hint


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_picture_is_called_what_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.jpg"
    data, why = OTHERS[name]
    path.write_bytes(data())
    problem = problem_of(path)
    assert problem.what == WHAT
    assert problem.why.startswith(why)
    assert "0x" not in problem.why and "Error" not in problem.why


def test_bytes_behind_a_jpeg_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "motion photo.jpg"
    path.write_bytes(encoded("JPEG") + b"\0\0\0\x14ftypqt  " + bytes(9000))
    assert measure(str(path), path.stat().st_size, False).fingerprint is not None


# --- the file itself --------------------------------------------------------------------------------------------------


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    measured = measure(str(tmp_path / "gone.jpg"), 10, True)
    assert measured.problem == Problem(str(tmp_path / "gone.jpg"), "can't be read", "it is no longer there", SCAN_AGAIN)
    assert measured.digest is None


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.jpg"
    path.write_bytes(encoded("JPEG"))
    path.chmod(0)
    if os.name == "nt":
        pytest.skip("Windows has no such permissions")
    with without_privileges(tmp_path) as call:
        measured = call(measure, str(path), path.stat().st_size, True)
    assert measured.fingerprint is None and measured.digest is None
    assert measured.problem.why == "no permission"


def test_a_failing_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"x")

    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    assert "the disk reported an error" in problem_of(path).why


def test_a_file_that_changed_since_it_was_found_is_for_another_scan(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded("JPEG"))
    problem = measure(str(path), path.stat().st_size - 1, True).problem
    assert problem is not None
    assert (problem.what, problem.why) == (FOR_NOW, "it has changed since it was found")


def test_a_folder_and_a_pipe_are_no_files_and_hold_nothing_up(tmp_path: Path) -> None:
    folder = tmp_path / "folder.jpg"
    folder.mkdir()
    assert problem_of(folder).why
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
        assert problem_of(tmp_path / "pipe.jpg").why == "it is not a regular file"


def test_a_hostile_name_is_no_obstacle(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"new\nline \xff\xfe \xf0\x9f\x8c\xbb.jpg")
    try:
        with open(path, "wb") as stream:
            stream.write(encoded("JPEG"))
    except OSError:
        pytest.skip("this file system has no such names")
    assert measure(os.fsdecode(path), os.stat(path).st_size, True).fingerprint is not None


def test_a_missing_reader_is_told_and_may_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.heic"
    path.write_bytes(encoded("HEIF"))
    for name in ("pillow_heif", "pi_heif"):
        monkeypatch.setitem(sys.modules, name, None)
    problem = problem_of(path)
    assert problem.what == FOR_NOW
    assert "HEIC" in problem.why and problem.hint == "install pillow-heif"


def test_a_user_s_interrupt_is_not_swallowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded("JPEG"))

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Image.Image, "resize", interrupt)
    with pytest.raises(KeyboardInterrupt):
        measure(str(path), path.stat().st_size, False)


@pytest.mark.slow
def test_nothing_is_said_behind_the_program_s_back(tmp_path: Path) -> None:
    """Neither warnings nor the C libraries' own messages may end up on the terminal."""
    paths = []
    for number, make in enumerate([*CUT.values(), *(made for made, _ in OTHERS.values())]):
        paths.append(tmp_path / f"{number}.jpg")
        paths[-1].write_bytes(make())
    command = [sys.executable, "-c", MEASURE_AND_TELL, *map(str, paths)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    results, _ = json.loads(answer.stdout)
    assert len(results) == len(paths) and all(isinstance(result, str) for result in results)
    assert answer.stderr == ""


# --- enormous ---------------------------------------------------------------------------------------------------------

SEGMENT = struct.Struct(">BBH")
HUFFMAN_DC = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, *range(12)])


def flat_jpeg(width: int, height: int) -> bytes:
    """A whole grey JPEG of one colour: each block is "no change" (00) and "no more" (1010), four blocks 0x28a28a."""
    stream = io.BytesIO()
    Image.new("L", (8, 8), 128).save(stream, "JPEG", quality=75)
    small = stream.getvalue()
    frame = small.index(b"\xff\xc0")
    start = small.index(b"\xff\xda") + 2 + 8
    header = bytearray(small[:start])
    header[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    blocks = -(-width // 8) * -(-height // 8)
    return bytes(header) + b"\x28\xa2\x8a" * -(-blocks // 4) + b"\xff\xd9"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int, bits: int = 8, colour: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    packed = zlib.compress(bytes(10**6), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def tiff_bomb(width: int, height: int) -> bytes:
    tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, 1000)]
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + table + bytes(4)


def bmp_bomb(width: int, height: int) -> bytes:
    return (
        b"BM" + struct.pack("<IHHI", 1000, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, *[0] * 6)
    )


def gif_bomb(width: int, height: int) -> bytes:
    screen = struct.pack("<HHBBB", width, height, 0, 0, 0)
    return b"GIF89a" + screen + b"," + struct.pack("<HHHHBB", 0, 0, width, height, 0, 8)


def progressive_bomb(width: int, height: int) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64)).save(stream, "JPEG", progressive=True, subsampling=0)
    data = bytearray(stream.getvalue())
    frame = data.index(b"\xff\xc2")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_bomb(width: int, height: int) -> bytes:
    """A WebP that says in its extended header how large it is."""
    fields = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    data = b"WEBPVP8X" + len(fields).to_bytes(4, "little") + fields + encoded("WEBP")[12:]
    return b"RIFF" + len(data).to_bytes(4, "little") + data


BOMBS = {
    "PNG": lambda: png_bomb(30_000, 30_000),
    "PNG of one bit": lambda: png_bomb(50_000, 50_000, 1, 0),
    "PNG, one line": lambda: png_bomb(2_000_000_000, 1),
    "TIFF": lambda: tiff_bomb(40_000, 40_000),
    "BMP": lambda: bmp_bomb(30_000, 30_000),
    "GIF": lambda: gif_bomb(65_535, 65_535),
    "WebP": lambda: webp_bomb(16_384, 16_384),
    "progressive JPEG": lambda: progressive_bomb(30_000, 30_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_anything_is_decoded(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(BOMBS[name]())
    problem = problem_of(path)
    assert "million pixels" in problem.why and "more than can be decoded safely" in problem.why
    for reading in (pixels.pixel_digest, lambda where: pixels.thumbnail(where, 100)):
        with pytest.raises(PictureError, match="million pixels"):
            reading(str(path))


MEASURE_AND_TELL = """
import json, os, sys
from image_sync.pictures.measure import measure
results = []
for path in sys.argv[1:]:
    measured = measure(path, os.path.getsize(path), False)
    known = measured.fingerprint
    results.append((known.width, known.height, known.texture) if known else str(measured.problem))
peak = 0
if os.path.exists("/proc/self/status"):
    with open("/proc/self/status") as stream:
        peak = next(int(line.split()[1]) for line in stream if line.startswith("VmHWM:"))
print(json.dumps([results, peak]))
"""
"""Prints what was measured, and the peak memory in KiB (0 where the system doesn't tell)."""


@pytest.mark.slow
def test_900_million_pixels_in_a_jpeg_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "enormous.jpg"
    path.write_bytes(flat_jpeg(30_000, 30_000))
    command = [sys.executable, "-c", MEASURE_AND_TELL, str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    results, kilobytes = json.loads(answer.stdout)
    assert results == [[30_000, 30_000, 0.0]]
    assert kilobytes < 250_000


@pytest.mark.slow
def test_bombs_take_no_memory_at_all(tmp_path: Path) -> None:
    paths = []
    for number, make in enumerate(BOMBS.values()):
        paths.append(tmp_path / f"{number}.jpg")
        paths[-1].write_bytes(make())
    command = [sys.executable, "-c", MEASURE_AND_TELL, *map(str, paths)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    results, kilobytes = json.loads(answer.stdout)
    assert all("million pixels" in result for result in results)
    assert kilobytes < 150_000


def test_a_jpeg_of_thousands_of_passes_is_refused() -> None:
    whole = encoded("JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    with pytest.raises(Exception, match="hundreds of passes"):
        decode(Content(whole[:-2] + whole[last:-2] * 300 + b"\xff\xd9"))


def test_a_gif_of_millions_of_empty_frames_is_counted_up_to_a_limit() -> None:
    whole = encoded("GIF")
    tiny = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x4c\x01\0"
    assert decode(Content(whole[:-1] + tiny * 50_000 + b";")).frames == 10_000


def test_a_tiff_whose_pages_run_in_a_circle_has_as_many_as_there_are() -> None:
    whole = bytearray(encoded("TIFF"))
    directory = struct.unpack("<I", whole[4:8])[0]
    count = struct.unpack("<H", whole[directory : directory + 2])[0]
    whole[directory + 2 + 12 * count :][:4] = struct.pack("<I", directory)
    place = directory + 2 + 12 * count
    whole[place : place + 4] = struct.pack("<I", directory)
    assert decode(Content(bytes(whole))).frames <= 2


# --- random damage ----------------------------------------------------------------------------------------------------

WHOLE = {format: encoded(format) for format in ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP")}


@pytest.mark.slow
@pytest.mark.parametrize("format", WHOLE)
def test_random_damage_is_a_problem_or_a_picture(tmp_path_factory: pytest.TempPathFactory, format: str) -> None:
    path = tmp_path_factory.mktemp("damage") / "a.jpg"
    whole = WHOLE[format]
    places = st.one_of(st.integers(0, min(400, len(whole) - 1)), st.integers(0, len(whole) - 1))

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=6), st.integers(0, len(whole)))
    def check(changes: list[tuple[int, int]], length: int) -> None:
        data = bytearray(whole)
        for place, value in changes:
            data[place] = value
        path.write_bytes(data[: max(length, 50)] if length % 2 else data)
        measured = measure(str(path), path.stat().st_size, False)
        assert (measured.fingerprint is None) != (measured.problem is None)
        if measured.problem is not None:
            assert measured.problem.why and "\n" not in measured.problem.why

    check()


def test_a_tiff_of_nothing_but_promises(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    for _ in range(40):
        path = tmp_path / "a.tif"
        path.write_bytes(b"II*\0\x08\0\0\0" + generator.integers(0, 256, 400, dtype=np.uint8).tobytes())
        problem_of(path)
