"""Relay board: binary over TCP on port 6722; length, number, word, data; number 0 is news."""

from functools import partial

from custom_components.lan_edge.edge import (
    Component,
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

IDENTIFY, READ, SET, REFUSED = b"I", b"R", b"S", b"!"


def number_of(message: bytes) -> int | None:
    """Return what a request and its answer have in common."""
    return message[0] or None


@register
class RelayBoard(Driver[Frames]):
    id = "relay_board"
    profile = Profile(
        relay_1=Component((Switch,), name="Relay 1"),
        relay_2=Component((Switch,), name="Relay 2"),
    )
    options = FramesOptions(port=6722, framer=partial(LengthFramer, 2), key=number_of)

    async def tell(self, word: bytes, *data: int) -> bytes:
        number = self.io.number() % 255 + 1
        answer: bytes = await self.io.ask(bytes([number]) + word + bytes(data))
        if answer[1:2] == REFUSED:
            raise RefusedError(f"{word!r} is refused")
        return answer[2:]

    async def identify(self) -> str:
        return (await self.tell(IDENTIFY)).hex()

    async def refresh(self) -> None:
        await self.tell(READ)

    def on_message(self, message: bytes) -> None:
        if message[1:2] in {READ, SET} and len(message) == 2 + len(self.profile.components):
            for relay, state in zip(self.profile.components, message[2:], strict=True):
                self.emit(Switch.switch, state == 1, relay)

    async def switch(self, state: int) -> None:
        await self.tell(SET, list(self.profile.components).index(self.component), state)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.switch(1)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.switch(0)
