"""The edits: what people and programs do to photos, by family."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Make = Callable[[Image.Image], Image.Image]
JPEG = {"quality": 88}
LEAST_SIDE = 64
"""Pixels of the short side that any edit leaves."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: how the picture changes and how it is saved."""

    family: str
    name: str
    make: Make
    suffix: str = ".jpg"
    options: dict[str, object] = field(default_factory=lambda: dict(JPEG))


def _same(picture: Image.Image) -> Image.Image:
    return picture


def _scaled(share: float) -> Make:
    """So many times as large; a small picture is made no smaller than an icon, of which nobody wants the photo."""

    def make(picture: Image.Image) -> Image.Image:
        wanted = max(share, min(1.0, LEAST_SIDE / min(picture.size)))
        size = (round(picture.width * wanted), round(picture.height * wanted))
        return picture.resize(size, Image.Resampling.LANCZOS)

    return make


def _thumbnail(side: int) -> Make:
    return lambda picture: _scaled(side / max(picture.size))(picture)


def _toned(curve: Callable[[np.ndarray], np.ndarray]) -> Make:
    def make(picture: Image.Image) -> Image.Image:
        values = curve(np.asarray(picture).astype(np.float32) / 255)
        return Image.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))

    return make


def _sepia(picture: Image.Image) -> Image.Image:
    grey = picture.convert("L")
    return Image.merge("RGB", [grey.point(lambda value, k=k: min(255, int(value * k))) for k in (1.07, 0.9, 0.7)])


def _noisy(deviation: float) -> Make:
    def make(picture: Image.Image) -> Image.Image:
        noise = np.random.default_rng(1).normal(0, deviation, (picture.height, picture.width, 1))
        return Image.fromarray(np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8))

    return make


