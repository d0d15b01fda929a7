"""Names that a job gives: the context of a group, and a free name in a folder.

Pure: which names are taken is told, never looked up.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from image_sync.base import paths
from image_sync.base.copy_names import original_stem
from image_sync.base.model import Picture

CONTEXT_LENGTH = 50
SHORTEST_TELLING_NAME = 3
LAST_RESORT = "pictures"

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_CAMERA_WORD = (
    r"img|image|images|pict|pic|picture|photo|photos|foto|bild|dsc|dscn|dscf|dsci|sam|gopr|gp|mvimg|pxl|pano|cimg|imgp|"
    r"imag|wp|snapshot|screenshot|scan|scanned|file|untitled|unnamed|download|received|signal|fb|hdr|burst|p|vid|mov|"
    r"thumb|thumbnail|original|edited|edit|copy|final|new|tmp|temp"
)
_GENERIC = re.compile(
    rf"_?({_CAMERA_WORD})?[\W_]*(e|wa)?[\d\W_]*(wa\d+|mp|hdr|burst\d*|portrait|night|\d+)?[\W_]*", re.IGNORECASE
)
_CHAT = re.compile(
    r"(whatsapp|telegram|signal|viber|line|messenger|facebook|instagram)[\s_-]*(image|photo|video|picture)?\b.*", re.I
)
_LETTER_AND_NUMBER = re.compile(r"[a-z]{0,4}[_-]?\d{3,}", re.IGNORECASE)
_CAMERA_FOLDER = re.compile(
    r"(dcim|\d{3}[a-z_]{2,5}|camera( roll)?|pictures?|photos?|images?|bilder|fotos?|downloads?|"
    r"unique_images|duplicates|similar_.*)",
    re.IGNORECASE,
)


def is_generic(stem: str) -> bool:
    """Whether a name (without suffix) says nothing of the picture: a counter, a UUID, a chat's name for it."""
    text = original_stem(stem).strip()
    if len(text) < SHORTEST_TELLING_NAME:
        return True
    return any(pattern.fullmatch(text) for pattern in (_UUID, _GENERIC, _CHAT, _LETTER_AND_NUMBER))


def cleaned(text: str) -> str:
    """``text`` as part of a folder's name: letters, digits, space, ``-``, ``_``; at most 50; legal everywhere."""
    kept = "".join(character if character.isalnum() or character in " -_" else "_" for character in text)
    kept = re.sub(r"_{2,}", "_", re.sub(r"\s+", " ", kept))[:CONTEXT_LENGTH].strip(" _-")
    return f"{kept}_" if _RESERVED.fullmatch(kept) else kept


def context_of(best: Picture) -> str:
    """What a group is about, in a few words: the best member's name, else its date, its folder, its camera."""
    stem = original_stem(paths.stem(best.record.name))
    folder = paths.name(best.record.folder) or paths.name(best.record.root)
    candidates = (
        "" if is_generic(stem) else stem,
        best.fingerprint.captured[:10],
        "" if is_generic(folder) or _CAMERA_FOLDER.fullmatch(folder) else folder,
        best.fingerprint.camera,
        LAST_RESORT,
    )
    return next(text for text in map(cleaned, candidates) if text)


def free_folder(name: str, taken: Container[str]) -> str:
    """``name``, or ``name_2``, ``name_3`` …: the first whose folded form is not in ``taken``."""
    number, candidate = 1, name
    while paths.folded(candidate) in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def unit_names(names: Iterable[str], number: int, pattern: str = "_{}") -> tuple[str, ...]:
    """The names of a picture and its companions when the picture gets ``number`` (0: as they are).

    The picture comes first; what is named after it (``a.xmp``, ``a.jpg.xmp`` of ``a.jpg``) keeps being so.
    """
    first, *others = names
    if not number:
        return (first, *others)
    renamed = paths.numbered(first, number, pattern)
    return (renamed, *(_named_after(other, first, renamed, number, pattern) for other in others))


def _named_after(name: str, old: str, new: str, number: int, pattern: str) -> str:
    for before, after in ((old, new), (paths.stem(old), paths.stem(new))):
        if name.casefold().startswith(before.casefold()):
            return after + name[len(before) :]
    return paths.numbered(name, number, pattern)
