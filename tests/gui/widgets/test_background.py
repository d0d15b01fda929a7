"""Questions answered on other threads: order, the latest of a key, errors, and delivery on the asking thread only."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from image_sync.base import faults
from image_sync.base.faults import Fault
from image_sync.base.model import Refused
from image_sync.gui.widgets.background import Background, FaultMet
from tests.logs import logged, logs


@pytest.fixture
def background() -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


def deliver_until(background: Background, condition: Callable[[], bool], patience: float = 10.0) -> None:
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "no answer came"
        background.deliver()
        time.sleep(0.001)


def test_work_runs_elsewhere_and_the_answer_comes_here(background: Background) -> None:
    threads: list[threading.Thread] = []
    answers: list[int] = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 42

    def done(answer: int) -> None:
        threads.append(threading.current_thread())
        answers.append(answer)

    background.submit(work, done)
    deliver_until(background, lambda: bool(answers))
    assert answers == [42]
    assert threads[0] is not threading.current_thread()
    assert threads[1] is threading.current_thread()
    assert background.idle


def test_one_thread_answers_in_order(background: Background) -> None:
    answers: list[int] = []
    for number in range(20):
        background.submit(lambda number=number: number, answers.append)  # type: ignore[misc]
    deliver_until(background, lambda: len(answers) == 20)
    assert answers == list(range(20))


def test_only_the_latest_question_of_a_key_is_answered(background: Background) -> None:
    gate = threading.Event()
    began = threading.Event()
    asked: list[int] = []
    answers: list[int] = []

    def work(number: int) -> int:
        asked.append(number)
        began.set()
        gate.wait(10.0)
        return number

    background.submit(lambda: work(0), answers.append, key="a")
    assert began.wait(10.0)
    for number in range(1, 5):
        background.submit(lambda number=number: work(number), answers.append, key="a")  # type: ignore[misc]
    background.submit(lambda: 99, answers.append, key="b")
    gate.set()
    deliver_until(background, lambda: len(answers) == 2)
    assert answers == [4, 99]
    assert asked == [0, 4], "what was replaced before it began is never done"


@pytest.mark.parametrize("error", [OSError("no disk"), Refused("not so"), KeyError("named by the one who asks")])
def test_an_error_goes_to_the_one_who_asked(background: Background, error: Exception) -> None:
    errors: list[Exception] = []

    def work() -> None:
        raise error

    background.submit(work, lambda _answer: None, failed=errors.append, expects=(KeyError,))
    deliver_until(background, lambda: bool(errors))
    assert errors == [error]
    assert logs() == []


def test_a_fault_is_logged_and_told_as_one(background: Background) -> None:
    errors: list[Exception] = []
    heard: list[Fault] = []
    with faults.heard_by(heard.append):
        background.submit(lambda: 1 // 0, lambda _answer: None, failed=errors.append)
        deliver_until(background, lambda: bool(errors))
    assert [str(error) for error in errors] == [fault.words for fault in heard]
    assert isinstance(errors[0], FaultMet) and "ZeroDivisionError" in str(errors[0])
    assert "1 // 0" in logged()


def test_an_error_that_nobody_asked_about_is_logged(background: Background, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="image_sync"):
        background.submit(lambda: 1 // 0, lambda _answer: None)
        deliver_until(background, lambda: background.idle)
    assert "ZeroDivisionError" in caplog.text


def test_nothing_is_delivered_after_close(background: Background) -> None:
    gate, began, ended = threading.Event(), threading.Event(), threading.Event()
    answers: list[int] = []

    def work() -> int:
        began.set()
        gate.wait(10.0)
        ended.set()
        return 1

    background.submit(work, answers.append)
    assert began.wait(10.0)
    background.close()
    gate.set()
    assert ended.wait(10.0)
    background.submit(lambda: 2, answers.append)
    for _ in range(20):
        background.deliver()
        time.sleep(0.001)
    assert answers == []


def test_what_may_wait_is_done_for_the_last_of_many_and_holds_nothing_up(background: Background) -> None:
    answers: list[str] = []
    for number in range(5):
        background.submit(lambda number=number: f"plan {number}", answers.append, key="plan", delay=0.05)  # type: ignore[misc]
    background.submit(lambda: "at once", answers.append)
    assert not background.idle
    deliver_until(background, lambda: len(answers) == 2)
    assert answers == ["at once", "plan 4"]
    assert background.idle


def test_a_question_that_waits_does_not_keep_the_program(background: Background) -> None:
    background.submit(lambda: None, lambda _none: None, delay=3600.0)
    background.close()
    for thread in background._threads:
        thread.join(10.0)
        assert not thread.is_alive()
