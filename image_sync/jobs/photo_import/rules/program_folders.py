"""Folders that programs make: their names are no words of the user's, and their dates only help where there is none.

Cameras, phones, Google Takeout, cloud folders; and the folders whose date tells when something was copied.  Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from image_sync.base import paths
from image_sync.pictures.metadata.dates import PartialDate, believable

_NAMES = frozenset(
    {
        # cloud and phone
        *("camera roll", "camera uploads", "kamera-uploads", "kamerauploads", "téléchargements appareil photo"),
        *("chargements appareil photo", "caricamenti da fotocamera", "cargas de cámara", "subidas de cámara"),
        *("carregamentos da câmera", "camera-uploads", "eigene aufnahmen", "aufnahmen", "saved pictures"),
        *("gespeicherte bilder", "camera import", "kamerarolle", "filmrolle", "pellicule", "rollino", "carrete"),
        *(
            "rullino",
            "filmrol",
            "kamerarulle",
            "kamerarull",
            "rolo da câmera",
            "камера пленка",
            "カメラロール",
            "本机照片",
        ),
        *("internal storage", "internal shared storage", "interner speicher", "interner gemeinsamer speicher"),
        *("stockage interne", "almacenamiento interno", "memoria interna", "phone", "phone storage", "sd card"),
        *("sd-karte", "sdcard", "sdcard0", "carte sd", "tarjeta sd", "scheda sd", "this iphone", "apple iphone"),
        *("my photo stream", "mein fotostream", "icloud photos", "icloud-fotos", "icloud photos library"),
        *(
            "whatsapp images",
            "whatsapp video",
            "whatsapp animated gifs",
            "com.whatsapp",
            "photos library.photoslibrary",
        ),
        # what messengers and the screen leave
        *("whatsapp", "whatsapp business", "whatsapp business images", "whatsapp business video", "whatsapp stickers"),
        *(
            "telegram",
            "telegram images",
            "telegram video",
            "instagram",
            "snapchat",
            "messenger",
            "viber images",
            "threema",
        ),
        *(
            "screenshots",
            "bildschirmfotos",
            "captures d'écran",
            "capturas de pantalla",
            "capturas de tela",
            "schermate",
        ),
        *("schermafbeeldingen", "zrzuty ekranu", "skärmbilder", "skærmbilleder", "skjermbilder", "kuvakaappaukset"),
        *("снимки экрана", "スクリーンショット", "屏幕截图", "截屏", "스크린샷"),
        # cameras
        *("mp_root", "avchd", "avchdtn", "bdmv", "m4root", "xdroot", "avf_info", "thmbnl", "sonycard", "eos_digital"),
        *("nikon z", "no name", "untitled camera"),
    }
)
_SHOUTED = frozenset({"PRIVATE", "STREAM", "CLIP", "SUB", "THMBNL", "MISC", "SD_VIDEO", "GENERAL", "VIDEO"})
"""Folders of cameras whose names are words; only as cameras write them."""
_IN_MESSENGERS = frozenset({"media", "sent", "private"})
_DCIM = re.compile(r"dcim[\W_]*[0-9]*[\W_]*")
_TAKEOUT = re.compile(r"(?:google[ -]?)?takeout(?:[-_ (].*)?")
_APPLE_MONTH = re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])_[a-z_]")
"""What an iPhone shows over its cable: ``202107_a``, ``202107__``."""
_PHOTO_WORDS = (
    *("photo", "photos", "foto", "fotos", "foto's", "foto’s", "fotoğraflar", "fotografie", "fotók", "fotky", "zdjęcia"),
    *("bilder", "billeder", "kuvat", "valokuvat", "фото", "фотографии", "фотографії", "снимки", "slike", "fotografije"),
    *(
        "φωτογραφίες",
        "תמונות",
        "صور",
        "フォト",
        "相册",
        "相簿",
        "照片",
        "포토",
        "사진",
        "ảnh",
        "fotografii",
        "nuotraukos",
    ),
)
_ANY_PHOTO_WORD = "(?:" + "|".join(map(re.escape, _PHOTO_WORDS)) + ")"
_GOOGLE = re.compile(f"google[ _-]{_ANY_PHOTO_WORD}|{_ANY_PHOTO_WORD}[ _-](?:w )?google")
_ICLOUD = re.compile(f"icloud[ _-]{_ANY_PHOTO_WORD}(?: [^0-9]{{2,9}} [0-9]{{1,3}} [^0-9]{{1,5}} [0-9]{{1,3}})?")
"""What iCloud exports: ``iCloud Photos Part 1 of 5``."""
_FROM = (
    *("from", "von", "vom", "aus", "de", "du", "del", "dal", "da", "di", "d", "uit", "van", "fra", "från", "z", "ze"),
    *(
        "från",
        "из",
        "за",
        "от",
        "з",
        "från år",
        "din",
        "iz",
        "aus dem jahr",
        "iš",
        "no",
        "dari",
        "từ",
        "του",
        "από",
        "in",
    ),
)
_YEAR_OF_PHOTOS = re.compile(
    _ANY_PHOTO_WORD + " (?:" + "|".join(map(re.escape, _FROM)) + ")(?: |')((?:18|19|20)[0-9]{2})(?: [^ ]{1,3})?"
)
_PHOTOS_OF_YEAR = re.compile(
    r"((?:18|19|20)[0-9]{2}) ?(?:年の写真|年的照片|年照片|년 사진|년의 사진|fotoğrafları|fotók|kuvat)"
)
_WITH_YEAR = re.compile(r"[^0-9]*[^0-9 ] ?((?:18|19|20)[0-9]{2})[^0-9]{0,12}")

_COPIED = re.compile(
    r"(?<![^\W\d_])(?:back-?ups?|sicherung(?:en)?|sicherungskopien?|datensicherung|kopien?|copy|copies|copied|copias?|copie|"
    r"copia di backup|kopia|export(?:ed|s|iert|é)?|exporté|esportazione|exportación|downloads?|downloaded|descargas?|"
    r"téléchargements?|sauvegardes?|respaldos?|salvataggio|reservekopie|säkerhetskopia|sikkerhedskopi|"
    r"kopia zapasowa|záloha|zálohy|varmuuskopio|yedek|бэкап|копия|резервная копия|バックアップ|备份|備份|백업)"
    r"(?![^\W\d_])"
)
_BESIDE_COPIES = frozenset(
    {
        *("of", "from", "the", "my", "von", "vom", "der", "die", "das", "des", "meine", "mein", "de", "du", "la"),
        *("le", "les", "del", "al", "di", "da", "handy", "phone", "iphone", "ipad", "ipod", "android", "samsung"),
        *("galaxy", "pixel", "huawei", "xiaomi", "nokia", "sony", "smartphone", "mobile", "telefon", "tel", "laptop"),
        *("notebook", "pc", "mac", "macbook", "computer", "disk", "disc", "hdd", "ssd", "nas", "usb", "stick", "sd"),
        *("card", "karte", "drive", "festplatte", "cloud", "icloud", "google", "onedrive", "dropbox", "photos"),
        *("photo", "pictures", "picture", "images", "fotos", "foto", "bilder", "bild", "alt", "neu", "old", "new"),
        *("full", "all", "alle", "everything", "whatsapp", "camera", "kamera", "data", "daten", "files", "dateien"),
        *("final", "last", "letzte", "on", "am", "vers"),
    }
)
"""Words beside a copy's date that say what was copied, and nothing of the pictures."""
_LETTERS = re.compile(r"[^\W\d_]+")


