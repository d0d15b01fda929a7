"""A decoder that crashes, hangs or eats memory is one problem of one file, and the process is gone with it."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from image_sync.apply.makers import made
from image_sync.apply.words import Trouble
from image_sync.base import fault_count, faults
from image_sync.base.control import Control
from image_sync.base.model import Maker, Problem, Stopped
from image_sync.containment import frozen, shared, workers
from image_sync.containment.limits import Limits
from image_sync.containment.workers import Abandoned, Workers
from image_sync.gui.sync.dimensions import dimensions
from image_sync.gui.widgets.thumbnails import Wish
from image_sync.inventory.pool import on_pictures
from image_sync.inventory.thumbnail import decode
from image_sync.pictures.errors import FOR_NOW, WHAT, PictureError
from image_sync.pictures.memory_budget import DECODE_BUDGET, FREE, TOGETHER
from image_sync.pictures.pixels import pixel_digest
from tests.containment.planting import SOON, plant, workers_with
from tests.contexts import run_context
from tests.logs import logs
from tests.pictures_made import save, scene

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the deeds are those of a POSIX system")


@pytest.fixture
def crew(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    with workers_with(SOON, monkeypatch) as made:
        yield made


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def eventually(happens: Callable[[], bool]) -> bool:
    until = time.monotonic() + 60
    while not happens():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


DEEDS = [
    ("segfault", WHAT, workers.CRASHED),
    ("abort", WHAT, workers.CRASHED),
    ("leave", WHAT, workers.CRASHED),
    ("be_killed", FOR_NOW, workers.KILLED),
    ("compute", WHAT, workers.Overrun.TOO_LONG(time="0.6 s")),
    ("eat", FOR_NOW, "there is not enough memory to decode it"),
    ("eat_in_c", WHAT, workers.CRASHED),
]


@pytest.mark.slow
def test_whatever_a_decoder_does_is_one_problem(crew: Workers, tmp_path: Path) -> None:
    good = [os.fspath(save(scene(number), tmp_path / f"{number}.gif")) for number in range(6)]
    bad = {plant(tmp_path / f"{deed}.heic", deed): (what, why) for deed, what, why in DEEDS}
    paths = [*good[:2], *bad, *good[2:]]
    with run_context() as context:
        found = dict(on_pictures(context, pixel_digest, paths, str, lambda _path, problem: problem))
    for path, told in bad.items():
        problem = found.pop(path)
        assert isinstance(problem, Problem)
        assert (problem.path, (problem.what, problem.why)) == (path, told) and problem.hint
    assert found == {path: pixel_digest(path) for path in good}
    last = crew.do(os_pid, good[0], (good[0],))
    assert last in crew.pids
    crew.close()
    assert not crew.pids and gone(last)


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["sleep", "hold_the_lock"])
def test_a_decoder_that_sleeps_is_told_by_its_silence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, deed: str
) -> None:
    with workers_with(Limits(processor=60, silence=3.0), monkeypatch) as crew:
        with pytest.raises(PictureError) as met:
            crew.do(pixel_digest, plant(tmp_path / "a.heic", deed), (os.fspath(tmp_path / "a.heic"),))
        assert met.value.problem.what == FOR_NOW
        assert met.value.problem.why == "its decoder gave no sign of life for 3.0 s"
        assert eventually(lambda: not crew.pids)


def test_a_file_that_goes_well_the_second_time_is_not_blamed(crew: Workers, tmp_path: Path) -> None:
    path = plant(tmp_path / "a.heic", f"crash_once {tmp_path / 'mark'}")
    with pytest.raises(PictureError) as met:
        crew.do(pixel_digest, path, (path,))
    assert (tmp_path / "mark").exists()
    assert met.value.problem.why == "damaged: the picture ends early"


def test_what_a_run_has_found_to_be_harmful_is_not_tried_again_before_the_next(crew: Workers, tmp_path: Path) -> None:
    path = plant(tmp_path / "a.heic", f"crash_once {tmp_path / 'mark'}")
    harmful = plant(tmp_path / "b.heic", "segfault")
    with pytest.raises(PictureError) as met:
        crew.do(pixel_digest, harmful, (harmful,))
    os.replace(path, harmful)  # another file under the name is another file
    with pytest.raises(PictureError) as other:
        crew.do(pixel_digest, harmful, (harmful,))
    assert met.value.problem.why != other.value.problem.why
    before = crew.pids
    crew._state.refused[workers._stamp(harmful)] = met.value.problem
    with pytest.raises(PictureError) as again:
        crew.do(pixel_digest, harmful, (harmful,))
    assert again.value.problem is met.value.problem and crew.pids == before
    crew.rest()
    assert not crew._state.refused and not crew.pids


def both(pair: tuple[str, str]) -> list[str]:
    return [pixel_digest(path) for path in pair]


def test_of_two_files_the_one_that_was_read_is_named(crew: Workers, tmp_path: Path) -> None:
    good, bad = os.fspath(save(scene(1), tmp_path / "a.gif")), plant(tmp_path / "b.heic", "segfault")
    with pytest.raises(PictureError) as met:
        crew.do(both, (good, bad), (good, bad))
    assert met.value.problem.path == bad


@pytest.mark.parametrize("deed", ["compute", "sleep", "hold_the_lock"])
def test_a_stop_does_not_wait_for_a_decoder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, deed: str) -> None:
    """No limit would end it within the time that a test has."""
    control = Control()
    path = plant(tmp_path / "a.heic", deed)
    with workers_with(Limits(processor=9e5, silence=9e5), monkeypatch) as crew:

        def stop() -> None:
            assert eventually(lambda: bool(crew._state.talks))
            control.stop()

        thread = threading.Thread(target=stop)
        thread.start()
        with run_context(control=control) as context, pytest.raises(Stopped):
            dict(on_pictures(context, pixel_digest, [path] * 20, str, lambda _path, problem: problem))
        thread.join()
        assert eventually(lambda: not crew.pids)


def test_what_comes_after_a_stop_is_not_begun(crew: Workers, tmp_path: Path) -> None:
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    crew.abandon("a run")
    with pytest.raises(Abandoned):
        crew.do(pixel_digest, path, (path,), "a run")
    assert crew.do(pixel_digest, path, (path,), "another") == pixel_digest(path)


def test_work_that_no_other_process_knows_is_done_here(crew: Workers, tmp_path: Path) -> None:
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    assert shared.contained(lambda path: (path, os.getpid()), path, (path,)) == (path, os.getpid())
    assert shared.contained(os_pid, path, (path,)) != os.getpid()
    assert len(crew.pids) == 1


def os_pid(_path: str) -> int:
    return os.getpid()


@pytest.mark.parametrize("lacking", ["executable", "frozen"])
def test_where_there_is_no_interpreter_work_is_done_here(
    crew: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    monkeypatch.setattr(f"sys.{lacking}", "" if lacking == "executable" else True, raising=False)
    assert shared.contained(os_pid, path, (path,)) == os.getpid()
    assert not crew.pids


@pytest.mark.parametrize("started", ["image-sync", "image-sync-gui", "image-sync.exe", "image-sync-gui.exe", "other"])
def test_a_frozen_program_starts_itself_as_a_worker(
    started: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "image-sync.exe" if started.endswith(".exe") else "image-sync"
    (tmp_path / program).touch()
    monkeypatch.setattr(sys, "executable", os.fspath(tmp_path / started))
    monkeypatch.setattr(sys, "argv", ["image-sync", "history"])
    monkeypatch.setattr(frozen, "_begun", False)
    assert frozen.command(3) == []
    assert frozen.begin() is False
    assert frozen.command(3) == [os.fspath(tmp_path / program), "--image-sync-worker", "3"]


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_a_process_that_is_started_as_a_worker_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The frozen program as it is seen from outside: a command that becomes a worker by its argument."""
    entry = tmp_path / "image-sync"
    root = Path(frozen.__file__).parents[2]
    code = (
        f"import sys; sys.path[:0] = [{os.fspath(root)!r}]\nfrom image_sync.containment import frozen\nfrozen.begin()"
    )
    entry.write_text(f"#!{sys.executable}\n{code}\n")
    entry.chmod(0o755)
    monkeypatch.setattr(frozen, "_begun", True)
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    with workers_with(Limits(), monkeypatch) as crew:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "executable", os.fspath(entry))
        digest = crew.do(pixel_digest, path, (path,))
        assert len(crew.pids) == 1
        monkeypatch.undo()
    assert digest == pixel_digest(path)


