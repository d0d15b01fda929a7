"""What a plan writes, by file system, and what is said where it does not fit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from image_sync.apply import disk
from image_sync.base.model import Action, Operation, Plan, Stamp
from image_sync.jobs.room import SPARE, Room, refusal, room_at, rooms, too_little, written

GIB = 1 << 30
ROOTS = {"source": "/one", "target": "/two", "inside": "/two/deep"}
APART = {"/one": 1, "/two": 2, "/two/deep": 2}
TOGETHER = dict.fromkeys(APART, 1)


def operation(action: Action, source: str, destination: str) -> Operation:
    return Operation(action, source, destination, "because", Stamp(GIB, 0))


def plan(*operations: Operation) -> Plan:
    return Plan("sync", ROOTS, operations)


@pytest.mark.parametrize(
    ("action", "source", "destination", "apart", "together"),
    [
        (Action.COPY, "/one/a", "/two/a", {"/two": GIB}, {"/two": GIB}),
        (Action.COPY, "/one/a", "/two/deep/a", {"/two/deep": GIB}, {"/two/deep": GIB}),
        (Action.UPDATE, "/two/a", "/one/a", {"/one": GIB}, {"/one": GIB}),
        (Action.MOVE, "/one/a", "/two/a", {"/two": GIB}, {}),
        (Action.MOVE, "/two/a", "/two/deep/a", {}, {}),
        (Action.MOVE, "/one/a", "/one/b", {}, {}),
        (Action.MOVE, "/else/a", "/one/b", {"/one": GIB}, {"/one": GIB}),
        (Action.LINK, "/one/a", "/one/b", {}, {}),
        (Action.REPLACE_WITH_LINK, "/one/a", "/one/b", {}, {}),
        (Action.SET_ASIDE, "/one/a", "", {}, {}),
        (Action.CONVERT, "/one/a", "/one/b", {"/one": GIB}, {"/one": GIB}),
        (Action.REWRITE, "/one/a", "/one/a", {"/one": GIB}, {"/one": GIB}),
        (Action.COPY, "/one/a", "/else/a", {}, {}),
        (Action.REMOVE_FOLDER, "/one/a", "", {}, {}),
        (Action.MAKE_FOLDER, "", "/one/a", {}, {}),
    ],
)
def test_what_is_written_where(
    action: Action, source: str, destination: str, apart: dict[str, int], together: dict[str, int]
) -> None:
    step = operation(action, source, destination)
    step = Operation(action, source, destination, "", None) if action is Action.MAKE_FOLDER else step
    for devices, wanted in ((APART, apart), (TOGETHER, together)):
        found = written(plan(step), devices.get)
        assert {root: size for root, size in found.items() if size} == wanted


BOTH_WAYS = plan(operation(Action.COPY, "/one/a", "/two/a"), operation(Action.COPY, "/two/b", "/one/b"))


@pytest.mark.parametrize(
    ("devices", "free", "where"),
    [
        (APART, {"/one": GIB + SPARE, "/two": GIB + SPARE, "/two/deep": GIB + SPARE}, ""),
        (APART, {"/one": GIB + SPARE - 1, "/two": 2 * GIB, "/two/deep": 2 * GIB}, "/one"),
        (APART, {"/one": 2 * GIB, "/two": GIB, "/two/deep": GIB}, "/two"),
        (TOGETHER, {"/one": 2 * GIB, "/two": 2 * GIB, "/two/deep": 2 * GIB}, "/one and /two"),
        (TOGETHER, {"/one": 2 * GIB + SPARE, "/two": 2 * GIB + SPARE, "/two/deep": 2 * GIB + SPARE}, ""),
        (TOGETHER, {}, ""),
        ({}, {"/one": GIB, "/two": 2 * GIB, "/two/deep": 2 * GIB}, "/one"),
    ],
)
def test_what_does_not_fit_is_said(devices: dict[str, int], free: dict[str, int], where: str) -> None:
    said = refusal(BOTH_WAYS, devices.get, free.get)
    notes = list(too_little(BOTH_WAYS, devices.get, free.get))
    assert bool(said) == bool(notes) == bool(where)
    if where:
        assert said.startswith(f"There is not enough room in {where}: ") and said.endswith("Make room and try again.")
        assert notes[0].startswith("There may not be enough room: ")


def test_each_file_system_is_asked_once_and_the_output_alone_when_wanted() -> None:
    free = {"/one": 7 * GIB, "/two": 5 * GIB, "/two/deep": 3 * GIB}
    assert list(rooms(BOTH_WAYS, APART.get, free.get)) == [Room(GIB, 7 * GIB, ("/one",)), Room(GIB, 3 * GIB, ("/two",))]
    assert room_at("/two", BOTH_WAYS, TOGETHER.get, free.get) == Room(2 * GIB, 5 * GIB, ("/two",))
    assert room_at("/two", BOTH_WAYS, APART.get, free.get).needed == GIB


def test_nothing_needs_no_room() -> None:
    assert not Room(0, 0).short and not Room(GIB, None).short
    assert Room(GIB, GIB).short
    assert refusal(plan(operation(Action.MOVE, "/one/a", "/one/b")), APART.get, dict.fromkeys(APART, 0).get) == ""


def test_a_disk_is_asked_by_the_nearest_folder_that_stands(tmp_path: Path) -> None:
    missing = os.fspath(tmp_path / "not" / "there")
    assert disk.standing(missing) == os.fspath(tmp_path)
    assert disk.device(missing) == os.stat(tmp_path).st_dev
    assert (disk.room(missing) or 0) > 0
    assert disk.device("/a\0b") == disk.device("/")
