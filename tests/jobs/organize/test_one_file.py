"""A folder that is seen by two ways: its pictures are counted once, and none is set aside as a copy of itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pictures_made import save, scene
from tests.trees import snapshot

ROOT = Path(__file__).resolve().parents[3]


def may_mount() -> bool:
    """Whether this system lets us mount in a namespace of our own."""
    tools = sys.platform == "linux" and shutil.which("unshare") and shutil.which("mount")
    return bool(tools) and subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.usefixtures("home")
@pytest.mark.slow
@pytest.mark.skipif(not may_mount(), reason="a folder can be mounted twice by root only")
@pytest.mark.parametrize("folders", [["A", "M"], ["A", "M", "C"], ["C", "M", "A"]])
@pytest.mark.parametrize("options", [["--keep-best"], ["--keep-best", "--reference", "M"], ["--move"]])
def test_a_folder_mounted_twice_is_counted_once(tmp_path: Path, options: list[str], folders: list[str]) -> None:
    """The third folder has a hard link of the file: one file with three paths."""
    only = tmp_path / "A" / "sub" / "only.jpg"
    only.parent.mkdir(parents=True)
    (tmp_path / "M").mkdir()
    save(scene(1), only)
    data = only.read_bytes()
    (tmp_path / "C").mkdir()
    os.link(only, tmp_path / "C" / "link.jpg")
    before = snapshot(tmp_path)
    script = 'mount --bind A/sub M && exec "$@"'
    command = [sys.executable, "-m", "image_sync", "organize", *folders, "O", "-y", *options]
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh", *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    more = "1 more path leads" if len(folders) == 2 else "2 more paths lead"
    assert f"{more} to files" in done.stdout + done.stderr
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jpg") if path.read_bytes() == data}
    if options == ["--move"]:
        assert found == {"O/unique_images/only.jpg", "C/link.jpg"}
    else:
        assert found == {"A/sub/only.jpg", "C/link.jpg"}
        assert snapshot(tmp_path) == before
