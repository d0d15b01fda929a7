"""The machine's copy of the report: one versioned JSON document for each command.

The document is pure ASCII: every other character is an escape of JSON, so it passes any pipe and any encoding.  A byte
of a name that is no text is the escape ``\\udcXX`` (XX the byte in hexadecimal, 80 to ff), which is what Python's
``surrogateescape`` makes of it: ``os.fsencode(json.loads(…))`` gives the very name back.  Times are ISO 8601 with the
zone's offset, sizes are bytes, paths are absolute.

``VERSION`` grows when a key goes or changes its meaning; keys may be added without that.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from enum import Enum
from typing import Any, TextIO

from image_sync import OrganizeReview, __version__, certainty_of
from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.model import ExitCode, Plan, Problem, Refused, RunResult, RunSummary
from image_sync.base.own_files import TEMPORARY_PREFIX
from image_sync.base.said import document as said_document
from image_sync.cli.saved.plan_document import plan_json

VERSION = 1
STANDARD_OUTPUT = "-"
_OURS = re.compile(rb'\{\s*"version":\s*\d+,\s*"program":\s*"image-sync')

Json = Mapping[str, Any]


@dataclass
class Record:
    """Record of a command so far; turned into the document when it ends, however it ends."""

    job: str
    dry_run: bool = False
    request: Json | None = None
    plan: Plan | None = None
    groups: Sequence[Json] = ()
    files: Sequence[Json] = ()
    runs: Sequence[RunSummary] = ()
    presets: Sequence[Json] = ()
    result: RunResult | None = None
    problems: dict[Problem, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    failure: str = ""
    stopped: bool = False
    to_do: bool = False
    """Whether a dry run found anything to do."""
    started: datetime = field(default_factory=lambda: datetime.now(timezone.utc).astimezone())

    def add_problems(self, found: Sequence[Problem]) -> None:
        """Add what is not known yet, in the order it was met."""
        self.problems.update(dict.fromkeys(found))

    def add_notes(self, texts: Sequence[str]) -> None:
        """Add what was not said yet."""
        self.notes.update(dict.fromkeys(texts))

    def document(self, code: ExitCode) -> dict[str, Any]:
        """The whole document."""
        return {
            "version": VERSION,
            "program": f"image-sync {__version__}",
            "job": self.job,
            "started": self.started.isoformat(timespec="seconds"),
            "dry_run": self.dry_run,
            "request": self.request,
            "plan": None if self.plan is None else plan_json(self.plan),
            "groups": list(self.groups),
            "files": list(self.files),
            "runs": [_summary(run) for run in self.runs],
            "presets": list(self.presets),
            "result": None if self.result is None else result_json(self.result),
            "problems": [asdict(problem) for problem in self.problems],
            "notes": list(self.notes),
            "failure": self.failure,
            "stopped": self.stopped,
            "exit_code": code.value,
        }


def chosen(request: Any) -> Json:
    """A request's fields (it is a dataclass), enums by their values."""
    return {name: _plain(value) for name, value in asdict(request).items()}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def groups(review: OrganizeReview) -> list[Json]:
    """The groups of a review, the best member of each first."""
    return [
        {
            "context": group.context,
            "why_best": group.why_best,
            "why_best_code": said_document(group.why_best),
            "members": [
                {
                    "path": review.pictures[member.picture].record.path,
                    "sameness": member.sameness.value,
                    "score": round(member.score, 6),
                    "certainty": certainty_of(member.sameness, member.score).value,
                    "turn": member.turn,
                    "size": review.pictures[member.picture].record.size,
                    "width": review.pictures[member.picture].fingerprint.width or None,
                    "height": review.pictures[member.picture].fingerprint.height or None,
                    "digest": review.pictures[member.picture].digest,
                    "reference": review.pictures[member.picture].reference,
                    "companions": [record.path for record in review.pictures[member.picture].companions],
                }
                for member in group.members
            ],
        }
        for group in review.groups
    ]


