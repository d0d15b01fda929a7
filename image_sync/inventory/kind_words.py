"""Words for kinds of files, as people type them: ``raw``, ``heic``, ``movie``; each stands for suffixes.

A suffix that the program knows is a word for itself.  Nothing here opens a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from image_sync.base.said import Saying
from image_sync.pictures.formats import FORMAT_OF_SUFFIX, MOVIES, PICTURES, RAW, SIDECARS, UNREAD_PICTURES


def _formats() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for suffix, name in FORMAT_OF_SUFFIX.items():
        found.setdefault(name.lower(), set()).add(suffix)
    return {name: frozenset(suffixes) for name, suffixes in found.items()}


WORDS: Mapping[str, frozenset[str]] = {
    "picture": PICTURES | RAW,
    "raw": RAW,
    "movie": MOVIES,
    "sidecar": SIDECARS,
    **_formats(),
}
"""The kinds that have a word of their own, with their suffixes."""
_SAME = {"heic": "heif", "jpg": "jpeg", "tif": "tiff", "video": "movie", "photo": "picture"}
"""Other words for them."""
_KNOWN = PICTURES | RAW | MOVIES | SIDECARS | UNREAD_PICTURES


class KindMistake(Saying):
    """Mistake in a list of kinds."""

    NO_KIND = "“{word}” is no kind of file; there are {kinds} and suffixes such as cr2"


class UnknownKind(ValueError):
    """A word that stands for no kind; the message names it and those that do."""


def words_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The words in texts in which commas or spaces part them, each once and in lower case."""
    parts = (part for text in texts for part in text.replace(",", " ").split())
    return tuple(dict.fromkeys(part.lower().lstrip("*").lstrip(".") for part in parts))


def suffixes_of(texts: Iterable[str]) -> frozenset[str] | None:
    """The suffixes of all kinds that are named; ``None`` where none is.  Raises ``UnknownKind``."""
    found: set[str] = set()
    words = words_in(texts)
    for word in words:
        suffixes = WORDS.get(_SAME.get(word, word))
        if suffixes is None and f".{word}" not in _KNOWN:
            raise UnknownKind(KindMistake.NO_KIND(word=word, kinds=", ".join(WORDS)))
        found |= suffixes or {f".{word}"}
    return frozenset(found) if words else None
