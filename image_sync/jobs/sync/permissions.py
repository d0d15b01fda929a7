"""Reading of permissions for a comparison, as far as both file systems keep them.

What one of the two can't keep is never carried, and said once.  Found out by looking alone; nothing is written for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from image_sync.apply.actions import permissions
from image_sync.base import paths
from image_sync.jobs.sync.disks import Disk
from image_sync.jobs.sync.model import Side
from image_sync.jobs.sync.rules.reasons import Noted

_NO_BITS = frozenset(
    {"vfat", "msdos", "fat", "umsdos", "exfat", "ntfs", "ntfs3", "fuseblk", "cifs", "smb3", "vboxsf", "iso9660", "udf"}
)
"""File systems that give all files the permissions they were mounted with."""


@dataclass(frozen=True, slots=True)
class PermissionReader:
    """Reader of permissions, with the user's attributes or without."""

    with_attributes: bool

    def text(self, place: bytes, mode: int) -> str:
        """The text of what stands at a place and has that mode; empty where it can't be read."""
        try:
            return permissions.of(place, mode, self.with_attributes).text
        except OSError:
            return ""

    def read(self, place: bytes) -> str:
        """The text of what stands at a place, looked at now; empty where it can't be read."""
        try:
            return self.text(place, os.lstat(place).st_mode)
        except OSError:
            return ""


def reader_for(roots: Mapping[Side, str], disks: Mapping[Side, Disk]) -> tuple[PermissionReader | None, list[str]]:
    """The reader for two folders, and what can't be carried, in words; ``None`` where one keeps no permissions."""
    without = list(_without_bits(roots, disks))
    if without:
        return None, without
    lacking = [side for side in Side if not permissions.keeps_attributes(roots[side])]
    notes = [] if len(lacking) != 1 else [_no_attributes(roots[lacking[0]])]
    return PermissionReader(not lacking), notes


def _without_bits(roots: Mapping[Side, str], disks: Mapping[Side, Disk]) -> Iterator[str]:
    for side in Side:
        kind = disks[side].kind
        if os.name == "nt" or kind in _NO_BITS:
            folder = paths.display(roots[side])
            yield Noted.NO_PERMISSIONS_ON(folder=folder, kind=kind) if kind else Noted.NO_PERMISSIONS(folder=folder)


def _no_attributes(root: str) -> str:
    return Noted.NO_ATTRIBUTES(folder=paths.display(root))
