"""A review as a file that the user keeps: what was chosen, and everything that was decided in it, as readable JSON.

What is read back is not trusted: only what this version knows is taken, nothing about files outside the folders of the
review, and a decision counts only for a file that the next scan finds as it was.  No tkinter.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from image_sync.base import paths
from image_sync.base.errors import explained, reason
from image_sync.base.model import Refused
from image_sync.base.options import places_of
from image_sync.base.presets import Plain, Preset, choices_of, plain_values
from image_sync.base.whole_file import write_whole
from image_sync.gui.job import saved_review
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.jobs import registry

SUFFIX = ".review.json"
"""How the names of such files end."""
KIND = "review of Image Sync"
VERSION = 1
_MOST_BYTES = 512 << 20
"""Size from which on a file is not taken for a review: a decision about each of a million pictures is a third of it."""
_FILES_TOLD = 3
"""Files that a sentence names."""


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """A review out of a file: ``choices`` by the fields of the job's request, ``work`` as ``saved_review`` keeps it."""

    place: str
    job: str
    choices: Mapping[str, Any]
    work: Mapping[str, Any]
    remarks: tuple[str, ...] = ()


def named(job: str) -> str:
    """The name that a new file of a review gets."""
    return f"{job} {datetime.now():%Y-%m-%d}{SUFFIX}"


def save(place: str, job: str, request: type[Any], choices: Mapping[str, Any], work: Mapping[str, Any]) -> None:
    """Write a review whole or not at all; ``choices`` are by the fields of the request's class.

    Raises ``Refused`` with the reason.
    """
    document = {
        "kind": KIND,
        "version": VERSION,
        "saved": datetime.now().astimezone().isoformat(timespec="seconds"),
        "job": job,
        "choices": plain_values(request, choices),
        "work": work,
    }
    try:
        write_whole(place, (json.dumps(document, indent=1) + "\n").encode("ascii"))
    except OSError as error:
        why, what = explained(error)
        words = _("The review can't be saved as {path}: {why}. {what}")
        raise Refused(words.format(path=shown(place), why=why, what=what).strip()) from error


def opened(place: str, job: str, request: type[Any]) -> OpenedReview:
    """The review in a file, for the page of ``job``.  Raises ``Refused`` with what is wrong with the file."""
    document = _read(place)
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise Refused(_wrong(place, _("its version is missing")))
    if version > VERSION:
        words = _("{path} was saved by a newer version of Image Sync. Open it with that version.")
        raise Refused(words.format(path=shown(place)))
    told, choices, work = document.get("job"), document.get("choices"), document.get("work")
    if not isinstance(told, str) or not isinstance(choices, dict) or not isinstance(work, dict):
        raise Refused(_wrong(place, _("something is missing in it")))
    if told != job:
        words = _("{path} is a review of {job}. Open it on that page.")
        raise Refused(words.format(path=shown(place), job=_(registry.title(told))))
    found = choices_of(Preset(job, os.path.basename(place), _plain(choices)), request)
    if found.wrong:
        raise Refused(_wrong(place, " ".join(found.wrong)))
    folders = list(_folders(request, found.values))
    strangers = list(dict.fromkeys(saved_review.strangers(work, folders)))
    if strangers:
        words = _("{path} decides about files outside its folders ({files}). It is not opened.")
        raise Refused(words.format(path=shown(place), files=_some(strangers)))
    return OpenedReview(place, job, found.values, work, found.unknown)


def same_folders(review: OpenedReview, request: Any) -> bool:
    """Whether a request is about the folders of a review that was opened."""
    return all(
        review.choices.get(name, type(getattr(request, name))()) == getattr(request, name)
        for name in places_of(request)
    )


def opened_words(place: str, number: int) -> str:
    """Words for a review that was opened, with the decisions that were taken over."""
    if not number:
        return _("Opened: {path}. Nothing that was decided in it holds for the files of today.").format(
            path=shown(place)
        )
    words = ngettext(
        "Opened: {path}. {count} decision was taken over; Ctrl+Z forgets it",
        "Opened: {path}. {count} decisions were taken over; Ctrl+Z forgets them",
        number,
    )
    return words.format(path=shown(place), count=formatting.count(number))


def earlier_words(number: int) -> str:
    """Words for decisions that were made before and are taken over."""
    words = ngettext(
        "{count} earlier decision was taken over; Ctrl+Z forgets it",
        "{count} earlier decisions were taken over; Ctrl+Z forgets them",
        number,
    )
    return words.format(count=formatting.count(number))


def lost_words(work: Mapping[str, Any], stamps: Mapping[str, Any]) -> str:
    """Words for the decisions that are not taken over, since their files are not as they were; empty when all are."""
    known = saved_review.mapping_in(work, "stamps")
    lost = sorted(known.keys() - saved_review.unchanged(work, stamps))
    if not lost:
        return ""
    words = ngettext(
        "{count} decision was not taken over, since its file changed or is no longer there: {files}",
        "{count} decisions were not taken over, since their files changed or are no longer there: {files}",
        len(lost),
    )
    return words.format(count=formatting.count(len(lost)), files=_some(lost))


def _read(place: str) -> Mapping[str, Any]:
    try:
        with open(place, "rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ValueError
        document = json.loads(content)
    except OSError as error:
        words = _("{path} can't be opened: {why}.")
        raise Refused(words.format(path=shown(place), why=reason(error))) from error
    except (ValueError, RecursionError) as error:
        raise Refused(_wrong(place, _("it is no readable JSON"))) from error
    if not isinstance(document, dict) or document.get("kind") != KIND:
        raise Refused(_wrong(place, _("it is something else")))
    return document


def _wrong(place: str, what: str) -> str:
    words = _("{path} is no review that can be opened: {what}.")
    return words.format(path=shown(place), what=what.rstrip("."))


def _plain(choices: Mapping[str, Any]) -> dict[str, Plain]:
    """The choices as a preset has them; what is of no such kind is left for its reader to complain of."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in choices.items()}


def _folders(request: type[Any], values: Mapping[str, Any]) -> Iterator[str]:
    for name in places_of(request):
        value = values.get(name, ())
        yield from [value] if isinstance(value, str) else value


def _some(files: Iterable[str]) -> str:
    """The first of the files by name, and how many there are more."""
    told = list(files)
    names = ", ".join(shown(paths.name(path) or path) for path in told[:_FILES_TOLD])
    more = len(told) - _FILES_TOLD
    return _("{names} and {count} more").format(names=names, count=formatting.count(more)) if more > 0 else names
