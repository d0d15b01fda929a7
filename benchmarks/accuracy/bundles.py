"""Pictures in Qt's resource bundles (``.rcc``), as one of the packages with photos has them.

Only what a bundle holds as it is can be read from it; pictures are, since they don't get smaller by compressing them
once more.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAGIC = b"qres"
_NODE = {1: 14, 2: 22, 3: 22}
# Bytes of a node of the tree, by the format's version.
_COMPRESSED, _FOLDER, _ZSTD = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a bundle: its name there, and where its bytes lie."""

    name: str
    start: int
    length: int


def entries(path: Path) -> Iterator[Entry]:
    """The files of the bundle at ``path`` that are in it as they are; none when it is no bundle or an unknown one."""
    data = path.read_bytes()
    magic, version, tree, content, names = struct.unpack_from(">4sIIII", data.ljust(20, b"\0"))
    if magic == _MAGIC and version in _NODE:
        yield from _below(_Bundle(data, tree, content, names, _NODE[version]), 0, "")


@dataclass(frozen=True, slots=True)
class _Bundle:
    data: bytes
    tree: int
    content: int
    names: int
    node: int


def _below(bundle: _Bundle, number: int, folder: str) -> Iterator[Entry]:
    at = bundle.tree + number * bundle.node
    name_at, flags = struct.unpack_from(">IH", bundle.data, at)
    name = folder + (_name(bundle, name_at) if number else "")
    if flags & _FOLDER:
        count, first = struct.unpack_from(">II", bundle.data, at + 6)
        for child in range(first, first + count):
            yield from _below(bundle, child, f"{name}/" if name else "")
    elif not flags & (_COMPRESSED | _ZSTD):
        start = bundle.content + struct.unpack_from(">I", bundle.data, at + 10)[0]
        yield Entry(name, start + 4, struct.unpack_from(">I", bundle.data, start)[0])


def _name(bundle: _Bundle, at: int) -> str:
    at += bundle.names
    (length,) = struct.unpack_from(">H", bundle.data, at)
    return bundle.data[at + 6 : at + 6 + 2 * length].decode("utf-16-be")
