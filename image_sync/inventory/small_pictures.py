"""Small pictures of contents that are known: from the catalog, or made again from the file where it let go of them.

A small picture takes five times the room of all else that is known of a picture, and most are never asked for again:
nothing looks like them.  So the catalog keeps those of the newest pictures and of whatever once looked like another.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping

from image_sync.base.model import FileRecord, Problem
from image_sync.inventory.catalog import CatalogUnwritable
from image_sync.inventory.context import RunContext
from image_sync.inventory.pool import on_pictures
from image_sync.pictures.code_layout import SIDE

NOTHING = bytes(SIDE * SIDE)
"""In the place of a picture that can't be read any more: it is like no other."""


def smalls_of(context: RunContext, wanted: Mapping[int, FileRecord], gone: set[int]) -> dict[int, bytes]:
    """The small pictures of contents by their rows; ``wanted`` names a file of each.  Raises ``Stopped``.

    A file that can't be read any more is a problem, and ``NOTHING`` stands for its picture; its row is put among those
    ``gone``, which are not tried again.
    """
    found = context.catalog.smalls(wanted)
    missing = [row for row in wanted if row not in found and row not in gone]
    made: dict[int, tuple[bytes, bytes]] = {}
    items = [wanted[row] for row in missing]
    for row, (_, (looks, problem)) in zip(missing, on_pictures(context, looked_at, items, _path, _unread), strict=True):
        if looks is not None:
            made[row] = looks
        else:
            gone.add(row)
            if problem is not None:
                context.reporter.problem(problem)
    if made:
        with contextlib.suppress(CatalogUnwritable):
            context.catalog.store_smalls(made)
    made_again = {row: small for row, (small, _) in made.items()}
    return dict.fromkeys(wanted, NOTHING) | found | made_again


def looked_at(record: FileRecord) -> tuple[tuple[bytes, bytes] | None, Problem | None]:
    """The small picture and the colours of a file, else its problem.  Runs in the pool; never raises for a bad file."""
    from image_sync.pictures.measure import measure

    result = measure(record.path, record.size, False)
    if result.fingerprint is None:
        return None, result.problem
    return (result.fingerprint.small, result.fingerprint.chroma), None


def _path(record: FileRecord) -> str:
    return record.path


def _unread(_record: FileRecord, problem: Problem) -> tuple[None, Problem]:
    return None, problem
