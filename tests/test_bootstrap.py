from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from image_sync import python_version
from image_sync.base.control import Control
from image_sync.base.model import Refused, Stopped
from image_sync.bootstrap import environment as environments
from image_sync.bootstrap import making, slimming, words
from image_sync.bootstrap.environment import Environment
from image_sync.bootstrap.making import Verdict, judge
from tests import door_made
from tests.door_made import ROOT, start, told
from tests.privileges import obey_permissions, without_privileges

linux = pytest.mark.skipif(sys.platform != "linux", reason="gives rights away as only Linux can")
posix = pytest.mark.skipif(os.name == "nt", reason="it is about symbolic links, process groups or permissions")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return door_made.wheels(tmp_path_factory.mktemp("wheels") / "of mine")


@pytest.fixture(scope="module")
def first_start(
    tmp_path_factory: pytest.TempPathFactory, wheels: Path
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A door after its first start, and how that went."""
    folder = door_made.door(tmp_path_factory.mktemp("door") / "with a space, ünd more")
    return folder, start(folder, "one", "seven", env=door_made.environ(wheels))


@pytest.fixture
def door(first_start: tuple[Path, object], tmp_path: Path) -> Path:
    """A door with a complete environment."""
    return door_made.copy(first_start[0], tmp_path / "door")


@pytest.fixture
def environment(door: Path) -> Environment:
    return Environment(os.fspath(door / ".venv"), [os.fspath(door / "requirements.txt")])


@pytest.fixture
def mute_index() -> Iterator[tuple[str, socket.socket]]:
    """The address of an index that takes connections and never answers, and its socket."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(60)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/simple", server


def hung(index: str, wheels: Path) -> dict[str, str]:
    """Variables for a start whose pip waits for ``index`` until that goes away, and then gives up."""
    env = door_made.environ(wheels, PIP_INDEX_URL=index, PIP_RETRIES="0", PIP_DEFAULT_TIMEOUT="60")
    del env["PIP_NO_INDEX"]
    return env


def one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    """The last line of stderr of a start that was refused."""
    assert result.returncode == 2, result
    last = result.stderr.splitlines()[-1]
    assert last.startswith("image-sync: ") and last.endswith("."), result.stderr
    assert "Traceback" not in result.stderr
    return last


# --- the first start and the next ones --------------------------------------------------------------------------------


def test_the_first_start_makes_an_environment_and_goes_on_in_it(
    first_start: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, result = first_start
    assert told(result) == {
        "prefix": os.fspath(folder / ".venv"),
        "arguments": ["one", "seven"],
        "window": False,
        "tiny": "2.0",
    }
    assert result.returncode == 7
    steps = result.stderr.splitlines()
    assert steps[0].startswith("Setting the program up in ")
    assert steps[-2:] == ["Taking tiny 2.0", "Installing 1 package"]


def test_the_next_start_goes_on_at_once_and_writes_nothing(door: Path, tmp_path: Path) -> None:
    before = {path: path.lstat().st_mtime_ns for path in (door / ".venv").glob("*")}
    result = start(door, env=door_made.environ(tmp_path / "no wheels here"))
    assert (result.returncode, result.stderr) == (0, "")
    assert told(result)["window"] is True
    assert {path: path.lstat().st_mtime_ns for path in (door / ".venv").glob("*")} == before


def test_a_start_with_nothing_to_do_imports_nothing_but_the_door() -> None:
    code = "import os, sys; old = set(sys.modules); import image_sync.bootstrap; print(*sorted(set(sys.modules) - old))"
    # Without ``site`` no start-up file of an installed package blurs what was imported.
    command = [sys.executable, "-S", "-c", code]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    ours = {"image_sync", "image_sync.bootstrap", "image_sync.bootstrap.environment", "__future__"}
    assert set(result.stdout.split()) == ours


@pytest.mark.parametrize("entry", ["launch(['history'])", "set_up()"])
def test_a_stop_in_the_middle_of_the_start_is_no_traceback(entry: str) -> None:
    code = (
        "import sys, image_sync.bootstrap as door\n"
        "def stop(*_): raise KeyboardInterrupt\n"
        f"door._environment = stop; sys.exit(door.{entry})"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (130, "")


def test_the_whole_door_needs_the_standard_library_only() -> None:
    code = "import image_sync.bootstrap.making, image_sync.bootstrap.words, image_sync.__main__"
    subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, check=True)


@posix
def test_an_environment_that_moved_along_with_its_folder_is_used_as_it_is(door: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere\nin two lines"
    door.rename(moved)
    result = start(moved, env=door_made.environ(tmp_path / "no wheels here"))
    assert (told(result)["prefix"], result.stderr) == (os.fspath(moved / ".venv"), "")


def test_new_requirements_are_installed_at_the_next_start(door: Path, wheels: Path) -> None:
    env = door_made.environ(wheels)
    (door / "requirements.txt").write_text("tiny==1.0\n")
    witness = door / ".venv" / "witness"
    witness.touch()
    result = start(door, env=env)
    assert told(result)["tiny"] == "1.0"
    assert witness.exists()
    assert start(door, env=env).stderr == ""


def packages(environment: Environment) -> Path:
    (place,) = slimming.site_packages(environment.folder)
    return Path(place)


def left_of_tiny(environment: Environment) -> list[str]:
    tests = packages(environment) / "tiny_parts" / "tests"
    return sorted(path.relative_to(tests).as_posix() for path in tests.rglob("*") if "__pycache__" not in path.parts)


def test_a_finished_environment_holds_neither_pip_nor_tests(door: Path, environment: Environment, wheels: Path) -> None:
    for version in ("2.0", "1.0"):
        (door / "requirements.txt").write_text(f"tiny=={version}\n")
        assert told(start(door, env=door_made.environ(wheels)))["tiny"] == version
        assert not slimming.has_pip(environment.folder)
        assert not list(packages(environment).glob("setuptools*"))
        assert left_of_tiny(environment) == ["__init__.py", "helper.py"]


def test_an_environment_with_a_pip_of_its_own_keeps_all_that_it_has(door: Path, wheels: Path) -> None:
    shutil.rmtree(door / ".venv")
    subprocess.run([sys.executable, "-m", "venv", os.fspath(door / ".venv")], check=True)
    environment = Environment(os.fspath(door / ".venv"), [os.fspath(door / "requirements.txt")])
    assert told(start(door, env=door_made.environ(wheels)))["tiny"] == "2.0"
    assert slimming.has_pip(environment.folder)
    assert "test_tiny.py" in left_of_tiny(environment)


@posix
def test_an_installation_that_fails_at_once_leaves_no_pip_behind(
    door: Path, environment: Environment, wheels: Path
) -> None:
    more_requirements(environment)
    assert "could not be fetched" in one_sentence(start(door, env=door_made.environ(wheels)))
    assert not slimming.has_pip(environment.folder)
    assert judge(environment) is Verdict.INSTALL


@posix
def test_an_installation_that_was_killed_with_the_pip_in_place_starts_from_the_beginning(
    door: Path, environment: Environment, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: str) -> None:
        raise KeyboardInterrupt

    for name, value in door_made.environ(wheels).items():
        monkeypatch.setenv(name, value)
    (door / "requirements.txt").write_text("tiny==1.0\n")
    monkeypatch.setattr(slimming, "drop_tests", killed)
    with pytest.raises(KeyboardInterrupt):
        making.make_ready(environment, lambda _: None, Control())
    assert slimming.has_pip(environment.folder)
    monkeypatch.undo()
    assert judge(environment) is Verdict.MAKE
    assert told(start(door, env=door_made.environ(wheels)))["tiny"] == "1.0"
    assert not slimming.has_pip(environment.folder)


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        ("tiny>=1\n", ["pip", "setuptools"]),
        ("setuptools==80.0 \\\n    --hash=sha256:00\n", ["pip"]),
        ("# pip\nSetuptools>=77\npip-tools>=7\n", ["pip"]),
        ("pip>=25\nsetuptools>=77\n", []),
    ],
)
def test_what_is_lent_is_taken_back_unless_it_is_asked_for(lines: str, taken: list[str], tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(lines)
    assert slimming.to_take_back([os.fspath(tmp_path / "list.txt"), os.fspath(tmp_path / "missing.lock")]) == taken


def test_settings_that_would_install_elsewhere_are_overruled(door: Path, wheels: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (door / "requirements.txt").write_text("tiny==1.0\n")
    env = door_made.environ(wheels, PIP_USER="1", PIP_TARGET=os.fspath(elsewhere))
    assert told(start(door, env=env))["tiny"] == "1.0"
    assert not elsewhere.exists()


# --- what an environment needs ----------------------------------------------------------------------------------------


def cut_the_interpreter_off(environment: Environment) -> None:
    os.unlink(environment.python)
    os.symlink("/nowhere/python3", environment.python)


def remove_the_environment(environment: Environment) -> None:
    shutil.rmtree(environment.folder)


def leave_an_empty_folder(environment: Environment) -> None:
    shutil.rmtree(environment.folder)
    os.mkdir(environment.folder)


def kill_the_installation(environment: Environment) -> None:
    os.unlink(environment.stamp_path)
    Path(environment.mark_path).touch()


def kill_a_later_installation(environment: Environment) -> None:
    Path(environment.mark_path).touch()


def lose_the_stamp(environment: Environment) -> None:
    os.unlink(environment.stamp_path)


def half_a_stamp(environment: Environment) -> None:
    Path(environment.stamp_path).write_text(Path(environment.stamp_path).read_text()[:60])


def in_the_stamp(**lines: str) -> Callable[[Environment], None]:
    """A stamp that says something else: about the ``form``, the interpreter's ``path`` or ``file``, and so on."""

    def change(environment: Environment) -> None:
        stamp = Path(environment.stamp_path)
        text = stamp.read_text().splitlines()
        for name, line in lines.items():
            text[["form", "path", "file", "machine", "", "facts"].index(name)] = line
        stamp.write_text("\n".join(text))

    change.__name__ = "another " + " and ".join(lines)
    return change


def more_requirements(environment: Environment) -> None:
    with open(environment.requirements[0], "a") as stream:
        stream.write("other>=1\n")


def another_comment(environment: Environment) -> None:
    with open(environment.requirements[0], "a") as stream:
        stream.write("\n# a word more\n")


def nothing(_: Environment) -> None:
    pass


@posix
@pytest.mark.parametrize(
    ("happened", "verdict"),
    [
        (nothing, Verdict.READY),
        (another_comment, Verdict.READY),
        (more_requirements, Verdict.INSTALL),
        (lose_the_stamp, Verdict.INSTALL),
        (half_a_stamp, Verdict.INSTALL),
        (in_the_stamp(form="image-sync environment 0"), Verdict.INSTALL),
        (in_the_stamp(path="/usr/bin/python3.what"), Verdict.INSTALL),
        (in_the_stamp(file="1 1"), Verdict.INSTALL),
        (in_the_stamp(machine="abacus"), Verdict.MAKE),
        (in_the_stamp(file="1 1", facts="python 3.9 with tkinter"), Verdict.MAKE),
        (remove_the_environment, Verdict.MAKE),
        (leave_an_empty_folder, Verdict.MAKE),
        (kill_the_installation, Verdict.MAKE),
        (kill_a_later_installation, Verdict.MAKE),
        (cut_the_interpreter_off, Verdict.MAKE),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_needed(environment: Environment, happened: Callable[[Environment], None], verdict: Verdict) -> None:
    happened(environment)
    assert judge(environment) is verdict


@posix
def test_an_environment_without_tkinter_will_not_do_for_the_window(environment: Environment) -> None:
    in_the_stamp(facts=f"python {sys.version_info[0]}.{sys.version_info[1]} without tkinter")(environment)
    assert judge(environment) is Verdict.READY
    # tkinter may have been installed since; then pip has a look and the stamp is renewed.
    assert judge(environment, tkinter=True) is (Verdict.INSTALL if making.has_tkinter() else Verdict.MAKE)


def test_an_older_python_than_the_oldest_will_not_do(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    lose_the_stamp(environment)
    monkeypatch.setattr(making, "OLDEST", (99, 0))
    assert judge(environment) is Verdict.MAKE


@pytest.mark.parametrize(
    ("installed", "requirement", "satisfied"),
    [
        ("Pillow-11.3.0.dist-info", "pillow>=11.3", True),
        ("pillow-11.10.0.dist-info", "Pillow>=11.9", True),
        ("Pillow-11.2.1.dist-info", "pillow>=11.3", False),
        ("pillow_heif-1.0.0.dist-info", "pillow-heif >= 0.18  # a word", True),
        ("pi_heif-1.0.0.dist-info", "pillow-heif>=0.18", True),
        ("pi_heif-0.17.0.dist-info", "pillow-heif>=0.18", False),
        ("pillow_heif-1.0.0.dist-info", "pi-heif>=0.18", False),
        ("zope.interface-5.egg-info", "zope-interface>=4", True),
        ("Pillow-9.4.0-py3.11.egg-info", "pillow>=9.3", True),
        ("ruff-0.17.5.dist-info", "ruff==0.17.5", True),
        ("ruff-0.17.6.dist-info", "ruff==0.17.5", False),
        ("pillow-11.3.0.dist-info", "", True),
        ("pillow-11.3.0.dist-info", "numpy>=2", False),
        ("pillow-11.3.0.dist-info", "pillow~=11.3", False),
        ("pillow-11.3.0.dist-info", "pillow", False),
        ("pillow-11.3.0.dist-info", "-r other.txt", False),
        ("pillow.dist-info", "pillow>=1", False),
    ],
)
def test_whether_an_interpreter_has_everything(
    installed: str, requirement: str, satisfied: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site" / installed).mkdir(parents=True)
    (tmp_path / "requirements.txt").write_text(f"# words\n\n{requirement}\n")
    monkeypatch.setattr(sys, "path", [os.fspath(tmp_path / "site"), "/nowhere"])
    assert environments.satisfied_here([os.fspath(tmp_path / "requirements.txt")]) is satisfied


def test_an_interpreter_that_has_everything_is_used_and_nothing_made(tmp_path: Path, wheels: Path) -> None:
    folder = door_made.door(tmp_path / "door")
    site = tmp_path / "site"
    (site / "tiny-1.5.dist-info").mkdir(parents=True)
    (site / "tiny.py").write_text("VERSION = 'installed by somebody'")
    result = start(folder, env=door_made.environ(wheels, PYTHONPATH=os.fspath(site)))
    assert told(result)["tiny"] == "installed by somebody"
    assert told(result)["prefix"] == sys.prefix
    assert not (folder / ".venv").exists()


# --- what can stand in the way ----------------------------------------------------------------------------------------


def test_offline(door: Path, wheels: Path) -> None:
    (door / "requirements.txt").write_text("tiny>=1.0\nno-such-thing>=1\n")
    env = door_made.environ(wheels)
    sentence = one_sentence(start(door, env=env))
    assert "could not be fetched" in sentence and "no-such-thing" in sentence and "internet" in sentence
    # What was complete before is so still, and needs no network to be used again.
    (door / "requirements.txt").write_text("tiny>=1.0\n")
    assert start(door, env=door_made.environ(door / "no wheels here")).returncode == 0


def test_an_index_that_is_down(door: Path, wheels: Path) -> None:
    (door / "requirements.txt").write_text("no-such-thing>=1\n")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        index = f"http://127.0.0.1:{unused.getsockname()[1]}/simple"
        result = start(door, env={**hung(index, wheels), "PIP_RETRIES": "1"})
    assert "could not be fetched" in one_sentence(result)
    assert words.pip_step("WARNING: Retrying") in result.stderr.splitlines()


@posix
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    folder = door_made.door(tmp_path / "door")

    def refusal() -> str:
        try:
            making.make_ready(Environment(os.fspath(folder / ".venv"), []), lambda _: None, Control())
        except Refused as refused:
            return str(refused)
        return ""

    with without_privileges(folder) as call:
        folder.chmod(0o555)
        sentence = call(refusal)
        folder.chmod(0o755)
    assert sentence == words.read_only(os.fspath(folder), os.strerror(13))
    assert not (folder / ".venv").exists()


def read_only_start(door: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A start of a program whose folder nobody can write."""
    places = [path for path in (door, *door.rglob("*")) if path.is_dir() and not path.is_symlink()]
    for path in places:
        path.chmod(0o555)
    try:
        env = door_made.environ(door.parent / "no wheels here")
        return start(door, *arguments, env=env, before=obey_permissions)
    finally:
        for path in places:
            path.chmod(0o755)


STALE = {
    "as it was made": lambda _door: None,
    "made by hand": lambda door: (door / ".venv" / "image-sync-stamp").unlink(),
    "its interpreter was renewed": lambda door: restamp(door, lambda text: text.replace("\n", "\n0", 2)),
    "a line of the requirements was moved": lambda door: (door / "requirements.txt").write_text("tiny >= 1.0\n\n"),
}


def restamp(door: Path, change: Callable[[str], str]) -> None:
    stamp = door / ".venv" / "image-sync-stamp"
    stamp.write_text(change(stamp.read_text()))


@linux
@pytest.mark.parametrize("what", STALE)
def test_a_folder_that_cannot_be_written_does_as_long_as_all_is_there(door: Path, what: str) -> None:
    STALE[what](door)
    before = sorted(door.rglob("*"))
    result = read_only_start(door, "one", "seven")
    assert (result.returncode, result.stderr) == (7, "")
    assert told(result)["prefix"] == os.fspath(door / ".venv")
    assert sorted(door.rglob("*")) == before


@linux
def test_a_folder_that_cannot_be_written_and_lacks_something_is_refused(door: Path) -> None:
    (door / "requirements.txt").write_text("tiny>=3.0\n")
    assert "cannot be written" in one_sentence(read_only_start(door, "one"))


@posix
def test_a_disk_that_is_full(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28), environment.folder)

    monkeypatch.setattr(os, "replace", full)
    more_requirements(environment)
    with pytest.raises(Refused, match="full: free about"):
        making.make_ready(environment, lambda _: None, Control())


@pytest.mark.skipif(sys.platform == "win32" or sys.platform == "darwin", reason="paths are text there")
def test_a_folder_whose_name_is_not_text(tmp_path: Path) -> None:
    folder = os.path.join(os.fspath(tmp_path), os.fsdecode(b"b\xff"))
    os.mkdir(folder)
    with pytest.raises(Refused, match=r"b\\xff.* is not text.*copy the program to another"):
        making.make_ready(Environment(os.path.join(folder, ".venv"), []), lambda _: None, Control())


def test_requirements_that_are_gone(environment: Environment) -> None:
    os.unlink(environment.requirements[0])
    with pytest.raises(Refused, match=r"requirements\.txt cannot be read .*get the whole program again"):
        making.make_ready(environment, lambda _: None, Control())


def broken(folder: Path, module: str) -> str:
    """A folder for PYTHONPATH in which ``module`` is one that can't be imported."""
    folder.mkdir()
    (folder / f"{module}.py").write_text(f"raise ImportError('No module named {module}')")
    return os.fspath(folder)


def test_no_tkinter_and_the_window_is_wanted(tmp_path: Path, wheels: Path) -> None:
    folder = door_made.door(tmp_path / "door")
    env = door_made.environ(wheels, PYTHONPATH=broken(tmp_path / "without", "tkinter"))
    sentence = one_sentence(start(folder, env=env))
    assert all(package in sentence for package in ("python3-tk ", "python3-tkinter ", "tk ", "python-tk "))
    assert not (folder / ".venv").exists()


def test_the_command_line_needs_no_tkinter(door: Path, tmp_path: Path, wheels: Path) -> None:
    (door / "requirements.txt").write_text("tiny==1.0\n")
    env = door_made.environ(wheels, PYTHONPATH=broken(tmp_path / "without", "tkinter"))
    assert told(start(door, "history", env=env))["tiny"] == "1.0"


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_that_cannot_make_environments(module: str, tmp_path: Path, wheels: Path) -> None:
    folder = door_made.door(tmp_path / "door")
    env = door_made.environ(wheels, PYTHONPATH=broken(tmp_path / "without", module))
    assert "install python3-venv" in one_sentence(start(folder, "history", env=env))
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "ERROR: Could not find a version that satisfies the requirement a>=1 (from versions: none)\n"
            "ERROR: No matching distribution found for a>=1",
            "could not be fetched (No matching distribution found for a>=1): connect to the internet",
        ),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for a>=1",
            "could not be fetched (No matching distribution found for a>=1): connect to the internet",
        ),
        (
            "ERROR: Could not find a version that satisfies the requirement a>=9 (from versions: 1.0, 2.0)\n"
            "ERROR: No matching distribution found for a>=9",
            "does not exist for this Python or this machine (No matching distribution found for a>=9)",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
            "The disk of /place is full: free about 350 MB",
        ),
        ("Collecting a\nERROR: some trouble", "could not install what the program needs (some trouble)"),
        ("Collecting a\n\n", "could not install what the program needs (Collecting a)"),
        ("", "could not install what the program needs (no reason given)"),
    ],
)
def test_why_pip_failed(output: str, sentence: str) -> None:
    words_for_it = words.pip_failed("/place", output.splitlines())
    assert sentence in words_for_it
    assert words_for_it.endswith(".") and "\n" not in words_for_it


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_28_x86_64.whl (16.8 MB)", "Fetching numpy 2.4.6 (16.8 MB)"),
        ("  Downloading https://host/a/rich-15.0.0-py3-none-any.whl.metadata (18 kB)", "Fetching rich 15.0.0 (18 kB)"),
        ("  Using cached pillow-13.0.0-cp311-cp311-win_amd64.whl (7.1 MB)", "Taking pillow 13.0.0"),
        ("Processing /my wheels/rich-15.0.0-py3-none-any.whl (from -r a.txt (line 7))", "Taking rich 15.0.0"),
        ("Processing c:\\my wheels\\rich-15.0.0-py3-none-any.whl", "Taking rich 15.0.0"),
        ("Installing collected packages: a, b, c", "Installing 3 packages"),
        ("Installing collected packages: a", "Installing 1 package"),
        (
            "WARNING: Retrying (Retry(total=4, connect=None)) after ...",
            "No answer from the package index; trying again",
        ),
        ("Collecting numpy>=2.0", ""),
        ("Requirement already satisfied: numpy>=2.0 in /somewhere", ""),
        ("", ""),
    ],
)
def test_the_steps_that_the_user_sees(line: str, step: str) -> None:
    assert words.pip_step(line) == step


# --- an old Python ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "refused"),
    [((2, 7), True), ((3, 6), True), ((3, 9), True), ((3, 10), False), ((3, 13), False), ((4, 0), False)],
)
def test_which_python_is_too_old(version: tuple[int, ...], refused: bool) -> None:
    sentence = python_version.too_old(version)
    assert bool(sentence) is refused
    assert not refused or f"this is Python {version[0]}.{version[1]}: install a newer one" in sentence


@pytest.mark.parametrize("script", ["main.py", "setup.py", "image_sync/__init__.py", "image_sync/python_version.py"])
def test_what_an_old_python_reads_is_plain(script: str) -> None:
    source = (ROOT / script).read_text(encoding="ascii")
    # There is no parser of Python 2 in Python 3; what it lacks most is seen as syntax of its own here.
    tree = ast.parse(source, feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Nonlocal, ast.YieldFrom)
    for node in ast.walk(tree):
        assert not isinstance(node, newer)
        assert not (isinstance(node, ast.FunctionDef) and (node.returns or any(a.annotation for a in node.args.args)))
        assert not (isinstance(node, ast.ImportFrom) and node.module == "__future__")


@pytest.mark.parametrize("arguments", [["main.py"], ["main.py", "history"], ["setup.py"], ["setup.py", "test"]])
def test_an_old_python_is_told_so(arguments: list[str]) -> None:
    code = (
        "import runpy, sys; sys.version_info = (3, 8, 18, 'final', 0); sys.argv = sys.argv[1:]; sys.path.insert(0, '');"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-c", code, *arguments]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "needs Python 3.10 or newer and this is Python 3.8" in one_sentence(result)


def old_python(version: str) -> str:
    """An interpreter of ``version`` on the path, or among pyenv's; empty when there is none."""
    versions = os.environ.get("PYENV_ROOT", os.path.join(os.path.expanduser("~"), ".pyenv"))
    candidates = [shutil.which(f"python{version}"), *Path(versions, "versions").glob(f"{version}.*/bin/python")]
    for python in filter(None, candidates):
        probe = [os.fspath(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        if subprocess.run(probe, capture_output=True, text=True, check=False).stdout.strip() == version:
            return probe[0]
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2.7", "3.6", "3.9"])
def test_a_real_old_python_is_told_so(version: str) -> None:
    python = old_python(version) or pytest.skip(f"there is no Python {version} here")
    for script in ("main.py", "setup.py"):
        result = subprocess.run([python, "-B", script], cwd=ROOT, capture_output=True, text=True, check=False)
        assert f"this is Python {version}" in one_sentence(result)


# --- stopped, killed, and two at once ---------------------------------------------------------------------------------


@posix
def test_a_stop_ends_pip_and_the_next_start_begins_anew(
    environment: Environment, mute_index: tuple[str, socket.socket], wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in hung(mute_index[0], wheels).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    more_requirements(environment)
    control = Control()
    with pytest.raises(Stopped):
        making.make_ready(environment, lambda _: control.stop(), control)
    assert judge(environment) is Verdict.MAKE


@posix
def test_a_killed_start_is_noticed_and_its_orphan_waited_for(
    door: Path, mute_index: tuple[str, socket.socket], wheels: Path
) -> None:
    index, server = mute_index
    (door / "requirements.txt").write_text("tiny>=1.0\nother>=1\n")
    command = [sys.executable, os.fspath(door / "main.py"), "history"]
    first = subprocess.Popen(command, env=hung(index, wheels), stderr=subprocess.DEVNULL)
    connection, _ = server.accept()
    first.kill()
    first.wait()
    witness = door / ".venv" / "witness"
    witness.touch()

    (door / "requirements.txt").write_text("tiny>=1.0\n")
    second = subprocess.Popen(
        command, env=door_made.environ(wheels), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert second.stderr is not None
    # The first one's pip lives on for as long as it waits for the index, and holds the lock.
    assert second.stderr.readline().strip() == words.WAITING
    assert second.poll() is None
    connection.close()
    server.close()
    output, _ = second.communicate(timeout=120)
    assert json.loads(output)["prefix"] == os.fspath(door / ".venv")
    assert not witness.exists()


@posix
def test_what_a_killed_removal_left_is_removed(
    environment: Environment, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in door_made.environ(wheels).items():
        monkeypatch.setenv(name, value)

    def killed(_: str) -> None:
        raise KeyboardInterrupt

    kill_the_installation(environment)
    with monkeypatch.context() as during, pytest.raises(KeyboardInterrupt):
        during.setattr(shutil, "rmtree", killed)
        making.make_ready(environment, lambda _: None, Control())
    assert judge(environment) is Verdict.MAKE
    assert os.path.isdir(environment.folder + "-old")
    making.make_ready(environment, lambda _: None, Control())
    assert judge(environment) is Verdict.READY
    assert not os.path.lexists(environment.folder + "-old")


@posix
def test_two_starts_at_once_install_once(door: Path, wheels: Path) -> None:
    (door / "requirements.txt").write_text("tiny==1.0\n")
    command = [sys.executable, os.fspath(door / "main.py")]
    pipe = subprocess.PIPE
    starts = [
        subprocess.Popen(command, env=door_made.environ(wheels), stdout=pipe, stderr=pipe, text=True) for _ in range(3)
    ]
    outputs = [process.communicate(timeout=120) for process in starts]
    assert [json.loads(output)["tiny"] for output, _ in outputs] == ["1.0"] * 3
    assert sum("Installing" in errors for _, errors in outputs) == 1


# --- setup.py ---------------------------------------------------------------------------------------------------------


def test_setup_alone_makes_the_environment_ready(door: Path, wheels: Path) -> None:
    (door / "requirements.txt").write_text("tiny==1.0\n")
    env = door_made.environ(wheels)
    results = [start(door, env=env, script="setup.py") for _ in range(2)]
    assert [result.returncode for result in results] == [0, 0]
    assert "Installing 1 package" in results[0].stderr
    assert results[1].stderr == ""
    assert results[1].stdout == "Image Sync is set up; start it with: python3 main.py\n"


def test_setup_test_adds_the_tools_and_hands_on_arguments_and_exit_code(door: Path, wheels: Path) -> None:
    env = door_made.environ(wheels)
    results = [start(door, "test", "-k", "a b", env=env, script="setup.py") for _ in range(2)]
    for result in results:
        assert told(result) == {
            "prefix": os.fspath(door / ".venv"),
            "arguments": ["-k", "a b"],
            "folder": os.fspath(door),
        }
        assert result.returncode == 5
    assert ["Installing" in result.stderr for result in results] == [True, False]
    for whole in ([], ["--fast"]):
        given = told(start(door, "test", *whole, env=env, script="setup.py"))["arguments"]
        assert given == [*whole, "-n", "auto", "--dist", "worksteal"]
    # The program's own start is content with that environment.
    assert start(door, env=door_made.environ(door / "no wheels here")).stderr == ""


def test_building_without_setuptools_says_what_to_do(wheels: Path) -> None:
    command = [sys.executable, "-S", "setup.py", "bdist_wheel"]
    result = subprocess.run(
        command, cwd=ROOT, env=door_made.environ(wheels), capture_output=True, text=True, check=False
    )
    assert "pip install ." in one_sentence(result)


def test_the_exit_code_comes_through_where_a_process_cannot_be_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "name", "nt")
    assert environments.go_on([sys.executable, "-c", "raise SystemExit(3)"]) == 3


# --- what is locked ---------------------------------------------------------------------------------------------------


def lock(door: Path, version: str, *hashes: str) -> None:
    lines = [f"tiny=={version}", *(f"--hash=sha256:{one}" for one in hashes)]
    (door / "requirements.lock").write_text(" \\\n    ".join(lines) + "\n")


def hash_of(wheels: Path, version: str) -> str:
    return hashlib.sha256((wheels / f"tiny-{version}-py3-none-any.whl").read_bytes()).hexdigest()


@pytest.fixture
def unmade(tmp_path: Path) -> Path:
    return door_made.door(tmp_path / "door")


@pytest.mark.slow
def test_what_is_locked_is_installed_though_there_is_something_newer(unmade: Path, wheels: Path) -> None:
    lock(unmade, "1.0", "0" * 64, hash_of(wheels, "1.0"))
    result = start(unmade, env=door_made.environ(wheels))
    assert told(result)["tiny"] == "1.0"
    again = start(unmade, env=door_made.environ(wheels))
    assert (told(again)["tiny"], again.stderr) == ("1.0", "")


@pytest.mark.slow
def test_another_file_than_the_locked_one_is_not_installed(unmade: Path, wheels: Path) -> None:
    lock(unmade, "2.0", "0" * 64)
    assert "is not the file that the program was tested with" in one_sentence(
        start(unmade, env=door_made.environ(wheels))
    )
    assert not list((unmade / ".venv").rglob("tiny*"))


@pytest.mark.slow
def test_where_the_locked_version_is_not_to_be_had_the_list_decides(unmade: Path, wheels: Path) -> None:
    lock(unmade, "1.5", "0" * 64)
    result = start(unmade, env=door_made.environ(wheels))
    assert told(result)["tiny"] == "2.0"
    assert words.NOT_AS_LOCKED in result.stderr.splitlines()
