"""What a file is, judged by its name."""

from __future__ import annotations

import subprocess
import sys

import pytest

from image_sync.base.model import FileKind
from image_sync.pictures.formats import kind_of


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("a.jpg a.JPG a.jpeg a.jpe a.jfif a.png a.bmp a.tif a.tiff a.gif a.webp", FileKind.PICTURE),
        ("a.heic a.HEIC a.heif a.hif a.avif a.avifs a.mpo a.insp a.heics a.heifs", FileKind.PICTURE),
        ("a.cr2 a.CR3 a.nef a.arw a.dng a.orf a.rw2 a.raf a.pef a.srw a.GPR", FileKind.RAW),
        ("a.mov a.MP4 a.m4v a.3gp a.avi a.mts a.m2ts a.mpg a.mpeg a.wmv a.mkv a.webm", FileKind.MOVIE),
        ("a.MOD a.TOD a.LRV a.insv a.mp a.ts a.VOB a.dv", FileKind.MOVIE),
        ("a.xmp a.jpg.xmp a.AAE a.thm a.json a.jpg.supplemental-metadata.json a.MOI", FileKind.SIDECAR),
        ("a a.txt a.wav .jpg jpg a.jpg.bak a.jp ._a.jpg a.psd a.jxl", FileKind.OTHER),
        ("a.b.c.JPeG folder.jpg/b.png", FileKind.PICTURE),
    ],
)
def test_kind_of_names(names: str, kind: FileKind) -> None:
    assert {name: kind_of(name) for name in names.split()} == dict.fromkeys(names.split(), kind)


def test_undecodable_and_odd_names_have_a_kind() -> None:
    assert kind_of("gr\udcfc\udcdfe\n.jpg") is FileKind.PICTURE
    assert kind_of("") is FileKind.OTHER


def test_the_scan_can_judge_names_without_loading_anything_heavy() -> None:
    program = (
        "import sys; from image_sync.pictures.formats import kind_of; kind_of('a.jpg');"
        "print([name for name in ('PIL', 'numpy', 'cv2', 'scipy') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