def result_json(result: RunResult) -> Json:
    """Result of a run, for the document and the events."""
    return {
        "run": result.run,
        "state": result.state.value,
        "total": result.total,
        "done": result.done,
        "size": result.size,
        "seconds": round(result.seconds, 3),
    }


def _summary(run: RunSummary) -> Json:
    return {
        "run": run.run,
        "job": run.job,
        "started": run.started,
        "state": run.state.value,
        "total": run.total,
        "done": run.done,
        "size": run.size,
        "roots": dict(run.roots),
        "problems": run.problems,
    }


# --- writing ----------------------------------------------------------------------------------------------------------


def encoded(document: Json) -> Iterator[str]:
    """The document as text: a line for each entry of a list, so that it can be read, searched and compared."""
    yield from _object(document, "")
    yield "\n"


def _object(value: Json, indent: str) -> Iterator[str]:
    yield "{"
    for number, (key, entry) in enumerate(value.items()):
        yield f"{',' if number else ''}\n{indent} {json.dumps(key)}: "
        if isinstance(entry, list) and entry:
            yield from _list(entry, indent + " ")
        elif isinstance(entry, dict) and any(isinstance(part, list | dict) for part in entry.values()):
            yield from _object(entry, indent + " ")
        else:
            yield json.dumps(entry)
    yield f"\n{indent}}}"


def _list(entries: list[Any], indent: str) -> Iterator[str]:
    yield "["
    for number, entry in enumerate(entries):
        yield f"{',' if number else ''}\n{indent} {json.dumps(entry)}"
    yield f"\n{indent}]"


class Target:
    """Target of the document: nowhere, the standard output, or a file that appears whole or not at all."""

    def __init__(self, place: str, output: TextIO) -> None:
        self.place, self._output = place, output

    def __str__(self) -> str:
        return "the standard output" if self.place == STANDARD_OUTPUT else paths.display(self.place)

    def check(self) -> None:
        """Raise ``Refused`` when the document could not be written; the place is as before.

        A file that is something else than an earlier document is never written over.
        """
        if self.place in ("", STANDARD_OUTPUT):
            return
        try:
            if not self._in_place():
                self._refuse_foreign()
                handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=TEMPORARY_PREFIX, suffix=".tmp")
                os.close(handle)
                os.unlink(temporary)
        except FileNotFoundError as error:
            folder = paths.display(self._folder)
            raise Refused(f"The JSON report can't be written to {self}: there is no folder {folder}") from error
        except OSError as error:
            raise Refused(f"The JSON report can't be written to {self}: {reason(error)}") from error

    def write(self, document: Json) -> None:
        """Write the document; raises ``OSError`` when that fails after all."""
        if self.place == STANDARD_OUTPUT:
            self._output.writelines(encoded(document))
            self._output.flush()
        elif self.place and self._in_place():
            with open(self.place, "w", encoding="ascii") as stream:
                stream.writelines(encoded(document))
        elif self.place:
            self._publish(document)

    @property
    def _folder(self) -> str:
        return os.path.dirname(os.path.realpath(self.place))

    def _in_place(self) -> bool:
        """Whether something that is no regular file stands there: a pipe, a terminal, ``/dev/null``."""
        try:
            mode = os.stat(self.place).st_mode
        except FileNotFoundError:
            return False
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(0, "that is a folder")
        return not stat.S_ISREG(mode)

    def _refuse_foreign(self) -> None:
        with contextlib.suppress(FileNotFoundError), open(self.place, "rb") as stream:
            start = stream.read(200)
            if start.strip() and not _OURS.match(start):
                raise FileExistsError(0, "another file stands there, and it is no report of this program")

    def _publish(self, document: Json) -> None:
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=TEMPORARY_PREFIX, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                stream.writelines(encoded(document))
                stream.flush()
                os.fsync(stream.fileno())
            _open_to_others(temporary)
            os.replace(temporary, os.path.realpath(self.place))
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def _open_to_others(path: str) -> None:
    """Give a file that ``mkstemp`` made the permissions that any new file of the user has."""
    if os.name == "nt":
        return
    mask = os.umask(0o022)
    os.umask(mask)
    os.chmod(path, 0o666 & ~mask)
