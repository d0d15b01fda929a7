"""Request of *import*: everything the user chose for one run, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass

from image_sync.jobs.transfer import Transfer

DEFAULT_PREFIX = "ImageSync"
"""Begins the names of the folders that an import keeps for itself."""


DEFAULT_IGNORED = ("Pictures", "Dropbox", "scans")
"""Folder names that describe nothing; the user edits the list."""


DEFAULT_SMALL = 360


DEFAULT_CROWDED = 100


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What the user chose for *import*.  Folders are as typed; ``folder2`` is empty unless there are two inputs.

    ``small`` is the most pixels that both sides of a small picture have; 0 for no such folder.  ``convert`` makes JPEGs
    of pictures whose names end in one of ``convert_suffixes``.  ``set_dates`` writes dates into pictures that have
    none.  ``zone`` is the time zone that dates in UTC are shown in; empty for the system's.  ``use_mtime`` takes a
    file's modification time when nothing else tells its date.  ``flat_dates`` leaves month and day out of described
    folders.  ``live_together`` keeps the movie of a Live Photo beside its still.  ``by_name`` looks for duplicates
    among similar names only.  ``prefix`` begins the names of the system folders, ``ignored`` are folder names that
    describe nothing.  ``audit`` removes folders that the import emptied and warns of those with more than ``crowded``
    entries.  ``rejudge`` looks at what was set aside as a duplicate once more.  ``include`` and ``exclude`` are glob
    patterns on the path below the input folder and on the name alone.
    """

    folder1: str
    output: str
    folder2: str = ""
    transfer: Transfer = Transfer.MOVE
    small: int = 0
    convert: bool = False
    convert_suffixes: tuple[str, ...] = (".heic", ".heif", ".hif")
    set_dates: bool = False
    zone: str = ""
    use_mtime: bool = False
    flat_dates: bool = False
    live_together: bool = False
    by_name: bool = False
    prefix: str = DEFAULT_PREFIX
    ignored: tuple[str, ...] = DEFAULT_IGNORED
    audit: bool = True
    crowded: int = DEFAULT_CROWDED
    rejudge: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The input folders: one or two."""
        return (self.folder1, self.folder2) if self.folder2 else (self.folder1,)
