"""What a release wrote is read by this version: journals, the catalog, the memory of sync."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.apply import journal, replay
from image_sync.apply.seal import Seals
from image_sync.base import places
from image_sync.base.model import Action, RunState
from image_sync.inventory.catalog import Catalog
from image_sync.jobs.sync.memory import SyncMemory
from image_sync.jobs.sync.model import Side
from image_sync.jobs.sync.packed_stats import FOLDER_LOOK
from tests.golden import make

RELEASES = sorted(path.name for path in Path(__file__).parent.iterdir() if (path / "catalog.sql").exists())


def test_there_is_a_stored_state() -> None:
    assert RELEASES


@pytest.fixture(params=RELEASES)
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A release's state as this user's own, with its catalog as a database."""
    source = Path(__file__).parent / request.param
    shutil.copytree(source / "runs", Path(places.state_folder()) / "runs")
    shutil.copy(source / "key", places.state_folder())
    place = tmp_path / "catalog"
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript((source / "catalog.sql").read_text(encoding="utf-8"))
    return place


def test_its_journals_can_be_read(stored: Path) -> None:
    assert stored.exists()
    states = {run.run: (run.state, run.done, run.total, run.trouble) for run in journal.history()}
    assert states == {make.DONE: (RunState.FINISHED, 1, 1, ""), make.UNDONE: (RunState.UNDONE, 1, 1, "")}
    for run, action in ((make.DONE, Action.MOVE), (make.UNDONE, Action.COPY)):
        story: replay.JournalReplay = journal.load(run)
        assert story.damage == []
        assert story.seals is Seals.SOUND
        (operation,) = story.operations.values()
        assert operation.action is action
        assert operation.expected is not None
        assert list(story.results) == list(story.operations)


def test_its_catalog_is_used_as_it_is(stored: Path) -> None:
    catalog = Catalog.open(os.fspath(stored))
    assert catalog.notes == ()
    (known,) = catalog.lookup([make.PICTURE], make.MEASURED)
    assert known is not None
    assert known.digest == make.DIGEST
    assert known.fingerprint == replace(make.FACTS, small=b"")
    assert known.content is not None
    assert catalog.smalls([known.content]) == {known.content: make.FACTS.small}
    assert catalog.refused() == {make.PAIR}
    assert [refusal.files for refusal in catalog.refusals()] == [make.FILES]
    assert list(catalog.verdicts([known.content], make.VERDICTS).values()) == [True]
    assert [len(contents) for contents in catalog.searched(make.SEARCH)] == [2]
    catalog.close()


def test_its_memory_of_two_folders_is_not_begun_anew(stored: Path) -> None:
    memory = SyncMemory.open(os.fspath(stored), *make.SIDES)
    assert memory.rows() == [(make.AGREED.path, make.AGREED.source, make.AGREED.target)]
    assert memory.digests(Side.SOURCE, {b"a.txt": FOLDER_LOOK}) == {b"a.txt": "ab" * 32}
    memory.close()
