"""Patterns mean in all three jobs what git means by them; what can't be read is refused in words."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_sync.base.patterns import Patterns, unreadable
from image_sync.inventory.scan import Filter, scan
from image_sync.jobs.organize.checks import check as check_organize
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.jobs.photo_import.checks import check as check_import
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync.checks import check as check_sync
from image_sync.jobs.sync.filter import Choice
from image_sync.jobs.sync.request import SyncRequest

FILES = ("a.jpg", "A.JPG.txt", "cache", "d/a.jpg", "d/cache/x", "d/e/a.png", "e/d/f/a.jpg", "#a", "raw/b.dng")


@pytest.mark.parametrize(
    ("pattern", "path", "folder", "matches"),
    [
        ("*.jpg", "d/IMG.JPG", False, True),
        ("/a.jpg", "a.jpg", False, True),
        ("/a.jpg", "d/a.jpg", False, False),
        ("d/a.jpg", "e/d/a.jpg", False, False),
        ("cache/", "cache", False, False),
        ("cache/", "cache", True, True),
        ("cache/", "d/cache/x", False, True),
        ("d/*.jpg", "d/e/a.jpg", False, False),
        ("d/**/*.jpg", "d/e/f/a.jpg", False, True),
        ("**/e", "d/e", True, True),
        ("?.jpg", "ab.jpg", False, False),
        ("[ab].jpg", "b.jpg", False, True),
        ("#a", "#a", False, True),
        ("\\*.jpg", "x.jpg", False, False),
        ("\u00c4*", "\u00e4.jpg", False, True),
    ],
)
def test_patterns(pattern: str, path: str, folder: bool, matches: bool) -> None:
    assert Patterns([pattern]).match(path, folder) is matches


def test_the_last_that_matches_counts_and_none_matches_nothing() -> None:
    assert Patterns(["*.jpg", "!keep.jpg"]).match("a.jpg") and not Patterns(["*.jpg", "!keep.jpg"]).match("keep.jpg")
    assert not Patterns(()) and not Patterns(()).match("a.jpg") and Patterns(["a"])


@pytest.mark.parametrize("pattern", ["", "/", "!", "\\", "  "])
def test_what_can_not_be_read_is_refused_by_every_job(tmp_path: Path, pattern: str) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two, output = (str(tmp_path / name) for name in ("one", "two", "three"))
    for field in ("include", "exclude"):
        chosen = {field: ("*.jpg", pattern)}
        wrong = [
            check_organize(OrganizeRequest((one, two), output, **chosen)),  # type: ignore[arg-type]
            check_import(ImportRequest(folder1=one, output=output, **chosen)),  # type: ignore[arg-type]
            check_sync(SyncRequest(one, two, **chosen)),  # type: ignore[arg-type]
        ]
        assert all(set(told) == {field} and f"'{pattern}' can't be read" in told[field] for told in wrong), wrong
    assert unreadable(["*.jpg", "cache/"]) == ""


patterns = st.lists(
    st.text(alphabet="ade*/?.jpgcahe[]", min_size=1, max_size=7).filter(lambda one: not unreadable([one]))
)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed here")
@given(chosen=patterns)
@settings(max_examples=40, deadline=None)
def test_what_git_leaves_out_every_job_leaves_out(tmp_path_factory: pytest.TempPathFactory, chosen: list[str]) -> None:
    """The same tree, the same patterns: git's own word on it, the scan of organize and import, the choice of sync."""
    root = tmp_path_factory.mktemp("tree")
    lowered = [name.casefold() for name in FILES]
    for name in lowered:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    listed = {record.relative for record in scan(str(root), Filter(exclude=tuple(chosen))).files}
    choice = Choice(SyncRequest("", "", exclude=tuple(chosen)))
    assert {name for name in lowered if choice.takes_path(name.encode(), False)} == listed
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / ".git/info/exclude").write_text("\n".join(chosen) + "\n")
    told = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-o", "--exclude-standard", "-z"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert set(filter(None, told.stdout.split("\0"))) == listed
