"""``python -m benchmarks.gui [--groups N] [--photos DIR] [--only …]``: how long the window takes, beside its bounds.

Where no display is there, Xvfb is started.  Each part runs in a process of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.gui.parts import PARTS
from tests.virtual_display import has_display, virtual_display


def main() -> int:
    options = _options()
    if options.part:
        return PARTS[options.part](Path(options.folder), options)
    with contextlib.ExitStack() as stack:
        if not has_display() or options.virtual:
            os.environ["DISPLAY"] = stack.enter_context(virtual_display())
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=options.scratch))
        environment = {**os.environ, "HOME": folder}
        for name in ("CONFIG", "CACHE", "STATE", "DATA"):
            environment[f"XDG_{name}_HOME"] = os.path.join(folder, name.lower())
        worst = 0
        for part in options.only or PARTS:
            command = [sys.executable, "-m", "benchmarks.gui", "--part", part, "--folder", folder]
            command += [
                "--groups",
                str(options.groups),
                "--decided",
                str(options.decided),
                "--scanned",
                str(options.scanned),
            ]
            command += ["--photos", str(options.photos)] if options.photos else []
            worst = max(worst, subprocess.run(command, env=environment, check=False).returncode)
    return worst


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gui", description=__doc__)
    parser.add_argument("--groups", type=int, default=12_000, help="groups of four files in the large review")
    parser.add_argument("--decided", type=int, default=4_000, help="groups of the review in which decisions are made")
    parser.add_argument("--scanned", type=int, default=1_000, help="pictures of the real scan")
    parser.add_argument("--photos", type=Path, help="a folder of JPEGs to be shown instead of made ones")
    parser.add_argument("--only", nargs="*", choices=list(PARTS), help="these parts alone")
    parser.add_argument("--scratch", help="where the files are made")
    parser.add_argument("--virtual", action="store_true", help="a display of its own even where there is one")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
