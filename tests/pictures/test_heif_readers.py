"""The reader without an encoder takes the place of the one with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pillow_heif
import pytest

from image_sync.pictures.measure import measure
from tests.pictures_made import scene

READ = """
import base64, json, os, sys
sys.modules["pillow_heif"] = None
from image_sync.pictures.convert import to_jpeg
from image_sync.pictures.measure import measure
from image_sync.pictures.pixels import pixel_digest
path = sys.argv[1]
found = measure(path, os.path.getsize(path), False)
print(json.dumps({
    "problem": str(found.problem or ""),
    "size": [found.fingerprint.width, found.fingerprint.height] if found.fingerprint else [],
    "small": base64.b64encode(found.fingerprint.small).decode() if found.fingerprint else "",
    "digest": len(pixel_digest(path)) if found.fingerprint else 0,
    "jpeg": len(to_jpeg(open(path, "rb").read())) if found.fingerprint else 0,
    "reader": "pi_heif" in sys.modules,
}))
"""


def read_without_the_first(path: Path) -> dict[str, object]:
    done = subprocess.run([sys.executable, "-c", READ, os.fspath(path)], capture_output=True, text=True, check=True)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


@pytest.mark.slow
@pytest.mark.skipif(find_spec("pi_heif") is None, reason="pi-heif is not installed")
def test_heic_is_read_where_only_the_second_reader_is(tmp_path: Path) -> None:
    import base64

    path = tmp_path / "a.heic"
    pillow_heif.from_pillow(scene(1, (400, 300))).save(path, quality=90)
    here = measure(os.fspath(path), path.stat().st_size, False).fingerprint
    there = read_without_the_first(path)
    assert here is not None and there["problem"] == "" and there["reader"] is True
    assert there["size"] == [here.width, here.height] == [400, 300]
    smalls = [
        np.frombuffer(small, np.uint8).astype(int) for small in (here.small, base64.b64decode(str(there["small"])))
    ]
    assert np.abs(smalls[0] - smalls[1]).max() <= 2
    assert there["digest"] == 32 and there["jpeg"]


def test_without_any_reader_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.heic"
    pillow_heif.from_pillow(scene(1)).save(path)
    for name in ("pillow_heif", "pi_heif"):
        monkeypatch.setitem(sys.modules, name, None)
    problem = measure(os.fspath(path), path.stat().st_size, False).problem
    assert problem is not None and problem.hint == "install pillow-heif"
    assert "pillow_heif" in problem.why
