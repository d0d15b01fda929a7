"""Sentences of the engine as values: a code of a table, and what it is said of, worded in the fronts.

A table is an enum of ``Saying`` whose values are English templates; calling a member makes a ``Said``.  That *is* its
English wording, so that a log, a journal and the command line need nothing, and it keeps its code and its values, so
that the JSON report can name them and the window can say the same in another language.  Text without a code (of an
earlier version, of the system) is a plain ``str`` everywhere and reads as it is.  Nothing here translates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache, lru_cache
from string import Formatter
from typing import Any

from image_sync.base import words

REMEMBERED = 4096
"""Sentences of the same values that are kept as one object: of 100,000 rows most say the same."""


def N_(text: str) -> str:
    """``text`` as it is: marks words that a front translates where they are shown."""
    return text


class Share(float):
    """A share (0-1), told in whole per cent."""

    __slots__ = ()


class Size(int):
    """An amount of bytes, told in a unit that suits it."""

    __slots__ = ()


Value = str | int | Enum | Share | Size | tuple["Value", ...]
"""What a template is filled with: a text as it is, a number, a word (a member of an enum whose value is English), a
share, a size, another sentence, or a list of these."""


class Saying(Enum):
    """One sentence with gaps, by its code; a pair of templates where ``{count}`` decides between one and many."""

    def __call__(self, **values: Value) -> Said:
        """The sentence of these values.  Raises ``KeyError`` where one is missing."""
        return _said(self, tuple(values[name] for name in fields_of(self)))

    @property
    def code(self) -> str:
        """The name that stays the same when the words change: ``another-shot``."""
        return self.name.lower().replace("_", "-")

    @property
    def forms(self) -> tuple[str, ...]:
        """The one template, or those of one and many."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


@cache
def fields_of(saying: Saying) -> tuple[str, ...]:
    """The names of the gaps, in the order of the last template (that of many), and ``count`` where it decides."""
    gaps = [name for _, name, _, _ in Formatter().parse(saying.forms[-1]) if name]
    return tuple(dict.fromkeys([*gaps, "count"] if len(saying.forms) > 1 else gaps))


class Said(str):
    """One sentence: its English wording, the code of its template, and the values in the order of the gaps."""

    __slots__ = ("_values", "saying")
    saying: Saying
    _values: tuple[Value, ...]

    def __new__(cls, saying: Saying, values: tuple[Value, ...]) -> Said:
        """The sentence with ``values`` in its gaps."""
        told = dict(zip(fields_of(saying), values, strict=True))
        template = form_of(saying, told, lambda one, many, number: one if number == 1 else many)
        said = super().__new__(cls, template.format(**{name: in_english(value) for name, value in told.items()}))
        said.saying, said._values = saying, values
        return said

    @property
    def values(self) -> Mapping[str, Value]:
        """The values by the names of the gaps."""
        return dict(zip(fields_of(self.saying), self._values, strict=True))

    def __reduce__(self) -> tuple[Any, ...]:
        return _said, (self.saying, self._values)


def form_of(saying: Saying, values: Mapping[str, Value], chosen: Any) -> str:
    """The template of a saying; ``chosen(one, many, number)`` decides between those of one and many."""
    if len(saying.forms) == 1:
        return saying.forms[0]
    one, many = saying.forms
    number = values["count"]
    assert isinstance(number, int)
    form: str = chosen(one, many, number)
    return form


@lru_cache(maxsize=REMEMBERED, typed=True)
def _said(saying: Saying, values: tuple[Value, ...]) -> Said:
    return Said(saying, values)


def in_english(value: Value) -> str:
    """A value as it stands in an English sentence."""
    if isinstance(value, str):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return words.listing([in_english(part) for part in value])
    if isinstance(value, Share):
        return words.percent(value)
    return words.size(value) if isinstance(value, Size) else f"{value:,}"


class Common(Saying):
    """Sentences, and parts of them, that are said in more than one room."""

    QUOTED = "“{name}”"
    MORE = "{count} more"
    BOTH = "{first}; {second}"
    OF_PATH = "{path}: {why}"
    PICTURES = ("{count} picture", "{count} pictures")
    CANT_BE_READ = "{path} can't be read: {why}"
    NOT_READ = "What is needed can't be read: {why}"
    NOTHING_TOUCHED = "{why}. Nothing was touched."
    BELONGS_TO = "belongs to {name}"
    UNREAD_PATTERN = (
        "The pattern '{pattern}' can't be read. Write it as in a .gitignore file: *.tmp, /cache, cache/, 2024/**/raw."
    )


def few(names: Iterable[str], most: int = 3, quoted: bool = True) -> tuple[Value, ...]:
    """``“a”, “b” and 4 more`` as a value: the first of some names (fit to be shown), and how many more there are."""
    known = list(names)
    shown: list[Value] = [Common.QUOTED(name=name) if quoted else name for name in known[:most]]
    return (*shown, Common.MORE(count=len(known) - most)) if len(known) > most else tuple(shown)


def document(text: str) -> dict[str, object] | None:
    """Code and values of a sentence as the JSON report holds them; ``None`` for a plain text."""
    if not isinstance(text, Said):
        return None
    return {"code": text.saying.code, "values": {name: _plain(value) for name, value in text.values.items()}}


def _plain(value: Value) -> object:
    if isinstance(value, Said):
        return {"text": str(value), **(document(value) or {})}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.value if isinstance(value, Enum) else value


def templates(tables: Sequence[type[Saying]]) -> Iterator[str | tuple[str, str]]:
    """All templates of some tables, as a catalog takes them."""
    for table in tables:
        for saying in table:
            yield saying.value


def said_by(error: BaseException) -> str:
    """The sentence that an exception was raised with; its text where that is none."""
    return error.args[0] if error.args and isinstance(error.args[0], Said) else str(error)
