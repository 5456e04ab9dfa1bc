"""Dialing relay: opens a WebSocket to the hub; JSON requests and replies with ids, and pushes."""

from typing import Any

from lan_edge import (
    Calls,
    Driver,
    Inbound,
    InboundOptions,
    Profile,
    RefusedError,
    Switch,
    handles,
    id_at,
    register,
)


def number_of(message: dict[str, Any]) -> int | None:
    """Return what a request and its reply have in common; None for a push."""
    return message.get("id")


@register
class DialingRelay(Driver[Inbound]):
    id = "dialing_relay"
    discovery = (Calls("dialing-relay"),)
    profile = Profile(Switch)
    options = InboundOptions(name="dialing-relay", key=number_of)

    async def request(self, do: str, **params: object) -> dict[str, Any]:
        message = {"id": self.io.number(), "do": do, **params}
        reply: dict[str, Any] = await self.io.ask(message, secret=do == "keep")
        if "error" in reply:
            raise RefusedError(f"{do}: {reply['error']}")
        return reply

    async def identify(self) -> str:
        return id_at(await self.request("hello"), "serial")

    async def connected(self) -> None:
        await self.request("keep", url=await self.callback_url())

    async def refresh(self) -> None:
        await self.request("read")

    def on_message(self, message: dict[str, Any]) -> None:
        self.emit_field(Switch.switch, message, "on", unchanged=True)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.request("write", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.request("write", on=False)
