"""Faults of the program: counted, logged with their traceback, said in one sentence, wherever they are met."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from image_sync.base import faults, guard, log, places
from image_sync.base.faults import Fault
from tests.logs import logged, logs

ROOT = Path(__file__).resolve().parents[2]


def raised(error: BaseException) -> BaseException:
    """``error`` with a traceback."""
    try:
        raise error
    except BaseException as caught:
        return caught


def test_it_is_one_sentence_that_names_the_log() -> None:
    with log.started("Command line"):
        fault = faults.met(raised(KeyError("planted")), "the kitchen")
    (path,) = logs()
    assert fault.words == f"This is a fault of the program (KeyError: 'planted'); the details are in {path}."
    for part in ("Image Sync ", "numpy", "the kitchen", os.fspath(path), "in raised", "KeyError: 'planted'"):
        assert part in fault.details
    assert "A fault of the program in the kitchen" in logged() and "in raised" in logged()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("a\nb\x1b[31m\udcff"), "(ValueError: a\\nb\\x1b[31m\\xff)"),
        (ValueError("x" * 10**5), f"(ValueError: {'x' * 200}…)"),
        (ValueError(), "(ValueError)"),
    ],
)
def test_the_sentence_is_one_line_and_not_too_long(error: Exception, said: str) -> None:
    with log.started("Command line"):
        assert said in faults.met(raised(error), "here").words


def test_without_a_log_one_is_begun_for_it_and_once_for_the_same() -> None:
    error = raised(KeyError("planted"))
    first, second = faults.met(error, "here"), faults.met(error, "here")
    assert first == second and len(logs()) == 1
    assert "in raised" in logged() and log.current() is None


def test_where_no_log_can_be_written_it_says_so(home: Path) -> None:
    Path(places.state_folder()).parent.mkdir(parents=True, exist_ok=True)
    Path(places.state_folder()).write_text("a file stands here")
    words = faults.met(raised(KeyError("planted")), "here").words
    assert words.startswith(
        "This is a fault of the program (KeyError: 'planted'); there is no log of it: the log can't"
    )
    assert home.is_dir()


def test_the_same_fault_again_is_one_line() -> None:
    error = raised(KeyError("planted"))
    with log.started("Window"):
        for _ in range(50):
            faults.met(error, "the timer")
    assert logged().count("Traceback") == 1 and logged().count("The same fault of the program again") == 49


def test_debug_shows_the_traceback_on_the_error_stream(capfd: pytest.CaptureFixture[str]) -> None:
    with log.started("Command line"):
        faults.met(raised(KeyError("quiet")), "here")
    with log.started("Command line", debug=True):
        faults.met(raised(KeyError("loud")), "here")
    said = capfd.readouterr().err
    assert "loud" in said and "Traceback" in said and "quiet" not in said


# --- what nobody catches ----------------------------------------------------------------------------------------------


def test_a_thread_that_dies_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        raise KeyError("planted")

    heard: list[Fault] = []
    with log.started("Window"), faults.caught_everywhere():
        with faults.heard_by(heard.append):
            _run_thread(work)
        assert "KeyError" in heard[0].words and "in work" in heard[0].details
        assert capfd.readouterr().err == "", "who listens says it"
        _run_thread(work)
    said = capfd.readouterr().err
    assert said.count("\n") == 1 and said.startswith("image-sync: This is a fault of the program (KeyError")


def _run_thread(work: object) -> None:
    thread = threading.Thread(target=work, name="kitchen")  # type: ignore[arg-type]
    thread.start()
    thread.join()


def test_a_thread_may_leave() -> None:
    with log.started("Window"), faults.caught_everywhere():
        _run_thread(sys.exit)
    assert "CRITICAL" not in logged()


def test_what_python_could_only_report_is_in_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    class Bad:
        def __del__(self) -> None:
            raise KeyError("planted")

    with log.started("Window"), faults.caught_everywhere():
        bad = Bad()
        del bad
    assert "KeyError: 'planted'" in logged() and "in __del__" in logged()
    assert capfd.readouterr().err == ""


def test_what_ends_the_process_is_logged() -> None:
    code = (
        "import sys\nfrom image_sync.base import faults, log\n"
        "with log.started('Window'), faults.caught_everywhere():\n"
        "    try: {}['planted']\n"
        "    except KeyError: sys.excepthook(*sys.exc_info())"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stderr.count("\n") == 1 and "KeyError: 'planted'" in ran.stderr and "Traceback" in logged()


# --- the guard --------------------------------------------------------------------------------------------------------


def fails() -> int:
    raise KeyError("planted")


def meets_one() -> int:
    faults.met(raised(KeyError("planted")), "elsewhere")
    return 0


def interrupted() -> int:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("work", "code"), [(lambda: 0, 0), (lambda: 1, 1), (fails, 3), (meets_one, 3), (interrupted, 130)]
)
def test_the_guard_turns_what_comes_into_an_exit_code(work: object, code: int) -> None:
    assert guard.guarded(work, "here") == code  # type: ignore[arg-type]


def test_an_earlier_fault_is_not_counted_again() -> None:
    meets_one()
    assert guard.guarded(lambda: 0, "here") == 0


@pytest.mark.parametrize("argv", [[], ["--debug"]])
def test_the_guard_needs_none_of_our_libraries(argv: list[str]) -> None:
    """In the door nothing is installed yet: not even the place of the log can be asked for."""
    code = (
        "import sys; sys.modules['platformdirs'] = None\n"
        "from image_sync.base.guard import guarded\n"
        "sys.exit(guarded(lambda: {}['planted'], 'the door'))"
    )
    ran = subprocess.run([sys.executable, "-c", code, *argv], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 3
    assert ran.stderr.startswith("image-sync: This is a fault of the program (KeyError: 'planted'); it can't be logged")
    assert ("Traceback" in ran.stderr) is bool(argv)


# --- whose fault it is ------------------------------------------------------------------------------------------------


def of_a_library() -> object:
    from PIL import Image

    return Image.open(3)  # type: ignore[arg-type]


def of_ours() -> object:
    from image_sync.base import paths

    return paths.display(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("deed", "ours"), [(of_a_library, False), (of_ours, True), (lambda: {}["a"], False), (lambda: None + 1, False)]
)
def test_a_mistake_in_a_line_of_our_own_is_no_damaged_file(deed: object, ours: bool) -> None:
    with pytest.raises(Exception) as caught:
        deed()  # type: ignore[operator]
    assert faults.is_surely_ours(caught.value) is ours
