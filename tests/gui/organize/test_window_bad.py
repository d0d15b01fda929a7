"""Bad luck in the window: nothing found, a folder that vanishes while it is shown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from image_sync.gui.job.state import State
from tests.gui.driver import Driver
from tests.gui.job.test_window_reviews import fill_in, page_of, pictures, real_port, settle, wait_for
from tests.pictures_made import save, scene

__all__ = ["pictures"]
OpenWindow = Callable[..., Driver]


def test_no_group_at_all_is_said_and_every_key_is_harmless(open_window: OpenWindow, tmp_path: Path) -> None:
    save(scene(1), tmp_path / "left" / "one.jpg")
    save(scene(2), tmp_path / "right" / "two.jpg")
    driver = open_window(real_port(), view="tiles")
    page = page_of(driver, "organize")
    fill_in(driver, page, "organize", tmp_path)
    driver.keys("ctrl+Return")
    wait_for(driver, page, State.REVIEW)
    driver.screenshot("no-groups")
    driver.keys("space", "k", "a", "l", "b", "n", "r", "c", "1", "Return", "ctrl+f", "ctrl+z", "Down", "Right")
    driver.until(lambda: driver.dialog is None, "no dialog")
    assert not page.model.history.now and page.comparing.view is None
    assert page.model.can_apply, "both pictures go to unique_images"


def test_a_folder_that_vanishes_while_it_is_shown(open_window: OpenWindow, pictures: Path) -> None:
    driver = open_window(real_port(), view="tiles")
    page = page_of(driver, "organize")
    fill_in(driver, page, "organize", pictures)
    driver.keys("ctrl+Return")
    wait_for(driver, page, State.REVIEW)
    os.rename(pictures / "right", pictures / "gone")
    page._review_view().focus_force()
    driver.keys("Home", "a", "Down", "End")
    driver.until(lambda: bool(page.model.history.now), "a decision about what was found")
    settle(driver, page)
    driver.screenshot("vanished-1")
    now = page.model.history.now
    driver.until_reads("right is not there; is its disk connected", page)
    assert not page.model.can_apply and page.model.stale
    driver.keys("ctrl+Return")
    driver.until(lambda: page.model.state is State.EMPTY and not page.model.working, "the scan to be refused")
    driver.until_reads("right is not there; is its disk connected", page)
    driver.screenshot("vanished-2")
    os.rename(pictures / "gone", pictures / "right")
    page.model.refresh()
    settle(driver, page)
    driver.keys("ctrl+Return")
    wait_for(driver, page, State.REVIEW)
    driver.until(lambda: page.model.history.now == now, "what was decided")
    assert page.model.can_apply
    shutil.rmtree(pictures / "right")
    page.model.refresh()
    driver.until(lambda: not page.model.can_scan, "the scan not to be offered")
    driver.until_reads("Folder 2: see what is wrong with it.", page)
    driver.screenshot("vanished-3")