def in_place(path: str) -> str:
    with DECODE_BUDGET.holding(2 * FREE):
        return path


def test_workers_take_their_memory_from_the_program(crew: Workers, tmp_path: Path) -> None:
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    done: list[str] = []
    with DECODE_BUDGET.holding(TOGETHER):
        thread = threading.Thread(target=lambda: done.append(crew.do(in_place, path, (path,))))
        thread.start()
        assert eventually(
            lambda: any(talk.process._held or talk.process.deadline is None for talk in crew._state.talks)
        )
        assert not done
    thread.join()
    assert done == [path]
    assert DECODE_BUDGET._taken == 0


def test_memory_that_a_crashed_worker_held_is_given_back(crew: Workers, tmp_path: Path) -> None:
    path = plant(tmp_path / "a.heic", "segfault")
    with pytest.raises(PictureError):
        crew.do(crash_while_holding, path, (path,))
    assert DECODE_BUDGET._taken == 0


def crash_while_holding(path: str) -> str:
    with DECODE_BUDGET.holding(2 * FREE):
        return pixel_digest(path)


def test_threads_share_the_processes(crew: Workers, tmp_path: Path) -> None:
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    with run_context(workers=3) as context:
        pids = {pid for _, pid in on_pictures(context, os_pid, [path] * 60, str, lambda _path, problem: problem)}
    assert pids == set(crew.pids) and len(pids) <= 3


