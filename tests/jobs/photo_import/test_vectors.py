"""All cases of the rules on real files: what library and input hold afterwards, and that a second run rests."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from image_sync.base.model import RunState
from image_sync.engine import Engine
from image_sync.jobs.photo_import.request import ImportRequest
from tests.jobs.photo_import.made import applied, plant, reviewed, undone
from tests.jobs.photo_import.vectors import CASES, Case
from tests.trees import snapshot

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "design" / "import_vectors.tsv"
ELSEWHERE = {99, 101, 102, 104, 106}
"""Cases about what follows an import: see ``test_after``."""


def tree(root: Path) -> dict[str, bytes]:
    """Every file below ``root`` with its bytes."""
    return {
        os.path.relpath(path, root).replace(os.sep, "/"): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def as_bytes(files: dict[str, bytes | str]) -> dict[str, bytes]:
    return {path: content.encode() if isinstance(content, str) else content for path, content in files.items()}


def folders(case: Case, tmp_path: Path) -> tuple[Path, Path]:
    """Input and output as the case wants them, with what they hold."""
    output = tmp_path / "in" / "lib" if case.place == "parent" else tmp_path / "lib"
    source = {"same": output, "child": output / "foobar", "parent": tmp_path / "in"}.get(case.place, tmp_path / "in")
    source.mkdir(parents=True, exist_ok=True)
    output.mkdir(parents=True, exist_ok=True)
    plant(output, case.library)
    plant(source, case.arriving, mtime=1_000_001_000.0)
    return source, output


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number}-{case.what}")
def test_case(engine: Engine, case: Case, tmp_path: Path) -> None:
    source, output = folders(case, tmp_path)
    before = snapshot(tmp_path)
    request = ImportRequest(os.fspath(source), os.fspath(output), **{"prefix": "S", **case.options})
    review = reviewed(engine, request)
    assert snapshot(tmp_path) == before, "a preview writes nothing"
    result = applied(engine, review)
    assert [str(problem) for problem in result.problems] == []
    assert tree(output) == as_bytes(case.expected)
    if case.place == "apart":
        assert tree(source) == as_bytes(case.left)
    after = snapshot(tmp_path)
    for _ in range(case.runs - 1):
        assert reviewed(engine, request).plan.operations == ()
    if result.run:
        assert undone(engine).state is RunState.UNDONE
        assert snapshot(tmp_path) == before
    else:
        assert after == before


def test_every_case_of_the_rules_is_in_the_table() -> None:
    if not VECTORS.is_file():
        pytest.skip("the table of cases is not at hand")
    with VECTORS.open(encoding="utf-8") as stream:
        wanted = {int(row["id"]) for row in csv.DictReader(stream, delimiter="\t")}
    assert wanted - ELSEWHERE == {case.number for case in CASES} - {0}
