"""Hand work of a review on the disk: written whole or not at all, one file for a job and its folders.

What is read back is not trusted: whoever reads checks each value, and takes over only what is about files that are as
they were.  No tkinter.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from image_sync.base import paths
from image_sync.base.places import state_folder
from image_sync.base.whole_file import write_whole

LAYOUT = 1
Stamp = list[int]
"""Size in bytes and time in nanoseconds of a file, as JSON holds them."""


def place_of(job: str, folders: Iterable[str]) -> str:
    """Path of the hand work about these folders, by their order."""
    told = "\0".join(os.path.realpath(folder) for folder in folders if folder)
    name = hashlib.blake2b(os.fsencode(told), digest_size=8).hexdigest()
    return os.path.join(state_folder(), "reviews", f"{job}-{name}.json")


def write(place: str, document: Mapping[str, Any]) -> None:
    """Write the hand work; an empty document removes the file.  Raises ``OSError``."""
    if not document:
        with contextlib.suppress(FileNotFoundError):
            os.remove(place)
        return
    write_whole(place, json.dumps({"format": LAYOUT, **document}).encode("ascii"))


def read(place: str) -> Mapping[str, Any]:
    """The hand work as it was written; empty where nothing of ours can be read."""
    try:
        with open(place, encoding="ascii") as stream:
            document = json.load(stream)
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) and document.get("format") == LAYOUT else {}


def mapping_in(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The mapping under ``name``; empty where something else stands there."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def unchanged(document: Mapping[str, Any], stamps: Mapping[str, Any]) -> frozenset[str]:
    """The paths whose stamps are those that were written down."""
    known = mapping_in(document, "stamps")
    return frozenset(path for path, stamp in stamps.items() if path in known and known[path] == stamp)


def strangers(document: Mapping[str, Any], folders: Iterable[str]) -> Iterator[str]:
    """Paths that the hand work is about and that lie in none of these folders; relative ones lie in all of them."""
    roots = {os.path.abspath(folder) for folder in folders if folder}
    roots |= {os.path.realpath(folder) for folder in roots}
    for found in document.values():
        for path in found if isinstance(found, dict | list) else ():
            if not isinstance(path, str) or "\0" in path:
                yield str(path)
            elif not os.path.isabs(path):
                if os.pardir in path.replace(os.sep, "/").split("/"):
                    yield path
            elif not any(paths.is_inside(os.path.normpath(path), root) for root in roots):
                yield path
