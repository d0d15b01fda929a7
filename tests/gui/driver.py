"""A hand on the real window: mouse and keys through the X server, waiting by pumping Tk, pictures of what is seen.

Keys and clicks go through xdotool, so they take the way that a user's take.  Nothing waits for a fixed time: every
wait has a condition, and says what it waited for when it gives up.
"""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import time
import tkinter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import ttkbootstrap as ttk

from image_sync.gui.app.window import Window
from image_sync.gui.job.port import Port
from image_sync.gui.organize.page import OrganizePage
from image_sync.gui.pages.history_page import HistoryPage
from image_sync.gui.pages.problems_page import ProblemsPage
from image_sync.gui.pages.registry import page_specs
from image_sync.gui.pages.settings_page import SettingsPage
from image_sync.gui.preference_store import PreferenceStore
from image_sync.gui.widgets import theme
from image_sync.gui.widgets.table import Table
from image_sync.inventory.thumbnail import decode

ARTEFACTS = Path(__file__).resolve().parents[2] / "test-artefacts"
PATIENCE = float(os.environ.get("PATIENCE", "40"))
GEOMETRY = "1180x780+20+20"


class Driver:
    """One window on the session's root.  ``errors`` are exceptions of callbacks; a test that leaves any has failed."""

    def __init__(
        self,
        root: theme.Root,
        port: Port,
        *,
        started: bool = True,
        geometry: str = GEOMETRY,
        view: str = "table",
        greeted: bool = True,
    ) -> None:
        self.root = root
        self.errors: list[BaseException] = []
        self.closed = self._finished = False
        memory = PreferenceStore()
        memory.preferences = replace(memory.preferences, view=view, greeted=greeted)
        self.window = Window(
            root, page_specs(), port, memory, decode, dark=lambda: False, closed=self._on_close
        )  # fmt: skip
        self._said = self.window.report
        root.report_callback_exception = self._report
        root.geometry(geometry)
        root.deiconify()
        root.lift()
        self.until(lambda: bool(root.winfo_viewable()), "the window to be shown")
        self.until(lambda: root.winfo_width() == int(geometry.split("x")[0]), "the window to have its size")
        root.focus_force()
        self.until(lambda: root.focus_displayof() is not None, "the window to have the keyboard")
        if started:
            self.window.started()

    # --- pages ---

    @property
    def organize(self) -> OrganizePage:
        page = self.window.pages["organize"]
        assert isinstance(page, OrganizePage)
        return page

    @property
    def history(self) -> HistoryPage:
        page = self.window.pages["history"]
        assert isinstance(page, HistoryPage)
        return page

    @property
    def problems(self) -> ProblemsPage:
        page = self.window.pages["problems"]
        assert isinstance(page, ProblemsPage)
        return page

    @property
    def settings(self) -> SettingsPage:
        page = self.window.pages["settings"]
        assert isinstance(page, SettingsPage)
        return page

    def go_to(self, key: str) -> None:
        """Press a page's button in the rail."""
        self.click(self.window.rail.buttons[key])
        self.until(lambda: self.window.front == key, f"the page {key}")
        self.settle()

    def go_to_while_busy(self, key: str) -> None:
        """The same while something is still asked in the background."""
        self.click(self.window.rail.buttons[key])
        self.until(lambda: self.window.front == key, f"the page {key}")

    # --- waiting ---

    def until(self, condition: Callable[[], bool], what: str = "it") -> None:
        """Let the window live until ``condition`` holds."""
        end = time.monotonic() + PATIENCE
        while True:
            self.root.update()
            if self.errors:
                raise AssertionError("a callback failed") from self.errors[0]
            if condition():
                return
            if time.monotonic() > end:
                self.screenshot("gave-up")
                raise AssertionError(f"waited {PATIENCE:.0f} s for {what}")
            time.sleep(0.004)

    def until_stopped(self) -> None:
        """Let the window live until the stop that was asked for is seen; a quick one is over before anyone looks."""
        engine_link = self.window.desk.engine_link
        self.until(lambda: engine_link.stopping or not engine_link.busy, "the stop")

    def settle(self) -> None:
        """Let the window live until nothing is asked in the background and all is drawn."""
        desk = self.window.desk
        self.until(lambda: not self.organize.model.typing, "what was typed to be looked at")
        self.until(lambda: desk.background.idle and desk.counter.idle, "the background to be idle")
        self.root.update()

    # --- hands ---

    def click(self, widget: tkinter.Misc, times: int = 1) -> None:
        """Press the middle of a widget."""
        self.root.update()
        assert widget.winfo_viewable(), f"{widget} is not to be seen"
        self.click_at(widget, widget.winfo_width() // 2, widget.winfo_height() // 2, times)

    def click_at(self, widget: tkinter.Misc, x: int, y: int, times: int = 1) -> None:
        """Press a place inside a widget."""
        self._xdotool("mousemove", str(widget.winfo_rootx() + x), str(widget.winfo_rooty() + y))
        self._xdotool("click", "--repeat", str(times), "--delay", "40", "1")

    def click_row(self, table: Table, key: str) -> None:
        """Press a row of a table."""
        table.view.see(key)
        self.root.update()
        x, y, width, height = table.view.bbox(key)
        self.click_at(table.view, x + min(width // 2, 120), y + height // 2)
        self.until(lambda: key in table.selected, f"the row {key} to be selected")

    def keys(self, *names: str) -> None:
        """Press keys by their X names, such as ``ctrl+Return``."""
        for name in names:
            self._xdotool("key", "--clearmodifiers", name)

    def type_into(self, widget: tkinter.Entry, text: str) -> None:
        """Replace what stands in a field by typing."""
        self.click_at(widget, 20, widget.winfo_height() // 2)
        self.until(lambda: self.root.focus_get() is widget, "the field to have the keyboard")
        self.keys("ctrl+a")
        self._xdotool("type", "--delay", "1", "--", text)
        self.until(lambda: widget.get() == text, f"{text!r} to be typed (there is {widget.get()!r})")

    def choose(self, box: ttk.Combobox, index: int) -> None:
        """Take an entry of a list of choices by the keyboard."""
        wanted = box.cget("values")[index]
        popdown = str(box.tk.call("ttk::combobox::PopdownWindow", str(box))) + ".f.l"
        box.focus_force()
        self.until(lambda: str(box.tk.call("focus")) == str(box), "the choices to have the keyboard")
        self.keys("Down")
        self.until(lambda: str(box.tk.call("focus")) == popdown, "the list of choices to be open")
        self.keys("ctrl+Home", *["Down"] * index, "Return")
        self.until(lambda: box.get() == wanted, f"{wanted!r} to be chosen")

    def screenshot(self, name: str) -> None:
        """Keep a picture of the screen among the test's artefacts, where ImageMagick is at hand."""
        if shutil.which("import") is None:
            return
        self.root.update()
        ARTEFACTS.mkdir(exist_ok=True)
        subprocess.run(["import", "-window", "root", str(ARTEFACTS / f"{name}.png")], check=False, capture_output=True)

    # --- what is seen ---

    @property
    def dialog(self) -> tkinter.Toplevel | None:
        """The open dialog."""
        from image_sync.gui.widgets.dialogs import Dialog

        found = [child for child in self.root.winfo_children() if isinstance(child, Dialog)]
        return next((child for child in found if child.winfo_viewable()), None)

    def wait_for_dialog(self):  # type: ignore[no-untyped-def]
        """The dialog, once it is open and has the keyboard."""
        self.until(lambda: self.dialog is not None, "a dialog")
        dialog = self.dialog
        self.until(lambda: self.root.focus_get() in tuple(dialog.buttons.values()), "the dialog to have the keyboard")  # type: ignore[union-attr]
        return dialog

    def texts(self, widget: tkinter.Misc | None = None) -> str:
        """All that can be read in a widget and what is in it, line by line."""
        widget = widget or self.root
        lines = []
        if widget.winfo_ismapped() and "text" in widget.keys():  # noqa: SIM118 - a widget is no mapping
            lines.append(str(widget.cget("text")))
        lines += [self.texts(child) for child in widget.winfo_children()]
        return "\n".join(line for line in lines if line)

    def until_reads(self, words: str, widget: tkinter.Misc | None = None) -> None:
        """Wait until ``words`` can be read in a widget."""
        try:
            self.until(lambda: words in self.texts(widget), f"{words!r} to be read")
        except AssertionError as error:
            raise AssertionError(f"{error}; what can be read is:\n{self.texts(widget)}") from error

    # --- the end ---

    def finish(self) -> None:
        """Take the window down; the root stays for the next window."""
        if self._finished:
            return
        self._finished = True
        if not self.closed:
            self.window.desk.engine_link.stop()
            self.until(lambda: not self.window.desk.engine_link.busy, "the job to end")
            self.window.close()
        self.root.update()
        for child in self.root.winfo_children():
            child.destroy()
        # What Tk made goes here, and not on a thread of a later test.
        gc.collect()
        # A window that nobody serves between two tests would keep the keyboard from another program's.
        self.root.withdraw()
        self.root.update()
        assert not self.errors, self.errors

    def _on_close(self) -> None:
        self.closed = True

    def _report(self, kind: type[BaseException], error: BaseException, trace: object) -> None:
        self.errors.append(error)
        self._said(kind, error, trace)

    def _xdotool(self, *command: str) -> None:
        """Send it while the window goes on living, as it does under a user's hands."""
        process = subprocess.Popen(["xdotool", *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.until(lambda: process.poll() is not None, f"xdotool {' '.join(command)}")
        said = process.communicate()[0]
        assert process.returncode == 0, f"xdotool {' '.join(command)}: {said.decode(errors='replace')}"
        self.root.update()
