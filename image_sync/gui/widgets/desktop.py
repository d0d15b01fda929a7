"""The desktop's own programs: choose a folder, open a picture, show it in the file manager.

Every function may take long (a dialog stays open for minutes): call them in the background.  No tkinter.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from image_sync.gui.widgets.i18n import _


class NoDialog(Exception):
    """The desktop has no dialog of its own for choosing a folder; Tk's must do."""


def choose_folder(title: str, start: str) -> str | None:
    """Let the user choose a folder with kdialog or zenity; ``None`` when they chose none.

    Raises ``NoDialog`` where neither is there (and on Windows and macOS, whose own dialog Tk shows).
    """
    return _answered(_folder_dialogs(title, start)) or None


def choose_files(title: str, start: str, suffixes: Sequence[str], several: bool = True) -> tuple[str, ...]:
    """Let the user choose one file or several whose names end in one of ``suffixes``; none when they chose none.

    Raises ``NoDialog`` as ``choose_folder`` does.
    """
    return tuple(path for path in _answered(_file_dialogs(title, start, suffixes, several)).split("\n") if path)


def choose_new_file(title: str, start: str) -> str | None:
    """Let the user choose where a file is written, ``start`` being offered; ``None`` when they chose nothing.

    Raises ``NoDialog`` as ``choose_folder`` does.
    """
    return _answered(_new_file_dialogs(title, start)) or None


def _answered(commands: list[list[str]]) -> str:
    """Answer of the first dialog that works; empty when the user thought better of it."""
    for command in commands:
        try:
            answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        except OSError:
            continue
        if answer.returncode == 0:
            return os.fsdecode(answer.stdout.removesuffix(b"\n"))
        if answer.returncode == 1:
            return ""
    raise NoDialog


def _folder_dialogs(title: str, start: str) -> list[list[str]]:
    if sys.platform in ("win32", "darwin"):
        return []
    kdialog = ["kdialog", "--title", title, "--getexistingdirectory", start]
    zenity = ["zenity", "--file-selection", "--directory", f"--title={title}", f"--filename={os.path.join(start, '')}"]
    return [command for command in (kdialog, zenity) if shutil.which(command[0])]


def _file_dialogs(title: str, start: str, suffixes: Sequence[str], several: bool) -> list[list[str]]:
    if sys.platform in ("win32", "darwin"):
        return []
    patterns = " ".join(f"*{suffix}" for suffix in suffixes)
    many = ["--multiple", "--separate-output"] if several else []
    kdialog = ["kdialog", "--title", title, *many, "--getopenfilename", start, patterns]
    many = ["--multiple", "--separator=\n"] if several else []
    zenity = ["zenity", "--file-selection", *many, f"--title={title}"]
    zenity += [f"--filename={os.path.join(start, '')}", f"--file-filter={patterns}"]
    return [command for command in (kdialog, zenity) if shutil.which(command[0])]


def _new_file_dialogs(title: str, start: str) -> list[list[str]]:
    if sys.platform in ("win32", "darwin"):
        return []
    kdialog = ["kdialog", "--title", title, "--getsavefilename", start]
    zenity = ["zenity", "--file-selection", "--save", "--confirm-overwrite", f"--title={title}", f"--filename={start}"]
    return [command for command in (kdialog, zenity) if shutil.which(command[0])]


def open_file(path: str) -> None:
    """Open ``path`` with the program that the desktop has for it; raises ``OSError`` with words."""
    if not os.path.exists(path):
        raise FileNotFoundError(_("the file is no longer there"))
    if sys.platform == "win32":
        os.startfile(path)
    elif sys.platform == "darwin":
        _run(["open", path])
    else:
        _run(["xdg-open", path])


def reveal(path: str) -> None:
    """Show ``path`` (or only its folder) in the file manager; raises ``OSError`` with words."""
    if not os.path.lexists(path):
        folder = os.path.dirname(path)
        if not os.path.isdir(folder):
            raise FileNotFoundError(_("the folder is no longer there"))
        path = folder
    if sys.platform == "win32":
        subprocess.run(["explorer", f"/select,{path}"], check=False)
    elif sys.platform == "darwin":
        _run(["open", "-R", path])
    elif not _show_items(path):
        _run(["xdg-open", path if os.path.isdir(path) else os.path.dirname(path)])


def _show_items(path: str) -> bool:
    """Ask the file manager on the session bus to select ``path``; whether it did."""
    if shutil.which("dbus-send") is None or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return False
    # A comma would end the array's element in dbus-send's notation, so it is quoted too.
    address = "file://" + quote(os.fsencode(Path(path)), safe="/")
    command = [
        "dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.FileManager1",
        "/org/freedesktop/FileManager1", "org.freedesktop.FileManager1.ShowItems", f"array:string:{address}", "string:",
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, check=False, timeout=10).returncode == 0


def _run(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(_("{program} is not installed").format(program=command[0]))
    answer = subprocess.run(command, capture_output=True, check=False)
    if answer.returncode != 0:
        words = os.fsdecode(answer.stderr).strip() or _("{program} could not").format(program=command[0])
        raise OSError(words)
