"""Request of *import*: everything the user chose for one run, each option declared here once."""

from __future__ import annotations

from dataclasses import dataclass

from image_sync.base.options import N_, Kind, Option, Place, Value, option
from image_sync.jobs.filters import MINIMUM_SIZE, FileFilters
from image_sync.jobs.transfer import TREATMENT, WHICH_FILES, Transfer, exclude, include

NAME = "import"
"""The job's name in plans, journals and documents."""

DEFAULT_PREFIX = "ImageSync"
"""Begins the names of the folders that an import keeps for itself."""
DEFAULT_IGNORED = (
    *("Pictures", "Dropbox", "scans", "Photos", "Photo", "Images", "Fotos", "Foto", "Bilder", "My Pictures"),
    *(
        "Eigene Bilder",
        "Mes images",
        "Imágenes",
        "Imagens",
        "Immagini",
        "Afbeeldingen",
        "Zdjęcia",
        "Obrázky",
        "Billeder",
    ),
    *("Kuvat", "Фото", "Фотографии", "Изображения", "写真", "照片", "图片", "사진"),
)
"""Folder names that describe nothing; the user edits the list."""
DEFAULT_SMALL = 360
DEFAULT_CROWDED = 100

_DATES = "dates and folders"
_AFTER = "afterwards"
_MOST = 10**8
_THIS_CHOICE = N_("This choice needs a new scan.")
_OTHER_DATES = N_("Another source of dates needs a new scan.")
_FOLLOWS = "It follows an import in the same plan and changes nobody's place."

_TRANSFER = Option(
    kind=Kind.FLAGS,
    group=TREATMENT,
    flag="--transfer",
    place=Place.USUAL,
    values={
        Transfer.MOVE: Value(
            N_("Move"),
            N_("Pictures go into the library and leave the input. What is there twice is set aside."),
            "move files to OUTPUT (default)",
        ),
        Transfer.COPY: Value(
            N_("Copy"),
            N_("The input stays as it is. What the library has already is not copied."),
            "copy them, change nothing in INPUT",
        ),
    },
    no_scan="What is the same, and where it belongs, is known; only how it gets there is another plan.",
)
_SMALL = Option(
    kind=Kind.LIMIT,
    group=TREATMENT,
    flag="--small",
    metavar="PIXELS",
    help="pictures with no side longer than this go to a folder of their own (--small alone: %(const)s)",
    words=N_("Separate small images, up to"),
    meaning=N_("Pictures with both sides this small go to a folder of their own."),
    unit=N_("pixels"),
    place=Place.USUAL,
    least=16,
    most=4096,
    step=20,
    alone=DEFAULT_SMALL,
    width=5,
    again=N_("To tell small pictures apart, scan again."),
)
_CONVERT = Option(
    kind=Kind.SWITCH,
    group=_AFTER,
    flag="--convert",
    help="make JPEGs of HEIC pictures, keep the originals apart",
    words=N_("HEIC to JPEG"),
    meaning=N_("Makes a JPEG of each HEIC; the original is kept."),
    place=Place.USUAL,
    no_scan=_FOLLOWS,
)
_CONVERT_SUFFIXES = Option(kind=Kind.NAMES, group="", no_scan=_FOLLOWS)
_SET_DATES = Option(
    kind=Kind.SWITCH,
    group=_AFTER,
    flag="--set-dates",
    help="write dates into pictures that have none",
    words=N_("Write dates"),
    meaning=N_("Writes the date into pictures that have none, in the library only; the image itself stays."),
    place=Place.USUAL,
    no_scan=_FOLLOWS,
)
_ZONE = Option(
    kind=Kind.TEXT,
    group=_DATES,
    flag="--timezone",
    metavar="ZONE",
    help="zone for dates in UTC, as Europe/Berlin or +02:00",
    words=N_("Time zone"),
    meaning=N_("Movies state their date in UTC; the day is told in this zone, such as Europe/Berlin or +02:00."),
    place=Place.USUAL,
    width=16,
    empty=N_("this computer's"),
    examples=("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Tokyo"),
    again=_OTHER_DATES,
)
_USE_MTIME = Option(
    kind=Kind.SWITCH,
    group=_DATES,
    flag="--mtime-dates",
    help="take a file's modification time as a last resort",
    words=N_("File's own time as last resort"),
    meaning=N_("Takes the time of the last change for the date when nothing else tells it. Often wrong."),
    place=Place.RARE,
    again=_OTHER_DATES,
)
_FLAT_DATES = Option(
    kind=Kind.SWITCH,
    group=_DATES,
    flag="--flat-dates",
    help="2004/Picnic instead of 2004/03-05 Picnic",
    words=N_("Folder style: 2004 / Picnic"),
    meaning=N_("Instead of 2004 / 03-05 Picnic: the day is left out of a folder's name that has a description."),
    place=Place.USUAL,
    again=_THIS_CHOICE,
)


