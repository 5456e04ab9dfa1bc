"""Compiles a description into a driver, a subclass of `Driver` like one that an author writes."""

from collections.abc import Callable
from types import new_class
from typing import Any

from ...capabilities.definition import Attribute, Capability
from ...capabilities.profile import Profile
from ...driver.driver import AnyDriver
from ...driver.mistakes import MistakesError
from ...errors import EdgeError
from ...transports import Options
from ..description import Description
from ..places import Path
from .described import DescribedDriver
from .faults import CompilerFaults
from .handlers import handlers_for
from .matchers import matchers_of
from .members import Members, component_of, members_of
from .options import options_of
from .own_capabilities import module_of
from .parameters import initial_values, settings_class
from .plan import Plan
from .planning import plan_of
from .points import points_class, points_plan
from .talks import TALK_BY_WORD

PLACES: dict[str, Path] = {
    "settings": ("parameters",),
    "options": ("options",),
    "discovery": ("found_by",),
    "profile": ("components",),
    "id": ("id",),
}
"""Where in a text that is which the checks of drivers name."""
FADE_ARGUMENT = "rate"
"""The argument of commands that take a time."""


def compile_description(description: Description) -> AnyDriver:
    """Return the driver of a description; raise DescriptionError with all that is wrong.

    Each call returns a new class, which can replace an earlier one of a living device.
    """
    faults = CompilerFaults(description)
    if description.talks not in TALK_BY_WORD:
        return _compile_points(description, faults)
    members = members_of(description, faults)
    plan = plan_of(description, members, faults)
    namespace: dict[str, Any] = {
        "__module__": module_of(description),
        "__doc__": f"{description.name}, as its description says.",
        "id": description.id,
        "name": description.name,
        "help": description.requirements,
        "discovery": tuple(matchers_of(description, faults)),
        "profile": _profile(description, members),
        "Settings": _made(faults, ("parameters",), lambda: settings_class(description)),
        "options": _initial_options(description, plan, faults),
        "fades": _fades(plan, members),
        "keeps_callback_url": description.posts,
        "poll": description.poll,
        "confirm": description.confirm,
        "confirm_within": description.confirm_within,
        "reads_identity": plan.identity is not None and plan.identity[0] in plan.polled,
        "pushed": _pushed(description, members),
        "plan": plan,
        **_handlers(description, members),
    }
    faults.raise_if_any()
    base: Any = DescribedDriver
    bases = (base[TALK_BY_WORD[description.talks].transport],)
    return _driver(description, bases, namespace, faults)


def _compile_points(description: Description, faults: CompilerFaults) -> AnyDriver:
    plan, members = points_plan(description, faults)
    faults.raise_if_any()
    bases, namespace = points_class(description, members)
    namespace |= {"plan": plan, **_handlers(description, members)}
    return _driver(description, bases, namespace, faults)


def own_capabilities_of(driver: AnyDriver) -> tuple[type[Capability], ...]:
    """Return the capabilities that only a description has, for the registry."""
    module = driver.__module__
    found = [c for each in driver.profile.components.values() for c in each.capabilities]
    return tuple(c for c in dict.fromkeys((*found, *driver.parts)) if c.__module__ == module)


def _made[T](faults: CompilerFaults, path: Path, make: Callable[[], T]) -> T | None:
    """Return what `make` returns; note its error and return None if it fails."""
    try:
        return make()
    except (EdgeError, TypeError, ValueError, KeyError) as err:
        faults.take(path, err)
        return None


def _initial_options(
    description: Description, plan: Plan, faults: CompilerFaults
) -> Options | None:
    """Return the options with the parameters as they are at first; note what is wrong in them."""
    values = _made(faults, ("parameters",), lambda: initial_values(description)) or {}
    return _made(faults, ("options",), lambda: options_of(description, values, plan.login))


def _profile(description: Description, members: Members) -> Profile:
    return Profile(**{n: component_of(description, members, n) for n in description.components})


def _pushed(description: Description, members: Members) -> tuple[Attribute[Any], ...] | None:
    """Return what the device reports by itself; None: all that it has, or nothing at all."""
    if not TALK_BY_WORD[description.talks].transport.pushes:
        return None
    single = next(iter((*description.requests, *description.messages)), "")
    sources = [(member.attribute, member.reading.source or single) for member in members.reads]
    told = [attribute for attribute, source in sources if source in description.messages]
    return None if len(told) == len(sources) else tuple(dict.fromkeys(told))


def _fades(plan: Plan, members: Members) -> bool:
    """Return whether lights can take a requested time: something that is sent has it."""
    timed = [
        m for m in members.commands if any(a.name == FADE_ARGUMENT for a in m.command.arguments)
    ]
    plans = [plan.commands[member.component, member.command.id] for member in timed]
    return not timed or any(FADE_ARGUMENT in step.names for each in plans for step in each.steps)


def _handlers(description: Description, members: Members) -> dict[str, Any]:
    commands = {member.command.id: member.command for member in members.commands}
    lines = {m.command.id: description.places.line(m.path) for m in reversed(members.commands)}
    return handlers_for(commands, f"{description.id}.yaml", lines, members.assumed)


def _driver(
    description: Description,
    bases: tuple[Any, ...],
    namespace: dict[str, Any],
    faults: CompilerFaults,
) -> AnyDriver:
    name = "".join(word.title() for word in description.id.split("_"))
    try:
        return new_class(name, bases, {}, lambda body: body.update(namespace))
    except MistakesError as err:
        for mistake in err.mistakes:
            path = PLACES.get(mistake.name, ())
            part = (mistake.part,) if mistake.part and path else ()
            faults.add((*path, *part), mistake.reason, mistake.remedy)
        faults.raise_if_any()
        raise
