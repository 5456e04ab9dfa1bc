"""Checks the handlers of a driver class: whether they fit its profile, and what they take."""

from collections.abc import Callable, Iterator
import inspect
from typing import Any

from ..capabilities.definition import Command
from ..capabilities.intents import INTENTS, Intent
from ..capabilities.profile import Component, Profile
from .handler_arguments import demanded, passed
from .handlers import marked_methods
from .mistakes import NO_HANDLER, Mistake
from .signatures import can_take, signature_of


def handler_mistakes(driver: type[Any]) -> Iterator[Mistake]:
    """Yield what is wrong with handlers; without a profile, as far as that can be said."""
    profile = _whole(driver)
    handlers: dict[str, str] = {}
    for name, _, what, _ in marked_methods(driver):
        if (other := handlers.setdefault(what.id, name)) != name:
            reason = f"{other} and {name} both handle {what.id}"
            yield Mistake(reason, f"remove one, or the @handles({_code(what)}) before it", name)
    for name, function, what, _ in marked_methods(driver):
        yield from _method_mistakes(name, function, what, profile, fades=driver.fades)


def missing_handlers(driver: type[Any]) -> Iterator[Mistake]:
    """Yield the commands of the profile that no method handles."""
    profile = _whole(driver)
    handled = {i for k in driver.__mro__ for i in vars(k).get("handlers", {})}
    covered = {p.command.id for i in INTENTS if i.id in handled for p in i.parts}
    for command in profile.commands() if profile is not None else ():
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
    *,
    fades: bool,
) -> Iterator[Mistake]:
    if not inspect.iscoroutinefunction(function):
        reason = f"{name} handles {what.id} but is not async"
        yield Mistake(reason, "put `async` before `def`", name)
    if not signature_of(function).parameters:
        yield Mistake(f"{name} takes no self", f"write async def {name}(self)", name)
    elif isinstance(what, Command):
        yield from _profile_mistakes(name, what, profile)
        yield from _argument_mistakes(name, function, what, fades=fades)
    elif not can_take(function, 1):
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


def _profile_mistakes(
    name: str, command: Command[...], profile: Profile | None
) -> Iterator[Mistake]:
    if not _has(profile, command):
        yield Mistake(
            f"{name} handles {command.id}, but the profile does not have {command.capability.id}",
            f"add {command.capability.__name__} to the profile or to parts",
            name,
        )


def _argument_mistakes(
    name: str, function: Callable[..., Any], command: Command[...], *, fades: bool
) -> Iterator[Mistake]:
    expected = demanded(command, fades=fades)
    if can_take(function, 0, passed(function, command, fades=fades)):
        return
    reason = f"{name} handles {command.id}, which takes {expected or 'nothing'}"
    remedy = f"write async def {name}({', '.join(('self', *expected))})"
    if can_take(function, 0, passed(function, command, fades=False)):
        remedy += ", or fades = False if its lights take no time for a change"
    yield Mistake(reason, remedy, name)


def _has(profile: Profile | None, command: Command[...]) -> bool:
    if profile is None:
        return True
    return any(component.has(command) for component in profile.components.values())


def _whole(driver: type[Any]) -> Profile | None:
    """Return the profile of a class, with its parts; None if it has none."""
    profile: object = getattr(driver, "profile", None)
    if not isinstance(profile, Profile):
        return None
    return Profile(**profile.components, **{"": Component(driver.parts)})
