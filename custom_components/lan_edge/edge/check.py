"""What is wrong with a driver's class, said when it is read: before any device is touched."""

from collections.abc import Iterator
import inspect
import re
from typing import Any

from .capability import Command
from .errors import DriverError
from .handling import marked
from .intents import INTENTS
from .profile import Component, Profile
from .settings import settings_of


def check(driver: type[Any]) -> None:
    """Raise DriverError if the class cannot work, saying what, and where."""
    problems = list(_problems(driver))
    if problems:
        where = f"{inspect.getsourcefile(driver)}:{inspect.getsourcelines(driver)[1]}"
        msg = f"driver {driver.__name__} ({where}): {'; '.join(problems)}"
        raise DriverError(msg)


def _problems(driver: type[Any]) -> list[str]:
    found: list[str] = []
    if not isinstance(getattr(driver, "transport", None), type):
        found.append("it names no transport: class X(Driver[Http])")
    elif driver.options and not isinstance(driver.options, driver.transport.options_type):
        found.append(f"options must be a {driver.transport.options_type.__name__}")
    elif driver.options and driver.options.tls and not driver.transport.secure:
        found.append(f"{driver.transport.__name__} knows no TLS")
    elif driver.options and driver.options.answers_within > driver.transport.deadline:
        found.append(f"a command has {driver.transport.deadline:g} s: answers_within is over it")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", driver.id):
        found.append(f"id {driver.id!r} is not lower_case")
    try:
        settings_of(driver.Settings)
    except DriverError as err:
        found.append(str(err))
    if isinstance(getattr(driver, "profile", None), Profile):
        return [*found, *_handler_problems(driver)]
    return [*found, "it declares no profile"]


def _handler_problems(driver: type[Any]) -> list[str]:
    found: list[str] = []
    later = {"": Component(driver.parts)}
    profile = Profile(**driver.profile.components, **later)
    for name, function, what, _ in marked(driver):
        if not inspect.iscoroutinefunction(function):
            found.append(f"{name} handles {what.id} but is not async")
        parameters = list(inspect.signature(function).parameters)[1:]
        if isinstance(what, Command):
            found += _command_problems(name, what, parameters, profile)
        elif len(parameters) != 1:
            found.append(f"{name} handles {what.__name__}, which comes as one argument")
        elif not any(_has(profile, part.command) for part in what.parts):
            found.append(f"{name} handles {what.__name__}: the profile has nothing of it")
    handled = {i for k in driver.__mro__ for i in vars(k).get("handlers", {})}
    covered = {p.command.id for i in INTENTS if i.id in handled for p in i.parts}
    missing = [c.id for c in profile.commands() if not c.optional and c.id not in handled | covered]
    return [*found, *(f"no handler for {c}" for c in missing)]


def _command_problems(
    name: str, command: Command[...], parameters: list[str], profile: Profile
) -> Iterator[str]:
    if not _has(profile, command):
        its = command.capability.id
        yield f"{name} handles {command.id}: the profile does not have {its}"
    expected = [a.name for a in command.arguments]
    if parameters != expected:
        yield f"{name} handles {command.id}, which takes {expected or 'nothing'}"


def _has(profile: Profile, command: Command[...]) -> bool:
    return any(component.has(command) for component in profile.components.values())
