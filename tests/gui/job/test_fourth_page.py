"""The page of a job more: it is in the rail by its line of the registry, and drives the real engine."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.engine import Engine, describe_folder
from image_sync.gui.job.port import Port, device, free_space
from image_sync.jobs import registry
from tests.gui.driver import Driver
from tests.jobs.fourth.page import GatherPage
from tests.jobs.fourth.registered import register
from tests.trees import files


def test_its_page_scans_and_copies(
    open_window: Callable[..., Driver], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("a")
    driver = open_window(Port(Engine, registry.check, describe_folder, free_space, device))
    driver.go_to("gather")
    page = driver.window.pages["gather"]
    assert isinstance(page, GatherPage)
    driver.type_into(page.folder, os.fspath(tmp_path / "in"))
    driver.type_into(page.output, os.fspath(tmp_path / "out"))
    driver.click(page.look)
    driver.until_reads("1 would be copied", page)
    driver.click(page.copy)
    driver.until_reads("1 copied", page)
    assert files(tmp_path / "out") == ["a.txt"]
    driver.go_to("history")
    driver.until(lambda: [run.job for run in driver.window.desk.history.runs] == ["gather"], "the run")
