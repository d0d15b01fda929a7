"""From the plan to the end over a scripted engine: shown, asked, done, summed up, written, coded."""

from __future__ import annotations

import io
import json
import os
import sys
from dataclasses import replace

import pytest

from image_sync.base.events import Ending, Event, Finished, Note, ProblemFound
from image_sync.base.model import RunState
from image_sync.cli import following, main, session
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.transfer import Transfer
from tests.cli.made import (
    SCAN,
    TROUBLE,
    Gone,
    Line,
    ScriptedEngine,
    Terminal,
    done,
    ends,
    refused,
    result,
    review,
    run,
    small_review,
    sorted_out,
)
from tests.logs import logs


def test_a_whole_run(line: Line) -> None:
    engine = sorted_out()
    ran = line.organize("--threshold", "0.9", "--copy", engine=engine)
    assert ran.code == 0
    assert engine.asked == ["organize", "apply"] and engine.closed
    asked = engine.calls[0][1]
    assert isinstance(asked, OrganizeRequest) and asked.threshold == 0.9 and asked.transfer is Transfer.COPY
    assert engine.calls[1][1] == small_review().plan
    order = ["Organize", "Group 1", "What will be done", "Done: 4 of 4 changes", f"image-sync undo {result().run}"]
    places = [ran.out.index(part) for part in order]
    assert places == sorted(places)
    assert ran.err == "[1/2] Looking for files\n[2/2] Reading pictures (4)\n"


def test_ask_refuses_where_nobody_can_be_asked(line: Line) -> None:
    ran = line.organize("--ask", engine=(engine := sorted_out()))
    assert (ran.code, engine.asked) == (2, [])
    assert "--ask wants a question answered, and there is no terminal to ask on" in ran.err


@pytest.mark.parametrize(("typed", "code", "applied"), [("y\n", 0, True), ("n\n", 2, False)])
def test_ask_asks_where_somebody_is(line: Line, typed: str, code: int, applied: bool) -> None:
    engine = sorted_out()
    ran = line.organize("--ask", engine=engine, source=Terminal(typed), out=Terminal())
    assert (ran.code, "apply" in engine.asked) == (code, applied)


def test_ask_is_no_matter_of_a_dry_run(line: Line) -> None:
    assert line.organize("--ask", "--dry-run", engine=sorted_out()).code == 0


def test_ask_and_yes_exclude_each_other(line: Line) -> None:
    ran = line.organize("--ask", "--yes", engine=sorted_out())
    assert ran.code == 2 and "exclude each other" in ran.err


def test_help_says_what_happens_without_a_terminal(line: Line) -> None:
    for command in ("organize", "import"):
        told = " ".join(line.run(command, "--help").out.split())
        assert "where there is no terminal to ask on it goes on as with --yes" in told
    assert "as with --yes" in line.run("--help").out


def test_a_dry_run_shows_and_changes_nothing(line: Line) -> None:
    ran = line.organize("--dry-run", engine=(engine := sorted_out()), source=Terminal("y\n"), out=Terminal())
    assert ran.code == 0
    assert engine.asked == ["organize"]
    assert "Group 1" in ran.out and ran.out.endswith(
        "Dry run: nothing was changed. It would move 4 files. --verbose lists each of them.\n"
    )


ASKS = "Move 4 files (3.2 MiB)? [y/N] "


@pytest.mark.parametrize(
    ("typed", "options", "code", "applied"),
    [
        ("y\n", [], 0, True),
        (" YES \n", [], 0, True),
        ("n\n", [], 2, False),
        ("\n", [], 2, False),
        ("", [], 2, False),
        ("yesterday\n", [], 2, False),
        ("y\n", ["--quiet"], 0, True),
        ("n\n", ["--quiet"], 2, False),
    ],
)
def test_a_terminal_is_asked_once(line: Line, typed: str, options: list[str], code: int, applied: bool) -> None:
    engine = sorted_out()
    ran = line.organize(*options, engine=engine, source=Terminal(typed), out=Terminal())
    assert ran.code == code
    assert ("apply" in engine.asked) is applied
    assert ran.out.count(ASKS) == 1
    assert applied or ran.out.endswith("Nothing was changed.\n")


