"""Records of the journal as values, and how each is written on a line.

A line is one JSON object in ASCII: a lone surrogate (a byte of a name that is no text) survives as its escape, and no
name can end a line early.  Reading is strict: whatever does not have the right shape raises ``ValueError``, so that a
damaged line is known for one and never half believed.  Nothing here touches a file.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass

from image_sync.base.archive_member import ArchiveMember, Packing
from image_sync.base.model import Action, Maker, Operation, Outcome, Plan, Problem, RunState, Stamp

FORMAT = 1
"""Number of the journal's format; a journal of a higher one is refused, never guessed at."""

STARTED = "%Y-%m-%dT%H:%M:%S"
"""How a moment is written, in local time."""

Line = dict[str, object]


class Newer(ValueError):
    """A journal of a format that this version does not know."""


def why_not(error: ValueError | RecursionError) -> str:
    """Reason why the first line of a journal can't be read, in words."""
    return str(error) if isinstance(error, Newer) else "it is damaged at its beginning"


@dataclass(frozen=True, slots=True)
class Mark:
    """Mark of a file as it was left or found, so that it is known again later.

    ``size`` in bytes, ``mtime_ns`` since 1970; ``inode`` is 0 where such numbers don't last; ``digest`` is the MD5 of
    the content where it was computed on the way.
    """

    size: int
    mtime_ns: int
    device: int
    inode: int
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder as it was before the run first changed anything in it."""

    path: str
    mtime_ns: int
    mode: int
    owner: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Intent:
    """Intent of operation ``number``: everything known just before it is begun.

    ``version`` is where a replaced or set-aside file will be kept (empty: none).  ``source`` and ``destination`` are
    what stood there; ``taken`` tells that something stood at the destination, file or not.  ``folders`` were missing
    on the way, the outermost last.  ``before`` is what the action itself notes of the destination, where it does.
    """

    number: int
    version: str = ""
    source: Mark | None = None
    destination: Mark | None = None
    taken: bool = False
    folders: tuple[str, ...] = ()
    before: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Result of operation ``number``.

    ``left`` is the file that the run put in its place, ``kept`` the earlier file at ``version``.  ``made`` are the
    folders that were made for it, the outermost first.  ``already`` tells that nothing had to be done.  ``sum`` is the
    SHA-256 of what was copied, where that was asked for; the journal does not keep it.  ``mode`` are the permissions
    that a moved file had before, where its new file system can't keep them.  ``before`` is that of the intent, where
    the undo needs it.
    """

    number: int
    outcome: Outcome
    left: Mark | None = None
    version: str = ""
    kept: Mark | None = None
    made: tuple[str, ...] = ()
    already: bool = False
    problem: Problem | None = None
    sum: str = ""
    mode: int | None = None
    before: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: which run this is.

    ``at`` is seconds since 1970, ``started`` the same in local time; ``standing`` are the chosen folders that existed.
    """

    run: str
    job: str
    at: float
    started: str
    process: int
    total: int
    size: int
    roots: Mapping[str, str]
    standing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """The last line of a run, of its resumption or of its undoing."""

    state: RunState
    done: int
    size: int
    problems: int


# --- to lines -----------------------------------------------------------------------------------


def encode(line: Line) -> bytes:
    """One line, with its end."""
    return json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def header_line(run: str, plan: Plan, standing: tuple[str, ...], at: float, process: int) -> Line:
    """The first line of a journal; the fields are those of ``Header``."""
    return {
        "is": "run",
        "format": FORMAT,
        "run": run,
        "job": plan.job,
        "at": at,
        "started": time.strftime(STARTED, time.localtime(at)),
        "process": process,
        "total": len(plan.operations),
        "size": plan.size,
        "roots": dict(plan.roots),
        "standing": list(standing),
    }


def operation_line(number: int, operation: Operation) -> Line:
    """One operation of the plan."""
    line: Line = {
        "is": "operation",
        "n": number,
        "action": operation.action.value,
        "source": operation.source,
        "destination": operation.destination,
        "reason": operation.reason,
        "expected": _stamp_out(operation.expected),
        "replaces": _stamp_out(operation.replaces),
        "group": operation.group,
        "follows": operation.follows,
        "versions": operation.versions,
    }
    _put(line, same_as=operation.same_as, link=operation.link, argument=operation.argument)
    _put(line, keeper=operation.keeper, keeps=_stamp_out(operation.keeps))
    _put(line, maker=operation.maker.value if operation.maker else "", member=_member_out(operation.member))
    return line


def folder_line(folder: FolderState) -> Line:
    """A folder that is about to change for the first time."""
    return {
        "is": "folder",
        "path": folder.path,
        "mtime_ns": folder.mtime_ns,
        "mode": folder.mode,
        "owner": list(folder.owner),
    }


def intent_line(intent: Intent) -> Line:
    """An operation that is about to begin."""
    line: Line = {"is": "intent", "n": intent.number}
    _put(line, version=intent.version, source=_mark_out(intent.source), destination=_mark_out(intent.destination))
    _put(line, taken=intent.taken, folders=list(intent.folders), before=intent.before)
    return line


def result_line(result: Result) -> Line:
    """An operation that ended."""
    line: Line = {"is": "outcome", "n": result.number, "outcome": result.outcome.value}
    _put(line, left=_mark_out(result.left), version=result.version, kept=_mark_out(result.kept))
    _put(line, made=list(result.made), already=result.already, problem=_problem_out(result.problem))
    _put(line, before=result.before)
    if result.mode is not None:
        line["mode"] = result.mode
    return line


def end_line(end: End, at: float) -> Line:
    """The last line."""
    state = end.state.value
    return {"is": "end", "state": state, "done": end.done, "size": end.size, "problems": end.problems, "at": at}


def _put(line: Line, **values: object) -> None:
    line.update({key: value for key, value in values.items() if value})


def _stamp_out(stamp: Stamp | None) -> list[object] | None:
    return None if stamp is None else [stamp.size, stamp.mtime_ns, stamp.digest]


def _member_out(member: ArchiveMember | None) -> list[object] | None:
    if member is None:
        return None
    numbers = (member.archive_size, member.archive_mtime_ns, member.at, member.packed, member.size, member.crc)
    return [member.archive, member.packing.value, *numbers, member.mtime_ns]


def _mark_out(mark: Mark | None) -> list[object] | None:
    return None if mark is None else [mark.size, mark.mtime_ns, mark.device, mark.inode, mark.digest]


def _problem_out(problem: Problem | None) -> list[str] | None:
    return None if problem is None else [problem.path, problem.what, problem.why, problem.hint]


# --- from lines ---------------------------------------------------------------------------------


def decode(text: bytes) -> Line:
    """The object on a line; raises ``ValueError`` when there is none."""
    line = json.loads(text)
    if not isinstance(line, dict) or not isinstance(line.get("is"), str):
        raise ValueError("not a line of a journal")
    return line


def header(line: Line) -> Header:
    """Read the first line."""
    if line.get("is") == "run" and _int(line, "format") > FORMAT:
        raise Newer("a newer version of the program made it")
    if line.get("is") != "run":
        raise ValueError("not a journal")
    roots = line.get("roots")
    if not isinstance(roots, dict):
        raise ValueError("roots")
    at = line.get("at")
    if not isinstance(at, (int, float)):
        raise ValueError("at")
    job = _text(line, "job")
    if not job:
        raise ValueError("job")
    return Header(
        _text(line, "run"),
        job,
        float(at),
        _text(line, "started"),
        _int(line, "process"),
        _int(line, "total"),
        _int(line, "size"),
        {str(role): str(root) for role, root in roots.items()},
        texts(line, "standing"),
    )


def operation(line: Line) -> tuple[int, Operation]:
    """Read an operation and its number."""
    return _int(line, "n"), Operation(
        Action(line.get("action")),
        _text(line, "source"),
        _text(line, "destination"),
        _text(line, "reason"),
        _stamp_in(line.get("expected")),
        _stamp_in(line.get("replaces")),
        None if line.get("group") is None else _int(line, "group"),
        None if line.get("follows") is None else _int(line, "follows"),
        _text(line, "versions"),
        same_as=_text(line, "same_as"),
        link=line.get("link") is True,
        maker=Maker(line["maker"]) if line.get("maker") else None,
        argument=_text(line, "argument"),
        keeper=_text(line, "keeper"),
        keeps=_stamp_in(line.get("keeps")),
        member=_member_in(line.get("member")),
    )


def folder(line: Line) -> FolderState:
    """Read a folder's state."""
    owner = _numbers(line.get("owner"), 2)
    return FolderState(_text(line, "path"), _int(line, "mtime_ns"), _int(line, "mode"), (owner[0], owner[1]))


