"""The second look keeps edits of one picture together and different pictures apart."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from image_sync.base.model import Fingerprint
from image_sync.matching import alignment, detail, verify
from image_sync.matching.search import radius_for
from image_sync.pictures.code_layout import TURNS
from image_sync.pictures.hashes import codes_of, codes_of_many, distance, inverse_turn, similarity, turned
from image_sync.pictures.measure import measure, small_of, texture_of
from tests.matching.hard_pictures import FAMILIES, blank, night, sky
from tests.pictures_made import scene

Bytes = NDArray[np.uint8]
SCENES = 10


def fingerprint(picture: Image.Image) -> Fingerprint:
    small = small_of(picture.convert("L"), 1)
    return Fingerprint("JPEG", *picture.size, 1, small, codes_of(small), texture_of(small), 0.0)


def confirmed(one: Fingerprint, other: Fingerprint, threshold: float = 0.85, turn: int = 0) -> bool:
    codes = codes_of(turned(other.small, turn))
    return verify.confirm(one, other, similarity(one.codes, codes), threshold, turn)


@functools.cache
def big_scene(seed: int) -> Image.Image:
    return scene(seed, (640, 480))


@functools.cache
def scenes() -> tuple[Fingerprint, ...]:
    return tuple(fingerprint(big_scene(seed)) for seed in range(SCENES))


# --- edits of one picture ---------------------------------------------------------------------------------------------


def recoded(picture: Image.Image, **options: object) -> Image.Image:
    stream = io.BytesIO()
    picture.save(stream, **options)
    return Image.open(stream)


def resized(picture: Image.Image, factor: float) -> Image.Image:
    return picture.resize((round(picture.width * factor), round(picture.height * factor)))


def cropped(picture: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = picture.size
    return picture.crop(
        (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
    )


def straightened(picture: Image.Image, degrees: float) -> Image.Image:
    share = 0.022 * abs(degrees)
    return cropped(picture.rotate(degrees, Image.Resampling.BICUBIC), share, share, share, share)


def stamped(picture: Image.Image) -> Image.Image:
    result = picture.copy()
    ImageDraw.Draw(result).text((440, 440), "© Photo Studio", fill=(255, 255, 255), font_size=26)
    return result


EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "JPEG at 20": lambda picture: recoded(picture, format="JPEG", quality=20),
    "JPEG at 75": lambda picture: recoded(picture, format="JPEG", quality=75),
    "WebP": lambda picture: recoded(picture, format="WEBP", quality=60),
    "GIF": lambda picture: recoded(picture.quantize(256, Image.Quantize.FASTOCTREE), format="GIF"),
    "half": lambda picture: resized(picture, 0.5),
    "an eighth": lambda picture: resized(picture, 0.125),
    "double": lambda picture: resized(picture, 2),
    "squeezed": lambda picture: picture.resize((640, 420)),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.25),
    "darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.7),
    "more contrast": lambda picture: ImageEnhance.Contrast(picture).enhance(1.3),
    "less contrast": lambda picture: ImageEnhance.Contrast(picture).enhance(0.7),
    "gamma": lambda picture: picture.point(lambda value: 255 * (value / 255) ** 0.7),
    "autocontrast": lambda picture: ImageOps.autocontrast(picture, cutoff=1),
    "grey": lambda picture: picture.convert("L"),
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(3)),
    "sharpened": lambda picture: picture.filter(ImageFilter.UnsharpMask(3, 150, 2)),
    "stamped": stamped,
    "cropped by 2 %": lambda picture: cropped(picture, 0.01, 0.01, 0.01, 0.01),
    "cropped by 5 %": lambda picture: cropped(picture, 0.025, 0.025, 0.025, 0.025),
    "cropped at the foot": lambda picture: cropped(picture, 0, 0, 0, 0.05),
    "straightened by 1°": lambda picture: straightened(picture, 1),
    "straightened by 2°": lambda picture: straightened(picture, -2),
}


@pytest.mark.slow
@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_picture_is_the_same(edit: str) -> None:
    for seed, original in enumerate(scenes()):
        other = fingerprint(EDITS[edit](big_scene(seed)))
        assert similarity(original.codes, other.codes) >= 0.85
        assert confirmed(original, other)


def test_the_real_edits_of_one_photo_are_the_same(photo_data: Path) -> None:
    found = [measured(path) for path in sorted((photo_data / "edits" / "bridge-edits").glob("*.jpg"))]
    proposed = [(a, b) for a, b in combinations(found, 2) if similarity(a.codes, b.codes) >= 0.85]
    assert len(proposed) >= 15
    assert all(confirmed(a, b) for a, b in proposed)


def test_the_real_turned_photos_are_the_same_in_one_position(photo_data: Path) -> None:
    found = [measured(path) for path in sorted((photo_data / "edits" / "bridge-rotations").glob("*.jpg"))]
    assert len(found) >= 8
    for one, other in combinations(found, 2):
        assert sum(confirmed(one, other, 0.85, turn) for turn in range(TURNS)) == 1


def measured(path: Path) -> Fingerprint:
    result = measure(str(path), path.stat().st_size, False)
    assert result.fingerprint is not None, result.problem
    return result.fingerprint


# --- different pictures -----------------------------------------------------------------------------------------------

PER_FAMILY = 24


@functools.cache
def family_smalls(name: str) -> Bytes:
    return np.stack([as_array(fingerprint(FAMILIES[name](seed)).small) for seed in range(PER_FAMILY)])


def as_array(small: bytes) -> Bytes:
    return np.frombuffer(small, np.uint8).reshape(64, 64)


def verdicts(smalls: Bytes, threshold: float) -> tuple[int, int]:
    """Among all pairs of ``smalls``: how many the hashes propose, how many are confirmed."""
    codes = codes_of_many(smalls)
    first, second = np.triu_indices(len(smalls), 1)
    distances = np.bitwise_count(codes[first] ^ codes[second]).sum(axis=1)
    return (distances <= radius_for(threshold)).sum(), verify.confirm_many(
        smalls[first], smalls[second], distances, threshold
    ).sum()


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_different_pictures_of_one_family_are_told_apart(name: str) -> None:
    assert verdicts(family_smalls(name), 0.85)[1] == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pages", "dark pages", "settings", "skies"])
def test_the_hashes_alone_would_not_have_told_them_apart(name: str) -> None:
    assert verdicts(family_smalls(name), 0.85)[0] >= 5


@pytest.mark.parametrize("name", ["pages", "dark pages", "settings", "chats"])
def test_a_page_or_screen_is_still_the_same_as_its_copies(name: str) -> None:
    for seed in range(6):
        picture = FAMILIES[name](seed)
        one = fingerprint(picture)
        for copy in (
            recoded(picture, format="JPEG", quality=50),
            resized(picture, 0.5),
            cropped(picture, 0.01, 0.01, 0.01, 0.01),
        ):
            assert confirmed(one, fingerprint(copy))


def test_different_scenes_in_all_positions_are_told_apart() -> None:
    for one, other in combinations(scenes(), 2):
        assert not any(confirmed(one, other, 0.70, turn) for turn in range(TURNS))


NEIGHBOURS = re.compile(r"(Nikon E900|Issue 247-|IMG_292[79])")


def test_different_real_photos_are_told_apart(photo_data: Path) -> None:
    paths = sorted(path for path in (photo_data / "camera").glob("*.jpg") if not NEIGHBOURS.match(path.name))
    found = [measured(path) for path in paths]
    assert len(found) >= 10
    assert not [(a, b) for a, b in combinations(found, 2) if any(confirmed(a, b, 0.75, turn) for turn in range(TURNS))]


# --- guards and limits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.85, 0.99])
@pytest.mark.parametrize("made", [blank, night])
def test_without_texture_nothing_is_the_same_by_hashes(made: Callable[[int], Image.Image], threshold: float) -> None:
    flat = next(one for seed in range(50) if not verify.has_texture(one := fingerprint(made(seed))))
    assert flat.texture < verify.LEAST_TEXTURE
    assert not verify.confirm(flat, flat, 1.0, threshold)


def test_texture_without_detail_is_the_same_only_when_it_is_as_grey() -> None:
    one = fingerprint(sky(1))
    assert verify.has_texture(one)
    assert confirmed(one, fingerprint(recoded(sky(1), format="JPEG", quality=80)))
    assert not verify.confirm(one, fingerprint(sky(1).point(lambda value: value - 8)), 1.0, 0.85)


def test_below_the_threshold_nothing_is_the_same() -> None:
    one = scenes()[0]
    assert verify.confirm(one, one, 0.85, 0.85)
    assert not verify.confirm(one, one, 0.849, 0.85)


def test_a_lower_threshold_admits_more() -> None:
    crops = [fingerprint(cropped(big_scene(seed), 0.1, 0.1, 0.1, 0.1)) for seed in range(SCENES)]
    admitted = [
        sum(confirmed(one, other, threshold) for one, other in zip(scenes(), crops, strict=True))
        for threshold in (0.95, 0.85, 0.8, 0.7, 0.6)
    ]
    assert admitted == sorted(admitted)
    assert admitted[1] < admitted[3]
    assert admitted[-1] == SCENES


def test_at_the_lowest_threshold_the_hashes_alone_decide() -> None:
    smalls = family_smalls("pages")
    proposed, confirmed_of_them = verdicts(smalls, 0.5)
    assert confirmed_of_them == proposed > 200


seeds = st.integers(0, 7)
variants = st.sampled_from(sorted(EDITS))


@functools.cache
def variant(seed: int, edit: str) -> Fingerprint:
    return fingerprint(EDITS[edit](big_scene(seed)))


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(seeds, variants, seeds, variants, st.integers(0, TURNS - 1))
def test_the_verdict_is_the_same_whichever_comes_first(
    seed: int, edit: str, other_seed: int, other_edit: str, turn: int
) -> None:
    one, other = variant(seed, edit), variant(other_seed, other_edit)
    turned_other = replace(other, small=turned(other.small, turn))
    assert verify.confirm(one, turned_other, 0.9, 0.85, inverse_turn(turn)) == verify.confirm(
        turned_other, one, 0.9, 0.85, turn
    )


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(seeds, variants, st.sampled_from(sorted(FAMILIES)), seeds, st.floats(0.5, 0.99), st.floats(0.5, 0.99))
def test_what_a_threshold_admits_a_lower_one_admits_too(
    seed: int, edit: str, name: str, other_seed: int, threshold: float, other_threshold: float
) -> None:
    low, high = sorted((threshold, other_threshold))
    pairs = [
        (as_array(scenes()[seed].small), as_array(variant(seed, edit).small)),
        (family_smalls(name)[seed], family_smalls(name)[other_seed + 8]),
    ]
    for one, other in pairs:
        apart = np.array([distance(codes_of(one.tobytes()), codes_of(other.tobytes()))])
        strict, lax = (verify.confirm_many(one[None], other[None], apart, limit)[0] for limit in (high, low))
        assert lax or not strict


@pytest.mark.slow
def test_many_at_once_are_judged_like_one_by_one() -> None:
    count = detail.PAIRS_TOGETHER + 40
    names, generator = sorted(EDITS), np.random.default_rng(0)
    pairs = [
        (variant(a, names[x]), variant(a if same else b, names[y]))
        for a, b, x, y, same in zip(*generator.integers(0, 8, (4, count)), generator.random(count) < 0.5, strict=True)
    ]
    first, second = (np.stack([as_array(pair[side].small) for pair in pairs]) for side in (0, 1))
    scores = generator.uniform(0.8, 0.95, count)
    many = verify.confirm_many(first, second, np.round((1 - scores) * 256).astype(int), 0.85)
    alone = [verify.confirm(one, other, score, 0.85) for (one, other), score in zip(pairs, scores, strict=True)]
    assert many.tolist() == alone
    assert 20 < many.sum() < count - 20


def test_no_pairs_at_all() -> None:
    nothing = np.empty((0, 64, 64), np.uint8)
    assert verify.confirm_many(nothing, nothing, np.empty(0, np.int64), 0.85).shape == (0,)


# --- what the second look is made of ----------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [32, 64])
def test_a_crop_is_found_and_laid_over(side: int) -> None:
    whole = np.stack([as_array(one.small) for one in scenes()]).astype(np.float32)
    crops = [fingerprint(cropped(big_scene(seed), 0.06, 0.02, 0.01, 0.04)).small for seed in range(SCENES)]
    mapping = alignment.maps(np.stack([as_array(small) for small in crops]).astype(np.float32), whole)
    across, down = 0.93, 0.94
    wanted = [[across, 0, 2 * 0.06 + across - 1], [0, down, 2 * 0.02 + down - 1]]
    assert np.abs(np.median(mapping, axis=0) - wanted).max() < 0.01
    assert (np.abs(mapping - wanted).max(axis=(1, 2)) < 0.03).sum() >= SCENES - 1
    seen, inside = alignment.warped(np.full((SCENES, side, side), 7, np.float32), mapping)
    assert np.allclose(seen, 7)
    assert inside.mean() > 0.98


def test_what_lies_outside_is_told() -> None:
    away = np.array([[[1, 0, 1], [0, 1, 0]]], np.float32)
    values, inside = alignment.warped(np.arange(4096, dtype=np.float32).reshape(1, 64, 64), away)
    assert inside[0, :, :31].all()
    assert not inside[0, :, 34:].any()
    assert values[0, 5, 3] == pytest.approx(5 * 64 + 3 + 32)


def test_different_pictures_do_not_run_away() -> None:
    smalls = np.stack([as_array(one.small) for one in scenes()] + [as_array(fingerprint(sky(0)).small)])
    mapping = alignment.maps(smalls.astype(np.float32), smalls[::-1].astype(np.float32))
    assert np.isfinite(mapping).all()
    assert np.abs(mapping - np.eye(2, 3)).max() <= alignment.FARTHEST + 1e-6


def test_a_slope_has_no_detail() -> None:
    down, across = np.mgrid[0:64, 0:64]
    slope = (20 + 2 * down + 1.3 * across).astype(np.float32)
    assert np.abs(detail.detail(slope[None])).max() < 1e-3


def test_a_caption_spoils_only_its_blocks() -> None:
    small = as_array(scenes()[0].small)
    captioned = small.copy()
    captioned[56:] = np.random.default_rng(0).integers(0, 2, (8, 64)) * 255
    agreement = detail.agreement(*(detail.detail(one[None]) for one in (small, captioned)))
    assert 0.7 < agreement.share[0] < 0.9


def test_outlines_are_near_for_copies_and_far_for_others() -> None:
    smalls = np.stack([as_array(one.small) for one in scenes()])
    outlines = detail.outlines(smalls)
    copies = detail.outlines(np.stack([as_array(variant(seed, "JPEG at 75").small) for seed in range(8)]))
    assert (detail.apart(outlines[:8], copies) < 60).all()
    first, second = np.triu_indices(SCENES, 1)
    assert (detail.apart(outlines[first], outlines[second]) > 80).all()


@pytest.mark.parametrize(("share", "noise"), [(1.0, 7), (0.5, 7), (0.25, 0)])
def test_plainness_is_the_share_of_the_ground(share: float, noise: int) -> None:
    small = np.random.default_rng(0).integers(0, 256, (1, 64, 64), dtype=np.uint8)
    ground = round(64 * share)
    small[0, :ground] = np.random.default_rng(1).integers(200 - noise, 201 + noise, (ground, 64))
    by_chance = (1 - share) * 17 / 256
    assert detail.plainness(small)[0] == pytest.approx(share + by_chance, abs=0.03)


# --- frames -----------------------------------------------------------------------------------------------------------


def instant_photo(picture: Image.Image) -> Image.Image:
    edge = picture.width // 16
    return ImageOps.expand(picture, (edge, edge, edge, 4 * edge), "white")


@pytest.mark.parametrize("seeds", [(1, 8), (7, 8)])
def test_different_pictures_in_the_same_frame_are_different(seeds: tuple[int, int]) -> None:
    one, other = (fingerprint(instant_photo(big_scene(seed))) for seed in seeds)
    # The hashes see the frame, and so did a look that the frame's edges could persuade.
    assert similarity(one.codes, other.codes) >= 0.85
    assert not confirmed(one, other)
    assert not confirmed(other, one)


@pytest.mark.parametrize("seed", range(4))
def test_a_picture_in_its_frame_is_found_again(seed: int) -> None:
    framed = instant_photo(big_scene(seed))
    copies = (
        recoded(framed, format="JPEG", quality=20),
        resized(framed, 0.2),
        ImageEnhance.Brightness(framed).enhance(0.7),
    )
    for copy in copies:
        assert confirmed(fingerprint(framed), fingerprint(copy))


def test_what_shows_nothing_inside_its_frame_matches_nothing() -> None:
    one, other = (fingerprint(ImageOps.expand(Image.new("L", (640, 480), grey), 40, "white")) for grey in (20, 21))
    assert one.texture >= verify.LEAST_TEXTURE
    assert not confirmed(one, other)