@pytest.mark.parametrize(
    ("options", "source", "out", "err"),
    [
        (["--yes"], Terminal("n\n"), Terminal(), Terminal()),
        ([], io.StringIO("n\n"), Terminal(), Terminal()),
        ([], Terminal("n\n"), io.StringIO(), io.StringIO()),
    ],
    ids=["--yes", "nobody to answer", "nowhere to ask"],
)
def test_nobody_is_asked(
    line: Line, options: list[str], source: io.StringIO, out: io.StringIO, err: io.StringIO
) -> None:
    engine = sorted_out()
    ran = line.organize(*options, engine=engine, source=source, out=out, err=err)
    assert ran.code == 0 and "apply" in engine.asked
    assert "[y/N]" not in ran.out + ran.err


def test_the_question_goes_where_it_can_be_seen(line: Line) -> None:
    ran = line.organize("--quiet", engine=sorted_out(), source=Terminal("y\n"), err=Terminal())
    assert ran.code == 0
    assert ASKS in ran.err and ASKS not in ran.out


def test_nothing_to_do_is_neither_asked_nor_applied(line: Line) -> None:
    found = small_review()
    engine = ScriptedEngine(organize=ends(replace(found, plan=replace(found.plan, operations=()))))
    ran = line.organize(engine=engine, source=Terminal("y\n"), out=Terminal())
    assert ran.code == 0 and engine.asked == ["organize"]
    assert ran.out.endswith("There is nothing to do.\n") and "[y/N]" not in ran.out


def test_problems_are_told_once_each_and_make_code_1(line: Line) -> None:
    other = replace(TROUBLE, path="/c\nd.jpg", what="can't be moved")
    engine = ScriptedEngine(
        organize=ends(small_review(problems=[TROUBLE]), ProblemFound(TROUBLE)),
        apply=[ProblemFound(other), done(number=3, problems=[other])],
    )
    ran = line.organize(engine=engine)
    assert ran.code == 1
    assert ran.out.count("/a/b.jpg: can't be read as a picture: the file ends too early") == 1
    assert ran.out.count("/c\\nd.jpg: can't be moved") == 1
    assert "Done: 3 of 4 changes, 3.0 MiB, in 12 s, 1 problem." in ran.out


def test_notes_are_told_once_each(line: Line) -> None:
    found = small_review()
    found = replace(found, plan=replace(found.plan, notes=("Said twice.",)), left_out=2)
    ran = line.organize(engine=ScriptedEngine(organize=ends(found, Note("Said twice."), Note("Once."))), source=None)
    assert ran.out.count("Said twice.") == 1 and ran.out.count("Once.") == 1 and "2 matches were left out" in ran.out


def test_a_dry_run_with_problems_is_code_1(line: Line) -> None:
    engine = ScriptedEngine(organize=ends(small_review(problems=[TROUBLE])))
    assert line.organize("--dry-run", engine=engine).code == 1


def test_quiet_says_problems_and_the_summary_only(line: Line) -> None:
    engine = ScriptedEngine(organize=ends(small_review(problems=[TROUBLE])), apply=[done()])
    ran = line.organize("--quiet", engine=engine)
    assert ran.out == (f"Done: 4 of 4 changes, 3.0 MiB, in 12 s.\nTo take it back: image-sync undo {result().run}\n")
    assert ran.err == "Problems (1)\n  - /a/b.jpg: can't be read as a picture: the file ends too early\n"


def test_an_earlier_run_that_was_cut_off_is_mentioned(line: Line) -> None:
    earlier = run("20251101-101010-aaaa", RunState.INTERRUPTED, 2)
    engine = ScriptedEngine([run(), earlier], organize=ends(small_review()), apply=[done()])
    ran = line.organize("--dry-run", engine=engine)
    assert "Run 20251101-101010-aaaa was cut off in the middle" in ran.out
    assert "image-sync resume 20251101-101010-aaaa" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        (
            {"organize": [refused("The folder /x can't be read: it vanished")]},
            2,
            "it vanished",
        ),
        (
            {"organize": ends(small_review()), "apply": [refused("Not enough room")]},
            2,
            "Not enough room",
        ),
    ],
)
def test_a_refusal_is_said_in_words(line: Line, script: dict[str, list[Event]], code: int, said: str) -> None:
    ran = line.organize(engine=ScriptedEngine(**script))
    assert ran.code == code
    assert ran.err.splitlines()[-1].startswith("image-sync: ") and said in ran.err


