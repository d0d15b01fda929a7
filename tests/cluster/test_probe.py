"""Which workers may measure for this machine, and how a cluster is named."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from image_sync.archives.seen_at import mapped
from image_sync.base.model import Refused
from image_sync.cli.arguments import Common
from image_sync.cli.session import make_engine
from image_sync.cluster.probe import Seen, differences, probe, wrong_clock
from image_sync.cluster.request import Cluster, cluster_of

HERE = Seen("1.0", 4, {"Pillow": "11", "pillow-heif": "1"}, {"/a": ("x",)}, 1000.0)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (HERE, []),
        (replace(HERE, program="0.9"), ["the worker w has Image Sync 0.9, this machine 1.0"]),
        (replace(HERE, measured=3), ["the worker w has Image Sync 1.0, this machine 1.0"]),
        (replace(HERE, libraries={"Pillow": "11"}), ["the worker w lacks pillow-heif"]),
        (
            replace(HERE, libraries={"Pillow": "10", "pillow-heif": "1"}),
            ["the worker w has Pillow 10, this machine 11"],
        ),
        (replace(HERE, libraries={**HERE.libraries, "rawpy": "1"}), []),
        (replace(HERE, folders={"/a": "No such file or directory"}), ["the worker w can't read /a: No such file"]),
        (replace(HERE, folders={"/a": ("y",)}), ["the worker w sees another folder at /a"]),
    ],
)
def test_what_is_wrong_with_a_worker(there: Seen, said: list[str]) -> None:
    found = list(differences("w", there, HERE))
    assert len(found) == len(said)
    assert all(text.startswith(words) for text, words in zip(found, said, strict=True))


@pytest.mark.parametrize(("clock", "off"), [(1000.0, False), (1050.0, False), (1100.0, True), (900.0, True)])
def test_a_wrong_clock_is_said(clock: float, off: bool) -> None:
    assert bool(wrong_clock("w", replace(HERE, clock=clock), 995.0, 1005.0)) is off


def test_a_machine_is_like_itself(tmp_path: os.PathLike[str]) -> None:
    place = os.fspath(tmp_path)
    assert not list(differences("w", probe([place], [("/elsewhere", "/x")]), probe([place], ())))
    assert not list(differences("w", probe(["/nas"], [("/nas", place)]), replace(probe([], ()), folders={"/nas": ()})))


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/a/b.jpg", "/x/b.jpg"),
        ("/a", "/x"),
        ("/ab/c.jpg", "/ab/c.jpg"),
        ("/c/d.jpg", "D:\\photos/d.jpg"),
        ("/e/f.jpg", "/e/f.jpg"),
    ],
)
def test_a_path_is_mapped_below_its_folder(path: str, there: str) -> None:
    assert mapped(path, [("/a", "/x"), ("/c/", "D:\\photos\\")]) == there


@pytest.mark.parametrize("text", ["/a", "a=/b", "/a=", "=b"])
def test_a_place_that_is_written_wrong_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="HERE=THERE"):
        cluster_of("tcp://h:1", [text])


def test_places_are_taken_as_they_are_written() -> None:
    assert cluster_of("f.json", ["/a/=/b", "/c=D:\\d=e"]) == Cluster("f.json", (("/a", "/b"), ("/c", "D:\\d=e")))


def test_the_options_of_the_command_line() -> None:
    with pytest.raises(Refused, match="needs --cluster"):
        make_engine(Common(cluster_path=["/a=/b"]))
    with pytest.raises(Refused, match="HERE=THERE"):
        make_engine(Common(cluster="tcp://h:1", cluster_path=["/a"]))
    make_engine(Common(cluster="tcp://h:1", cluster_path=["/a=/b"])).close()
