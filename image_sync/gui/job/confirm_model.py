"""Question before a plan is carried out, and words after it: counts by kind, bytes, place, way back.

Words made from values; no tkinter, no disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from image_sync.base.model import Action, Plan, RunResult, RunState
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.jobs.room import Room, room_at

if TYPE_CHECKING:
    from image_sync.apply.action_table import ActionRow

SHORTEST = 0.1
"""Seconds below which nobody asks how long it took."""


def action_words(action: Action, number: int) -> str:
    """``Move 413 files``, ``Copy 1 file`` and so on."""
    told = row_of(action).words
    return ngettext(told.one, told.many, number).format(count=formatting.count(number))


def row_of(action: Action) -> ActionRow:
    """The row of an action; loaded with the first plan, since the first window does without it."""
    from image_sync.apply.action_table import TABLE

    return TABLE[action]


def file_actions(plan: Plan) -> dict[Action, int]:
    """Number of operations of each action that concern files; folders come and go with them."""
    return {action: number for action, number in plan.counts().items() if not row_of(action).on_folders}


def changes(plan: Plan) -> int:
    """Number of changes as a person counts them: files, and folders only where nothing else changes."""
    return sum(file_actions(plan).values()) or len(plan.operations)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One question: ``facts`` are pairs of a name and a value, ``warnings`` what to think about first."""

    title: str
    question: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    verb: str


def room(plan: Plan, device: Callable[[str], int | None], free_space: Callable[[str], int | None]) -> Room:
    """The room that ``plan`` needs on the disk of its output and what there is."""
    return room_at(plan.roots.get("output", ""), plan, device, free_space)


def apply_words(plan: Plan) -> str:
    """Words of the button: ``Apply 413 changes…``."""
    number = changes(plan)
    return ngettext("Apply {count} change…", "Apply {count} changes…", number).format(count=formatting.count(number))


def confirmation(plan: Plan, space: Room, partial: float = 1.0, problems: int = 0) -> Confirmation:
    """The question before ``plan`` is applied."""
    counts = plan.counts()
    facts = [(_("What"), action_words(action, number)) for action, number in counts.items()]
    facts = [(name if index == 0 else "", value) for index, (name, value) in enumerate(facts)]
    facts.append((_("Amount"), formatting.size(plan.size)))
    if plan.roots.get("output"):
        facts.append((_("Where to"), shown(plan.roots["output"])))
    if space.free is not None:
        free = _("{size} free").format(size=formatting.size(space.free))
        needed = _("{size} needed").format(size=formatting.size(space.needed)) if space.needed else _("none is needed")
        facts.append((_("Room there"), f"{free}, {needed}"))
    facts.append((_("Way back"), _("Everything can be undone, now or later from History.")))
    stay = all(row_of(action).source_stays for action in counts)
    question = _("Your originals stay where they are.") if stay else _("Files will change their place.")
    verbs = [row_of(action).words.verb for action in file_actions(plan)]
    verb = _(verbs[0]) if len(verbs) == 1 and verbs[0] else _("Apply")
    return Confirmation(_("Apply this plan?"), question, tuple(facts), _warnings(space, partial, problems), verb)


def _warnings(space: Room, partial: float, problems: int) -> tuple[str, ...]:
    warnings = []
    if space.short:
        warnings.append(_("There is not enough room: what does not fit stays where it is and is listed as a problem."))
    if partial < 1.0:
        share = formatting.percent(partial)
        words = _("The scan was stopped at {share}; only what was found so far is in the plan.")
        warnings.append(words.format(share=share))
    if problems:
        words = ngettext(
            "{count} file could not be read and is not in the plan.",
            "{count} files could not be read and are not in the plan.",
            problems,
        )
        warnings.append(words.format(count=formatting.count(problems)))
    return tuple(warnings)


@dataclass(frozen=True, slots=True)
class CardContent:
    """Content of the card of an ended run: a headline, facts below it, and what can be done next."""

    headline: str
    facts: tuple[str, ...]
    good: bool
    can_undo: bool
    can_resume: bool
    undone: bool = False


def outcome(result: RunResult, *, undone: bool, plan: Plan | None = None) -> CardContent:
    """The summary of a run that was applied (or resumed), or ``undone``; of one that did all of a ``plan`` by kind."""
    complete = result.state in (RunState.FINISHED, RunState.UNDONE)
    facts = [_done_words(result, undone, plan)]
    if result.problems:
        facts.append(
            ngettext(
                "{count} problem: see Problems for the file and the reason.",
                "{count} problems: see Problems for the files and the reasons.",
                len(result.problems),
            ).format(count=formatting.count(len(result.problems)))
        )
    stopped = result.state in (RunState.STOPPED, RunState.INTERRUPTED, RunState.RUNNING)
    made = CardContent(
        headline=_headline(result, undone),
        facts=tuple(facts),
        good=complete and not result.problems,
        can_undo=not undone and result.done > 0,
        can_resume=not undone and stopped,
        undone=undone,
    )
    return replace(made, can_undo=True) if undone and result.state is not RunState.UNDONE else made


def _done_words(result: RunResult, undone: bool, plan: Plan | None) -> str:
    """Words for what was done: by kind where all of a plan was, else how much of it."""
    parts = []
    if plan is not None and not undone and result.done == len(plan.operations):
        counts = file_actions(plan) or plan.counts()
        parts = [past_words(action, number) for action, number in counts.items()]
    else:
        done, total = formatting.count(result.done), formatting.count(result.total)
        words = _("{done} of {total} changes were taken back") if undone else _("{done} of {total} changes were made")
        parts = [words.format(done=done, total=total)]
    if result.size:
        parts.append(formatting.size(result.size))
    if result.seconds >= SHORTEST:
        parts.append(formatting.duration(result.seconds))
    return " · ".join(parts)


def past_words(action: Action, number: int) -> str:
    """``413 files moved``, ``1 file copied`` and so on."""
    one, many = row_of(action).words.past
    return ngettext(one, many, number).format(count=formatting.count(number))


def _headline(result: RunResult, undone: bool) -> str:
    if undone:
        if result.state is RunState.UNDONE and not result.problems:
            return _("Undone: everything is back where it was.")
        return _("Partly undone: what could not be brought back is listed in Problems.")
    if result.state is RunState.STOPPED:
        return _("Stopped: what was done so far is kept and can be undone.")
    if result.problems:
        return _("Done, with problems.")
    return _("Done.")
