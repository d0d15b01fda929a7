"""Measuring real pictures and pictures in every format: one fingerprint for one picture, however it is wrapped."""

from __future__ import annotations

import hashlib
import io
import pickle
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from image_sync.base.model import FileKind, Fingerprint
from image_sync.pictures import hashes
from image_sync.pictures.content import Content
from image_sync.pictures.decode import SHORT_SIDE, decode, scale_of
from image_sync.pictures.formats import kind_of
from image_sync.pictures.measure import Measured, digest_of, measure, sharpness_of, texture_of
from image_sync.pictures.upright import TRANSPOSITIONS
from tests.pictures_made import save, scene

SIMILAR = 0.85


def fingerprint(path: Path) -> Fingerprint:
    measured = measured_at(path)
    assert measured.fingerprint is not None, str(measured.problem)
    return measured.fingerprint


def measured_at(path: Path, want_digest: bool = False) -> Measured:
    return measure(str(path), path.stat().st_size, want_digest)


def similarity(first: Fingerprint, second: Fingerprint) -> float:
    return hashes.similarity(first.codes, second.codes)


def apart(first: Fingerprint, second: Fingerprint) -> float:
    """The mean difference of the grey of two smalls."""
    one, two = (np.frombuffer(each.small, np.uint8).astype(int) for each in (first, second))
    return float(np.abs(one - two).mean())


# --- the fingerprint --------------------------------------------------------------------------------------------------


def test_a_fingerprint_holds_what_it_says(tmp_path: Path) -> None:
    path = save(scene(1, (640, 480)), tmp_path / "a.jpg", quality=88)
    measured = measured_at(path, want_digest=True)
    known = measured.fingerprint
    assert known is not None and measured.problem is None
    assert (known.format, known.width, known.height, known.frames) == ("JPEG", 640, 480, 1)
    assert known.jpeg_quality == 88
    assert known.codes == hashes.codes_of(known.small)
    small = np.frombuffer(known.small, np.uint8).reshape(64, 64)
    assert known.texture == pytest.approx(float(small.std()), abs=1e-9)
    full = np.asarray(scene(1, (640, 480)).convert("L").resize((64, 64), Image.Resampling.BOX)).astype(int)
    assert np.abs(small - full).mean() < 3
    assert measured.digest == hashlib.md5(path.read_bytes()).hexdigest()
    assert (known.has_exif, known.has_gps, known.captured, known.camera) == (False, False, "", "")


def test_a_digest_is_taken_only_where_asked(tmp_path: Path) -> None:
    path = save(scene(1), tmp_path / "a.png")
    assert measured_at(path).digest is None
    assert digest_of(str(path)) == (hashlib.md5(path.read_bytes()).hexdigest(), None)
    found, problem = digest_of(str(tmp_path / "gone.png"))
    assert found is None and problem is not None and "no longer there" in problem.why


def test_a_bad_picture_has_its_digest_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"no picture")
    measured = measured_at(path, want_digest=True)
    assert measured.digest == hashlib.md5(b"no picture").hexdigest()
    assert measured.fingerprint is None and measured.problem is not None


def test_measuring_can_be_sent_to_another_process(tmp_path: Path) -> None:
    path = save(scene(1), tmp_path / "a.jpg")
    there = pickle.loads(pickle.dumps(measure))
    answer = there(str(path), path.stat().st_size, True)
    assert pickle.loads(pickle.dumps(answer)) == measured_at(path, True)


@pytest.mark.slow
def test_threads_do_not_disturb_one_another(tmp_path: Path) -> None:
    paths = []
    for seed in range(4):
        for suffix in ("jpg", "png", "heic", "gif", "webp", "avif"):
            paths.append(write(scene(seed, (160, 120)), tmp_path / f"{seed}.{suffix}"))
    alone = [measured_at(path, True) for path in paths]
    start = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: start.wait(), range(4)))
        together = list(pool.map(lambda path: measured_at(path, True), paths))
    assert together == alone


