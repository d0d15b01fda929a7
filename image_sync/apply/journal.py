"""The journal of each run: what was planned, what was about to be done, what was done, what was undone.

One folder per run in the state folder holds ``journal.jsonl``, which only ever grows: the whole plan first, flushed
before anything is touched; then for each group of operations their intents, flushed before the first of them begins,
and their outcomes.  So after a crash or a power cut everything that may have happened is known, and what did happen
can be seen.  The journal does nothing to the user's files and decides nothing; ``recovery`` and ``undo`` do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator

from image_sync.apply import records, seal
from image_sync.apply.disk import flush_folder
from image_sync.apply.folders import standing
from image_sync.apply.locks import FileLock, holder
from image_sync.apply.records import End, Header, Line, Result
from image_sync.apply.replay import JournalReplay, read
from image_sync.base import paths, places
from image_sync.base.errors import reason
from image_sync.base.model import Plan, Refused, RunState, RunSummary
from image_sync.base.own_files import RUN_TIME, run_time

NAME = "journal.jsonl"
LOCK = "lock"
PATIENCE = 0.5
"""Seconds to wait for a run's lock: somebody who only looks whether it is held has it for an instant."""
_PART = ".part"
_TAIL = 1 << 16
_ENDED = frozenset({RunState.FINISHED, RunState.STOPPED})
_RUN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
SPENT_DAYS = 90
"""Days after which the journal of a run that has nothing left to undo goes by itself; no other ever does."""
_ABANDONED = 3600.0
"""Seconds after which a folder without a journal is nobody's; writing a plan takes far less."""


class JournalLost(Exception):
    """The journal can no longer be written; the run has to end here, since nothing more could be undone."""


def runs_folder() -> str:
    """Folder of the runs."""
    return os.path.join(places.state_folder(), "runs")


def _folder(run: str) -> str:
    return os.path.join(runs_folder(), run)


def new_run_id(at: float) -> str:
    """Sortable by local time, with four random digits: ``20260815-143022-3f2a``."""
    return f"{time.strftime(RUN_TIME, time.localtime(at))}-{secrets.token_hex(2)}"


# --- writing ------------------------------------------------------------------------------------


class Journal:
    """An open journal.  Lines are gathered and written when it is told to; use it as a context manager.

    ``key`` seals them; it is empty for a journal that an earlier version began without seals.
    """

    def __init__(self, run: str, handle: int, lock: FileLock, key: bytes) -> None:
        self.run = run
        self._handle = handle
        self._lock = lock
        self._key = key
        self._end = os.fstat(handle).st_size
        self._lines: list[bytes] = []
        self._lost = ""

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        """Close it, with whatever is still to be written; a failure to write leaves the run interrupted."""
        try:
            with contextlib.suppress(JournalLost):
                self.write()
        finally:
            os.close(self._handle)
            self._lock.give_back()

    def add(self, line: Line) -> None:
        """Take a line to be written with the next ``write``."""
        encoded = records.encode(line)
        if self._key:
            encoded = seal.sealed(encoded, self._key, self.run, self._end)
        self._end += len(encoded)
        self._lines.append(encoded)

    def write(self) -> None:
        """Hand the gathered lines to the system: they outlive this process, but not a power cut."""
        data = memoryview(b"".join(self._lines))
        self._lines.clear()
        with self._losing():
            while data:
                data = data[os.write(self._handle, data) :]

    def flush(self) -> None:
        """Have everything so far on the disk."""
        self.write()
        with self._losing():
            os.fsync(self._handle)

    @contextlib.contextmanager
    def _losing(self) -> Iterator[None]:
        """Writing, which fails for good: behind a line that may be torn, or not on the disk, no other may stand."""
        if self._lost:
            raise JournalLost(self._lost)
        try:
            yield
        except OSError as error:
            self._lost = reason(error)
            raise JournalLost(self._lost) from error

    def settled(self, results: Iterable[Result], cancelled: Iterable[int] = (), made: Iterable[str] = ()) -> None:
        """Operations that ended, and those that were announced but not begun (``made``: folders they left)."""
        for result in results:
            self.add(records.result_line(result))
        numbers = list(cancelled)
        if numbers:
            self.add({"is": "cancelled", "n": numbers, "made": list(made)})

    def begin_again(self, kind: str) -> None:
        """A ``resume`` or an ``undo`` begins: on the disk before it does.  Raises ``Refused`` when that can't be."""
        self.add({"is": kind, "at": time.time(), "process": os.getpid()})
        try:
            self.flush()
        except JournalLost as lost:
            raise Refused(_unwritten(self.run, str(lost))) from lost

    def end(self, end: End) -> None:
        """The run, or its undoing, came to an orderly end."""
        self.add(records.end_line(end, time.time()))
        self.flush()


