"""The writer of statements: what was missing is there afterwards, what was there is as it was, and the picture is."""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import string
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pillow_heif
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from image_sync.base.stated import NOTHING, Fact, Position, Stated
from image_sync.pictures.metadata import xmp_edit
from image_sync.pictures.metadata.exif_edit import values
from image_sync.pictures.metadata.exif_write import block_of
from image_sync.pictures.metadata.image_data import same_image_data
from image_sync.pictures.metadata.stated import stated_by
from image_sync.pictures.metadata.stated_write import CannotWrite, sidecar_with, with_stated
from image_sync.pictures.metadata.xmp_write import packet_of
from tests.pictures.metadata import metadata_made as made
from tests.pictures.metadata.metadata_made import DIGITIZED, MAKER_NOTE, MODIFIED, OFFSET_ORIGINAL, ORIGINAL

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
DATE = Stated(taken=datetime(2019, 7, 4, 10, 20, 30, 250_000), offset=-210)
PLACE = Stated(position=Position(52.516_25, -13.377_7, 34.5))
WORDS = Stated(
    rating=4,
    title="The hut",
    caption='“Quotes” & <brackets> "and"\nlines',
    keywords=("Anna", "näher; ferner"),
    artists=("A. Photographer", "B. Helper"),
    copyright="© 2019 A. Photographer",
)
ALL = replace(WORDS, taken=DATE.taken, offset=DATE.offset, position=PLACE.position)
NOTE = bytes(range(256)) * 3
BLOCK = made.exif_block({0x010F: "Maker", MODIFIED: "2020:01:01 00:00:00"}, {MAKER_NOTE: NOTE, 0xA002: 48})
PACKET = made.xmp_packet('xmp:CreatorTool="a program"', inside="<tiff:Make>Maker</tiff:Make>")


def stated(data: bytes, folder: Path) -> Stated:
    path = folder / "written"
    path.write_bytes(data)
    return stated_by(str(path))


def near(one: Stated, other: Stated) -> bool:
    """Whether all is the same, positions to a tenth of a metre."""
    if one.position and other.position:
        here, there = one.position, other.position
        assert abs(here.latitude - there.latitude) < 1e-6
        assert abs(here.longitude - there.longitude) < 1e-6
        assert abs((here.altitude or 0) - (there.altitude or 0)) <= 0.01
        one, other = replace(one, position=None), replace(other, position=None)
    return one == other


def check(before: bytes, after: bytes, *, dated: bool = True) -> None:
    """What must hold of every result, judged by other means than the writer's own; a blank date may give way."""
    pillow_heif.register_heif_opener()
    assert made.decoded(before) == made.decoded(after)
    old, new = set(values(block_of(before))), set(values(block_of(after)))
    changing = {0x8769, 0x8825, 0x02BC, *(() if dated else (ORIGINAL,))}
    assert {value for value in old - new if value[1] not in changing} == set()
    if packet := packet_of(before):
        written = packet_of(after)
        at = 0
        for piece in packet.split(b"<"):  # all of the old packet is there, in its order, but a nought for no rating
            rated = piece if piece in written else re.sub(rb'Rating(="|>)0', rb"Rating\g<1>4", piece)
            at = written.index(rated, at) + len(rated)


# --- every format -----------------------------------------------------------------------------------------------------

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF")


