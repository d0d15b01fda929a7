"""What two pictures state, beside each other: read from real headers, none of them trusted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from image_sync.gui.compare.facts import Fact, facts_of, side_by_side, xmp_facts

XMP = b"""<?xpacket begin='x'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF
 xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dc='http://purl.org/dc/elements/1.1/'
 xmlns:xmp='http://ns.adobe.com/xap/1.0/'><rdf:Description rdf:about='' xmp:Rating='4'>
 <dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Beach</rdf:li></rdf:Alt></dc:title>
 <dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>sand</rdf:li></rdf:Bag></dc:subject>
 </rdf:Description></rdf:RDF></x:xmpmeta>"""


def test_the_facts_of_a_photo(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    picture = Image.new("RGB", (40, 30))
    exif = picture.getexif()
    exif[0x010F], exif[0x0110] = "Maker", "X100"
    details = exif.get_ifd(0x8769)
    details[0x9003], details[0x829A], details[0x829D] = "2019:07-01 10:00:00", 0.008, 2.8
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (52.0, 30.0, 36.0), "W", (13.0, 0.0, 0.0)
    picture.save(path, quality=80, exif=exif, xmp=XMP)
    found = facts_of(os.fspath(path))
    assert list(found)[:4] == ["Name", "Folder", "Size", "Changed"]
    assert found["Dimensions"] == "40 × 30"
    assert found["JPEG quality"] == "80"
    assert (found["Camera maker"], found["Camera"]) == ("Maker", "X100")
    assert (found["Exposure"], found["Aperture"]) == ("1/125 s", "f/2.8")
    assert found["Position"] == "52.510000, -13.000000"
    assert (found["XMP Rating"], found["XMP title"], found["XMP subject"]) == ("4", "Beach", "sea, sand")


def test_a_file_that_is_no_picture_still_has_a_name_and_a_size(tmp_path: Path) -> None:
    path = tmp_path / "text.jpg"
    path.write_text("this is text")
    assert list(facts_of(os.fspath(path))) == ["Name", "Folder", "Size", "Changed"]
    with pytest.raises(OSError, match="gone"):
        facts_of(os.fspath(tmp_path / "gone.jpg"))


def test_facts_stand_beside_each_other_in_the_order_of_the_left() -> None:
    facts = side_by_side({"Name": "a", "Size": "1", "Camera": "X"}, {"Name": "a", "Title": "T", "Size": "2"})
    assert facts == (Fact("Name", "a", "a"), Fact("Title", "", "T"), Fact("Size", "1", "2"), Fact("Camera", "X", ""))
    assert [fact.differs for fact in facts] == [False, True, True, True]
    assert [fact.sign for fact in facts] == ["", "▸", "≠", "◂"]


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"<no xml",
        b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><x>&b;</x>",
        b"<a>" * 5000,
        XMP[:400],
        b"\xff\xfe\x00",
    ],
)
def test_a_bad_packet_says_what_stands_before_the_damage_or_nothing(packet: bytes) -> None:
    assert "aaaa" not in str(xmp_facts(packet))


@given(st.binary(max_size=400))
def test_no_packet_raises(noise: bytes) -> None:
    assert isinstance(xmp_facts(XMP[:200] + noise), dict)


@given(
    st.dictionaries(st.text(max_size=3), st.text(max_size=2)), st.dictionaries(st.text(max_size=3), st.text(max_size=2))
)
def test_no_fact_is_lost_or_told_twice(left: dict[str, str], right: dict[str, str]) -> None:
    facts = side_by_side(left, right)
    names = [fact.name for fact in facts]
    assert sorted(names) == sorted(left | right)
    assert all((fact.left, fact.right) == (left.get(fact.name, ""), right.get(fact.name, "")) for fact in facts)
