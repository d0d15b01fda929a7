"""Members of an archive that stay in it, each with the reason in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from image_sync.archives.errors import UNPACK_IT
from image_sync.base.said import N_, Saying

_TRAP = N_("It is taken for a trap.")

Checkpoint = Callable[[], None]
"""Called now and then by what takes long; what it raises ends the work."""


def nothing() -> None:
    """No checkpoint."""


class Left(Saying):
    """Words on members that stay in an archive."""

    THERE = ("{count} file in it stays there", "{count} files in it stay there")
    NAMED = "{why}: {names}"
    ENCRYPTED = "encrypted"
    METHOD = "packed in a way that is not read here"
    OUTSIDE = "its name leads out of the archive, or is none"
    LINK = "a link or a special file"
    DENSE = "it would unpack to far more than any picture or movie does"
    OVERLAP = "it lies in the same place as another file of the archive"


class Why(Enum):
    """Reason why a member stays where it is, in words, and what to do about it."""

    ENCRYPTED = (Left.ENCRYPTED, N_("Unpack it with its password and import the folder."))
    METHOD = (Left.METHOD, UNPACK_IT)
    OUTSIDE = (Left.OUTSIDE, N_("Nothing of it is unpacked."))
    LINK = (Left.LINK, N_("Only what it leads to can be imported."))
    DENSE = (Left.DENSE, _TRAP)
    OVERLAP = (Left.OVERLAP, _TRAP)

    @property
    def words(self) -> str:
        """The reason."""
        said: Left = self.value[0]
        return said()

    @property
    def hint(self) -> str:
        """Advice on what to do about it."""
        hint: str = self.value[1]
        return hint


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A member that can't be taken out: its name as the archive has it, and why; ``detail`` names the packing."""

    name: str
    why: Why
    detail: str = ""
