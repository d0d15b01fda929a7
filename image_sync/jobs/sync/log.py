"""The JSON log of a sync: one entry an operation, written also when the run fails or is stopped.

It is for people and their scripts; the journal is what undo reads.  ``VERSION`` grows when a key goes or changes its
meaning; keys may be added without that.  Since 2 a deletion that is asked about is no ``conflict`` any more, but a
``deletion to answer``.  The file is pure ASCII, as the report of the command line is: a byte of a name
that is no text is the escape ``\\udcXX``.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from image_sync import __version__
from image_sync.base import paths, permission_text, places
from image_sync.base.errors import reason
from image_sync.base.model import Action, Operation, Plan, Problem, Refused, Stamp
from image_sync.base.own_files import TEMPORARY_PREFIX
from image_sync.jobs.sync.model import Decision, Entry, EntryKind, Kind, Side, SyncReview
from image_sync.jobs.sync.rules.reasons import Noted

VERSION = 2
ANOTHER = "Name another file with --log-file."
_SHA256_DIGITS = 64
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
PLANNED, NOT_BEGUN, OPEN, LEFT, PROBLEM = "planned", "not begun", "open", "left alone", "problem"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """End of one operation, when (seconds since 1970; 0 if it did not), and the SHA-256 of what was copied."""

    status: str
    error: str = ""
    when: float = 0.0
    content: str = ""


class SyncLog:
    """The log of one run: what is known is put in as it comes, and ``write`` puts it on the disk.

    ``place`` is where it goes, by default a name of its own in the state folder.
    """

    def __init__(self, place: str = "") -> None:
        self._began = time.time()
        self.named = bool(place)
        self.place = os.path.abspath(place) if place else _default_place(self._began)
        self.review: SyncReview | None = None
        self.plan: Plan | None = None
        """The plan that is carried out where there is no review of it: one that was saved."""
        self.roots: Mapping[str, str] = {}
        self.run = ""
        self.dry_run = False
        self.outcomes: dict[int, Ended] = {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def check(self) -> None:
        """Raise ``Refused`` when the log can't be written; the place is left as it was."""
        try:
            if os.path.isdir(self.place):
                raise Refused(f"The log can't be written to {paths.display(self.place)}: that is a folder. {ANOTHER}")
            if not self.named:
                os.makedirs(os.path.dirname(self.place), exist_ok=True)
            folder = os.path.dirname(self.place)
            if not os.path.isdir(folder):
                shown = paths.display(self.place)
                raise Refused(
                    f"The log can't be written to {shown}: there is no folder {paths.display(folder)}. {ANOTHER}"
                )
            if os.path.lexists(self.place):
                with open(self.place, "ab"):
                    return
            handle, temporary = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=os.path.dirname(self.place))
            os.close(handle)
            os.unlink(temporary)
        except OSError as error:
            raise Refused(
                f"The log can't be written to {paths.display(self.place)}: {reason(error)}. {ANOTHER}"
            ) from error

    def done(self, number: int, status: str, error: str = "", content: str = "") -> None:
        """Operation ``number`` of the plan ended just now; ``content`` is the SHA-256 of what was copied."""
        self.outcomes[number] = Ended(status, error, time.time(), content)

    def write(self, status: str, error: str = "") -> str:
        """Write the log whole or not at all; why it could not be, in words, or an empty string."""
        document = self.document(status, error)
        try:
            _publish(self.place, document)
        except OSError as failure:
            return Noted.NO_LOG(path=paths.display(self.place), why=reason(failure))
        return ""

    # --- what is in it ---

    def document(self, status: str, error: str = "") -> Json:
        """The whole log."""
        now = time.time()
        return {
            "version": VERSION,
            "program": f"image-sync {__version__}",
            "job": "sync",
            "status": status,
            "error": error,
            "dry_run": self.dry_run,
            "run": self.run,
            "source": self.roots.get(Side.SOURCE.value, ""),
            "target": self.roots.get(Side.TARGET.value, ""),
            "started": _local(self._began),
            "ended": _local(now),
            "seconds": round(now - self._began, 3),
            "counts": self._counts(),
            "operations": self._operations(),
            "problems": [
                {"path": one.path, "what": one.what, "why": one.why, "hint": one.hint} for one in self.problems
            ],
            "notes": list(dict.fromkeys(self.notes)),
        }

    def _counts(self) -> Json:
        if self.review is None:
            return {}
        counts = {kind.value: self.review.count(kind) for kind in Kind if kind is not Kind.EQUAL}
        counts["folders"] = sum(self.review.count(kind, folders=True) for kind in Kind if kind is not Kind.EQUAL)
        counts[Kind.EQUAL.value] = self.review.equal
        return counts

    def _operations(self) -> list[Json]:
        plan = self.review.plan if self.review else self.plan
        rest = PLANNED if self.dry_run or not self.run else NOT_BEGUN
        decisions = {decision.path: decision for decision in self.review.decisions} if self.review else {}
        entries = []
        for number, operation in enumerate(plan.operations if plan else ()):
            entries.append(self._operation(operation, decisions, self.outcomes.get(number, Ended(rest))))
        left = {Kind.CONFLICT: OPEN, Kind.DELETION: OPEN, Kind.SKIP: LEFT, Kind.PROBLEM: PROBLEM}
        for decision in self.review.decisions if self.review else ():
            if decision.kind in left:
                why = str(decision.problem.why) if decision.problem else ""
                entries.append(_entry(decision.kind.value, decision.path, decision, Ended(left[decision.kind], why)))
        return entries

    def _operation(self, operation: Operation, decisions: Mapping[str, Decision], ended: Ended) -> Json:
        place = operation.destination or operation.source
        side = next((role for role, root in self.roots.items() if paths.is_inside(place, root)), "")
        path = place[len(self.roots[side]) :].lstrip(paths.SEPARATOR) if side else place
        word = "to" if operation.action is Action.COPY else "in"
        entry = _entry(f"{operation.action.value} {word} {side}", path, decisions.get(path), ended)
        entry |= {"from": operation.source, "to": operation.destination, "why": operation.reason}
        entry |= {"size": operation.size, "sha256": ended.content or None}
        if entry["source"] is None and entry["target"] is None:
            entry["source" if side != Side.SOURCE.value else "target"] = _stamp(operation.expected)
        return entry


