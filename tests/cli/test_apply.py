"""``apply``: a saved plan is carried out as it was meant, however it was edited, or refused in words."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.archive_member import ArchiveMember, Packing
from image_sync.base.model import Action, Maker, Operation, Plan, Stamp
from image_sync.cli import main
from image_sync.cli.saved.plan_document import Unreadable, plan_json, read_plan
from tests.jobs.photo_import.made import SPRING, photo, plant
from tests.pictures_made import save, scene
from tests.trees import files, snapshot

Edit = Callable[[dict[str, Any]], object]


class World:
    """A folder with two pictures alike and one alone, and what a dry run says of them."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.capsys = root, capsys
        self.phone, self.sorted = root / "Phone", root / "Sorted"
        for number, name in enumerate(("a.jpg", "b.jpg", "c.jpg")):
            save(scene(1 if number < 2 else 2), self.phone / name, mtime=1_600_000_000 + number)
        (self.phone / "c.xmp").write_text("<x:xmpmeta/>")
        self.place = root / "plan.json"
        assert self.run("organize", self.phone, self.sorted, "--dry-run", "--json", self.place) == 0

    def run(self, *words: str | Path) -> int:
        self.capsys.readouterr()
        return main([os.fspath(word) for word in words])

    @property
    def plan(self) -> dict[str, Any]:
        return json.loads(self.place.read_text())

    def edited(self, edit: Edit) -> Path:
        document = self.plan
        edit(document)
        place = self.root / "edited.json"
        place.write_text(json.dumps(document))
        return place

    def told(self) -> str:
        heard = self.capsys.readouterr()
        return heard.out + heard.err


