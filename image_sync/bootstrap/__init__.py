"""The door behind ``main.py`` and ``setup.py``: find or make an environment that has everything, and go on inside it.

It knows nothing of the program but its entry, must be importable with the standard library alone, and must cost a
start that has nothing to do next to nothing: what makes an environment is imported only when one has to be made.
"""

from __future__ import annotations

import os
import sys

from image_sync.bootstrap.environment import FOLDER, Environment, go_on, satisfied_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from image_sync.base.control import Control
    from image_sync.bootstrap.making import Say

    Work = Callable[[Say, Control], None]

REQUIREMENTS = os.path.join(FOLDER, "requirements.txt")
TEST_REQUIREMENTS = os.path.join(FOLDER, "requirements-test.txt")
ON_ALL_CORES = ("-n", "auto", "--dist", "worksteal")
"""What pytest is told where the whole suite runs (``tests/conftest.py`` says how many processes that are)."""


def launch(arguments: Sequence[str]) -> int:
    """Run the program as if it had been installed: the window without ``arguments``, else the command line.

    Returns the exit code, or doesn't return where the process is replaced by one in the environment.
    """
    return _guarded(lambda: _launch(arguments))


def _launch(arguments: Sequence[str]) -> int:
    window = not arguments
    environment = _environment(REQUIREMENTS)
    if _has_everything_here(environment):
        return _run_program(window)
    code = 0 if environment.is_ready(window) else _prepare(environment, window=window, tkinter=window)
    return code or _start(environment.python, [os.path.join(FOLDER, "main.py"), *arguments])


def set_up() -> int:
    """Make the environment ready without starting anything; returns the exit code."""
    return _guarded(_set_up)


def _set_up() -> int:
    environment = _environment(REQUIREMENTS)
    if _has_everything_here(environment):
        print("This Python has everything that Image Sync needs; start it with: python3 main.py")
        return 0
    code = 0 if environment.is_ready() else _prepare(environment)
    if code == 0:
        print("Image Sync is set up; start it with: python3 main.py")
    return code


def run_tests(arguments: Sequence[str]) -> int:
    """Run the whole suite, ``arguments`` going to pytest; returns the exit code where the process isn't replaced.

    The whole suite, or what ``--fast`` leaves of it, runs on all cores; whoever asks for less gets it in one process,
    where a debugger works and the output comes as it is written.
    The tests run in the environment that the program runs in, with the test tools added: so they test what the user
    has, and half a gigabyte is not fetched twice.
    """
    environment = _environment(REQUIREMENTS, TEST_REQUIREMENTS)
    os.chdir(FOLDER)
    whole = set(arguments) <= {"--fast"}
    pytest = ["-m", "pytest", *arguments, *(ON_ALL_CORES if whole else ())]
    if _has_everything_here(environment):
        return _start(sys.executable, pytest)
    from image_sync.bootstrap.making import has_tkinter

    # Where there is no tkinter, the window's tests say so themselves.
    tkinter = has_tkinter()
    code = 0 if environment.is_ready(tkinter) else _prepare(environment, tkinter=tkinter)
    return code or _start(environment.python, pytest)


def refuse_to_build() -> int:
    """Say that setuptools is missing; returns the exit code."""
    from image_sync.bootstrap import words

    return _refuse(words.NO_SETUPTOOLS)


def _environment(*requirements: str) -> Environment:
    return Environment(os.path.join(FOLDER, ".venv"), requirements)


def _has_everything_here(environment: Environment) -> bool:
    """Whether to stay in this interpreter.

    In the program's own environment its stamp decides; where nobody can write, what is in it.  In another one that is
    active, the user has chosen that one.  Outside of any, the program's own comes first, but it is not made where all
    is installed already.
    """
    if environment.is_running():
        return environment.is_ready() or (environment.is_fixed() and satisfied_here(environment.requirements))
    if sys.prefix == sys.base_prefix and environment.is_ready():
        return False
    try:
        return satisfied_here(environment.requirements)
    except OSError:
        return False


def _prepare(environment: Environment, *, window: bool = False, tkinter: bool = False) -> int:
    """Make ``environment`` ready with visible progress; 0, or the exit code after the reason was said."""
    from image_sync.base.model import ExitCode, Refused, Stopped
    from image_sync.bootstrap import making, words

    def work(say: Say, control: Control) -> None:
        making.make_ready(environment, say, control, tkinter=tkinter)

    try:
        if tkinter and not making.has_tkinter():
            raise Refused(words.NO_TKINTER)
        _show_progress(work, window)
    except Refused as refusal:
        return _refuse(str(refusal))
    except (Stopped, KeyboardInterrupt):
        _tell(words.STOPPED)
        return ExitCode.STOPPED.value
    return 0


def _show_progress(work: Work, window: bool) -> None:
    """Do ``work`` with a window where one is wanted, there is a display, and nobody reads a terminal; else in lines."""
    from image_sync.base.control import Control

    terminal = any(stream is not None and stream.isatty() for stream in (sys.stdout, sys.stderr))
    if window and not terminal:
        from image_sync.bootstrap.window import ProgressWindow, open_window

        if root := open_window():
            ProgressWindow(root, work).run()
            return
    work(_tell, Control())


def _run_program(window: bool) -> int:
    from image_sync.__main__ import front

    return front(window)()


def _start(python: str, arguments: Sequence[str]) -> int:
    try:
        return go_on([python, *arguments])
    except OSError as error:
        from image_sync.bootstrap import words

        return _refuse(words.not_started(python, error.strerror or str(error)))


def _guarded(work: Callable[[], int]) -> int:
    """Outcome of ``work``; whatever goes wrong in it, a Ctrl-C too, is an exit code and no traceback."""
    from image_sync.base.guard import guarded

    return guarded(work, "the door")


def _refuse(text: str) -> int:
    _tell(f"image-sync: {text}")
    return 2


def _tell(line: str) -> None:
    """Say ``line`` on stderr, as far as anybody listens (a program started without a terminal may have none)."""
    # contextlib would cost every start its import.
    try:  # noqa: SIM105
        print(line, file=sys.stderr, flush=True)
    except (OSError, AttributeError):
        pass