def swollen(_path: str) -> int:
    """Leave a worker that has grown."""
    KEPT.extend(bytearray(b"x" * (100 << 20)) for _ in range(3))
    return os.getpid()


KEPT: list[bytearray] = []


@pytest.mark.slow
def test_a_worker_that_has_grown_is_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    with workers_with(Limits(), monkeypatch) as crew:
        one = crew.do(swollen, path, (path,))
        assert eventually(partial(gone, one))
        assert crew.do(os_pid, path, (path,)) != one


def faulty(path: str) -> str:
    try:
        raise KeyError("planted")
    except KeyError as error:
        return faults.met(error, f"reading {path}").words


@pytest.mark.usefixtures("crew")
def test_a_fault_of_the_program_is_met_in_the_program(tmp_path: Path) -> None:
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    before = fault_count.met()
    with run_context() as context:
        ((_, problem),) = on_pictures(context, faulty, [path], str, lambda _path, problem: problem)
    assert isinstance(problem, Problem)
    assert problem.what == FOR_NOW and "a fault of the program (KeyError: 'planted')" in problem.why
    assert fault_count.met() == before + 1
    written = logs()[-1].read_text()
    assert "in a worker process" in written and "in faulty" in written


def noisy(path: str) -> str:
    os.write(1, b"a library speaks\n" * 100_000)
    print("and so does Python", flush=True)
    return path


def test_what_libraries_print_does_not_get_between_the_answers(
    crew: Workers, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    assert crew.do(noisy, path, (path,)) == path
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("crew")
def test_a_conversion_that_crashes_is_trouble_in_words(tmp_path: Path) -> None:
    data = Path(plant(tmp_path / "a.heic", "segfault")).read_bytes()
    with pytest.raises(Trouble) as met:
        made(Maker.JPEG, data, "90")
    assert met.value.why == workers.CRASHED


@pytest.mark.usefixtures("crew")
def test_a_thumbnail_or_a_size_that_crashes_is_an_error_of_that_file(tmp_path: Path) -> None:
    path = plant(tmp_path / "a.heic", "segfault")
    with pytest.raises(PictureError, match="crashed"):
        decode(Wish(path, 0, 100))
    with pytest.raises(PictureError, match="crashed"):
        dimensions(path)
    small = decode(Wish(os.fspath(save(scene(1), tmp_path / "a.webp")), 0, 100))
    assert small.size == (100, 75)


@pytest.mark.slow
def test_an_answer_is_handed_over_whatever_memory_a_file_may_take(crew: Workers, tmp_path: Path) -> None:
    path = os.fspath(save(scene(1), tmp_path / "a.gif"))
    assert len(crew.do(large, path, (path,))) == 3 * SOON.memory // 4


def large(_path: str) -> bytes:
    return bytes(3 * SOON.memory // 4)
