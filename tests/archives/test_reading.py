"""Archives read where they are: any place of any member, names, hostile directories, and what a bomb is told by."""

from __future__ import annotations

import io
import os
import random
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from image_sync.archives import directory, limits, opening, streams, tape
from image_sync.archives.errors import ArchiveError, ChangedArchive, DamagedMember, NoArchive
from image_sync.archives.left_out import Why
from image_sync.archives.names import is_archive, looks_packed, member_path
from image_sync.archives.zip_directory import CUT
from tests.archives.made import MTIME, archive, entry, patched

PACKINGS = {"stored": 0, "deflated": 8, "bzip2": 12, "lzma": 14}


def noise(seed: int, size: int) -> bytes:
    """Bytes that are half noise, so that they are packed into something."""
    choice = random.Random(seed)
    return b"".join(choice.randbytes(64) + bytes(64) for _ in range(size // 128 + 1))[:size]


TREE = {f"a/{number}.jpg": noise(number, size) for number, size in enumerate((0, 1, 5000, 300_000, 2_500_000))}
NAMES = ["a.tgz", "a.tar", *(f"{name}.zip" for name in PACKINGS)]


def made(folder: Path, name: str) -> str:
    return archive(folder / name, TREE, PACKINGS.get(Path(name).stem, 8))


# --- members -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_member_is_read_whole(tmp_path: Path, name: str) -> None:
    path = made(tmp_path, name)
    assert {relative: opening.open_binary(os.path.join(path, relative)).read() for relative in TREE} == TREE


@pytest.mark.parametrize("name", NAMES)
def test_any_place_of_a_member_is_read(tmp_path: Path, name: str) -> None:
    path, choice = made(tmp_path, name), random.Random(name)
    for relative in random.Random(1).sample(sorted(TREE), len(TREE)):
        data = TREE[relative]
        with opening.open_binary(os.path.join(path, relative)) as stream:
            assert stream.seek(0, io.SEEK_END) == len(data) and stream.read(5) == b""
            for _ in range(8 if "zma" in name or "zip2" in name else 30):
                at, count = choice.randrange(len(data) + 1), choice.choice((1, 100, 70_000, 1_500_000))
                stream.seek(at)
                assert stream.read(count) == data[at : at + count], (relative, at, count)


@pytest.mark.parametrize("name", ["deflated.zip", "a.tgz"])
def test_what_is_kept_for_looking_back_does_not_grow_with_the_member(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(streams, "MOST_STATES", 4)
    data = noise(1, 24 << 20) + b"end"
    path = archive(tmp_path / name, {"a.jpg": data})
    with opening.open_binary(os.path.join(path, "a.jpg")) as stream:
        stream.seek(24 << 20)
        assert stream.read() == b"end"
        stream.seek(11 << 20)
        assert stream.read(5) == data[11 << 20 : (11 << 20) + 5]
        source = stream._source  # type: ignore[attr-defined]
        states = getattr(source, "_whole", source)._states
    assert 2 <= len(states._places) <= 4 and len(states._kept) == len(states._places)


def test_a_look_back_begins_at_the_nearest_kept_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path / "a.zip", {"a.jpg": noise(1, 8 << 20)})
    fed: list[int] = []
    plain = streams.Stretch.read
    monkeypatch.setattr(
        streams.Stretch,
        "read",
        lambda self, at, count: fed.append(count) or plain(self, at, count),  # type: ignore[func-returns-value]
    )
    with opening.open_binary(os.path.join(path, "a.jpg")) as stream:
        stream.seek(8 << 20 - 1)
        stream.read(1)
        fed.clear()
        stream.seek(6 << 20)
        assert stream.read(10) == noise(1, 8 << 20)[6 << 20 : (6 << 20) + 10]
    assert sum(fed) <= 2 << 20


def test_a_plain_file_is_opened_as_ever(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"plain")
    with opening.open_binary(os.fspath(tmp_path / "a.jpg")) as stream:
        assert stream.read() == b"plain"
    with pytest.raises(FileNotFoundError):
        opening.open_binary(os.fspath(tmp_path / "gone.jpg"))
    with pytest.raises(NotADirectoryError):
        opening.open_binary(os.path.join(archive(tmp_path / "a.zip", {"a.jpg": "a"}), "b.jpg"))


def test_an_archive_that_changed_is_not_taken_for_the_one_that_was_listed(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.jpg": "one"})
    member = opening.listed(path).members["a.jpg"]
    archive(tmp_path / "a.zip", {"a.jpg": "another"})
    for ask in (lambda: opening.open_member(member), lambda: opening.open_binary(os.path.join(path, "a.jpg"))):
        with pytest.raises(ChangedArchive):
            ask()
    assert opening.listed(path).members["a.jpg"].size == 7


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tree=st.dictionaries(st.text("abcäß ()", min_size=1, max_size=8), st.binary(max_size=3000), max_size=6),
    kind=st.sampled_from(["zip", "tgz", "tar"]),
)
def test_whatever_is_packed_is_listed_and_read(tmp_path: Path, tree: dict[str, bytes], kind: str) -> None:
    wanted = {name: data for name, data in {**tree, "z": b""}.items() if member_path(name) == name}
    path = archive(tmp_path / f"a.{kind}", wanted)
    opening.forget(path)
    found = opening.listed(path)
    assert (set(found.members), found.left_out) == (set(wanted), ())
    assert {name: opening.open_binary(os.path.join(path, name)).read() for name in wanted} == wanted
    assert all(found.members[name].crc == zlib.crc32(data) for name, data in wanted.items())


# --- identity ---------------------------------------------------------------------------------------------------------


def test_a_member_is_known_by_what_it_is_and_not_by_where_the_archive_lies(tmp_path: Path) -> None:
    one = opening.listed(archive(tmp_path / "one" / "a.zip", {"a.jpg": "a", "b.jpg": "a"})).members
    two = opening.listed(archive(tmp_path / "two" / "b.zip", {"a.jpg": "a", "b.jpg": "a"})).members
    assert one["a.jpg"].identity == two["a.jpg"].identity != one["b.jpg"].identity
    assert 0 <= one["a.jpg"].identity < 1 << 63  # SQLite's largest number
    other = opening.listed(archive(tmp_path / "three.zip", {"a.jpg": "b", "b.jpg": "a"})).members
    assert other["a.jpg"].identity != one["a.jpg"].identity


def test_times_are_those_of_the_archive(tmp_path: Path) -> None:
    found = opening.listed(archive(tmp_path / "a.zip", {"a.jpg": "a", "b.jpg": "b"})).members
    assert [member.mtime_ns for member in found.values()] == [MTIME * 10**9, (MTIME + 2) * 10**9]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as file:
        unix, ntfs, blank = entry("unix.jpg"), entry("ntfs.jpg"), entry("blank.jpg")
        unix.extra = struct.pack("<HHBl", 0x5455, 5, 1, -86_400)
        ntfs.extra = struct.pack("<HHL2H3Q", 0x000A, 32, 0, 1, 24, 116_444_736_000_000_000 + 15_000_000, 0, 0)
        for info in (unix, ntfs, blank):
            file.writestr(info, "x")
    data = bytearray((tmp_path / "b.zip").read_bytes())
    place = data.rindex(b"blank.jpg") - 46
    data[place + 12 : place + 16] = bytes(4)
    (tmp_path / "b.zip").write_bytes(data)
    os.utime(tmp_path / "b.zip", (5, 5))
    found = opening.listed(os.fspath(tmp_path / "b.zip")).members
    assert found["unix.jpg"].mtime_ns == -86_400 * 10**9
    assert found["ntfs.jpg"].mtime_ns == 1_500_000_000
    assert found["blank.jpg"].mtime_ns == 5 * 10**9  # the archive's own


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "dos", "path"),
    [
        ("a/b.jpg", False, "a/b.jpg"),
        ("./a//b.jpg", False, "a/b.jpg"),
        ("a\\b.jpg", True, "a/b.jpg"),
        ("a\\b.jpg", False, "a\\b.jpg"),
        ("Ürlaub/ä.jpg", False, "Ürlaub/ä.jpg"),
        ("a/..b.jpg", False, "a/..b.jpg"),
        ("../a.jpg", False, ""),
        ("a/../../b.jpg", False, ""),
        ("/etc/a.jpg", False, ""),
        ("\\a.jpg", False, ""),
        ("\\\\server\\share\\a.jpg", True, ""),
        ("..\\..\\a.jpg", False, ""),
        ("C:\\a.jpg", False, ""),
        ("c:/a.jpg", False, ""),
        ("C:a.jpg", False, ""),
        ("a\0b.jpg", False, ""),
        ("a/" * 3000 + "a.jpg", False, ""),
        ("", False, ""),
        ("/", False, ""),
        ("..", False, ""),
    ],
)
@pytest.mark.skipif(os.sep != "/", reason="the table is written for this separator")
def test_names_lead_nowhere_else(name: str, dos: bool, path: str) -> None:
    assert member_path(name, dos=dos) == path