def _entry(action: str, path: str, decision: Decision | None, ended: Ended) -> Json:
    return {
        "action": action,
        "path": path,
        "status": ended.status,
        "error": ended.error,
        "when": _local(ended.when) if ended.when else None,
        "why": decision.why if decision else "",
        "earlier": decision.earlier if decision else "",
        "source": _side(decision.source) if decision else None,
        "target": _side(decision.target) if decision else None,
    }


def _side(entry: Entry | None) -> Json | None:
    """Entry of a side: what it was, its size, its time, and its digest where it was needed."""
    if entry is None:
        return None
    if entry.kind not in (EntryKind.FILE, EntryKind.LINK):
        return {"kind": entry.kind.value}
    return {
        "kind": entry.kind.value,
        "size": entry.size,
        "time": _time(entry.mtime_ns),
        "mtime_ns": entry.mtime_ns,
        **_content(entry),
        **({"permissions": permission_text.words(entry.permissions)} if entry.permissions else {}),
    }


def _content(entry: Entry) -> Json:
    if entry.kind is EntryKind.LINK:
        return {"points_to": entry.content}
    return {"sha256": entry.content if len(entry.content) == _SHA256_DIGITS else None}


def _stamp(stamp: Stamp | None) -> Json | None:
    if stamp is None:
        return None
    return {"size": stamp.size, "time": _time(stamp.mtime_ns), "mtime_ns": stamp.mtime_ns}


def _local(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="milliseconds")


def _time(mtime_ns: int) -> str:
    try:
        return (_EPOCH + timedelta(microseconds=mtime_ns // 1000)).astimezone().isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return ""


def _default_place(at: float) -> str:
    folder = places.state_folder()
    name = time.strftime("sync_log_%Y%m%d_%H%M%S", time.localtime(at))
    number, place = 1, os.path.join(folder, f"{name}.json")
    while os.path.lexists(place):
        number += 1
        place = os.path.join(folder, f"{name}_{number}.json")
    return place


def _encoded(document: Json) -> Iterator[str]:
    """The document as text, an entry of a list on each line, so that it can be read, searched and compared."""
    start = "{"
    for key, value in document.items():
        yield f"{start}\n {json.dumps(key)}: "
        start = ","
        if isinstance(value, list) and value:
            yield "[\n  " + ",\n  ".join(map(json.dumps, value)) + "\n ]"
        else:
            yield json.dumps(value)
    yield "\n}\n"


def _publish(place: str, document: Json) -> None:
    if os.path.lexists(place) and not os.path.isfile(place):  # a pipe, a terminal, /dev/null
        with open(place, "w", encoding="ascii") as stream:
            stream.writelines(_encoded(document))
        return
    handle, temporary = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=os.path.dirname(place))
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.writelines(_encoded(document))
        os.replace(temporary, place)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
