"""Words of tiles and groups: state, difference from the keeper, the reason in one sentence."""

from __future__ import annotations

from dataclasses import replace

from image_sync.base.extras import Extras, Tones
from image_sync.base.model import Picture, PictureFate
from image_sync.base.said import Share, few
from image_sync.gui.organize.cards import Chip, card, chip_of, chip_sentences, head
from image_sync.gui.organize.rows import GroupsModel
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules.contrast import Contrast, Difference
from image_sync.jobs.organize.rules.reasons import Best
from tests.gui.scripted import picture_of, review_of

REQUEST = OrganizeRequest(("/one", "/two"), "/out", handling=Handling.KEEP_BEST)


def grey(picture: Picture) -> Picture:
    return replace(picture, fingerprint=replace(picture.fingerprint, extras=Extras(tones=Tones.GREY)))


def model() -> GroupsModel:
    beach = [
        picture_of("/one", "2019/beach.jpg"),
        grey(picture_of("/two", "old/beach small.jpg", width=200, height=150)),
    ]
    cat = [picture_of("/one", "cat.jpg"), picture_of("/two", "cat.jpg")]
    return GroupsModel(review_of(REQUEST, {"Beach": beach, "Cat": cat}, scores=(0.97,)))


def test_a_tile_says_folder_name_state_and_what_differs() -> None:
    best, other = (card(model(), 0, place) for place in range(2))
    assert (best.best, best.state, best.match, best.chips) == (True, "✔ Keep", "", ())
    assert best.folder == "/one/2019"
    assert (other.fate, other.state, other.match) == (PictureFate.SET_ASIDE, "→ Duplicates", "97 %")
    assert (other.name, other.folder) == ("beach small.jpg", "/two/old")
    assert [chip.words for chip in other.chips] == ["smaller", "grey"]
    assert chip_sentences(other.chips) == "It has 25 % of the pixels. It has no colours."


def test_the_head_says_why_the_best_is_the_best_in_one_sentence() -> None:
    told = head(model(), 0)
    assert told.title == "Beach"
    assert told.facts == "2 pictures · similar · 97 %"
    assert told.sentence == "beach.jpg is the best – more pixels."


def test_the_sentence_has_one_colon_and_one_reason() -> None:
    review = model().review
    first, sharper = Best.MORE_PIXELS(best="400 × 300", other="200 × 150"), Best.SHARPER(share=Share(0.4))
    why = Best.ONE_AND_MORE(first=first, further=Best.AGAINST(names=few(["x.jpg"]), why=sharper))
    assert why == "more pixels: 400 × 300 against 200 × 150; against “x.jpg”: sharper: 40 % more fine detail"
    groups = (replace(review.groups[0], why_best=why), *review.groups[1:])
    told = head(GroupsModel(replace(review, groups=groups)), 0)
    assert told.sentence == "beach.jpg is the best – more pixels: 400 × 300 against 200 × 150."


def test_every_difference_has_words() -> None:
    values = {
        Difference.SMALLER: "0.5",
        Difference.LARGER: "2.25",
        Difference.ROTATED: "1",
        Difference.FEWER_FRAMES: "1",
    }
    for difference in Difference:
        chip = chip_of(Contrast(difference, values.get(difference, "8")))
        assert chip.words
        assert "{" not in chip.words + chip.meaning
        assert chip.meaning.endswith(".")
        assert len(chip.words) <= 20, "it stands on a tile of 96 pixels"
    assert chip_of(Contrast(Difference.DAMAGED, "cut")) == Chip("damaged", "It is damaged: cut.", True, True)
    assert chip_of(Contrast(Difference.LARGER, "2.25")).meaning == "It has 2× as many pixels."
    assert chip_of(Contrast(Difference.ROTATED, "3")).meaning == "It is rotated by 270°."


def test_no_two_groups_have_the_same_name() -> None:
    same = [picture_of("/one", "a/IMG_1.jpg"), picture_of("/two", "IMG_1.jpg")]
    again = [picture_of("/one", "b/IMG_1.jpg"), picture_of("/two", "c/IMG_1.jpg")]
    review = review_of(REQUEST, {"IMG": same, "other": again})
    groups = (review.groups[0], replace(review.groups[1], context="IMG"))
    found = GroupsModel(replace(review, groups=groups))
    assert [found.name(index) for index in range(2)] == ["IMG · IMG_1.jpg", "IMG · IMG_1.jpg (2)"]


def test_a_model_of_the_same_review_takes_over_what_is_known() -> None:
    """Each decision makes a model; names, sizes and operations of thousands of files are not reckoned anew."""
    before = model()
    after = GroupsModel(before.review, before)
    assert after.index is before.index
    assert after._by_file is before._by_file
    assert after.headline == before.headline
    other = GroupsModel(replace(before.review, groups=before.review.groups[:1]), before)
    assert other.headline != before.headline
