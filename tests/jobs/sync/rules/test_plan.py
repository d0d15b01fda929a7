"""From decisions and answers to operations, and what two trees hold afterwards."""

from __future__ import annotations

import pytest

from image_sync.base.model import Action, Plan
from image_sync.jobs.sync.model import Answer, Decision, EntryKind, Kind, Side, Situation
from image_sync.jobs.sync.request import Deletions
from image_sync.jobs.sync.rules import decide
from image_sync.jobs.sync.rules.decide import Choices
from tests.jobs.sync.rules.values import decided, entry, mirrored, situation
from tests.jobs.sync.rules.world import World

Rows = dict[str, str]


def steps(plan: Plan) -> list[str]:
    return [
        f"{step.action.value} {step.source} {step.destination}".replace("  ", " ").strip() for step in plan.operations
    ]


def resolved(
    whole: Situation, answers: dict[str, Answer], default: Answer | None = None, choices: Choices | None = None
) -> tuple[Decision, ...]:
    chosen = choices or Choices()
    return decide.resolve(decided(whole, chosen), whole, chosen, answers, default)


def holds(world: World, side: Side) -> Rows:
    """What a tree holds, as contents by path."""
    marks = {EntryKind.FOLDER: "dir", EntryKind.LINK: ">"}
    return {path: marks.get(one.kind, "") + one.content for path, one in sorted(world.trees[side].items())}


def after(whole: Situation, decisions: tuple[Decision, ...]) -> World:
    world = World({Side.SOURCE: dict(whole.source.entries), Side.TARGET: dict(whole.target.entries)})
    world.carry_out(decide.make_plan(decisions, whole))
    return world


def test_the_order_of_a_plan() -> None:
    agreed = {"old": "m@0", "gone/x": "x@0"}
    whole = situation(
        {"new/name": "m@0", "b": "b@0", "a": "1@9", "e": "dir"}, {"old": "m@0", "gone/x": "x@0", "a": "2@0"}, agreed
    )
    plan = decide.make_plan(decided(whole, Choices(Deletions.PROPAGATE)), whole)
    assert steps(plan) == [
        "move /two/old /two/new/name",
        "make folder /one/e /two/e",
        "make folder /one/new /two/new",
        "update /one/a /two/a",
        "copy /one/b /two/b",
        "set aside /two/gone/x",
        "remove folder /two/gone",
    ]
    assert plan.roots == {"source": "/one", "target": "/two"}
    update = plan.operations[3]
    assert update.expected and update.replaces and update.versions == "/two/.image-sync/versions"
    assert all(step.reason for step in plan.operations)


SOURCE, TARGET, BOTH, SKIP = Answer.SOURCE, Answer.TARGET, Answer.KEEP_BOTH, Answer.SKIP
NAME = "p (conflict 2 2001-09-09)"
TWO = {"p": "a", NAME: "b"}


ANSWERS = [
    # source, target, agreed, answer, what the source holds afterwards, what the target holds
    ("a@0", "b@0", "-", SOURCE, {"p": "a"}, {"p": "a"}),
    ("a@0", "b@0", "-", TARGET, {"p": "b"}, {"p": "b"}),
    ("a@0", "b@0", "-", BOTH, TWO, TWO),
    ("a@0", "b@0", "-", SKIP, {"p": "a"}, {"p": "b"}),
    ("a@9", "b@0", "-", TARGET, {"p": "b"}, {"p": "b"}),
    ("a@9", "b@0", "-", BOTH, TWO, TWO),
    ("a@9", "b@0", "-", SKIP, {"p": "a"}, {"p": "b"}),
    ("a@0", "-", "-", SOURCE, {"p": "a"}, {"p": "a"}),
    ("a@0", "-", "-", TARGET, {}, {}),
    ("a@0", "-", "-", BOTH, {"p": "a"}, {"p": "a"}),
    ("a@0", "-", "-", SKIP, {"p": "a"}, {}),
    ("a@0", "-", "a@0", SOURCE, {"p": "a"}, {"p": "a"}),
    ("a@0", "-", "a@0", TARGET, {}, {}),
    (">x@0", ">y@0", "-", SOURCE, {"p": ">x"}, {"p": ">x"}),
    (">x@0", ">y@0", "-", BOTH, {"p": ">x", NAME: ">y"}, {"p": ">x", NAME: ">y"}),
    ("a@0", ">y@0", "-", BOTH, {"p": "a", NAME: ">y"}, {"p": "a", NAME: ">y"}),
    ("a@0", ">y@0", "-", SOURCE, {"p": "a"}, {"p": "a"}),
    ("a@0", ">y@0", "-", TARGET, {"p": ">y"}, {"p": ">y"}),
    ("dir", "b@0", "-", BOTH, {"p": "dir", NAME: "b"}, {"p": "dir", NAME: "b"}),
    ("dir", "b@0", "-", SOURCE, {"p": "dir"}, {"p": "dir"}),
    ("dir", "b@0", "-", TARGET, {"p": "b"}, {"p": "b"}),
    ("dir", "-", "dir", TARGET, {}, {}),
    ("dir", "-", "dir", SOURCE, {"p": "dir"}, {"p": "dir"}),
]


