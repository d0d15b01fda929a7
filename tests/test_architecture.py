from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import image_sync

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "image_sync"
MODULES = sorted(PACKAGE.rglob("*.py"))
RULES = sorted((PACKAGE / "jobs").glob("*/rules/*.py"))

# From the bottom up: a room imports from its own floor and from those below it, never from one above.
FLOORS = (
    {"", "python_version", "base"},
    {"archives"},
    {"pictures", "matching"},
    {"containment"},
    {"inventory", "apply"},
    {"cluster"},
    {"jobs"},
    {"reports"},
    {"engine"},
    {"api"},
    {"cli", "gui", "__main__"},
)
# On one floor: the executor knows nothing of what was measured, and the window needs no command line.
STRANGERS = {("inventory", "apply"), ("apply", "inventory"), ("gui", "cli"), ("gui", "__main__"), ("cli", "__main__")}
# A job is a folder of its own: what two jobs share lies below them.
JOBS = {path.parent.name for path in (PACKAGE / "jobs").glob("*/__init__.py")}
# The door stands apart: it is there before anything is installed, and hands over to the program's entry.
DOOR = "bootstrap"
DOOR_IMPORTS = {"base", "python_version", "__main__", DOOR}
# The face names what is public, whichever floor it stands on, and loads it when it is asked for.
FACE = PACKAGE / "__init__.py"
FACE_USERS = {"", "base", "cli", "__main__"}

TOUCHES_THE_WORLD = {"os", "shutil", "pathlib", "tempfile", "subprocess", "sqlite3", "PIL", "cv2"}
TOOLKITS = {"tkinter", "ttkbootstrap", "tkinterdnd2"}
# The door shows the first start's progress, and tells whether there is a tkinter at all.
TOOLKIT_ELSEWHERE = {"bootstrap.window", "bootstrap.making"}
# They define what the tests hold our own arithmetic against, and the program runs without them.
REFERENCES = {"imagehash", "pywt", "scipy"}
HEAVY = {"numpy", "cv2", "pillow_heif", "pi_heif"} | REFERENCES


def dotted(path: Path) -> str:
    """``jobs.organize`` for ``image_sync/jobs/organize/rules/plan.py``; a package goes by its folder's name."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of the file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """Every module that ``path`` imports, anywhere in it; names taken from a package count as its modules."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    package = ["image_sync", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def own_rooms(path: Path) -> set[str]:
    """The rooms of the program that ``path`` imports from."""
    rooms = set()
    for name in imported(path):
        first, *rest = name.split(".")
        if first == "image_sync":
            rooms.add(rest[0] if rest and is_room(rest[0]) else "")
    return rooms


@cache
def is_room(name: str) -> bool:
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()


def floor(room: str) -> int:
    found = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    assert found, f"image_sync.{room} is on no floor: give it one"
    return found[0]


def wrong_imports(path: Path) -> set[str]:
    """The rooms that ``path`` imports from and must not."""
    room = dotted(path).split(".")[0]
    rooms = own_rooms(path)
    if room == DOOR:
        return rooms - DOOR_IMPORTS
    if path == FACE:
        return rooms & {DOOR, "cli", "gui", "__main__"}
    return {other for other in rooms if other == DOOR or floor(other) > floor(room) or (room, other) in STRANGERS}


def job_of(module: str) -> str:
    """The job that ``module`` belongs to; empty for what belongs to none."""
    first, *rest = module.split(".")
    return rest[0] if first == "jobs" and rest and rest[0] in JOBS else ""


def may_draw(module: str) -> bool:
    return (module.startswith("gui.") and not module.endswith("_model")) or module in TOOLKIT_ELSEWHERE | {"gui"}


def test_imports_run_one_way() -> None:
    wrong = {dotted(path): wrong_imports(path) for path in MODULES}
    assert {module: rooms for module, rooms in wrong.items() if rooms} == {}


def test_no_module_imports_what_the_tests_alone_need() -> None:
    users = {dotted(path): {name.split(".")[0] for name in imported(path)} & REFERENCES for path in MODULES}
    assert {module: names for module, names in users.items() if names} == {}


