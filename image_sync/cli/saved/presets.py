"""The command ``presets``: list, show, save and delete named choices, which the window shares."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from image_sync import JOBS, job_title
from image_sync.base import paths, words
from image_sync.base.model import Refused
from image_sync.cli import arguments, report
from image_sync.cli.arguments import Parser, program, wrong
from image_sync.cli.command import Command
from image_sync.cli.document import Json
from image_sync.cli.session import Session

if TYPE_CHECKING:
    from image_sync.base.preset_file import Kept
    from image_sync.base.presets import Plain, Preset

_WAYS = ("list", "show", "save", "delete")
_DESCRIPTION = """\
Choices under a name, folders included: 'save' keeps those of a command line
(which is not carried out), 'show' and 'delete' take the name of one, with its
job behind it where two jobs have that name. A job begins with them by --preset
NAME; what else is typed comes on top. The window has the same presets."""

_EXAMPLES = """\
examples:
  image-sync presets save Card import /media/card ~/Pictures --set-dates
  image-sync import --preset Card --dry-run
  image-sync presets list
  image-sync presets show Card
  image-sync presets delete Card
"""
_SHOWN_VALUES = 4
_NOT_KEPT = ("dry_run", "files")


def _add_arguments(parser: Parser) -> None:
    group = parser.add_argument_group("what to do")
    group.add_argument("way", metavar="WAY", help="list, show, save or delete")
    group.add_argument("name", metavar="NAME", nargs="?", default="", help="the name of a preset")
    parser.words = _WAYS
    parser.rest_words = frozenset(name for name, entry in JOBS.items() if entry.command)
    arguments.add_common(parser, unasked="")


def _prepare(values: argparse.Namespace) -> Callable[[Session], None]:
    way, name, rest = values.way, values.name, values.rest
    if way not in _WAYS:
        raise wrong(f"WAY is one of {', '.join(_WAYS)}, not '{way}'")
    if way == "list":
        if name or rest:
            raise wrong("'presets list' takes no name")
        return _list
    if not name:
        raise wrong("NAME is missing")
    if way == "save":
        if not rest:
            raise wrong("'presets save NAME' needs a job and its choices behind the name")
        return _saving(name, rest)
    if rest[1:]:
        raise wrong(f"there is no such option or argument here: {' '.join(rest[1:])}")
    job = rest[0] if rest else ""
    return (lambda session: _show(session, name, job)) if way == "show" else lambda session: _delete(session, name, job)


def _kept() -> Kept:
    """All presets.  Raises ``Refused`` when their file can't be read."""
    from image_sync.base.preset_file import load

    kept = load()
    if kept.trouble:
        raise Refused(kept.trouble)
    return kept


def _list(session: Session) -> None:
    kept = _kept()
    session.record.presets = [_json(one) for one in kept.presets]
    session.record.add_notes(kept.remarks)
    session.console.tell_all(_lines(kept.presets))
    session.tell_news()


def _lines(found: Sequence[Preset]) -> Iterator[str]:
    if not found:
        yield f"There are no presets yet; '{program()} presets save NAME JOB …' keeps one."
        return
    rows = [("Name", "Job", "Choices"), *((one.name, job_title(one.job), _brief(one.values)) for one in found)]
    yield from report.columns(rows, right=())


def _brief(values: Mapping[str, Plain]) -> str:
    """The first few values on one line."""
    shown = [f"{name} = {_written(value)}" for name, value in list(values.items())[:_SHOWN_VALUES]]
    more = len(values) - _SHOWN_VALUES
    return paths.display(", ".join([*shown, *([f"{more} more"] if more > 0 else [])]))


def _written(value: Plain) -> str:
    """A value as the file has it."""
    import json

    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _show(session: Session, name: str, job: str) -> None:
    preset = _one(_kept(), name, job)
    session.record.presets = [_json(preset)]
    session.console.tell(f"{preset.name} ({job_title(preset.job)})")
    session.console.tell_all(f"  {field} = {paths.display(_written(value))}" for field, value in preset.values.items())


def _one(kept: Kept, name: str, job: str) -> Preset:
    """The preset of that name; of that job, where one is given.  Raises ``Refused``."""
    from image_sync.base.presets import found

    if job:
        return found(kept.presets, job, name)
    wanted = " ".join(name.split())
    alike = [one for one in kept.presets if paths.folded(one.name) == paths.folded(wanted)]
    exact = [one for one in alike if one.name == wanted] or alike
    if len(exact) > 1:
        jobs = words.listing([one.job for one in exact], "or")
        raise Refused(f"There is more than one preset “{wanted}”: say {jobs} behind the name.")
    if not exact:
        known = words.few([one.name for one in kept.presets], 9)
        rest = f" There are: {known}." if known else " There are none yet."
        raise Refused(f"There is no preset “{paths.display(wanted)}”.{rest}")
    return exact[0]


def _saving(name: str, line: Sequence[str]) -> Callable[[Session], None]:
    """The body that keeps the choices of a command line; what is wrong with that is told now."""
    from dataclasses import fields

    from image_sync.base.presets import preset_of
    from image_sync.cli.commands import command

    job, *rest = line
    chosen = command(job)
    if chosen.request is None:
        raise wrong(f"'{job}' has no choices to keep")
    request = chosen.request(chosen.parser().parse(rest))
    usual = {one.name: one.default for one in fields(request)}
    values: dict[str, Any] = {
        one: value for one in usual if (value := getattr(request, one)) != usual[one] and one not in _NOT_KEPT
    }
    try:
        preset = preset_of(job, name, type(request), values)
    except Refused as refusal:
        raise wrong(str(refusal)) from None

    def body(session: Session) -> None:
        from image_sync.base.preset_file import save

        session.record.presets = [_json(preset)]
        if session.options.dry_run:
            session.console.tell("Dry run: nothing was changed. It would keep these choices:")
        else:
            save(preset, type(request))
        session.console.tell(f"{preset.name} ({job_title(preset.job)})")
        session.console.tell_all(f"  {field} = {paths.display(_written(one))}" for field, one in preset.values.items())

    return body


def _delete(session: Session, name: str, job: str) -> None:
    from image_sync.base.preset_file import delete

    preset = _one(_kept(), name, job)
    session.record.presets = [_json(preset)]
    told = f"the preset “{preset.name}” of {preset.job}"
    if session.options.dry_run:
        session.console.tell(f"Dry run: nothing was changed. It would delete {told}.")
        return
    session.confirm(f"Delete {told}?")
    delete(preset.job, preset.name)
    session.console.tell(f"Deleted: {told}.")


def _json(preset: Preset) -> Json:
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in preset.values.items()}
    return {"job": preset.job, "name": preset.name, "values": plain}


COMMANDS = (
    Command(
        "presets",
        "list|show|save|delete [NAME] [JOB ...]",
        "choices under a name, shared with the window",
        _DESCRIPTION,
        _add_arguments,
        _prepare,
        _EXAMPLES,
    ),
)