@pytest.mark.slow
def test_a_file_larger_than_memory_allows_is_read_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from image_sync.pictures import content

    paths = [write(scene(2, (400, 300)), tmp_path / f"a.{suffix}") for suffix in ALL_FORMATS]
    in_memory = [measured_at(path, True) for path in paths]
    monkeypatch.setattr(content, "IN_MEMORY", 1000)
    monkeypatch.setattr(content.read, "__defaults__", (1000,))
    assert content.read(str(paths[0])).data is None
    from_disk = [measure_from_disk(path) for path in paths]
    assert from_disk == [measured.fingerprint for measured in in_memory]


def measure_from_disk(path: Path) -> Fingerprint:
    from image_sync.pictures import content
    from image_sync.pictures.measure import _fingerprint

    with content.read(str(path), 1000) as opened:
        assert opened.data is None
        assert opened.md5() == hashlib.md5(path.read_bytes()).hexdigest()
        return _fingerprint(decode(opened))


# --- formats ----------------------------------------------------------------------------------------------------------

ALL_FORMATS = ("jpg", "png", "bmp", "tif", "gif", "webp", "heic", "avif")


def write(picture: Image.Image, path: Path, **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix in (".heic", ".heif", ".hif"):
        import pillow_heif

        pillow_heif.from_pillow(picture.convert("RGB")).save(path, quality=90, **options)
    else:
        picture.save(path, **options)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ALL_FORMATS)
def test_every_format_gives_the_same_picture(tmp_path: Path, suffix: str) -> None:
    picture = scene(3, (500, 380))
    original = fingerprint(write(picture, tmp_path / "a.png"))
    known = fingerprint(write(picture, tmp_path / f"b.{suffix}"))
    assert (known.width, known.height, known.frames) == (500, 380, 1)
    assert similarity(known, original) >= 0.98
    assert apart(known, original) < 3
    assert (known.jpeg_quality is not None) == (suffix == "jpg")


@pytest.mark.parametrize(
    ("content", "name"), [("heic", "a.jpg"), ("png", "a.jpg"), ("jpg", "a.png"), ("jpg", "a.heic")]
)
def test_the_content_decides_and_not_the_name(tmp_path: Path, content: str, name: str) -> None:
    written = write(scene(4), tmp_path / f"there.{content}")
    renamed = written.rename(tmp_path / name)
    expected = {"heic": "HEIF", "png": "PNG", "jpg": "JPEG"}[content]
    assert fingerprint(renamed).format == expected


def variants() -> dict[str, Callable[[Image.Image], tuple[Image.Image, str, dict[str, object]]]]:
    def with_alpha(picture: Image.Image) -> Image.Image:
        picture = picture.copy()
        picture.putalpha(255)
        return picture

    return {
        "progressive JPEG": lambda p: (p, "jpg", {"progressive": True}),
        "JPEG without subsampling": lambda p: (p, "jpg", {"subsampling": 0}),
        "JPEG in CMYK, which Adobe inverts": lambda p: (p.convert("CMYK"), "jpg", {"quality": 90}),
        "TIFF in CMYK": lambda p: (p.convert("CMYK"), "tif", {}),
        "TIFF packed by LZW": lambda p: (p, "tif", {"compression": "tiff_lzw"}),
        "TIFF packed by JPEG": lambda p: (p, "tif", {"compression": "jpeg"}),
        "PNG with a full alpha channel": lambda p: (with_alpha(p), "png", {}),
        "WebP with a full alpha channel": lambda p: (with_alpha(p), "webp", {"lossless": True}),
        "PNG with a palette": lambda p: (p.quantize(256), "png", {}),
        "grey JPEG": lambda p: (p.convert("L"), "jpg", {}),
        "grey PNG": lambda p: (p.convert("L"), "png", {}),
        "grey PNG with alpha": lambda p: (with_alpha(p.convert("L")), "png", {}),
        "PNG of 16 bits": lambda p: (sixteen_bits(p), "png", {}),
        "TIFF of 16 bits": lambda p: (sixteen_bits(p), "tif", {}),
        "TIFF of real numbers": lambda p: (real_numbers(p), "tif", {}),
        "TIFF of 32 bits": lambda p: (p.convert("L").convert("I"), "tif", {}),
    }


def sixteen_bits(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)


def real_numbers(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture.convert("L")).astype(np.float32) / 255)


