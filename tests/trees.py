"""A folder tree as a value, so that before and after can be compared."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path


def snapshot(root: Path, *, times: bool = True, folders: bool = True) -> dict[str, tuple[object, ...]]:
    """Everything below ``root``: type, permissions, content and (``times``) modification time in nanoseconds."""
    result: dict[str, tuple[object, ...]] = {}
    for folder, names, files in os.walk(root):
        for name in [*files, *(names if folders else [])]:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            what: object
            if stat.S_ISLNK(status.st_mode):
                what = os.readlink(path)
            elif stat.S_ISREG(status.st_mode):
                with open(path, "rb") as stream:
                    what = hashlib.sha256(stream.read()).hexdigest()
            else:
                what = stat.S_IFMT(status.st_mode)
            result[os.path.relpath(path, root)] = (
                what,
                stat.S_IMODE(status.st_mode),
                status.st_mtime_ns if times else None,
            )
    return result


def files(root: Path) -> list[str]:
    """The paths of all files below ``root``, sorted."""
    return sorted(
        os.path.relpath(os.path.join(folder, name), root) for folder, _, names in os.walk(root) for name in names
    )
