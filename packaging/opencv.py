"""Build OpenCV as the frozen program needs it: ``python3 packaging/opencv.py FOLDER`` leaves a wheel in FOLDER.

The index's own wheels carry FFmpeg, OpenBLAS and neural networks, 150 MB that nothing here asks for (on macOS an FFmpeg
under the GPL).  OpenCV's source package builds what is asked for only; that takes a C++ compiler and 15 to 30 minutes.
The version is the locked one.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = "opencv-python-headless"
MODULES = ("core", "imgproc", "flann", "features", "geometry", "video", "python3")
"""Features, homographies, filters, and what they stand on."""
OFF = ("IPP", "ITT", "LAPACK", "OPENCL", "FFMPEG", "PROTOBUF", "V4L", "GSTREAMER", "OPENEXR")


def main(place: str) -> int:
    """Build it; the exit code."""
    (version,) = re.findall(r"^opencv-python==([\w.]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.M)
    settings = [f"-DBUILD_LIST={','.join(MODULES)}", *(f"-DWITH_{name}=OFF" for name in OFF)]
    settings += ["-DBUILD_TESTS=OFF", "-DBUILD_PERF_TESTS=OFF"]
    environ = {**os.environ, "ENABLE_HEADLESS": "1", "CMAKE_ARGS": " ".join(settings)}
    with tempfile.TemporaryDirectory() as work:
        venv.create(work, with_pip=True)
        python = Path(work, "Scripts/python.exe" if os.name == "nt" else "bin/python")
        command = [python, "-m", "pip", "wheel", "--no-deps", "--no-binary", PROJECT, "--wheel-dir", place]
        return subprocess.run([*command, f"{PROJECT}=={version}"], env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
