"""Form of a job: its folders, and the options that its request declares for the bar below them.

Each option's value is an attribute of the form under the name of the request's field, as the widget holds it: texts as
they are typed, a limit as a tick and a text.  Whether the choices are right is the job's to say; a form only keeps its
words.  No tkinter and no disk here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

from image_sync.base.options import Declared, Kind, Place, needing_scan, option_named, options_of, places_of
from image_sync.base.words import SECOND_NS
from image_sync.gui.job.folder_field import FolderField
from image_sync.gui.preferences import Preferences, Saved
from image_sync.gui.widgets.drawable_text import shown
from image_sync.gui.widgets.i18n import _
from image_sync.gui.widgets.wording import worded

RequestT = TypeVar("RequestT")
SEPARATOR = ";"
_SHOWN = (Place.USUAL, Place.RARE)


def limit_name(name: str) -> str:
    """The attribute that holds the typed text of a limit; the limit's own holds its tick."""
    return f"{name}_limit"


def names(text: str) -> tuple[str, ...]:
    """``*.gif; cache/*`` as its parts."""
    return tuple(part.strip() for part in text.split(SEPARATOR) if part.strip())


class JobForm(Generic[RequestT]):
    """The values of a job's form; folders named in ``optional`` may stay empty.

    ``job`` is the name that the choices are remembered under, ``recent`` begins the names that the folders are.
    """

    job: ClassVar[str]
    request_type: type[RequestT]
    optional: ClassVar[tuple[str, ...]] = ()
    recent: ClassVar[str] = ""
    marked: ClassVar[tuple[str, ...]] = ()
    """Options that the folders' own marks tell."""

    def __init__(self, preferences: Preferences, fields: Sequence[FolderField]) -> None:
        self.fields = tuple(fields)
        """The folders, in their order."""
        self.mistakes: dict[str, str] = {}
        """What is wrong with a choice that is no folder, by its name."""
        self.options = tuple(one for one in options_of(self.request_type) if one.option.place in _SHOWN)
        self._usual: dict[str, Any] = {}
        self.beside: dict[str, Any] = {}
        """Values of a preset or a review that this form has no widget for, by the names of the request's fields."""
        for declared in self.options:
            self._usual.update(_raw(declared, _first(declared)))
        saved = preferences.choices.get(self.job, {})
        for name in self._usual:
            setattr(self, name, self._recalled(name, saved.get(name)))
        self._mend_recalled()
        for field in self.fields:
            setattr(self, field.name, field)
            field.remember(preferences.recent.get(self.recent + field.name, ()))
        self._fill(preferences.last.get(self.job, {}))

    # --- folders ---

    @property
    def filled_in(self) -> bool:
        """Whether every folder was given that must be."""
        return not self.missing

    @property
    def missing(self) -> str:
        """Label of the first folder that must be given and was not; empty when all are there."""
        return next((one.label for one in self.fields if one.name not in self.optional and not one.path), "")

    def _fill(self, places: Mapping[str, Sequence[str]]) -> None:
        """Fill in the folders that are told, by their fields."""
        for field in self.fields:
            field.fill(places.get(field.name, ()))

    def folders_of(self, values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        """The places of each field in the values of a preset or a review."""
        told = {field.name: values.get(field.name, "") for field in self.fields}
        return {name: (folder,) for name, folder in told.items() if folder}

    def field(self, name: str) -> FolderField:
        """The folder field of that name."""
        return next(field for field in self.fields if field.name == name)

    def show_mistakes(self, mistakes: Mapping[str, str]) -> None:
        """Keep what is wrong; an empty folder that nobody touched is no mistake yet."""
        for field in self.fields:
            field.mistake = worded(mistakes.get(field.name, "")) if field.text.strip() else ""
        shown = {declared.name for declared in self.options}
        self.mistakes = {name: worded(words) for name, words in mistakes.items() if name in shown}

    def field_for_drop(self, alone: bool) -> str:  # noqa: ARG002 - a form with an output asks
        """The field that a folder goes to which was dropped beside all of them, ``alone`` or with others; empty when
        all are filled."""
        return next((field.name for field in self.fields if not field.path), "")

    # --- presets and reviews ---

    def take(self, values: Mapping[str, Any]) -> None:
        """Take the values of a preset or a review by the names of the request's fields; what they do not tell is as
        usual."""
        self._fill(self.folders_of(values))
        self.mistakes = {}
        for declared in self.options:
            value = values[declared.name] if declared.name in values else _first(declared)
            for name, raw in _raw(declared, value).items():
                setattr(self, name, raw)
        self._mend_recalled()
        own = {*places_of(self.request_type), *self.marked, *(declared.name for declared in self.options)}
        self.beside = {name: value for name, value in values.items() if name not in own}

    def preset_values(self, request: RequestT) -> dict[str, Any]:
        """The values of ``request`` that a preset of this form tells: what can be chosen here, and what is not as
        usual."""
        told = {*places_of(request), *self.marked, *self.beside, *(declared.name for declared in self.options)}
        elsewhere = [declared for declared in options_of(request) if declared.option.place is Place.ELSEWHERE]
        told |= {one.name for one in elsewhere if getattr(request, one.name) != one.default}
        return {name: getattr(request, name) for name in told}

    @property
    def beside_words(self) -> str:
        """Words for the choices that hold though no widget of this form shows them; empty when there are none."""
        parts = [self._told_beside(name, value) for name, value in self.beside.items()]
        return _("Also chosen: {what}.").format(what="; ".join(parts)) if parts else ""

    def _told_beside(self, name: str, value: Any) -> str:
        option = option_named(self.request_type, name).option
        words = _(option.words) if option.words else option.flag
        if isinstance(value, bool):
            return words if value else _("{choice}: no").format(choice=words)
        if isinstance(value, tuple):
            value = " ".join(_(option.values[part].words) if option.values else str(part) for part in value)
        return f"{words}: {shown(str(value))}"

    def _with_beside(self, request: RequestT) -> RequestT:
        """The request with the choices that no widget shows."""
        return replace(request, **self.beside) if self.beside else request  # type: ignore[type-var]

    # --- options ---

    @property
    def unusual(self) -> int:
        """Number of the rarer choices that are other than usual."""
        rare = [declared.name for declared in self.options if declared.option.place is Place.RARE]
        return sum(1 for name in rare if getattr(self, name) != self._usual[name])

    @property
    def idle(self) -> frozenset[str]:
        """Names of the options that mean nothing beside the others."""
        return frozenset(getattr(self._bare_request(), "idle", ()))

    @property
    def implied(self) -> frozenset[str]:
        """Names of the idle switches that are on all the same."""
        return frozenset(getattr(self._bare_request(), "implied", ()))

    def set_share(self, name: str, value: float) -> None:
        """Take a share in whole percents within its limits."""
        option = option_named(self.request_type, name).option
        setattr(self, name, min(option.most, max(option.least, round(value, 2))))

    def chosen(self) -> dict[str, Any]:
        """The folders and the options of this form by the names of the request's fields."""
        paths = {field.name: field.path for field in self.fields}
        return {**paths, **{declared.name: self._value(declared) for declared in self.options}}

    def remembered(self, preferences: Preferences) -> Preferences:
        """``preferences`` with the folders of this form first among the recent ones, and with its choices."""
        for field in self.fields:
            if field.path:
                preferences = preferences.with_recent(self.recent + field.name, field.path)
        choices = {name: _saved(getattr(self, name)) for name in self._usual if self._keeps(name)}
        # What an empty text is called is in the language of the day.
        choices |= {one.name: self._value(one) for one in self.options if one.option.empty and one.name in choices}
        last = {field.name: field.places for field in self.fields if field.places}
        preferences = replace(
            preferences,
            choices={**preferences.choices, self.job: choices},
            last={**preferences.last, self.job: last},
        )
        for field in self.fields:
            field.remember(preferences.recent.get(self.recent + field.name, ()))
        return preferences

    def _recalled(self, name: str, saved: object) -> Any:
        """Saved value where it is of the right kind and remembered at all, else the usual one."""
        usual = self._usual[name]
        if not self._keeps(name):
            return usual
        if isinstance(usual, Enum):
            offered = option_named(self.request_type, name).option.values or {}
            return next((member for member in offered if member.value == saved), usual)
        if isinstance(usual, float) and isinstance(saved, int):
            return float(saved)
        return saved if type(saved) is type(usual) else usual

    def _mend_recalled(self) -> None:
        """Bring what was saved within the limits of today, and an empty text to what it is called."""
        for declared in self.options:
            if declared.option.kind is Kind.SHARE:
                self.set_share(declared.name, getattr(self, declared.name))
            elif declared.option.empty and not getattr(self, declared.name):
                setattr(self, declared.name, _(declared.option.empty))

    def _keeps(self, name: str) -> bool:
        """Whether the attribute ``name`` is remembered."""
        declared = next((one for one in self.options if name in (one.name, limit_name(one.name))), None)
        return declared is not None and declared.option.remembered

    def _value(self, declared: Declared) -> Any:
        value, option = getattr(self, declared.name), declared.option
        match option.kind:
            case Kind.LIMIT:
                return _number(getattr(self, limit_name(declared.name))) if value else 0
            case Kind.NUMBER:
                return declared.default if option.needs and not getattr(self, option.needs) else _number(value)
            case Kind.SECONDS:
                return _nanoseconds(value)
            case Kind.NAMES:
                return names(value)
            case Kind.TEXT:
                return "" if option.empty and value.strip() == _(option.empty) else value.strip()
        return value

    def _bare_request(self) -> RequestT:
        folders = dict.fromkeys(places_of(self.request_type), "")
        return self.request_type(**folders, **{one.name: self._value(one) for one in self.options})


def why_scan_again(scanned: Any, wanted: Any) -> str:
    """Reason why ``wanted`` needs a new scan after one for ``scanned``; empty when the plan can follow at once."""
    places = places_of(scanned)
    for name in needing_scan(scanned, wanted):
        words = "" if name in places else option_named(scanned, name).option.again
        return _(words) if words else _("Other folders need a new scan.")
    return ""


# --- what a widget holds ----------------------------------------------------------------------------------------------


def _first(declared: Declared) -> Any:
    """The value that an option has before anything was chosen."""
    return next(iter(declared.option.values or {})) if declared.option.asks else declared.default


def _raw(declared: Declared, value: Any) -> dict[str, Any]:
    """The attributes of an option for a value of the request."""
    option = declared.option
    match option.kind:
        case Kind.LIMIT:
            return {declared.name: value > 0, limit_name(declared.name): str(value or option.alone)}
        case Kind.NUMBER:
            return {declared.name: str(value)}
        case Kind.SECONDS:
            return {declared.name: "" if value is None else f"{value / SECOND_NS:g}"}
        case Kind.NAMES:
            return {declared.name: f"{SEPARATOR} ".join(value)}
        case Kind.TEXT:
            return {declared.name: value or _(option.empty) if option.empty else value}
    return {declared.name: value}


def _saved(value: Any) -> Saved:
    if isinstance(value, Enum):
        return str(value.value)
    assert isinstance(value, bool | int | float | str)
    return value


def _number(text: str) -> int:
    """Number that was typed; what is none can't be right, and the job says so of a negative one."""
    try:
        number = int(text.strip())
    except ValueError:
        return -1
    return number if number > 0 else -1


def _nanoseconds(text: str) -> int | None:
    """Seconds that were typed, in nanoseconds; what is no number is negative, and the job says so."""
    try:
        return round(float(text.strip().replace(",", ".")) * SECOND_NS) if text.strip() else None
    except (ValueError, OverflowError):
        return -1


def joined(parts: Iterable[str]) -> str:
    """Names as they are typed."""
    return f"{SEPARATOR} ".join(parts)