@given(name=st.text(max_size=30), dos=st.booleans())
@settings(max_examples=500, deadline=None)
def test_no_name_leads_out_of_its_archive(name: str, dos: bool) -> None:
    found = member_path(name, dos=dos)
    root = os.path.abspath("/archive.zip")
    joined = os.path.normpath(os.path.join(root, found))
    assert joined == root or (joined.startswith(root + os.sep) and joined == os.path.join(root, found))


@pytest.mark.parametrize(
    ("name", "read", "packed"),
    [
        ("a.ZIP", True, True),
        ("a.tar.gz", True, True),
        ("a.tgz", True, True),
        ("a.rar", False, True),
        ("a.jpg", False, False),
    ],
)
def test_archives_are_told_by_their_names(name: str, read: bool, packed: bool) -> None:
    assert (is_archive(name), looks_packed(name)) == (read, packed)


def test_names_that_are_no_text(tmp_path: Path) -> None:
    """UTF-8 without a word of it, the code page of DOS, and bytes that are neither but say that they are UTF-8."""
    path = archive(tmp_path / "a.zip", {"dos?.jpg": "a", "utf????.jpg": "b", "bad?.jpg": "c"})
    data = Path(path).read_bytes()
    for plain, raw in ((b"dos?", b"dos\x84"), (b"utf????", "utfäö".encode()), (b"bad?", b"bad\xff")):
        data = data.replace(plain, raw)
    Path(path).write_bytes(data)
    changed = bytearray(Path(path).read_bytes())
    at = changed.rindex(b"bad\xff") - 46
    struct.pack_into("<H", changed, at + 8, 0x800)
    Path(path).write_bytes(changed)
    found = directory.read(path)
    assert set(found.members) == {"dosä.jpg", "utfäö.jpg", "bad\udcff.jpg"}
    assert opening.open_member(found.members["bad\udcff.jpg"]).read() == b"c"


