"""A driver made by code: it handles all there is, and shows what its device says.

The device does as it is told: it notes each command, and pushes what the command's declaration
says that it sets.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from inspect import Parameter, Signature
from typing import Any, NamedTuple, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.const import DOMAIN
from lan_edge import (
    STANDARD,
    Attribute,
    Command,
    Device,
    Driver,
    Profile,
    handles,
)

from ..entries import device_of
from ..own_drivers import add_driver
from ..parts import replace_profile
from ..waiting import eventually
from .memory import Memory, Peer


class Told(NamedTuple):
    """A command as it reached the device."""

    command: Command[...]
    arguments: dict[str, Any]
    component: str


class Pushed(NamedTuple):
    """A value as the device says it, right or wrong."""

    attribute: Attribute[Any]
    value: Any
    component: str


class Puppet(Peer):
    """The device."""

    def __init__(self, unique_id: str = "puppet-1") -> None:
        """Have heard nothing yet."""
        super().__init__(unique_id)
        self._log: list[Told] = []
        self._profile: Profile | None = None
        self.slow = asyncio.Event()
        """Set unless it is to take its time."""
        self.slow.set()

    def become(self, profile: Profile) -> None:
        """Have another profile from now on, and tell it."""
        self._profile = profile
        self.push(profile)

    @override
    async def told(self, message: Told | None) -> Profile | None:
        if message is None:
            return self._profile
        self._log.append(message)
        await self.slow.wait()
        for attribute, value in message.command.effects(message.arguments):
            self.push(Pushed(attribute, value, message.component))
        return None

    @property
    def heard(self) -> list[Told]:
        """What it was told since this was asked last."""
        heard, self._log = self._log, []
        return heard


class Puppeteer(Driver[Memory]):
    """What all drivers made by code share."""

    id = "puppet"
    profile = Profile()

    @override
    async def identify(self) -> str:
        self.describe(model=self.io.peer.model)
        return self.io.peer.unique_id

    @override
    async def connected(self) -> None:
        """Ask what it has by now, as a driver of a hub asks for its parts."""
        if (profile := await self.io.send(None)) is not None:
            replace_profile(self, profile)

    @override
    def on_message(self, message: Pushed | Profile) -> None:
        if isinstance(message, Profile):
            replace_profile(self, message)
        else:
            self.emit(message.attribute, message.value, message.component)


def puppet_driver(
    profile: Profile,
    without: Collection[Command[...]] = (),
    family: type[Puppeteer] = Puppeteer,
) -> type[Puppeteer]:
    """Register a driver; it handles every standard command but those `without`."""
    commands = [c for capability in STANDARD for c in capability.commands if c not in without]
    body: dict[str, Any] = {h.__name__: h for h in map(_handler, commands)}
    return add_driver(
        type("APuppeteer", (family,), {**body, "profile": profile, "parts": STANDARD})
    )


def _handler(command: Command[...]) -> Callable[..., Any]:
    async def handler(self: Puppeteer, **arguments: Any) -> None:
        await self.io.send(Told(command, arguments, self.component))

    handler.__name__ = command.id.replace(".", "_")
    names = ("self", *(a.name for a in command.arguments))
    kind = Parameter.POSITIONAL_OR_KEYWORD
    handler.__signature__ = Signature([Parameter(n, kind) for n in names])  # type: ignore[attr-defined]
    return handles(command)(handler)


@dataclass
class House:
    """A puppet in Home Assistant."""

    hass: HomeAssistant
    puppet: Puppet
    entry: MockConfigEntry
    faults: list[str] = field(default_factory=list)
    """What was wrong so far: all of it is told in the end."""

    @property
    def device(self) -> Device:
        """The library's device."""
        return device_of(self.entry)

    def entity_id(self, platform: str, component: str, part: str) -> str | None:
        """Return an entity by its platform, component and the id of what it shows."""
        unique_id = f"{self.entry.unique_id}-{component}-{part}"
        return er.async_get(self.hass).async_get_entity_id(platform, DOMAIN, unique_id)

    def check(self, is_so: object, *what: object) -> None:
        """Note a fault unless it is so."""
        if not is_so:
            self.fault(*what)

    def fault(self, *what: object) -> None:
        """Note a fault."""
        self.faults.append(" ".join(str(w) for w in what))

    def push(self, attribute: Attribute[Any], value: Any, component: str = "main") -> None:
        """Have the device say something."""
        self.puppet.push(Pushed(attribute, value, component))


async def moved_in(hass: HomeAssistant, puppet: Puppet, *, online: bool = True) -> House:
    """Return the house of a puppet whose driver is registered; it is plugged in if `online`."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=puppet.unique_id,
        title="Puppet",
        data={
            "driver": "puppet",
            "host": puppet.address.host,
            "port": puppet.address.port,
            "identity": {"unique_id": puppet.unique_id, "name": "Puppet"},
            "seen_as": puppet.unique_id,
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED
    await eventually(lambda: device_of(entry).available is online)
    await hass.async_block_till_done()
    return House(hass, puppet, entry)
