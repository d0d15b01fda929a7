"""Errors of archives and their members, in words for a person."""

from __future__ import annotations

UNPACK_IT = "Unpack it with another program and import the folder."
LOAD_AGAIN = "Download or copy it again."


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
        super().__init__(f"damaged in its archive: {why}", LOAD_AGAIN)


class ChangedArchive(ArchiveError):
    """An archive that is another one than was listed."""

    def __init__(self) -> None:
        super().__init__("its archive changed since it was looked at", "Scan again to see how things stand now.")
