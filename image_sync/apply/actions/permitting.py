"""Permissions of one file or folder given to another: neither content nor time changes, nothing is moved.

``Operation.argument`` holds two texts of permissions (see ``base.permission_text``): those that the source has and the
destination gets, and those that the destination was planned on, ``ANY`` where a folder was only just made.  What the
destination had is in the journal, whole, before it is changed.
"""

from __future__ import annotations

from dataclasses import replace

from image_sync.apply import file_state
from image_sync.apply.actions import permissions
from image_sync.apply.actions.permissions import Permissions
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.records import Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Standing, Trouble
from image_sync.base import paths, permission_text
from image_sync.base.errors import SCAN_AGAIN
from image_sync.base.model import Operation, Stamp

# --- what is planned ---


def _texts(operation: Operation) -> tuple[str, str]:
    try:
        return permission_text.parts(operation.argument)
    except ValueError as error:
        raise Trouble("it is not said which permissions are meant", SCAN_AGAIN) from error


def before(operation: Operation) -> str:
    """Permissions of the destination as they are, for the journal; empty where they can't be read."""
    try:
        return _read(operation.destination, _texts(operation)[0]).encoded()
    except (OSError, Trouble):
        return ""


# --- doing ---


def permit(step: Step, tools: StepContext) -> Result:
    """The permissions of the source at the destination."""
    operation = step.operation
    wanted, planned_on = _texts(operation)
    for place in (operation.source, operation.destination):
        tools.ground.check_way(paths.parent(place))
    there = _checked(operation.source, operation.expected)
    here = _checked(operation.destination, operation.replaces)
    if there.kind is not here.kind:
        raise Trouble(Standing.IS_THERE(what=here.kind), SCAN_AGAIN)
    given = _read(operation.source, wanted)
    if given.text != wanted:
        raise Trouble("the permissions changed since they were looked at", SCAN_AGAIN, operation.source)
    now = _read(operation.destination, wanted)
    if now.text != wanted:
        if planned_on not in (permission_text.ANY, now.text) or now.encoded() != step.intent.before:
            raise Trouble("the permissions changed since they were looked at", SCAN_AGAIN)
        _give(operation.destination, given, now)
    result = step.done(left=file_state.mark(here), already=now.text == wanted)
    return replace(result, before=step.intent.before)


def _checked(place: str, planned: Stamp | None) -> Seen:
    now = file_state.look(place)
    if now is None:
        raise Trouble("it is no longer there", SCAN_AGAIN, place)
    if now.kind not in (Kind.FILE, Kind.FOLDER) or (planned is not None and now.kind is not Kind.FILE):
        raise Trouble(Standing.IS_THERE(what=now.kind), SCAN_AGAIN, place)
    if planned is not None and not file_state.is_as_planned(now, planned):
        raise Trouble("it changed since it was looked at", SCAN_AGAIN, place)
    return now


def _read(place: str, like: str) -> Permissions:
    return permissions.read(place, permission_text.has_attributes(like))


def _give(place: str, wanted: Permissions, now: Permissions) -> None:
    """All of it or nothing: what fails halfway is taken back."""
    try:
        permissions.give(place, wanted)
        if permissions.read(place, wanted.attributes is not None) != wanted:
            raise Trouble("the file system there does not keep these permissions", "They stay as they were.", place)
    except (OSError, Trouble):
        permissions.give(place, now)
        raise


# --- settling after a crash ---


def settle_permitted(step: Step, _tools: StepContext) -> Result | None:
    """Done when the destination has the permissions of the plan; what is between before and after is taken back."""
    operation, wanted = step.operation, _texts(step.operation)[0]
    here = file_state.look(operation.destination)
    if here is None or here.kind not in (Kind.FILE, Kind.FOLDER):
        return None
    now = _read(operation.destination, wanted)
    if not step.intent.before and now.text != wanted:
        return None
    earlier = _decoded(step.intent.before)
    if now == earlier:
        return None
    if now.text != wanted:
        if not _is_between(now, earlier, operation, wanted):
            raise Trouble("it is not clear how far this went", "Look at its permissions yourself.")
        permissions.give(operation.destination, earlier)
        return None
    result = Step(operation, step.intent).done(left=file_state.mark(here))
    return replace(result, before=step.intent.before)


def _is_between(now: Permissions, earlier: Permissions, operation: Operation, wanted: str) -> bool:
    """Whether each part is that of before or that of the plan, as the source still tells it."""
    given = _read(operation.source, wanted)
    if given.text != wanted or now.bits not in (earlier.bits, given.bits):
        return False
    known = {*(earlier.attributes or ()), *(given.attributes or ())}
    return set(now.attributes or ()) <= known


# --- undoing ---


def take_back_permissions(operation: Operation, result: Result, tools: StepContext) -> None:
    """The permissions of before, if those that the run gave are there still."""
    place, wanted = operation.destination, _texts(operation)[0]
    if result.already:
        return
    earlier = _decoded(result.before)
    tools.ground.check_way(paths.parent(place))
    here = file_state.look(place)
    if here is None or here.kind not in (Kind.FILE, Kind.FOLDER):
        raise Trouble("it is no longer there", "It was moved or deleted since.", place)
    now = _read(place, wanted)
    if now == earlier:
        return
    if now.text != wanted:
        why = "its permissions changed since the run gave them"
        raise Trouble(why, "They stay; change them yourself if you want those of before.", place)
    permissions.give(place, earlier)


def _decoded(text: str) -> Permissions:
    try:
        return Permissions.decoded(text)
    except ValueError as error:
        raise Trouble("the journal does not say which permissions it had", "Look at them yourself.") from error
