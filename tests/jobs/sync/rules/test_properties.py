"""What holds of the rules of *sync* whatever people do to two folders: nothing is lost, and two runs agree."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from image_sync.base.model import Plan
from image_sync.jobs.sync.model import (
    FOLDER,
    OPEN,
    Answer,
    Decision,
    Entry,
    EntryKind,
    Half,
    Kind,
    Side,
    Situation,
    SyncReview,
)
from image_sync.jobs.sync.request import Deletions, SyncRequest
from image_sync.jobs.sync.rules import decide as sync
from image_sync.jobs.sync.rules.decide import Choices
from tests.jobs.sync.rules.values import SECOND, START, told, veiled
from tests.jobs.sync.rules.world import World

EXAMPLES = int(os.environ.get("IMAGE_SYNC_EXAMPLES", "150"))
LIMITS = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PATHS = ("a", "b", "d", "d/a", "d/b", "d/e", "d/e/a", "f/a")
CONTENTS = ("", "x", "y", "z")
PERMISSIONS = ("755", "700", "500", "644")


def _entry(draw: st.DrawFn) -> Entry | None:
    kind = draw(st.sampled_from(("file", "file", "file", "link", "folder", "nothing")))
    if kind == "nothing":
        return None
    if kind == "folder":
        return FOLDER
    content = draw(st.sampled_from(CONTENTS if kind == "file" else CONTENTS[1:]))
    time = START + draw(st.integers(0, 3)) * SECOND
    if kind == "link":
        return Entry(EntryKind.LINK, len(content), time, 1, 1, content)
    return Entry(EntryKind.FILE, 10 if content else 0, time, 1, 1, content)


def edit(draw: st.DrawFn, world: World, most: int) -> None:
    """Let somebody change something here and there."""
    for _ in range(draw(st.integers(0, most))):
        side, path = draw(st.sampled_from(list(Side))), draw(st.sampled_from(PATHS))
        tree = world.trees[side]
        deed = draw(st.sampled_from(("put", "put", "delete", "move", "touch", "silent", "swap", "permit")))
        found = tree.get(path)
        if deed == "put":
            world.put(side, path, _entry(draw))
        elif deed == "delete":
            world.put(side, path, None)
        elif deed == "swap":
            rename(world, side, path, draw(st.sampled_from(PATHS)))
        elif deed == "permit":
            if found and found.permissions:
                tree[path] = replace(found, permissions=draw(st.sampled_from(PERMISSIONS)), ctime_ns=world.tick())
        elif found and found.kind is not EntryKind.FOLDER:
            if deed == "move":
                world.put(side, path, None)
                world.put(side, draw(st.sampled_from(PATHS)), found)
            elif deed == "touch":
                world.put(side, path, replace(found, mtime_ns=found.mtime_ns + SECOND))
            elif found.content:
                world.put(side, path, replace(found, content=draw(st.sampled_from(CONTENTS[1:]))))


def rename(world: World, side: Side, path: str, new: str) -> None:
    """Move a file, or a folder with all that is in it, to a name that something of another kind may have."""
    tree = world.trees[side]
    if path not in tree or f"{new}/".startswith(f"{path}/") or path.startswith(f"{new}/"):
        return
    moved = {known: tree[known] for known in tree if known == path or known.startswith(path + "/")}
    world.put(side, path, None)
    world.put(side, new, None)
    for known, entry in sorted(moved.items()):
        world.put(side, new + known[len(path) :], entry)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Two folders that were in step once, or never, and were changed since."""
    world = World()
    if draw(st.booleans()):
        world.permit(PERMISSIONS[0])
    edit(draw, world, 6)
    if draw(st.booleans()):
        world.trees[Side.TARGET] = dict(world.trees[Side.SOURCE])
        world.agree()
        if draw(st.booleans()):  # a memory that never needed the contents
            for path, known in world.agreed.items():
                bare = [
                    one if one.kind is EntryKind.LINK else replace(one, content="")
                    for one in (known.source, known.target)
                ]
                world.agreed[path] = replace(known, source=bare[0], target=bare[1])
        edit(draw, world, 6)
    return world


def known_only(whole: Situation) -> Situation:
    """The situation as a scan knows it: contents only where they are remembered or had to be read."""
    return told(whole, veiled(whole))


def run(world: World, choices: Choices, default: Answer | None, fails: frozenset[int] = frozenset()) -> list[Decision]:
    """One sync; what was decided."""
    whole = known_only(world.situation())
    found = sync.decide(whole, choices)
    decisions = sync.resolve(found, whole, choices, {}, default)
    before = world.contents()
    world.carry_out(sync.make_plan(decisions, whole), fails)
    lost = before - world.contents()
    assert not lost, f"{lost} is neither in a tree nor in the versions"
    world.agree()
    return list(decisions)


DELETIONS = st.sampled_from(list(Deletions))
ANSWERS = st.sampled_from([None, *Answer])


@LIMITS
@given(worlds(), DELETIONS, ANSWERS)
def test_nothing_is_lost_and_the_second_run_has_nothing_to_do(
    world: World, deletions: Deletions, default: Answer | None
) -> None:
    choices = Choices(deletions)
    first = run(world, choices, default)
    second = run(world, choices, default)
    settled = {Kind.EQUAL, Kind.SKIP, *OPEN}
    changes = [one for one in second if one.kind not in settled]
    open_ones = any(one.kind in {Kind.SKIP, *OPEN} for one in first)
    event(f"open conflicts: {open_ones}")
    if open_ones and changes:  # what was left open may let a folder go one run later
        assert {one.kind for one in run(world, choices, default)} <= settled
    else:
        assert changes == [], "the second run changes something"
    if not open_ones:
        assert world.trees[Side.SOURCE].keys() == world.trees[Side.TARGET].keys()
        for path, entry in world.trees[Side.SOURCE].items():
            there = world.trees[Side.TARGET][path]
            assert (entry.kind, entry.content) == (there.kind, there.content)
            assert entry.permissions == there.permissions or any(one.earlier for one in first), path