@pytest.mark.parametrize(("source", "target", "agreed", "answer", "here", "there"), ANSWERS)
def test_answers(source: str, target: str, agreed: str, answer: Answer, here: Rows, there: Rows) -> None:
    whole = situation({"p": source}, {"p": target}, {} if agreed == "-" else {"p": agreed})
    check_answer(whole, answer, here, there)
    if answer is not BOTH:  # which of two that are kept gets another name is not the same the other way round
        turned = {SOURCE: TARGET, TARGET: SOURCE}.get(answer, answer)
        check_answer(mirrored(whole), turned, there, here)


def check_answer(whole: Situation, answer: Answer, here: Rows, there: Rows) -> None:
    for choices in (Choices(), Choices(Deletions.ASK), Choices(Deletions.PROPAGATE)):
        world = after(whole, resolved(whole, {"p": answer}, choices=choices))
        assert holds(world, Side.SOURCE) == here
        assert holds(world, Side.TARGET) == there


def test_nothing_is_lost_by_an_answer() -> None:
    whole = situation({"p": "a@0"}, {"p": "b@0"})
    for answer in Answer:
        world = after(whole, resolved(whole, {"p": answer}))
        assert {content for _, content in world.contents()} == {"a", "b"}


def test_the_default_answers_conflicts_and_nothing_else() -> None:
    whole = situation({"p": "a@0", "q": "c@0"}, {"p": "b@0", "r": "d@0"})
    kinds = {one.path: one.kind for one in resolved(whole, {}, TARGET)}
    assert kinds == {"p": Kind.UPDATE_SOURCE, "q": Kind.COPY_TO_TARGET, "r": Kind.COPY_TO_SOURCE}


def test_an_answer_of_its_own_comes_first() -> None:
    whole = situation({"p": "a@0", "q": "c@0"}, {"p": "b@0", "q": "d@0"})
    kinds = {one.path: one.kind for one in resolved(whole, {"q": SKIP}, TARGET)}
    assert kinds == {"p": Kind.UPDATE_SOURCE, "q": Kind.SKIP}


def test_an_open_conflict_changes_nothing() -> None:
    whole = situation({"p": "a@0"}, {"p": "b@0"})
    assert decide.make_plan(decided(whole), whole).operations == ()


TREE = {"d/x": "x@0", "d/e/y": "y@0", "d/l": ">t@0", "d/empty": "dir"}


@pytest.mark.parametrize(
    ("answer", "here"),
    [
        (SOURCE, {"d": "a"}),
        (TARGET, {"d": "dir", "d/e": "dir", "d/e/y": "y", "d/empty": "dir", "d/l": ">t", "d/x": "x"}),
        (
            BOTH,
            {
                "d": "dir",
                "d (conflict 1 2001-09-09)": "a",
                "d/e": "dir",
                "d/e/y": "y",
                "d/empty": "dir",
                "d/l": ">t",
                "d/x": "x",
            },
        ),
    ],
)
def test_a_file_against_a_folder(answer: Answer, here: Rows) -> None:
    whole = situation({"d": "a@0"}, TREE, TREE)
    world = after(whole, resolved(whole, {"d": answer}))
    assert holds(world, Side.SOURCE) == holds(world, Side.TARGET) == here
    assert {content for _, content in world.contents()} == {"a", "x", "y", "t"}


