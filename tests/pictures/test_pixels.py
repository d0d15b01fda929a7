"""The digest of pixels: equal whenever only the wrapping differs, different whenever a pixel does."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from image_sync.pictures import memory_budget, pixels
from image_sync.pictures.errors import PictureError
from image_sync.pictures.pixels import pixel_digest, thumbnail
from image_sync.pictures.upright import TRANSPOSITIONS
from tests.pictures_made import scene


def written(picture: Image.Image, path: Path, **options: object) -> str:
    picture.save(path, **options)
    return str(path)


def with_alpha(picture: Image.Image, value: int = 255) -> Image.Image:
    picture = picture.copy()
    picture.putalpha(value)
    return picture


def comment(text: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", text)
    return info


PICTURE = scene(1, (200, 150))

SAME = {
    "png": (PICTURE, {}),
    "packed.png": (PICTURE, {"compress_level": 9}),
    "with comment.png": (PICTURE, {"pnginfo": comment("seen by nobody")}),
    "resolution.png": (PICTURE, {"dpi": (300, 300)}),
    "full alpha.png": (with_alpha(PICTURE), {}),
    "a.bmp": (PICTURE, {}),
    "a.tif": (PICTURE, {}),
    "lzw.tif": (PICTURE, {"compression": "tiff_lzw"}),
    "deflate.tif": (PICTURE, {"compression": "tiff_adobe_deflate"}),
    "lossless.webp": (PICTURE, {"lossless": True}),
}


@pytest.mark.parametrize("name", SAME)
def test_the_wrapping_does_not_matter(tmp_path: Path, name: str) -> None:
    expected = pixel_digest(written(PICTURE, tmp_path / "first.png"))
    made, options = SAME[name]
    path = tmp_path / (name if "." in name else f"a.{name}")
    assert pixel_digest(written(made, path, **options)) == expected
    assert len(expected) == 32


def test_palettes_grey_and_bits_are_only_ways_to_store_pixels(tmp_path: Path) -> None:
    palette = PICTURE.quantize(64)
    pairs = [(palette, palette.convert("RGB")), (PICTURE.convert("L"), PICTURE.convert("L").convert("RGB"))]
    pairs += [(PICTURE.convert("1"), PICTURE.convert("1").convert("RGB"))]
    for number, (one, two) in enumerate(pairs):
        first, second = tmp_path / f"{number}.png", tmp_path / f"{number}.bmp"
        assert pixel_digest(written(one, first)) == pixel_digest(written(two, second))


def test_a_gif_and_the_png_of_its_colours(tmp_path: Path) -> None:
    palette = PICTURE.quantize(64)
    gif = written(palette, tmp_path / "a.gif")
    assert pixel_digest(gif) == pixel_digest(written(palette.convert("RGB"), tmp_path / "a.png"))


def test_a_jpeg_with_other_exif_is_the_same(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0110] = "Model T"
    data = io.BytesIO()
    PICTURE.save(data, "JPEG", quality=90)
    plain = data.getvalue()
    block = b"Exif\0\0" + exif.tobytes()[6:] if exif.tobytes().startswith(b"Exif") else b"Exif\0\0" + exif.tobytes()
    tagged = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + plain[2:]
    (tmp_path / "plain.jpg").write_bytes(plain)
    (tmp_path / "tagged.jpg").write_bytes(tagged)
    (tmp_path / "tail.jpg").write_bytes(plain + b"a movie behind it" * 99)
    digests = {pixel_digest(str(tmp_path / name)) for name in ("plain.jpg", "tagged.jpg", "tail.jpg")}
    assert len(digests) == 1
    with Image.open(tmp_path / "plain.jpg") as decoded:
        assert pixel_digest(written(decoded.convert("RGB"), tmp_path / "decoded.png")) in digests


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_turned_by_a_flag_is_the_one_turned_in_fact(tmp_path: Path, orientation: int) -> None:
    undo = {6: 8, 8: 6}.get(orientation, orientation)
    stored = PICTURE if orientation == 1 else PICTURE.transpose(TRANSPOSITIONS[undo])
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = pixel_digest(written(PICTURE, tmp_path / "upright.png"))
    assert pixel_digest(written(stored, tmp_path / "flagged.png", exif=exif)) == upright
    assert pixel_digest(written(stored, tmp_path / "flagged.tif", exif=exif)) == upright
    if orientation != 1:
        assert pixel_digest(written(stored, tmp_path / "stored.png")) != upright


def test_real_orientations_that_were_saved_anew_differ(photo_data: Path) -> None:
    digests = {pixel_digest(str(path)) for path in (photo_data / "orientation").glob("Landscape_[123].jpg")}
    assert len(digests) == 3


# --- what must differ -------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 199), st.integers(0, 149), st.integers(0, 2), st.integers(1, 255))
def test_one_step_of_one_pixel_makes_another_picture(
    tmp_path_factory: pytest.TempPathFactory, column: int, row: int, channel: int, change: int
) -> None:
    folder = tmp_path_factory.mktemp("pixels")
    array = np.asarray(PICTURE).copy()
    array[row, column, channel] ^= change
    changed = written(Image.fromarray(array), folder / "b.png", compress_level=1)
    assert pixel_digest(changed) != pixel_digest(written(PICTURE, folder / "a.png", compress_level=1))


def test_the_same_bytes_in_another_shape_are_another_picture(tmp_path: Path) -> None:
    tall = Image.frombytes("RGB", (150, 200), PICTURE.tobytes())
    assert pixel_digest(written(tall, tmp_path / "a.png")) != pixel_digest(written(PICTURE, tmp_path / "b.png"))


def test_what_shines_through_makes_another_picture(tmp_path: Path) -> None:
    digests = {
        pixel_digest(written(made, tmp_path / f"{number}.png"))
        for number, made in enumerate([PICTURE, with_alpha(PICTURE, 254), with_alpha(PICTURE, 0)])
    }
    assert len(digests) == 3


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tif"])
def test_every_frame_counts(tmp_path: Path, suffix: str) -> None:
    frames = [scene(seed, (80, 60)).quantize(32).convert("RGB") for seed in range(4)]
    options = {"lossless": True} if suffix == "webp" else {}
    digests = set()
    for number, others in enumerate([frames[1:3], frames[2:3], [frames[1], frames[3]], []]):
        path = tmp_path / f"{number}.{suffix}"
        frames[0].save(path, save_all=True, append_images=others, **options)
        digests.add(pixel_digest(str(path)))
    assert len(digests) == 4
    assert digests >= {pixel_digest(written(frames[0], tmp_path / "still.png"))}


def test_sixteen_bits_are_kept(tmp_path: Path) -> None:
    wide = np.random.default_rng(1).integers(0, 65536, (60, 80), dtype=np.uint16)
    png = pixel_digest(written(Image.fromarray(wide), tmp_path / "a.png"))
    assert pixel_digest(written(Image.fromarray(wide), tmp_path / "a.tif")) == png
    big_endian = tmp_path / "big endian.tif"
    big_endian.write_bytes(tiff_of(wide))
    assert pixel_digest(str(big_endian)) == png
    wide[3, 4] ^= 1
    assert pixel_digest(written(Image.fromarray(wide), tmp_path / "b.png")) != png
    narrow = Image.fromarray((wide >> 8).astype(np.uint8))
    assert pixel_digest(written(narrow, tmp_path / "c.png")) != png


def tiff_of(wide: np.ndarray[tuple[int, int], np.dtype[np.uint16]]) -> bytes:
    height, width = wide.shape
    data = wide.astype(">u2").tobytes()
    tags = [(256, width), (257, height), (258, 16), (259, 1), (262, 1), (273, 8), (277, 1), (278, height)]
    tags += [(279, len(data))]
    table = b"".join(struct.pack(">HHII", tag, 4, 1, value) for tag, value in tags)
    return b"MM\0*" + struct.pack(">I", 8 + len(data)) + data + struct.pack(">H", len(tags)) + table + bytes(4)


def png_of_colour_16(wide: np.ndarray[tuple[int, int, int], np.dtype[np.uint16]], text: bytes = b"") -> bytes:
    height, width, _ = wide.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in wide)
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)), (b"tEXt", b"Comment\0" + text)]
    parts += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_the_lower_bytes_of_colour_count_though_pillow_drops_them(tmp_path: Path) -> None:
    wide = np.random.default_rng(1).integers(0, 65536, (30, 40, 3), dtype=np.uint16)
    changed = wide.copy()
    changed[3, 4, 1] ^= 1
    paths = {}
    for name, data in (
        ("a", png_of_colour_16(wide)),
        ("commented", png_of_colour_16(wide, b"seen by nobody")),
        ("changed", png_of_colour_16(changed)),
    ):
        paths[name] = tmp_path / f"{name}.png"
        paths[name].write_bytes(data)
    digests = {name: pixel_digest(str(path)) for name, path in paths.items()}
    assert digests["a"] == digests["commented"]
    assert digests["a"] != digests["changed"]
    with Image.open(paths["a"]) as narrow:
        assert pixel_digest(written(narrow.copy(), tmp_path / "narrow.png")) != digests["a"]


def test_cmyk_is_compared_as_it_is(tmp_path: Path) -> None:
    ink = PICTURE.convert("CMYK")
    first = pixel_digest(written(ink, tmp_path / "a.tif"))
    assert pixel_digest(written(ink, tmp_path / "b.tif", compression="tiff_lzw")) == first
    assert pixel_digest(written(ink.convert("RGB"), tmp_path / "c.tif")) != first


@pytest.mark.slow
def test_heic_is_read_in_full_and_not_by_its_thumbnail(tmp_path: Path) -> None:
    import pillow_heif

    digests = []
    for seed, thumbnails in ((1, []), (1, [128]), (2, [128])):
        path = tmp_path / f"{len(digests)}.heic"
        heif = pillow_heif.from_pillow(scene(seed, (320, 240)))
        heif.save(path, quality=80, thumbnails=thumbnails)
        digests.append(pixel_digest(str(path)))
    assert digests[0] == digests[1] != digests[2]


def test_two_raw_files_are_the_same_only_byte_for_byte(tmp_path: Path) -> None:
    from tests.pictures.test_raw import tiff_based

    first, second = tmp_path / "a.dng", tmp_path / "b.dng"
    first.write_bytes(tiff_based())
    second.write_bytes(tiff_based() + b"\0")
    assert pixel_digest(str(first)) == pixel_digest(str(first))
    assert pixel_digest(str(first)) != pixel_digest(str(second))


def test_bands_and_pieces_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(PICTURE, tmp_path / "a.png")
    whole = pixel_digest(path)
    monkeypatch.setattr(pixels, "BAND", 7)
    assert pixel_digest(path) == whole


def test_a_picture_that_can_not_be_read_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"no picture at all")
    for reading in (pixel_digest, lambda where: thumbnail(where, 64)):
        with pytest.raises(PictureError) as caught:
            reading(str(path))
        assert caught.value.problem.path == str(path)
        assert caught.value.problem.why == "it holds text, not a picture"


# --- thumbnails -------------------------------------------------------------------------------------------------------


def looks_like(small: Image.Image, picture: Image.Image) -> bool:
    expected = np.asarray(picture.convert("RGB").resize(small.size, Image.Resampling.BOX)).astype(int)
    return float(np.abs(np.asarray(small).astype(int) - expected).mean()) < 6


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "tif", "gif", "webp", "heic", "avif"])
def test_thumbnails_of_every_format(tmp_path: Path, suffix: str) -> None:
    picture = scene(2, (480, 360))
    path = tmp_path / f"a.{suffix}"
    if suffix == "heic":
        import pillow_heif

        pillow_heif.from_pillow(picture).save(path, quality=90, thumbnails=[256])
    else:
        picture.save(path)
    small = thumbnail(str(path), 160)
    assert (small.mode, small.size) == ("RGB", (160, 120))
    assert looks_like(small, picture)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
def test_thumbnails_are_upright(tmp_path: Path, orientation: int, suffix: str) -> None:
    picture = scene(2, (320, 240))
    undo = {6: 8, 8: 6}.get(orientation, orientation)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = picture if orientation == 1 else picture.transpose(TRANSPOSITIONS[undo])
    small = thumbnail(written(stored, tmp_path / f"a.{suffix}", exif=exif), 160)
    assert small.size == (160, 120)
    assert looks_like(small, picture)


def test_a_thumbnail_is_never_larger_than_the_picture(tmp_path: Path) -> None:
    assert thumbnail(written(scene(1, (40, 30)), tmp_path / "a.png"), 160).size == (40, 30)
    assert thumbnail(written(Image.new("RGB", (1, 1)), tmp_path / "b.jpg"), 160).size == (1, 1)
    assert thumbnail(written(Image.new("RGB", (3000, 4)), tmp_path / "c.jpg"), 160).size == (160, 1)


def test_a_stale_thumbnail_in_exif_is_not_shown(tmp_path: Path) -> None:
    stale = io.BytesIO()
    scene(9, (160, 120)).save(stale, "JPEG")
    picture = scene(2, (640, 480))
    path = tmp_path / "a.jpg"
    picture.save(path, exif=_exif_with_thumbnail(stale.getvalue()))
    assert looks_like(thumbnail(str(path), 160), picture)


def _exif_with_thumbnail(jpeg: bytes) -> bytes:
    """Two directories: an empty one, and the one of the thumbnail."""
    second = struct.pack("<H", 3)
    for tag, kind, value in ((0x0103, 3, 6), (0x0201, 4, 14 + 2 + 36 + 4), (0x0202, 4, len(jpeg))):
        second += struct.pack("<HHII", tag, kind, 1, value)
    return b"Exif\0\0II*\0" + struct.pack("<IHI", 8, 0, 14) + second + bytes(4) + jpeg


def test_what_is_transparent_is_shown_on_white(tmp_path: Path) -> None:
    holed = scene(2, (100, 100)).convert("RGBA")
    holed.paste((0, 0, 0, 0), (0, 0, 50, 100))
    small = thumbnail(written(holed, tmp_path / "a.png"), 50)
    assert small.getpixel((5, 25)) == (255, 255, 255)


def test_of_an_animation_that_is_too_long_the_bytes_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [scene(number, (40, 30)) for number in range(4)]
    one, other = tmp_path / "a.webp", tmp_path / "b.webp"
    for path, comment in ((one, b"one"), (other, b"two")):
        frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True, xmp=comment)
    assert pixel_digest(str(one)) == pixel_digest(str(other))
    monkeypatch.setattr(pixels, "MOST_PIXELS", 4 * 40 * 30)
    assert pixel_digest(str(one)) == pixel_digest(str(other))
    monkeypatch.setattr(pixels, "MOST_PIXELS", 4 * 40 * 30 - 1)
    monkeypatch.setattr(pixels, "open_picture", opened_only(pixels.open_picture))
    assert pixel_digest(str(one)) != pixel_digest(str(other))


def opened_only(opening: Callable[..., Image.Image]) -> Callable[..., Image.Image]:
    """Opened pictures of which no frame can be decoded."""

    def opened(*given: object) -> Image.Image:
        picture = opening(*given)

        def never(*_: object) -> None:
            raise AssertionError("a frame was decoded")

        picture.load = picture.seek = never  # type: ignore[method-assign,assignment]
        return picture

    return opened


def test_of_a_jpeg_that_is_too_large_in_full_the_bytes_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [str(tmp_path / name) for name in ("a.jpg", "b.jpg")]
    for path, comment in zip(paths, (b"one", b"two"), strict=True):
        written(scene(1, (640, 480)), Path(path), comment=comment)
    assert pixel_digest(paths[0]) == pixel_digest(paths[1])
    monkeypatch.setattr(memory_budget, "MOST", 640 * 480 * 4 - 1)
    assert pixel_digest(paths[0]) != pixel_digest(paths[1])
    monkeypatch.setattr(memory_budget, "MOST", 80 * 60 - 1)
    with pytest.raises(PictureError, match="million pixels"):
        pixel_digest(paths[0])
