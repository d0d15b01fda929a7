"""What every test has: a home of its own, pictures made on the spot, and the real ones where they are at hand."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import photos
from tests.virtual_display import can_start

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
SLOW_FIXTURES = {"display", "photo_data", "shared_data", "wheels"}
"""What a test costs that needs one of these: a window, all the real photos, an environment that is made."""
MOST_PROCESSES = 4
"""Processes of a run on all cores: what the longest tests take is not shortened by more."""
TOO_SLOW = 1.0
"""Seconds from which on a test of ``--fast`` is named, so that it gets its mark."""
NAMED = 5
"""The slowest alone: on a busy machine every test takes long."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="leave out what is marked slow: every room in under a minute")
    parser.addoption("--packages", action="store_true", help="build and try the packages too: minutes, and the network")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: takes long; left out by --fast (so is what needs a display)")
    config.addinivalue_line("markers", "packages: builds a package, which takes the network; only with --packages")
    # Whoever starts the tests in the background lets them ignore Ctrl-C, and the programs that they start as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # A busy machine is slow, and no test is about time.
    settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process per core, where each can have a display of its own; windows on one display disturb each other."""
    return min(os.cpu_count() or 1, MOST_PROCESSES) if can_start() else 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escape what is no text in what was logged (names of files may be any bytes): no process could hand it on."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--packages"):
        _leave_out(config, items, [item for item in items if item.get_closest_marker("packages")])
    if not config.getoption("--fast"):
        return
    slow = [item for item in items if item.get_closest_marker("slow") or SLOW_FIXTURES & set(_fixtures(item))]
    _leave_out(config, items, slow)


def _leave_out(config: pytest.Config, items: list[pytest.Item], some: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=some)
    left_out = set(some)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("--fast"):
        return
    reports = [report for key in ("passed", "failed") for report in terminalreporter.stats.get(key, [])]
    for report in sorted(reports, key=lambda report: -report.duration)[:NAMED]:
        if report.duration > TOO_SLOW:
            terminalreporter.write_line(f"{report.duration:.1f} s, mark it slow: {report.nodeid}", yellow=True)


def _fixtures(item: pytest.Item) -> Iterator[str]:
    yield from getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder for each ``next``; ``mktemp`` would read the names of all earlier ones each time."""
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test its own state, data, config and cache folders, so that nothing of the user's is touched."""
    folder = next(homes)
    folder.mkdir()
    monkeypatch.setenv("HOME", os.fspath(folder))
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", os.fspath(folder / name.lower()))
    return folder


@pytest.fixture(scope="session", params=["shipped", "shared"] if SHARED.is_dir() else ["shipped"])
def photo_data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos in the folders ``camera``, ``edits`` and ``orientation``: those of ``photos``, then those beside us."""
    if request.param == "shared":
        return SHARED
    if photos.folder() is None:
        pytest.skip("scikit-image, which ships photos, is not installed")
    return photos.fill(tmp_path_factory.mktemp("photos"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files of many cameras; the test is skipped where it is not at hand."""
    if not SHARED.is_dir():
        pytest.skip(f"the real photos are not at {SHARED}")
    return SHARED
