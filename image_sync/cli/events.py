"""Events of a command as JSON lines, for a program that follows it: one object on each line, written as it happens.

Each has ``event`` (what it is) and ``at`` (ISO 8601 with the zone's offset); what else stands in it is in
``docs/schemas/events-1.schema.json``.  The lines are pure ASCII, as the document is.  A reader that goes away ends the
lines and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timezone
from typing import Any, TextIO

from image_sync import __version__
from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.events import Event, Note, ProblemFound, Progress, StageBegan
from image_sync.base.model import Plan, Refused, RunResult
from image_sync.cli.document import STANDARD_OUTPUT, result_json

VERSION = 1
"""Number of the form of the lines; it grows when a key goes or changes its meaning."""
_OURS = b'{"event": "'


class EventLines:
    """Lines of one command: nowhere, on the standard output, or in a file (a pipe, a device)."""

    def __init__(self, place: str = "", output: TextIO | None = None) -> None:
        self.place = place
        self._output = output
        self._stream: TextIO | None = None

    def open(self) -> None:
        """Begin; raises ``Refused`` where the lines can't be written, or would take the place of another file."""
        if self.place == STANDARD_OUTPUT:
            self._stream = self._output
        elif self.place:
            try:
                self._refuse_foreign()
                self._stream = open(self.place, "w", encoding="ascii")  # noqa: SIM115 - closed when the command ends
            except OSError as error:
                raise Refused(f"The events can't be written to {paths.display(self.place)}: {reason(error)}") from error

    def _refuse_foreign(self) -> None:
        if not os.path.exists(self.place) or not stat.S_ISREG(os.stat(self.place).st_mode):
            return
        with open(self.place, "rb") as stream:
            start = stream.read(len(_OURS))
        if start and start != _OURS:
            raise FileExistsError(0, "another file stands there, and it holds no events of this program")

    def close(self) -> None:
        """End; what stands on the standard output stays open."""
        if self._stream is not None and self._stream is not self._output:
            with contextlib.suppress(OSError):
                self._stream.close()
        self._stream = None

    # --- what happens ---

    def began(self, command: str, dry_run: bool) -> None:
        """The command begins."""
        self._write("began", version=VERSION, program=f"image-sync {__version__}", command=command, dry_run=dry_run)

    def take(self, event: Event) -> None:
        """An event of the engine; its end is no line, since a command may have more than one."""
        if isinstance(event, StageBegan):
            stage = event.stage
            self._write("stage", stage=_word(stage.name), number=event.number, of=event.of, total=event.total)
        elif isinstance(event, Progress):
            self._write("progress", **{**asdict(event), "stage": _word(event.stage.name), "rate": round(event.rate, 3)})
        elif isinstance(event, ProblemFound):
            self._write("problem", **asdict(event.problem))
        elif isinstance(event, Note):
            self._write("note", text=event.text)

    def planned(self, plan: Plan) -> None:
        """There is a plan."""
        counts = {action.value: number for action, number in plan.counts().items()}
        self._write("planned", operations=len(plan.operations), size=plan.size, counts=counts, roots=dict(plan.roots))

    def result(self, result: RunResult) -> None:
        """Files were changed."""
        self._write("result", **result_json(result))

    def ended(self, code: int, problems: int, failure: str, *, stopped: bool) -> None:
        """The command has ended."""
        self._write("ended", exit_code=code, problems=problems, failure=failure, stopped=stopped)

    def _write(self, event: str, **fields: Any) -> None:
        if self._stream is None:
            return
        line: Mapping[str, Any] = {"event": event, "at": _now(), **fields}
        try:
            self._stream.write(json.dumps(line) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._stream = None


def _word(name: str) -> str:
    return name.lower()


def _now() -> str:
    return datetime.now(timezone.utc).astimezone().isoformat(timespec="milliseconds")
