"""The form of a driver's settings: a field for each, and what was typed into them."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from lan_edge import Setting

from ..entity import in_words
from ..vol import Optional, Required, Schema

UNCHANGED = "__**unchanged**__"
"""What a secret's field shows, and means as long as nobody types another."""


def label(setting: Setting, translated: Collection[str]) -> str:
    """Return a field's name: the key where it has a translation, else the driver's text.

    Home Assistant shows the name itself where it knows no translation.
    """
    if setting.key in translated:
        return setting.key
    return setting.label.name or in_words(setting.key.replace("_", " "))


def settings_schema(
    settings: tuple[Setting, ...], values: Mapping[str, Any], translated: Collection[str]
) -> Schema:
    """Return the form, filled with the values of now."""
    fields: dict[Optional | Required, Selector[Any]] = {}
    for setting in settings:
        now = values.get(setting.key, setting.default)
        if setting.label.secret:
            now = UNCHANGED if now else ""
        optional = setting.schema.type is str
        told = {"suggested_value": now}
        make = Optional if optional else Required
        fields[make(label(setting, translated), description=told)] = _selector(setting)
    return Schema(fields)


def typed_settings(
    settings: tuple[Setting, ...],
    typed: Mapping[str, Any],
    values: Mapping[str, Any],
    translated: Collection[str],
) -> dict[str, Any]:
    """Return what was typed, by the settings' keys; unchecked, as JSON data."""
    return {
        s.key: _value(s, typed.get(label(s, translated), ""), values.get(s.key, s.default))
        for s in settings
    }


def helps(settings: tuple[Setting, ...], translated: Collection[str]) -> str:
    """Return the driver's help for each field, as Markdown."""
    told = [s for s in settings if s.label.help and s.key not in translated]
    return "\n".join(f"- **{label(s, translated)}**: {s.label.help}" for s in told)


def _value(setting: Setting, typed: Any, now: Any) -> Any:
    if setting.label.secret and typed == UNCHANGED:
        return now
    if setting.schema.type is int and isinstance(typed, float) and typed.is_integer():
        return int(typed)  # a number's field gives floats
    return typed


def _selector(setting: Setting) -> Selector[Any]:
    kind = setting.schema.type
    if kind is bool:
        return BooleanSelector()
    if issubclass(kind, Enum):
        return SelectSelector(
            SelectSelectorConfig(
                options=[
                    SelectOptionDict(value=str(m.value), label=in_words(str(m.value))) for m in kind
                ]
            )
        )
    if issubclass(kind, int | float):
        return NumberSelector(_number(setting, kind))
    secret = setting.label.secret
    shown = TextSelectorType.PASSWORD if secret else TextSelectorType.TEXT
    return TextSelector(TextSelectorConfig(type=shown))


def _number(setting: Setting, kind: type) -> NumberSelectorConfig:
    found = NumberSelectorConfig(mode=NumberSelectorMode.BOX, step=1 if kind is int else "any")
    limits = setting.schema.limits
    if limits.minimum is not None:
        found["min"] = limits.minimum
    if limits.maximum is not None:
        found["max"] = limits.maximum
    if setting.label.unit:
        found["unit_of_measurement"] = setting.label.unit
    return found
