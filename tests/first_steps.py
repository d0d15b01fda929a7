"""The examples of docs/first-steps.md, carried out with real pictures.

``python -m tests.first_steps`` writes their output anew; a test holds the document to what the program does.  A comment
``<!-- photos: NAME -->`` lays the pictures of that name out in a new folder; each block ``console`` behind it is run
there, command by command.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from tests.pictures_made import save, scene

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "first-steps.md"
PROGRAM = "python3 main.py"
_PART = re.compile(r"<!-- photos: (?P<name>\w+) -->|^```console\n(?P<block>.*?)^```$", re.M | re.S)
_CHANGING = (
    (re.compile(r"\bsync_log_[\d_]+\.json"), "LOG"),
    (re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{4}\b"), "RUN"),
    (re.compile(r"\b\d{4}-\d{2}-\d{2} \d{2}:\d{2}\b"), "NOW"),
    (re.compile(r"\b[\d.]+ (?:bytes?|KiB|MiB)\b"), "SIZE"),
    (re.compile(r"\bin [\d.]+ s\b"), "TIME"),
    (re.compile(r"\s+"), " "),
)
"""What is another each time, or with another JPEG library, and how the lines break for it."""
TAKEN = {"beach": "2021:07:04 18:20:11", "hill": "2021:07:05 09:02:47", "street": "2022:03:12 12:40:05"}
SEEDS = {"beach": 3, "hill": 11, "street": 25, "cat": 42}


def photo(name: str) -> Image.Image:
    """The picture that goes by that name."""
    return scene(SEEDS[name], (640, 480))


def put(path: Path, name: str, **changes: int) -> None:
    """Save a picture, with the moment of the shot where it has one; ``small`` and ``quality`` make it a lesser copy."""
    picture = photo(name)
    if small := changes.get("small"):
        picture = picture.resize((small, small * 3 // 4))
    exif = Image.Exif()
    if taken := TAKEN.get(name):
        exif.get_ifd(0x8769)[0x9003] = taken
    save(picture, path, mtime=1_700_000_000, quality=changes.get("quality", 90), exif=exif)


def lay_organize(here: Path) -> None:
    """A phone and a backup of it that somebody resized and renamed."""
    put(here / "Phone" / "beach.jpg", "beach")
    put(here / "Phone" / "hill.jpg", "hill")
    put(here / "Phone" / "cat.jpg", "cat")
    put(here / "Backup" / "2021" / "beach copy.jpg", "beach")
    put(here / "Backup" / "2021" / "DSC_7.jpg", "hill", small=320, quality=70)
    put(here / "Backup" / "street.jpg", "street")


def lay_sync(here: Path) -> None:
    """Two folders of which each has something that the other lacks, and one file that is newer on the left."""
    for side in ("Laptop", "Disk"):
        put(here / side / "beach.jpg", "beach")
    put(here / "Laptop" / "new" / "hill.jpg", "hill")
    put(here / "Disk" / "street.jpg", "street")
    for side, time in (("Laptop", 1_700_100_000), ("Disk", 1_700_000_000)):
        (here / side / "notes.txt").write_text(f"as it was on the {side.lower()}\n")
        os.utime(here / side / "notes.txt", (time, time))


def lay_import(here: Path) -> None:
    """A card with a described folder, the camera's own, a second copy and a picture without a date."""
    put(here / "Card" / "2021-07-04 Beach" / "IMG_1.jpg", "beach")
    put(here / "Card" / "2021-07-04 Beach" / "IMG_2.jpg", "hill")
    put(here / "Card" / "DCIM" / "100CANON" / "IMG_1.jpg", "beach")
    put(here / "Card" / "DCIM" / "100CANON" / "IMG_3.jpg", "street")
    put(here / "Card" / "DCIM" / "100CANON" / "scan.jpg", "cat")
    (here / "Pictures").mkdir()


PHOTOS: dict[str, Callable[[Path], None]] = {"organize": lay_organize, "sync": lay_sync, "import": lay_import}


def environ(home: Path) -> dict[str, str]:
    """The variables of a user whose account is new."""
    places = {f"XDG_{name}_HOME": os.fspath(home / name.lower()) for name in ("STATE", "DATA", "CONFIG", "CACHE")}
    own = {"HOME": os.fspath(home), "PYTHONPATH": os.fspath(ROOT), "LC_ALL": "C.UTF-8", "TZ": "UTC", "COLUMNS": "100"}
    return {**os.environ, **places, **own}


def answered(block: str, here: Path, home: Path) -> Iterator[str]:
    """The block with the output that its commands have now."""
    program = shlex.join([sys.executable, os.fspath(ROOT / "main.py")])
    for line in block.splitlines():
        if line.startswith("$ "):
            command = line[2:].replace(PROGRAM, program)
            result = subprocess.run(
                ["/bin/sh", "-c", command], cwd=here, env=environ(home), capture_output=True, text=True, check=False
            )
            yield shown(f"{line}\n{result.stdout.rstrip()}".rstrip(), here, home)


def shown(text: str, here: Path, home: Path) -> str:
    """The text as who stands in the program's folder would see it."""
    door = shlex.quote(os.fspath(ROOT / "main.py"))
    return text.replace(door, "main.py").replace(f"{here}/", "").replace(os.fspath(home), "~")


def carried_out(text: str, work: Path) -> str:
    """The document with all output anew; ``work`` is an empty folder."""
    here, home = work, work / "home"

    def again(part: re.Match[str]) -> str:
        nonlocal here
        if name := part["name"]:
            here = work / name
            here.mkdir()
            PHOTOS[name](here)
            return part[0]
        return "```console\n" + "\n".join(answered(part["block"], here, home)) + "\n```"

    return _PART.sub(again, text)


def lasting(text: str) -> str:
    """The document without what is another each time."""
    for pattern, word in _CHANGING:
        text = pattern.sub(word, text)
    return text


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        DOCUMENT.write_text(carried_out(DOCUMENT.read_text("utf-8"), Path(folder).resolve()), "utf-8")
