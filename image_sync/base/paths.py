"""Path functions on strings: joining, splitting, comparing and showing paths, without touching a file.

Paths are hostile (undecodable bytes, newlines, names that differ only in case or in Unicode form); the rules in
``jobs`` may not import ``os``, so what they need of it stands here.  Nothing here touches the disk.
"""

from __future__ import annotations

import os
import unicodedata

SEPARATOR = os.sep
NAME_LIMIT = 255
"""Bytes that one name may have on every common file system (ext4, APFS, NTFS, exFAT all allow at least that)."""


_PLAIN = os.name == "posix"
"""Whether paths are so plain that the three functions below may take a short cut: a scan calls them for every file."""


def join(folder: str, *parts: str) -> str:
    """``os.path.join``, except that an empty part changes nothing."""
    if _PLAIN and len(parts) == 1:
        part = parts[0]
        if not part or not folder:
            return part or folder
        if part[0] != "/" and folder[-1] != "/":
            return f"{folder}/{part}"
    return os.path.join(folder, *(part for part in parts if part))


def name(path: str) -> str:
    """The last component."""
    if _PLAIN:
        return path[path.rfind("/") + 1 :]
    return os.path.basename(path)


def parent(path: str) -> str:
    """All but the last component; an empty string when there is only one."""
    if _PLAIN:
        end = path.rfind("/")
        if end < 0:
            return ""
        if end > 0 and path[end - 1] != "/":
            return path[:end]
    return os.path.dirname(path)


def split_suffix(filename: str) -> tuple[str, str]:
    """``photo.tar.JPG`` to ``("photo.tar", ".JPG")``; a leading dot starts no suffix."""
    return os.path.splitext(filename)


def stem(path: str) -> str:
    """The last component without its suffix."""
    return split_suffix(name(path))[0]


def suffix(path: str) -> str:
    """The suffix in lower case, with its dot; an empty string when there is none."""
    return split_suffix(path)[1].lower()


def components(relative: str) -> tuple[str, ...]:
    """The names that a relative path is made of."""
    return tuple(part for part in relative.split(SEPARATOR) if part not in ("", "."))


def folded(path: str) -> str:
    """A key that is equal for paths which some file systems can't hold side by side (case, NFC/NFD)."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def is_inside(path: str, folder: str) -> bool:
    """Whether absolute ``path`` is ``folder`` or lies below it (both already resolved)."""
    return path == folder or path.startswith(folder.rstrip(SEPARATOR) + SEPARATOR)


def numbered(filename: str, number: int, pattern: str = "_{}") -> str:
    """``photo.jpg`` with 2 to ``photo_2.jpg``, the stem cut so that the name stays within ``NAME_LIMIT`` bytes."""
    base, end = split_suffix(filename)
    mark = pattern.format(number)
    room = NAME_LIMIT - len(os.fsencode(mark + end))
    return shorten(base, room) + mark + end


def shorten(text: str, limit: int) -> str:
    """``text`` cut to at most ``limit`` bytes, never in the middle of a character."""
    while len(os.fsencode(text)) > limit:
        text = text[: max(limit, 0)] if len(text) > limit else text[:-1]
    return text


def display(path: str) -> str:
    """``path`` on one line, safe for a terminal and a label: control and undecodable characters become escapes."""
    if path.isascii() and path.isprintable():
        return path
    return "".join(_shown(character) for character in path)


_TURNS_TEXT = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
"""Characters that turn the direction of the text after them: a name could pretend to be another."""


def _shown(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _TURNS_TEXT:
        return character.encode("unicode_escape", "backslashreplace").decode("ascii")
    return character
