"""Checks a driver class when it is defined, before any device is connected."""

from collections.abc import Iterator
import inspect
import re
from typing import Any, cast

from ..capabilities.definition import Attribute, Command
from ..capabilities.intents import INTENTS
from ..capabilities.profile import Component, Profile
from ..errors import DriverError
from ..transports import Options, Transport
from .declarations import declaration_problems
from .handlers import marked_methods
from .memory import check_memory
from .overrides import override_problems
from .settings import settings_of


def check_driver(driver: type[Any], base: type[Any]) -> None:
    """Raise DriverError if the class, a subclass of `base`, has mistakes.

    The message lists them, with file and line.
    """
    if problems := list(_problems(driver, base)):
        raise DriverError(f"driver {driver.__name__} ({_source_of(driver)}): {'; '.join(problems)}")


def _source_of(driver: type[Any]) -> str:
    """Return the file and line of a class; its module where there is no source."""
    try:
        return f"{inspect.getsourcefile(driver)}:{inspect.getsourcelines(driver)[1]}"
    except OSError, TypeError:
        return f"module {driver.__module__}"


def _problems(driver: type[Any], base: type[Any]) -> Iterator[str]:
    if declared := list(declaration_problems(driver)):
        yield from declared  # what follows relies on them
        return
    yield from override_problems(driver, base)
    yield from _transport_problems(driver)
    if not driver.id:
        yield 'it declares no id: id = "my_device"'
    elif not re.fullmatch(r"[a-z][a-z0-9_]*", driver.id):
        yield f"id {driver.id!r} is not lower_case"
    try:
        settings_of(driver.Settings)
        check_memory(driver.Memory, {name for m in driver.discovery for name in m.fields})
    except DriverError as err:
        yield str(err)
    if isinstance(getattr(driver, "profile", None), Profile):
        yield from _handler_problems(driver)
        yield from _pushed_problems(driver)
    else:
        yield "it declares no profile"


def _transport_problems(driver: type[Any]) -> Iterator[str]:
    transport: object = getattr(driver, "transport", None)
    options: Options | None = driver.options
    if not isinstance(transport, type) or not issubclass(transport, Transport):
        yield "it names no transport: class X(Driver[Http])"
    elif options is None:
        return
    elif not isinstance(options, transport.options_type):
        yield f"options must be a {transport.options_type.__name__}"
    elif options.tls and not transport.secure:
        yield f"{transport.__name__} cannot use TLS"
    elif options.answers_within > transport.deadline:
        yield f"answers_within exceeds the {transport.deadline:g} s that a command may take"


def _handler_problems(driver: type[Any]) -> Iterator[str]:
    handlers: dict[str, str] = {}
    for name, _, what, _ in marked_methods(driver):
        if (other := handlers.setdefault(what.id, name)) != name:
            yield f"{other} and {name} both handle {what.id}"
    dynamic = {"": Component(driver.parts)}
    profile = Profile(**driver.profile.components, **dynamic)
    for name, function, what, _ in marked_methods(driver):
        if not inspect.iscoroutinefunction(function):
            yield f"{name} handles {what.id} but is not async"
        parameters = list(inspect.signature(function).parameters)[1:]
        if isinstance(what, Command):
            yield from _command_problems(name, what, parameters, profile)
        elif len(parameters) != 1:
            yield f"{name} handles {what.__name__}, which is passed as one argument"
        elif not any(_has(profile, part.command) for part in what.parts):
            yield f"{name} handles {what.__name__}, but the profile has none of its commands"
    handled = {i for k in driver.__mro__ for i in vars(k).get("handlers", {})}
    covered = {p.command.id for i in INTENTS if i.id in handled for p in i.parts}
    for command in profile.commands():
        may_lack = command.optional or command.builtin is not None
        if not may_lack and command.id not in handled | covered:
            yield f"no handler for {command.id}"


def _pushed_problems(driver: type[Any]) -> Iterator[str]:
    pushed: object = vars(driver).get("pushed")
    if pushed is None:
        return
    if not isinstance(pushed, tuple) or not all(isinstance(a, Attribute) for a in pushed):
        yield "pushed is not a tuple of attributes"
        return
    components = (*driver.profile.components.values(), Component(driver.parts))
    for attribute in cast("tuple[Attribute[Any], ...]", pushed):
        if not any(component.has(attribute) for component in components):
            yield f"pushed names {attribute.id}, but the profile does not have it"


def _command_problems(
    name: str, command: Command[...], parameters: list[str], profile: Profile
) -> Iterator[str]:
    if not _has(profile, command):
        yield f"{name} handles {command.id}, but the profile does not have {command.capability.id}"
    expected = [a.name for a in command.arguments]
    if parameters != expected:
        yield f"{name} handles {command.id}, which takes {expected or 'nothing'}"


def _has(profile: Profile, command: Command[...]) -> bool:
    return any(component.has(command) for component in profile.components.values())