@pytest.mark.slow
@pytest.mark.parametrize("name", variants())
def test_every_mode_gives_the_same_picture(tmp_path: Path, name: str) -> None:
    picture = scene(5, (500, 380))
    original = fingerprint(write(picture, tmp_path / "original.png"))
    made, suffix, options = variants()[name](picture)
    known = fingerprint(write(made, tmp_path / f"made.{suffix}", **options))
    assert (known.width, known.height) == (500, 380)
    assert similarity(known, original) >= (0.95 if "palette" in name else 0.98)
    assert apart(known, original) < 4


def test_sixteen_bits_are_scaled_and_not_clipped(tmp_path: Path) -> None:
    dark = Image.fromarray(np.tile(np.arange(256, dtype=np.uint16) * 16, (256, 1)))
    small = np.frombuffer(fingerprint(write(dark, tmp_path / "a.png")).small, np.uint8)
    assert small.max() <= 16


def test_colour_of_16_bits_a_channel(tmp_path: Path) -> None:
    """Pillow can't write it; OpenCV can."""
    cv2 = pytest.importorskip("cv2")
    picture = scene(6, (300, 200))
    wide = np.asarray(picture)[:, :, ::-1].astype(np.uint16) * 257
    for suffix in ("png", "tif"):
        path = tmp_path / f"a.{suffix}"
        assert cv2.imwrite(str(path), wide)
        assert similarity(fingerprint(path), fingerprint(write(picture, tmp_path / "b.png"))) == 1.0


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    picture = scene(7, (200, 200))
    holed = picture.convert("RGBA")
    holed.paste((0, 0, 0, 0), (50, 50, 150, 150))
    white = picture.copy()
    white.paste((255, 255, 255), (50, 50, 150, 150))
    expected = fingerprint(write(white, tmp_path / "white.png"))
    for name, made in (("rgba.png", holed), ("rgba.webp", holed), ("palette.png", palette_with_hole(white))):
        options = {"lossless": True} if name.endswith("webp") else {}
        if name.startswith("palette"):
            options = {"transparency": 0}
        known = fingerprint(write(made, tmp_path / name, **options))
        assert similarity(known, expected) >= 0.97, name


def palette_with_hole(white: Image.Image) -> Image.Image:
    """Palette entry 0 is transparent, and black in the palette."""
    quantized = white.quantize(255)
    indexes = np.asarray(quantized) + 1
    indexes[50:150, 50:150] = 0
    result = Image.frombytes("P", white.size, indexes.astype(np.uint8).tobytes())
    result.putpalette([0, 0, 0, *(quantized.getpalette() or [])[: 255 * 3]])
    return result


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "tif"])
def test_of_an_animation_the_first_frame_counts(tmp_path: Path, suffix: str) -> None:
    first, *others = (scene(seed, (200, 150)) for seed in (8, 9, 10))
    path = tmp_path / f"moving.{suffix}"
    first.save(path, save_all=True, append_images=others, **({"lossless": True} if suffix == "webp" else {}))
    known = fingerprint(path)
    assert known.frames == 3
    assert similarity(known, fingerprint(write(first, tmp_path / "still.png"))) >= 0.97


def test_a_jpeg_with_more_pictures_behind_it_is_a_jpeg(tmp_path: Path) -> None:
    first, second = scene(11), scene(12)
    path = tmp_path / "with gain map.jpg"
    first.save(path, "MPO", save_all=True, append_images=[second])
    known = fingerprint(path)
    assert (known.format, known.frames) == ("JPEG", 1)
    assert similarity(known, fingerprint(write(first, tmp_path / "plain.jpg"))) >= 0.99


@pytest.mark.parametrize(
    ("size", "scale"),
    [
        ((4000, 3000), 8),
        ((1280, 960), 8),
        ((1279, 959), 4),
        ((640, 480), 4),
        ((479, 640), 2),
        ((200, 150), 1),
        ((1, 1), 1),
    ],
)
def test_the_scale_leaves_enough_pixels(size: tuple[int, int], scale: int) -> None:
    assert scale_of(size) == scale
    assert scale == 1 or min(size) >= scale * SHORT_SIDE


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (2, 3), (17, 9), (3000, 7), (128, 1600)])
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_pictures_of_odd_sizes(tmp_path: Path, size: tuple[int, int], suffix: str) -> None:
    known = fingerprint(write(Image.new("RGB", size, (10, 200, 30)), tmp_path / f"a.{suffix}"))
    assert (known.width, known.height) == size
    assert known.texture < 1
    assert len(known.small) == 4096


