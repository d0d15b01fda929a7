"""Reasons why an operation could not be done, in words for a person.

Everything in this room that gives up on one file raises ``Trouble`` or lets an ``OSError`` through, and only
``problem`` turns either into a ``Problem``.  Nothing here touches a file.
"""

from __future__ import annotations

import os

from image_sync.base import paths
from image_sync.base.errors import explained
from image_sync.base.model import Problem
from image_sync.base.said import Common, Saying


class Standing(Saying):
    """State of the place where an operation would have worked, and what went before it."""

    TO_PLACE = "{what} to {path}"
    IS_THERE = "{what} is there now"
    OF_THAT_NAME = "{what} of that name is there now"
    NO_FOLDER = "{what} stands where a folder is needed"
    GOES_WITH = "it goes with {name}, which could not be done"
    COMPARE = "The earlier file is {path}; compare the two."
    NO_JOURNAL = "its journal can't be written any more: {why}"


class Trouble(Exception):
    """One operation can't be done; nothing of it was done.

    ``why`` and ``hint`` are those of the ``Problem``; ``path`` is the place in question where it is another than the
    operation's own.
    """

    def __init__(self, why: str, hint: str = "", path: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint
        self.path = path


def problem(path: str, what: str, error: Trouble | OSError) -> Problem:
    """Problem of ``path`` with what could not be done, and why; another path in question is named."""
    if isinstance(error, Trouble):
        why, hint, place = error.why, error.hint, error.path
    else:
        (why, hint), place = explained(error), _place(error)
    if place and place != path and not what.endswith(f" {paths.display(place)}"):
        why = Common.OF_PATH(path=paths.display(place), why=why)
    return Problem(path, what, why, hint)


def _place(error: OSError) -> str:
    name = error.filename
    return os.fsdecode(name) if isinstance(name, (str, bytes)) else ""
