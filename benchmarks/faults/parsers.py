"""Damaged input for every parser of the program: it answers, or raises what it promises, soon.

Sound files (``made_files``) are damaged at random, seeded, and handed to the parsers of their kind.  What is found is
an error that was not promised, a parser that computes for seconds, and a crash, each with the bytes that brought it on.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import struct
import tempfile
import traceback
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from benchmarks.faults import made_files
from benchmarks.faults.children import Ended, forked
from benchmarks.faults.score import Score

LONGEST = 5.0
"""Seconds of computing from which on a parser hangs; files are of a few kilobytes."""
_BATCH = 5_000
"""Executions of one child."""
_MOST_TOLD = 5
"""Findings of one batch that are told."""
_TELLING = (b"\0", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\0\0\0")
Promised = tuple[type[BaseException], ...]


@dataclass(frozen=True, slots=True)
class Parser:
    """A parser with what it is given and the errors that it promises."""

    name: str
    seeds: Sequence[bytes]
    parse: Callable[[bytes], object]
    promised: Promised = ()


class _TooLong(BaseException):
    pass


def attack(score: Score, executions: int, seed: int) -> None:
    """Give damaged input to all parsers in turn, so many times in all."""
    choice = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="image-sync-parsers-", dir=_memory()) as folder:
        every = parsers(Path(folder))
        done = 0
        while done < executions:
            for parser in every:
                number = min(_BATCH, max(1, (executions - done) // len(every)))
                _batch(parser, score, number, choice.randrange(1 << 30))
                done += number
                if done >= executions:
                    break


def _memory() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def _batch(parser: Parser, score: Score, number: int, seed: int) -> None:
    where = f"parsers: {parser.name}"
    try:
        ended = forked(lambda: Ended(result=_tried(parser, number, seed)))
    except RuntimeError as crash:
        score.fault(where, f"seed {seed}: {crash}")
        return
    score.points["parsers"] += number
    if ended.fault or ended.killed:
        score.fault(where, f"seed {seed}: {ended.fault or 'killed'}")
        return
    for words in ended.result:
        score.fault(where, words)


def _tried(parser: Parser, number: int, seed: int) -> list[str]:
    """What went wrong in so many executions, in words."""
    choice, found = random.Random(seed), []
    signal.signal(signal.SIGPROF, _hang)
    for _ in range(number):
        data = damaged(parser.seeds, choice)
        signal.setitimer(signal.ITIMER_PROF, LONGEST)
        try:
            parser.parse(data)
        except parser.promised:
            pass
        except (Exception, _TooLong):
            found.append(f"{traceback.format_exc()[-700:]}of {data.hex()[:6000]}")
            if len(found) == _MOST_TOLD:
                break
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return found


def _hang(*_: object) -> None:
    raise _TooLong(f"it computes for more than {LONGEST} s")


# --- damage -----------------------------------------------------------------------------------------------------------


def damaged(seeds: Sequence[bytes], choice: random.Random) -> bytes:
    """One of the sound inputs with a few places changed, moved, cut out or cut off."""
    data = bytearray(choice.choice(seeds))
    for _ in range(choice.choice((1, 1, 2, 3, 8))):
        if data:
            choice.choice(_DAMAGES)(data, choice, seeds)
    return bytes(data)


def _flip(data: bytearray, choice: random.Random, _seeds: Sequence[bytes]) -> None:
    data[choice.randrange(len(data))] ^= 1 << choice.randrange(8)


def _telling(data: bytearray, choice: random.Random, _seeds: Sequence[bytes]) -> None:
    words, at = choice.choice(_TELLING), choice.randrange(len(data))
    data[at : at + len(words)] = words


def _number(data: bytearray, choice: random.Random, _seeds: Sequence[bytes]) -> None:
    """A number where one may stand: a length, an offset, a count."""
    at, order = choice.randrange(len(data)), choice.choice("<>")
    data[at : at + 4] = struct.pack(f"{order}I", choice.choice((0, 1, 2, 7, 8, len(data), len(data) - at, at, 1 << 31)))


def _cut_out(data: bytearray, choice: random.Random, _seeds: Sequence[bytes]) -> None:
    at = choice.randrange(len(data))
    del data[at : at + choice.randrange(1, 64)]


def _cut_off(data: bytearray, choice: random.Random, _seeds: Sequence[bytes]) -> None:
    del data[choice.randrange(len(data)) :]


def _repeat(data: bytearray, choice: random.Random, _seeds: Sequence[bytes]) -> None:
    at, to = choice.randrange(len(data)), choice.randrange(len(data))
    data[to:to] = data[at : at + choice.randrange(1, 64)]


def _of_another(data: bytearray, choice: random.Random, seeds: Sequence[bytes]) -> None:
    other = choice.choice(seeds)
    at, place = choice.randrange(len(data)), choice.randrange(len(other) or 1)
    part = other[place : place + choice.randrange(1, 256)]
    data[at : at + len(part)] = part


_DAMAGES = (_flip, _telling, _number, _cut_out, _cut_off, _repeat, _of_another)


# --- the parsers ------------------------------------------------------------------------------------------------------


def parsers(folder: Path) -> list[Parser]:
    """All parsers; files that need a name are written below ``folder``."""
    files = made_files.pictures()
    everything = [data for several in files.values() for data in several]
    return [
        *_of_files(folder, [*everything, *made_files.movies()]),
        *_of_parts(files, everything),
        *_of_writers(files, everything),
        *_of_archives(folder),
        *_of_what_is_read_back(),
    ]


def _of_files(folder: Path, everything: list[bytes]) -> Iterator[Parser]:
    """What is asked of a file by its name."""
    from image_sync.pictures.metadata.capture_date import capture_date, doubtful_date
    from image_sync.pictures.metadata.live_photo import content_identifier
    from image_sync.pictures.metadata.shots import shot_of
    from image_sync.pictures.metadata.stated import stated_by
    from image_sync.pictures.risk import is_harmless

    path = os.fspath(folder / "IMG.JPG")

    def of(ask: Callable[[str], object]) -> Callable[[bytes], object]:
        def parse(data: bytes) -> object:
            with open(path, "wb", buffering=0) as stream:
                stream.write(data)
            return ask(path)

        return parse

    for ask in (capture_date, doubtful_date, content_identifier, shot_of, stated_by, is_harmless):
        yield Parser(ask.__name__, everything, of(ask))
    beside = os.fspath(folder / "IMG.JPG.xmp")

    def sidecar(data: bytes) -> object:
        Path(beside).write_bytes(data)
        return stated_by(path, [beside]), capture_date(path, sidecars=[beside])

    yield Parser("sidecars", [*made_files.packets(), *made_files.takeouts()], sidecar)


def _of_parts(files: dict[str, list[bytes]], everything: list[bytes]) -> Iterator[Parser]:
    """What is asked of bytes."""
    from image_sync.pictures.content import Content
    from image_sync.pictures.errors import Unreadable
    from image_sync.pictures.identify import ends_early, format_of, known_format
    from image_sync.pictures.jpeg_damage import damage_of
    from image_sync.pictures.metadata import exif_edit, xmp
    from image_sync.pictures.metadata.extras import Channels, extras_of
    from image_sync.pictures.metadata.fast_exif import read_exif
    from image_sync.pictures.metadata.iptc import iptc_moment, iptc_words
    from image_sync.pictures.metadata.reading import Window
    from image_sync.pictures.metadata.stated import in_exif
    from image_sync.pictures.metadata.takeout import takeout_moment, takeout_stated
    from image_sync.pictures.progressive import for_an_eighth
    from image_sync.pictures.raw import find_preview

    when = datetime(2001, 2, 3, 4, 5, 6)
    blocks = [exif_edit.new_block(when), exif_edit.dated_block(exif_edit.new_block(when), when)]
    exif = [*blocks, *files["TIFF"]]

    def known(data: bytes) -> object:
        content = Content(data)
        format = known_format(data[:64])
        return format and (ends_early(content, format), extras_of(content, format, Channels()))

    yield Parser("format_of", everything, lambda data: format_of(Content(data)), (Unreadable,))
    yield Parser("facts of a known format", everything, known)
    yield Parser("read_exif", exif, read_exif)
    yield Parser("in_exif", exif, lambda data: in_exif(Window.of_bytes(data)))
    yield Parser("find_preview", [*exif, files["JPEG"][0]], lambda data: find_preview(Content(data)))
    yield Parser("damage_of", files["JPEG"], lambda data: damage_of(Content(data)))
    yield Parser("for_an_eighth", files["JPEG"], for_an_eighth)
    yield Parser("iptc", made_files.iptc(), lambda data: _both(iptc_moment, iptc_words, Window.of_bytes(data)))
    yield Parser("xmp_moments", made_files.packets(), xmp.xmp_moments)
    yield Parser("takeout", made_files.takeouts(), lambda data: (takeout_moment(data), takeout_stated(data)))


def _both(one: Callable[[object], object], other: Callable[[object], object], given: object) -> object:
    return one(given), other(given)


def _of_writers(files: dict[str, list[bytes]], everything: list[bytes]) -> Iterator[Parser]:
    """What is written into a damaged file is refused in words, or changes nothing else."""
    from image_sync.base.stated import Stated
    from image_sync.pictures.metadata import xmp_edit
    from image_sync.pictures.metadata.exif_edit import CannotWrite, with_orientation
    from image_sync.pictures.metadata.exif_write import block_of, with_date
    from image_sync.pictures.metadata.image_data import same_image_data
    from image_sync.pictures.metadata.stated_write import sidecar_with, with_stated

    when, words = datetime(2001, 2, 3, 4, 5, 6), Stated(title="Another", keywords=("three",))

    def dated(data: bytes) -> object:
        result = with_date(data, when)
        assert same_image_data(data, result), "the picture has changed"
        return result

    def told(data: bytes) -> object:
        return with_stated(data, words)

    block = block_of(files["JPEG"][-1])
    yield Parser("with_date", everything, dated, (CannotWrite,))
    yield Parser("with_stated", everything, told, (CannotWrite,))
    yield Parser("with_orientation", [block], lambda data: with_orientation(data, 1), (CannotWrite,))
    yield Parser("sidecar_with", made_files.packets(), lambda data: sidecar_with(data, words), (CannotWrite,))
    yield Parser("xmp_edit.read", made_files.packets(), xmp_edit.read, (CannotWrite,))


def _of_archives(folder: Path) -> Iterator[Parser]:
    from image_sync.archives import directory, opening, zip_directory
    from image_sync.archives.errors import ArchiveError

    path = os.fspath(folder / "a.zip")

    def members(data: bytes) -> object:
        with open(path, "wb", buffering=0) as stream:
            stream.write(data)
        found = directory.read(path)
        for member in list(found.members.values())[:8]:
            with contextlib.suppress(ArchiveError), opening.open_member(member) as stream:
                stream.read(1 << 16)
        return found

    yield Parser("archives", made_files.archives(), members, (ArchiveError,))
    yield Parser(
        "zip directories",
        made_files.archives()[:1],
        lambda data: list(zip_directory.entries(BytesIO(data), len(data))),
        (ArchiveError,),
    )


def _of_what_is_read_back() -> Iterator[Parser]:
    """Journals, and names, which anybody may have given."""
    from image_sync.apply import records
    from image_sync.archives.names import member_path
    from image_sync.base import paths, patterns, permission_text
    from image_sync.pictures.metadata.dates import spelled
    from image_sync.pictures.metadata.name_dates import date_in_name

    readers = (records.header, records.operation, records.folder, records.intent, records.result, records.put_back)

    def line(data: bytes) -> object:
        read = records.decode(data)
        for reader in readers:
            with contextlib.suppress(ValueError):
                reader(read)
        return read

    def name(data: bytes) -> object:
        text = data.decode("utf-8", "surrogateescape")
        shown = paths.display(text)
        steering = [one for one in shown if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
        assert not steering, f"what is shown of it steers a terminal: {shown!r}"
        inside = member_path(text)
        assert ".." not in inside.split(os.sep) and not inside.startswith(os.sep), f"it leads outside: {inside!r}"
        return date_in_name(text), spelled(text), patterns.unreadable([text])

    def permissions(data: bytes) -> object:
        text = data.decode("utf-8", "surrogateescape")
        return [permission_text.words(one) for one in permission_text.parts(text) if one != permission_text.ANY]

    names = [text.encode("utf-8", "surrogateescape") for text in made_files.NAMES]
    yield Parser("lines of a journal", made_files.journal_lines(), line, (ValueError, RecursionError))
    yield Parser("names", names, name)
    yield Parser("permissions", [b"755 *", b"644:3f2a 600:"], permissions, (ValueError,))
