"""Purifier: JSON over a WebSocket at /ws; replies have their request's id, notifications none."""

from typing import Any

from lan_edge import (
    Driver,
    Mdns,
    Profile,
    RefusedError,
    Switch,
    WebSocket,
    WebSocketOptions,
    handles,
    id_at,
    register,
)


def number_of(message: dict[str, Any]) -> int | None:
    """Return what a request and its reply have in common; None for a notification."""
    return message.get("id")


@register
class Purifier(Driver[WebSocket]):
    id = "purifier"
    discovery = (Mdns("_purifier._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(Switch)
    options = WebSocketOptions(path="/ws", key=number_of)

    async def request(self, do: str, **params: object) -> dict[str, Any]:
        message = {"id": self.io.number(), "do": do, **params}
        reply: dict[str, Any] = await self.io.ask(message)
        if "error" in reply:
            raise RefusedError(f"{do}: {reply['error']}")
        return reply

    async def identify(self) -> str:
        return id_at(await self.request("hello"), "serial")

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
