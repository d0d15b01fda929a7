"""Kind of a file (picture, movie, sidecar, other) by its suffix alone, so that a scan of a million files opens none.

What a file really holds is judged by ``decode`` when it is read: a HEIC that is called ``.jpg`` is decoded as HEIC.
This module is loaded by the scan and therefore imports nothing heavy: no Pillow, no NumPy.
"""

from __future__ import annotations

from image_sync.base import paths
from image_sync.base.model import FileKind
from image_sync.base.own_files import is_thrown_away

JPEG = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".insp"})
HEIF = frozenset({".heic", ".heif", ".hif", ".heics", ".heifs"})
_OTHERS = {
    **dict.fromkeys((".tif", ".tiff"), "TIFF"),
    **dict.fromkeys((".bmp", ".dib"), "BMP"),
    **dict.fromkeys((".avif", ".avifs"), "AVIF"),
    ".png": "PNG",
    ".gif": "GIF",
    ".webp": "WEBP",
}
FORMAT_OF_SUFFIX = {**dict.fromkeys(JPEG, "JPEG"), **dict.fromkeys(HEIF, "HEIF"), **_OTHERS}
"""The format that a file of each suffix should be of, as Pillow calls it."""
PICTURES = frozenset(FORMAT_OF_SUFFIX)
"""Pictures that are decoded themselves."""
UNREAD_PICTURES = frozenset(
    {
        *(".jxl", ".jp2", ".j2k", ".jpf", ".jpx", ".jxr", ".wdp", ".hdp", ".qoi", ".tga", ".pcx", ".exr", ".hdr"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".psd", ".psb", ".xcf", ".kra", ".clip", ".afphoto", ".svg", ".svgz"),
        *(".eps", ".ai", ".ico", ".icns", ".wmf", ".emf", ".dds", ".djvu", ".flif", ".pict", ".pct", ".sgi", ".ras"),
    }
)
"""Pictures that are left alone, since they can't be read, or are drawings and projects more than photos."""

RAW = frozenset(
    {
        ".3fr",  # Hasselblad
        ".arw",  # Sony
        ".cr2",  # Canon
        ".cr3",
        ".crw",
        ".dcr",  # Kodak
        ".dng",  # Adobe, Apple, Google, Leica, Pentax, Ricoh, Samsung
        ".erf",  # Epson
        ".fff",  # Imacon
        ".gpr",  # GoPro
        ".iiq",  # Phase One
        ".k25",
        ".kdc",
        ".mef",  # Mamiya
        ".mos",  # Leaf
        ".mrw",  # Minolta
        ".nef",  # Nikon
        ".nrw",
        ".orf",  # Olympus
        ".pef",  # Pentax
        ".raf",  # Fujifilm
        ".raw",  # Panasonic, Leica
        ".rw2",
        ".rwl",
        ".sr2",
        ".srf",
        ".srw",  # Samsung
        ".x3f",  # Sigma
    }
)
"""Sensor data of cameras, seen through the preview that they carry."""

MOVIES = frozenset(
    {
        *(".mov", ".mp4", ".m4v", ".3gp", ".3g2", ".avi", ".mts", ".m2ts", ".mpg", ".mpeg", ".wmv", ".mkv", ".webm"),
        *(".mod", ".tod", ".lrv", ".insv", ".mp", ".ts", ".vob", ".dv"),
    }
)
LIVE_PHOTO_MOVIES = frozenset({".mov", ".mp4", ".mp"})
"""What the moving half of a Live Photo is called: by Apple, after Google Takeout, by a Pixel."""
DOUBTFUL_MOVIES = frozenset({".ts", ".mp", ".mod", ".tod", ".vob", ".dv"})
"""Suffixes of movies that other files have too: programs in TypeScript, modules of music and of Go."""
NOT_READ = {
    **dict.fromkeys((".jxl",), "JPEG XL"),
    **dict.fromkeys((".jp2", ".j2k", ".jpf", ".jpx"), "JPEG 2000"),
    **dict.fromkeys((".psd", ".psb"), "Photoshop"),
    **dict.fromkeys((".xcf",), "GIMP"),
    **dict.fromkeys((".bpg", ".flif", ".jxr", ".wdp", ".hdp", ".tga", ".pcx", ".pct", ".pict"), ""),
}
"""Pictures that nothing here decodes, by suffix, with the name of their kind."""
LIVE_PHOTO_STILLS = JPEG | HEIF

SIDECARS = frozenset({".xmp", ".aae", ".thm", ".json", ".moi"})
VOICE_MEMOS = frozenset({".wav"})
"""What cameras record with a picture.  Most files of that kind are music: only a picture's name makes it a memo."""

_KINDS = {
    **dict.fromkeys(PICTURES, FileKind.PICTURE),
    **dict.fromkeys(RAW, FileKind.RAW),
    **dict.fromkeys(MOVIES, FileKind.MOVIE),
    **dict.fromkeys(SIDECARS, FileKind.SIDECAR),
}
_APPLE_DOUBLE = "._"
"""macOS keeps a file's extra attributes beside it under this prefix on foreign disks; it has the file's suffix."""


def kind_of(name: str) -> FileKind:
    """The kind of the file called ``name`` (a path does as well); the case of the suffix doesn't matter."""
    base = paths.name(name)
    if base[:1] == ".":
        if base.startswith(_APPLE_DOUBLE) or is_thrown_away(base):
            return FileKind.OTHER
        return _KINDS.get(paths.suffix(base), FileKind.OTHER)
    dot = base.rfind(".")
    return _KINDS.get(base[dot:].lower(), FileKind.OTHER) if dot >= 0 else FileKind.OTHER