def test_a_folder_goes_only_after_all_that_is_in_it() -> None:
    whole = situation({"d": "a@0"}, TREE, TREE)
    plan = decide.make_plan(resolved(whole, {"d": SOURCE}), whole)
    copy = plan.operations[-1]
    assert copy.action is Action.COPY and copy.follows is not None
    assert steps(plan)[copy.follows] == "remove folder /two/d"
    failed = World({Side.SOURCE: dict(whole.source.entries), Side.TARGET: dict(whole.target.entries)})
    failed.carry_out(plan, frozenset({1}))
    assert failed.trees[Side.TARGET]["d"].kind is EntryKind.FOLDER


@pytest.mark.parametrize(
    ("content", "more"), [({"d/f": "fifo"}, {}), ({"d/f": "?"}, {}), ({}, {"more": {"d"}}), ({}, {"unread": {"d"}})]
)
def test_a_folder_that_holds_the_unknown_is_not_replaced(content: Rows, more: dict[str, object]) -> None:
    whole = situation({"d": "a@0"}, {"d/x": "x@0", **content}, target_more=more)
    (found,) = resolved(whole, {"d": SOURCE})
    assert found.kind is Kind.PROBLEM and "nothing can take its place" in str(found.problem)
    assert decide.make_plan([found], whole).operations == ()


@pytest.mark.parametrize(
    ("answer", "names"), [(SOURCE, {"new"}), (TARGET, {"old"}), (BOTH, {"old", "new"}), (SKIP, None)]
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_move_can_be_turned_round(answer: Answer, names: set[str] | None, turned: bool) -> None:
    whole = situation({"new": "a@0"}, {"old": "a@0"}, {"old": "a@0"})
    if turned:
        whole, answer = mirrored(whole), {SOURCE: TARGET, TARGET: SOURCE}.get(answer, answer)
    world = after(whole, resolved(whole, {"new": answer}))
    if names is None:
        assert world.trees[Side.SOURCE].keys() != world.trees[Side.TARGET].keys()
    else:
        assert world.trees[Side.SOURCE].keys() == world.trees[Side.TARGET].keys() == names
    assert {content for _, content in world.contents()} == {"a"}


def test_folders_follow_the_answers() -> None:
    agreed = {"d/p": "a@0"}
    whole = situation({}, agreed, agreed)
    asked = Choices(Deletions.ASK)
    assert {one.path: one.kind for one in resolved(whole, {"d/p": SOURCE}, choices=asked)} == {
        "d/p": Kind.DELETE_IN_TARGET,
        "d": Kind.DELETE_IN_TARGET,
    }
    assert {one.path: one.kind for one in resolved(whole, {"d/p": TARGET}, choices=asked)} == {
        "d/p": Kind.COPY_TO_SOURCE,
        "d": Kind.COPY_TO_SOURCE,
    }
    assert {one.path: one.kind for one in resolved(whole, {"d/p": SKIP}, choices=asked)} == {"d/p": Kind.SKIP}


@pytest.mark.parametrize(("answer", "kind"), [(SOURCE, Kind.DELETE_IN_TARGET), (TARGET, Kind.COPY_TO_SOURCE)])
@pytest.mark.parametrize("agreed", [{"d/e": "dir"}, {"d/e/f": "dir"}, {"d/p": "a@0", "d/e": "dir"}])
def test_a_folder_follows_the_answers_about_the_folders_in_it(agreed: Rows, answer: Answer, kind: Kind) -> None:
    """In one run: the folder around a folder that goes is not left for the next one to ask about."""
    whole = situation({}, agreed, agreed)
    found = resolved(whole, {}, answer, choices=Choices(Deletions.ASK))
    assert {one.kind for one in found} == {kind}
    assert {one.path for one in found} == set(whole.target.entries)


def test_two_conflicts_never_get_one_name() -> None:
    taken = {"p": "a@0", NAME: "c@0"}
    whole = situation(taken, {"p": "b@0"})
    world = after(whole, resolved(whole, {"p": BOTH}))
    free = "p (conflict 2 2001-09-09 2)"
    assert holds(world, Side.SOURCE) == holds(world, Side.TARGET) == {"p": "a", NAME: "c", free: "b"}


def test_sizes_are_those_that_would_be_copied() -> None:
    whole = situation({"p": "a@9", "q": "b@0"}, {"p": "c@0"})
    assert [one.size for one in decided(whole)] == [10, 10]
    assert Decision("p", Kind.DELETE_IN_TARGET, "", None, entry("a@0")).size == 0
