"""Format of a picture file by its first bytes; its name is not asked.

Only formats that the program reads are offered to Pillow, one at a time: Pillow knows some that start other programs.
"""

from __future__ import annotations

from typing import Literal

from image_sync.base.said import N_
from image_sync.pictures.content import Content
from image_sync.pictures.errors import LEFT, Unreadable

_SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"BM", "BMP"),
)
_AVIF = frozenset({b"avif", b"avis"})
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})

_OTHERS = (
    (b"%PDF", N_("it is a PDF document")),
    (b"PK\3\4", N_("it is an archive or an office document")),
    (b"\x1a\x45\xdf\xa3", N_("it is a movie")),
    (b"8BPS", N_("it is a Photoshop document")),
    (b"\xff\x0a", N_("it is a JPEG XL picture, which can't be read yet")),
    (b"\0\0\0\x0cJXL ", N_("it is a JPEG XL picture, which can't be read yet")),
    (b"\0\5\x16\7", N_("it holds only what macOS remembers of another file")),
)
_LETTERS = frozenset(range(32, 127)) | frozenset(b"\t\r\n\f\x1b")


def format_of(content: Content) -> str:
    """The format as Pillow names it: JPEG, PNG, GIF, TIFF, BMP, WEBP, AVIF or HEIF; Unreadable for anything else."""
    head = content[0:64]
    known = known_format(head)
    if known is None:
        raise Unreadable(_what_else(head), LEFT)
    return known


def known_format(head: bytes) -> str | None:
    """The format that a file beginning with ``head`` (at least 32 bytes, if it has them) is of."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    return None


def ends_early(content: Content, format: str) -> bool:
    """Whether a file is shorter than its own header says; asked when decoding it has failed."""
    if format == "WEBP":
        return int.from_bytes(content[4:8], "little") + 8 > content.length
    if format == "TIFF":
        order: Literal["little", "big"] = "little" if content[0:1] == b"I" else "big"
        return int.from_bytes(content[4:8], order) >= content.length
    return format in ("AVIF", "HEIF") and _boxes_end(content) > content.length


def _boxes_end(content: Content) -> int:
    """The offset at which the last box at the top of an MPEG container says that it ends."""
    at = 0
    while at < content.length:
        length = int.from_bytes(content[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(content[at + 8 : at + 16], "big")
        if length < 8:
            break
        at += length
    return at


def _of_brands(head: bytes) -> str | None:
    """MPEG's container names the format by brands: the major one, a version, then the compatible ones."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))}
    if brands & _AVIF:
        return "AVIF"
    return "HEIF" if brands & _HEIF else None


def _what_else(head: bytes) -> str:
    if not head:
        return N_("the file is empty")
    if not any(head):
        return N_("damaged: it begins with nothing but zeros")
    for signature, words in _OTHERS:
        if head.startswith(signature):
            return words
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide") or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        return N_("it is a movie")
    if _is_text(head):
        return N_("it holds a web page, not a picture") if b"<" in head[:16] else N_("it holds text, not a picture")
    return N_("its content is of no kind of picture that can be read")


def _is_text(head: bytes) -> bool:
    """Whether it reads as text in any of the usual encodings: mostly ASCII, and no control characters."""
    plain = sum(byte in _LETTERS for byte in head)
    return plain + sum(byte >= 128 for byte in head) == len(head) and plain >= 0.7 * len(head)
