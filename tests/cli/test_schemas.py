"""The published schemas: real documents of all jobs fit them, and say nothing that they do not name."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from image_sync.base.archive_member import Packing
from image_sync.base.events import Stage
from image_sync.base.model import Action, ExitCode, Maker, RunState, Sameness
from image_sync.cli import document, events, main
from image_sync.cli.saved import plan_document
from image_sync.jobs.sync import log
from tests.jobs.photo_import.made import SPRING, photo, plant
from tests.pictures_made import edited, save, scene

jsonschema = pytest.importorskip("jsonschema")
referencing = pytest.importorskip("referencing")

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
FILES = {path.name.removesuffix(".schema.json"): path for path in sorted(SCHEMAS.glob("*.schema.json"))}


def schema(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FILES[name].read_text(encoding="utf-8"))
    return read


def strict(part: Any) -> Any:
    """The schema with every object closed, so that a key which it does not name is seen."""
    if isinstance(part, list):
        return [strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    closed = {key: strict(value) for key, value in part.items()}
    if "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def faults(name: str, found: Any) -> list[str]:
    resources = [(schema(one)["$id"], referencing.Resource.from_contents(strict(schema(one)))) for one in FILES]
    registry = referencing.Registry().with_resources(resources)
    validator = jsonschema.Draft202012Validator(strict(schema(name)), registry=registry)
    return [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(found)]


class Place:
    """A folder in which commands are run, each with its document and its events, all of which are kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.documents: list[dict[str, Any]] = []

    def run(self, *words: str | Path, code: int = 0) -> dict[str, Any]:
        report, lines = self.root / "report.json", self.root / "lines.jsonl"
        got = main([os.fspath(word) for word in (*words, "--json", report, "--events", lines)])
        read: dict[str, Any] = json.loads(report.read_text())
        assert got == code == read["exit_code"], read["failure"] or read["problems"]
        assert faults("report-1", read) == []
        happened = [json.loads(line) for line in lines.read_text().splitlines()]
        assert [fault for one in happened for fault in faults("events-1", one)] == []
        assert (happened[0]["event"], happened[-1]["event"]) == ("began", "ended")
        assert happened[-1]["exit_code"] == code
        if read["result"]:
            assert faults("result-1", read["result"]) == []
            assert any(one["event"] == "result" and one["run"] == read["result"]["run"] for one in happened)
        if read["plan"]:
            assert faults("plan-1", read["plan"]) == []
            assert any(one["event"] == "planned" for one in happened)
        self.documents.append(read)
        return read


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_schemas_are_schemas() -> None:
    assert set(FILES) == {"plan-1", "result-1", "report-1", "sync-log-2", "events-1"}
    for name in FILES:
        jsonschema.Draft202012Validator.check_schema(schema(name))
        assert schema(name)["$id"] == f"urn:image-sync:schema:{name}"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("plan", plan_document.VERSION),
        ("report", document.VERSION),
        ("sync-log", log.VERSION),
        ("events", events.VERSION),
    ],
)
def test_the_present_version_of_each_form_has_its_schema(name: str, version: int) -> None:
    found = schema(f"{name}-{version}")
    assert f'"version": {{"const": {version}' in json.dumps(found)


def _enums(part: Any) -> Iterator[frozenset[Any]]:
    if isinstance(part, dict):
        if "enum" in part:
            yield frozenset(part["enum"])
        for value in part.values():
            yield from _enums(value)
    elif isinstance(part, list):
        for value in part:
            yield from _enums(value)


def test_the_schemas_know_every_word_of_the_program() -> None:
    known = {name: set(_enums(schema(name))) for name in FILES}
    assert frozenset(one.value for one in Action) in known["plan-1"]
    assert frozenset(["", *(one.value for one in Maker)]) in known["plan-1"]
    assert frozenset(one.value for one in Packing) in known["plan-1"]
    assert frozenset(one.value for one in RunState) in known["result-1"]
    assert frozenset(one.value for one in Sameness) in known["report-1"]
    assert frozenset(one.value for one in ExitCode) in known["report-1"]
    assert frozenset(one.name.lower() for one in Stage) in known["events-1"]