def _recoded(picture: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def _messenger(picture: Image.Image) -> Image.Image:
    """Sent twice by a messenger that makes pictures smaller and compresses them anew."""
    return _scaled(0.8)(_recoded(_scaled(0.7)(picture), 70))


def cropped(left: float, top: float, right: float, bottom: float) -> Make:
    """So much cut off each side."""

    def make(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        box = (width * left, height * top, width * (1 - right), height * (1 - bottom))
        return picture.crop(tuple(round(value) for value in box))

    return make


def _around(share: float) -> Make:
    return cropped(share / 2, share / 2, share / 2, share / 2)


def straightened(degrees: float) -> Make:
    """Turned by a little and cropped to what has no empty corners."""

    def make(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        angle = abs(math.radians(degrees))
        kept = 1 / (math.cos(angle) + max(width / height, height / width) * math.sin(angle))
        return _around(1 - kept)(picture.rotate(degrees, Image.Resampling.BICUBIC))

    return make


def _wide(picture: Image.Image) -> Image.Image:
    """Cropped to 16:9, upright ones to 9:16."""
    width, height = picture.size
    short = max(width, height) * 9 / 16
    share = max(0.0, 1 - short / min(width, height)) / 2
    return cropped(0, share, 0, share)(picture) if width >= height else cropped(share, 0, share, 0)(picture)


def _font(size: float) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(max(8, size))


def _written(text: str, at: tuple[float, float], size: float, alpha: int) -> Make:
    def make(picture: Image.Image) -> Image.Image:
        layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
        place = (picture.width * at[0], picture.height * at[1])
        ImageDraw.Draw(layer).text(place, text, font=_font(picture.width * size), fill=(255, 255, 255, alpha))
        return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")

    return make


def _dated(picture: Image.Image) -> Image.Image:
    result = picture.copy()
    place = (picture.width * 0.7, picture.height * 0.92)
    ImageDraw.Draw(result).text(place, "'08 7 14", font=_font(picture.width / 25), fill=(255, 140, 0))
    return result


def captioned(share: float, ground: str = "black", ink: str = "white") -> Make:
    """A band at the foot that hides ``share`` of the picture."""

    def make(picture: Image.Image) -> Image.Image:
        result, height = picture.copy(), round(picture.height * share)
        draw = ImageDraw.Draw(result)
        draw.rectangle((0, picture.height - height, picture.width, picture.height), fill=ground)
        place = (20, picture.height - height * 0.85)
        draw.text(place, "Summer holiday 2014, the lake", font=_font(height / 2), fill=ink)
        return result

    return make


def framed(share: float, colour: str) -> Make:
    """A border around of ``share`` of the longer side."""
    return lambda picture: ImageOps.expand(picture, round(max(picture.size) * share), colour)


def _instant(picture: Image.Image) -> Image.Image:
    edge = picture.width // 16
    return ImageOps.expand(picture, (edge, edge, edge, edge * 4), "white")


def letterboxed(size: tuple[int, int]) -> Make:
    """Black above and below, or on both sides, to the shape of ``size``."""
    return lambda picture: ImageOps.pad(picture, size, Image.Resampling.LANCZOS, "black")


def _screenshot(picture: Image.Image) -> Image.Image:
    """A telephone's screen that shows the picture, with the clock and the symbols above."""
    screen = letterboxed((450, 900))(picture)
    draw = ImageDraw.Draw(screen)
    draw.text((20, 8), "10:24", font=_font(20), fill="white")
    draw.rectangle((400, 12, 430, 26), fill="white")
    return screen


def _exif(orientation: int) -> dict[str, object]:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return {**JPEG, "exif": exif.tobytes()}


def _turned(way: Image.Transpose) -> Make:
    return lambda picture: picture.transpose(way)


def _stickers(picture: Image.Image) -> Image.Image:
    """Four round stickers with a face."""
    result = picture.copy()
    draw, side = ImageDraw.Draw(result), min(picture.size) * 0.18
    for x, y, colour in (
        (0.08, 0.1, "#ffcc33"),
        (0.72, 0.14, "#ff6677"),
        (0.15, 0.7, "#66bb66"),
        (0.7, 0.68, "#55aaff"),
    ):
        left, top = picture.width * x, picture.height * y
        draw.ellipse((left, top, left + side, top + side), fill=colour, outline="black", width=2)
        for eye in (0.3, 0.6):
            dot = (left + side * eye, top + side * 0.35)
            draw.ellipse((*dot, dot[0] + side * 0.1, dot[1] + side * 0.1), fill="black")
        draw.arc(
            (left + side * 0.25, top + side * 0.3, left + side * 0.75, top + side * 0.8), 20, 160, fill="black", width=3
        )
    return result


_T = Image.Transpose
MORE_VERSIONS = (
    Edit("crop 30 %", "30 % around", _around(0.3)),
    Edit("stickers", "stickers", _stickers),
)
"""Edits that only make versions for groups."""
EDITS = (
    *(Edit("re-encoded", f"JPEG {quality}", _same, options={"quality": quality}) for quality in (10, 30, 50, 75, 95)),
    Edit("re-encoded", "messenger, twice", _messenger, options={"quality": 60}),
    Edit("formats, orientations", "PNG", _same, ".png", {}),
    Edit("formats, orientations", "WebP", _same, ".webp", {"quality": 60}),
    Edit("formats, orientations", "GIF", lambda picture: picture.quantize(256), ".gif", {}),
    Edit("formats, orientations", "HEIC", _same, ".heic", {"quality": 50}),
    Edit("formats, orientations", "AVIF", _same, ".avif", {"quality": 50, "speed": 9}),
    Edit("formats, orientations", "TIFF", _same, ".tif", {"compression": "tiff_lzw"}),
    Edit("formats, orientations", "EXIF turned by 90°", _turned(_T.ROTATE_90), options=_exif(6)),
    Edit("formats, orientations", "EXIF turned by 180°", _turned(_T.ROTATE_180), options=_exif(3)),
    Edit("formats, orientations", "EXIF mirrored", _turned(_T.FLIP_LEFT_RIGHT), options=_exif(2)),
    *(Edit("resized", f"× {share}", _scaled(share)) for share in (0.1, 0.25, 0.5, 0.75, 1.5, 2)),
    Edit("resized", "thumbnail of 160", _thumbnail(160), options={"quality": 70}),
    Edit("resized", "squeezed by 10 %", lambda picture: picture.resize((picture.width, round(picture.height * 0.9)))),
    Edit("tone", "brightness + 20 %", _toned(lambda x: x * 1.2)),
    Edit("tone", "brightness - 20 %", _toned(lambda x: x * 0.8)),
    Edit("tone", "brightness + 40 %", _toned(lambda x: x * 1.4)),
    Edit("tone", "brightness - 40 %", _toned(lambda x: x * 0.6)),
    Edit("tone", "contrast + 30 %", _toned(lambda x: (x - 0.5) * 1.3 + 0.5)),
    Edit("tone", "contrast - 30 %", _toned(lambda x: (x - 0.5) * 0.7 + 0.5)),
    Edit("tone", "gamma 0.7", _toned(lambda x: x**0.7)),
    Edit("tone", "gamma 1.4", _toned(lambda x: x**1.4)),
    Edit("tone", "auto contrast", lambda picture: ImageOps.autocontrast(picture, cutoff=1)),
    Edit("tone", "equalised", ImageOps.equalize),
    Edit("filters", "grey", lambda picture: picture.convert("L")),
    Edit("filters", "sepia", _sepia),
    Edit("filters", "saturated", lambda picture: ImageEnhance.Color(picture).enhance(1.5)),
    Edit("filters", "warmer", _toned(lambda x: x * np.array([1.12, 1, 0.86], np.float32))),
    Edit("filters", "cooler", _toned(lambda x: x * np.array([0.86, 1, 1.12], np.float32))),
    Edit("filters", "blurred by 1", lambda picture: picture.filter(ImageFilter.GaussianBlur(1))),
    Edit("filters", "blurred by 3", lambda picture: picture.filter(ImageFilter.GaussianBlur(3))),
    Edit("filters", "sharpened", lambda picture: picture.filter(ImageFilter.UnsharpMask(3, 150, 2))),
    Edit("filters", "median", lambda picture: picture.filter(ImageFilter.MedianFilter(5))),
    Edit("filters", "noise of 8", _noisy(8)),
    Edit("filters", "noise of 20", _noisy(20)),
    Edit("crop ≤ 5 %, straightened", "2 % around", _around(0.02)),
    Edit("crop ≤ 5 %, straightened", "4 % around", _around(0.04)),
    Edit("crop ≤ 5 %, straightened", "5 % around", _around(0.05)),
    Edit("crop ≤ 5 %, straightened", "5 % at the foot", cropped(0, 0, 0, 0.05)),
    Edit("crop ≤ 5 %, straightened", "3 % at the right", cropped(0, 0, 0.03, 0)),
    Edit("crop ≤ 5 %, straightened", "straightened by 1°", straightened(1)),
    Edit("crop ≤ 5 %, straightened", "straightened by 2°", straightened(2)),
    Edit("straightened by 3°", "straightened by 3°", straightened(-3)),
    Edit("crop 10 %", "10 % around", _around(0.1)),
    Edit("crop 10 %", "10 % at a corner", cropped(0.1, 0.1, 0, 0)),
    Edit("crop 20 %", "20 % around", _around(0.2)),
    Edit("crop 20 %", "20 % at a corner", cropped(0, 0.2, 0.2, 0)),
    Edit("crop to 16:9", "16:9", _wide),
    Edit("border", "2 % white", framed(0.02, "white")),
    Edit("border", "5 % black", framed(0.05, "black")),
    Edit("border", "5 % white", framed(0.05, "white")),
    Edit("border", "instant photo", _instant),
    Edit("letterbox", "16:9", letterboxed((960, 540))),
    Edit("letterbox", "square", letterboxed((640, 640))),
    Edit("letterbox", "screenshot", _screenshot),
    Edit("caption, watermark", "watermark at the foot", _written("© Photo Studio", (0.55, 0.88), 1 / 18, 150)),
    Edit("caption, watermark", "watermark across", _written("SAMPLE", (0.15, 0.42), 1 / 4, 90)),
    Edit("caption, watermark", "date", _dated),
    Edit("caption, watermark", "black band", captioned(1 / 9)),
    Edit("caption, watermark", "white band", captioned(1 / 9, "white", "black")),
    Edit("rotated, mirrored", "90°", _turned(_T.ROTATE_90)),
    Edit("rotated, mirrored", "180°", _turned(_T.ROTATE_180)),
    Edit("rotated, mirrored", "270°", _turned(_T.ROTATE_270)),
    Edit("rotated, mirrored", "mirrored", _turned(_T.FLIP_LEFT_RIGHT)),
    Edit("rotated, mirrored", "upside down", _turned(_T.FLIP_TOP_BOTTOM)),
)
CROWD = frozenset(
    {
        "× 0.25",
        "contrast + 30 %",
        "equalised",
        "blurred by 3",
        "20 % at a corner",
        "5 % white",
        "square",
        "watermark across",
        "black band",
        "180°",
    }
)
"""Names of the edits that all photos get where only the false pairs are counted: those after which most photos that are
different look alike."""
FAMILIES = tuple(dict.fromkeys(edit.family for edit in EDITS))
WHOLE_FAMILIES = FAMILIES[: FAMILIES.index("crop ≤ 5 %, straightened") + 1]
"""Those whose edits leave the picture whole, or nearly: what the default level is for."""
