"""What the best picture gets of what its copies state: in the rows, and in the real window from the switch to undo."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from image_sync.base.model import Action, FileKind, Maker, Operation
from image_sync.base.stated import Position, Stated
from image_sync.engine import Engine, describe_folder
from image_sync.gui.job.port import Port, device, free_space
from image_sync.gui.job.state import State
from image_sync.gui.organize.rows import Column, GroupsModel
from image_sync.jobs import registry
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.pictures.metadata.stated import stated_by
from image_sync.pictures.metadata.stated_write import with_stated
from tests.gui.driver import Driver
from tests.gui.scripted import picture_of, review_of
from tests.pictures_made import save, scene
from tests.trees import snapshot
from tests.values import record

FATE = list(Column).index(Column.FATE)
GAIN = "gets the place of “b.jpg”"


def rows_of(operation: Operation, request: OrganizeRequest) -> list[str]:
    sidecar = record("a.xmp", kind=FileKind.SIDECAR)
    best = replace(picture_of("/one", "a.jpg"), companions=(sidecar,))
    found = review_of(request, {"x": [best, picture_of("/two", "b.jpg")]})
    plan = replace(found.plan, operations=(*found.plan.operations, replace(operation, group=0)))
    return [row.cells[FATE] for row in GroupsModel(replace(found, plan=plan)).member_rows(0)]


@pytest.mark.parametrize(
    ("action", "source"),
    [(Action.MERGE, "/one/a.jpg"), (Action.MERGE, "/one/a.xmp"), (Action.CONVERT, "/one/a.jpg")],
    ids=["into the picture", "into its sidecar", "into a new sidecar"],
)
def test_a_picture_that_stays_is_said_to_be_completed(action: Action, source: str) -> None:
    operation = Operation(action, source, source, GAIN, maker=Maker.STATED)
    best, other = rows_of(operation, OrganizeRequest(("/one", "/two"), "/out", handling=Handling.KEEP_BEST))
    assert best.startswith("Stays where it is, and is completed: ") and best.endswith(f"; {GAIN}")
    assert GAIN not in other


def test_a_gathered_picture_is_said_to_be_completed() -> None:
    operation = Operation(Action.MERGE, "/out/x/a.jpg", "/out/x/a.jpg", GAIN, follows=0, maker=Maker.STATED)
    best, other = rows_of(operation, OrganizeRequest(("/one", "/two"), "/out"))
    assert best.startswith("Moves to ") and best.endswith(f"; {GAIN}")
    assert GAIN not in other


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    picture = scene(1, (640, 480))
    save(picture, tmp_path / "phone" / "Beach at dawn.jpg", 1e9, quality=95)
    small = save(picture.resize((320, 240)), tmp_path / "backup" / "beach small.jpg", 1.1e9, quality=85)
    small.write_bytes(with_stated(small.read_bytes(), Stated(position=Position(52.5, 13.4), keywords=("sea",))))
    return tmp_path


def test_the_switch_in_the_window_from_the_scan_to_the_undo(open_window: Callable[..., Driver], folders: Path) -> None:
    before = snapshot(folders)
    engine = Engine()
    driver = open_window(Port(lambda: engine, registry.check, describe_folder, free_space, device))
    page, model = driver.organize, driver.organize.model
    for name, folder in (("folder1", "phone"), ("folder2", "backup"), ("output", "sorted")):
        driver.type_into(page.folders[name].entry, os.fspath(folders / folder))
    driver.settle()
    driver.click(page.options.more)
    driver.until(lambda: bool(page.options.widgets["merge"].winfo_viewable()), "the rarer choices")
    driver.screenshot("merge-1-more")
    driver.click(page.options.widgets["merge"])
    driver.until(lambda: model.request.merge, "Merge to be chosen")
    driver.until(lambda: model.can_scan, "Scan to be offered")
    driver.click(page.scan)
    driver.until(lambda: model.state is State.REVIEW, "the review")
    driver.settle()
    driver.until(lambda: page.preview.complete, "the thumbnails")
    driver.screenshot("merge-2-review")
    assert model.groups is not None
    assert "gets the place and keywords of “beach small.jpg”" in model.groups.tiles(0)[0].lines[1]
    driver.click(page.apply)
    dialog = driver.wait_for_dialog()
    assert "Complete 1 file with what its copies state" in driver.texts(dialog)
    driver.screenshot("merge-3-confirm")
    driver.click(dialog.buttons["yes"])
    driver.until(lambda: model.state is State.DONE, "the end")
    (best,) = (folders / "sorted").glob("similar_*/Beach at dawn.jpg")
    assert stated_by(os.fspath(best)).keywords == ("sea",)
    driver.click(page.result.undo)
    driver.until_reads("Undone", page.result)
    assert snapshot(folders) == before
