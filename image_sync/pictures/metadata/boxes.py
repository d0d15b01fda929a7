"""Parser of the ISO base media format (MP4, QuickTime, 3GP, HEIC, AVIF, CR3): its boxes, and the items of a HEIF file.

Only headers are read; what a box holds is skipped by seeking.  Boxes that claim more than is there end with their
parent, and a file cut in half simply has fewer of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from image_sync.pictures.metadata.reading import READ_LIMIT, Window, gathered

BOX_LIMIT = 10_000
"""Boxes of one level that are read."""
EXTENT_LIMIT = 50_000
"""Extents of all items together: they may take no bytes at all, so that a small file could claim billions."""
ITEM_LIMIT = 20_000
"""Items of one picture that are read; a large HEIC has some hundred tiles."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its type, where it begins (in the window it was found in), and a window on what it holds."""

    type: bytes
    at: int
    size: int
    body: Window


def boxes(window: Window, start: int = 0) -> Iterator[Box]:
    """The boxes side by side in ``window``, until the end or the first that makes no sense."""
    at = start
    for _ in range(BOX_LIMIT):
        head = window.read(at, 16)
        if len(head) < 8:
            return
        size, kind, header = int.from_bytes(head[:4], "big"), head[4:8], 8
        if size == 1 and len(head) == 16:
            size, header = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = window.size - at
        if size < header:
            return
        yield Box(kind, at, size, window.part(at + header, size - header))
        at += size


def child(window: Window | None, *path: bytes) -> Window | None:
    """The content of the first box under ``path``; ``None`` when there is none."""
    for kind in path:
        if window is None:
            return None
        window = next((box.body for box in boxes(window) if box.type == kind), None)
    return window


# --- items of a HEIF picture ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """A number in the file: ``width`` bytes at ``at`` of the window."""

    at: int
    width: int


@dataclass(frozen=True, slots=True)
class Extent:
    """A piece of an item's data, and where its offset and length are written (for ``exif_write``)."""

    offset: int
    length: int
    offset_field: Field
    length_field: Field


@dataclass(frozen=True, slots=True)
class Item:
    """An item: ``method`` 0 counts offsets from the start of the file, 1 from that of the ``idat`` box."""

    id: int
    type: bytes
    content_type: bytes
    method: int
    base: int
    extents: tuple[Extent, ...]


@dataclass(frozen=True, slots=True)
class Heif:
    """The items of a HEIC or AVIF file and its ``meta`` box; ``file`` is the whole file."""

    file: Window
    meta: Window
    items: tuple[Item, ...]

    @classmethod
    def of(cls, file: Window) -> Heif | None:
        """The items of ``file``; ``None`` when it has no ``meta`` box."""
        meta = child(file, b"meta")
        if meta is None:
            return None
        inner = meta.part(4)
        kinds = _item_types(child(inner, b"iinf"))
        return cls(file, inner, tuple(_locations(file, child(inner, b"iloc"), kinds)))

    def origin(self, item: Item) -> Window | None:
        """The window that an item's offsets count from: the file or its ``idat`` box; ``None`` for another method."""
        if item.method == 0:
            return self.file
        return child(self.meta, b"idat") if item.method == 1 else None

    def data(self, item: Item) -> Window | None:
        """The bytes of an item; ``None`` when they can't be had."""
        source = self.origin(item)
        if source is None:
            return None
        pieces = [source.part(item.base + extent.offset, extent.length or None) for extent in item.extents]
        return gathered(pieces, READ_LIMIT)

    def exif_items(self) -> tuple[Item, ...]:
        """The items that hold EXIF."""
        return tuple(item for item in self.items if item.type == b"Exif")

    def exif(self) -> Window | None:
        """The TIFF structure of the first EXIF item."""
        for item in self.exif_items():
            data = self.data(item)
            if data is not None and data.size > 4:
                return data.part(4 + max(data.number(0, 4), 0))
        return None

    def xmp(self) -> Window | None:
        """The first XMP packet."""
        for item in self.items:
            if item.type == b"mime" and item.content_type == b"application/rdf+xml":
                return self.data(item)
        return None


def _item_types(iinf: Window | None) -> dict[int, tuple[bytes, bytes]]:
    """Type and content type of the items by their number."""
    if iinf is None:
        return {}
    start = 6 if iinf.number(0, 1) == 0 else 8
    kinds: dict[int, tuple[bytes, bytes]] = {}
    for box in boxes(iinf, start):
        version = box.body.number(0, 1)
        if box.type != b"infe" or version not in (2, 3):
            continue
        wide = 2 if version == 2 else 4
        number = box.body.number(4, wide)
        kind = box.body.read(6 + wide, 4)
        rest = box.body.read(10 + wide, 256).split(b"\0") if kind == b"mime" else []
        kinds[number] = (kind, rest[1] if len(rest) > 1 else b"")
    return kinds


def _locations(file: Window, iloc: Window | None, kinds: dict[int, tuple[bytes, bytes]]) -> Iterator[Item]:
    if iloc is None:
        return
    version, sizes = iloc.number(0, 1), iloc.number(4, 2)
    if version not in (0, 1, 2) or sizes < 0:
        return
    reader = _Reader(iloc, 6, iloc.start - file.start)
    room = EXTENT_LIMIT
    for _ in range(min(reader.number(4 if version == 2 else 2), ITEM_LIMIT)):
        number = reader.number(4 if version == 2 else 2)
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(sizes >> 4 & 15)
        extents = tuple(_extents(reader, sizes, room, indexed=version > 0))
        room -= len(extents)
        if reader.failed or room <= 0:
            return
        kind, content_type = kinds.get(number, (b"", b""))
        yield Item(number, kind, content_type, method, base, extents)


def _extents(reader: _Reader, sizes: int, room: int, *, indexed: bool) -> Iterator[Extent]:
    """The extents of one item, at most ``room``; ``sizes`` are the widths of their numbers, four bits each."""
    for _ in range(min(reader.number(2), room)):
        if indexed:
            reader.number(sizes & 15)
        offset_at, offset = reader.place, reader.number(sizes >> 12)
        length_at, length = reader.place, reader.number(sizes >> 8 & 15)
        if reader.failed:
            return
        yield Extent(offset, length, Field(offset_at, sizes >> 12), Field(length_at, sizes >> 8 & 15))


class _Reader:
    """Numbers one after the other."""

    def __init__(self, window: Window, at: int, shift: int) -> None:
        self._window, self._at, self._shift = window, at, shift
        self.failed = False

    @property
    def place(self) -> int:
        """The offset of the next number in the file."""
        return self._at + self._shift

    def number(self, width: int) -> int:
        """The next number of ``width`` bytes; 0, and ``failed``, when it is not there."""
        value = self._window.number(self._at, width) if width else 0
        self._at += width
        self.failed = self.failed or value < 0
        return max(value, 0)
