"""Sidecars of a picture, which travel with it: XMP, AAE, THM, Google Takeout's JSON, a Live Photo's movie.

Judged by names alone, within one folder, whatever the case; no file is opened.  A companion goes with one picture only.
Where it fits several of the same stem, it goes with the first of: RAW (whose editors write ``a.xmp``, while a JPEG
carries its XMP inside), HEIC, any other, JPEG; then by name.  What fits none is left over.  Where movies matter too, a
movie without a still has companions of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord
from image_sync.pictures.formats import HEIF, JPEG, LIVE_PHOTO_MOVIES, LIVE_PHOTO_STILLS, VOICE_MEMOS

_SUPPLEMENT = ".supplemental-metadata"
_CUT_AT = 46
"""Google Takeout cuts the name before ``.json`` to so many characters."""
_EDITED = (
    *("-edited", "-effects", "-bearbeitet", "-modifié", "-editado", "-editada", "-modificato", "-bewerkt"),
    *("-edytowane", "-redigerad", "-redigert", "-redigeret", "-muokattu", "-upravené", "-編集済み", "-已修改"),
)
"""What Google Photos, in the user's language, puts behind the name of an edited copy."""
_NUMBERED = re.compile(r"(.*)\((\d{1,4})\)", re.DOTALL)
_IOS_VERSION = re.compile(r"(img_)[eo](\d+)")
_DARKTABLE_VERSION = re.compile(r"(.+)_\d\d(\.[^.]+)", re.DOTALL)

Unit = tuple[FileRecord, tuple[FileRecord, ...]]


def attach(
    records: Iterable[FileRecord],
    *,
    movies: bool = False,
    stills: Mapping[FileRecord, FileRecord | None] | None = None,
) -> tuple[list[Unit], list[FileRecord]]:
    """Pictures with their companions (sorted by path), and the leftovers; both in the order of ``records``.

    With ``movies`` a movie that is no picture's companion may have companions too, and is no leftover.  ``stills``
    tells of some movies which picture of their folder they belong to (``None``: to none), whatever they are called.
    """
    records = list(records)
    folders: dict[tuple[str, str], list[FileRecord]] = defaultdict(list)
    for record in records:
        folders[record.root, record.folder].append(record)
    owners: dict[FileRecord, FileRecord] = {}
    for members in folders.values():
        if any(record.kind is not FileKind.PICTURE for record in members):
            owners.update(_Folder(members, movies, stills or {}).owners())
    companions: dict[FileRecord, list[FileRecord]] = defaultdict(list)
    for companion, picture in owners.items():
        companions[picture].append(companion)
    units: list[Unit] = []
    leftovers = []
    for record in records:
        if record.kind in _PICTURES or (movies and record.kind is FileKind.MOVIE and record not in owners):
            found = companions.get(record) if companions else None
            units.append((record, tuple(sorted(found, key=lambda each: each.relative)) if found else ()))
        elif record not in owners:
            leftovers.append(record)
    return units, leftovers


_PICTURES = (FileKind.PICTURE, FileKind.RAW)


def _is_picture(record: FileRecord) -> bool:
    return record.kind in _PICTURES


def _is_sidecar(record: FileRecord) -> bool:
    return record.kind is FileKind.SIDECAR or paths.suffix(record.name) in VOICE_MEMOS


def _precedence(record: FileRecord) -> tuple[int, str, str]:
    suffix = paths.suffix(record.name)
    rank = 0 if record.kind is FileKind.RAW else 1 if suffix in HEIF else 3 if suffix in JPEG else 2
    return rank, paths.folded(record.name), record.name


class _Folder:
    """The files of one folder and their names, folded, in all the ways in which companions refer to them."""

    def __init__(
        self, records: list[FileRecord], lone_movies: bool, stills: Mapping[FileRecord, FileRecord | None]
    ) -> None:
        self._movies = sorted((r for r in records if r.kind is FileKind.MOVIE), key=_precedence)
        self._sidecars = sorted(filter(_is_sidecar, records), key=_precedence)
        self._lone_movies, self._stills = lone_movies, stills
        self._named: dict[str, list[FileRecord]] = defaultdict(list)
        self._stems: dict[str, list[FileRecord]] = defaultdict(list)
        for picture in sorted(filter(_is_picture, records), key=_precedence):
            self._add(picture)

    def _add(self, owner: FileRecord) -> None:
        self._named[paths.folded(owner.name)].append(owner)
        self._stems[paths.folded(paths.stem(owner.name))].append(owner)

    def owners(self) -> dict[FileRecord, FileRecord]:
        """Each companion with the picture (or the movie) that it belongs to."""
        owners = {movie: still for movie in self._movies if (still := self._still_of(movie))}
        for movie, still in owners.items():
            self._named[paths.folded(movie.name)].append(still)
        for movie in self._movies if self._lone_movies else ():
            if movie not in owners:
                self._add(movie)
        takeout = _Takeout(self._named)
        for sidecar in self._sidecars:
            picture = self._picture_of(sidecar, takeout)
            if picture is not None:
                owners[sidecar] = picture
        return owners

    def _still_of(self, movie: FileRecord) -> FileRecord | None:
        if movie in self._stills:
            return self._stills[movie]
        if paths.suffix(movie.name) not in LIVE_PHOTO_MOVIES:
            return None
        stem = paths.folded(paths.stem(movie.name))
        stills = [*self._stems.get(stem, ()), *self._stems.get(paths.folded(movie.name), ())]
        return next((still for still in stills if paths.suffix(still.name) in LIVE_PHOTO_STILLS), None)

    def _picture_of(self, sidecar: FileRecord, takeout: _Takeout) -> FileRecord | None:
        base = paths.folded(paths.stem(sidecar.name))
        rules: dict[str, Callable[[str], Iterator[FileRecord]]] = {".xmp": self._of_xmp, ".aae": self._of_aae}
        if paths.suffix(sidecar.name) == ".json":
            candidates = takeout.candidates(base)
        else:
            candidates = rules.get(paths.suffix(sidecar.name), self._of_same_name)(base)
        picture = next(candidates, None)
        if picture is None and paths.suffix(sidecar.name) == ".json":
            picture = next(iter(self._stems.get(base, ())), None)
        return picture

    def _of_same_name(self, base: str) -> Iterator[FileRecord]:
        """``a.jpg.thm`` or ``a.thm``."""
        yield from self._named.get(base, ())
        yield from self._stems.get(base, ())

    def _of_xmp(self, base: str) -> Iterator[FileRecord]:
        yield from self._of_same_name(base)
        version = _DARKTABLE_VERSION.fullmatch(base)
        if version:
            yield from self._named.get(version[1] + version[2], ())

    def _of_aae(self, base: str) -> Iterator[FileRecord]:
        """iOS keeps ``IMG_1234`` as it was taken, the edited ``IMG_E1234`` and the edits: ``IMG_1234.AAE`` (and
        ``IMG_O1234.AAE``); they belong to the original, or to the edited one when that is all there is."""
        yield from self._of_same_name(base)
        version = _IOS_VERSION.fullmatch(base)
        number = base[4:] if base.startswith("img_") else ""
        if version:
            yield from self._stems.get(version[1] + version[2], ())
        elif number.isdecimal():
            yield from self._stems.get(f"img_e{number}", ())


