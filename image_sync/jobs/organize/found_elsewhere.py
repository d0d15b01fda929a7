"""Groups that another program found, as the matches of a scan: a result of czkawka (JSON) or of dupeGuru (XML).

Nothing of it is believed but that somebody took these files for alike.  A file takes part when the scan found it itself
and its size is the one that the result states; how alike two are is told from what was measured here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from image_sync.base import paths, words
from image_sync.base.errors import reason
from image_sync.base.model import Match, Picture, Refused, Sameness

CZKAWKA, DUPEGURU = "czkawka", "dupeGuru"
MOST_BYTES = 1 << 30
"""Size from which on a file is not taken for a result."""


@dataclass(frozen=True, slots=True)
class Named:
    """A file that a result names; its size in bytes where that is stated."""

    path: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The groups of a result, and the program that found them."""

    program: str
    groups: tuple[tuple[Named, ...], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """Matches that were taken from a result, with notes on what was not."""

    matches: tuple[Match, ...]
    notes: tuple[str, ...]


def read(place: str) -> Result:
    """The result in a file.  Raises ``Refused`` in words for anything else."""
    shown = paths.display(place)
    try:
        if os.path.getsize(place) > MOST_BYTES:
            raise ValueError("it is far too large")
        with open(place, "rb") as stream:
            content = stream.read()
    except OSError as error:
        raise Refused(f"The groups in {shown} can't be read: {reason(error)}") from error
    except ValueError as error:
        raise Refused(f"{shown} holds no groups: {error}") from error
    try:
        return _of_dupeguru(content) if content.lstrip()[:1] == b"<" else _of_czkawka(content)
    except (ValueError, RecursionError, ElementTree.ParseError) as error:
        why = str(error) if type(error) is ValueError else "it is neither JSON nor XML, or it is cut off"
        raise Refused(f"{shown} holds no groups of czkawka (JSON) or dupeGuru (XML): {why}") from error


def _of_dupeguru(content: bytes) -> Result:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError("it declares entities, which no result does")
    root = ElementTree.fromstring(content)
    if root.tag != "results":
        raise ValueError(f"its root is <{paths.display(root.tag)}>, not <results>")
    groups = [
        tuple(Named(path) for one in group.iter("file") if (path := one.get("path"))) for group in root.iter("group")
    ]
    return Result(DUPEGURU, tuple(group for group in groups if len(group) > 1))


def _of_czkawka(content: bytes) -> Result:
    return Result(CZKAWKA, tuple(group for group in _lists(json.loads(content)) if len(group) > 1))


def _lists(part: Any) -> Iterator[tuple[Named, ...]]:
    """The groups in any form that czkawka writes: lists of files; by size; a reference file and a list of files."""
    if isinstance(part, Mapping):
        for value in part.values():
            yield from _lists(value)
    elif isinstance(part, list):
        files = [_named(one) for one in part if _is_file(one)]
        referred = [_named(one) for inner in part if isinstance(inner, list) for one in inner if _is_file(one)]
        if files:
            yield tuple(files + (referred if len(files) == 1 else []))
        else:
            for one in part:
                yield from _lists(one)
    else:
        raise ValueError("it has something else than groups of files")


def _is_file(part: Any) -> bool:
    return isinstance(part, Mapping) and isinstance(part.get("path"), str)


def _named(part: Mapping[str, Any]) -> Named:
    size = part.get("size")
    return Named(part["path"], size if isinstance(size, int) and not isinstance(size, bool) else None)


def taken(result: Result, pictures: Sequence[Picture], threshold: float) -> Taken:
    """The matches of a result among the pictures that were read: all pairs of a group that stand as it states.

    Those that are less alike than ``threshold`` (0-1) by what was measured here are counted in a note.
    """
    places = {picture.record.path: number for number, picture in enumerate(pictures)}
    pairs: dict[tuple[int, int], Match] = {}
    missing: list[str] = []
    changed: list[str] = []
    for group in result.groups:
        members = set()
        for named in group:
            number = places.get(_real(named.path))
            if number is None:
                missing.append(named.path)
            elif named.size is not None and named.size != pictures[number].record.size:
                changed.append(named.path)
            else:
                members.add(number)
        ordered = sorted(members)
        for at, first in enumerate(ordered):
            for second in ordered[at + 1 :]:
                pairs[first, second] = _match(first, second, pictures)
    weak = sum(1 for match in pairs.values() if match.score < threshold)
    notes = [*_notes(result, len(pairs), missing, changed), *_weak(weak, threshold)]
    return Taken(tuple(pairs.values()), tuple(notes))


def _weak(number: int, threshold: float) -> Iterator[str]:
    if number:
        verb = "is" if number == 1 else "are"
        yield (
            f"{words.count(number, 'pair')} of them {verb} less alike than {words.percent(threshold)} by what was "
            "measured here and left out; a lower --threshold takes them in."
        )


def _real(path: str) -> str:
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def _match(first: int, second: int, pictures: Sequence[Picture]) -> Match:
    one, other = pictures[first], pictures[second]
    if one.digest and one.digest == other.digest and one.record.size == other.record.size:
        return Match(first, second, Sameness.IDENTICAL_FILE, 1.0)
    return Match(first, second, Sameness.SIMILAR, _alike(one.fingerprint.codes, other.fingerprint.codes))


def _alike(first: bytes, second: bytes) -> float:
    """Share of the bits in which two pictures' hashes agree; 0 where one was not measured."""
    if not first or len(first) != len(second):
        return 0.0
    differing = (int.from_bytes(first, "big") ^ int.from_bytes(second, "big")).bit_count()
    return 1.0 - differing / (8 * len(first))


def _notes(result: Result, pairs: int, missing: Sequence[str], changed: Sequence[str]) -> Iterator[str]:
    yield (
        f"The matches are those that {result.program} found ({words.count(pairs, 'pair')} in "
        f"{words.count(len(result.groups), 'group')}); this program did not look for any itself."
    )
    for names, one, many in (
        (missing, "is no picture that was found in the folders", "are no pictures that were found in the folders"),
        (changed, "has another size now", "have another size now"),
    ):
        if names:
            shown = words.few([paths.display(name) for name in names])
            what = words.count(len(names), "file of the result", "files of the result")
            said, verb = (one, "was") if len(names) == 1 else (many, "were")
            yield f"{what} {said} and {verb} passed over: {shown}."
