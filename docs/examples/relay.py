"""Relay: binary over TCP on port 6722; length, number, command, data; number 0 notifies."""

from functools import partial

from lan_edge import (
    Driver,
    Frames,
    FramesOptions,
    LengthFramer,
    Profile,
    RefusedError,
    Switch,
    handles,
    register,
)

IDENTIFY, STATE, SET, REFUSED = b"I", b"R", b"S", b"!"


def number_of(message: bytes) -> int | None:
    """Return what a request and its reply have in common; None for a notification."""
    return message[0] or None


@register
class Relay(Driver[Frames]):
    id = "relay"
    profile = Profile(Switch)
    options = FramesOptions(port=6722, framer=partial(LengthFramer, 2), key=number_of)

    async def request(self, command: bytes, data: bytes = b"") -> bytes:
        number = self.io.number() % 255 + 1
        reply: bytes = await self.io.ask(bytes([number]) + command + data)
        if reply[1:2] == REFUSED:
            raise RefusedError(f"{command!r} is refused")
        return reply[2:]

    async def identify(self) -> str:
        return (await self.request(IDENTIFY)).hex()

    async def refresh(self) -> None:
        await self.request(STATE)

    def on_message(self, message: bytes) -> None:
        if message[1:2] == STATE:
            self.emit(Switch.switch, message[2:] == b"\1")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.request(SET, b"\1")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.request(SET, b"\0")
