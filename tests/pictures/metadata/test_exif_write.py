"""The date writer: the date is there afterwards, and nothing else is another byte; what can't be done so is refused."""

from __future__ import annotations

import io
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource, capture_date
from image_sync.pictures.metadata.containers import embedded
from image_sync.pictures.metadata.exif_required import DEMANDED
from image_sync.pictures.metadata.exif_write import (
    CannotWrite,
    same_image_data,
    same_other_tags,
    with_date,
    xmp_sidecar,
)
from image_sync.pictures.metadata.reading import Window
from image_sync.pictures.metadata.tiff import Tag, Tiff
from tests.conftest import SHARED
from tests.pictures.metadata import metadata_made as made
from tests.pictures.metadata.metadata_made import DIGITIZED, MAKER_NOTE, MODIFIED, ORIGINAL
from tests.pictures_made import scene

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
WHEN = datetime(2004, 3, 5, 12, 1, 2)
TEXT = "2004:03:05 12:01:02"
OLD = "1999:12:31 23:59:59"
NOTE = bytes(range(256)) * 3
MAIN: dict[int, made.Value] = {0x010F: "Maker of cameras", MODIFIED: OLD}
INNER: dict[int, made.Value] = {0x829D: 4, MAKER_NOTE: NOTE, 0xA002: 48}


def read_back(data: bytes, folder: Path) -> CaptureDate | None:
    path = folder / "written"
    path.write_bytes(data)
    return capture_date(str(path), use_name=False)


def block_of(data: bytes) -> bytes:
    window = embedded(Window.of_bytes(data)).exif
    assert window is not None
    return window.read(0, window.size)


def pillow_tags(data: bytes) -> dict[tuple[int, int], str]:
    """All tags as Pillow reads them (in words: some are no number), but the two dates and pointers."""
    with Image.open(io.BytesIO(data)) as picture:
        exif = picture.getexif()
        result = {(0, tag): value for tag, value in exif.items()}
        interoperability = [0xA005] if 0xA005 in exif.get_ifd(0x8769) else []  # older Pillow fails where there is none
        for directory in (0x8769, 0x8825, *interoperability):
            result.update({(directory, tag): value for tag, value in exif.get_ifd(directory).items()})
    dates = {(0x8769, ORIGINAL), (0x8769, DIGITIZED)}
    return {key: repr(value) for key, value in result.items() if key not in dates and key[1] not in (0x8769, 0xA005)}


def kept_tags(before: bytes, after: bytes) -> dict[tuple[int, int], str]:
    """The tags of ``after`` less those that EXIF demands of a directory which ``before`` has not."""
    demanded = set() if exif_of(before) else {(0x8769, tag) for tag in DEMANDED}
    return {key: value for key, value in pillow_tags(after).items() if key not in demanded}


def exif_of(data: bytes) -> set[int]:
    with Image.open(io.BytesIO(data)) as picture:
        return set(picture.getexif().get_ifd(0x8769))


def check(before: bytes, after: bytes, folder: Path) -> None:
    """What must hold of every result, judged by other means than the writer's own."""
    assert read_back(after, folder) == CaptureDate(WHEN, DateSource.EXIF_ORIGINAL)
    assert same_image_data(before, after)
    assert made.decoded(before) == made.decoded(after)
    with Image.open(io.BytesIO(after)) as picture:
        inner = picture.getexif().get_ifd(0x8769)
    assert [inner[tag].rstrip("\0") for tag in (ORIGINAL, DIGITIZED)] == [TEXT, TEXT]


# --- JPEG -----------------------------------------------------------------------------------------------------------

