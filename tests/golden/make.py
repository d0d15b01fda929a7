"""Store the state that this version writes: ``python -m tests.golden.make NAME``, once for each release.

A state is a folder: ``key`` and ``runs`` as in the state folder, and ``catalog.sql``, the text of a catalog with a sync
memory in it.  What stands in it is told by the constants below, which the test compares with what it reads.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from image_sync.apply.executor import execute
from image_sync.apply.undo import undo
from image_sync.base.model import Action, Operation, Plan, Stamp
from image_sync.inventory.catalog import Catalog, Known
from image_sync.inventory.keys import RefusedPair, SearchRule, VerdictKind, VerdictRule
from image_sync.jobs.sync.memory import Row, SyncMemory
from image_sync.jobs.sync.model import Side
from image_sync.jobs.sync.packed_stats import FOLDER_LOOK
from tests.values import fingerprint, record

HERE = Path(__file__).parent
DONE, UNDONE = "20261129-020000-0001", "20261129-020000-0002"
MEASURED = 1
PICTURE = record("a.jpg", inode=5)
FACTS = fingerprint(captured="2019-03-04T12:01:02", camera="X100")
DIGEST = "0123456789abcdef0123456789abcdef"
PAIR = RefusedPair.of("one", "two")
FILES = ("/one/a.jpg", "/two/b.jpg")
VERDICTS = VerdictRule(VerdictKind.SAME, (2,), 0.85)
SEARCH = SearchRule(VERDICTS, (1, 1), exact=True)
SIDES = ("/golden/left", "/golden/right")
AGREED = Row(b"folder", FOLDER_LOOK, FOLDER_LOOK)


def make(target: Path) -> None:
    """Write the state into ``target``, which must not exist."""
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        os.environ["IMAGE_SYNC_STATE"] = os.fspath(work / "state")
        _make_runs(work / "tree")
        _make_catalog(work / "catalog")
        target.mkdir(parents=True)
        shutil.copy(work / "state" / "key", target / "key")
        for run in (DONE, UNDONE):
            (target / "runs" / run).mkdir(parents=True)
            shutil.copy(work / "state" / "runs" / run / "journal.jsonl", target / "runs" / run)
        with closing(sqlite3.connect(work / "catalog")) as connection:
            numbers = [
                f"PRAGMA {name} = {connection.execute(f'PRAGMA {name}').fetchone()[0]};"
                for name in ("application_id", "user_version")
            ]
            lines = [line for line in connection.iterdump() if "sqlite_" not in line]
        (target / "catalog.sql").write_text("\n".join((*lines, *numbers, "")), encoding="utf-8")


def _make_runs(root: Path) -> None:
    root.mkdir()
    for name in ("a", "b"):
        (root / f"{name}.jpg").write_text(name)
    execute(_plan(root, Action.MOVE, "a.jpg", "out/a.jpg"), run=DONE)
    execute(_plan(root, Action.COPY, "b.jpg", "out/b.jpg"), run=UNDONE)
    undo(UNDONE)


def _plan(root: Path, action: Action, source: str, target: str) -> Plan:
    found = (root / source).stat()
    step = Operation(
        action,
        os.fspath(root / source),
        os.fspath(root / target),
        "because",
        expected=Stamp(found.st_size, found.st_mtime_ns),
    )
    return Plan("organize", {"folder 1": os.fspath(root)}, (step,))


def _make_catalog(place: Path) -> None:
    catalog = Catalog.open(os.fspath(place))
    row, other = catalog.store(
        [(PICTURE, Known(None, FACTS, DIGEST)), (record("b.jpg", inode=6), Known(None, fingerprint(), "d2"))], MEASURED
    )
    assert row is not None
    assert other is not None
    catalog.refuse(PAIR, FILES)
    catalog.store_verdicts({(row, other): True}, VERDICTS)
    catalog.store_searched([row, other], SEARCH)
    catalog.close()
    memory = SyncMemory.open(os.fspath(place), *SIDES)
    memory.agree([AGREED])
    memory.read(Side.SOURCE, {b"a.txt": (FOLDER_LOOK, "ab" * 32)})
    memory.close()


if __name__ == "__main__":
    make(HERE / sys.argv[1])
