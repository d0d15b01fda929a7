"""Page of the window, and what it gets from the window.

A page is one file: a ``PageSpec`` with its place in the rail, and a ``Page`` that draws one view model.  Pages know
each other by name only (``desk.show("problems")``).
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ttkbootstrap as ttk

from image_sync.gui.app.keys import Command
from image_sync.gui.job.engine_link import EngineLink
from image_sync.gui.job.port import Port
from image_sync.gui.job.problems_model import ProblemsModel
from image_sync.gui.pages.history_model import HistoryModel
from image_sync.gui.preference_store import PreferenceStore
from image_sync.gui.widgets.background import Background
from image_sync.gui.widgets.thumbnails import ThumbnailLoader

WELCOME = "welcome"
"""The key of the page of the first start."""


@dataclass(slots=True)
class Desk:
    """Desk that all pages share.  ``background`` answers in order, ``counter`` may take its time."""

    engine_link: EngineLink
    port: Port
    background: Background
    counter: Background
    thumbnails: ThumbnailLoader
    memory: PreferenceStore
    problems: ProblemsModel
    history: HistoryModel
    show: Callable[[str], None]
    say: Callable[[str], None]
    """Show one sentence at the foot of the window."""
    appearance_changed: Callable[[], None]
    accept_drops: Callable[[Page], None]
    """Let folders be dropped on what a page has now."""


class Page(ttk.Frame):
    """A page; what a page has no use for stays as it is here."""

    pressed = ""
    """Tk's name of the key that asked for what is performed."""

    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master)
        self.desk = desk

    def entered(self) -> None:
        """The page came to the front."""

    def tick(self) -> None:
        """The window's timer went; anything quick that waits for other threads belongs here."""

    def perform(self, command: Command) -> bool:  # noqa: ARG002 - pages that have a use for it do
        """Do what a key asked for; ``False`` when it means nothing here."""
        return False

    def leaving(self) -> None:
        """The window closes for good."""

    @property
    def drop_targets(self) -> dict[tkinter.Misc, Callable[[Sequence[str]], None]]:
        """Widgets that take what is dropped, each with what is done with its paths."""
        return {}

    @property
    def title(self) -> str:
        """Words of the title bar of this page's running job; empty when none runs."""
        return ""

    @property
    def news(self) -> str:
        """Words for the job of this page that just ended."""
        return ""

    @property
    def work(self) -> str:
        """Work that closing the window now would stop, in words; empty when nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page's place in the rail: ``key`` names it, ``icon`` is a Bootstrap Icons glyph; ``job`` pages stand on top.

    What is not ``in_rail`` is shown when it is asked for by its name.
    """

    key: str
    title: str
    icon: str
    job: bool
    build: Callable[[tkinter.Misc, Desk], Page]
    in_rail: bool = True
