"""A display for tests of the real window where there is none: Xvfb with a small window manager, both gone afterwards.

It knows nothing of the program.  The X server picks a free display number itself, so runs side by side don't meet.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

SCREEN = "1600x1000x24"
DPI = 96
PATIENCE = 30.0
"""Seconds that the server and the window manager may take to come up on a machine under load."""


def has_display() -> bool:
    """Whether a window can be opened as things are (Windows and macOS always have a desktop)."""
    return os.name == "nt" or os.uname().sysname == "Darwin" or bool(os.environ.get("DISPLAY"))


def can_start() -> bool:
    """Whether Xvfb is installed."""
    return os.name == "posix" and shutil.which("Xvfb") is not None


@contextlib.contextmanager
def virtual_display(screen: str = SCREEN, dpi: int = DPI) -> Iterator[str]:
    """The name (``:7``) of a new display of ``screen`` (width x height x depth), for as long as the context lasts."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", screen, "-dpi", str(dpi), "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        name = f":{_number(reading)}"
        with _window_manager(name):
            yield name
    finally:
        os.close(reading)
        _end(server)


def _number(reading: int) -> int:
    """The display number, which the server writes once it listens."""
    text = b""
    deadline = time.monotonic() + PATIENCE
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], max(deadline - time.monotonic(), 0))
        chunk = os.read(reading, 16) if ready else b""
        if not chunk:
            raise RuntimeError("Xvfb did not come up")
        text += chunk
    return int(text)


@contextlib.contextmanager
def _window_manager(display: str) -> Iterator[None]:
    """Openbox, where it is installed: without a window manager no window ever gets the focus by itself."""
    if not shutil.which("openbox"):
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        # Openbox runs this command when it manages the display; a home of its own keeps the user's settings out.
        sign = Path(folder, "up")
        environ = {
            **os.environ,
            "DISPLAY": display,
            "HOME": folder,
            "XDG_CONFIG_HOME": folder,
            "XDG_CACHE_HOME": folder,
        }
        manager = subprocess.Popen(
            ["openbox", "--sm-disable", "--startup", f"touch {sign}"],
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while not sign.exists():
                if manager.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("openbox did not come up")
                time.sleep(0.02)
            yield
        finally:
            _end(manager)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
