"""Checks a driver class when it is defined, before any device is connected."""

from collections.abc import Callable, Iterator
from dataclasses import replace
import inspect
import re
from typing import Any, cast

from ..capabilities.definition import Attribute, Command
from ..capabilities.intents import INTENTS, Intent
from ..capabilities.profile import Component, Profile
from ..capabilities.schema import short
from ..errors import DriverError
from ..transports import Options, Transport
from .beside import beside_mistakes
from .declarations import declaration_mistakes
from .handlers import marked_methods
from .many import many_mistakes
from .memory import check_memory
from .mistakes import NO_HANDLER, FieldError, Mistake, report_mistakes
from .overrides import override_mistakes
from .places import ClassSource
from .settings import settings_of


def check_driver(driver: type[Any], base: type[Any]) -> None:
    """Raise MistakesError if the class, a subclass of `base`, has mistakes, or collect them.

    The message lists them, with file and line.
    """
    if found := list(_mistakes(driver, base)):
        source = ClassSource(driver)
        found += _redefinitions(driver, source)
        where = f"{source.file}:{source.line}" if source.line else f"module {driver.__module__}"
        texts = "; ".join(mistake.text for mistake in found)
        message = f"driver {driver.__name__} ({where}): {texts}"
        report_mistakes(message, [_located(mistake, driver, source) for mistake in found])


def _redefinitions(driver: type[Any], source: ClassSource) -> Iterator[Mistake]:
    """Yield the handlers of which only the last counts, as it has the name of an earlier one."""
    names = {name for name, *_ in marked_methods(driver)}
    for name, line in source.redefined():
        if name in names:
            reason = f"{name} is defined again below, so this one does not count"
            yield Mistake(reason, "give each handler a name of its own", line=line)


def _located(mistake: Mistake, driver: type[Any], source: ClassSource) -> Mistake:
    """Return a mistake with its place, which may be in the class of the settings or the memory."""
    line = mistake.line or source.line_of(mistake.name, mistake.part)
    kind = {"settings": driver.Settings, "memory": driver.Memory}.get(mistake.name)
    if mistake.part and isinstance(kind, type):
        part = ClassSource(kind)
        if part.file == source.file:
            line = part.line_of(mistake.part)
    return replace(mistake, file=source.file, line=line)


def _mistakes(driver: type[Any], base: type[Any]) -> Iterator[Mistake]:
    declared = list(declaration_mistakes(driver))
    yield from declared
    wrong = {mistake.name for mistake in declared}
    yield from override_mistakes(driver, base)
    if "options" not in wrong:
        yield from _transport_mistakes(driver)
    yield from beside_mistakes(driver)
    if "id" not in wrong:
        yield from _id_mistakes(driver)
    if "discovery" not in wrong:
        yield from _data_mistakes(driver)
    if "parts" not in wrong:
        yield from _profile_mistakes(driver)


def _id_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    if not driver.id:
        yield Mistake("it declares no id", 'write id = "my_device"', "id")
    elif not re.fullmatch(r"[a-z][a-z0-9_]*", driver.id):
        yield Mistake(
            f"id {driver.id!r} is not lower_case",
            "use small letters, digits and underscores, and begin with a letter",
            "id",
        )


def _data_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    try:
        settings_of(driver.Settings)
    except DriverError as err:
        yield _data_mistake(err, "settings")
    try:
        check_memory(driver.Memory, {name for m in driver.discovery for name in m.fields})
    except DriverError as err:
        yield _data_mistake(err, "memory")


def _data_mistake(error: DriverError, name: str) -> Mistake:
    return Mistake(str(error), "", name, error.field if isinstance(error, FieldError) else "")


def _transport_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    transport: object = getattr(driver, "transport", None)
    options: Options | None = driver.options
    if not isinstance(transport, type) or not issubclass(transport, Transport):
        yield Mistake("it names no transport", f"write class {driver.__name__}(Driver[Http])")
    elif options is None:
        return
    elif not isinstance(options, transport.options_type):
        name = transport.options_type.__name__
        yield Mistake(f"options must be a {name}", f"write options = {name}(...)", "options")
    elif options.tls and not transport.secure:
        yield Mistake(f"{transport.__name__} cannot use TLS", "leave tls out", "options", "tls")
    elif options.answers_within > transport.deadline:
        most = f"{transport.deadline:g} s"
        yield Mistake(
            f"answers_within exceeds the {most} that a command may take",
            f"use at most {most}",
            "options",
            "answers_within",
        )