def create(plan: Plan, run: str = "") -> Journal:
    """Write the plan into a new journal; when this returns it is on the disk.

    Raises ``Refused`` when that can't be done: then nothing else has been touched.
    """
    at = time.time()
    chosen = run or new_run_id(at)
    if not _RUN_ID.fullmatch(chosen):
        raise Refused(f"{paths.display(run)} can't be the name of a run.")
    folder = _folder(chosen)
    try:
        places.make_private(places.state_folder())
        places.make_private(runs_folder())
        _sweep(at)
        os.mkdir(folder, 0o700)
        return _create(plan, chosen, folder, at)
    except OSError as error:
        _discard(folder, error)
        why = reason(error)
        raise Refused(
            f"The journal can't be written in {paths.display(folder)}: {why}. "
            "Without it nothing could be undone, so nothing was done."
        ) from error


def _create(plan: Plan, run: str, folder: str, at: float) -> Journal:
    lock = FileLock(os.path.join(folder, LOCK))
    if not lock.take():
        raise OSError(errno.EBUSY, "it is locked")
    try:
        path, key = os.path.join(folder, NAME), seal.key()
        with open(path + _PART, "wb", opener=_private) as stream:
            place = 0
            for line in _plan_lines(plan, run, at):
                place += stream.write(seal.sealed(records.encode(line), key, run, place))
            stream.flush()
            os.fsync(stream.fileno())
        os.rename(path + _PART, path)  # a journal under its own name always holds its whole plan
        for changed in (folder, runs_folder()):
            flush_folder(changed)
        return Journal(run, _open_to_add(path), lock, key)
    except BaseException:
        lock.give_back()
        raise


def _plan_lines(plan: Plan, run: str, at: float) -> Iterator[Line]:
    yield records.header_line(run, plan, standing(plan.roots.values()), at, os.getpid())
    for number, operation in enumerate(plan.operations):
        yield records.operation_line(number, operation)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sweep(at: float) -> None:
    """Remove what is left of journals whose process was ended before their plan was whole: nothing had begun."""
    for run in _run_names():
        folder = _folder(run)
        with contextlib.suppress(OSError):
            begun = os.path.exists(os.path.join(folder, NAME))
            if not begun and at - os.stat(folder).st_mtime > _ABANDONED and not holder(os.path.join(folder, LOCK)):
                _discard(folder)
    for run in spent(at - SPENT_DAYS * 86400):
        discard(run)


def spent(before: float | None = None) -> Iterator[str]:
    """Runs that ended and have nothing to undo: undone ones, and such as changed nothing; those begun ``before``."""
    for run in _run_names():
        begun = _order(run, "")  # by its name, so that hundreds of journals need not be opened
        if before is not None and not 0.0 < begun < before:
            continue
        end = _last_line(os.path.join(_folder(run), NAME))
        if end is not None and (end.state is RunState.UNDONE or (end.state in _ENDED and not end.done)):
            yield run


def discard(run: str) -> None:
    """Delete the journal of a run that nobody works on; it can't be undone any more."""
    folder = _folder(run)
    lock = FileLock(os.path.join(folder, LOCK))
    with contextlib.suppress(OSError):
        if lock.take():
            lock.give_back(remove=True)
            _discard(folder)


def _discard(folder: str, error: OSError | None = None) -> None:
    """Take back the beginnings of a journal, unless the folder was another's."""
    if error is not None and error.errno == errno.EEXIST:
        return
    for name in (NAME + _PART, NAME, LOCK):
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(folder, name))
    with contextlib.suppress(OSError):
        os.rmdir(folder)


def reopen(run: str) -> Journal:
    """Open the journal of an earlier run to go on with it or to undo it.

    Raises ``Refused`` when there is none, when the run is still going on, or when it can't be written.
    """
    folder = _folder(_known(run))
    lock = FileLock(os.path.join(folder, LOCK))
    try:
        if not lock.take(patience=PATIENCE):
            raise Refused(f"The run {run} is still going on. Wait until it has ended, or stop it.")
        try:
            path = os.path.join(folder, NAME)
            _cut_torn_tail(path)
            return Journal(run, _open_to_add(path), lock, seal.key() if _is_sealed(path) else b"")
        except BaseException:
            lock.give_back()
            raise
    except OSError as error:
        why = reason(error)
        raise Refused(_unwritten(run, why)) from error


def _unwritten(run: str, why: str) -> str:
    return f"The journal of {run} can't be written: {why}. Nothing was done."


def _open_to_add(path: str) -> int:
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    return os.open(path, flags)


