"""Amplifier: text lines over TCP on port 4999; one reply a line, notifications begin with *."""

from lan_edge import (
    AudioVolume,
    Driver,
    Lines,
    LinesOptions,
    Mdns,
    Profile,
    RefusedError,
    handles,
    register,
)


def is_reply(line: str) -> bool:
    """Return whether a line is a reply, not a notification."""
    return not line.startswith("*")


@register
class Amplifier(Driver[Lines]):
    id = "amplifier"
    discovery = (Mdns("_amplifier._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(AudioVolume)
    options = LinesOptions(port=4999, delimiter="\r\n", encoding="ascii", is_reply=is_reply)

    async def identify(self) -> str:
        return await self.io.ask("SERIAL?")

    async def refresh(self) -> None:
        await self.io.ask("VOLUME?")

    def on_message(self, message: str) -> None:
        match message.removeprefix("*").split():
            case ["VOLUME", volume]:
                self.emit_parsed(AudioVolume.volume, volume)
            case _:
                pass

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        if (reply := await self.io.ask(f"VOLUME {volume}")).startswith("ERROR"):
            raise RefusedError(reply)
