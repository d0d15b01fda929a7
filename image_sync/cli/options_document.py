"""Document of all options: ``python -m image_sync.cli.options_document > docs/options.md``."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from image_sync import ImportRequest, OrganizeRequest, SyncRequest
from image_sync.base.options import Declared, Kind, Place, options_of, places_of, word_of
from image_sync.cli.options import flag_of

_PLACES = {
    Place.USUAL: "below the folders",
    Place.RARE: "under *More*",
    Place.ELSEWHERE: "in Settings or beside the folder",
    Place.NOWHERE: "not in the window",
}
_HEAD = """\
# All options

Made by `python -m image_sync.cli.options_document > docs/options.md` from the declarations in
`image_sync/jobs/*/request.py`. A changed choice needs a new scan unless its last column argues why it needs none.

In a preset (`presets.toml`, see the [guide](guide.md)) a choice has the name of the second column and the value that
the command line takes: words and texts in quotation marks, shares as 0.85, sizes in bytes, times in nanoseconds, lists
in brackets.
"""


def document() -> str:
    """The whole document."""
    parts = [_HEAD]
    for name, request in (("organize", OrganizeRequest), ("sync", SyncRequest), ("import", ImportRequest)):
        places = ", ".join(f"`{place}`" for place in places_of(request))
        parts += [f"\n## {name}\n", f"Folders in a preset: {places}.\n", *_table(request)]
    return "\n".join(parts) + "\n"


def _table(request: type[Any]) -> Iterator[str]:
    yield "| command line | in a preset | default | what it means | in the window | follows without a new scan |"
    yield "|---|---|---|---|---|---|"
    for declared in options_of(request):
        if declared.option.flag:
            yield "| " + " | ".join(_row(declared)) + " |"


def _row(declared: Declared) -> tuple[str, ...]:
    option = declared.option
    place = _PLACES[option.place]
    window = f"“{option.words}”, {place}" if option.words and option.place is not Place.NOWHERE else place
    return _flags(declared), f"`{declared.name}`", _shown(declared), _meaning(declared), window, option.no_scan or "no"


def _flags(declared: Declared) -> str:
    option = declared.option
    members = [f"`{flag_of(member)}`" for member, value in (option.values or {}).items() if value.help]
    if option.kind is Kind.FLAGS:
        return ", ".join(members)
    return ", ".join([f"`{' '.join(filter(None, (option.flag, option.metavar)))}`", *members])


def _meaning(declared: Declared) -> str:
    option = declared.option
    words = option.help.replace("%%", "%").replace(" (default: %(default).2f)", "")
    words = words.replace(" (default: %(default)s)", "").replace("%(default)s", str(declared.default))
    words = words.replace("%(const)s", str(option.alone))
    each = [f"{word_of(member)}: {value.help or value.words}" for member, value in (option.values or {}).items()]
    return "; ".join(filter(None, [words, *(each if not words else [])]))


def _shown(declared: Declared) -> str:
    default = declared.default
    if isinstance(default, Enum):
        return word_of(default)
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, tuple):
        return ", ".join(one.name.lower() if isinstance(one, Enum) else str(one) for one in default) or "none"
    return "none" if default in ("", None) else str(default)


if __name__ == "__main__":
    print(document(), end="")
