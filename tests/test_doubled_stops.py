"""No message ends twice: by the kinds of texts that sentences are put together of."""

from __future__ import annotations

import ast
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from image_sync.base.errors import explained, reason, unread
from image_sync.base.words import sentences
from tests.doubled_stops import doubled_stops

PACKAGE = Path(__file__).resolve().parents[1] / "image_sync"
ENDS = (".", "?", "!", "…", ":", ";", ",")


@pytest.mark.parametrize(
    ("text", "doubled"),
    [
        ("It is gone..", True),
        ("Is its disk connected?. Try again", True),
        ("Is its disk connected? Try again.", False),
        ("a: .", False),
        ("What is this:.", True),
        ("and so on ...", False),
        ("in ../photos", False),
        ("cd ..", False),
        ("left out….", True),
    ],
)
def test_what_is_doubled(text: str, doubled: bool) -> None:
    assert bool(doubled_stops(text)) is doubled


def test_no_reason_of_the_system_ends_as_a_sentence() -> None:
    for number in errno.errorcode:
        error = OSError(number, os.strerror(number) + ".", "/a")
        assert not reason(error).endswith(ENDS), number
        assert not unread(error).endswith(ENDS), number
        assert doubled_stops(sentences([unread(error), explained(error)[1]])) == []


def calls(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, callee and text of each literal that stands where a part of a sentence is wanted."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        wanted = {"Trouble": (0,), "Problem": (1, 2), "wrong": (0,), "ArgumentTypeError": (0,)}.get(name, ())
        for place in wanted:
            if place < len(node.args) and (text := _end(node.args[place])):
                yield node.lineno, name, text


def _end(node: ast.expr) -> str:
    """The end of a literal text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[-1], ast.Constant):
        return str(node.values[-1].value)
    return ""


def test_no_part_of_a_sentence_ends_as_one() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {name}: {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, name, text in calls(path)
        if text.endswith(ENDS[:4])
    ]
    assert found == []


def test_the_reader_of_calls_sees_them(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text('raise Trouble("gone.")\nProblem(p, "what", f"{why}.")\nraise wrong("it is no size")\n')
    assert [(name, text) for _, name, text in calls(path)] == [
        ("Trouble", "gone."),
        ("Problem", "what"),
        ("Problem", "."),
        ("wrong", "it is no size"),
    ]
