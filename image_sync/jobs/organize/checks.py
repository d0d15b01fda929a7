"""Checks of an *organize* request before anything is looked at: what is wrong, in words, by the name of its field."""

from __future__ import annotations

import os
from dataclasses import replace

from image_sync.base import paths
from image_sync.base.model import Refused
from image_sync.base.words import sentences
from image_sync.jobs.folder_checks import immovable, real, unreadable, unwritable
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.pattern_checks import unreadable_patterns
from image_sync.jobs.transfer import Transfer
from image_sync.matching.threshold import HIGHEST_THRESHOLD, LOWEST_THRESHOLD


def check(request: OrganizeRequest) -> dict[str, str]:
    """Mistakes of the request, by the name of its field (``folder1``, ``folder2``, ``output``, …); in words."""
    wrong = {field: words for field in ("folder1", "folder2") if (words := _wrong_input(getattr(request, field)))}
    if words := wrong_threshold(request):
        wrong["threshold"] = words
    if not wrong:
        first, second = (os.path.realpath(folder) for folder in (request.folder1, request.folder2))
        if first == second or os.path.samefile(first, second):
            wrong["folder2"] = "This is the same folder as Folder 1; choose another one"
        for reference in request.references:
            if real(reference) not in (first, second):
                shown = paths.display(reference)
                wrong["references"] = f"The reference folder {shown} is not one of the two input folders"
    output = _wrong_output(request)
    if output:
        wrong["output"] = output
    if closed := _closed_input(request):
        wrong["transfer"] = closed
    wrong.update(unreadable_patterns(request.include, request.exclude))
    return wrong


def wrong_threshold(request: OrganizeRequest) -> str:
    """Mistake of the threshold, in words; empty when nothing is."""
    if LOWEST_THRESHOLD <= request.threshold <= HIGHEST_THRESHOLD:
        return ""
    return f"The threshold must lie between {LOWEST_THRESHOLD:.2f} and {HIGHEST_THRESHOLD:.2f}"


def _wrong_input(folder: str) -> str:
    return unreadable(folder) if folder else "Choose a folder"


def _closed_input(request: OrganizeRequest) -> str:
    """Reason why nothing can be moved out of an input whose pictures all go to the output."""
    if request.handling is not Handling.GATHER or request.transfer is not Transfer.MOVE:
        return ""
    stay = set(map(real, request.references))
    going = (folder for folder in (request.folder1, request.folder2) if folder and real(folder) not in stay)
    return next(filter(None, map(immovable, going)), "")


def _wrong_output(request: OrganizeRequest) -> str:
    if not request.output:
        return "Choose a folder for the result"
    output = real(request.output)
    for folder in filter(None, (request.folder1, request.folder2)):
        if real(folder) == output:
            return "The output must be another folder than the two inputs"
        if paths.is_inside(real(folder), output):
            return f"The input {paths.display(folder)} lies inside the output; choose another output folder"
    return unwritable(request.output)


def resolved(request: OrganizeRequest) -> OrganizeRequest:
    """The request with absolute, real paths; raises ``Refused`` when ``check`` finds anything wrong."""
    wrong = check(request)
    if wrong:
        raise Refused(sentences(wrong.values()))
    return replace(
        request,
        folder1=os.path.realpath(request.folder1),
        folder2=os.path.realpath(request.folder2),
        output=os.path.realpath(request.output),
        references=tuple(map(real, request.references)),
        preferred=real(request.preferred) if request.preferred else "",
    )
