"""Intercom: messages like RTSP over TCP on port 5540; requests are numbered, it sends some, too."""

from http import HTTPStatus

from lan_edge import (
    Driver,
    Frames,
    FramesOptions,
    HttpCodec,
    HttpFramer,
    HttpMessage,
    Profile,
    RefusedError,
    Switch,
    handles,
    register,
)


def number_of(message: HttpMessage) -> str | None:
    """Return what a request and its reply have in common; None for what the device sends."""
    return message.header("CSeq") or None


@register
class Intercom(Driver[Frames]):
    id = "intercom"
    profile = Profile(Switch)
    options = FramesOptions(port=5540, framer=HttpFramer, codec=HttpCodec, key=number_of)

    async def request(self, method: str, body: str = "") -> str:
        headers = {"CSeq": str(self.io.number())}
        message = HttpMessage(f"{method} / ICOM/1.0", headers, body.encode())
        reply: HttpMessage = await self.io.ask(message)
        if reply.status != HTTPStatus.OK:
            raise RefusedError(reply.start)
        return reply.body.decode("latin-1")

    async def identify(self) -> str:
        return await self.request("DESCRIBE")

    async def refresh(self) -> None:
        self.emit_parsed(Switch.switch, await self.request("GET"))

    def on_message(self, message: HttpMessage) -> None:
        if message.start.startswith("NOTIFY "):
            self.emit_parsed(Switch.switch, message.body.decode("latin-1"))

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.request("SET", "on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.request("SET", "off")
