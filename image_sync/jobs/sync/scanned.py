"""Outcome of one scan, as raw as it is: reading adds to it, deciding starts from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from image_sync.jobs.sync.disks import Disk
from image_sync.jobs.sync.identity import Identity
from image_sync.jobs.sync.listing import RawListing
from image_sync.jobs.sync.model import Side
from image_sync.jobs.sync.packed_stats import Entries, Look
from image_sync.jobs.sync.permissions import PermissionReader
from image_sync.jobs.sync.request import SyncRequest


def _by_side() -> dict[Side, dict[bytes, str]]:
    return {side: {} for side in Side}


@dataclass
class Scanned:
    """A scan in the making.

    ``identities`` tell which two roots these are.
    ``rows`` are those of the memory that are open, by path, ``agreed_contents`` what was agreed on under them.
    ``contents`` is what is known by side and path, ``compared`` stands for the contents of two files that were compared
    and differ (see ``packed_stats.Entries``).  ``open`` are the paths that need a decision, ``equal`` counts the files
    and links that need none, ``files_agreed`` those that the memory knows.  ``permissions`` reads those where they are
    carried, ``agreed_permissions`` are those that both had.
    """

    request: SyncRequest
    disks: dict[Side, Disk]
    identities: Mapping[Side, Identity]
    listings: dict[Side, RawListing] = field(default_factory=dict)
    rows: dict[bytes, tuple[Look, Look]] = field(default_factory=dict)
    agreed_contents: dict[bytes, str] = field(default_factory=dict)
    contents: dict[Side, dict[bytes, str]] = field(default_factory=_by_side)
    compared: dict[Side, dict[bytes, str]] = field(default_factory=_by_side)
    open: Collection[bytes] = ()
    equal: int = 0
    files_agreed: int = 0
    permissions: PermissionReader | None = None
    agreed_permissions: Mapping[bytes, str] = field(default_factory=dict)

    def entries(self, side: Side) -> Entries:
        """The listing of one side as the rules want it, with what is known of contents by now."""
        listing = self.listings[side]
        return Entries(listing.looks, self.contents[side], self.compared[side], listing.permissions)
