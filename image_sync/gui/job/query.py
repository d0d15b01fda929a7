"""Search in a review: words and conditions that a person types into one field, as a test of what is known of a file.

``beach >5MB -kind:raw date:2019`` finds pictures with *beach* in their path, larger than 5 MB, taken in 2019, and no
RAW.  All terms must hold of one file; a comma joins values of which one must hold.  No tkinter.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from image_sync.base import paths
from image_sync.gui.widgets.i18n import _


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one file that a search can ask about.

    ``folder`` is where it is, ``size`` in bytes, ``score`` its likeness to the best of its group in whole percent as it
    is shown, ``kinds`` its format and what else it is called (``jpeg``, ``picture``), ``states`` what is decided or
    known of it (``kept``), ``date`` the date that it was taken as ``YYYY-MM-DD`` and perhaps more, ``pixels`` their
    number.  What is not known is ``None`` or empty, and no condition about it holds.
    """

    name: str
    folder: str = ""
    size: int | None = None
    score: float | None = None
    kinds: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    camera: str = ""
    date: str = ""
    pixels: int | None = None


Test = Callable[[Facts], bool]


class Unclear(Exception):
    """A term can't be understood; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Query:
    """Query as it was typed and understood: ``tests`` must all hold; ``mistake`` says what is not understood."""

    text: str = ""
    tests: tuple[Test, ...] = ()
    mistake: str = ""

    def __bool__(self) -> bool:
        return bool(self.tests)

    def holds(self, facts: Facts) -> bool:
        """Whether a file is looked for."""
        return all(test(facts) for test in self.tests)


_TERM = re.compile(
    r'(?P<not>-?)(?:(?P<field>[^\W\d_]+)(?=[:<>=]))?(?P<sign><=|>=|[:<>=])?(?P<value>"[^"]*"?|[^\s"]\S*)?'
)
_SPACED = re.compile(r"([<>]=?)\s+(?=\d)")
_NUMBER = re.compile(r"(?P<figure>\d+(?:[.,]\d+)?)(?P<unit>[a-z%]*)\Z")
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?\Z")
_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    ":": operator.eq,
}
_BYTES = {
    "": 1, "b": 1, "k": 1000, "kb": 1000, "m": 1000**2, "mb": 1000**2, "g": 1000**3, "gb": 1000**3,
    "kib": 1024, "mib": 1024**2, "gib": 1024**3,
}  # fmt: skip
_PIXELS = {"": 1, "k": 1000, "m": 1000**2, "mp": 1000**2}
_PERCENT = {"": 1, "%": 1}
_ABOUT = 0.05
"""Share by which a size may differ that a person names without a sign: ``size:5MB``."""


def parsed(text: str) -> Query:
    """The query that a text means; with a mistake in it nothing is left out."""
    tests = []
    try:
        for term in _terms(text):
            tests.append(_test(term))
    except Unclear as unclear:
        return Query(text, mistake=str(unclear))
    return Query(text, tuple(tests))


def _terms(text: str) -> list[re.Match[str]]:
    text = _SPACED.sub(r"\1", text)
    found, place = [], 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        term = _TERM.match(text, place)
        if term is None or not term.group():
            raise Unclear(_("“{term}” can't be searched for.").format(term=text[place:]))
        found.append(term)
        place = term.end()
    return found


def _test(term: re.Match[str]) -> Test:
    field, sign = (term["field"] or "").casefold(), term["sign"] or ""
    value = (term["value"] or "").strip('"')
    if not value and not sign and not field:
        raise Unclear(_("“{term}” can't be searched for.").format(term=term.group()))
    if sign and not field and sign != ":":
        field = "size"
    if not sign:
        test = _word(value)
    elif field not in _FIELDS:
        known = ", ".join(f"{name}:" for name in _FIELDS)
        raise Unclear(_("“{field}:” is not known. Known are {known}").format(field=field, known=known))
    elif not value:
        raise Unclear(_("“{term}” waits for a value.").format(term=term.group()))
    else:
        test = _any([_FIELDS[field](sign, part) for part in _parts(field, value)])
    if term["not"]:
        return lambda facts: not test(facts)
    return test


def _parts(field: str, value: str) -> list[str]:
    """The values that a comma joins; in a number it may be a decimal one, in a name it is a part of it."""
    if field in ("kind", "is", "camera"):
        return [part for part in value.split(",") if part]
    return [value]


def _any(tests: list[Test]) -> Test:
    return lambda facts: any(test(facts) for test in tests)


def _word(value: str) -> Test:
    wanted = paths.folded(value)
    return lambda facts: wanted in paths.folded(facts.name) or wanted in paths.folded(facts.folder)


def _only(sign: str, allowed: str, value: str) -> None:
    if sign not in allowed:
        raise Unclear(_("“{sign}{value}” compares what has no order.").format(sign=sign, value=value))


def _text(read: Callable[[Facts], str]) -> Callable[[str, str], Test]:
    def made(sign: str, value: str) -> Test:
        _only(sign, ":=", value)
        wanted = paths.folded(value)
        if sign == "=":
            return lambda facts: paths.folded(read(facts)) == wanted
        return lambda facts: wanted in paths.folded(read(facts))

    return made


def _name_in(read: Callable[[Facts], frozenset[str]]) -> Callable[[str, str], Test]:
    def made(sign: str, value: str) -> Test:
        _only(sign, ":=", value)
        wanted = value.casefold()
        return lambda facts: wanted in read(facts)

    return made


def _number(
    read: Callable[[Facts], float | None], units: Mapping[str, int], about: float = 0.0
) -> Callable[[str, str], Test]:
    def made(sign: str, value: str) -> Test:
        told = _NUMBER.match(value.casefold())
        if told is None or told["unit"] not in units:
            raise Unclear(_("“{value}” is no number here; {example} is one.").format(value=value, example=_like(units)))
        wanted = float(told["figure"].replace(",", ".")) * units[told["unit"]]
        compare = _SIGNS[sign]

        def test(facts: Facts) -> bool:
            figure = read(facts)
            if figure is None:
                return False
            return abs(figure - wanted) <= about * wanted if compare is operator.eq else compare(figure, wanted)

        return test

    return made


def _like(units: Mapping[str, int]) -> str:
    return "5MB" if "mb" in units else "12MP" if "mp" in units else "90"


def _date(sign: str, value: str) -> Test:
    first, _between, last = value.partition("..")
    ends = [part for part in (first, last) if part]
    if not ends or not all(_DATE.match(part) for part in ends) or (_between and sign not in ":="):
        raise Unclear(_("“{value}” is no date; 2019, 2019-07 and 2018..2020 are.").format(value=value))
    if _between:
        return lambda facts: (
            bool(facts.date) and facts.date[: len(first)] >= first and (not last or facts.date[: len(last)] <= last)
        )
    if sign in ":=":
        return lambda facts: facts.date.startswith(value)
    compare = {"<": str.__lt__, "<=": str.__le__, ">": str.__gt__, ">=": str.__ge__}[sign]
    return lambda facts: bool(facts.date) and compare(facts.date[: len(value)], value)


_FIELDS: Mapping[str, Callable[[str, str], Test]] = {
    "name": _text(lambda facts: facts.name),
    "folder": _text(lambda facts: facts.folder),
    "size": _number(lambda facts: facts.size, _BYTES),
    "score": _number(lambda facts: facts.score, _PERCENT, about=0.0),
    "kind": _name_in(lambda facts: facts.kinds),
    "camera": _text(lambda facts: facts.camera),
    "date": _date,
    "pixels": _number(lambda facts: facts.pixels, _PIXELS),
    "is": _name_in(lambda facts: facts.states),
}
