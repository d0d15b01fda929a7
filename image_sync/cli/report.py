"""Plans, problems, results and the history as lines of text that read well at 80 columns.

Pure: values in, lines out.  Nothing here prints, asks or looks at a disk.  Every name goes through ``paths.display``,
and a path stands last on its line, so that neither a newline in it nor its length puts anything out of place.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from image_sync import job_title
from image_sync.base import paths, words
from image_sync.base.model import Action, Operation, Plan, Problem, RunResult, RunState, RunSummary
from image_sync.cli.terminal import Style

if TYPE_CHECKING:
    from image_sync import ActionRow, Outlook

WIDTH = 80
MOST_OPERATIONS = 30
MOST_PROBLEMS = 20
MOST_RUNS = 20
MOST_PLACES = 12

_HISTORY = ("Run", "Started", "Job", "State", "Changes", "Size", "")


@dataclass(frozen=True, slots=True)
class Detail:
    """Detail of the lines: ``verbose`` cuts no list, ``style`` gives emphasis."""

    verbose: bool = False
    style: Style = field(default_factory=Style)


# --- any plan ---------------------------------------------------------------------------------------------------------


def heading(text: str, detail: Detail) -> Iterator[str]:
    """An empty line and a heading."""
    yield ""
    yield detail.style.bold(text)


def title(text: str, roots: Mapping[str, str], detail: Detail) -> Iterator[str]:
    """The job and the folders it is about."""
    yield detail.style.bold(text)
    yield from _roots(roots, "  ")


def question(plan: Plan) -> str:
    """``Move 413 files (2.1 GiB)?``: all that applying would do, in one sentence."""
    return f"{done_in_words(plan).capitalize()} ({words.size(plan.size)})?"


def done_in_words(plan: Plan) -> str:
    """``move 413 files and copy 2 files``; folders are named only where there is nothing else."""
    counts = plan.counts()
    files = {action: number for action, number in counts.items() if not _row_of(action).on_folders}
    phrases = ((_row_of(action).words.phrase, _counted(action, number)) for action, number in (files or counts).items())
    return words.listing([phrase.format(counted) for phrase, counted in phrases])


def _row_of(action: Action) -> ActionRow:
    """The row of an action: it is there when there is a plan to be shown, and what comes before does without it."""
    from image_sync import ACTIONS

    return ACTIONS[action]


def _verb(action: Action) -> str:
    return _row_of(action).words.phrase.replace(" {}", "")


def _counted(action: Action, number: int) -> str:
    return words.count(number, "folder" if _row_of(action).on_folders else "file")


def actions(plan: Plan, detail: Detail) -> Iterator[str]:
    """Lines of what would be done: each action with its count and size, then the folders that it goes to."""
    yield from heading("What will be done", detail)
    if not plan.operations:
        yield "  Nothing."
        return
    sizes: dict[Action, int] = defaultdict(int)
    for operation in plan.operations:
        sizes[operation.action] += operation.size
    rows = [
        (_verb(action).capitalize(), _counted(action, number), _size(action, sizes[action]))
        for action, number in plan.counts().items()
    ]
    yield from (f"  {line}" for line in columns(rows, right=(1, 2)))
    yield from _destinations(plan)


def _size(action: Action, size: int) -> str:
    return "" if _row_of(action).on_folders else words.size(size)


def _destinations(plan: Plan) -> Iterator[str]:
    """Lines of the folders below the output that files go to, those of groups together."""
    output = plan.roots.get("output", "")
    grouped: dict[str, int] = defaultdict(int)
    others: dict[str, int] = defaultdict(int)
    for operation in plan.operations:
        if _row_of(operation.action).in_place:
            continue  # no file more
        if output and operation.destination and paths.is_inside(operation.destination, output):
            top = paths.components(operation.destination[len(output) :])[:-1][:1]
            (grouped if operation.group is not None else others)["".join(top)] += 1
    rows = [*_grouped_row(grouped), *(_folder_row(name, number) for name, number in others.items())]
    yield from (f"    into {line}" for line in columns(rows, right=(1,)))


def _grouped_row(folders: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    if len(folders) > 1:
        yield f"{words.count(len(folders), 'folder')}, one a group", words.count(sum(folders.values()), "file")
    else:
        yield from (_folder_row(name, number) for name, number in folders.items())


def _folder_row(name: str, number: int) -> tuple[str, str]:
    return f"{paths.display(name)}/", words.count(number, "file")


def operations(plan: Plan, detail: Detail) -> Iterator[str]:
    """Every operation with its reason, cut after ``MOST_OPERATIONS`` unless verbose."""
    yield from heading("One by one", detail)
    yield from cut([_operation(plan, operation) for operation in plan.operations], MOST_OPERATIONS, detail, "  ")


def _operation(plan: Plan, operation: Operation) -> str:
    source = shown(operation.source, plan.roots)
    destination = shown(operation.destination, plan.roots)
    line = _row_of(operation.action).words.line
    what = line.format(source=source, destination=destination) if line else _arrow(source, destination)
    return f"{_verb(operation.action).split(' by ')[0]:<9} {what}  ({operation.reason})"


def _arrow(source: str, destination: str) -> str:
    return " → ".join(part for part in (source, destination) if part)


def shown(path: str, roots: Mapping[str, str]) -> str:
    """``Folder 1: 2021/a.jpg`` for what lies in a chosen folder (the innermost one), else the whole path."""
    inside = [(len(root), role) for role, root in roots.items() if root and path and paths.is_inside(path, root)]
    if not inside:
        return paths.display(path)
    length, role = max(inside)
    return f"{role.capitalize()}: {paths.display(path[length:].lstrip(paths.SEPARATOR))}"


def notes(texts: Sequence[str], detail: Detail) -> Iterator[str]:
    """Facts worth knowing."""
    if texts:
        yield from heading("Notes", detail)
        for text in texts:
            yield from wrapped(paths.display(text), "  - ", "    ")


def problems(found: Sequence[Problem], detail: Detail) -> Iterator[str]:
    """Every problem on one line of its own (never wrapped, so that a path can be copied)."""
    if found:
        yield ""
        yield detail.style.alarm(f"Problems ({len(found):,})")
        yield from cut([f"- {paths.display(str(problem))}" for problem in found], MOST_PROBLEMS, detail, "  ")


def cut(lines: Sequence[str], most: int, detail: Detail, indent: str = "") -> Iterator[str]:
    """``lines``, or the first of them and ``… and 312 more``; never that for a single line."""
    shown = len(lines) if detail.verbose or len(lines) <= most + 1 else most
    yield from (indent + line for line in islice(lines, shown))
    if shown < len(lines):
        yield f"{indent}… and {len(lines) - shown:,} more (--verbose shows all)"


def wrapped(text: str, first: str, rest: str) -> Iterator[str]:
    """``text`` in lines of at most ``WIDTH``; words are never broken."""
    yield from textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


# --- runs -------------------------------------------------------------------------------------------------------------


def summary(result: RunResult, *, verb: str = "Done", stopped: bool = False) -> Iterator[str]:
    """Summary of a run: how much of it was done, and whether it was stopped on the way."""
    how = [f"{result.done:,} of {words.count(result.total, 'change')}", words.size(result.size)]
    how.append(f"in {words.duration(result.seconds)}")
    if result.problems:
        how.append(words.count(len(result.problems), "problem"))
    cut_short = "Cut off" if result.state is RunState.INTERRUPTED else "Stopped" if stopped else ""
    yield f"{cut_short or verb}: {', '.join(how)}."


def ways_on(result: RunResult, program: str, again: str = "", *, undo: bool = True) -> Iterator[str]:
    """Ways on from a run: the command ``again`` when it was stopped, ``undo`` when it changed something."""
    if result.run and again:
        yield f"To go on:        {program} {again} {paths.display(result.run)}"
    if result.run and result.done and undo:
        yield f"To take it back: {program} undo {paths.display(result.run)}"


def run_card(verb: str, run: RunSummary, detail: Detail) -> Iterator[str]:
    """One run, before something is done with it."""
    yield detail.style.bold(f"{verb} run {paths.display(run.run)}")
    yield f"  {paths.display(job_title(run.job))}, {words.moment(run.started)}, {run.state.value}: {_changes(run)}"
    yield from _roots(run.roots, "  ")


def places(found: Sequence[Outlook], detail: Detail, *, back: bool) -> Iterator[str]:
    """Lines of what will be done for each action and pair of folders; ``back`` when it is an undo."""
    from image_sync import ACTIONS

    most = len(found) if detail.verbose or len(found) <= MOST_PLACES + 1 else MOST_PLACES
    for place in found[:most]:
        row = ACTIONS[place.action]
        told = row.words
        phrase = (told.phrase_back if back else told.phrase).format(f"{place.number:,}")
        folders = " → ".join(paths.display(folder) for folder in (place.origin, place.target) if folder)
        size = f", {words.size(place.size)}" if not (row.on_folders or row.permits) else ""
        yield f"  {phrase}{size}: {folders}"
    if most < len(found):
        yield f"  … and {len(found) - most:,} more places (--verbose shows all)"


def _changes(run: RunSummary) -> str:
    done = words.count(run.done, "change") if run.done == run.total else f"{run.done:,} of {run.total:,} changes"
    return f"{done}, {words.size(run.size)}"


def history(runs: Sequence[RunSummary], program: str, detail: Detail) -> Iterator[str]:
    """The runs, newest first; with their folders when verbose."""
    if not runs:
        yield "No run has changed anything yet."
        return
    shown = runs if detail.verbose or len(runs) <= MOST_RUNS + 1 else runs[:MOST_RUNS]
    table = columns([_HISTORY, *(_row(run) for run in shown)], right=(4, 5))
    yield detail.style.bold(next(table))
    for run, line in zip(shown, table, strict=True):
        yield line
        if detail.verbose:
            yield from _roots(run.roots, "    ")
    if len(shown) < len(runs):
        yield f"… and {len(runs) - len(shown):,} more (--verbose shows all)"
    yield from unreadable(runs)
    yield ""
    yield f"To take a run back: {program} undo RUN"
    if any(run.state in (RunState.STOPPED, RunState.INTERRUPTED) for run in runs):
        yield f"To finish one:      {program} resume RUN"


def unreadable(runs: Sequence[RunSummary]) -> tuple[str, ...]:
    """Runs whose journals can't be read, each with its reason."""
    return tuple(f"Run {paths.display(run.run)} can't be read: {run.trouble}." for run in runs if run.trouble)


