"""``undo``, ``resume`` and ``history`` over a scripted engine."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from image_sync.apply.outlook import Outlook
from image_sync.base.events import Ending, Finished
from image_sync.base.model import Action, RunState, RunSummary
from image_sync.cli import report
from tests.cli.made import RUNS, TROUBLE, Line, ScriptedEngine, Terminal, done, result, run


@pytest.mark.parametrize(
    ("argv", "job", "chosen"),
    [
        ("undo", "undo", "20251119-101112-cd34"),
        ("undo 20251119-090000-ef56", "undo", "20251119-090000-ef56"),
        ("undo 20251119-09", "undo", "20251119-090000-ef56"),
        ("resume", "resume", "20251119-090000-ef56"),
        ("resume --yes 20251119-09", "resume", "20251119-090000-ef56"),
    ],
)
def test_which_run_is_meant(line: Line, argv: str, job: str, chosen: str) -> None:
    engine = ScriptedEngine(RUNS, undo=[done(RunState.UNDONE)], resume=[done()])
    ran = line.run(*argv.split(), engine=engine)
    assert ran.code == 0
    assert engine.calls == [(job, chosen)] and engine.closed
    assert f"run {chosen}" in ran.out
    assert ("Undone: 4 of 4 changes" if job == "undo" else "Done: 4 of 4 changes") in ran.out


def test_what_failed_is_tried_again_where_no_run_is_unfinished(line: Line) -> None:
    failed = run("20251119-101112-cd34", RunState.FINISHED, 3)
    for runs, chosen in (([failed, *RUNS], RUNS[2]), ([*RUNS[:2], failed], failed)):
        engine = ScriptedEngine(runs, resume=[done()])
        assert line.run("resume", engine=engine).code == 0
        assert engine.calls == [("resume", chosen.run)]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("undo 20251120", "Run 20251120-083012-ab12 was undone already: there is nothing to do."),
        ("resume 20251119-10", "Run 20251119-101112-cd34 has come to its end: there is nothing to do."),
    ],
)
def test_a_run_that_needs_nothing_is_left_alone(line: Line, argv: str, said: str) -> None:
    ran = line.run(*argv.split(), engine=(engine := ScriptedEngine(RUNS)))
    assert ran.code == 0 and engine.calls == [] and said in ran.out


@pytest.mark.parametrize(
    ("argv", "runs", "said"),
    [
        ("undo", [], "There is no run that can be undone."),
        ("undo", RUNS[:1], "There is no run that can be undone."),
        ("resume", RUNS[:2], "There is no run that can be resumed."),
        ("undo nonsense", RUNS, "There is no run called 'nonsense'; 'image-sync history' lists them all."),
        ("undo 20251119", RUNS, "'20251119' is the beginning of 2 runs"),
    ],
)
def test_a_run_that_is_not_there_is_refused(line: Line, argv: str, runs: list[object], said: str) -> None:
    ran = line.run(*argv.split(), engine=(engine := ScriptedEngine(runs)))  # type: ignore[arg-type]
    assert ran.code == 2 and engine.calls == [] and said in ran.err


@pytest.mark.parametrize(("typed", "code", "undone"), [("y\n", 0, True), ("n\n", 2, False)])
def test_undo_is_asked_for_on_a_terminal(line: Line, typed: str, code: int, undone: bool) -> None:
    engine = ScriptedEngine(RUNS, undo=[done(RunState.UNDONE)])
    ran = line.run("undo", engine=engine, source=Terminal(typed), out=Terminal())
    assert ran.code == code and bool(engine.calls) is undone
    assert "Undo 4 changes of run 20251119-101112-cd34? [y/N] " in ran.out


@pytest.mark.parametrize(
    ("argv", "lines"),
    [
        ("undo", ["move 3 back, 2.0 KiB: /out/a\\x1b[31m → /in", "take away 1 copied, 1.0 KiB: /out"]),
        ("resume", ["move 3, 2.0 KiB: /out/a\\x1b[31m → /in", "copy 1, 1.0 KiB: /out"]),
    ],
)
def test_what_will_be_done_is_shown_by_place_before_it_is_asked(line: Line, argv: str, lines: list[str]) -> None:
    engine = ScriptedEngine(RUNS, undo=[done(RunState.UNDONE)], resume=[done()])
    engine.places = (
        Outlook(Action.MOVE, "/out/a\x1b[31m", "/in", 3, 2048),
        Outlook(Action.COPY, "/out", "", 1, 1024),
    )
    ran = line.run(argv, engine=engine, source=Terminal("n\n"), out=Terminal())
    assert ran.code == 2 and engine.calls == []
    for said in lines:
        assert ran.out.index(said) < ran.out.index("[y/N]")


def test_a_long_outlook_is_cut_and_says_so(line: Line) -> None:
    engine = ScriptedEngine(RUNS)
    engine.places = tuple(Outlook(Action.MOVE, f"/out/{number}", "/in", 1, 1) for number in range(30))
    assert "… and 18 more places (--verbose shows all)" in line.run("undo", "--dry-run", engine=engine).out
    assert "/out/29" in line.run("undo", "--dry-run", "--verbose", engine=engine).out


def test_a_run_that_cannot_be_read_is_named_with_its_reason(line: Line) -> None:
    broken = RunSummary("20251118-090000-ef56", "", "2025-11-18T09:00:00", RunState.UNREADABLE, 0, 0, 0, {},
                        trouble="a newer version of the program made it")  # fmt: skip
    ran = line.run("history", engine=ScriptedEngine([*RUNS, broken]))
    assert ran.code == 0 and "2025-11-18 09:00" in ran.out
    assert "Run 20251118-090000-ef56 can't be read: a newer version of the program made it." in ran.out
    read = json.loads(line.run("history", "--json", "-", engine=ScriptedEngine([broken])).out)
    assert read["runs"][0]["state"] == "unreadable" and "newer version" in read["notes"][0]


def test_a_run_cut_off_in_its_undo_is_offered_at_the_next_start() -> None:
    cut = replace(RUNS[1], state=RunState.PARTLY_UNDONE, cut_off=True)
    assert report.cut_off([cut], "image-sync") == (
        f"Run {cut.run} was cut off while it was undone: 'image-sync undo {cut.run}' finishes that.",
    )
    assert report.cut_off([replace(cut, cut_off=False)], "image-sync") == ()


def test_a_dry_undo_changes_nothing(line: Line) -> None:
    ran = line.run("undo", "--dry-run", engine=(engine := ScriptedEngine(RUNS)))
    assert ran.code == 0 and engine.calls == []
    assert "Dry run: nothing was changed. It would undo 4 changes of run 20251119-101112-cd34." in ran.out


def test_an_undo_that_was_stopped_says_how_to_go_on(line: Line) -> None:
    stopped = Finished(Ending.PARTIAL, result(RunState.PARTLY_UNDONE, 2))
    ran = line.run("undo", "20251119-101112-cd34", engine=ScriptedEngine(RUNS, undo=[stopped]))
    assert ran.code == 130
    assert "Stopped: 2 of 4 changes" in ran.out
    assert f"To go on:        image-sync undo {result().run}" in ran.out and "take it back" not in ran.out


def test_an_undo_with_problems_is_code_1(line: Line) -> None:
    engine = ScriptedEngine(RUNS, undo=[done(RunState.PARTLY_UNDONE, 3, [TROUBLE])])
    ran = line.run("undo", engine=engine)
    assert ran.code == 1 and "Problems (1)" in ran.out


def test_the_history_is_listed_also_when_quiet_and_as_a_document(line: Line) -> None:
    for options in ([], ["--quiet"]):
        ran = line.run("history", *options, engine=ScriptedEngine(RUNS))
        assert ran.code == 0
        assert [name for name in (entry.run for entry in RUNS) if name in ran.out] == [entry.run for entry in RUNS]
    read = json.loads(line.run("history", "--json", "-", engine=ScriptedEngine(RUNS)).out)
    assert [entry["run"] for entry in read["runs"]] == [entry.run for entry in RUNS]
    assert read["runs"][0]["state"] == "undone"
