"""Streams of every kind: readers that go away, encodings, emphasis, bars and lines of progress."""

from __future__ import annotations

import io

import pytest

from image_sync.base.events import Progress, Stage, StageBegan
from image_sync.cli import views
from image_sync.cli.terminal import Console, takes_style
from image_sync.cli.views import BarView, LineView, figures, shortened, view_for
from tests.cli.made import RUNS, Gone, Line, ScriptedEngine, Terminal, sorted_out


@pytest.mark.parametrize("writes", [0, 1])
def test_a_plan_whose_reader_has_gone_is_not_carried_out(line: Line, writes: int) -> None:
    engine = sorted_out()
    ran = line.organize(engine=engine, out=Gone(writes))
    assert ran.code == 130 and "apply" not in engine.asked
    assert ran.err.endswith("image-sync: The output can't be written (Broken pipe), so nothing was changed.\n")


@pytest.mark.parametrize("styled", [False, True])
def test_nothing_that_a_file_is_called_steers_a_terminal(styled: bool) -> None:
    """Whoever forgot to make a name safe: the console does not let it through."""
    out = Terminal() if styled else io.StringIO()
    console = Console(out, io.StringIO(), environment={"TERM": "xterm"})
    hostile = "a\x1b]0;title\x07b\x1b[2Jc\x9bd\x7fe\rf\u202eg"
    console.say(console.style.bold("Heading"), hostile, "plain → ä")
    said = out.getvalue()
    assert ("\x1b[1mHeading\x1b[0m\n" in said) is styled
    assert "a\\x1b]0;title\\x07b\\x1b[2Jc\\x9bd\\x7fe\\rf\\u202eg\nplain → ä\n" in said


def test_a_reader_that_goes_during_a_dry_run_does_not_matter(line: Line) -> None:
    assert line.organize("--dry-run", engine=sorted_out(), out=Gone()).code == 0
    assert line.run("history", engine=ScriptedEngine(RUNS), out=Gone()).code == 0
    assert line.run("--help", out=Gone()).code == 0


def test_an_error_stream_that_is_gone_stops_nothing(line: Line) -> None:
    engine = sorted_out()
    assert line.organize(engine=engine, err=Gone()).code == 0
    assert engine.asked == ["organize", "apply"]


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", "... - -> 4000x3000 caf\\xe9 \\u5bfa"),
        ("latin-1", "... · -> 4000×3000 café \\u5bfa"),
        ("utf-8", "… · → 4000×3000 café 寺"),
    ],
)
def test_any_encoding_will_do(encoding: str, shown: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    Console(stream, io.StringIO()).say("… · → 4000×3000 café 寺")
    assert raw.getvalue().decode(encoding) == shown + "\n"


@pytest.mark.parametrize(
    ("stream", "environment", "styled"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_emphasis_is_for_terminals_that_want_it(stream: io.StringIO, environment: dict[str, str], styled: bool) -> None:
    assert takes_style(stream, environment) is styled


def test_a_complaint_is_folded_on_a_terminal_and_one_line_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    sentence = "image-sync: there is no folder /a/very/long-and-winding/path/that/fits/nowhere; is the disk connected?"
    for err, lines in ((io.StringIO(), 1), (Terminal(), 3)):
        Console(io.StringIO(), err).complain(sentence)
        assert err.getvalue().split() == sentence.split()
        assert err.getvalue().count("\n") == lines


# --- progress --------------------------------------------------------------------------------------------------------


HALF = Progress(Stage.MEASURE, 13_871, 22_394, 3 << 29, 5 << 29, 412.4, 21.0, "/a/[bold]x\n.jpg", problems=2)


@pytest.mark.parametrize(
    ("room", "said"),
    [
        (None, "13,871 of 22,394 · 1.5 GiB of 2.5 GiB · 412/s · about 20 s left"),
        (64, "13,871 of 22,394 · 1.5 GiB of 2.5 GiB · 412/s · about 20 s left"),
        (62, "13,871 of 22,394 · 412/s · about 20 s left"),
        (41, "13,871 of 22,394 · about 20 s left"),
        (33, "13,871 of 22,394"),
        (5, "13,871 of 22,394"),
    ],
)
def test_the_figures_shrink_with_the_room(room: int | None, said: str) -> None:
    assert figures(HALF, room) == said


def test_the_figures_say_what_is_known_and_no_more() -> None:
    assert figures(Progress(Stage.SCAN, 4, None)) == "4"
    assert figures(Progress(Stage.SCAN, 4, 4, rate=2.0, seconds_left=0.0)) == "4 of 4 · 2.0/s"


def test_plain_lines_come_every_few_seconds_and_with_each_stage() -> None:
    now = [0.0]
    err = io.StringIO()
    view = LineView(Console(io.StringIO(), err), clock=lambda: now[0])
    view.began(StageBegan(Stage.MEASURE, 2, 5, 22_394))
    for _ in range(3 * 20):
        view.progress(HALF)
        now[0] += views.LINE_EVERY / 20
    assert err.getvalue().splitlines() == [
        "[2/5] Reading pictures (22,394)",
        *[f"      {figures(HALF)} · 2 problems"] * 2,
    ]


@pytest.mark.parametrize(
    ("err", "quiet", "environment", "kind"),
    [
        (Terminal(), False, {"TERM": "xterm"}, "BarView"),
        (Terminal(), True, {"TERM": "xterm"}, "SilentView"),
        (Terminal(), False, {"TERM": "dumb"}, "LineView"),
        (io.StringIO(), False, {"TERM": "xterm"}, "LineView"),
    ],
)
def test_which_view_is_drawn(err: io.StringIO, quiet: bool, environment: dict[str, str], kind: str) -> None:
    view = view_for(Console(io.StringIO(), err, quiet=quiet, environment=environment))
    try:
        assert type(view).__name__ == kind
    finally:
        view.close()


def test_the_bar_shows_stage_figures_and_the_file_as_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    err = Terminal()
    view = BarView(Console(io.StringIO(), err))
    view.began(StageBegan(Stage.MEASURE, 2, 5, 22_394))
    view.progress(HALF)
    view.say("Said [red]above[/red] the bar.")
    view.close()
    drawn = err.getvalue()
    assert "Reading pictures 2/5" in drawn and "13,871 of 22,394" in drawn and "about 20 s left" in drawn
    assert "412/s" in drawn
    assert "2 problems · /a/[bold]x\\n.jpg" in drawn
    assert "Said [red]above[/red] the bar.\n" in drawn
    assert drawn.rstrip().endswith("\x1b[2K") or "\x1b[?25h" in drawn


@pytest.mark.parametrize(
    ("path", "width", "said"),
    [("/a/b.jpg", 20, "/a/b.jpg"), ("/folder/b.jpg", 7, "…/b.jpg"), ("/寺寺寺.jpg", 8, "…寺.jpg"), ("abc", 1, "…")],
)
def test_a_long_path_loses_its_beginning(path: str, width: int, said: str) -> None:
    assert shortened(path, width) == said
