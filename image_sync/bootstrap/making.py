"""Making the program's own environment, or mending it, with the standard library alone.

It is written so that a kill at any moment leaves nothing that looks complete: a mark lies in the environment from
before its first file until after its stamp, and an environment with that mark is thrown away.  One start makes it at a
time; the others wait at a lock, which the tools that were started hold too, so that not even an orphaned pip can write
into what the next start makes.  pip's own settings and mirrors are the user's and stay in force.
"""

from __future__ import annotations

import contextlib
import errno
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from enum import Enum
from typing import IO

from image_sync.base.control import Control
from image_sync.base.model import Refused
from image_sync.base.paths import display
from image_sync.bootstrap import slimming, words
from image_sync.bootstrap.environment import FOLDER, WITH_TKINTER, Environment, wanted
from image_sync.python_version import OLDEST

Say = Callable[[str], None]

LOOK_AGAIN = 0.1
"""Seconds between two looks at the lock, at a tool's output and at the user's wish to stop."""
# pip's --user and --target would put the packages somewhere else than into the environment.
_NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)
"""Errors by which a system says that a place is not to be written."""
ELSEWHERE = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
PROBE = f"""
import sys
try:
    import pip
except ImportError:
    import ensurepip
try:
    import tkinter
    toolkit = "{WITH_TKINTER}"
except ImportError:
    toolkit = "without tkinter"
print("python %d.%d %s" % (sys.version_info[0], sys.version_info[1], toolkit))
"""
SATISFIED = """
import sys
sys.path.insert(0, sys.argv[1])
from image_sync.bootstrap.environment import satisfied_here
sys.exit(not satisfied_here(sys.argv[2:]))
"""


class Verdict(Enum):
    """Verdict on an environment: what it needs before it can be used."""

    READY = "nothing"
    INSTALL = "pip has to run in it"
    MAKE = "it has to be made from the beginning"


def has_tkinter() -> bool:
    """Whether the running Python can open a window as far as Python goes (a display is another matter)."""
    try:
        import tkinter  # noqa: F401
    except ImportError:
        return False
    return True


def make_ready(environment: Environment, say: Say, control: Control, *, tkinter: bool = False) -> None:
    """Make, complete or renew ``environment``, telling ``say`` each step; with ``tkinter`` it must have that.

    ``Refused`` with a sentence when it can't be done, ``Stopped`` when ``control`` says so; both leave something that
    the next call makes good.  One that can't be written, and has everything all the same, is left as it is.
    """
    try:
        with _alone(environment.folder, say, control) as lock:
            verdict = judge(environment, tkinter)
            if verdict is not Verdict.READY:
                _Maker(environment, say, control, lock).make_ready(verdict)
    except OSError as error:
        if error.errno in _NOT_OURS and works_as_it_is(environment, tkinter):
            return
        raise Refused(_file_trouble(environment.folder, error)) from error
    if not environment.is_ready(tkinter):
        raise Refused(words.not_made(environment.folder, "it does not stay as it was made"))


def judge(environment: Environment, tkinter: bool = False) -> Verdict:
    """Verdict on ``environment``; with ``tkinter`` it must be able to open a window.

    One that somebody made by hand, without a stamp, is completed, not thrown away.
    """
    if environment.is_ready(tkinter):
        return Verdict.READY
    world, stamped, _ = environment.read_stamp()
    if os.path.lexists(environment.mark_path) or not os.path.exists(environment.python):
        return Verdict.MAKE
    facts = _facts(environment)
    moved = world.split("\n")[-1] != environment.world().split("\n")[-1]
    renewed = stamped.split()[:2] != facts.split()[:2]
    lacking = not facts or (tkinter and not facts.endswith(f" {WITH_TKINTER}"))
    return Verdict.MAKE if lacking or (world and (moved or renewed)) else Verdict.INSTALL


