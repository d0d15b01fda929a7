"""Apple's list of the pictures of an exported iCloud library."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.pictures.metadata.icloud import is_photo_details, photo_details

HEAD = "imgName,fileChecksum,favorite,hidden,deleted,originalCreationDate,viewCount,importDate\n"


def taken(cell: str) -> datetime | None:
    (detail,) = photo_details(f"{HEAD}a.jpg,x,no,no,no,{cell},1,\n".encode())
    assert detail.name == "a.jpg"
    assert not detail.deleted
    return detail.taken.when if detail.taken else None


@pytest.mark.parametrize(
    ("cell", "when"),
    [
        ('"Saturday June 4,2022 12:11 PM GMT"', datetime(2022, 6, 4, 12, 11)),
        ("Saturday June 4,2022 12:11 PM GMT", datetime(2022, 6, 4, 12, 11)),
        ('"Saturday June 4,2022 12:11 AM GMT"', datetime(2022, 6, 4, 0, 11)),
        ('"Monday March 11,2024 8:34 PM GMT"', datetime(2024, 3, 11, 20, 34)),
        ('"Monday January 2,2023 16:05 PM GMT"', datetime(2023, 1, 2, 16, 5)),
        ('"Friday December 31,2021 11:59:58 PM GMT"', datetime(2021, 12, 31, 23, 59, 58)),
        ('"Thursday January 1,1970 12:00 AM GMT"', datetime(1970, 1, 1)),
        ('"Saturday June 31,2022 12:11 PM GMT"', None),
        ('"Saturday Juno 4,2022 12:11 PM GMT"', None),
        ('"Saturday June 4,0022 12:11 PM GMT"', None),
        ("", None),
        ("2026-01-01", None),
    ],
)
def test_a_date(cell: str, when: datetime | None) -> None:
    assert taken(cell) == when


@pytest.mark.parametrize(("cell", "deleted"), [("yes", True), ("true", True), ("no", False), ("", False)])
def test_what_was_deleted(cell: str, deleted: bool) -> None:
    (detail,) = photo_details(f"{HEAD}a.jpg,x,no,no,{cell},,1,\n".encode())
    assert detail.deleted is deleted


def test_columns_in_another_order_and_rows_that_are_cut() -> None:
    text = '\ufefforiginalCreationDate,imgName\n"Monday March 11,2024 8:34 PM GMT",b.jpg\nx\n'
    (detail,) = photo_details(text.encode())
    assert (detail.name, detail.taken and detail.taken.when) == ("b.jpg", datetime(2024, 3, 11, 20, 34))


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "imgName\na.jpg\n", "Images\na.jpg\n"])
def test_another_table_says_nothing(text: str) -> None:
    assert photo_details(text.encode()) == []


@given(st.binary(max_size=300))
def test_any_bytes(text: bytes) -> None:
    photo_details(text)
    photo_details(HEAD.encode() + text)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("Photo Details.csv", True), ("Photo Details-12.CSV", True), ("Album.csv", False), ("Photo Details.txt", False)],
)
def test_its_name(name: str, is_one: bool) -> None:
    assert is_photo_details(name) is is_one
