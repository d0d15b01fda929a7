"""The command ``watch``: it waits for files in the inputs of an import, and imports them when they have settled.

Each round is an import like any other, in the history and undoable.  A stop ends the waiting at once, and a round as it
ends any run.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

from image_sync import IMPORT, ImportRequest
from image_sync.base import paths, words
from image_sync.base.model import Refused, Stopped
from image_sync.cli.arguments import Parser, wrong
from image_sync.cli.command import Command
from image_sync.cli.photo_import import ImportSteps, add_arguments, request
from image_sync.cli.saved.preset_choice import beginning
from image_sync.cli.session import Session
from image_sync.cli.watching.changes import Bell, State, state_of

SETTLED = 10.0
"""Seconds for which nothing must have changed before files are taken: a copy that goes on is left alone."""
_MOST_SECONDS = 86_400.0
_DESCRIPTION = """\
Wait for photos in INPUT and import them into OUTPUT, with the options of
'import' or those of a preset, as soon as nothing there has changed for a while.
It goes on until it is stopped (Ctrl-C, SIGTERM). Every round is a run of its
own, logged, and can be undone; nothing is asked."""

_EXAMPLES = """\
examples:
  image-sync watch ~/Incoming ~/Pictures --set-dates
  image-sync watch --preset Card --silent
  image-sync watch /mnt/nas/Upload ~/Pictures --poll 60 --settle 30
"""


class WatchSteps(ImportSteps):
    """An import that asks nothing."""

    asks = False


@dataclass(frozen=True, slots=True)
class _Pace:
    """Pace of a watch: seconds to settle, seconds between two looks (``None``: as the system tells), and whether the
    first round is the last."""

    settle: float
    every: float | None
    once: bool


def _add_arguments(parser: Parser) -> None:
    group = parser.add_argument_group("when")
    group.add_argument(
        "--settle",
        metavar="SECONDS",
        type=_seconds,
        default=SETTLED,
        help="how long nothing must have changed (default: %(default)g)",
    )
    group.add_argument(
        "--poll", metavar="SECONDS", type=_seconds, help="look that often, instead of being told by the system"
    )
    group.add_argument("--once", action="store_true", help="import what is there, once it has settled, and end")
    add_arguments(parser)


def _seconds(text: str) -> float:
    try:
        number = float(text.removesuffix("s").replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0.05 <= number <= _MOST_SECONDS:
        raise wrong(f"must be a number of seconds up to {_MOST_SECONDS:,.0f}, not '{text}'")
    return number


def _prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    if values.ask:
        raise wrong("--ask does not go with 'watch': nobody is there")
    chosen = request(values)
    said = beginning(values, IMPORT, ImportRequest).notes
    pace = _Pace(values.settle, values.poll, values.once)
    return lambda session: run(session, chosen, said, pace)


def run(session: Session, chosen: ImportRequest, said: tuple[str, ...], pace: _Pace) -> None:
    """Wait, let settle, import, until it is stopped.  Raises ``Refused`` for a request that can never be done."""
    steps = WatchSteps(chosen)
    steps.said = said
    session.record.request = steps.request()
    if mistakes := steps.check():
        raise Refused(words.sentences(mistakes))
    shown = words.listing([paths.display(place) for place in chosen.inputs])
    with Bell(chosen.inputs, pace.every) as bell:
        how = f"every {bell.every:g} s" if pace.every else "as the system tells, else"
        told = f"Watching {shown}: {how}" + ("" if pace.every else f" every {bell.every:g} s")
        session.console.say(f"{told}. Ctrl-C ends it.")
        _watch(session, steps, pace, bell)


def _watch(session: Session, steps: WatchSteps, pace: _Pace, bell: Bell) -> None:
    done: State = {}
    while not session.interrupts.asked:
        now = state_of(steps.chosen.inputs)
        if now and now != done:
            settled = _settled(session, steps, pace, now)
            if settled is None:
                return
            _round(session, steps)
            now = state_of(steps.chosen.inputs)
            # What came while the round went on is not in it, and comes next.
            done = {path: stamp for path, stamp in now.items() if settled.get(path) == stamp}
        else:
            done = now
        if now != done and not pace.once:
            continue
        if pace.once or not bell.wait(lambda seconds: _sleep(session, seconds)):
            return


def _settled(session: Session, steps: WatchSteps, pace: _Pace, now: State) -> State | None:
    """The state when nothing has changed for long enough; ``None`` after a stop."""
    while True:
        left = pace.settle
        while left > 0:
            step = min(left, 0.5)
            if not _sleep(session, step):
                return None
            left -= step
        before, now = now, state_of(steps.chosen.inputs)
        if now == before:
            return now


def _round(session: Session, steps: WatchSteps) -> None:
    """One import; what refuses it now may be otherwise at the next change."""
    session.console.say("", words.moment(time.strftime("%Y-%m-%dT%H:%M:%S")))
    try:
        session.job(steps)
    except Refused as refusal:
        session.alarm(str(refusal))
        session.record.failure = str(refusal)
    except Stopped:
        if not session.interrupts.asked:
            raise
        # Nothing was changed in this round: the watch was asked to end, and does.
        session.record.stopped = False


def _sleep(session: Session, seconds: float) -> bool:
    """Whether to go on after some sleep; a stop ends it."""
    end = time.monotonic() + seconds
    while not session.interrupts.asked and (left := end - time.monotonic()) > 0:
        time.sleep(min(left, 0.1))
    return not session.interrupts.asked


COMMANDS = (
    Command(
        "watch",
        "INPUT... OUTPUT",
        "import whatever comes into a folder, until it is stopped",
        _DESCRIPTION,
        _add_arguments,
        _prepare,
        _EXAMPLES,
    ),
)
