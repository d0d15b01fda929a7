"""Presets on a page without its widgets: every choice goes there and back, and the command line's are heeded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from image_sync.base import preset_file
from image_sync.base.options import Kind, Place, options_of
from image_sync.base.presets import choices_of, preset_of
from image_sync.gui.job.form import JobForm
from image_sync.gui.job.state import Part, State
from image_sync.gui.organize.form import MOST, OrganizeForm
from image_sync.gui.photo_import.form import ImportForm
from image_sync.gui.preferences import Preferences, load_preferences, save_preferences
from image_sync.gui.sync.form import SyncForm
from image_sync.jobs.organize.request import Handling, OrganizeRequest, Preference
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync.request import Deletions, SyncRequest
from tests.gui.organize.test_page_model import World, found
from tests.gui.scripted import ScriptedEngine

FORMS: dict[str, Any] = {"organize": OrganizeForm, "sync": SyncForm, "import": ImportForm}
FOLDERS: dict[str, dict[str, Any]] = {
    "organize": {"folders": ("/one", "/two", "/three"), "output": "/out", "references": ("/two",)},
    "sync": {"source": "/one", "target": "/two"},
    "import": {"folder1": "/one", "folder2": "/two", "further": ("/three.zip", "/four"), "output": "/library"},
}


def other_value(declared: Any) -> Any:
    """A value that is not the usual one."""
    option, default = declared.option, declared.default
    if option.needs:
        return default
    match option.kind:
        case Kind.SWITCH:
            return not default
        case Kind.CHOICE | Kind.FLAGS:
            return [member for member in option.values if member != default][-1]
        case Kind.SHARE:
            return option.most
        case Kind.NUMBER | Kind.LIMIT | Kind.SIZE:
            return default + 10
        case Kind.SECONDS:
            return 2_500_000_000
        case Kind.TEXT:
            return option.one_of[-1] if option.one_of else "Europe/Berlin"
        case Kind.NAMES:
            return ("*.gif", "cache/*")
        case Kind.ORDER:
            return tuple(reversed(default))
        case Kind.FOLDER:
            return "/two"
    return default


def request_of(form: JobForm[Any]) -> Any:
    return form.request() if isinstance(form, SyncForm) else form.request(Preferences())  # type: ignore[attr-defined]


@pytest.mark.parametrize("job", FORMS)
def test_every_choice_of_a_preset_is_that_of_the_form(job: str) -> None:
    """Also those that no widget of the form shows: the window does what the command line would do."""
    form = FORMS[job](Preferences())
    values = dict(FOLDERS[job])
    for declared in options_of(form.request_type):
        if declared.name not in values and declared.name != "dry_run":
            values[declared.name] = other_value(declared)
    form.take(values)
    request = request_of(form)
    assert {name: getattr(request, name) for name in values} == values


@pytest.mark.parametrize("job", FORMS)
def test_what_is_chosen_comes_back_in_another_form(job: str) -> None:
    first, second = FORMS[job](Preferences()), FORMS[job](Preferences())
    first.take(
        {**FOLDERS[job], **{one.name: other_value(one) for one in first.options if one.name not in FOLDERS[job]}}
    )
    request = request_of(first)
    preset = preset_of(job, "Mine", type(request), first.preset_values(request))
    second.take(choices_of(preset, type(request)).values)
    assert request_of(second) == request


@pytest.mark.parametrize("job", FORMS)
def test_what_a_preset_does_not_tell_is_as_usual(job: str) -> None:
    form, fresh = FORMS[job](Preferences()), FORMS[job](Preferences())
    form.take({one.name: other_value(one) for one in options_of(form.request_type) if one.name != "references"})
    form.take({})
    assert request_of(form) == request_of(fresh)
    assert form.missing


def test_choices_that_no_widget_shows_are_told() -> None:
    form = OrganizeForm(Preferences())
    assert form.beside_words == ""
    form.take({"include": ("*.jpg",), "series": True, "best_order": (Preference.AGE,), "exact_search": False})
    assert form.beside_words == (
        "Also chosen: Only these: *.jpg; Series are copies; Reasons, in order: Older file; "
        "Search exactly, however long it takes: no."
    )
    sync = SyncForm(Preferences())
    sync.take({"max_delete": 0.2})
    assert sync.beside_words == "Also chosen: --max-delete: 0.2."
    assert sync.request(deleted_on_purpose=True).max_delete == 1.0


def test_settings_that_are_not_usual_go_into_a_preset_and_usual_ones_do_not() -> None:
    form = OrganizeForm(Preferences())
    told = form.preset_values(form.request(Preferences(include="*.jpg")))
    assert told["include"] == ("*.jpg",) and "exclude" not in told and "best_order" not in told
    elsewhere = {one.name for one in options_of(OrganizeRequest) if one.option.place is Place.ELSEWHERE}
    assert elsewhere & told.keys() == {"include", "references"}


@pytest.mark.parametrize("job", FORMS)
def test_the_folders_of_the_last_run_are_filled_in(job: str, tmp_path: Path) -> None:
    form = FORMS[job](Preferences())
    form.take(FOLDERS[job])
    path = str(tmp_path / "preferences.json")
    save_preferences(form.remembered(Preferences()), path)
    again = FORMS[job](load_preferences(path))
    assert [field.places for field in again.fields] == [field.places for field in form.fields]


# --- the list on the page ---------------------------------------------------------------------------------------------


@pytest.fixture
def world() -> Iterator[World]:
    made = World(ScriptedEngine(found))
    yield made
    made.close()


def kept(*names: str) -> None:
    for name in names:
        values = {"folders": (f"/{name}", "/two"), "output": "/out", "handling": Handling.KEEP_BEST}
        preset_file.save(preset_of("organize", name, OrganizeRequest, values), OrganizeRequest)
    preset_file.save(preset_of("sync", "else", SyncRequest, {"source": "/a"}), SyncRequest)


def test_a_preset_fills_in_folders_and_choices(world: World) -> None:
    kept("phone", "card")
    presets = world.model.presets
    presets.load()
    world.settle()
    assert presets.names == ("phone", "card"), "those of the other jobs are on their pages"
    world.parts.clear()
    presets.take("card")
    world.settle()
    assert world.model.request.folders == ("/card", "/two")
    assert world.model.request.handling is Handling.KEEP_BEST
    assert (presets.taken, presets.changed) == ("card", False)
    assert Part.CHOICES in world.parts and world.model.can_scan
    assert world.model.form.field("folder1").holds == "12 pictures in /card"
    world.model.form.set_share("threshold", 0.9)
    assert presets.changed


def test_a_preset_is_saved_changed_renamed_and_deleted(world: World) -> None:
    world.fill_in()
    presets = world.model.presets
    presets.save("  My phone ")
    world.settle()
    assert (presets.names, presets.taken, presets.changed) == (("My phone",), "My phone", False)
    assert world.model.message == "Saved as the preset “My phone”."
    world.model.form.handling = Handling.LINK_EXACT  # type: ignore[attr-defined]
    assert presets.changed
    presets.save(presets.taken)
    world.settle()
    assert not presets.changed
    assert preset_file.load().presets[0].values["handling"] == "link-exact"
    presets.rename("Phone → Backup")
    world.settle()
    assert (presets.names, presets.taken) == (("Phone → Backup",), "Phone → Backup")
    presets.delete()
    world.settle()
    assert (presets.names, presets.taken) == ((), "")
    assert world.model.request.folders == ("/one", "/two"), "what it filled in stays"


@pytest.mark.parametrize("name", ["", "x" * 81])
def test_a_name_that_can_not_be_is_said(world: World, name: str) -> None:
    world.fill_in()
    world.model.presets.save(name)
    world.settle()
    assert "name" in world.model.message and preset_file.load().presets == ()


def test_a_broken_file_is_said_once_and_left(world: World) -> None:
    path = Path(preset_file.presets_path())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("format = [")
    presets = world.model.presets
    presets.load()
    world.settle()
    assert "can't be read" in world.model.message and presets.names == ()
    world.model.say("")
    presets.load()
    world.settle()
    assert world.model.message == "", "it is not said at every opening of the list"
    world.fill_in()
    presets.save("Mine")
    world.settle()
    assert "can't be read" in world.model.message
    assert path.read_text() == "format = ["


def test_what_is_wrong_in_a_preset_is_said_and_the_rest_taken(world: World) -> None:
    kept("phone")
    path = Path(preset_file.presets_path())
    path.write_text(path.read_text().replace('"keep-best"', '"throw away"').replace("output =", "colour = 1\noutput ="))
    world.model.presets.load()
    world.settle()
    world.model.presets.take("phone")
    world.settle()
    assert world.model.request.folders == ("/phone", "/two") and world.model.request.handling is Handling.GATHER
    assert "“handling”" in world.model.message and "“colour”" in world.model.message


def test_more_folders_than_the_window_has_room_for_are_refused_in_words(world: World) -> None:
    values = {"folders": tuple(f"/{number}" for number in range(MOST + 1)), "output": "/out"}
    preset_file.save(preset_of("organize", "many", OrganizeRequest, values), OrganizeRequest)
    world.fill_in()
    world.model.presets.load()
    world.settle()
    world.model.presets.take("many")
    assert "13 folders" in world.model.message
    assert world.model.request.folders == ("/one", "/two") and world.model.presets.taken == ""


def test_a_preset_taken_over_a_review_asks_for_a_new_scan(world: World) -> None:
    kept("phone")
    world.scan()
    world.model.presets.load()
    world.settle()
    world.model.presets.take("phone")
    world.settle()
    assert world.model.state is State.REVIEW and world.model.stale == "Other folders need a new scan."


def test_a_preset_of_the_command_line_reaches_sync() -> None:
    values = {"source": "/a", "target": "/b", "deletions": Deletions.RESTORE, "max_delete": 0.1}
    preset_file.save(preset_of("sync", "Mine", SyncRequest, values), SyncRequest)
    form = SyncForm(Preferences())
    form.take(choices_of(preset_file.load().presets[0], SyncRequest).values)
    assert form.request() == SyncRequest("/a", "/b", deletions=Deletions.RESTORE, max_delete=0.1)
    assert ImportForm(Preferences()).request(Preferences()) == ImportRequest("", "")


# --- why the scan can't be pressed ------------------------------------------------------------------------------------


def test_why_the_scan_is_grey_is_said(world: World) -> None:
    model = world.model
    assert model.hindrance == "Choose the folder first: Folder 1"
    model.pick_folder("folder1", "/one")
    world.settle()
    assert model.hindrance == "Choose the folder first: Output"
    world.mistakes["output"] = "it is inside folder 1"
    model.pick_folder("output", "/one/out")
    world.settle()
    assert model.hindrance == "Output: see what is wrong with it."
    world.mistakes.clear()
    world.model.refresh()
    world.settle()
    assert model.hindrance == "" and model.can_scan
    world.engine.gate.clear()
    model.scan()
    assert "runs" in model.hindrance
    world.engine.gate.set()
    world.until(lambda: model.state is State.REVIEW)


def test_an_output_that_will_be_made_is_announced(world: World, tmp_path: Path) -> None:
    model = world.model
    model.pick_folder("output", str(tmp_path / "new"))
    world.settle()
    assert model.form.field("output").remark == "This folder will be made when the plan is applied."
    model.pick_folder("output", str(tmp_path))
    world.settle()
    assert model.form.field("output").remark == ""
