"""A language that nobody speaks: the English words, accented, bracketed and longer by two fifths.

With it a test sees what was never given to a translator (no brackets), and what is cut off once the words grow as they
do in German, Finnish or Russian.
"""

from __future__ import annotations

import gettext
import math
import re

GROWTH = 0.4
"""Share by which the words grow: what a text of a few words gains from English to German (W3C, Text size in
translation)."""
_ACCENTED = str.maketrans("aceinouyACEINOUY", "áçéîñöüýÁÇÉÎÑÖÜÝ")
_PLACEHOLDER = re.compile(r"(\{[^}]*\})")
START, END = "⟦", "⟧"


class Pseudo(gettext.NullTranslations):
    """A catalog that is made while it is asked, of the ``known`` words alone where they are given: what the catalogs do
    not have stays English, as it would in any language."""

    def __init__(self, known: frozenset[str] | None = None) -> None:
        super().__init__()
        self._known = known

    def gettext(self, message: str) -> str:
        return message if self._known is not None and message not in self._known else pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        form = msgid1 if n == 1 else msgid2
        return form if self._known is not None and msgid1 not in self._known else pseudo(form)


def pseudo(words: str) -> str:
    """``words`` in the language that nobody speaks; placeholders, and words without a letter, stay as they are."""
    parts = _PLACEHOLDER.split(words)
    letters = sum(character.isalpha() for part in parts[::2] for character in part)
    if letters < 2:
        return words
    accented = "".join(part if place % 2 else part.translate(_ACCENTED) for place, part in enumerate(parts))
    body = accented.rstrip()
    longer = "~" * max(0, math.ceil(letters * GROWTH) - 2)
    return f"{START}{body}{longer}{END}{accented[len(body) :]}"
