"""Options of a request, declared once on its fields: flag, words, meaning, default, and whether a change needs a scan.

The command line, the forms of the window, what is remembered, the document of all options and "scan again" read the
declaration; none of them names an option a second time.  A field without a declaration is a place (a folder).  Nothing
here parses or draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from enum import Enum
from typing import Any

from image_sync.base.said import N_ as N_

_KEY = "option"


class Kind(Enum):
    """The kind of an option's value, which decides how it is typed, drawn and remembered."""

    SWITCH = "switch"
    """``bool``."""
    CHOICE = "choice"
    """One member of an enum, picked from a list."""
    FLAGS = "flags"
    """One member of an enum, each a flag or a button of its own."""
    SHARE = "share"
    """``float``, 0-1; shown in percent."""
    NUMBER = "number"
    """``int``."""
    LIMIT = "limit"
    """``int``, 0 for none."""
    SECONDS = "seconds"
    """Nanoseconds as ``int``, or ``None``; typed in seconds."""
    SIZE = "size"
    """Bytes as ``int``; typed with a unit."""
    TEXT = "text"
    """``str``."""
    NAMES = "names"
    """A tuple of ``str``; repeated, or separated by semicolons."""
    LISTED = "listed"
    """A tuple of paths, which stand in a file or come through a pipe."""
    ORDER = "order"
    """A tuple of all members of an enum."""
    FOLDERS = "folders"
    """A tuple of some of the request's own folders."""
    FOLDER = "folder"
    """One of the request's own folders; empty for none."""


class Place(Enum):
    """The place of an option in the window."""

    USUAL = "usual"
    """In the bar below the folders."""
    RARE = "rare"
    """In the same bar, behind *More*."""
    ELSEWHERE = "elsewhere"
    """On the page *Settings*, or beside a folder."""
    NOWHERE = "nowhere"
    """The command line alone has it."""


@dataclass(frozen=True, slots=True)
class Value:
    """Words of one member of an option's enum.

    ``words`` name it in the window and ``meaning`` explains it there, ``help`` explains it on the command line.
    """

    words: str
    meaning: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """Declaration of one option.

    ``flag`` is its name on the command line (empty: it has none), ``help`` its line there, ``group`` the heading that
    it stands under, ``metavar`` what stands for its value.  ``words`` are its label in the window, ``meaning`` explains
    it there, ``unit`` stands behind it.  ``values`` are the words of an enum's members in the order in which they are
    offered, ``one_of`` the only texts that a text may be.  ``least`` and ``most`` bound a number, ``alone`` is what the
    flag means without a value.  ``width`` is that of its field in characters.  ``needs`` is the switch without which it
    means nothing.  What is not ``remembered`` is asked for each time.  ``row`` is the bar's line that it stands in.
    ``bands`` are words for a share from a limit upwards, ``idle`` those while it means nothing.  ``empty`` is what an
    empty text is called, ``examples`` are offered beside it; ``sample`` tells what a typed text makes (``ValueError``
    with the reason when it makes nothing).  A choice that ``asks`` begins in the window with the
    first of its values, since somebody is there.

    A changed choice needs a new scan, which ``again`` says in a sentence, unless ``no_scan`` argues why it needs none.
    """

    kind: Kind
    group: str
    flag: str = ""
    help: str = ""
    metavar: str = ""
    words: str = ""
    meaning: str = ""
    unit: str = ""
    place: Place = Place.NOWHERE
    values: Mapping[Enum, Value] | None = None
    one_of: tuple[str, ...] = ()
    least: float = 0
    most: float = 0
    step: float = 1
    alone: int | None = None
    width: int = 20
    row: int = 0
    bands: tuple[tuple[float, str], ...] = ()
    idle: str = ""
    empty: str = ""
    examples: tuple[str, ...] = ()
    sample: Callable[[str], str] | None = None
    needs: str = ""
    again: str = ""
    no_scan: str = ""
    remembered: bool = True
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """An option with the name and the default of its field."""

    name: str
    default: Any
    option: Option


def option(default: Any, declared: Option) -> Any:
    """A dataclass field with this default and declaration."""
    return field(default=default, metadata={_KEY: declared})


def options_of(request: Any) -> Iterator[Declared]:
    """The declared options of a request or of its class, in the order of its fields; what jobs share comes last."""
    for one in sorted(fields(request), key=lambda one: one.kw_only is True):
        declared = _declaration(one)
        if declared is not None:
            yield Declared(one.name, one.default, declared)


def option_named(request: Any, name: str) -> Declared:
    """The declaration of the field ``name``; raises ``KeyError`` where there is none."""
    for declared in options_of(request):
        if declared.name == name:
            return declared
    raise KeyError(name)


def places_of(request: Any) -> tuple[str, ...]:
    """Names of the fields that are no options: the chosen folders."""
    return tuple(one.name for one in fields(request) if _declaration(one) is None)


def word_of(member: Enum) -> str:
    """The word that stands for a member of an option's enum where people write it: ``keep-best``."""
    return str(member.value).replace(" ", "-")


def needing_scan(scanned: Any, wanted: Any) -> tuple[str, ...]:
    """Names of the fields in which ``wanted`` differs from ``scanned`` so that only a new scan tells the plan.

    A choice that means nothing beside the others of both (``request.idle``) needs none.
    """
    nothing: frozenset[str] = frozenset()
    idle = getattr(scanned, "idle", nothing) & getattr(wanted, "idle", nothing)
    return tuple(
        one.name
        for one in fields(scanned)
        if one.name not in idle
        and getattr(scanned, one.name) != getattr(wanted, one.name)
        and not ((declared := _declaration(one)) and declared.no_scan)
    )


def _declaration(one: Field[Any]) -> Option | None:
    found = one.metadata.get(_KEY)
    return found if isinstance(found, Option) else None
