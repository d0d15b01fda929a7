"""Request for a cluster: where its scheduler is, and under which names its workers see the folders."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from image_sync.base.model import Refused


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster: ``scheduler`` is its address (``tcp://host:port``) or its scheduler file.

    ``places`` are folders as they are named here, each with its name on the workers; all others have one name.
    """

    scheduler: str
    places: tuple[tuple[str, str], ...] = ()


def cluster_of(scheduler: str, places: Iterable[str]) -> Cluster:
    """The cluster of two options; ``places`` are written ``HERE=THERE``.  Raises ``Refused``."""
    pairs = []
    for text in places:
        here, sign, there = text.partition("=")
        if not sign or not os.path.isabs(here) or not there:
            raise Refused(f"--cluster-path is written HERE=THERE, two absolute folders, not '{text}'")
        pairs.append((os.path.normpath(here), there))
    return Cluster(scheduler, tuple(pairs))
