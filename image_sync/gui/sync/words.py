"""Words of the page *Sync*: what stands on a side, and what may be answered.

Pure: values in, words out.  No tkinter, no disk.
"""

from __future__ import annotations

import time

from image_sync.base import permission_text
from image_sync.base.words import SECOND_NS
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.jobs.sync.model import Answer, Decision, Entry, EntryKind, Side

_WINNER = {Answer.SOURCE: Side.SOURCE, Answer.TARGET: Side.TARGET}


def side_words(side: Side) -> str:
    """The name of a side."""
    return _("Source") if side is Side.SOURCE else _("Target")


def moment(mtime_ns: int, *, exact: bool = False) -> str:
    """A modification time on the user's clock: ``2024-08-15 14:30``, with seconds where it is ``exact``."""
    try:
        local = time.localtime(mtime_ns // SECOND_NS)
    except (OSError, OverflowError, ValueError):
        return _("a time that no clock shows")
    return time.strftime("%Y-%m-%d %H:%M:%S" if exact else "%Y-%m-%d %H:%M", local)


def entry_words(entry: Entry | None) -> str:
    """Words of an entry on one side, in a cell: ``3.1 MiB · 2024-08-15 14:30``."""
    if entry is None:
        return ""
    if entry.kind is EntryKind.FILE:
        return f"{formatting.size(entry.size)} · {moment(entry.mtime_ns)}"
    return {
        EntryKind.FOLDER: _("folder"),
        EntryKind.LINK: _("link to {place}").format(place=shown(entry.content)),
        EntryKind.SPECIAL: _("special file"),
        EntryKind.UNREAD: _("not readable"),
    }[entry.kind]


def side_cell(decision: Decision, side: Side) -> str:
    """Words of what stands on one side of a row; its permissions where the row is about those alone."""
    entry = decision.on(side)
    if entry is not None and decision.permissions:
        return permission_text.words(entry.permissions)
    return entry_words(entry)


def answer_words(decision: Decision | None, answer: Answer) -> str:
    """Words of a button that gives ``answer``: what then happens to this very row."""
    if answer is Answer.KEEP_BOTH:
        return _("Keep both")
    if answer is Answer.SKIP:
        return _("Leave alone")
    winner = _WINNER[answer]
    if decision is not None and not decision.earlier:
        if decision.on(winner) is None:
            return _("Delete in the target") if winner is Side.SOURCE else _("Delete in the source")
        if decision.on(winner.other) is None:
            return _("Copy to the target") if winner is Side.SOURCE else _("Copy to the source")
    return _("Use the source") if winner is Side.SOURCE else _("Use the target")


def can_keep_both(decision: Decision) -> bool:
    """Whether there are two versions to keep."""
    two = bool(decision.earlier) or (decision.source is not None and decision.target is not None)
    return two and not decision.permissions


def deletes(decision: Decision | None, answer: Answer) -> bool:
    """Whether an answer takes a file away."""
    return decision is not None and not decision.earlier and answer in _WINNER and decision.on(_WINNER[answer]) is None
