"""Patterns in which people write how folders and names are to be: ``{year}/{month}-{day} {description}``.

A pattern is filled in, fields of which nothing is known leave no gap, and a path is read back to what fills it.  What
such a pattern means for a library is told by ``pattern_places`` and ``pattern_names``.  Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from image_sync.base import paths
from image_sync.jobs.photo_import.rules.reasons import Mistake

MORE = "more"
"""The group of a path's regular expression for the further levels of a description."""
DESCRIPTION = "description"
_FIELD = re.compile(r"\{([^{}]*)\}")
_SEPARATING = re.compile(r"[\s\-_.,;:+~]*")
_FORBIDDEN = '<>:"|?*\\'
"""Letters that no name may hold on Windows, or on a card that is to be read there."""
_EDGE = " -_.,;+~"
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_BRACKETS = {"(": ")", "[": "]"}
_MOST = 200
"""Characters that a pattern may have."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a pattern: a field by its name, or letters as they are."""

    text: str
    field: bool = False


Level = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern taken apart: the parts of each level of the path."""

    text: str
    levels: tuple[Level, ...]

    @property
    def fields(self) -> frozenset[str]:
        """Names of the fields in it."""
        return frozenset(part.text for level in self.levels for part in level if part.field)

    def filled(self, values: Mapping[str, str], further: Sequence[str] = ()) -> tuple[str, ...]:
        """The levels of the path; ``further`` are levels that stand below that with the description.

        A field without a value leaves nothing, nor what only parts it from others; a level whose fields all have none
        is left out.
        """
        known = {name: value for name, value in values.items() if value}
        result: list[str] = []
        for level in shape(self, frozenset(known)):
            result.append("".join(known[part.text] if part.field else part.text for part in level))
            if any(part.field and part.text == DESCRIPTION for part in level):
                result += further
        return tuple(result)


@lru_cache(maxsize=256)
def parsed(text: str, fields: tuple[str, ...], levels: bool) -> Pattern:
    """Take a pattern apart that may hold ``fields``, over several ``levels`` or in one name.

    Raises ``ValueError`` with the reason in words.
    """
    if len(text) > _MOST:
        raise ValueError(Mistake.TOO_LONG(most=_MOST))
    names = text.split("/") if levels else [text]
    if levels and text.startswith(("/", "~")):
        raise ValueError(Mistake.LEADS_OUT())
    found = tuple(tuple(_parts(name, fields)) for name in names)
    for name, level in zip(names, found, strict=True):
        _check(name, level, levels)
    return Pattern(text, found)


def _parts(name: str, fields: Sequence[str]) -> Iterator[Part]:
    position = 0
    for match in _FIELD.finditer(name):
        yield from _letters(name[position : match.start()])
        if match[1] not in fields:
            offered = ", ".join(f"{{{field}}}" for field in fields)
            raise ValueError(Mistake.UNKNOWN_FIELD(name=match[0], offered=offered))
        yield Part(match[1], field=True)
        position = match.end()
    yield from _letters(name[position:])


def _letters(text: str) -> Iterator[Part]:
    if "{" in text or "}" in text:
        raise ValueError(Mistake.NO_COUNTERPART())
    if text:
        yield Part(text)


def _check(name: str, level: Level, levels: bool) -> None:
    """Raise what is wrong with a level."""
    letters = "".join(part.text for part in level if not part.field)
    if not name.strip(_EDGE) and name not in (".", ".."):
        raise ValueError(Mistake.PART_EMPTY() if levels else Mistake.EMPTY())
    if name in (".", ".."):
        raise ValueError(Mistake.NO_FOLDER_CALLED(name=name))
    if not levels and "/" in letters:
        raise ValueError(Mistake.NO_SLASH())
    wrong = next((letter for letter in letters if letter in _FORBIDDEN or not letter.isprintable()), "")
    if wrong:
        raise ValueError(Mistake.NOT_IN_A_NAME(letters=repr(wrong)))
    if name.startswith("."):
        raise ValueError(Mistake.HIDDEN())
    if name != name.strip() or (levels and name.endswith(".")):
        raise ValueError(Mistake.ENDS())
    if not any(part.field for part in level) and _RESERVED.fullmatch(letters):
        raise ValueError(Mistake.RESERVED(name=letters))


# --- without what is not known ----------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def shape(pattern: Pattern, present: frozenset[str]) -> tuple[Level, ...]:
    """The levels of a pattern when only the fields that are ``present`` have a value."""
    found = []
    for level in pattern.levels:
        short = tuple(_without_gaps(level, present))
        if all(not part.field for part in level) or any(part.field for part in short):
            found.append(_trimmed(short))
    return tuple(found)


def _without_gaps(level: Level, present: frozenset[str]) -> list[Part]:
    """The parts less the missing fields, each with what parts it from the part before, else from the next."""
    rest, kept = list(level), list[Part]()
    while rest:
        part = rest.pop(0)
        if not part.field or part.text in present:
            kept.append(part)
            continue
        _unbracket(kept, rest)
        if kept and _separates(kept[-1]):
            kept.pop()
        elif rest and _separates(rest[0]) and not kept:
            rest.pop(0)
    return kept


def _separates(part: Part) -> bool:
    return not part.field and _SEPARATING.fullmatch(part.text) is not None


def _unbracket(before: list[Part], after: list[Part]) -> None:
    """Take away the brackets around a missing field."""
    if not before or not after or before[-1].field or after[0].field:
        return
    opening, closing = before[-1].text[-1:], after[0].text[:1]
    if _BRACKETS.get(opening) != closing:
        return
    for parts, place, text in ((before, -1, before[-1].text[:-1]), (after, 0, after[0].text[1:])):
        if text:
            parts[place] = Part(text)
        else:
            parts.pop(place)


def _trimmed(level: Sequence[Part]) -> Level:
    """The level without spaces at its ends that a missing field left there."""
    parts = list(level)
    for place, strip in ((0, str.lstrip), (-1, str.rstrip)):
        if parts and not parts[place].field:
            text = strip(parts[place].text)
            parts[place : place + 1 or None] = [Part(text)] if text else []
    return tuple(parts)


# --- read back --------------------------------------------------------------------------------------------------------


def matcher(levels: Iterable[Level], expressions: Mapping[str, str]) -> re.Pattern[str]:
    """A regular expression for paths of this shape; ``expressions`` are those of the fields.

    A field is a group of its name; the further levels of a description are the group ``more``.
    """
    seen: set[str] = set()
    written = []
    for level in levels:
        pieces = []
        for part in level:
            if not part.field:
                pieces.append(re.escape(part.text))
            elif part.text in seen:
                pieces.append(f"(?P={part.text})")
            else:
                seen.add(part.text)
                pieces.append(f"(?P<{part.text}>{expressions[part.text]})")
        piece = "".join(pieces)
        if any(part.field and part.text == DESCRIPTION for part in level) and MORE not in seen:
            seen.add(MORE)
            piece += f"(?P<{MORE}>(?:/[^/]+)*)"
        written.append(piece)
    return re.compile("/".join(written), re.DOTALL)


_NOT_IN_VALUES = {ord(letter): " " for letter in _FORBIDDEN + "/"}


def as_value(text: str) -> str:
    """``text``, as a file states it, as part of a name on any disk: ``HP/Compaq  R70`` to ``HP Compaq R70``."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text.translate(_NOT_IN_VALUES))
    return paths.shorten(" ".join(plain.split()), 60).strip(_EDGE)
