"""Reasons that several jobs give: what a copy holds more than another.

A table of templates (``base.said``); who chooses among them stands in ``holdings``.
"""

from __future__ import annotations

from enum import Enum

from image_sync.base.said import Saying


class Holds(Saying):
    """What the better of two copies holds more."""

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
    """What a picture has of colours, in words."""

    TWO = "in two tones"
    GREY = "without colour"
    COLOUR = "in colour"
