"""A request's declared options as arguments of the command line, and what was typed as values for the request."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from image_sync.base.options import Declared, Kind, options_of, word_of
from image_sync.base.words import DAY_S
from image_sync.cli import arguments
from image_sync.cli.arguments import Parser, wrong

_Group = argparse._ArgumentGroup


def add_options(parser: Parser, request: type[Any]) -> None:
    """All options of a request's class that have a flag, under their headings in the order of the fields."""
    add_declared(parser, (declared for declared in options_of(request) if declared.option.flag))


def add_declared(parser: Parser, options: Iterable[Declared]) -> None:
    """Add these options, under their headings."""
    groups: dict[str, _Group] = {}
    for declared in options:
        title = declared.option.group
        if title not in groups:
            groups[title] = parser.add_argument_group(title)
        _ADDERS[declared.option.kind](parser, groups[title], declared)
        if declared.option.kind in (Kind.CHOICE, Kind.ORDER):
            known = declared.option.values or type(declared.default)
            named = [one.name.lower() if declared.option.kind is Kind.ORDER else word_of(one) for one in known]
            setattr(parser._option_string_actions[declared.option.flag], arguments.WORDS, tuple(named))


def chosen_options(
    values: argparse.Namespace, request: type[Any], begin: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Parsed options by the request's fields; an option that was not typed is as in ``begin``, else has its default.

    Names that were typed are added to those of ``begin``.
    """
    result = {}
    known = begin or {}
    for declared in options_of(request):
        name, usual = declared.name, known.get(declared.name, declared.default)
        typed = getattr(values, name, None) if declared.option.flag else None
        if isinstance(typed, list):
            result[name] = (*usual, *typed)
        elif typed is None or (name in known and name not in values.typed):
            result[name] = usual
        elif declared.option.kind is Kind.LISTED:
            result[name] = arguments.listed(typed, null=values.null)
        else:
            result[name] = typed
    return result


def flag_of(value: Enum) -> str:
    """The flag that stands for one member of an enum: ``--keep-best``."""
    return f"--{word_of(value)}"


# --- one option -------------------------------------------------------------------------------------------------------


def _add_switch(_parser: Parser, group: _Group, declared: Declared) -> None:
    action: Any = argparse.BooleanOptionalAction if declared.default else "store_true"
    group.add_argument(
        declared.option.flag, dest=declared.name, action=action, default=declared.default, help=declared.option.help
    )


def _add_choice(_parser: Parser, group: _Group, declared: Declared) -> None:
    """One of an enum by its word; where each member has words of its own, by a flag of its own too."""
    members = _by_word(declared)
    if not any(value.help for value in (declared.option.values or {}).values()):
        _add_value(group, declared, _member(members))
        return
    together = group.add_mutually_exclusive_group()
    _add_flags_to(together, declared)
    words = f"one of these: {', '.join(members)}"
    together.add_argument(
        declared.option.flag, dest=declared.name, metavar=declared.option.metavar, type=_member(members), help=words
    )


def _add_flags(_parser: Parser, group: _Group, declared: Declared) -> None:
    _add_flags_to(group.add_mutually_exclusive_group(), declared)


def _add_flags_to(group: argparse._MutuallyExclusiveGroup, declared: Declared) -> None:
    for member, value in (declared.option.values or {}).items():
        group.add_argument(
            flag_of(member), dest=declared.name, action="store_const", const=member, help=value.help or None
        )


def _add_limit(parser: Parser, group: _Group, declared: Declared) -> None:
    option = declared.option
    help_words = option.help.replace("%(const)s", str(option.alone))
    if option.alone is not None:
        parser.optional_values[option.flag] = str(option.alone)
    group.add_argument(
        option.flag,
        dest=declared.name,
        metavar=option.metavar,
        type=_whole(option.unit or "entries"),
        default=declared.default,
        help=help_words,
    )


def _add_number(_parser: Parser, group: _Group, declared: Declared) -> None:
    _add_value(group, declared, _whole("entries"))


def _add_share(_parser: Parser, group: _Group, declared: Declared) -> None:
    _add_value(group, declared, arguments.threshold if declared.option.least else _share)


def _add_seconds(_parser: Parser, group: _Group, declared: Declared) -> None:
    _add_value(group, declared, _nanoseconds)


def _add_size(_parser: Parser, group: _Group, declared: Declared) -> None:
    _add_value(group, declared, arguments.file_size)


def _add_text(_parser: Parser, group: _Group, declared: Declared) -> None:
    option = declared.option
    group.add_argument(
        option.flag,
        dest=declared.name,
        metavar=option.metavar,
        choices=option.one_of or None,
        default=declared.default,
        help=option.help,
    )


def _add_names(_parser: Parser, group: _Group, declared: Declared) -> None:
    option = declared.option
    group.add_argument(
        option.flag, dest=declared.name, metavar=option.metavar, action="append", default=[], help=option.help
    )


def _add_listed(_parser: Parser, group: _Group, declared: Declared) -> None:
    option = declared.option
    group.add_argument(option.flag, dest=declared.name, metavar=option.metavar, help=option.help)
    group.add_argument(
        "-0", "--null", action="store_true", help="null bytes end the names, as find -print0 writes them"
    )
    group._has_negative_number_optionals.clear()  # a flag that is a digit must not make options of all numbers


def _add_order(_parser: Parser, group: _Group, declared: Declared) -> None:
    members = {member.name.lower(): member for member in declared.option.values or {}}

    def order(text: str) -> tuple[Enum, ...]:
        """The named members first, the others behind them in their usual order."""
        named = tuple(members[name] for name in arguments.chosen(text, tuple(members)))
        return (*named, *(member for member in declared.default if member not in named))

    words = f"{declared.option.help} (default: {','.join(members)})"
    _add_value(group, declared, order, words)


def _add_value(group: _Group, declared: Declared, parse: Callable[[str], Any], help_words: str = "") -> None:
    option = declared.option
    group.add_argument(
        option.flag,
        dest=declared.name,
        metavar=option.metavar,
        type=parse,
        default=declared.default,
        help=help_words or option.help,
    )


_ADDERS: Mapping[Kind, Callable[[Parser, _Group, Declared], None]] = {
    Kind.SWITCH: _add_switch,
    Kind.CHOICE: _add_choice,
    Kind.FLAGS: _add_flags,
    Kind.SHARE: _add_share,
    Kind.NUMBER: _add_number,
    Kind.LIMIT: _add_limit,
    Kind.SECONDS: _add_seconds,
    Kind.SIZE: _add_size,
    Kind.TEXT: _add_text,
    Kind.NAMES: _add_names,
    Kind.LISTED: _add_listed,
    Kind.ORDER: _add_order,
    Kind.FOLDERS: _add_names,
    Kind.FOLDER: _add_text,
}


# --- values -----------------------------------------------------------------------------------------------------------


def _by_word(declared: Declared) -> dict[str, Enum]:
    return {word_of(member): member for member in type(declared.default)}


def _member(members: Mapping[str, Enum]) -> Callable[[str], Enum]:
    def parse(text: str) -> Enum:
        name = text.strip().casefold().replace("_", "-").replace(" ", "-")
        if name not in members:
            raise wrong(f"'{text}' is not one of {', '.join(members)}")
        return members[name]

    return parse


def _whole(what: str) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 10**8:
            raise wrong(f"'{text}' is no number of {what}")
        return int(text)

    return parse


def _share(text: str) -> float:
    """``50`` or ``50%`` as 0.5."""
    number = _number(text.strip().removesuffix("%"))
    if not 0 <= number <= 100:
        raise wrong(f"must be from 0 to 100, not '{text}'")
    return number / 100


def _nanoseconds(text: str) -> int:
    """Seconds as nanoseconds."""
    number = _number(text.strip().removesuffix("s"))
    if not 0 <= number <= DAY_S:
        raise wrong(f"must be from 0 to {DAY_S} seconds, not '{text}'")
    return round(number * 1e9)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise wrong(f"'{text}' is no number") from None
