"""Errors of archives and their members, in words for a person."""

from __future__ import annotations

from image_sync.base.errors import SCAN_AGAIN
from image_sync.base.said import N_, Saying

UNPACK_IT = N_("Unpack it with another program and import the folder.")
LOAD_AGAIN = N_("Download or copy it again.")

_CHANGED = N_("its archive changed since it was looked at")


class Damage(Saying):
    """Damage of a member of an archive."""

    IN_ARCHIVE = "damaged in its archive: {why}"


class ArchiveError(Exception):
    """An archive, or one member of it, that can't be read; ``why`` and ``hint`` are those of a ``Problem``."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


class NoArchive(ArchiveError):
    """A file that is no archive of a kind that is read here."""


class DamagedMember(ArchiveError):
    """A member whose bytes are not what the archive's directory says of them."""

    def __init__(self, why: str) -> None:
        super().__init__(Damage.IN_ARCHIVE(why=why), LOAD_AGAIN)


class ChangedArchive(ArchiveError):
    """An archive that is another one than was listed."""

    def __init__(self) -> None:
        super().__init__(_CHANGED, SCAN_AGAIN)
