"""Preferences of the window: what it remembers between launches, as a value, read and written."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import platformdirs

from image_sync.base.places import APPLICATION
from image_sync.base.whole_file import write_whole
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _

RECENT_FOLDERS = 10


def preferences_path() -> str:
    """Path of the window's preferences."""
    return os.path.join(platformdirs.user_config_dir(APPLICATION, appauthor=False), "preferences.json")


Saved = bool | int | float | str
"""What a choice is written as."""
_FORMERLY = {
    "organize": ("threshold", "transfer", "handling", "rotations", "level"),
    "import": "importing",
    "sync": "syncing",
}
"""Where files of earlier versions hold the choices of each job: keys of their own, or a mapping."""
_RENAMED = {"tolerance": "tolerance_ns"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """Preferences of the window.

    ``language`` is a key of ``i18n.LANGUAGES``, empty for that of the system.
    ``recent`` maps a field's name to the folders last used in it, newest first.  ``scale`` is the size of everything in
    percent, 0 for what the system says.  ``best_order`` holds values of ``Preference``, separated by commas.
    ``workers`` is the number of pictures read at once, 0 for the cores.  ``rules`` are those that choose in many groups
    at once, as their list writes them down.  ``exclude`` and ``include`` hold glob patterns, separated by semicolons.
    ``preferred`` is the name of an input folder's field.  ``view`` is how groups are shown (``tiles`` or ``table``),
    ``tile`` the size of a tile's picture at 100 %.  ``last`` are the folders of the last run of each job, by the
    job and the form's fields.  ``greeted`` tells that the first start is over.  ``notify`` tells the
    desktop when a long run ends behind other windows.  ``choices`` hold those of the last run of each job, by the job
    and the fields of its request.
    """

    recent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    theme: str = "system"
    language: str = ""
    geometry: str = ""
    scale: int = 0
    best_order: str = ""
    rules: str = ""
    workers: int = 0
    exclude: str = ""
    minimum_size: int = 0
    preferred: str = ""
    include: str = ""
    exact_search: bool = False
    view: str = "tiles"
    tile: int = 160
    notify: bool = True
    greeted: bool = False
    last: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, Saved]] = field(default_factory=dict)

    def with_recent(self, name: str, folder: str) -> Preferences:
        """These preferences with ``folder`` first among the recent ones of field ``name``."""
        others = [known for known in self.recent.get(name, ()) if known != folder]
        return replace(self, recent={**self.recent, name: (folder, *others)[:RECENT_FOLDERS]})


@dataclass(frozen=True, slots=True)
class Loaded:
    """Preferences as they were read; ``trouble`` says in words why they are the usual ones."""

    preferences: Preferences
    trouble: str = ""


def load_preferences(path: str | None = None) -> Preferences:
    """The saved preferences; what is missing, damaged or of another type falls back to its default."""
    return load_or_set_aside(path).preferences


def load_or_set_aside(path: str | None = None) -> Loaded:
    """The saved preferences; a file that can't be understood is kept under another name, so that none is lost."""
    place = path or preferences_path()
    try:
        saved = _read(place)
    except OSError:
        return Loaded(Preferences())
    except (ValueError, RecursionError):
        aside = f"{place}.set-aside"
        with contextlib.suppress(OSError):
            os.replace(place, aside)
        words = _("The settings could not be read; they are kept as {path}, and the usual ones count.")
        return Loaded(Preferences(), words.format(path=shown(aside)))
    return Loaded(_understood(saved))


def _read(place: str) -> dict[str, Any]:
    with open(place, encoding="utf-8", errors="surrogateescape") as stream:
        saved = json.load(stream)
    if not isinstance(saved, dict):
        raise ValueError("no settings")
    return saved


def _understood(saved: Mapping[str, Any]) -> Preferences:
    default = asdict(Preferences())
    known = {key: value for key, value in saved.items() if key in default and isinstance(value, type(default[key]))}
    known["recent"] = _folders(known.get("recent"))
    last = known.get("last", {})
    known["last"] = {job: _folders(fields) for job, fields in last.items()}
    known["choices"] = _choices(saved)
    return Preferences(**known)


def _folders(saved: object) -> dict[str, tuple[str, ...]]:
    """Lists of folders by a name."""
    return {
        key: tuple(folder for folder in folders if isinstance(folder, str))
        for key, folders in (saved.items() if isinstance(saved, dict) else ())
        if isinstance(folders, list)
    }


def _choices(saved: Mapping[str, Any]) -> dict[str, dict[str, Saved]]:
    """The choices of each job, also out of a file of an earlier version."""
    result: dict[str, dict[str, Saved]] = {}
    for job, former in _FORMERLY.items():
        old = saved.get(former) if isinstance(former, str) else {key: saved[key] for key in former if key in saved}
        known = _saved_of(old)
        if known:
            result[job] = {_RENAMED.get(name, name): value for name, value in known.items()}
    now = saved.get("choices", {})
    for job, values in now.items() if isinstance(now, dict) else ():
        result[job] = _saved_of(values)
    return result


def _saved_of(values: object) -> dict[str, Saved]:
    if not isinstance(values, dict):
        return {}
    return {name: value for name, value in values.items() if isinstance(value, bool | int | float | str)}


def save_preferences(preferences: Preferences, path: str | None = None) -> None:
    """Write the preferences whole or not at all; a failure is of no importance and is passed over.

    What another version has in the file, and this one does not know, stays there.
    """
    place = path or preferences_path()
    known = asdict(preferences)
    others: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError, RecursionError):
        others = {name: value for name, value in _read(place).items() if name not in known}
    content = json.dumps({**known, **others}, indent=1, ensure_ascii=False)
    with contextlib.suppress(OSError):
        write_whole(place, content.encode("utf-8", errors="surrogateescape"))
