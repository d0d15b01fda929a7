"""Refusals: what is wrong with a request before anything is looked at, in words, by the name of its field.

Everything here only looks.  The fields are those of ``request.ImportRequest``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace

from image_sync.archives.directory import glance
from image_sync.archives.names import is_archive
from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.model import Refused
from image_sync.base.own_files import OWN_FOLDER
from image_sync.base.said import said_by
from image_sync.base.words import sentences
from image_sync.jobs.filters import mistakes
from image_sync.jobs.folder_checks import immovable, is_file, real, unreadable, unwritable
from image_sync.jobs.pattern_checks import unreadable_patterns
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules.pattern_fields import folder_example, name_example
from image_sync.jobs.photo_import.rules.places import folder_rules
from image_sync.jobs.photo_import.rules.reasons import Mistake, Purpose, Role
from image_sync.jobs.reasons import Mistake as FolderMistake
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.metadata.dates import zone_named

_NOT_IN_A_NAME = frozenset('/\\:*?"<>|\0')


def check(request: ImportRequest) -> dict[str, str]:
    """Mistakes of a request, by the name of its field (``folder1``, ``folder2``, ``output``, ``zone`` …)."""
    wrong = _wrong_choices(request)
    chosen: list[str] = []
    for field, place in _inputs(request):
        found = _wrong_input(place) or _in_system_folder(request, place, Role.INPUT) or _met_before(place, chosen)
        if found:
            wrong.setdefault(field, found)
        else:
            chosen.append(place)
    output = _wrong_output(request.output) or _in_system_folder(request, request.output, Role.OUTPUT)
    if output:
        wrong["output"] = output
    wrong.update(unreadable_patterns(request.include, request.exclude))
    wrong.update(mistakes(request))
    return wrong


def resolved(request: ImportRequest) -> ImportRequest:
    """The request with absolute, real folders.  Raises ``Refused`` when anything is wrong with it."""
    wrong = check(request)
    if wrong:
        raise Refused(sentences(wrong.values()))
    return replace(
        request,
        folder1=os.path.realpath(request.folder1),
        folder2=os.path.realpath(request.folder2) if request.folder2 else "",
        further=tuple(map(os.path.realpath, request.further)),
        output=os.path.realpath(request.output),
        convert_suffixes=tuple(map(_as_suffix, request.convert_suffixes)),
    )


def _inputs(request: ImportRequest) -> Iterator[tuple[str, str]]:
    """Each input with the name of its field."""
    yield "folder1", request.folder1
    if request.folder2:
        yield "folder2", request.folder2
    yield from (("further", place) for place in request.further)


def _met_before(place: str, chosen: Iterable[str]) -> str:
    if not any(os.path.samefile(place, other) for other in chosen):
        return ""
    return FolderMistake.SAME_ARCHIVE() if os.path.isfile(place) else FolderMistake.SAME_FOLDER()


def _is_same(folder: str, output: str) -> bool:
    return bool(folder and output) and real(folder) == real(output)


def _as_suffix(text: str) -> str:
    return "." + text.strip().lower().lstrip("*").lstrip(".")


def _wrong_choices(request: ImportRequest) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if request.transfer is Transfer.LINK:
        wrong["transfer"] = Mistake.NO_LINKS()
    if request.transfer is Transfer.COPY and any(_is_same(folder, request.output) for folder in request.inputs):
        wrong["transfer"] = Mistake.IN_PLACE_MOVES()
    if request.transfer is Transfer.MOVE:
        outside = (
            folder for folder in request.inputs if os.path.isdir(folder) and not _is_same(folder, request.output)
        )
        if closed := next(filter(None, map(immovable, outside)), ""):
            wrong["transfer"] = closed
    if request.small < 0:
        wrong["small"] = Mistake.SMALL()
    if request.crowded < 1:
        wrong["crowded"] = Mistake.CROWDED()
    if not _is_name(request.prefix):
        wrong["prefix"] = _wrong_prefix(request.prefix)
    for field, sample in (("folders", folder_example), ("names", name_example)):
        try:
            sample(getattr(request, field))
        except ValueError as error:
            told = Mistake.FOLDER_PATTERN if field == "folders" else Mistake.NAME_PATTERN
            wrong[field] = told(why=said_by(error))
    try:
        zone_named(request.zone or None)
    except ValueError:
        wrong["zone"] = Mistake.NO_ZONE(name=repr(request.zone))
    return wrong


def _wrong_prefix(prefix: str) -> str:
    return Mistake.PREFIX(prefix=repr(paths.display(prefix))) if prefix else Mistake.NO_PREFIX()


def _is_name(prefix: str) -> bool:
    """Whether names of folders may begin so, on any file system."""
    plain = prefix.isprintable() and _NOT_IN_A_NAME.isdisjoint(prefix)
    return plain and bool(prefix.strip(" .-_")) and not prefix.startswith(".") and len(os.fsencode(prefix)) <= 100


def _wrong_input(folder: str) -> str:
    if not folder:
        return Mistake.NO_INPUT()
    if not is_file(folder):
        return unreadable(folder)
    name = paths.display(folder)
    if not is_archive(folder):
        return Mistake.NO_ARCHIVE(name=name)
    try:
        why = glance(folder)
    except OSError as error:
        why = reason(error)
    return Mistake.UNREADABLE(name=name, why=why) if why else ""


def _wrong_output(folder: str) -> str:
    return unwritable(folder) if folder else Mistake.NO_OUTPUT()


def _in_system_folder(request: ImportRequest, folder: str, what: Role) -> str:
    """Reason why a folder can't be chosen that is, or lies in, one which the program keeps for itself."""
    rules = folder_rules(request)
    for name in paths.components(real(folder)):
        system = rules.system_folder(name)
        if system is not None:
            shown, inside = paths.display(folder), paths.display(name)
            return Mistake.IN_SYSTEM_FOLDER(what=what, folder=shown, name=inside, purpose=Purpose[system.name])
        if name == OWN_FOLDER:
            shown = FolderMistake.NAMED(called=what, folder=paths.display(folder))
            return FolderMistake.OWN_FOLDER(folder=shown, own=OWN_FOLDER)
    return ""