def intent(line: Line) -> Intent:
    """Read an intent."""
    return Intent(
        _int(line, "n"),
        _text(line, "version"),
        _mark_in(line.get("source")),
        _mark_in(line.get("destination")),
        bool(line.get("taken", False)),
        texts(line, "folders"),
        _text(line, "before"),
    )


def result(line: Line) -> Result:
    """Read an outcome."""
    return Result(
        _int(line, "n"),
        Outcome(line.get("outcome")),
        _mark_in(line.get("left")),
        _text(line, "version"),
        _mark_in(line.get("kept")),
        texts(line, "made"),
        bool(line.get("already", False)),
        _problem_in(line.get("problem")),
        mode=None if line.get("mode") is None else _int(line, "mode"),
        before=_text(line, "before"),
    )


def undone_line(numbers: list[int], back: Mapping[str, Mark]) -> Line:
    """Operations that were undone, and how the files lie that were put back."""
    line: Line = {"is": "undone", "n": numbers}
    _put(line, back=[[path, _mark_out(mark)] for path, mark in back.items()])
    return line


def put_back(line: Line) -> dict[str, Mark]:
    """Read how the files lie that an undo put back."""
    found = {}
    entries = line.get("back", [])
    if not isinstance(entries, list):
        raise ValueError("back")
    for entry in entries:
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], str):
            raise ValueError("back")
        mark = _mark_in(entry[1])
        if mark is not None:
            found[entry[0]] = mark
    return found


