"""Tests that run a module's lines, learnt from one run of the suite under ``coverage``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "image_sync"
_SETTINGS = """[run]
dynamic_context = test_function
branch = False
source = image_sync
data_file = {data}
"""


def learn(folder: Path, tests: list[str]) -> Path:
    """Run ``tests`` once and write down which test functions run which lines; the file that says so is returned."""
    import coverage

    data, settings = folder / "coverage", folder / "coveragerc"
    settings.write_text(_SETTINGS.format(data=data), encoding="utf-8")
    command = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", "-m", "pytest", "-q", "-n0", *tests]
    subprocess.run(command, cwd=ROOT, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    known = coverage.CoverageData(os.fspath(data))
    known.read()
    lines: dict[str, dict[int, list[str]]] = {}
    for path in known.measured_files():
        contexts = known.contexts_by_lineno(path)
        relative = os.path.relpath(path, ROOT)
        lines[relative] = {line: sorted(filter(None, told)) for line, told in contexts.items() if any(told)}
    target = folder / "covering.json"
    target.write_text(json.dumps(lines), encoding="utf-8")
    return target


class Covering:
    """The tests to run for a line: those that are known to run it, else all of the room that mirrors its module."""

    def __init__(self, learnt: Path | None, most: int = 0) -> None:
        self._lines: dict[str, dict[str, list[str]]] = (
            json.loads(learnt.read_text(encoding="utf-8")) if learnt is not None else {}
        )
        self._most = most
        self._weights = Counter(told for lines in self._lines.values() for tests in lines.values() for told in tests)

    def tests_of(self, module: str, line: int) -> list[str]:
        """Arguments of pytest that run what covers ``line`` of ``module`` (a path below the project's folder).

        First those that run the fewest lines: they are soon done, and most likely made for just these.  Of many only
        so many as was said.
        """
        told = self._lines.get(module, {}).get(str(line), [])
        if told:
            told = sorted(told, key=lambda test: (self._weights[test], test))
            return list(dict.fromkeys(filter(None, map(_argument, told[: self._most or len(told)]))))
        return [] if self._lines else _room_of(module)


def _argument(context: str) -> str:
    """``tests.apply.test_order.test_x`` as ``tests/apply/test_order.py::test_x``, methods with their class."""
    parts = context.split(".")
    for length in range(len(parts) - 1, 0, -1):
        path = "/".join(parts[:length]) + ".py"
        if (ROOT / path).is_file():
            return f"{path}::{'::'.join(parts[length:])}"
    return ""


def _room_of(module: str) -> list[str]:
    """The nearest folder of tests that mirrors the module's; of a job's rules that of the whole job."""
    folder = Path(module).parent
    folder = folder.parent if folder.name == "rules" else folder
    while folder.parts:
        tests = Path("tests", *folder.parts[1:])
        if (ROOT / tests).is_dir():
            return [tests.as_posix()]
        folder = folder.parent
    return ["tests"]
