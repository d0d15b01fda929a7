"""*Organize* with ``merge`` on real folders: what copies state goes into the best, undo brings back every byte."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from image_sync.apply import journal
from image_sync.apply.executor import execute, resume
from image_sync.apply.undo import undo
from image_sync.base.events import Finished
from image_sync.base.model import Action, Maker, RunState
from image_sync.base.stated import Position, Stated
from image_sync.engine import Engine
from image_sync.jobs.organize.job import OrganizeJob
from image_sync.jobs.organize.model import OrganizeReview
from image_sync.jobs.organize.request import Handling, OrganizeRequest
from image_sync.jobs.organize.rules.decisions import Decisions
from image_sync.jobs.transfer import Transfer
from image_sync.pictures.metadata import stated as stated_module
from image_sync.pictures.metadata import stated_write as write_module
from image_sync.pictures.metadata.image_data import same_image_data
from image_sync.pictures.metadata.stated import stated_by
from image_sync.pictures.metadata.stated_write import sidecar_with, with_stated
from tests.apply import killing
from tests.pictures_made import save, scene
from tests.trees import snapshot

RUN = "20260815-143022-3f2a"
PLACE = Position(52.5, 13.4, 34)
WHEN = datetime(2019, 7, 4, 10, 20, 30)


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(workers=2)
    yield made
    made.close()


def ended(engine: Engine) -> Any:
    while not isinstance(event := engine.events.get(timeout=60), Finished):
        pass
    assert engine.join(10)
    assert event.failure == ""
    return event.result


def reviewed(engine: Engine, root: Path, **changes: object) -> OrganizeReview:
    request = OrganizeRequest(
        (os.fspath(root / "one"), os.fspath(root / "two")), os.fspath(root / "out"), merge=True, **changes  # type: ignore[arg-type]
    )  # fmt: skip
    engine.start(OrganizeJob(request))
    result = ended(engine)
    assert isinstance(result, OrganizeReview)
    return result


def state(path: Path, stated: Stated) -> None:
    """Have a picture state something, its time as it was."""
    before = path.stat()
    path.write_bytes(with_stated(path.read_bytes(), stated))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three groups: a JPEG that can be written, a BMP that can't, a WebP with a sidecar of its own."""
    one, two = tmp_path / "one", tmp_path / "two"
    for seed, name in ((1, "beach.jpg"), (2, "tower.bmp"), (3, "cat.webp")):
        options = {"lossless": True} if name.endswith("webp") else {"quality": 95} if name.endswith("jpg") else {}
        picture = scene(seed, (640, 480))
        save(picture, one / name, 1e9, **options)
        save(picture.resize((320, 240)), two / f"{Path(name).stem}_small.jpg", 1.1e9, quality=80)
    state(two / "beach_small.jpg", Stated(position=PLACE, rating=4, keywords=("sea",)))
    state(two / "tower_small.jpg", Stated(taken=WHEN, offset=120, caption="The tower"))
    state(two / "cat_small.jpg", Stated(title="Tom", caption="mine"))
    (one / "cat.xmp").write_bytes(sidecar_with(b"", Stated(caption="The cat")).replace(b"x:xmpmeta>", b"x:xmpmeta >"))
    return tmp_path


def stated(path: Path) -> Stated:
    beside = [path.with_suffix(".xmp"), path.with_name(path.name + ".xmp")]
    return stated_by(os.fspath(path), [os.fspath(one) for one in beside if one.exists()])


def check_completed(folder: Path | dict[str, Path]) -> None:
    places = folder if isinstance(folder, dict) else dict.fromkeys(("beach", "tower", "cat"), folder)
    beach, tower, cat = (stated(places[name] / file) for name, file in NAMES.items())
    assert (beach.position, beach.rating, beach.keywords) == (PLACE, 4, ("sea",))
    assert (tower.taken, tower.offset, tower.caption) == (WHEN, 120, "The tower")
    assert (cat.title, cat.caption) == ("Tom", "The cat")


NAMES = {"beach": "beach.jpg", "tower": "tower.bmp", "cat": "cat.webp"}


