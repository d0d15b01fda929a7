"""Attacks from outside: storms of signals, two commands at once, and random jobs with memory and handles watched."""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.children import Ended, forked
from benchmarks.faults.score import Score
from benchmarks.faults.trees import Tree, contents, difference, is_temporary, tree_of
from benchmarks.faults.worlds import KINDS, Kind, World, age_folders, command
from image_sync.base.model import Plan

ROOT = Path(__file__).resolve().parents[2]
BEGUN = b"begun"
PROGRAM = f"import sys; from image_sync.cli import run; print('{BEGUN.decode()}', flush=True); sys.exit(run())"
"""It says when it has begun: before that, Python itself is what a signal ends."""
WINDOW = """
import sys
import image_sync
from image_sync.base.model import Refused
from image_sync.jobs.sync.request import SyncRequest

try:
    result = image_sync.apply(image_sync.sync(SyncRequest(sys.argv[1], sys.argv[2])))
except Refused as refusal:
    print(refusal)
    sys.exit(2)
sys.exit(1 if result.problems else 0)
"""
"""What a window does with a sync: its engine scans and applies, and tells by events."""
ENDS = frozenset({0, 1, 2, 130, *(128 + one for one in (signal.SIGTERM, signal.SIGHUP)), -15, -1, -2, -9})
"""Codes of a command that was sent signals; never 3, a fault of the program."""
PATIENCE = 120
WARM = 12
"""Random jobs after which memory and handles are what they should stay at."""
MORE_MEMORY = 48 << 20
"""Bytes by which memory may be above that: pools of the allocator."""


def attack(near: Path, score: Score, *, rounds: int, minutes: float, seed: int) -> None:
    """Rounds of signals, of two commands at once and of a window beside a command, then random jobs for so many
    minutes."""
    choice = random.Random(seed)
    for number in range(rounds):
        _round(near / f"signals{number}", score, choice, _under_signals, "signals")
        _round(near / f"two{number}", score, choice, _two_at_once, "two processes")
        _round(near / f"crossing{number}", score, choice, _crossing, "window and command, crossing folders")
    if minutes:
        _random_jobs(near / "random", score, minutes, seed)


@dataclass(frozen=True, slots=True)
class Place:
    """A tree with its state folder and what was there before."""

    world: World
    before: Tree


def planted(folder: Path, kind: Kind) -> Place:
    """Fresh trees of a kind, and a home of their own in the environment."""
    near, far = folder / "near", folder / "far"
    for one in (near, far):
        (one / "tree").mkdir(parents=True)
    kind.plant(near / "tree", far / "tree")
    (far / "tree" / "out").mkdir()
    age_folders(near / "tree", far / "tree")
    os.environ["IMAGE_SYNC_STATE"] = os.fspath(folder / "state")
    for name in ("DATA", "CONFIG", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = os.fspath(folder / name)
    world = World(kind.name, near, far, Plan("", {}, ()))
    return Place(world, tree_of(world.roots))


Deed = Callable[[Place, random.Random], str]


def _round(folder: Path, score: Score, choice: random.Random, deed: Deed, row: str) -> None:
    kind = choice.choice(KINDS)
    place = planted(folder, kind)
    score.count(row)
    where = f"{row}, {kind.name}"
    score.check(where, deed(place, choice))
    now = tree_of(place.world.roots)
    lost = contents(place.before) - contents(now)
    score.check(where, f"lost: {len(lost)} contents" if lost else "")
    score.check(where, _all_taken_back())
    found = difference(place.before, tree_of(place.world.roots), folder_times=False, litter=True)
    score.check(where + ", undone", found)
    shutil.rmtree(folder)


def _all_taken_back() -> str:
    from image_sync.apply import journal
    from image_sync.apply.undo import undo

    for run in journal.history():
        if run.can_be_undone and (problems := undo(run.run).problems):
            return f"undo: {problems[0]}"
    return ""


def _started(argv: list[str], program: str = PROGRAM) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *argv],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _ended(process: subprocess.Popen[bytes]) -> str:
    """What is wrong with the end of a command."""
    try:
        said = process.communicate(timeout=PATIENCE)[0].decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return "it did not end"
    if process.returncode not in ENDS or "Traceback" in said:
        return f"code {process.returncode}: {said[-1500:]}"
    return ""


