"""Air purifier: JSON over a WebSocket at /ws; answers carry their request's id, news have none."""

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
    register,
)


def number_of(message: dict[str, Any]) -> int | None:
    """Return what a request and its answer have in common."""
    return message.get("id")


@register
class Purifier(Driver[WebSocket]):
    id = "purifier"
    discovery = (Mdns("_purifier._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(Switch)
    options = WebSocketOptions(path="/ws", key=number_of)

    async def tell(self, do: str, **params: object) -> dict[str, Any]:
        answer: dict[str, Any] = await self.io.ask({"id": self.io.number(), "do": do, **params})
        if "error" in answer:
            raise RefusedError(f"{do}: {answer['error']}")
        return answer

    async def identify(self) -> str:
        return str((await self.tell("hello"))["serial"])

    async def refresh(self) -> None:
        await self.tell("read")

    def on_message(self, message: dict[str, Any]) -> None:
        if "on" in message:
            self.emit(Switch.switch, message["on"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.tell("write", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.tell("write", on=False)