@pytest.mark.parametrize(("ending", "code"), [(Ending.REFUSED, 1), (Ending.CRASHED, 3)])
def test_a_failure_in_the_middle_is_no_refusal(line: Line, ending: Ending, code: int) -> None:
    engine = ScriptedEngine(organize=ends(small_review()))

    def fails(failing: ScriptedEngine) -> list[Event]:
        failing.runs = (run(state=RunState.INTERRUPTED, done=2),)
        return [Finished(ending, failure="The journal is gone.")]

    engine.scripts["apply"] = fails
    ran = line.organize(engine=engine)
    assert ran.code == code
    assert "The journal is gone. Run 20251120-083012-ab12 was cut off in the middle" in ran.err


def test_a_run_whose_journal_was_lost_says_how_to_go_on(line: Line) -> None:
    lost = result(RunState.INTERRUPTED, 2, [TROUBLE])
    ran = line.organize(engine=ScriptedEngine(organize=ends(small_review()), apply=[Finished(Ending.FINISHED, lost)]))
    assert ran.code == 1
    assert "Cut off: 2 of 4 changes" in ran.out and f"image-sync resume {lost.run}" in ran.out


def test_wrong_folders_are_refused_before_the_engine_starts(line: Line) -> None:
    engine = sorted_out()
    ran = line.run("organize", os.fspath(line.folder / "none"), os.fspath(line.folder / "two"), "out", engine=engine)
    assert ran.code == 2 and engine.calls == []
    assert ran.err.startswith(f"image-sync: FOLDER1: {line.folder / 'none'} is not there")


def test_an_error_of_the_program_is_no_traceback(line: Line) -> None:
    def broken(_: ScriptedEngine) -> list[Event]:
        raise ZeroDivisionError("half a picture")

    ran = line.organize("--verbose", engine=ScriptedEngine(organize=broken))
    assert ran.code == 3
    (log,) = logs()
    said = f"This is a fault of the program (ZeroDivisionError: half a picture); the details are in {log}."
    assert ran.err == f"image-sync: {said}\n"
    assert "in broken" in log.read_text() and "Traceback" in log.read_text()
    loud = line.organize("--debug", engine=ScriptedEngine(organize=broken))
    assert loud.code == 3 and "Traceback (most recent call last)" in loud.err


def test_an_engine_that_dies_without_a_word_is_noticed(line: Line) -> None:
    line.monkeypatch.setattr(following, "_POLL", 0.001)
    ran = line.organize(engine=ScriptedEngine(organize=SCAN))
    assert ran.code == 3 and "fault of the program" in ran.err and "ended without a word" in ran.err


def test_a_catalog_that_cannot_be_opened_is_refused(line: Line) -> None:
    def refuses(catalog: str | None, workers: int | None) -> ScriptedEngine:
        assert (catalog, workers) == ("cat", 3)
        raise PermissionError(13, "Permission denied", catalog)

    folders = [os.fspath(line.folder / name) for name in ("one", "two", "out")]
    line.run("--version")
    line.monkeypatch.setattr(session, "make_engine", refuses)
    err = io.StringIO()
    line.monkeypatch.setattr(sys, "stderr", err)
    assert main(["organize", *folders, "--catalog", "cat", "--workers", "3"]) == 2
    assert err.getvalue() == "image-sync: cat: Permission denied\n"


def test_the_document_on_the_standard_output_is_alone_there(line: Line) -> None:
    ran = line.organize("--json", "-", engine=sorted_out())
    read = json.loads(ran.out)
    assert read["job"] == "organize" and read["exit_code"] == 0
    assert read["result"]["run"] == result().run
    assert len(read["plan"]["operations"]) == 4 and len(read["groups"][0]["members"]) == 3
    assert read["request"]["folder1"] == os.fspath(line.folder / "one") and read["request"]["transfer"] == "move"
    assert "Group 1" in ran.err and "Done: 4 of 4" in ran.err


@pytest.mark.parametrize(
    ("options", "script", "code", "expected"),
    [
        (
            [],
            {"organize": [refused("it vanished")]},
            2,
            {"failure": "it vanished", "plan": None},
        ),
        (["--dry-run"], {"organize": ends(small_review())}, 0, {"dry_run": True, "result": None}),
        ([], {"organize": ends(None, ending=Ending.STOPPED)}, 130, {"stopped": True, "plan": None}),
        (
            [],
            {"organize": ends(small_review()), "apply": [Finished(Ending.PARTIAL, result(RunState.STOPPED, 2))]},
            130,
            {"stopped": True},
        ),
    ],
)
def test_the_document_is_written_however_it_ends(
    line: Line, options: list[str], script: dict[str, list[Event]], code: int, expected: dict[str, object]
) -> None:
    place = line.folder / "report.json"
    ran = line.organize(*options, "--json", os.fspath(place), engine=ScriptedEngine(**script))
    read = json.loads(place.read_text())
    assert ran.code == read["exit_code"] == code
    assert {key: read[key] for key in expected} == expected


