"""Contents of a report: sections of rows, out of the review of any job and of what came of its run.

Pure values; nothing here reads a file or knows HTML.  Names are as ``paths.display`` shows them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from image_sync.apply.action_table import TABLE, about
from image_sync.base import paths, words
from image_sync.base.model import FileKind, Fingerprint, Operation, Plan, Problem, RunResult, Sameness
from image_sync.jobs.job import Review
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.registry import title
from image_sync.pictures.formats import kind_of

_PICTURES = (FileKind.PICTURE, FileKind.RAW)
_LIKENESS = {
    Sameness.IDENTICAL_FILE: "identical file",
    Sameness.IDENTICAL_PIXELS: "identical pixels",
    Sameness.SERIES: "series",
    Sameness.WITHIN: "shows it within",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One file: what is said of it, and what its small picture is made of (``path`` as it is on the disk)."""

    name: str
    folder: str
    size: int
    facts: str
    fate: str
    path: str = ""
    fingerprint: Fingerprint | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading."""

    title: str
    note: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Contents of a whole report."""

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fates:
    """Fate of each file of a plan, by its path."""

    plan: Plan
    by_path: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> _Fates:
        return cls(plan, {about(one): fate(one, plan) for one in plan.operations})


def contents(review: Review[object], result: RunResult | None, problems: tuple[Problem, ...] = ()) -> Contents:
    """The report of a review, and of its run where there was one."""
    plan = review.plan
    sections = _groups(review) if isinstance(review, OrganizeReview) else _changes(plan)
    met = dict.fromkeys((*review.problems, *plan.problems, *problems, *(result.problems if result else ())))
    notes = dict.fromkeys((*plan.notes, *review.notes))
    return Contents(
        title(plan.job),
        tuple(_lines(plan, result)),
        tuple(sections),
        tuple(paths.display(str(one)) for one in met),
        tuple(map(paths.display, notes)),
    )


def _lines(plan: Plan, result: RunResult | None) -> Iterator[str]:
    for role, root in plan.roots.items():
        if root:
            yield f"{role.capitalize()}: {paths.display(root)}"
    phrases = [TABLE[action].words.phrase.format(f"{number:,}") for action, number in plan.counts().items()]
    would = words.listing(phrases) or "nothing"
    if result is None or not result.run:
        yield f"A plan, not carried out: {would} ({words.size(plan.size)})"
        return
    done = f"{result.done:,} of {words.count(result.total, 'change')} done, {words.size(result.size)}"
    yield f"Run {paths.display(result.run)}, {result.state.value}: {done}. Planned: {would}"


def _groups(review: OrganizeReview) -> Iterator[Section]:
    """A section for each group, the best picture first."""
    fates = _Fates.of(review.plan).by_path
    for number, group in enumerate(review.groups, start=1):
        rows = []
        for member in group.members:
            picture = review.pictures[member.picture]
            shape = picture.fingerprint
            likeness = _LIKENESS.get(member.sameness) or words.percent(member.score)
            facts = "best" if member is group.best else likeness
            pixels = f"{shape.width}×{shape.height}" if shape.width else ""
            record = picture.record
            stays = "never changed" if picture.reference else "stays"
            rows.append(
                Row(
                    paths.display(record.name),
                    paths.display(paths.parent(record.path)),
                    record.size,
                    ", ".join(filter(None, (facts, pixels))),
                    fates.get(record.path, stays),
                    record.path,
                    shape,
                )
            )
        yield Section(f"Group {number:,} · {paths.display(group.context)}", paths.display(group.why_best), tuple(rows))


def _changes(plan: Plan) -> Iterator[Section]:
    """A section for each kind of change and each folder that it goes to, in the order of the plan."""
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for operation in plan.operations:
        verb = TABLE[operation.action].words.phrase.replace(" {}", "").replace("{}", "").strip().capitalize()
        place = operation.destination or operation.source
        found[verb, shown(paths.parent(place), plan.roots)].append(_row(operation, plan))
    for (verb, folder), rows in found.items():
        yield Section(f"{verb} · {folder or '.'}", "", tuple(rows))


def _row(operation: Operation, plan: Plan) -> Row:
    place = about(operation) or operation.destination
    picture = operation.source if kind_of(operation.source) in _PICTURES and not operation.member else ""
    return Row(
        paths.display(paths.name(place)),
        paths.display(paths.parent(place)),
        operation.size,
        paths.display(operation.reason),
        fate(operation, plan),
        picture,
    )


def fate(operation: Operation, plan: Plan) -> str:
    """Fate of the file of an operation: ``move → Output: similar_Beach``."""
    verb = TABLE[operation.action].words.phrase.replace(" {}", "").replace("{}", "").strip()
    other = operation.destination if about(operation) == operation.source else operation.source
    return f"{verb} → {shown(paths.parent(other), plan.roots)}" if other and other != about(operation) else verb


def shown(folder: str, roots: Mapping[str, str]) -> str:
    """``Output: similar_Beach`` for a folder in a chosen one, else the whole path."""
    inside = [(len(root), role) for role, root in roots.items() if root and folder and paths.is_inside(folder, root)]
    if not inside:
        return paths.display(folder)
    length, role = max(inside)
    below = paths.display(folder[length:].lstrip(paths.SEPARATOR))
    return f"{role.capitalize()}: {below}" if below else role.capitalize()
