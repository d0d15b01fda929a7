"""Reasons and notes of *import*: the table of what it says, by code.

Templates alone (``base.said``); who says them stands in the rules.
"""

from __future__ import annotations

from enum import Enum

from image_sync.base.said import Saying


class Reason(Saying):
    """Reason of what becomes of one picture or file."""

    IN_PLACE = "in its place"
    KNOWN = "already in the library: {place}"
    SAME_PICTURE = "the same picture as {place}"
    DATED = "{day} ({source})"
    UNDATED = "no date is known"
    SMALL = "small, {why}"
    AS_POORER = "{why}, as the same picture there, which holds less"
    RENAMED = "{why}, renamed since its name is taken"
    BETTER_PLACE = "the same picture gets a better place: {place}"
    PLACE_OF_POORER = "a better place, which {name} has: the same picture, but that one holds less"
    DATE_SET = "its date is set: {day}"
    STATES_DATE = "states the date of {name}, which can't be changed: {day}"
    A_JPEG = "a JPEG of {name}"
    BELONGS_NOW = "belongs to {name} now"
    ORIGINAL = "the original of a JPEG"
    EMPTIED = "the import emptied it"


class DatedBy(Enum):
    """Words for what a date was read from besides the files themselves."""

    FOLDER = "folder name"
    USER = "your correction"


class Noted(Saying):
    """A fact about an import that the user should know."""

    NOT_COMPARED = (
        "{count} picture was not compared with the library; scan again to see duplicates.",
        "{count} pictures were not compared with the library; scan again to see duplicates.",
    )
    YEARS_AWAY = (
        "{count} picture lies in a folder that is years away from the camera's date: {names}.",
        "{count} pictures lie in folders that are years away from the camera's date: {names}.",
    )
    BOTH_DATES = "{name} (folder {folder}, camera {camera})"
    FOLDER_DATE = "{name} (folder {folder})"
    KEPT_TWICE = (
        "{count} picture stands in two folders, each of which describes it as well as the other: {names}.",
        "{count} pictures stand in two folders, each of which describes it as well as the other: {names}.",
    )
    AS_WELL_AS = "{one} as well as {other}"
    WORDS_LOST = (
        "The words of {count} folder are not kept, since the pattern has no {field}: {names}.",
        "The words of {count} folders are not kept, since the pattern has no {field}: {names}.",
    )
    SIDECARS_LEFT = (
        "{count} picture without a date have an XMP sidecar already, which is left as it is.",
        "{count} pictures without a date have an XMP sidecar already, which is left as it is.",
    )
    CROWDED = (
        "{count} folder holds more than {most} entries: {names}.",
        "{count} folders hold more than {most} entries: {names}.",
    )
    FOLDER_OF = "{folder} ({number})"
    OUTPUT_ITSELF = "the output itself ({number})"
    INSIDE = "{inner} lies inside {outer} and is not searched."
    ARCHIVE_STAYS = (
        "The archive stays as it is: what is imported from it is copied.",
        "The archives stay as they are: what is imported from them is copied.",
    )
    NOT_OPENED = (
        "{count} archive in {folder} is not opened: {names}. To import it, unpack it or name it as an input.",
        "{count} archives in {folder} are not opened: {names}. To import them, unpack them or name them as an input.",
    )
    SKIPPED = (
        "{name} in {folder} is left as it is: {count} file.",
        "{name} in {folder} is left as it is: {count} files.",
    )
    BINS = "Bins and thumbnails in {folder} are not looked at: {names}."
    THROWN = (
        "{count} file in the bin of {whose} ({bin}) in {folder} is not imported.",
        "{count} files in the bin of {whose} ({bin}) in {folder} are not imported.",
    )
    TRASHED = (
        "{count} picture lay in the bin when {folder} was exported and is not imported: {names}.",
        "{count} pictures lay in the bin when {folder} was exported and are not imported: {names}.",
    )
    STOPPED = (
        "The scan was stopped: {done} of {count} picture had been compared; only these are in the plan.",
        "The scan was stopped: {done} of {count} pictures and movies had been compared; only these are in the plan.",
    )
    LIBRARY_CHANGED = "The library is not as the last import left it: {what}. It was looked at again."
    CHANGED = "{count} changed"
    GONE = "{count} gone"
    DOUBTFUL = (
        "{count} file states a date that can't be true, which is passed over: {names}.",
        "{count} files state a date that can't be true, which is passed over: {names}.",
    )
    WITH_DATE = "{name} ({date})"
    ORPHANS = (
        "{count} sidecar has no picture and stays: {names}.",
        "{count} sidecars have no picture and stay: {names}.",
    )
    NO_PICTURES = (
        "{count} file is no picture and stays where it is.",
        "{count} files are no pictures and stay.",
    )
    NOT_READ = (
        "{count} picture is of a kind that can't be read here and stays: {kinds}.",
        "{count} pictures are of a kind that can't be read here and stay: {kinds}.",
    )
    KIND = "{number} {kind}"
    NOT_REMEMBERED = "What is read is not remembered: {path} can't be used ({why})."
    NO_REGISTRY = "What is known of the library can't be used or kept ({why}); it is read again next time."


