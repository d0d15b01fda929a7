"""The few things that are done to files: whole copies, moves that never replace, links, comparing.

Each function does one thing wholly or leaves everything as it was, and none decides whether it should be done: that is
for ``actions`` and ``undo``, which look at the world first.  The only call that replaces an existing file is
``replace``, and its caller has kept what stood there.  Nothing here knows a plan or a journal.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterator, MutableMapping
from functools import lru_cache
from typing import Protocol

from image_sync.apply import disk, file_state, streaming, ways
from image_sync.apply.streaming import Taken
from image_sync.apply.words import Trouble
from image_sync.base.control import CHUNK
from image_sync.base.errors import SCAN_AGAIN
from image_sync.base.own_files import TEMPORARY_PREFIX

_PLAIN = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_READ = os.O_RDONLY | _PLAIN | getattr(os, "O_NONBLOCK", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _PLAIN
NO_LINKS = disk.NO_SUCH_CALL | {errno.EPERM, errno.EACCES, errno.EMLINK}
"""Errors by which a file system says that it has no hard links (or no more of them for this file)."""
_FAILING = frozenset({errno.EIO, errno.EROFS, errno.ENODEV, errno.ENXIO, getattr(errno, "ESTALE", errno.EIO)})
"""Errors by which a disk says that it fails, or can't be written any more: never that it can't carry something."""


class Watch(Protocol):
    """Listener that is told of each chunk, and may end the work between two of them."""

    def checkpoint(self) -> None:
        """Raise ``model.Stopped`` to end the work."""

    def moved(self, size: int) -> None:
        """``size`` more bytes were copied."""


def temporary(folder: str, run: str, number: int, mark: str = "") -> str:
    """Temporary name that operation ``number`` of ``run`` writes before it is published in ``folder``.

    The name says whose it is, so that a left-over is known to be ours and nobody else's is ever removed; it has at
    most 60 bytes, whatever the name of the file.
    """
    return os.path.join(folder, f"{TEMPORARY_PREFIX}{run}-{number}{mark}.part")


# --- copying ------------------------------------------------------------------------------------


def copy(
    source: str,
    target: str,
    watch: Watch,
    *,
    before: file_state.Seen,
    digest: str | None = None,
    sums: MutableMapping[str, str] | None = None,
) -> str | None:
    """Write a whole, verified copy of ``source`` at ``target``, which must not exist; times and mode come along.

    ``before`` is how the source looked when it was checked; ``digest`` its expected MD5 where known.  The copy is on
    the disk when this returns (flushed, read again and compared); its directory entry is not yet.  Returns the MD5
    where one was computed; the SHA-256 is put into ``sums`` under ``target`` where that is given.  Raises ``Trouble``
    when the source is not what it was or changes meanwhile, ``OSError`` and ``Stopped``; then nothing is left at
    ``target``.
    """
    reading = os.open(source, _READ)
    try:
        _check_same(reading, before)
        writing = created(target)
        try:
            taken = _write(reading, writing, before, watch, digest, sums is not None)
            _dress(reading, writing, target, before)
            disk.flush(writing)
            disk.forget_cached(writing)
            os.close(writing)
            writing = -1
            _check_same(reading, before)
            verify(target, taken, watch)
            if sums is not None:
                sums[target] = taken.sum
        except BaseException:
            if writing >= 0:
                os.close(writing)
            remove_quietly(target)
            raise
    finally:
        os.close(reading)
    return taken.digest


def make(
    source: str, target: str, watch: Watch, *, before: file_state.Seen, maker: Callable[[bytes], bytes], most: int
) -> str:
    """Write at ``target``, which must not exist, what ``maker`` makes of the content of ``source``, and verify it.

    Times and mode are those of the source.  Returns the MD5 of what was made, which is on the disk then.  Raises as
    ``copy`` does, and whatever ``maker`` raises; then nothing is left at ``target``.
    """
    data = content(source, watch, before=before, most=most)
    made = maker(data)
    watch.checkpoint()
    reading = os.open(source, _READ)
    try:
        _check_same(reading, before)
        writing = created(target)
        try:
            streaming.write_all(writing, made)
            _dress(reading, writing, target, before)
            disk.flush(writing)
            disk.forget_cached(writing)
            os.close(writing)
            writing = -1
            _verify_made(target, made)
            _check_same(reading, before)
        except BaseException:
            if writing >= 0:
                os.close(writing)
            remove_quietly(target)
            raise
    finally:
        os.close(reading)
    watch.moved(before.size)
    return hashlib.md5(made, usedforsecurity=False).hexdigest()


def created(target: str) -> int:
    """A new file at a free place, open for writing."""
    with ways.place(target) as (name, folder):
        return os.open(name, _CREATE, 0o600, dir_fd=folder)


def _opened(target: str) -> int:
    with ways.place(target) as (name, folder):
        return os.open(name, _READ, dir_fd=folder)


def content(source: str, watch: Watch, *, before: file_state.Seen, most: int) -> bytes:
    """The whole content of a file of at most ``most`` bytes.

    Raises ``Trouble`` when it is larger, not what it was, or changes meanwhile.
    """
    if before.size > most:
        raise Trouble("the file is too large to be held in memory")
    handle = os.open(source, _READ)
    try:
        _check_same(handle, before)
        chunks = []
        for chunk in _chunks(handle, before.size):
            chunks.append(chunk)
            watch.checkpoint()
        _check_same(handle, before)
    finally:
        os.close(handle)
    data = b"".join(chunks)
    if len(data) != before.size:
        raise _changed()
    return data


def _verify_made(target: str, made: bytes) -> None:
    """Read what was made again, from the disk where that can be asked for, and compare."""
    handle = _opened(target)
    try:
        same = os.fstat(handle).st_size == len(made) and _read_exactly(handle, len(made)) == made
    finally:
        os.close(handle)
    if not same:
        raise Trouble("what was written is not what was made", "The disk may be failing: check it before you go on.")


def _write(
    reading: int, writing: int, before: file_state.Seen, watch: Watch, digest: str | None, summed: bool
) -> Taken:
    taken = Taken(before.size, digest, summed)
    writer = streaming.Writer(writing, reading)
    total = 0
    for chunk in _chunks(reading, before.size):
        taken.add(chunk)
        writer.write(chunk)
        total += len(chunk)
        watch.moved(len(chunk))
        watch.checkpoint()
    writer.finish()
    if total != before.size or (digest and taken.digest != digest):
        raise _changed()
    return taken


def _chunks(handle: int, size: int) -> Iterator[bytes]:
    """The first ``size`` bytes; fewer when the file is shorter now."""
    left = size
    while left > 0:
        chunk = os.read(handle, min(left, CHUNK))
        if not chunk:
            return
        left -= len(chunk)
        yield chunk


def _check_same(handle: int, before: file_state.Seen) -> None:
    now = file_state.seen(os.fstat(handle))
    if now.kind is not file_state.Kind.FILE or not file_state.is_untouched(now, before):
        raise _changed()


def _changed() -> Trouble:
    return Trouble("it changed, or is still being written", SCAN_AGAIN)


def _dress(reading: int, writing: int, target: str, before: file_state.Seen) -> None:
    """Owner, extended attributes and mode as well as the file system allows; the times are a must."""
    mode = before.mode
    if hasattr(os, "geteuid") and file_state.seen(os.fstat(writing)).owner != before.owner:
        mode &= 0o777  # a set-user-id bit must not pass to another owner
        with _as_far_as_carried():
            os.chown(writing, *before.owner)
            mode = before.mode
    if sys.platform == "linux":
        _copy_attributes(reading, writing)
    with _as_far_as_carried():
        os.chmod(writing if os.chmod in os.supports_fd else target, mode)
    accessed = os.fstat(reading).st_atime_ns
    os.utime(writing if os.utime in os.supports_fd else target, ns=(accessed, before.mtime_ns))


@contextlib.contextmanager
def _as_far_as_carried() -> Iterator[None]:
    """Let be what a file system can't carry or a user may not give; that a disk fails is an error all the same."""
    try:
        yield
    except OSError as error:
        if error.errno in _FAILING:
            raise