def works_as_it_is(environment: Environment, tkinter: bool = False) -> bool:
    """Whether ``environment`` has all that is required, whatever its stamp says: it was made by hand, or its
    interpreter has been renewed since."""
    facts = _facts(environment)
    if os.path.lexists(environment.mark_path) or not facts or (tkinter and not facts.endswith(f" {WITH_TKINTER}")):
        return False
    command = [environment.python, "-I", "-c", SATISFIED, FOLDER, *environment.requirements]
    try:
        return not subprocess.run(command, capture_output=True, timeout=60, check=False).returncode
    except (OSError, subprocess.SubprocessError):
        return False


class _Maker:
    """One round of making; the lock is held."""

    def __init__(self, environment: Environment, say: Say, control: Control, lock: int) -> None:
        self._environment = environment
        self._say = say
        self._control = control
        self._lock = lock

    def make_ready(self, verdict: Verdict) -> None:
        stamp = self._stamp_text()
        if verdict is Verdict.MAKE:
            self._make()
        self._install()
        parts = [self._environment.world(), _facts(self._environment), *stamp]
        _write(self._environment.stamp_path, "\n\n".join(parts))
        os.unlink(self._environment.mark_path)

    def _stamp_text(self) -> list[str]:
        """The requirements, read before the installation: what changes meanwhile is noticed at the next start."""
        try:
            return [wanted(path) for path in self._environment.requirements]
        except OSError as error:
            path = str(error.filename)
            raise Refused(words.unreadable_requirements(path, error.strerror or str(error))) from error

    def _make(self) -> None:
        folder = self._environment.folder
        _require_venv(folder)
        self._say(f"Setting the program up in {display(folder)} (this once; it takes {words.SPACE_NEEDED})")
        _clear(folder)
        os.mkdir(folder)
        _write(self._environment.mark_path, "")
        # The interpreter below a virtual environment: one environment must not hang on another.
        base = getattr(sys, "_base_executable", "") or sys.executable
        output = self._run([base, "-I", "-m", "venv", "--without-pip", folder], lambda _: None)
        if output is not None or not _facts(self._environment):
            reason = next((line.strip() for line in reversed(output or []) if line.strip()), "it does not run")
            raise Refused(words.not_made(folder, reason))

    def _install(self) -> None:
        """Let pip install the requirements; the mark lies there meanwhile, and pip itself only then.

        What is locked is what was tested, and its files are checked by their hashes.  Where there is none of that for
        this Python or machine, anything that the requirements allow will do.
        """
        environment = self._environment
        _write(environment.mark_path, "")
        lent = not slimming.has_pip(environment.folder)
        self._lend_pip(lent)
        self._say("Looking at what has to be fetched")
        output = self._installed()
        if output is None:
            if lent:
                slimming.drop_tests(environment.folder)
                self._take_pip_back()
            return
        # Until it begins to install, pip has changed nothing, and what is there may stay.
        if not any(line.startswith(words.PIP_INSTALLS) for line in output):
            if lent:
                self._take_pip_back()
            os.unlink(environment.mark_path)
        raise Refused(words.pip_failed(environment.folder, output))

    def _installed(self) -> list[str] | None:
        """Let pip install what is locked, or else what the lists allow; its output when it failed.

        The lock names all that the program needs, so nothing is asked for beyond it.
        """
        # An older version that is ready-made comes before a newer one that would have to be built.
        lists = ["--prefer-binary"]
        lists += [argument for path in self._environment.requirements for argument in ("-r", path)]
        lock = self._environment.lock_path
        locked = (
            ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", lock] if os.path.exists(lock) else lists
        )
        output = self._pip(locked)
        if output is not None and locked is not lists and words.lacks_a_version(output):
            self._say(words.NOT_AS_LOCKED)
            output = self._pip(lists)
        return output

    def _lend_pip(self, needed: bool) -> None:
        """Bring in the pip that the Python below carries, also in the place of an older one, which might not know
        today's wheels and would build for an hour what it does not find."""
        output = self._run([self._environment.python, "-I", "-m", "ensurepip", "--upgrade"], lambda _: None)
        if output is not None and needed:
            reason = next((line.strip() for line in reversed(output) if line.strip()), "it says no reason")
            raise Refused(words.not_made(self._environment.folder, reason))

    def _take_pip_back(self) -> None:
        names = slimming.to_take_back([*self._environment.requirements, self._environment.lock_path])
        if names:
            self._run([self._environment.python, "-I", "-m", "pip", "uninstall", "--yes", *names], lambda _: None)

    def _pip(self, what: list[str]) -> list[str] | None:
        """Let pip install; its output when it failed."""
        pip = [self._environment.python, "-I", "-u", "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
        return self._run([*pip, "--disable-pip-version-check", *what], self._tell_step)

    def _tell_step(self, line: str) -> None:
        if step := words.pip_step(line):
            self._say(step)

    def _run(self, command: list[str], on_line: Callable[[str], None]) -> list[str] | None:
        """Run ``command``, hand on its lines; all of them when it failed, ``None`` when all went well."""
        output: list[str] = []
        with _start(command, self._lock) as process:
            try:
                for line in _lines_of(process, self._control):
                    output.append(line)
                    on_line(line)
                return output if process.wait() else None
            except BaseException:
                _kill(process)
                raise


def _facts(environment: Environment) -> str:
    """``python 3.12 with tkinter`` or the like; empty when the interpreter doesn't work, is too old or gets no pip."""
    command = [environment.python, "-I", "-c", PROBE]
    try:
        result = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=60, check=True)
        facts = result.stdout.strip().rpartition("\n")[2]
        version = tuple(int(number) for number in facts.split()[1].split("."))
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return ""
    return facts if version >= OLDEST else ""


