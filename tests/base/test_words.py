"""Numbers and times as words, as tables."""

from __future__ import annotations

import pytest

from image_sync.base import words


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1,023 bytes"),
        (1024, "1.0 KiB"),
        (1023 * 1024, "1.0 MiB"),
        (999 * 1024, "999 KiB"),
        (3_565_158, "3.4 MiB"),
        (312 * 2**20, "312 MiB"),
        (2_254_857_830, "2.1 GiB"),
        (5 << 50, "5.0 PiB"),
        (5000 << 50, "5000 PiB"),
    ],
)
def test_sizes_are_binary_with_at_most_four_digits(amount: int, said: str) -> None:
    assert words.size(amount) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-1, "0.0 s"),
        (0.44, "0.4 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (185, "3 min 5 s"),
        (3599.7, "1 h 0 min"),
        (7440, "2 h 4 min"),
        (97_200, "1 d 3 h"),
    ],
)
def test_a_duration_has_two_units(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "nearly done"),
        (7.4, "about 7 s left"),
        (22, "about 20 s left"),
        (58, "about 1 min left"),
        (200, "about 3 min left"),
        (3590, "about 1 h 0 min left"),
        (5000, "about 1 h 23 min left"),
    ],
)
def test_the_time_left_is_no_finer_than_an_estimate(seconds: float, said: str) -> None:
    assert words.left(seconds) == said


@pytest.mark.parametrize(
    ("value", "said"), [(1.0, "100 %"), (0.9999, "99 %"), (0.85, "85 %"), (0.29, "29 %"), (0.0, "0 %")]
)
def test_a_share_never_reads_better_than_it_is(value: float, said: str) -> None:
    assert words.percent(value) == said


@pytest.mark.parametrize(("value", "said"), [(412.3, "412/s"), (9.96, "10/s"), (3.25, "3.2/s"), (0.1, "6/min")])
def test_a_rate(value: float, said: str) -> None:
    assert words.rate(value) == said


def test_a_moment_is_shown_to_the_minute_and_nonsense_as_it_is() -> None:
    assert words.moment("2025-11-20T08:30:12") == "2025-11-20 08:30"
    assert words.moment("someday") == "someday"


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_listing(parts: list[str], said: str) -> None:
    assert words.listing(parts) == said


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], ""),
        (["a is not there; is its disk connected?", "b is full"], "a is not there; is its disk connected? b is full."),
        (["Stop.", "Wait…", "No!"], "Stop. Wait… No!"),
    ],
)
def test_sentences_end_once(texts: list[str], said: str) -> None:
    assert words.sentences(texts) == said
