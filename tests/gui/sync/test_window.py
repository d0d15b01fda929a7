"""The page *Sync* in the real window over the real engine and real files, driven by mouse and keys."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from image_sync.base.events import Stage
from image_sync.base.progress import Reporter
from image_sync.engine import Engine, describe_folder
from image_sync.gui.job.port import Port, device, free_space
from image_sync.gui.job.state import State
from image_sync.gui.sync.page import SyncPage
from image_sync.gui.sync.rows import Chip, SyncRows
from image_sync.gui.sync.table import SyncTable
from image_sync.gui.widgets import desktop
from image_sync.gui.widgets.table import BATCH
from image_sync.jobs import registry
from image_sync.jobs.sync.model import Answer, Kind
from image_sync.jobs.sync.request import Deletions
from tests.gui.driver import Driver
from tests.pictures_made import edited, save, scene
from tests.trees import files, snapshot

OpenWindow = Callable[..., Driver]
NEW, OLD = 1_700_000_000, 1_600_000_000


def real_port(engine: Engine) -> Port:
    return Port(lambda: engine, registry.check, describe_folder, free_space, device)


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """Two folders: two new pictures each way, one that is newer on the left, two conflicts, one the same."""
    left, right = tmp_path / "left", tmp_path / "right"
    save(scene(1), left / "2021" / "only left.jpg", mtime=OLD)
    save(scene(2), right / "only right.jpg", mtime=OLD)
    save(edited(scene(3)), left / "changed.jpg", mtime=NEW)
    save(scene(3), right / "changed.jpg", mtime=OLD)
    for number in (4, 5):
        save(scene(number), left / f"conflict {number}.jpg", mtime=OLD)
        save(edited(scene(number)), right / f"conflict {number}.jpg", mtime=OLD)
    for side in (left, right):
        save(scene(6), side / "same.jpg", mtime=OLD)
    return tmp_path


def sync_page(driver: Driver) -> SyncPage:
    page = driver.window.pages["sync"]
    assert isinstance(page, SyncPage)
    return page


def settle(driver: Driver) -> None:
    page = sync_page(driver)
    driver.until(lambda: not page.model.typing, "what was typed to be looked at")
    driver.settle()


def fill_in(driver: Driver, pair: Path) -> SyncPage:
    driver.go_to("sync")
    page = sync_page(driver)
    for name, folder in (("source", "left"), ("target", "right")):
        driver.type_into(page.folders[name].entry, os.fspath(pair / folder))
    settle(driver)
    return page


def wait_for(driver: Driver, state: State) -> None:
    model = sync_page(driver).model
    driver.until(lambda: model.state is state, f"the state {state.value} (it is {model.state.value}: {model.message})")
    settle(driver)


def key_of(page: SyncPage, path: str) -> str:
    assert page.model.rows is not None
    return next(key for key, row in page.model.rows.by_key.items() if row.decision.path == path)


def kinds(page: SyncPage) -> dict[str, Kind]:
    assert page.model.rows is not None
    return {row.decision.path: row.decision.kind for row in page.model.rows.visible()}


def click_arrow(driver: Driver, table: SyncTable, key: str) -> None:
    view = table.table.view
    view.see(key)
    driver.root.update()
    x, y, width, height = view.bbox(key, "deed")
    driver.click_at(view, x + width // 2, y + height // 2)


def select(driver: Driver, page: SyncPage, path: str) -> None:
    driver.click_row(page.table.table, key_of(page, path))


def until_is(driver: Driver, page: SyncPage, path: str, kind: Kind) -> None:
    driver.until(lambda: kinds(page).get(path) is kind, f"{path} to be: {kind.value} ({kinds(page).get(path)})")
    settle(driver)


def test_the_whole_way(open_window: OpenWindow, pair: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(desktop, "open_file", opened.append)
    before = snapshot(pair)
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, pair)
    assert "5 pictures" in page.folders["source"].field.holds
    driver.screenshot("sync-1-filled-in")

    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    assert snapshot(pair) == before, "comparing changes nothing"
    assert kinds(page) == {
        "2021": Kind.COPY_TO_TARGET,
        "2021/only left.jpg": Kind.COPY_TO_TARGET,
        "only right.jpg": Kind.COPY_TO_SOURCE,
        "changed.jpg": Kind.UPDATE_TARGET,
        "conflict 4.jpg": Kind.CONFLICT,
        "conflict 5.jpg": Kind.CONFLICT,
    }
    driver.until_reads("2 conflicts are open")
    driver.until(lambda: page.versions.complete, "both pictures")
    driver.screenshot("sync-2-review")
    assert page.table.chosen is not None and page.table.chosen.decision.path == "conflict 4.jpg"

    driver.keys("ctrl+x", "k")
    until_is(driver, page, "conflict 4.jpg", Kind.KEEP_BOTH)
    driver.settle()
    assert len(page.model.answers) == 1, "Ctrl+X is no X"
    driver.until(lambda: page.table.chosen is not None and page.table.chosen.decision.path == "conflict 5.jpg")
    driver.click(page.versions.buttons[Answer.TARGET])
    until_is(driver, page, "conflict 5.jpg", Kind.UPDATE_SOURCE)

    select(driver, page, "changed.jpg")
    driver.keys("alt+Left")
    until_is(driver, page, "changed.jpg", Kind.UPDATE_SOURCE)
    click_arrow(driver, page.table, key_of(page, "only right.jpg"))
    until_is(driver, page, "only right.jpg", Kind.SKIP)
    driver.screenshot("sync-3-answered")

    driver.keys("ctrl+Return")
    dialog = driver.wait_for_dialog()
    said = driver.texts(dialog)
    assert "free there" in said
    assert "undone" in said
    driver.screenshot("sync-4-confirm")
    driver.keys("Return")
    wait_for(driver, State.DONE)
    driver.until_reads("Done.", page.result)
    driver.screenshot("sync-5-done")

    left, right = pair / "left", pair / "right"
    assert (left / "changed.jpg").read_bytes() == (right / "changed.jpg").read_bytes()
    assert (right / "2021" / "only left.jpg").exists()
    assert not (left / "only right.jpg").exists()
    assert sum("conflict 4" in name for name in files(left) if ".image-sync" not in name) == 2

    driver.click(page.result.output)
    driver.until(lambda: bool(opened), "the log to be opened")
    log = json.loads(Path(opened[0]).read_text(encoding="ascii"))
    assert log["status"] == "finished"
    assert log["source"] == os.fspath(left)

    driver.root.focus_force()
    driver.keys("ctrl+z")
    driver.until_reads("Undone: everything is back where it was.", page.result)
    settle(driver)
    driver.screenshot("sync-6-undone")
    after = {name: facts for name, facts in snapshot(pair).items() if ".image-sync" not in name}
    assert after == before


def test_by_mouse_all_conflicts_at_once_and_chips(open_window: OpenWindow, pair: Path) -> None:
    before = snapshot(pair)
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, pair)
    driver.click(page.scan)
    wait_for(driver, State.REVIEW)

    driver.click(page.chips.buttons[Chip.COPY])
    driver.until(lambda: set(kinds(page).values()) == {Kind.CONFLICT, Kind.UPDATE_TARGET}, "the copies to be hidden")
    assert len(page.table.table.view.get_children()) == 3
    driver.click(page.chips.buttons[Chip.EQUAL])
    driver.until(lambda: kinds(page).get("same.jpg") is Kind.EQUAL, "what is equal to be shown")
    driver.click(page.chips.buttons[Chip.COPY])
    driver.until(lambda: len(page.table.table.view.get_children()) == 7, "every row to be shown")

    select(driver, page, "same.jpg")
    assert all(button.instate(["disabled"]) for button in page.versions.buttons.values()), "equal is equal"
    select(driver, page, "conflict 5.jpg")
    driver.click(page.versions.for_all)
    driver.click(page.versions.buttons[Answer.SOURCE])
    until_is(driver, page, "conflict 4.jpg", Kind.UPDATE_TARGET)
    assert kinds(page)["conflict 5.jpg"] is Kind.UPDATE_TARGET
    assert not page.versions.for_all.winfo_ismapped()

    for kind in (Kind.UPDATE_SOURCE, Kind.SKIP, Kind.UPDATE_TARGET):
        click_arrow(driver, page.table, key_of(page, "changed.jpg"))
        until_is(driver, page, "changed.jpg", kind)

    driver.click(page.apply)
    dialog = driver.wait_for_dialog()
    driver.click(dialog.buttons["cancel"])
    driver.until(lambda: driver.dialog is None, "the dialog to close")
    assert snapshot(pair) == before, "what was not confirmed is not done"
    driver.click(page.apply)
    dialog = driver.wait_for_dialog()
    driver.click(dialog.buttons["yes"])
    wait_for(driver, State.DONE)
    for name in ("conflict 4.jpg", "conflict 5.jpg", "changed.jpg", "only right.jpg"):
        assert (pair / "left" / name).read_bytes() == (pair / "right" / name).read_bytes()
    driver.click(page.result.undo)
    driver.until_reads("Undone", page.result)
    settle(driver)
    assert {name: facts for name, facts in snapshot(pair).items() if ".image-sync" not in name} == before
    driver.click(page.result.again)
    wait_for(driver, State.EMPTY)


def test_different_pictures_of_one_name_are_marked_and_all_kept_at_one_press(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    """Two cameras count alike, and the two folders meet for the first time."""
    for number in range(3):
        save(scene(10 + number), tmp_path / "left" / f"IMG_000{number}.jpg", mtime=OLD + number)
        save(scene(20 + number), tmp_path / "right" / f"IMG_000{number}.jpg", mtime=NEW if number else OLD)
    save(scene(6), tmp_path / "left" / "version.jpg", mtime=OLD)
    save(edited(scene(6)), tmp_path / "right" / "version.jpg", mtime=NEW)
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, tmp_path)
    driver.click(page.scan)
    wait_for(driver, State.REVIEW)
    assert page.model.rows is not None
    assert dict(page.model.rows.chips)[Chip.SHOTS] == "≠ Different pictures  3"
    signs = {row.decision.path: row.cells[2] for row in page.model.rows.visible()}
    assert signs["IMG_0001.jpg"] == "≠ ←  update" and signs["version.jpg"] == "←  update"
    driver.until_reads("2 names stand for two different pictures", page)
    driver.screenshot("sync-different-pictures")

    assert page.keep_both.cget("text") == "Keep both of 3 names with two pictures"
    driver.click(page.keep_both)
    until_is(driver, page, "IMG_0002.jpg", Kind.KEEP_BOTH)
    assert [kind for path, kind in kinds(page).items() if path.startswith("IMG")] == [Kind.KEEP_BOTH] * 3
    assert not page.keep_both.winfo_ismapped(), "there is nothing left to keep"
    driver.screenshot("sync-different-pictures-kept")
    driver.click(page.apply)
    dialog = driver.wait_for_dialog()
    driver.click(dialog.buttons["yes"])
    wait_for(driver, State.DONE)
    for side in ("left", "right"):
        assert len([name for name in files(tmp_path / side) if not name.startswith(".image-sync")]) == 7


@pytest.mark.skipif(os.name == "nt", reason="there are no such permissions")
def test_permissions_are_seen_and_answered(open_window: OpenWindow, pair: Path) -> None:
    for folder, bits in (("left", 0o600), ("right", 0o644)):
        (pair / folder / "same.jpg").chmod(bits)
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, pair)
    driver.click(page.options.more)
    driver.until(lambda: bool(page.options.widgets["permissions"].winfo_ismapped()), "the rarer choices")
    driver.click(page.options.widgets["permissions"])
    driver.click(page.scan)
    wait_for(driver, State.REVIEW)
    assert kinds(page)["same.jpg"] is Kind.CONFLICT
    select(driver, page, "same.jpg")
    assert not page.versions.buttons[Answer.KEEP_BOTH].winfo_ismapped()
    driver.until_reads("rw-r--r--", page.versions)
    driver.screenshot("sync-permissions")
    driver.keys("alt+Right")
    until_is(driver, page, "same.jpg", Kind.PERMIT_IN_TARGET)
    assert page.model.rows is not None
    assert page.model.rows.row(key_of(page, "same.jpg")).cells[2] == "→  permissions  ✓"


def test_several_rows_and_a_deletion_by_keyboard(open_window: OpenWindow, pair: Path) -> None:
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, pair)
    driver.choose(page.options.widgets["deletions"], 2)
    driver.click(page.options.widgets["images_only"])
    driver.until(lambda: page.model.form.images_only, "pictures only")
    settle(driver)
    assert page.model.form.request().deletions is Deletions.PROPAGATE
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    view = page.table.table.view
    driver.until(lambda: driver.root.focus_get() is view, "the table to have the keyboard")
    driver.keys("ctrl+a", "alt+Down")
    driver.until(lambda: set(kinds(page).values()) <= {Kind.SKIP, Kind.EQUAL}, "all to be left alone")
    settle(driver)
    assert not page.model.can_apply
    driver.keys("alt+Up")
    driver.until(lambda: Kind.CONFLICT in kinds(page).values(), "the choices to be taken back")
    settle(driver)

    driver.keys("Home", "End")
    driver.until(lambda: page.table.chosen is not None and page.table.chosen.decision.path == "only right.jpg")
    driver.keys("alt+Right")
    until_is(driver, page, "only right.jpg", Kind.DELETE_IN_TARGET)
    assert str(page.versions.buttons[Answer.SOURCE].cget("text")) == "Delete in the target"
    driver.keys("ctrl+Return")
    dialog = driver.wait_for_dialog()
    assert "1 file is deleted on one side" in driver.texts(dialog)
    driver.keys("Return")
    wait_for(driver, State.DONE)
    assert not (pair / "right" / "only right.jpg").exists()
    driver.root.focus_force()
    driver.keys("ctrl+z")
    driver.until_reads("Undone", page.result)
    assert (pair / "right" / "only right.jpg").exists()


def test_the_rarer_choices(open_window: OpenWindow, pair: Path) -> None:
    (pair / "left" / "notes.txt").write_text("not a picture")
    (pair / "left" / "Thumbs.db").write_text("left behind")
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, pair)
    options = page.options
    assert not options.widgets["include"].winfo_ismapped()
    driver.click(options.more)
    driver.until(lambda: bool(options.widgets["tolerance_ns"].winfo_ismapped()), "the rarer choices")
    driver.click(options.widgets["tolerance_ns"])
    driver.keys("t", "w", "o")
    driver.until_reads("is a number of seconds", options)
    driver.until(lambda: page.scan.instate(["disabled"]), "Compare to be refused")
    driver.screenshot("sync-12-more")
    driver.keys("ctrl+a", "2")
    driver.until(lambda: not page.model.form.mistakes, "the mistake to go")
    driver.click(options.widgets["exclude"])
    driver.keys("asterisk", "period", "j", "p", "g")
    driver.click(options.widgets["litter"])
    driver.keys("ctrl+Return")
    wait_for(driver, State.REVIEW)
    assert kinds(page) == {
        "2021": Kind.COPY_TO_TARGET,
        "notes.txt": Kind.COPY_TO_TARGET,
        "Thumbs.db": Kind.COPY_TO_TARGET,
    }
    driver.click(options.widgets["litter"])
    driver.until_reads("Another choice of files: scan again.")
    assert not page.model.can_apply
    driver.click(options.more)
    driver.until_reads("More (2 set)…", options)


class Held:
    """Holds the engine at the third step of a stage until it is let go."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.reached, self.gate = threading.Event(), threading.Event()
        self._steps = 0

    def step(self, stage: Stage) -> None:
        if stage is self.stage:
            self._steps += 1
            if self._steps == 3:
                self.reached.set()
                self.gate.wait(30.0)


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Stage], Held]]:
    holders: list[Held] = []
    begin, advance = Reporter.stage, Reporter.advance
    current: list[Stage] = []

    def stage(self: Reporter, stage: Stage, *arguments: object, **options: object) -> None:
        current.append(stage)
        begin(self, stage, *arguments, **options)  # type: ignore[arg-type]

    def advancing(self: Reporter, *arguments: object, **options: object) -> None:
        advance(self, *arguments, **options)  # type: ignore[arg-type]
        self.flush()
        for holder in holders:
            holder.step(current[-1])

    def make(stage: Stage) -> Held:
        holders.append(Held(stage))
        return holders[-1]

    monkeypatch.setattr(Reporter, "stage", stage)
    monkeypatch.setattr(Reporter, "advance", advancing)
    yield make
    for holder in holders:
        holder.gate.set()


