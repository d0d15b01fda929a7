"""Reports: one page for every job that loads nothing, escapes everything and stays small."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from image_sync.base import paths
from image_sync.base.model import Action, Group, Member, Operation, Picture, Plan, Problem, Refused, Sameness, Stamp
from image_sync.cli import main
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import OrganizeRequest
from image_sync.pictures.colour import chroma_of
from image_sync.reports import page as pages
from image_sync.reports.contents import Contents, Row, Section, contents
from image_sync.reports.thumbs import drawn, sheets
from tests import values
from tests.jobs.photo_import.made import SPRING, photo, plant
from tests.pictures_made import edited, save, scene

MIB = 1 << 20


LOADING = ("src", "href", "srcset", "action", "data")


class Reader(HTMLParser):
    """What a browser makes of a page: its tags, what they load, and the text of each script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [
            f"{name}={value}" for name, value in attrs if name in ("src", "href", "srcset", "action", "data")
        ]
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts.append(data)


TAGS = ["html", "head", "meta", "meta", "meta", "title", "style", "body", "noscript", "main", "script", "script"]


def data_of(text: str) -> dict[str, object]:
    read = Reader(text)
    assert read.tags == TAGS and read.loads == []
    found: dict[str, object] = json.loads(read.scripts[0])
    return found


def made(sections: list[Section]) -> str:
    return pages.page(Contents("Organize", ("Output: /o",), tuple(sections)))


# --- the page --------------------------------------------------------------------------------------------------------


def test_it_loads_nothing_and_forbids_it() -> None:
    text = made([Section("Group 1", "", (Row("a.jpg", "/in", 5, "best", "stays"),))])
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!data:)", text.replace("<!DOCTYPE", ""))
    assert "default-src 'none'; img-src data:;" in text
    assert "innerHTML" not in text and "eval(" not in text and "document.write" not in text


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "a&amp;b<!--",
    "]]></title><script>",
    "\u2028\u2029\n\x1b[2J\u202egnp.exe",
    "${alert(1)}`",
    os.fsdecode(b"caf\xe9.jpg"),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_nothing_else(name: str) -> None:
    shown = paths.display(name)
    text = made([Section(shown, shown, (Row(shown, shown, 1, shown, shown),))])
    data = data_of(text)
    assert data["sections"][0][2][0][0] == shown  # type: ignore[index]
    assert text.encode("utf-8")


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_name_is_text_and_nothing_else(name: str) -> None:
    written = pages._json({"name": name})
    assert json.loads(written) == {"name": name}
    assert not set("<>&") & set(written) and written.isascii()


def review_of(groups: int, per_group: int = 2) -> OrganizeReview:
    """A large review whose pictures have fingerprints as real ones are: smooth, each another one."""
    noise = Image.effect_noise((64, 64), 60)
    shapes = []
    for number in range(40):
        picture = Image.blend(scene(number, (64, 64)), noise.convert("RGB"), 0.1)
        shape = values.fingerprint(width=4000, height=3000)
        from dataclasses import replace

        shapes.append(replace(shape, small=picture.convert("L").tobytes(), chroma=chroma_of(picture)))
    pictures, found, operations = [], [], []
    for group in range(groups):
        members = []
        for place in range(per_group):
            number = len(pictures)
            folder = f"20{group % 24:02}/{group % 12:02}-{group % 28:02} Holidays in a place with a name"
            name = f"IMG_{group:05}{'' if not place else f' ({place})'}.JPG"
            record = values.record(f"{folder}/{name}", root=f"/home/somebody/Pictures/{place}", size=3 * MIB + number)
            pictures.append(Picture(record, shapes[number % len(shapes)]))
            members.append(Member(number, Sameness.SIMILAR if place else Sameness.IDENTICAL_FILE, 0.91))
            destination = f"/home/somebody/Sorted/similar_Holidays in a place {group}/{name}"
            operations.append(Operation(Action.MOVE, record.path, destination, "match", record.stamp, group=group))
        found.append(Group(tuple(members), f"Holidays in a place {group}", "more pixels and less compressed"))
    roots = {
        "folder 1": "/home/somebody/Pictures/0",
        "folder 2": "/home/somebody/Pictures/1",
        "output": "/home/somebody/Sorted",
    }
    plan = Plan("organize", roots, tuple(operations))
    request = OrganizeRequest((roots["folder 1"], roots["folder 2"]), roots["output"])
    return OrganizeReview(request, tuple(pictures), tuple(found), plan)


