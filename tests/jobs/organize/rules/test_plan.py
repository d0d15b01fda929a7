"""The rules of *organize* as tables: pictures and groups in, operations out."""

from __future__ import annotations

import itertools

import pytest

from image_sync.base import paths, words
from image_sync.base.model import Action, FileKind, Group, Match, Member, Operation, Picture, Sameness, Stamp
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules import plan as organize
from image_sync.jobs.organize.rules.certainty import certainty_of
from image_sync.jobs.organize.rules.plan import Standing, make_plan, parted_in_words
from image_sync.jobs.transfer import Transfer
from tests.values import picture, record

REQUEST = OrganizeRequest(("/one", "/two"), "/out")


def group(*members: int, context: str = "beach", sameness: Sameness = Sameness.SIMILAR) -> Group:
    best, *others = members
    return Group(
        (Member(best, Sameness.IDENTICAL_FILE, 1.0), *(Member(other, sameness, 0.9) for other in others)),
        context,
        "more pixels",
    )


def request(**changes: object) -> OrganizeRequest:
    return OrganizeRequest(**{"folders": ("/one", "/two"), "output": "/out", **changes})  # type: ignore[arg-type]


def steps(operations: tuple[Operation, ...]) -> list[tuple[str, str, str]]:
    return [(operation.action.value, operation.source, operation.destination) for operation in operations]


def test_groups_are_gathered_and_the_rest_is_unique() -> None:
    pictures = [picture("a.jpg"), picture("x/b.jpg"), picture("c.jpg", root="/two")]
    plan = make_plan(pictures, [group(0, 2)], REQUEST, Standing())
    assert steps(plan.operations) == [
        ("move", "/one/a.jpg", "/out/similar_beach/a.jpg"),
        ("move", "/two/c.jpg", "/out/similar_beach/c.jpg"),
        ("move", "/one/x/b.jpg", "/out/unique_images/b.jpg"),
    ]
    assert [operation.reason for operation in plan.operations] == [
        "best of 2: more pixels",
        "90 % similar to a.jpg, very likely",
        "no match",
    ]


@pytest.mark.parametrize(("transfer", "action"), [(Transfer.COPY, Action.COPY), (Transfer.LINK, Action.LINK)])
def test_copy_and_link_are_a_choice(transfer: Transfer, action: Action) -> None:
    plan = make_plan([picture("a.jpg")], [], request(transfer=transfer), Standing())
    assert [operation.action for operation in plan.operations] == [action]


@pytest.mark.parametrize(
    ("standing", "names", "expected"),
    [
        ([], ["a.jpg", "x/a.jpg", "y/a.jpg"], ["a.jpg", "a_1.jpg", "a_2.jpg"]),
        ([], ["a.jpg", "x/A.JPG"], ["a.jpg", "A_1.JPG"]),
        ([], ["caf\u00e9.jpg", "x/cafe\u0301.jpg"], ["caf\u00e9.jpg", "cafe\u0301_1.jpg"]),
        (["unique_images/a.jpg"], ["a.jpg"], ["a_1.jpg"]),
        (["unique_images/a_1.jpg"], ["a.jpg", "x/a.jpg"], ["a.jpg", "a_2.jpg"]),
        ([], ["a_1.jpg", "a.jpg", "x/a.jpg"], ["a_1.jpg", "a.jpg", "a_2.jpg"]),
    ],
)
def test_names_that_meet_get_numbers(standing: list[str], names: list[str], expected: list[str]) -> None:
    there = Standing(frozenset({"unique_images"}), {paths.folded(path): Stamp(1, 1) for path in standing})
    plan = make_plan([picture(name) for name in names], [], REQUEST, there)
    assert [paths.name(operation.destination) for operation in plan.operations] == expected


def test_a_thousand_pictures_of_one_name_each_get_their_own() -> None:
    plan = make_plan([picture(f"{number}/a.jpg") for number in range(1000)], [], REQUEST, Standing())
    assert len({operation.destination for operation in plan.operations}) == 1000


@pytest.mark.parametrize(
    ("standing", "contexts", "expected"),
    [
        ([], ["beach", "beach"], ["similar_beach", "similar_beach_2"]),
        ([], ["beach", "Beach"], ["similar_beach", "similar_Beach_2"]),
        (["similar_beach"], ["beach", "beach"], ["similar_beach_2", "similar_beach_3"]),
    ],
)
def test_two_groups_never_share_a_folder(standing: list[str], contexts: list[str], expected: list[str]) -> None:
    pictures = [picture(f"{number}.jpg") for number in range(4)]
    groups = [group(0, 1, context=contexts[0]), group(2, 3, context=contexts[1])]
    plan = make_plan(pictures, groups, REQUEST, Standing(frozenset(standing)))
    folders = [paths.name(paths.parent(operation.destination)) for operation in plan.operations]
    assert [name for name, _ in itertools.groupby(folders)] == expected


def test_what_belongs_to_a_picture_travels_under_its_name() -> None:
    sidecar = record("a.jpg.xmp", kind=FileKind.SIDECAR, size=10)
    movie = record("a.mov", kind=FileKind.MOVIE, size=99)
    pictures = [picture("0/a.jpg"), picture("a.jpg", companions=(sidecar, movie))]
    plan = make_plan(pictures, [], REQUEST, Standing())
    assert [(operation.destination, operation.follows) for operation in plan.operations] == [
        ("/out/unique_images/a.jpg", None),
        ("/out/unique_images/a_1.jpg", None),
        ("/out/unique_images/a_1.jpg.xmp", 1),
        ("/out/unique_images/a_1.mov", 1),
    ]