class _Takeout:
    """Finds the picture that a JSON of Google Takeout describes; each picture is given away once.

    The JSON is called after the picture's title: ``a.jpg.json``, later ``a.jpg.supplemental-metadata.json``, cut to 46
    characters before ``.json``.  A second file of that title is ``a(1).jpg``, and its JSON ``a.jpg(1).json`` or
    ``a.jpg.supplemental-metadata(1).json``.  An edited copy shares its original's.
    """

    def __init__(self, named: dict[str, list[FileRecord]]) -> None:
        self._named = named
        self._titled: dict[tuple[str, str], list[FileRecord]] = defaultdict(list)
        self._originals: dict[tuple[str, str], list[FileRecord]] = defaultdict(list)
        for name, pictures in named.items():
            title, number = _title(name)
            self._titled[title, number] += pictures
            original = _without_edit(title)
            if original != title:
                self._originals[original, number] += pictures
        self._titles = sorted(self._titled)
        self._given: set[FileRecord] = set()

    def candidates(self, base: str) -> Iterator[FileRecord]:
        """The picture of the JSON whose folded name, without ``.json``, is ``base``; nothing, or that one."""
        found = list(self._all(base))
        fresh = [picture for picture in found if picture not in self._given]
        for picture in (fresh or found)[:1]:
            self._given.add(picture)
            yield picture

    def _all(self, base: str) -> Iterator[FileRecord]:
        yield from self._named.get(base, ())
        numbered = _NUMBERED.fullmatch(base)
        title, number = (numbered[1], numbered[2]) if numbered else (base, "")
        titles = [title]
        head, dot, tail = title.rpartition(".")
        if dot and _SUPPLEMENT.startswith(dot + tail):
            titles.append(head)
            if not number:
                yield from self._named.get(head, ())
        for known in (self._titled, self._originals):
            for wanted in titles:
                yield from known.get((wanted, number), ())
        if _long_enough(title):
            yield from self._beginning_with(title, number)

    def _beginning_with(self, start: str, number: str) -> Iterator[FileRecord]:
        place = bisect_left(self._titles, (start, ""))
        while place < len(self._titles) and self._titles[place][0].startswith(start):
            if self._titles[place][1] == number or not number:
                yield from self._titled[self._titles[place]]
            place += 1


def _title(name: str) -> tuple[str, str]:
    """``a(1).jpg`` to ``("a.jpg", "1")``, ``a.jpg`` to ``("a.jpg", "")``."""
    stem, suffix = paths.split_suffix(name)
    numbered = _NUMBERED.fullmatch(stem)
    return (numbered[1] + suffix, numbered[2]) if numbered else (name, "")


def _without_edit(title: str) -> str:
    stem, suffix = paths.split_suffix(title)
    for word in _EDITED:
        if stem.endswith(word):
            return stem[: -len(word)] + suffix
        for length in range(len(word) - 1, 1, -1) if _long_enough(title) else ():
            if stem.endswith(word[:length]):
                return stem[:-length] + suffix
    return title


def lent_sidecars(units: Iterable[Unit]) -> dict[FileRecord, tuple[FileRecord, ...]]:
    """The JSON of their originals for edited copies that have none: ``a.jpg.json`` for ``a-edited.jpg``.

    It stays with the original; it tells of the copy too.
    """
    described: dict[tuple[str, str, str], tuple[FileRecord, ...]] = {}
    edited: list[tuple[FileRecord, tuple[str, str, str]]] = []
    for first, companions in units:
        jsons = tuple(record for record in companions if paths.suffix(record.name) == ".json")
        place = first.root, first.folder
        title, number = _title(paths.folded(first.name))
        original = _without_edit(title)
        if jsons:
            described[(*place, paths.stem(title) + number)] = jsons
        elif original != title:
            edited.append((first, (*place, paths.stem(original) + number)))
    return {first: described[key] for first, key in edited if key in described}


def _long_enough(title: str) -> bool:
    """Whether a title may have been cut; it is not known in which units Google counts letters beyond ASCII."""
    return max(len(title), len(title.encode("utf-8", "surrogateescape"))) >= _CUT_AT
