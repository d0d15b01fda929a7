"""What is said, as tables: reviews, plans, summaries, the history, and names that try to disturb."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given

from image_sync.base.model import Action, Maker, Operation, Plan, Problem, RunState, Stamp
from image_sync.cli import organize_report, report
from image_sync.cli.report import Detail
from image_sync.cli.terminal import Style
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import OrganizeRequest
from tests.cli.made import BACKUP, MIB, PHONE, SORTED, hostile, picture, result, review, run, small_review


def shown(found: OrganizeReview, detail: Detail | None = None) -> str:
    return "\n".join(organize_report.review_lines(found, detail or Detail()))


def test_a_review_reads_well() -> None:
    assert (
        shown(small_review())
        == """\
Organize
  Folder 1  /home/ann/Phone
  Folder 2  /media/backup
  Output    /home/ann/Sorted

4 pictures: 3 in 1 group, 1 without a match.

Group 1 · 3 pictures · 2.2 MiB → similar_Beach_0/
  best                         1.0 MiB  4000×3000  Folder 1: 2021/beach.jpg
  same file                    1.0 MiB  4000×3000  Folder 2: beach.jpg
  97 % turned, almost certain  256 KiB  1600×1200  Folder 2: small.jpg
  Best: more pixels than the others.

What will be done
  Move  4 files  3.2 MiB
    into similar_Beach_0/  3 files
    into unique_images/     1 file"""
    )


def test_every_step_is_listed_when_verbose() -> None:
    said = shown(small_review(), Detail(verbose=True))
    assert "  move      Folder 2: small.jpg → Output: similar_Beach_0/small.jpg  (no match)" in said
    assert "Output: similar_Beach_0" not in shown(small_review())


def test_what_a_picture_gets_of_its_copies_is_said_at_its_group() -> None:
    found = small_review()
    place = f"{SORTED}/similar_Beach_0/beach.jpg"
    gain = Operation(
        Action.MERGE, place, place, "gets the place of “small.jpg”", Stamp(MIB, 1), group=0, maker=Maker.STATED
    )
    plan = replace(found.plan, operations=(*found.plan.operations, gain))
    text = shown(replace(found, plan=plan), Detail(verbose=True))
    assert "  Best: more pixels than the others.\n  Gets the place of “small.jpg”.\n" in text
    assert "  Move      4 files  3.2 MiB\n  Complete   1 file  1.0 MiB\n    into similar_Beach_0/  3 files\n" in text
    assert "  complete  Output: similar_Beach_0/beach.jpg  (gets the place of “small.jpg”)" in text


def test_emphasis_is_only_on_headings_and_only_when_wanted() -> None:
    plain, styled = shown(small_review()), shown(small_review(), Detail(style=Style(on=True)))
    assert "\x1b" not in plain
    assert "\x1b[1mGroup 1\x1b[0m · 3 pictures" in styled
    assert styled.replace("\x1b[1m", "").replace("\x1b[0m", "") == plain


def many_groups(number: int) -> OrganizeReview:
    return review([[picture(PHONE, f"{n}/a.jpg"), picture(PHONE, f"{n}/b.jpg")] for n in range(number)])


@pytest.mark.parametrize(
    ("groups", "verbose", "said"),
    [
        (organize_report.MOST_GROUPS + 1, False, ""),
        (organize_report.MOST_GROUPS + 30, False, "… and 30 more groups (--verbose shows all)"),
        (organize_report.MOST_GROUPS + 30, True, ""),
    ],
)
def test_a_long_list_of_groups_is_cut_unless_verbose(groups: int, verbose: bool, said: str) -> None:
    text = shown(many_groups(groups), Detail(verbose))
    assert (said or "more groups") in text if said else "more groups" not in text
    assert text.count("\nGroup ") == (organize_report.MOST_GROUPS if said else groups)


def test_a_long_group_is_cut_but_its_best_is_always_there() -> None:
    members = [picture(PHONE, f"{n:02}.jpg") for n in range(organize_report.MOST_MEMBERS + 5)]
    text = shown(review([members]))
    assert "best " in text
    assert "  … and 5 more (--verbose shows all)" in text
    assert "14.jpg" not in text


def test_a_reference_is_marked_as_staying() -> None:
    text = shown(review([[picture(BACKUP, "a.jpg", reference=True), picture(PHONE, "b.jpg")]]))
    assert "Folder 2: a.jpg (stays)" in text
    assert "b.jpg (stays)" not in text


def test_pictures_without_a_match_and_nothing_to_do() -> None:
    empty = OrganizeReview(OrganizeRequest((PHONE, PHONE), PHONE), (), (), Plan("organize", {"folder 1": PHONE}, ()))
    assert "0 pictures, no two of them alike." in shown(empty)
    assert shown(empty).endswith("What will be done\n  Nothing.")


def test_matches_that_no_group_could_take_are_counted() -> None:
    assert organize_report.review_notes(small_review()) == ()
    (one,) = organize_report.review_notes(replace(small_review(), left_out=1))
    (three,) = organize_report.review_notes(replace(small_review(), left_out=3))
    assert one.startswith("1 match was left out:") and three.startswith("3 matches were left out:")


def test_a_file_in_a_folder_inside_another_is_named_by_the_inner_one() -> None:
    roots = {"folder 1": "/a", "folder 2": "/a/b", "output": "/c"}
    assert report.shown("/a/b/x.jpg", roots) == "Folder 2: x.jpg"
    assert report.shown("/a/bx.jpg", roots) == "Folder 1: bx.jpg"
    assert report.shown("/elsewhere/x.jpg", roots) == "/elsewhere/x.jpg"


# --- any plan --------------------------------------------------------------------------------------------------------


def operation(action: Action, size: int = MIB) -> Operation:
    return Operation(action, f"{PHONE}/a", f"{SORTED}/b/a", "why", Stamp(size, 1))


@pytest.mark.parametrize(
    ("actions", "asked"),
    [
        ([Action.MOVE], "Move 1 file (1.0 MiB)?"),
        ([Action.MOVE] * 413, "Move 413 files (413 MiB)?"),
        ([Action.COPY, Action.COPY, Action.SET_ASIDE], "Copy 2 files and set aside 1 file (3.0 MiB)?"),
        ([Action.REPLACE_WITH_LINK] * 2, "Replace 2 files by hard links (2.0 MiB)?"),
        ([Action.MAKE_FOLDER, Action.UPDATE], "Update 1 file (2.0 MiB)?"),
        ([Action.MAKE_FOLDER], "Make 1 folder (1.0 MiB)?"),
    ],
)
def test_the_question_says_all_that_would_be_done(actions: list[Action], asked: str) -> None:
    plan = Plan("organize", {}, tuple(map(operation, actions)))
    assert report.question(plan) == asked


def test_all_actions_have_words() -> None:
    plan = Plan("sync", {"source": PHONE}, tuple(map(operation, Action)))
    lines = list(report.actions(plan, Detail()))
    assert len([line for line in lines if line.startswith("  ")]) == len(Action)
    assert list(report.operations(plan, Detail(verbose=True)))


def test_problems_are_counted_cut_and_never_wrapped() -> None:
    found = [Problem(f"/{'long name ' * 12}{n}.jpg", "can't be read", "no permission", "ask") for n in range(40)]
    lines = list(report.problems(found, Detail()))
    assert lines[1] == "Problems (40)"
    assert len(lines) == 2 + report.MOST_PROBLEMS + 1
    assert lines[-1] == "  … and 20 more (--verbose shows all)"
    assert len(list(report.problems(found, Detail(verbose=True)))) == 42
    assert list(report.problems([], Detail())) == []


# --- runs ------------------------------------------------------------------------------------------------------------


def test_the_summary_says_what_was_done_and_how_to_go_on() -> None:
    trouble = Problem("/a", "can't be moved", "no permission")
    assert list(report.summary(result())) == ["Done: 4 of 4 changes, 3.0 MiB, in 12 s."]
    assert list(report.summary(result(done=3, problems=[trouble]))) == [
        "Done: 3 of 4 changes, 3.0 MiB, in 12 s, 1 problem."
    ]
    assert list(report.summary(result(RunState.STOPPED, 2), stopped=True)) == [
        "Stopped: 2 of 4 changes, 3.0 MiB, in 12 s."
    ]
    run_name = result().run
    assert list(report.ways_on(result(), "image-sync")) == [f"To take it back: image-sync undo {run_name}"]
    assert list(report.ways_on(result(done=0), "image-sync")) == []
    assert list(report.ways_on(result(RunState.STOPPED, 2), "image-sync", "resume")) == [
        f"To go on:        image-sync resume {run_name}",
        f"To take it back: image-sync undo {run_name}",
    ]


def test_the_history_fits_in_80_columns() -> None:
    runs = [run(), run("20251119-183012-ff12", RunState.PARTLY_UNDONE, 2)]
    lines = list(report.history(runs, "image-sync", Detail()))
    assert max(map(len, lines)) <= 81
    assert lines[1] == "20251120-083012-ab12  2025-11-20 08:30  organize  finished             4  3.0 MiB"
    assert lines[-1] == "To take a run back: image-sync undo RUN"
    assert f"    Folder 1  {PHONE}" in list(report.history(runs, "image-sync", Detail(verbose=True)))


def test_the_history_is_cut_and_says_when_there_is_none() -> None:
    many = [run(f"run-{n}") for n in range(report.MOST_RUNS + 5)]
    assert "… and 5 more (--verbose shows all)" in list(report.history(many, "image-sync", Detail()))
    assert list(report.history([], "image-sync", Detail())) == ["No run has changed anything yet."]
    stopped = list(report.history([run(state=RunState.STOPPED)], "image-sync", Detail()))
    assert stopped[-1] == "To finish one:      image-sync resume RUN"


# --- names that try to disturb ---------------------------------------------------------------------------------------


@given(hostile)
def test_no_name_disturbs_the_terminal(name: str) -> None:
    bad = Problem(f"{PHONE}/{name}", name, name, name)
    found = review([[picture(PHONE, name), picture(BACKUP, name)]], [picture(PHONE, f"x/{name}")], problems=[bad])
    detail = Detail(verbose=True)
    lines = [
        *organize_report.review_lines(found, detail),
        *report.notes([name], detail),
        *report.problems([bad], detail),
        *report.history([run(name)], "image-sync", detail),
        *report.run_card("Undo", run(name), detail),
        *report.ways_on(replace(result(), run=name), "image-sync", "resume"),
    ]
    for line in lines:
        line.encode("utf-8")
        assert not [c for c in line if unicodedata.category(c) in ("Cc", "Zl", "Zp") or c == "\u202e"]
    clean = review([[picture(PHONE, "n"), picture(BACKUP, "n")]], [picture(PHONE, "x/n")])
    assert len(shown(found, detail).splitlines()) == len(shown(clean, detail).splitlines())
