"""A docstring's first sentence names the thing, and a word has one meaning: what holds the worst back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "image_sync"
ROOMS = ("base", "inventory", "matching", "pictures")
EVERYWHERE = sorted(PACKAGE.rglob("*.py"))
MODULES = sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py"))

RIDDLE = re.compile(
    r"(What|How|Where|When|Why|Which|Who|That|Those|Everything|All that|Some|Such|So|Of|Like|The same)\b"
)
"""How a sentence begins that tells what is true of the thing and leaves open what it is."""
RIDDLE_OF_A_MODULE = re.compile(rf"{RIDDLE.pattern}|Whether\b|From .* to\b")
NOT_PER = re.compile(
    r"\b(once|one|bits|bytes|core|cycles|items|object|row|threads?|worker) an? "
    r"(byte|content|core|file|folder|pair|pixel|second|thread)\b"
)
"""``one row a file`` for ``one row per file``."""
LOOK = re.compile(r"\b(closer|last|second) looks?\b|\blook(s|ed|ing)? (closely|into|at)\b")
"""To look is left to people: the program reads, compares, checks, decodes or verifies."""


def docstrings(path: Path) -> Iterator[tuple[str, bool, str]]:
    """Name, whether it is the module's, and text of each docstring in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
            name = path.relative_to(PACKAGE).as_posix() + ("" if isinstance(node, ast.Module) else f": {node.name}")
            yield name, isinstance(node, ast.Module), text


def is_riddle(text: str, of_module: bool) -> bool:
    """Whether the first sentence does not say what the thing is."""
    return bool((RIDDLE_OF_A_MODULE if of_module else RIDDLE).match(text))


@pytest.mark.parametrize(
    ("text", "of_module", "riddle"),
    [
        ("What the best copy hangs on and only a closer look tells.", False, True),
        ("Where journals and logs live.", False, True),
        ("The folder of journals and logs.", False, False),
        ("Whether the file is a movie.", False, False),
        ("Whether a picture was made from another.", True, True),
        ("From the bytes of a picture to a small grey one.", True, True),
        ("Atomic copy, move and replace of one file.", True, False),
        ("Whole numbers of a tag.", False, False),
        ("Sofas.", False, False),
    ],
)
def test_what_is_a_riddle(text: str, of_module: bool, riddle: bool) -> None:
    assert is_riddle(text, of_module) is riddle


def test_a_docstring_begins_with_the_thing_it_is_about() -> None:
    assert [
        name for path in EVERYWHERE for name, of_module, text in docstrings(path) if is_riddle(text, of_module)
    ] == []


def test_every_module_begins_with_the_thing_it_is_about() -> None:
    found = {name: text for path in EVERYWHERE for name, of_module, text in docstrings(path) if of_module}
    assert {name: text.split("\n")[0] for name, text in found.items() if is_riddle(text, of_module=True)} == {}


def test_the_first_sentence_of_a_module_is_one_line() -> None:
    first = {name: text.split("\n\n")[0] for path in MODULES for name, of_module, text in docstrings(path) if of_module}
    assert {name: text for name, text in first.items() if "\n" in text or not text.endswith(".")} == {}


@pytest.mark.parametrize("wrong", [NOT_PER, LOOK], ids=["a for per", "look"])
def test_words_with_one_meaning(wrong: re.Pattern[str]) -> None:
    found = {
        f"{path.relative_to(PACKAGE)}:{number}": line.strip()
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if wrong.search(line)
    }
    # Words that are shown to people, who know what is meant.
    assert {place: line for place, line in found.items() if "could not be looked at" not in line} == {}


def test_the_guards_see_what_they_are_for() -> None:
    assert NOT_PER.search("SQLite, one row a file, one row a content.")
    assert not NOT_PER.search("one row per file")
    assert LOOK.search("The second look: which of the pairs") and LOOK.search("the tags that are looked at")
    assert not LOOK.search("Looking for files")
