"""Scenarios as tables of steps: what somebody puts into the two folders, a sync, and what must stand there then.

A tree is written as a dictionary: a text is a file's content, a dictionary a folder, ``Link`` a symbolic link.  ``one``
and ``two`` make a folder hold just that tree, touching nothing that it holds already, as a person would.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from image_sync.jobs.sync.model import RENAME_IN, Answer, Kind
from tests.jobs.sync.running import LONG_AGO, OWN, SECOND, Pair, Ran, settle


class Link(NamedTuple):
    """A symbolic link."""

    to: str


Tree = Mapping[str, "str | Link | Tree"]
_CLOCK = itertools.count()
"""Each write is a second later than the one before, so that the newer of two is the one that was written last."""


@dataclass
class Scene:
    """Two folders, the choices of all runs, and what came of the last."""

    pair: Pair
    chosen: dict[str, Any]
    ran: Ran = field(default_factory=Ran)

    @property
    def roots(self) -> tuple[Path, Path]:
        return self.pair.source, self.pair.target


Step = Callable[[Scene], None]


class Scenario(NamedTuple):
    """``source`` tells where it was read, in words; ``steps`` are taken one after the other."""

    name: str
    steps: tuple[Step, ...]
    chosen: Mapping[str, Any] = {}


def play(scenario: Scenario, pair: Pair) -> None:
    """Take all steps."""
    scene = Scene(pair, {"max_delete": 1.0, **scenario.chosen})
    for number, step in enumerate(scenario.steps, start=1):
        try:
            step(scene)
        except AssertionError as error:
            raise AssertionError(f"{scenario.name}, step {number}: {error}") from error


# --- what somebody does ---------------------------------------------------------------------------------------------


def one(tree: Tree) -> Step:
    """The source holds just this."""
    return lambda scene: put_tree(scene.pair.source, tree)


def two(tree: Tree) -> Step:
    """The target holds just this."""
    return lambda scene: put_tree(scene.pair.target, tree)


def both(tree: Tree) -> Step:
    """Both hold just this."""

    def step(scene: Scene) -> None:
        for root in scene.roots:
            put_tree(root, tree)

    return step


def do(deed: Callable[[Path, Path], object]) -> Step:
    """Something else, with both folders in hand."""

    def step(scene: Scene) -> None:
        deed(*scene.roots)

    return step


def put_tree(root: Path, tree: Tree, own: bool = True) -> None:
    """Make a folder hold a tree; what it holds already stays as it is, and a file that only moved is moved."""
    found = {place.name: place for place in root.iterdir() if not (own and place.name == OWN)}
    wanted = dict(tree)
    for name in found.keys() - wanted.keys():
        _remove(found[name])
    for name, thing in wanted.items():
        place = root / name
        if _holds(place, thing):
            continue
        if isinstance(thing, Mapping):
            if place.is_symlink() or not place.is_dir():
                _remove(place)
                place.mkdir()
            put_tree(place, thing, own=False)
            continue
        _remove(place)
        if isinstance(thing, Link):
            place.symlink_to(thing.to)
        else:
            place.write_text(thing)
            changed = LONG_AGO + next(_CLOCK) * SECOND
            os.utime(place, ns=(changed, changed))


def _holds(place: Path, thing: str | Link | Tree) -> bool:
    if isinstance(thing, Link):
        return place.is_symlink() and os.readlink(place) == thing.to
    if isinstance(thing, str):
        return place.is_file() and not place.is_symlink() and place.read_text() == thing
    return False


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    elif os.path.lexists(place):
        place.unlink()


# --- syncs ------------------------------------------------------------------------------------------------------------


def sync(
    kinds: Mapping[str, Kind] | None = None, *, moves: int | None = None, refused: str = "", **chosen: Any
) -> Step:
    """One run; ``kinds`` are all that it decides, ``moves`` the number of renames among that, ``refused`` a part of why
    it does nothing."""

    def step(scene: Scene) -> None:
        settle()
        scene.ran = scene.pair.sync(**{**scene.chosen, **chosen})
        _check(scene.ran, kinds, moves, refused)

    return step


def turned_to(answer: Answer, moves: int | None = None) -> Step:
    """One run in which every row is turned to one side, whatever the rules say."""

    def step(scene: Scene) -> None:
        settle()
        plan = scene.pair.sync(**scene.chosen, dry_run=True)
        scene.ran = scene.pair.sync(dict.fromkeys(plan.kinds, answer), **scene.chosen)
        _check(scene.ran, None, moves, "")

    return step


def _check(ran: Ran, kinds: Mapping[str, Kind] | None, moves: int | None, refused: str) -> None:
    if refused:
        assert refused in ran.refused, ran.refused
        return
    assert ran.refused == ""
    assert ran.problems == ()
    if kinds is not None:
        assert ran.kinds == kinds
    if moves is not None:
        assert sum(kind in RENAME_IN.values() for kind in ran.kinds.values()) == moves, ran.kinds


# --- what must stand there ------------------------------------------------------------------------------------------


def holds(source: Tree, target: Tree | None = None) -> Step:
    """Both hold this; or one this and the other that."""

    def step(scene: Scene) -> None:
        for root, wanted in zip(scene.roots, (source, source if target is None else target), strict=True):
            assert tree_of(root) == dict(wanted), root.name

    return step


def quiet(scene: Scene) -> None:
    """The next run has nothing to do."""
    settle()
    again = scene.pair.sync(**scene.chosen)
    assert again.kinds == {} and again.done == 0, again.kinds


def versions(source: set[str], target: set[str]) -> Step:
    """The contents that are kept on each side."""

    def step(scene: Scene) -> None:
        for root, wanted in zip(scene.roots, (source, target), strict=True):
            places = (root / OWN / "versions").rglob("*")
            found = {place.read_text() for place in places if place.is_file() and not place.is_symlink()}
            assert found == wanted, (root.name, found)

    return step


def tree_of(root: Path) -> dict[str, Any]:
    """A folder as a tree."""
    found: dict[str, Any] = {}
    for place in root.iterdir():
        if place.name == OWN:
            continue
        if place.is_symlink():
            found[place.name] = Link(os.readlink(place))
        elif place.is_dir():
            found[place.name] = tree_of(place)
        else:
            found[place.name] = place.read_text()
    return found
