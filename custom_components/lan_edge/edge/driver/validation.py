"""Checks a driver class when it is defined, before any device is connected."""

from collections.abc import Iterator
from dataclasses import replace
import re
from typing import Any, cast

from ..capabilities.definition import Attribute
from ..capabilities.profile import Component, Profile
from ..capabilities.schema import short
from ..errors import DriverError
from ..transports import Options, Transport
from .beside import beside_mistakes
from .declarations import declaration_mistakes
from .generic import is_open, written_base
from .handler_checks import handler_mistakes, missing_handlers
from .handlers import marked_methods
from .many import many_mistakes
from .memory import check_memory
from .mistakes import FieldError, Mistake, report_mistakes
from .overrides import override_mistakes
from .places import ClassSource
from .settings import settings_of


def check_driver(driver: type[Any], base: type[Any]) -> None:
    """Raise MistakesError if the class, a subclass of `base`, has mistakes, or collect them.

    The message lists them, with file and line.
    """
    if mistakes := list(_mistakes(driver, base)):
        source = ClassSource(driver)
        mistakes += _redefinitions(driver, source)
        where = f"{source.file}:{source.line}" if source.line else f"module {driver.__module__}"
        texts = "; ".join(mistake.text for mistake in mistakes)
        message = f"driver {driver.__name__} ({where}): {texts}"
        report_mistakes(message, [_located(mistake, driver, source) for mistake in mistakes])


def check_usable(driver: type[Any], base: type[Any], parent: type[Any] | None) -> None:
    """Raise MistakesError, or collect mistakes, if no device could use a class.

    `parent` is the driver of which it is a sub-driver.
    """
    if mistakes := list(_unusable(driver, base, parent)):
        source = ClassSource(driver)
        texts = "; ".join(mistake.text for mistake in mistakes)
        located = [_located(mistake, driver, source) for mistake in mistakes]
        report_mistakes(f"driver {driver.__name__}: {texts}", located)


def _unusable(driver: type[Any], base: type[Any], parent: type[Any] | None) -> Iterator[Mistake]:
    if _is_shared(driver, base):
        yield from _id_mistakes(driver)
        yield from _lacking(driver)
    elif parent is not None and driver.id != parent.id:
        yield Mistake(
            f"it is a sub-driver of {parent.__name__}, which has another id",
            "leave the id out, or put what both have in common into a class without an id",
            "id",
        )
    elif parent is not None and driver.can_handle.__func__ is base.can_handle.__func__:
        yield Mistake(
            f"it is a sub-driver of {parent.__name__}, but for no device",
            "add a class method can_handle(cls, identity) that says for which",
        )


def _is_shared(driver: type[Any], base: type[Any]) -> bool:
    """Return whether a class is none for devices, but what several drivers have in common."""
    kinds = driver.__mro__[: driver.__mro__.index(base)]
    return not any("id" in vars(kind) for kind in kinds)


def _lacking(driver: type[Any]) -> Iterator[Mistake]:
    """Yield what a driver for devices must have, and does not."""
    profile: object = getattr(driver, "profile", None)
    if profile is None:
        yield Mistake("it declares no profile", "write profile = Profile(Switch)", "profile")
    yield from missing_handlers(driver)


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
    declared, is_shared = list(declaration_mistakes(driver)), _is_shared(driver, base)
    yield from declared
    wrong = {mistake.name for mistake in declared}
    yield from override_mistakes(driver, base)
    if "options" not in wrong:
        yield from _transport_mistakes(driver, base)
    yield from beside_mistakes(driver)
    if "id" not in wrong and not is_shared:
        yield from _id_mistakes(driver)
    if "discovery" not in wrong:
        yield from _data_mistakes(driver)
    if "parts" not in wrong:
        yield from _profile_mistakes(driver)
        if not is_shared:
            yield from _lacking(driver)


def _id_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    if not driver.id:
        yield Mistake("it declares no id", 'write id = "my_device"', "id")
    elif not re.fullmatch(r"[a-z][a-z0-9_]*", driver.id):
        yield Mistake(
            f"id {driver.id!r} is not lower_case",
            "use lowercase letters, digits and underscores, and begin with a letter",
            "id",
        )


def _data_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    try:
        if not is_open(driver, driver.Settings):
            settings_of(driver.Settings)
    except DriverError as err:
        yield _data_mistake(err, "settings")
    try:
        if not is_open(driver, driver.Memory):
            check_memory(driver.Memory, {name for m in driver.discovery for name in m.fields})
    except DriverError as err:
        yield _data_mistake(err, "memory")


def _data_mistake(error: DriverError, name: str) -> Mistake:
    return Mistake(str(error), "", name, error.field if isinstance(error, FieldError) else "")


def _transport_mistakes(driver: type[Any], base: type[Any]) -> Iterator[Mistake]:
    transport: object = driver.transport
    options: Options | None = driver.options
    if is_open(driver, transport) and _is_shared(driver, base):
        return
    if not isinstance(transport, type) or not issubclass(transport, Transport):
        parent = written_base(driver, base)
        yield Mistake("it names no transport", f"write class {driver.__name__}({parent}[Http])")
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
    if isinstance(profile, Profile):
        yield from many_mistakes(driver)
        yield from _pushed_mistakes(driver)
    elif profile is not None:
        reason = f"profile is {short(profile)}, not a Profile"
        yield Mistake(reason, "write profile = Profile(Switch)", "profile")
    yield from handler_mistakes(driver)


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
