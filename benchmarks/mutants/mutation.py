"""Mutations of a source: a comparison turned, a condition negated, a number moved, a call or a raise removed."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SMALLER = 0.8


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault: the text from ``start`` to ``end`` (characters of the source) becomes ``after``."""

    line: int
    kind: str
    start: int
    end: int
    before: str
    after: str

    def applied(self, source: str) -> str:
        """The source with the fault in it."""
        return source[: self.start] + self.after + source[self.end :]

    def __str__(self) -> str:
        return f"{self.kind}: {_one_line(self.before)} -> {_one_line(self.after)}"


def mutations(source: str) -> list[Mutation]:
    """All faults that can be planted in a module, in the order of its text; each leaves it a module that compiles."""
    tree = ast.parse(source)
    places = _Places(source)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign | ast.arg) or not hasattr(node, "lineno"):
            continue
        for place, kind, after in _faults(node):
            start, end = places.of(place)
            made = Mutation(node.lineno, kind, start, end, source[start:end], after)
            if made.after != made.before and _compiles(made.applied(source)):
                found.append(made)
    inside = _annotations(tree, places)
    return sorted(
        {one for one in found if not any(first <= one.start and one.end <= last for first, last in inside)},
        key=lambda one: (one.start, one.end, one.kind, one.after),
    )


def _faults(node: ast.AST) -> Iterator[tuple[ast.AST, str, str]]:
    """The part that is changed, the kind of fault, and the text that stands there instead."""
    for kind, make in _MAKERS.get(type(node), ()):
        after = make(node)
        if after is not None:
            yield node, kind, after
    if isinstance(node, ast.If | ast.While):
        yield node.test, "condition", f"not ({ast.unparse(node.test)})"


def _turned(node: ast.Compare) -> str | None:
    if len(node.ops) != 1 or type(node.ops[0]) not in TURNED:
        return None
    other = copy.deepcopy(node)
    other.ops = [TURNED[type(node.ops[0])]()]
    return f"({ast.unparse(other)})"


def _other_junction(node: ast.BoolOp) -> str:
    other = copy.deepcopy(node)
    other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return f"({ast.unparse(other)})"


def _moved(node: ast.Constant) -> str | None:
    value = node.value
    if isinstance(value, bool):
        return str(not value)
    if isinstance(value, int):
        return str(value + 1)
    return repr(value * SMALLER) if isinstance(value, float) and value else None


def _other_sign(node: ast.BinOp) -> str | None:
    if not isinstance(node.op, ast.Add | ast.Sub) or isinstance(node.left, ast.Constant | ast.JoinedStr):
        return None
    other = copy.deepcopy(node)
    other.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
    return f"({ast.unparse(other)})"


def _without_call(node: ast.Expr) -> str | None:
    return "pass" if isinstance(node.value, ast.Call) else None


def _negated(node: ast.IfExp) -> str:
    other = copy.deepcopy(node)
    other.test = ast.UnaryOp(ast.Not(), node.test)
    return f"({ast.unparse(other)})"


_MAKERS: dict[type[ast.AST], tuple[tuple[str, Callable[..., str | None]], ...]] = {
    ast.Compare: (("comparison", _turned),),
    ast.BoolOp: (("junction", _other_junction),),
    ast.Constant: (("number", _moved),),
    ast.BinOp: (("sign", _other_sign),),
    ast.Expr: (("removed call", _without_call),),
    ast.Raise: (("removed raise", lambda _node: "pass"),),
    ast.IfExp: (("condition", _negated),),
}


def _annotations(tree: ast.AST, places: _Places) -> list[tuple[int, int]]:
    """The stretches of the source that are annotations: what is changed there changes nothing."""
    found = []
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            part = getattr(node, name, None)
            if isinstance(part, ast.AST):
                found.append(places.of(part))
    return found


class _Places:
    """Positions of nodes as characters from the beginning of the source."""

    def __init__(self, source: str) -> None:
        self._lines = source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def of(self, node: ast.AST) -> tuple[int, int]:
        """Where a node begins and ends."""
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def _at(self, line: int, column: int) -> int:
        # Python counts the bytes of a line.
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _one_line(text: str) -> str:
    short = " ".join(text.split())
    return short if len(short) <= 90 else f"{short[:87]}..."