# --- orientation ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif", "heic"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_in_every_format(tmp_path: Path, suffix: str, orientation: int) -> None:
    upright = scene(13, (240, 160))
    undo = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
    stored = upright if orientation == 1 else upright.transpose(TRANSPOSITIONS[undo[orientation]])
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = write(stored, tmp_path / f"a.{suffix}", exif=exif.tobytes() if suffix == "heic" else exif)
    known = fingerprint(path)
    assert (known.width, known.height) == (240, 160)
    assert similarity(known, fingerprint(write(upright, tmp_path / "upright.png"))) >= 0.97


@pytest.mark.parametrize("kind", ["Landscape", "Portrait"])
def test_real_orientations(photo_data: Path, kind: str) -> None:
    known = {path.name: fingerprint(path) for path in sorted((photo_data / "orientation").glob(f"{kind}_*.jpg"))}
    assert len(known) == 9
    upright = known[f"{kind}_1.jpg"]
    for name, each in known.items():
        assert (each.width, each.height) == (upright.width, upright.height), name
        assert similarity(each, upright) >= 0.95, name
        assert apart(each, upright) < 2, name


# --- real edits -------------------------------------------------------------------------------------------------------


def test_real_edits_stay_the_same_picture(photo_data: Path) -> None:
    folder = photo_data / "edits" / "bridge-edits"
    original = fingerprint(folder / "aaa-orig.jpg")
    scores = {path.name: similarity(fingerprint(path), original) for path in sorted(folder.glob("*.jpg"))}
    assert len(scores) == 12
    assert {name: score for name, score in scores.items() if score < SIMILAR} == {}


def test_real_rotations_match_in_one_position_each(photo_data: Path) -> None:
    known = [fingerprint(path) for path in sorted((photo_data / "edits" / "bridge-rotations").glob("*.jpg"))]
    assert len(known) == 8
    positions = hashes.codes_of_turns(known[0].small)
    best = []
    for each in known:
        scores = [hashes.similarity(each.codes, codes) for codes in positions]
        best.append(scores.index(max(scores)))
        assert max(scores) >= 0.95
    assert sorted(best) == list(range(8))
    assert best[:4] == [0, 3, 2, 1] or best[:4] == [0, 1, 2, 3]


