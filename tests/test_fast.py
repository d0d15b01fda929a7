"""``--fast`` leaves out what is slow, and no room."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
END_TO_END = ("tests/cli/test_end_to_end.py", "tests/jobs/sync/test_command.py", "tests/cli/test_import.py")
"""Where each job is run as it is typed."""


def collected(*options: str) -> list[str]:
    """The tests that a run with ``options`` would have, each as file and name."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options]
    result = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return [line for line in result.stdout.splitlines() if "::" in line]


@pytest.mark.slow
def test_fast_touches_every_room() -> None:
    found = collected("--fast")
    rooms = {path.parent.relative_to(HERE.parent).as_posix() for path in HERE.glob("*/**/test_*.py")}
    touched = {name.partition("::")[0].rpartition("/")[0] for name in found}
    assert rooms - touched == set()
    assert [path for path in END_TO_END if not any(name.startswith(path) for name in found)] == []
    assert not [name for name in found if "test_window.py" in name or name.endswith("test_fast_touches_every_room")]


@pytest.mark.slow
def test_a_mark_and_a_costly_fixture_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "@pytest.mark.slow\ndef test_marked(): pass\n"
        "@pytest.fixture\ndef display(): pass\n"
        "def test_with_a_window(display): pass\n"
        "def test_quick(): pass\n"
    )
    options = ("-p", "tests.conftest", f"--rootdir={tmp_path}", str(tmp_path))
    assert [name.rpartition("::")[2] for name in collected("--fast", *options)] == ["test_quick"]
    assert len(collected(*options)) == 3
