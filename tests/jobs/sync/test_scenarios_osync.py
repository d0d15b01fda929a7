"""What osync tests of itself, told of this program: deletions on both sides, links, permissions, earlier versions.

Read in the test script of osync (``dev/tests/run_tests.sh`` of its public repository); the situations are told anew in
this program's terms.  Left out: its installation, SSH, its daemon and its timers.  Its ``deleted`` and ``backup``
folders are the versions here.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from image_sync.apply.locks import hold_roots
from image_sync.jobs.sync.model import Kind
from image_sync.jobs.sync.request import Deletions
from tests.jobs.sync.running import OWN, Pair, put, settle
from tests.jobs.sync.scenarios import Link, Scenario, do, holds, one, play, quiet, sync, two, versions

PROPAGATE = {"deletions": Deletions.PROPAGATE}
TWO_FOLDERS = (
    {"some directory with spaces": {"File A": "", "File A link": Link("File A")}},
    {"another directory": {"and sub directory": {"File B": "", "File B link": Link("File B")}}},
)
TOGETHER = {**TWO_FOLDERS[0], **TWO_FOLDERS[1]}
WITHOUT_LINKS = {
    "some directory with spaces": {"File A": ""},
    "another directory": {"and sub directory": {"File B": ""}},
}
TO_NOWHERE = {
    "some directory with spaces": {"File A link": Link("File A")},
    "another directory": {"and sub directory": {"File B link": Link("File B")}},
}
WITHOUT_ANY: dict[str, dict[str, dict[str, str]]] = {
    "some directory with spaces": {},
    "another directory": {"and sub directory": {}},
}


def remove(*names: str) -> object:
    """Remove files from the source (``1/…``) and from the target (``2/…``)."""

    def deed(source: Path, target: Path) -> None:
        for name in names:
            side, _, path = name.partition("/")
            ((source if side == "1" else target) / path).unlink()

    return do(deed)


def links_kept(names: set[str]) -> object:
    """The links that stand among the versions of both, by their names."""

    def deed(source: Path, target: Path) -> None:
        found = [place for root in (source, target) for place in (root / OWN / "versions").rglob("*")]
        assert {place.name for place in found if place.is_symlink()} == names

    return do(deed)


A, B = "some directory with spaces", "another directory/and sub directory"
ALL = [
    Scenario(
        "empty files deleted on either side go on both, and are kept",
        (
            one({"i fic": "", "i foc (something)": "1"}),
            two({"t fic": "", "t foc [nothing]": "2"}),
            sync(),
            remove("1/i fic", "2/t fic"),
            sync({"i fic": Kind.DELETE_IN_TARGET, "t fic": Kind.DELETE_IN_SOURCE}),
            holds({"i foc (something)": "1", "t foc [nothing]": "2"}),
            versions({""}, {""}),
            quiet,
        ),
        PROPAGATE,
    ),
    Scenario(
        "deletions that are not to be propagated are taken back",
        (
            one({"another": {"one": {"Iron Rhapsody": "A"}}}),
            two({"phantom of": {"the opera": {"Bohemian Maiden": "B"}}}),
            sync(),
            remove("1/another/one/Iron Rhapsody", "2/phantom of/the opera/Bohemian Maiden"),
            sync(),
            holds({"another": {"one": {"Iron Rhapsody": "A"}}, "phantom of": {"the opera": {"Bohemian Maiden": "B"}}}),
            quiet,
        ),
    ),
    Scenario(
        "links: copied, deleted, to nowhere, deleted again",
        (
            one(TWO_FOLDERS[0]),
            two(TWO_FOLDERS[1]),
            sync(),
            holds(TOGETHER),
            remove(f"1/{A}/File A link", f"2/{B}/File B link"),
            sync(),
            holds(WITHOUT_LINKS),
            links_kept({"File A link", "File B link"}),
            one(TOGETHER),
            sync(),
            remove(f"1/{A}/File A", f"2/{B}/File B"),
            sync(),
            holds(TO_NOWHERE),
            remove(f"1/{A}/File A link", f"2/{B}/File B link"),
            sync(),
            holds(WITHOUT_ANY),
            quiet,
        ),
        PROPAGATE,
    ),
    Scenario(
        "each side changes what came from the other, and the earlier ones are kept",
        (
            one({"some dir": {"FileA": "A"}}),
            two({"some other dir": {"File B": "B"}}),
            sync(),
            one({"some dir": {"FileA": "A"}, "some other dir": {"File B": "B+"}}),
            two({"some dir": {"FileA": "A+"}, "some other dir": {"File B": "B"}}),
            sync(),
            holds({"some dir": {"FileA": "A+"}, "some other dir": {"File B": "B+"}}),
            versions({"A"}, {"B"}),
            quiet,
        ),
    ),
    Scenario(
        "one version for each change, none over another",
        (
            one({"FileA": "A"}),
            sync(),
            two({"FileA": "A+"}),
            sync(),
            two({"FileA": "A-"}),
            sync(),
            two({"FileA": "A*"}),
            sync(),
            versions({"A", "A+", "A-"}, set()),
            quiet,
        ),
    ),
    Scenario(
        "a pattern leaves its files alone on both sides",
        (
            one({"a.php": "1", "b.txt": "1", "in": {"c.php": "1"}}),
            two({"d.php": "2", "e.txt": "2"}),
            sync(),
            holds(
                {"a.php": "1", "b.txt": "1", "e.txt": "2", "in": {"c.php": "1"}},
                {"d.php": "2", "b.txt": "1", "e.txt": "2", "in": {}},
            ),
            quiet,
        ),
        {"exclude": ("*.php",)},
    ),
]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario, pair: Pair) -> None:
    play(scenario, pair)


@pytest.mark.skipif(os.name == "nt", reason="there are no such permissions")
def test_permissions_of_files_and_folders_go_both_ways(pair: Pair) -> None:
    put(pair.source, "dir a/FileA", "").chmod(0o644)
    put(pair.target, "dir b/FileB", "").chmod(0o644)
    (pair.source / "dir c").mkdir()
    (pair.target / "dir d").mkdir()
    pair.sync(permissions=True)
    settle()
    changed = {"dir a/FileA": (pair.source, 0o645), "dir b/FileB": (pair.target, 0o642)}
    changed |= {"dir c": (pair.source, 0o757), "dir d": (pair.target, 0o753)}
    for path, (root, bits) in changed.items():
        (root / path).chmod(bits)
    assert pair.sync(permissions=True).done == 4
    for path, (_, bits) in changed.items():
        assert [stat.S_IMODE((root / path).stat().st_mode) for root in (pair.source, pair.target)] == [bits, bits]
    settle()
    pair.quiet(permissions=True)


def test_a_folder_in_use_is_refused_and_a_left_lock_is_none(pair: Pair) -> None:
    put(pair.source, "a.txt", "a")
    with hold_roots([os.fspath(pair.target)]):
        assert pair.sync().refused
    assert pair.sync().refused == ""
    pair.same()
