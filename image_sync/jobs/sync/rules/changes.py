"""Changes of a path on each side since the two last agreed, and whether two entries hold the same.

Pure: values in, values out.  The answers here are the columns of the decision table in ``sync_rules``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from image_sync.jobs.sync.model import UNREAD, Agreed, Entry, EntryKind, Side, Situation

LEAVES = frozenset({EntryKind.FILE, EntryKind.LINK})
"""What has a content of its own."""


class Change(Enum):
    """Change of a path on one side since the two sides last agreed."""

    ABSENT = "nothing there, then or now"
    NEW = "there now, not then"
    SAME = "as it was"
    CHANGED = "another content, or another kind of thing"
    GONE = "there then, not now"
    TOUCHED = "written to or not: it was touched, and nobody remembers what it held"
    DECAYED = "another content although nothing was written to it"
    UNKNOWN = "it can't be known"


@dataclass(frozen=True, slots=True)
class Case:
    """One path: what stands on each side, and what both agreed on."""

    path: str
    source: Entry | None
    target: Entry | None
    agreed: Agreed | None

    def on(self, side: Side) -> Entry | None:
        """Entry of one side."""
        return self.source if side is Side.SOURCE else self.target

    def change(self, side: Side) -> Change:
        """Change on one side."""
        now = self.on(side)
        then = self.agreed.on(side) if self.agreed else None
        if now is None:
            return Change.GONE if then else Change.ABSENT
        if now.kind not in (EntryKind.FILE, EntryKind.LINK, EntryKind.FOLDER):
            return Change.UNKNOWN
        if then is None or self.agreed is None:
            return Change.NEW
        return self._compared(side, now, then, self.agreed.content)

    def _compared(self, side: Side, now: Entry, then: Entry, content: str) -> Change:
        if now.kind is not then.kind:
            return Change.CHANGED
        if now.kind is EntryKind.FOLDER:
            return Change.SAME
        if has_same_look(now, then):
            return Change.DECAYED if now.content and content and now.content != content else Change.SAME
        if now.size != then.size:
            return Change.CHANGED
        if now.kind is EntryKind.FILE and now.size and not (content and now.content):
            return self._by_untouched_other(side, now)
        return Change.SAME if now.size == 0 or now.content == content else Change.CHANGED

    def _by_untouched_other(self, side: Side, now: Entry) -> Change:
        """Content of a touched file by the other side where that is as it was agreed: it holds what both held."""
        other = self.on(side.other)
        if other is None or self.agreed is None or not has_same_look(other, self.agreed.on(side.other)):
            return Change.TOUCHED
        same = holds_same(now, other)
        return Change.TOUCHED if same is None else Change.SAME if same else Change.CHANGED


def case(path: str, situation: Situation) -> Case:
    """One path of a situation."""
    return Case(path, situation.source.look(path), situation.target.look(path), situation.agreed.get(path))


def has_same_look(now: Entry, then: Entry) -> bool:
    """Whether nothing was written since: size, both times, inode and kind (of a link also where it points to)."""
    return (
        then.ctime_ns != 0
        and now.kind is then.kind
        and now.size == then.size
        and now.mtime_ns == then.mtime_ns
        and now.ctime_ns == then.ctime_ns
        and now.inode == then.inode
    )


def holds_same(first: Entry, second: Entry) -> bool | None:
    """Whether two entries hold the same content; ``None`` when that was not found out."""
    if first.kind is not second.kind:
        return False
    if first.kind is EntryKind.FOLDER:
        return True
    if first.kind is EntryKind.LINK:
        return first.content == second.content
    if first.kind is not EntryKind.FILE:
        return None
    if first.size != second.size:
        return False
    if first.size == 0:
        return True
    return first.content == second.content if first.content and second.content else None


def is_unread(entry: Entry | None) -> bool:
    """Whether something stands there that could not be looked at."""
    return entry is not None and entry.kind is UNREAD.kind
