"""Presets: named choices for a job, folders included, which the window and the command line share.

A preset holds plain values (truth, numbers, texts, lists of texts) by the names of the request's fields, as its file
has them; here they become the values that a request has, and back.  Pure: the file is ``preset_file``'s.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from image_sync.base import paths
from image_sync.base.model import Refused
from image_sync.base.options import Declared, Kind, options_of, places_of, word_of

Plain = bool | int | float | str | tuple[str, ...]
"""A value as the file has it."""
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Preset:
    """A named choice for one job; ``values`` are by the fields of the job's request, also those that are not known."""

    job: str
    name: str
    values: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Choices:
    """The values of a preset as a request has them.

    ``wrong`` and ``unknown`` are sentences: on values that can't be what they stand for, and on names that no option of
    this version has.  Neither is in ``values``; a run that nobody watches should not begin with a ``wrong`` one.
    """

    values: Mapping[str, Any]
    wrong: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def checked_name(text: str) -> str:
    """The name as it is kept.  Raises ``Refused`` for one that can't be told from others or shown on a line."""
    name = " ".join(text.split())
    if not name:
        raise Refused("A preset needs a name.")
    if len(name) > LONGEST_NAME:
        raise Refused(f"The name of a preset has at most {LONGEST_NAME} characters; this one has {len(name)}.")
    if paths.display(name) != name:
        raise Refused(f"“{paths.display(name)}” can't be a preset's name: it has characters that can't be shown.")
    return name


def preset_of(job: str, name: str, request: type[Any], values: Mapping[str, Any]) -> Preset:
    """The preset of these values, by the fields of the request's class; ``None`` and empty folders are left out.

    Folders become absolute.  Raises ``Refused`` for a name or a folder that a preset can't hold.
    """
    plain = plain_values(request, values)
    for value in plain.values():
        for text in [value] if isinstance(value, str) else value if isinstance(value, tuple) else ():
            _check_text(text)
    return Preset(job, checked_name(name), plain)


def plain_values(request: type[Any], values: Mapping[str, Any]) -> dict[str, Plain]:
    """The plain values of these, by the fields of the request's class and in their order."""
    declared = {one.name: one for one in options_of(request)}
    found = ((one.name, _plain(declared.get(one.name), values.get(one.name))) for one in fields(request))
    return {name: value for name, value in found if value is not None}


def choices_of(preset: Preset, request: type[Any]) -> Choices:
    """The values of a preset as the request's class has them, and in words what is wrong or not known."""
    declared = {one.name: one for one in options_of(request)}
    several = {one.name for one in fields(request) if str(one.type).startswith("tuple")}
    places = set(places_of(request))
    values: dict[str, Any] = {}
    wrong: list[str] = []
    unknown: list[str] = []
    for field, plain in preset.values.items():
        try:
            if field in places:
                values[field] = _folders(plain) if field in several else _folder(plain)
            elif field in declared:
                values[field] = _READERS[declared[field].option.kind](declared[field], plain)
            else:
                unknown.append(
                    f"“{paths.display(field)}” in the preset “{preset.name}” is no choice of {preset.job} "
                    "in this version; it is passed over."
                )
        except ValueError as error:
            wrong.append(f"“{paths.display(field)}” in the preset “{preset.name}”: {error}.")
    return Choices(values, tuple(wrong), tuple(unknown))


def found(presets: Iterable[Preset], job: str, name: str) -> Preset:
    """The preset of a job by its name; upper and lower case count only where two names differ in nothing else.

    Raises ``Refused``, with the nearest names.
    """
    import difflib

    own = [preset for preset in presets if preset.job == job]
    wanted = " ".join(name.split())
    exact = [preset for preset in own if preset.name == wanted]
    alike = [preset for preset in own if paths.folded(preset.name) == paths.folded(wanted)]
    if exact or len(alike) == 1:
        return (exact or alike)[0]
    near = difflib.get_close_matches(wanted, [preset.name for preset in own], 3) or [preset.name for preset in own][:9]
    told = ", ".join(f"“{one}”" for one in near)
    rest = f" There are: {told}." if told else f" There are none for {job} yet."
    raise Refused(f"There is no preset “{paths.display(wanted)}” for {job}.{rest}")