BLOCKS = {
    "no EXIF": None,
    "no EXIF directory": (MAIN, None),
    "no dates": (MAIN, INNER),
    "both dates": (MAIN, {**INNER, ORIGINAL: OLD, DIGITIZED: OLD}),
    "blank dates": (MAIN, {**INNER, ORIGINAL: "    :  :     :  :  ", DIGITIZED: "0000:00:00 00:00:00"}),
    "one date": (MAIN, {**INNER, DIGITIZED: OLD}),
    "empty dates": (MAIN, {**INNER, ORIGINAL: "", DIGITIZED: ""}),
    "longer dates": (MAIN, {**INNER, ORIGINAL: OLD + "\0", DIGITIZED: OLD + "\0"}),
    "nothing at all": ({}, {}),
}
SIZES_KEPT = {"both dates", "blank dates", "longer dates"}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("name", BLOCKS)
def test_a_jpeg_gets_the_date_and_keeps_the_rest(tmp_path: Path, name: str, order: str) -> None:
    content = BLOCKS[name]
    before = made.jpeg(made.exif_block(*content, order) if content else None, (0xE2, b"ICC_PROFILE\0\1\1" + NOTE))
    after = with_date(before, WHEN)
    check(before, after, tmp_path)
    assert after.endswith(before[before.index(b"\xff\xda") :])
    assert (len(after) == len(before)) == (name in SIZES_KEPT)
    if content:
        assert kept_tags(before, after) == pillow_tags(before)
        assert same_other_tags(before, after)
        old, new = block_of(before), block_of(after)
        assert old.find(NOTE) == new.find(NOTE)
        assert len(new) >= len(old)


@pytest.mark.parametrize(
    ("mode", "options", "expected"),
    [
        ("RGB", {}, {0x9101: b"\1\2\3\0", 0xA001: 1, 0xA002: 64, 0xA003: 48}),
        ("L", {"dpi": (300, 200)}, {0x9101: b"\1\0\0\0", 0xA001: 1, 0xA002: 64, 0xA003: 48}),
        ("RGB", {"icc_profile": b"a profile"}, {0x9101: b"\1\2\3\0", 0xA001: 0xFFFF, 0xA002: 64, 0xA003: 48}),
    ],
)
def test_a_new_block_says_what_exif_demands(mode: str, options: dict[str, Any], expected: dict[int, Any]) -> None:
    target = io.BytesIO()
    scene(1, (64, 48)).convert(mode).save(target, "JPEG", **options)
    with Image.open(io.BytesIO(with_date(target.getvalue(), WHEN))) as picture:
        exif = picture.getexif()
        inner = exif.get_ifd(0x8769)
        assert {tag: inner[tag] for tag in expected} == expected
        assert (inner[0x9000], inner[0xA000]) == (b"0232", b"0100")
        across, down = options.get("dpi", (72, 72))
        assert (exif[0x011A], exif[0x011B], exif[0x0128], exif[0x0213]) == (across, down, 2, 1)


def saved(format: str) -> bytes:
    target = io.BytesIO()
    scene(1, (64, 48)).save(target, format)
    return target.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not there")
def test_what_was_written_validates_without_a_new_warning(shared_data: Path, tmp_path: Path) -> None:
    made_here = [saved(format) for format in ("JPEG", "PNG", "WEBP", "TIFF")]
    real = [path.read_bytes() for path in sorted((shared_data / "orientation").glob("*.jpg"))[:4]]
    for number, before in enumerate([*made_here, *real]):
        target = tmp_path / f"{number}"
        warnings = []
        for data in (before, with_date(before, WHEN)):
            target.write_bytes(data)
            told = subprocess.run(
                ["exiftool", "-validate", "-warning", "-a", "-S", target], capture_output=True, text=True, check=False
            )
            warnings.append({line for line in told.stdout.splitlines() if line.startswith("Warning")})
        assert not warnings[1] - warnings[0], number


def test_writing_the_same_date_twice_changes_nothing() -> None:
    once = with_date(made.jpeg(made.exif_block(MAIN, INNER)), WHEN)
    assert with_date(once, WHEN) == once