def test_the_best_gets_what_its_copies_state_and_undo_brings_back_every_byte(engine: Engine, root: Path) -> None:
    before = snapshot(root)
    pixels = {name: (root / "one" / name).read_bytes() for name in NAMES.values()}
    review = reviewed(engine, root, handling=Handling.KEEP_BEST)
    assert snapshot(root) == before
    merges = [(one.action, one.maker, os.path.basename(one.destination)) for one in review.plan.operations if one.maker]
    assert sorted(merges, key=lambda one: one[2]) == [
        (Action.MERGE, Maker.STATED, "beach.jpg"),
        (Action.MERGE, Maker.STATED, "cat.webp"),
        (Action.CONVERT, Maker.NEW_XMP, "tower.bmp.xmp"),
    ]
    assert execute(review.plan, run=RUN).problems == ()
    check_completed(root / "one")
    for name, data in pixels.items():
        now = (root / "one" / name).read_bytes()
        assert now == data if name == "tower.bmp" else same_image_data(data, now, beside_xmp=True)
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


@pytest.mark.parametrize("transfer", list(Transfer))
def test_a_gathered_best_is_completed_at_its_new_place(engine: Engine, root: Path, transfer: Transfer) -> None:
    before = snapshot(root)
    review = reviewed(engine, root, transfer=transfer)
    assert execute(review.plan, run=RUN).problems == ()
    check_completed({name: root / "out" / f"similar_{name}" for name in NAMES})
    if transfer is not Transfer.MOVE:
        now = snapshot(root)
        inputs = [path for path in before if str(path).startswith(("one", "two"))]
        assert {path: now[path][:2] for path in inputs} == {path: before[path][:2] for path in inputs}
        assert reviewed(engine, root, transfer=transfer).plan.operations == ()
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


def test_a_sidecar_is_added_to_where_the_picture_cannot_be(engine: Engine, root: Path) -> None:
    sidecar = root / "one" / "tower.bmp.xmp"
    sidecar.write_bytes(sidecar_with(b"", Stated(rating=2)))
    old = sidecar.read_bytes()
    before = snapshot(root)
    review = reviewed(engine, root, handling=Handling.KEEP_BEST)
    assert [one.maker for one in review.plan.operations if one.destination == os.fspath(sidecar)] == [Maker.STATED_XMP]
    assert execute(review.plan, run=RUN).problems == ()
    assert stated(root / "one" / "tower.bmp").rating == 2
    check_completed(root / "one")
    assert old[: old.index(b" </rdf:RDF>")] == sidecar.read_bytes()[: old.index(b" </rdf:RDF>")]
    assert undo(RUN).problems == ()
    assert snapshot(root) == before


