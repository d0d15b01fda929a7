"""Small trees of real kinds, and the plans that real scans of all three jobs make of them."""

from __future__ import annotations

import io
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.faults.children import Ended, forked
from benchmarks.faults.trees import Tree, tree_of
from image_sync.base.model import Plan

LONG_AGO = 1_500_000_000_123_456_789
RUN = "20260815-143022-3f2a"


@dataclass
class World:
    """Trees on up to two disks, the plan of a scan of them, and how to have them afresh.

    ``near`` and ``far`` are folders of this world alone.  The state folder is new each time.
    """

    name: str
    near: Path
    far: Path
    plan: Plan
    before: Tree = field(default_factory=dict)
    after: Tree = field(default_factory=dict)
    _number: int = 0

    @property
    def roots(self) -> tuple[Path, Path]:
        return self.near / "tree", self.far / "tree"

    @property
    def state(self) -> Path:
        """The state folder of the present."""
        return self.near / f"state{self._number}"

    def fresh(self) -> None:
        """The trees as they were scanned, and an empty state folder."""
        for place in (self.near, self.far):
            shutil.rmtree(place / "tree", ignore_errors=True)
            shutil.copytree(place / "kept", place / "tree", symlinks=True)
            shutil.rmtree(place / "morgue", ignore_errors=True)
        shutil.rmtree(self.state, ignore_errors=True)
        self._number += 1
        os.environ["IMAGE_SYNC_STATE"] = os.fspath(self.state)

    def now(self) -> Tree:
        return tree_of(self.roots)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of world: plants its trees, and scans them by a job with options."""

    name: str
    plant: Callable[[Path, Path], None]
    scan: Callable[[Path, Path, Path], Plan]


@contextmanager
def made(kind: Kind, near: Path, far: Path) -> Iterator[World]:
    """A world below ``near`` and ``far``.  Raises ``RuntimeError`` when its plan does not go through."""
    from image_sync.apply import makers  # noqa: F401 - loaded once, here, and not in each child
    from image_sync.apply.executor import execute

    place, away = near / kind.name.replace(" ", "-"), far / kind.name.replace(" ", "-")
    for folder in (place, away):
        (folder / "tree").mkdir(parents=True)
    kind.plant(place / "tree", away / "tree")
    plan = _answer(lambda: kind.scan(place / "tree", away / "tree", place / "scanned"))
    age_folders(place / "tree", away / "tree")
    for folder in (place, away):
        shutil.copytree(folder / "tree", folder / "kept", symlinks=True)
    world = World(kind.name, place, away, plan)
    try:
        world.fresh()
        world.before = world.now()
        result = _answer(lambda: execute(plan, run=RUN))
        if not plan.operations or result.problems or result.done != len(plan.operations):
            raise RuntimeError(f"the plan of {kind.name} does not go through: {result}")
        world.after = world.now()
        yield world
    finally:
        for folder in (place, away):
            shutil.rmtree(folder, ignore_errors=True)


def _answer(work: Callable[[], Any]) -> Any:
    """What ``work`` returns, in a child: no thread and no open database of a scan stays in this process."""
    ended = forked(lambda: Ended(result=work()))
    if ended.fault:
        raise RuntimeError(ended.fault)
    return ended.result


# --- trees ------------------------------------------------------------------------------------------------------------


def put(path: Path, data: bytes, mode: int = 0o644, newer: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)
    when = LONG_AGO + newer * 10**9
    os.utime(path, ns=(when, when))
    return path


def age_folders(*roots: Path) -> None:
    """Give each folder a time of its own, so that one that is not set back is seen."""
    number = 0
    for root in roots:
        for folder, _, _ in os.walk(root, topdown=False):
            number += 1
            when = LONG_AGO - 777_000_000_001 + number * 1_000_000_007
            os.utime(folder, ns=(when, when))


def picture(seed: int, kind: str = "JPEG", **options: Any) -> bytes:
    """A picture file; another seed gives other pixels."""
    from tests.pictures_made import scene

    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    target = io.BytesIO()
    scene(seed, (64, 48)).save(target, kind, **options)
    return target.getvalue()


def _plant_two(near: Path, _far: Path) -> None:
    one, two = near / "one", near / "two"
    for number in range(4):
        data = picture(number)
        put(one / f"beach {number}.jpg", data, 0o640, number)
        put(two / "sub" / f"copy of {number}.jpg", data, 0o600 if number < 2 else 0o640, number + 50)
    put(one / "beach 0.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    put(two / "again.png", picture(2, "PNG"), newer=7)
    put(one / "alone.jpg", picture(20), 0o444)
    put(two / "deep" / "er" / "alone too.jpg", picture(21))
    (near / "out").mkdir()


def _plant_sides(near: Path, _far: Path) -> None:
    for side in ("source", "target"):
        for number in range(10):
            put(near / side / f"d{number % 3}" / f"p{number}.jpg", picture(number), 0o640, number)
        put(near / side / "notes" / "read me.txt", b"the same on both sides")


def _change_sides(near: Path) -> None:
    """What people did since the folders were in step, on either side."""
    source, target = near / "source", near / "target"
    put(source / "d0" / "p0.jpg", picture(100), newer=1000)
    put(target / "d1" / "p1.jpg", picture(101), newer=1001)
    os.rename(source / "d2" / "p2.jpg", source / "d2" / "renamed.jpg")
    (target / "moved to").mkdir()
    os.rename(target / "d0" / "p3.jpg", target / "moved to" / "p3.jpg")
    os.unlink(source / "d1" / "p4.jpg")
    os.unlink(target / "d2" / "p5.jpg")
    (source / "d0" / "p6.jpg").chmod(0o600)
    put(source / "new" / "deep" / "n1.jpg", picture(102), newer=1002)
    put(target / "new too" / "n2.jpg", random.Random(7).randbytes(90_000), newer=1003)
    os.symlink("read me.txt", source / "notes" / "a link")
    put(source / "notes" / "read me.txt", b"changed here", newer=1004)
    put(target / "notes" / "read me.txt", b"and changed there otherwise", newer=1005)


def _plant_import(near: Path, _far: Path) -> None:
    from tests.jobs.photo_import.made import SPRING, SUMMER, photo

    card, library = near / "card", near / "library"
    put(card / "Trip to Rome" / "IMG_1.jpg", photo("A", SPRING))
    put(card / "Trip to Rome" / "IMG_1.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    put(card / "Trip to Rome" / "IMG_2.jpg", photo("B", SUMMER))
    put(card / "again" / "IMG_2 copy.jpg", photo("B", SUMMER), newer=3)
    put(card / "2004-03-05 Picnic" / "without.jpg", photo("C"))
    put(card / "2004-03-05 Picnic" / "without too.png", picture(40, "PNG"))
    put(card / "IMG_20110203_040506.heic", picture(41, "HEIF", quality=60))
    put(card / "MOV_3.avi", b"RIFF\x10\x00\x00\x00AVI LIST" + bytes(60), newer=9)
    put(library / "2003" / "05-06 Trip to Rome" / "IMG_9.jpg", photo("D", SPRING))


# --- scans ------------------------------------------------------------------------------------------------------------


def _organize(**options: Any) -> Callable[[Path, Path, Path], Plan]:
    def scan(near: Path, far: Path, state: Path) -> Plan:
        import image_sync
        from image_sync.jobs.organize.request import Handling, OrganizeRequest
        from image_sync.jobs.transfer import Transfer

        output = far / "out" if options.get("away") else near / "out"
        output.mkdir(exist_ok=True)
        chosen = {"handling": Handling(options["handling"]), "transfer": Transfer(options["transfer"])}
        folders = (os.fspath(near / "one"), os.fspath(near / "two"))
        with _state(state):
            return image_sync.organize(OrganizeRequest(folders, os.fspath(output), **chosen)).plan

    return scan


def _sync(near: Path, _far: Path, state: Path) -> Plan:
    import image_sync
    from image_sync.jobs.sync.request import Deletions, SyncRequest

    request = SyncRequest(
        os.fspath(near / "source"),
        os.fspath(near / "target"),
        deletions=Deletions.PROPAGATE,
        permissions=True,
        resolution="keep-both",
        max_delete=1.0,
    )
    with _state(state):
        image_sync.apply(image_sync.sync(request))
        _change_sides(near)
        return image_sync.sync(request).plan


def _import(**options: Any) -> Callable[[Path, Path, Path], Plan]:
    def scan(near: Path, _far: Path, state: Path) -> Plan:
        import image_sync
        from image_sync.jobs.photo_import.request import ImportRequest
        from image_sync.jobs.transfer import Transfer

        chosen = {"convert": True, "set_dates": True, "transfer": Transfer(options["transfer"])}
        with _state(state):
            request = ImportRequest(os.fspath(near / "card"), os.fspath(near / "library"), **chosen)
            return image_sync.import_photos(request).plan

    return scan


@contextmanager
def _state(place: Path) -> Iterator[None]:
    """A home of its own for a scan; this process is a child that ends afterwards."""
    os.environ["IMAGE_SYNC_STATE"] = os.fspath(place / "state")
    for name in ("DATA", "CONFIG", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = os.fspath(place / name)
    yield


KINDS = (
    Kind("organize gather", _plant_two, _organize(handling="gather", transfer="move")),
    Kind("organize gather far", _plant_two, _organize(handling="gather", transfer="move", away=True)),
    Kind("organize copy", _plant_two, _organize(handling="gather", transfer="copy")),
    Kind("organize keep best", _plant_two, _organize(handling="keep best", transfer="move")),
    Kind("organize link exact", _plant_two, _organize(handling="link exact", transfer="move")),
    Kind("sync", _plant_sides, _sync),
    Kind("import move", _plant_import, _import(transfer="move")),
    Kind("import copy", _plant_import, _import(transfer="copy")),
)


def command(world: World) -> list[str]:
    """The command line that does to a world what its plan does (sync without what is remembered)."""
    job, *words = world.name.split()
    near, far = (os.fspath(root) for root in world.roots)
    if job == "sync":
        return ["sync", f"{near}/source", f"{near}/target", "--yes", "--permissions", "--auto-resolve", "keep-both"]
    if job == "import":
        more = ["--copy"] if words == ["copy"] else []
        return ["import", f"{near}/card", f"{near}/library", "--yes", "--convert", "--set-dates", *more]
    folders = [f"{near}/one", f"{near}/two", f"{far if 'far' in words else near}/out"]
    more = ["--copy"] if words == ["copy"] else []
    if words in (["keep", "best"], ["link", "exact"]):
        more = ["--handling", "-".join(words)]
    return ["organize", *folders, "--yes", *more]
