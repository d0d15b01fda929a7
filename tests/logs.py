"""The logs that a test's programs have written."""

from __future__ import annotations

import os
from pathlib import Path

from image_sync.base import places


def logs() -> list[Path]:
    """The files of the log in the test's own home, the oldest first."""
    return sorted(Path(os.fspath(places.state_folder()), "logs").glob("*.log"))


def logged() -> str:
    """All that is in them."""
    return "".join(path.read_text(encoding="utf-8") for path in logs())
