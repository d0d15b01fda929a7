"""What is kept on this computer: seen, bounded, cleared; nothing that undo needs goes unasked."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from image_sync.apply import journal, kept_state
from image_sync.apply.executor import execute
from image_sync.apply.undo import undo
from image_sync.base import places
from image_sync.base.model import Action, Refused
from image_sync.cli import main
from image_sync.inventory.catalog import Catalog
from tests.apply.trees import operation, plan, put

DAY = 86400.0


def three_runs(root: Path) -> tuple[str, str, str]:
    """One that can be undone, one that was undone, one that changed nothing; all of 2020."""
    names = ("20200101-000001-aaaa", "20200101-000002-bbbb", "20200101-000003-cccc")
    for name in names:
        put(root / f"{name}.jpg", name)
    put(root / "taken.jpg", "taken")
    for name in names[:2]:
        execute(plan(operation(Action.MOVE, root / f"{name}.jpg", root / "out" / f"{name}.jpg"), root=root), run=name)
    failed = plan(operation(Action.MOVE, root / f"{names[2]}.jpg", root / "taken.jpg"), root=root)
    assert execute(failed, run=names[2]).done == 0
    undo(names[1])
    return names


def test_journals_with_nothing_to_undo_go_by_themselves_and_no_others(root: Path) -> None:
    kept, *gone = three_runs(root)
    assert set(journal.spent()) == set(gone)
    assert list(journal.spent(before=journal._order(kept, "") - DAY)) == []
    put(root / "new.jpg", "new")
    newest = execute(plan(operation(Action.MOVE, root / "new.jpg", root / "out" / "new.jpg"), root=root)).run
    assert set(os.listdir(journal.runs_folder())) == {kept, newest}
    undo(newest)
    assert {summary.run for summary in journal.history()} == {kept, newest}, "not before its time"


def test_what_is_kept_is_counted_and_cleared(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, *_ = three_runs(root)
    catalog = Path(places.catalog_path())
    Catalog.open().close()
    Path(f"{catalog}.set-aside-1").write_bytes(b"x" * 10)
    rooms = {room.name: room for room in kept_state.rooms()}
    assert (rooms["journals"].files, rooms["journals"].spent) == (3, 2)
    assert (rooms["catalogs set aside"].files, rooms["catalogs set aside"].size) == (1, 10)
    assert rooms["catalog"].size > 1000
    assert main(["state"]) == 0
    said = capsys.readouterr().out
    assert os.fspath(catalog) in said and journal.runs_folder() in said
    assert main(["state", "--clear"]) == 2, "nobody is there to be asked"
    assert main(["state", "--clear", "--dry-run"]) == 0
    assert len(journal.history()) == 3
    assert main(["state", "--clear", "--yes"]) == 0
    assert [summary.run for summary in journal.history()] == [kept]
    assert catalog.exists() and not Path(f"{catalog}.set-aside-1").exists()
    assert main(["state", "--clear", "--all", "--yes"]) == 0
    assert journal.history() == () and not catalog.exists()
    assert (root / "out" / f"{kept}.jpg").exists()


def test_nothing_is_cleared_while_a_run_goes_on(root: Path) -> None:
    kept, *_ = three_runs(root)
    with journal.reopen(kept) as log:
        log.begin_again("undo")
        with pytest.raises(Refused, match="still going on"):
            kept_state.clear(everything=True)
        journal.discard(kept)
    assert journal.find(kept).run == kept


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")
def test_a_new_catalog_is_the_users_alone(root: Path) -> None:
    before = os.umask(0)
    try:
        Catalog.open().close()
        Catalog.open(os.fspath(root / "named.sqlite3")).close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(places.catalog_path()).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(places.catalog_path())).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(root / "named.sqlite3").st_mode) == 0o600