def test_two_members_of_one_name_are_both_there(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        for text in ("one", "one", "another"):
            with pytest.warns(UserWarning) if "a.jpg" in file.namelist() else __import__("contextlib").nullcontext():
                file.writestr(entry("a.jpg"), text)
    found = directory.read(os.fspath(tmp_path / "a.zip")).members
    assert {name: opening.open_member(member).read() for name, member in found.items()} == {
        "a.jpg": b"one",
        "a (2).jpg": b"another",
    }


# --- what is wrong ----------------------------------------------------------------------------------------------------


def why(path: str) -> dict[str, Why]:
    return {one.name: one.why for one in directory.read(path).left_out}


def test_what_cannot_be_taken_out_is_left_out_with_the_reason(tmp_path: Path) -> None:
    tree = {"fine.jpg": "f", "secret.jpg": "s", "rare.jpg": "r", "../out.jpg": "o", "/abs.jpg": "a"}
    path = archive(tmp_path / "a.zip", tree)
    patched(path, "secret.jpg", flags=1)
    patched(path, "rare.jpg", method=9)
    with zipfile.ZipFile(path, "a") as file:
        link = entry("link.jpg")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    assert why(path) == {
        "secret.jpg": Why.ENCRYPTED,
        "rare.jpg": Why.METHOD,
        "../out.jpg": Why.OUTSIDE,
        "/abs.jpg": Why.OUTSIDE,
        "link.jpg": Why.LINK,
    }
    assert list(directory.read(path).members) == ["fine.jpg"]
    assert [one.detail for one in directory.read(path).left_out if one.why is Why.METHOD] == ["Deflate64"]


def test_a_name_with_a_nul_is_not_cut_there(tmp_path: Path) -> None:
    assert why(archive(tmp_path / "a.zip", {"a.jpg\0.png": "n"})) == {"a.jpg\0.png": Why.OUTSIDE}


def test_links_of_a_tar_are_left_out(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as file:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"{kind.decode()}.jpg")
            info.type, info.linkname = kind, "../../etc/passwd"
            file.addfile(info)
        file.addfile(tarfile.TarInfo("../up.jpg"))
    assert set(why(os.fspath(tmp_path / "a.tgz")).values()) == {Why.LINK, Why.OUTSIDE}
    assert directory.read(os.fspath(tmp_path / "a.tgz")).members == {}


@pytest.mark.parametrize("name", ["deflated.zip", "stored.zip", "a.tgz", "a.tar"])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_an_archive_that_was_cut_off_is_told(tmp_path: Path, name: str, share: float) -> None:
    path = made(tmp_path, name)
    data = Path(path).read_bytes()
    Path(path).write_bytes(data[: int(len(data) * share)])
    with pytest.raises(ArchiveError) as error:
        directory.read(path)
    assert error.value.why == CUT


@pytest.mark.parametrize("name", ["a.zip", "a.tgz", "a.tar"])
@pytest.mark.parametrize("data", [b"", b"no archive", b"\x89PNG" + bytes(3000), b"\x1f\x8b" + bytes(100)])
def test_what_is_no_archive_is_told(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ArchiveError):
        directory.read(os.fspath(tmp_path / name))
    if data[:2] != b"\x1f\x8b":
        with pytest.raises(NoArchive):
            directory.read(os.fspath(tmp_path / name))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8),
    kind=st.sampled_from(["zip", "tgz", "tar"]),
)
def test_no_damage_is_more_than_a_problem(tmp_path: Path, changes: list[tuple[int, int]], kind: str) -> None:
    """Whatever bytes are changed, the archive is refused, or each member is refused or has the sum that was listed."""
    tree = {"a.jpg": noise(1, 400), "b/c.jpg": noise(2, 90)}
    path = archive(tmp_path / f"x.{kind}", tree)
    data = bytearray(Path(path).read_bytes())
    for at, value in changes:
        data[at % len(data)] = value
    Path(path).write_bytes(data)
    try:
        found = directory.read(path)
    except ArchiveError:
        return
    for member in found.members.values():
        try:
            read = opening.open_member(member).read()
        except ArchiveError:
            continue
        assert kind == "tar" or zlib.crc32(read) == member.crc


