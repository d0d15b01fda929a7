"""The tree that is synced, what people do to it, and whether both sides hold what they should afterwards."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

SECOND = 10**9
LONG_AGO = 1_600_000_000 * SECOND
STEP = 12 * SECOND
"""Between the times of two files.  One of the tools takes times that are whole hours apart for the same: a file that is
changed gets a second of its own within the step, so that none is mistaken so."""
PER_FOLDER = 100

Expected = dict[str, tuple[str, int]]
"""By path: the digest of the content and the modification time (nanoseconds) that both sides should hold."""


@dataclass
class Tree:
    """Two folders and what both should hold once they are in step."""

    source: Path
    target: Path
    expected: Expected = field(default_factory=dict)
    clock: int = LONG_AGO

    def write(self, root: Path, path: str, data: bytes) -> None:
        """A file with a time later than that of any other."""
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        self.clock += STEP + 1
        os.utime(place, ns=(self.clock, self.clock))
        self.expected[path] = (hashlib.sha256(data).hexdigest(), self.clock)

    def change(self, changed: int, new: int, size: int, seed: int) -> None:
        """Change and add files, half of them here and half there."""
        choice = random.Random(seed)
        self.clock += SECOND
        for number, path in enumerate(choice.sample(sorted(self.expected), changed)):
            self.write(self.source if number % 2 else self.target, path, choice.randbytes(size))
        for number in range(new):
            path = f"new{seed}/{number % 7}/IMG_{number:05}.jpg"
            self.write(self.source if number % 2 else self.target, path, choice.randbytes(size))

    def verdict(self) -> str:
        """``ok``, ``times`` when contents are right and times are not, ``wrong`` and where."""
        verdict = "ok"
        for root in (self.source, self.target):
            found = _held(root)
            if found.keys() != self.expected.keys():
                return f"wrong: {len(found)} files of {len(self.expected)} in {root.name}"
            for path, (digest, time) in self.expected.items():
                if found[path][0] != digest:
                    return f"wrong: {path} in {root.name}"
                if found[path][1] != time:
                    verdict = "times"
        return verdict


def make(place: Path, count: int, size: int) -> Tree:
    """A source of ``count`` files of ``size`` random bytes, and an empty target."""
    tree = Tree(place / "source", place / "target")
    tree.source.mkdir(parents=True)
    tree.target.mkdir()
    choice = random.Random(0)
    for number in range(count):
        tree.write(tree.source, f"d{number // PER_FOLDER:03}/IMG_{number:05}.jpg", choice.randbytes(size))
    return tree


def diverge(tree: Tree) -> None:
    """Give both sides the same files, so that what a tool remembers of them can be thrown away."""
    shutil.rmtree(tree.target)
    shutil.copytree(tree.source, tree.target)


def _held(root: Path) -> Expected:
    """What a folder holds, read on two threads (hashing lets others work)."""
    found: list[str] = []
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if name != ".image-sync"]
        found += [os.path.join(folder, name) for name in files]
    with ThreadPoolExecutor(2) as pool:
        return {os.path.relpath(path, root): held for path, held in zip(found, pool.map(_file, found), strict=True)}


def _file(path: str) -> tuple[str, int]:
    with open(path, "rb", buffering=0) as stream:
        return hashlib.sha256(stream.read()).hexdigest(), os.lstat(path).st_mtime_ns


def copied(tree: Tree, place: Path) -> Tree:
    """The same tree, freshly made, elsewhere."""
    shutil.copytree(tree.source, place / "source")
    (place / "target").mkdir()
    return Tree(place / "source", place / "target", dict(tree.expected), tree.clock)