def test_a_document_that_cannot_be_written_is_said_before_the_run(line: Line) -> None:
    engine = sorted_out()
    ran = line.organize("--json", os.fspath(line.folder / "none" / "report.json"), engine=engine)
    assert ran.code == 2 and engine.calls == []
    assert "The JSON report can't be written to" in ran.err


def test_a_document_that_fails_after_all_is_a_problem(line: Line) -> None:
    folder = line.folder / "place"
    folder.mkdir()

    def removes(_: ScriptedEngine) -> list[Event]:
        folder.rmdir()
        return [done()]

    engine = ScriptedEngine(organize=ends(small_review()), apply=removes)
    ran = line.organize("--json", os.fspath(folder / "report.json"), engine=engine)
    assert ran.code == 1
    assert "The JSON report can't be written to" in ran.err


# --- for programs and for cron ---------------------------------------------------------------------------------------


def nothing_to_do() -> ScriptedEngine:
    return ScriptedEngine(organize=ends(review()))


@pytest.mark.parametrize(
    ("options", "engine", "code"),
    [
        (["--dry-run", "--exit-code"], sorted_out(), 10),
        (["--dry-run", "--exit-code"], nothing_to_do(), 0),
        (["--dry-run"], sorted_out(), 0),
        (["--dry-run", "--exit-code"], ScriptedEngine(organize=[refused("no")]), 2),
        (["--dry-run", "--exit-code"], ScriptedEngine(organize=ends(small_review(problems=[TROUBLE]))), 10),
        (["--dry-run", "--exit-code"], ScriptedEngine(organize=ends(review(problems=[TROUBLE]))), 1),
    ],
)
def test_a_dry_run_tells_by_its_code_whether_there_is_anything_to_do(
    line: Line, options: list[str], engine: ScriptedEngine, code: int
) -> None:
    assert line.organize(*options, engine=engine).code == code


def test_the_code_belongs_to_a_dry_run(line: Line) -> None:
    ran = line.organize("--exit-code", engine=sorted_out())
    assert ran.code == 2 and "--exit-code goes with --dry-run." in ran.err


def test_silent_says_nothing_when_nothing_is_to_do(line: Line) -> None:
    for options in ([], ["--dry-run"]):
        ran = line.organize("--silent", *options, engine=nothing_to_do())
        assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_silent_says_what_was_done_and_what_went_wrong(line: Line) -> None:
    ran = line.organize("--silent", engine=sorted_out())
    assert ran.out.startswith("Done: 4 of 4 changes") and ran.err == ""
    ran = line.organize("--silent", engine=ScriptedEngine(organize=ends(review(problems=[TROUBLE]))))
    assert ran.code == 1 and "can't be read as a picture" in ran.err and ran.out == ""


def test_events_go_to_a_file_and_to_the_output_alone(line: Line) -> None:
    place = line.folder / "lines"
    ran = line.organize("--events", os.fspath(place), engine=sorted_out())
    assert ran.code == 0 and "Group 1" in ran.out
    names = [json.loads(one)["event"] for one in place.read_text().splitlines()]
    assert names == ["began", "stage", "progress", "stage", "progress", "planned", "result", "ended"]
    ran = line.organize("--events", "-", engine=sorted_out())
    assert [json.loads(one)["event"] for one in ran.out.splitlines()] == names
    assert "Group 1" in ran.err


def test_events_never_take_the_place_of_another_file(line: Line) -> None:
    place = line.folder / "notes.txt"
    place.write_text("mine")
    ran = line.organize("--events", os.fspath(place), engine=(engine := sorted_out()))
    assert (ran.code, place.read_text(), engine.asked) == (2, "mine", [])
    assert "another file stands there, and it holds no events" in " ".join(ran.err.split())
    place.write_text('{"event": "began"}\n')
    assert line.organize("--events", os.fspath(place), engine=sorted_out()).code == 0


def test_a_reader_of_events_may_go_away(line: Line) -> None:
    ran = line.organize("--events", "-", engine=(engine := sorted_out()), out=Gone(2))
    assert (ran.code, engine.asked) == (0, ["organize", "apply"])


def test_two_documents_cant_share_a_place(line: Line) -> None:
    ran = line.organize("--events", "-", "--json", "-", engine=sorted_out())
    assert ran.code == 2 and "--json and --events can't go to the same place" in ran.err
