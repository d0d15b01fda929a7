"""Patterns of paths, as git and rsync mean them, for all jobs alike; read by pathspec.

``*.tmp`` is a name anywhere, ``/cache`` one at the root, ``a/b`` a path from the root, ``cache/`` a folder,
``a/**/b`` a path with anything between; ``*`` stops at a slash, and what matches a folder matches all that is in it.
The last of several that match counts, and ``!keep`` takes one out again.  Other than there case is ignored, since
cameras write ``.JPG``.  The library is loaded only where there is a pattern.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from image_sync.base.said import Common

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Patterns:
    """Patterns of paths, compiled as one."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._spec = _read(patterns)

    def __bool__(self) -> bool:
        """Whether there is any pattern."""
        return self._spec is not None

    def match(self, path: str, folder: bool = False) -> bool:
        """Whether they match ``path``, which is below a root, or a folder that it lies in; never without a pattern."""
        if self._spec is None:
            return False
        plain = path.replace(os.sep, "/").casefold()
        return self._spec.match_file(plain + "/" if folder else plain)


def unreadable(patterns: Iterable[str]) -> str:
    """The fault of the first pattern that can't be read, in words; empty when all can."""
    for pattern in patterns:
        try:
            spec = _read([pattern])
            meant = spec is not None and bool(spec.patterns) and all(one.include is not None for one in spec.patterns)
        except ValueError:
            meant = False
        if not meant:
            return Common.UNREAD_PATTERN(pattern=pattern)
    return ""


def _read(patterns: Iterable[str]) -> GitIgnoreSpec | None:
    """The patterns compiled; ``None`` where there are none.  Raises ``ValueError`` for one that can't be read."""
    lines = [_line(pattern) for pattern in patterns]
    if not lines:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def _line(pattern: str) -> str:
    """A pattern as a line of a .gitignore file, where a number sign would begin a remark."""
    plain = (pattern.replace("\\", "/") if os.sep == "\\" else pattern).casefold()
    return "\\" + plain if plain.startswith("#") else plain
