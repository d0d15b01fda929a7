"""Sentences as values: English by themselves, code and values kept, the same after a journey."""

from __future__ import annotations

import json
import pickle
from enum import Enum

import pytest

from image_sync.base.model import Refused
from image_sync.base.said import Common, Said, Saying, Share, Size, document, few, fields_of, said_by


class Tool(Enum):
    HAMMER = "a hammer"


class Told(Saying):
    PLAIN = "nothing to say"
    FOUND = ("{count} nail in {place}", "{count} nails in {place}")
    WITH = "{what} with {tool}"
    SHARE = "{share} of {size}"
    ALL = "only {names}"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Told.PLAIN(), "nothing to say"),
        (Told.FOUND(count=1, place="a wall"), "1 nail in a wall"),
        (Told.FOUND(count=12480, place="a wall"), "12,480 nails in a wall"),
        (Told.WITH(what=Told.PLAIN(), tool=Tool.HAMMER), "nothing to say with a hammer"),
        (Told.SHARE(share=Share(0.978), size=Size(3174)), "97 % of 3.1 KiB"),
        (Told.ALL(names=few(["a", "b", "c", "d", "e"], 2)), "only “a”, “b” and 3 more"),
        (Told.ALL(names=few(["a", "b"], quoted=False)), "only a and b"),
        (Told.FOUND(count=2, place="{place} {0}"), "2 nails in {place} {0}"),
    ],
)
def test_a_sentence_reads_in_english(said: str, words: str) -> None:
    assert said == words
    assert isinstance(said, Said)
    again = pickle.loads(pickle.dumps(said))
    assert (again, again.saying, again.values) == (said, said.saying, said.values)


def test_a_gap_that_is_not_filled_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Told.FOUND(count=2)
    assert fields_of(Told.FOUND) == ("count", "place")


def test_what_is_said_often_is_one_object() -> None:
    assert Told.FOUND(count=7, place="here") is Told.FOUND(count=7, place="here")


def test_the_report_has_code_and_values() -> None:
    said = Common.BOTH(first=Told.FOUND(count=2, place="a"), second=Told.WITH(what="x", tool=Tool.HAMMER))
    assert json.loads(json.dumps(document(said))) == {
        "code": "both",
        "values": {
            "first": {"text": "2 nails in a", "code": "found", "values": {"count": 2, "place": "a"}},
            "second": {"text": "x with a hammer", "code": "with", "values": {"what": "x", "tool": "a hammer"}},
        },
    }
    assert document("a text of an earlier version") is None


def test_a_text_of_json_is_the_plain_text() -> None:
    assert json.loads(json.dumps({"reason": Told.FOUND(count=2, place="a")})) == {"reason": "2 nails in a"}


def test_an_exception_keeps_its_sentence() -> None:
    error = Refused(Told.FOUND(count=2, place="a"))
    assert isinstance(said_by(error), Said)
    assert str(error) == said_by(error) == "2 nails in a"
    assert said_by(Refused("plain")) == "plain"
