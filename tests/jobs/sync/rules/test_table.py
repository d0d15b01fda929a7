"""The decision table of *sync*, every row of it, and each with the two sides exchanged."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from image_sync.jobs.sync.model import Agreed, Decision, Kind, Side
from image_sync.jobs.sync.request import Deletions
from image_sync.jobs.sync.rules import decide as sync
from image_sync.jobs.sync.rules.decide import Choices
from tests.jobs.sync.rules.values import SECOND, bare, decided, mirrored, situation, told, veiled

MIRROR = {
    Kind.COPY_TO_TARGET: Kind.COPY_TO_SOURCE,
    Kind.UPDATE_TARGET: Kind.UPDATE_SOURCE,
    Kind.DELETE_IN_TARGET: Kind.DELETE_IN_SOURCE,
    Kind.RENAME_IN_TARGET: Kind.RENAME_IN_SOURCE,
}
MIRROR |= {there: here for here, there in MIRROR.items()}

TO_TARGET, TO_SOURCE = Kind.COPY_TO_TARGET, Kind.COPY_TO_SOURCE
UPDATE_TARGET, UPDATE_SOURCE = Kind.UPDATE_TARGET, Kind.UPDATE_SOURCE

TWO_WAY = [
    # source, target, what becomes of it, a part of the reason
    ("a@0", "-", TO_TARGET, "only in the source"),
    ("-", "a@0", TO_SOURCE, "only in the target"),
    ("@0", "-", TO_TARGET, "only in the source"),
    (">x@0", "-", TO_TARGET, "only in the source"),
    ("dir", "-", TO_TARGET, "only in the source"),
    ("a@0", "a@0", Kind.EQUAL, ""),
    ("a@0", "a@50", Kind.EQUAL, ""),
    ("a@0", "a@3600", Kind.EQUAL, ""),
    ("a@0", "a@-3600", Kind.EQUAL, ""),
    ("@0", "@9", Kind.EQUAL, ""),
    (">x@0", ">x@9", Kind.EQUAL, ""),
    ("dir", "dir", Kind.EQUAL, ""),
    ("a@1", "b@0", UPDATE_TARGET, "newer"),
    ("a@0", "b@1", UPDATE_SOURCE, "newer"),
    ("a@0", "b@3600", UPDATE_SOURCE, "newer"),
    ("a@0", "b@0", Kind.CONFLICT, "same time"),
    (">x@1", ">y@0", UPDATE_TARGET, "newer"),
    (">x@0", ">y@0", Kind.CONFLICT, "same time"),
    ("@1", "b@0", Kind.CONFLICT, "empty"),
    ("@0", "b@1", UPDATE_SOURCE, "newer"),
    ("@0", "b@0", Kind.CONFLICT, "same time"),
    ("a@0", "dir", Kind.CONFLICT, "a file in the source, a folder in the target"),
    (">x@0", "dir", Kind.CONFLICT, "a link in the source, a folder in the target"),
    ("a@9", ">x@0", Kind.CONFLICT, "a file in the source, a link in the target"),
    ("fifo", "-", None, ""),
    ("fifo", "fifo", None, ""),
    ("fifo", "a@0", Kind.PROBLEM, "a pipe"),
    ("fifo", "dir", Kind.PROBLEM, "a pipe"),
    ("?", "a@0", None, ""),
    ("?", "-", None, ""),
    ("?", "dir", None, ""),
    ("?", "?", None, ""),
]

THREE_WAY = [
    # agreed, source, target, what becomes of it, a part of the reason
    ("a@0", "a@0", "a@0", Kind.EQUAL, ""),
    ("a@0", "a@9", "a@0", Kind.EQUAL, ""),
    ("a@0", "a@9", "a@5", Kind.EQUAL, ""),
    ("a@0", "b@9", "a@0", UPDATE_TARGET, "changed in the source since"),
    ("a@0", "b@0", "a@0", UPDATE_TARGET, "changed in the source since"),  # same size, same time: a silent change
    ("a@0", "b@-9", "a@0", UPDATE_TARGET, "changed in the source since"),  # an older version was put back
    ("a@0", "b@9", "a@20", UPDATE_TARGET, "changed in the source since"),  # the other was only touched, later
    ("a@0", "b@9", "c@5", UPDATE_TARGET, "changed on both sides since the last run; the one in the source is newer"),
    ("a@0", "b@5", "c@9", UPDATE_SOURCE, "changed on both sides since the last run; the one in the target is newer"),
    ("a@0", "b@9", "c@9", Kind.CONFLICT, "changed on both sides since the last run, same time"),
    ("a@0", "b@9", "b@5", Kind.EQUAL, ""),
    ("a@0", "@9", "a@0", Kind.CONFLICT, "empty in the source"),
    ("a@0", "@-9", "a@0", Kind.CONFLICT, "empty in the source"),
    ("a@0", "@9", "c@5", Kind.CONFLICT, "empty in the source"),
    ("a@0", "@5", "c@9", UPDATE_SOURCE, "newer"),
    ("@0", "b@9", "@0", UPDATE_TARGET, "changed in the source since"),
    ("@0", "@9", "@0", Kind.EQUAL, ""),
    ("a@0", "-", "-", None, ""),
    ("a@0", "-", "b@9", TO_SOURCE, "the change is kept"),
    ("a@0", "-", "b@0", TO_SOURCE, "the change is kept"),
    ("a@0", "-", "dir", TO_SOURCE, "only in the target"),
    ("a@0", "-", "?", None, ""),
    ("a@0", "?", "?", None, ""),
    ("a@0", "?", "b@9", None, ""),
    ("a@0", "-", "fifo", None, ""),
    ("a@0", "fifo", "a@0", Kind.PROBLEM, "a pipe"),
    ("a@0", "dir", "a@0", UPDATE_TARGET, "a folder took the place of a file in the source"),
    ("a@0", "dir", "dir", Kind.EQUAL, ""),
    ("a@0", "dir", "b@9", Kind.CONFLICT, "a folder in the source"),
    ("a@0", ">x@9", "a@0", Kind.CONFLICT, "a link in the source, a file in the target"),
    ("a@0", ">x@9", ">y@5", UPDATE_TARGET, "changed on both sides"),
    (">x@0", ">y@9", ">x@0", UPDATE_TARGET, "changed in the source since"),
    (">x@0", ">y@0", ">x@0", UPDATE_TARGET, "changed in the source since"),
    (">x@0", ">x@9", ">x@0", Kind.EQUAL, ""),
    (">x@0", "-", ">y@9", TO_SOURCE, "the change is kept"),
    ("dir", "dir", "dir", Kind.EQUAL, ""),
    ("dir", "-", "-", None, ""),
    ("dir", "a@0", "dir", UPDATE_TARGET, "a file took the place of a folder in the source"),
    ("dir", "@0", "dir", Kind.CONFLICT, "a file in the source, a folder in the target"),
    ("dir", ">x@0", "dir", Kind.CONFLICT, "a link in the source, a folder in the target"),
    ("dir", "a@9", "b@5", UPDATE_TARGET, "changed on both sides"),
    ("dir", "-", "a@0", TO_SOURCE, "the change is kept"),
]

DELETIONS = [
    # agreed, source, target, restore, propagate, ask
    ("a@0", "-", "a@0", TO_SOURCE, Kind.DELETE_IN_TARGET, Kind.DELETION),
    ("a@0", "-", "a@9", TO_SOURCE, Kind.DELETE_IN_TARGET, Kind.DELETION),  # touched is not changed
    (">x@0", "-", ">x@0", TO_SOURCE, Kind.DELETE_IN_TARGET, Kind.DELETION),
    ("@0", "-", "@0", TO_SOURCE, Kind.DELETE_IN_TARGET, Kind.DELETION),
    ("dir", "-", "dir", TO_SOURCE, Kind.DELETE_IN_TARGET, Kind.DELETION),
    ("a@0", "-", "b@9", TO_SOURCE, TO_SOURCE, TO_SOURCE),
    ("a@0", "-", "b@0", TO_SOURCE, TO_SOURCE, TO_SOURCE),
    ("a@0", "-", "?", None, None, None),
    ("a@0", "-", "-", None, None, None),
    ("-", "-", "a@0", TO_SOURCE, TO_SOURCE, TO_SOURCE),
]


def only(decisions: tuple[Decision, ...]) -> Decision | None:
    """The decision on ``p``; there is none on anything else."""
    assert {decision.path for decision in decisions} <= {"p"}
    return decisions[0] if decisions else None


def check(agreed: str, source: str, target: str, kind: Kind | None, why: str, choices: Choices) -> None:
    then = {} if agreed == "-" else {"p": agreed}
    whole = situation({"p": source}, {"p": target}, then)
    found, reflected = only(decided(whole, choices)), only(decided(mirrored(whole), choices))
    assert (found.kind if found else None) is kind
    assert (reflected.kind if reflected else None) is (MIRROR.get(kind, kind) if kind else None)
    assert found is None or why in found.why
    assert (found is not None and found.problem is not None) is (kind is Kind.PROBLEM)


@pytest.mark.parametrize(("source", "target", "kind", "why"), TWO_WAY)
def test_two_way(source: str, target: str, kind: Kind | None, why: str) -> None:
    check("-", source, target, kind, why, Choices())


@pytest.mark.parametrize(("agreed", "source", "target", "kind", "why"), THREE_WAY)
def test_three_way(agreed: str, source: str, target: str, kind: Kind | None, why: str) -> None:
    check(agreed, source, target, kind, why, Choices())


@pytest.mark.parametrize(("agreed", "source", "target", "restore", "propagate", "ask"), DELETIONS)
def test_deletions(
    agreed: str, source: str, target: str, restore: Kind | None, propagate: Kind | None, ask: Kind | None
) -> None:
    for way, kind in zip(Deletions, (restore, propagate, ask), strict=True):
        check(agreed, source, target, kind, "", Choices(way))


def _took_the_place(agreed: str, new: str, old: str) -> bool:
    """Whether a file with content and a folder changed places on one side, and the other only touched its own."""
    kinds = {"dir" if state == "dir" else "link" if state.startswith(">") else "file" for state in (new, old)}
    content, then = (state.partition("@")[0] for state in (old, agreed))
    return kinds == {"dir", "file"} and content == then and not new.startswith("@")


STATES = ("-", "a@0", "a@9", "b@0", "b@9", "b@-9", "c@5", "@9", ">x@3", "dir", "fifo", "?")


@pytest.mark.parametrize("agreed", ["-", "a@0", "@0", ">x@0", "dir"])
@pytest.mark.parametrize("deletions", list(Deletions))
def test_every_state_against_every_other(agreed: str, deletions: Deletions) -> None:
    """What must hold in each of the 2,160 rows, whatever the table says."""
    for source, target in itertools.product(STATES, STATES):
        whole = situation({"p": source}, {"p": target}, {} if agreed == "-" else {"p": agreed})
        found = only(decided(whole, Choices(deletions)))
        kind = found.kind if found else None
        row = (agreed, source, target, deletions, kind)
        if "?" in (source, target):
            assert kind is None, row
        if kind in (Kind.DELETE_IN_SOURCE, Kind.DELETE_IN_TARGET):
            left = target if source == "-" else source
            assert deletions is Deletions.PROPAGATE and left.partition("@")[0] == agreed.partition("@")[0], row
        if kind in (Kind.UPDATE_SOURCE, Kind.UPDATE_TARGET):
            new, old = (source, target) if kind is Kind.UPDATE_TARGET else (target, source)
            assert not (new.startswith("@") and not old.startswith("@")), row
            assert new.partition("@")[0] != old.partition("@")[0], row
            assert "dir" not in row[1:3] or _took_the_place(agreed, new, old), row
            assert "dir" in row[1:3] or (new.startswith(">")) is (old.startswith(">")), row
        if kind is Kind.EQUAL:
            assert source.partition("@")[0] == target.partition("@")[0], row
        if source != "-" and target != "-" and "dir" in (source, target) and source != target:
            new, old = (target, source) if source.partition("@")[0] == agreed.partition("@")[0] else (source, target)
            assert _took_the_place(agreed, new, old) or kind in (Kind.CONFLICT, Kind.PROBLEM, None), row


@pytest.mark.parametrize(
    ("apart", "tolerance", "kind"),
    [
        (0.0, 0.0, Kind.CONFLICT),
        (0.000001, 0.0, UPDATE_SOURCE),
        (1.999, 2.0, Kind.CONFLICT),
        (2.0, 2.0, Kind.CONFLICT),
        (2.001, 2.0, UPDATE_SOURCE),
        (-1.5, 2.0, Kind.CONFLICT),
        (-2.5, 2.0, UPDATE_TARGET),
        (1.0, 1.0, Kind.CONFLICT),
        (3600.0, 2.0, UPDATE_SOURCE),
    ],
)
def test_times_are_the_same_up_to_the_coarser_resolution(apart: float, tolerance: float, kind: Kind) -> None:
    check("-", "a@0", f"b@{apart}", kind, "", Choices(tolerance_ns=round(tolerance * SECOND)))


@pytest.mark.parametrize("apart", [2, 3600, -3600, 7200])
def test_fat_and_summer_time_shift_no_content(apart: int) -> None:
    """Two sides that agreed, and a clock that reads the target's times otherwise now: nothing happened."""
    check("a@0", "a@0", f"a@{apart}", Kind.EQUAL, "", Choices(Deletions.PROPAGATE, 2 * SECOND))


