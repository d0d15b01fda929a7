"""Maker of ``image_sync/pictures/metadata/month_words.py``, from the names of months in Unicode's CLDR in Babel.

``python -m tests.pictures.metadata.month_words_made`` prints the module; a test holds the committed one against it.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from image_sync.base import paths

MAJOR = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "hu", "sv", "da", "nb", "nn", "fi", "et", "lv", "lt"),
    *("ro", "bg", "ru", "uk", "be", "sr", "sr_Latn", "hr", "bs", "sl", "mk", "sq", "el", "tr", "ca", "eu", "gl", "ga"),
    *("de_AT", "is", "he", "ar", "fa", "hi", "bn", "id", "ms", "sw", "af"),
)
"""Languages that decide what a word means which others use for another month."""
SHORTENED = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "ru")
"""Languages whose abbreviations are taken."""
LEAST = 3
LEAST_LATIN = 6
"""Letters of a word, and of one in Latin letters that no major language has: shorter ones are like other words."""
OTHER_WORDS = frozenset({"out", "set", "gen", "mag", "led", "ene"})
"""Words of which everybody thinks of something else first."""
HEAD = '''"""Month names in the languages of Unicode's CLDR (Unicode License v3), one text of words for each month.

Made by ``python -m tests.pictures.metadata.month_words_made``; words that two languages use for different months are
left out.
"""

from __future__ import annotations

MONTH_WORDS = (
'''


def words_of(month_names: dict[int, str]) -> Iterator[tuple[str, int]]:
    for number, text in month_names.items():
        word = paths.folded(text.strip(" .\u200e\u200f")).rstrip(".")
        for form in {word, plain(word), german(word)}:
            if form and not any(character.isdigit() or character in " .,'’/-" for character in form):
                yield form, number


def plain(word: str) -> str:
    """``février`` to ``fevrier``; only what is written in Latin letters."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return bare if bare.isascii() else word


def german(word: str) -> str:
    return word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")


def collected() -> dict[str, int]:
    """Each word with its month."""
    from babel import Locale
    from babel.localedata import locale_identifiers

    votes: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for name in sorted(locale_identifiers()):
        if name not in MAJOR and any(len(part) in (2, 3) and part.isupper() for part in name.split("_")[1:]):
            continue
        major = name in MAJOR
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated") if name in SHORTENED else ("wide",):
                for word, number in words_of(Locale.parse(name).months[context][width]):
                    latin = plain(word).isascii()
                    if len(word) >= (LEAST_LATIN if latin and not major else LEAST) and word not in OTHER_WORDS:
                        votes[word][number] |= (4 if name == "en" else 2) if major else 1
    return {word: number for word, months in sorted(votes.items()) if (number := agreed(months))}


def agreed(months: dict[int, int]) -> int:
    """The month on which the weightiest languages agree; 0 when they don't."""
    most = max(weight.bit_length() for weight in months.values())
    best = [number for number, weight in months.items() if weight.bit_length() == most]
    return best[0] if len(best) == 1 else 0


def module() -> str:
    """The source of the table."""
    months: dict[int, list[str]] = defaultdict(list)
    for word, number in collected().items():
        months[number].append(word)
    texts = []
    for number in range(1, 13):
        lines = textwrap.wrap(" ".join(sorted(months[number])), 110, break_long_words=False, break_on_hyphens=False)
        texts.append('    """\n' + "\n".join(f"    {line}" for line in lines) + '\n    """,\n')
    return HEAD + "".join(texts) + ")\n"


if __name__ == "__main__":
    print(module(), end="")
