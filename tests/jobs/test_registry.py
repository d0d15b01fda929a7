"""Every job of the registry fulfils the protocols, and what goes through the registry knows none of them by name."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import subprocess
import sys
import typing
from pathlib import Path

import pytest

from image_sync.base.model import Plan
from image_sync.base.progress import Reporter
from image_sync.cli.commands import command, names
from image_sync.inventory.context import Notes
from image_sync.jobs import registry
from image_sync.jobs.job import Job, Review
from tests.jobs.fourth.registered import register

ROOT = Path(__file__).resolve().parents[2]
KNOWN = ("organize", "sync", "import", "gather")


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch)


def request_of(name: str) -> object:
    """A request of the job in which nothing was chosen yet."""
    kind = typing.get_type_hints(registry.job_class(name).check)["request"]
    wanted = [field.name for field in dataclasses.fields(kind) if field.default is dataclasses.MISSING]
    return kind(**dict.fromkeys(wanted, ""))


def members(protocol: type) -> set[str]:
    return {name for name in (*vars(protocol), *protocol.__annotations__) if not name.startswith("_")}


def test_these_are_the_jobs() -> None:
    assert tuple(registry.JOBS) == KNOWN
    assert names()[: len(KNOWN)] == KNOWN


@pytest.mark.parametrize("name", KNOWN)
def test_a_job_fulfils_the_protocol(name: str) -> None:
    request = request_of(name)
    job = registry.make(name, request)
    assert isinstance(job, Job) and type(job) is registry.job_class(name)
    assert job.name == name and job.request is request and job.stages > 1
    for member in members(Job) - {"name", "request", "stages", "review_type"}:
        declared, own = (list(inspect.signature(getattr(kind, member)).parameters) for kind in (Job, type(job)))
        assert own == declared, member
    assert not job.owns(Plan("another", {}, ())), "a plan of another job"
    job.close()


@pytest.mark.parametrize("name", KNOWN)
def test_a_review_fulfils_the_protocol(name: str) -> None:
    review = registry.job_class(name).review_type
    fields = {field.name: field for field in dataclasses.fields(review)}
    assert members(Review) == {"request", "plan", "problems", "notes", "partial"} <= fields.keys()
    assert (fields["partial"].default, fields["problems"].default, fields["notes"].default) == (1.0, (), ())
    hints = typing.get_type_hints(review)
    assert hints["plan"] is Plan and isinstance(request_of(name), hints["request"])
    with pytest.raises(dataclasses.FrozenInstanceError):
        object.__new__(review).partial = 0.5


@pytest.mark.parametrize("name", KNOWN)
def test_nothing_chosen_is_wrong_in_words_by_field(name: str) -> None:
    request = request_of(name)
    wrong = registry.check(name, request)
    assert wrong and all(wrong.values())
    fields = {field.name for field in dataclasses.fields(request)}  # type: ignore[arg-type]
    assert {_field_of(name, fields) for name in wrong} <= fields


def _field_of(name: str, fields: set[str]) -> str:
    """The field that a mistake is about: ``folders`` where the second of them, ``folder2``, is wrong."""
    several = f"{name.rstrip('0123456789')}s"
    return several if several in fields and name not in fields else name


@pytest.mark.parametrize("name", KNOWN)
def test_its_command_has_its_name(name: str) -> None:
    assert command(name).name == name


def test_mypy_takes_each_for_a_whole_job(tmp_path: Path) -> None:
    lines = [
        "from typing import Any",
        "from image_sync.inventory.context import RunContext",
        "from image_sync.jobs.job import Job, Review",
    ]
    for number, name in enumerate(KNOWN[:3]):
        lines += [
            f"import {registry.JOBS[name].job} as job{number}",
            f"def made{number}(request: Any) -> Job[Any, Any]:",
            f"    return job{number}.JOB(request)",
            f"def review{number}(request: Any, context: RunContext) -> Review[object]:",
            f"    return job{number}.JOB(request).scan(context)",
        ]
    path = tmp_path / "conforming.py"
    path.write_text("\n".join(lines) + "\n")
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache"), str(path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


# --- nobody below knows a job by name ---------------------------------------------------------------------------------

GENERAL = (
    "engine.py",
    "jobs/job.py",
    "cli/commands.py",
    "cli/front.py",
    "cli/session.py",
    "cli/steps.py",
    "cli/following.py",
    "cli/runs.py",
    "gui/job/engine_link.py",
    "gui/job/model.py",
    "gui/job/page.py",
    "gui/job/port.py",
    "gui/job/state.py",
    "gui/pages/history_model.py",
    "gui/pages/registry.py",
)
FOLDERS = ("organize", "sync", "photo_import")


def imported(tree: ast.AST) -> set[str]:
    """The jobs whose folder a module imports from, in any room."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names.update((node.module or "").split("."), (alias.name for alias in node.names))
        elif isinstance(node, ast.Import):
            names.update(part for alias in node.names for part in alias.name.split("."))
    return names & set(FOLDERS)


@pytest.mark.parametrize("module", GENERAL)
def test_what_is_general_imports_no_job(module: str) -> None:
    assert imported(ast.parse((ROOT / "image_sync" / module).read_text(encoding="utf-8"))) == set()


def said(tree: ast.AST) -> set[str]:
    """All names and strings of a module, docstrings too."""
    words = set()
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "value", "module"):
            word = getattr(node, field, None)
            if isinstance(word, str):
                words.add(word.lower())
    return words


@pytest.mark.parametrize("module", ["engine.py", "jobs/job.py"])
def test_the_engine_knows_no_job_by_name(module: str) -> None:
    words = said(ast.parse((ROOT / "image_sync" / module).read_text(encoding="utf-8")))
    assert {word for word in words if any(name in word.split() or f"{name}_" in word for name in KNOWN)} == set()
    assert {word for word in words if any(name in word for name in ("organize", "photo_import", "syncjob"))} == set()


def test_the_reader_of_names_sees_them() -> None:
    tree = ast.parse("from image_sync.jobs import sync\nif plan.job == 'organize':\n    engine.import_photos()\n")
    assert imported(tree) == {"sync"}
    assert {"organize", "import_photos", "sync"} <= said(tree)


def test_a_note_is_kept_and_reported_once() -> None:
    told: list[str] = []

    class Telling(Reporter):
        def note(self, text: str) -> None:
            told.append(text)

    notes = Notes(Telling())
    notes.say("one", "two", "one")
    notes.say("two", "three")
    assert notes.texts == tuple(told) == ("one", "two", "three")
