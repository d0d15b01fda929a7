"""Files whose suffix is that of a movie and of other files too are told by their content."""

from __future__ import annotations

from pathlib import Path

import pytest

from image_sync.base.model import FileKind
from image_sync.inventory.scan import Filter, scan
from image_sync.pictures.movie_kind import with_kinds
from tests.pictures.metadata.metadata_made import movie, mvhd
from tests.pictures.metadata.test_capture_date import avchd, dv

MPEG = b"\0\0\1\xba" + bytes(100)
CASES = [
    ("a.ts", avchd(), FileKind.MOVIE),
    ("b.TS", avchd(bytes(4)), FileKind.MOVIE),
    ("program.ts", b"import { Goose } from './goose';\nexport const G = 1;\n" * 30, FileKind.OTHER),
    ("G.ts", b"G" + b"o" * 187 + b"x" * 600, FileKind.OTHER),
    ("empty.ts", b"", FileKind.OTHER),
    ("PXL_1.MP", movie(mvhd(None), brand=b"mp42"), FileKind.MOVIE),
    ("notes.mp", b"MetaPost: beginfig(1); draw (0,0)--(1,1); endfig;", FileKind.OTHER),
    ("MOV001.MOD", MPEG, FileKind.MOVIE),
    ("go.mod", b"module example.com/x\n\ngo 1.21\n", FileKind.OTHER),
    ("MOV001.TOD", avchd(), FileKind.MOVIE),
    ("VTS_01_1.VOB", MPEG, FileKind.MOVIE),
    ("tape.dv", dv(), FileKind.MOVIE),
    ("a.mov", b"whatever", FileKind.MOVIE),
    ("a.jpg", b"whatever", FileKind.PICTURE),
]


@pytest.mark.parametrize(("name", "data", "kind"), CASES)
def test_a_movie_is_told_by_its_content(tmp_path: Path, name: str, data: bytes, kind: FileKind) -> None:
    (tmp_path / name).write_bytes(data)
    (found,) = with_kinds(scan(str(tmp_path), Filter()).files)
    assert (found.name, found.kind) == (name, kind)


def test_what_cannot_be_read_stays_a_movie(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_bytes(b"x")
    records = scan(str(tmp_path), Filter()).files
    (tmp_path / "a.ts").unlink()
    assert [record.kind for record in with_kinds(records)] == [FileKind.MOVIE]
