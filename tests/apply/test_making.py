"""Content that is made: written whole or not at all, verified, journalled, taken back; what can't be made is said."""

from __future__ import annotations

import io
import os
import shutil
from datetime import datetime
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from image_sync.apply import journal, makers, streaming
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.base.model import Action, Maker, Operation, Plan, RunState, Stamp
from image_sync.pictures.metadata.capture_date import capture_date
from image_sync.pictures.metadata.exif_write import same_image_data
from tests.apply import killing
from tests.apply.trees import LONG_AGO, age_folders, content, files, plan, put, snapshot, stamp
from tests.pictures_made import scene

RUN = "20260815-143022-3f2a"
DAY = "2004-03-05T00:00:00"


def heic(seed: int = 1) -> bytes:
    pillow_heif.register_heif_opener()
    target = io.BytesIO()
    scene(seed, (48, 32)).save(target, "HEIF", quality=60)
    return target.getvalue()


def jpeg(seed: int = 1) -> bytes:
    target = io.BytesIO()
    scene(seed, (48, 32)).save(target, "JPEG")
    return target.getvalue()


HEIC, JPEG = heic(), jpeg()


def convert(
    source: Path, target: Path, maker: Maker | None = Maker.JPEG, argument: str = "95", **more: object
) -> Operation:
    if "expected" not in more:
        more["expected"] = stamp(source)
    return Operation(
        Action.CONVERT,
        os.fspath(source),
        os.fspath(target),
        "because",
        maker=maker,
        argument=argument,
        **more,  # type: ignore[arg-type]
    )


def rewrite(path: Path, argument: str = DAY, maker: Maker | None = Maker.DATED, **more: object) -> Operation:
    if "expected" not in more:
        more["expected"] = stamp(path)
    more.setdefault("replaces", more["expected"])
    place = os.fspath(path)
    return Operation(Action.REWRITE, place, place, "because", maker=maker, argument=argument, **more)  # type: ignore[arg-type]


def day_of(path: Path) -> str:
    found = capture_date(os.fspath(path), use_name=False)
    return found.when.isoformat() if found else ""


def test_a_jpeg_is_made_beside_its_heic_and_taken_back(root: Path) -> None:
    source, target = root / "a.heic", root / "made" / "a.jpg"
    put(source, HEIC, mode=0o640)
    age_folders(root)
    before = snapshot(root)
    result = execute(plan(convert(source, target), root=root), run=RUN)
    assert (result.state, result.problems, result.done) == (RunState.FINISHED, (), 1)
    status = target.stat()
    assert (status.st_mtime_ns, status.st_mode & 0o777) == (LONG_AGO, 0o640)
    assert source.read_bytes() == HEIC
    with Image.open(target) as picture:
        assert (picture.format, picture.size) == ("JPEG", (48, 32))
    assert sorted(path.name for path in root.rglob("*")) == ["a.heic", "a.jpg", "made"]
    assert (undo(RUN).state, snapshot(root)) == (RunState.UNDONE, before)


def test_a_date_is_written_and_the_earlier_file_comes_back(root: Path) -> None:
    path = root / "a.jpg"
    put(path, JPEG, mode=0o604)
    age_folders(root)
    before = snapshot(root)
    result = execute(plan(rewrite(path), root=root), run=RUN)
    assert (result.state, result.problems) == (RunState.FINISHED, ())
    status = path.stat()
    assert (status.st_mtime_ns, status.st_mode & 0o777) == (LONG_AGO, 0o604)
    assert day_of(path) == DAY
    assert same_image_data(JPEG, path.read_bytes())
    kept = root / ".image-sync" / "versions" / RUN / "a.jpg"
    assert (kept.read_bytes(), kept.stat().st_mtime_ns) == (JPEG, LONG_AGO)
    assert (undo(RUN).state, snapshot(root)) == (RunState.UNDONE, before)


def test_a_sidecar_says_the_date(root: Path) -> None:
    put(root / "a.gif", "no matter what")
    result = execute(plan(convert(root / "a.gif", root / "a.gif.xmp", Maker.XMP, DAY), root=root))
    assert result.problems == ()
    found = capture_date(os.fspath(root / "a.gif"), sidecars=[os.fspath(root / "a.gif.xmp")])
    assert found is not None and found.when == datetime.fromisoformat(DAY)


def test_a_jpeg_can_be_made_with_its_date(root: Path) -> None:
    put(root / "a.heic", HEIC)
    assert execute(plan(convert(root / "a.heic", root / "a.jpg", argument=f"90 {DAY}"), root=root)).problems == ()
    assert day_of(root / "a.jpg") == DAY


