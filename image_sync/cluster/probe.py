"""Probe of a machine: what it measures with, and what it sees.  It runs on every worker and here, and is compared.

What two machines measure is the same to the bit when they have the same version of this program and of the libraries
that decode; one that lacks a decoder would report good pictures as bad.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata

from image_sync.archives.seen_at import Places, mapped
from image_sync.base import paths, words

LIBRARIES = ("Pillow", "pillow-heif", "pi-heif", "rawpy", "numpy", "opencv-python", "xxhash")
CLOCK = 60.0
"""Seconds by which a clock may be off before it is said."""
_NAMES = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """Answer of one machine: what it measures with, and what it sees.

    ``folders`` holds, for each folder that was asked for, the first of its names, or the reason why it can't be read.
    """

    program: str
    measured: int
    libraries: Mapping[str, str]
    folders: Mapping[str, tuple[str, ...] | str]
    clock: float


def probe(folders: Sequence[str], places: Places) -> Seen:
    """Look at this machine; ``folders`` are the asker's, ``places`` tell their names here."""
    from image_sync import __version__
    from image_sync.pictures.version import MEASURED

    return Seen(
        __version__,
        MEASURED,
        {name: version for name in LIBRARIES if (version := _version(name))},
        {folder: _names(mapped(folder, places)) for folder in folders},
        time.time(),
    )


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def _names(folder: str) -> tuple[str, ...] | str:
    """Names of a folder by which two machines can tell that they see the same one; an archive has its own."""
    try:
        if os.path.isfile(folder):
            return (str(os.path.getsize(folder)),)
        return tuple(sorted(os.listdir(folder))[:_NAMES])
    except OSError as error:
        return error.strerror or str(error)


def differences(worker: str, there: Seen, here: Seen) -> Iterator[str]:
    """Reasons in words why a worker can't measure for this machine."""
    if (there.program, there.measured) != (here.program, here.measured):
        yield f"the worker {worker} has Image Sync {there.program}, this machine {here.program}"
        return
    for name, version in here.libraries.items():
        known = there.libraries.get(name)
        if known is None:
            yield f"the worker {worker} lacks {name}, with which this machine reads pictures"
        elif known != version:
            yield f"the worker {worker} has {name} {known}, this machine {version}"
    for folder, names in here.folders.items():
        found = there.folders.get(folder, ())
        if isinstance(found, str):
            yield f"the worker {worker} can't read {paths.display(folder)}: {found}"
        elif found != names:
            yield f"the worker {worker} sees another folder at {paths.display(folder)}"


def wrong_clock(worker: str, there: Seen, before: float, after: float) -> str:
    """A note on a worker whose clock is off, empty for all others; nothing that is measured hangs on it."""
    off = max(before - there.clock, there.clock - after)
    return f"The clock of the worker {worker} is off by {words.count(round(off), 'second')}." if off > CLOCK else ""