def test_what_is_as_agreed_needs_no_reading() -> None:
    whole = situation({"p": "a@0", "q": "b@0"}, {"p": "a@0", "q": "b@0"}, {"p": "a@0", "q": "b@0"})
    assert sync.wanted_contents(whole) == ()


@pytest.mark.parametrize(
    ("agreed", "source", "target", "digests", "compared"),
    [
        ("-", "a@0", "-", "", False),
        ("-", "a@0", "b@0", "", True),
        ("-", "a@0", "a@9", "", True),
        ("-", "@0", "@0", "", False),
        ("-", ">x@0", ">y@0", "", False),
        ("-", "a@0", ">y@0", "", False),
        ("a@0", "b@9", "a@0", "source", False),
        ("a@0", "b@9", "c@9", "source target", False),
        ("a@0", "-", "a@0", "", False),
        ("a@0", "-", "b@9", "target", False),
    ],
)
def test_only_what_can_tell_something_is_read(
    agreed: str, source: str, target: str, digests: str, compared: bool
) -> None:
    whole = veiled(situation({"p": source}, {"p": target}, {} if agreed == "-" else {"p": agreed}))
    assert [side.value for side, _ in sync.wanted_contents(whole)] == digests.split()
    assert sync.wanted_comparisons(whole) == (("p",) if compared else ())


