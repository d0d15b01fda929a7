"""Presets and environment variables: where the choices of a command line come from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import tomlkit

from image_sync.base import preset_file
from image_sync.cli.commands import command
from image_sync.cli.environment import VARIABLES
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync.request import Deletions, SyncRequest
from image_sync.jobs.transfer import Transfer
from tests.cli.made import Line, ScriptedEngine, Terminal, sorted_out


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)


def asked(name: str, *argv: str) -> object:
    chosen = command(name)
    assert chosen.request is not None
    return chosen.request(chosen.parser().parse(argv))


def test_a_preset_is_saved_as_readable_toml_and_begins_a_job(line: Line) -> None:
    assert line.run("presets", "save", "Card", "import", "/media/card", "/lib", "--copy", "--set-dates").code == 0
    text = Path(preset_file.presets_path()).read_text(encoding="utf-8")
    (entry,) = tomlkit.parse(text).unwrap()["preset"]
    assert (entry.pop("name"), entry.pop("job")) == ("Card", "import")
    assert entry == {"folder1": "/media/card", "output": "/lib", "transfer": "copy", "set_dates": True}
    expected = ImportRequest("/media/card", "/lib", transfer=Transfer.COPY, set_dates=True)
    assert asked("import", "--preset", "Card") == expected
    assert asked("import", "--preset", "card") == expected, "case does not matter where one name fits"


def test_what_is_typed_comes_on_top(line: Line) -> None:
    words = ["organize", "/a", "/b", "/out", "--copy", "--threshold", "0.9", "--include", "*.jpg", "--reference", "/a"]
    assert line.run("presets", "save", "Mine", *words).code == 0
    kept = OrganizeRequest(
        ("/a", "/b"), "/out", transfer=Transfer.COPY, threshold=0.9, include=("*.jpg",), references=("/a",)
    )
    assert asked("organize", "--preset", "Mine") == kept
    typed = asked("organize", "--preset", "Mine", "/a", "/c", "--move", "--include", "*.png", "--threshold=0.85")
    assert typed == OrganizeRequest(
        ("/a",), "/c", transfer=Transfer.MOVE, threshold=0.85, include=("*.jpg", "*.png"), references=("/a",)
    )
    assert line.run("presets", "save", "Best", "organize", "/a", "/out", "--keep-best").code == 0
    again = asked("organize", "--preset", "Best", "--gather", "--copy")
    assert again == OrganizeRequest(("/a",), "/out", handling=Handling.GATHER, transfer=Transfer.COPY)


def test_a_preset_of_sync(line: Line) -> None:
    words = ["sync", "/a", "/b", "--deletions", "ask", "--no-hidden", "--mtime-tolerance", "2"]
    assert line.run("presets", "save", "NAS", *words).code == 0
    kept = SyncRequest("/a", "/b", deletions=Deletions.ASK, hidden=False, tolerance_ns=2 * 10**9)
    assert asked("sync", "--preset", "NAS") == kept
    assert asked("sync", "--preset", "NAS", "--hidden", "/x", "/y") == SyncRequest(
        "/x", "/y", deletions=Deletions.ASK, tolerance_ns=2 * 10**9
    )


def test_presets_are_listed_shown_and_deleted(line: Line) -> None:
    assert line.run("presets", "list").out.startswith("There are no presets yet; 'image-sync presets save NAME JOB")
    line.run("presets", "save", "One", "organize", "/a", "/out", "--copy")
    line.run("presets", "save", "One", "sync", "/a", "/b")
    listed = line.run("presets", "list").out.splitlines()
    assert listed[0].split() == ["Name", "Job", "Choices"]
    assert "Organize" in listed[1] and 'output = "/out"' in listed[1] and "Sync" in listed[2]
    ran = line.run("presets", "show", "One")
    assert ran.code == 2 and "say organize or sync behind the name" in ran.err
    assert 'transfer = "copy"' in line.run("presets", "show", "One", "organize").out
    assert line.run("presets", "delete", "One", "sync", "--dry-run").code == 2, "what follows the job belongs to it"
    assert line.run("presets", "delete", "--dry-run", "One", "sync").code == 0
    ran = line.run("presets", "delete", "One", "sync", source=Terminal("n\n"), out=Terminal())
    assert ran.code == 2
    ran = line.run("presets", "delete", "One", "sync", source=Terminal("y\n"), out=Terminal())
    assert ran.code == 0 and "Deleted: the preset “One” of sync." in ran.out
    assert [one.job for one in preset_file.load().presets] == ["organize"]
    report = line.folder / "report.json"
    assert line.run("presets", "list", "--json", os.fspath(report)).code == 0
    assert json.loads(report.read_text())["presets"] == [
        {"job": "organize", "name": "One", "values": {"folders": ["/a"], "output": "/out", "transfer": "copy"}}
    ]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ("organize --preset Nothing", "--preset: There is no preset “Nothing” for organize. There are: “Photos”."),
        ("sync --preset Photos", "There is no preset “Photos” for sync"),
        ("presets show Photo", "There is no preset “Photo”. There are: “Photos”."),
        ("presets delete", "NAME is missing"),
        ("presets save New", "needs a job and its choices behind the name"),
        ("presets save New organize", "FOLDER is missing"),
        ("presets save New organize A B --threshold 7", "--threshold: must be from 0.50 to 0.99"),
        ("presets list Photos", "'presets list' takes no name"),
        ("presets wipe Photos", "WAY is one of list, show, save, delete, not 'wipe'"),
    ],
)
def test_what_can_not_be_is_said(line: Line, argv: str, said: str) -> None:
    line.run("presets", "save", "Photos", "organize", "/a", "/out")
    ran = line.run(*argv.split())
    assert ran.code == 2 and said in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = 1\n[[preset", "can't be read"),
        ("format = 99\n", "a newer version"),
        (
            'format = 1\n[[preset]]\nname="P"\njob="organize"\nfolders=["/a"]\noutput="/b"\nthreshold="high"\n',
            "“threshold” in the preset “P”: it must be a number",
        ),
    ],
)
def test_a_broken_preset_begins_no_job(line: Line, text: str, said: str) -> None:
    place = Path(preset_file.presets_path())
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    ran = line.run("organize", "--preset", "P", engine=(engine := sorted_out()))
    assert (ran.code, engine.asked) == (2, [])
    assert said in " ".join(ran.err.split())


def test_a_choice_of_another_version_is_passed_over_and_said(line: Line) -> None:
    place = Path(preset_file.presets_path())
    place.parent.mkdir(parents=True, exist_ok=True)
    inputs = json.dumps([os.fspath(line.folder / name) for name in ("one", "two")])
    out = json.dumps(os.fspath(line.folder / "out"))
    place.write_text(
        f'format = 1\n[[preset]]\nname="P"\njob="organize"\nfolders={inputs}\noutput={out}\nsparkle=true\n',
        encoding="utf-8",
    )
    ran = line.run("organize", "--preset", "P", engine=sorted_out())
    assert ran.code == 0
    assert "“sparkle” in the preset “P” is no choice of organize" in " ".join(ran.out.split())


# --- environment variables -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variable", "value", "options", "applied", "quiet"),
    [
        ("IMAGE_SYNC_DRY_RUN", "1", [], False, False),
        ("IMAGE_SYNC_DRY_RUN", "0", [], True, False),
        ("IMAGE_SYNC_DRY_RUN", "", [], True, False),
        ("IMAGE_SYNC_QUIET", "yes", [], True, True),
        ("IMAGE_SYNC_QUIET", "yes", ["--verbose"], True, False),
        ("IMAGE_SYNC_ASK", "1", ["--yes"], True, False),
    ],
)
def test_a_variable_stands_for_an_option(
    line: Line, variable: str, value: str, options: list[str], applied: bool, quiet: bool
) -> None:
    line.monkeypatch.setenv(variable, value)
    ran = line.organize(*options, engine=(engine := sorted_out()))
    assert ran.code == 0 and ("apply" in engine.asked) is applied
    assert ("Group 1" not in ran.out) is quiet


def test_ask_by_variable_refuses_without_a_terminal(line: Line) -> None:
    line.monkeypatch.setenv("IMAGE_SYNC_ASK", "1")
    assert line.organize(engine=sorted_out()).code == 2


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("IMAGE_SYNC_WORKERS", "many", "IMAGE_SYNC_WORKERS: must be a whole number from 1 to 256, not 'many'"),
        ("IMAGE_SYNC_DRY_RUN", "perhaps", "IMAGE_SYNC_DRY_RUN: must be 1 or 0, not 'perhaps'"),
    ],
)
def test_a_wrong_variable_is_named(line: Line, variable: str, value: str, said: str) -> None:
    line.monkeypatch.setenv(variable, value)
    ran = line.organize(engine=(engine := ScriptedEngine()))
    assert (ran.code, engine.asked) == (2, []) and said in ran.err


def test_workers_and_catalog_by_variable(line: Line) -> None:
    from image_sync.cli.arguments import common

    line.monkeypatch.setenv("IMAGE_SYNC_WORKERS", "3")
    line.monkeypatch.setenv("IMAGE_SYNC_CATALOG", "/c")
    parser = command("organize").parser()
    found = common(parser.parse(["A", "B"]))
    assert (found.workers, found.catalog) == (3, "/c")
    assert common(parser.parse(["A", "B", "--workers", "5"])).workers == 5


def test_every_variable_is_in_the_page_on_automation() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "automation.md").read_text(encoding="utf-8")
    assert [one.name for one in VARIABLES if one.name not in page] == []
