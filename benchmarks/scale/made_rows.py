"""Libraries that are only made up: rows of a catalog, and a listing that agrees with them, without a file.

For sizes at which real files take too long to make.  Whatever opens a file has nothing to open; a run over unchanged
pictures opens none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from image_sync.base.model import FileKind, FileRecord, Fingerprint
from image_sync.inventory.catalog import Catalog, Known
from image_sync.inventory.scan import Listing
from image_sync.pictures.hashes import codes_of_many
from image_sync.pictures.version import MEASURED

IN_A_FOLDER = 500
_TOGETHER = 2000
_FIELD = 2048
_SIDE = 64


def records(root: str, count: int) -> Iterator[FileRecord]:
    """The files of a made-up library, sorted by path."""
    for number in range(count):
        relative = f"{number // IN_A_FOLDER:06}/IMG_{number:08}.jpg"
        size = 2_000_000 + number
        yield FileRecord(root, relative, size, 10**18 + number, 10**18, 1, number + 2, 1, 0o644, FileKind.PICTURE)


def fill(place: str, root: str, count: int) -> None:
    """A catalog at ``place`` that knows all of them."""
    catalog = Catalog.open(place)
    waiting: list[FileRecord] = []
    chance = np.random.default_rng(7)
    fields = [_field(chance) for _ in range(2)]
    for record in records(root, count):
        waiting.append(record)
        if len(waiting) == _TOGETHER:
            _store(catalog, waiting, fields, chance)
            waiting = []
    _store(catalog, waiting, fields, chance)
    catalog.close()


def pretend(root: str, count: int) -> None:
    """From here on in this process the listing of ``root`` is the made-up library."""
    import os

    from image_sync.jobs.organize import scan

    def listing(*_arguments: Any, advance: Callable[[int, str], None] | None = None, **_more: Any) -> Listing:
        found = tuple(records(root, count))
        if advance:
            advance(count, root)
        return Listing(root, found)

    os.makedirs(root, exist_ok=True)
    scan.scan = listing  # type: ignore[attr-defined]


def _store(
    catalog: Catalog, found: list[FileRecord], fields: list[NDArray[np.float32]], chance: np.random.Generator
) -> None:
    if not found:
        return
    smalls = np.stack([_small(fields, chance) for _ in found])
    codes = codes_of_many(smalls)
    entries = [
        (record, Known(None, _fingerprint(small, code), mark=f"{record.size:032x}"))
        for record, small, code in zip(found, smalls, codes, strict=True)
    ]
    catalog.store(entries, MEASURED)


def _fingerprint(small: NDArray[np.uint8], code: NDArray[np.uint8]) -> Fingerprint:
    return Fingerprint(
        format="JPEG",
        width=4000,
        height=3000,
        frames=1,
        small=small.tobytes(),
        codes=code.tobytes(),
        texture=float(small.std()),
        sharpness=100.0,
        jpeg_quality=92,
        has_exif=True,
        captured="2020-01-01T12:00:00",
        camera="Camera",
        chroma=np.ascontiguousarray(small[::4, ::2]).tobytes(),
    )


def _small(fields: list[NDArray[np.float32]], chance: np.random.Generator) -> NDArray[np.uint8]:
    parts = []
    for field in fields:
        down, across = chance.integers(0, _FIELD - _SIDE, 2)
        parts.append(field[down : down + _SIDE, across : across + _SIDE])
    together = (parts[0] + parts[1]) * 45 + 128
    return np.clip(together, 0, 255).astype(np.uint8)


def _field(chance: np.random.Generator) -> NDArray[np.float32]:
    """A random field whose spectrum falls as that of photos does."""
    down, across = np.meshgrid(np.fft.fftfreq(_FIELD), np.fft.rfftfreq(_FIELD), indexing="ij")
    radius = np.hypot(down, across)
    radius[0, 0] = 1.0
    radius = np.maximum(radius, 1 / _SIDE)
    phases = chance.standard_normal(radius.shape) + 1j * chance.standard_normal(radius.shape)
    field = np.fft.irfft2(phases * radius**-1.5)
    return ((field - field.mean()) / field.std()).astype(np.float32)
