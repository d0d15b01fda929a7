"""Sound pictures of any format that are enormous: measured within the bounds of a worker, a band at a time."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from image_sync.containment.limits import Limits
from image_sync.containment.workers import Workers
from image_sync.pictures.decode import WIDE_MODES, flattened
from image_sync.pictures.measure import Measured, measure
from image_sync.pictures.memory_budget import DECODE_BUDGET, MOST
from image_sync.pictures.pixels import thumbnail
from image_sync.pictures.resampling import Pair, was_enlarged
from image_sync.pictures.upright import BAND

ONE_GIBIBYTE = 2**20
"""In KiB, as Linux tells it."""
ON_LINUX = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is bounded and told on Linux")


def flat_png(path: Path, size: tuple[int, int], pixel: bytes, colour: int) -> str:
    """A PNG whose pixels are all the same, written without ever holding it."""
    width, height = size
    packer = zlib.compressobj(1)
    row = b"\0" + pixel * width
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)), (b"IDAT", data), (b"IEND", b"")]
    with path.open("wb") as stream:
        stream.write(b"\x89PNG\r\n\x1a\n")
        for kind, body in parts:
            stream.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))
    return os.fspath(path)


# --- in bands as at once ----------------------------------------------------------------------------------------------


def noisy(mode: str, size: tuple[int, int]) -> Image.Image:
    """A picture of random pixels in any mode, transparent ones among them."""
    width, height = size
    chance = np.random.default_rng(7)
    if mode in ("F", "I"):
        values = chance.integers(0, 60_000, (height, width))
        return Image.fromarray(values.astype(np.float32 if mode == "F" else np.int32))
    if mode.startswith("I;16"):
        return Image.fromarray(chance.integers(0, 2**16, (height, width)).astype(np.uint16))
    picture = Image.fromarray(chance.integers(0, 256, (height, width, 4)).astype(np.uint8), "RGBA")
    if mode == "P with a clear colour":
        made = picture.convert("RGB").quantize(32)
        made.info["transparency"] = 3
        return made
    if mode == "RGB with a clear colour":
        made = picture.convert("RGB")
        made.info["transparency"] = made.getpixel((0, 0))
        return made
    return picture.convert("RGB").quantize(32) if mode == "P" else picture.convert(mode)


def at_once(picture: Image.Image, scale: int) -> Image.Image:
    """What ``flattened`` gives, by Pillow's own way over the whole picture."""
    if picture.mode in WIDE_MODES:
        values, most = np.asarray(picture).astype(np.float64), 65535
        grey = values // 256 if picture.mode.startswith("I;16") else np.clip(values * (255 / most), 0, 255)
        picture = Image.fromarray(grey.astype(np.uint8))
    elif picture.mode == "1":
        picture = picture.convert("L")
    elif picture.mode == "P" or "transparency" in picture.info:
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    picture = picture.reduce(scale) if scale > 1 else picture
    if picture.mode in ("RGBA", "LA", "PA"):
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        white.alpha_composite(picture)
        picture = white
    return picture if picture.mode in ("L", "RGB") else picture.convert("RGB")


@pytest.mark.parametrize("scale", [1, 3, 8, BAND + 1])
@pytest.mark.parametrize(
    "mode", ["1", "L", "P", "P with a clear colour", "RGB with a clear colour", "RGB", "LA", "RGBA", "I;16", "I", "F"]
)
def test_bands_give_what_the_whole_picture_gives(mode: str, scale: int) -> None:
    picture = noisy(mode, (67, 2 * BAND + 21))
    ours, reference = flattened(picture, scale), at_once(picture, scale)
    assert (ours.mode, ours.size) == (reference.mode, reference.size)
    assert ours.tobytes() == reference.tobytes()


# --- really large -----------------------------------------------------------------------------------------------------


def measured(path: str) -> Measured:
    return measure(path, os.path.getsize(path), False)


SEEN = [
    ("clear.png", (20_000, 10_000), b"\xc8\x1e\x1e\x80", 6, (227, 142, 142)),
    ("palette.png", (24_000, 20_000), b"\x00", 0, (0, 0, 0)),
    ("plain.png", (14_000, 10_000), b"\x09\x64\x28", 2, (9, 100, 40)),
]