def test_where_nothing_was_ever_read_touched_files_are_compared() -> None:
    """The memory knows that both sides agreed, not on what: then the two files tell it between them."""
    whole = situation({"p": "a@9"}, {"p": "a@0"}, {"p": "a@0"})
    unread = {
        path: Agreed(replace(one.source, content=""), replace(one.target, content=""))
        for path, one in whole.agreed.items()
    }
    hidden = veiled(replace(whole, agreed=unread))
    assert sync.wanted_contents(hidden) == () and sync.wanted_comparisons(hidden) == ("p",)
    assert [one.kind for one in sync.decide(told(whole, hidden), Choices())] == [Kind.EQUAL]


@pytest.mark.parametrize(
    ("source", "target", "restore", "propagate"),
    [
        ("a@9", "longer@5", Kind.CONFLICT, Kind.CONFLICT),  # a true edit must not give way to a mere touch
        ("a@5", "longer@9", Kind.CONFLICT, Kind.CONFLICT),
        ("a@9", "-", TO_TARGET, TO_TARGET),
        ("a@9", "a@0", Kind.EQUAL, Kind.EQUAL),
        ("b@9", "a@0", UPDATE_TARGET, UPDATE_TARGET),  # the untouched one tells what both held
        ("b@-9", "a@0", UPDATE_TARGET, UPDATE_TARGET),
        ("a@9", "c@5", UPDATE_TARGET, UPDATE_TARGET),
    ],
)
def test_what_nobody_remembers_is_never_a_change(source: str, target: str, restore: Kind, propagate: Kind) -> None:
    """Both sides agreed, and what they held is forgotten: a touch says nothing, and nothing is deleted for it."""
    whole = situation({"p": source}, {"p": target}, {"p": "a@0"})
    entries = {path: replace(one, size=len(one.content) * 10) for path, one in whole.target.entries.items()}
    forgotten = {
        path: Agreed(replace(one.source, content=""), replace(one.target, content=""))
        for path, one in whole.agreed.items()
    }
    touched = replace(whole.source, entries={"p": replace(whole.source.entries["p"], ctime_ns=1)})
    whole = replace(whole, source=touched, target=replace(whole.target, entries=entries), agreed=forgotten)
    hidden = replace(veiled(whole), agreed=forgotten)
    for way, kind in ((Deletions.RESTORE, restore), (Deletions.PROPAGATE, propagate)):
        (found,) = sync.decide(told(whole, hidden), Choices(way))
        assert found.kind is kind, found.why


