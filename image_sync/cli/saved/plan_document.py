"""A plan as a part of the JSON document, and back: what was written, and maybe edited since, becomes a Plan again.

Reading is strict: whatever does not have the right shape raises ``Unreadable`` with the number of the operation and the
reason in words, so that an edited plan is understood as it was meant or refused whole.  Operations may be taken out,
put in another order, and get another destination; what follows an operation that was taken out goes with it.  Whether
the paths may be touched is not for this module to say.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from image_sync.base.archive_member import ArchiveMember, Packing
from image_sync.base.model import Action, Maker, Operation, Plan, Stamp
from image_sync.base.said import document as said_document

VERSION = 1
"""Number of the form of a plan; it grows when a key goes or changes its meaning."""

Json = Mapping[str, Any]
Word = TypeVar("Word", Action, Maker, Packing)
_LARGEST = 2**63 - 1


class Unreadable(ValueError):
    """The document holds no plan that can be understood; the message says where and why."""


def this_computer() -> str:
    """Name of this computer: a plan is about the files of one."""
    return platform.node()


# --- to the document --------------------------------------------------------------------------------------------------


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan with all that carrying it out needs."""
    return {
        "version": VERSION,
        "job": plan.job,
        "computer": this_computer(),
        "roots": dict(plan.roots),
        "counts": {action.value: number for action, number in plan.counts().items()},
        "size": plan.size,
        "operations": [_operation_json(number, operation) for number, operation in enumerate(plan.operations)],
    }


def _operation_json(number: int, operation: Operation) -> Json:
    return {
        "action": operation.action.value,
        "source": operation.source,
        "destination": operation.destination,
        "size": operation.size,
        "reason": operation.reason,
        "reason_code": said_document(operation.reason),
        "group": operation.group,
        "id": number,
        "follows": operation.follows,
        "expected": _stamp_json(operation.expected),
        "replaces": _stamp_json(operation.replaces),
        "versions": operation.versions,
        "same_as": operation.same_as,
        "keeper": operation.keeper,
        "keeps": _stamp_json(operation.keeps),
        "maker": operation.maker.value if operation.maker else "",
        "argument": operation.argument,
        "link": operation.link,
        "archive": operation.member.archive if operation.member else "",
        "member": _member_json(operation.member),
    }


def _stamp_json(stamp: Stamp | None) -> Json | None:
    return None if stamp is None else {"size": stamp.size, "mtime_ns": stamp.mtime_ns, "digest": stamp.digest}


def _member_json(member: ArchiveMember | None) -> Json | None:
    if member is None:
        return None
    return {
        "archive_size": member.archive_size,
        "archive_mtime_ns": member.archive_mtime_ns,
        "at": member.at,
        "packed": member.packed,
        "size": member.size,
        "crc": member.crc,
        "mtime_ns": member.mtime_ns,
        "packing": member.packing.value,
    }


# --- from the document ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan that was read back: the computer that it was made on, and how many operations went with their leaders."""

    plan: Plan
    computer: str
    left_out: int = 0


def read_plan(found: Any) -> SavedPlan:
    """The plan of a document, or of the plan alone.  Raises ``Unreadable``."""
    part = _plan_of(found)
    version = _whole(part, "version")
    if version > VERSION:
        raise Unreadable("it is of a newer version of this program than the one that reads it")
    operations = _list(part, "operations")
    numbered = [_numbered(number, entry) for number, entry in enumerate(operations, start=1)]
    ordered, left_out = _in_order(numbered)
    plan = Plan(_text(part, "job"), _roots(part), tuple(ordered))
    return SavedPlan(plan, _text(part, "computer"), left_out)


def _plan_of(found: Any) -> Json:
    """The part of a document that is the plan."""
    if not isinstance(found, dict):
        raise Unreadable("it holds no plan")
    if "operations" in found:
        return found
    if "plan" not in found:
        raise Unreadable("it holds no plan; '--dry-run --json FILE' writes one")
    if isinstance(result := found.get("result"), dict) and result.get("run"):
        raise Unreadable(f"its plan was carried out already, by run {result['run']}")
    part = found["plan"]
    if not isinstance(part, dict):
        raise Unreadable("the job that wrote it came to no plan")
    if "computer" not in part:
        raise Unreadable("an earlier version of this program wrote it, without all that applying needs; make it again")
    return part


def _roots(part: Json) -> dict[str, str]:
    roots = part.get("roots")
    if not isinstance(roots, dict) or not all(isinstance(root, str) for root in roots.values()):
        raise Unreadable("its 'roots' are no folders by their role")
    return {role: _real_name(root, "roots") for role, root in roots.items()}


