"""Facts of one file of the tree that the search of *import* can ask about."""

from __future__ import annotations

from collections.abc import Iterable

from image_sync.base import paths
from image_sync.base.model import FileKind
from image_sync.gui.job.query import Facts
from image_sync.jobs.photo_import.model import Placed


def facts_of(placed: Placed, marks: Iterable[str]) -> Facts:
    """Facts of a file: its new name and place and its present ones, and what it is marked as."""
    record, captured = placed.arrival.record, placed.arrival.captured
    kinds = {paths.suffix(one.name).lstrip(".").casefold() for one in placed.arrival.files}
    kinds |= {"movie" if placed.movie else "picture"}
    if any(one.kind is FileKind.RAW for one in placed.arrival.files):
        kinds.add("raw")
    date = f"{captured.when:%Y-%m-%d}" if captured is not None else str(placed.day or "")
    return Facts(
        name=f"{paths.name(placed.target)}\n{record.name}",
        folder=f"{placed.folder}\n{paths.parent(record.path)}",
        size=record.size,
        kinds=frozenset(kinds - {""}),
        states=frozenset(mark.replace(" ", "-") for mark in marks),
        date=date,
        pixels=placed.arrival.width * placed.arrival.height or None,
    )
