"""Standard error of our own: libraries are hushed while they decode, and no word of ours is lost."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pictures_made import scene

ROOT = Path(__file__).resolve().parents[2]


def told(code: str, *arguments: str) -> str:
    """What a process that runs ``code`` writes to standard error."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.fspath(ROOT)},
        stderr=subprocess.PIPE,
        check=True,
    )
    return done.stderr.decode()


HUSHED = """
import os, sys, threading
from image_sync.base import own_stderr
if "apart" in sys.argv:
    own_stderr.set_apart()
    own_stderr.set_apart()
def library(text):
    os.write(2, text + b"\\n")
library(b"before")
with own_stderr.HUSHED:
    library(b"one")
    print("our own", file=sys.stderr)
    inside = threading.Thread(target=lambda: own_stderr.HUSHED.__enter__())
    inside.start(); inside.join()
library(b"two")
own_stderr.HUSHED.__exit__()
library(b"after")
print("the end", file=sys.stderr)
"""


def test_a_library_is_hushed_and_our_own_words_are_not() -> None:
    assert told(HUSHED, "apart").split("\n")[:-1] == ["before", "our own", "after", "the end"]


def test_nothing_is_led_away_from_a_program_that_imports_this_one() -> None:
    assert told(HUSHED).split("\n")[:-1] == ["before", "one", "our own", "two", "after", "the end"]


def test_without_standard_error_nothing_happens() -> None:
    code = "import sys; sys.stderr = None\nfrom image_sync.base import own_stderr\nown_stderr.set_apart()"
    assert told(code) == ""
    assert told("import os; os.close(2)\nfrom image_sync.base import own_stderr\nown_stderr.set_apart()") == ""


@pytest.fixture
def fax(tmp_path: Path) -> Path:
    """A folder with a fax whose data is damaged in many places."""
    stream = io.BytesIO()
    scene(1, (640, 480)).convert("1").save(stream, "TIFF", compression="group4")
    data, choice = bytearray(stream.getvalue()), random.Random(3)
    for _ in range(60):
        data[choice.randrange(200, len(data) - 600)] = choice.randrange(256)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.tif").write_bytes(bytes(data) + name.encode())
    return tmp_path


def test_a_damaged_fax_writes_no_lines_to_the_terminal(fax: Path) -> None:
    code = "import sys\nfrom image_sync.cli import run\nsys.exit(0 * run())"
    one, two, out = (os.fspath(fax / name) for name in ("one", "two", "out"))
    lines = told(code, "organize", one, two, out, "--dry-run", "--check").split("\n")
    assert [line for line in lines if "Decode" in line or "code word" in line] == []
    assert any("Reading pictures" in line for line in lines)
    assert any("code word" in line for line in told(_READ, one).split("\n")), "libtiff tells nothing any more"


_READ = """
import os, sys
from image_sync.pictures.measure import measure
for entry in os.scandir(sys.argv[1]):
    measure(entry.path, entry.stat().st_size, False)
"""
