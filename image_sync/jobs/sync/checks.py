"""Refusals: what is wrong with a request before anything is looked at, in words, by the name of its field.

Everything here only looks.  What can be known only after the scan (an emptied disk, no room) stands in
``rules.guards``.
"""

from __future__ import annotations

import os
from dataclasses import replace

from image_sync.base import paths
from image_sync.base.model import Plan, Refused
from image_sync.base.own_files import OWN_FOLDER
from image_sync.base.words import sentences
from image_sync.jobs.filters import mistakes
from image_sync.jobs.folder_checks import unreadable
from image_sync.jobs.pattern_checks import unreadable_patterns
from image_sync.jobs.reasons import Mistake as FolderMistake
from image_sync.jobs.sync.model import Answer, Side
from image_sync.jobs.sync.request import Deletions, SyncRequest
from image_sync.jobs.sync.rules.reasons import Mistake, Named


def check(request: SyncRequest) -> dict[str, str]:
    """Mistakes of a request, by the name of its field (``source``, ``target``, ``resolution`` …)."""
    wrong: dict[str, str] = {}
    for side in Side:
        words = _wrong_folder(getattr(request, side.value), side)
        if words:
            wrong[side.value] = words
    if not wrong:
        words = _wrong_pair(request)
        if words:
            wrong["target"] = words
    if request.resolution and request.resolution not in {answer.value for answer in Answer}:
        wrong["resolution"] = Mistake.NO_ANSWER(answer=repr(request.resolution))
    if request.max_delete is not None and not 0 <= request.max_delete <= 1:
        wrong["max_delete"] = Mistake.SHARE()
    if request.tolerance_ns is not None and request.tolerance_ns < 0:
        wrong["tolerance_ns"] = Mistake.TOLERANCE()
    wrong.update(unreadable_patterns(request.include, request.exclude))
    wrong.update(mistakes(request))
    if request.by_stamp and request.deletions is Deletions.PROPAGATE:
        wrong["deletions"] = Mistake.NOT_PROPAGATED()
    return wrong


def resolved(request: SyncRequest) -> SyncRequest:
    """The request with absolute, real folders.  Raises ``Refused`` when anything is wrong with it."""
    wrong = check(request)
    if wrong:
        raise Refused(sentences(wrong.values()))
    return replace(request, source=os.path.realpath(request.source), target=os.path.realpath(request.target))


def _wrong_folder(folder: str, side: Side) -> str:
    if not folder:
        return Mistake.NO_SOURCE() if side is Side.SOURCE else Mistake.NO_TARGET()
    called = Named[side.name]
    if words := unreadable(folder, called):
        return words
    parts = paths.components(os.path.realpath(folder))
    if OWN_FOLDER in parts:
        shown = FolderMistake.NAMED(called=called, folder=paths.display(folder))
        return FolderMistake.OWN_FOLDER(folder=shown, own=OWN_FOLDER)
    return ""


def _wrong_pair(request: SyncRequest) -> str:
    source, target = os.path.realpath(request.source), os.path.realpath(request.target)
    shown_source, shown_target = paths.display(request.source), paths.display(request.target)
    if os.path.samestat(os.stat(source), os.stat(target)):
        plainly = os.path.abspath(request.source) == os.path.abspath(request.target)
        return (Mistake.SAME if plainly else Mistake.SAME_OTHERWISE)(source=shown_source, target=shown_target)
    if _lies_in(target, source):
        return Mistake.TARGET_INSIDE(target=shown_target, source=shown_source)
    if _lies_in(source, target):
        return Mistake.SOURCE_INSIDE(source=shown_source, target=shown_target)
    return ""


def _lies_in(inner: str, outer: str) -> bool:
    """Whether ``outer`` is on the way to ``inner``, by whatever name or mount."""
    if paths.is_inside(os.path.normcase(inner), os.path.normcase(outer)):
        return True
    there = os.stat(outer)
    while os.path.dirname(inner) != inner:
        inner = os.path.dirname(inner)
        try:
            if os.path.samestat(os.stat(inner), there):
                return True
        except OSError:
            return False
    return False


def unwritable(plan: Plan) -> str:
    """Reason why nothing can be written on a side that the plan changes, in words; empty when all is well."""
    for root in plan.roots.values():
        start = root.rstrip(paths.SEPARATOR) + paths.SEPARATOR
        changes = any((operation.destination or operation.source).startswith(start) for operation in plan.operations)
        if changes and not os.access(root, os.W_OK | os.X_OK):
            return Mistake.CLOSED(folder=paths.display(root))
    return ""


def log_below(request: SyncRequest) -> frozenset[str]:
    """The path of the log below a root that it lies in: a log must not make a change of its own."""
    if not request.log_file:
        return frozenset()
    folder, name = os.path.split(os.path.abspath(request.log_file))
    place = paths.join(os.path.realpath(folder), name)
    roots = [os.path.realpath(getattr(request, side.value)) for side in Side]
    return frozenset(os.path.relpath(place, root) for root in roots if paths.is_inside(place, root))
