"""Amplifier: text lines over TCP on port 4999; each is answered by one, news begin with a star."""

from custom_components.lan_edge.edge import (
    AudioVolume,
    Driver,
    Lines,
    LinesOptions,
    Mdns,
    Profile,
    RefusedError,
    Switch,
    handles,
    register,
)


def is_reply(line: str) -> bool:
    """Tell an answer from news."""
    return not line.startswith("*")


@register
class Amplifier(Driver[Lines]):
    id = "amplifier"
    discovery = (Mdns("_amplifier._tcp.local.", unique_id="{txt[serial]}"),)
    profile = Profile(Switch, AudioVolume)
    options = LinesOptions(port=4999, delimiter="\r\n", encoding="ascii", is_reply=is_reply)

    async def identify(self) -> str:
        return await self.io.ask("SERIAL?")

    async def refresh(self) -> None:
        await self.io.ask("POWER?")
        await self.io.ask("VOLUME?")

    def on_message(self, message: str) -> None:
        match message.removeprefix("*").lower().split():
            case ["power", state]:
                self.emit(Switch.switch, Switch.switch.parse(state))
            case ["volume", volume]:
                self.emit(AudioVolume.volume, AudioVolume.volume.parse(volume))
            case _:
                pass

    async def tell(self, line: str) -> None:
        if (answer := await self.io.ask(line)).startswith("ERROR"):
            raise RefusedError(f"{line}: {answer}")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.tell("POWER ON")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.tell("POWER OFF")

    @handles(AudioVolume.set_volume)
    async def set_volume(self, volume: int) -> None:
        await self.tell(f"VOLUME {volume}")
