"""Reasons and notes of *sync*: the table of what it says, by code.

Templates alone (``base.said``); who says them stands in the rules.  Whatever lies *in* a side is named by ``Place``, so
that another language can bend the word.
"""

from __future__ import annotations

from enum import Enum

from image_sync.base.said import Saying
from image_sync.jobs.sync.model import Side


class Place(Enum):
    """A side, as where something is."""

    SOURCE = "in the source"
    TARGET = "in the target"
    BOTH = "in the source and in the target"


class Named(Enum):
    """A side, as the one that is spoken of."""

    SOURCE = "The source"
    TARGET = "The target"


class From(Enum):
    """A side, as where something is gone from."""

    SOURCE = "from the source"
    TARGET = "from the target"


def place_of(side: Side) -> Place:
    """Place of something on a side."""
    return Place.SOURCE if side is Side.SOURCE else Place.TARGET


class Reason(Saying):
    """Reason why a path is decided as it is."""

    ONLY = "only {place}"
    SAME = "same content"
    FOLDERS = "a folder on both sides"
    KINDS = "{source} in the source, {target} in the target"
    SPECIAL = "a pipe, a socket or a device of that name is {place}"
    CHANGE_KEPT = "deleted {gone}, but changed {place}: the change is kept"
    PERHAPS_KEPT = "deleted {gone}, but perhaps changed {place}: the change is kept"
    DELETED = "deleted {gone} since the last run"
    DELETED_UNCHANGED = "deleted {gone} since the last run, unchanged {place}"
    DELETED_RESTORED = "deleted {gone} since the last run: copied back"
    GONE_AND_EMPTY = "gone {gone}, and empty now"
    NOT_COMPARED = "its content could not be compared"
    DECAYED = "its content changed although nothing was written to it: the disk may be failing"
    DECAYED_IN = "its content {place} changed although nothing was written to it: the disk may be failing"
    CHANGED = "changed {place} since the last run"
    CHANGED_TOUCHED = "changed {place} since the last run, touched {other}: nobody remembers what that held"
    BOTH_SAME_TIME = "changed on both sides since the last run, same time"
    BOTH_NEWER = "changed on both sides since the last run; the one {place} is newer"
    OTHER_SAME_TIME = "different content, same time"
    OTHER_NEWER = "different content; the one {place} is newer"
    TWO_NEW_PICTURES = "two new pictures since the last run that can't be told to be versions of one"
    TWO_PICTURES = "two different pictures"
    TWO_PICTURES_AND = "two different pictures: {why}"
    TWO_PICTURES_NEW = "two different pictures, both new since the last run"
    EMPTY = "empty {place}, not {other} ({why})"
    TOOK_THE_PLACE = "{new} took the place of {old} {place} since the last run"
    HOLDS_MORE = "the folder {place} holds what is not synced, so nothing can take its place"
    MOVED_TO = "moved {place}, is {path} now"
    MOVED_FROM = "moved {place}, was {path}"
    RENAMED_FROM = "renamed {place}, was {path}"
    RENAMED_ONTO = "renamed {place}, was {path}; another new file {other} has that name"
    NAMES_MEET = "{place} its name can't stand beside {other}: only case or Unicode form differ"
    PERMISSIONS_CHANGED = "permissions changed {place} since the last run"
    ATTRIBUTES_CHANGED = "attributes changed {place} since the last run"
    FROM_TO = "{why}: {before} to {after}"
    PERMISSIONS_BOTH = "permissions changed on both sides since the last run"
    ATTRIBUTES_BOTH = "attributes changed on both sides since the last run"
    PERMISSIONS_OTHER = "other permissions, and nobody remembers which side changed"
    ATTRIBUTES_OTHER = "other attributes, and nobody remembers which side changed"
    PERMISSIONS_AND_CONTENT = "permissions changed {place} since the last run, and the content {other}"
    ATTRIBUTES_AND_CONTENT = "attributes changed {place} since the last run, and the content {other}"
    CHOSE_SOURCE = "{why}; you chose the source"
    CHOSE_TARGET = "{why}; you chose the target"
    CHOSE_BOTH = "{why}; you chose to keep both"
    LEFT_ALONE = "{why}; left alone"


