"""The benchmark of the search: made codes are what they claim to be, its table is true, bad input is told in words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.search import made_codes

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]


def benchmark(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.search", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture
def codes(monkeypatch: pytest.MonkeyPatch) -> made_codes.Codes:
    monkeypatch.setattr(made_codes, "_LEARNED_FROM", 600)
    return made_codes.codes(3000)


def test_made_codes_vary_as_those_of_photos_do(codes: made_codes.Codes) -> None:
    assert codes.shape == (3000, 32)
    bits = np.unpackbits(codes, axis=1).astype(np.float64)
    # Of photos the two first directions hold 8 to 10 % each of how bits vary, where unrelated bits would have 0.5 %.
    shares = np.linalg.eigvalsh(np.cov(bits.T))[::-1] / bits.var(axis=0).sum()
    assert 0.05 < shares[1] <= shares[0] < 0.2
    words = codes.view(np.uint64)
    apart = np.bitwise_count(words[:1500, None] ^ words[None, 1500:]).sum(axis=2, dtype=np.int16)
    assert 95 < np.median(apart) < 130
    near = apart[apart <= made_codes.FARTHEST]
    # Of 300 near codes, half of them flipped and nearly all others near enough, half have their fellow across.
    assert 80 < len(near) < 250
    assert len(np.unique(near)) > 25


def test_the_table_counts_what_is_found(codes: made_codes.Codes, tmp_path: Path) -> None:
    np.save(tmp_path / "codes.npy", codes)
    words = codes.view(np.uint64)
    apart = np.bitwise_count(words[:, None] ^ words[None]).sum(axis=2, dtype=np.int16)
    pairs = np.count_nonzero(np.triu(apart <= 38, 1))
    done = benchmark(
        "--codes", str(tmp_path / "codes.npy"), "--sizes", "1500", "3000", "--methods", "exact", "nearly", "one new"
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    assert [row[0] for row in rows] == ["1,500"] * 3 + ["3,000"] * 3
    assert rows[3][1:2] == ["exact"]
    assert rows[3][5:7] == [f"{pairs:,}", "100.000"]
    assert float(rows[4][6]) > 99
    assert all(5 < float(row[4]) < 500 for row in (rows[0], rows[1]))
    assert len(rows[3]) == 8
    assert len(rows[0]) == 7


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--methods", "magic"), "unknown methods: magic"),
        (("--sizes", "3"), "a size must be"),
        (("--sizes", "many"), "invalid int value"),
        (("--radius", "300"), "the radius must be 0 to 256 bits"),
        (("--codes", "nowhere.npy"), "can't be read as codes"),
        (("--codes", "{other}"), "holds no codes"),
        (("--codes", "{few}", "--sizes", "1000"), "holds 200 codes, and 1,000 are asked for"),
    ],
)
def test_bad_input_is_told_in_words(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    np.save(tmp_path / "other.npy", np.zeros((200, 31), np.uint8))
    np.save(tmp_path / "few.npy", np.zeros((200, 32), np.uint8))
    places = {"other": tmp_path / "other.npy", "few": tmp_path / "few.npy"}
    done = benchmark(*(word.format(**places) for word in words))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