def spread(paths: Sequence[Path], count: int) -> Sequence[Path]:
    """About ``count`` of the paths, evenly."""
    return paths[:: max(1, len(paths) // count)]


def test_scaled_decodes_change_no_decision(photo_data: Path) -> None:
    """Against hashes of the full decode: the same picture stays within a fifth of what the threshold allows."""
    distances = []
    for path in spread(sorted((photo_data / "camera").glob("*.jpg")), 11):
        with Image.open(path) as picture:
            grey = picture.convert("L").resize((64, 64), Image.Resampling.BILINEAR)
        scaled = decode(Content(path.read_bytes())).grey.resize((64, 64), Image.Resampling.BILINEAR)
        distances.append(hashes.distance(hashes.codes_of(grey.tobytes()), hashes.codes_of(scaled.tobytes())))
    assert max(distances) <= 7
    assert sum(distances) / len(distances) < 2


def test_every_camera_is_measured(shared_data: Path) -> None:
    known, problems = {}, {}
    for path in sorted((shared_data / "camera").iterdir()):
        measured = measured_at(path)
        if measured.fingerprint is None:
            assert measured.problem is not None and measured.problem.path == str(path)
            problems[path.name] = measured.problem.why
        else:
            known[path.name] = measured.fingerprint
    movies = {
        path.name for path in (shared_data / "camera").iterdir() if path.suffix in (".mov", ".mp4", ".3gp", ".AVI")
    }
    assert problems == dict.fromkeys(movies, "it is a movie")
    assert len(known) == 55
    assert sum(bool(each.camera) for each in known.values()) >= 52
    taken_moments_apart = [("Nikon E900 (1).jpg", "Nikon E900 (2).jpg"), ("Issue 247-1.nef", "Issue 247-2.nef")]
    names = sorted(known)
    alike = [
        (one, two)
        for place, one in enumerate(names)
        for two in names[place + 1 :]
        if similarity(known[one], known[two]) >= SIMILAR
    ]
    assert set(alike) <= set(taken_moments_apart)


# --- texture and sharpness --------------------------------------------------------------------------------------------


def test_texture_is_the_standard_deviation() -> None:
    assert texture_of(bytes(4096)) == 0
    assert texture_of(bytes([0, 255]) * 2048) == 127.5
    values = np.random.default_rng(1).integers(0, 256, 4096, dtype=np.uint8)
    assert texture_of(values.tobytes()) == pytest.approx(float(values.std()), abs=1e-9)


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    grey = scene(14, (150, 130)).convert("L")
    pixels = np.asarray(grey).astype(int)
    laplacian = pixels[1:-1, :-2] + pixels[1:-1, 2:] + pixels[:-2, 1:-1] + pixels[2:, 1:-1] - 4 * pixels[1:-1, 1:-1]
    assert sharpness_of(grey, (1000, 1000)) == pytest.approx(float(laplacian.var()), rel=1e-9)
    assert sharpness_of(grey, (2000, 2000)) == pytest.approx(float(laplacian.var()) * 4**0.7, rel=1e-9)


def test_sharpness_agrees_with_opencv() -> None:
    cv2 = pytest.importorskip("cv2")
    grey = scene(14, (150, 130)).convert("L")
    laplacian = cv2.Laplacian(np.asarray(grey), cv2.CV_64F)[1:-1, 1:-1]
    assert sharpness_of(grey, (1000, 1000)) == pytest.approx(float(laplacian.var()), rel=1e-9)


def test_nothing_has_no_sharpness_and_the_enormous_is_judged_by_its_middle() -> None:
    assert sharpness_of(Image.new("L", (2, 900)), (2, 900)) == 0
    assert sharpness_of(Image.new("L", (50, 50), 7), (50, 50)) == 0
    wide = Image.new("L", (3000, 2000))
    wide.paste(255, (1490, 0, 1510, 2000))
    assert sharpness_of(wide, (3000, 2000)) > 0


@pytest.mark.parametrize("radius", [2, 4])
def test_a_blurred_copy_is_less_sharp(photo_data: Path, tmp_path: Path, radius: float) -> None:
    for path in spread(sorted((photo_data / "camera").glob("*.jpg")), 5):
        with Image.open(path) as picture:
            picture.convert("RGB").filter(ImageFilter.GaussianBlur(radius)).save(tmp_path / "soft.jpg", quality=95)
            picture.convert("RGB").save(tmp_path / "again.jpg", quality=75)
        original = fingerprint(path).sharpness
        assert fingerprint(tmp_path / "soft.jpg").sharpness < original * 0.8, path.name
        assert fingerprint(tmp_path / "again.jpg").sharpness == pytest.approx(original, rel=0.1), path.name


def test_a_smaller_copy_is_never_sharper(photo_data: Path, tmp_path: Path) -> None:
    for path in spread(sorted((photo_data / "camera").glob("*.jpg")), 9):
        with Image.open(path) as picture:
            for share in (0.5, 0.3, 0.1):
                size = (int(picture.width * share), int(picture.height * share))
                picture.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(tmp_path / "copy.jpg", quality=92)
                copy = fingerprint(tmp_path / "copy.jpg").sharpness
                assert copy < fingerprint(path).sharpness, (path.name, share)


def test_pillow_takes_pictures_from_memory_as_from_the_disk(tmp_path: Path) -> None:
    path = write(scene(15), tmp_path / "a.jpg")
    stream = io.BytesIO(path.read_bytes())
    with Image.open(stream) as picture:
        assert picture.size == (fingerprint(path).width, fingerprint(path).height)


def test_a_multi_picture_jpeg_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.mpo"
    scene(1, (320, 240)).save(path, "MPO", save_all=True, append_images=[scene(2, (320, 240))])
    assert kind_of(str(path)) is FileKind.PICTURE
    found = measured_at(path).fingerprint
    plain = measured_at(save(scene(1, (320, 240)), tmp_path / "a.jpg", quality=75)).fingerprint
    assert found is not None and plain is not None
    assert (found.format, found.width, found.height, found.codes) == ("JPEG", 320, 240, plain.codes)