def _copy_attributes(reading: int, writing: int) -> None:
    if sys.platform == "linux":
        with _as_far_as_carried():
            for name in os.listxattr(reading):
                with _as_far_as_carried():
                    os.setxattr(writing, name, os.getxattr(reading, name))


def verify(target: str, taken: Taken, watch: Watch) -> None:
    """Read the copy again, from the disk where that can be asked for, and compare."""
    handle = _opened(target)
    try:
        same = os.fstat(handle).st_size == taken.size
        if same and taken.chunks is not None:
            same = all(_read_exactly(handle, len(chunk)) == chunk for chunk in taken.chunks)
        elif same:
            same = digest_of(handle, watch.checkpoint) == taken.digest
    finally:
        os.close(handle)
    if not same:
        raise Trouble("what was written is not what was read", "The disk may be failing: check it before you go on.")


def _read_exactly(handle: int, size: int) -> bytes:
    data = os.read(handle, size)
    while len(data) < size:
        more = os.read(handle, size - len(data))
        if not more:
            break
        data += more
    return data


def digest_of(handle: int, checkpoint: Callable[[], None]) -> str:
    """The MD5 of an open file from its beginning, in hexadecimal."""
    os.lseek(handle, 0, os.SEEK_SET)
    md5 = hashlib.md5(usedforsecurity=False)
    while chunk := os.read(handle, CHUNK):
        md5.update(chunk)
        checkpoint()
    return md5.hexdigest()