def test_a_reference_is_never_changed() -> None:
    pictures = [picture("a.jpg", reference=True), picture("b.jpg", reference=True), picture("c.jpg", root="/two")]
    plan = make_plan(pictures, [group(0, 2)], REQUEST, Standing())
    assert steps(plan.operations) == [("move", "/two/c.jpg", "/out/similar_beach/c.jpg")]


def test_a_group_of_references_alone_makes_no_folder() -> None:
    pictures = [picture("a.jpg", reference=True), picture("b.jpg", reference=True)]
    assert make_plan(pictures, [group(0, 1)], REQUEST, Standing()).operations == ()


def test_keep_best_sets_the_others_aside_and_leaves_the_rest() -> None:
    pictures = [picture("a.jpg"), picture("t/b.jpg", root="/two"), picture("c.jpg"), picture("d.jpg")]
    groups = [group(0, 1, sameness=Sameness.IDENTICAL_FILE), group(2, 3)]
    plan = make_plan(pictures, groups, request(handling=Handling.KEEP_BEST, transfer=Transfer.COPY), Standing())
    assert steps(plan.operations) == [
        ("move", "/two/t/b.jpg", "/out/duplicates/two/t/b.jpg"),
        ("move", "/one/d.jpg", "/out/duplicates/one/d.jpg"),
    ]
    assert [operation.same_as for operation in plan.operations] == ["/one/a.jpg", ""], "bytes are compared before"


def test_one_file_of_every_group_is_kept() -> None:
    pictures = [picture(f"{number}.jpg") for number in range(5)]
    plan = make_plan(pictures, [group(3, 0, 1, 2, 4)], request(handling=Handling.KEEP_BEST), Standing())
    assert {operation.source for operation in plan.operations} == {f"/one/{number}.jpg" for number in (0, 1, 2, 4)}


def test_exact_copies_become_links_of_the_first() -> None:
    pictures = [
        picture("a.jpg", digest="1"),
        picture("b.jpg", digest="1"),
        picture("c.jpg", digest="2"),
        picture("d.jpg", digest="2", device=9),
        picture("e.jpg"),
        picture("f.jpg", digest="1", reference=True),
    ]
    plan = make_plan(pictures, [group(0, 1, 2, 3, 4, 5)], request(handling=Handling.LINK_EXACT), Standing())
    assert steps(plan.operations) == [("replace with link", "/one/a.jpg", "/one/b.jpg")]
    assert plan.operations[0].versions == "/one/.image-sync/versions"
    assert any("another disk" in note for note in plan.notes)


def test_a_partial_scan_moves_nothing_as_unique() -> None:
    pictures = [picture("a.jpg"), picture("b.jpg"), picture("c.jpg")]
    plan = make_plan(pictures, [group(0, 1)], REQUEST, Standing(), complete=False)
    assert [operation.source for operation in plan.operations] == ["/one/a.jpg", "/one/b.jpg"]


@pytest.mark.parametrize("transfer", [Transfer.COPY, Transfer.LINK])
def test_a_second_copy_run_finds_everything_in_place(transfer: Transfer) -> None:
    pictures = [picture("a.jpg"), picture("x/a.jpg", size=7), picture("b.jpg"), picture("y/b.jpg", root="/two")]
    groups = [group(2, 3)]
    first = make_plan(pictures, groups, request(transfer=transfer), Standing())
    files = {
        paths.folded(operation.destination.removeprefix("/out/")): operation.expected for operation in first.operations
    }
    folders = frozenset(path.split("/")[0] for path in files)
    second = make_plan(pictures, groups, request(transfer=transfer), Standing(folders, files))  # type: ignore[arg-type]
    assert len(first.operations) == 4
    assert second.operations == ()
    assert any("4 pictures from an earlier run" in note for note in second.notes)


def test_the_plan_says_what_was_chosen() -> None:
    plan = make_plan([], [], REQUEST, Standing(), notes=["said"])
    assert plan.roots == {"folder 1": "/one", "folder 2": "/two", "output": "/out"}
    assert plan.notes == ("said",)


def test_contexts_come_from_the_best() -> None:
    pictures: list[Picture] = [picture("IMG_1.jpg", captured="2003-05-06T00:00:00"), picture("beach.jpg")]
    found = organize.with_contexts([group(0, 1), group(1, 0)], pictures)
    assert [entry.context for entry in found] == ["2003-05-06", "beach"]


@pytest.mark.parametrize("score", [0.97, 0.974, 0.9768, 0.989, 0.9999])
def test_a_match_has_one_figure_wherever_it_is_told(score: float) -> None:
    best, other = Member(0, Sameness.IDENTICAL_FILE, 1.0), Member(1, Sameness.SIMILAR, score)
    plan = make_plan([picture("a.jpg"), picture("b.jpg")], [Group((best, other), "x")], REQUEST, Standing())
    sure = certainty_of(Sameness.SIMILAR, score).value
    assert plan.operations[1].reason == f"{words.percent(score)} similar to a.jpg, {sure}"
    assert "100" not in plan.operations[1].reason


def test_close_pairs_that_are_in_no_group_together_are_named() -> None:
    pictures = [picture(f"{number}.jpg") for number in range(6)]
    parted = [Match(number, number + 1, Sameness.SIMILAR, 0.991) for number in range(5)]
    assert list(parted_in_words(parted[:1], pictures)) == [
        "In no group together although 99 % similar or more: “/one/0.jpg” and “/one/1.jpg”."
    ]
    assert next(parted_in_words(parted, pictures)).endswith("“/one/2.jpg” and “/one/3.jpg”; and 2 more pairs.")
    assert list(parted_in_words([], pictures)) == []
