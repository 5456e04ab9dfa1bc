"""What a device lists: only that can be chosen, and a report of anything else asks for a read."""

import asyncio
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    ArgumentError,
    Attribute,
    Component,
    Device,
    Driver,
    FanIntent,
    FanMode,
    FanModeValue,
    JsonRpc,
    MediaInputSource,
    MediaPresets,
    Mode,
    PlayerIntent,
    Preset,
    Profile,
    Switch,
    UnconfirmedError,
    handles,
)

from ..bench import BenchDevice, new_device, online
from ..peers import until

PART = "zone_2"
STATE: dict[str, Attribute[Any]] = {
    "source": MediaInputSource.input_source,
    "mode": Mode.mode,
    "fan": FanMode.fan_mode,
}
LISTS: dict[str, Attribute[Any]] = {
    "sources": MediaInputSource.supported_input_sources,
    "modes": Mode.supported_modes,
    "fans": FanMode.supported_fan_modes,
}


class Amplifier(Driver[JsonRpc]):
    """Has lists of all that can be chosen, and a second zone once it has told of it."""

    id = "test_amplifier"
    profile = Profile(Switch, MediaInputSource, MediaPresets, Mode, FanMode)
    poll = None
    values_first: ClassVar[bool] = False

    @override
    async def identify(self) -> str:
        return str((await self.io.call("info"))["id"])

    @override
    async def refresh(self) -> None:
        zone = (await self.io.call("get")).get("zone")
        if zone is not None:
            main = self.profile.components["main"]
            self.set_profile(Profile(main=main, **{PART: Component((Switch,))}))
            self.emit(Switch.switch, zone, PART)

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        data = message.data
        self.emit(MediaPresets.presets, (Preset("p1", "Jazz"), Preset("p2", "News")))
        for names in (STATE, LISTS) if self.values_first else (LISTS, STATE):
            for name, attribute in names.items():
                if name in data:
                    value = tuple(data[name]) if names is LISTS else data[name]
                    self.emit(attribute, value)
        if "on" in data:
            self.emit(Switch.switch, data["on"])
        if "zone" in data and message.method == "state":
            self.emit(Switch.switch, data["zone"], PART)
        if "there" in data:
            self.set_available(PART, data["there"])

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)

    @handles(MediaInputSource.set_input_source)
    async def set_source(self, mode: str) -> None:
        await self.io.call("set", source=mode)

    @handles(MediaPresets.play_preset)
    async def play_preset(self, preset_id: str) -> None:
        await self.io.call("set", preset=preset_id)

    @handles(Mode.set_mode)
    async def set_mode(self, mode: str) -> None:
        await self.io.call("set", mode=mode)

    @handles(FanMode.set_fan_mode)
    async def set_fan(self, fan_mode: str) -> None:
        await self.io.call("set", fan=fan_mode)


class ValuesFirst(Amplifier):
    """Emits the values before the lists that have them."""

    id = "test_amplifier_values_first"
    values_first = True


class AmplifierDevice(BenchDevice):
    """Has two sources, modes and fan modes."""

    def __init__(self) -> None:
        super().__init__()
        self.state = {"on": True, "source": "CD", "mode": "movie", "fan": "low"}
        self.state |= {"sources": ["CD", "TV"], "modes": ["movie", "music"]}
        self.state["fans"] = ["low", "auto"]


def get(device: Device, attribute: Attribute[Any], part: str = "main") -> Any:
    return device.state.get(attribute, part)


# choosing


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        (MediaInputSource.set_input_source, {"mode": "Phono"}, "'Phono' is not one of CD, TV"),
        (Mode.set_mode, {"mode": "night"}, "'night' is not one of movie, music"),
        (FanMode.set_fan_mode, {"fan_mode": "high"}, "'high' is not one of low, auto"),
        (MediaPresets.play_preset, {"preset_id": "Jazz"}, "'Jazz' is not one of p1, p2"),
        (Mode.set_mode, {"mode": "x" * 300}, "'x{40}' is not one of movie, music"),
    ],
)
async def test_what_is_not_listed_is_refused_before_the_handler(
    command: Any, arguments: dict[str, Any], message: str
) -> None:
    async with AmplifierDevice() as peer, online(new_device(Amplifier, peer.address)) as device:
        with pytest.raises(ArgumentError, match=f"^{message}$"):
            await device.commands.execute(command, arguments)
        assert not peer.sets


@pytest.mark.parametrize(
    "intent",
    [
        PlayerIntent(source="Phono"),
        PlayerIntent(preset="p3"),
        FanIntent(mode=FanModeValue.HIGH),
    ],
    ids=str,
)
async def test_so_is_a_part_of_an_intent(intent: Any) -> None:
    async with AmplifierDevice() as peer, online(new_device(Amplifier, peer.address)) as device:
        with pytest.raises(ArgumentError, match="is not one of"):
            await device.commands.perform(intent)
        assert not peer.sets


