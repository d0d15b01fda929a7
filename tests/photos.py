"""Real photos for tests: those that scikit-image ships, as files of cameras, edits and orientations.

The folders are called and filled as those of the real photos beside the checkout are (``conftest.SHARED``), so that a
test runs on either.  scikit-image itself is not imported: that takes longer than most tests.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageEnhance, ImageFilter

from tests.pictures.metadata.metadata_made import ORIGINAL, exif_block

MAKE, MODEL = 0x010F, 0x0110
LANCZOS = Image.Resampling.LANCZOS
Edit = Callable[[Image.Image], Image.Image]

CAMERA = {"coffee": 75, "astronaut": 88, "chelsea": 93, "ihc": 94, "motorcycle_left": 97, "retina": 90, "rocket": 92}
"""Photos with the quality of their JPEG, the first five as small and as different as originals should be."""
OTHERS = ("hubble_deep_field", "camera", "cell")
TURNS = (
    None,
    Image.Transpose.FLIP_LEFT_RIGHT,
    Image.Transpose.ROTATE_180,
    Image.Transpose.FLIP_TOP_BOTTOM,
    Image.Transpose.TRANSPOSE,
    Image.Transpose.ROTATE_90,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_270,
)
"""How a picture is stored under each EXIF orientation, 1 to 8."""


def _square(side: int) -> Edit:
    return lambda picture: picture.resize((side, side), LANCZOS)


EDITS: dict[str, Edit] = {
    "aaa-orig": lambda picture: picture,
    "blur-a-little": lambda picture: picture.filter(ImageFilter.GaussianBlur(1)),
    "blur-a-lot": lambda picture: picture.filter(ImageFilter.GaussianBlur(4)),
    "high-contrast": lambda picture: ImageEnhance.Contrast(picture).enhance(1.4),
    "high-saturation": lambda picture: ImageEnhance.Color(picture).enhance(2),
    "sharpen-a-little": lambda picture: picture.filter(ImageFilter.UnsharpMask(2, 60, 0)),
    "sharpen-a-lot": lambda picture: picture.filter(ImageFilter.UnsharpMask(3, 200, 0)),
    "shrink-a-little": lambda picture: picture.resize((picture.width * 4 // 5, picture.height * 4 // 5), LANCZOS),
    "shrink-a-lot": lambda picture: picture.resize((picture.width // 5, picture.height // 5), LANCZOS),
    "square-128x128": _square(128),
    "square-256x256": _square(256),
    "square-512x512": _square(512),
}


def folder() -> Path | None:
    """Where the photos of scikit-image lie; ``None`` where it is not installed."""
    found = find_spec("skimage")
    return Path(found.origin).parent / "data" if found and found.origin else None


@cache
def photo(name: str) -> Image.Image:
    """The photo called ``name`` in colours; not to be changed.

    What is a JPEG is made smaller, so that no trace of that compression is in what a test saves.
    """
    there = folder()
    assert there is not None
    (path,) = there.glob(f"{name}.*")
    with Image.open(path) as opened:
        whole = opened.convert("RGB")
    return whole.resize((whole.width * 3 // 4, whole.height * 3 // 4), LANCZOS) if path.suffix == ".jpg" else whole


def fill(place: Path) -> Path:
    """Make ``camera``, ``edits`` and ``orientation`` in ``place``, an empty folder; returns it."""
    _fill_camera(place / "camera")
    _fill_edits(place / "edits" / "bridge-edits")
    _fill_rotations(place / "edits" / "bridge-rotations")
    _fill_orientation(place / "orientation")
    return place


def _fill_camera(place: Path) -> None:
    place.mkdir(parents=True)
    for number, name in enumerate((*CAMERA, *OTHERS)):
        taken = f"2011:0{number % 9 + 1}:13 14:33:39"
        exif = b"Exif\0\0" + exif_block({MAKE: "Maker", MODEL: f"Model {number}"}, {ORIGINAL: taken})
        photo(name).save(place / f"{name}.jpg", quality=CAMERA.get(name, 90), exif=exif)
    photo("page").save(place / "page.png")
    photo("text").save(place / "text.webp", quality=90)


def _fill_edits(place: Path) -> None:
    place.mkdir(parents=True)
    for name, edit in EDITS.items():
        edit(photo("chelsea")).save(place / f"{name}.jpg", quality=90)


def _fill_rotations(place: Path) -> None:
    """The position of each is that of ``TURNS``: four turns, then the same mirrored."""
    place.mkdir(parents=True)
    for number, turn in enumerate((0, 5, 2, 7, 1, 4, 3, 6), 1):
        _turned(photo("chelsea"), turn).save(place / f"bridge-{number}.jpg", quality=92)


def _fill_orientation(place: Path) -> None:
    place.mkdir(parents=True)
    # No side is a multiple of 16, a block of colours: mirrored and saved anew, they are not quite the same.
    landscape = photo("rocket").crop((0, 0, 472, 312))
    portrait = photo("astronaut").crop((60, 0, 436, 504))
    for kind, upright in (("Landscape", landscape), ("Portrait", portrait)):
        upright.save(place / f"{kind}_0.jpg", quality=92)
        for orientation in range(1, 9):
            exif = Image.Exif()
            exif[0x0112] = orientation
            stored = _turned(upright, orientation - 1)
            stored.save(place / f"{kind}_{orientation}.jpg", quality=92, exif=exif)


def _turned(picture: Image.Image, turn: int) -> Image.Image:
    transposition = TURNS[turn]
    return picture if transposition is None else picture.transpose(transposition)
