"""One file is one file: whichever ways lead to it, one name of it is planned on, that of a reference first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from image_sync.base.model import FileKind, FileRecord
from image_sync.jobs.organize.rules.one_file import Unit, one_per_file


def record(root: str, relative: str, inode: int, *, size: int = 5, device: int = 1) -> FileRecord:
    return FileRecord(root, relative, size, 7, 7, device, inode, 1, 0o644, FileKind.PICTURE)


def unit(root: str, relative: str, inode: int, *companions: FileRecord) -> Unit:
    return record(root, relative, inode), companions


def test_the_name_in_the_reference_stays() -> None:
    kept, names = one_per_file([unit("/a", "sub/x.jpg", 1), unit("/m", "x.jpg", 1)], {"/m"})
    assert [one.path for one, _ in kept] == ["/m/x.jpg"] and names == 1


def test_the_first_name_stays_where_there_is_no_reference() -> None:
    kept, names = one_per_file([unit("/b", "x.jpg", 1), unit("/a", "y.jpg", 1), unit("/a", "z.jpg", 2)], ())
    assert [one.path for one, _ in kept] == ["/a/y.jpg", "/a/z.jpg"] and names == 1


def test_a_companion_goes_with_one_picture_only() -> None:
    sidecar, again = record("/a", "x.xmp", 9), record("/m", "x.xmp", 9)
    kept, _ = one_per_file([unit("/a", "x.jpg", 1, sidecar), unit("/m", "y.jpg", 2, again)], {"/m"})
    assert {one.path: [c.path for c in companions] for one, companions in kept} == {
        "/a/x.jpg": [],
        "/m/y.jpg": ["/m/x.xmp"],
    }


def test_what_only_looks_like_one_file_stays_apart() -> None:
    no_inode = [unit("/a", "x.jpg", 0), unit("/b", "x.jpg", 0)]
    other_disk = [(record("/a", "x.jpg", 1, device=1), ()), (record("/b", "x.jpg", 1, device=2), ())]
    made_up = [(record("/a", "x.jpg", 1, size=5), ()), (record("/b", "x.jpg", 1, size=6), ())]
    for units in (no_inode, other_disk, made_up):
        assert one_per_file(units, ())[1] == 0


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.integers(1, 4)), unique_by=lambda u: u[:2]))
def test_every_file_is_kept_once_in_whatever_order(found: list[tuple[str, int, int]]) -> None:
    units = [unit(f"/{root}", f"{name}.jpg", inode) for root, name, inode in found]
    kept, names = one_per_file(units, {"/b"})
    assert sorted(one.inode for one, _ in kept) == sorted({inode for *_, inode in found})
    assert names == len(units) - len(kept)
    assert one_per_file(units[::-1], {"/b"}) == (kept, names)
