"""The one place where the window's words become translatable.

Every text that a person reads goes through ``_`` or ``ngettext``, so a translation is one catalog below
``image_sync/locale`` and no change to the code.  Without one the words stay as they are written.  The language is set
once, before the first widget is made; no text is translated while a module loads.  Nothing here imports tkinter; view
models use it too.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable, Mapping

DOMAIN = "image-sync"
LOCALE = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "locale")
ENGLISH = "en"
LANGUAGES: Mapping[str, str] = {ENGLISH: "English", "de": "Deutsch", "ja": "日本語"}
"""The languages that the window speaks, each by its own name."""
_ASKED = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Variables that name the languages that a person wants, the first that is set counts (POSIX, GNU gettext)."""


class _Spoken:
    """The language that is spoken, and its catalog."""

    language = ENGLISH
    catalog: gettext.NullTranslations = gettext.NullTranslations()


def _(text: str) -> str:
    """``text`` in the language of the window; an empty one stays empty."""
    return _Spoken.catalog.gettext(text) if text else ""


def ngettext(one: str, many: str, number: int) -> str:
    """The form of ``one`` and ``many`` that goes with ``number`` in the language of the window."""
    return _Spoken.catalog.ngettext(one, many, number)


def language() -> str:
    """The language that the window speaks: a key of ``LANGUAGES``."""
    return _Spoken.language


def speak(wanted: str = "", catalog: gettext.NullTranslations | None = None) -> None:
    """Speak the language ``wanted`` from now on, or that of the system where it is empty or unknown.

    A ``catalog`` is taken instead of that of the language.
    """
    _Spoken.language = wanted if wanted in LANGUAGES else system_language()
    _Spoken.catalog = catalog or _catalog(_Spoken.language)


def system_language(environment: Mapping[str, str] = os.environ, asked: Callable[[], str] | None = None) -> str:
    """The first language that the environment wants and the window speaks; English where there is none."""
    for name in _ASKED:
        value = environment.get(name, "")
        # As in GNU gettext: who runs a program in the locale "C" wants no translation, whatever LANGUAGE says.
        if value and not (name == "LANGUAGE" and _plain(environment)):
            return next((found for one in value.split(":") if (found := _known(one))), ENGLISH)
    return _known((asked or _system_asked)()) or ENGLISH


def _plain(environment: Mapping[str, str]) -> bool:
    locale = next((environment[name] for name in _ASKED[1:] if environment.get(name)), "")
    return locale.split(".")[0] in ("C", "POSIX")


def _known(locale: str) -> str:
    """The language of ``de_AT.UTF-8@euro`` or ``German_Austria`` that the window speaks; empty where there is none."""
    plain = locale.split(".")[0].split("@")[0].replace("-", "_").split("_")[0].lower()
    plain = {"german": "de", "japanese": "ja", "english": ENGLISH}.get(plain, plain)
    return plain if plain in LANGUAGES else ""


def _system_asked() -> str:
    """The language that Windows or macOS was set to, where no variable says one."""
    import locale
    import sys

    if sys.platform == "win32":
        import ctypes

        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    try:
        return locale.getlocale()[0] or ""
    except ValueError:
        return ""


def _catalog(spoken: str) -> gettext.NullTranslations:
    try:
        return gettext.translation(DOMAIN, LOCALE, [spoken])
    except OSError:
        return gettext.NullTranslations()


speak()
