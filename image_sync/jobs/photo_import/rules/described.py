"""Worth of a description: what a person wrote of an event counts more than a name or a device, and that more than
``unsorted``.

Judged by the words of one folder's description alone.  Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache

from image_sync.base import paths


class Worth(IntEnum):
    """Worth of a description; more is better."""

    NOTHING = 0
    UNSORTED = 1
    """Words that only tell that nobody has looked yet: ``New folder``, ``unsorted``."""
    WHOSE = 2
    """Whose the pictures are, or what took them: ``Opa``, ``iPhone von Anna``, ``Canon EOS 70D``."""
    EVENT = 3
    """Anything else: somebody wrote what is on them."""


_UNSORTED = frozenset(
    {
        *("unsorted", "not", "sorted", "sort", "sortieren", "unsortiert", "ungeordnet", "unsortierte", "sortiert"),
        *("new", "neu", "neue", "neuer", "nouveau", "nouvelle", "nueva", "nuevo", "nuova", "nuovo", "nieuwe", "nova"),
        *("ny", "nowy", "новая", "folder", "folders", "ordner", "verzeichnis", "directory", "dossier", "carpeta"),
        *("cartella", "map", "pasta", "mappe", "mapp", "kansio", "folderu", "папка", "untitled", "unnamed", "ohne"),
        *("namen", "titel", "namenlos", "unbenannt", "unbenannter", "sans", "titre", "sin", "título", "senza", "nome"),
        *("misc", "miscellaneous", "various", "varia", "divers", "diverse", "diverses", "verschiedenes", "sonstiges"),
        *("sonstige", "rest", "stuff", "other", "others", "andere", "anderes", "autres", "otros", "otras", "altro"),
        *("altri", "overig", "övrigt", "разное", "temp", "tmp", "todo", "inbox", "eingang", "incoming", "import"),
        *("imports", "imported", "importiert", "recovered", "recup_dir", "wiederhergestellt", "old", "alt", "alte"),
        *("anciens", "viejas", "vecchie", "oude", "trier", "ordenar", "clasificar", "ordinare", "ongesorteerd"),
        *("osorterat", "usorteret", "usortert", "lajittelemattomat", "nieposortowane", "несортированное"),
        *("backup", "backups", "sicherung", "sicherungen", "kopie", "kopien", "copy", "copies", "export", "exports"),
        *("download", "downloads", "transfer", "upload", "uploads", "all", "alle", "to", "the", "de", "mappa", "új"),
        *("新しいフォルダー", "新規フォルダ", "新建文件夹", "未命名文件夹", "未分类", "未整理", "새", "폴더"),
    }
)
_RELATIVES = frozenset(
    {
        *("mama", "mami", "mutti", "mutter", "papa", "papi", "vati", "vater", "oma", "omi", "opa", "opi", "tante"),
        *("onkel", "mum", "mom", "mummy", "mommy", "mother", "dad", "daddy", "father", "grandma", "grandpa", "granny"),
        *("grandmother", "grandfather", "aunt", "uncle", "maman", "mamie", "mémé", "mère", "père", "papy", "pépé"),
        *("tonton", "tata", "mamá", "papá", "madre", "padre", "abuela", "abuelo", "nonna", "nonno", "mamma", "babbo"),
        *("mãe", "pai", "avó", "avô", "moeder", "vader", "farmor", "farfar", "mormor", "morfar", "babcia", "dziadek"),
        *("мама", "папа", "бабушка", "дедушка", "me", "ich", "wife", "husband", "frau", "mann"),
    }
)
_DEVICES = frozenset(
    {
        *("iphone", "ipad", "ipod", "phone", "handy", "smartphone", "mobile", "mobiltelefon", "telefon", "téléphone"),
        *("teléfono", "móvil", "telefono", "cellulare", "telemóvel", "celular", "telefoon", "gsm", "tablet", "android"),
        *("samsung", "galaxy", "pixel", "nexus", "huawei", "xiaomi", "redmi", "oneplus", "oppo", "nokia", "lumia"),
        *("motorola", "htc", "lg", "blackberry", "fairphone", "sony", "ericsson", "xperia", "canon", "eos", "ixus"),
        *("powershot", "nikon", "coolpix", "fuji", "fujifilm", "finepix", "olympus", "panasonic", "lumix", "pentax"),
        *("leica", "kodak", "minolta", "konica", "casio", "exilim", "ricoh", "sigma", "gopro", "hero", "dji", "mavic"),
        *("drone", "drohne", "insta360", "camera", "cam", "kamera", "caméra", "appareil", "cámara", "fotocamera"),
        *(
            "câmera",
            "digicam",
            "dslr",
            "webcam",
            "camcorder",
            "scanner",
            "sd",
            "card",
            "sdcard",
            "karte",
            "speicherkarte",
        ),
        *("chip", "memory", "stick", "usb", "disk", "drive", "festplatte", "hdd", "ssd", "nas", "laptop", "notebook"),
        *("pc", "mac", "macbook", "computer", "cloud", "icloud", "onedrive", "whatsapp", "telegram", "signal"),
        *("instagram", "facebook", "messenger", "snapchat", "viber", "wechat", "screenshots", "bildschirmfotos"),
        *("телефон", "камера", "фотоаппарат"),
    }
)
_OWNERS = 1
"""Words beside a device that are taken for its owner's name, or for its model."""
_FILLERS = frozenset(
    {
        *("photo", "photos", "picture", "pictures", "pics", "image", "images", "foto", "fotos", "bild", "bilder"),
        *("video", "videos", "movies", "imágenes", "immagini", "afbeeldingen", "фото", "from", "of", "by", "my", "our"),
        *("s", "von", "vom", "der", "die", "das", "mein", "meine", "unser", "unsere", "du", "des", "la", "le"),
        *("les", "mon", "ma", "mes", "del", "el", "mi", "mis", "di", "da", "il", "mio", "mia", "van", "mijn", "do"),
        *("dos", "and", "und", "et", "y", "e", "en", "och", "og", "i", "roll", "storage", "speicher", "mini", "pro"),
        *("plus", "max", "ultra", "lite", "note", "edge", "mark", "ii", "iii", "iv", "se", "xr", "xs"),
    }
)
_WORDS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def worth_of(levels: Iterable[str]) -> Worth:
    """Worth of a description: that of its best level."""
    return max(map(_worth_of_level, levels), default=Worth.NOTHING)


@lru_cache(maxsize=1 << 14)
def _worth_of_level(level: str) -> Worth:
    words = [word for word in _WORDS.findall(paths.folded(level)) if not word.isdecimal()]
    telling = [word for word in words if word not in _FILLERS]
    if words and all(word in _UNSORTED for word in words):
        return Worth.UNSORTED
    others = [word for word in telling if word not in _DEVICES and word not in _RELATIVES]
    if len(others) < len(telling) and any(word in _DEVICES for word in telling):
        others = [word for word in others if not _is_model(word)][_OWNERS:]
    return Worth.EVENT if others or not telling else Worth.WHOSE


def _is_model(word: str) -> bool:
    """Whether a word has the shape of a model's name: ``70d``, ``s7``, ``rx100``."""
    return any(character.isdigit() for character in word)