def end(line: Line) -> End:
    """Read the last line."""
    return End(RunState(line.get("state")), _int(line, "done"), _int(line, "size"), _int(line, "problems"))


def texts(line: Line, key: str) -> tuple[str, ...]:
    """A list of texts; empty when there is none."""
    value = line.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(key)
    return tuple(value)


def numbers(line: Line, key: str) -> tuple[int, ...]:
    """A list of whole numbers; empty when there is none."""
    return tuple(_numbers(line.get(key, [])))


def _text(line: Line, key: str) -> str:
    value = line.get(key, "")
    if not isinstance(value, str):
        raise ValueError(key)
    return value


def _int(line: Line, key: str) -> int:
    value = line.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(key)
    return value


def _numbers(value: object, count: int | None = None) -> list[int]:
    if not isinstance(value, list) or not all(isinstance(item, int) for item in value):
        raise ValueError("numbers")
    if count is not None and len(value) != count:
        raise ValueError("numbers")
    return value


def _stamp_in(value: object) -> Stamp | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError("stamp")
    size, mtime_ns = _numbers(value[:2])
    return Stamp(size, mtime_ns, _digest(value[2]))


def _member_in(value: object) -> ArchiveMember | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 9 or not isinstance(value[0], str):
        raise ValueError("member")
    size, mtime_ns, at, packed, unpacked, crc, own_mtime_ns = _numbers(value[2:])
    return ArchiveMember(value[0], size, mtime_ns, at, packed, unpacked, crc, own_mtime_ns, Packing(value[1]))


def _mark_in(value: object) -> Mark | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 5:
        raise ValueError("mark")
    size, mtime_ns, device, inode = _numbers(value[:4])
    return Mark(size, mtime_ns, device, inode, _digest(value[4]))


def _digest(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError("digest")
    return value


def _problem_in(value: object) -> Problem | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 4 or not all(isinstance(item, str) for item in value):
        raise ValueError("problem")
    return Problem(*value)
