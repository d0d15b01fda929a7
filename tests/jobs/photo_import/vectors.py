"""The cases of *import* as a table: what arrives, what the library holds, what it holds afterwards.

``S`` is the prefix.  Every case is carried out on real files, twice: the second run has nothing to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from image_sync.jobs.transfer import Transfer
from tests.jobs.photo_import.made import SPRING, SUMMER, Content, mirrored, photo, pixels
from tests.pictures.metadata.metadata_made import apple_meta, movie, mvhd

COPY = {"transfer": Transfer.COPY}
SMALL = {"small": 360}
NO_DATE = "0000:00:00 00:00:00"


@dataclass(frozen=True)
class Case:
    """One case.

    ``number`` is that of the table of the rules, 0 for one of our own.  ``place`` says where the input is: ``apart``,
    ``same`` (it is the output), ``child`` (``foobar`` in the output), ``parent`` (the output is ``lib`` in it).
    ``left`` is what the input holds afterwards where that is not part of the output.
    """

    number: int
    what: str
    arriving: dict[str, Content]
    expected: dict[str, Content]
    library: dict[str, Content] = field(default_factory=dict)
    place: str = "apart"
    options: dict[str, Any] = field(default_factory=dict)
    left: dict[str, Content] = field(default_factory=dict)
    runs: int = 2


def dated(letter: str = "A") -> bytes:
    return photo(letter, SPRING)


def one(number: int, source: str, expected: str, taken: str = "", **options: Any) -> Case:
    """One picture that goes to one place."""
    content = photo("A", taken)
    return Case(number, f"{source} [{taken[:10] or 'none'}]", {source: content}, {expected: content}, options=options)


def several(number: int, letter: str, names: dict[str, str], taken: str = "", **options: Any) -> Case:
    """Pictures, each with pixels of its own, with source and place."""
    contents = {source: photo(f"{letter}{place}", taken) for place, source in enumerate(names)}
    return Case(
        number,
        ", ".join(names),
        dict(contents),
        {target: contents[source] for source, target in names.items()},
        options=options,
    )


A, B = dated("A"), dated("B")
TWIN = photo("A", SUMMER)
"""The same pixels as ``A``, other EXIF."""
PLAIN = photo("A")
BARE_MOVIE = movie(mvhd(None))
DIFFERENT = {f"p{number:02}/a.jpg": photo(f"a{number}", SPRING) for number in range(25)}
PNG = pixels("P", kind="PNG")

SEED = [
    one(1, "foobar/pict-2003.jpg", "2003/foobar/pict-2003.jpg", SPRING),
    one(2, "foobar/pict-2010.jpg", "2010/foobar/pict-2010.jpg", SUMMER),
    one(3, "foobar/pict-no_date.jpg", "S_NoDate/foobar/pict-no_date.jpg"),
    one(4, "2004_foobar/pict-2003.jpg", "2004/foobar/pict-2003.jpg", SPRING),
    one(5, "2004_foobar/pict-2010.jpg", "2004/foobar/pict-2010.jpg", SUMMER),
    one(6, "2004_foobar/pict-no_date.jpg", "2004/foobar/pict-no_date.jpg"),
    one(7, "2004/pict-2003.jpg", "2003/pict-2003.jpg", SPRING),
    one(8, "2004/pict-2010.jpg", "2010/pict-2010.jpg", SUMMER),
    one(9, "2004/pict-no_date.jpg", "2004/pict-no_date.jpg"),
]

FOLDERS = [
    one(10, "pict-2003.jpg", "2003/05/06/pict-2003.jpg", SPRING),
    one(11, "x.jpg", "S_NoDate/x.jpg"),
    one(12, "2004-03/p.jpg", "2003/05/p.jpg", SPRING),
    one(13, "2004-03/p.jpg", "2004/03/p.jpg"),
    one(14, "2004-03-05/p.jpg", "2003/05/06/p.jpg", SPRING),
    one(15, "2004-03-05/p.jpg", "2004/03/05/p.jpg"),
    one(17, "20040305/p.jpg", "2004/03/05/p.jpg"),
    one(19, "2008_04_12_02/151-5181_IMG.JPG", "2008/04/12/151-5181_IMG.JPG", "2008:04:12 01:02:03"),
    one(20, "27-Sep-1961/p.jpg", "1961/09/27/p.jpg"),
    one(22, "123/a.jpg", "2003/05/06/a.jpg", SPRING),
    one(23, "1234/p.jpg", "2003/05/06/p.jpg", SPRING),
    one(25, "trip/day1/a.jpg", "2003/trip/day1/a.jpg", SPRING),
    one(26, "trip/day1/b.jpg", "S_NoDate/trip/day1/b.jpg"),
    one(27, "2004/Picnic/Swimming/p.jpg", "2004/Picnic/Swimming/p.jpg", SUMMER),
    one(28, "2004-03-05 Picnic/p.jpg", "2004/03-05 Picnic/p.jpg", SUMMER),
    one(28, "2004-03-05 Picnic/p.jpg", "2004/Picnic/p.jpg", SUMMER, flat_dates=True),
    one(30, "2004-03_foobar/p.jpg", "2004/03 foobar/p.jpg", SUMMER),
    one(32, "2002-02-02 Picnic/swimming/p.jpg", "2002/02-02 Picnic/swimming/p.jpg", SPRING),
    one(33, "2004 - Xmas/p.jpg", "2004/Xmas/p.jpg", SPRING),
    one(35, "Picnic 2004/p.jpg", "2004/Picnic/p.jpg", SPRING),
    one(36, "Picnic/2004/Swimming/p.jpg", "2004/Picnic/Swimming/p.jpg", SPRING),
    one(39, "1080p clips/p.jpg", "2003/1080p clips/p.jpg", SPRING),
    one(40, "3024_scan/p.jpg", "2003/3024_scan/p.jpg", SPRING),
    one(42, "2004-13-45 odd/p.jpg", "2004/13-45 odd/p.jpg", SPRING),
    one(45, "Pictures/p.jpg", "2003/05/06/p.jpg", SPRING),
    one(0, "Camera Uploads/p.jpg", "2003/05/06/p.jpg", SPRING, ignored=("camera uploads",)),
    one(0, "Pictures/p.jpg", "2003/Pictures/p.jpg", SPRING, ignored=()),
]

DATES = [
    one(46, "20190304_120102.jpg", "2019/03/04/20190304_120102.jpg"),
    one(48, "IMG_20190304_120102.jpg", "2019/03/04/IMG_20190304_120102.jpg"),
    one(49, "IMG-20190304-WA0001.jpg", "2019/03/04/IMG-20190304-WA0001.jpg"),
    one(
        50,
        "Screenshot_2019-04-16-11-19-37-232_com.google.a.jpg",
        "2019/04/16/Screenshot_2019-04-16-11-19-37-232_com.google.a.jpg",
    ),
    Case(
        54,
        "a year or a month in the name",
        {"2024.png": pixels("A", kind="PNG"), "2024-05.png": pixels("B", kind="PNG")},
        {"S_NoDate/2024.png": pixels("A", kind="PNG"), "S_NoDate/2024-05.png": pixels("B", kind="PNG")},
    ),
    one(55, "20223112-125200.jpg", "S_NoDate/20223112-125200.jpg"),
    one(57, "trip/b.jpg", "S_NoDate/trip/b.jpg", NO_DATE),
    one(57, "trip/c.jpg", "S_NoDate/trip/c.jpg", "    :  :     :  :  "),
    Case(
        58,
        "original, digitized, changed",
        {"a.jpg": photo("A", SUMMER, digitized="2002:01:01 00:00:00", modified="2015:01:01 00:00:00")},
        {"2010/07/08/a.jpg": photo("A", SUMMER, digitized="2002:01:01 00:00:00", modified="2015:01:01 00:00:00")},
    ),
    Case(
        59,
        "changed alone",
        {"a.jpg": photo(modified="2015:01:01 00:00:00")},
        {"2015/01/01/a.jpg": photo(modified="2015:01:01 00:00:00")},
    ),
    one(60, "a.jpg", "S_NoDate/a.jpg"),
    one(60, "a.jpg", "2001/09/09/a.jpg", use_mtime=True, zone="UTC"),
    one(0, "a.jpg", "S_NoDate/a.jpg", "2099:01:01 00:00:00"),
    one(0, "a.jpg", "S_NoDate/a.jpg", "0012:01:01 00:00:00"),
    one(0, "2004 x/a.jpg", "2004/x/a.jpg", "2099:01:01 00:00:00"),
]

ROOTS = [
    Case(
        61,
        "a library in order",
        {
            "2003/05/06/a.jpg": dated("A"),
            "2004/foobar/b.jpg": photo("B", SUMMER),
            "S_NoDate/foobar/c.jpg": photo("C"),
        },
        {
            "2003/05/06/a.jpg": dated("A"),
            "2004/foobar/b.jpg": photo("B", SUMMER),
            "S_NoDate/foobar/c.jpg": photo("C"),
        },
        place="same",
    ),
    Case(62, "dated by now", {"S_NoDate/foobar/c.jpg": A}, {"2003/foobar/c.jpg": A}, place="same"),
    Case(
        64,
        "a heap put in order",
        {"pict-2003.jpg": dated("A"), "f/x.jpg": photo("B"), "2004_foobar/p.jpg": photo("C", SUMMER)},
        {
            "2003/05/06/pict-2003.jpg": dated("A"),
            "S_NoDate/f/x.jpg": photo("B"),
            "2004/foobar/p.jpg": photo("C", SUMMER),
        },
        place="same",
        runs=3,
    ),
    Case(65, "a child of the output", {"a.jpg": A}, {"2003/foobar/a.jpg": A}, place="child"),
    Case(
        67,
        "the output in the input",
        {"a.jpg": dated("A"), "trip/b.jpg": dated("B")},
        {"2003/05/06/a.jpg": dated("A"), "2003/trip/b.jpg": dated("B"), "trip2/q.jpg": photo("Q", SPRING)},
        library={"trip2/q.jpg": photo("Q", SPRING)},
        place="parent",
    ),
    Case(
        68,
        "system folders are no input",
        {"S_Duplicates/2003/05/06/a.jpg": dated("A"), "S_Small/b.jpg": photo("B")},
        {"S_Duplicates/2003/05/06/a.jpg": dated("A"), "S_Small/b.jpg": photo("B")},
        place="same",
    ),
    Case(
        0,
        "paths that would be each other's",
        {"2004/p.jpg": dated("A"), "2003/p.jpg": photo("B", SUMMER)},
        {"2003/p(1).jpg": dated("A"), "2010/p.jpg": photo("B", SUMMER)},
        place="same",
    ),
]

DUPLICATES = [
    Case(
        69,
        "in the same folder",
        {"a.jpg": A},
        {"2003/05/06/a.jpg": A, "S_Duplicates/2003/05/06/a.jpg": A},
        {"2003/05/06/a.jpg": A},
    ),
    Case(
        70,
        "to a better place",
        {"2003_trip/a.jpg": A},
        {"2003/trip/a.jpg": A, "S_Duplicates/2003/05/06/a.jpg": A},
        {"2003/05/06/a.jpg": A},
    ),
    Case(
        71,
        "to a worse place",
        {"a.jpg": A},
        {"2003/trip/a.jpg": A, "S_Duplicates/2003/trip/a.jpg": A},
        {"2003/trip/a.jpg": A},
    ),
    Case(
        72,
        "to a place as good",
        {"2003_trip/a.jpg": A},
        {"2003/trip/a.jpg": A, "2003/party/a.jpg": A},
        {"2003/party/a.jpg": A},
    ),
    Case(74, "two at once", {"x/a.jpg": A, "y/a.jpg": A}, {"2003/x/a.jpg": A, "2003/y/a.jpg": A}),
    Case(
        76,
        "under another name",
        {"b.jpg": A},
        {"2003/05/06/a.jpg": A, "S_Duplicates/2003/05/06/b.jpg": A},
        {"2003/05/06/a.jpg": A},
    ),
    Case(
        76,
        "by name",
        {"b.jpg": A},
        {"2003/05/06/a.jpg": A, "2003/05/06/b.jpg": A},
        {"2003/05/06/a.jpg": A},
        options={"by_name": True},
    ),
    Case(
        0,
        "by a similar name",
        {"a(1).jpg": A},
        {"2003/05/06/a.jpg": A, "S_Duplicates/2003/05/06/a(1).jpg": A},
        {"2003/05/06/a.jpg": A},
        options={"by_name": True},
    ),
    Case(
        77,
        "names that differ in case",
        {"A.JPG": A, "a.jpg": A},
        {"2003/05/06/A.JPG": A, "S_Duplicates/2003/05/06/a.jpg": A},
    ),
    Case(
        79,
        "copied twice",
        {"a.jpg": A},
        {"2003/05/06/a.jpg": A},
        {"2003/05/06/a.jpg": A},
        options=COPY,
        left={"a.jpg": A},
    ),
    Case(
        0,
        "better, but copied",
        {"2003_trip/a.jpg": A},
        {"2003/05/06/a.jpg": A},
        {"2003/05/06/a.jpg": A},
        options=COPY,
        left={"2003_trip/a.jpg": A},
    ),
    Case(
        0,
        "the slot is taken",
        {"a.jpg": A},
        {"2003/05/06/a.jpg": A, "S_Duplicates/2003/05/06/a.jpg": B, "S_Duplicates/2003/05/06/a(1).jpg": A},
        {"2003/05/06/a.jpg": A, "S_Duplicates/2003/05/06/a.jpg": B},
    ),
    Case(
        0,
        "set aside before is no twin",
        {"a.jpg": A},
        {"S_Duplicates/2003/05/06/b.jpg": A, "2003/05/06/a.jpg": A},
        {"S_Duplicates/2003/05/06/b.jpg": A},
    ),
    Case(
        0,
        "undated beside dated",
        {"trip/a.jpg": PLAIN},
        {"2003/trip/a.jpg": A, "S_Duplicates/2003/trip/a.jpg": PLAIN},
        {"2003/trip/a.jpg": A},
    ),
    Case(
        0,
        "dated beside undated",
        {"trip/a.jpg": A},
        {"2003/trip/a.jpg": A, "S_Duplicates/S_NoDate/trip/a.jpg": PLAIN},
        {"S_NoDate/trip/a.jpg": PLAIN},
    ),
    Case(
        0,
        "three at once",
        {"a.jpg": A, "x/a.jpg": A, "x/y/a.jpg": A},
        {"2003/x/y/a.jpg": A, "S_Duplicates/2003/x/y/a.jpg": A, "S_Duplicates/2003/x/y/a(1).jpg": A},
    ),
    Case(
        0,
        "in place, beside a better one",
        {"2003/05/06/a.jpg": A, "x/a.jpg": A},
        {"2003/x/a.jpg": A, "S_Duplicates/2003/05/06/a.jpg": A},
        place="same",
    ),
    Case(
        0,
        "in place, both at home",
        {"2003/05/06/a.jpg": A, "2003/x/a.jpg": A},
        {"2003/05/06/a.jpg": A, "2003/x/a.jpg": A},
        place="same",
    ),
]

ROLLOVER = [
    Case(
        80,
        "another picture of that name",
        {"a.jpg": B},
        {"2003/05/06/a.jpg": A, "2003/05/06/a(1).jpg": B},
        {"2003/05/06/a.jpg": A},
    ),
    Case(
        82,
        "25 of one name",
        dict(DIFFERENT),
        {f"2003/p{n:02}/a.jpg": content for n, content in enumerate(DIFFERENT.values())},
    ),
    Case(
        82,
        "25 of one name in one place",
        {
            f"1{source}": content
            for source, content in {f"{n:02}/a.jpg": c for n, c in enumerate(DIFFERENT.values())}.items()
        },
        {f"2003/05/06/a{f'({n})' if n else ''}.jpg": content for n, content in enumerate(DIFFERENT.values())},
    ),
    Case(
        83,
        "copied thrice",
        {"a.jpg": B},
        {"2003/05/06/a.jpg": A, "2003/05/06/a(1).jpg": B},
        {"2003/05/06/a.jpg": A},
        options=COPY,
        left={"a.jpg": B},
        runs=3,
    ),
    Case(
        0,
        "case and form",
        {"Ä.jpg": B},
        {"2003/05/06/a\u0308.JPG": A, "2003/05/06/Ä(1).jpg": B},
        {"2003/05/06/a\u0308.JPG": A},
    ),
    Case(
        0,
        "sidecars take the number",
        {"a.jpg": B, "a.xmp": "x", "a.jpg.json": "{}"},
        {"2003/05/06/a.jpg": A, "2003/05/06/a(1).jpg": B, "2003/05/06/a(1).xmp": "x", "2003/05/06/a(1).jpg.json": "{}"},
        {"2003/05/06/a.jpg": A},
    ),
    Case(
        0,
        "a sidecar is in the way",
        {"a.jpg": B, "a.xmp": "x"},
        {"2003/05/06/a.xmp": "y", "2003/05/06/a(1).jpg": B, "2003/05/06/a(1).xmp": "x"},
        {"2003/05/06/a.xmp": "y"},
    ),
]

EQUALITY = [
    Case(
        84,
        "a mirror image",
        {"2003-05-06/b.png": mirrored("P")},
        {"2003/05/06/b.png": PNG, "2003/05/06/b(1).png": mirrored("P")},
        {"2003/05/06/b.png": PNG},
    ),
    Case(
        86,
        "another EXIF date",
        {"2003-05-06/a.jpg": TWIN},
        {"2010/07/08/a.jpg": TWIN, "S_Duplicates/S_NoDate/a.jpg": PLAIN},
        {"S_NoDate/a.jpg": PLAIN},
    ),
    Case(
        0,
        "the same pixels in the same folder",
        {"2003-05-06/a.jpg": A},
        {"2003/05/06/a.jpg": PLAIN, "S_Duplicates/2003/05/06/a.jpg": A},
        {"2003/05/06/a.jpg": PLAIN},
    ),
]

LITTLE, LIMIT = photo("s", SPRING, size=(100, 100)), photo("t", SPRING, size=(360, 360))
LARGER, NARROW = photo("u", SPRING, size=(361, 361)), photo("v", SPRING, size=(300, 4000))
STILL = photo("L", SPRING)
MOTION = STILL + movie(mvhd(None), brand=b"mp42")
"""The same pixels with a movie behind them."""
TRIP, DAY, CLIP = (movie(mvhd(None), media=size) for size in (1001, 1002, 1003))
RECORDED = movie(
    mvhd(datetime(2015, 12, 12)), apple_meta({"com.apple.quicktime.creationdate": "2015-01-19T12:45:11-0800"})
)

GROUPS = [
    Case(87, "small", {"a.jpg": LITTLE}, {"S_Small/2003/05/06/a.jpg": LITTLE}, options=SMALL),
    Case(87, "small, but not asked for", {"a.jpg": LITTLE}, {"2003/05/06/a.jpg": LITTLE}),
    Case(
        89,
        "both sides count",
        {"e.jpg": LIMIT, "d.jpg": LARGER, "p.jpg": NARROW},
        {"S_Small/2003/05/06/e.jpg": LIMIT, "2003/05/06/d.jpg": LARGER, "2003/05/06/p.jpg": NARROW},
        options=SMALL,
    ),
    Case(90, "a movie", {"a.mov": BARE_MOVIE}, {"S_ImageMovies/S_NoDate/a.mov": BARE_MOVIE}),
    Case(
        91,
        "movies",
        {"2004_trip/c.mov": TRIP, "2004/05/06/d.avi": b"not looked into", "trip/b.mp4": CLIP},
        {
            "S_ImageMovies/2004/trip/c.mov": TRIP,
            "S_ImageMovies/2004/05/06/d.avi": b"not looked into",
            "S_ImageMovies/S_NoDate/trip/b.mp4": CLIP,
        },
    ),
    Case(
        93, "Apple's date", {"elodie's video.mov": RECORDED}, {"S_ImageMovies/2015/01/19/elodie's video.mov": RECORDED}
    ),
    Case(
        94,
        "Live Photo",
        {"IMG_1.jpg": STILL, "IMG_1.mov": BARE_MOVIE},
        {"2003/05/06/IMG_1.jpg": STILL, "S_ImageMovies/2003/05/06/IMG_1.mov": BARE_MOVIE},
    ),
    Case(
        94,
        "Live Photo kept together",
        {"IMG_1.jpg": STILL, "IMG_1.mov": BARE_MOVIE},
        {"2003/05/06/IMG_1.jpg": STILL, "2003/05/06/IMG_1.mov": BARE_MOVIE},
        options={"live_together": True},
    ),
    Case(95, "other files", {"notes.txt": "x", ".DS_Store": "y"}, {}, left={"notes.txt": "x", ".DS_Store": "y"}),
    Case(
        97,
        "all kinds of pictures",
        {"x/d.cr2": b"II*\0 sensor data", "x/c.gif": pixels("g", kind="GIF"), "x/e.webp": pixels("w", kind="WEBP")},
        {
            "S_NoDate/x/d.cr2": b"II*\0 sensor data",
            "S_NoDate/x/c.gif": pixels("g", kind="GIF"),
            "S_NoDate/x/e.webp": pixels("w", kind="WEBP"),
        },
    ),
    Case(98, "an empty file", {"z.jpg": b""}, {}, left={"z.jpg": b""}),
    Case(
        0,
        "RAW and JPEG",
        {"IMG_1.CR2": b"II*\0 sensor data", "IMG_1.JPG": STILL, "IMG_1.xmp": "x"},
        {
            "2003/05/06/IMG_1.CR2": b"II*\0 sensor data",
            "2003/05/06/IMG_1.JPG": STILL,
            "2003/05/06/IMG_1.xmp": "x",
        },
    ),
    Case(
        0,
        "RAW and JPEG take one number",
        {"IMG_1.CR2": b"II*\0 sensor data", "IMG_1.JPG": STILL},
        {
            "2003/05/06/IMG_1.CR2": b"II*\0 other data",
            "2003/05/06/IMG_1(1).CR2": b"II*\0 sensor data",
            "2003/05/06/IMG_1(1).JPG": STILL,
        },
        {"2003/05/06/IMG_1.CR2": b"II*\0 other data"},
    ),
    Case(
        0,
        "what is more beside what is less",
        {"IMG_1.CR2": b"II*\0 sensor data", "IMG_1.JPG": STILL},
        {
            "2003/05/06/IMG_1.CR2": b"II*\0 sensor data",
            "2003/05/06/IMG_1.JPG": STILL,
            "S_Duplicates/2003/05/06/IMG_1.JPG": STILL,
        },
        {"2003/05/06/IMG_1.JPG": STILL},
    ),
    Case(
        0,
        "a pair is not split for its better half",
        {"IMG_1.CR2": b"II*\0 sensor data", "IMG_1.JPG": STILL},
        {
            "2003/trip/IMG_1.CR2": b"II*\0 sensor data",
            "2003/trip/IMG_1.JPG": STILL,
            "S_Duplicates/2003/trip/IMG_1.JPG": STILL,
        },
        {"2003/trip/IMG_1.JPG": STILL},
    ),
    Case(
        0,
        "a pair gets the better place of its half, which comes later",
        {"2003_trip/IMG_1.JPG": STILL},
        {
            "2003/trip/IMG_1.CR2": b"II*\0 sensor data",
            "2003/trip/IMG_1.JPG": STILL,
            "S_Duplicates/2003/trip/IMG_1.JPG": STILL,
        },
        {"2003/05/06/IMG_1.CR2": b"II*\0 sensor data", "2003/05/06/IMG_1.JPG": STILL},
    ),
    Case(
        0,
        "a Live Photo, copied, gets the better place of its still",
        {"IMG_1.jpg": STILL, "IMG_1.mov": BARE_MOVIE},
        {
            "2003/trip/IMG_1.jpg": STILL,
            "S_ImageMovies/2003/trip/IMG_1.mov": BARE_MOVIE,
            "S_Duplicates/2003/trip/still.jpg": STILL,
        },
        {"2003/trip/still.jpg": STILL},
        options=COPY,
        left={"IMG_1.jpg": STILL, "IMG_1.mov": BARE_MOVIE},
    ),
    Case(
        0,
        "a motion photo gets the better place of its still",
        {"2003_trip/still.jpg": STILL},
        {"2003/trip/IMG_1.jpg": MOTION, "S_Duplicates/2003/trip/still.jpg": STILL},
        {"2003/05/06/IMG_1.jpg": MOTION},
    ),
    Case(
        0,
        "of equal places the motion photo's is the better",
        {"2003_trip/still.jpg": STILL},
        {"2003/party/IMG_1.jpg": MOTION, "S_Duplicates/2003/party/still.jpg": STILL},
        {"2003/party/IMG_1.jpg": MOTION},
    ),
    Case(
        0,
        "a Live Photo goes aside as one",
        {"IMG_1.jpg": STILL, "IMG_1.mov": BARE_MOVIE},
        {
            "2003/trip/IMG_1.jpg": STILL,
            "S_ImageMovies/2003/trip/IMG_1.mov": BARE_MOVIE,
            "S_Duplicates/2003/trip/IMG_1.jpg": STILL,
            "S_Duplicates/S_ImageMovies/2003/trip/IMG_1.mov": BARE_MOVIE,
        },
        {"2003/trip/IMG_1.jpg": STILL, "S_ImageMovies/2003/trip/IMG_1.mov": BARE_MOVIE},
    ),
    Case(
        0,
        "a Live Photo makes way as one",
        {"2003_trip/IMG_1.jpg": STILL, "2003_trip/IMG_1.mov": BARE_MOVIE},
        {
            "2003/trip/IMG_1.jpg": STILL,
            "S_ImageMovies/2003/trip/IMG_1.mov": BARE_MOVIE,
            "S_Duplicates/2003/05/06/IMG_1.jpg": STILL,
            "S_Duplicates/2003/05/06/IMG_1.aae": "x",
            "S_Duplicates/S_ImageMovies/2003/05/06/IMG_1.mov": BARE_MOVIE,
        },
        {
            "2003/05/06/IMG_1.jpg": STILL,
            "2003/05/06/IMG_1.aae": "x",
            "S_ImageMovies/2003/05/06/IMG_1.mov": BARE_MOVIE,
        },
    ),
    Case(
        0,
        "a Live Photo with an XMP sidecar gets the better place as one",
        {"2003_trip/IMG_1.jpg": STILL, "2003_trip/IMG_1.mov": BARE_MOVIE},
        {
            "2003/trip/IMG_1.jpg": STILL,
            "2003/trip/IMG_1.xmp": "x",
            "S_ImageMovies/2003/trip/IMG_1.mov": BARE_MOVIE,
            "S_Duplicates/2003/trip/IMG_1.jpg": STILL,
            "S_Duplicates/S_ImageMovies/2003/trip/IMG_1.mov": BARE_MOVIE,
        },
        {
            "2003/05/06/IMG_1.jpg": STILL,
            "2003/05/06/IMG_1.xmp": "x",
            "S_ImageMovies/2003/05/06/IMG_1.mov": BARE_MOVIE,
        },
    ),
    Case(
        0,
        "sidecars of a movie",
        {"x/b.avi": b"not looked into", "x/b.thm": "t", "x/b.avi.xmp": "x"},
        {
            "S_ImageMovies/S_NoDate/x/b.avi": b"not looked into",
            "S_ImageMovies/S_NoDate/x/b.thm": "t",
            "S_ImageMovies/S_NoDate/x/b.avi.xmp": "x",
        },
    ),
    Case(
        0,
        "a spoken note",
        {"a.jpg": A, "a.wav": "w", "b.wav": "v"},
        {"2003/05/06/a.jpg": A, "2003/05/06/a.wav": "w"},
        left={"b.wav": "v"},
    ),
    Case(
        0,
        "the same movie",
        {"2004_trip/d.mov": CLIP},
        {"S_ImageMovies/2004/trip/c.mov": CLIP, "S_Duplicates/S_ImageMovies/2004/trip/d.mov": CLIP},
        {"S_ImageMovies/2004/trip/c.mov": CLIP},
    ),
    Case(
        0,
        "a small one that is known",
        {"b.jpg": LITTLE},
        {"S_Small/2003/05/06/a.jpg": LITTLE, "S_Duplicates/S_Small/2003/05/06/b.jpg": LITTLE},
        {"S_Small/2003/05/06/a.jpg": LITTLE},
        options=SMALL,
    ),
]

CASES = [*SEED, *FOLDERS, *DATES, *ROOTS, *DUPLICATES, *ROLLOVER, *EQUALITY, *GROUPS]