def _numbered(number: int, entry: Any) -> tuple[int, Operation]:
    """An operation with the name by which others follow it; ``number`` is its place in the file, from 1."""
    if not isinstance(entry, dict):
        raise Unreadable(f"operation {number} is none")
    try:
        return _whole(entry, "id"), _operation(entry)
    except Unreadable as error:
        raise Unreadable(f"operation {number}: {error}") from None


def _operation(entry: Json) -> Operation:
    operation = Operation(
        _word(entry, "action", Action),
        _text(entry, "source"),
        _text(entry, "destination"),
        _text(entry, "reason"),
        _stamp(entry, "expected"),
        _stamp(entry, "replaces"),
        None if entry.get("group") is None else _whole(entry, "group"),
        None if entry.get("follows") is None else _whole(entry, "follows"),
        _text(entry, "versions"),
        same_as=_text(entry, "same_as"),
        maker=_word(entry, "maker", Maker) if entry.get("maker") else None,
        argument=_text(entry, "argument"),
        link=_flag(entry, "link"),
        keeper=_text(entry, "keeper"),
        keeps=_stamp(entry, "keeps"),
        member=_member(entry),
    )
    if operation.keeper and operation.keeps is None:
        raise Unreadable("'keeps' is missing: how the file is that stays")
    return operation


def _member(entry: Json) -> ArchiveMember | None:
    found = entry.get("member")
    if found is None:
        return None
    if not isinstance(found, dict):
        raise Unreadable("'member' is no file in an archive")
    return ArchiveMember(
        _text(entry, "archive"),
        _whole(found, "archive_size"),
        _number(found, "archive_mtime_ns"),
        _whole(found, "at"),
        _whole(found, "packed"),
        _whole(found, "size"),
        _whole(found, "crc"),
        _number(found, "mtime_ns"),
        _word(found, "packing", Packing),
    )


def _stamp(entry: Json, key: str) -> Stamp | None:
    found = entry.get(key)
    if found is None:
        return None
    if not isinstance(found, dict):
        raise Unreadable(f"'{key}' is no size and time of a file")
    digest = found.get("digest")
    if digest is not None and not isinstance(digest, str):
        raise Unreadable(f"'digest' in '{key}' is no text")
    return Stamp(_whole(found, "size"), _number(found, "mtime_ns"), digest)


def _text(entry: Json, key: str) -> str:
    found = entry.get(key, "")
    if not isinstance(found, str):
        raise Unreadable(f"'{key}' is no text")
    return _real_name(found, key)


def _real_name(text: str, key: str) -> str:
    """A text that the system has bytes for, whatever escapes it was written with."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        raise Unreadable(f"'{key}' is no name that this system can have") from None
    return text


def _flag(entry: Json, key: str) -> bool:
    found = entry.get(key, False)
    if not isinstance(found, bool):
        raise Unreadable(f"'{key}' is neither true nor false")
    return found


def _number(entry: Json, key: str) -> int:
    found = entry.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > _LARGEST:
        raise Unreadable(f"'{key}' is no whole number")
    return found


def _whole(entry: Json, key: str) -> int:
    found = _number(entry, key)
    if found < 0:
        raise Unreadable(f"'{key}' is below 0")
    return found


def _list(part: Json, key: str) -> Sequence[Any]:
    found = part.get(key)
    if not isinstance(found, list):
        raise Unreadable(f"its '{key}' are no list")
    return found


def _word(entry: Json, key: str, kind: type[Word]) -> Word:
    try:
        return kind(entry.get(key))
    except ValueError:
        known = ", ".join(str(word.value) for word in kind)
        raise Unreadable(f"'{key}' is none of {known}") from None


# --- the order --------------------------------------------------------------------------------------------------------


def _in_order(numbered: Iterable[tuple[int, Operation]]) -> tuple[list[Operation], int]:
    """The operations as a plan has them, each behind the one that it follows, and the number of those that went.

    ``follows`` means the ``id`` of another operation in the file, and its place in the list in the plan.
    """
    known: dict[int, Operation] = {}
    for name, operation in numbered:
        if name in known:
            raise Unreadable(f"two operations have the id {name}")
        known[name] = operation
    places: dict[int, int] = {}
    ordered: list[Operation] = []
    for name in known:
        chain = _chain(name, known)
        for one in reversed(chain or ()):
            if one not in places:
                leader = known[one].follows
                places[one] = len(ordered)
                ordered.append(known[one] if leader is None else replace(known[one], follows=places[leader]))
    return ordered, len(known) - len(ordered)


def _chain(name: int, known: Mapping[int, Operation]) -> list[int] | None:
    """The operation, what it follows, what that follows and so on; ``None`` when one of them was taken out."""
    chain = [name]
    while (leader := known[chain[-1]].follows) is not None:
        if leader not in known:
            return None
        if leader in chain:
            raise Unreadable(f"the operations {' and '.join(map(str, chain))} follow one another around")
        chain.append(leader)
    return chain
