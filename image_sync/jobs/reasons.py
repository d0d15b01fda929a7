"""Reasons that several jobs give: what a copy holds more than another.

A table of templates (``base.said``); who chooses among them stands in ``holdings``.
"""

from __future__ import annotations

from enum import Enum

from image_sync.base.said import Saying


class Holds(Saying):
    """Thing that the better of two copies holds more."""

    RAW = "has the RAW file beside the picture, which the other lacks"
    PAGES = "has {more} pages: the other has {fewer}"
    FRAMES = "has {more} frames: the other has {fewer}"
    PICTURES = "has {more} pictures: the other has {fewer}"
    MOVIE = "has the movie of the moment, which the other lacks"
    GAIN_MAP = "has the brightness map for better screens, which the other lacks"
    FURTHER = "has further pictures of the shot, which the other lacks"
    TONES = "{best}: the other is {other}"
    SHADES = "finer shades: {best} bits a channel against {other}"
    ALPHA = "has transparent parts, which the other lacks"
    WIDE = "has a profile of more colours, which the other lacks"
    ONE = "one"


class Toning(Enum):
    """Words for what a picture has of colours."""

    TWO = "in two tones"
    GREY = "without colour"
    COLOUR = "in colour"


class Mistake(Saying):
    """Mistake in the choice of a folder, whatever the job."""

    NAMED = "{called} {folder}"
    NOT_THERE = "{folder} is not there; is its disk connected, or has it yet to be made?"
    NO_FOLDER = "{folder} is not a folder"
    NO_NAME = "{folder} is no name of a folder"
    UNREADABLE = "{folder} can't be read: {why}"
    CANT_BE_MADE = "{folder} can't be made: {place} is not a folder"
    IMMOVABLE = "Nothing can be moved out of {folder}: it is read-only, or permission is missing; copy instead"
    CLOSED = "Nothing can be written in {folder}: it is read-only, or permission is missing"
    OWN_FOLDER = "{folder} lies in {own}, where earlier versions are kept"
    SAME_FOLDER = "This is the same folder as an input before it; one is enough"
    SAME_ARCHIVE = "This is the same archive as an input before it; one is enough"


class Filtering(Saying):
    """Mistake in the filters of files, and the note on those that they name in vain."""

    NO_TIME = (
        "“{typed}” is no time; write it as a day (2024-01-31), a moment (2024-01-31T18:00) or an age (12h, 7d, 2w, 1y)"
    )
    NO_SIZE = "A size is a number of bytes, 0 or more"
    NO_RANGE = "No file is larger than {least} and no larger than {most}"
    NO_DEPTH = "The depth is a number of folders, 1 or more"
    ELSEWHERE = (
        "{count} listed file lies in none of the folders and is left alone: {names}.",
        "{count} listed files lie in none of the folders and are left alone: {names}.",
    )


class Room(Saying):
    """Words on the room for what a plan writes."""

    MAY_NOT_FIT = "There may not be enough room: {needed} would be written, {free} are free."
    TOO_LITTLE = (
        "There is not enough room in {folders}: {needed} would be written, {free} are free. Make room and try again."
    )
