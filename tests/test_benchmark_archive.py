"""The judge of the family's archive: what it calls right, wrong, twice and lost; and the archive that it judges."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from benchmarks.archive.__main__ import judge
from benchmarks.archive.family import SOURCES, Family, zipped
from benchmarks.archive.shots import Shots
from benchmarks.archive.truth import Dated, Event, Known, contents_of, digest
from tests.pictures_made import save, scene

DAY = date(2019, 7, 4)
SKI = Event("2017-02-12 Skiurlaub", date(2017, 2, 12), 3, ("Skiurlaub",))
SUMMER = Event("Sommer 2013", date(2013, 7, 1), 1, ("Sommer",))


@pytest.mark.parametrize(
    ("truth", "place", "dated"),
    [
        (Known(DAY), "2019/07/04/a.jpg", Dated.RIGHT),
        (Known(DAY), "ImageSync_ImageMovies/2019/07/04/a.mp4", Dated.RIGHT),
        (Known(DAY), "2019/07/05/a.jpg", Dated.WRONG),
        (Known(DAY), "2019/07/a.jpg", Dated.WRONG),
        (Known(DAY, 1), "2019/a.jpg", Dated.RIGHT),
        (Known(DAY), "2019/Trip/a.jpg", Dated.RIGHT),
        (Known(DAY), "2018/Trip/a.jpg", Dated.WRONG),
        (Known(DAY), "2019/07-04 Trip/a.jpg", Dated.RIGHT),
        (Known(DAY), "2019/07-03 Trip/a.jpg", Dated.WRONG),
        (Known(DAY), "ImageSync_NoDate/a.jpg", Dated.NONE),
        (Known(None), "2019/07/04/a.jpg", Dated.WRONG),
        (Known(date(2017, 2, 14), 3, SKI), "2017/02-12 Skiurlaub/a.jpg", Dated.RIGHT),
        (Known(date(2017, 2, 14), 3, SKI), "2017/02-13 Skiurlaub/a.jpg", Dated.WRONG),
        (Known(date(2017, 2, 14), 3, SKI), "2017/Skiurlaub/a.jpg", Dated.WRONG),
        (Known(date(2013, 7, 9), 3, SUMMER), "2013/Sommer/a.jpg", Dated.RIGHT),
        (Known(date(2013, 7, 9), 3, SUMMER), "2014/Sommer/a.jpg", Dated.WRONG),
    ],
)
def test_what_a_place_says_of_the_date(truth: Known, place: str, dated: Dated) -> None:
    assert truth.dated(place) is dated


def test_the_judge_counts_each_content_once() -> None:
    def known(when: date | None, *places: str, event: Event | None = None, bins: int = 0) -> Known:
        return Known(when, 3, event, list(places), bins)

    truth = {
        "right": known(DAY, "p/a.jpg", "d/a.jpg"),
        "twice": known(DAY, "p/b.jpg", "d/b.jpg"),
        "aside": known(DAY, "p/c.jpg", "d/c.jpg"),
        "wrong": known(DAY, "p/d.jpg"),
        "lost": known(DAY, "p/e.jpg"),
        "thrown": known(None, ".Trashes/f.jpg", bins=1),
        "event": known(SKI.begins, "d/g.jpg", event=SKI),
        "no event": known(SKI.begins, "d/h.jpg", event=SKI),
        "undated": known(None, "p/i.png"),
    }
    library = {
        "right": ["2019/07/04/a.jpg"],
        "twice": ["2019/07/04/b.jpg", "2019/07/04/b(1).jpg"],
        "aside": ["2019/07/04/c.jpg", "ImageSync_Duplicates/2019/07/04/c.jpg"],
        "wrong": ["2018/07/04/d.jpg"],
        "thrown": ["2019/07/04/f.jpg"],
        "event": ["2017/02-12 Skiurlaub/g.jpg"],
        "no event": ["2017/02/12/h.jpg"],
        "undated": ["ImageSync_NoDate/i.png"],
    }
    found = judge(truth, library)
    assert (found.dates[Dated.RIGHT], found.dates[Dated.WRONG], found.undatable[Dated.NONE]) == (5, 1, 1)
    assert [places[0] for places in found.twice] == ["2019/07/04/b.jpg"] and found.copied == 3
    assert (found.events, len(found.lost_events)) == (2, 1)
    assert found.thrown == ["2019/07/04/f.jpg"] and found.lost == [["p/e.jpg"]]
    assert not found.good


@pytest.mark.slow
def test_the_archive_is_what_it_says_of_itself(tmp_path: Path) -> None:
    for number in range(8):
        save(scene(number, (640, 480)), tmp_path / "photos" / f"{number}.jpg")
    family = Family(tmp_path / "in", Shots(tmp_path / "photos"))
    family.build()
    counted = family.count()
    assert set(counted) == set(SOURCES) and min(counted.values()) > 300 and sum(counted.values()) > 2700
    for content, truth in family.known.items():
        assert {digest((tmp_path / "in" / place).read_bytes()) for place in truth.places} == {content}
    assert sum(truth.in_bins for truth in family.known.values()) >= 34
    source = tmp_path / "in" / "takeout"
    archives = zipped(source, tmp_path, 3)
    names = [name for path in archives for name in zipfile.ZipFile(path).namelist()]
    assert sorted(names) == sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file())
    assert len(contents_of(tmp_path / "in")) >= len(family.known)
