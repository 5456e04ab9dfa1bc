"""WebSocket lamp: JSON over a WebSocket; answers carry their request's id, news have none."""

from typing import Any, override

from lan_edge import (
    Driver,
    Mdns,
    Profile,
    RefusedError,
    Switch,
    SwitchLevel,
    WebSocket,
    WebSocketOptions,
    handles,
    register,
)


def number_of(message: dict[str, Any]) -> int | None:
    """Return what a request and its answer have in common."""
    return message.get("id")


@register
class WsLamp(Driver[WebSocket]):
    id = "ws_lamp"
    discovery = (Mdns("_ws-lamp._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(Switch, SwitchLevel)
    options = WebSocketOptions(path="/ws", key=number_of)

    async def tell(self, do: str, **params: object) -> dict[str, Any]:
        answer: dict[str, Any] = await self.io.ask({"id": self.io.number(), "do": do, **params})
        if "error" in answer:
            raise RefusedError(f"{do}: {answer['error']}")
        return answer

    @override
    async def identify(self) -> str:
        return str((await self.tell("read"))["serial"])

    @override
    async def refresh(self) -> None:
        await self.tell("read")

    @override
    def on_message(self, message: dict[str, Any]) -> None:
        if "level" in message:
            self.emit(Switch.switch, message["on"])
            self.emit(SwitchLevel.level, message["level"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.tell("write", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.tell("write", on=False)

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:  # noqa: ARG002
        await self.tell("write", on=True, level=level)
