"""A device of any profile, on the JSON bulb's protocol: it shows and tells what goes through.

The driver sends each command as it comes; the device reports whatever a test has it say.
"""

from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from inspect import Parameter, Signature
from typing import Any, override

from homeassistant.core import HomeAssistant

from custom_components.lan_edge.edge import (
    Attribute,
    Command,
    Confirm,
    Driver,
    JsonRpc,
    Profile,
    RpcMessage,
    handles,
    register,
)

from .common import BULB_ID, call, push, set_up
from .lab import ObedientBulb

type Said = tuple[str, list[Any], str]
"""A command's id, its arguments and its component."""


class _Teller(Driver[JsonRpc]):
    id = "teller"
    profile = Profile()
    confirm = Confirm.ANSWER

    @override
    async def identify(self) -> str:
        return str((await self.io.call("info"))["id"])

    @override
    def on_message(self, message: RpcMessage) -> None:
        parts = self.device.profile.components.values()
        known = {a.id: a for part in parts for c in part.capabilities for a in c.attributes}
        for attribute, value, component in message.data.get("told", []):
            self.emit(known[attribute], value, component)


class Teller(ObedientBulb):
    """The device."""

    async def tell(self, attribute: Attribute[Any], value: Any, component: str = "main") -> None:
        """Report a value."""
        await push(self, told=[[attribute.id, value, component]])

    @property
    def said(self) -> list[Said]:
        """What it was told since this was asked last."""
        calls = [r.params for r in self.log if r.command == "say"]
        self.log.clear()
        return [(c["what"], c["arguments"], c["part"]) for c in calls]


@asynccontextmanager
async def teller(
    hass: HomeAssistant, profile: Profile, without: Collection[Command[...]] = ()
) -> AsyncGenerator[Teller]:
    """Set up a device of a profile, with a handler for each command but those `without`."""
    handled = [c for c in profile.commands() if c not in without]
    body = {handler.__name__: handler for handler in map(_handler, handled)}
    register(type("ATeller", (_Teller,), {**body, "profile": profile}))
    async with Teller(id=BULB_ID, name="Device") as device:
        await set_up(hass, "teller", BULB_ID, device)
        device.log.clear()
        yield device
        await hass.async_block_till_done()


async def told_by(
    hass: HomeAssistant, device: Teller, service: str, entity_id: str, **data: Any
) -> Said:
    """Call a service; return what the device was told by it, in one command."""
    device.log.clear()
    await call(hass, service, entity_id, **data)
    [said] = device.said
    return said


def _handler(command: Command[...]) -> Callable[..., Any]:
    async def handler(self: _Teller, **arguments: Any) -> None:
        given = [v for v in arguments.values() if v is not None]
        await self.io.call("say", what=command.id, arguments=given, part=self.component)

    handler.__name__ = command.id.replace(".", "_")
    names = ("self", *(a.name for a in command.arguments))
    kind = Parameter.POSITIONAL_OR_KEYWORD
    handler.__signature__ = Signature([Parameter(n, kind) for n in names])  # type: ignore[attr-defined]
    return handles(command)(handler)
