"""The settings of a device on the command line: as arguments, or asked for on a terminal."""

import argparse
from collections.abc import Iterable
from enum import Enum
from typing import Any

from ..driver.driver import AnyDriver
from ..driver.settings import (
    Setting,
    asked_settings,
    missing_settings,
    settings_of,
)
from ..errors import CredentialsError
from .exits import CallError
from .lines_in import LineReader
from .output import Output

_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def add_setting_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the argument for settings."""
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting of the device, such as token=...; those that are needed are asked for",
    )


def given_settings(driver: AnyDriver, pairs: Iterable[str]) -> dict[str, Any]:
    """Return the settings of a driver that were given as NAME=VALUE; raise CallError.

    Those that the driver does not have are left out.
    """
    known = {setting.key: setting for setting in settings_of(driver.Settings)}
    given = dict(map(_pair, pairs))
    return {key: _value(known[key], text) for key, text in given.items() if key in known}


async def entered_settings(
    driver: AnyDriver, pairs: Iterable[str], output: Output, reader: LineReader
) -> dict[str, Any]:
    """Return the settings that were given, and those that are asked for; raise CallError.

    Raises CredentialsError if one that is required is missing.
    """
    pairs = list(pairs)
    _check_names(driver, (_pair(each)[0] for each in pairs))
    values = given_settings(driver, pairs)
    for setting in asked_settings(driver.Settings):
        if setting.key not in values and reader.is_terminal:
            values[setting.key] = await _entered(driver, setting, output, reader)
    if missing := missing_settings(driver.Settings, values):
        wanted = " ".join(f"--set {name}=..." for name in missing)
        raise CredentialsError(f"{driver.name} needs {wanted}")
    return values


async def _entered(
    driver: AnyDriver, setting: Setting, output: Output, reader: LineReader
) -> object:
    """Ask for a setting until it is one; an empty line stands for its default."""
    if setting.label.help:
        output.note(setting.label.help)
    is_needed = bool(missing_settings(driver.Settings, {setting.key: ""}))
    default = "" if setting.default == "" else f" [{_written(setting.default)}]"
    prompt = f"{setting.label.name or setting.key}{default}: "
    while True:
        line = await reader.line(prompt, secret=setting.label.secret)
        if line is None or not (line.strip() or (is_needed and setting.default == "")):
            return setting.default
        try:
            return _value(setting, line.strip())
        except CallError as err:
            output.note(str(err))


def _check_names(driver: AnyDriver, names: Iterable[str]) -> None:
    known = [setting.key for setting in settings_of(driver.Settings)]
    for name in names:
        if name not in known:
            has = f"it has {', '.join(known)}" if known else "it has none"
            raise CallError(f"{driver.id} has no setting {name!r}; {has}")


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise CallError(f"--set {text!r}: write the value after it, such as {text}=...")
    return name, value


def _value(setting: Setting, text: str) -> object:
    """Return the value of a setting that was typed, as JSON data; raise CallError."""
    try:
        value = _typed(setting.schema.type, text)
        setting.schema.check(value)
    except ValueError as err:
        reason = "the value is not possible" if setting.label.secret else str(err)
        raise CallError(f"{setting.key}: {reason}") from None
    return value


def _typed(kind: type[Any], text: str) -> object:
    if kind is bool:
        if text.lower() in (*_YES, *_NO):
            return text.lower() in _YES
        raise ValueError(f"{text!r} is neither true nor false")
    return kind(text) if kind in {int, float} else text


def _written(value: object) -> str:
    return str(value.value if isinstance(value, Enum) else value)
