"""The table of actions: for each what doing, settling after a crash, undoing and naming it are.

To add an action: name it in ``base.model.Action``, write its functions in a module of ``apply/actions/``, and give it a
row here.  Executor, recovery, undo, command line and window ask the table and name no action themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from image_sync.apply import words
from image_sync.apply.actions import (
    copying,
    extracting,
    folder_actions,
    making,
    moving,
    permitting,
    replacing,
)
from image_sync.apply.records import Result
from image_sync.apply.step import Step
from image_sync.apply.step_context import StepContext
from image_sync.apply.words import Standing, Trouble
from image_sync.base import paths
from image_sync.base.model import Action, Operation, Problem


class Keeps(Enum):
    """File that an action moves or copies to the versions."""

    NOTHING = "nothing"
    SOURCE = "the source"
    DESTINATION = "what stands at the destination"
    REPLACED = "what stands at the destination, where the plan says that something does"


@dataclass(frozen=True, slots=True)
class ActionWords:
    """An action in words for a person; the journal and the JSON documents call it by the value of its ``Action``.

    ``phrase`` is what the command line calls many of them (``{}`` takes their number), ``phrase_back`` undoing them,
    ``line`` what one says of its paths.  ``one`` and ``many`` are what the window says of a ``{count}``, ``verb`` its
    button where there is nothing else in the plan, ``fate`` what becomes of a file (``{place}``, or ``{name}`` of the
    source), ``past`` what was done; the window translates them when it shows them.  ``failed`` and ``not_undone`` are
    what a problem says; ``names_destination`` whether it says where to.
    """

    phrase: str
    phrase_back: str
    one: str
    many: str
    failed: str
    not_undone: str
    past: tuple[str, str]
    verb: str = ""
    fate: str = ""
    line: str = ""
    names_destination: bool = False


def _nothing(_operation: Operation) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """Row of the table of actions: one action with all that belongs to it.

    ``do`` carries out one step; it raises ``Trouble`` or ``OSError`` when it can't be done, and ``Stopped``, with
    nothing done then.  ``settle`` gives the result of a step whose end is not in the journal, or ``None`` when it is as
    if it had not begun; asking twice gives the same answer.  ``take_back`` undoes a step that was done; it recognises
    that it was done before.  ``notes`` gives what the action itself wants to have in the journal of the destination
    before it is done.

    ``keeps`` says whose earlier file goes to the versions, ``leaves`` that the source is no longer in its folder,
    ``renames`` that it is moved (a power cut may take that back), ``writes`` that content is written on the
    destination's disk, ``on_folders`` that it is about folders, ``in_place`` that the source is the destination,
    ``source_stays`` that every file that stood before stays where it is, ``permits`` that only permissions
    change.  ``about_destination`` says whether a person
    thinks of the destination's path or of the source's.  ``made_ahead`` says that its copy may be made, ``kept_ahead``
    that what it replaces may be kept, before its turn.
    """

    words: ActionWords
    do: Callable[[Step, StepContext], Result]
    settle: Callable[[Step, StepContext], Result | None]
    take_back: Callable[[Operation, Result, StepContext], None]
    notes: Callable[[Operation], str] = _nothing
    keeps: Keeps = Keeps.NOTHING
    leaves: bool = False
    renames: bool = False
    writes: bool = False
    on_folders: bool = False
    in_place: bool = False
    source_stays: bool = False
    permits: bool = False
    about_destination: bool = False
    needs_source: bool = True
    needs_destination: bool = True
    made_ahead: bool = False
    kept_ahead: bool = False


TABLE: dict[Action, ActionRow] = {
    Action.MOVE: ActionRow(
        ActionWords(
            phrase="move {}",
            phrase_back="move {} back",
            one="Move {count} file",
            many="Move {count} files",
            past=("{count} file moved", "{count} files moved"),
            failed="not moved",
            not_undone="not moved back",
            verb="Move",
            fate="Moves to {place}",
            names_destination=True,
        ),
        do=moving.move,
        settle=moving.settle_move,
        take_back=moving.move_back,
        leaves=True,
        renames=True,
    ),
    Action.COPY: ActionRow(
        ActionWords(
            phrase="copy {}",
            phrase_back="take away {} copied",
            one="Copy {count} file",
            many="Copy {count} files",
            past=("{count} file copied", "{count} files copied"),
            failed="not copied",
            not_undone="copy not taken back",
            verb="Copy",
            fate="Copied to {place}",
            names_destination=True,
        ),
        do=copying.copy,
        settle=copying.settle_copy,
        take_back=copying.remove_copy,
        writes=True,
        source_stays=True,
        made_ahead=True,
    ),
    Action.LINK: ActionRow(
        ActionWords(
            phrase="hard-link {}",
            phrase_back="take away {} hard-linked",
            one="Link {count} file",
            many="Link {count} files",
            past=("{count} file linked", "{count} files linked"),
            failed="not linked",
            not_undone="link not taken back",
            verb="Link",
            fate="Linked at {place}",
            names_destination=True,
        ),
        do=copying.link,
        settle=copying.settle_link,
        take_back=copying.remove_link,
        source_stays=True,
    ),
    Action.REPLACE_WITH_LINK: ActionRow(
        ActionWords(
            phrase="replace {} by hard links",
            phrase_back="bring {} replaced by hard links back",
            one="Replace {count} exact copy by a hard link",
            many="Replace {count} exact copies by hard links",
            past=("{count} exact copy replaced by a hard link", "{count} exact copies replaced by hard links"),
            failed="not replaced by a link",
            not_undone="the file that stood here was not brought back",
            fate="Becomes a hard link of {name}",
            line="{destination} → hard link of {source}",
        ),
        do=replacing.replace_with_link,
        settle=replacing.settle_replaced_with_link,
        take_back=replacing.take_back_link,
        keeps=Keeps.DESTINATION,
        about_destination=True,
    ),
    Action.UPDATE: ActionRow(
        ActionWords(
            phrase="update {}",
            phrase_back="bring the earlier version of {} back",
            one="Update {count} file",
            many="Update {count} files",
            past=("{count} file updated", "{count} files updated"),
            failed="not updated",
            not_undone="the earlier version was not brought back",
        ),
        do=replacing.update,
        settle=replacing.settle_update,
        take_back=replacing.take_back_update,
        keeps=Keeps.REPLACED,
        writes=True,
        about_destination=True,
        made_ahead=True,
        kept_ahead=True,
    ),
    Action.SET_ASIDE: ActionRow(
        ActionWords(
            phrase="set aside {}",
            phrase_back="bring {} set aside back",
            one="Set {count} file aside",
            many="Set {count} files aside",
            past=("{count} file set aside", "{count} files set aside"),
            failed="not set aside",
            not_undone="not brought back",
        ),
        do=moving.set_aside,
        settle=moving.settle_set_aside,
        take_back=moving.move_back,
        keeps=Keeps.SOURCE,
        leaves=True,
        renames=True,
        needs_destination=False,
    ),
    Action.MAKE_FOLDER: ActionRow(
        ActionWords(
            phrase="make {}",
            phrase_back="take away folders that it made: {}",
            one="Make {count} folder",
            many="Make {count} folders",
            past=("{count} folder made", "{count} folders made"),
            failed="folder not made",
            not_undone="folder not taken back",
        ),
        do=folder_actions.make_folder,
        settle=folder_actions.settle_made,
        take_back=folder_actions.leave_folder,
        on_folders=True,
        source_stays=True,
        about_destination=True,
        needs_source=False,
    ),
    Action.REMOVE_FOLDER: ActionRow(
        ActionWords(
            phrase="remove {}",
            phrase_back="make {} removed folders again",
            one="Remove {count} empty folder",
            many="Remove {count} empty folders",
            past=("{count} empty folder removed", "{count} empty folders removed"),
            failed="folder not removed",
            not_undone="folder not made again",
        ),
        do=folder_actions.remove_folder,
        settle=folder_actions.settle_removed,
        take_back=folder_actions.make_again,
        leaves=True,
        on_folders=True,
        needs_destination=False,
    ),
    Action.CONVERT: ActionRow(
        ActionWords(
            phrase="write {}",
            phrase_back="take away {} written",
            one="Write {count} new file",
            many="Write {count} new files",
            past=("{count} new file written", "{count} new files written"),
            failed="nothing was made of it",
            not_undone="what was made of it was not taken back",
        ),
        do=making.convert,
        settle=making.settle_converted,
        take_back=making.remove_made,
        writes=True,
    ),
    Action.REWRITE: ActionRow(
        ActionWords(
            phrase="rewrite {}",
            phrase_back="bring {} back that were rewritten",
            one="Rewrite {count} file",
            many="Rewrite {count} files",
            past=("{count} file rewritten", "{count} files rewritten"),
            failed="not rewritten",
            not_undone="the earlier version was not brought back",
        ),
        do=making.rewrite,
        settle=making.settle_rewritten,
        take_back=making.take_back_rewrite,
        keeps=Keeps.DESTINATION,
        writes=True,
        in_place=True,
    ),
    Action.MERGE: ActionRow(
        ActionWords(
            phrase="complete {}",
            phrase_back="bring {} back that were completed",
            one="Complete {count} file with what its copies state",
            many="Complete {count} files with what their copies state",
            past=("{count} file completed", "{count} files completed"),
            failed="not completed",
            not_undone="the earlier version was not brought back",
            line="{destination}",
        ),
        do=making.rewrite,
        settle=making.settle_rewritten,
        take_back=making.take_back_rewrite,
        keeps=Keeps.DESTINATION,
        writes=True,
        in_place=True,
    ),
    Action.PERMIT: ActionRow(
        ActionWords(
            phrase="change the permissions of {}",
            phrase_back="set the permissions of {} back",
            one="Change the permissions of {count} file",
            many="Change the permissions of {count} files",
            past=("permissions of {count} file changed", "permissions of {count} files changed"),
            failed="permissions not changed",
            not_undone="permissions not set back",
        ),
        do=permitting.permit,
        settle=permitting.settle_permitted,
        take_back=permitting.take_back_permissions,
        notes=permitting.before,
        permits=True,
        about_destination=True,
    ),
    Action.EXTRACT: ActionRow(
        ActionWords(
            phrase="take {} out of archives",
            phrase_back="take away {} taken out of archives",
            one="Take {count} file out of an archive",
            many="Take {count} files out of archives",
            past=("{count} file taken out of an archive", "{count} files taken out of archives"),
            failed="not taken out of its archive",
            not_undone="what was taken out of an archive was not taken back",
            verb="Import",
            fate="Copied to {place}",
            names_destination=True,
        ),
        do=extracting.extract,
        settle=extracting.settle_extracted,
        take_back=extracting.remove_extracted,
        writes=True,
        source_stays=True,
        made_ahead=True,
    ),
}


def row_of(operation: Operation) -> ActionRow:
    """The row of an operation's action."""
    return TABLE[operation.action]


def about(operation: Operation) -> str:
    """The path that a person thinks of when they think of this operation."""
    return operation.destination if row_of(operation).about_destination else operation.source


def kept_path(operation: Operation) -> str:
    """Path of the file that goes to the versions; empty when none does."""
    keeps = row_of(operation).keeps
    if keeps is Keeps.NOTHING or (keeps is Keeps.REPLACED and operation.replaces is None):
        return ""
    return operation.source if keeps is Keeps.SOURCE else operation.destination


def leaves_folder(operation: Operation) -> bool:
    """Whether the source is a folder that goes."""
    row = row_of(operation)
    return row.on_folders and row.leaves


def forward(operation: Operation, error: Trouble | OSError) -> Problem:
    """The problem of an operation that was not carried out."""
    told = row_of(operation).words
    what = told.failed
    if told.names_destination:
        what = Standing.TO_PLACE(what=what, path=paths.display(operation.destination))
    return words.problem(about(operation), what, error)


def back(operation: Operation, error: Trouble | OSError) -> Problem:
    """The problem of an operation that was not undone."""
    return words.problem(about(operation), row_of(operation).words.not_undone, error)
