"""Appearance of the desktop: dark or light, and the size of things.

The questions are asked of small programs that are started before the toolkit is loaded, so that the answers are there
when the window is made and cost it no time.  A desktop that does not answer in time is taken as light and of normal
size.  No tkinter here.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time

PATIENCE = 0.15
"""Seconds that the first window may wait for an answer beyond what loading the toolkit takes anyway."""
NORMAL_DPI = 96.0

_DARK_SETTING = ("gsettings", "get", "org.gnome.desktop.interface", "color-scheme")
_RESOURCES = ("xrdb", "-query")
_APPLE_STYLE = ("defaults", "read", "-g", "AppleInterfaceStyle")


class Appearance:
    """Asks when made; ``dark`` and ``scale`` wait a moment for the answers."""

    def __init__(self) -> None:
        self._dark = self._ask_dark()
        self._resources = _ask(_RESOURCES) if _is_x11() else None

    def dark(self) -> bool:
        """Whether the desktop prefers dark windows."""
        if sys.platform == "win32":
            return _windows_is_dark()
        answer = _answer(self._dark).lower()
        return "dark" in answer or _kde_is_dark() or os.environ.get("GTK_THEME", "").lower().endswith("dark")

    def scale(self) -> float | None:
        """Scale that the desktop wants for everything, 1.0 for normal; ``None`` when it says nothing."""
        found = re.search(r"^Xft\.dpi:\s*([\d.]+)\s*$", _answer(self._resources), re.MULTILINE)
        return float(found.group(1)) / NORMAL_DPI if found else None

    @staticmethod
    def _ask_dark() -> subprocess.Popen[str] | None:
        if sys.platform == "darwin":
            return _ask(_APPLE_STYLE)
        return _ask(_DARK_SETTING) if _is_x11() else None


def _is_x11() -> bool:
    return sys.platform not in ("win32", "darwin")


def _ask(command: tuple[str, ...]) -> subprocess.Popen[str] | None:
    if shutil.which(command[0]) is None:
        return None
    try:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    except OSError:
        return None


def _answer(asked: subprocess.Popen[str] | None) -> str:
    if asked is None:
        return ""
    began = time.perf_counter()
    try:
        return asked.communicate(timeout=PATIENCE)[0] if asked.stdout and not asked.stdout.closed else ""
    except (subprocess.TimeoutExpired, OSError, UnicodeDecodeError):
        with contextlib.suppress(OSError):
            asked.kill()
            asked.wait(max(0.0, PATIENCE - (time.perf_counter() - began)) + 0.05)
        return ""


def _kde_is_dark() -> bool:
    folder = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    try:
        with open(os.path.join(folder, "kdeglobals"), encoding="utf-8", errors="replace") as stream:
            return re.search(r"^ColorScheme=.*dark", stream.read(), re.MULTILINE | re.IGNORECASE) is not None
    except OSError:
        return False


def _windows_is_dark() -> bool:
    with contextlib.suppress(OSError, ImportError):
        import winreg

        place = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:  # type: ignore[attr-defined,unused-ignore]
            value = winreg.QueryValueEx(key, "AppsUseLightTheme")[0]  # type: ignore[attr-defined,unused-ignore]
            return bool(value == 0)
    return False
