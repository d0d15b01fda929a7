"""``python -m benchmarks.search [--sizes N …] [--methods NAME …]``: seconds, memory, pairs, recall, growth.

Codes are made (``made_codes``) or read from a file; every method runs in a process of its own, the exact one first,
against which recall is counted.  A method whose library is not installed is named.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.search import made_codes
from benchmarks.search.one import _NEW, METHODS

RADIUS = 38
"""The default threshold, in bits of 256."""
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
_EVERY = (*METHODS, *_NEW)
_LINE = "{:>10} {:20}{:>10}{:>10}{:>9}{:>12}{:>10}{:>8}"


def main() -> int:
    options = _options()
    missing = [name for name in options.methods if "faiss" in name and importlib.util.find_spec("faiss") is None]
    for name in missing:
        print(f"{name}: faiss is not installed (pip install .[fast])")
    print(_LINE.format("codes", "method", "wall s", "CPU s", "peak MB", "pairs", "recall %", "growth"))
    last: dict[str, tuple[int, float]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for size in options.sizes:
            codes = options.codes[:size] if options.codes is not None else made_codes.codes(size, options.seed)
            np.save(f"{scratch}/codes.npy", codes)
            exact: NDArray[np.int64] | None = None
            for name in options.methods:
                if name in missing:
                    continue
                figures = _one(name, Path(scratch), options.radius)
                found = np.load(f"{scratch}/found.npy")
                exact = found if name == "exact" else exact
                recall = _recall(found, exact) if name in METHODS else ""
                _print(size, name, figures, recall, last)
    return 0


def _one(name: str, scratch: Path, radius: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.search.one", name, f"{scratch}/codes.npy", str(radius)]
    answer = subprocess.run([*command, f"{scratch}/found.npy"], stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


def _recall(found: NDArray[np.int64], exact: NDArray[np.int64] | None) -> str:
    if exact is None or not len(exact):
        return ""
    if not np.isin(found, exact).all():
        return "WRONG"
    return f"{100 * len(found) / len(exact):.3f}"


def _print(size: int, name: str, figures: dict[str, float], recall: str, last: dict[str, tuple[int, float]]) -> None:
    before = last.get(name)
    growth = ""
    if before and before[0] != size:
        growth = f"{math.log(figures['cpu'] / before[1]) / math.log(size / before[0]):.2f}"
    last[name] = size, figures["cpu"]
    seconds = [f"{figures[clock]:.4f}" if name in _NEW else f"{figures[clock]:.2f}" for clock in ("wall", "cpu")]
    print(
        _LINE.format(f"{size:,}", name, *seconds, f"{figures['peak']:.0f}", f"{figures['pairs']:,}", recall, growth),
        flush=True,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of codes, ascending")
    parser.add_argument("--methods", nargs="+", default=_EVERY, help=f"of: {'; '.join(_EVERY)}")
    parser.add_argument("--radius", type=int, default=RADIUS, help="bits of 256 (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="other numbers make other codes")
    parser.add_argument("--codes", type=Path, help="a .npy file of codes (n, 32) of bytes instead of made ones")
    options = parser.parse_args()
    if unknown := set(options.methods) - set(_EVERY):
        parser.error(f"unknown methods: {'; '.join(sorted(unknown))}; there are: {'; '.join(_EVERY)}")
    if not all(100 <= size <= 100_000_000 for size in options.sizes):
        parser.error("a size must be 100 to 100,000,000 codes")
    if not 0 <= options.radius <= made_codes.BITS:
        parser.error(f"the radius must be 0 to {made_codes.BITS} bits")
    if options.codes is not None:
        options.codes = _read(options.codes, max(options.sizes), parser)
    return options


def _read(path: Path, size: int, parser: argparse.ArgumentParser) -> NDArray[np.uint8]:
    try:
        codes = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        parser.error(f"{path} can't be read as codes: {error}")
    if not isinstance(codes, np.ndarray) or codes.ndim != 2 or codes.shape[1] != 32 or codes.dtype != np.uint8:
        parser.error(f"{path} holds no codes: they are bytes of the shape (n, 32)")
    if len(codes) < size:
        parser.error(f"{path} holds {len(codes):,} codes, and {size:,} are asked for")
    return codes


if __name__ == "__main__":
    sys.exit(main())
