"""Descriptions as programs read and write them: as a text, or as its values.

Needs PyYAML and voluptuous, which `pip install lan-edge[descriptions]` adds; Home Assistant has
them. All of it may take milliseconds, for a long text more: not in the event loop.
"""

from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec
import sys
from typing import Any

from ..capabilities.definition import Capability
from ..driver.driver import AnyDriver
from ..errors import DriverError
from .description import Description, MessageKind
from .importing.api_document import ApiDocument
from .importing.draft import Imported

__all__ = [
    "description_of",
    "description_text",
    "description_values",
    "import_curl",
    "import_home_assistant",
    "import_openapi",
    "read_description",
    "read_openapi",
    "rewritten_description",
]

_PACKAGES = ("yaml", "voluptuous", "jinja2")
"""What described devices need besides the library's own dependencies."""


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


def rewritten_description(text: str, values: dict[str, Any]) -> str:
    """Return the text of a description with other values; what stays the same keeps its comments.

    Raises DescriptionError if the text is not YAML.
    """
    changed: str = _module("rewriting").rewritten(text, values)
    return changed


def import_curl(text: str) -> Imported:
    """Return drafts of descriptions for what command lines of curl send, one for each device.

    What only reads becomes a request; what does something becomes a button, or a switch where two
    are opposites. Credentials and variables become parameters. Raises DescriptionError if there is
    no such command line.
    """
    made: Imported = _module("importing.curl").import_curl(text)
    return made


def import_home_assistant(text: str) -> Imported:
    """Return drafts of descriptions for a part of Home Assistant's configuration in YAML.

    It may have rest, rest_command and command_line with curl, also as platforms of switches,
    sensors and binary sensors. Raises DescriptionError if it has none of them, or is no YAML.
    """
    made: Imported = _module("importing.home_assistant").import_home_assistant(text)
    return made


def read_openapi(text: str) -> ApiDocument:
    """Return what an OpenAPI document offers, in JSON or YAML, of versions 2.0, 3.0 and 3.1.

    What in it cannot be used is noted. Raises DescriptionError if it offers nothing, or is no such
    document. It may take a second for a long one: not in the event loop.
    """
    read: ApiDocument = _module("importing.openapi").read_openapi(text)
    return read


def import_openapi(text: str, picked: Collection[str]) -> Imported:
    """Return the draft of a description with what is picked of an OpenAPI document.

    `picked` are ids of choices that `read_openapi` returns, or operations such as `GET /status`:
    all that is offered of one. What a command needs besides its value becomes a parameter, as do
    logins. Raises DescriptionError.
    """
    made: Imported = _module("importing.openapi").import_openapi(text, picked)
    return made


def described_driver(text: str) -> tuple[AnyDriver, tuple[type[Capability], ...]]:
    """Return the driver that a text describes, with its own capabilities; raise DescriptionError.

    The driver is registered nowhere.
    """
    description = read_description(text)
    compiling = _module("compiling")
    driver: AnyDriver = compiling.compile_description(description)
    capabilities: tuple[type[Capability], ...] = compiling.own_capabilities_of(driver)
    return driver, capabilities


def refusal_in(values: Any) -> MessageKind:
    """Return what the field `refused` of a text says; raise voluptuous.Invalid."""
    kind: MessageKind = _module("schema.messages").REFUSAL(values)
    return kind


def import_all() -> None:
    """Import all that reads and compiles a text; raise DriverError."""
    _module("load")
    _module("compiling")
    _module("templating.expression")


def missing_package() -> DriverError | None:
    """Return what to install for described devices; None if everything is there."""
    names = (name for name in _PACKAGES if name not in sys.modules and find_spec(name) is None)
    name = next(names, None)
    return _missing(name) if name is not None else None


def _missing(package: str | None) -> DriverError:
    reason = f"described devices need the package {package}"
    return DriverError(reason, "run `pip install lan-edge[descriptions]`")


def _module(name: str) -> Any:
    """Return a module that needs packages which may not be installed; raise DriverError."""
    try:
        return import_module(f"{__package__}.{name}")
    except ModuleNotFoundError as err:
        raise _missing(err.name) from err
