"""The benchmark of the window runs on a small review and prints its figures beside their bounds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.gui.reviews import MEMBERS, Planner, photos, review
from image_sync.base.model import PictureFate
from image_sync.jobs.organize.rules.decisions import Decisions
from tests.virtual_display import can_start

ROOT = Path(__file__).resolve().parents[1]


def test_a_review_is_made_of_files_that_are_there(tmp_path: Path) -> None:
    from tests.pictures_made import save, scene

    save(scene(1), tmp_path / "photos" / "one.jpg")
    found = review(tmp_path / "review", photos(tmp_path, tmp_path / "photos"), 3)
    assert len(found.groups) == 3
    assert len(found.pictures) == 3 * MEMBERS
    assert all(os.path.exists(one.record.path) for one in found.pictures)
    assert len(found.plan.operations) >= 3 * (MEMBERS - 1)
    kept = Decisions({one.record.path: PictureFate.KEEP for one in found.pictures[:MEMBERS]})
    planned = Planner().replan(found, found.request, kept)
    assert len(planned.plan.operations) < len(found.plan.operations)


@pytest.mark.slow
@pytest.mark.skipif(not can_start(), reason="Xvfb is not installed")
def test_the_parts_print_their_figures(tmp_path: Path) -> None:
    from tests.pictures_made import save, scene

    for number in range(3):
        save(scene(number), tmp_path / "photos" / f"{number}.jpg")
    command = [sys.executable, "-m", "benchmarks.gui", "--virtual", "--scratch", os.fspath(tmp_path)]
    command += ["--photos", os.fspath(tmp_path / "photos"), "--groups", "12", "--decided", "12"]
    result = subprocess.run(
        [*command, "--only", "review", "decisions", "compare"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode in (0, 1), result.stderr
    for figure in ("opened", "a jump drawn, p95", "a decision shown, p95", "flicker, p95", "memory that the view took"):
        assert figure in result.stdout, result.stdout + result.stderr
