"""Reasons and notes of *organize*: the table of what it says, by code.

Templates alone (``base.said``); who says them stands in the rules.
"""

from __future__ import annotations

from enum import Enum

from image_sync.base.said import Saying


class Best(Saying):
    """Reason why the best copy comes before another."""

    ONE_AND_MORE = "{first}; {further}"
    AGAINST = "against {names}: {why}"
    WHOLE = "whole: the other is damaged ({damage})"
    REFERENCE = "it is in the reference folder"
    PREFERRED = "it is in the preferred folder"
    SHOWS_MORE = "it shows the whole picture: the other is cropped, or has a border or a caption"
    NOT_ALTERED = "not altered: the other is {how}"
    BOTH_DAMAGED = "both are damaged; its path comes first"
    ALIKE = "the copies are equally good; its path comes first"
    NO_MATTER = "nothing that counts tells them apart ({difference}); its path comes first"
    DIFFERENT_FORMATS = "{one} and {other}"
    SOME_PIXELS = "{one} both, and some pixels differ"
    NOT_ENLARGED = "not enlarged: the {size} of the other were made from fewer pixels"
    MORE_PIXELS = "more pixels: {best} against {other}"
    LESS_COMPRESSED = "less compressed: {best} against {other}"
    MADE_FROM = "{format} made from a JPEG of quality {quality}"
    JPEG_OF_QUALITY = "JPEG of quality {quality}"
    A_LITTLE_SHARPER = "a little sharper"
    SHARPER = "sharper: {share} more fine detail"
    MUCH_SHARPER = "much sharper"
    HAS_DATA = "has {data}, which the other lacks"
    MORE_FILES = "more files belong to it"
    MORE_DATA = "has more camera data"
    TRUE_SUFFIX = "its suffix tells what it is: the other is {format} too and called “{suffix}”"
    ORIGINAL_NAME = "original name: “{name}” is what a program gives to a copy"
    NOT_OF_A_CHAT = "original name: “{name}” is what a program of a chat, a browser or a screenshot gives"
    OLDER = "older file"
    YEARS_OLDER = ("older file, by {count} year", "older file, by {count} years")
    DAYS_OLDER = ("older file, by {count} day", "older file, by {count} days")
    HOURS_OLDER = ("older file, by {count} hour", "older file, by {count} hours")
    MINUTES_OLDER = ("older file, by {count} minute", "older file, by {count} minutes")
    SECONDS_OLDER = ("older file, by {count} second", "older file, by {count} seconds")


class Altered(Enum):
    """Words for how a copy was altered."""

    BLURRED = "blurred"
    SHARPENED = "sharpened"
    TONED = "toned"


class Data(Enum):
    """Words for what one copy states and another lacks."""

    DATE = "the capture date"
    CAMERA = "the camera's name"
    PLACE = "the place"
    EXIF = "camera data"
    RATING = "a rating"
    CAPTION = "a caption"
    KEYWORDS = "keywords"
    SIDECAR = "a sidecar"


class Another(Enum):
    """Words for what a copy states otherwise; they follow *another*."""

    TAKEN = "capture date"
    OFFSET = "time zone"
    POSITION = "place"
    RATING = "rating"
    TITLE = "title"
    CAPTION = "caption"
    KEYWORDS = "keyword"
    ARTISTS = "artist"
    COPYRIGHT = "copyright"


class Reason(Saying):
    """Reason of an operation."""

    NO_MATCH = "no match"
    NO_MATCH_ELSEWHERE = "no match in another folder"
    BEST = "best of {number}"
    BEST_SINCE = "best of {number}: {why}"
    SHOT_OF_SERIES = "another shot of the series with {best}"
    SHOWN_WITHIN = "shows {best} within it, and more: no copy of it"
    SIMILAR = "{share} similar to {best}, {sure}"
    SAME_FILE = "identical file as {best}"
    SAME_PIXELS = "identical pixels as {best}"
    SAME_BYTES = "identical to {path}"
    GETS = "gets {gains}"
    GETS_FOR = "gets {gains} for {name}"
    FACTS_OF = "{facts} of {names}"
    AND = "{first}, {second}"
    STATES_OTHER = "states another {facts} than “{name}”, which keeps its own"


class Noted(Saying):
    """A fact about a review that the user should know."""

    ALREADY_THERE = (
        "{count} picture from an earlier run: already in the output, left as is.",
        "{count} pictures from an earlier run: already in the output, left as is.",
    )
    OTHER_DISK = (
        "{count} exact copy on another disk: can't be a hard link.",
        "{count} exact copies on another disk: can't be a hard link.",
    )
    UNLIKE = "Left as they are (other owner, permissions or attributes than the best): {names}."
    LINKS_KEPT = "What a link replaces is kept in {folder} of its folder, so that the run can be undone."
    MERGED_KEPT = "What is completed is kept as it was in {folder} of its folder, so that the run can be undone."
    STATES_OTHER = (
        "{count} copy states something else than the best one, which keeps its own: named at each of them.",
        "{count} copies state something else than the best one, which keeps its own: named at each of them.",
    )
    UNCHANGED = "Not completed with what their copies state, since a reference folder is never changed: {names}."
    PARTED = "In no group together although {share} similar or more: {pairs}."
    AND = "{one} and {other}"
    ALSO = "{first}; {second}"
    MORE_PAIRS = ("and {count} more pair", "and {count} more pairs")
    NO_PICTURES = "There are no pictures in {folder}."
    MORE_PATHS = (
        "{count} more path leads to files that are listed already: not copies, left alone.",
        "{count} more paths lead to files that are listed already: not copies, left alone.",
    )
    OUTPUT_INSIDE = "{inner} lies inside {outer} and is not searched."
    FOLDER_INSIDE = "{inner} lies inside {outer} and is taken as a folder of its own."
    OTHER_KINDS = (
        "{count} file is a picture of kinds that are not read, and left alone: {kinds}.",
        "{count} files are pictures of kinds that are not read, and left alone: {kinds}.",
    )
    KIND = "{suffix} ({count})"
    WITHOUT_SUFFIX = "without a suffix ({count})"
    MORE_KINDS = "{count} more kinds"
    NEARLY_EXACT = (
        "{number} pictures were searched nearly exactly: about one similar pair of a thousand may be missing. "
        "An exact search (--exact-search) takes about twice as long."
    )
    WITHOUT_LOOK = (
        "OpenCV is not there, so pictures that differ in a small place only (other text, another switch, another "
        "colour) are not told apart."
    )
    WITHOUT_CORNERS = (
        "OpenCV is not there, so edited pictures are compared by their small copies alone; some with large captions, "
        "frames or crops are not found."
    )
    RAW_KEPT = "They stay where they are, since the picture that stays has no RAW file: {names}."
    WHOLE_COPY = "a whole copy is {path}"


class Mistake(Saying):
    """Mistake in a request."""

    THRESHOLD = "The threshold must lie between {lowest} and {highest}"
    NO_FOLDER = "Choose a folder"
    SAME_FOLDER = "This is the same folder as Folder {number}; choose another one"
    NO_REFERENCE = "The reference folder {folder} is not one of the input folders"
    NO_BETWEEN = "Only one folder is chosen; matches between folders need two or more"
    NO_OUTPUT = "Choose a folder for the result"
    OUTPUT_IS_INPUT = "The output must be another folder than the inputs"
    INPUT_IN_OUTPUT = "The input {folder} lies inside the output; choose another output folder"
