"""Members of an archive that are left where they are, each with the reason in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from image_sync.archives.errors import UNPACK_IT

Checkpoint = Callable[[], None]
"""Called now and then by what takes long; what it raises ends the work."""


def nothing() -> None:
    """No checkpoint."""


class Why(Enum):
    """Reason why a member is left where it is, in words, and what to do about it."""

    ENCRYPTED = ("encrypted", "Unpack it with its password and import the folder.")
    METHOD = ("packed in a way that is not read here", UNPACK_IT)
    OUTSIDE = ("its name leads out of the archive, or is none", "Nothing of it is unpacked.")
    LINK = ("a link or a special file", "Only what it leads to can be imported.")
    DENSE = ("it would unpack to far more than any picture or movie does", "It is taken for a trap.")
    OVERLAP = ("it lies in the same place as another file of the archive", "It is taken for a trap.")

    @property
    def words(self) -> str:
        """The reason."""
        return self.value[0]

    @property
    def hint(self) -> str:
        """Advice on what to do about it."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A member that can't be taken out: its name as the archive has it, and why; ``detail`` names the packing."""

    name: str
    why: Why
    detail: str = ""
