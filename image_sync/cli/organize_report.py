"""The review of *organize* as lines of text: the groups with their members, why one is the best, what would be done.

Pure, like ``report``, whose rules for names and widths hold here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from image_sync import OrganizeReview, certainty_of
from image_sync.base import paths, words
from image_sync.base.model import Group, Member, Plan, Sameness
from image_sync.cli import report
from image_sync.cli.report import Detail

MOST_GROUPS = 12
MOST_MEMBERS = 10

_SAME = {
    Sameness.IDENTICAL_FILE: "same file",
    Sameness.IDENTICAL_PIXELS: "same pixels",
    Sameness.SERIES: "series",
    Sameness.WITHIN: "shows it within",
}


def review_lines(review: OrganizeReview, detail: Detail) -> Iterator[str]:
    """The whole review: folders, groups with their members, what would be done, every step when verbose."""
    plan = review.plan
    yield from report.title("Organize", plan.roots, detail)
    yield ""
    yield _found(review)
    yield from groups(review, detail)
    yield from report.actions(plan, detail)
    if detail.verbose and plan.operations:
        yield from report.operations(plan, detail)


def review_notes(review: OrganizeReview) -> tuple[str, ...]:
    """The plan's notes, and how many matches no group could take."""
    if not review.left_out:
        return review.plan.notes
    matches = words.count(review.left_out, "match", "matches")
    verb = "was" if review.left_out == 1 else "were"
    return (
        *review.plan.notes,
        f"{matches} {verb} left out: every member of a group must match its best picture, not just its neighbour.",
    )


def _found(review: OrganizeReview) -> str:
    pictures = words.count(review.shots, "picture")
    if not review.groups:
        return f"{pictures}, no two of them alike."
    alike = sum(len(group.members) for group in review.groups)
    alone = review.shots - alike
    return f"{pictures}: {alike:,} in {words.count(len(review.groups), 'group')}, {alone:,} without a match."


def groups(review: OrganizeReview, detail: Detail) -> Iterator[str]:
    """Each group with its members, cut after ``MOST_GROUPS`` unless verbose; all columns stand in line."""
    number = len(review.groups)
    if not detail.verbose and number > MOST_GROUPS + 1:
        number = MOST_GROUPS
    shown = review.groups[:number]
    folders, completed = _folders_of_groups(review.plan), _completed(review.plan)
    lines = report.columns([row for group in shown for row in _members(group, review)], right=(1, 2))
    for index, group in enumerate(shown):
        yield ""
        yield _title(index, group, review, folders.get(index, ""), detail)
        yield from report.cut(list(islice(lines, len(group.members))), MOST_MEMBERS, detail, "  ")
        if group.why_best:
            yield from report.wrapped(f"Best: {paths.display(group.why_best)}.", "  ", "  ")
        for reason in completed.get(index, ()):
            yield from report.wrapped(f"{reason[:1].upper()}{reason[1:]}.", "  ", "  ")
    if number < len(review.groups):
        yield ""
        yield f"… and {words.count(len(review.groups) - number, 'more group', 'more groups')} (--verbose shows all)"


def _folders_of_groups(plan: Plan) -> dict[int, str]:
    """By group: the folder below the output that all of its files go to; none where they go to several."""
    output = plan.roots.get("output", "")
    found: dict[int, set[str]] = defaultdict(set)
    for operation in plan.operations:
        if operation.group is not None and output and paths.is_inside(operation.destination, output):
            found[operation.group].add(paths.parent(operation.destination)[len(output) :].strip(paths.SEPARATOR))
    return {group: folders.pop() for group, folders in found.items() if len(folders) == 1}


def _completed(plan: Plan) -> dict[int, list[str]]:
    """By group: what its pictures get of what their copies state."""
    found: dict[int, list[str]] = defaultdict(list)
    for operation in plan.operations:
        if operation.group is not None and operation.maker is not None:
            found[operation.group].append(operation.reason)
    return found


def _title(index: int, group: Group, review: OrganizeReview, folder: str, detail: Detail) -> str:
    size = words.size(sum(review.pictures[member.picture].record.size for member in group.members))
    where = f" → {paths.display(folder)}/" if folder else ""
    name = f"Group {index + 1:,}" if where else f"Group {index + 1:,} · {paths.display(group.context)}"
    return f"{detail.style.bold(name)} · {words.count(len(group.members), 'picture')} · {size}{where}"


def _members(group: Group, review: OrganizeReview) -> Iterator[tuple[str, ...]]:
    for member in group.members:
        picture = review.pictures[member.picture]
        pixels = f"{picture.fingerprint.width}×{picture.fingerprint.height}" if picture.fingerprint.width else ""
        where = report.shown(picture.record.path, review.plan.roots) + (" (stays)" if picture.reference else "")
        yield _mark(member, best=member is group.best), words.size(picture.record.size), pixels, where


def _mark(member: Member, best: bool) -> str:
    return "best" if best else likeness(member.sameness, member.score, turned=member.turn != 0)


def likeness(sameness: Sameness, score: float, *, turned: bool) -> str:
    """Likeness of a picture, in a word, or in percent with how sure that is."""
    mark = _SAME.get(sameness) or words.percent(score)
    mark = f"{mark} turned" if turned else mark
    return mark if sameness in _SAME else f"{mark}, {certainty_of(sameness, score).value}"
