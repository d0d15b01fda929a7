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
from image_sync.base.words import sentences
from image_sync.jobs.filters import mistakes
from image_sync.jobs.folder_checks import immovable, is_file, real, unreadable, unwritable
from image_sync.jobs.pattern_checks import unreadable_patterns
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.photo_import.rules.folder_names import SystemFolder
from image_sync.jobs.photo_import.rules.pattern_fields import folder_example, name_example
from image_sync.jobs.photo_import.rules.places import folder_rules
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.metadata.dates import zone_named

_NOT_IN_A_NAME = frozenset('/\\:*?"<>|\0')


def check(request: ImportRequest) -> dict[str, str]:
    """Mistakes of a request, by the name of its field (``folder1``, ``folder2``, ``output``, ``zone`` …)."""
    wrong = _wrong_choices(request)
    chosen: list[str] = []
    for field, place in _inputs(request):
        found = _wrong_input(place) or _in_system_folder(request, place, "The input") or _met_before(place, chosen)
        if found:
            wrong.setdefault(field, found)
        else:
            chosen.append(place)
    output = _wrong_output(request.output) or _in_system_folder(request, request.output, "The output")
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
    what = "archive" if os.path.isfile(place) else "folder"
    return f"This is the same {what} as an input before it; one is enough"


def _is_same(folder: str, output: str) -> bool:
    return bool(folder and output) and real(folder) == real(output)


def _as_suffix(text: str) -> str:
    return "." + text.strip().lower().lstrip("*").lstrip(".")


def _wrong_choices(request: ImportRequest) -> dict[str, str]:
    wrong = {}
    if request.transfer is Transfer.LINK:
        wrong["transfer"] = "An import moves or copies; it makes no links"
    if request.transfer is Transfer.COPY and any(_is_same(folder, request.output) for folder in request.inputs):
        wrong["transfer"] = "A library is put in order in place by moving: copies would be there twice"
    if request.transfer is Transfer.MOVE:
        outside = (
            folder for folder in request.inputs if os.path.isdir(folder) and not _is_same(folder, request.output)
        )
        if closed := next(filter(None, map(immovable, outside)), ""):
            wrong["transfer"] = closed
    if request.small < 0:
        wrong["small"] = "The limit for small pictures is a number of pixels"
    if request.crowded < 1:
        wrong["crowded"] = "The number of entries of a folder is at least 1"
    if not _is_name(request.prefix):
        wrong["prefix"] = f"No folder's name can begin with {paths.display(request.prefix) or 'nothing'!r}"
    for field, sample in (("folders", folder_example), ("names", name_example)):
        try:
            sample(getattr(request, field))
        except ValueError as error:
            what = "folders" if field == "folders" else "names"
            wrong[field] = f"The pattern for {what} can't be used: {error}"
    try:
        zone_named(request.zone or None)
    except ValueError as error:
        wrong["zone"] = str(error)[:1].upper() + str(error)[1:]
    return wrong


def _is_name(prefix: str) -> bool:
    """Whether names of folders may begin so, on any file system."""
    plain = prefix.isprintable() and _NOT_IN_A_NAME.isdisjoint(prefix)
    return plain and bool(prefix.strip(" .-_")) and not prefix.startswith(".") and len(os.fsencode(prefix)) <= 100


def _wrong_input(folder: str) -> str:
    if not folder:
        return "Choose a folder or an archive to import"
    if not is_file(folder):
        return unreadable(folder)
    name = paths.display(folder)
    if not is_archive(folder):
        return f"{name} is not a folder, and no archive that is read here (zip, tgz, tar)"
    try:
        why = glance(folder)
    except OSError as error:
        why = reason(error)
    return f"{name} can't be read: {why}" if why else ""


def _wrong_output(folder: str) -> str:
    return unwritable(folder) if folder else "Choose the library to import into"


def _in_system_folder(request: ImportRequest, folder: str, what: str) -> str:
    """Reason why a folder can't be chosen that is, or lies in, one which the program keeps for itself."""
    rules = folder_rules(request)
    for name in paths.components(real(folder)):
        system = rules.system_folder(name)
        if system is not None:
            return (
                f"{what} {paths.display(folder)} lies in {paths.display(name)}, {_PURPOSES[system]}; "
                "choose a folder outside of it"
            )
        if name == OWN_FOLDER:
            return f"{what} {paths.display(folder)} lies in {OWN_FOLDER}, where earlier versions are kept"
    return ""


_PURPOSES = {
    SystemFolder.DUPLICATES: "where an import puts duplicates",
    SystemFolder.MOVIES: "where an import puts movies",
    SystemFolder.MIGRATED: "where an import keeps the originals of converted pictures",
    SystemFolder.UNDATED: "where an import puts pictures without a date",
    SystemFolder.SMALL: "where an import puts small pictures",
}
