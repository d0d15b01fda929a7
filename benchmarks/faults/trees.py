"""A tree as a value, and what no attack may do to it: lose a content, tear a file, leave it other than it was."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from image_sync.base.own_files import TEMPORARY_PREFIX


@dataclass(frozen=True, slots=True)
class Entry:
    """One name: what it is (``file``, ``folder``, ``link``), its content or target, time, mode, and the first name of
    the same file."""

    kind: str
    content: str
    mtime_ns: int
    mode: int
    first: str


Tree = dict[str, Entry]


def tree_of(roots: Iterable[Path]) -> Tree:
    """Everything below ``roots``, by path; the roots themselves are left out."""
    found: Tree = {}
    firsts: dict[tuple[int, int], str] = {}
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders.sort()
            for name in sorted([*folders, *files]):
                path = os.path.join(folder, name)
                found[path] = _entry(path, firsts)
    return found


def _entry(path: str, firsts: dict[tuple[int, int], str]) -> Entry:
    status = os.lstat(path)
    if stat.S_ISDIR(status.st_mode):
        return Entry("folder", "", status.st_mtime_ns, stat.S_IMODE(status.st_mode), "")
    first = firsts.setdefault((status.st_dev, status.st_ino), path)
    if stat.S_ISLNK(status.st_mode):
        return Entry("link", os.readlink(path), 0, 0, first)
    with open(path, "rb") as stream:
        content = hashlib.blake2b(stream.read(), digest_size=16).hexdigest()
    return Entry("file", content, status.st_mtime_ns, stat.S_IMODE(status.st_mode), first)


def contents(tree: Tree) -> frozenset[str]:
    """Every content that stands under a final name."""
    return frozenset(one.content for path, one in tree.items() if one.kind == "file" and not is_temporary(path))


def is_temporary(path: str) -> bool:
    """Whether it is a file that was being written."""
    return os.path.basename(path).startswith(TEMPORARY_PREFIX)


def harm(before: Tree, after: Tree, now: Tree) -> str:
    """What is lost or torn in ``now``, somewhere on the way from ``before`` to ``after``; empty when nothing is."""
    wanted, known = contents(before), contents(before) | contents(after)
    torn = [
        path for path, one in now.items() if one.kind == "file" and not is_temporary(path) and one.content not in known
    ]
    if torn:
        return f"torn: {torn[0]}"
    lost = wanted - contents(now)
    if lost:
        return "lost: " + next(path for path, one in before.items() if one.content in lost)
    return ""


def difference(wanted: Tree, found: Tree, *, folder_times: bool = True, litter: bool = False) -> str:
    """The first difference in words; empty for none.  ``litter`` lets unfinished files be that were left behind."""
    for path in sorted(wanted.keys() | found.keys()):
        one, other = wanted.get(path), found.get(path)
        if litter and one is None and is_temporary(path):
            continue
        if one == other:
            continue
        if one is None or other is None:
            return f"{path}: {'not there any more' if other is None else 'not there before'}"
        if one.kind == other.kind == "folder" and one.mode == other.mode and not folder_times:
            continue
        return f"{path}: {one} became {other}"
    return ""
