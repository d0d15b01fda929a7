"""Facts of one row that the search of *sync* can ask about."""

from __future__ import annotations

import datetime

from image_sync.base import paths
from image_sync.gui.job.query import Facts
from image_sync.jobs.sync.model import Decision, Kind


def facts_of(decision: Decision, chip: str) -> Facts:
    """Facts of a row: the larger of both sizes, the later of both times, and the words of its ``chip``."""
    sides = [side for side in (decision.source, decision.target) if side is not None]
    times = [side.mtime_ns for side in sides if not decision.is_folder]
    sizes = [side.size for side in sides if not decision.is_folder]
    states = {chip.replace(" ", "-"), "folder" if decision.is_folder else "file"}
    if decision.kind is Kind.CONFLICT:
        states.add(Kind.CONFLICT.value)
    if decision.answer is not None:
        states.add("answered")
    return Facts(
        name=paths.name(decision.path),
        folder=paths.parent(decision.path),
        size=max(sizes, default=None),
        kinds=frozenset({paths.suffix(decision.path).lstrip(".").casefold()} - {""}),
        states=frozenset(states),
        date=_day(max(times, default=0)),
    )


def _day(time_ns: int) -> str:
    try:
        return datetime.datetime.fromtimestamp(time_ns / 1e9).astimezone().strftime("%Y-%m-%d") if time_ns else ""
    except (OSError, OverflowError, ValueError):
        return ""