def has_digest(path: str, digest: str, checkpoint: Callable[[], None]) -> bool:
    """Whether the content of ``path`` has this MD5."""
    handle = os.open(path, _READ)
    try:
        return digest_of(handle, checkpoint) == digest
    finally:
        os.close(handle)


def copy_link(source: str, target: str, *, before: file_state.Seen) -> None:
    """Make ``target``, which must not exist, a symbolic link to where ``source`` points; its time comes along.

    Raises ``Trouble`` when the source is not what it was, and ``OSError``; then nothing is left at ``target``.
    """
    pointed = os.readlink(source)
    with ways.place(target) as (name, folder):
        os.symlink(pointed, name, target_is_directory=os.path.isdir(source), dir_fd=folder)
    try:
        if os.utime in os.supports_follow_symlinks:
            times = (os.lstat(source).st_atime_ns, before.mtime_ns)
            with ways.place(target) as (name, folder):
                os.utime(name, ns=times, follow_symlinks=False, dir_fd=folder)
        now = file_state.look(source)
        if now is None or not file_state.is_untouched(now, before) or os.readlink(target) != pointed:
            raise _changed()
    except BaseException:
        remove_quietly(target)
        raise


def same_bytes(first: str, second: str, checkpoint: Callable[[], None]) -> bool:
    """Whether two regular files hold the same bytes now, or two links point to the same place."""
    if os.path.islink(first) or os.path.islink(second):
        return os.path.islink(first) and os.path.islink(second) and os.readlink(first) == os.readlink(second)
    one = os.open(first, _READ)
    try:
        two = os.open(second, _READ)
        try:
            return _same_content(one, two, checkpoint)
        finally:
            os.close(two)
    finally:
        os.close(one)


def _same_content(one: int, two: int, checkpoint: Callable[[], None]) -> bool:
    first, second = os.fstat(one), os.fstat(two)
    if not (stat.S_ISREG(first.st_mode) and stat.S_ISREG(second.st_mode)) or first.st_size != second.st_size:
        return False
    while chunk := os.read(one, CHUNK):
        if _read_exactly(two, len(chunk)) != chunk:
            return False
        checkpoint()
    return not os.read(two, 1)


# --- names --------------------------------------------------------------------------------------


