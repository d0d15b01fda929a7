"""A review planned anew is the review of a scan with those choices, or the choices are said to need a scan."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ImageEnhance

from image_sync.base.events import Finished
from image_sync.base.options import Declared, Kind, needing_scan, options_of
from image_sync.engine import Engine
from image_sync.gui.job.form import why_scan_again
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.request import Handling, Level, OrganizeRequest, Preference
from image_sync.jobs.photo_import.job import ImportJob
from image_sync.jobs.photo_import.model import Placed
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync.request import SyncRequest
from tests.jobs.photo_import.made import SPRING, SUMMER, photo, pixels, plant
from tests.pictures_made import save, scene

REQUESTS = (OrganizeRequest, SyncRequest, ImportRequest)


@contextmanager
def engine() -> Iterator[Engine]:
    """An engine with a catalog of its own, closed at the end of each example."""
    with tempfile.TemporaryDirectory() as place:
        made = Engine(catalog=os.path.join(place, "catalog.sqlite3"), workers=1)
        yield made
        made.close()


def ended(engine: Engine) -> Any:
    while not isinstance(event := engine.events.get(timeout=120), Finished):
        pass
    assert engine.join(10)
    assert not event.failure, event.failure
    return event.result


def organized(engine: Engine, request: OrganizeRequest) -> Any:
    engine.start(OrganizeJob(request))
    return ended(engine)


def imported(engine: Engine, request: ImportRequest) -> Any:
    engine.start(ImportJob(request))
    return ended(engine)


def without_scan(request: type) -> list[Declared]:
    return [declared for declared in options_of(request) if declared.option.no_scan]


def values_of(declared: Declared) -> st.SearchStrategy[Any]:
    """Values that a user may choose for an option that needs no scan."""
    if declared.option.values:
        return st.sampled_from(list(declared.option.values))
    if declared.option.kind is Kind.SWITCH:
        return st.booleans()
    if declared.name == "crowded":
        return st.sampled_from([1, 2, 100])
    if declared.name == "convert_suffixes":
        return st.sampled_from([(".heic",), (".heic", ".heif", ".hif")])
    raise AssertionError(f"say which values {declared.name} may have")


def choices(request: type) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({declared.name: values_of(declared) for declared in without_scan(request)})


# --- what is said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_type", REQUESTS)
def test_every_option_of_the_window_says_why_it_needs_a_scan_or_argues_why_not(request_type: type) -> None:
    for declared in options_of(request_type):
        option = declared.option
        assert not (option.again and option.no_scan), declared.name
        if option.words:
            assert option.again or option.no_scan, declared.name


@pytest.mark.parametrize("request_type", REQUESTS)
def test_a_changed_option_needs_a_scan_unless_it_is_argued_otherwise(request_type: type) -> None:
    folders = {OrganizeRequest: (("/a", "/b"), "/c"), SyncRequest: ("/a", "/b")}.get(request_type, ("/a", "/b", "/c"))
    scanned = request_type(*folders)
    for declared in options_of(request_type):
        other = _other(declared)
        if declared.name in getattr(scanned, "idle", ()):
            continue
        wanted = replace(scanned, **{declared.name: other})
        assert needing_scan(scanned, wanted) == (() if declared.option.no_scan else (declared.name,))
        assert bool(why_scan_again(scanned, wanted)) is not bool(declared.option.no_scan)


def _other(declared: Declared) -> Any:
    """Another value than the default."""
    default = declared.default
    if isinstance(default, bool):
        return not default
    if isinstance(default, Enum):
        return next(member for member in type(default) if member is not default)
    if isinstance(default, tuple):
        return tuple(reversed(default)) if len(default) > 1 else ("x",)
    return 7 if default is None else default + ("x" if isinstance(default, str) else 1)


# --- organize ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def photos(tmp_path: Path) -> tuple[str, str, str]:
    one, two = tmp_path / "one", tmp_path / "two"
    for seed in (1, 2, 3):
        picture = scene(seed)
        save(picture, one / f"p{seed}.png", 1.2e9 + seed)
        save(ImageEnhance.Brightness(picture).enhance(1.2), two / "deep" / f"IMG_{seed}.jpg", 1.1e9, quality=70)
        (two / f"p{seed} (1).png").write_bytes((one / f"p{seed}.png").read_bytes())
    save(scene(9), two / "alone.jpg", 1e9)
    return os.fspath(one), os.fspath(two), os.fspath(tmp_path / "out")


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=choices(OrganizeRequest), second=choices(OrganizeRequest))
def test_organize_planned_anew_is_organize_scanned(
    photos: tuple[str, str, str], first: dict[str, Any], second: dict[str, Any]
) -> None:
    wanted = OrganizeRequest(photos[:2], photos[2], **second)
    with engine() as one, engine() as other:
        anew = one.replan(organized(one, OrganizeRequest(photos[:2], photos[2], **first)), wanted)
        again = organized(other, wanted)
    assert (anew.groups, anew.plan, anew.left_out) == (again.groups, again.plan, again.left_out)
    assert anew.groups, "there is something to tell apart"


def test_another_order_of_the_best_needs_a_scan_where_a_crop_is_older(
    tmp_path: Path,
) -> None:
    """At *edited* whether a picture is whole is asked only of those that lead: another order asks others."""
    whole = scene(5, (640, 480))
    save(whole, tmp_path / "a" / "full.png", 1.6e9)
    save(whole.crop((38, 29, 602, 451)), tmp_path / "b" / "crop.png", 1.5e9)
    one, two, output = (os.fspath(tmp_path / name) for name in ("a", "b", "out"))
    plain = OrganizeRequest((one, two), output, level=Level.EDITED, handling=Handling.KEEP_BEST)
    older = replace(plain, best_order=(Preference.AGE, *(each for each in Preference if each is not Preference.AGE)))
    assert needing_scan(plain, older) == ("best_order",)
    for request in (plain, older):
        with engine() as made:
            review = organized(made, request)
        (group,) = review.groups
        assert review.pictures[group.best.picture].record.name == "full.png"


@pytest.mark.parametrize("level", [Level.SAME_SHOT, Level.EDITED])
def test_another_similarity_needs_a_scan(level: Level) -> None:
    """Which matches stand, and which member leads a group, hangs on it: groups that a scan finds would be missed."""
    low = OrganizeRequest(("/a", "/b"), "/out", level=level, threshold=0.80)
    for threshold in (0.90, 0.95):
        high = replace(low, threshold=threshold)
        assert needing_scan(low, high) == ("threshold",)
        assert why_scan_again(low, high) == "Another similarity needs a new scan."


# --- import -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def card(tmp_path: Path) -> tuple[str, str]:
    plant(
        tmp_path / "card",
        {
            "DCIM/a.jpg": photo("A", SPRING),
            "DCIM/again.jpg": photo("A", SPRING),
            "2004-03-05 Picnic/b.jpg": photo("B", SUMMER),
            "2004-03-05 Picnic/none.jpg": photo("C"),
            "plain/c.png": pixels("D", kind="PNG"),
            "plain/notes.txt": "not a picture",
        },
    )
    plant(tmp_path / "library", {"2003/05/06/old.jpg": photo("A", SPRING), "2010/07/08/e.jpg": photo("E", SUMMER)})
    return os.fspath(tmp_path / "card"), os.fspath(tmp_path / "library")


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=choices(ImportRequest), second=choices(ImportRequest), in_place=st.booleans())
def test_import_planned_anew_is_import_scanned(
    card: tuple[str, str],
    first: dict[str, Any],
    second: dict[str, Any],
    in_place: bool,
) -> None:
    if in_place:
        folders = (card[1], card[1])
        first, second = ({**each, "transfer": ImportRequest("", "").transfer} for each in (first, second))
    else:
        folders = card
    wanted = ImportRequest(*folders, **second)
    with engine() as one, engine() as other:
        anew = one.replan(imported(one, ImportRequest(*folders, **first)), wanted, {})
        again = imported(other, wanted)
    assert anew.plan.operations == again.plan.operations
    assert set(anew.plan.notes) == set(again.plan.notes)
    assert [decided(one) for one in anew.placed] == [decided(one) for one in again.placed]
    assert (anew.displaced, anew.staying, anew.crowded) == (again.displaced, again.staying, again.crowded)
    assert len(again.placed) == (2 if in_place else 5)


def decided(one: Placed) -> Placed:
    """What was decided; which pictures were tried for a date (``dateless``) is only known where one is to be set."""
    return replace(one, arrival=replace(one.arrival, dateless=()))


def test_sync_has_no_choice_that_follows_without_a_scan() -> None:
    assert without_scan(SyncRequest) == []
