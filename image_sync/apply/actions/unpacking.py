"""Taking a member out of an archive: a whole, verified file beside its place, and comparing one with it.

As for a copy, what is written is on the disk and was read again before anybody sees it.  The archive is only read; that
it is the very one that was planned on is checked when it is opened, before and after.  Nothing here publishes.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import MutableMapping
from typing import BinaryIO

from image_sync.apply import disk, file_ops, file_state, streaming
from image_sync.apply.file_ops import Watch
from image_sync.apply.file_state import Kind, Seen
from image_sync.apply.streaming import Taken
from image_sync.apply.words import Standing, Trouble
from image_sync.archives.errors import ArchiveError
from image_sync.base.archive_member import ArchiveMember
from image_sync.base.control import CHUNK
from image_sync.base.errors import SCAN_AGAIN

_OWNERS_RIGHTS, _NO_PROGRAM = 0o600, 0o666


def check_archive(member: ArchiveMember) -> Seen:
    """The archive, if it is still the one that was planned on.  Raises ``Trouble``."""
    now = file_state.look(member.archive)
    if now is None:
        raise Trouble("the archive is no longer there", SCAN_AGAIN, member.archive)
    if now.kind is not Kind.FILE:
        raise Trouble(Standing.IS_THERE(what=now.kind), SCAN_AGAIN, member.archive)
    if (now.size, now.mtime_ns) != (member.archive_size, member.archive_mtime_ns):
        raise Trouble("the archive changed since it was looked at", SCAN_AGAIN, member.archive)
    return now


def unpack(
    member: ArchiveMember,
    target: str,
    watch: Watch,
    *,
    before: Seen,
    digest: str | None = None,
    sums: MutableMapping[str, str] | None = None,
) -> str | None:
    """Write the member at ``target``, which must not exist, and verify it against its check sum and what was read.

    ``before`` is how the archive looked; owner and permissions are the archive's, the time is the member's.  Returns
    the MD5 where one was computed.  Raises as ``file_ops.copy`` does; then nothing is left at ``target``.
    """
    with _opened(member) as stream:
        writing = file_ops.created(target)
        try:
            taken = _write(stream, writing, member, watch, digest, sums is not None)
            _dress(writing, target, before, member.mtime_ns)
            disk.flush(writing)
            disk.forget_cached(writing)
            os.close(writing)
            writing = -1
            file_ops.verify(target, taken, watch)
            check_archive(member)
            if sums is not None:
                sums[target] = taken.sum
        except BaseException:
            if writing >= 0:
                os.close(writing)
            file_ops.remove_quietly(target)
            raise
    return taken.digest


def is_unpacked(member: ArchiveMember, path: str, watch: Watch) -> bool:
    """Whether the file at ``path`` holds what the member does.  Raises ``Trouble`` when the archive can't tell."""
    check_archive(member)
    if os.lstat(path).st_size != member.size:
        return False
    with _opened(member) as stream, open(path, "rb", buffering=0) as file:
        try:
            while piece := stream.read(CHUNK):
                if file.read(len(piece)) != piece:
                    return False
                watch.checkpoint()
        except ArchiveError as error:
            raise Trouble(error.why, error.hint, member.archive) from error
    return True


def _opened(member: ArchiveMember) -> BinaryIO:
    from image_sync.archives.opening import open_member

    try:
        return open_member(member)
    except ArchiveError as error:
        raise Trouble(error.why, error.hint, member.archive) from error


def _write(
    stream: BinaryIO, writing: int, member: ArchiveMember, watch: Watch, digest: str | None, summed: bool
) -> Taken:
    taken = Taken(member.size, digest, summed)
    try:
        while piece := stream.read(CHUNK):
            taken.add(piece)
            streaming.write_all(writing, piece)
            watch.moved(len(piece))
            watch.checkpoint()
    except ArchiveError as error:
        raise Trouble(error.why, error.hint) from error
    if digest and taken.digest != digest:
        raise Trouble("it is not what was looked at", SCAN_AGAIN)
    return taken


def _dress(writing: int, target: str, before: Seen, mtime_ns: int) -> None:
    if hasattr(os, "geteuid") and file_state.seen(os.fstat(writing)).owner != before.owner:
        with contextlib.suppress(OSError):
            os.chown(writing, *before.owner)
    with contextlib.suppress(OSError):
        os.chmod(writing if os.chmod in os.supports_fd else target, before.mode & _NO_PROGRAM | _OWNERS_RIGHTS)
    os.utime(writing if os.utime in os.supports_fd else target, ns=(mtime_ns, mtime_ns))


def known(member: ArchiveMember | None) -> ArchiveMember:
    """The member, if the plan names one."""
    if member is None:
        raise Trouble("the plan does not say where it lies in its archive")
    return member