def test_moved_rewritten_converted_moved_again_in_one_run_and_back(root: Path) -> None:
    """The chain of an import: each step is planned on how the file looked before the first."""
    put(root / "in" / "a.jpg", JPEG)
    put(root / "in" / "b.heic", HEIC)
    (root / "lib").mkdir()
    age_folders(root)
    before = snapshot(root)
    lib = root / "lib"
    moves = [
        Operation(
            Action.MOVE, os.fspath(root / "in" / name), os.fspath(lib / name), "because", stamp(root / "in" / name)
        )
        for name in ("a.jpg", "b.heic")
    ]
    looks = [operation.expected for operation in moves]
    original = Operation(
        Action.MOVE, os.fspath(lib / "b.heic"), os.fspath(lib / "old" / "b.heic"), "because", looks[1], follows=3
    )
    chain = plan(
        *moves,
        rewrite(lib / "a.jpg", expected=looks[0], follows=0),
        convert(lib / "b.heic", lib / "b.jpg", expected=looks[1], follows=1),
        original,
        root=root,
    )
    result = execute(chain, run=RUN)
    assert (result.done, result.problems) == (5, ())
    assert day_of(lib / "a.jpg") == DAY
    assert sorted(files(snapshot(lib))) == ["a.jpg", "b.jpg", "old/b.heic"]
    result = undo(RUN)
    assert (result.state, result.problems) == (RunState.UNDONE, ())
    assert snapshot(root) == before


# --- what can't be made -----------------------------------------------------------------------------------------------