def test_every_property_says_what_it_is() -> None:
    def nameless(part: Any, way: str) -> Iterator[str]:
        if isinstance(part, dict):
            for name, value in part.get("properties", {}).items():
                if not ({"description", "$ref", "const"} & set(value)):
                    yield f"{way}/{name}"
            for key, value in part.items():
                yield from nameless(value, f"{way}/{key}")
        elif isinstance(part, list):
            for value in part:
                yield from nameless(value, way)

    assert [found for name in FILES for found in nameless(schema(name), name)] == []


def pictures(root: Path) -> None:
    save(scene(1), root / "a.jpg", quality=95)
    shutil.copy2(root / "a.jpg", root / "b.jpg")
    save(edited(scene(1)), root / "small.jpg", quality=70)
    save(scene(2), root / "c.png")
    (root / "c.xmp").write_text("<x:xmpmeta/>")
    (root / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")


def test_documents_of_organize(place: Place) -> None:
    pictures(place.root / "in")
    dry = place.run("organize", place.root / "in", place.root / "out", "--dry-run", code=1)
    assert dry["groups"] and dry["plan"]["operations"] and dry["problems"]
    place.run("organize", place.root / "in", place.root / "out", "--keep-best", "--merge", code=1)
    place.run("organize", place.root / "in", place.root / "out2", "--link-exact", code=1)
    place.run("undo")
    place.run("history")
    place.run("organize", place.root / "in", place.root / "none" / "x", "--threshold", "0.9", "--copy", code=1)


def test_documents_of_import(place: Place) -> None:
    plant(
        place.root / "card", {"2003-05-06 Picnic/a.jpg": photo("A", SPRING), "b.jpg": photo("B"), "c.mov": "no movie"}
    )
    with zipfile.ZipFile(place.root / "more.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/d.jpg", photo("D", SPRING))
    words = ("import", place.root / "card", place.root / "more.zip", place.root / "library", "--set-dates")
    dry = place.run(*words, "--dry-run", "--exit-code", code=10)
    assert any(one["member"] for one in dry["plan"]["operations"]) and dry["files"]
    place.run(*words)
    place.run("undo", "--dry-run", "--exit-code", code=10)


def test_documents_and_logs_of_sync(place: Place) -> None:
    one, two = place.root / "one", place.root / "two"
    for root, names in ((one, ("new.jpg", "both.jpg")), (two, ("other.jpg", "both.jpg"))):
        for name in names:
            save(scene(len(os.fspath(root / name)) + ord(name[0]) + ord(root.name[0])), root / name, mtime=1.6e9)
    (one / "link").symlink_to("new.jpg")
    logged = place.root / "log.json"
    for words, code in ((("--dry-run",), 1), (("--permissions",), 1), (("--auto-resolve", "keep-both"), 0), ((), 0)):
        place.run("sync", one, two, "--log-file", logged, *words, code=code)
        assert faults("sync-log-2", json.loads(logged.read_text())) == [], words
    plan = place.root / "plan.json"
    save(scene(77), one / "later.jpg")
    assert main(["sync", str(one), str(two), "--dry-run", "--json", str(plan)]) == 0
    place.run("apply", plan)
    place.run("sync", one, two, "--exit-code", "--dry-run")


def test_documents_of_searches_and_refusals(place: Place) -> None:
    pictures(place.root / "in")
    pictures(place.root / "other")
    save(scene(8), place.root / "in" / "new.jpg")
    place.run("find", place.root / "in" / "a.jpg", place.root / "other", code=1)
    place.run("missing", place.root / "in", place.root / "other", code=1)
    place.run("organize", place.root / "nowhere", place.root / "out", code=2)
    place.run("undo", code=2)


def test_a_fault_in_a_document_is_seen(place: Place) -> None:
    pictures(place.root / "in")
    read = place.run("organize", place.root / "in", place.root / "out", "--dry-run", code=1)
    for spoil in (
        lambda found: found["plan"]["operations"][0].update(action="delete"),
        lambda found: found["plan"]["operations"][0].pop("expected"),
        lambda found: found.update(surprise=1),
        lambda found: found["groups"][0]["members"][0].update(score="high"),
        lambda found: found.update(exit_code=7),
    ):
        spoiled = deepcopy(read)
        spoil(spoiled)
        assert faults("report-1", spoiled) != []


def test_the_page_on_automation_names_every_schema() -> None:
    page = (SCHEMAS.parent / "automation.md").read_text(encoding="utf-8")
    assert set(re.findall(r"schemas/([\w-]+)\.schema\.json", page)) == set(FILES)