def _is_sealed(path: str) -> bool:
    with open(path, "rb") as stream:
        return seal.is_sealed(stream.readline())


def _cut_torn_tail(path: str) -> None:
    """Take away a line that was not written to its end, so that the next one begins on a line of its own."""
    with open(path, "r+b") as stream:
        size = stream.seek(0, os.SEEK_END)
        end = size
        while end > 0:
            begin = max(0, end - _TAIL)
            stream.seek(begin)
            newline = stream.read(end - begin).rfind(b"\n")
            if newline >= 0:
                end = begin + newline + 1
                break
            end = begin
        if end != size:
            stream.truncate(end)


# --- reading ------------------------------------------------------------------------------------


def load(run: str) -> JournalReplay:
    """Read the whole journal of ``run``.  Raises ``Refused`` when there is none or when its first line is damaged."""
    return read(os.path.join(_folder(_known(run)), NAME), run)


def history() -> tuple[RunSummary, ...]:
    """All runs, newest first.  Of a run that ended in order only the first and the last line are read."""
    return tuple(_newest_first())


def find(run: str) -> RunSummary:
    """The run of that id.  Raises ``Refused`` when there is none or when its journal can't be read."""
    summary = _summary(run, _header(_known(run)))
    if summary.trouble:
        raise Refused(f"The journal of {run} can't be read: {summary.trouble}.")
    return summary


def newest(fits: Callable[[RunSummary], bool]) -> RunSummary | None:
    """The newest run that fits."""
    return next(filter(fits, _newest_first()), None)


def _newest_first() -> Iterator[RunSummary]:
    """All runs; one whose journal can't be read stands where its name says that it began."""
    found = [(_order(run, header), run, header) for run in _run_names() if (header := _header(run)) is not None]
    for _, run, header in sorted(found, key=lambda entry: entry[:2], reverse=True):
        yield _summary(run, header)


def _order(run: str, header: Header | str) -> float:
    if isinstance(header, Header):
        return header.at
    try:
        return time.mktime(time.strptime(run_time(run), RUN_TIME))
    except (ValueError, OverflowError):
        return 0.0


def _run_names() -> list[str]:
    try:
        return [name for name in os.listdir(runs_folder()) if _RUN_ID.fullmatch(name)]
    except OSError:
        return []


def _known(run: str) -> str:
    if not _RUN_ID.fullmatch(run) or not os.path.exists(os.path.join(_folder(run), NAME)):
        raise Refused(f"There is no run {paths.display(run)}. The history lists those that are known.")
    return run


def _header(run: str) -> Header | str | None:
    """The first line of a journal, why it can't be read, or ``None`` where none was begun."""
    try:
        with open(os.path.join(_folder(run), NAME), "rb") as stream:
            return records.header(records.decode(stream.readline()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return reason(error)
    except (ValueError, RecursionError) as error:
        return records.why_not(error)


def _summary(run: str, header: Header | str | None) -> RunSummary:
    if not isinstance(header, Header):
        moment = run_time(run)
        started = time.strftime(records.STARTED, time.strptime(moment, RUN_TIME)) if moment else ""
        return RunSummary(run, "", started, RunState.UNREADABLE, 0, 0, 0, {}, trouble=header or "it is gone")
    end = _last_line(os.path.join(_folder(run), NAME))
    cut_off = end is None
    if end is None:
        end = _unfinished(run)
    return RunSummary(
        run,
        header.job,
        header.started,
        end.state,
        header.total,
        end.done,
        end.size,
        header.roots,
        end.problems,
        cut_off=cut_off and end.state in (RunState.INTERRUPTED, RunState.PARTLY_UNDONE),
    )


def _last_line(path: str) -> End | None:
    """The end of the run, when the last whole line is one."""
    try:
        with open(path, "rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _TAIL))
            whole = stream.read().rpartition(b"\n")[0]
        return records.end(records.decode(whole.rpartition(b"\n")[2]))
    except (OSError, ValueError):
        return None


def _unfinished(run: str) -> End:
    """End of a run that goes on, or that was cut off."""
    going = holder(os.path.join(_folder(run), LOCK)) is not None
    state = RunState.RUNNING if going else RunState.INTERRUPTED
    try:
        story = load(run)
    except Refused:
        return End(state, 0, 0, 0)
    if story.end is not None and not going:
        return story.end  # a torn line behind it was longer than what was read at first
    if not going and story.undo_begun:
        state = RunState.PARTLY_UNDONE
    done = story.done
    problems = sum(1 for result in story.results.values() if result.problem)
    return End(state, len(done), sum(_size(story, number) for number in done), problems)


def _size(story: JournalReplay, number: int) -> int:
    operation = story.operations.get(number)
    return operation.size if operation else 0
