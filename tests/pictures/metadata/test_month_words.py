"""The words for months: the committed table is CLDR's, and what is sure is in it."""

from __future__ import annotations

import pytest

from image_sync.pictures.metadata import month_words
from image_sync.pictures.metadata.name_dates import month_number
from tests.pictures.metadata import month_words_made

WORDS = [
    ("july", 7),
    ("Juli", 7),
    ("JUILLET", 7),
    ("Jänner", 1),
    ("Marz", 3),
    ("Maerz", 3),
    ("fevrier", 2),
    ("fe\u0301vrier", 2),
    ("июля", 7),
    ("Ιούλιος", 7),
    ("lipiec", 7),
    ("lipca", 7),
    ("července", 7),
    ("heinäkuu", 7),
    ("يوليو", 7),
    ("sept", 9),
    ("Picnic", None),
    ("out", None),
    ("listopad", None),
    ("", None),
]


@pytest.mark.parametrize(("word", "number"), WORDS)
def test_a_word_means_a_month(word: str, number: int | None) -> None:
    assert month_number(word) == number


def test_no_word_means_two_months() -> None:
    words = [word for text in month_words.MONTH_WORDS for word in text.split()]
    assert len(month_words.MONTH_WORDS) == 12 and len(words) == len(set(words)) > 1_000


def test_the_table_is_that_of_cldr() -> None:
    babel = pytest.importorskip("babel", reason="Babel, which carries CLDR, is not installed")
    made = month_words_made.module()
    namespace: dict[str, tuple[str, ...]] = {}
    exec(made, {}, namespace)
    known, fresh = (
        {word: number for number, text in enumerate(texts, 1) for word in text.split()}
        for texts in (month_words.MONTH_WORDS, namespace["MONTH_WORDS"])
    )
    missing = {word for word in known if fresh.get(word) != known[word]}
    assert not missing, f"Babel {babel.__version__} has other words: {sorted(missing)[:10]}"
