"""Two folders that held the same before their first run: what they had alike is known like what was copied.

The commonest first run there is: a backup that was made by hand.  After it a touch on one side is no change, an edit
wins, a rename is a rename and a deletion a deletion.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.jobs.sync.model import Kind
from image_sync.jobs.sync.request import Deletions
from tests.jobs.sync.running import LONG_AGO, SECOND, Pair, put, settle


def touch(place: Path) -> None:
    os.utime(place, ns=(LONG_AGO + 99 * SECOND,) * 2)


def change_mode(place: Path) -> None:
    place.chmod(0o664)


def link_hard(place: Path) -> None:
    os.link(place, place.with_name(f"second name of {place.name}"))
    place.with_name(f"second name of {place.name}").unlink()


def copy_anew(place: Path) -> None:
    """As *cp -a* to a new disk leaves it: the same, in another file."""
    shutil.copy2(place, place.with_name("new"))
    os.replace(place.with_name("new"), place)


def copy_without_times(place: Path) -> None:
    shutil.copyfile(place, place.with_name("new"))
    os.replace(place.with_name("new"), place)


TOUCHES = [touch, change_mode, link_hard, copy_anew, copy_without_times]


@pytest.fixture
def alike(pair: Pair) -> Pair:
    """Three photos on both sides, one of them in a folder, and a first run that found nothing to do."""
    for root in (pair.source, pair.target):
        for name in ("edited.jpg", "renamed.jpg", "d/deleted.jpg"):
            put(root, name, f"content of {name}")
    settle()
    assert pair.sync().done == 0
    return pair


def touch_all(root: Path, how: Callable[[Path], None]) -> None:
    for place in [place for place in root.rglob("*.jpg") if ".image-sync" not in place.parts]:
        how(place)


def held_alike(pair: Pair) -> dict[str, object]:
    """What both hold; times may differ, since a touch is not carried over."""
    here, there = ({path: data for path, (_, data, _) in tree.items()} for tree in pair.trees())
    assert here == there
    return here


@pytest.mark.parametrize("how", TOUCHES)
@pytest.mark.parametrize("first", [{}, {"verify": True}, {"dry_run": True}])
def test_a_touch_on_the_other_side_undoes_nothing(
    pair: Pair, how: Callable[[Path], None], first: dict[str, bool]
) -> None:
    for root in (pair.source, pair.target):
        for name in ("edited.jpg", "renamed.jpg", "d/deleted.jpg"):
            put(root, name, f"content of {name}")
    settle()
    pair.sync(**first)
    pair.sync()
    put(pair.source, "edited.jpg", "THE TRUE EDIT", -5)
    (pair.source / "renamed.jpg").rename(pair.source / "d/moved.jpg")
    (pair.source / "d/deleted.jpg").unlink()
    touch_all(pair.target, how)
    ran = pair.sync(deletions=Deletions.PROPAGATE, max_delete=1.0)
    assert ran.kinds == {
        "edited.jpg": Kind.UPDATE_TARGET,
        "d/moved.jpg": Kind.RENAME_IN_TARGET,
        "d/deleted.jpg": Kind.DELETE_IN_TARGET,
    }
    assert held_alike(pair) == {"edited.jpg": b"THE TRUE EDIT", "d/moved.jpg": b"content of renamed.jpg", "d": ""}


@pytest.mark.parametrize("how", TOUCHES)
def test_a_touch_alone_is_nothing(alike: Pair, how: Callable[[Path], None]) -> None:
    touch_all(alike.target, how)
    alike.quiet(deletions=Deletions.PROPAGATE)
    touch_all(alike.source, how)
    alike.quiet(deletions=Deletions.PROPAGATE)


@pytest.mark.parametrize("how", TOUCHES)
def test_an_edit_of_the_same_size_wins_over_a_later_touch(alike: Pair, how: Callable[[Path], None]) -> None:
    edit = b"c0ntent of edited.jpg"
    put(alike.source, "edited.jpg", edit, 50)
    touch_all(alike.target, how)
    assert alike.sync().kinds == {"edited.jpg": Kind.UPDATE_TARGET}
    assert held_alike(alike)["edited.jpg"] == edit


def test_the_digest_of_what_was_compared_is_remembered(alike: Pair) -> None:
    """After the touch nothing but the touched side is read."""
    touch_all(alike.target, touch)
    (alike.source / "edited.jpg").unlink()
    ran = alike.sync(deletions=Deletions.ASK)
    assert ran.review is not None
    assert ran.kinds == {"edited.jpg": Kind.DELETION}
    (found,) = ran.review.questions
    assert "deleted in the source since the last run, unchanged in the target" in found.why
