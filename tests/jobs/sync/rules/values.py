"""Two folders that never were on a disk, written in a few characters each.

``a@5`` is a file with the content ``a``, last changed 5 seconds after the agreed time; ``@5`` an empty one; ``>x@5`` a
link to ``x``; ``dir`` a folder, ``fifo`` a pipe, ``?`` something that could not be read, ``-`` nothing.  Contents are
known to the rules only where they are remembered or were asked for, as in a real run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from image_sync.base import paths
from image_sync.jobs.sync.model import FOLDER, UNREAD, Agreed, Decision, Entry, EntryKind, Half, Side, Situation
from image_sync.jobs.sync.rules import decide as sync
from image_sync.jobs.sync.rules.decide import Choices

START = 1_000_036_800 * 10**9
"""Noon of 2001-09-09, UTC."""
SECOND = 10**9
SPECIAL = Entry(EntryKind.SPECIAL)


def entry(text: str, agreed: str = "-", size: int | None = None) -> Entry | None:
    """What ``text`` says; a content other than the agreed one has another ctime, whatever its time."""
    known = {"-": None, "dir": FOLDER, "fifo": SPECIAL, "?": UNREAD}
    if text in known:
        return known[text]
    what, _, when = text.partition("@")
    time = START + round(float(when) * SECOND)
    kind = EntryKind.LINK if what.startswith(">") else EntryKind.FILE
    content = what.removeprefix(">")
    changed = agreed != "-" and what != agreed.partition("@")[0]
    length = size if size is not None else (len(content) if kind is EntryKind.LINK or not content else 10)
    return Entry(kind, length, time, time + 7 + changed, 1 + changed, content)


def half(name: str, entries: Mapping[str, str], agreed: Mapping[str, str], **more: object) -> Half:
    """One side; folders on the way are there without being said."""
    found: dict[str, Entry] = {}
    for path, text in entries.items():
        one = entry(text, agreed.get(path, "-"))
        if one:
            found[path] = one
            above = paths.parent(path)
            while above and above not in found:
                found[above] = FOLDER
                above = paths.parent(above)
    unread = frozenset(path for path, one in found.items() if one.kind is EntryKind.UNREAD)
    more["unread"] = unread | frozenset(more.get("unread", ()))  # type: ignore[call-overload]
    return Half(paths.SEPARATOR + name, found, **more)  # type: ignore[arg-type]


def situation(
    source: Mapping[str, str],
    target: Mapping[str, str],
    agreed: Mapping[str, str] | None = None,
    *,
    source_more: Mapping[str, object] | None = None,
    target_more: Mapping[str, object] | None = None,
) -> Situation:
    """Both sides and what they agreed on."""
    then = agreed or {}
    known = {}
    for path, text in then.items():
        one = entry(text)
        assert one is not None
        known[path] = Agreed(one, one)
        above = paths.parent(path)
        while above:
            known.setdefault(above, Agreed(FOLDER, FOLDER))
            above = paths.parent(above)
    return Situation(
        half("one", source, then, **(source_more or {})), half("two", target, then, **(target_more or {})), known
    )


def mirrored(whole: Situation) -> Situation:
    """The same with the sides exchanged; the roots stay where they are."""
    agreed = {path: Agreed(one.target, one.source) for path, one in whole.agreed.items()}
    source = replace(whole.target, root=whole.source.root)
    target = replace(whole.source, root=whole.target.root)
    return replace(whole, source=source, target=target, agreed=agreed)


def veiled(whole: Situation) -> Situation:
    """The situation as it is before anything is read: contents are known of links and of what was not touched."""

    def hide(side: Side) -> Half:
        one = whole.half(side)
        shown = {}
        for path, found in one.entries.items():
            agreed = whole.agreed.get(path)
            then = agreed.on(side) if agreed else None
            as_then = then is not None and replace(then, content="") == replace(found, content="")
            content = found.content if found.kind is EntryKind.LINK else ""
            if not content and as_then and agreed is not None:
                content = agreed.content
            shown[path] = replace(found, content=content)
        return replace(one, entries=shown)

    return replace(whole, source=hide(Side.SOURCE), target=hide(Side.TARGET))


def bare(whole: Situation) -> Situation:
    """The situation with no content known but what was agreed on: everything is to be read again."""
    sides = [
        replace(one, entries={path: replace(found, content="") for path, found in one.entries.items()})
        for one in (whole.source, whole.target)
    ]
    return replace(whole, source=sides[0], target=sides[1])


def decided(whole: Situation, choices: Choices | None = None) -> tuple[Decision, ...]:
    """What the rules decide when they are told no more contents than they ask for."""
    return sync.decide(told(whole, veiled(whole)), choices or Choices())


def told(whole: Situation, hidden: Situation) -> Situation:
    """``hidden`` with what its rules ask for out of ``whole``: digests, and what came of comparisons."""
    asked = set(sync.wanted_contents(hidden))
    pairs = set(sync.wanted_comparisons(hidden))

    def half(side: Side) -> Half:
        entries = {}
        for path, found in hidden.half(side).entries.items():
            content = found.content
            if (side, path) in asked:
                content = whole.half(side).entries[path].content
            elif path in pairs:
                both = {whole.half(one).entries[path].content for one in Side}
                content = both.pop() if len(both) == 1 else f"that of the {side.value}"
            entries[path] = replace(found, content=content)
        return replace(hidden.half(side), entries=entries)

    return replace(hidden, source=half(Side.SOURCE), target=half(Side.TARGET))
