"""Dimmer: protobuf-like frames over TCP on port 6053; after `hello`, others with a cipher."""

from functools import partial
from typing import Any, override

from lan_edge import (
    Codec,
    Driver,
    Frames,
    FramesOptions,
    LengthFramer,
    Profile,
    SwitchLevel,
    VarintFramer,
    handles,
    register,
)


class Cipher(Codec):
    def __init__(self, key: int) -> None:
        self.key = key

    @override
    def encode(self, message: Any) -> bytes:
        return bytes(byte ^ self.key for byte in message)

    @override
    def decode(self, data: bytes) -> Any:
        return bytes(byte ^ self.key for byte in data)


async def hello(io: Frames) -> None:
    """Agree on a key."""

    def encrypt(reply: bytes) -> None:
        io.change_framer(partial(LengthFramer, 2))
        io.codec = Cipher(reply[0])

    await io.ask(b"hello", then=encrypt)


@register
class Dimmer(Driver[Frames]):
    id = "dimmer"
    profile = Profile(SwitchLevel)
    options = FramesOptions(
        port=6053, framer=VarintFramer, login=hello, is_reply=lambda message: message[:1] != b"!"
    )

    async def identify(self) -> str:
        return bytes(await self.io.ask(b"serial")).decode("latin-1")

    async def refresh(self) -> None:
        await self.io.ask(b"level")

    def on_message(self, message: bytes) -> None:
        match message.lstrip(b"!").split():
            case [b"level", level]:
                self.emit_parsed(SwitchLevel.level, level.decode("latin-1"))
            case _:
                pass

    @handles(SwitchLevel.set_level)
    async def set_level(self, level: int, rate: float | None = None) -> None:
        del rate
        await self.io.ask(b"level %d" % level)