def test_different_sizes_are_never_read() -> None:
    whole = situation({"p": "a@0"}, {"p": "b@0"})
    longer = replace(whole.target.entries["p"], size=99)
    hidden = veiled(replace(whole, target=replace(whole.target, entries={"p": longer})))
    assert sync.wanted_contents(hidden) == () and sync.wanted_comparisons(hidden) == ()


def test_a_content_that_nobody_wrote_is_a_conflict() -> None:
    """Size, both times and inode are as they were, the bytes are not: only a failing disk does that."""
    whole = situation({"p": "a@0"}, {"p": "a@0"}, {"p": "a@0"})
    rotten = replace(whole.target.entries["p"], content="z")
    whole = replace(whole, target=replace(whole.target, entries={"p": rotten}))
    (found,) = sync.decide(whole, Choices())
    assert found.kind is Kind.CONFLICT
    assert "in the target changed although nothing was written" in found.why


def test_verify_reads_everything_that_stands_on_both_sides() -> None:
    here = {"p": "a@0", "q": "b@0", "r": "@0", "s": "c@0"}
    there = {"p": "a@0", "r": "@0", "s": "c@0"}
    whole = bare(situation(here, there, {"p": "a@0", "r": "@0"}))
    assert sync.wanted_contents(whole) == () and sync.wanted_comparisons(whole) == ("s",)
    assert sync.wanted_contents(whole, verify=True) == ((Side.SOURCE, "p"), (Side.TARGET, "p"))
    assert sync.wanted_comparisons(whole, verify=True) == ("s",)
