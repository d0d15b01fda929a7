"""Whether a folder can be used: one table for every job, and no path that raises."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from image_sync.jobs.folder_checks import immovable, real, unreadable, unwritable
from image_sync.jobs.organize import checks as organize
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.photo_import import checks as photo_import
from image_sync.jobs.photo_import.request import ImportRequest
from image_sync.jobs.sync import checks as sync
from image_sync.jobs.sync.request import SyncRequest
from image_sync.jobs.transfer import Transfer
from tests.privileges import without_privileges

NO_NAMES = ["a\0b", "\0", "/tmp/\0"]
SOUND = ["folder", "folder/", "link to folder", "d\udcff"]
UNREADABLE = [
    ("gone", "is not there; is its disk connected, or has it yet to be made?"),
    ("file", "is not a folder"),
    ("dangling", "is not a folder"),
    ("circle", "is not a folder"),
]
UNWRITABLE = [
    ("file", "is not a folder"),
    ("dangling", "is not a folder"),
    ("file/below", "is not a folder"),
    ("file/far/below", "is not a folder"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("folder", "d\udcff"):
        (tmp_path / name).mkdir()
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link to folder").symlink_to("folder")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "circle").symlink_to("circle")
    return tmp_path


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_folder_can_be_used(root: Path, name: str) -> None:
    place = os.path.join(root, name)
    assert (unreadable(place), unwritable(place)) == ("", "")


@pytest.mark.parametrize(("name", "why"), UNREADABLE)
def test_what_can_not_be_read_is_said(root: Path, name: str, why: str) -> None:
    place = os.path.join(root, name)
    assert unreadable(place) == f"{place} {why}"
    assert unreadable(place, "The source") == f"The source {place} {why}"


@pytest.mark.parametrize(("name", "why"), UNWRITABLE)
def test_what_can_not_be_written_is_said(root: Path, name: str, why: str) -> None:
    assert unwritable(os.path.join(root, name)).endswith(why)


@pytest.mark.parametrize("name", ["new", "new/deep/er"])
def test_a_folder_that_can_be_made_is_sound_and_not_made(root: Path, name: str) -> None:
    assert unwritable(os.path.join(root, name)) == ""
    assert not (root / "new").exists()


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_is_said_and_raises_nothing(name: str) -> None:
    assert unreadable(name).endswith("is no name of a folder") or "is not there" in unreadable(name)
    assert unwritable(name).endswith("is no name of a folder")
    assert real(name) == name


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_closed_folder_is_said(root: Path) -> None:
    place = os.path.join(root, "folder")
    with without_privileges(root) as call:
        os.chmod(place, 0o000)
        assert call(unreadable, place).endswith("can't be read: no permission")
        os.chmod(place, 0o555)
        assert call(unreadable, place) == ""
        said = [call(unwritable, place), call(unwritable, os.path.join(place, "new"))]
        os.chmod(place, 0o755)
    assert said == [f"Nothing can be written in {place}: it is read-only, or permission is missing"] * 2


def _closed_for_moving(root: Path) -> list[object]:
    """What is said of a read-only folder by each job that moves, and for whom it is none of a mistake."""
    card, other, out = (os.path.join(root, name) for name in ("card", "folder", "out"))
    two = {"folder1": card, "folder2": other, "output": out}
    return [
        immovable(card),
        *(check(**two) for check in (_import, _organize)),
        *(check(**two, transfer=Transfer.COPY) for check in (_import, _organize)),
        _organize(**two, references=(card,)),
        _organize(**two, handling=Handling.KEEP_BEST),
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_nothing_can_be_moved_out_of_a_folder_that_is_closed(root: Path) -> None:
    (root / "card/DCIM/100CANON").mkdir(parents=True)
    card = os.path.join(root, "card")
    with without_privileges(root) as call:
        for place in ("card/DCIM/100CANON", "card/DCIM", "card"):
            os.chmod(root / place, 0o555)
        said = call(_closed_for_moving, root)
        os.chmod(root / "card/DCIM", 0o755)
        inner_is_open = call(immovable, card)
        os.chmod(card, 0o755)
    why = f"Nothing can be moved out of {card}: it is read-only, or permission is missing; copy instead"
    assert said == [why, *[{"transfer": why}] * 2, *[{}] * 4]
    assert (inner_is_open, immovable(os.path.join(root, "gone"))) == ("", "")


def _organize(**odd: object) -> dict[str, str]:
    chosen = {"folder1": "/one", "folder2": "/two", "output": "/out", **odd}
    folders = (chosen.pop("folder1"), chosen.pop("folder2"))
    return organize.check(OrganizeRequest(folders, **chosen))  # type: ignore[arg-type]


def _import(**odd: object) -> dict[str, str]:
    return photo_import.check(ImportRequest(**{"folder1": "/one", "output": "/out", **odd}))  # type: ignore[arg-type]


def _sync(**odd: object) -> dict[str, str]:
    return sync.check(SyncRequest(**{"source": "/one", "target": "/two", **odd}))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NO_NAMES)
@pytest.mark.parametrize(
    ("check", "field"),
    [
        *((_organize, field) for field in ("folder1", "folder2", "output")),
        *((_import, field) for field in ("folder1", "folder2", "output")),
        *((_sync, field) for field in ("source", "target")),
    ],
)
def test_every_job_says_so_of_every_folder(
    root: Path, check: Callable[..., dict[str, str]], field: str, name: str
) -> None:
    assert field in check(**{field: name})
    sound = {"folder1": "folder", "folder2": "d\udcff", "source": "folder", "target": "d\udcff"}
    takes = {"_organize": ("folder1", "folder2"), "_import": ("folder1", "folder2"), "_sync": ("source", "target")}
    others = {other: os.path.join(root, sound[other]) for other in takes[check.__name__] if other != field}
    assert set(check(**{**others, field: name})) >= {field}


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_reference_folder_that_is_no_name_is_said(root: Path, name: str) -> None:
    two = {"folder1": os.path.join(root, "folder"), "folder2": os.path.join(root, "d\udcff")}
    assert "references" in _organize(**two, references=(name,))
