"""Sentences of the engine as values: they read in English, and keep their code and values on every way."""

from __future__ import annotations

import pickle

import pytest

from image_sync.base.model import Refused
from image_sync.base.said import Common, Said, Saying, Share, Size, document, few, fields_of, said_by


class Says(Saying):
    """A table as the rooms have them."""

    NUMBERED = ("{count} picture in {folder}", "{count} pictures in {folder}")
    BARE = ("the picture", "the pictures")
    MEASURED = "{share} of {size}"


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (Says.NUMBERED(count=1, folder="a"), "1 picture in a"),
        (Says.NUMBERED(count=1200, folder="{b}"), "1,200 pictures in {b}"),
        (Says.BARE(count=1), "the picture"),
        (Says.BARE(count=2), "the pictures"),
        (Says.MEASURED(share=Share(0.5), size=Size(2048)), "50 % of 2.0 KiB"),
        (Common.OF_PATH(path="x", why=Common.QUOTED(name="y")), "x: “y”"),
    ],
)
def test_a_sentence_reads_in_english_and_keeps_its_values(said: Said, text: str) -> None:
    assert said == text
    for again in (said, pickle.loads(pickle.dumps(said))):
        assert isinstance(again, Said)
        assert (again, again.saying, again.values) == (text, said.saying, said.values)


def test_what_decides_between_one_and_many_is_a_value() -> None:
    assert fields_of(Says.BARE) == ("count",)
    assert fields_of(Says.NUMBERED) == ("count", "folder")
    with pytest.raises(KeyError):
        Says.BARE()


def test_a_document_names_code_and_values() -> None:
    said = Says.NUMBERED(count=2, folder="a")
    assert document(said) == {"code": "numbered", "values": {"count": 2, "folder": "a"}}
    assert document("plain") is None


def test_few_names_and_how_many_more() -> None:
    assert len(few("abc")) == 3
    assert [str(one) for one in few("abcde")] == ["“a”", "“b”", "“c”", "2 more"]


def test_what_is_said_often_is_one_object() -> None:
    assert Says.NUMBERED(count=7, folder="here") is Says.NUMBERED(count=7, folder="here")


def test_an_exception_keeps_its_sentence() -> None:
    error = Refused(Says.NUMBERED(count=2, folder="a"))
    assert isinstance(said_by(error), Said)
    assert str(error) == said_by(error) == "2 pictures in a"
    assert said_by(Refused("plain")) == "plain"
