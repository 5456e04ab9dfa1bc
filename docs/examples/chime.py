"""Chime: JSON over UDP on port 38100; answers carry their request's id, news have none."""

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
    register,
)


def number_of(message: dict[str, Any]) -> int | None:
    """Return what a request and its answer have in common."""
    return message.get("id")


@register
class Chime(Driver[Udp]):
    id = "chime"
    discovery = (UdpProbe(38100, b'{"id": 0, "method": "hello"}', unique_id="{reply[mac]}"),)
    profile = Profile(Momentary, AudioVolume)
    options = UdpOptions(port=38100, codec=JsonCodec, key=number_of)

    async def tell(self, method: str, *, again: bool = True, **params: object) -> dict[str, Any]:
        request = {"id": self.io.number(), "method": method, **params}
        answer: dict[str, Any] = await self.io.ask(request, again=again)
        if "error" in answer:
            raise RefusedError(f"{method}: {answer['error']}")
        return answer

    async def identify(self) -> str:
        return str((await self.tell("hello"))["mac"])

    async def refresh(self) -> None:
        await self.tell("status")

    def on_message(self, message: dict[str, Any]) -> None:
        if "volume" in message:
            self.emit(AudioVolume.volume, message["volume"])

    @handles(Momentary.push)
    async def ring(self) -> None:
        await self.tell("ring", again=False)

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        await self.tell("set", volume=volume)
