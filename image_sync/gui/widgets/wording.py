"""Sentences of the engine in the language of the window.

The engine says codes and values (``base.said``): the template is translated, the values are written as the language
writes them.  What has no code (a constant of the engine, a text of an earlier version) is translated as a whole where
the catalogs know it, and else stands as it is.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from image_sync.base.errors import reason
from image_sync.base.model import Problem
from image_sync.base.said import Said, Share, Size, Value, form_of, said_by
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext

OF_WORDS = frozenset({"why", "what", "how", "damage", "first", "second", "further"})
"""Gaps that hold words of the engine, never a name of a file."""
ENDS = (".", "?", "!", "…", "。", "？", "！")
"""Signs that a sentence ends with."""


def worded(text: str) -> str:
    """A sentence of the engine as the window shows it, on one line."""
    return shown(_in_words(text)) if isinstance(text, Said) else shown(_(text))


def sentence(text: str) -> str:
    """A sentence of the engine that stands alone: with a capital letter and a full stop."""
    told = capital(worded(text))
    return told if not told or told.endswith(ENDS) else _("{sentence}.").format(sentence=told)


def sentences(texts: Iterable[str]) -> str:
    """Sentences of the engine one after the other."""
    return " ".join(sentence(text) for text in texts if text)


def of_problem(problem: Problem) -> str:
    """A problem in one line: where, what, why, and what to do."""
    words = f"{worded(problem.what)}: {worded(problem.why)}"
    if problem.path:
        words = f"{shown(problem.path)}: {words}"
    return f"{words} ({worded(problem.hint)})" if problem.hint else words


def of_error(error: BaseException) -> str:
    """Sentence of an exception, in the language of the window."""
    if isinstance(error, OSError) and error.errno is not None:
        return worded(reason(error))
    return worded(said_by(error))


def capital(text: str) -> str:
    """A text with a capital letter in front."""
    return text[:1].upper() + text[1:]


def _in_words(said: Said) -> str:
    values = said.values
    template = form_of(said.saying, values, ngettext)
    if len(said.saying.forms) == 1:
        template = _(template)
    return template.format(**{name: _value(value, worded=name in OF_WORDS) for name, value in values.items()})


def _value(value: Value, *, worded: bool = False) -> str:
    if isinstance(value, Said):
        return _in_words(value)
    if isinstance(value, str):
        return _(value) if worded else value
    if isinstance(value, Enum):
        return _(str(value.value))
    if isinstance(value, tuple):
        return formatting.and_([_value(part) for part in value])
    if isinstance(value, Share):
        return formatting.percent(value)
    return formatting.size(value) if isinstance(value, Size) else formatting.count(value)
