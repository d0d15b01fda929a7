"""The engine's sentences in the language of the window: templates, values, constants, and every table of the engine."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from string import Formatter

import pytest

from image_sync.base.errors import reason
from image_sync.base.model import Problem
from image_sync.base.said import Common, Saying, Share, few
from image_sync.gui.widgets.i18n import ENGLISH, speak
from image_sync.gui.widgets.wording import of_error, of_problem, sentence, sentences, worded
from image_sync.jobs.organize.rules.certainty import Certainty
from image_sync.jobs.organize.rules.reasons import Best, Data, Noted, Reason
from image_sync.jobs.sync.rules.reasons import Place
from image_sync.jobs.sync.rules.reasons import Reason as SyncReason

pytest.importorskip("babel", reason="Babel, which reads catalogs, is not installed")

from tests.gui.catalogs import tables


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    speak("de")
    yield
    speak(ENGLISH)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            Reason.SIMILAR(share=Share(0.97), best="b.jpg", sure=Certainty.LIKELY),
            "97 % ähnlich wie b.jpg, wahrscheinlich",
        ),
        (
            Reason.BEST_SINCE(number=3, why=Best.HAS_DATA(data=(Data.DATE, Data.CAMERA))),
            "das beste von 3: hat das Aufnahmedatum und den Namen der Kamera, was dem anderen fehlt",
        ),
        (
            Noted.MORE_PATHS(count=1),
            "1 weiterer Pfad führt zu schon gelisteten Dateien: keine Kopie, bleibt unberührt.",
        ),
        (
            Noted.UNLIKE(names=few(["a", "b", "c", "d"], 2)),
            "Bleiben, wie sie sind (anderer Besitzer, andere Rechte oder Attribute als das beste): "
            "„a“, „b“ und 2 weitere.",
        ),
        (SyncReason.ONLY(place=Place.TARGET), "nur im Ziel"),
        (Common.OF_PATH(path="no permission", why="no permission"), "no permission: keine Berechtigung"),
        ("no permission", "keine Berechtigung"),
        ("what an earlier version said", "what an earlier version said"),
        ("", ""),
    ],
)
def test_a_sentence_of_the_engine(said: str, words: str) -> None:
    assert worded(said) == words


def test_sentences_stand_alone() -> None:
    assert sentence("no permission") == "Keine Berechtigung."
    assert sentences(["no permission", "", "Connect it again, then resume."]) == (
        "Keine Berechtigung. Wieder verbinden, dann fortsetzen."
    )


def test_a_problem_and_an_error() -> None:
    error = OSError(errno.ENOSPC, "No space left on device")
    problem = Problem("/a/b.jpg", "not copied", reason(error), "Make room on it, then resume.")
    told = "auf dem Datenträger ist kein Platz mehr"
    assert of_problem(problem) == f"/a/b.jpg: nicht kopiert: {told} (Dort Platz schaffen, dann fortsetzen.)"
    assert of_error(error) == told


def test_every_table_of_the_engine_is_known_and_whole() -> None:
    known = [table for table in tables() if issubclass(table, Saying)]
    assert {Reason, SyncReason, Best, Common} <= set(known)
    for saying in (saying for table in known for saying in table):
        names = [{name for _, name, _, _ in Formatter().parse(form) if name} for form in saying.forms]
        assert len({frozenset(one) for one in names}) == 1, f"both forms of {saying} have the same gaps"
        assert all(name.isidentifier() for name in names[0]), saying
    codes = [saying.code for table in known for saying in table]
    assert all(code == code.lower() for code in codes)