CUT = HEIC[: len(HEIC) // 2]
BROKEN = [
    pytest.param(CUT, Maker.JPEG, "95", "", id="cut in half"),
    pytest.param(b"", Maker.JPEG, "95", "", id="empty"),
    pytest.param(JPEG, Maker.JPEG, "95", "it is no HEIC picture but JPEG", id="no HEIC at all"),
    pytest.param(b"GIF89a no picture", Maker.DATED, DAY, "dates can't be written into files of this format", id="GIF"),
    pytest.param(JPEG[:30], Maker.DATED, DAY, "damaged", id="a beginning"),
    pytest.param(HEIC, Maker.JPEG, "many", "can't be made", id="a quality that is none"),
    pytest.param(JPEG, Maker.DATED, "some day", "can't be made", id="a day that is none"),
    pytest.param(JPEG, None, "", "does not say what to make of it", id="no maker"),
]


@pytest.mark.parametrize(("data", "maker", "argument", "words"), BROKEN)
@pytest.mark.parametrize("action", [Action.CONVERT, Action.REWRITE])
def test_what_cannot_be_made_changes_nothing(
    root: Path, data: bytes, maker: Maker | None, argument: str, words: str, action: Action
) -> None:
    path = root / "a.bin"
    put(path, data)
    put(root / "b.jpg", JPEG)
    age_folders(root)
    before = snapshot(root)
    made = convert(path, root / "new" / "a.jpg", maker, argument)
    bad = made if action is Action.CONVERT else rewrite(path, argument, maker)
    result = execute(plan(bad, rewrite(root / "b.jpg"), root=root), run=RUN)
    assert result.done == 1, "the others are done"
    (problem,) = result.problems
    assert problem.path == os.fspath(path) and problem.why and words in problem.why
    assert path.read_bytes() == data and not (root / "new").exists()
    assert (undo(RUN).state, snapshot(root)) == (RunState.UNDONE, before)


def test_a_taken_place_stays_what_it_is(root: Path) -> None:
    put(root / "a.heic", HEIC)
    put(root / "a.jpg", "somebody else's")
    (problem,) = execute(plan(convert(root / "a.heic", root / "a.jpg"), root=root)).problems
    assert "is there now" in problem.why
    assert (root / "a.jpg").read_bytes() == content("somebody else's")


@pytest.mark.parametrize("action", [Action.CONVERT, Action.REWRITE])
def test_a_source_that_changed_is_left_alone(root: Path, action: Action) -> None:
    path = root / "a.heic"
    put(path, HEIC)
    other = Stamp(len(HEIC), LONG_AGO - 1)
    changed = {
        Action.CONVERT: convert(path, root / "a.jpg", expected=other),
        Action.REWRITE: rewrite(path, expected=other),
    }[action]
    (problem,) = execute(plan(changed, root=root)).problems
    assert problem.why == "it changed since it was looked at"
    assert list(snapshot(root)) == [".", "a.heic"]


def test_too_large_a_file_is_not_held_in_memory(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.jpg", JPEG)
    monkeypatch.setattr(makers, "LARGEST", len(JPEG) - 1)
    (problem,) = execute(plan(rewrite(root / "a.jpg"), root=root)).problems
    assert "too large" in problem.why


def test_what_was_not_written_as_it_was_made_is_not_published(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root / "a.jpg", JPEG)
    put(root / "b.heic", HEIC)
    before = files(snapshot(root))
    plain = streaming.write_all
    monkeypatch.setattr(streaming, "write_all", lambda handle, chunk: plain(handle, chunk[:-1] + b"?"))
    wanted = plan(rewrite(root / "a.jpg"), convert(root / "b.heic", root / "b.jpg"), root=root)
    result = execute(wanted)
    assert [problem.why for problem in result.problems] == ["what was written is not what was made"] * 2
    assert files(snapshot(root)) == before


# --- back -------------------------------------------------------------------------------------------------------------


def test_what_was_made_stays_when_it_was_changed_since(root: Path) -> None:
    put(root / "a.heic", HEIC)
    put(root / "b.jpg", JPEG)
    execute(plan(convert(root / "a.heic", root / "a.jpg"), rewrite(root / "b.jpg"), root=root), run=RUN)
    put(root / "a.jpg", "drawn upon", mtime_ns=LONG_AGO + 5)
    put(root / "b.jpg", "drawn upon too", mtime_ns=LONG_AGO + 5)
    result = undo(RUN)
    assert result.state is RunState.PARTLY_UNDONE
    assert all(problem.why.endswith("it changed since the run put it there") for problem in result.problems)
    assert len(result.problems) == 2
    assert (root / "a.jpg").read_bytes() == content("drawn upon")
    assert (root / "b.jpg").read_bytes() == content("drawn upon too")


def test_what_was_made_stays_when_its_original_is_gone(root: Path) -> None:
    put(root / "a.heic", HEIC)
    execute(plan(convert(root / "a.heic", root / "a.jpg"), root=root), run=RUN)
    (root / "a.heic").unlink()
    result = undo(RUN)
    (problem,) = result.problems
    assert problem.why.endswith("the original is no longer there")
    assert (root / "a.jpg").exists()


def test_the_journal_remembers_what_was_to_be_made(root: Path) -> None:
    put(root / "a.heic", HEIC)
    wanted = plan(convert(root / "a.heic", root / "a.jpg", argument=f"90 {DAY}"), root=root)
    execute(wanted, run=RUN)
    assert journal.load(RUN).operations[0] == wanted.operations[0]


# --- killed -----------------------------------------------------------------------------------------------------------


class World:
    """The same tree and plan as often as they are wanted, each with a state folder of its own."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._base, self._patch, self._number = base, monkeypatch, 0
        self.root = base
        self.plan: Plan

    def fresh(self) -> None:
        if self._number:
            shutil.rmtree(self.root.parent, ignore_errors=True)
        self._number += 1
        self.root = self._base / f"world{self._number}" / "root"
        self._patch.setenv("IMAGE_SYNC_STATE", os.fspath(self._base / f"world{self._number}" / "state"))
        put(self.root / "a.jpg", JPEG)
        put(self.root / "b.heic", HEIC)
        age_folders(self.root)
        move = Operation(
            Action.MOVE,
            os.fspath(self.root / "b.heic"),
            os.fspath(self.root / "old" / "b.heic"),
            "because",
            stamp(self.root / "b.heic"),
            follows=1,
        )
        made = convert(self.root / "b.heic", self.root / "b.jpg")
        sidecar = convert(self.root / "a.jpg", self.root / "a.jpg.xmp", Maker.XMP, DAY)
        self.plan = plan(sidecar, made, move, rewrite(self.root / "a.jpg"), root=self.root)

    def now(self, folder_times: bool = True) -> dict[str, object]:
        return dict(snapshot(self.root, folder_times))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here")
@pytest.mark.parametrize("way", ["resume", "undo"])
def test_killed_at_many_moments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    world = World(tmp_path, monkeypatch)
    world.fresh()
    before = world.now()
    count = killing.run(lambda: execute(world.plan, run=RUN), 0)
    assert count is not None
    final = world.now(folder_times=False)
    interrupted = 0
    for moment in range(1 + (way == "undo"), count, 5):
        world.fresh()
        assert world.now() == before
        assert killing.run(lambda: execute(world.plan, run=RUN), moment) is None
        if not journal.history():
            assert world.now() == before
            continue
        interrupted += journal.find(RUN).state is RunState.INTERRUPTED
        if way == "resume":
            result = resume(RUN)
            assert (result.state, result.problems, result.done) == (RunState.FINISHED, (), 4), moment
            assert world.now(folder_times=False) == final, moment
        result = undo(RUN)
        assert (result.state, result.problems) == (RunState.UNDONE, ()), moment
        assert world.now() == before, moment
    assert interrupted >= 10
