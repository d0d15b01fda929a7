"""Folders of an exported library that are neither years nor the user's folders: albums, and the bin.

An album's copy of a picture is that picture: the name of the album says something only when the user wants it to.
Pure.
"""

from __future__ import annotations

from itertools import pairwise

from image_sync.base import paths
from image_sync.jobs.photo_import.rules.program_folders import is_google_folder, is_year_of_photos

_UNTITLED = (
    *("untitled", "ohne titel", "unbenannt", "sans titre", "sin título", "senza titolo", "sem título", "zonder titel"),
    *("bez nazwy", "bez tytułu", "bez názvu", "namnlös", "utan titel", "uden titel", "uten navn", "nimetön", "isimsiz"),
    *(
        "adsız",
        "névtelen",
        "fără titlu",
        "без названия",
        "без назви",
        "χωρίς τίτλο",
        "無題",
        "未命名",
        "无标题",
        "제목 없음",
    ),
)
_BINS = frozenset(
    {
        *("trash", "bin", "papierkorb", "corbeille", "papelera", "papelera de reciclaje", "cestino", "lixeira"),
        *("reciclagem", "prullenbak", "kosz", "koš", "kôš", "papperskorg", "papperskorgen", "papirkurv", "papirkurven"),
        *("papirkorg", "roskakori", "çöp kutusu", "çöp", "kuka", "lomtár", "coș de gunoi", "coș", "корзина", "кошик"),
        *("κάδος", "κάδος απορριμμάτων", "אשפה", "סל המחזור", "المهملات", "سلة المهملات", "ゴミ箱", "回收站", "回收桶"),
        *("垃圾桶", "垃圾箱", "휴지통", "thùng rác", "sampah", "ถังขยะ", "smeće", "otpad", "кошче", "prügikast"),
        *("atkritne", "šiukšliadėžė", "šiukšlinė"),
    }
)
"""What Google Photos calls its bin in the languages of the export."""
_RECENTLY_DELETED = frozenset(
    {
        *("recently deleted", "zuletzt gelöscht", "supprimés récemment", "eliminati di recente", "recent verwijderd"),
        *("eliminado recientemente", "eliminados recientemente", "apagado recentemente", "apagados recentemente"),
        *("最近削除した項目", "最近删除", "最近刪除", "최근 삭제된 항목", "недавно удаленные", "недавно удалённые"),
    }
)
"""What iCloud calls its bin."""


def is_album(name: str, before: str) -> bool:
    """Whether the folder ``name``, which lies in ``before``, is an album of a Takeout."""
    return is_google_folder(before) and not is_year_of_photos(name, before)


def is_untitled(name: str) -> bool:
    """Whether an album's name is the program's: ``Untitled(3)``."""
    return paths.folded(name).rstrip("0123456789() ") in _UNTITLED


def whose_bin(folder: str) -> str:
    """The name of the library in whose bin a folder below an input lies; empty where it lies in none."""
    names = paths.components(folder)
    if any(paths.folded(name) in _BINS and is_google_folder(before) for before, name in pairwise(names)):
        return "Google Photos"
    return "iCloud" if any(paths.folded(name) in _RECENTLY_DELETED for name in names) else ""
