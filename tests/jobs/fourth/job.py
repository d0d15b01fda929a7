"""The job *gather*: copies all text files of a folder to an output."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from image_sync.base import paths
from image_sync.base.events import Stage
from image_sync.base.model import Action, FileRecord, Operation, Plan, Problem, Refused
from image_sync.inventory.context import RunContext
from image_sync.inventory.scan import Filter, scan
from image_sync.jobs.job import Job

NAME = "gather"


@dataclass(frozen=True, slots=True)
class GatherRequest:
    folder: str
    output: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class GatherReview:
    request: GatherRequest
    files: tuple[FileRecord, ...]
    plan: Plan
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    partial: float = 1.0


class GatherJob(Job[GatherRequest, GatherReview]):
    name = NAME
    review_type = GatherReview
    stages = 2

    def __init__(self, request: GatherRequest) -> None:
        self.request = request

    @staticmethod
    def check(request: GatherRequest) -> dict[str, str]:
        wrong = {}
        if not os.path.isdir(request.folder):
            wrong["folder"] = f"There is no folder {paths.display(request.folder)}"
        if not request.output:
            wrong["output"] = "Choose a folder for the result"
        return wrong

    def scan(self, context: RunContext) -> GatherReview:
        context.reporter.stage(Stage.SCAN)
        listing = scan(self.request.folder, Filter(litter=True), control=context.control)
        context.notes.say("Only text files are looked at.")
        context.reporter.stage(Stage.PLAN)
        texts = tuple(record for record in listing.files if record.name.endswith(".txt"))
        bare = GatherReview(self.request, texts, Plan(NAME, {}, ()), listing.problems, context.notes.texts)
        return self.replan(bare, self.request)

    def replan(self, review: GatherReview, request: GatherRequest, choices: object = None) -> GatherReview:
        """``choices`` are the paths of files that are left out."""
        if request.folder != review.request.folder:
            raise Refused("Another folder needs another scan.")
        left_out = choices if isinstance(choices, frozenset) else frozenset()
        operations = tuple(
            Operation(
                Action.COPY,
                record.path,
                paths.join(request.output, request.prefix + record.name),
                "a text file",
                record.stamp,
            )
            for record in review.files
            if record.path not in left_out
        )
        roots = {"folder": request.folder, "output": request.output}
        return replace(review, request=request, plan=Plan(NAME, roots, operations, review.notes, review.problems))


JOB = GatherJob