def many(folder: Path, number: int) -> None:
    for side in ("left", "right"):
        (folder / side).mkdir()
    for index in range(number):
        (folder / "left" / f"file {index:02}.bin").write_bytes(bytes([index]) * 200_000)


def test_pause_stop_and_go_on_while_applying(
    open_window: OpenWindow, tmp_path: Path, hold: Callable[[Stage], Held]
) -> None:
    many(tmp_path, 30)
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, tmp_path)
    driver.click(page.scan)
    wait_for(driver, State.REVIEW)
    held = hold(Stage.APPLY)
    page.model.apply()
    driver.until(held.reached.is_set, "the third file")
    driver.until_reads("of 5.7 MiB", page.progress)
    driver.click(page.progress.pause)
    driver.until_reads("Paused.", page.progress)
    driver.screenshot("sync-7-paused")
    assert page.work
    driver.click(page.progress.stop)
    driver.until_stopped()
    held.gate.set()
    wait_for(driver, State.DONE)
    driver.until_reads("Stopped: what was done so far is kept and can be undone.", page.result)
    driver.screenshot("sync-8-stopped")
    copied = [name for name in files(tmp_path / "right") if ".image-sync" not in name]
    assert 0 < len(copied) < 30
    assert all((tmp_path / "right" / name).read_bytes() == (tmp_path / "left" / name).read_bytes() for name in copied)
    assert json.loads(Path(page.model.log).read_text())["status"] == "stopped"
    driver.click(page.result.resume)
    driver.until_reads("Done.", page.result)
    assert len([name for name in files(tmp_path / "right") if ".image-sync" not in name]) == 30


