"""Large reviews for the window: groups of four whose files are hard links to a few photos, measured as if real."""

from __future__ import annotations

import os
import queue
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from image_sync.base.events import Event
from image_sync.base.model import FileKind, FileRecord, Fingerprint, Group, Member, Picture, RunSummary, Sameness
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions, decided, for_this_run
from image_sync.jobs.organize.rules.plan import Standing, make_plan

MEMBERS = 4
CAMERA = (4000, 3000)


def photos(folder: Path, given: Path | None) -> list[Path]:
    """JPEGs to be shown: those of a folder, else made ones of twelve megapixels."""
    if given is not None:
        return sorted(path for path in given.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
    import numpy as np
    from PIL import Image

    made = []
    for number in range(12):
        random = np.random.default_rng(number)
        small = Image.fromarray(random.integers(0, 256, (30, 40, 3), dtype=np.uint8))
        path = folder / f"photo {number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        small.resize(CAMERA, Image.Resampling.BICUBIC).save(path, quality=90)
        made.append(path)
    return made


def review(folder: Path, sources: Sequence[Path], groups: int) -> OrganizeReview:
    """A review of ``groups`` times four files, which are made below ``folder``."""
    request = OrganizeRequest((os.fspath(folder), ""), os.fspath(folder / "sorted"), handling=Handling.KEEP_BEST)
    pictures: list[Picture] = []
    found: list[Group] = []
    for group in range(groups):
        first = len(pictures)
        for member in range(MEMBERS):
            number = group * MEMBERS + member
            relative = f"{group // 500:03}/Holiday {group % 7}/IMG_{number:06}.jpg"
            path = folder / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                os.link(sources[number % len(sources)], path)
            pictures.append(_picture(folder, relative, member))
        members = [Member(first, Sameness.IDENTICAL_FILE, 1.0)]
        members += [Member(first + n, Sameness.SIMILAR, 0.99 - n / 50) for n in range(1, MEMBERS)]
        why = "more pixels: 4000 × 3000 against 2000 × 1500"
        found.append(Group(tuple(members), context=f"Holiday {group % 900}", why_best=why))
    plan = make_plan(pictures, found, request, Standing())
    return OrganizeReview(request, tuple(pictures), tuple(found), plan)


def _picture(folder: Path, relative: str, member: int) -> Picture:
    status = os.stat(folder / relative)
    record = FileRecord(
        os.fspath(folder), relative, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_dev,
        status.st_ino, 1, 0o644, FileKind.PICTURE,
    )  # fmt: skip
    wide, high = (side // (1 + member % 2) for side in CAMERA)
    known = Fingerprint(
        format="JPEG", width=wide, height=high, frames=1, small=bytes(4096), codes=bytes(32), texture=50.0,
        sharpness=100.0, jpeg_quality=95 - member * 10, has_gps=member == 0, captured="2019-07-01T10:00:00",
    )  # fmt: skip
    return Picture(record, known)


class Planner:
    """What the window asks an engine for while a review is decided: another plan."""

    busy = False

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()

    def history(self) -> tuple[RunSummary, ...]:
        return ()

    def stop(self) -> None:
        """Nothing runs."""

    def close(self) -> None:
        """Nothing is held."""

    def replan(self, found: OrganizeReview, request: OrganizeRequest, choices: object = None) -> OrganizeReview:
        told = choices if isinstance(choices, Decisions) else Decisions()
        undecided = found.undecided or found.groups
        made = decided(undecided, found.pictures, found.matches, told)
        planned = for_this_run(made, found.pictures, told)
        plan = make_plan(found.pictures, planned, request, Standing(), complete=not told.only_reviewed)
        return replace(found, groups=made, undecided=tuple(undecided), decisions=told, plan=plan)
