"""Pictures, movies and whole trees for tests of *import*: a letter stands for pixels, a date for what EXIF says."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from image_sync.base.events import Event, Finished
from image_sync.base.model import RunResult
from image_sync.engine import Engine
from image_sync.jobs.photo_import import contents
from image_sync.jobs.photo_import.job import ImportJob
from image_sync.jobs.photo_import.model import Correction, ImportReview
from image_sync.jobs.photo_import.request import ImportRequest
from tests.pictures.metadata.metadata_made import DIGITIZED, MODIFIED, ORIGINAL, Value, exif_block
from tests.pictures_made import scene

MTIME = 1_000_000_000.0
SPRING = "2003:05:06 07:08:09"
SUMMER = "2010:07:08 09:10:11"

Content = bytes | str
Tree = Mapping[str, Content]


@lru_cache(maxsize=256)
def pixels(letter: str, size: tuple[int, int] = (64, 48), kind: str = "JPEG") -> bytes:
    """A picture file; another letter gives other pixels."""
    target = io.BytesIO()
    picture = scene(1000 + sum(ord(character) * 31**place for place, character in enumerate(letter)), size)
    picture.save(target, kind, **({"quality": 90} if kind == "JPEG" else {}))
    return target.getvalue()


def photo(letter: str = "A", taken: str = "", *, size: tuple[int, int] = (64, 48), **others: str) -> bytes:
    """A JPEG taken at ``taken`` (``2003:05:06 07:08:09``; no EXIF when empty).

    ``others``: ``digitized`` and ``modified``, the other dates that EXIF has.
    """
    data = pixels(letter, size)
    inner: dict[int, Value] = {ORIGINAL: taken} if taken else {}
    if "digitized" in others:
        inner[DIGITIZED] = others["digitized"]
    main: dict[int, Value] = {MODIFIED: others["modified"]} if "modified" in others else {}
    return with_exif(data, exif_block(main, inner)) if inner or main else data


def with_exif(data: bytes, block: bytes) -> bytes:
    """A JPEG with an EXIF block behind its JFIF header."""
    payload = b"Exif\0\0" + block
    return data[:20] + b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload + data[20:]


def mirrored(letter: str, kind: str = "PNG") -> bytes:
    """The mirror image of ``pixels``: another picture with the same histogram."""
    target = io.BytesIO()
    with Image.open(io.BytesIO(pixels(letter, kind=kind))) as picture:
        ImageOps.mirror(picture).save(target, kind)
    return target.getvalue()


def plant(root: Path, tree: Tree, mtime: float = MTIME) -> None:
    """Write files (texts as UTF-8), each a second younger than the one before."""
    for number, (relative, content) in enumerate(tree.items()):
        path = root / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (mtime + number, mtime + number))


def finished(engine: Engine) -> tuple[Finished, list[Event]]:
    """Drain the engine until it ends."""
    events: list[Event] = []
    while True:
        event = engine.events.get(timeout=60)
        if isinstance(event, Finished):
            assert engine.join(10)
            return event, events
        events.append(event)


def reviewed(engine: Engine, request: ImportRequest) -> ImportReview:
    """Scan."""
    engine.start(ImportJob(request))
    end, _ = finished(engine)
    assert not end.failure, end.failure
    assert isinstance(end.result, ImportReview)
    return end.result


def stopped_after(engine: Engine, request: ImportRequest, pictures: int) -> Finished:
    """Scan, and stop when ``pictures`` were measured; where there are fewer the scan ends by itself."""
    plain = contents._Hushed.advance
    counted = 0

    def advance(self: contents._Hushed, items: int = 1, size: int = 0, current: str = "") -> None:
        nonlocal counted
        counted += items
        if counted == pictures:
            engine.stop()
        plain(self, items, size, current)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contents._Hushed, "advance", advance)
        engine.start(ImportJob(request))
        end, _ = finished(engine)
    return end


def applied(engine: Engine, review: ImportReview) -> RunResult:
    """Carry out the plan of a review."""
    engine.apply(review.plan)
    end, _ = finished(engine)
    assert isinstance(end.result, RunResult), end.failure
    return end.result


def imported(engine: Engine, request: ImportRequest, corrections: Mapping[str, Correction] | None = None) -> RunResult:
    """Scan, correct, carry out."""
    review = reviewed(engine, request)
    if corrections:
        review = engine.replan(review, request, corrections)
    return applied(engine, review)


def undone(engine: Engine) -> RunResult:
    """Take the newest run back."""
    engine.undo()
    end, _ = finished(engine)
    assert isinstance(end.result, RunResult), end.failure
    return end.result
