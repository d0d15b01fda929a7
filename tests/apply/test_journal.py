"""The journal: cheap to list, hard to damage, exact to the last byte of a name."""

from __future__ import annotations

import errno
import json
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image_sync.apply import journal, records, replay, seal
from image_sync.apply.executor import execute, resume
from image_sync.apply.journal import JournalLost
from image_sync.apply.records import End, FolderState, Intent, Mark, Result
from image_sync.apply.undo import undo
from image_sync.base.model import Action, Operation, Outcome, Plan, Problem, Refused, RunState, Stamp
from tests.apply.trees import age_folders, content, files, operation, plan, put, snapshot

RUN = "20260815-143022-3f2a"
NUMBER = st.integers(-(2**63), 2**63)
TEXT = st.text(st.characters(), max_size=30)
DIGEST = st.none() | st.text("0123456789abcdef", min_size=32, max_size=32)
MARK = st.builds(Mark, NUMBER, NUMBER, NUMBER, NUMBER, DIGEST)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
PROBLEM = st.builds(Problem, TEXT, TEXT, TEXT, TEXT)
COUNT = st.integers(0, 10**9)
STAMP = st.none() | st.builds(Stamp, COUNT, NUMBER, DIGEST)


def there_and_back(line: records.Line) -> records.Line:
    encoded = records.encode(line)
    assert encoded.isascii()
    assert encoded.count(b"\n") == 1
    return records.decode(encoded)


@given(st.builds(Intent, COUNT, TEXT, st.none() | MARK, st.none() | MARK, st.booleans(), TEXTS))
def test_an_intent_comes_back(intent: Intent) -> None:
    assert records.intent(there_and_back(records.intent_line(intent))) == intent


@given(
    st.builds(
        Result,
        COUNT,
        st.sampled_from(Outcome),
        st.none() | MARK,
        TEXT,
        st.none() | MARK,
        TEXTS,
        st.booleans(),
        st.none() | PROBLEM,
    )
)
def test_a_result_comes_back(result: Result) -> None:
    assert records.result(there_and_back(records.result_line(result))) == result


@given(
    COUNT,
    st.builds(
        Operation,
        *(st.sampled_from(Action), TEXT, TEXT, TEXT, STAMP, STAMP, st.none() | COUNT, st.none() | COUNT, TEXT, TEXT),
        link=st.booleans(),
    ),
)
def test_an_operation_comes_back(number: int, wanted: Operation) -> None:
    assert records.operation(there_and_back(records.operation_line(number, wanted))) == (number, wanted)


@given(st.builds(FolderState, TEXT, NUMBER, COUNT, st.tuples(COUNT, COUNT)))
def test_a_folder_comes_back(folder: FolderState) -> None:
    assert records.folder(there_and_back(records.folder_line(folder))) == folder


@given(st.builds(End, st.sampled_from(RunState), COUNT, COUNT, COUNT))
def test_an_end_comes_back(end: End) -> None:
    assert records.end(there_and_back(records.end_line(end, 1.5))) == end


@given(st.recursive(st.none() | st.booleans() | NUMBER | TEXT, lambda inner: st.lists(inner, max_size=4)))
def test_a_line_of_another_shape_is_refused_not_believed(value: object) -> None:
    line = records.decode(json.dumps({"is": "outcome", "n": 1, "outcome": "done"}).encode())
    assert records.result(line) == Result(1, Outcome.DONE)
    for key in ("n", "left", "kept", "made", "problem", "outcome", "version"):
        try:
            read = records.result({**line, key: value})
        except ValueError:
            continue
        assert there_and_back(records.result_line(read))


# --- runs ----------------------------------------------------------------------------------------


def some_runs(root: Path, count: int) -> list[str]:
    runs = []
    for number in range(count):
        source = put(root / "in" / f"{number}.jpg", content(str(number), 100))
        step = operation(Action.MOVE, source, root / "out" / f"{number}.jpg")
        roots = {"folder 1": os.fspath(root / "in"), "output": os.fspath(root / "out")}
        runs.append(execute(Plan("organize", roots, (step,))).run)
    return runs


