"""The page of a report: one HTML file with style, script, data and pictures in it, written whole or not at all.

All that comes from names is data (JSON, in which nothing of HTML can begin or end) and is shown as text by the script;
the page's own policy forbids it to load anything from anywhere.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from typing import Any

from image_sync import __version__
from image_sync.base import paths
from image_sync.base.errors import reason
from image_sync.base.model import Problem, Refused, RunResult
from image_sync.base.whole_file import write_whole
from image_sync.jobs.job import Review
from image_sync.reports.contents import Contents, contents
from image_sync.reports.thumbs import Sheets, sheets

MARK = "<!-- A report of Image Sync -->"
_START = f"<!DOCTYPE html>\n{MARK}\n"
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_TEMPLATES = ("report.css", "report.js")


def check_place(place: str) -> None:
    """Raise ``Refused`` when a report can't be written there, or would take the place of another file."""
    shown, folder = paths.display(place), os.path.dirname(os.path.realpath(place))
    try:
        if os.path.isdir(place):
            raise IsADirectoryError(0, "that is a folder")
        if not os.path.isdir(folder):
            raise FileNotFoundError(0, f"there is no folder {paths.display(folder)}")
        with contextlib.suppress(FileNotFoundError), open(place, "rb") as stream:
            start = stream.read(len(_START)).decode("utf-8", "replace")
            if start and start != _START:
                raise FileExistsError(0, "another file stands there, and it is no report of this program")
        if not os.access(folder, os.W_OK):
            raise PermissionError(0, "no permission to write in its folder")
    except OSError as error:
        raise Refused(f"The report can't be written to {shown}: {reason(error)}") from error


def _nothing() -> None:
    """No stop."""


def write_report(
    review: Review[object],
    place: str,
    result: RunResult | None = None,
    problems: tuple[Problem, ...] = (),
    checkpoint: Callable[[], None] = _nothing,
) -> None:
    """Write the report of a review, and of its run where there was one.  Raises ``Refused``."""
    check_place(place)
    text = page(contents(review, result, problems), checkpoint)
    try:
        write_whole(place, text.encode("utf-8"))
    except OSError as error:
        raise Refused(f"The report can't be written to {paths.display(place)}: {reason(error)}") from error


def page(found: Contents, checkpoint: Callable[[], None] = _nothing) -> str:
    """The whole page."""
    made = sheets([section.rows for section in found.sections], checkpoint)
    style, script = ((files("image_sync.reports") / name).read_text(encoding="utf-8") for name in _TEMPLATES)
    return f"""{_START}<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width">
<title>Image Sync: {_html(found.title)}</title>
<style>{style}</style></head><body>
<noscript>This report needs JavaScript to be shown; it loads nothing from anywhere.</noscript>
<main id="report"></main>
<script type="application/json" id="data">{_json(_data(found, made))}</script>
<script>{script}</script>
</body></html>
"""


def _data(found: Contents, made: Sheets) -> dict[str, Any]:
    """Data of the page; texts that come again stand once."""
    texts: dict[str, int] = {}

    def text(words: str) -> int:
        return texts.setdefault(words, len(texts))

    numbers = iter(made.places)
    sections = [
        [
            section.title,
            text(section.note),
            [
                [row.name, text(row.folder), row.size, text(row.facts), text(row.fate), next(numbers)]
                for row in section.rows
            ],
        ]
        for section in found.sections
    ]
    return {
        "title": found.title,
        "program": f"Image Sync {__version__}",
        "made": datetime.now().astimezone().isoformat(timespec="seconds"),
        "lines": list(found.lines),
        "notes": list(found.notes),
        "problems": list(found.problems),
        "sections": sections,
        "texts": list(texts),
        "sheets": list(made.data),
        "box": made.box,
        "columns": made.columns,
        "perSheet": made.per_sheet,
    }


def _json(data: dict[str, Any]) -> str:
    """JSON in which nothing of HTML can begin, and no line of JavaScript ends."""
    written = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
