"""The JSON document: complete, valid whatever a name holds, whole or not at all, never over a file of the user."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given

from image_sync.base.model import ExitCode, Problem, Refused
from image_sync.cli import document
from image_sync.cli.document import Record, Target
from tests.cli.made import BACKUP, MIB, PHONE, SORTED, hostile, picture, result, review


def written(record: Record, code: ExitCode = ExitCode.DONE) -> str:
    return "".join(document.encoded(record.document(code)))


def full_record(name: str = "a.jpg") -> Record:
    found = review([[picture(PHONE, name), picture(BACKUP, name)]], [picture(PHONE, f"alone/{name}")])
    record = Record("organize", request={"folder1": PHONE}, plan=found.plan, groups=document.groups(found))
    record.result = result(done=3)
    record.add_problems([Problem(f"{PHONE}/{name}", "can't be read", "no permission")] * 2)
    record.add_notes(["Said once.", "Said once."])
    return record


def test_the_document_holds_everything() -> None:
    read = json.loads(written(full_record(), ExitCode.PROBLEMS))
    assert read["version"] == 1 and read["job"] == "organize" and read["exit_code"] == 1
    assert read["plan"]["roots"]["output"] == SORTED
    assert read["plan"]["counts"] == {"move": 3}
    assert [entry["destination"] for entry in read["plan"]["operations"]] == [
        f"{SORTED}/similar_Beach_0/a.jpg",
        f"{SORTED}/similar_Beach_0/a.jpg",
        f"{SORTED}/unique_images/a.jpg",
    ]
    assert read["plan"]["operations"][0]["expected"] == {"size": MIB, "mtime_ns": 10**18, "digest": None}
    (group,) = read["groups"]
    assert group["context"] == "Beach" and group["why_best"] == "more pixels than the others"
    assert [(member["path"], member["sameness"]) for member in group["members"]] == [
        (f"{PHONE}/a.jpg", "identical file"),
        (f"{BACKUP}/a.jpg", "identical file"),
    ]
    assert read["result"] == {
        "run": result().run, "state": "finished", "total": 4, "done": 3, "size": 3 * MIB, "seconds": 12.3
    }  # fmt: skip
    assert read["problems"] == [{"path": f"{PHONE}/a.jpg", "what": "can't be read", "why": "no permission", "hint": ""}]
    assert read["notes"] == ["Said once."]
    assert read["started"][-6] in "+-" and read["failure"] == "" and read["stopped"] is False


def test_each_entry_stands_on_a_line_of_its_own() -> None:
    lines = [line.strip() for line in written(full_record()).splitlines()]
    assert len([line for line in lines if line.startswith('{"action": "move"')]) == 3


def test_an_empty_document_is_valid() -> None:
    read = json.loads(written(Record("history"), ExitCode.REFUSED))
    assert read["plan"] is None and read["groups"] == [] and read["runs"] == [] and read["exit_code"] == 2


@given(hostile)
def test_any_name_comes_back_from_the_document(name: str) -> None:
    text = written(full_record(name))
    assert text.isascii()
    (group,) = json.loads(text)["groups"]
    assert group["members"][0]["path"] == f"{PHONE}/{name}"


def test_an_undecodable_byte_is_the_documented_escape() -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    text = written(full_record(name))
    assert "caf\\udce9.jpg" in text
    path = json.loads(text)["problems"][0]["path"]
    assert path.encode("utf-8", "surrogateescape").endswith(b"caf\xe9.jpg")


# --- where it goes ---------------------------------------------------------------------------------------------------


def test_a_file_appears_whole_and_an_earlier_report_is_replaced(tmp_path: Path) -> None:
    place = tmp_path / "report.json"
    for code in (ExitCode.DONE, ExitCode.PROBLEMS):
        target = Target(os.fspath(place), io.StringIO())
        target.check()
        target.write(Record("organize").document(code))
        assert json.loads(place.read_bytes())["exit_code"] == code
    assert os.listdir(tmp_path) == ["report.json"]


def test_a_check_leaves_no_trace(tmp_path: Path) -> None:
    Target(os.fspath(tmp_path / "report.json"), io.StringIO()).check()
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits of this kind")
def test_the_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    place = tmp_path / "report.json"
    Target(os.fspath(place), io.StringIO()).write(Record("organize").document(ExitCode.DONE))
    beside = tmp_path / "beside"
    beside.touch()
    assert place.stat().st_mode == beside.stat().st_mode


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0 a photo", b'{"title": "IMG_1.jpg"}', b"[]"])
def test_a_file_of_the_user_is_never_written_over(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "IMG_1.jpg.json"
    place.write_bytes(content)
    with pytest.raises(Refused, match=r"IMG_1\.jpg\.json: another file stands there"):
        Target(os.fspath(place), io.StringIO()).check()
    assert place.read_bytes() == content


def test_a_place_that_cannot_be_is_refused_in_words(tmp_path: Path) -> None:
    for place, why in ((tmp_path, ""), (tmp_path / "missing" / "report.json", "there is no folder .*missing")):
        with pytest.raises(Refused, match=f"The JSON report can't be written to .*{why}"):
            Target(os.fspath(place), io.StringIO()).check()


def test_an_empty_file_may_be_filled_and_a_link_is_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.touch()
    link.symlink_to(real)
    target = Target(os.fspath(link), io.StringIO())
    target.check()
    target.write(Record("undo").document(ExitCode.DONE))
    assert link.is_symlink() and json.loads(real.read_text())["job"] == "undo"


@pytest.mark.skipif(os.name == "nt", reason="the null device has another name on Windows")
def test_a_device_is_written_in_place() -> None:
    target = Target(os.devnull, io.StringIO())
    target.check()
    target.write(Record("undo").document(ExitCode.DONE))
    assert not os.path.isfile(os.devnull)


def test_the_standard_output_holds_the_document_and_nothing_else() -> None:
    output = io.StringIO()
    target = Target("-", output)
    target.check()
    target.write(Record("undo").document(ExitCode.DONE))
    assert json.loads(output.getvalue())["job"] == "undo"


def test_no_place_means_no_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    output = io.StringIO()
    target = Target("", output)
    target.check()
    target.write(Record("undo").document(ExitCode.DONE))
    assert output.getvalue() == "" and os.listdir(tmp_path) == []
