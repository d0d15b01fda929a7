"""The tools of a step together with what was made of its group before its turn.

A room of its own, since what is made before its turn (``prefetch``, ``backup_copies``) works with the tools.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from image_sync.apply.backup_copies import BackupCopies
from image_sync.apply.prefetch import Prefetch
from image_sync.apply.step import StepTools


@dataclass(slots=True)
class StepContext(StepTools):
    """``StepTools``, the copies that were made ahead, and the earlier files that were kept ahead."""

    ahead: Prefetch = field(default_factory=Prefetch)
    keeping: BackupCopies = field(default_factory=BackupCopies)

    def drop(self) -> None:
        """Throw away what was made before a turn that did not come."""
        self.ahead.drop()
        self.keeping.drop(self.ground)
