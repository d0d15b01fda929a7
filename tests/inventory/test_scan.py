"""What a scan lists, and what it leaves alone; on real folders."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from image_sync.base.control import Control
from image_sync.base.model import FileKind, Stopped
from image_sync.inventory.scan import Filter, scan
from tests.privileges import without_privileges


def grow(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def listed(root: Path, wanted: Filter | None = None) -> list[str]:
    return [record.relative for record in scan(os.fspath(root), wanted).files]


def test_regular_files_come_in_one_order(tmp_path: Path) -> None:
    grow(tmp_path, "b.jpg", "a/z.png", "a/b/c.heic", "A.txt")
    listing = scan(os.fspath(tmp_path))
    assert [record.relative for record in listing.files] == ["A.txt", "a/b/c.heic", "a/z.png", "b.jpg"]
    assert [record.kind for record in listing.files] == [FileKind.OTHER, *[FileKind.PICTURE] * 3]
    status = (tmp_path / "b.jpg").stat()
    record = listing.files[-1]
    assert (record.size, record.mtime_ns, record.inode) == (status.st_size, status.st_mtime_ns, status.st_ino)
    assert record.path == os.fspath(tmp_path / "b.jpg")


def test_links_and_special_files_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    grow(root, "a.jpg")
    grow(outside, "secret.jpg")
    (root / "link.jpg").symlink_to(outside / "secret.jpg")
    (root / "dangling.jpg").symlink_to("nowhere")
    (root / "loop").symlink_to(root)
    (root / "folder").symlink_to(outside)
    os.mkfifo(root / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as server:
        # The system takes no more than 107 bytes for the place of a socket.
        monkeypatch.chdir(root)
        server.bind("socket.jpg")
        assert listed(root) == ["a.jpg"]


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS refuses names that are no UTF-8")
def test_hostile_names_come_out_whole(tmp_path: Path) -> None:
    names = [
        b"new\nline.jpg",
        b"undecodable \xff\xfe.jpg",
        "emoji 🏖.jpg".encode(),
        b"x" * 251 + b".jpg",
        b" .jpg",
        b"-rf.jpg",
    ]
    for name in names:
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as stream:
            stream.write(b"1")
    assert sorted(os.fsencode(name) for name in listed(tmp_path)) == sorted(names)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), ["a.jpg", "a.xmp", "sub/b.PNG", "sub/deep/c.jpg", "t.txt"]),
        (Filter(include=("*.jpg",)), ["a.jpg", "a.xmp", "sub/deep/c.jpg"]),
        (Filter(include=("sub/*",)), ["a.xmp", "sub/b.PNG", "sub/deep/c.jpg"]),
        (Filter(exclude=("sub",)), ["a.jpg", "a.xmp", "t.txt"]),
        (Filter(exclude=("*.png", "deep/")), ["a.jpg", "a.xmp", "t.txt"]),
        (Filter(exclude=("sub/deep",)), ["a.jpg", "a.xmp", "sub/b.PNG", "t.txt"]),
        (Filter(minimum_size=8), ["a.xmp", "sub/b.PNG", "sub/deep/c.jpg"]),
        (Filter(kinds=frozenset({FileKind.PICTURE})), ["a.jpg", "sub/b.PNG", "sub/deep/c.jpg"]),
    ],
)
def test_filters(tmp_path: Path, wanted: Filter, expected: list[str]) -> None:
    grow(tmp_path, "a.jpg", "a.xmp", "sub/b.PNG", "sub/deep/c.jpg", "t.txt")
    assert listed(tmp_path, wanted) == expected


def test_what_is_not_the_users_is_never_listed(tmp_path: Path) -> None:
    grow(tmp_path, ".image-sync/versions/a.jpg", ".image-sync-tmp.jpg", ".DS_Store", "Thumbs.db", "._a.jpg", "a.jpg")
    assert listed(tmp_path) == ["a.jpg"]


def test_a_skipped_folder_is_not_entered(tmp_path: Path) -> None:
    grow(tmp_path, "in/a.jpg", "out/b.jpg", "outer/c.jpg")
    skip = frozenset({os.fspath(tmp_path / "out")})
    assert listed(tmp_path, Filter(skip=skip)) == ["in/a.jpg", "outer/c.jpg"]


def test_an_unreadable_folder_is_a_problem_and_the_rest_is_listed(tmp_path: Path) -> None:
    grow(tmp_path, "a.jpg", "locked/b.jpg", "z.jpg")
    (tmp_path / "locked").chmod(0)
    try:
        with without_privileges(tmp_path) as run:
            files, unread, problems = run(_listing, os.fspath(tmp_path))
    finally:
        (tmp_path / "locked").chmod(0o755)
    assert files == ["a.jpg", "z.jpg"]
    assert unread == ["locked"]
    assert len(problems) == 1
    assert "could not be read: no permission" in problems[0]


def _listing(root: str) -> tuple[list[str], list[str], list[str]]:
    listing = scan(root)
    return (
        [record.relative for record in listing.files],
        list(listing.unread),
        [str(entry) for entry in listing.problems],
    )


def test_a_missing_root_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        scan(os.fspath(tmp_path / "nowhere"))


def test_a_stop_ends_it(tmp_path: Path) -> None:
    grow(tmp_path, "a.jpg")
    control = Control()
    control.stop()
    with pytest.raises(Stopped):
        scan(os.fspath(tmp_path), control=control)


@pytest.mark.slow
def test_folders_a_thousand_deep(tmp_path: Path) -> None:
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1000):
            os.mkdir("d")
            os.chdir("d")
        Path("deep.jpg").write_bytes(b"1")
        os.chdir(here)
        assert [path.count("/") for path in listed(tmp_path)] == [1000]
    finally:
        os.chdir(tmp_path)
        while os.path.isdir("d/d"):  # what removes folders of old sessions is recursive
            os.rename("d/d", "next")
            shutil.rmtree("d")
            os.rename("next", "d")
        os.chdir(here)