def _folder_example(text: str) -> str:
    from image_sync.jobs.photo_import.rules.pattern_fields import folder_example

    return folder_example(text)


def _name_example(text: str) -> str:
    from image_sync.jobs.photo_import.rules.pattern_fields import name_example

    return name_example(text)


_FOLDERS = Option(
    kind=Kind.TEXT,
    group=_DATES,
    flag="--folders",
    metavar="PATTERN",
    help="folders of the library, as '{year}/{month}-{day} {description}'; also {camera}",
    words=N_("Folders"),
    meaning=N_("Folders from {year}, {month}, {day}, {description} and {camera}. What is not known is left out."),
    place=Place.RARE,
    width=30,
    empty=N_("as usual"),
    examples=(
        "{year}/{month}-{day} {description}",
        "{year}/{year}-{month}-{day} {description}",
        "{year}/{month}/{day} {description}",
        "{year}/{description}",
        "{year}/{month}",
        "{camera}/{year}/{month} {description}",
    ),
    sample=_folder_example,
    again=_THIS_CHOICE,
)
_NAMES = Option(
    kind=Kind.TEXT,
    group=_DATES,
    flag="--names",
    metavar="PATTERN",
    help="names of files, as '{date}_{camera}_{original}'; also {time}, {year}, {month}, {day}",
    words=N_("Names"),
    meaning=N_("Names from {date}, {time}, {year}, {month}, {day}, {camera}, {original}."),
    place=Place.RARE,
    width=26,
    empty=N_("as they are"),
    examples=(
        "{original}",
        "{date}_{original}",
        "{date}_{time}",
        "{date}_{time}_{original}",
        "{date}_{camera}_{original}",
    ),
    sample=_name_example,
    again=_THIS_CHOICE,
)
_LIVE_TOGETHER = Option(
    kind=Kind.SWITCH,
    group=TREATMENT,
    flag="--live-together",
    help="keep the movie of a Live Photo beside its still",
    words=N_("Live Photos together"),
    meaning=N_("Keeps the movie of a Live Photo beside its picture, not among the movies."),
    place=Place.USUAL,
    again=_THIS_CHOICE,
)
_ALBUMS = Option(
    kind=Kind.SWITCH,
    group=_DATES,
    flag="--albums",
    help="take the albums of a Google Takeout for descriptions",
    words=N_("Albums of a Takeout as descriptions"),
    meaning=N_("“2019/Italy” for what Google Photos has in the album “Italy”. By default albums say nothing."),
    place=Place.RARE,
    again=_THIS_CHOICE,
)
_BY_NAME = Option(
    kind=Kind.SWITCH,
    group=TREATMENT,
    flag="--by-name",
    help="look for duplicates among similar names only",
    words=N_("Duplicates by similar name only"),
    meaning=N_("Compares only pictures whose names are alike. By default all are compared."),
    place=Place.RARE,
    again=N_("To look for duplicates under other names, scan again."),
)
_PREFIX = Option(
    kind=Kind.TEXT,
    group=_DATES,
    flag="--prefix",
    metavar="NAME",
    help="begins names like %(default)s_NoDate",
    words=N_("Own folders begin with"),
    meaning=N_("“ImageSync” makes ImageSync_NoDate and the like. Keep it the same for a library."),
    place=Place.RARE,
    width=14,
    again=_THIS_CHOICE,
)
_IGNORED = Option(
    kind=Kind.NAMES,
    group=_DATES,
    flag="--ignore",
    metavar="NAME",
    help="a folder name that describes nothing (may be repeated)",
    words=N_("Folder names that say nothing"),
    meaning=N_("Never taken for a description; separated by semicolons."),
    place=Place.RARE,
    width=28,
    again=_THIS_CHOICE,
)
_AUDIT = Option(
    kind=Kind.SWITCH,
    group=_AFTER,
    flag="--audit",
    help="remove folders that the import emptied, warn of full ones (default: yes)",
    words=N_("Remove emptied folders"),
    meaning=N_("Removes folders that this import leaves empty, and warns of crowded ones."),
    place=Place.RARE,
    no_scan=_FOLLOWS,
)
_CROWDED = Option(
    kind=Kind.NUMBER,
    group=_AFTER,
    flag="--crowded",
    metavar="N",
    help="warn from here on (default: %(default)s)",
    words=N_("Warn from"),
    unit=N_("files in a folder"),
    place=Place.RARE,
    least=10,
    most=100_000,
    step=10,
    width=6,
    needs="audit",
    no_scan=_FOLLOWS,
)
_REJUDGE = Option(
    kind=Kind.SWITCH,
    group=TREATMENT,
    flag="--rejudge",
    help="in place: look at what was set aside once more",
    words=N_("Judge duplicates again"),
    meaning=N_("Looks once more at what was set aside as a duplicate before."),
    place=Place.RARE,
    again=_THIS_CHOICE,
    remembered=False,
)


