"""Archives for tests: zip and tar files of a tree, and zip files that are wrong in one thing."""

from __future__ import annotations

import io
import os
import struct
import tarfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

MTIME = 1_000_000_000
WHEN = time.localtime(MTIME)[:6]


def archive(path: Path, tree: Mapping[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> str:
    """A zip, or a tar where the name says so, of a tree; returns its path.  Each file is two seconds younger than the
    one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    contents = {name: data.encode() if isinstance(data, str) else data for name, data in tree.items()}
    if path.suffix == ".zip":
        _zip(path, contents, packing)
    else:
        _tar(path, contents)
    os.utime(path, (MTIME, MTIME))
    return os.fspath(path)


def _zip(path: Path, tree: Mapping[str, bytes], packing: int) -> None:
    with zipfile.ZipFile(path, "w") as made:
        for number, (name, data) in enumerate(tree.items()):
            made.writestr(entry(name, number, packing), data)


def entry(name: str, number: int = 0, packing: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """The entry of a file called ``name``, which keeps whatever the name holds."""
    info = zipfile.ZipInfo("x", time.localtime(MTIME + 2 * number)[:6])
    info.filename = name
    info.compress_type = packing
    info.external_attr = 0o100644 << 16
    return info


def _tar(path: Path, tree: Mapping[str, bytes]) -> None:
    with tarfile.open(path, "w" if path.suffix == ".tar" else "w:gz") as made:
        for number, (name, data) in enumerate(tree.items()):
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), MTIME + 2 * number
            made.addfile(info, io.BytesIO(data))


def patched(path: str, name: str, **changes: int) -> None:
    """Change fields of one entry in a zip's directory: ``flags``, ``method``, ``crc``, ``size``."""
    places = {"flags": (8, "<H"), "method": (10, "<H"), "crc": (16, "<L"), "size": (24, "<L"), "packed": (20, "<L")}
    data = bytearray(Path(path).read_bytes())
    at = data.rindex(name.encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    for field, value in changes.items():
        place, form = places[field]
        struct.pack_into(form, data, at + place, value)
    Path(path).write_bytes(data)
    os.utime(path, (MTIME, MTIME))
