"""What Unison tests of itself, told of this program: propagation, versions, links, renames of every kind.

Read in the self-test of Unison (``src/test.ml`` of its public repository); the situations are told anew in this
program's terms.  Left out: what is about its transport, its merge programs, its thread numbers, owners and the atomic
treatment of ``.git``.  Where the two programs mean different things it is said beside the row.
"""

from __future__ import annotations

import pytest

from image_sync.jobs.sync.model import Answer, Kind
from image_sync.jobs.sync.request import Deletions
from tests.jobs.sync.running import Pair
from tests.jobs.sync.scenarios import Link, Scenario, both, holds, one, play, quiet, sync, turned_to, two, versions

PROPAGATE = {"deletions": Deletions.PROPAGATE}
ORIGIN = {"x": "foo", "y": "bar", "c": {"b": "quu"}, "d": {"a": "barr"}}
"""Two files and two folders, from which most renames begin."""

NEW_ON_BOTH = ({"a": "a", "b": "b", "d1": {"a": "a1", "b": "b1"}}, {"x": "x", "y": "y", "d2": {"x": "x2", "y": "y2"}})

PROPAGATION = [
    Scenario(
        "new on both sides",
        (one(NEW_ON_BOTH[0]), two(NEW_ON_BOTH[1]), sync(), holds({**NEW_ON_BOTH[0], **NEW_ON_BOTH[1]}), quiet),
    ),
    Scenario("a new folder", (one({"subd": {}}), sync(), holds({"subd": {}}), quiet)),
    Scenario(
        "a deletion goes over",
        (one({"n": "to delete"}), sync(), one({}), sync({"n": Kind.DELETE_IN_TARGET}), holds({}), quiet),
        PROPAGATE,
    ),
    Scenario(
        "a deletion on the other side", (one({"n": "text"}), sync(), two({}), sync(), holds({}), quiet), PROPAGATE
    ),
    # Unison keeps such a file as a conflict; here the newer wins, and the older is kept.
    Scenario(
        "other contents on both sides",
        (one({"x": "foo"}), two({"x": "barr"}), sync({"x": Kind.UPDATE_SOURCE}), holds({"x": "barr"})),
    ),
    Scenario(
        "a change that left the size alone",
        (one({"x": "foo"}), sync(), one({"x": "f00"}), sync({"x": Kind.UPDATE_TARGET}), holds({"x": "f00"}), quiet),
    ),
    Scenario(
        "the newer of two .git folders, file by file",
        (
            both({"foo": {".git": {"a": "foo", "b": "bar", "c": "baz"}}}),
            sync(),
            two({"foo": {".git": {"a": "foo", "b": "changed on 2", "c": "changed on 2"}}}),
            one({"foo": {".git": {"a": "changed on 1", "b": "bar", "c": "changed on 1!"}}}),
            sync(),
            holds({"foo": {".git": {"a": "changed on 1", "b": "changed on 2", "c": "changed on 1!"}}}),
            quiet,
        ),
    ),
]

VERSIONS = [
    Scenario(
        "what is deleted is kept, again and again",
        (
            one({"x": "foo", "d": {"a": "barr"}}),
            sync(),
            one({}),
            sync(),
            versions(set(), {"foo", "barr"}),
            one({"x": "FOO!", "d": {"a": "BARR!"}}),
            sync(),
            one({}),
            sync(),
            holds({}),
            versions(set(), {"foo", "barr", "FOO!", "BARR!"}),
        ),
        PROPAGATE,
    ),
    Scenario(
        "what is replaced is kept where it stood",
        (one({"foo": "1"}), sync(), one({"foo": "22"}), sync(), holds({"foo": "22"}), versions(set(), {"1"}), quiet),
    ),
    Scenario(
        "changes to and fro",
        (
            one({"x": "foo"}),
            sync(),
            two({"x": "barr"}),
            sync(),
            one({"x": "bazzz"}),
            sync(),
            holds({"x": "bazzz"}),
            versions({"foo"}, {"barr"}),
        ),
    ),
    Scenario(
        "a folder whose files came and went, and then a file in its place",
        (
            one({"x": {"a": "foo", "l": "./foo"}}),
            sync(),
            two({"x": {"b": "barr", "l": "./barr"}}),
            sync(),
            holds({"x": {"b": "barr", "l": "./barr"}}),
            versions({"foo", "./foo"}, set()),
            one({"x": "bazzz"}),
            sync({"x": Kind.UPDATE_TARGET}),
            holds({"x": "bazzz"}),
            versions({"foo", "./foo"}, {"barr", "./barr"}),
            quiet,
        ),
        PROPAGATE,
    ),
]

