"""Chime: JSON over UDP on port 38100; replies have their request's id, notifications none."""

from typing import Any

from lan_edge import (
    AudioVolume,
    Driver,
    JsonCodec,
    Momentary,
    Profile,
    RefusedError,
    Udp,
    UdpOptions,
    UdpProbe,
    handles,
    id_at,
    register,
)


def number_of(message: dict[str, Any]) -> int | None:
    """Return what a request and its reply have in common; None for a notification."""
    return message.get("id")


@register
class Chime(Driver[Udp]):
    id = "chime"
    discovery = (UdpProbe(38100, b'{"id": 0, "method": "hello"}', unique_id="{reply[mac]}"),)
    profile = Profile(Momentary, AudioVolume)
    options = UdpOptions(port=38100, codec=JsonCodec, key=number_of)

    async def request(self, method: str, *, again: bool = True, **params: object) -> dict[str, Any]:
        message = {"id": self.io.number(), "method": method, **params}
        reply: dict[str, Any] = await self.io.ask(message, again=again)
        if "error" in reply:
            raise RefusedError(f"{method}: {reply['error']}")
        return reply

    async def identify(self) -> str:
        return id_at(await self.request("hello"), "mac")

    async def refresh(self) -> None:
        await self.request("status")

    def on_message(self, message: dict[str, Any]) -> None:
        self.emit_field(AudioVolume.volume, message, "volume", unchanged=True)

    @handles(Momentary.push)
    async def ring(self) -> None:
        await self.request("ring", again=False)

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        await self.request("set", volume=volume)
