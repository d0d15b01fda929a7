"""The catalogs of translations: what the window says is taken from its source, and merged into each language.

``python -m tests.gui.catalogs`` brings ``image_sync/locale`` up to date and says what is not translated yet.  The
catalogs lie beside their compiled form, so that a clone runs without a step in between; a test holds both together.
"""

from __future__ import annotations

import ast
import importlib
import io
import os
import sys
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from image_sync.base.model import Sameness
from image_sync.base.said import Saying
from image_sync.base.stated import Fact
from image_sync.gui.widgets.i18n import DOMAIN, ENGLISH, LANGUAGES, LOCALE
from image_sync.jobs.organize.rules.certainty import Certainty
from image_sync.jobs.sync.model import EntryKind
from image_sync.jobs.sync.replica import State
from image_sync.pictures.jpeg_damage import Damage as JpegDamage
from image_sync.pictures.metadata.capture_date import DateSource

ROOT = os.path.dirname(LOCALE)
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
TRANSLATED = tuple(language for language in LANGUAGES if language != ENGLISH)


@cache
def template() -> Catalog:
    """Everything that the window says, in English."""
    found = Catalog(domain=DOMAIN, project="Image Sync", fuzzy=False)
    for name, _line, message, _comments, _context in extract_from_dir(ROOT, keywords=KEYWORDS):  # type: ignore[arg-type]
        if message:
            found.add(message, locations=[(f"image_sync/{name}".replace(os.sep, "/"), 0)])
    for message in said_of_actions():
        found.add(message, locations=[("image_sync/apply/action_table.py", 0)])
    for place, message in said_by_engine():
        found.add(message, locations=[(place, 0)])
    return found


RAISED = frozenset({"Problem", "Trouble", "Unreadable", "TooLarge", "ArchiveError", "NoArchive", "Refused"})
"""What carries words for a person out of the engine, as constants of its call."""
ASSIGNED = frozenset({"why", "hint", "what"})
"""Names that such words have before they are carried."""
WORDS = (EntryKind, State, Fact, DateSource, JpegDamage, Sameness, Certainty)
"""Enums beside the tables of reasons whose values stand in sentences."""
ENGINE = tuple(room for room in sorted(os.listdir(ROOT)) if room not in ("gui", "cli", "bootstrap", "locale"))


def said_by_engine() -> Iterator[tuple[str, str | tuple[str, str]]]:
    """The module and the words of everything that the engine says in the window: of tables, and without values."""
    for table in tables():
        place = f"{table.__module__.replace('.', '/')}.py"
        if issubclass(table, Saying):
            yield from ((place, saying.value) for saying in table)
        else:
            yield from ((place, str(word.value)) for word in table)
    for path in modules():
        place = f"image_sync/{path.relative_to(ROOT).as_posix()}"
        for words in constants(ast.parse(path.read_text(encoding="utf-8"))):
            yield place, words


def modules() -> list[Path]:
    """The modules of the engine."""
    return [path for room in ENGINE for path in sorted(Path(ROOT, room).rglob("*.py"))]


@cache
def tables() -> tuple[type[Enum], ...]:
    """The tables of what is said with values, and the enums of words that stand in it: those of every module that has
    such a table."""
    found: dict[type[Enum], None] = dict.fromkeys(WORDS)
    for path in modules():
        if "(Saying)" in path.read_text(encoding="utf-8"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            module = importlib.import_module(f"image_sync.{name}")
            for known in vars(module).values():
                own = isinstance(known, type) and issubclass(known, Enum) and known.__module__ == module.__name__
                if own and (issubclass(known, Saying) or path.name == "reasons.py"):
                    found[known] = None
    return tuple(found)


def constants(module: ast.AST) -> Iterator[str]:
    """Words without values that a module of the engine carries out."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
            given = (*node.args, *(one.value for one in node.keywords))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in ASSIGNED:
            given = (node.value,)
        else:
            continue
        for one in given:
            for part in (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
                    yield part.value


def said_of_actions() -> Iterator[str | tuple[str, str]]:
    """What the table of actions says in the window."""
    from image_sync.apply.action_table import TABLE

    for row in TABLE.values():
        yield row.words.one, row.words.many
        yield row.words.past
        yield from filter(None, (row.words.verb, row.words.fate, row.words.failed, row.words.not_undone))


def place(language: str, ending: str = "po") -> str:
    """Path of a language's catalog."""
    return os.path.join(LOCALE, language, "LC_MESSAGES", f"{DOMAIN}.{ending}")


def read(language: str) -> Catalog:
    """The catalog of a language as it lies in the repository; an empty one where there is none."""
    try:
        with open(place(language), "rb") as stream:
            return read_po(stream, locale=language, domain=DOMAIN)
    except FileNotFoundError:
        return Catalog(locale=language, domain=DOMAIN, project="Image Sync", fuzzy=False)


def merged(language: str) -> Catalog:
    """The catalog of a language with what the window says now, and nothing that it no longer says."""
    known, wanted = read(language), template()
    result = Catalog(locale=language, domain=DOMAIN, project="Image Sync", fuzzy=False)
    for message in wanted:
        if message.id:
            before = known.get(message.id)
            result.add(message.id, before.string if before else None, locations=message.locations)
    return result


def missing(catalog: Catalog) -> list[Message]:
    """Messages without a translation, or with one that lacks a form."""
    return [
        message
        for message in catalog
        if message.id and not (all(message.string) if isinstance(message.string, tuple | list) else message.string)
    ]


def written(catalog: Catalog) -> bytes:
    """The text of a catalog as it lies in the repository; nothing in it changes with the day."""
    stream = io.BytesIO()
    write_po(stream, catalog, width=120, sort_output=True, omit_header=True, include_lineno=False, ignore_obsolete=True)
    head = (
        'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: {plurals}\\n"\n\n'
    )
    return head.format(language=catalog.locale, plurals=catalog.plural_forms).encode() + stream.getvalue()


class _Compiled(Catalog):
    """A catalog whose header has the character set and the plural forms alone: no day, no version."""

    @property  # type: ignore[override]
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", self.plural_forms)]


def compiled(language: str) -> bytes:
    """What the window reads of a catalog."""
    result, stream = _Compiled(locale=language, domain=DOMAIN), io.BytesIO()
    for message in read(language):
        if message.id:
            result.add(message.id, message.string)
    write_mo(stream, result)
    return stream.getvalue()


def update(language: str) -> list[Message]:
    """Bring a language's catalog and its compiled form up to date; what is not translated yet."""
    catalog = merged(language)
    os.makedirs(os.path.dirname(place(language)), exist_ok=True)
    with open(place(language), "wb") as stream:
        stream.write(written(catalog))
    binary = compiled(language)
    with open(place(language, "mo"), "wb") as stream:
        stream.write(binary)
    return missing(catalog)


def main() -> int:
    lacking = {language: update(language) for language in TRANSLATED}
    for language, messages in lacking.items():
        print(f"{LANGUAGES[language]}: {len(messages)} not translated")
        for message in messages:
            print(f"  {message.id}")
    return 1 if any(lacking.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