LINKS = [
    Scenario(
        "links in a folder, and then a file in its place",
        (
            one({"x": {"a": "foo", "l": Link("./foo")}}),
            sync(),
            two({"x": {"b": "barr", "l": Link("./barr")}}),
            sync(),
            holds({"x": {"b": "barr", "l": Link("./barr")}}),
            one({"x": "bazzz"}),
            sync(),
            holds({"x": "bazzz"}),
            quiet,
        ),
        PROPAGATE,
    ),
    # Unison refuses a link to nowhere that it was told to follow; here links are copied as links.
    Scenario("a link to nowhere", (one({"y": Link("x")}), sync(), holds({"y": Link("x")}), quiet)),
]


def renamed(name: str, tree: dict[str, object], moves: int) -> Scenario:
    """One side becomes ``tree``; the other follows by as many renames of files as there are (folders are made)."""
    return Scenario(name, (both(ORIGIN), sync(), two(tree), sync(moves=moves), holds(tree), quiet), PROPAGATE)  # type: ignore[arg-type]


RENAMES = [
    renamed("a file", {**{k: v for k, v in ORIGIN.items() if k != "x"}, "z": "foo"}, 1),
    renamed("a folder", {**{k: v for k, v in ORIGIN.items() if k != "d"}, "e": {"a": "barr"}}, 1),
    renamed("a file into a folder", {"y": "bar", "c": {"b": "quu"}, "d": {"a": "barr", "x": "foo"}}, 1),
    renamed("a folder into a folder", {"x": "foo", "y": "bar", "c": {"b": "quu", "d": {"a": "barr"}}}, 1),
    renamed("some at once", {"y": "bar", "o": "quu", "c": {"x": "foo"}, "e": {"a": "barr"}}, 3),
    renamed("no rename at all", {**ORIGIN, "x": "bah!"}, 0),
    renamed("another file of another name", {"z": "bah!", "c": {"b": "quu"}, "d": {"a": "barr"}}, 0),
    # Over something of another kind: what takes the place is copied, and nothing comes back under its old name.
    renamed("a file over a folder", {"c": "foo", "y": "bar", "d": {"a": "barr"}}, 0),
    renamed("a folder over a file", {"x": "foo", "c": {"b": "quu"}, "y": {"a": "barr"}}, 0),
    renamed("a file over another file", {"y": "foo", "c": {"b": "quu"}, "d": {"a": "barr"}}, 0),
    renamed("a folder over another folder", {"x": "foo", "y": "bar", "c": {"a": "barr"}}, 1),
]


DELETED = (
    "no rename at all",
    "another file of another name",
    "a file over another file",
    "a folder over another folder",
)
"""In these something is gone from one side as well."""
BY_DEFAULT = [Scenario(f"{one.name}, deletions taken back", one.steps) for one in RENAMES if one.name not in DELETED]
"""A renamed thing is none that was deleted: it does not come back, whatever is to become of deletions."""


def reverted(name: str, tree: dict[str, object], moves: int) -> Scenario:
    """The target becomes ``tree``, and every row is turned to the source: all is as before."""
    steps = (both(ORIGIN), sync(), two(tree), turned_to(Answer.SOURCE, moves), holds(ORIGIN), quiet)  # type: ignore[arg-type]
    return Scenario(f"back: {name}", steps, PROPAGATE)


