"""Try a frozen program for real: ``python3 packaging/try_frozen.py dist/image-sync``.

It must say its version, organize pictures that are made here (one of them read in a worker process), and take that back
to the last byte.  Needs nothing but Python.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def bitmap(shade: int) -> bytes:
    """A picture of 96x64 pixels as BMP: a slope whose steepness ``shade`` says, with a block in it."""
    rows = b"".join(
        bytes(255 if (x // 16 + y // 16) % 5 == shade % 5 else (x * (shade + 1) + y * 2) % 256 for _ in range(3))
        for y in range(64)
        for x in range(96)
    )
    head = b"BM" + (54 + len(rows)).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    sizes = (40).to_bytes(4, "little") + (96).to_bytes(4, "little") + (64).to_bytes(4, "little")
    return head + sizes + b"\1\0\x18\0" + bytes(24) + rows


GIF = bytes.fromhex("47494638376101000100800000ff000000ff002c00000000010001000002024401003b")
"""What the program hands to a worker process."""


def contents(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` with the digest of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main(folder: str) -> int:
    """Try it; 0 when all went well."""
    program = os.path.abspath(os.path.join(folder, "image-sync" + (".exe" if os.name == "nt" else "")))
    with tempfile.TemporaryDirectory() as work:
        home = Path(work, "home")
        home.mkdir()
        places = {f"XDG_{name}_HOME": os.fspath(home / name) for name in ("STATE", "DATA", "CONFIG", "CACHE")}
        environ = {**os.environ, "HOME": os.fspath(home), **places, "IMAGE_SYNC_STATE": os.fspath(home / "state")}

        def run(*arguments: str) -> str:
            result = subprocess.run([program, *arguments], env=environ, capture_output=True, text=True, check=False)
            print(f"$ image-sync {' '.join(arguments)}\n{result.stdout}{result.stderr}", flush=True)
            if result.returncode:
                sys.exit(f"try_frozen: exit code {result.returncode}")
            return result.stdout

        photos = Path(work, "photos")
        photos.mkdir()
        for number in range(3):
            (photos / f"{number}.bmp").write_bytes(bitmap(number))
        (photos / "copy of 1.bmp").write_bytes(bitmap(1))
        (photos / "dot.gif").write_bytes(GIF)
        before = contents(photos)
        run("--version")
        run("--help")
        run("organize", os.fspath(photos), os.path.join(work, "sorted"), "--yes", "--debug")
        if len(contents(photos)) or len(contents(Path(work, "sorted"))) != len(before):
            sys.exit("try_frozen: not every picture was moved")
        logs = "".join(path.read_text("utf-8") for path in home.rglob("*.log"))
        if "worker process" in logs or "no interpreter" in logs:
            sys.exit(f"try_frozen: a worker process did not work:\n{logs}")
        run("undo", "--yes")
        if contents(photos) != before:
            sys.exit("try_frozen: undo did not bring every picture back")
    print("try_frozen: it starts, organizes and takes that back")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
