"""The log: one whole line a record, private, bounded, kept for a week, and never in the way of a run."""

from __future__ import annotations

import errno
import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_sync.base import log, log_file, places
from image_sync.base.log_file import CONTINUED, KEPT_DAYS, LogFile
from tests.cli.made import hostile
from tests.logs import logged, logs

ROOT = Path(__file__).resolve().parents[2]
BEGINS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z]+ +\[.*?\] [\w.]+: ")
DAY = 86400.0
NOON = datetime(2026, 3, 14, 12).timestamp()
logger = logging.getLogger("image_sync.tests")


class Clock:
    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


@pytest.fixture
def file(folder: Path, clock: Clock) -> Iterator[LogFile]:
    made = LogFile(os.fspath(folder), clock)
    yield made
    made.close()


def record(text: str, *values: object, head: bool = False, error: BaseException | None = None) -> logging.LogRecord:
    made = logging.LogRecord("image_sync.tests", logging.INFO, "", 0, text, values, (type(error), error, None))  # type: ignore[arg-type]
    made.head = head
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def old(folder: Path, days: float, size: int = 10, number: int = 1) -> Path:
    """A file of the log that another start began ``days`` before noon."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{datetime.fromtimestamp(NOON - days * DAY):%Y-%m-%d_%H%M%S}-{number}.log"
    with path.open("wb") as stream:
        stream.truncate(size)
    return path


# --- lines ------------------------------------------------------------------------------------------------------------


def test_a_record_is_a_line_with_its_time_and_where_it_comes_from(file: LogFile) -> None:
    file.emit(record("Read %d of %d", 3, 4))
    (text,) = Path(file.path).read_text().splitlines()
    assert text == "2026-03-14 12:00:00.000 INFO     [MainThread] tests: Read 3 of 4"


@settings(max_examples=200, deadline=None)
@given(name=hostile)
def test_no_name_can_forge_a_line(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    file = LogFile(os.fspath(tmp_path_factory.mktemp("log") / "logs"), Clock())
    forged = f"{name}\n2026-03-14 12:00:00.000 CRITICAL [MainThread] engine: forged"
    file.emit(record("Problem: %s", forged))
    file.emit(record("met", error=ValueError(forged)))
    file.close()
    raw = Path(file.path).read_bytes()
    lines = raw.decode("utf-8").split("\n")
    assert lines.pop() == ""
    assert [bool(BEGINS.match(line)) for line in lines[:2]] == [True, True]
    assert all(line.startswith(CONTINUED) for line in lines[2:])
    assert all(character.isprintable() for line in lines for character in line if ord(character) < 0xA0)


def test_a_traceback_is_there_in_full(file: LogFile) -> None:
    try:
        raise KeyError("planted")
    except KeyError as error:
        file.emit(record("met", error=error))
    lines = Path(file.path).read_text().splitlines()
    assert lines[1] == f"{CONTINUED}Traceback (most recent call last):"
    assert lines[-1] == f"{CONTINUED}KeyError: 'planted'"


def test_neither_a_line_nor_a_record_is_longer_than_can_be_read(file: LogFile) -> None:
    file.emit(record("%s", "x" * 10**6, error=ValueError("one\n" * 10**5)))
    lines = Path(file.path).read_text().splitlines()
    assert max(map(len, lines)) < log_file.LONGEST + 100
    assert len(lines) <= log_file.MOST_LINES + 2


def test_a_record_that_can_not_be_put_together_is_kept_as_it_is(file: LogFile) -> None:
    file.emit(record("Read %d of %d", "three"))
    file.emit(record("and on"))
    assert "Read %d of %d (TypeError" in Path(file.path).read_text()
    assert "and on" in Path(file.path).read_text() and file.trouble == ""


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("before", [None, 0o755])
def test_it_is_the_users_alone(file: LogFile, folder: Path, before: int | None) -> None:
    if before is not None:
        folder.mkdir(mode=before)
    file.emit(record("one"))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert Path(file.path).stat().st_mode & 0o777 == 0o600


def test_another_day_begins_another_file_that_tells_the_start_again(file: LogFile, folder: Path, clock: Clock) -> None:
    file.emit(record("Image Sync", head=True))
    first = file.path
    clock.now += DAY
    file.emit(record("on the next day"))
    assert names(folder) == sorted([Path(first).name, Path(file.path).name])
    assert Path(file.path).name.startswith("2026-03-15_120000-")
    assert [line.split(": ", 1)[1] for line in Path(file.path).read_text().splitlines()] == [
        "Image Sync",
        "on the next day",
    ]


def test_what_is_older_than_a_week_goes(file: LogFile, folder: Path) -> None:
    young, aged = old(folder, KEPT_DAYS - 0.1), old(folder, KEPT_DAYS + 0.1)
    os.utime(aged, (NOON, NOON))  # a backup that was put back: the name tells the age
    foreign = folder / "2001-01-01_000000-1.log.bak"
    foreign.write_text("not ours")
    file.emit(record("one"))
    assert names(folder) == sorted([young.name, Path(file.path).name, foreign.name])


def test_a_window_that_stays_open_clears_up_too(file: LogFile, folder: Path, clock: Clock) -> None:
    for _ in range(KEPT_DAYS + 3):
        file.emit(record("a day"))
        clock.now += DAY
    assert len(names(folder)) <= log_file.MOST_PARTS
    assert names(folder)[-1] == Path(file.path).name


def test_the_oldest_go_when_all_together_are_too_large(file: LogFile, folder: Path) -> None:
    half = log_file.MOST_BYTES // 2
    oldest, newer = old(folder, 2, half), old(folder, 1, half + 1)
    file.emit(record("one"))
    assert not oldest.exists() and newer.exists()


def test_one_start_keeps_its_beginning_and_its_end(
    file: LogFile, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_file, "LARGEST", 4000)
    file.emit(record("Image Sync", head=True))
    first = file.path
    for number in range(1000):
        clock.now += 1
        file.emit(record("number %d", number))
    files = sorted(folder.iterdir())
    assert len(files) == log_file.MOST_PARTS
    assert max(path.stat().st_size for path in files) <= 4000
    text = "".join(path.read_text() for path in files)
    assert files[0] == Path(first) and "number 0\n" in text and "number 999\n" in text
    assert text.count("Image Sync") == log_file.MOST_PARTS


def test_a_file_that_somebody_removed_is_begun_anew(file: LogFile) -> None:
    file.emit(record("Image Sync", head=True))
    os.unlink(file.path)
    file.emit(record("two"))
    assert [line.split(": ", 1)[1] for line in Path(file.path).read_text().splitlines()] == ["Image Sync", "two"]


# --- trouble ----------------------------------------------------------------------------------------------------------


def test_a_folder_that_can_not_be_made_is_trouble_in_words(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file stands here")
    file = LogFile(os.fspath(tmp_path / "state" / "logs"))
    file.emit(record("one"))
    file.emit(record("two"))
    assert file.trouble.startswith("the log can't be written in ") and file.path == ""


def test_a_disk_that_fills_up_ends_the_log_and_nothing_else(file: LogFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.emit(record("one"))

    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(log_file.os, "write", full)
    file.emit(record("two"))
    assert "full" in file.trouble or "no room" in file.trouble


def test_two_processes_and_their_threads_write_whole_lines() -> None:
    """Two starts in one second, each with threads that write to one file: the sum is theirs, line by line."""
    code = (
        "import logging, threading; from image_sync.base import log\n"
        "def work(name):\n"
        "    for number in range(300): logging.getLogger('image_sync.x').info('%s %d %s', name, number, 'y' * 300)\n"
        "with log.started('Two', ['a b']):\n"
        "    threads = [threading.Thread(target=work, args=(f't{n}',)) for n in range(3)]\n"
        "    [thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    assert len(logs()) == 2
    for path in logs():
        lines = path.read_text().splitlines()
        assert all(BEGINS.match(line) for line in lines)
        told = {tuple(line.split(" x: ")[1].split()[:2]) for line in lines if " x: " in line}
        assert told == {(f"t{name}", str(number)) for name in range(3) for number in range(300)}
        assert all(line.endswith("y" * 300) for line in lines if " x: " in line)


def test_two_that_share_a_process_number_do_not_share_a_file(folder: Path, clock: Clock) -> None:
    """Containers with one home: the same number in the same second."""
    files = [LogFile(os.fspath(folder), clock) for _ in range(3)]
    for file in files:
        file.emit(record("one"))
        file.close()
    assert len({file.path for file in files}) == 3


# --- a start ----------------------------------------------------------------------------------------------------------


def test_it_begins_with_what_was_started_where() -> None:
    with log.started("Command line", ["organize", "a b", "new\nline"]) as kept:
        assert kept.path == os.fspath(logs()[0])
        kept.tell_libraries()
        kept.tell_libraries()
    text = logged()
    assert "Command line: Image Sync " in text and sys.version.split()[0] in text
    assert "Arguments: organize 'a b' 'new\\nline'" in text
    assert f"Folder: {os.getcwd()}" in text
    assert text.count("Libraries: ") == 1 and re.search(r"numpy \d+\.", text)
    assert log.current() is None


def test_every_required_library_is_told() -> None:
    required = {re.split(r"[<>=]", line)[0].lower() for line in (ROOT / "requirements.txt").read_text().split()}
    assert required <= {name.lower() for name in log.LIBRARIES}


@pytest.mark.parametrize(("debug", "told"), [(False, False), (True, True)])
def test_debug_tells_more(debug: bool, told: bool) -> None:
    with log.started("Command line", debug=debug):
        logger.debug("fine grain")
        logging.getLogger("PIL.TiffImagePlugin").debug("a library's own")
        logging.getLogger("PIL").warning("a library's warning")
    assert ("fine grain" in logged()) is told
    assert "a library's own" not in logged() and "a library's warning" in logged()


def test_what_is_written_elsewhere_is_not_kept_after_the_end() -> None:
    with log.started("Command line"):
        pass
    logger.warning("too late")
    assert "too late" not in logged()
    assert not [handler for handler in logging.getLogger().handlers if isinstance(handler, LogFile)]


def test_details_are_versions_and_the_end_of_the_log() -> None:
    with log.started("Window"):
        for number in range(1000):
            logger.info("number %d", number)
        told = log.details()
    assert "Image Sync " in told and "numpy" in told and "number 999" in told and "number 1\n" not in told
    assert os.fspath(logs()[0]) in told


def test_an_unwritable_log_still_has_details(home: Path) -> None:
    Path(places.state_folder()).parent.mkdir(parents=True, exist_ok=True)
    Path(places.state_folder()).write_text("a file stands here")
    with log.started("Window") as kept:
        assert kept.path == "" and "can't be written" in kept.trouble
        assert "can't be written" in log.details()
    assert home.is_dir()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.integers(1, 60))
def test_threads_share_one_file(tmp_path_factory: pytest.TempPathFactory, threads: int, lines: int) -> None:
    file = LogFile(os.fspath(tmp_path_factory.mktemp("log")), Clock())

    def work(name: int) -> None:
        for number in range(lines):
            file.handle(record("%d %d", name, number))

    running = [threading.Thread(target=work, args=(name,)) for name in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    file.close()
    told = [line.split(": ", 1)[1] for line in Path(file.path).read_text().splitlines()]
    assert sorted(told) == sorted(f"{name} {number}" for name in range(threads) for number in range(lines))


def test_versions_that_can_t_be_read_end_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file handle may be left when a log is begun: then the line says less."""

    def read(name: str) -> str:
        if name == log.LIBRARIES[0]:
            raise OSError(24, "Too many open files")
        return "1.2"

    log.libraries.cache_clear()
    monkeypatch.setattr("importlib.metadata.version", read)
    said = log.libraries()
    log.libraries.cache_clear()
    assert log.LIBRARIES[0] not in said
    assert f"{log.LIBRARIES[1]} 1.2" in said
