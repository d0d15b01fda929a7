"""Filter of the paths that a sync concerns: the user's patterns, the kinds of files, what systems leave behind.

The same answer for a name on a disk and for one in the memory, whichever it is asked for: what is not concerned is
neither there nor gone.  Size and time can be asked of what stands there only (``takes_stamp``); who asks leaves a path
alone on both sides when either file is left out.  Nothing here touches a disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from image_sync.base import paths
from image_sync.base.model import FileKind
from image_sync.base.own_files import LITTER, LITTER_PREFIXES, OWN_FOLDER, TEMPORARY_PREFIX
from image_sync.base.patterns import Patterns
from image_sync.inventory.narrowing import EVERYTHING, Narrowing
from image_sync.jobs.sync.request import SyncRequest
from image_sync.pictures.formats import kind_of

_IMAGES = frozenset(FileKind) - {FileKind.OTHER}
_OWN = os.fsencode(OWN_FOLDER)
_TEMPORARY = os.fsencode(TEMPORARY_PREFIX)
_LITTER = frozenset(os.fsencode(name) for name in LITTER)
_LITTER_PREFIXES = tuple(map(os.fsencode, LITTER_PREFIXES))


class Choice:
    """Choice of the paths that count.

    What ``exclude`` matches is out, with all that is below it; ``include`` takes only the files it matches (see
    ``base.patterns``).  ``left_out`` are files, by their paths below either root, that never count.
    """

    def __init__(self, request: SyncRequest, left_out: Iterable[str] = (), narrowing: Narrowing = EVERYTHING) -> None:
        self._left_out = frozenset(left_out)
        self._litter = request.litter
        self._images_only = request.images_only
        self._include = Patterns(request.include)
        self._exclude = Patterns(request.exclude)
        self.narrowing = narrowing
        own = request.images_only or self._include
        self.plain = not (own or self._exclude or self._left_out) and narrowing.is_any
        self.whole = not (own or narrowing.by_choice)
        """Whether all files count but for those that are excluded; then empty folders count too."""

    def takes_name(self, name: bytes) -> bool:
        """Whether nothing speaks against a file or folder of that name, by the name alone: not ours, no litter."""
        if name.startswith(_TEMPORARY) or name == _OWN:
            return False
        lower = name.lower()
        return self._litter or not (lower in _LITTER or lower.startswith(_LITTER_PREFIXES))

    def takes_folder(self, path: bytes) -> bool:
        """Whether a folder that is called right is entered."""
        text = os.fsdecode(path)
        return self.narrowing.enters(text) and not self._exclude.match(text, folder=True)

    def takes_file(self, path: bytes) -> bool:
        """Whether a file or link that is called right, in a folder that is entered, counts."""
        text = os.fsdecode(path)
        if text in self._left_out or self._exclude.match(text):
            return False
        if not (self.narrowing.reaches(text) and self.narrowing.names(text)):
            return False
        if self._images_only and kind_of(text) not in _IMAGES:
            return False
        return not self._include or self._include.match(text)

    def takes_stamp(self, size: int, mtime_ns: int) -> bool:
        """Whether a file of that size and time counts."""
        return self.narrowing.fits(size, mtime_ns)

    def takes_path(self, path: bytes, folder: bool) -> bool:
        """Whether a remembered path counts: it, and every folder on the way to it."""
        parts = path.split(os.fsencode(paths.SEPARATOR))
        if not all(map(self.takes_name, parts)):
            return False
        if self.plain:
            return True
        above = [b"/".join(parts[:length]) for length in range(1, len(parts))]
        if not all(map(self.takes_folder, above)):
            return False
        return self.whole and self.takes_folder(path) if folder else self.takes_file(path)
