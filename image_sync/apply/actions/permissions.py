"""Permissions of a file or folder as a value: read from the disk, told apart by a short text, and set.

They are the nine bits of reading, writing and executing, and the user's own extended attributes (``user.…``, Linux)
where both file systems keep such.  Owner, group, the set-user-id bits, access lists and the system's attributes are
none of them: who may give a file away is the system's business, not that of a sync.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from image_sync.apply import ways
from image_sync.base import permission_text

BITS = stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO
_OWN = "user."
_PROBE = "user.image-sync"
_DIGITS = 32
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class Permissions:
    """The permission bits, and the user's attributes by name; ``None`` where those are not asked for."""

    bits: int
    attributes: tuple[tuple[str, bytes], ...] | None = None

    @property
    def text(self) -> str:
        """The short text of them (see ``base.permission_text``)."""
        return permission_text.text(self.bits, None if self.attributes is None else _digest(self.attributes))

    def encoded(self) -> str:
        """All of it as ASCII text, for a journal."""
        kept = [[name, base64.b64encode(value).decode("ascii")] for name, value in self.attributes or ()]
        return json.dumps([self.bits, None if self.attributes is None else kept], separators=(",", ":"))

    @staticmethod
    def decoded(text: str) -> Permissions:
        """Read ``encoded`` text; raises ``ValueError`` for any other, and for what no user may set."""
        bits, kept = _pair(json.loads(text))
        if not isinstance(bits, int) or isinstance(bits, bool) or bits & ~BITS:
            raise ValueError("permission bits")
        if kept is None:
            return Permissions(bits)
        if not isinstance(kept, list):
            raise ValueError("attributes")
        return Permissions(bits, tuple(_attribute(one) for one in kept))


def of(place: str | bytes, mode: int, with_attributes: bool) -> Permissions:
    """Permissions of what stands at a place and has the mode ``mode``.  Raises ``OSError`` where they can't be read."""
    return Permissions(mode & BITS, tuple(_attributes_at(place)) if with_attributes else None)


def read(path: str, with_attributes: bool) -> Permissions:
    """Permissions of what stands at ``path``, which is no link.  Raises ``OSError``."""
    return of(path, os.lstat(path).st_mode, with_attributes)


def keeps_attributes(folder: str) -> bool:
    """Whether the file system of a folder keeps attributes of the user: asked for one that nobody has."""
    if sys.platform != "linux":
        return False
    try:
        os.getxattr(folder, _PROBE)
    except OSError as error:
        return error.errno == errno.ENODATA
    return True


def give(path: str, wanted: Permissions) -> None:
    """Give the file or folder at ``path`` these permissions, and have that on the disk.

    Nothing is followed: neither a link there nor one on the way.  Raises ``OSError``.
    """
    with ways.place(path) as (name, at):
        handle = _opened(name, at)
        try:
            if handle is None:
                _change_mode(name, at, wanted.bits)
                handle = _opened(name, at)  # its owner could not read it before
            if handle is not None and wanted.attributes is not None:
                _set_attributes(handle, dict(wanted.attributes))
            if handle is not None and os.chmod in os.supports_fd:
                os.chmod(handle, stat.S_IMODE(os.fstat(handle).st_mode) & ~BITS | wanted.bits)
                with contextlib.suppress(OSError):
                    os.fsync(handle)
            else:
                _change_mode(name, at, wanted.bits)
        finally:
            if handle is not None:
                os.close(handle)


def _change_mode(name: str, at: int | None, bits: int) -> None:
    status = os.stat(name, dir_fd=at, follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)
    os.chmod(name, stat.S_IMODE(status.st_mode) & ~BITS | bits, dir_fd=at)


def _opened(name: str, at: int | None) -> int | None:
    """The open file or folder; ``None`` where its owner may not read it, or the system can't open folders."""
    try:
        return os.open(name, _FLAGS, dir_fd=at)
    except PermissionError:
        return None


# --- attributes -----------------------------------------------------------------------------------------------------

if sys.platform == "linux":

    def _attributes_at(place: str | bytes) -> Iterator[tuple[str, bytes]]:
        for name in sorted(os.listxattr(place, follow_symlinks=False)):
            if name.startswith(_OWN):
                yield name, os.getxattr(place, name, follow_symlinks=False)

    def _set_attributes(handle: int, wanted: dict[str, bytes]) -> None:
        for name in os.listxattr(handle):
            if name.startswith(_OWN) and name not in wanted:
                os.removexattr(handle, name)
        for name, value in wanted.items():
            os.setxattr(handle, name, value)

else:

    def _attributes_at(place: str | bytes) -> Iterator[tuple[str, bytes]]:  # noqa: ARG001 - as on Linux
        return iter(())

    def _set_attributes(handle: int, wanted: dict[str, bytes]) -> None:
        """Nothing: the system offers Python no attributes."""


def _digest(attributes: tuple[tuple[str, bytes], ...]) -> str:
    if not attributes:
        return ""
    known = hashlib.sha256()
    for name, value in sorted(attributes):
        for part in (os.fsencode(name), value):
            known.update(b"%d:" % len(part))
            known.update(part)
    return known.hexdigest()[:_DIGITS]


def _pair(value: object) -> list[object]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("permissions")
    return value


def _attribute(value: object) -> tuple[str, bytes]:
    name, content = _pair(value)
    if not isinstance(name, str) or not isinstance(content, str) or not name.startswith(_OWN) or "\0" in name:
        raise ValueError("attribute")
    return name, base64.b64decode(content, validate=True)