def test_the_command_line_uses_the_public_face_alone() -> None:
    for path in sorted((PACKAGE / "cli").rglob("*.py")):
        others = own_rooms(path) - {"", "base", "cli"}
        assert not others or (path.name, others) == ("front.py", {"gui"}), path.name


def test_only_the_command_line_comes_through_the_face() -> None:
    """A room that imports through the face would load it, and hide on which floor its needs stand."""
    taken = {
        dotted(path): {name for name in imported(path) if name.removeprefix("image_sync.") in image_sync.__all__}
        for path in MODULES
        if dotted(path).split(".")[0] not in FACE_USERS
    }
    allowed = {"image_sync.__version__"}
    assert {module: names - allowed for module, names in taken.items() if names - allowed} == {}


def test_no_job_knows_another() -> None:
    wrong = {
        dotted(path): {name for name in imported(path) if job_of(name.removeprefix("image_sync.")) not in ("", own)}
        for path in MODULES
        if (own := job_of(dotted(path)))
    }
    assert {module: names for module, names in wrong.items() if names} == {}


def test_the_reader_of_imports_sees_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    (tmp_path / "jobs").mkdir()
    path = tmp_path / "jobs" / "one.py"
    path.write_text(
        "import os.path\nfrom . import two\nfrom .three import name\nfrom ..apply import journal\n"
        "def f():\n    from image_sync import engine\n    import cv2 as vision\n"
    )
    assert set(imported(path)) == {
        "os.path",
        "image_sync.jobs.two",
        "image_sync.jobs.three.name",
        "image_sync.apply.journal",
        "image_sync.engine",
        "cv2",
    }


def module_name(path: Path) -> str:
    return ".".join(["image_sync", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")


def own_modules(path: Path, modules: set[str]) -> set[str]:
    """The modules of the program that ``path`` imports, anywhere in it and also for the sake of types only."""
    found = {name if name in modules else name.rpartition(".")[0] for name in imported(path)}
    return (found & modules) - {module_name(path)}


def circle_in(imports: dict[str, set[str]]) -> list[str]:
    """Modules that import one another around; empty when there are none."""
    clear: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return way[way.index(module) :]
        for other in sorted(imports[module] - clear):
            if other in imports and (found := walk(other, [*way, module])):
                return found
        clear.add(module)
        return []

    return next((found for module in sorted(imports) if (found := walk(module, []))), [])


def test_no_modules_import_one_another_around() -> None:
    modules = {module_name(path) for path in MODULES}
    # The face names modules of every floor and loads none; who imports it needs its version alone.
    assert circle_in({module_name(path): own_modules(path, modules) for path in MODULES if path != FACE}) == []


@pytest.mark.parametrize(
    ("imports", "circle"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}, []),
        ({"a": {"b"}, "b": {"a"}}, ["a", "b"]),
        ({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b"}}, ["b", "c", "d"]),
    ],
)
def test_a_circle_is_seen(imports: dict[str, set[str]], circle: list[str]) -> None:
    assert circle_in(imports) == circle


def test_only_the_window_imports_a_toolkit() -> None:
    draws = {dotted(path) for path in MODULES if {name.split(".")[0] for name in imported(path)} & TOOLKITS}
    assert [module for module in sorted(draws) if not may_draw(module)] == []


def test_rules_touch_no_file() -> None:
    touched = {dotted(path): {name.split(".")[0] for name in imported(path)} & TOUCHES_THE_WORLD for path in RULES}
    assert {module: names for module, names in touched.items() if names} == {}


SPELLED_TWICE = {"VERSION"}
"""Constants that share a name and not a fact: each module counts the versions of what it alone makes."""


def constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """The numbers and texts that a module names at its level; a leading ``_`` makes no other name."""
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            several = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts, strict=True) if several else [(target, node.value)]  # type: ignore[union-attr]
            for name, value in pairs:
                found = _evaluated(value)
                if isinstance(name, ast.Name) and isinstance(found, int | float | str | bytes):
                    yield name.id.lstrip("_"), found


def _evaluated(value: ast.expr) -> object:
    """What an expression of literals comes to; ``None`` for any other, and for what is merely true or false."""
    literal = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop)
    if not all(isinstance(node, literal) for node in ast.walk(value)):
        return None
    found = eval(compile(ast.Expression(value), "", "eval"), {"__builtins__": {}})
    return None if isinstance(found, bool) else found