def cut_off(runs: Sequence[RunSummary], program: str) -> tuple[str, ...]:
    """Notes on runs that ended without an end: the machine or the program went down in the middle."""
    undoing = [run for run in runs if run.cut_off and run.state is RunState.PARTLY_UNDONE]
    names = [paths.display(run.run) for run in runs if run.state is RunState.INTERRUPTED]
    if undoing:
        name = paths.display(undoing[0].run)
        return (f"Run {name} was cut off while it was undone: '{program} undo {name}' finishes that.",)
    if not names:
        return ()
    which = f"Run {names[0]} was" if len(names) == 1 else f"{len(names)} runs, the newest {names[0]}, were"
    ways = f"'{program} resume {names[0]}' finishes it, '{program} undo {names[0]}' takes it back"
    return (f"{which} cut off in the middle: {ways}.",)


def _row(run: RunSummary) -> tuple[str, ...]:
    if run.trouble:
        return paths.display(run.run), words.moment(run.started), "", run.state.value, "", "", ""
    done = f"{run.done:,}" if run.done == run.total else f"{run.done:,} of {run.total:,}"
    trouble = words.count(run.problems, "problem") if run.problems else ""
    name, job = paths.display(run.run), paths.display(run.job)
    return name, words.moment(run.started), job, run.state.value, done, words.size(run.size), trouble


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """A table: each column as wide as its widest cell, those numbered in ``right`` aligned to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if number in right else cell.ljust(width if number < len(row) - 1 else 0)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def _roots(roots: Mapping[str, str], indent: str) -> Iterable[str]:
    width = max((len(role) for role in roots), default=0)
    return (f"{indent}{role.capitalize():<{width}}  {paths.display(folder)}" for role, folder in roots.items())
