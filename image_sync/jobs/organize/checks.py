"""Checks of an *organize* request before anything is looked at: what is wrong, in words, by the name of its field."""

from __future__ import annotations

import os
from dataclasses import replace

from image_sync.base import paths
from image_sync.base.model import Refused
from image_sync.base.words import sentences
from image_sync.jobs.filters import mistakes
from image_sync.jobs.folder_checks import immovable, real, unreadable, unwritable
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules.reasons import Mistake
from image_sync.jobs.pattern_checks import unreadable_patterns
from image_sync.jobs.transfer import Transfer
from image_sync.matching.threshold import HIGHEST_THRESHOLD, LOWEST_THRESHOLD


def check(request: OrganizeRequest) -> dict[str, str]:
    """Mistakes of the request, in words, by the name of its field; ``folder1`` is the first of the input folders."""
    wrong = _wrong_inputs(request)
    if words := wrong_threshold(request):
        wrong["threshold"] = words
    if not wrong:
        wrong = _wrong_together(request)
    output = _wrong_output(request)
    if output:
        wrong["output"] = output
    if closed := _closed_input(request):
        wrong["transfer"] = closed
    wrong.update(unreadable_patterns(request.include, request.exclude))
    wrong.update(mistakes(request))
    return wrong


def wrong_threshold(request: OrganizeRequest) -> str:
    """Mistake of the threshold, in words; empty when nothing is."""
    if LOWEST_THRESHOLD <= request.threshold <= HIGHEST_THRESHOLD:
        return ""
    return Mistake.THRESHOLD(lowest=f"{LOWEST_THRESHOLD:.2f}", highest=f"{HIGHEST_THRESHOLD:.2f}")


def field_of(number: int) -> str:
    """The name that mistakes of the input folder ``number``, counted from 0, go by."""
    return f"folder{number + 1}"


def _wrong_inputs(request: OrganizeRequest) -> dict[str, str]:
    """Mistakes of each input folder alone."""
    if not request.folders or not request.folders[0]:
        return {field_of(0): Mistake.NO_FOLDER()}
    return {
        field_of(number): words
        for number, folder in enumerate(request.folders)
        if folder and (words := unreadable(folder))
    }


def _wrong_together(request: OrganizeRequest) -> dict[str, str]:
    """Mistakes of the input folders beside one another; each of them can be read."""
    wrong: dict[str, str] = {}
    known: dict[int, str] = {}
    for number, folder in enumerate(request.folders):
        if not folder:
            continue
        resolved_folder = os.path.realpath(folder)
        twin = next((one for one, other in known.items() if os.path.samefile(other, resolved_folder)), None)
        if twin is not None:
            wrong[field_of(number)] = Mistake.SAME_FOLDER(number=twin + 1)
        known[number] = resolved_folder
    for reference in request.references:
        if real(reference) not in known.values():
            shown = paths.display(reference)
            wrong["references"] = Mistake.NO_REFERENCE(folder=shown)
    if request.between and len(known) < 2:
        wrong["between"] = Mistake.NO_BETWEEN()
    return wrong


def _closed_input(request: OrganizeRequest) -> str:
    """Reason why nothing can be moved out of an input whose pictures all go to the output."""
    if request.handling is not Handling.GATHER or request.transfer is not Transfer.MOVE:
        return ""
    stay = set(map(real, request.references))
    going = (folder for folder in request.folders if folder and real(folder) not in stay)
    return next(filter(None, map(immovable, going)), "")


def _wrong_output(request: OrganizeRequest) -> str:
    if not request.output:
        return Mistake.NO_OUTPUT()
    output = real(request.output)
    for folder in filter(None, request.folders):
        if real(folder) == output:
            return Mistake.OUTPUT_IS_INPUT()
        if paths.is_inside(real(folder), output):
            return Mistake.INPUT_IN_OUTPUT(folder=paths.display(folder))
    return unwritable(request.output)


def resolved(request: OrganizeRequest) -> OrganizeRequest:
    """The request with absolute, real paths; raises ``Refused`` when ``check`` finds anything wrong."""
    wrong = check(request)
    if wrong:
        raise Refused(sentences(wrong.values()))
    return replace(
        request,
        folders=tuple(os.path.realpath(folder) for folder in request.folders if folder),
        output=os.path.realpath(request.output),
        references=tuple(map(real, request.references)),
        preferred=real(request.preferred) if request.preferred else "",
    )
