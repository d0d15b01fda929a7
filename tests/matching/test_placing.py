"""Where one picture lies on another: a part of it, within it, in a frame, at an angle; and what lies on nothing."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from benchmarks.accuracy import false_friends
from benchmarks.accuracy.edits import straightened
from image_sync.matching import feature_index, features, placing, seams
from image_sync.matching.placing import Placed, Relation
from tests.matching.hard_pictures import FAMILIES
from tests.pictures_made import scene

SIZE = (640, 480)
THRESHOLD = 0.85


def grey(picture: Image.Image) -> np.ndarray:
    return features.as_described(np.asarray(picture.convert("L")))


def look(first: Image.Image, second: Image.Image) -> Placed | None:
    one, other = (features.as_described(np.asarray(picture.convert("RGB"))) for picture in (first, second))
    corners = features.describe(grey(first)), features.describe(grey(second))
    return placing.placed(one, other, placing.maps(*corners, (first.size, second.size)), THRESHOLD)


def story(picture: Image.Image) -> Image.Image:
    ground = Image.linear_gradient("L").resize((540, 960)).convert("RGB")
    ground.paste(picture.resize((400, 300)), (70, 250))
    ImageDraw.Draw(ground).text((70, 180), "look at this!", fill="white")
    return ground


def inset(picture: Image.Image) -> Image.Image:
    ground = scene(77, SIZE).copy()
    ground.paste(picture.resize((280, 210)), (340, 20))
    return ground


def collage(*pictures: Image.Image) -> Image.Image:
    result = Image.new("RGB", (1000, 800), "white")
    for number, picture in enumerate(pictures):
        cell = ImageOps.fit(picture, (494, 394))
        result.paste(cell, (number % 2 * 500 + 3, number // 2 * 400 + 3))
    return result


PARTS = {
    "half of it": lambda picture: picture.crop((100, 60, 550, 400)),
    "a quarter of it": lambda picture: picture.crop((300, 30, 620, 270)),
    "turned and cropped": straightened(10),
    "turned by more": straightened(-25),
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("seed", [31, 34])
def test_a_part_lies_in_its_whole(part: object, seed: int) -> None:
    whole = scene(seed, SIZE)
    cut = part(whole)  # type: ignore[operator]
    found, back = look(whole, cut), look(cut, whole)
    assert found is not None and found.relation is Relation.SECOND_PART and found.score >= THRESHOLD
    assert back is not None and back.relation is Relation.FIRST_PART
    assert found.turn == 0


def test_what_shows_it_within_holds_it() -> None:
    picture = scene(31, SIZE)
    for around in (story(picture), inset(picture), collage(picture, *(scene(seed, SIZE) for seed in (41, 42, 43)))):
        found, back = look(picture, around), look(around, picture)
        assert found is not None and found.relation is Relation.SECOND_HOLDS
        assert back is not None and back.relation is Relation.FIRST_HOLDS


def test_in_a_collage_a_picture_is_cut_to_its_place() -> None:
    tall = scene(34, (480, 640))
    found = look(tall, collage(scene(41, SIZE), tall, scene(42, SIZE), scene(43, SIZE)))
    assert found is not None and found.relation is Relation.SECOND_HOLDS


def test_a_plain_frame_is_a_frame() -> None:
    picture = scene(31, SIZE)
    found = look(picture, ImageOps.expand(picture, (300, 200, 300, 200), "white"))
    assert found is not None and found.relation is Relation.SECOND_FRAMES


@pytest.mark.parametrize(("way", "turn"), [(Image.Transpose.ROTATE_90, 1), (Image.Transpose.ROTATE_270, 3)])
def test_the_turn_is_told(way: Image.Transpose, turn: int) -> None:
    whole = scene(31, SIZE)
    found = look(whole, whole.crop((100, 60, 550, 400)).transpose(way))
    assert found is not None and found.turn == turn


def test_different_pictures_lie_on_nothing() -> None:
    pictures = [scene(seed, SIZE) for seed in (31, 34, 77)]
    pictures += [make(seed) for make in FAMILIES.values() for seed in (0, 1)]
    wide = scene(13, (1200, 480))
    pictures += [wide.crop((left, 0, left + 640, 480)) for left in (0, 250, 500)]
    for place, one in enumerate(pictures):
        for other in pictures[place + 1 :]:
            assert look(one, other) is None


def test_what_differs_in_one_place_is_another_picture() -> None:
    for make in (false_friends.screen, false_friends.goods, false_friends.chart):
        for seed in range(3):
            assert look(*make(seed)) is None


def test_two_pictures_in_two_collages_of_one_ground_are_two() -> None:
    one, other = inset(scene(31, SIZE)), inset(scene(34, SIZE))
    found = look(scene(31, SIZE), other)
    assert found is None
    assert look(one, other) is None or look(one, other).relation is Relation.MOVED  # type: ignore[union-attr]


def test_a_seam_is_where_one_picture_ends() -> None:
    picture, ground = grey(scene(31, (320, 240))), grey(scene(77, SIZE)).copy()
    small = picture[:150, :200]
    corners = np.array([(100, 80), (300, 80), (300, 230), (100, 230)], np.float64)
    assert not seams.around(ground, corners)
    ground[80:230, 100:300] = small
    assert seams.around(ground, corners)


def test_the_index_proposes_what_has_a_place_in_common() -> None:
    whole, other = scene(31, SIZE), scene(34, SIZE)
    pictures = [whole, other, whole.crop((100, 60, 550, 400)), inset(other), *(make(0) for make in FAMILIES.values())]
    described = feature_index.described(
        [features.describe(grey(one)) for one in pictures], [one.size for one in pictures]
    )
    found = feature_index.proposals(described, lambda one, _: np.ones(len(one), np.bool_))
    votes = dict(zip(zip(found.first.tolist(), found.second.tolist(), strict=True), found.votes.tolist(), strict=True))
    strangers = [number for pair, number in votes.items() if pair not in ((0, 2), (1, 3)) and set(pair) & {0, 1, 2, 3}]
    assert min(votes[0, 2], votes[1, 3]) > 2 * max(strangers, default=0)
    asked = feature_index.proposals(described, lambda one, other: (one == 1) | (other == 1))
    assert all(1 in pair for pair in zip(asked.first.tolist(), asked.second.tolist(), strict=True))


def test_an_index_of_nothing_proposes_nothing() -> None:
    for descriptions in ([], [b"", b""]):
        described = feature_index.described(descriptions, [SIZE] * len(descriptions))
        assert not len(feature_index.proposals(described, lambda one, _: np.ones(len(one), np.bool_)).first)
