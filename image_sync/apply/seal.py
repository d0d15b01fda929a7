"""Keyed digest of each line of a journal, so that one which anybody else changed is noticed before it is believed.

The key lies beside the journals and is the user's alone.  A digest covers the run, where in the file the line stands,
and the line; so lines can't be moved, taken out or brought in.  A line that a power cut tore, or that a disk damaged
beyond reading, is no line at all: that is for the journal to tell.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from enum import Enum

from image_sync.apply.disk import flush_folder
from image_sync.base import places

_KEY_BYTES = 32
_SEAL_BYTES = 16
_FIELD = b',"seal":"'
_END = b'"}'


class Seals(Enum):
    """Verdict of a journal's seals."""

    NONE = "none: an earlier version wrote it"
    SOUND = "sound"
    BROKEN = "broken: somebody else changed it"


def key() -> bytes:
    """The key of this user's journals; made at the first need.  Raises ``OSError``."""
    path = os.path.join(places.state_folder(), "key")
    with contextlib.suppress(FileNotFoundError):
        return _read(path)
    places.make_private(places.state_folder())
    part = f"{path}-{secrets.token_hex(4)}"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        try:
            os.write(handle, secrets.token_bytes(_KEY_BYTES))
            os.fsync(handle)
        finally:
            os.close(handle)
        with contextlib.suppress(FileExistsError):  # another process made one just now: that one counts
            _publish(part, path)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(part)
    flush_folder(places.state_folder())
    return _read(path)


def _publish(part: str, path: str) -> None:
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if not os.path.exists(path):
            os.rename(part, path)


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        found = stream.read()
    if len(found) != _KEY_BYTES:
        # Without a number, for which there would be other words.
        raise OSError("the key of the journals is damaged; put the file key back from a backup of the state folder")
    return found


def sealed(line: bytes, known: bytes, run: str, at: int) -> bytes:
    """``line``, a JSON object with its newline, with its seal; it will stand at the offset ``at``."""
    body = line.rstrip(b"\n")
    return body[:-1] + _FIELD + _digest(body, known, run, at) + _END + b"\n"


def is_sealed(line: bytes) -> bool:
    """Whether a line has a seal, sound or not."""
    return _split(line)[1] != b""


def is_sound(line: bytes, known: bytes, run: str, at: int) -> bool:
    """Whether the line has its own seal and stands where it was written."""
    body, seal = _split(line)
    return hmac.compare_digest(seal, _digest(body, known, run, at))


def _split(line: bytes) -> tuple[bytes, bytes]:
    """The line without its seal, and the seal; empty when it has none."""
    whole = line.rstrip(b"\n")
    at = len(whole) - len(_END) - 2 * _SEAL_BYTES - len(_FIELD)
    if at < 0 or whole[at : at + len(_FIELD)] != _FIELD or not whole.endswith(_END):
        return whole, b""
    return whole[:at] + b"}", whole[at + len(_FIELD) : -len(_END)]


def _digest(body: bytes, known: bytes, run: str, at: int) -> bytes:
    digest = hashlib.blake2b(f"{run}/{at}/".encode() + body, key=known, digest_size=_SEAL_BYTES)
    return digest.hexdigest().encode("ascii")
