"""The catalogs of translations: whole, of the same placeholders as the English, and compiled from what is read."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from image_sync.gui.widgets import formatting, i18n
from image_sync.gui.widgets.i18n import ENGLISH, LANGUAGES, speak, system_language
from tests.gui.pseudo import Pseudo, pseudo

pytest.importorskip("babel", reason="Babel, which reads catalogs, is not installed")

from tests.gui.catalogs import TRANSLATED, compiled, merged, missing, place, read, template, written

PACKAGE = Path(__file__).resolve().parents[2] / "image_sync"
PLACEHOLDER = re.compile(r"\{[^}]*\}")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    speak(ENGLISH)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalog_holds_every_text_of_the_window_and_no_other(language: str) -> None:
    lacking = [message.id for message in missing(merged(language))]
    assert lacking == [], "python -m tests.gui.catalogs brings the catalogs up to date"
    assert written(read(language)) == written(merged(language)), "python -m tests.gui.catalogs does it"


def test_an_untranslated_text_is_seen() -> None:
    catalog = merged("de")
    catalog.add("Said by nobody")
    catalog.add(("{count} newt", "{count} newts"), ("{count} Molch", ""))
    assert [message.id for message in missing(catalog)] == ["Said by nobody", ("{count} newt", "{count} newts")]


def test_what_the_window_says_is_found_in_every_way_that_it_is_marked() -> None:
    said = {message.id if isinstance(message.id, str) else message.id[0] for message in template()}
    assert {"Apply", "Same photo", "{count} group", "Move {count} file", "Becomes a hard link of {name}"} <= said


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_and_the_edges_of_the_english(language: str) -> None:
    wrong = []
    for message in read(language):
        if not message.id:
            continue
        plural = not isinstance(message.id, str)
        # One of the forms may do without the number ("the file"), as the English does.
        wanted = {_shape(one) for one in (message.id if plural else (message.id,))}
        forms = message.string if plural else (message.string,)
        if not {_shape(form) for form in forms} <= wanted or not all(form.strip() for form in forms if form != ", "):
            wrong.append((message.id, message.string))
    assert wrong == []


def _shape(words: str) -> tuple[object, ...]:
    names = frozenset(Counter(PLACEHOLDER.findall(words)).items())
    return names, words.count("\n")


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_plural_has_all_forms_of_its_language(language: str) -> None:
    catalog = read(language)
    for message in catalog:
        if message.id and not isinstance(message.id, str):
            assert len(message.string) == catalog.num_plurals, message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalog_is_that_of_the_text(language: str) -> None:
    assert Path(place(language, "mo")).read_bytes() == compiled(language), "python -m tests.gui.catalogs compiles it"


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [(ENGLISH, "1 group", "1,204 groups"), ("de", "1 Gruppe", "1.204 Gruppen"), ("ja", "1 グループ", "1,204 グループ")],
)
def test_the_window_speaks(language: str, one: str, many: str) -> None:
    speak(language)
    assert i18n.language() == language
    assert (formatting.groups(1), formatting.groups(1204)) == (one, many)
    assert i18n._("") == "", "no header of a catalog where nothing is to be said"


def test_nothing_is_translated_while_a_module_loads() -> None:
    """What is said then would be said in the language of the moment, for ever."""
    early = {
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in _said_at_once(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert early == set()


def test_what_is_translated_at_once_is_seen() -> None:
    code = (
        "A = _('a')\nclass B:\n    c = f(ngettext('b', 'c', 1))\n"
        "def g(x=_('d')):\n    return _('e')\nh = lambda: _('i')"
    )
    assert sorted(call.lineno for call in _said_at_once(ast.parse(code))) == [1, 3, 4]


def _said_at_once(node: ast.AST) -> Iterator[ast.Call]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            yield from _said_at_once(default)
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from _said_at_once(child)


# --- the language of the system ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, ENGLISH),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "ja_JP.eucJP"}, "ja"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8", "LC_ALL": "C.UTF-8"}, ENGLISH),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "fr:de:en"}, "de"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "en:de"}, ENGLISH),
        ({"LC_ALL": "C", "LANGUAGE": "de"}, ENGLISH),
        ({"LANG": "", "LANGUAGE": "de"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, ENGLISH),
        ({"LANG": "de"}, "de"),
        ({"LANG": "deutsch"}, ENGLISH),
        ({"LANG": "@"}, ENGLISH),
    ],
)
def test_the_environment_says_the_language(environment: dict[str, str], language: str) -> None:
    assert system_language(environment, lambda: "") == language


@pytest.mark.parametrize(("asked", "language"), [("German_Austria", "de"), ("ja_JP", "ja"), ("", ENGLISH)])
def test_the_system_is_asked_where_no_variable_is_set(asked: str, language: str) -> None:
    assert system_language({}, lambda: asked) == language
    assert system_language({"LANG": "en_GB"}, lambda: asked) == ENGLISH


def test_a_language_that_is_not_known_is_that_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    for wanted in ("", "tlh", "../../etc"):
        speak(wanted)
        assert i18n.language() == "de"
    speak("ja")
    assert i18n.language() == "ja"


# --- numbers and dates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (ENGLISH, ("12,480", "3.1 KiB", "62 %", "about 20 s left", "2025-11-20 08:30", "812 bytes", "3.2/s")),
        ("de", ("12.480", "3,1 KiB", "62 %", "noch etwa 20 s", "20.11.2025 08:30", "812 Bytes", "3,2/s")),
        ("ja", ("12,480", "3.1 KiB", "62%", "残り約 20 秒", "2025/11/20 08:30", "812 バイト", "3.2/秒")),
    ],
)
def test_numbers_and_dates_are_those_of_the_language(language: str, told: tuple[str, ...]) -> None:
    speak(language)
    assert told == (
        formatting.count(12480),
        formatting.size(3174),
        formatting.percent(0.62),
        formatting.time_left(19),
        formatting.moment("2025-11-20T08:30:12"),
        formatting.size(812),
        formatting.rate(3.2),
    )


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_signs_are_those_of_cldr(language: str) -> None:
    from babel import Locale, numbers
    from babel.dates import format_date

    signs = formatting.SIGNS[language]
    assert signs.decimal == numbers.get_decimal_symbol(language)
    assert signs.thousands == numbers.get_group_symbol(language)
    # CLDR has a space that does not break; the window needs none of that kind.
    wanted = Locale(language).percent_formats[None].pattern.replace("#,##0", "{number}").replace("\xa0", " ")
    assert signs.percent == wanted
    speak(language)
    assert formatting.day(date(2025, 3, 7)) == format_date(date(2025, 3, 7), "medium", language)


def test_a_day_of_long_ago_has_four_figures_of_a_year() -> None:
    assert formatting.day(date(812, 3, 7)) == "0812-03-07"
    assert formatting.clock(datetime(2025, 3, 7, 4, 5, 6), exact=True) == "2025-03-07 04:05:06"


@pytest.mark.parametrize(
    ("parts", "told"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_parts_are_listed(parts: list[str], told: str) -> None:
    assert formatting.and_(parts) == told


# --- the language that nobody speaks ----------------------------------------------------------------------------------


def test_the_language_that_nobody_speaks() -> None:
    assert pseudo("Keep all") == "⟦Kéép áll~⟧"
    assert pseudo("{count} files") == "⟦{count} fîlés⟧"
    assert pseudo("Paused. ").endswith("⟧ ")
    assert pseudo("→ ←") == "→ ←"
    speak(ENGLISH, Pseudo())
    assert formatting.groups(2).startswith("⟦2 gröüps")
    assert set(LANGUAGES) == {ENGLISH, *TRANSLATED}


def test_no_words_are_hidden_from_the_catalogs_in_a_formatted_text() -> None:
    hidden = [
        f"{path.relative_to(PACKAGE)}:{inner.lineno}"
        for path in sorted((PACKAGE / "gui").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Name)
        and inner.func.id in ("_", "ngettext")
        and isinstance(inner.args[0], ast.Constant)
    ]
    assert hidden == []
