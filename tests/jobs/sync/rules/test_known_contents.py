"""Renames by what is remembered: a lost file's content is the memory's where nobody read its other copy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from image_sync.jobs.sync.model import Agreed, Entry, EntryKind, Half, Kind, Side, Situation
from image_sync.jobs.sync.rules.changes import Case
from image_sync.jobs.sync.rules.renames import renames
from image_sync.jobs.sync.rules.to_read import wanted_contents

READ = Entry(EntryKind.FILE, 10, 10**18, 1, 1, "a" * 64)
UNREAD = replace(READ, content="")
OTHER = replace(READ, content="b" * 64)


def case(path: str, side: Side, here: Entry | None, there: Entry | None, agreed: Agreed | None) -> Case:
    """A case of which ``here`` stands on ``side``."""
    source, target = (here, there) if side is Side.SOURCE else (there, here)
    return Case(path, source, target, agreed)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize(
    ("kept", "agreed", "found"),
    [
        pytest.param(READ, Agreed(READ, READ), True, id="read and remembered"),
        pytest.param(UNREAD, Agreed(READ, READ), True, id="remembered only"),
        pytest.param(UNREAD, Agreed(UNREAD, UNREAD), False, id="not known at all"),
        pytest.param(UNREAD, Agreed(OTHER, OTHER), False, id="another content is remembered"),
        pytest.param(replace(UNREAD, size=0), Agreed(READ, READ), False, id="an empty file is like all others"),
    ],
)
def test_a_rename_is_found_by_what_is_known(side: Side, kept: Entry, agreed: Agreed, found: bool) -> None:
    lost = case("old.jpg", side, None, kept, agreed)
    new = case("new.jpg", side, READ, None, None)
    told = list(renames([lost, new]))
    kind = Kind.RENAME_IN_TARGET if side is Side.SOURCE else Kind.RENAME_IN_SOURCE
    assert [(one.kind, one.earlier, one.path) for one in told] == [(kind, "old.jpg", "new.jpg")] * found


@pytest.mark.parametrize(
    ("kept", "agreed", "read"),
    [
        pytest.param(UNREAD, Agreed(READ, READ), {"new.jpg"}, id="what is remembered is not read again"),
        pytest.param(UNREAD, Agreed(UNREAD, UNREAD), {"new.jpg", "old.jpg"}, id="what nobody knows is read"),
        pytest.param(READ, Agreed(UNREAD, UNREAD), {"new.jpg"}, id="what was read is not read again"),
    ],
)
def test_only_what_is_not_known_is_read_to_find_a_rename(kept: Entry, agreed: Agreed, read: set[str]) -> None:
    new = replace(UNREAD, inode=7)
    halves = Half("/left", {"new.jpg": new}), Half("/right", {"old.jpg": kept})
    situation = Situation(*halves, {"old.jpg": agreed}, frozenset({"old.jpg", "new.jpg"}))
    assert {path for _side, path in wanted_contents(situation)} == read
