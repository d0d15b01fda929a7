"""Shots of two halves as a table: which match, and that neither half goes on the word of the other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from image_sync.base.model import FileKind, FileRecord, Group, Match, Member, Picture, PictureFate, Sameness
from image_sync.jobs.holdings import HOLDINGS
from image_sync.jobs.organize.rules.grouping import group
from image_sync.jobs.organize.rules.shots import (
    between_shots,
    raw_kept_in_words,
    with_raw_kept,
    with_shots,
    within_shots,
)
from image_sync.pictures.halves import halves
from tests.values import fingerprint, record

FILE, PIXELS, SIMILAR, SERIES, WITHIN = Sameness
UNREAD = "?"


def files(*names: str) -> list[FileRecord]:
    kinds = {"cr2": FileKind.RAW, "dng": FileKind.RAW, "xmp": FileKind.SIDECAR}
    return [record(name, kind=kinds.get(name.rstrip(UNREAD)[-3:].lower(), FileKind.PICTURE)) for name in names]


def pictures(*names: str) -> tuple[Picture, ...]:
    """Pictures of these names with the halves of shots together; one that can't be read ends in a question mark."""
    records = files(*(name.rstrip(UNREAD) for name in names))
    read = [Picture(one, fingerprint()) for one, name in zip(records, names, strict=True) if not name.endswith(UNREAD)]
    return with_shots(read, halves(records), {})


# --- which are halves of one shot -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (["a.CR2", "a.jpg"], {"a.CR2": "a.jpg"}),
        (["a.cr2", "A.JPG"], {"a.cr2": "A.JPG"}),
        (["a.cr2", "a.heic", "a.jpg"], {"a.cr2": "a.jpg"}),
        (["a.cr2", "a.heic"], {"a.cr2": "a.heic"}),
        (["a.cr2", "a.dng", "a.jpg"], {"a.cr2": "a.jpg", "a.dng": "a.jpg"}),
        (["a.cr2", "b.jpg"], {}),
        (["a.cr2", "x/a.jpg"], {}),
        (["a.cr2", "a.png"], {}),
        (["a.jpg", "a.heic"], {}),
    ],
)
def test_a_raw_file_and_the_picture_stored_with_it(names: list[str], pairs: dict[str, str]) -> None:
    assert {raw.relative: other.relative for raw, other in halves(files(*names)).items()} == pairs


def test_the_raw_file_travels_with_its_picture() -> None:
    sidecar = record("a.xmp", kind=FileKind.SIDECAR)
    jpeg, raw = files("a.jpg", "a.cr2")
    found = with_shots([Picture(jpeg, fingerprint()), Picture(raw, fingerprint())], {raw: jpeg}, {raw: (sidecar,)})
    assert found[0].companions == (raw, sidecar)
    assert (found[0].half_of, found[1].half_of) == ("", jpeg.path)
    assert within_shots(found) == {(0, 1)}


@pytest.mark.parametrize(("names", "companion"), [(["a.jpg", "a.cr2?"], "a.cr2"), (["a.cr2", "a.jpg?"], "a.jpg")])
def test_a_half_that_cannot_be_read_travels_too(names: list[str], companion: str) -> None:
    (found,) = pictures(*names)
    assert [one.relative for one in found.companions] == [companion]
    assert found.half_of == ""


# --- which shots match ------------------------------------------------------------------------------------------------

FULL = ["a/1.jpg", "a/1.cr2", "b/1.jpg", "b/1.cr2"]