def is_program_folder(name: str, before: str) -> bool:
    """Whether a program made the folder ``name``, which lies in ``before``."""
    folded = paths.folded(name)
    if folded in _NAMES or name in _SHOUTED or _DCIM.fullmatch(folded):
        return True
    if any(pattern.fullmatch(folded) for pattern in (_TAKEOUT, _GOOGLE, _ICLOUD)) or _APPLE_MONTH.fullmatch(folded):
        return True
    above = paths.folded(before)
    if folded in _IN_MESSENGERS and above.startswith(("whatsapp", "com.whatsapp", "telegram")):
        return True
    return _year_of_photos(folded, above) > 0 or _is_below_dcim(name, before)


def _is_below_dcim(name: str, before: str) -> bool:
    plain = not any(character.isdigit() or character == " " for character in name)
    return plain and bool(_DCIM.fullmatch(paths.folded(before)))


def is_google_folder(name: str) -> bool:
    """Whether a folder is that of Google Photos in a Takeout, in any language."""
    return bool(_GOOGLE.fullmatch(paths.folded(name)))


def is_year_of_photos(name: str, before: str) -> bool:
    """Whether the folder ``name``, which lies in ``before``, is one of a Takeout's years."""
    return _year_of_photos(paths.folded(name), paths.folded(before)) > 0


def date_of_program(name: str, before: str) -> PartialDate | None:
    """The date of the pictures that a program's folder states; ``None`` when it states none."""
    folded = paths.folded(name)
    if month := _APPLE_MONTH.fullmatch(folded):
        return PartialDate(int(month[1]), int(month[2])) if believable(int(month[1])) else None
    year = _year_of_photos(folded, paths.folded(before))
    return PartialDate(year) if year else None


def _year_of_photos(name: str, before: str) -> int:
    """The year of Takeout's ``Photos from 2019``; 0 for any other name."""
    match = _YEAR_OF_PHOTOS.fullmatch(name) or _PHOTOS_OF_YEAR.fullmatch(name)
    if match is None and _GOOGLE.fullmatch(before) and name.startswith(_PHOTO_WORDS):
        match = _WITH_YEAR.fullmatch(name)
    return int(match[1]) if match and believable(int(match[1])) else 0


def tells_of_a_copy(name: str) -> bool:
    """Whether a name that states a date says when its files were copied: ``Backup 2019-11-02``."""
    return _COPIED.search(paths.folded(name)) is not None


def words_beside_copy(rest: Sequence[str]) -> str:
    """Words of the user's in the name of a copy once its date is out, or nothing.

    ``rest`` are the pieces of the name.
    """
    left = []
    for piece in rest:
        without = _COPIED.sub(" ", paths.folded(piece))
        left += [word for word in _LETTERS.findall(without) if word not in _BESIDE_COPIES]
    if not left:
        return ""
    kept = set(left)
    return " ".join(
        word for piece in rest for word in piece.split() if kept & set(_LETTERS.findall(paths.folded(word)))
    )