def _profile_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    profile: object = getattr(driver, "profile", None)
    whole = None
    if isinstance(profile, Profile):
        yield from many_mistakes(driver)
        whole = Profile(**profile.components, **{"": Component(driver.parts)})
        yield from _missing_handlers(driver, whole)
        yield from _pushed_mistakes(driver)
    elif profile is None:
        yield Mistake("it declares no profile", "write profile = Profile(Switch)", "profile")
    else:
        reason = f"profile is {short(profile)}, not a Profile"
        yield Mistake(reason, "write profile = Profile(Switch)", "profile")
    yield from _handler_mistakes(driver, whole)


def _handler_mistakes(driver: type[Any], profile: Profile | None) -> Iterator[Mistake]:
    """Yield what is wrong with handlers; without a profile, as far as that can be said."""
    handlers: dict[str, str] = {}
    for name, _, what, _ in marked_methods(driver):
        if (other := handlers.setdefault(what.id, name)) != name:
            reason = f"{other} and {name} both handle {what.id}"
            yield Mistake(reason, f"remove one, or the @handles({_code(what)}) before it", name)
    for name, function, what, _ in marked_methods(driver):
        yield from _method_mistakes(name, function, what, profile)


def _missing_handlers(driver: type[Any], profile: Profile) -> Iterator[Mistake]:
    handled = {i for k in driver.__mro__ for i in vars(k).get("handlers", {})}
    covered = {p.command.id for i in INTENTS if i.id in handled for p in i.parts}
    for command in profile.commands():
        may_lack = command.optional or command.builtin is not None
        if not may_lack and command.id not in handled | covered:
            yield Mistake(
                f"no handler for {command.id}",
                f"add a method with @handles({_code(command)}), or leave"
                f" {command.capability.__name__} out of the profile",
                "profile",
                kind=NO_HANDLER,
            )


def _code(what: Command[...] | type[Intent]) -> str:
    """Return how a driver names a command or an intent: Switch.on."""
    if not isinstance(what, Command):
        return what.__name__
    members = vars(what.capability).items()
    name = next((name for name, member in members if member is what), what.name)
    return f"{what.capability.__name__}.{name}"


def _method_mistakes(
    name: str,
    function: Callable[..., Any],
    what: Command[...] | type[Intent],
    profile: Profile | None,
) -> Iterator[Mistake]:
    if not inspect.iscoroutinefunction(function):
        reason = f"{name} handles {what.id} but is not async"
        yield Mistake(reason, "put `async` before `def`", name)
    parameters = list(inspect.signature(function).parameters)[1:]
    if not inspect.signature(function).parameters:
        yield Mistake(f"{name} takes no self", f"write async def {name}(self)", name)
    elif isinstance(what, Command):
        yield from _command_mistakes(name, what, parameters, profile)
    elif len(parameters) != 1:
        yield Mistake(
            f"{name} handles {what.__name__}, which is passed as one argument",
            f"write async def {name}(self, intent: {what.__name__})",
            name,
        )
    elif not any(_has(profile, part.command) for part in what.parts):
        yield Mistake(
            f"{name} handles {what.__name__}, but the profile has none of its commands",
            "add their capabilities to the profile or to parts",
            name,
        )


def _command_mistakes(
    name: str, command: Command[...], parameters: list[str], profile: Profile | None
) -> Iterator[Mistake]:
    if not _has(profile, command):
        yield Mistake(
            f"{name} handles {command.id}, but the profile does not have {command.capability.id}",
            f"add {command.capability.__name__} to the profile or to parts",
            name,
        )
    expected = [a.name for a in command.arguments]
    if parameters != expected:
        reason = f"{name} handles {command.id}, which takes {expected or 'nothing'}"
        yield Mistake(reason, f"write async def {name}({', '.join(('self', *expected))})", name)


def _has(profile: Profile | None, command: Command[...]) -> bool:
    if profile is None:
        return True
    return any(component.has(command) for component in profile.components.values())


def _pushed_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    pushed: object = vars(driver).get("pushed")
    if pushed is None:
        return
    if not isinstance(pushed, tuple) or not all(isinstance(a, Attribute) for a in pushed):
        remedy = "put them in parentheses, with a comma after a single one: (Switch.switch,)"
        yield Mistake("pushed is not a tuple of attributes", remedy, "pushed")
        return
    components = (*driver.profile.components.values(), Component(driver.parts))
    for attribute in cast("tuple[Attribute[Any], ...]", pushed):
        if not any(component.has(attribute) for component in components):
            yield Mistake(
                f"pushed names {attribute.id}, but the profile does not have it",
                f"add {attribute.capability.__name__} to the profile, or leave it out of pushed",
                "pushed",
            )