# --- from a request's value to a plain one ----------------------------------------------------------------------------


def _plain(declared: Declared | None, value: Any) -> Plain | None:
    """The plain value; ``None`` for what is not given."""
    if declared is None or declared.option.kind in (Kind.FOLDER, Kind.FOLDERS):
        return _plain_place(value)
    if value is None:
        return None
    if declared.option.kind is Kind.ORDER:
        return tuple(member.name.lower() for member in value)
    if isinstance(value, Enum):
        return word_of(value)
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return tuple(map(str, value))
    assert isinstance(value, bool | int | float)
    return value


def _plain_place(value: Any) -> Plain | None:
    if not value:
        return None
    if isinstance(value, str):
        return _absolute(value)
    return tuple(_absolute(str(one)) for one in value if one) or None


def _absolute(folder: str) -> str:
    return os.path.abspath(os.path.expanduser(folder))


def _check_text(text: str) -> None:
    """Raise ``Refused`` for a text that is no Unicode."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(f"{paths.display(text)} has bytes that are no text; a preset can't hold it.") from None


# --- from a plain value to a request's --------------------------------------------------------------------------------


def _switch(_declared: Declared, plain: Plain) -> bool:
    if not isinstance(plain, bool):
        raise ValueError("it must be true or false")
    return plain


def _member(declared: Declared, plain: Plain) -> Enum:
    members: dict[str, Enum] = {word_of(member): member for member in type(declared.default)}
    if isinstance(plain, str) and plain.replace(" ", "-") in members:
        return members[plain.replace(" ", "-")]
    raise ValueError(f"it must be one of {', '.join(members)}")


def _share(declared: Declared, plain: Plain) -> float:
    least, most = declared.option.least, declared.option.most or 1.0
    if isinstance(plain, bool) or not isinstance(plain, int | float) or not math.isfinite(plain):
        raise ValueError(f"it must be a number from {least:g} to {most:g}")
    if not least <= plain <= most:
        raise ValueError(f"it must be from {least:g} to {most:g}, not {plain:g}")
    return float(plain)


def _whole(_declared: Declared, plain: Plain) -> int:
    if isinstance(plain, bool) or not isinstance(plain, int) or not 0 <= plain < 1 << 63:
        raise ValueError("it must be a whole number")
    return plain


def _chosen_text(declared: Declared, plain: Plain) -> str:
    one_of = declared.option.one_of
    if not isinstance(plain, str):
        raise ValueError("it must be a text")
    if one_of and plain not in (*one_of, declared.default):
        raise ValueError(f"it must be one of {', '.join(one_of)}")
    return plain


def _names(_declared: Declared, plain: Plain) -> tuple[str, ...]:
    if not isinstance(plain, tuple) or not all(isinstance(part, str) for part in plain):
        raise ValueError("it must be a list of texts")
    return plain


def _order(declared: Declared, plain: Plain) -> tuple[Enum, ...]:
    members = {member.name.lower(): member for member in declared.default}
    if not isinstance(plain, tuple) or not all(isinstance(word, str) and word in members for word in plain):
        raise ValueError(f"it must be a list of {', '.join(members)}")
    return tuple(dict.fromkeys([*(members[word] for word in plain), *declared.default]))


def _folder(plain: Plain) -> str:
    if not isinstance(plain, str) or "\0" in plain:
        raise ValueError("it must be a folder")
    return os.path.expanduser(plain)


def _folders(plain: Plain) -> tuple[str, ...]:
    if not isinstance(plain, tuple):
        raise ValueError("it must be a list of folders")
    return tuple(map(_folder, plain))


_READERS: Mapping[Kind, Callable[[Declared, Plain], Any]] = {
    Kind.SWITCH: _switch,
    Kind.CHOICE: _member,
    Kind.FLAGS: _member,
    Kind.SHARE: _share,
    Kind.NUMBER: _whole,
    Kind.LIMIT: _whole,
    Kind.SECONDS: _whole,
    Kind.SIZE: _whole,
    Kind.TEXT: _chosen_text,
    Kind.NAMES: _names,
    Kind.LISTED: _names,
    Kind.ORDER: _order,
    Kind.FOLDERS: lambda _declared, plain: _folders(plain),
    Kind.FOLDER: lambda _declared, plain: _folder(plain),
}