def path_of(run: str) -> Path:
    return Path(journal.runs_folder()) / run / journal.NAME


def test_history_lists_the_newest_first(root: Path) -> None:
    runs = some_runs(root, 3)
    undo(runs[1])
    listed = journal.history()
    assert [summary.run for summary in listed] == runs[::-1]
    assert [summary.state for summary in listed] == [RunState.FINISHED, RunState.UNDONE, RunState.FINISHED]
    newest = listed[0]
    assert (newest.job, newest.total, newest.done, newest.size, newest.problems) == ("organize", 1, 1, 100, 0)
    assert newest.roots == {"folder 1": os.fspath(root / "in"), "output": os.fspath(root / "out")}
    assert abs(time.mktime(time.strptime(newest.started, "%Y-%m-%dT%H:%M:%S")) - time.time()) < 60
    assert newest.run.startswith(newest.started[:10].replace("-", ""))
    assert journal.find(runs[0]) == listed[2]


def test_history_reads_the_two_ends_of_a_journal_only(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [run] = some_runs(root, 1)
    lines = path_of(run).read_bytes().splitlines(keepends=True)
    path_of(run).write_bytes(lines[0] + b"x" * 3_000_000 + b"\n" + lines[-1])

    def never(_: str) -> None:
        raise AssertionError("the whole journal was read")

    monkeypatch.setattr(journal, "load", never)
    assert journal.history()[0].state is RunState.FINISHED


def test_the_name_of_a_run_is_its_own(root: Path) -> None:
    step = operation(Action.MOVE, put(root / "a", "a"), root / "b")
    execute(plan(step, root=root), run=RUN)
    before = path_of(RUN).read_bytes()
    again = operation(Action.MOVE, root / "b", root / "c")
    with pytest.raises(Refused, match="journal can't be written"):
        execute(plan(again, root=root), run=RUN)
    with pytest.raises(Refused, match="can't be the name"):
        execute(plan(again, root=root), run="../outside")
    assert path_of(RUN).read_bytes() == before
    assert (root / "b").exists()


def test_names_of_runs_sort_by_time() -> None:
    moment = time.mktime((2026, 8, 15, 14, 30, 22, 0, 0, -1))
    first, second = journal.new_run_id(moment), journal.new_run_id(moment + 1)
    assert first.startswith("20260815-143022-")
    assert first < second
    assert len({journal.new_run_id(moment) for _ in range(50)}) > 1


@pytest.mark.parametrize("way", [resume, undo])
def test_a_torn_last_line_is_ignored_and_cut(root: Path, way: object) -> None:
    put(root / "a.jpg", "a")
    age_folders(root)
    before = snapshot(root)
    execute(plan(operation(Action.MOVE, root / "a.jpg", root / "out" / "a.jpg"), root=root), run=RUN)
    whole = path_of(RUN).read_bytes()
    for torn in (b'{"is":"undo","at":17', b"\x00" * 5000, b'{"is":"end"' + b" " * 200_000):
        path_of(RUN).write_bytes(whole + torn)
        assert journal.find(RUN).state is RunState.FINISHED
        assert journal.load(RUN).damage == []
        assert resume(RUN).problems == ()
        lines = path_of(RUN).read_bytes().splitlines()
        assert all(json.loads(line) for line in lines), "what was torn is gone, and nothing was glued to it"
    if way is undo:
        assert undo(RUN).problems == ()
        assert snapshot(root) == before


def damaged_run(root: Path, kinds: tuple[str, ...]) -> None:
    """A finished run of five kinds of operations, whose journal then loses its lines of the given kinds."""
    for name in ("a", "b", "c", "d"):
        put(root / f"{name}.jpg", name)
    put(root / "old.jpg", "old", 10**18)
    age_folders(root)
    steps = [
        operation(Action.MOVE, root / "a.jpg", root / "out" / "a.jpg"),
        operation(Action.COPY, root / "b.jpg", root / "out" / "b.jpg"),
        operation(Action.LINK, root / "c.jpg", root / "out" / "c.jpg"),
        operation(Action.UPDATE, root / "b.jpg", root / "old.jpg"),
        operation(Action.SET_ASIDE, root / "d.jpg"),
    ]
    execute(plan(*steps, root=root), run=RUN)
    lines = path_of(RUN).read_bytes().splitlines(keepends=True)
    path_of(RUN).write_bytes(
        b"".join(
            b"\xff garbage \x00".ljust(len(line) - 1) + b"\n"
            if any(f'"is":"{kind}"'.encode() in line for kind in kinds)
            else line
            for line in lines
        )
    )


@pytest.mark.parametrize("way", [resume, undo])
@pytest.mark.parametrize("kinds", [("outcome",), ("intent",), ("outcome", "intent"), ("outcome", "intent", "end")])
def test_lost_lines_are_worked_out_from_the_files(root: Path, kinds: tuple[str, ...], way: object) -> None:
    damaged_run(root, kinds)
    after = files(snapshot(root))
    if way is resume:
        result = resume(RUN)
        assert (result.state, result.done) == (RunState.FINISHED, 5)
        assert files(snapshot(root)) == after
    result = undo(RUN)
    assert (result.state, result.done) == (RunState.UNDONE, 5)
    assert all("journal is damaged" in problem.what for problem in result.problems)
    assert files(snapshot(root)) == {
        **{f"{name}.jpg": content(name) for name in "abcd"},
        "old.jpg": content("old"),
    }


def test_lost_lines_of_the_plan_are_said(root: Path) -> None:
    damaged_run(root, ("operation",))
    after = files(snapshot(root))
    assert journal.find(RUN).done == 5
    result = undo(RUN)
    assert (result.state, result.done) == (RunState.PARTLY_UNDONE, 0)
    assert any("5 of 5 planned operations" in problem.why for problem in result.problems)
    assert files(snapshot(root)) == after


@pytest.mark.parametrize(
    "first", [b"", b"\n", b"not json\n", b"[]\n", b'{"is":"run"}\n', b'{"is":"run","format":99}\n', b"\xff\xfe\n"]
)
def test_a_journal_without_a_beginning_is_refused_in_words(root: Path, first: bytes) -> None:
    [run] = some_runs(root, 1)
    lines = path_of(run).read_bytes().splitlines(keepends=True)
    path_of(run).write_bytes(first + b"".join(lines[1:]))
    [listed] = journal.history()
    assert listed.state is RunState.UNREADABLE and not listed.can_be_undone and not listed.can_be_resumed
    assert listed.trouble in ("it is damaged at its beginning", "a newer version of the program made it")
    assert listed.started[:10].replace("-", "") == run[:8]
    for act in (journal.find, undo, resume):
        with pytest.raises(Refused, match=r"damaged|newer"):
            act(run)
    assert (root / "out" / "0.jpg").exists()


@given(st.lists(st.binary(max_size=60).filter(lambda line: b"\n" not in line), min_size=1))
def test_no_garbage_makes_reading_crash(garbage: list[bytes]) -> None:
    """Nor is any of it believed: random bytes are no line of a journal."""
    story = replay.JournalReplay(records.Header(RUN, "sync", 0.0, "", 1, 0, 0, {}))
    reading = replay._Reading(story, RUN, "journal", b"")
    for number, line in enumerate(garbage, start=2):
        reading.take(number, line + b"\n")
    assert [problem.why for problem in story.damage] == [f"line {n} can't be read" for n in range(2, len(garbage) + 2)]
    assert (story.operations, story.intents, story.results) == ({}, {}, {})


def test_a_journal_that_may_not_be_read_is_named_with_the_reason(root: Path) -> None:
    [run] = some_runs(root, 1)
    path_of(run).unlink()
    path_of(run).mkdir()
    [listed] = journal.history()
    assert (listed.run, listed.state) == (run, RunState.UNREADABLE)
    assert listed.trouble == "a folder stands where a file is needed"


def test_a_run_that_changed_nothing_is_not_the_newest_to_undo(root: Path) -> None:
    [first] = some_runs(root, 1)
    put(root / "in" / "b.jpg", "b")
    put(root / "out" / "taken.jpg", "taken")
    failing = operation(Action.MOVE, root / "in" / "b.jpg", root / "out" / "taken.jpg")
    failed = execute(plan(failing, one=root / "in", out=root / "out"))
    assert failed.done == 0
    assert undo().run == first
    with pytest.raises(Refused, match="no run to undo"):
        undo()


def test_an_undo_that_was_cut_off_is_told_from_one_that_ended(root: Path) -> None:
    [run] = some_runs(root, 1)
    with journal.reopen(run) as log:
        log.begin_again("undo")
    listed = journal.find(run)
    assert (listed.state, listed.cut_off) == (RunState.PARTLY_UNDONE, True)
    put(root / "in" / "0.jpg", "in the way")
    assert undo(run).state is RunState.PARTLY_UNDONE
    assert journal.find(run).cut_off is False


# --- what is read back is not trusted ------------------------------------------------------------


def edited(run: str, change: Callable[[bytes], bytes]) -> None:
    """Change the text of a journal as somebody with an editor does."""
    path_of(run).write_bytes(change(path_of(run).read_bytes()))


EDITS: dict[str, Callable[[bytes], bytes]] = {
    "another path": lambda text: text.replace(b"/in/0.jpg", b"/in/9.jpg"),
    "another outcome": lambda text: text.replace(b'"outcome":"done"', b'"outcome":"failed"'),
    "a line taken out": lambda text: b"".join(
        line for line in text.splitlines(keepends=True) if b'"is":"intent"' not in line
    ),
    "a line brought in": lambda text: text + b'{"is":"undone","n":[0]}\n',
    "a line twice": lambda text: text + text.splitlines(keepends=True)[2],
    "no seal at one line": lambda text: text.replace(text.splitlines()[1], seal._split(text.splitlines()[1])[0]),
}


@pytest.mark.parametrize("way", [resume, undo])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_journal_is_noticed(root: Path, edit: Callable[[bytes], bytes], way: Callable[[str], object]) -> None:
    [run] = some_runs(root, 1)
    before = snapshot(root)
    edited(run, edit)
    with pytest.raises(Refused, match=r"not trusted: something else than this program changed it.*Nothing was done"):
        way(run)
    assert snapshot(root) == before


def test_the_journal_of_another_run_or_computer_is_noticed(root: Path) -> None:
    [run] = some_runs(root, 1)
    other = path_of(run[:-4] + "ffff")
    other.parent.mkdir()
    other.write_bytes(path_of(run).read_bytes())
    with pytest.raises(Refused, match="not trusted"):
        undo(other.parent.name)
    (Path(journal.runs_folder()).parent / "key").unlink()
    with pytest.raises(Refused, match="comes from another computer, or its key was lost"):
        undo(run)


def test_a_damaged_key_is_named(root: Path) -> None:
    [run] = some_runs(root, 1)
    (Path(journal.runs_folder()).parent / "key").write_bytes(b"torn")
    for way in (lambda: undo(run), lambda: some_runs(root, 1)):
        with pytest.raises(Refused, match="the key of the journals is damaged; put the file key back from a backup"):
            way()
    assert files(snapshot(root)).keys() == {"in/0.jpg", "out/0.jpg"}


def test_what_could_not_be_written_stays_the_last_of_a_journal(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [run] = some_runs(root, 1)
    plain, calls = os.write, [0]

    def torn(handle: int, data: memoryview) -> int:
        calls[0] += 1
        if calls[0] == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return plain(handle, data[:20] if calls[0] == 1 else data)

    with monkeypatch.context() as patch, journal.reopen(run) as log:
        patch.setattr(os, "write", torn)
        for _ in range(2):  # there is room again, but not behind half a line
            log.add({"is": "undone", "n": [0]})
            with pytest.raises(JournalLost, match="no room left"):
                log.flush()
    assert undo(run).state is RunState.UNDONE
    assert journal.load(run).damage == []


def unsealed(run: str) -> None:
    """Make a journal one of the earlier version, which had no seals."""
    edited(run, lambda text: b"".join(seal._split(line)[0] + b"\n" for line in text.splitlines()))


def test_a_journal_of_an_earlier_version_can_still_be_undone(root: Path) -> None:
    put(root / "in" / "0.jpg", content("0", 100))
    before = files(snapshot(root))
    [run] = some_runs(root, 1)
    unsealed(run)
    assert undo(run).state is RunState.UNDONE
    assert files(snapshot(root)) == before
    assert undo(run).total == 0
    assert b'"seal"' not in path_of(run).read_bytes()


OUTSIDE: dict[str, tuple[bytes, bytes]] = {
    "a source": (b'"source":"%(root)s/in/0.jpg"', b'"source":"%(root)s/elsewhere/0.jpg"'),
    "a way back": (b"%(root)s/in/0.jpg", b"%(root)s/in/../../0.jpg"),
    "no absolute path": (b"%(root)s/in/0.jpg", b"in/0.jpg"),
    "a keeper": (b'"versions":""', b'"versions":"","keeper":"/etc/passwd"'),
    "a folder": (b'"is":"folder","path":"%(root)s/in"', b'"is":"folder","path":"/etc"'),
    "a mode": (b'"mode":', b'"mode":9'),
    "an owner": (b'"owner":[', b'"owner":[99999999999'),
    "a time": (b'"mtime_ns":', b'"mtime_ns":99999999'),
}


@pytest.mark.parametrize(("old", "new"), OUTSIDE.values(), ids=OUTSIDE)
def test_what_lies_outside_of_the_run_is_refused_also_without_seals(root: Path, old: bytes, new: bytes) -> None:
    [run] = some_runs(root, 1)
    put(root / "elsewhere" / "x", "x")
    unsealed(run)
    before = snapshot(root.parent)
    text = path_of(run).read_bytes()
    place = {b"root": os.fsencode(root)}
    assert old % place in text
    path_of(run).write_bytes(text.replace(old % place, new % place))
    with pytest.raises(Refused, match=r"not trusted: .*Nothing was done"):
        undo(run)
    after = snapshot(root.parent)
    assert {name: entry for name, entry in after.items() if name in before} == before


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_way_that_leads_out_through_a_link_is_refused(root: Path) -> None:
    [run] = some_runs(root, 1)
    outside = root.parent / "outside"
    os.rename(root / "in", outside)
    (root / "in").mkdir()
    (root / "in" / "sub").symlink_to(outside)
    unsealed(run)
    edited(
        run, lambda text: text.replace(os.fsencode(root / "in" / "0.jpg"), os.fsencode(root / "in" / "sub" / "0.jpg"))
    )
    with pytest.raises(Refused, match=r"sub/0\.jpg, which lies outside of .*: a link leads there\. If you moved"):
        undo(run)
    assert list(outside.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="modes are a matter of POSIX")
def test_journals_and_their_key_are_the_users_alone(root: Path) -> None:
    before = os.umask(0)
    try:
        [run] = some_runs(root, 1)
    finally:
        os.umask(before)
    state = Path(journal.runs_folder()).parent
    for path in (state, *state.rglob("*")):
        assert stat.S_IMODE(path.lstat().st_mode) & 0o077 == 0, path
    assert path_of(run).exists()


def test_what_a_killed_beginning_left_is_swept_away(root: Path) -> None:
    left = Path(journal.runs_folder()) / "20200101-000000-aaaa"
    fresh = Path(journal.runs_folder()) / "20200101-000000-bbbb"
    for folder in (left, fresh):
        folder.mkdir(parents=True)
        (folder / "journal.jsonl.part").write_bytes(b"half a pl")
    os.utime(left, (0, 0))
    [run] = some_runs(root, 1)
    assert sorted(os.listdir(journal.runs_folder())) == sorted([run, fresh.name])
