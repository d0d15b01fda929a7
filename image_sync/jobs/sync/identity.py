"""Identity of a root: which folder of which disk it is, wherever it is mounted or has been moved to.

The file system's own id, the folder's file id and its birth tell it; where those do not last, the root's mark does (see
``replica``); where neither can be had, the path, and that is said.  Nothing here writes.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace

from image_sync.base import paths
from image_sync.jobs.sync import replica
from image_sync.jobs.sync.disks import Disk
from image_sync.jobs.sync.model import Side
from image_sync.jobs.sync.rules.reasons import Noted

_LASTING_IDS = frozenset({"ext2", "ext3", "ext4", "btrfs", "zfs", "tmpfs", "overlay", "bcachefs"})
"""File systems whose statfs id is their own; that of others is the number of the device, which changes."""
_UUIDS = "/dev/disk/by-uuid"
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "ceph", "afs", "9p"})
_CLONE_AT = " at "
_AT_FDCWD, _STATX_BTIME, _BTIME_AT, _STATX_SIZE = -100, 0x800, 80, 256


@dataclass(frozen=True, slots=True)
class Identity:
    """Identity of a root: ``key`` is the same as long as it is the same root.

    ``mark`` is there where the root's mark tells it, with ``marks`` where one may be written after the run.  ``note``
    says in words what could not be told.
    """

    key: str
    mark: replica.Mark | None = None
    marks: bool = False
    note: str = ""


def identities(roots: Mapping[Side, str], disks: Mapping[Side, Disk]) -> dict[Side, Identity]:
    """Identities of the two roots; two of one identity (a clone beside its origin) are told apart by their paths,
    too."""
    found = {side: identity_of(roots[side], disks[side]) for side in Side}
    source, target = found[Side.SOURCE], found[Side.TARGET]
    if source.key != target.key:
        return found
    one_root, other_root = (paths.display(roots[side]) for side in Side)
    note = Noted.CLONES(one=one_root, other=other_root)
    return {
        side: replace(one, key=f"{one.key}{_CLONE_AT}{_real(roots[side])}", note=note if side is Side.SOURCE else "")
        for side, one in found.items()
    }


def identity_of(root: str, disk: Disk) -> Identity:
    """Identity of one root."""
    key = _own_key(root, disk)
    if key:
        return Identity(key)
    found = replica.read(root)
    if found.mark is not None:
        return Identity(f"mark:{found.mark.name}", found.mark, marks=_is_writable(root))
    if found.may_be_written and _is_writable(root):
        new = replica.Mark.new()
        note: str = ""
        if found.state is replica.State.DAMAGED:
            note = Noted.MARK_DAMAGED(path=paths.display(replica.place_of(root)))
        return Identity(f"mark:{new.name}", new, marks=True, note=note)
    return Identity(f"path:{_real(root)}", note=_unmarked(root, found))


def is_still(root: str, disk: Disk, identity: Identity) -> bool:
    """Whether the root is the one that it was, and nobody else has marked it since."""
    if identity.mark is not None:
        standing = replica.read(root).mark
        return (standing.tokens if standing else ()) == identity.mark.tokens
    own = _own_key(root, disk)
    return not own or identity.key == own or identity.key.startswith(own + _CLONE_AT)


def _unmarked(root: str, found: replica.Found) -> str:
    shown = paths.display(root)
    if found.may_be_written:
        return Noted.NO_MARK(folder=shown)
    place = paths.display(replica.place_of(root))
    return Noted.STRANGE_MARK(folder=shown, what=found.state, path=place)


def _real(root: str) -> str:
    return os.path.realpath(root)


def _is_writable(root: str) -> bool:
    own = os.path.dirname(replica.place_of(root))
    return os.access(own if os.path.isdir(own) else root, os.W_OK | os.X_OK)


# --- what the file system says --------------------------------------------------------------------------------------


def _own_key(root: str, disk: Disk) -> str:
    """The root by the file system's own word; empty where that does not last."""
    born = _birth_ns(root)
    if not born or disk.kind in _NETWORK or not (disk.lasting or sys.platform == "win32"):
        return ""
    system = _system_id(root, disk)
    return f"{system}/{disk.inode:x}/{born:x}" if system else ""


def _system_id(root: str, disk: Disk) -> str:
    """The id of the file system; empty where there is none that lasts."""
    if sys.platform == "win32":
        return f"volume:{disk.device:x}"
    if sys.platform == "darwin":
        return "apple"  # the number of a device changes; file id and birth in nanoseconds are enough
    if disk.kind in _LASTING_IDS:
        told = os.statvfs(root).f_fsid
        return f"fs:{told:x}" if told else ""
    return _uuid_of(disk.device)


def _uuid_of(device: int) -> str:
    try:
        with os.scandir(_UUIDS) as entries:
            for entry in entries:
                status = entry.stat()
                if stat.S_ISBLK(status.st_mode) and status.st_rdev == device:
                    return f"uuid:{entry.name}"
    except OSError:
        return ""
    return ""


def _birth_ns(root: str) -> int:
    """Birth of a folder, in nanoseconds since 1970; 0 where nobody knows."""
    status = os.stat(root)
    if sys.platform == "win32":
        return status.st_ctime_ns
    born = getattr(status, "st_birthtime", 0)
    if born:
        return int(getattr(status, "st_birthtime_ns", round(born * 1e9)))
    return _statx_birth_ns(root) if sys.platform == "linux" else 0


def _statx_birth_ns(root: str) -> int:
    """The birth of a folder by statx(2), which Python offers only from 3.15 on."""
    import ctypes

    try:
        statx = ctypes.CDLL(None, use_errno=True).statx
    except (OSError, AttributeError):
        return 0
    buffer = ctypes.create_string_buffer(_STATX_SIZE)
    statx.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_uint, ctypes.c_char_p]
    if statx(_AT_FDCWD, os.fsencode(root), 0, _STATX_BTIME, buffer) != 0:
        return 0
    (mask,) = struct.unpack_from("<I" if sys.byteorder == "little" else ">I", buffer, 0)
    seconds, nanoseconds = struct.unpack_from("=qI", buffer, _BTIME_AT)
    return int(seconds * 1_000_000_000 + nanoseconds) if mask & _STATX_BTIME else 0