def test_a_member_whose_bytes_are_not_what_the_directory_says(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"crc.jpg": "content", "long.jpg": "content", "short.jpg": "content" * 9})
    patched(path, "crc.jpg", crc=1)
    patched(path, "long.jpg", size=900)
    patched(path, "short.jpg", size=7)
    for member in directory.read(path).members.values():
        with pytest.raises(DamagedMember):
            opening.open_member(member).read()


def test_a_bomb_is_told_by_its_directory(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"fine.jpg": "f", "bomb.jpg": bytes(1000)})
    patched(path, "bomb.jpg", size=2**31)
    assert why(path) == {"bomb.jpg": Why.DENSE}
    tree = {f"n{number:02}.jpg": bytes(100) for number in range(60)}
    path = archive(tmp_path / "b.zip", tree)
    for name in tree:
        patched(path, name, size=60 << 20)
    with pytest.raises(ArchiveError, match=r"it would unpack to 3\.5 GiB, "):
        directory.read(path)


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.jpg": noise(1, 500), "b.jpg": noise(2, 500)})
    data = bytearray(Path(path).read_bytes())
    at = data.rindex(b"b.jpg") - 46
    struct.pack_into("<L", data, at + 42, 0)  # the second begins where the first does
    Path(path).write_bytes(data)
    assert why(path) == {"a.jpg": Why.OVERLAP, "b.jpg": Why.OVERLAP}


def test_a_compressed_tar_is_not_unpacked_further_than_photos_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LARGE_ARCHIVE", 1 << 20)
    path = archive(tmp_path / "a.tgz", {"a.jpg": bytes(32 << 20)})
    read: list[int] = []
    plain = tape._Tape.read
    monkeypatch.setattr(tape._Tape, "read", lambda self, count=-1: read.append(1) or plain(self, count))  # type: ignore[func-returns-value]
    with pytest.raises(ArchiveError, match="times its own size"):
        directory.read(path)
    assert len(read) < 20


def test_a_large_directory(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "a.zip", {f"{number % 100}/{number}.jpg": b"x" for number in range(70_000)}, zipfile.ZIP_STORED
    )
    found = directory.read(path)
    assert len(found.members) == 70_000
    assert opening.open_member(found.members["99/69999.jpg"]).read() == b"x"


def test_pieces_of_one_archive_are_named_as_such(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.jpg": "a"})
    data = bytearray(Path(path).read_bytes())
    struct.pack_into("<H", data, data.rindex(b"PK\x05\x06") + 4, 1)
    Path(path).write_bytes(data)
    with pytest.raises(ArchiveError, match="several pieces"):
        directory.read(path)


def test_an_archive_behind_a_program_that_unpacks_it(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.jpg": "content"})
    Path(path).write_bytes(b"#!/bin/sh\nexit\n" + Path(path).read_bytes())
    assert opening.open_member(directory.read(path).members["a.jpg"]).read() == b"content"


def test_a_zip_with_numbers_of_64_bits(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file, file.open(entry("a.jpg"), "w", force_zip64=True) as stream:
        stream.write(b"content")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    at = data.rindex(b"PK\x01\x02")
    extra = struct.pack("<HHQ", 1, 8, 7)
    struct.pack_into("<L", data, at + 24, 0xFFFFFFFF)
    struct.pack_into("<H", data, at + 30, len(extra))
    data[at + 46 + 5 : at + 46 + 5] = extra
    end = data.rindex(b"PK\x05\x06")
    struct.pack_into("<L", data, end + 12, end - at)
    (tmp_path / "a.zip").write_bytes(data)
    (member,) = directory.read(os.fspath(tmp_path / "a.zip")).members.values()
    assert (member.size, opening.open_member(member).read()) == (7, b"content")