def _under_signals(place: Place, choice: random.Random) -> str:
    process = _started(command(place.world))
    assert process.stdout is not None
    while BEGUN not in process.stdout.readline() and process.poll() is None:
        pass
    time.sleep(choice.uniform(0.3, 2.5))
    for _ in range(choice.randrange(1, 6)):
        process.send_signal(choice.choice((signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)))
        time.sleep(choice.uniform(0.0, 0.15))
    if choice.random() < 0.3:
        process.kill()
    return _ended(process)


def _two_at_once(place: Place, choice: random.Random) -> str:
    """The same command twice, or another job over the same folders, from two processes."""
    first = command(place.world)
    second = (
        [first[0], *first[1:]] if choice.random() < 0.5 or first[0] != "organize" else ["sync", *first[1:3], "--yes"]
    )
    processes = [_started(first)]
    time.sleep(choice.uniform(0.0, 0.5))
    processes.append(_started(second))
    return "; ".join(filter(None, map(_ended, processes)))


def _crossing(place: Place, choice: random.Random) -> str:
    """A command, and two windows that sync folders around, beside and inside those of the command."""
    tree = place.world.roots[0]
    inside = sorted(path for path in tree.iterdir() if path.is_dir())
    folders = [(tree, tree.parent / "copy of all"), (choice.choice(inside), tree.parent / "copy of some")]
    for _, elsewhere in folders:
        elsewhere.mkdir()
    processes = [_started(command(place.world))]
    for pair in folders:
        time.sleep(choice.uniform(0.0, 0.5))
        processes.append(_started([os.fspath(one) for one in pair], WINDOW))
    return "; ".join(filter(None, map(_ended, processes)))


# --- random jobs ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Used:
    """What a process holds: bytes of memory, open files, files in its temporary folder, threads."""

    memory: int
    handles: int
    temporary: int
    threads: int


def _used(temporary: Path) -> Used:
    import threading

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return Used(
        pages * 4096, len(os.listdir("/proc/self/fd")), len(list(temporary.iterdir())), threading.active_count()
    )


def _random_jobs(folder: Path, score: Score, minutes: float, seed: int) -> None:
    ended = forked(lambda: Ended(result=_jobs(folder, minutes, seed)))
    if ended.fault:
        score.fault("random jobs", ended.fault)
        return
    done, wrong, first, last = ended.result
    score.points["random jobs"] += done
    for words in wrong:
        score.fault("random jobs", words)
    score.say(f"random jobs: {done}; after {WARM}: {first}; at the end: {last}")
    if last.memory > first.memory + MORE_MEMORY or last.handles > first.handles or last.temporary > first.temporary:
        score.fault("random jobs", f"more and more is held: {first}, {last}")


def _jobs(folder: Path, minutes: float, seed: int) -> tuple[int, list[str], Used, Used]:
    choice, until = random.Random(seed), time.monotonic() + 60 * minutes
    temporary = folder / "temporary"
    temporary.mkdir(parents=True)
    tempfile.tempdir = os.fspath(temporary)
    wrong: list[str] = []
    first, done = _used(temporary), 0
    while time.monotonic() < until or done <= WARM:
        words = _one_job(folder / f"job{done}", choice)
        if words:
            wrong.append(words)
        done += 1
        if done == WARM:
            first = _used(temporary)
    return done, wrong, first, _used(temporary)


def _one_job(folder: Path, choice: random.Random) -> str:
    """A job on fresh trees, again, and taken back, all by commands in this process."""
    from image_sync.cli import main

    kind = choice.choice(KINDS)
    place = planted(folder, kind)
    argv = command(place.world)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        codes = [main(argv)]
        if choice.random() < 0.5:
            codes.append(main(argv))
        codes += [main(["undo", "--yes"]) for _ in codes[: 1 + (choice.random() < 0.5)]]
    lost = contents(place.before) - contents(tree_of(place.world.roots))
    words = _all_taken_back() or difference(place.before, tree_of(place.world.roots), folder_times=False)
    left = [path for path in tree_of(place.world.roots) if is_temporary(path)]
    shutil.rmtree(folder)
    if lost or codes[0] not in (0, 1) or 3 in codes or left or words:
        return f"{kind.name}, codes {codes}: {len(lost)} lost, {left[:1]}, {words}; {said.getvalue()[-600:]}"
    return ""
