"""What a user may change about a device: the fields of a driver's settings dataclass.

@dataclass(frozen=True)
class HeaterSettings:
    interval: Annotated[int, Range(5, 3600), Label("Interval", "Between readings", unit="s")] = 30
    token: Annotated[str, Label(secret=True)] = ""
"""

from annotationlib import Format, get_annotations
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Annotated, Any, cast, get_args, get_origin, get_type_hints

from .errors import DriverError
from .schema import Schema, schema_of

SIMPLE = (bool, int, float, str)


@dataclass(frozen=True, slots=True)
class Label:
    """How a setting is shown to the user."""

    name: str = ""
    """Unless given, the field's name in words."""
    help: str = ""
    unit: str = ""
    secret: bool = False
    """A password: it is not shown, nor told to anybody but the device."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that the user may change."""

    key: str
    schema: Schema[Any]
    """bool, int, float, str or an Enum, with its limits."""
    default: Any
    label: Label


def settings_type(driver: type) -> type[Any] | None:
    """Return what a driver class annotates its `settings` with; None if it has no such line."""
    found = get_annotations(driver, format=Format.FORWARDREF).get("settings")
    return None if found in {None, Any} else cast("type[Any]", found)


def settings_of(kind: type[Any] | None) -> tuple[Setting, ...]:
    """Return what a settings dataclass has; raise DriverError if it is none."""
    if kind is None:
        return ()
    if not is_dataclass(kind) or not kind.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise DriverError(f"settings: {kind} is no frozen dataclass")
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_setting(f.name, hints[f.name], f.default) for f in fields(kind))


def _setting(key: str, annotation: object, default: object) -> Setting:
    schema = schema_of(annotation)
    if schema.nullable or not (schema.type in SIMPLE or hasattr(schema.type, "__members__")):
        raise DriverError(f"settings: {key} is no bool, int, float, str or Enum")
    if default is MISSING:
        raise DriverError(f"settings: {key} has no default")
    try:
        checked = schema.check(default)
    except ValueError as err:
        raise DriverError(f"settings: the default of {key}: {err}") from None
    parts = get_args(annotation) if get_origin(annotation) is Annotated else ()
    label = next((m for m in parts if isinstance(m, Label)), Label())
    return Setting(key, schema, checked, label)


def read_settings(kind: type[Any] | None, data: Mapping[str, Any]) -> tuple[Any, dict[str, str]]:
    """Return the settings that `data` gives, and what is wrong with it, by key.

    What is missing or wrong is left at its default; keys that are unknown by now are passed over.
    """
    if kind is None:
        return None, {}
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for setting in settings_of(kind):
        if setting.key in data:
            try:
                values[setting.key] = setting.schema.check(data[setting.key])
            except ValueError as err:
                wrong[setting.key] = str(err)
    return kind(**values), wrong
