"""The form for the settings of a driver: one field for each."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any

from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelectorConfig,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from lan_edge import Setting

from ..entities.names import in_words
from ..vol import Optional, Required, Schema
from .ranged_number import RangedNumberSelector

UNCHANGED = "__**unchanged**__"
"""The content of a secret's field until the user enters another secret."""


def field_name(setting: Setting, translated: Collection[str] = ()) -> str:
    """Return the name of a field: the setting's key if that is translated, else its label.

    The frontend displays the name itself if there is no translation for it.
    """
    if setting.key in translated:
        return setting.key
    return setting.label.name or in_words(setting.key.replace("_", " "))


def settings_schema(
    settings: tuple[Setting, ...], values: Mapping[str, Any], translated: Collection[str] = ()
) -> Schema:
    """Return the form with the current values."""
    fields: dict[Optional | Required, Selector[Any]] = {}
    for setting in settings:
        value = values.get(setting.key, setting.default)
        if setting.label.secret:
            value = UNCHANGED if value else ""
        marker = Optional if setting.schema.type is str else Required
        name = field_name(setting, translated)
        fields[marker(name, description={"suggested_value": value})] = _selector(setting)
    return Schema(fields)


def entered_settings(
    settings: tuple[Setting, ...],
    user_input: Mapping[str, Any],
    values: Mapping[str, Any],
    translated: Collection[str] = (),
) -> dict[str, Any]:
    """Return what was entered as JSON data by the settings' keys, not validated."""
    return {
        s.key: _entered(s, user_input.get(field_name(s, translated), ""), values) for s in settings
    }


def help_text(settings: tuple[Setting, ...], translated: Collection[str] = ()) -> str:
    """Return the driver's help for the fields without a translation, as Markdown."""
    untranslated = [s for s in settings if s.label.help and s.key not in translated]
    return "\n".join(f"- **{field_name(s, translated)}**: {s.label.help}" for s in untranslated)


def _entered(setting: Setting, value: Any, values: Mapping[str, Any]) -> Any:
    if setting.label.secret and value == UNCHANGED:
        return values.get(setting.key, setting.default)
    if setting.schema.type is int and isinstance(value, float) and value.is_integer():
        return int(value)  # number selectors return floats
    return value


def _selector(setting: Setting) -> Selector[Any]:
    kind = setting.schema.type
    if kind is bool:
        return BooleanSelector()
    if issubclass(kind, Enum):
        words = setting.label.choices
        options = [
            SelectOptionDict(value=v, label=words.get(v) or in_words(v))
            for v in (str(member.value) for member in kind)
        ]
        return SelectSelector(SelectSelectorConfig(options=options))
    if issubclass(kind, int | float):
        return RangedNumberSelector(_number(setting, kind))
    text_type = TextSelectorType.PASSWORD if setting.label.secret else TextSelectorType.TEXT
    return TextSelector(TextSelectorConfig(type=text_type))


def _number(setting: Setting, kind: type) -> NumberSelectorConfig:
    config = NumberSelectorConfig(step=1 if kind is int else "any")
    limits = setting.schema.limits
    if limits.minimum is not None:
        config["min"] = limits.minimum
    if limits.maximum is not None:
        config["max"] = limits.maximum
    if setting.label.unit:
        config["unit_of_measurement"] = setting.label.unit
    return config