def test_a_new_block_stands_behind_the_jfif_header_and_before_all_else() -> None:
    after = with_date(made.jpeg(None, (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")), WHEN)
    assert after[2:4] == b"\xff\xe0" and after[20:22] == b"\xff\xe1" and after[24:30] == b"Exif\0\0"


def test_a_jpeg_without_jfif_header(tmp_path: Path) -> None:
    plain = made.jpeg()
    before = plain[:2] + plain[20:]
    after = with_date(before, WHEN)
    check(before, after, tmp_path)
    assert after[2:4] == b"\xff\xe1"


def test_dates_that_share_their_place_with_another_tag() -> None:
    """Some programs let the date of the last change and the date taken point to the same text."""
    block = bytearray(made.exif_block(MAIN, {**INNER, ORIGINAL: OLD, DIGITIZED: OLD}))
    tiff = Tiff.of(Window.of_bytes(bytes(block)))
    assert tiff is not None
    main = tiff.directory(tiff.first)
    inner = tiff.below(main, Tag.EXIF_IFD)
    assert main and inner
    for tag in (ORIGINAL, DIGITIZED):
        at = inner.entries[tag].at + 8
        block[at : at + 4] = struct.pack("<I", main.entries[MODIFIED].value_at)
    before = made.jpeg(bytes(block))
    after = with_date(before, WHEN)
    with Image.open(io.BytesIO(after)) as picture:
        assert picture.getexif()[MODIFIED] == OLD
        assert picture.getexif().get_ifd(0x8769)[ORIGINAL] == TEXT


def full_block() -> bytes:
    """An EXIF block that leaves no room for another 60 bytes in a JPEG segment."""
    rest = len(made.exif_block(MAIN, {**INNER, 0x9286: bytes(8)})) - 8
    return made.exif_block(MAIN, {**INNER, 0x9286: bytes(65_480 - rest)})


REFUSED = {
    "a full block": (made.jpeg(full_block()), "64 kB"),
    "two blocks": (made.jpeg(made.exif_block(MAIN), (0xE1, b"Exif\0\0" + made.exif_block(MAIN))), "two EXIF blocks"),
    "no TIFF": (made.jpeg(b"garbage that is no TIFF"), "damaged"),
    "no directory": (made.jpeg(b"II*\0\xff\xff\0\0"), "damaged"),
    "cut in its header": (made.jpeg(made.exif_block(MAIN, INNER))[:60], "damaged"),
    "data behind": (made.jpeg(made.exif_block(MAIN, INNER), behind=b"a preview of the camera"), "behind the picture"),
    "several pictures": (
        made.jpeg(None, (0xE2, b"MPF\0" + NOTE), (0xE1, b"Exif\0\0" + made.exif_block(MAIN))),
        "other pictures",
    ),
    "a GIF": (made.picture("GIF"), "format"),
    "nothing": (b"", "format"),
    "a movie": (made.movie(made.mvhd(WHEN)), "format"),
    "a HEIC without EXIF": (made.picture("HEIF"), "needs EXIF"),
    "a RAW file": (made.exif_block({0x0103: 34713, 0x0106: 32803, MODIFIED: OLD}, INNER), "RAW"),
    "a DNG": (made.exif_block({0x0103: 1, 0x0106: 2, 0xC612: b"\1\4\0\0"}, INNER), "RAW"),
    "a PNG cut off": (made.picture("PNG")[:-20], "damaged"),
    "a WebP cut off": (made.picture("WEBP")[:-20], "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_safe_is_refused_in_words(name: str) -> None:
    data, words = REFUSED[name]
    with pytest.raises(CannotWrite, match=words):
        with_date(data, WHEN)


def test_a_pointer_to_nowhere_is_refused() -> None:
    with pytest.raises(CannotWrite, match="damaged"):
        with_date(made.jpeg(made.exif_block({0x8769: 999_999})), WHEN)


def test_zeros_behind_a_picture_and_other_pictures_behind_an_old_camera_do_not_matter(tmp_path: Path) -> None:
    for before in (
        made.jpeg(made.exif_block(MAIN, INNER), behind=bytes(4096)),
        made.jpeg(made.exif_block(MAIN), (0xE2, b"MPF\0" + NOTE), behind=made.jpeg()),
    ):
        check(before, with_date(before, WHEN), tmp_path)


# --- other formats --------------------------------------------------------------------------------------------------


def webps() -> Iterator[tuple[str, bytes]]:
    clear = scene(3, (64, 48)).convert("RGBA")
    clear.putalpha(scene(4, (64, 48)).convert("L"))
    for name, picture, options in (
        ("lossy", scene(3, (63, 47)), {}),
        ("lossless", scene(3, (63, 47)), {"lossless": True}),
        ("lossless and transparent", clear, {"lossless": True}),
        ("lossy and transparent", clear, {}),
        ("animated", scene(3, (64, 48)), {"save_all": True, "append_images": [scene(5, (64, 48))]}),
        ("with XMP", scene(3, (64, 48)), {"xmp": made.xmp_packet() + b" "}),
        ("with EXIF", scene(3, (64, 48)), {"exif": b"Exif\0\0" + made.exif_block(MAIN, INNER)}),
    ):
        target = io.BytesIO()
        picture.save(target, "WEBP", **options)
        yield name, target.getvalue()


@pytest.mark.parametrize(("name", "before"), list(webps()), ids=lambda value: value if isinstance(value, str) else "")
def test_webp(tmp_path: Path, name: str, before: bytes) -> None:
    after = with_date(before, WHEN)
    check(before, after, tmp_path)
    assert int.from_bytes(after[4:8], "little") == len(after) - 8
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert (old.mode, old.n_frames) == (new.mode, new.n_frames), name
        assert old.info.get("xmp") == new.info.get("xmp")
    assert with_date(after, WHEN) == after


@pytest.mark.parametrize("block", [None, made.exif_block(MAIN, INNER), made.exif_block(MAIN, {ORIGINAL: OLD})])
def test_png(tmp_path: Path, block: bytes | None) -> None:
    before = made.picture("PNG", block, made.xmp_packet('xmp:CreatorTool="x"'))
    after = with_date(before, WHEN)
    check(before, after, tmp_path)
    with Image.open(io.BytesIO(after)) as picture:
        picture.verify()
        assert "XML:com.adobe.xmp" in picture.info
    if block:
        assert kept_tags(before, after) == pillow_tags(before)


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "packbits", "tiff_adobe_deflate"])
def test_tiff_of_several_pages(tmp_path: Path, compression: str | None) -> None:
    target = io.BytesIO()
    pages = [scene(seed, (64, 48)) for seed in (1, 2, 3)]
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:], compression=compression, description="A scan")
    before = target.getvalue()
    after = with_date(before, WHEN)
    check(before, after, tmp_path)
    assert after[8 : len(before)] == before[8:]
    with Image.open(io.BytesIO(after)) as picture:
        assert picture.n_frames == 3 and picture.getexif()[0x010E] == "A scan"
        for number, page in enumerate(pages):
            picture.seek(number)
            assert picture.tobytes() == page.tobytes()


@pytest.mark.parametrize("format", ["HEIF", "AVIF"])
@pytest.mark.parametrize("inner", [{}, INNER, {**INNER, ORIGINAL: OLD, DIGITIZED: OLD}])
def test_heif_with_exif(tmp_path: Path, format: str, inner: dict[int, made.Value]) -> None:
    before = made.picture(format, made.exif_block(MAIN, inner), made.xmp_packet())
    after = with_date(before, WHEN)
    check(before, after, tmp_path)
    assert kept_tags(before, after) == pillow_tags(before)
    different = sum(old != new for old, new in zip(before, after, strict=False))
    assert different <= 40, "only the dates, or the entry of the item, may change in place"
    assert (len(after) == len(before)) == (ORIGINAL in inner)


# --- sidecar, comparison --------------------------------------------------------------------------------------------


def test_the_sidecar_states_the_date(tmp_path: Path) -> None:
    picture, sidecar = tmp_path / "a.gif", tmp_path / "a.xmp"
    picture.write_bytes(made.picture("GIF"))
    sidecar.write_bytes(xmp_sidecar(WHEN.replace(microsecond=5)))
    assert capture_date(str(picture), sidecars=[str(sidecar)]) == CaptureDate(WHEN, DateSource.XMP_SIDECAR)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_another_picture_is_never_the_same_data(format: str) -> None:
    block = made.exif_block(MAIN, INNER)
    first, second = (made.picture(format, block, seed=seed) for seed in (1, 2))
    assert same_image_data(first, first) and not same_image_data(first, second)
    assert not same_image_data(b"", b"")
    for at in range(len(first) - 40, len(first), 7):
        changed = bytearray(first)
        changed[at] ^= 1
        if block_of(bytes(changed)) == block_of(first):
            assert not same_image_data(first, bytes(changed)), at


def test_files_whose_parts_lie_in_each_other_are_refused() -> None:
    """Two thousand tags that all claim the same megabyte: as a TIFF, and as the EXIF block of a PNG."""
    count = 1900
    entries = b"".join(struct.pack("<HHII", 1000 + tag, 7, 1_000_000, 8) for tag in range(count))
    pixels = struct.pack("<HHII", 0x0103, 3, 1, 1) + struct.pack("<HHII", 0x0106, 3, 1, 1)
    block = struct.pack("<2sHIH", b"II", 42, 8, count + 2) + pixels + entries + bytes(1_000_000)
    assert not same_image_data(block, block)
    for data in (block, made.picture("PNG", block)):
        with pytest.raises(CannotWrite, match="lie in each other"):
            with_date(data, WHEN)


def test_another_maker_note_is_another_tag() -> None:
    first = made.jpeg(made.exif_block(MAIN, INNER))
    second = made.jpeg(made.exif_block(MAIN, {**INNER, MAKER_NOTE: NOTE[::-1]}))
    moved = made.jpeg(made.exif_block({**MAIN, 0x0131: "x" * 10}, INNER))
    assert same_other_tags(first, first)
    assert not same_other_tags(first, second) and not same_other_tags(first, moved)


# --- real files, whole and broken -----------------------------------------------------------------------------------


def undated(data: bytes) -> bytes:
    """The same JPEG with its date tags called something else, so that new ones have to be added."""
    window = embedded(Window.of_bytes(data)).exif
    tiff = Tiff.of(window) if window else None
    inner = tiff.below(tiff.directory(tiff.first), Tag.EXIF_IFD) if tiff else None
    if not (window and tiff and inner):
        return data
    result = bytearray(data)
    for tag in (ORIGINAL, DIGITIZED):
        if tag in inner.entries:
            at = window.start + inner.entries[tag].at
            result[at : at + 2] = struct.pack(tiff.byte_order + "H", tag + 0x0700)
    return bytes(result)


@pytest.mark.parametrize("change", [bytes, undated], ids=["as they are", "without dates"])
def test_real_jpegs_keep_their_picture_data(shared_data: Path, tmp_path: Path, change: object) -> None:
    assert callable(change)
    written = refused = 0
    for path in sorted(shared_data.rglob("*")):
        if path.suffix.lower() not in (".jpg", ".jpeg"):
            continue
        before = change(path.read_bytes())
        try:
            after = with_date(before, WHEN)
        except CannotWrite as error:
            assert change is undated and "behind the picture" in str(error), path.name
            refused += 1
            continue
        found = read_back(after, tmp_path)
        assert found is not None and found.when.replace(microsecond=0) == WHEN, path.name
        scan = before[before.index(b"\xff\xda", embedded_end(before)) :]
        assert after.endswith(scan), path.name
        assert kept_tags(before, after) == pillow_tags(before), path.name
        written += 1
    assert written >= 70 and refused <= 8


def embedded_end(data: bytes) -> int:
    window = embedded(Window.of_bytes(data)).exif
    return window.start + window.size if window else 0


def test_real_heics_keep_their_picture_data(shared_data: Path, tmp_path: Path) -> None:
    for path in sorted((shared_data / "camera").iterdir()):
        if path.suffix.lower() in (".heic", ".avif"):
            before = path.read_bytes()
            after = with_date(before, WHEN)
            found = read_back(after, tmp_path)
            assert found is not None and found.when.replace(microsecond=0) == WHEN
            assert len(after) == len(before) and sum(a != b for a, b in zip(before, after, strict=True)) <= 38


@lru_cache(maxsize=1)
def specimens() -> list[bytes]:
    block = made.exif_block(MAIN, {**INNER, DIGITIZED: OLD})
    result = [made.picture(format, block) for format in ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF")]
    result += [made.jpeg(block, (0xE2, b"MPF\0" + NOTE)), made.jpeg(), made.picture("WEBP"), made.picture("PNG")]
    if SHARED.is_dir():
        small = sorted((path.stat().st_size, path) for path in (SHARED / "camera").iterdir())
        result += [path.read_bytes() for _, path in small[:12]]
    return result


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(st.integers(0, 1000), st.randoms(use_true_random=False), st.booleans())
def test_broken_files_are_refused_or_keep_their_picture_data(which: int, chance: random.Random, cut: bool) -> None:
    data = bytearray(specimens()[which % len(specimens())])
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(min(len(data), chance.choice([64, 700, 4000])))
        data[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\x90\x03", chance.randbytes(4)])
    if cut:
        del data[chance.randrange(len(data)) :]
    before = bytes(data)
    try:
        after = with_date(before, WHEN)
    except CannotWrite as error:
        assert str(error)
        return
    assert same_image_data(before, after) and same_other_tags(before, after)
    try:
        pixels = made.decoded(before)
    except (OSError, ValueError, SyntaxError, RuntimeError, EOFError, Image.DecompressionBombError):
        return
    assert pixels == made.decoded(after)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xd8", b"II*\0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x10ftypheic"]),
)
def test_any_bytes_are_refused_or_written(data: bytes, head: bytes) -> None:
    before = head + data
    try:
        after = with_date(before, WHEN)
    except CannotWrite:
        return
    assert same_image_data(before, after)
