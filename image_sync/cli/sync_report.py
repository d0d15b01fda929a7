"""A sync as lines of text: the analysis, what will be done, the conflicts.

Pure: values in, lines out.  The headings and the lines of the common kinds are the ones that users of earlier versions
know, and scripts read; every name goes through ``paths.display`` and stands last on its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone

from image_sync import (
    COPY_TO,
    DELETE_IN,
    PERMIT_IN,
    RENAME_IN,
    UPDATE,
    Answer,
    Decision,
    Entry,
    EntryKind,
    Side,
    SyncKind,
    SyncReview,
)
from image_sync.base import paths, permission_text, words
from image_sync.cli import report
from image_sync.cli.report import Detail

SCANNING = ("Scanning source directory...", "Scanning target directory...", "Analyzing differences...")
MOST_ACTIONS = 100
MOST_CONFLICTS = 50

_ARROWS = {Side.SOURCE: "←", Side.TARGET: "→"}
_PHRASES = {
    **{kind: ("Copy to {}", side) for side, kind in COPY_TO.items()},
    **{kind: ("Update {}", side) for side, kind in UPDATE.items()},
    **{kind: ("Rename in {}", side) for side, kind in RENAME_IN.items()},
    **{kind: ("Set aside in {}", side) for side, kind in DELETE_IN.items()},
    **{kind: ("Change permissions in {}", side) for side, kind in PERMIT_IN.items()},
}
_COMMON = (SyncKind.COPY_TO_TARGET, SyncKind.UPDATE_TARGET, SyncKind.COPY_TO_SOURCE, SyncKind.UPDATE_SOURCE)
_OTHERS = (
    SyncKind.RENAME_IN_TARGET,
    SyncKind.RENAME_IN_SOURCE,
    SyncKind.DELETE_IN_TARGET,
    SyncKind.DELETE_IN_SOURCE,
    SyncKind.PERMIT_IN_TARGET,
    SyncKind.PERMIT_IN_SOURCE,
    SyncKind.KEEP_BOTH,
)
_PLAIN = frozenset(COPY_TO.values())
"""Kinds whose reason goes without saying, unless there was more to it than a new file."""
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def analysis(review: SyncReview, detail: Detail) -> Iterator[str]:
    """Analysis: the number of files of each kind."""
    yield from report.heading("=== SYNC ANALYSIS ===", detail)
    for kind in _COMMON:
        yield f"{_phrase(kind)}: {review.count(kind)} files"
    asked = sum(decision.is_deletion_asked for decision in review.left_open)
    yield f"Conflicts: {len(review.left_open) - asked} files"
    if asked:
        yield f"Deletions to answer: {asked} files"
    for kind in _OTHERS:
        if review.count(kind):
            yield f"{_phrase(kind)}: {review.count(kind)} files"
    folders = review.count(*COPY_TO.values(), *DELETE_IN.values(), *PERMIT_IN.values(), folders=True)
    if folders:
        yield f"Folders: {folders}"
    if review.count(SyncKind.PROBLEM):
        yield f"Problems: {review.count(SyncKind.PROBLEM)} files"
    yield f"Same on both sides: {review.equal} files"
    yield ""
    yield f"Total changes: {review.count(*_COMMON, *_OTHERS)} files"


def actions(review: SyncReview, detail: Detail) -> Iterator[str]:
    """Lines of what will be done, one per file or folder."""
    planned = [
        decision for decision in review.decisions if decision.kind in _PHRASES or decision.kind is SyncKind.KEEP_BOTH
    ]
    if planned:
        yield from report.heading("=== PLANNED ACTIONS ===", detail)
        lines = [f"{number}. {_action(decision)}" for number, decision in enumerate(planned, start=1)]
        yield from report.cut(lines, MOST_ACTIONS, detail)


def _action(decision: Decision) -> str:
    shown = paths.display(decision.path)
    if decision.earlier:
        shown = f"{paths.display(decision.earlier)} → {shown}"
    why = "" if decision.why.startswith("only in") else f" ({paths.display(decision.why)})"
    if decision.kind is SyncKind.KEEP_BOTH:
        return f"⇄ Keep both: {shown}{why}"
    phrase, side = _PHRASES[decision.kind]
    if decision.is_folder and not decision.permissions:
        phrase = "Make folder in {}" if decision.kind in COPY_TO.values() else "Remove folder in {}"
    return f"{_ARROWS[side]} {phrase.format(side.value)}: {shown}{why}"


def conflicts(review: SyncReview, detail: Detail) -> Iterator[str]:
    """The rows that wait for an answer or were skipped, with both times."""
    asked = [decision for decision in review.left_open if decision.is_deletion_asked]
    yield from _questions([one for one in review.left_open if not one.is_deletion_asked], "CONFLICTS", detail)
    yield from _questions(asked, "DELETIONS", detail)


def _questions(found: Sequence[Decision], what: str, detail: Detail) -> Iterator[str]:
    if not found:
        return
    yield from report.heading(f"=== {what} (manual resolution required) ===", detail)
    shown = found if detail.verbose or len(found) <= MOST_CONFLICTS + 1 else found[:MOST_CONFLICTS]
    for number, decision in enumerate(shown, start=1):
        yield f"{number}. {paths.display(decision.path)}"
        yield from conflict(decision)
    if len(shown) < len(found):
        yield f"… and {len(found) - len(shown):,} more (--verbose shows all)"


def conflict(decision: Decision) -> Iterator[str]:
    """Both sides of a conflict, and why it is one."""
    for side in Side:
        entry = decision.on(side)
        held = permission_text.words(entry.permissions) if entry and decision.permissions else _entry(entry)
        yield f"   {side.value.capitalize()}: {held}"
    files = [entry for entry in (decision.source, decision.target) if entry and _is_file(entry)]
    sizes = "" if decision.permissions else " and ".join(words.size(entry.size) for entry in files)
    why = paths.display(decision.why)
    yield f"   {why[:1].upper()}{why[1:]}" + (f" ({sizes})" if sizes else "")


def _is_file(entry: Entry | None) -> bool:
    return entry is not None and entry.kind is EntryKind.FILE


def _entry(entry: Entry | None) -> str:
    if entry is None:
        return "nothing"
    if entry.kind in (EntryKind.FILE, EntryKind.LINK):
        link = f" (a link to {paths.display(entry.content)})" if entry.kind is EntryKind.LINK else ""
        return f"{_time(entry.mtime_ns)}{link}"
    return str(entry.kind.value)


def _time(mtime_ns: int) -> str:
    """``2024-08-15 14:30:22`` in the local zone."""
    try:
        return (_EPOCH + timedelta(microseconds=mtime_ns // 1000)).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return "at an impossible time"


def _phrase(kind: SyncKind) -> str:
    if kind is SyncKind.KEEP_BOTH:
        return "Keep both"
    phrase, side = _PHRASES[kind]
    return phrase.replace("{}", side.value)


# --- questions --------------------------------------------------------------------------------------------------------

QUESTION = "   [s]ource, [t]arget, [k]eep both or skip? (for all the rest: s all, t all …) "
_ANSWERS = {
    **dict.fromkeys(("s", "source"), Answer.SOURCE),
    **dict.fromkeys(("t", "target"), Answer.TARGET),
    **dict.fromkeys(("k", "keep", "keep both", "keep-both"), Answer.KEEP_BOTH),
    "skip": Answer.SKIP,
}


def understood(text: str) -> tuple[Answer, bool] | None:
    """Meaning of a typed answer, and whether it goes for all the rest; ``None`` when it is neither of them."""
    typed = " ".join(text.strip().casefold().split())
    short = typed.removesuffix("all").removesuffix("!").strip() if typed.endswith(("all", "!")) else typed
    answer = _ANSWERS.get(short)
    return (answer, short != typed) if answer else None
