"""The command ``sync``: what it is told, how its review is shown, and the questions about conflicts.

It goes on at once unless it is a dry run.  Its rules stand in ``jobs``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from image_sync import SYNC, Answer, Decision, SyncRequest, SyncReview
from image_sync.base import paths
from image_sync.base.model import Problem, Refused, RunResult, Stopped
from image_sync.cli import arguments, document, report, sync_report
from image_sync.cli.arguments import Parser, program
from image_sync.cli.command import Command
from image_sync.cli.options import add_options, chosen_options
from image_sync.cli.saved.preset_choice import add_preset, beginning
from image_sync.cli.session import Session

if TYPE_CHECKING:
    from image_sync import Engine

_DESCRIPTION = """\
Make two folders hold the same, whichever side it came from: what is new is
copied, what changed is updated, and the newer of two wins. What is replaced
is kept, and every run can be undone."""

_EXAMPLES = """\
examples:
  image-sync sync ~/Pictures /media/external/Pictures --dry-run
  image-sync sync ~/Pictures /media/external/Pictures
  image-sync sync Phone Backup --auto-resolve keep-both --images-only
"""


def _add_arguments(parser: Parser) -> None:
    folders = parser.add_argument_group("folders")
    folders.add_argument("source", metavar="SOURCE", nargs="?", help="one of the two")
    folders.add_argument("target", metavar="TARGET", nargs="?", help="the other one")
    add_options(parser, SyncRequest)
    add_preset(parser)
    arguments.add_common(parser, measures=True, unasked=" about conflicts (nor anything else without --ask)")


def request(values: argparse.Namespace) -> SyncRequest:
    """The request that was parsed."""
    begin = beginning(values, SYNC, SyncRequest)
    typed = {**chosen_options(values, SyncRequest, begin.values), "dry_run": values.dry_run}
    given = [place for place in (values.source, values.target) if place is not None]
    places = given or [*begin.texts("source"), *begin.texts("target")]
    if len(places) < 2:
        raise argparse.ArgumentTypeError("TARGET is missing" if places else "SOURCE and TARGET are missing")
    return SyncRequest(places[0], places[1], **typed)


# --- the command ------------------------------------------------------------------------------------------------------


def run(session: Session, chosen: SyncRequest) -> None:
    """Scan, show, ask about conflicts, do, sum up."""
    session.record.request = document.chosen(chosen)
    with session.engine() as engine:
        session.record.add_notes(report.cut_off(engine.history(), program()))
        review = _look(session, engine, chosen)
        if not chosen.dry_run:
            review = _answered(session, engine, review)
        session.planned(review.plan)
        session.reviewed(review)
        session.meet([_left_open(decision, review) for decision in review.left_open])
        if chosen.dry_run:
            _end_dry_run(session, review)
        else:
            _carry_out(session, engine, review)


def _look(session: Session, engine: Engine, chosen: SyncRequest) -> SyncReview:
    session.console.say(sync_report.SCANNING[0])
    from image_sync import SyncJob

    job = SyncJob(chosen, at_once=not chosen.dry_run)
    review = session.follow(engine, lambda: engine.start(job), SyncReview)
    if review is None or session.record.stopped:
        raise Stopped("What was read is remembered.")
    session.console.say(*sync_report.SCANNING[1:])
    session.console.say_all(sync_report.analysis(review, session.detail))
    session.console.say_all(sync_report.actions(review, session.detail))
    session.console.say_all(sync_report.conflicts(review, session.detail))
    session.record.add_notes(review.notes)
    session.tell_news()
    return review


def _answered(session: Session, engine: Engine, review: SyncReview) -> SyncReview:
    """The review after the questions about its conflicts, where there is somebody to ask."""
    console = session.console
    if not review.questions or review.refusal or session.options.yes or not console.interactive:
        return review
    console.tell("")
    with session.interrupts.raising():
        answers = _answers(session, review.questions)
    return engine.replan(review, review.request, answers) if answers else review


def _answers(session: Session, conflicts: tuple[Decision, ...]) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for number, decision in enumerate(conflicts, start=1):
        what = "Deletion" if decision.is_deletion_asked else "Conflict"
        session.console.tell(f"{what} {number} of {len(conflicts)}: {paths.display(decision.path)}")
        session.console.tell_all(sync_report.conflict(decision))
        said = _asked(session)
        if said is None:
            break
        answer, for_all = said
        answers[decision.path] = answer
        if for_all:
            answers.update({later.path: answer for later in conflicts[number:]})
            break
    return answers


def _asked(session: Session) -> tuple[Answer, bool] | None:
    """One answer that is understood, and whether it goes for all the rest; ``None`` when nobody is there any more."""
    while (text := session.console.answer(sync_report.QUESTION)) is not None:
        said = sync_report.understood(text)
        if said:
            return said
        session.console.tell("   Type s, t, k or skip.")
    return None


def _left_open(decision: Decision, review: SyncReview) -> Problem:
    place = paths.join(review.situation.source.root, decision.path)
    what = "deletion left open" if decision.is_deletion_asked else "conflict left open"
    return Problem(place, what, decision.why, "answer it with --auto-resolve, or on a terminal")


def _end_dry_run(session: Session, review: SyncReview) -> None:
    if review.refusal:
        raise Refused(review.refusal)
    session.tell_news()
    session.record.to_do = bool(review.plan.operations)
    if not review.plan.operations and not review.left_open:
        session.console.tell_idle("", "Dry run: nothing was changed. There is nothing to do.")
        return
    would = f" It would {report.done_in_words(review.plan)}." if review.plan.operations else ""
    session.console.tell("", f"Dry run: nothing was changed.{would}")


def _carry_out(session: Session, engine: Engine, review: SyncReview) -> None:
    """Carry the plan out; one without operations too, since what was found to be the same is remembered then."""
    if session.interrupts.asked or session.console.gone:
        raise Stopped
    if review.plan.operations:
        if session.options.ask and not review.refusal:
            session.confirm(report.question(review.plan))
        session.sum_up(session.carry_out(engine, lambda: engine.apply(review.plan)))
        return
    session.follow(engine, lambda: engine.apply(review.plan), RunResult)
    session.tell_news()
    if review.left_open:
        session.console.tell("", "Nothing was changed.")
    else:
        session.console.tell_idle("", "There is nothing to do.")


def _prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    chosen = request(values)
    said = beginning(values, SYNC, SyncRequest).notes

    def body(session: Session) -> None:
        session.record.add_notes(said)
        run(session, chosen)

    return body


COMMANDS = (
    Command(
        SYNC,
        "SOURCE TARGET",
        "make two folders hold the same, both ways",
        _DESCRIPTION,
        _add_arguments,
        _prepare,
        _EXAMPLES,
        request,
    ),
)