def test_a_damaged_sidecar_is_left_alone_and_named(engine: Engine, root: Path) -> None:
    (root / "one" / "tower.bmp.xmp").write_bytes(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF>")
    review = reviewed(engine, root, handling=Handling.KEEP_BEST)
    assert [os.path.basename(one.path) for one in review.plan.problems] == ["tower.bmp"]
    assert "tower.bmp.xmp: its XMP data is damaged" in review.plan.problems[0].why
    assert execute(review.plan, run=RUN).problems == ()
    assert (root / "one" / "tower.bmp.xmp").read_bytes() == b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF>"


def test_without_the_switch_nothing_is_completed(engine: Engine, root: Path) -> None:
    review = reviewed(engine, root, handling=Handling.KEEP_BEST)
    engine.start(OrganizeJob(replace(review.request, merge=False)))
    assert [one for one in ended(engine).plan.operations if one.maker] == []
    linked = reviewed(engine, root, handling=Handling.LINK_EXACT)
    assert [one for one in linked.plan.operations if one.maker] == []


def test_a_reference_is_not_completed_but_named(engine: Engine, root: Path) -> None:
    review = reviewed(engine, root, handling=Handling.KEEP_BEST, references=(os.fspath(root / "one"),))
    assert [one for one in review.plan.operations if one.maker] == []
    assert any(note.startswith("Not completed with what their copies state") for note in review.plan.notes)


def test_another_decision_is_the_plan_of_another_merge(engine: Engine, root: Path) -> None:
    review = reviewed(engine, root, handling=Handling.KEEP_BEST)
    small = os.fspath(root / "two" / "cat_small.jpg")
    chosen = engine.replan(review, review.request, Decisions(best=frozenset({small})))
    merges = {one.destination: one.argument for one in chosen.plan.operations if one.maker}
    assert os.fspath(root / "one" / "cat.webp") not in merges and small not in merges
    (aside,) = (one.reason for one in chosen.plan.operations if one.source.endswith("cat.webp"))
    assert aside.endswith("; states another caption than “cat_small.jpg”, which keeps its own")
    gathered = engine.replan(review, replace(review.request, handling=Handling.GATHER))
    assert gathered.plan == reviewed(engine, root, handling=Handling.GATHER).plan


def test_a_file_that_changed_since_is_not_completed(engine: Engine, root: Path) -> None:
    review = reviewed(engine, root, handling=Handling.KEEP_BEST)
    state(root / "one" / "beach.jpg", Stated(title="just now"))
    result = execute(review.plan, run=RUN)
    assert {os.path.basename(one.path) for one in result.problems} == {"beach.jpg", "beach_small.jpg"}
    assert stated(root / "one" / "beach.jpg") == Stated(title="just now")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes can't be forked here")
@pytest.mark.parametrize("handling", [Handling.KEEP_BEST, Handling.GATHER])
def test_killed_at_any_moment_it_is_resumed_or_undone(
    engine: Engine, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, handling: Handling
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    review = reviewed(engine, root, handling=handling)
    engine.close()
    before, saved = snapshot(root), tmp_path.parent / f"{tmp_path.name} as it was"
    shutil.copytree(root, saved)
    number = 0

    def fresh() -> None:
        nonlocal number
        number += 1
        monkeypatch.setenv("IMAGE_SYNC_STATE", os.fspath(saved.parent / f"{saved.name} state {number}"))
        for name in ("one", "two", "out", ".image-sync"):
            shutil.rmtree(root / name, ignore_errors=True)
        for name in ("one", "two"):
            shutil.copytree(saved / name, root / name)
        shutil.copystat(saved, root)

    def carried_out() -> object:
        return execute(review.plan, run=RUN)

    fresh()
    count = killing.run(carried_out, 0)
    assert count is not None
    fresh()
    assert execute(review.plan, run=RUN).problems == ()
    final = {path: entry[:2] for path, entry in snapshot(root).items()}
    begun = 0
    for moment in range(2, count + 1, max(1, count // 40)):
        fresh()
        assert killing.run(carried_out, moment) is None
        if not journal.history():
            assert snapshot(root) == before
            continue
        begun += 1
        if moment % 3:
            result = resume(RUN)
            assert (result.state, result.problems) == (RunState.FINISHED, ()), moment
            assert {path: entry[:2] for path, entry in snapshot(root).items()} == final, moment
        result = undo(RUN)
        assert (result.state, result.problems) == (RunState.UNDONE, ()), moment
        assert snapshot(root) == before, moment
    assert begun > 20


@pytest.mark.parametrize("error", [ZeroDivisionError("planted"), OSError(5, "planted"), MemoryError()])
@pytest.mark.parametrize("name", ["stated_by", "with_stated"])
def test_whatever_a_file_provokes_is_one_problem_and_the_run_goes_on(
    engine: Engine, root: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: Exception
) -> None:
    """A file that can't be read now is not written beside either."""
    module = stated_module if name == "stated_by" else write_module
    plain = getattr(module, name)

    def work(first: Any, *more: Any) -> Any:
        wanted = "beach.jpg" if isinstance(first, str) else (root / "one" / "beach.jpg").read_bytes()
        if first == wanted or (isinstance(first, str) and first.endswith(str(wanted))):
            raise error
        return plain(first, *more)

    monkeypatch.setattr(module, name, work)
    review = reviewed(engine, root, handling=Handling.KEEP_BEST)
    told = [os.path.basename(problem.path) for problem in review.plan.problems]
    assert told == ["beach.jpg"]
    merged = {os.path.basename(one.destination) for one in review.plan.operations if one.maker}
    assert merged == {"tower.bmp.xmp", "cat.webp"}
    assert all("beach" not in one.destination for one in review.plan.operations if one.maker)