TABLE: dict[str, tuple[list[str], list[Match], list[Match]]] = {
    "both halves": (
        FULL, [Match(0, 2, FILE, 1.0), Match(1, 3, FILE, 1.0)], [Match(0, 2, FILE, 1.0)],
    ),
    "the weaker one counts": (
        FULL, [Match(0, 2, FILE, 1.0), Match(1, 3, SIMILAR, 0.9)], [Match(0, 2, SIMILAR, 0.9)],
    ),
    "one half only": (FULL, [Match(0, 2, FILE, 1.0)], []),
    "the RAW files only": (FULL, [Match(1, 3, FILE, 1.0)], []),
    "across": (FULL, [Match(0, 3, SIMILAR, 0.9), Match(1, 2, SIMILAR, 0.9)], []),
    "a RAW that can't be read": (["a/1.jpg", "a/1.cr2?", "b/1.jpg", "b/1.cr2?"], [Match(0, 1, FILE, 1.0)], []),
    "the picture alone in another place": (
        ["a/1.jpg", "a/1.cr2", "b/1.jpg"], [Match(0, 2, PIXELS, 1.0), Match(1, 2, SIMILAR, 0.9)],
        [Match(0, 2, PIXELS, 1.0)],
    ),
    "the picture alone, and a RAW that can't be read": (
        ["a/1.jpg", "a/1.cr2?", "b/1.jpg"], [Match(0, 1, FILE, 1.0)], [Match(0, 1, FILE, 1.0)],
    ),
    "the RAW alone in another place": (
        ["a/1.jpg", "a/1.cr2", "b/1.cr2"], [Match(1, 2, FILE, 1.0), Match(0, 1, SIMILAR, 0.99)],
        [Match(0, 2, FILE, 1.0)],
    ),
    "the RAW alone, like the picture only": (["a/1.jpg", "a/1.cr2", "b/1.cr2"], [Match(0, 2, SIMILAR, 0.9)], []),
    "alone both, as ever": (["a/1.jpg", "b/1.cr2", "c/2.jpg", "c/2.cr2"], [Match(0, 1, SIMILAR, 0.9)],
        [Match(0, 1, SIMILAR, 0.9)]),
    "turned": (
        ["a/1.jpg", "a/1.cr2", "b/1.jpg"], [Match(0, 2, SIMILAR, 0.9, 1, -1)], [Match(0, 2, SIMILAR, 0.9, 1, -1)],
    ),
    "shots of a series": (
        FULL, [Match(0, 2, SERIES, 0.9), Match(1, 3, SIMILAR, 0.95)], [Match(0, 2, SERIES, 0.9)],
    ),
    "copies of the picture, two of them with a RAW": (
        ["a/1.jpg", "b/1.jpg", "b/1.cr2", "c/1.jpg", "c/1.cr2"],
        [Match(0, 1, FILE, 1.0), Match(0, 3, FILE, 1.0), Match(2, 4, FILE, 1.0)],
        [Match(0, 1, FILE, 1.0), Match(1, 3, FILE, 1.0)],
    ),
    "three like another": (
        ["a/1.jpg", "a/1.cr2", "b/2.jpg", "c/2.jpg"],
        [Match(2, 3, FILE, 1.0), Match(0, 2, SIMILAR, 0.9)],
        [Match(0, 2, SIMILAR, 0.9), Match(2, 3, FILE, 1.0)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_shots_match_when_their_halves_do(name: str) -> None:
    names, matches, expected = TABLE[name]
    assert between_shots(pictures(*names), matches) == expected


def test_without_shots_of_two_halves_nothing_changes() -> None:
    matches = [Match(1, 2, SIMILAR, 0.9), Match(0, 1, FILE, 1.0)]
    assert between_shots(pictures("a.jpg", "b.jpg", "c.cr2"), matches) == matches


@settings(deadline=None)
@given(st.data())
def test_no_raw_file_is_ever_a_member_beside_its_picture(data: st.DataObject) -> None:
    """Whatever matches: groups hold shots, each once, and every pair of two RAW files in a group matched itself."""
    names = [f"{place}/1.{suffix}" for place in "abcd" for suffix in ("jpg", "cr2") if data.draw(st.booleans())]
    if not names:
        return
    found = pictures(*names)
    apart = within_shots(found)
    pairs = [(one, other) for other in range(len(found)) for one in range(other) if (one, other) not in apart]
    chosen = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    matches = [Match(one, other, SIMILAR, data.draw(st.sampled_from([0.9, 0.95, 1.0]))) for one, other in chosen]
    shots = between_shots(found, matches)
    told = {pair for one, other in chosen for pair in ((one, other), (other, one))}
    raws = {one.half_of: index for index, one in enumerate(found) if one.half_of}
    for match in shots:
        assert match.first < match.second
        assert not found[match.first].half_of and not found[match.second].half_of
        here, there = (_raw(found, index, raws) for index in (match.first, match.second))
        assert None in (here, there) or (here, there) in told
    order = range(len(found))
    members = [member.picture for one in group(len(found), shots, order).groups for member in one.members]
    assert len(members) == len(set(members))


def _raw(found: tuple[Picture, ...], index: int, raws: dict[str, int]) -> int | None:
    return index if found[index].record.kind is FileKind.RAW else raws.get(found[index].record.path)


# --- what becomes of them ---------------------------------------------------------------------------------------------


def test_a_shot_with_both_halves_holds_more() -> None:
    both, alone = pictures("a/1.jpg", "a/1.cr2", "b/1.jpg")[::2]
    differing = next(one for one in HOLDINGS if one.judge(both) != one.judge(alone))
    assert differing.judge(both) < differing.judge(alone)
    assert differing.words(both, alone) == "has the RAW file beside the picture, which the other lacks"


@pytest.mark.parametrize(
    ("names", "fate", "left"),
    [
        (["a/1.jpg", "b/1.jpg", "b/1.cr2"], None, True),
        (["a/1.jpg", "b/1.cr2"], None, True),
        (["a/1.jpg", "a/1.cr2", "b/1.jpg", "b/1.cr2"], None, False),
        (["a/1.cr2", "b/1.jpg", "b/1.cr2"], None, False),
        (["a/1.jpg", "b/1.jpg"], None, False),
        (["a/1.jpg", "b/1.jpg", "b/1.cr2"], PictureFate.SET_ASIDE, False),
    ],
)
def test_a_raw_file_is_not_set_aside_for_a_bare_picture(names: list[str], fate: PictureFate | None, left: bool) -> None:
    found = pictures(*names)
    leads = [index for index, one in enumerate(found) if not one.half_of]
    members = (Member(leads[0], FILE, 1.0), Member(leads[1], SIMILAR, 0.9, fate=fate))
    before = (Group(members, "x"),)
    after = with_raw_kept(before, found)
    assert after == (
        before if not left else (replace(before[0], members=(members[0], replace(members[1], fate=PictureFate.LEAVE))),)
    )
    name = found[leads[1]].record.name
    notes = [f"They stay where they are, since the picture that stays has no RAW file: “{name}”."] if left else []
    assert list(raw_kept_in_words(before, after, found)) == notes
