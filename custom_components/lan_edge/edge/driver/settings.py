"""The settings of a device that a user may change: the fields of a driver's dataclass.

    @dataclass(frozen=True)
    class HeaterSettings:
        interval: Annotated[int, Range(5, 3600), Label("Interval", "Between readings", "s")] = 30
        token: Annotated[str, Label(secret=True, asked=True, required=True)] = ""

Each is bool, int, float, str or an Enum, and has a default. Those that are `asked` for are entered
before a device is added, so they are known when it is identified.
"""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, is_dataclass
from typing import Annotated, Any, get_args, get_origin
from weakref import WeakKeyDictionary

from ..capabilities.schema import Schema, schema_of
from ..errors import DriverError
from ..sentences import said
from .fields import checked_values, has_default, is_frozen, typed_fields
from .mistakes import FieldError

SIMPLE = (bool, int, float, str)


@dataclass(frozen=True, slots=True)
class Label:
    """How a setting is shown to the user."""

    name: str = ""
    """By default, the name of the field as words."""
    help: str = ""
    """A sentence of explanation."""
    unit: str = ""
    """The unit of a number."""
    secret: bool = False
    """A password: it is hidden, and sent only to the device. Also for a field of the memory."""
    asked: bool = False
    """Whether it is asked for before a device is added, and again if the device refuses a login."""
    required: bool = False
    """Whether a text must not be empty where it is asked for."""
    choices: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)
    """The words for the values of an Enum; by default, the values themselves as words."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that the user may change."""

    key: str
    """The field's name."""
    schema: Schema[Any]
    """bool, int, float, str or an Enum, with its limits."""
    default: Any
    """The value until the user changes it."""
    label: Label
    """How it is shown; an empty `Label()` if the field has none."""


def settings_of(kind: type[Any] | None) -> tuple[Setting, ...]:
    """Return the settings of a dataclass; raise DriverError if it is not suitable."""
    if kind is None:
        return ()
    if not is_dataclass(kind) or not is_frozen(kind):
        raise DriverError(f"settings: {kind} is not a frozen dataclass")
    return tuple(_setting(field, annotation) for field, annotation in typed_fields(kind))


def _setting(field: Field[Any], annotation: object) -> Setting:
    key = field.name
    try:
        schema = schema_of(annotation)
    except DriverError as err:
        raise FieldError(f"settings: {key}: {err}", key) from None
    if schema.nullable or not (schema.type in SIMPLE or hasattr(schema.type, "__members__")):
        raise FieldError(f"settings: {key} is not bool, int, float, str or an Enum", key)
    if not has_default(field):
        raise FieldError(f"settings: {key} has no default", key)
    try:
        default = schema.check(field.default)
    except ValueError as err:
        raise FieldError(f"settings: the default of {key}: {err}", key) from None
    return Setting(key, schema, default, _label(annotation))


def _label(annotation: object) -> Label:
    extras = get_args(annotation) if get_origin(annotation) is Annotated else ()
    return next((extra for extra in extras if isinstance(extra, Label)), Label())


def asked_settings(kind: type[Any] | None) -> tuple[Setting, ...]:
    """Return the settings that are asked for before a device is added."""
    return tuple(setting for setting in settings_of(kind) if setting.label.asked)


def missing_settings(kind: type[Any] | None, data: Mapping[str, Any]) -> list[str]:
    """Return the keys of the settings that are required before a device is added, but empty."""
    return [
        setting.key
        for setting in asked_settings(kind)
        if setting.label.required and data.get(setting.key, setting.default) == ""
    ]


def secret_fields(kind: type[Any] | None) -> tuple[str, ...]:
    """Return the fields of a driver's settings or memory that are marked as secret."""
    if kind is None:
        return ()
    if (names := _SECRET_FIELDS.get(kind)) is None:
        fields = typed_fields(kind)
        names = tuple(field.name for field, annotation in fields if _label(annotation).secret)
        _SECRET_FIELDS[kind] = names
    return names


_SECRET_FIELDS = WeakKeyDictionary[type[Any], tuple[str, ...]]()
"""The secret fields of each class for which they were asked."""


def secret_values(kind: type[Any] | None, chosen: Mapping[str, Any]) -> Iterator[str]:
    """Yield the secrets among the values that the user chose."""
    for setting in settings_of(kind):
        if setting.label.secret and (value := chosen.get(setting.key)):
            yield str(value)


def read_settings(kind: type[Any] | None, data: Mapping[str, Any]) -> tuple[Any, dict[str, str]]:
    """Return the settings from `data`, and the errors in it, by key.

    Missing and wrong values are replaced by their defaults; unknown keys are ignored. An error does
    not repeat a secret.
    """
    if kind is None:
        return None, {}
    values, errors = checked_values({s.key: s.schema for s in settings_of(kind)}, data)
    hidden = {
        key: said(t"the value is not possible") for key in secret_fields(kind) if key in errors
    }
    return kind(**values), errors | hidden
