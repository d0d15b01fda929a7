"""Text that Tk can draw, whatever a file is called."""

from __future__ import annotations

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.gui.widgets.drawable_text import JOINERS, PICTOGRAPHS, shortened, shown


@pytest.mark.parametrize(
    ("path", "drawn"),
    [
        ("/home/ann/Pictures/IMG_1.jpg", "/home/ann/Pictures/IMG_1.jpg"),
        ("Käse & Wein – 東京.jpg", "Käse & Wein – 東京.jpg"),
        ("two\nlines\tand a tab", "two\\nlines\\tand a tab"),
        (os.fsdecode(b"caf\xe9.jpg"), "caf\\xe9.jpg"),
        ("party \U0001f389.jpg", "party ⟨party popper⟩.jpg"),
        ("family \U0001f468\u200d\U0001f469\u200d\U0001f467", "family ⟨man⟩⟨woman⟩⟨girl⟩"),
        ("love \u2764\ufe0f", "love ⟨heavy black heart⟩"),
        ("five stars ★★★★★", "five stars ★★★★★"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\U00020bb7野家.jpg", "\U00020bb7野家.jpg"),
    ],
)
def test_what_is_drawn(path: str, drawn: str) -> None:
    assert shown(path) == drawn


@given(st.binary(max_size=60))
def test_any_name_becomes_one_line_without_what_ends_xft(raw: bytes) -> None:
    drawn = shown(os.fsdecode(raw))
    drawn.encode("utf-8")
    for character in drawn:
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert ord(character) not in PICTOGRAPHS
        assert ord(character) not in JOINERS


@given(st.text(max_size=200), st.integers(min_value=8, max_value=120))
def test_shortened_keeps_to_its_limit_and_both_ends(text: str, limit: int) -> None:
    whole, short = shown(text), shortened(text, limit)
    assert len(short) <= limit
    if len(whole) > limit:
        head, tail = short.split("…", 1) if short.count("…") == 1 else (short[:1], short[-1:])
        assert whole.startswith(head)
        assert whole.endswith(tail)
    else:
        assert short == whole