REVERTED = [
    reverted("a renamed file", {**{k: v for k, v in ORIGIN.items() if k != "x"}, "z": "foo"}, 1),
    reverted("a renamed folder", {**{k: v for k, v in ORIGIN.items() if k != "d"}, "e": {"a": "barr"}}, 1),
    reverted("a file in a folder", {"y": "bar", "c": {"b": "quu"}, "d": {"a": "barr", "x": "foo"}}, 1),
    reverted("a folder in a folder", {"x": "foo", "y": "bar", "c": {"b": "quu", "d": {"a": "barr"}}}, 1),
    reverted("a file over a folder", {"c": "foo", "y": "bar", "d": {"a": "barr"}}, 0),
    reverted("a folder over a file", {"x": "foo", "c": {"b": "quu"}, "y": {"a": "barr"}}, 0),
]


def against(name: str, here: dict[str, object], there: dict[str, object], wanted: dict[str, object]) -> Scenario:
    """The two did different things, and where that is a conflict the source is chosen."""
    steps = (both(ORIGIN), sync(), one(here), two(there), sync(resolution="source"), holds(wanted), quiet)  # type: ignore[arg-type]
    return Scenario(name, steps, {**PROPAGATE, "resolution": "source"})


REST = {"y": "bar", "d": {"a": "barr"}}
CONFLICTS = [
    # One renamed onto what the other deleted.
    against("a file onto a deleted folder", {**REST, "c": "foo"}, {**REST, "x": "foo"}, {**REST, "c": "foo"}),
    against(
        "a folder onto a deleted file",
        {"x": "foo", "y": {"b": "quu"}, "d": {"a": "barr"}},
        {"x": "foo", "c": {"b": "quu"}, "d": {"a": "barr"}},
        {"x": "foo", "y": {"b": "quu"}, "d": {"a": "barr"}},
    ),
    # One renamed what the other changed: here the change is kept beside the renamed file.
    against(
        "a renamed file that was changed",
        {**REST, "z": "foo", "c": {"b": "quu"}},
        {**REST, "x": "fooz", "c": {"b": "quu"}},
        {**REST, "z": "foo", "x": "fooz", "c": {"b": "quu"}},
    ),
    # One renamed to a name that the other took for something new.
    against(
        "a renamed file and a new one",
        {**REST, "z": "foo", "c": {"b": "quu"}},
        {**ORIGIN, "z": "fooz"},
        {**REST, "z": "foo", "c": {"b": "quu"}},
    ),
    against(
        "a renamed file and a new folder",
        {**REST, "z": "foo", "c": {"b": "quu"}},
        {**ORIGIN, "z": {}},
        {**REST, "z": "foo", "c": {"b": "quu"}},
    ),
    against(
        "a renamed folder and a new file",
        {**REST, "x": "foo", "z": {"b": "quu"}},
        {**ORIGIN, "z": "fooz"},
        {**REST, "x": "foo", "z": {"b": "quu"}},
    ),
    # Both renamed something to the same name.
    against(
        "two files renamed to one name",
        {"z": "foo", "y": "bar", "c": {"b": "quu"}, "d": {"a": "barr"}},
        {"x": "foo", "z": "bar", "c": {"b": "quu"}, "d": {"a": "barr"}},
        {"z": "foo", "c": {"b": "quu"}, "d": {"a": "barr"}},
    ),
    against(
        "two folders renamed to one name",
        {"x": "foo", "y": "bar", "z": {"b": "quu"}, "d": {"a": "barr"}},
        {"x": "foo", "y": "bar", "c": {"b": "quu"}, "z": {"a": "barr"}},
        {"x": "foo", "y": "bar", "z": {"a": "barr", "b": "quu"}},
    ),
]

ALL = [*PROPAGATION, *VERSIONS, *LINKS, *RENAMES, *BY_DEFAULT, *REVERTED, *CONFLICTS]


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario, pair: Pair) -> None:
    play(scenario, pair)
