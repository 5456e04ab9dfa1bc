"""Descriptions as programs read and write them: as a text, or as its values.

Needs PyYAML and voluptuous, which `pip install lan-edge[descriptions]` adds; Home Assistant has
them. All of it may take milliseconds, for a long text more: not in the event loop.
"""

from importlib import import_module
from typing import Any

from ..capabilities.definition import Capability
from ..driver.driver import AnyDriver
from ..errors import DriverError
from .description import Description

__all__ = ["description_of", "description_text", "description_values", "read_description"]


def read_description(text: str) -> Description:
    """Return the description that a YAML text is; raise DescriptionError with all its faults."""
    made: Description = _module("load").read_description(text)
    return made


def description_of(values: Any) -> Description:
    """Return the description that values are, as `read_description` does that of a text.

    Its faults have no lines.
    """
    made: Description = _module("load").description_of(values)
    return made


def description_values(text: str) -> Any:
    """Return the values in a text as dicts, lists, texts, numbers, booleans and None.

    Keys are the texts that stand there, also numbers. Raises DescriptionError for what is no YAML,
    or more than plain values: it need not be a description.
    """
    values, _ = _module("text").values_of(text)
    return values


def description_text(values: Any) -> str:
    """Return values as YAML, in their order; `description_values` returns them from it."""
    text: str = _module("text").text_of(values)
    return text


def described_driver(text: str) -> tuple[AnyDriver, tuple[type[Capability], ...]]:
    """Return the driver that a text describes, with its own capabilities; raise DescriptionError.

    The driver is registered nowhere.
    """
    description = read_description(text)
    compiling = _module("compiling")
    driver: AnyDriver = compiling.compile_description(description)
    capabilities: tuple[type[Capability], ...] = compiling.own_capabilities_of(driver)
    return driver, capabilities


def _module(name: str) -> Any:
    """Return a module that needs packages which may not be installed; raise DriverError."""
    try:
        return import_module(f".{name}", __package__)
    except ModuleNotFoundError as err:
        reason = f"described devices need the package {err.name}"
        raise DriverError(reason, "run `pip install lan-edge[descriptions]`") from err