@pytest.fixture
def world(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> World:  # noqa: ARG001
    return World(tmp_path, capsys)


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document["plan"]["operations"]
    return found


def test_a_saved_plan_does_what_the_job_would_have_done(world: World) -> None:
    before = snapshot(world.phone)
    assert world.run("apply", world.place) == 0
    assert "Apply a plan of Organize" in world.told()
    assert files(world.phone) == []
    assert len(files(world.sorted)) == 4
    assert world.run("undo") == 0
    assert snapshot(world.phone) == before and not world.sorted.exists()


def test_the_plan_alone_is_enough(world: World) -> None:
    place = world.root / "alone.json"
    place.write_text(json.dumps(world.plan["plan"]))
    assert world.run("apply", place) == 0
    assert files(world.phone) == []


def test_it_may_come_through_a_pipe(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(world.place.read_text()))
    assert world.run("apply", "-") == 0
    assert files(world.phone) == []


def test_a_dry_run_of_it_changes_nothing(world: World) -> None:
    before = snapshot(world.root)
    assert world.run("apply", world.place, "--dry-run") == 0
    assert "It would move 4 files" in world.told()
    assert snapshot(world.root) == before


def test_operations_may_be_taken_out_and_what_follows_them_goes_too(world: World) -> None:
    def without_c(document: dict[str, Any]) -> None:
        document["plan"]["operations"] = [one for one in operations(document) if not one["source"].endswith("c.jpg")]

    assert world.run("apply", world.edited(without_c)) == 0
    assert "1 operation is left out: what it follows was taken out of the plan." in world.told()
    assert files(world.phone) == ["c.jpg", "c.xmp"]
    assert len(files(world.sorted)) == 2


def test_operations_may_be_put_in_another_order(world: World) -> None:
    assert any(one["follows"] is not None for one in operations(world.plan))
    assert world.run("apply", world.edited(lambda document: operations(document).reverse())) == 0
    assert files(world.phone) == [] and len(files(world.sorted)) == 4


def test_a_destination_may_be_another_one_inside_the_folders(world: World) -> None:
    wanted = world.sorted / "mine" / "best.jpg"
    place = world.edited(lambda document: operations(document)[0].update(destination=str(wanted)))
    assert world.run("apply", place) == 0
    assert wanted.is_file()
    assert world.run("undo") == 0
    assert len(files(world.phone)) == 4


def test_a_destination_that_is_taken_is_a_problem_and_nothing_is_lost(world: World) -> None:
    taken = save(scene(9), world.sorted / "mine.jpg").read_bytes()
    place = world.edited(lambda document: operations(document)[0].update(destination=str(world.sorted / "mine.jpg")))
    assert world.run("apply", place) == 1
    assert (world.sorted / "mine.jpg").read_bytes() == taken
    assert "a file of that name is there now" in world.told()


def test_a_file_that_changed_since_is_left_alone(world: World) -> None:
    save(scene(5), world.phone / "a.jpg")
    assert world.run("apply", world.place) == 1
    assert "it changed since it was looked at" in world.told()
    assert files(world.phone) == ["a.jpg"]


def test_a_plan_is_not_carried_out_twice(world: World) -> None:
    done = world.root / "done.json"
    assert world.run("apply", world.place, "--json", done) == 0
    assert world.run("apply", done) == 2
    assert "its plan was carried out already, by run " in world.told()


def no_stamp(document: dict[str, Any]) -> None:
    operations(document)[0]["expected"] = None


def same_id(document: dict[str, Any]) -> None:
    operations(document)[1]["id"] = operations(document)[0]["id"]


def in_circles(document: dict[str, Any]) -> None:
    first, second = operations(document)[:2]
    first["follows"], second["follows"] = second["id"], first["id"]


REFUSED: dict[str, tuple[Edit, str]] = {
    "newer plan": (lambda d: d["plan"].update(version=2), "it is of a newer version of this program"),
    "other computer": (lambda d: d["plan"].update(computer="far"), "was made on 'far', and this is '"),
    "no plan": (lambda d: d.update(plan=None), "the job that wrote it came to no plan"),
    "earlier": (lambda d: d["plan"].pop("computer"), "an earlier version of this program wrote it"),
    "unknown job": (lambda d: d["plan"].update(job="tidy"), "this version has no job 'tidy'"),
    "no stamp": (no_stamp, "operation 1: it does not say how "),
    "outside": (lambda d: operations(d)[0].update(destination="/etc/a.jpg"), "/etc/a.jpg, which lies outside"),
    "source outside": (lambda d: operations(d)[0].update(source="/etc/passwd"), "/etc/passwd, which lies outside"),
    "versions outside": (lambda d: operations(d)[0].update(versions="/tmp"), "/tmp, which lies outside"),
    "keeper outside": (
        lambda d: operations(d)[0].update(keeper="/etc/a", keeps=operations(d)[0]["expected"]),
        "/etc/a, which lies outside",
    ),
    "back": (
        lambda d: operations(d)[0].update(destination=d["plan"]["roots"]["output"] + "/../../x.jpg"),
        "lies outside of the folders of the plan",
    ),
    "relative": (lambda d: operations(d)[0].update(destination="x.jpg"), "x.jpg, which lies outside"),
    "no destination": (lambda d: operations(d)[0].update(destination=""), "operation 1: it has no destination"),
    "no such action": (lambda d: operations(d)[0].update(action="delete"), "operation 1: 'action' is none of move"),
    "a text for a number": (lambda d: operations(d)[0].update(id="1"), "operation 1: 'id' is no whole number"),
    "no operation": (lambda d: operations(d).insert(0, 3), "operation 1 is none"),  # type: ignore[arg-type]
    "two of one id": (same_id, "two operations have the id 0"),
    "in circles": (in_circles, "follow one another around"),
    "no list": (lambda d: d["plan"].update(operations={}), "its 'operations' are no list"),
    "roots": (lambda d: d["plan"].update(roots=["/"]), "its 'roots' are no folders by their role"),
    "no name": (lambda d: operations(d)[0].update(destination="/\ud800"), "is no name that this system can have"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_trusted_is_refused_before_anything_is_touched(world: World, case: str) -> None:
    edit, why = REFUSED[case]
    before = snapshot(world.root)
    place = world.edited(edit)
    assert world.run("apply", place) == 2
    assert why in " ".join(world.told().split())
    place.unlink()
    assert snapshot(world.root) == before


def test_a_link_that_leads_out_is_refused(world: World, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    world.sorted.mkdir()
    (world.sorted / "way").symlink_to(outside)
    wanted = os.fspath(world.sorted / "way" / "a.jpg")
    assert world.run("apply", world.edited(lambda d: operations(d)[0].update(destination=wanted))) == 2
    assert "a link leads there" in " ".join(world.told().split())
    assert files(outside) == [] and len(files(world.phone)) == 4


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is no JSON, or it is cut off"),
        (b'{"plan": {"operations": [', "it is no JSON, or it is cut off"),
        (b"\xff\xfe\x00", "it is no JSON, or it is cut off"),
        (b"[" * 100_000, "it is no JSON, or it is cut off"),
        (b"[]", "it holds no plan"),
        (b'{"a": 1}', "it holds no plan; '--dry-run --json FILE' writes one"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(world: World, content: bytes, why: str) -> None:
    world.place.write_bytes(content)
    assert world.run("apply", world.place) == 2
    assert why in " ".join(world.told().split())


def test_a_file_that_is_not_there_is_refused(world: World) -> None:
    assert world.run("apply", world.root / "none.json") == 2
    assert "none.json can't be read: it is no longer there" in " ".join(world.told().split())


def test_a_saved_plan_of_sync_is_remembered_and_logged(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two, place = tmp_path / "one", tmp_path / "two", tmp_path / "plan.json"
    for folder, name in ((one, "a.jpg"), (two, "b.jpg")):
        save(scene(3 if folder is one else 4), folder / name)
    assert main(["sync", str(one), str(two), "--dry-run", "--json", str(place)]) == 0
    assert main(["apply", str(place)]) == 0
    assert files(one) == files(two) == ["a.jpg", "b.jpg"]
    (log,) = home.rglob("sync_log_*.json")
    assert [entry["status"] for entry in json.loads(log.read_text())["operations"]] == ["done", "done"]
    # Remembered: what is gone from one side now was deleted there, and is not new on the other.
    (one / "a.jpg").unlink()
    assert main(["sync", str(one), str(two), "--deletions", "propagate"]) == 0
    assert files(one) == ["b.jpg"] and not (two / "a.jpg").exists()
    capsys.readouterr()


def test_a_plan_of_sync_needs_its_two_folders(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG001
    one, two, place = tmp_path / "one", tmp_path / "two", tmp_path / "plan.json"
    save(scene(3), one / "a.jpg")
    two.mkdir()
    assert main(["sync", str(one), str(two), "--dry-run", "--json", str(place)]) == 0
    document = json.loads(place.read_text())
    document["plan"]["roots"]["third"] = str(tmp_path)
    place.write_text(json.dumps(document))
    assert main(["apply", str(place)]) == 2
    assert "has two folders, the source and the target" in " ".join(capsys.readouterr().err.split())
    assert files(two) == []


def test_a_saved_import_goes_on_to_the_next_one(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG001
    card, library, place = tmp_path / "card", tmp_path / "library", tmp_path / "plan.json"
    plant(card, {"a.jpg": photo("A", SPRING)})
    before = snapshot(card)
    assert main(["import", str(card), str(library), "--dry-run", "--set-dates", "--json", str(place)]) == 0
    assert main(["apply", str(place)]) == 0
    assert len(files(library)) == 1
    assert main(["import", str(library), str(library)]) == 0
    assert "There is nothing to do." in capsys.readouterr().out
    assert main(["undo"]) == 0
    assert snapshot(card) == before


# --- any plan --------------------------------------------------------------------------------------------------------

number = st.integers(0, 2**63 - 1)
stamp = st.none() | st.builds(Stamp, number, st.integers(-(2**62), 2**62), st.none() | st.text("0123456789abcdef"))
hostile = st.text(st.sampled_from("ab \n\x1b\udcff\u202eé"), min_size=1, max_size=6)
place = hostile.map(lambda name: f"/root/{name}")
member = st.none() | st.builds(ArchiveMember, st.just("/root/a.zip"), *[number] * 7, st.sampled_from(Packing))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    found = []
    for count in range(draw(st.integers(0, 5))):
        follows = draw(st.none() | st.integers(0, count - 1)) if count else None
        keeper = draw(st.just("") | place)
        found.append(
            Operation(
                draw(st.sampled_from(Action)),
                draw(place),
                draw(place),
                draw(hostile),
                draw(stamp),
                draw(stamp),
                draw(st.none() | st.integers(0, 99)),
                follows,
                draw(st.just("") | place),
                same_as=draw(st.just("") | place),
                maker=draw(st.none() | st.sampled_from(Maker)),
                argument=draw(st.text(max_size=9)),
                link=draw(st.booleans()),
                keeper=keeper,
                keeps=Stamp(1, 2) if keeper else draw(stamp),
                member=draw(member),
            )
        )
    return Plan("organize", {"output": "/root"}, tuple(found))


@given(plans())
def test_any_plan_comes_back_from_its_document(plan: Plan) -> None:
    saved = read_plan(json.loads(json.dumps({"plan": plan_json(plan)})))
    assert saved.plan == plan and saved.left_out == 0


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(plans(), st.data())
def test_an_edited_document_is_understood_or_refused(plan: Plan, data: st.DataObject) -> None:
    document = plan_json(plan)
    part: dict[str, Any] = document
    if plan.operations and data.draw(st.booleans()):
        part = dict(data.draw(st.sampled_from(document["operations"])))
        document["operations"] = [part]
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(junk)
    try:
        assert isinstance(read_plan(json.loads(json.dumps(document))).plan, Plan)
    except Unreadable as error:
        assert str(error)