def rename(source: str, target: str) -> None:
    """Give ``source`` the name ``target`` on the same file system, and never replace anything.

    Raises ``FileExistsError`` when something stands there, and ``OSError`` with ``EXDEV`` across file systems.
    """
    if os.name == "nt":
        os.rename(source, target)  # fails there when the target exists
        return
    call = _exclusive_rename()
    if call is not None:
        with ways.place(source) as (old, here), ways.place(target) as (new, there):
            code = call(here, os.fsencode(old), there, os.fsencode(new))
        if code == 0:
            return
        if code not in disk.NO_SUCH_CALL:
            raise OSError(code, os.strerror(code), source, None, target)
    _rename_by_link(source, target)


@lru_cache(maxsize=1)
def _exclusive_rename() -> Callable[[int | None, bytes, int | None, bytes], int] | None:
    """The system's rename that fails when the target exists, as a function that returns an error number.

    It takes the open folder (``None``: the path says all) and the name of both.
    """
    import ctypes

    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            excl = 0x4  # RENAME_EXCL of <sys/stdio.h>
            call, nowhere, flag = library.renameatx_np, -2, excl  # AT_FDCWD of <fcntl.h> there
        else:
            # AT_FDCWD of <fcntl.h>, RENAME_NOREPLACE of <linux/fs.h>
            call, nowhere, flag = library.renameat2, -100, 1
        call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]

        def renamed(here: int | None, old: bytes, there: int | None, new: bytes) -> int:
            code = call(nowhere if here is None else here, old, nowhere if there is None else there, new, flag)
            return 0 if code == 0 else ctypes.get_errno()

        return renamed
    except (OSError, AttributeError):
        return None


def _rename_by_link(source: str, target: str) -> None:
    try:
        link(source, target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _rename_over_own(source, target)
        return
    try:
        _unlink(source)
    except OSError:
        remove_quietly(target)
        raise


def _rename_over_own(source: str, target: str) -> None:
    """For a file system with neither links nor a rename that spares: reserve the name, then rename over it."""
    os.close(created(target))
    try:
        _put_over(source, target)
    except OSError:
        remove_quietly(target)
        raise


def respell(source: str, target: str) -> None:
    """Change the spelling of one directory entry (see ``file_state.is_one_entry``)."""
    with ways.place(source) as (old, here), ways.place(target) as (new, there):
        os.rename(old, new, src_dir_fd=here, dst_dir_fd=there)


def _put_over(source: str, target: str) -> None:
    with ways.place(source) as (old, here), ways.place(target) as (new, there):
        os.replace(old, new, src_dir_fd=here, dst_dir_fd=there)


def _unlink(path: str) -> None:
    with ways.place(path) as (name, folder):
        os.unlink(name, dir_fd=folder)


def make_folder(path: str) -> None:
    """An empty folder at a free place."""
    with ways.place(path) as (name, folder):
        os.mkdir(name, dir_fd=folder)


def remove_folder(path: str) -> None:
    """Remove an empty folder; raises ``OSError`` when it holds something."""
    with ways.place(path) as (name, folder):
        os.rmdir(name, dir_fd=folder)


def replace(source: str, target: str) -> None:
    """Put ``source`` in the place of ``target`` in one step; the caller has kept what stood there.

    Renaming one name of a file onto another name of it does nothing by definition: then the first name is taken away.
    """
    _put_over(source, target)
    if os.path.lexists(source) and os.path.samestat(os.lstat(source), os.lstat(target)):
        _unlink(source)


def link(source: str, target: str) -> None:
    """A hard link; never replaces, never follows a link."""
    with ways.place(source) as (old, here), ways.place(target) as (new, there):
        if os.link in os.supports_follow_symlinks:
            os.link(old, new, src_dir_fd=here, dst_dir_fd=there, follow_symlinks=False)
        else:
            os.link(old, new, src_dir_fd=here, dst_dir_fd=there)


def remove(path: str) -> None:
    """Remove a file that the caller knows to exist elsewhere too."""
    try:
        _unlink(path)
    except PermissionError:
        if os.name != "nt":
            raise
        os.chmod(path, stat.S_IWRITE)  # Windows does not remove a read-only file
        os.unlink(path)


def remove_quietly(path: str) -> None:
    """Remove what we made ourselves, if it is still there."""
    with contextlib.suppress(OSError):
        remove(path)
