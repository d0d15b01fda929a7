"""The archive itself: what a family has after twelve years, written with the truth about each content.

Two phones, a camera's card, a backup drive with folders in four languages, and a Takeout.  The same pictures lie in
several of them, as they do: the phone's on the drive and in the Takeout, those of an event in the folder that somebody
made for it.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.archive.shots import Shots, edited
from benchmarks.archive.truth import Event, Known, digest

ZONE = "Europe/Berlin"
SOURCES = ("drive", "phone1", "phone2", "card", "takeout")
EVENTS = (
    Event("2017-02-12 Skiurlaub Zermatt", date(2017, 2, 12), 3, ("Skiurlaub", "Zermatt")),
    Event("24.12.2014 Weihnachten bei Oma", date(2014, 12, 24), 3, ("Weihnachten", "Oma")),
    Event("Urlaub Kroatien 2016", date(2016, 7, 1), 1, ("Urlaub", "Kroatien")),
    Event("2018_08 Rügen", date(2018, 8, 1), 2, ("Rügen",)),
    Event("04.05.2008 Taufe Mia", date(2008, 5, 4), 3, ("Taufe", "Mia")),
    Event("2015-07-18 Wedding Anna & Tom", date(2015, 7, 18), 3, ("Wedding", "Anna", "Tom")),
    Event("Summer 2013 Cornwall", date(2013, 7, 1), 1, ("Cornwall",)),
    Event("Emma's Birthday 2019-03-09", date(2019, 3, 9), 3, ("Emma", "Birthday")),
    Event("2016-07-14 Vacances Bretagne", date(2016, 7, 14), 3, ("Vacances", "Bretagne")),
    Event("Noël 2015", date(2015, 12, 24), 1, ("Noël",)),
    Event("Juillet 2014 Annecy", date(2014, 7, 1), 2, ("Annecy",)),
    Event("2019-04-19 Semana Santa Sevilla", date(2019, 4, 19), 3, ("Semana", "Sevilla")),
    Event("Boda de Marta 12 junio 2017", date(2017, 6, 12), 3, ("Boda", "Marta")),
    Event("Vacaciones 2018", date(2018, 4, 2), 1, ("Vacaciones",)),
)
PHONE_1, PHONE_2, CAMERA = "Google Pixel 3", "Apple iPhone 8", "Canon EOS 7D"
TEXT_SUFFIXES = (".json", ".html", ".txt", ".xmp")
_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="{when}"/></rdf:RDF></x:xmpmeta>"""


