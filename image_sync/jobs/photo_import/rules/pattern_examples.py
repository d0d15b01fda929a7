"""Examples of what a pattern makes, for whoever is typing one.  Pure."""

from __future__ import annotations

from datetime import datetime

from image_sync.base import paths
from image_sync.base.model import FileKind, FileRecord
from image_sync.jobs.photo_import.model import Arrival
from image_sync.jobs.photo_import.rules.folder_names import FolderRules
from image_sync.jobs.photo_import.rules.pattern_names import PatternNames, name_pattern
from image_sync.jobs.photo_import.rules.pattern_places import PatternFolders, folder_pattern
from image_sync.pictures.metadata.capture_date import CaptureDate, DateSource
from image_sync.pictures.metadata.dates import PartialDate

_DAY = PartialDate(2019, 7, 4)
_TAKEN = CaptureDate(datetime(2019, 7, 4, 18, 30, 45), DateSource.EXIF_ORIGINAL)
_CAMERA = "Canon EOS 70D"
_RECORD = FileRecord("", "IMG_1234.JPG", 0, 0, 0, 0, 0, 0, 0, FileKind.PICTURE)


def folder_example(text: str) -> str:
    """``2019/07-04 Picnic`` for a pattern of folders, and what it makes of a picture without a description.

    Raises ``ValueError`` with the reason in words.
    """
    if not text:
        return ""
    by = PatternFolders(folder_pattern(text), FolderRules())
    described, plain = (by.folder(_DAY, levels, _CAMERA) for levels in (("Picnic",), ()))
    shown = [described.replace(paths.SEPARATOR, "/"), plain.replace(paths.SEPARATOR, "/")]
    return " \N{MIDDLE DOT} ".join(dict.fromkeys(shown))


def name_example(text: str) -> str:
    """``2019-07-04_Canon EOS 70D_IMG_1234.JPG`` for a pattern of names.

    Raises ``ValueError`` with the reason in words.
    """
    if not text:
        return ""
    arrival = Arrival(_RECORD, captured=_TAKEN, camera=_CAMERA)
    return PatternNames(name_pattern(text)).names(arrival)[0]