@pytest.mark.slow
def test_ten_thousand_groups_take_at_most_5_megabytes(tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    pages.write_report(review_of(10_000, 3), os.fspath(place))
    assert place.stat().st_size <= 5_000_000
    data = data_of(place.read_text(encoding="utf-8"))
    assert len(data["sections"]) == 10_000  # type: ignore[arg-type]
    assert all(row[5] >= 0 for section in data["sections"] for row in section[2][:1]), "each group has a picture"  # type: ignore[attr-defined]


def test_a_picture_is_drawn_from_its_fingerprint() -> None:
    from dataclasses import replace

    original = scene(3, (64, 64))
    shape = replace(
        values.fingerprint(width=200, height=100), small=original.convert("L").tobytes(), chroma=chroma_of(original)
    )
    picture = drawn(shape)
    assert picture is not None and picture.size == (64, 32)
    wanted = original.resize((64, 32))
    difference = [abs(a - b) for a, b in zip(picture.tobytes(), wanted.tobytes(), strict=True)]
    assert sum(difference) / len(difference) < 25, "the same scene in the same colours"
    assert drawn(values.fingerprint()) is not None and drawn(None) is None


def test_sheets_hold_the_pictures_at_their_places(tmp_path: Path) -> None:
    red = save(Image.new("RGB", (50, 50), (200, 20, 20)), tmp_path / "red.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff broken")
    rows = [
        Row("none", "", 1, "", ""),
        Row("red", "", 1, "", "", os.fspath(red)),
        Row("broken", "", 1, "", "", os.fspath(tmp_path / "broken.jpg")),
    ]
    found = sheets([rows], lambda: None)
    assert found.places == (-1, 0, -1)
    (data,) = found.data
    with Image.open(io.BytesIO(base64.b64decode(data))) as sheet:
        assert sheet.format == "WEBP"
        colour = sheet.convert("RGB").getpixel((found.box // 2, found.box // 2))
    assert isinstance(colour, tuple) and colour[0] > 150 and colour[1] < 80


def test_a_report_can_be_stopped() -> None:
    class Enough(Exception):
        pass

    def stop() -> None:
        raise Enough

    with pytest.raises(Enough):
        pages.page(contents(review_of(2), None), stop)


# --- of each job, on the command line --------------------------------------------------------------------------------


def report_of(place: Path) -> dict[str, object]:
    return data_of(place.read_text(encoding="utf-8"))


def rows_of(data: dict[str, object]) -> list[tuple[str, str, int]]:
    texts = data["texts"]
    return [(row[0], texts[row[4]], row[5]) for section in data["sections"] for row in section[2]]  # type: ignore[attr-defined,index]


def test_of_organize_before_and_after(tmp_path: Path) -> None:
    root, place = tmp_path / "in", tmp_path / "report.html"
    save(scene(1), root / "a.jpg", quality=95)
    save(edited(scene(1)), root / "b.jpg", quality=70)
    save(scene(2), root / "alone.jpg")
    (root / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    words = ["organize", str(root), str(tmp_path / "out"), "--report", str(place)]
    assert main([*words, "--dry-run"]) == 1
    data = report_of(place)
    assert data["lines"][-1].startswith("A plan, not carried out: move 3")  # type: ignore[index]
    assert {name for name, _, _ in rows_of(data)} == {"a.jpg", "b.jpg"}
    assert all(pic >= 0 and fate.startswith("move → Output: similar_") for _, fate, pic in rows_of(data))
    assert len(data["problems"]) == 1 and "broken.jpg" in data["problems"][0]  # type: ignore[index,arg-type]
    assert main(words) == 1
    assert re.match(r"Run \d{8}-\d{6}-\w+, finished: 3 of 3 changes done", report_of(place)["lines"][-1])  # type: ignore[index]


def test_of_sync_and_import(tmp_path: Path) -> None:
    one, two, place = tmp_path / "one", tmp_path / "two", tmp_path / "report.html"
    save(scene(1), one / "a.jpg")
    (one / "notes.txt").write_text("no picture")
    two.mkdir()
    assert main(["sync", str(one), str(two), "--dry-run", "--report", str(place)]) == 0
    assert {(name, pic >= 0) for name, _, pic in rows_of(report_of(place))} == {("a.jpg", True), ("notes.txt", False)}
    plant(tmp_path / "card", {"2003-05-06 Picnic/c.jpg": photo("C", SPRING)})
    assert main(["import", str(tmp_path / "card"), str(tmp_path / "lib"), "--report", str(place), "--copy"]) == 0
    data = report_of(place)
    assert data["title"] == "Import"
    assert [(name, fate, pic >= 0) for name, fate, pic in rows_of(data) if pic >= 0] == [
        ("c.jpg", "copy → Output: 2003/05-06 Picnic", True)
    ]


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("mine", [], "another file stands there, and it is no report of this program"),
        (None, ["--json", "{}"], "--report wants a file of its own"),
    ],
)
def test_it_never_takes_the_place_of_another_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, options: list[str], said: str
) -> None:
    save(scene(1), tmp_path / "in" / "a.jpg")
    place = tmp_path / "report.html"
    if content is not None:
        place.write_text(content)
    words = ["organize", str(tmp_path / "in"), str(tmp_path / "out"), "--report", str(place)]
    assert main([*words, *(one.format(place) if one != "{}" else str(place) for one in options)]) == 2
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists() and (content is None or place.read_text() == content)


def test_a_place_that_can_not_be_is_refused_in_words(tmp_path: Path) -> None:
    for place, why in ((tmp_path, "that is a folder"), (tmp_path / "no" / "a.html", "there is no folder")):
        with pytest.raises(Refused, match=why):
            pages.check_place(os.fspath(place))


def test_problems_and_changes_of_any_plan_are_told() -> None:
    operations = (
        Operation(Action.SET_ASIDE, "/a/x.jpg", "", "gone there", Stamp(5, 1), versions="/a/.image-sync"),
        Operation(Action.MAKE_FOLDER, "", "/b/new", "a folder of the source"),
        Operation(Action.UPDATE, "/a/y.txt", "/b/y.txt", "newer", Stamp(7, 1), Stamp(6, 1)),
    )
    plan = Plan("sync", {"source": "/a", "target": "/b"}, operations, problems=(Problem("/a/z", "not read", "why"),))
    request = OrganizeRequest(("/a",), "/b")
    review = OrganizeReview(request, (), (), plan)
    found = contents(review, None)
    assert found.problems == ("/a/z: not read: why",)
    from image_sync.reports.contents import _changes

    rows = [(section.title, row.name, row.fate) for section in _changes(plan) for row in section.rows]
    assert rows == [
        ("Set aside · Source", "x.jpg", "set aside"),
        ("Make · Target", "new", "make"),
        ("Update · Target", "y.txt", "update → Source"),
    ]


# --- the script ------------------------------------------------------------------------------------------------------

STAND_IN = """
const ids = {}, all = [];
const element = (tag) => ({
  tag, children: [], style: {}, listeners: {}, value: "", textContent: "", classes: [],
  classList: { add(one) {} },
  append(...more) { this.children.push(...more); },
  setAttribute() {},
  addEventListener(name, what) { this.listeners[name] = what; },
  set className(one) { this.classes.push(one); },
});
const document = {
  getElementById: (id) => ids[id] ??= element(id),
  createElement: (tag) => { const one = element(tag); all.push(one); return one; },
  head: element("head"),
};
class IntersectionObserver { constructor(what) { this.what = what; } observe() {} }
ids.data = { textContent: DATA };
SCRIPT
const count = () => all.find((one) => one.tag === "span").textContent;
const search = all.find((one) => one.tag === "input");
const [fates, sort] = all.filter((one) => one.tag === "select").reverse();
const titles = () => all.filter((one) => one.tag === "h2").map((one) => one.textContent);
const said = [count()];
search.value = "beach b.jpg"; search.listeners.input(); said.push(count());
search.value = "nothing like it"; search.listeners.input(); said.push(count());
search.value = ""; sort.value = "bytes";
const before = titles().length; sort.listeners.input(); said.push(titles()[before]);
console.log(JSON.stringify(said));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no JavaScript here to run it")
def test_the_script_shows_filters_and_sorts() -> None:
    sections = [
        Section("Group 1", "", (Row("a.jpg", "/Beach", 10, "best", "stays"), Row("b.jpg", "/Beach", 5, "", "move"))),
        Section("Group 2", "", (Row("c.jpg", "/x/<b>", 2000, "best", "stays"),)),
    ]
    read = Reader(made(sections))
    script = STAND_IN.replace("DATA", json.dumps(read.scripts[0])).replace("SCRIPT", read.scripts[1])
    ran = subprocess.run(["node", "-e", script], capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [
        "2 of 2 · 3 files",
        "1 of 2 · 2 files",
        "0 of 2 · 0 files",
        "Group 2 · 1 · 2.0 KiB",
    ]