class Mistake(Saying):
    """Mistake in a request."""

    NO_LINKS = "An import moves or copies; it makes no links"
    IN_PLACE_MOVES = "A library is put in order in place by moving: copies would be there twice"
    SMALL = "The limit for small pictures is a number of pixels"
    CROWDED = "The number of entries of a folder is at least 1"
    PREFIX = "No folder's name can begin with {prefix}"
    NO_PREFIX = "No folder's name can begin with nothing"
    FOLDER_PATTERN = "The pattern for folders can't be used: {why}"
    NAME_PATTERN = "The pattern for names can't be used: {why}"
    NO_INPUT = "Choose a folder or an archive to import"
    NO_ARCHIVE = "{name} is not a folder, and no archive that is read here (zip, tgz, tar)"
    UNREADABLE = "{name} can't be read: {why}"
    NO_OUTPUT = "Choose the library to import into"
    IN_SYSTEM_FOLDER = "{what} {folder} lies in {name}, {purpose}; choose a folder outside of it"
    NO_ZONE = "There is no time zone called {name}; write it like Europe/Berlin or +02:00"
    NEEDS_YEAR = "it needs {year}: without it nobody would know the year of a picture that states none"
    NEEDS_MONTH = "{day} tells nothing without {month}"
    NO_FIELD = "it has no field: every picture would have the same name"
    TOO_LONG = "it is longer than {most} characters"
    LEADS_OUT = "it leads out of the library: it must begin with a name, not with / or ~"
    UNKNOWN_FIELD = "there is no field {name}; there are {offered}"
    NO_COUNTERPART = "a curly bracket has no counterpart"
    PART_EMPTY = "a part of it is empty"
    EMPTY = "it is empty"
    NO_FOLDER_CALLED = "it leads out of the library: no folder may be called {name}"
    NO_SLASH = "a name has no /; folders have a pattern of their own"
    NOT_IN_A_NAME = "{letters} can't stand in a name on every disk"
    HIDDEN = "a name that begins with a dot is hidden"
    ENDS = "no name may begin or end with a space, or end with a dot"
    RESERVED = "{name} is no name on every disk"
    NO_DATE = "{text} is no date; write it like 2004, 2004-03 or 2004-03-05"


class Role(Enum):
    """Role of a chosen folder in the import."""

    INPUT = "The input"
    OUTPUT = "The output"


class Purpose(Enum):
    """Purpose of a folder that the program keeps."""

    DUPLICATES = "where an import puts duplicates"
    MOVIES = "where an import puts movies"
    MIGRATED = "where an import keeps the originals of converted pictures"
    UNDATED = "where an import puts pictures without a date"
    SMALL = "where an import puts small pictures"
