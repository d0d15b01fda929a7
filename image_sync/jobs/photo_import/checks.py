"""Refusals: what is wrong with a request before anything is looked at, in words, by the name of its field.

Everything here only looks.  The fields are those of ``request.ImportRequest``.
"""

from __future__ import annotations

import os
from dataclasses import replace

from image_sync.base import paths
from image_sync.base.model import Refused
from image_sync.base.own_files import OWN_FOLDER
from image_sync.base.words import sentences
from image_sync.jobs.folder_checks import immovable, real, unreadable, unwritable
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
    folders = {"folder1": request.folder1, **({"folder2": request.folder2} if request.folder2 else {})}
    for field, folder in folders.items():
        found = _wrong_input(folder) or _in_system_folder(request, folder, "The input")
        if found:
            wrong[field] = found
    if request.folder2 and not wrong.keys() & folders.keys() and os.path.samefile(request.folder1, request.folder2):
        wrong["folder2"] = "This is the same folder as the first input; one is enough"
    output = _wrong_output(request.output) or _in_system_folder(request, request.output, "The output")
    if output:
        wrong["output"] = output
    wrong.update(unreadable_patterns(request.include, request.exclude))
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
        output=os.path.realpath(request.output),
        convert_suffixes=tuple(map(_as_suffix, request.convert_suffixes)),
    )


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
        outside = (folder for folder in request.inputs if folder and not _is_same(folder, request.output))
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
    return unreadable(folder) if folder else "Choose a folder to import"


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
