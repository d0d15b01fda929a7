"""The end of a long run is told to a person who is elsewhere, and to nobody else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from image_sync.gui.app.announcer import LONG, Announcer
from image_sync.gui.widgets import notify


@dataclass
class Seat:
    """A window whose clock, keyboard and setting are a test's."""

    now: float = 1000.0
    page: str = "sync"
    front: bool = False
    wanted: bool = True
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.announcer = Announcer(
            lambda: self.page,
            lambda key: f"news of {key}" if key != "silent" else "",
            lambda: self.wanted,
            lambda: self.front,
            self.told.append,
            lambda: self.now,
        )

    def run(self, seconds: float) -> list[str]:
        self.announcer.changed(True)
        self.page, before = "help", self.page
        self.announcer.changed(True)  # paused in between, and the user has gone to another page
        self.now += seconds
        self.announcer.changed(False)
        self.page = before
        return self.told


def test_a_long_run_that_ended_behind_other_windows_is_told_once() -> None:
    seat = Seat()
    assert seat.run(LONG) == ["news of sync"]
    seat.announcer.changed(False)
    assert seat.told == ["news of sync"]


@pytest.mark.parametrize(
    "seat", [Seat(front=True), Seat(wanted=False), Seat(page="silent")], ids=["in front", "turned off", "no news"]
)
def test_nobody_is_disturbed_otherwise(seat: Seat) -> None:
    assert seat.run(LONG * 9) == []


def test_a_short_run_is_not_told_and_the_next_long_one_is() -> None:
    seat = Seat()
    assert seat.run(LONG - 1) == []
    assert seat.run(LONG) == ["news of sync"]


def test_a_desktop_without_a_bus_shows_nothing_and_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    thread = notify.tell("Image Sync", "It has ended.")
    thread.join(30)
    assert not thread.is_alive()


def test_without_the_library_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "desktop_notifier", None)
    thread = notify.tell("Image Sync", "It has ended.")
    thread.join(30)
    assert not thread.is_alive()


DESKTOP = """
import asyncio, sys
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, method

class Notifications(ServiceInterface):
    def __init__(self):
        super().__init__("org.freedesktop.Notifications")

    @method()
    def Notify(
        self, app: "s", old: "u", icon: "s", title: "s", body: "s", actions: "as", hints: "a{sv}", ms: "i"
    ) -> "u":
        print(app, title, body, sep="|", flush=True)
        return 1

    @method()
    def GetCapabilities(self) -> "as":
        return ["body"]

    @method()
    def GetServerInformation(self) -> "ssss":
        return ["test", "test", "1", "1.2"]

    @method()
    def CloseNotification(self, number: "u"):
        pass

async def main():
    bus = await MessageBus().connect()
    bus.export("/org/freedesktop/Notifications", Notifications())
    await bus.request_name("org.freedesktop.Notifications")
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", sys.argv[1])
    await process.wait()

asyncio.run(main())
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="there is no D-Bus")
def test_a_real_bus_gets_the_words(tmp_path: Path) -> None:
    pytest.importorskip("dbus_fast")
    (tmp_path / "desktop.py").write_text(DESKTOP)
    tell = "from image_sync.gui.widgets import notify; notify.tell('Image Sync', 'Sync: 3 files · done').join(30)"
    told = subprocess.run(
        ["dbus-run-session", "--", sys.executable, os.fspath(tmp_path / "desktop.py"), tell],
        capture_output=True, text=True, timeout=120, check=False, cwd=Path(__file__).resolve().parents[3],
    )  # fmt: skip
    assert "Image Sync|Image Sync|Sync: 3 files · done" in told.stdout, told.stderr
