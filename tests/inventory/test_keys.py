"""The texts of the keys are pinned: another text would forget what people's catalogs know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from image_sync.base.model import Fingerprint
from image_sync.inventory.keys import ContentKey, RefusedPair, SearchRule, VerdictKind, VerdictRule
from tests.values import fingerprint

SAME = VerdictRule(VerdictKind.SAME, (2,), 0.85)
EDITED = VerdictRule(VerdictKind.EDITED, (2, "none"), 0.9)
PLAIN = fingerprint(camera="X")
FULL = replace(fingerprint(captured="2004-03-05T10:00:00", camera="Caméra\udc80 'X'"), jpeg_quality=92, has_exif=True)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (SAME, "2:0.850"),
        (SAME.turned(5), "2:0.850"),
        (replace(SAME, threshold=0.8504), "2:0.850"),
        (EDITED, "edited 2-none:0.900"),
        (VerdictRule(VerdictKind.SHOWS_LESS, (1, 2, "1")), "shows less 1-2-1"),
        (VerdictRule(VerdictKind.ENLARGED, (1,)), "was_enlarged:1"),
        (VerdictRule(VerdictKind.SHARPENED, (1,)), "may_be_sharpened:1"),
        (SearchRule(SAME, (1, 8), exact=True), "same 2:0.850 1 8 1"),
        (SearchRule(EDITED, (2, "1-abc", "64-48-96"), exact=False), "edited 2-none:0.900 2 1-abc 64-48-96 0"),
    ],
)
def test_the_text_of_a_rule_is_that_of_earlier_catalogs(rule: VerdictRule | SearchRule, text: str) -> None:
    assert rule.key() == text


def test_no_two_kinds_of_verdicts_share_a_text() -> None:
    texts = {VerdictRule(kind, (1,), threshold).key() for kind in VerdictKind for threshold in (None, 0.5, 0.9)}
    assert len(texts) == 3 * len(VerdictKind)


@pytest.mark.parametrize(
    ("known", "size", "text"),
    [
        (PLAIN, 10, "1f0c3a6e0bf837cb6e232e8dd30e3a11"),
        (FULL, 123_456, "c9f8b1cc3290ebe635e4b801b6cc03e8"),
    ],
)
def test_a_content_is_found_by_the_key_of_earlier_catalogs(known: Fingerprint, size: int, text: str) -> None:
    assert ContentKey.of(known, size).key() == text


@pytest.mark.parametrize(
    "change",
    [
        {"small": b"1" * 4096},
        {"format": "PNG"},
        {"width": 1},
        {"height": 1},
        {"frames": 2},
        {"jpeg_quality": 90},
        {"has_exif": True},
        {"has_gps": True},
        {"captured": "2004-03-05T10:00:00"},
        {"camera": "Y"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_contents_have_another_key(change: dict[str, object]) -> None:
    other = ContentKey.of(replace(PLAIN, **change), 10)  # type: ignore[arg-type]
    assert other.key() != ContentKey.of(PLAIN, 10).key()


def test_what_a_closer_look_finds_changes_no_key() -> None:
    one = ContentKey.of(PLAIN, 10)
    assert ContentKey.of(PLAIN, 11).key() != one.key()
    assert (
        ContentKey.of(replace(PLAIN, codes=b"", texture=0.0, sharpness=1.0, earlier_quality=70), 10).key() == one.key()
    )


def test_a_pair_is_the_same_either_way() -> None:
    assert RefusedPair.of("b", "a") == RefusedPair.of("a", "b")
    assert RefusedPair.of("b", "a").key() == ("a", "b")
