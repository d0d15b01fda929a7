"""IPTC records (IIM 4): when the picture was taken, and what editors and archives write about it.

In a JPEG the records stand among Photoshop's resources, in a TIFF alone.  Bounded: lengths are claims of a file.
"""

from __future__ import annotations

from collections.abc import Iterator

from image_sync.pictures.metadata.dates import Moment, spelled
from image_sync.pictures.metadata.reading import Window

_LIMIT = 1024 * 1024
_RESOURCES = 1_000
_IPTC_RESOURCE = 0x0404
_APPLICATION = 2
_DATE_CREATED, _TIME_CREATED = 55, 60
TITLE, KEYWORD, ARTIST, COPYRIGHT, CAPTION = 5, 25, 80, 116, 120
"""The records of the application that say what a picture shows, and whose it is."""


def iptc_moment(block: Window) -> Moment | None:
    """The date created (2:55) with its time (2:60) where there is one; ``None`` when there is none."""
    data = block.read(0, _LIMIT)
    records = {kind: text.decode("latin-1").strip("\0 ") for kind, text in _records(_iptc_of(data))}
    day, time = records.get(_DATE_CREATED, ""), records.get(_TIME_CREATED, "")
    if len(day) != 8 or not day.isdigit():
        return None
    text = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if len(time) >= 6 and time[:6].isdigit():
        zone = time[6:11] if len(time) >= 11 else ""
        # Midnight on the dot is what programs write that know the day only.
        known = "" if time[:6] == "000000" else f"T{time[:2]}:{time[2:4]}:{time[4:6]}{zone}"
        return spelled(text + known) or spelled(text)
    return spelled(text)


def iptc_words(block: Window) -> dict[int, tuple[str, ...]]:
    """The words of the records by their kind (``TITLE`` and so on), in their order; UTF-8 where they are that."""
    found: dict[int, list[str]] = {}
    for kind, text in reversed(list(_records(_iptc_of(block.read(0, _LIMIT))))):
        if words := decoded(text):
            found.setdefault(kind, []).append(words)
    return {kind: tuple(texts) for kind, texts in found.items()}


def decoded(text: bytes) -> str:
    """Text of metadata that does not tell its encoding: UTF-8 where it is that, else Latin-1."""
    try:
        return text.decode("utf-8").strip("\0 \t\r\n")
    except UnicodeDecodeError:
        return text.decode("latin-1").strip("\0 \t\r\n")


def _iptc_of(data: bytes) -> bytes:
    """The IPTC records among Photoshop's resources; ``data`` itself where it has none."""
    at = 0
    for _ in range(_RESOURCES):
        if data[at : at + 4] != b"8BIM":
            break
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        name = data[at + 6] if at + 6 < len(data) else 0
        size_at = at + 6 + (name + 2) // 2 * 2
        size = int.from_bytes(data[size_at : size_at + 4], "big")
        if number == _IPTC_RESOURCE:
            return data[size_at + 4 : size_at + 4 + size]
        at = size_at + 4 + size + size % 2
    return b"" if data[:4] == b"8BIM" else data


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The short records of the application, the first of each kind last."""
    found = []
    at = 0
    while data[at : at + 1] == b"\x1c" and at + 5 <= len(data):
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        if size & 0x8000:
            break
        if data[at + 1] == _APPLICATION:
            found.append((data[at + 2], data[at + 5 : at + 5 + size]))
        at += 5 + size
    return reversed(found)
