"""Permissions in the table: the side that changed them wins; who did not look can't know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from image_sync.base.model import Action
from image_sync.jobs.sync.model import FOLDER, Agreed, Answer, Decision, Entry, Kind, Situation
from image_sync.jobs.sync.request import Deletions
from image_sync.jobs.sync.rules import decide as sync
from image_sync.jobs.sync.rules.decide import Choices
from tests.jobs.sync.rules.values import entry, situation

P = "trip/a.jpg"


def file(text: str, permissions: str, agreed: str = "a@0") -> Entry:
    found = entry(text, agreed)
    assert found is not None
    return replace(found, permissions=permissions)


def folder(permissions: str) -> Entry:
    return replace(FOLDER, permissions=permissions)


def of(source: Entry, target: Entry, agreed: str | None, path: str = P) -> Situation:
    """Both sides hold one path; ``agreed`` are the permissions that both had, ``None`` without a memory of the pair."""
    bare = situation({}, {})
    known = {}
    if agreed is not None:
        then = FOLDER if source.kind is FOLDER.kind else file("a@0", "")
        known = {path: Agreed(then, then, agreed)}
    return replace(
        bare,
        source=replace(bare.source, entries={path: source}),
        target=replace(bare.target, entries={path: target}),
        agreed=known,
        is_first=agreed is None,
    )


def decided(whole: Situation) -> Decision:
    (found,) = sync.decide(whole, Choices())
    return found


CASES = [
    # source, target, both had, what becomes of it, what is said
    ("644", "644", "644", Kind.EQUAL, "same content"),
    ("600", "644", "644", Kind.PERMIT_IN_TARGET, "changed in the source since the last run: rw-r--r-- to rw-------"),
    ("644", "600", "644", Kind.PERMIT_IN_SOURCE, "changed in the target since the last run: rw-r--r-- to rw-------"),
    ("600", "640", "644", Kind.CONFLICT, "permissions changed on both sides since the last run"),
    ("600", "600", "644", Kind.EQUAL, "same content"),
    ("600", "644", "", Kind.CONFLICT, "other permissions, and nobody remembers which side changed"),
    ("600", "644", None, Kind.CONFLICT, "other permissions, and nobody remembers which side changed"),
    ("", "644", "644", Kind.EQUAL, "same content"),
    ("644", "", "644", Kind.EQUAL, "same content"),
    ("644:aa", "644:", "644:", Kind.PERMIT_IN_TARGET, "attributes changed in the source since the last run"),
    ("644:", "644:bb", "644:aa", Kind.CONFLICT, "attributes changed on both sides since the last run"),
    ("600:aa", "644:", "644:", Kind.PERMIT_IN_TARGET, "permissions changed in the source"),
]


@pytest.mark.parametrize(("source", "target", "agreed", "kind", "why"), CASES)
def test_the_same_content(source: str, target: str, agreed: str | None, kind: Kind, why: str) -> None:
    found = decided(of(file("a@0", source), file("a@0", target), agreed))
    assert found.kind is kind and why in found.why
    assert found.permissions is (kind is not Kind.EQUAL)


@pytest.mark.parametrize(("source", "target", "agreed", "kind", "why"), CASES)
def test_folders_are_judged_like_files(source: str, target: str, agreed: str | None, kind: Kind, why: str) -> None:
    found = decided(of(folder(source), folder(target), agreed, "trip"))
    assert found.kind is kind and (why in found.why or kind is Kind.EQUAL)
    assert found.is_folder


def test_a_touched_file_with_other_permissions_is_about_them_alone() -> None:
    found = decided(of(file("a@9", "600"), file("a@0", "644"), "644"))
    assert found.kind is Kind.PERMIT_IN_TARGET


@pytest.mark.parametrize(
    ("source", "target", "agreed", "kind"),
    [
        ("644", "644", "644", Kind.UPDATE_TARGET),
        ("600", "644", "644", Kind.UPDATE_TARGET),
        ("644", "600", "644", Kind.CONFLICT),
        ("640", "600", "644", Kind.CONFLICT),
        ("600", "600", "644", Kind.UPDATE_TARGET),
        ("600", "644", "", Kind.UPDATE_TARGET),
    ],
)
def test_an_update_takes_permissions_along_but_never_over_changed_ones(
    source: str, target: str, agreed: str, kind: Kind
) -> None:
    found = decided(of(file("b@5", source), file("a@0", target), agreed))
    assert found.kind is kind and not found.permissions
    if kind is Kind.CONFLICT:
        assert found.why == "permissions changed in the target since the last run, and the content in the source"


# --- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer.SOURCE, Kind.PERMIT_IN_TARGET),
        (Answer.TARGET, Kind.PERMIT_IN_SOURCE),
        (Answer.KEEP_BOTH, Kind.SKIP),
        (Answer.SKIP, Kind.SKIP),
    ],
)
@pytest.mark.parametrize("is_folder", [False, True])
def test_answers_to_permissions(answer: Answer, kind: Kind, is_folder: bool) -> None:
    made = folder if is_folder else (lambda text: file("a@0", text))
    whole = of(made("600"), made("640"), "644")
    found = sync.decide(whole, Choices())
    for answers, default in (({P: answer}, None), ({}, answer)):
        (one,) = sync.resolve(found, whole, Choices(), answers, default)
        assert one.kind is kind
    for given in ({}, {P: answer}, {}):
        (one,) = sync.Answering(found, whole, Choices()).resolve(given, None)
        assert one.kind is (kind if given else Kind.CONFLICT)


# --- the plan ---------------------------------------------------------------------------------------------------------


def planned(whole: Situation, deletions: Deletions = Deletions.RESTORE) -> list[tuple[Action, str, str]]:
    found = sync.decide(whole, Choices(deletions))
    plan = sync.make_plan(found, whole)
    return [(one.action, one.destination or one.source, one.argument) for one in plan.operations]


def test_the_operation_says_what_it_gives_and_what_it_was_planned_on() -> None:
    whole = of(file("a@3", "600:aa"), file("a@0", "644:"), "644:")
    found = sync.make_plan(sync.decide(whole, Choices()), whole).operations
    (one,) = found
    assert (one.action, one.source, one.destination) == (Action.PERMIT, f"/one/{P}", f"/two/{P}")
    assert one.argument == "600:aa 644:"
    assert one.expected and one.replaces and one.expected.mtime_ns > one.replaces.mtime_ns


def test_folders_open_first_and_close_last_from_within() -> None:
    bare = situation({}, {})
    source = {"a": folder("755"), "b": folder("500"), "b/c": folder("555"), "b/c/x": file("x@0", "600", "-")}
    target = {"a": folder("500"), "b": folder("755"), "b/c": folder("755"), "b/c/x": file("x@0", "644", "-")}
    known = {path: Agreed(one, one, one.permissions) for path, one in target.items()}
    source["a/new"] = file("n@0", "644", "-")
    whole = replace(
        bare,
        source=replace(bare.source, entries=source),
        target=replace(bare.target, entries=target),
        agreed=known,
    )
    assert planned(whole) == [
        (Action.PERMIT, "/two/a", "755 500"),
        (Action.COPY, "/two/a/new", ""),
        (Action.PERMIT, "/two/b/c/x", "600 644"),
        (Action.PERMIT, "/two/b/c", "555 755"),
        (Action.PERMIT, "/two/b", "500 755"),
    ]


def test_a_folder_that_is_made_gets_its_rare_permissions_last() -> None:
    bare = situation({}, {})
    source = {"b": folder("500:"), "b/x": file("x@0", "600:", "-"), "c": folder("750:aa"), "d": folder("750:")}
    whole = replace(bare, source=replace(bare.source, entries=source))
    assert planned(whole)[-2:] == [(Action.PERMIT, "/two/c", "750:aa *"), (Action.PERMIT, "/two/b", "500: *")]
    assert [one[0] for one in planned(whole)].count(Action.PERMIT) == 2


@pytest.mark.parametrize(
    ("here", "there", "then", "permits"),
    [
        ("600", "644", "644", "/two/new 600 644"),
        ("644", "600", "644", "/one/new 600 644"),
        ("600", "640", "644", ""),
        ("600", "644", "", ""),
        ("644", "644", "644", ""),
    ],
)
def test_a_renamed_file_takes_its_changed_permissions_along(here: str, there: str, then: str, permits: str) -> None:
    bare = situation({}, {})
    old = file("a@0", there)
    whole = replace(
        bare,
        source=replace(bare.source, entries={"new": replace(file("a@0", here), inode=7)}),
        target=replace(bare.target, entries={"old": old}),
        agreed={"old": Agreed(replace(old, permissions=""), replace(old, permissions=""), then)},
        is_first=False,
    )
    (move, *rest) = planned(whole)
    assert move == (Action.MOVE, "/two/new", "")
    assert [f"{place} {argument}" for _, place, argument in rest] == ([permits] if permits else [])


def test_sides_exchanged_are_decided_the_other_way_round() -> None:
    for source, target, agreed, _, _ in CASES:
        one, other = (
            decided(of(file("a@0", here), file("a@0", there), agreed))
            for here, there in ((source, target), (target, source))
        )
        swapped = {Kind.PERMIT_IN_SOURCE: Kind.PERMIT_IN_TARGET, Kind.PERMIT_IN_TARGET: Kind.PERMIT_IN_SOURCE}
        assert swapped.get(one.kind, one.kind) is other.kind