def spelled_twice(sources: dict[str, str]) -> dict[tuple[str, object], list[str]]:
    """Constants of one name and value that stand in more than one of the sources."""
    found: dict[tuple[str, object], list[str]] = {}
    for module, source in sources.items():
        for constant in set(constants(ast.parse(source))):
            found.setdefault(constant, []).append(module)
    return {constant: modules for constant, modules in found.items() if len(modules) > 1}


def test_a_fact_is_spelled_once() -> None:
    twice = spelled_twice({dotted(path) + f"/{path.stem}": path.read_text(encoding="utf-8") for path in MODULES})
    assert {constant: modules for constant, modules in twice.items() if constant[0] not in SPELLED_TWICE} == {}


@pytest.mark.parametrize(
    ("one", "other", "twice"),
    [
        ("SIDE = 64", "SIDE = 64", True),
        ("SIDE = 64", "_SIDE: int = 8 * 8", True),
        ("WIDTH, SIDE = 1, 64", "SIDE = 64", True),
        ("NAME = 'a'", "NAME = 'a'", True),
        ("SIDE = 64", "SIDE = 63", False),
        ("SIDE = 64", "EDGE = 64", False),
        ("SIDE = made()", "SIDE = made()", False),
        ("def f():\n    SIDE = 64", "SIDE = 64", False),
        ("YES = True", "YES = True", False),
    ],
)
def test_a_fact_that_is_spelled_twice_is_seen(one: str, other: str, twice: bool) -> None:
    assert bool(spelled_twice({"one": one, "other": other})) == twice


def test_every_module_says_why_it_exists() -> None:
    paths = [*MODULES, ROOT / "main.py", ROOT / "setup.py"]
    assert [path for path in paths if not ast.get_docstring(parsed(path))] == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {module.parent for module in MODULES}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def loaded_by(*modules: str) -> set[str]:
    """The top-level modules that are loaded when ``modules`` have been imported in a fresh interpreter."""
    code = f"import sys; import {', '.join(modules)}; print(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


@pytest.mark.parametrize(
    "module", ["cli", "engine", "gui", "base.places", "inventory.scan", "inventory.catalog", "__main__"]
)
def test_nothing_heavy_is_loaded_before_it_is_needed(module: str) -> None:
    assert not loaded_by(f"image_sync.{module}") & (HEAVY | TOOLKITS | {"PIL"})


def test_the_first_window_waits_for_nothing_heavy() -> None:
    pytest.importorskip("tkinter", reason="this Python has no tkinter")
    # ttkbootstrap itself loads Pillow.
    assert not loaded_by("image_sync.gui.app.launch") & HEAVY


def test_the_rules_load_nothing_that_reads_pictures() -> None:
    rules = [f"image_sync.{dotted(path)}" for path in RULES]
    assert not loaded_by(*rules) & (HEAVY | TOOLKITS | {"PIL", "sqlite3"})


@pytest.mark.parametrize(
    "command",
    [("ruff", "check"), ("ruff", "format", "--check"), pytest.param(("mypy",), marks=pytest.mark.slow)],
    ids=lambda command: " ".join(command),
)
def test_the_code_is_clean(command: tuple[str, ...]) -> None:
    result = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_rooms_and_modules_stay_small() -> None:
    """A folder of more than 30 modules holds two rooms, a module of more than 500 lines two things."""
    rooms = Counter(path.parent.relative_to(PACKAGE).as_posix() for path in MODULES)
    assert {room: count for room, count in rooms.items() if count > 30} == {}
    lengths = {dotted(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {module: length for module, length in lengths.items() if length > 500} == {}