@pytest.mark.parametrize("added", [DATE, PLACE, WORDS, ALL], ids=["date", "place", "words", "all"])
@pytest.mark.parametrize("packet", [None, PACKET], ids=["no XMP", "XMP"])
@pytest.mark.parametrize("block", [None, BLOCK], ids=["no EXIF", "EXIF"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_picture_gets_what_it_lacks_and_keeps_the_rest(
    tmp_path: Path, name: str, block: bytes | None, packet: bytes | None, added: Stated
) -> None:
    before = made.picture(name, block, packet)
    after = with_stated(before, added)
    check(before, after)
    assert near(stated(after, tmp_path), added)
    with Image.open(io.BytesIO(after)) as picture:
        if block and not (packet and name == "TIFF"):  # Pillow writes one of them into a TIFF
            assert picture.getexif().get(0x010F) == "Maker"
            assert picture.getexif().get_ifd(0x8769).get(MAKER_NOTE) == NOTE
    if packet:
        assert b'xmp:CreatorTool="a program"' in packet_of(after)


@pytest.mark.parametrize("name", ["HEIF", "AVIF"])
def test_a_heic_with_exif_and_xmp_gets_both(tmp_path: Path, name: str) -> None:
    before = made.picture(name, BLOCK, PACKET)
    after = with_stated(before, ALL)
    check(before, after)
    assert near(stated(after, tmp_path), ALL)
    with pytest.raises(CannotWrite, match="needs an XMP packet already"):
        with_stated(made.picture(name, BLOCK), WORDS)


def test_writing_it_twice_changes_nothing_more() -> None:
    once = with_stated(made.jpeg(BLOCK), ALL)
    again = with_stated(once, ALL)
    assert again == once


# --- nothing is overwritten -------------------------------------------------------------------------------------------


def test_what_is_stated_stays(tmp_path: Path) -> None:
    own = Stated(
        datetime(2001, 2, 3, 4, 5, 6), 60, Position(1, 2, 3), 2, "mine", "mine too", ("one",), ("me",), "(c) me"
    )
    before = with_stated(made.jpeg(BLOCK), own)
    with pytest.raises(CannotWrite):
        with_stated(before, DATE)
    with pytest.raises(CannotWrite):
        with_stated(before, PLACE)
    with pytest.raises(CannotWrite):
        with_stated(before, Stated(title="other"))
    other = Stated(rating=1, title="o", caption="o", artists=("o",), copyright="o", keywords=("one",))
    assert xmp_edit.with_more(packet_of(before), other) == packet_of(before)
    assert near(stated(before, tmp_path), own)
    after = with_stated(before, Stated(keywords=("one", "two")))
    assert near(stated(after, tmp_path), replace(own, keywords=("one", "two")))


@pytest.mark.parametrize("blank", ["    :  :     :  :  ", "0000:00:00 00:00:00", ""])
def test_a_blank_date_is_none(tmp_path: Path, blank: str) -> None:
    before = made.jpeg(made.exif_block({0x010F: "Maker"}, {ORIGINAL: blank, DIGITIZED: "1999:12:31 23:59:59"}))
    after = with_stated(before, DATE)
    assert near(stated(after, tmp_path), DATE)
    with Image.open(io.BytesIO(after)) as picture:
        assert picture.getexif().get_ifd(0x8769)[DIGITIZED] == "1999:12:31 23:59:59"


def test_a_date_that_cannot_be_true_is_not_overwritten(tmp_path: Path) -> None:
    before = made.jpeg(made.exif_block({0x010F: "Maker"}, {ORIGINAL: "2099:01:01 00:00:00"}))
    assert stated(before, tmp_path) == Stated(doubtful=True)
    with pytest.raises(CannotWrite):
        with_stated(before, DATE)


def test_a_time_zone_is_added_to_the_date_that_is_there(tmp_path: Path) -> None:
    text = "2019:07:04 10:20:30"
    before = made.jpeg(made.exif_block({0x010F: "Maker"}, {ORIGINAL: text}))
    after = with_stated(before, Stated(offset=120))
    assert stated(after, tmp_path) == Stated(taken=datetime(2019, 7, 4, 10, 20, 30), offset=120)
    other = made.jpeg(made.exif_block({0x010F: "Maker"}, {ORIGINAL: text, OFFSET_ORIGINAL: "+01:00"}))
    with pytest.raises(CannotWrite):
        with_stated(other, Stated(offset=120))


def test_a_nought_for_no_rating_gives_way(tmp_path: Path) -> None:
    for packet in (made.xmp_packet('xmp:Rating="0"'), made.xmp_packet(inside="<xmp:Rating>0</xmp:Rating>")):
        after = with_stated(made.picture("JPEG", None, packet), Stated(rating=5))
        assert stated(after, tmp_path) == Stated(rating=5)


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a",
        made.jpeg(BLOCK)[:80],
        made.jpeg(BLOCK, (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x='adobe:ns:meta/'><open")),
        made.jpeg(None, (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"<!DOCTYPE x><x/>")),
    ],
    ids=["GIF", "cut", "damaged XMP", "document type"],
)
def test_what_cannot_be_written_safely_is_refused(data: bytes) -> None:
    with pytest.raises(CannotWrite):
        with_stated(data, ALL)


# --- sidecars ---------------------------------------------------------------------------------------------------------


def test_a_new_sidecar_states_all(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    (tmp_path / "a.gif.xmp").write_bytes(sidecar_with(b"", ALL))
    assert near(stated_by(str(tmp_path / "a.gif"), [str(tmp_path / "a.gif.xmp")]), ALL)


DEVELOPED = (
    b'\xef\xbb\xbf<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    b'<RDF:RDF xmlns:RDF="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n<RDF:Description RDF:about="uuid:faf5"\n'
    b' xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:Exposure2012="+1.30">\n'
    b' <subject xmlns="http://purl.org/dc/elements/1.1/"><RDF:Bag><RDF:li>old</RDF:li></RDF:Bag></subject>\n'
    b" <crs:ToneCurve><RDF:Seq><RDF:li>0, 0</RDF:li></RDF:Seq></crs:ToneCurve>\n"
    b"</RDF:Description></RDF:RDF></x:xmpmeta>\n" + b" " * 300 + b"\n<?xpacket end='w'?>\n"
)


def test_a_sidecar_is_added_to_and_nothing_in_it_is_lost(tmp_path: Path) -> None:
    after = sidecar_with(DEVELOPED, replace(ALL, offset=None))
    path = tmp_path / "a.xmp"
    path.write_bytes(after)
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    found = stated_by(str(tmp_path / "a.gif"), [str(path)])
    assert near(found, replace(ALL, offset=None, keywords=("old", *ALL.keywords)))
    at = 0
    for line in DEVELOPED.split(b"\n")[:-4]:
        at = after.index(line.rstrip()[:40], at)
    assert b'RDF:about="uuid:faf5"' in after and b'rdf:about="uuid:faf5"' in after
    assert len(after) > len(DEVELOPED)


@pytest.mark.parametrize("packet", [b"no XML", DEVELOPED[:-200].replace(b"</RDF:RDF>", b""), b"<!DOCTYPE a><a/>"])
def test_a_damaged_sidecar_is_left_alone(packet: bytes) -> None:
    with pytest.raises(CannotWrite):
        sidecar_with(packet, ALL)


# --- all inputs -------------------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PLACES = st.builds(
    Position,
    st.floats(-90, 90).filter(lambda angle: abs(angle) > 1e-4),
    st.floats(-180, 180).filter(lambda angle: abs(angle) > 1e-4),
    st.none() | st.floats(-400, 9000).map(lambda height: round(height, 2) or None),
)
DATES = st.datetimes(datetime(1840, 1, 3), datetime(2024, 1, 1)).filter(lambda date: (date.month, date.day) != (1, 1))
"""Moments that are no beginning of a year: where a clock was never set nobody states a date."""
TRIMMED = TEXT.map(lambda text: " ".join(xmp_edit.legal(text).split()))
STATED = st.builds(
    Stated,
    st.none() | DATES,
    st.none(),
    st.none() | PLACES,
    st.sampled_from([0, 1, 5, -1]),
    TRIMMED,
    TRIMMED,
    st.lists(TRIMMED.filter(bool), max_size=3, unique=True).map(tuple),
    st.lists(TRIMMED.filter(bool), max_size=2).map(tuple),
    TRIMMED,
)
TAGS = st.dictionaries(
    st.sampled_from([0x010F, 0x0110, 0x0131, 0x9C9C, 0xC4A5, 0xEA1C]),
    st.integers(1, 2**32 - 1) | st.binary(max_size=40) | st.text(string.printable.strip(), max_size=40),
    max_size=5,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(FORMATS),
    main=TAGS,
    inner=TAGS,
    order=st.sampled_from("<>"),
    own=STATED,
    added=STATED,
)
def test_nothing_is_lost_whatever_is_there(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    main: dict[int, made.Value],
    inner: dict[int, made.Value],
    order: str,
    own: Stated,
    added: Stated,
) -> None:
    """Of two sets of statements the second fills what the first left open, in any format, over any tags."""
    from image_sync.jobs.organize.rules.merging import gained

    folder = tmp_path_factory.getbasetemp()
    before = made.picture(name, made.exif_block(main, inner, order))
    try:
        first = with_stated(before, own)
    except CannotWrite:
        assume(False)
    check(before, first)
    start = stated(first, folder)
    gain, _ = gained(start, [(1, added)])
    second = with_stated(first, gain.added) if gain.added else first
    check(first, second)
    after = stated(second, folder)
    assert set(after.facts) == {*start.facts, *gain.added.facts} - {Fact.OFFSET}
    for fact, value in vars_of(start).items():
        assert near_value(value, vars_of(after)[fact]) or fact == "keywords"
    assert set(start.keywords) | set(added.keywords) == set(after.keywords)


def vars_of(one: Stated) -> dict[str, object]:
    """What is stated, by the name of its field."""
    found = {name: getattr(one, name) for name in Stated.__slots__}
    return {name: value for name, value in found.items() if value != getattr(NOTHING, name)}


def near_value(one: object, other: object) -> bool:
    """Whether two values are the same."""
    if isinstance(one, Position) and isinstance(other, Position):
        return near(Stated(position=one), Stated(position=other))
    return one == other


@settings(max_examples=200, deadline=None)
@given(added=STATED)
def test_statements_go_through_the_argument_of_an_operation(added: Stated) -> None:
    assert Stated.from_text(added.to_text()) == added
    assert added.to_text().isascii()


@pytest.mark.parametrize("text", ["", "7", "[]", '{"taken":7}', '{"position":3}', '{"taken":"never"}'])
def test_an_argument_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Stated.from_text(text)


# --- real files -------------------------------------------------------------------------------------------------------


def _lacking(own: Stated) -> Stated:
    """What a real file lacks of ``ALL``."""
    return Stated(
        None if own.taken or own.doubtful else ALL.taken,
        None if own.taken else ALL.offset,
        None if own.position else ALL.position,
        0 if own.rating else ALL.rating,
        "" if own.title else ALL.title,
        "" if own.caption else ALL.caption,
        ALL.keywords,
        () if own.artists else ALL.artists,
        "" if own.copyright else ALL.copyright,
    )


def test_real_files_of_many_cameras_lose_no_tag(photo_data: Path, tmp_path: Path) -> None:
    written = 0
    for path in sorted((photo_data / "camera").iterdir()):
        own = stated_by(str(path))
        before = path.read_bytes()
        try:
            after = with_stated(before, _lacking(own))
        except CannotWrite:
            continue
        written += 1
        check(before, after, dated=own.taken is not None)
        assert same_image_data(before, after, beside_xmp=True)
        now = stated(after, tmp_path)
        assert set(_lacking(own).facts) - {Fact.OFFSET} <= set(now.facts), path.name
        assert own.taken == now.taken or own.taken is None
    assert written >= 7


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
def test_exiftool_finds_every_tag_as_it_was_and_the_new_ones(shared_data: Path, tmp_path: Path) -> None:
    written = 0
    for path in sorted((shared_data / "camera").iterdir()):
        before = path.read_bytes()
        try:
            after = with_stated(before, _lacking(stated_by(str(path))))
        except CannotWrite:
            continue
        written += 1
        copy = tmp_path / f"written{path.suffix}"
        copy.write_bytes(after)
        old, new = _exiftool(path, "-ImageDataHash"), _exiftool(copy, "-ImageDataHash")
        assert {name: value for name, value in old.items() if new.get(name) != value} == {}, path.name
        # Of an animated WebP it reads no more than the frames where it digests these.
        subject = _exiftool(copy)["XMP-dc:Subject"]
        assert isinstance(subject, list) and set(ALL.keywords) <= set(subject), path.name
    assert written >= 40


def _exiftool(path: Path, *more: str) -> dict[str, object]:
    """All tags, those that only makers of cameras know and those that nobody does included."""
    command = ["exiftool", "-a", "-u", "-G1:4", "-j", "-n", "-struct", *more, str(path)]
    (found,) = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    return {name: value for name, value in found.items() if name.split(":")[0] not in ("System", "SourceFile", "File")}


def test_damaged_pictures_are_refused_or_written_whole(photo_data: Path) -> None:
    """Bytes changed anywhere in the headers: never anything but a refusal, or a result with the same picture."""
    choice = random.Random(5)
    sources = [path.read_bytes() for path in sorted((photo_data / "camera").iterdir())[:8]]
    refused = 0
    for number in range(150):
        data = bytearray(choice.choice(sources))
        for _ in range(choice.randrange(1, 6)):
            data[choice.randrange(min(len(data), 6000))] = choice.randrange(256)
        try:
            after = with_stated(bytes(data), choice.choice([DATE, PLACE, WORDS, ALL]))
        except CannotWrite:
            refused += 1
            continue
        assert same_image_data(bytes(data), after, beside_xmp=True), number
    assert 0 < refused < 150