def test_stop_while_comparing(open_window: OpenWindow, tmp_path: Path, hold: Callable[[Stage], Held]) -> None:
    many(tmp_path, 30)
    for path in (tmp_path / "left").iterdir():
        (tmp_path / "right" / path.name).write_bytes(path.read_bytes())
    before = snapshot(tmp_path)
    held = hold(Stage.MATCH)
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, tmp_path)
    driver.click(page.scan)
    driver.until(held.reached.is_set, "the third file")
    driver.screenshot("sync-9-comparing")
    driver.keys("Escape")
    driver.until_stopped()
    held.gate.set()
    wait_for(driver, State.EMPTY)
    driver.until_reads("Stopped before all was compared.")
    assert snapshot(tmp_path) == before
    assert page.model.can_scan


def test_fifty_thousand_rows_come_bit_by_bit(open_window: OpenWindow) -> None:
    from tests.gui.sync.test_models import file, review_of

    number = 50_000
    review = review_of({f"{index // 500:03}/picture {index:05}.jpg": file() for index in range(number)}, {})
    driver = open_window(real_port(Engine()))
    driver.go_to("sync")
    page, table = sync_page(driver), sync_page(driver).table.table
    page.model.rows, page.model.state = SyncRows(review), State.REVIEW
    page._draw_rows()
    page._draw_state()
    assert not table.filled
    assert len(table.view.get_children()) <= BATCH
    driver.until(lambda: table.filled, "all rows")
    assert len(table.view.get_children()) == number
    table.view.focus_set()
    driver.keys("End")
    driver.until(lambda: page.table.chosen is not None and page.table.chosen.decision.path.endswith("49999.jpg"))
    before = table.view.yview()
    row = page.table.chosen
    assert row is not None
    page.model.rows = SyncRows(review, page.model.rows)
    page._draw_rows()
    assert table.filled, "nothing changed, so nothing is drawn anew"
    assert table.view.yview() == before
    page.model.start_over()


def test_so_much_is_gone_that_it_asks_whether_that_was_meant(open_window: OpenWindow, tmp_path: Path) -> None:
    many(tmp_path, 12)
    for path in (tmp_path / "left").iterdir():
        (tmp_path / "right" / path.name).write_bytes(path.read_bytes())
    driver = open_window(real_port(Engine()))
    page = fill_in(driver, tmp_path)
    driver.click(page.scan)
    wait_for(driver, State.DONE)
    driver.until_reads("There is nothing to do.", page.result)
    for path in (tmp_path / "right").glob("file*"):
        path.unlink()
    driver.click(page.scan)
    wait_for(driver, State.REVIEW)
    driver.until_reads("Is it the right folder, and is its disk connected?")
    assert not page.apply.winfo_ismapped()
    driver.screenshot("sync-10-emptied")
    driver.click(page.on_purpose)
    dialog = driver.wait_for_dialog()
    driver.screenshot("sync-11-on-purpose")
    driver.click(dialog.buttons["yes"])
    driver.until(lambda: not page.model.emptied and page.model.state is State.REVIEW, "another comparison")
    settle(driver)
    assert set(kinds(page).values()) == {Kind.DELETION}
