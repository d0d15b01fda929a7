"""Groups that another program found: both forms, what is checked, and files that are none."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from image_sync.base.model import Refused
from image_sync.cli import main
from image_sync.jobs.organize.found_elsewhere import CZKAWKA, DUPEGURU, read
from tests.pictures_made import edited, save, scene
from tests.trees import snapshot


def entry(path: str, size: int | None = 5) -> dict[str, Any]:
    return {"path": path, "size": size, "width": 4, "height": 3, "modified_date": 1, "hash": [1], "difference": 2}


@pytest.mark.parametrize(
    ("content", "groups"),
    [
        ([[entry("/a"), entry("/b")], [entry("/c"), entry("/d"), entry("/e")]], ["/a /b", "/c /d /e"]),
        ([[entry("/ref"), [entry("/b"), entry("/c")]]], ["/ref /b /c"]),
        ({"5": [[entry("/a"), entry("/b")]], "7": [[entry("/c"), entry("/d")]]}, ["/a /b", "/c /d"]),
        ({"5": [[entry("/ref"), [entry("/b")]]]}, ["/ref /b"]),
        ([[entry("/alone")]], []),
        ([], []),
    ],
)
def test_every_form_of_czkawka(tmp_path: Path, content: Any, groups: list[str]) -> None:
    place = tmp_path / "result.json"
    place.write_text(json.dumps(content))
    found = read(os.fspath(place))
    assert found.program == CZKAWKA
    assert [" ".join(named.path for named in group) for group in found.groups] == groups


def dupeguru(*groups: tuple[str, ...]) -> str:
    inner = "".join(
        "<group>"
        + "".join(f'<file path={quoteattr(path)} words="" is_ref="n" marked="n" />' for path in group)
        + '<match first="0" second="1" percentage="100" /></group>'
        for group in groups
    )
    return f"<?xml version='1.0' encoding='utf-8'?>\n<results>{inner}</results>"


def test_the_form_of_dupeguru(tmp_path: Path) -> None:
    place = tmp_path / "result.dupeguru"
    place.write_text(dupeguru(("/a & b", "/c"), ("/d",)), encoding="utf-8")
    found = read(os.fspath(place))
    assert found.program == DUPEGURU
    assert [[named.path for named in group] for group in found.groups] == [["/a & b", "/c"]]


BOMB = b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><results>&b;</results>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "neither JSON nor XML, or it is cut off"),
        (b'[[{"path": "/a"', "neither JSON nor XML, or it is cut off"),
        (b"<results><group>", "neither JSON nor XML, or it is cut off"),
        (b"<html></html>", "its root is <html>, not <results>"),
        (b"3", "something else than groups of files"),
        (b'[["/a", "/b"]]', "something else than groups of files"),
        (b"[" * 100_000, "neither JSON nor XML, or it is cut off"),
        (b"\xff\xfe", "neither JSON nor XML, or it is cut off"),
        (BOMB, "it declares entities, which no result does"),
    ],
)
def test_what_is_no_result_is_refused_in_words(tmp_path: Path, content: bytes, why: str) -> None:
    place = tmp_path / "result"
    place.write_bytes(content)
    with pytest.raises(Refused, match=why):
        read(os.fspath(place))


@pytest.mark.parametrize("form", ["czkawka", "dupeguru"])
def test_a_result_opens_as_a_review(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    root, report = tmp_path / "in", tmp_path / "report.json"
    save(scene(1), root / "a.jpg", quality=95)
    save(edited(scene(1)), root / "b.jpg", quality=70)
    save(scene(2), root / "c.jpg")
    save(edited(scene(2)), root / "d.jpg", quality=80)
    names = [os.fspath(root / name) for name in ("a.jpg", "b.jpg", "gone.jpg")]
    place = tmp_path / "result"
    sizes = {name: os.path.getsize(name) if os.path.exists(name) else 5 for name in names}
    found = json.dumps([[entry(name, sizes[name]) for name in names]])
    place.write_text(found if form == "czkawka" else dupeguru(tuple(names)), encoding="utf-8")
    before = snapshot(root)
    words = ["organize", str(root), str(tmp_path / "out"), "--keep-best", "--groups-from", str(place)]
    assert main([*words, "--dry-run", "--json", str(report)]) == 0
    read_back = json.loads(report.read_text())
    (group,) = read_back["groups"]
    assert {os.path.basename(member["path"]) for member in group["members"]} == {"a.jpg", "b.jpg"}, "and not c and d"
    assert any("this program did not look for any itself" in note for note in read_back["notes"])
    assert any("1 file of the result is no picture that was found in the folders" in one for one in read_back["notes"])
    assert main(words) == 0 and main(["undo"]) == 0
    assert snapshot(root) == before
    capsys.readouterr()


def test_a_file_of_another_size_is_passed_over(tmp_path: Path) -> None:
    root, report, place = tmp_path / "in", tmp_path / "report.json", tmp_path / "result"
    for name in ("a.jpg", "b.jpg"):
        save(scene(1), root / name)
    place.write_text(json.dumps([[entry(os.fspath(root / "a.jpg"), 1), entry(os.fspath(root / "b.jpg"), None)]]))
    words = ["organize", str(root), str(tmp_path / "out"), "--groups-from", str(place), "--dry-run"]
    assert main([*words, "--json", str(report)]) == 0
    read_back = json.loads(report.read_text())
    assert read_back["groups"] == []
    assert any("1 file of the result has another size now and was passed over" in note for note in read_back["notes"])


def test_pairs_that_do_not_look_alike_are_left_out_and_told(tmp_path: Path) -> None:
    root, report, place = tmp_path / "in", tmp_path / "report.json", tmp_path / "result"
    for number, name in enumerate(("a.jpg", "b.jpg")):
        save(scene(10 + number), root / name)
    place.write_text(json.dumps([[entry(os.fspath(root / name), None) for name in ("a.jpg", "b.jpg")]]))
    words = ["organize", str(root), str(tmp_path / "out"), "--groups-from", str(place), "--dry-run"]
    assert main([*words, "--json", str(report)]) == 0
    read_back = json.loads(report.read_text())
    assert read_back["groups"] == []
    assert any("1 pair of them is less alike than 85 %" in note for note in read_back["notes"])


def test_a_broken_result_is_refused_with_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(scene(1), tmp_path / "in" / "a.jpg")
    (tmp_path / "result").write_text("nothing")
    words = ["organize", str(tmp_path / "in"), str(tmp_path / "out"), "--groups-from"]
    for place, why in ((tmp_path / "result", "holds no groups of czkawka"), (tmp_path / "none", "can't be read")):
        assert main([*words, str(place)]) == 2
        assert why in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists()