@dataclass
class Family:
    """The archive: where it is written, and what is true of each content."""

    root: Path
    shots: Shots
    seed: int = 1
    known: dict[str, Known] = field(default_factory=dict)
    taken: dict[str, list[tuple[str, bytes, datetime]]] = field(default_factory=dict)
    """Pictures of a phone by their names there, with their moments."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def build(self) -> None:
        """Write all of it."""
        self._phone_1()
        self._phone_2()
        self._card()
        self._drive()
        self._takeout()

    def count(self) -> dict[str, int]:
        """Files of each source."""
        return {name: sum(1 for path in (self.root / name).rglob("*") if path.is_file()) for name in SOURCES}

    # --- writing ---

    def put(self, place: str, data: bytes, truth: Known | None = None, *, thrown: bool = False) -> None:
        """Write a file; ``truth`` tells of its content, the first time that it is written."""
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.exists(), place
        path.write_bytes(data)
        when = datetime(2020, 1, 1) + timedelta(seconds=self.random.randrange(10**7))
        os.utime(path, (when.timestamp(), when.timestamp()))
        if truth is None and path.suffix in TEXT_SUFFIXES:
            return
        known = self.known.setdefault(digest(data), truth or Known(None))
        known.places.append(place)
        known.in_bins += thrown

    def moments(self, first: date, last: date, count: int) -> Iterator[datetime]:
        """``count`` moments of some days, in order."""
        span = (last - first).days
        days = sorted(self.random.randrange(span) for _ in range(count))
        for number, day in enumerate(days):
            yield datetime(first.year, first.month, first.day) + timedelta(days=day, seconds=number * 7919 % 86_400)

    # --- the phones and the card ---

    def _phone_1(self) -> None:
        shots, own = self.shots, self.taken.setdefault("phone1", [])
        for number, when in enumerate(self.moments(date(2017, 6, 1), date(2021, 6, 1), 520)):
            kind, stamp = number % 20, f"{when:%Y%m%d_%H%M%S}"
            if kind < 12:
                name, data = f"DCIM/Camera/IMG_{stamp}.jpg", shots.picture(when, PHONE_1)
            elif kind < 14:
                name, data = f"DCIM/Camera/PXL_{utc(when):%Y%m%d_%H%M%S}{number:03}.jpg", shots.picture(when, PHONE_1)
            elif kind < 17:
                name = f"WhatsApp/Media/WhatsApp Images/IMG-{when:%Y%m%d}-WA{number:04}.jpg"
                data = shots.picture()
            elif kind < 18:
                name, data = f"Pictures/Screenshots/Screenshot_{when:%Y-%m-%d-%H-%M-%S}.png", shots.picture(kind="PNG")
            else:
                name, data = f"DCIM/Camera/VID_{stamp}.mp4", shots.movie(utc(when))
            self.put(f"phone1/{name}", data, Known(when.date()))
            own.append((name, data, when))
        for number in range(12):
            thrown = shots.picture(datetime(2020, 1, 1 + number), PHONE_1)
            self.put(f"phone1/DCIM/.thumbnails/{number}.jpg", shots.picture(), Known(None), thrown=True)
            self.put(f"phone1/DCIM/Camera/.trashed-16{number:08}-IMG_{number}.jpg", thrown, Known(None), thrown=True)

    def _phone_2(self) -> None:
        shots, own = self.shots, self.taken.setdefault("phone2", [])
        for number, when in enumerate(self.moments(date(2016, 1, 1), date(2021, 6, 1), 400)):
            folder = f"DCIM/{100 + number // 150}APPLE"
            name = f"{folder}/IMG_{1000 + number}.JPG"
            data = shots.picture(when, PHONE_2)
            if number % 21 == 20:
                name, data = f"{folder}/IMG_{1000 + number}.PNG", shots.picture(kind="PNG")
                self.put(f"phone2/{name}", data, Known(None))
                continue
            self.put(f"phone2/{name}", data, Known(when.date()))
            own.append((name, data, when))
            if number % 13 == 0:
                self.put(f"phone2/{name[:-4]}.MOV", shots.movie(utc(when)), Known(when.date()))

    def _card(self) -> None:
        for number, when in enumerate(self.moments(date(2012, 1, 1), date(2016, 1, 1), 330)):
            folder = f"DCIM/{100 + number // 100}CANON"
            if number % 17 == 16:
                movie = self.shots.movie(utc(when))
                self.put(f"card/{folder}/MVI_{1 + number % 100:04}.MOV", movie, Known(when.date()))
            elif number % 66 == 65:
                reset = self.shots.picture(datetime(1980, 1, 1, 0, 0, 12), CAMERA)
                self.put(f"card/{folder}/IMG_{1 + number % 100:04}.JPG", reset, Known(None))
            else:
                data = self.shots.picture(when, CAMERA)
                self.put(f"card/{folder}/IMG_{1 + number % 100:04}.JPG", data, Known(when.date()))
        self.put("card/DCIM/CANONMSC/M0100.CTG", b"catalog")

    # --- the drive ---

    def _drive(self) -> None:
        for number, event in enumerate(EVENTS):
            above = ("Fotos", "Pictures", "Photos de famille" if number % 3 else "Fotos", "")[number % 4]
            self._event(event, f"drive/{above}/{event.folder}".replace("//", "/"))
        for when in self.moments(date(2009, 1, 1), date(2012, 1, 1), 130):
            name = f"DSC{self.random.randrange(10_000):05}_{when:%H%M%S}.JPG"
            self.put(
                f"drive/Bilder/{when:%Y}/{when:%Y-%m}/{when:%Y-%m-%d}/{name}",
                self.shots.picture(when),
                Known(when.date()),
            )
        for number in range(20):
            event = Event("Scans Oma 1974", date(1974, 1, 1), 1, ("Oma",))
            self.put(
                f"drive/Scans Oma 1974/scan{number:03}.jpg", self.shots.picture(), Known(date(1974, 1, 1), 1, event)
            )
        before = [one for name in ("phone1", "phone2") for one in self._until(name, date(2019, 11, 2))]
        for name, data, _ in self.random.sample(before, 220):
            self.put(f"drive/Backup 2019-11-02/Handy/{name}", data)
        self._strays(before)
        for number, folder in enumerate(("$RECYCLE.BIN/S-1-5-21", "@eaDir/x.jpg", ".Trashes/501", "lost+found") * 3):
            when = datetime(2015, 5, 5, 5, number)
            self.put(f"drive/{folder}/{number}.jpg", self.shots.picture(when), Known(None), thrown=True)
        self.put("drive/Thumbs.db", b"thumbs")

    def _strays(self, before: Sequence[tuple[str, bytes, datetime]]) -> None:
        """Copies in folders whose names say little, and what only a sidecar dates."""
        card = [(place, data) for place, data in self._written("card") if place.endswith(".JPG")]
        for number, (place, data) in enumerate(self.random.sample(card, 60)):
            self.put(f"drive/Neuer Ordner (2)/{number:03}_{place.rsplit('/', 1)[-1]}", data)
        for number, (name, data, _) in enumerate(self.random.sample(before, 40)):
            self.put(f"drive/unsorted/from Mama's phone/{number:03}_{name.rsplit('/', 1)[-1]}", data)
        for number, when in enumerate(self.moments(date(2006, 1, 1), date(2009, 1, 1), 25)):
            packet = _XMP.format(when=f"{when:%Y-%m-%dT%H:%M:%S}").encode()
            self.put(f"drive/Lightroom/img{number:03}.jpg", self.shots.picture(), Known(when.date()))
            self.put(f"drive/Lightroom/img{number:03}.xmp", packet)

    def _written(self, source: str) -> list[tuple[str, bytes]]:
        """Pictures that lie in a source, where somebody knows when they were taken."""
        places = [(one.places[0], one) for one in self.known.values()]
        return [
            (place, (self.root / place).read_bytes())
            for place, one in places
            if place.startswith(f"{source}/") and one.when
        ]

    def _event(self, event: Event, folder: str) -> None:
        """Pictures of a camera, some without a date, and copies of those that a phone has of these days."""
        own = self._until("phone1", date.max) + self._until("phone2", date.max)
        copies = [one for one in own if event.begins <= one[2].date() <= event.begins + timedelta(days=5)][:8]
        for name, data, _ in copies:
            self.known[digest(data)].event = event
            self.put(f"{folder}/{name.rsplit('/', 1)[-1]}", data)
        for number in range(18):
            when = datetime(event.begins.year, event.begins.month, event.begins.day, 9) + timedelta(hours=number % 9)
            undated = number % 6 == 5
            data = self.shots.picture(None if undated else when, "" if undated else CAMERA)
            truth = Known(when.date(), event.parts if undated else 3, event)
            self.put(f"{folder}/{'scan' if undated else 'IMG'}_{number:04}.jpg", data, truth)

    def _until(self, phone: str, last: date) -> list[tuple[str, bytes, datetime]]:
        return [one for one in self.taken[phone] if one[2].date() < last]

    # --- the Takeout ---

    def _takeout(self) -> None:
        years: dict[int, list[tuple[str, bytes]]] = {}
        google = "takeout/Takeout/Google Fotos"
        uploaded = self.random.sample(self.taken["phone1"], 170) + self.random.sample(self.taken["phone2"], 130)
        for name, data, when in uploaded:
            self._upload(f"{google}/Fotos von {when.year}", name.rsplit("/", 1)[-1], data, when, None)
            years.setdefault(when.year, []).append((name.rsplit("/", 1)[-1], data))
        for number, when in enumerate(self.moments(date(2010, 1, 1), date(2021, 1, 1), 120)):
            data = self.shots.picture()  # what was sent by a messenger: only the JSON knows
            self._upload(f"{google}/Fotos von {when.year}", f"received_{number:04}.jpg", data, when, Known(when.date()))
            if number % 6 == 0:
                name = f"received_{number:04}-bearbeitet.jpg"
                self.put(f"{google}/Fotos von {when.year}/{name}", edited(data), Known(when.date()))
        for number, (year, pictures) in enumerate(sorted(years.items())):
            album = (f"Unser {year}", "Italien mit Freunden", "Ohne Titel(1)", "Best of")[number % 4]
            for name, data in pictures[:12]:
                self.put(f"{google}/{album}/{year} {name}" if number % 4 == 2 else f"{google}/{album}/{name}", data)
            if not (self.root / google / album / "Metadaten.json").exists():
                self._json(f"{google}/{album}/Metadaten.json", {"title": album})
        for number in range(10):
            data = self.shots.picture(datetime(2019, 9, 1 + number), PHONE_1)
            self.put(f"{google}/Papierkorb/IMG_{number}.jpg", data, Known(None), thrown=True)
        self.put("takeout/Takeout/archive_browser.html", b"<html></html>")

    def _upload(self, folder: str, name: str, data: bytes, when: datetime, truth: Known | None) -> None:
        if (self.root / folder / name).exists():
            return
        self.put(f"{folder}/{name}", data, truth)
        seconds = int(utc(when).timestamp())
        told = {
            "title": name,
            "photoTakenTime": {"timestamp": f"{seconds}"},
            "creationTime": {"timestamp": "1609459200"},
        }
        title = f"{name}.supplemental-metadata"[:46]
        self._json(f"{folder}/{title}.json", told)

    def _json(self, place: str, told: object) -> None:
        self.put(place, json.dumps(told, indent=2).encode())


def utc(when: datetime) -> datetime:
    """A moment of the family's clock in UTC."""
    return when.replace(tzinfo=ZoneInfo(ZONE)).astimezone(timezone.utc)


def zipped(folder: Path, target: Path, parts: int) -> Sequence[Path]:
    """A Takeout in ``parts`` zip files, a picture often in another one than its JSON."""
    import zipfile

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    archives = [target / f"takeout-20240101T120000Z-{number:03}.zip" for number in range(1, parts + 1)]
    opened = [zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) for path in archives]
    for number, path in enumerate(files):
        opened[number % parts].write(path, path.relative_to(folder).as_posix())
    for one in opened:
        one.close()
    return archives
