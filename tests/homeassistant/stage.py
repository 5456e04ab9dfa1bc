"""A driver for tests, on the JSON bulb's protocol: it plays any part it is given.

It handles the commands, or the intents, that a test names, by telling the device; what the
device shows, a test emits.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
import inspect
from typing import Any, override

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from lan_edge import (
    Attribute,
    Capability,
    Command,
    Confirm,
    Driver,
    Intent,
    JsonRpc,
    Profile,
    handles,
)

from .entries import device_of, set_up
from .lab import ObedientBulb
from .own_drivers import add_driver
from .states import call

type Doing = Command[...] | type[Intent]
type Said = tuple[str, dict[str, Any], str]
"""The id of a command or an intent, the arguments it was given, and its component."""


class Actor(ObedientBulb):
    """A device that does as it is told, and shows nothing by itself."""

    entry: MockConfigEntry
    """Its entry, once it entered."""

    def show(self, attribute: Attribute[Any], value: Any, component: str = "main") -> None:
        """Have its driver report a value, which may be a wrong one."""
        device_of(self.entry).driver.emit(attribute, value, component)

    @property
    def said(self) -> list[Said]:
        """What it was told since it was asked last."""
        told = [r.params for r in self.log if r.command == "do"]
        self.log.clear()
        return [(t["what"], t["with"], t["part"]) for t in told]


@dataclass
class StageMemory:
    """What a driver on the stage remembers, for a test to set."""

    last: Any = None


def stage(
    profile: Profile,
    *more: Doing,
    parts: tuple[type[Capability], ...] = (),
    confirm: Confirm = Confirm.ANSWER,
    on_first: bool = False,
    reading: Callable[[Driver[Any]], None] = lambda _: None,
) -> type[Driver[JsonRpc]]:
    """Register the driver; it handles what the profile demands, and `more`.

    An intent among them takes the place of the commands it covers. `reading` runs in each read.
    """
    doing = _handled(profile, parts, more)
    methods = {f"do_{what.id.replace('.', '_')}": _handler(what) for what in doing}

    its_profile, its_parts, confirms, goes_on_first = profile, parts, confirm, on_first

    @add_driver
    class Stage(Driver[JsonRpc]):
        id = "stage"
        confirm = confirms
        profile = its_profile
        parts = its_parts
        on_first = goes_on_first
        memory: StageMemory
        vars().update(methods)

        @override
        async def identify(self) -> str:
            return str((await self.io.call("info"))["id"])

        @override
        async def refresh(self) -> None:
            reading(self)

    return Stage


def _handled(
    profile: Profile, parts: Iterable[type[Capability]], more: tuple[Doing, ...]
) -> Iterable[Doing]:
    known = [*profile.commands(), *(c for part in parts for c in part.commands)]
    covered = [p.command for m in more if isinstance(m, type) for p in m.parts]
    needed = [c for c in known if not c.optional and c not in covered]
    return dict.fromkeys((*needed, *more))


def _handler(what: Doing) -> Any:
    """Return a method that has the arguments that a handler must have."""

    async def handler(self: Any, *intents: Intent, **arguments: Any) -> None:
        asked = intents[0].asked() if intents else arguments
        given = {name: value for name, value in asked.items() if value is not None}
        await self.io.call("do", what=what.id, part=self.component, **{"with": given})

    names = [a.name for a in what.arguments] if isinstance(what, Command) else ["intent"]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind) for name in ("self", *names)]
    handler.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    handler.__name__ = f"do_{what.id.replace('.', '_')}"
    return handles(what)(handler)


async def enter(hass: HomeAssistant, device: Actor, **data: Any) -> MockConfigEntry:
    """Return the loaded entry of the device on the stage."""
    device.entry = await set_up(hass, "stage", device.identity, device, **data)
    return device.entry


async def told_by(
    hass: HomeAssistant, device: Actor, service: str, entity_id: str, **data: Any
) -> Said:
    """Call a service; return what the device was told by it, in one command."""
    device.log.clear()
    await call(hass, service, entity_id, **data)
    [said] = device.said
    return said