@ON_LINUX
@pytest.mark.slow
@pytest.mark.parametrize("name, size, pixel, colour, shown", SEEN, ids=[row[0] for row in SEEN])
def test_a_picture_of_hundreds_of_megapixels_is_measured_in_a_worker(
    tmp_path: Path, name: str, size: tuple[int, int], pixel: bytes, colour: int, shown: tuple[int, int, int]
) -> None:
    path = flat_png(tmp_path / name, size, pixel, colour)
    crew = Workers()
    try:
        found = crew.do(measured, path, (path,))
        assert found.problem is None and found.fingerprint is not None
        assert (found.fingerprint.width, found.fingerprint.height) == size
        assert found.fingerprint.extras.alpha is (colour == 6)
        assert crew.do(small, path, (path,)) == shown
    finally:
        crew.close()


def small(path: str) -> object:
    return thumbnail(path, 64).getpixel((9, 9))


def bound() -> int:
    """Bytes that this process may take."""
    import resource

    return resource.getrlimit(resource.RLIMIT_DATA)[0]


def bounds_of_a_file(amount: int) -> tuple[int, int, int]:
    """The bound before, within and after what one file holds."""
    before = bound()
    with DECODE_BUDGET.holding(amount):
        within = bound()
    with DECODE_BUDGET.holding(amount // 2):
        return before, within, bound()


@ON_LINUX
def test_a_grant_lasts_as_long_as_its_file_and_no_longer(tmp_path: Path) -> None:
    path = os.fspath(tmp_path)
    crew = Workers(Limits())
    amount = MOST // 2
    try:
        before, within, after = crew.do(bounds_of_a_file, amount, (path,))
        assert (within - before, after - before) == (amount, amount)
        assert crew.do(bounds_of_a_file, amount, (path,)) == (before, within, after)
        assert DECODE_BUDGET._taken == 0
    finally:
        crew.close()


def enlarged(pair: Pair) -> int:
    """The peak of what two looks took, in KiB."""
    was_enlarged(pair)
    with open("/proc/self/status") as stream:
        return next(int(line.split()[1]) for line in stream if line.startswith("VmHWM:"))


@ON_LINUX
@pytest.mark.slow
def test_of_two_large_pictures_that_are_compared_one_is_held_at_a_time(tmp_path: Path) -> None:
    one = flat_png(tmp_path / "a.png", (16_000, 10_000), b"\x09\x64\x28", 2)
    other = flat_png(tmp_path / "b.png", (14_000, 8_750), b"\x09\x64\x28", 2)
    crew = Workers()
    try:
        assert 600_000 < crew.do(enlarged, Pair(one, other), (one, other)) < 800_000
    finally:
        crew.close()


TOGETHER = """
import sys, threading, time
from pathlib import Path
import image_sync

def proportional():
    total, own = 0, str(os.getpid())
    for folder in Path("/proc").iterdir():
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1] if folder.name.isdigit() else ""
            if own in (folder.name, parent):
                rollup = (folder / "smaps_rollup").read_text()
                total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        except OSError:
            continue
    return total

import os
most, done = [0], threading.Event()
def watch():
    while not done.wait(0.02):
        most[0] = max(most[0], proportional())
thread = threading.Thread(target=watch)
thread.start()
found = image_sync.find_similar(sys.argv[1])
done.set()
thread.join()
print(len(found.problems), sum(len(group.pictures) for group in found.groups), most[0])
"""


@ON_LINUX
@pytest.mark.slow
def test_a_whole_run_over_enormous_pictures_stays_below_a_gibibyte(tmp_path: Path) -> None:
    """The program and its workers, the second look included."""
    for number, size in enumerate([(20_000, 10_000), (20_000, 10_000), (16_000, 12_000)]):
        flat_png(tmp_path / f"{number}.png", size, b"\xc8\x1e\x1e" + bytes([128 + number]), 6)
    command = [sys.executable, "-c", TOGETHER, os.fspath(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=280).stdout.split()
    problems, _grouped, kilobytes = map(int, told)
    assert problems == 0
    assert 700_000 < kilobytes < ONE_GIBIBYTE
