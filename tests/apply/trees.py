"""Trees of files before and after, plans made from them, and a second disk, for the tests of this room."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from image_sync.apply import file_ops
from image_sync.base.model import Action, Operation, Plan, Stamp

LONG_AGO = 1_500_000_000_123_456_789
Entry = tuple[str, bytes | str | None, int, int, str]
Tree = dict[str, Entry]


def content(text: str, size: int = 0) -> bytes:
    """Bytes that differ from text to text."""
    seed = (text + "|").encode("utf-8", "surrogateescape")
    return seed if size <= len(seed) else (seed * (size // len(seed) + 1))[:size]


def put(path: Path | str, data: bytes | str = b"", mtime_ns: int = LONG_AGO, mode: int = 0o644) -> str:
    """A file of that content, time and mode, its folders made; returns its path as ``str``."""
    name = os.fspath(path)
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, "wb") as stream:
        stream.write(data if isinstance(data, bytes) else content(data))
    os.chmod(name, mode)
    os.utime(name, ns=(mtime_ns, mtime_ns))
    return name


def age_folders(root: Path | str, mtime_ns: int = LONG_AGO - 777_000_000_001) -> None:
    """Give each folder a time of its own, so that one that is not set back is seen."""
    for number, (folder, _, _) in enumerate(os.walk(root, topdown=False)):
        when = mtime_ns + number * 1_000_000_007
        os.utime(folder, ns=(when, when))


def snapshot(root: Path | str, folder_times: bool = True) -> Tree:
    """Everything below ``root`` and ``root`` itself: kind, content, mtime_ns, mode and the first name of each file."""
    base = os.fspath(root)
    firsts: dict[tuple[int, int], str] = {}
    tree: Tree = {}
    for folder, folders, files in os.walk(base):
        folders.sort()
        tree[os.path.relpath(folder, base)] = _entry(folder, "", folder_times)
        for name in sorted([*files, *(name for name in folders if os.path.islink(os.path.join(folder, name)))]):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            relative = os.path.relpath(path, base)
            first = firsts.setdefault((status.st_dev, status.st_ino), relative)
            tree[relative] = _entry(path, first, folder_times)
    return tree


def _entry(path: str, first: str, folder_times: bool) -> Entry:
    status = os.lstat(path)
    mode = stat.S_IMODE(status.st_mode)
    if stat.S_ISLNK(status.st_mode):
        return ("link", os.readlink(path), 0, 0, first)
    if stat.S_ISDIR(status.st_mode):
        return ("folder", None, status.st_mtime_ns if folder_times else 0, mode, "")
    if not stat.S_ISREG(status.st_mode):
        return ("special", None, 0, mode, first)
    return ("file", Path(path).read_bytes(), status.st_mtime_ns, mode, first)


def files(tree: Tree) -> dict[str, bytes | str | None]:
    """The files of a snapshot with their content only."""
    return {name: entry[1] for name, entry in tree.items() if entry[0] == "file"}


def stamp(path: Path | str, digest: str | None = None) -> Stamp:
    status = os.lstat(path)
    return Stamp(status.st_size, status.st_mtime_ns, digest)


def operation(action: Action, source: Path | str = "", destination: Path | str = "", **more: object) -> Operation:
    """An operation planned on what stands at its two paths now."""
    here, there = os.fspath(source), os.fspath(destination)
    if here and (os.path.isfile(here) or os.path.islink(here)):
        more.setdefault("expected", stamp(here))
        more.setdefault("link", os.path.islink(here))
    if action in (Action.UPDATE, Action.REPLACE_WITH_LINK) and (os.path.isfile(there) or os.path.islink(there)):
        more.setdefault("replaces", stamp(there))
    return Operation(action, here, there, "because", **more)  # type: ignore[arg-type]


def plan(*operations: Operation, **roots: Path | str) -> Plan:
    return Plan("sync", {role: os.fspath(root) for role, root in roots.items()}, tuple(operations))


def everything(root: Path, far: Path) -> Plan:
    """A tree in ``root`` and ``far`` (which may be another disk), and a plan of every action that fits together."""
    one, two, out = root / "one", root / "two", root / "out"
    for name in ("a", "b", "c", "d", "e", "f"):
        put(one / f"{name}.jpg", content(name, 3000), LONG_AGO + ord(name), 0o640)
    put(one / "a.xmp", "sidecar of a")
    put(one / "same.jpg", content("same", 5000))
    put(two / "same too.jpg", content("same", 5000), LONG_AGO + 5)
    put(two / "old.jpg", content("old", 4000), LONG_AGO - 5, 0o600)
    put(two / "sub" / "aside.jpg", "set aside")
    put(two / "open.jpg", "open to all", mode=0o644)
    put(two / "leaving" / "last.jpg", "the last one here")
    put(far / "in" / "from far.jpg", content("far", 70_000), LONG_AGO + 99, 0o444)
    for name in ("g", "h"):
        put(two / "deep" / "er" / f"{name}.jpg", content(f"old {name}", 2000), LONG_AGO - ord(name), 0o604)
    (two / "empty").mkdir()
    (two / "empty").chmod(0o750)
    linked = _put_links(one, two) if os.name != "nt" else []
    for folder in (root, far):
        age_folders(folder)
    move, copy = Action.MOVE, Action.COPY
    planned = [
        operation(move, one / "a.jpg", out / "group" / "a.jpg"),
        operation(move, one / "a.xmp", out / "group" / "a.xmp", follows=0),
        operation(copy, one / "b.jpg", two / "new" / "deep" / "b.jpg"),
        operation(Action.LINK, one / "c.jpg", out / "links" / "c.jpg"),
        operation(Action.REPLACE_WITH_LINK, one / "same.jpg", two / "same too.jpg"),
        operation(Action.UPDATE, one / "d.jpg", two / "old.jpg"),
        operation(Action.UPDATE, one / "e.jpg", two / "old.jpg", replaces=stamp(one / "d.jpg")),
        operation(Action.SET_ASIDE, two / "sub" / "aside.jpg", versions=os.fspath(two / ".image-sync" / "versions")),
        operation(Action.MAKE_FOLDER, "", out / "made" / "in"),
        operation(Action.REMOVE_FOLDER, two / "empty"),
        operation(move, two / "leaving" / "last.jpg", out / "last.jpg"),
        operation(Action.REMOVE_FOLDER, two / "leaving"),
        operation(move, out / "group" / "a.jpg", out / "later" / "a.jpg", expected=stamp(one / "a.jpg")),
        operation(move, one / "f.jpg", far / "out" / "f.jpg"),
        operation(move, far / "in" / "from far.jpg", out / "near.jpg"),
        operation(copy, two / "same too.jpg", far / "out" / "same.jpg", expected=stamp(one / "same.jpg")),
        *_permitted(one / "b.jpg", two / "open.jpg"),
    ]
    links = [
        operation(action, here, {Action.MOVE: far / "out" / "moved link"}.get(action, there))
        for action, here, there in linked
    ]
    updates = [
        operation(Action.UPDATE, one / f"{new}.jpg", two / "deep" / "er" / f"{old}.jpg", versions=versions)
        for new, old, versions in (("d", "g", os.fspath(two / ".image-sync" / "versions")), ("e", "h", ""))
    ]
    return plan(*planned, *updates, *links, one=one, two=two, out=out, far=far)


def _permitted(one: Path, other: Path) -> list[Operation]:
    """Permissions of one file to another and back to what they were, where there are any."""
    if os.name == "nt":
        return []
    return [operation(Action.PERMIT, one, other, argument="640 644", replaces=stamp(other))]


def _put_links(one: Path, two: Path) -> list[tuple[Action, Path, Path | str]]:
    """Links to a file, to a folder, to nowhere and back, and what is to be done with them."""
    for name, target in (("to file", "b.jpg"), ("to folder", "."), ("to nowhere", "/no/such place")):
        (one / name).symlink_to(target)
    (two / "old link").symlink_to("elsewhere")
    return [
        (Action.COPY, one / "to file", two / "to file"),
        (Action.UPDATE, one / "to nowhere", two / "old link"),
        (Action.MOVE, one / "to folder", ""),
        (Action.SET_ASIDE, one / "to nowhere", ""),
    ]


def pretend_two_disks(patch: pytest.MonkeyPatch, far: Path) -> None:
    """Let renames and links between ``far`` and the rest fail as they do between two file systems."""
    base = os.fspath(far) + os.sep

    def crosses(first: str, second: str) -> bool:
        return first.startswith(base) != second.startswith(base)

    for name in ("rename", "link", "replace"):
        plain = getattr(file_ops, name)

        def guarded(source: str, target: str, plain=plain) -> None:  # type: ignore[no-untyped-def]
            if crosses(source, target):
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), source, None, target)
            plain(source, target)

        patch.setattr(file_ops, name, guarded)


@contextlib.contextmanager
def second_disk(near: Path) -> Iterator[Path | None]:
    """A folder on another file system than ``near``, where this machine has one that we may write to."""
    for place in ("/dev/shm", "/run/shm", os.environ.get("XDG_RUNTIME_DIR", "")):
        if place and os.path.isdir(place) and os.access(place, os.W_OK) and os.stat(place).st_dev != near.stat().st_dev:
            folder = Path(tempfile.mkdtemp(prefix=f"image-sync-test-{uuid.uuid4().hex[:6]}-", dir=place))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            return
    yield None
