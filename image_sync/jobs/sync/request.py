"""Request of *sync*: everything the user chose for one run, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

DEFAULT_MAX_DELETE = 0.5


class Deletions(Enum):
    """What a sync does about a file that was deleted on one side since the last run and is unchanged on the other."""

    RESTORE = "restore"
    """It is copied back."""
    PROPAGATE = "propagate"
    """The other copy is set aside too."""
    ASK = "ask"
    """It is a conflict."""


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """What the user chose for *sync*.  Folders are as typed.

    ``resolution`` answers every conflict: ``source``, ``target``, ``keep-both`` or ``skip``; empty to leave them open.
    ``include`` and ``exclude`` are glob patterns on the path below the folder and on the name alone.  ``images_only``
    takes pictures and movies with their sidecars, ``litter`` also what systems leave behind (``.DS_Store``).
    ``verify`` reads every file again.  ``tolerance_ns`` is how far two times may be apart and still be the same;
    ``None`` for what the two file systems can tell apart.  ``max_delete`` is the share (0-1) of the files of a side
    that may be gone since the last run.  ``log_file`` is where the JSON log goes; empty for the state folder.  A
    ``dry_run`` will not be applied.
    """

    source: str
    target: str
    deletions: Deletions = Deletions.RESTORE
    resolution: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    images_only: bool = False
    litter: bool = False
    verify: bool = False
    tolerance_ns: int | None = None
    max_delete: float = DEFAULT_MAX_DELETE
    log_file: str = ""
    dry_run: bool = False
