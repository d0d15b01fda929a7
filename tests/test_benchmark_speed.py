"""The benchmark of speed: bad input in words, and pictures that are what it says they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.speed import corpus
from image_sync.pictures.hashes import distance
from image_sync.pictures.measure import measure
from tests.pictures_made import save, scene

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]


def ran(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.speed", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_bad_input_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    for options, words in {
        ("--photos", str(tmp_path)): "there are no JPEG photos",
        ("--photos", str(tmp_path / "gone")): "there is no folder",
        ("--sets", "jpeg-1000mp"): "unknown sets: jpeg-1000mp",
        ("--peers", "nobody"): "can't be run: nobody",
    }.items():
        answer = ran(*options)
        assert answer.returncode == 2
        assert words in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_peer_that_is_missing_is_named_and_one_that_was_asked_for_ends_it(tmp_path: Path) -> None:
    nobody = str(tmp_path / "python")
    answer = ran("--peers", "czkawka", "--peer-python", nobody)
    assert answer.returncode == 2
    assert f"czkawka: not installed for {nobody}" in answer.stdout
    assert "can't be run: czkawka" in answer.stderr


@pytest.mark.parametrize("photos", [True, False])
def test_the_pictures_differ_and_are_made_once(tmp_path: Path, photos: bool) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        save(scene(number, (900, 700)), folder / f"{number}.jpg", quality=90)
    wanted = corpus.Set("few", ".jpg", (640, 480), 6)
    place = corpus.make(tmp_path, wanted, folder if photos else None)
    made = sorted(place.glob("*.jpg"))
    assert len(made) == 6
    codes = []
    for path in made:
        known = measure(os.fspath(path), path.stat().st_size, False).fingerprint
        assert known is not None
        assert (known.width, known.height) == (640, 480)
        codes.append(known.codes)
    assert min(distance(one, other) for at, one in enumerate(codes) for other in codes[:at]) > 38
    times = [path.stat().st_mtime_ns for path in made]
    assert corpus.make(tmp_path, wanted, None) == place
    assert [path.stat().st_mtime_ns for path in made] == times
