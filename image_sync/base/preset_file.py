"""The file of presets: one readable TOML file that people may edit by hand, and that the program changes with care.

A change touches one preset; comments, order and whatever this version does not know stay as they are.  A file that is
broken, or that a newer version wrote, is said in words and never written.  Import it when it is needed, not before: the
reader of TOML takes its time to load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import ParseError
from tomlkit.items import AoT, Comment, Item, Table, Whitespace

from image_sync.base import paths
from image_sync.base.errors import explained, reason
from image_sync.base.model import Refused
from image_sync.base.places import presets_path as presets_path
from image_sync.base.presets import Plain, Preset, checked_name
from image_sync.base.whole_file import write_whole

FILE_FORMAT = 1
"""The version of the layout that this program writes; a higher one is not its to change."""
_FORMAT, _PRESET, _NAME, _JOB = "format", "preset", "name", "job"
_HEADER = (
    "Presets of Image Sync: named choices for organize, sync and import, used by the window and by --preset.",
    "Edit it as you like: docs/options.md tells the names of the choices; folders are absolute or begin with ~.",
)
_MOST_BYTES = 4 << 20
"""Size from which on the file is not taken for ours."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Presets that are kept, in the order of the file.

    ``trouble`` says why none can be read or changed; ``remarks`` are about single entries that are passed over.
    """

    presets: tuple[Preset, ...] = ()
    trouble: str = ""
    remarks: tuple[str, ...] = ()


def load(path: str = "") -> Kept:
    """The presets of the file; nothing is raised, and a file that is not there holds none."""
    place = path or presets_path()
    try:
        entries = _entries(_read(place))
    except Refused as refused:
        return Kept(trouble=str(refused))
    presets: dict[tuple[str, str], Preset] = {}
    remarks = []
    for number, entry in enumerate(entries, 1):
        try:
            preset = _preset(entry)
            if (preset.job, preset.name) in presets:
                raise ValueError(f"a second preset “{preset.name}” for {preset.job}")
            presets[preset.job, preset.name] = preset
        except (ValueError, Refused) as error:
            what = str(error).rstrip(".")
            remarks.append(f"Entry {number} of {paths.display(place)} is passed over: {what}.")
    return Kept(tuple(presets.values()), remarks=tuple(remarks))


def save(preset: Preset, request: type[Any], path: str = "") -> None:
    """Keep a preset for a job with that request; one of the same job and name is changed, its unknown values stay.

    Raises ``Refused``; the file is as it was then.
    """

    def change(document: TOMLDocument) -> None:
        table = _found(document, preset.job, preset.name) or _added(document, preset)
        for field in fields(request):
            if field.name not in preset.values:
                table.pop(field.name, None)
        behind = _taken_from_end(table)
        for name, value in preset.values.items():
            plain = list(value) if isinstance(value, tuple) else value
            if name not in table or table[name] != plain:
                table[name] = plain
        _put_at_end(table, behind)

    _change(path or presets_path(), change)


def delete(job: str, name: str, path: str = "") -> None:
    """Take a preset out of the file.  Raises ``Refused``, also where it is not there."""

    def change(document: TOMLDocument) -> None:
        _take_out(document, _needed(document, job, name))

    _change(path or presets_path(), change)


def rename(job: str, name: str, new: str, path: str = "") -> str:
    """Give a preset another name, which is returned as it is kept.  Raises ``Refused``, also where it is taken."""
    wanted = checked_name(new)

    def change(document: TOMLDocument) -> None:
        table = _needed(document, job, name)
        other = _found(document, job, wanted)
        if other is not None and other is not table:
            raise Refused(f"There is a preset “{wanted}” for {job} already.")
        table[_NAME] = wanted

    _change(path or presets_path(), change)
    return wanted


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(place: str) -> TOMLDocument:
    """The document; an empty one where no file is.  Raises ``Refused`` for what can't be read or is not ours to
    change."""
    shown = paths.display(place)
    try:
        with open(place, "rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return tomlkit.document()
    except OSError as error:
        raise Refused(f"The presets in {shown} can't be read: {reason(error)}.") from error
    try:
        if len(content) > _MOST_BYTES:
            raise ValueError("it is far too large for a file of presets")
        document = tomlkit.parse(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(_broken(shown, "it is no UTF-8 text")) from error
    except (ParseError, ValueError, RecursionError) as error:
        raise Refused(_broken(shown, str(error) or "it is nested too deeply")) from error
    layout = document.get(_FORMAT, FILE_FORMAT if not document else None)
    if isinstance(layout, int) and layout > FILE_FORMAT:
        raise Refused(
            f"The presets in {shown} were written by a newer version of Image Sync. Use that version; nothing is "
            "changed in the file."
        )
    if layout is not None and (isinstance(layout, bool) or layout != FILE_FORMAT):
        raise Refused(_broken(shown, f"“{_FORMAT}” must be {FILE_FORMAT}"))
    return document


def _broken(shown: str, what: str) -> str:
    return (
        f"The presets in {shown} can't be read: {what.rstrip('.')}. Mend the file or move it away; until then nothing "
        "is changed in it."
    )


def _tables(document: TOMLDocument) -> AoT | None:
    found = document.get(_PRESET)
    return found if isinstance(found, AoT) else None


def _entries(document: TOMLDocument) -> list[dict[str, Any]]:
    """The presets as plain dictionaries."""
    found = document.unwrap().get(_PRESET, [])
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _preset(entry: dict[str, Any]) -> Preset:
    """The preset of an entry.  Raises ``ValueError`` or ``Refused`` with the reason."""
    name, job = entry.get(_NAME), entry.get(_JOB)
    if not isinstance(name, str) or not isinstance(job, str):
        raise ValueError(f"it needs a “{_NAME}” and a “{_JOB}”, both texts")
    values = {key: _plain(key, value) for key, value in entry.items() if key not in (_NAME, _JOB)}
    return Preset(job, checked_name(name), values)


def _plain(key: str, value: Any) -> Plain:
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise ValueError(f"“{paths.display(key)}” must be true, false, a number, a text or a list of texts")


# --- changing ---------------------------------------------------------------------------------------------------------


def _change(place: str, change: Callable[[TOMLDocument], None]) -> None:
    """Change the document on the disk: what another program wrote a moment ago is in it."""
    document = _read(place)
    change(document)
    try:
        write_whole(place, tomlkit.dumps(document).encode("utf-8"))
    except OSError as error:
        why, what = explained(error)
        raise Refused(f"The presets in {paths.display(place)} can't be written: {why}. {what}".strip()) from error


def _found(document: TOMLDocument, job: str, name: str) -> Table | None:
    def told(value: Any) -> str:
        return " ".join(str(value).split())

    tables: Iterable[Table] = _tables(document) or ()
    return next((table for table in tables if table.get(_JOB) == job and told(table.get(_NAME)) == name), None)


def _needed(document: TOMLDocument, job: str, name: str) -> Table:
    table = _found(document, job, name)
    if table is None:
        raise Refused(f"There is no preset “{paths.display(name)}” for {job}.")
    return table


def _added(document: TOMLDocument, preset: Preset) -> Table:
    """A new table at the end of the document, which gets its header where it is new too."""
    if _FORMAT not in document:
        if not document:
            for line in _HEADER:
                document.add(tomlkit.comment(line))
        document[_FORMAT] = FILE_FORMAT
    table = tomlkit.table()
    table[_NAME], table[_JOB] = preset.name, preset.job
    tables = _tables(document)
    if tables is None:
        if document.get(_PRESET):
            raise Refused(f"“{_PRESET}” in the file of presets must be a list of tables.")
        document.pop(_PRESET, None)
        _end_with_space(document)
        document[_PRESET] = tomlkit.aot()
        tables = _tables(document)
        assert tables is not None
    else:
        _end_with_space(tables[-1])
    tables.append(table)
    added = tables[-1]
    assert isinstance(added, type(table))
    return added


def _end_with_space(last: TOMLDocument | Table) -> None:
    """Leave a line free before what comes next."""
    if not last.as_string().endswith("\n\n"):
        last.add(tomlkit.nl())


def _take_out(document: TOMLDocument, table: Table) -> None:
    """Remove a table; the comment above the next one is no part of it and stays."""
    tables = _tables(document)
    assert tables is not None
    number = next(number for number, one in enumerate(tables) if one is table)
    behind = _taken_from_end(table)
    if len(tables) == 1:
        document.pop(_PRESET)
    else:
        del tables[number]
    if any(isinstance(one, Comment) for one in behind):
        _put_at_end(tables[number - 1] if number else document, behind)


def _taken_from_end(table: Table) -> list[Item]:
    """The comments and empty lines behind the last value of a table, which are the next one's; they are taken out."""
    body = table.value.body
    number = len(body)
    while number and body[number - 1][0] is None:
        number -= 1
    behind = [item for _key, item in body[number:]]
    del body[number:]
    return behind


def _put_at_end(table: TOMLDocument | Table, behind: Iterable[Item]) -> None:
    """Put comments and empty lines behind the last value."""
    for item in behind:
        assert isinstance(item, Comment | Whitespace)
        table.add(item)
