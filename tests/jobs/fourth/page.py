"""The page *Gather*: two folders are typed, a press scans, another one copies."""

from __future__ import annotations

import tkinter

import ttkbootstrap as ttk

from image_sync.base.events import Event, Finished
from image_sync.base.model import Plan, RunResult
from image_sync.gui.pages.page import Desk, Page
from image_sync.jobs import registry
from tests.jobs.fourth.job import NAME, GatherRequest, GatherReview


class GatherPage(Page):
    def __init__(self, master: tkinter.Misc, desk: Desk) -> None:
        super().__init__(master, desk)
        self.folder, self.output, self.said = ttk.Entry(self), ttk.Entry(self), ttk.Label(self)
        self.look = ttk.Button(self, text="Look", command=self._look)
        self.copy = ttk.Button(self, text="Copy", command=self._copy)
        for part in (self.folder, self.output, self.look, self.copy, self.said):
            part.pack()
        self.plan = Plan(NAME, {}, ())

    def handle(self, event: Event) -> None:
        if isinstance(event, Finished) and isinstance(event.result, GatherReview):
            self.plan = event.result.plan
            self.said.configure(text=f"{len(self.plan.operations)} would be copied")
        elif isinstance(event, Finished) and isinstance(event.result, RunResult):
            self.said.configure(text=f"{event.result.done} copied")

    def _look(self) -> None:
        job = registry.make(NAME, GatherRequest(self.folder.get(), self.output.get()))
        self.desk.engine_link.start(self, lambda engine: engine.start(job))

    def _copy(self) -> None:
        self.desk.engine_link.start(self, lambda engine: engine.apply(self.plan))


PAGE = GatherPage