async def test_what_is_listed_can_be_chosen_and_all_where_nothing_is_listed() -> None:
    async with AmplifierDevice() as peer, online(new_device(Amplifier, peer.address)) as device:
        await device.commands.execute(Mode.set_mode, {"mode": "music"})
        await device.commands.execute(MediaPresets.play_preset, {"preset_id": "p2"})
        assert peer.sets == [{"mode": "music"}, {"preset": "p2"}]
        peer.state["modes"] = []
        await device.commands.refresh()
        await device.commands.execute(Mode.set_mode, {"mode": "night"})
        assert get(device, Mode.mode) == "night"


async def test_what_is_chosen_at_present_can_be_chosen_again() -> None:
    async with AmplifierDevice() as peer, online(new_device(Amplifier, peer.address)) as device:
        peer.state["mode"] = "night"
        await device.commands.refresh()
        peer.idle = True
        await device.commands.execute(Mode.set_mode, {"mode": "night"})
        assert peer.sets == [{"mode": "night"}]


async def test_another_listed_value_is_not_the_result() -> None:
    """Somebody else chooses while the device ignores us."""
    async with AmplifierDevice() as peer, online(new_device(Amplifier, peer.address)) as device:
        peer.state["sources"] = ["CD", "TV", "Phono"]
        await device.commands.refresh()
        peer.idle = True
        task = asyncio.create_task(
            device.commands.execute(MediaInputSource.set_input_source, {"mode": "TV"})
        )
        await until(lambda: peer.sets)
        peer.state["source"] = "Phono"
        await peer.push(source="Phono")
        with pytest.raises(UnconfirmedError, match=r"^its input source is still Phono, not TV$"):
            await task


# reports


def reads(peer: BenchDevice) -> int:
    return peer.requests.count("get")


async def test_a_value_that_is_not_listed_asks_for_a_read_at_once() -> None:
    async with AmplifierDevice() as peer, online(new_device(Amplifier, peer.address)) as device:
        before = reads(peer)
        peer.state |= {"source": "Radio", "sources": ["CD", "TV", "Radio"]}
        await peer.push(source="Radio")
        await asyncio.sleep(0.1)
        assert reads(peer) == before + 1
        assert get(device, MediaInputSource.supported_input_sources) == ("CD", "TV", "Radio")
        await peer.push(source="TV")
        await asyncio.sleep(5)
        assert reads(peer) == before + 1


@pytest.mark.parametrize("family", [Amplifier, ValuesFirst])
async def test_one_that_stays_unlisted_is_asked_about_once(family: Any) -> None:
    async with AmplifierDevice() as peer, online(new_device(family, peer.address)) as device:
        await asyncio.sleep(5)
        before = reads(peer)
        peer.state["mode"] = "36"
        for _ in range(20):
            await peer.push(mode="36")
            await asyncio.sleep(0.5)
        assert reads(peer) == before + 1
        assert get(device, Mode.mode) == "36"


async def test_a_list_that_comes_with_its_value_asks_for_nothing() -> None:
    async with AmplifierDevice() as peer, online(new_device(ValuesFirst, peer.address)):
        await asyncio.sleep(5)
        before = reads(peer)
        peer.state |= {"source": "Radio", "sources": ["CD", "TV", "Radio"]}
        await peer.push(**peer.state)
        await asyncio.sleep(5)
        assert reads(peer) == before


async def test_a_component_that_nobody_listed_asks_for_a_read_at_once() -> None:
    async with AmplifierDevice() as peer, online(new_device(Amplifier, peer.address)) as device:
        before = reads(peer)
        peer.state["zone"] = True
        await peer.push(zone=True)
        await asyncio.sleep(0.1)
        assert reads(peer) == before + 1
        assert get(device, Switch.switch, PART) is True
        await peer.push(zone=False)
        await until(lambda: get(device, Switch.switch, PART) is False)
        assert reads(peer) == before + 1


async def test_so_does_one_that_is_said_to_be_there() -> None:
    async with AmplifierDevice() as peer, online(new_device(Amplifier, peer.address)) as device:
        before = reads(peer)
        peer.state["zone"] = True
        await peer.push(there=True)
        await asyncio.sleep(0.1)
        assert reads(peer) == before + 1
        assert get(device, Switch.switch, PART) is True


async def test_one_that_stays_unknown_is_asked_about_once() -> None:
    async with AmplifierDevice() as peer, online(new_device(Amplifier, peer.address)):
        before = reads(peer)
        for _ in range(20):
            await peer.push(zone=True)
            await asyncio.sleep(0.5)
        assert reads(peer) == before + 1