@contextlib.contextmanager
def _alone(folder: str, say: Say, control: Control) -> Iterator[int]:
    """Hold the lock beside ``folder``; waits while another start holds it.  Yields its descriptor."""
    with open(folder + ".lock", "ab") as stream:
        told = False
        while not _locked(stream):
            if not told:
                say(words.WAITING)
                told = True
            control.checkpoint()
            time.sleep(LOOK_AGAIN)
        yield stream.fileno()


def _locked(stream: IO[bytes]) -> bool:
    """Try to lock; ``True`` also where the file system knows no locks, for then nothing better can be had."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
    return True


def _start(command: list[str], lock: int) -> subprocess.Popen[str]:
    environ = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    environ["PIP_USER"] = "0"
    posix = os.name == "posix"
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environ,
        # A group of its own, so that a stop ends whatever pip has started as well.
        start_new_session=posix,
        pass_fds=(lock,) if posix else (),
        creationflags=0 if posix else getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _lines_of(process: subprocess.Popen[str], control: Control) -> Iterator[str]:
    """The lines of ``process`` as they come, with a look at ``control`` between and while there are none."""
    lines: queue.Queue[str | None] = queue.Queue()

    def pump() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line.rstrip("\n"))
        lines.put(None)

    threading.Thread(target=pump, daemon=True).start()
    while True:
        control.checkpoint()
        try:
            line = lines.get(timeout=LOOK_AGAIN)
        except queue.Empty:
            continue
        if line is None:
            return
        yield line


def _kill(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _require_venv(folder: str) -> None:
    try:
        folder.encode()
        from ensurepip import bootstrap  # noqa: F401
        from venv import EnvBuilder  # noqa: F401
    except ImportError as error:
        raise Refused(words.NO_VENV) from error
    except UnicodeEncodeError as error:
        raise Refused(words.not_made(folder, "its path is not text")) from error


def _clear(folder: str) -> None:
    """Take away whatever stands at ``folder``, at once: a removal that is killed must not leave half of it there."""
    old = folder + "-old"
    _remove(old)
    if os.path.lexists(folder):
        os.rename(folder, old)
        _remove(old)


def _remove(path: str) -> None:
    if os.path.islink(path) or os.path.isfile(path):
        os.unlink(path)
    elif os.path.isdir(path):
        shutil.rmtree(path)


def _write(path: str, text: str) -> None:
    temporary = path + ".new"
    with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write(text)
    os.replace(temporary, path)


def _file_trouble(folder: str, error: OSError) -> str:
    why = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return words.disk_full(folder)
    if error.errno in _NOT_OURS:
        return words.read_only(os.path.dirname(folder), why)
    return words.not_made(folder, why)
