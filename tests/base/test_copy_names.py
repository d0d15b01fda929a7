"""What is a copy's name and what is none, as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base import paths
from image_sync.base.copy_names import is_copy_name, original_stem

COPIES = [
    ("IMG_1 (2)", "IMG_1"),
    ("IMG_1(1)", "IMG_1"),
    ("IMG_1_(1)", "IMG_1"),
    ("IMG_1 copy", "IMG_1"),
    ("IMG_1 copy 2", "IMG_1"),
    ("IMG_1_copy", "IMG_1"),
    ("IMG_1-COPY", "IMG_1"),
    ("IMG_1 - Copy", "IMG_1"),
    ("IMG_1 - Copy (3)", "IMG_1"),
    ("IMG_1 (copy)", "IMG_1"),
    ("IMG_1 (another copy)", "IMG_1"),
    ("IMG_1 (3rd copy)", "IMG_1"),
    ("IMG_1~2", "IMG_1"),
    ("IMG_1_1", "IMG_1"),
    ("DSC01234_1", "DSC01234"),
    ("IMG_1234-2", "IMG_1234"),
    ("IMG_1 - コピー", "IMG_1"),
    ("IMG_1 - コピー (2)", "IMG_1"),
    ("IMG_1のコピー", "IMG_1"),
    ("IMG_1のコピー 2", "IMG_1"),
    ("IMG_1 - 副本", "IMG_1"),
    ("IMG_1的副本", "IMG_1"),
    ("IMG_1 拷贝", "IMG_1"),
    ("IMG_1 - 복사본", "IMG_1"),
    ("IMG_1 — копия", "IMG_1"),
    ("Копия IMG_1", "IMG_1"),
    ("Kopie von X", "X"),
    ("Kopie (2) von X", "X"),
    ("X - Kopie", "X"),
    ("X - Kopie (2)", "X"),
    ("Kopie van X", "X"),
    ("X copie", "X"),
    ("X - Copie", "X"),
    ("Copie de X", "X"),
    ("X copia", "X"),
    ("Copia di X", "X"),
    ("Copia de X", "X"),
    ("X - Cópia", "X"),
    ("Kopia av X", "X"),
    ("X - kopia", "X"),
    ("Kopi af X", "X"),
    ("copy of X", "X"),
    ("Copy (2) of X", "X"),
    ("Copy of Copy of X", "X"),
    ("IMG_1 (2) (1)", "IMG_1"),
    ("IMG_1 - Copy - Copy", "IMG_1"),
]
ORIGINALS = [
    *(
        "DSC_0001",
        "IMG_1",
        "IMG_1234",
        "P1010001",
        "DSC01234",
        "IMG_2019-07-04",
        "IMG_2019_07_04",
        "IMG_20190304_120102",
    ),
    *("photo 2019", "2020-01-02", "Party (2019)", "Holiday 1", "scan_12", "sunset_1", "IMG_1 2", "IMG_1-1", "a~b"),
    *("copyright", "photocopy", "Copyshop", "copy", "Kopie", "(1)", "Oma (Geburtstag)", "expedition", "credit", ""),
    *("photo copy shop", "IMG_E1234", "a-edited", "copyist of X"),
]


@pytest.mark.parametrize(("stem", "original"), COPIES)
def test_names_of_copies(stem: str, original: str) -> None:
    assert original_stem(stem) == original
    assert is_copy_name(stem)


@pytest.mark.parametrize("stem", ORIGINALS)
def test_names_of_originals(stem: str) -> None:
    assert original_stem(stem) == stem
    assert not is_copy_name(stem)


@pytest.mark.parametrize(
    ("stem", "beside", "original"),
    [
        ("IMG_1 2", {"img_1"}, "IMG_1"),
        ("IMG_1-1", {"img_1"}, "IMG_1"),
        ("IMG_1 - 2", {"img_1"}, "IMG_1"),
        ("sunset_1", {"sunset"}, "sunset"),
        ("Holiday 1", {"holiday 2"}, "Holiday 1"),
        ("IMG_1 2", {"img_2"}, "IMG_1 2"),
        ("IMG_2019-07-04", {"img_2019", "img_2019-07"}, "IMG_2019-07-04"),
        ("DSC_0001", {"dsc"}, "DSC_0001"),
        ("photo 2019", {"photo"}, "photo 2019"),
    ],
)
def test_a_bare_number_is_a_copys_only_beside_what_it_numbers(stem: str, beside: set[str], original: str) -> None:
    assert original_stem(stem, beside) == original


@given(st.text(max_size=20), st.sampled_from([" (2)", " copy", " - Copy (3)", "~2", " - コピー"]))
def test_a_mark_is_taken_away_and_something_is_left(stem: str, mark: str) -> None:
    original = original_stem(stem)
    assert bool(original) == bool(stem)
    assert original_stem(original) == original
    if original and original == original.strip(" _-–—"):
        assert original_stem(original + mark) == original
    assert original_stem(stem, {paths.folded(original)}) in (original, original_stem(stem))
