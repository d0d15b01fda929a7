"""Question before a sync is carried out: counts by kind, bytes each way, the room on both disks, the way back.

Words made from values; ``space_for`` alone asks a disk, through the function that it is given.  No tkinter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from image_sync.base.model import Action
from image_sync.gui.job.confirm_model import CardContent, Confirmation, action_words
from image_sync.gui.sync.rows import Way
from image_sync.gui.widgets import formatting
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _, ngettext
from image_sync.jobs.sync.model import OPEN, Kind, Side, SyncReview
from image_sync.jobs.sync.rules import decide


@dataclass(frozen=True, slots=True)
class Space:
    """Free bytes on the disks of both sides (``None``: unknown)."""

    source: int | None = None
    target: int | None = None

    def on(self, side: Side) -> int | None:
        """Free bytes on one side."""
        return self.source if side is Side.SOURCE else self.target


def space_for(review: SyncReview, free_space: Callable[[str], int | None]) -> Space:
    """Ask both disks."""
    return Space(free_space(review.request.source), free_space(review.request.target))


def confirmation(review: SyncReview, ways: Mapping[Side, Way], space: Space) -> Confirmation:
    """The question before the plan of ``review`` is applied."""
    counts = review.plan.counts()
    facts = [(_("What") if not index else "", action_words(*pair)) for index, pair in enumerate(counts.items())]
    for side in (Side.TARGET, Side.SOURCE):
        facts.append((_way_name(side), _way_words(ways[side], space.on(side))))
    facts.append((_("Way back"), _("Everything can be undone, now or later from History.")))
    question = _("Afterwards both folders hold the same: {source} and {target}.")
    if review.count(*OPEN, Kind.SKIP, Kind.PROBLEM):
        question = _("The folders come nearer to each other, but will not hold quite the same: {source} and {target}.")
    words = question.format(source=shown(review.request.source), target=shown(review.request.target))
    return Confirmation(_("Apply this plan?"), words, tuple(facts), _warnings(review, counts), _("Sync"))


def _way_name(side: Side) -> str:
    return _("To the target") if side is Side.TARGET else _("To the source")


def _way_words(way: Way, free: int | None) -> str:
    words = _("nothing is copied")
    if way.files:
        words = f"{formatting.files(way.files)}, {formatting.size(way.size)}"
    if free is None:
        return words
    return _("{amount} ({size} free there)").format(amount=words, size=formatting.size(free))


def _warnings(review: SyncReview, counts: Mapping[Action, int]) -> tuple[str, ...]:
    warnings = []
    asked = len(review.questions) - len(review.conflicts)
    if asked:
        words = ngettext(
            "{count} deletion is still open: that file stays as it is on both sides.",
            "{count} deletions are still open: those files stay as they are on both sides.",
            asked,
        )
        warnings.append(words.format(count=formatting.count(asked)))
    open_ones = len(review.conflicts)
    if open_ones:
        words = ngettext(
            "{count} conflict is still open: that file stays as it is on both sides.",
            "{count} conflicts are still open: those files stay as they are on both sides.",
            open_ones,
        )
        warnings.append(words.format(count=formatting.count(open_ones)))
    gone = counts.get(Action.SET_ASIDE, 0)
    if gone:
        words = ngettext(
            "{count} file is deleted on one side; it is kept aside for undo.",
            "{count} files are deleted on one side; they are kept aside for undo.",
            gone,
        )
        warnings.append(words.format(count=formatting.count(gone)))
    if review.problems:
        words = ngettext(
            "{count} file could not be read and is not in the plan.",
            "{count} files could not be read and are not in the plan.",
            len(review.problems),
        )
        warnings.append(words.format(count=formatting.count(len(review.problems))))
    return tuple(warnings)


def emptied(review: SyncReview) -> str:
    """Reason why a review is refused because so much is gone from one side; empty when it is not refused for that."""
    if not decide.refusal(review.situation, review.found, review.request.max_delete):
        return ""
    shares = {side: decide.missing_share(review.situation, side, review.found) for side in Side}
    side = max(Side, key=lambda side: shares[side][0])
    gone, total = shares[side]
    template = _(
        "{gone} of the {total} files that both folders held after the last sync are gone from {place}. "
        "Is it the right folder, and is its disk connected?"
    )
    place = shown(review.situation.half(side).root)
    return template.format(gone=formatting.count(gone), total=formatting.count(total), place=place)


def nothing_to_do(review: SyncReview | None) -> CardContent:
    """Words that are said when both folders already hold the same."""
    equal = formatting.files(review.equal) if review else ""
    facts = [_("{files} on both sides are the same.").format(files=equal)] if equal else []
    if review is not None and review.problems:
        facts.append(_("What could not be read is listed in Problems."))
    good = review is None or not review.problems
    return CardContent(_("There is nothing to do."), tuple(facts), good, can_undo=False, can_resume=False)