@dataclass(frozen=True, slots=True)
class ImportRequest(FileFilters):
    """Choices of the user for *import*.  Places are as typed: each input is a folder or an archive.

    ``folder2`` is empty unless there are two inputs, ``further`` are those behind the second.  ``albums`` takes the
    names of a Takeout's albums for descriptions.

    ``small`` is the most pixels that both sides of a small picture have; 0 for no such folder.  ``convert`` makes JPEGs
    of pictures whose names end in one of ``convert_suffixes``.  ``set_dates`` writes dates into pictures that have
    none.  ``zone`` is the time zone that dates in UTC are shown in; empty for the system's.  ``use_mtime`` takes a
    file's modification time when nothing else tells its date.  ``flat_dates`` leaves month and day out of described
    folders.  ``folders`` and ``names`` are patterns for the library's folders and for the names of files; empty for the
    usual ones.  ``live_together`` keeps the movie of a Live Photo beside its still.  ``by_name`` looks for duplicates
    among similar names only.  ``prefix`` begins the names of the system folders, ``ignored`` are folder names that
    describe nothing.  ``audit`` removes folders that the import emptied and warns of those with more than ``crowded``
    entries.  ``rejudge`` looks at what was set aside as a duplicate once more.  ``include`` and ``exclude`` are glob
    patterns on the path below the input folder and on the name alone.
    """

    folder1: str
    output: str
    folder2: str = ""
    further: tuple[str, ...] = ()
    transfer: Transfer = option(Transfer.MOVE, _TRANSFER)
    small: int = option(0, _SMALL)
    convert: bool = option(False, _CONVERT)
    convert_suffixes: tuple[str, ...] = option((".heic", ".heif", ".hif"), _CONVERT_SUFFIXES)
    set_dates: bool = option(False, _SET_DATES)
    zone: str = option("", _ZONE)
    use_mtime: bool = option(False, _USE_MTIME)
    flat_dates: bool = option(False, _FLAT_DATES)
    folders: str = option("", _FOLDERS)
    names: str = option("", _NAMES)
    live_together: bool = option(False, _LIVE_TOGETHER)
    albums: bool = option(False, _ALBUMS)
    by_name: bool = option(False, _BY_NAME)
    prefix: str = option(DEFAULT_PREFIX, _PREFIX)
    ignored: tuple[str, ...] = option(DEFAULT_IGNORED, _IGNORED)
    audit: bool = option(True, _AUDIT)
    crowded: int = option(DEFAULT_CROWDED, _CROWDED)
    rejudge: bool = option(False, _REJUDGE)
    include: tuple[str, ...] = option((), include(WHICH_FILES, Place.ELSEWHERE))
    exclude: tuple[str, ...] = option((), exclude(WHICH_FILES, Place.ELSEWHERE))
    minimum_size: int = option(0, MINIMUM_SIZE)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The inputs, one at least: folders and archives."""
        return tuple(filter(None, (self.folder1, self.folder2, *self.further))) or ("",)

    @property
    def idle(self) -> frozenset[str]:
        """Names of the options that mean nothing beside the others."""
        without_audit = frozenset() if self.audit else frozenset({"crowded"})
        return without_audit | (frozenset({"flat_dates"}) if self.folders else frozenset())
