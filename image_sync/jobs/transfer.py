"""Transfer of a file to the output folder: move, copy or hard link; and the declarations of options that jobs share."""

from __future__ import annotations

from enum import Enum

from image_sync.base.options import N_, Kind, Option, Place


class Transfer(Enum):
    """Transfer of a picture to the output folder."""

    MOVE = "move"
    COPY = "copy"
    LINK = "link"


WHICH_FILES = "which files"
TREATMENT = "what becomes of them"
LEAVE_OUT = N_("Leaving out other files needs a new scan.")


def include(group: str, place: Place) -> Option:
    """The patterns of files that alone are looked at."""
    return Option(
        kind=Kind.NAMES,
        group=group,
        flag="--include",
        metavar="GLOB",
        help="only files like this (may be repeated)",
        words=N_("Only these"),
        meaning=N_("Patterns such as *.jpg; /2024, separated by semicolons."),
        place=place,
        again=LEAVE_OUT,
    )


def exclude(group: str, place: Place, help_words: str = "no files like this") -> Option:
    """The patterns of files that are left out."""
    return Option(
        kind=Kind.NAMES,
        group=group,
        flag="--exclude",
        metavar="GLOB",
        help=f"{help_words} (may be repeated)",
        words=N_("None of these"),
        meaning=N_("Patterns such as *.tmp; cache/, separated by semicolons. What they match stays as it is."),
        place=place,
        again=LEAVE_OUT,
    )
