"""Permissions as text: what is read back may say anything."""

from __future__ import annotations

import pytest

from image_sync.base import permission_text


@pytest.mark.parametrize(
    "text, shown",
    [
        ("644", "rw-r--r--"),
        ("755:", "rwxr-xr-x"),
        ("4755:3f2a", "rwsr-xr-x"),
        ("7777777777777777777777777644", "rwSr-Sr-T"),
        ("-1", "rwsrwsrwt"),
    ],
)
def test_permissions_are_shown_whatever_bits_they_have(text: str, shown: str) -> None:
    assert permission_text.words(text) == shown
