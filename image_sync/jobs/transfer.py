"""Transfer of a file to the output folder: move, copy or hard link."""

from __future__ import annotations

from enum import Enum


class Transfer(Enum):
    """How a picture gets to the output folder."""

    MOVE = "move"
    COPY = "copy"
    LINK = "link"
