"""Which of several equal-looking copies was made from a more compressed one: asked only where a rank hangs on it.

The look decodes a whole picture, so it is taken for the few that ``quality.doubtful`` names, in the pool, and is
remembered with the content.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace

from image_sync.catalog import Catalog, CatalogUnwritable
from image_sync.control import Control
from image_sync.measuring import Measurement, in_pool
from image_sync.model import Match, Picture


def traced(
    pictures: Sequence[Picture],
    matches: Sequence[Match],
    measured: Sequence[Measurement],
    catalog: Catalog,
    pool: Executor,
    workers: int,
    control: Control,
) -> tuple[Picture, ...]:
    """The pictures, with the ``earlier_quality`` of those whose rank hangs on it.  Raises ``Stopped``."""
    from image_sync.pictures.provenance import with_history
    from image_sync.pictures.quality import doubtful

    result = list(pictures)
    wanted = [index for index in doubtful(pictures, matches) if not measured[index].known.traced]
    found: dict[int, int | None] = {}
    looked = in_pool(pool, with_history, [pictures[index] for index in wanted], workers, control)
    for index, (_, picture) in zip(wanted, looked, strict=True):
        earlier = picture.fingerprint.earlier_quality
        result[index] = replace(result[index], fingerprint=replace(result[index].fingerprint, earlier_quality=earlier))
        if (row := measured[index].known.content) is not None:
            found[row] = earlier
    with contextlib.suppress(CatalogUnwritable):
        catalog.store_traces(found)
    return tuple(result)