class Noted(Saying):
    """A fact about a comparison that the user should know."""

    TWO_PICTURES = (
        "{count} name stands for two different pictures; the newer stays, the other goes to the versions. To keep "
        "both, choose so for “Different pictures of one name” (--different-shots keep-both).",
        "{count} names stand for two different pictures; the newer stays, the other goes to the versions. To keep "
        "both, choose so for “Different pictures of one name” (--different-shots keep-both).",
    )
    OLDER = (
        "{side} {folder} is older than the last run left it (a clone, a snapshot or a restored disk): the two "
        "folders are compared for the first time."
    )
    ANOTHER_FOLDER = "Another folder than at the last run is at {folder}: the two are compared for the first time."
    UNMARKED = "{folder} could not be marked ({why}); the next run compares the two for the first time."
    CLONES = (
        "{one} and {other} can't be told apart but by their paths: one is a clone of the other's disk. What they held "
        "is remembered for these paths alone."
    )
    MARK_DAMAGED = "The mark {path} is damaged; it is kept beside a new one."
    NO_MARK = (
        "{folder} is known by its path alone, since its file system has no lasting ids and no mark can be written "
        "there."
    )
    STRANGE_MARK = (
        "{folder} is known by its path alone, since its file system has no lasting ids and {what} stands at {path}."
    )
    LOG = "The log is {path}"
    NO_LOG = "The log can't be written to {path}: {why}."
    NOT_REMEMBERED = "What the two folders held is not remembered: {path} can't be used ({why})."
    NO_PERMISSIONS = "{folder} can't keep permissions: they are not carried."
    NO_PERMISSIONS_ON = "{folder} can't keep permissions ({kind}): they are not carried."
    NO_ATTRIBUTES = "{folder} can't keep attributes of files: of permissions, only who may do what is carried."
    NO_MEMORY = "The memory of earlier runs can't be used ({why}); both folders are compared as they are."
    SPECIALS = (
        "{count} pipe, socket or device in {folder} can't be synced: {names}.",
        "{count} pipes, sockets or devices in {folder} can't be synced: {names}.",
    )


class Refusal(Saying):
    """Reason why nothing should be done."""

    EMPTIED = (
        "{side} {folder} is empty, but at the last run it held {files}. Is its disk connected? If you emptied it "
        "yourself, say --max-delete 100."
    )
    FILES = ("{count} file", "{count} files")
    MUCH_GONE = (
        "{gone} of the {total} files that both folders held at the last run are gone {gone_from} {folder}. Is it "
        "the right folder? If you deleted them yourself, say --max-delete {share}."
    )


class Mistake(Saying):
    """Mistake in a request."""

    NO_ANSWER = "Conflicts are answered by source, target, keep-both or skip, not {answer}"
    SHARE = "The share of files that may be gone lies between 0 and 100 per cent"
    NOT_PROPAGATED = (
        "Deletions are not carried over while size or time leave files out: one that was renamed and changed could not "
        "be told from one that is gone. Choose restore or ask, or take all sizes and times"
    )
    TOLERANCE = "How far times may be apart is a number of seconds, 0 or more"
    NO_SOURCE = "Choose a folder for the source"
    NO_TARGET = "Choose a folder for the target"
    SAME = "The source {source} and the target {target} are the same folder"
    SAME_OTHERWISE = "The source {source} and the target {target} are the same folder, by another way"
    TARGET_INSIDE = "The target {target} lies inside the source {source}; choose two separate folders"
    SOURCE_INSIDE = "The source {source} lies inside the target {target}; choose two separate folders"
    CLOSED = "Nothing can be written in {folder}: it is read-only, or permission is missing."
    UNREADABLE = "{side} {folder} can't be read: {why}."
    ANOTHER_NOW = "{side} {folder} is not what it was when it was scanned. Is its disk still connected? Scan again."