@LIMITS
@given(worlds(), DELETIONS)
def test_reading_only_what_is_asked_for_changes_no_decision(world: World, deletions: Deletions) -> None:
    whole = world.situation()
    full = sync.decide(whole, Choices(deletions))
    told = sync.decide(known_only(whole), Choices(deletions))
    assert [(one.path, one.kind, one.earlier) for one in told] == [(one.path, one.kind, one.earlier) for one in full]


@LIMITS
@given(worlds(), DELETIONS)
def test_what_is_as_agreed_may_be_left_out(world: World, deletions: Deletions) -> None:
    """A scan drops what stands on both sides as it was agreed before the rules see it."""
    whole = known_only(world.situation())
    settled = {
        path
        for path, agreed in whole.agreed.items()
        for here, there in [(whole.source.entries.get(path), whole.target.entries.get(path))]
        if here == agreed.source and there == agreed.target
    }
    every = [one for one in sync.decide(whole, Choices(deletions)) if one.kind is not Kind.EQUAL]
    some = replace(whole, open=frozenset(whole.paths()) - settled)
    assert every == [one for one in sync.decide(some, Choices(deletions)) if one.kind is not Kind.EQUAL]


@pytest.mark.slow
@LIMITS
@given(worlds(), DELETIONS, ANSWERS, st.frozensets(st.integers(0, 12)))
def test_operations_that_fail_lose_nothing_and_are_made_up_for(
    world: World, deletions: Deletions, default: Answer | None, fails: frozenset[int]
) -> None:
    choices = Choices(deletions)
    run(world, choices, default, fails)
    for _ in range(3):
        last = run(world, choices, default)
    assert {one.kind for one in last} <= {Kind.EQUAL, Kind.SKIP, *OPEN}


@LIMITS
@given(worlds())
def test_without_a_memory_nothing_is_deleted_or_moved(world: World) -> None:
    whole = replace(known_only(replace(world, agreed={}).situation()), agreed={})
    harmful = {Kind.DELETE_IN_SOURCE, Kind.DELETE_IN_TARGET, Kind.RENAME_IN_SOURCE, Kind.RENAME_IN_TARGET}
    decisions = sync.decide(whole, Choices(Deletions.PROPAGATE))
    assert not harmful & {one.kind for one in decisions}


@LIMITS
@given(worlds(), DELETIONS, st.sets(st.tuples(st.sampled_from(list(Side)), st.sampled_from(PATHS))))
def test_nothing_is_decided_at_or_below_the_unread(
    world: World, deletions: Deletions, unread: set[tuple[Side, str]]
) -> None:
    """A folder that can't be listed, a file that can't be looked at: nobody acts on what seems not to be there."""
    halves = {}
    for side in Side:
        tree = dict(world.trees[side])
        hidden = {path for where, path in unread if where is side and path in tree}
        for path in hidden:
            for below in [known for known in tree if known.startswith(path + "/")]:
                del tree[below]
            if path in tree and tree[path].kind is not EntryKind.FOLDER:
                tree[path] = Entry(EntryKind.UNREAD)
        halves[side] = Half(f"/{side.value}", tree, unread=hidden & tree.keys())
    whole = known_only(Situation(halves[Side.SOURCE], halves[Side.TARGET], world.agreed))
    decisions = sync.decide(whole, Choices(deletions))
    places = {path for half in halves.values() for path in half.unread}
    for decision in decisions:
        if decision.kind in {Kind.EQUAL, *OPEN}:
            continue
        for path in filter(None, (decision.path, decision.earlier)):
            below = {place for place in places if path.startswith(place + "/")}
            assert not below, f"{decision} lies below {below}"
            for half in halves.values():
                entry = half.entries.get(path)
                assert entry is None or entry.kind is not EntryKind.UNREAD


@LIMITS
@given(worlds(), DELETIONS, st.lists(st.tuples(st.sampled_from(PATHS), ANSWERS), max_size=8), ANSWERS, st.booleans())
def test_answers_one_after_the_other_come_to_the_same_as_all_at_once(
    world: World,
    deletions: Deletions,
    given_answers: list[tuple[str, Answer | None]],
    default: Answer | None,
    folds: bool,
) -> None:
    """What is kept from one answer to the next never shows, not in a decision and not in the plan."""
    whole = known_only(world.situation())
    whole = replace(whole, source=replace(whole.source, folds=folds))
    choices = Choices(deletions)
    found = sync.decide(whole, choices)
    bare = SyncReview(SyncRequest("/one", "/two"), whole, found, found, Plan("sync", {}, ()))
    going, answers = sync.Answering(found, whole, choices), {}
    assert going.reviewed(bare, {}, None) == sync.reviewed(bare, choices, {}, None)
    for path, answer in given_answers:
        if answer is None:
            answers.pop(path, None)
        else:
            answers[path] = answer
        for either in (None, default):
            assert going.reviewed(bare, answers, either) == sync.reviewed(bare, choices, answers, either)
    assert going.reviewed(bare, {}, None).decisions == found
