"""Ctrl-C and its like: soon and clean, in words; the second one at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace

import pytest

from image_sync.base.events import Ending, Event, Finished
from image_sync.base.model import RunState
from image_sync.cli.interrupts import ECHO, Interrupts
from tests.cli.made import Line, ScriptedEngine, Terminal, ends, result, small_review, sorted_out


def interrupted(number: int, *then: Event) -> Callable[[ScriptedEngine], list[Event]]:
    """A job in which the process gets a signal; the engine then ends as ``then`` says."""

    def script(_: ScriptedEngine) -> list[Event]:
        os.kill(os.getpid(), number)
        return list(then)

    return script


SIGNALS = [signal.SIGINT, signal.SIGTERM] + ([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])


@pytest.mark.skipif(os.name == "nt", reason="a process can't send itself these signals on Windows")
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_stops_the_engine_and_waits_for_its_end(line: Line, number: int) -> None:
    before = signal.getsignal(number)
    end = Finished(Ending.PARTIAL, result(RunState.STOPPED, 2))
    engine = ScriptedEngine(organize=ends(small_review()), apply=interrupted(number, end))
    ran = line.organize(engine=engine)
    assert ran.code == 130
    assert engine.stops == 1 and engine.closed
    assert "Stopping cleanly; once more to leave at once." in ran.err
    assert "Stopped: 2 of 4 changes" in ran.out
    assert f"image-sync resume {result().run}" in ran.out and f"image-sync undo {result().run}" in ran.out
    assert signal.getsignal(number) == before


@pytest.mark.skipif(os.name == "nt", reason="a process can't send itself these signals on Windows")
def test_a_stop_while_scanning_changes_nothing(line: Line) -> None:
    partial = replace(small_review(), partial=0.62)
    engine = ScriptedEngine(organize=interrupted(signal.SIGINT, Finished(Ending.PARTIAL, partial)))
    ran = line.organize(engine=engine)
    assert ran.code == 130 and engine.asked == ["organize"]
    assert ran.out.endswith(
        "Stopped before anything was changed.\n62 % of the pictures had been read. What was read is remembered.\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="a process can't send itself these signals on Windows")
def test_a_stop_that_comes_too_late_is_no_stop(line: Line) -> None:
    engine = ScriptedEngine(
        organize=ends(small_review()), apply=interrupted(signal.SIGINT, Finished(Ending.PARTIAL, result()))
    )
    ran = line.organize(engine=engine)
    assert ran.code == 0 and "Done: 4 of 4 changes" in ran.out


class Impatient(Terminal):
    """A terminal at which Ctrl-C is pressed instead of an answer."""

    def readline(self, size: int = -1, /) -> str:
        signal.raise_signal(signal.SIGINT)
        return super().readline(size)


def test_ctrl_c_at_the_question_is_a_stop(line: Line) -> None:
    engine = sorted_out()
    ran = line.organize(engine=engine, source=Impatient("y\n"), out=Terminal())
    assert ran.code == 130 and "apply" not in engine.asked
    assert ran.out.endswith("[y/N] \n\nStopped before anything was changed.\n")


def test_the_second_signal_leaves_at_once_but_an_echo_does_not() -> None:
    now = [100.0]
    left: list[float] = []
    with Interrupts(leave=lambda: left.append(now[0]), clock=lambda: now[0]) as interrupts:
        assert not interrupts.asked
        signal.raise_signal(signal.SIGINT)
        assert interrupts.asked
        now[0] += ECHO / 2
        signal.raise_signal(signal.SIGINT)
        assert left == []
        now[0] += ECHO
        signal.raise_signal(signal.SIGINT)
    assert left == [100.0 + ECHO * 1.5]


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts:
            signal.raise_signal(signal.SIGTERM)
            assert not interrupts.asked
    finally:
        signal.signal(signal.SIGTERM, before)
