"""Each driver of the transports' pages, and each description, drives its device."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from lan_edge import (
    Address,
    Attribute,
    AudioMute,
    AudioVolume,
    Command,
    Device,
    Driver,
    Identity,
    IdentityError,
    Listener,
    ListenerSettings,
    Momentary,
    PowerMeter,
    Record,
    RefusedError,
    Registry,
    Runtime,
    Switch,
    SwitchLevel,
    TemperatureMeasurement,
    TimedOutError,
    Upnp,
    load_drivers,
)
from lan_edge.connection import availability
from tests.bundled import registered
from tests.drivers.described import described
from tests.drivers.house import until

from . import devices, pages, stream_devices
from .devices import ExampleDevice

pytestmark = pytest.mark.usefixtures("nothing_left_running")


@dataclass(frozen=True)
class Case:
    """What to do with an example, and what must come of it."""

    device: type[ExampleDevice]
    command: Command[...]
    arguments: dict[str, Any]
    done: dict[str, Any]
    """What the device is after the command."""
    shows: tuple[Attribute[Any], object]
    """What that shows as."""
    hand: dict[str, Any]
    """What somebody does at the device."""
    follows: tuple[Attribute[Any], object]
    """What that shows as."""
    refuses: dict[str, Any] = field(default_factory=dict[str, Any])
    """What makes the device refuse the command."""
    words: str = ""


ON, OFF = (Switch.switch, True), (Switch.switch, False)
CASES = {
    "http": Case(
        devices.MeteringPlug,
        Switch.on,
        {},
        {"on": True},
        ON,
        {"power": 12.5},
        (PowerMeter.power, 12.5),
    ),
    "lines": Case(
        devices.Amplifier,
        AudioVolume.set_volume,
        {"volume": 30},
        {"volume": 30},
        (AudioVolume.volume, 30),
        {"volume": 5},
        (AudioVolume.volume, 5),
        {"stuck": True},
        "ERROR 3",
    ),
    "json_rpc": Case(
        devices.Kettle,
        Switch.on,
        {},
        {"heating": True},
        ON,
        {"celsius": 96.5},
        (TemperatureMeasurement.temperature, 96.5),
        {"dry": True},
        "no water",
    ),
    "frames": Case(
        devices.Relay,
        Switch.on,
        {},
        {"on": True},
        ON,
        {"on": False},
        OFF,
        {"locked": True},
        "refused",
    ),
    "changed_framing": Case(
        stream_devices.Dimmer,
        SwitchLevel.set_level,
        {"level": 40},
        {"level": 40},
        (SwitchLevel.level, 40),
        {"level": 5},
        (SwitchLevel.level, 5),
    ),
    "http_messages": Case(
        stream_devices.Intercom,
        Switch.on,
        {},
        {"on": True},
        ON,
        {"on": False},
        OFF,
        {"locked": True},
        "423 Locked",
    ),
    "stream": Case(
        stream_devices.Console,
        Switch.on,
        {},
        {"on": True},
        ON,
        {"on": False},
        OFF,
        {"locked": True},
        "error: locked",
    ),
    "udp": Case(
        devices.Chime,
        AudioVolume.set_volume,
        {"volume": 9},
        {"volume": 9},
        (AudioVolume.volume, 9),
        {"volume": 3},
        (AudioVolume.volume, 3),
        {"broken": True},
        "jammed",
    ),
    "websocket": Case(
        devices.Purifier,
        Switch.on,
        {},
        {"on": True},
        ON,
        {"on": False},
        OFF,
        {"filter": False},
        "no filter",
    ),
    "several_ways": Case(
        devices.DeskLamp,
        SwitchLevel.set_level,
        {"level": 70},
        {"level": 70},
        (SwitchLevel.level, 70),
        {"on": True},
        ON,
    ),
    "sse": Case(
        devices.GardenValve,
        Switch.on,
        {},
        {"open": True},
        ON,
        {"open": False},
        OFF,
    ),
    "upnp": Case(
        devices.Speaker,
        AudioVolume.set_volume,
        {"volume": 40},
        {"volume": 40},
        (AudioVolume.volume, 40),
        {"mute": 1},
        (AudioMute.muted, True),
        {"standby": True},
        "no such instance 702",
    ),
}
CONNECTED = ["lines", "json_rpc", "frames", "stream", "websocket", "several_ways", "sse"]
CONNECTED += ["changed_framing", "http_messages"]
POLLED = ("http", "stream")
"""Those that have no other way to know what somebody does."""


TEXTS = {
    "http": "metering_plug",
    "lines": "amplifier",
    "json_rpc": "kettle",
    "frames": "relay",
    "udp": "chime",
    "websocket": "purifier",
    "sse": "garden_valve",
}
"""The descriptions in docs/examples, by the page of a driver for the same device."""


@dataclass(frozen=True)
class Example:
    """A device, driven by a page's driver or by a description."""

    page: str
    is_described: bool

    @property
    def name(self) -> str:
        """What the test is called."""
        return f"{self.page} described" if self.is_described else self.page

    @property
    def case(self) -> Case:
        """What to do with it."""
        return CASES[self.page]

    @property
    def words(self) -> str:
        """What is read of a refusal: a description of frames has no words for it."""
        return "^!$" if self.is_described and self.page == "frames" else self.case.words

    def new_driver(self) -> type[Driver[Any]]:
        """Return the driver, a class of its own each time."""
        return described(TEXTS[self.page]) if self.is_described else pages.loaded(self.page)


EXAMPLES = [Example(page, is_described=False) for page in CASES]
EXAMPLES += [Example(page, is_described=True) for page in TEXTS]


def each(*examples: Example) -> pytest.MarkDecorator:
    """Return what runs a test for each of some examples."""
    return pytest.mark.parametrize("example", examples, ids=[example.name for example in examples])


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host=devices.HOST, port=0)))
    yield made
    await made.close()


@asynccontextmanager
async def driven(example: Example, at: ExampleDevice, runtime: Runtime) -> AsyncGenerator[Device]:
    """Drive a device by an example, without a poll if it reports by itself."""
    driver = example.new_driver()
    driver.poll = 0.1 if example.page in POLLED else None
    device = Device(driver, Record(Identity(at.id), (address(at),)), runtime=runtime)
    device.start()
    try:
        await until(lambda: device.available, lambda: device.connection.reason)
        if isinstance(device.driver.io, Upnp):  # the first event has come
            await until(lambda: device.driver.io.reconcile)
        yield device
    finally:
        await device.stop()
    assert device.counts["driver_errors"] == {}
    assert device.counts["ignored_messages"] == {}
    assert device.state.rejected == {}


def address(at: ExampleDevice) -> Address:
    return Address(devices.HOST, at.port)


@each(*EXAMPLES)
async def test_it_is_connected_commanded_and_pushed_to(example: Example, runtime: Runtime) -> None:
    case = example.case
    async with case.device() as there, driven(example, there, runtime) as device:
        assert device.identity.unique_id == there.id
        assert not case.done.items() <= there.state.items()
        assert not shown(device, *case.shows)
        await device.commands.execute(case.command, case.arguments)
        assert case.done.items() <= there.state.items()
        await until(partial(shown, device, *case.shows))
        assert not shown(device, *case.follows)
        await there.change(**case.hand)
        await until(partial(shown, device, *case.follows))


def shown(device: Device, attribute: Attribute[Any], value: object) -> bool:
    return device.state.get(attribute) == value


@each(*(example for example in EXAMPLES if example.case.refuses))
async def test_the_device_says_no(example: Example, runtime: Runtime) -> None:
    case = example.case
    async with case.device() as there, driven(example, there, runtime) as device:
        there.state.update(case.refuses)
        there.news_first = True
        with pytest.raises(RefusedError, match=example.words):
            await device.commands.execute(case.command, case.arguments)
        assert device.available


@each(*EXAMPLES)
async def test_another_one_at_its_address_is_refused(example: Example) -> None:
    async with example.case.device() as there:
        record = Record(Identity("its-neighbour"), (address(there),))
        device = Device(example.new_driver(), record)
        with pytest.raises(IdentityError, match="not its-neighbour"):
            await device.check(address(there))


@each(*(example for example in EXAMPLES if example.page in CONNECTED))
async def test_a_broken_connection_is_made_anew_unseen(example: Example, runtime: Runtime) -> None:
    case = example.case
    seen = list[bool]()
    async with case.device() as there, driven(example, there, runtime) as device:
        device.observer.on_available = lambda: seen.append(device.available)
        attempts = device.connection.attempts
        await there.hang_up()
        await until(lambda: device.connection.attempts > attempts)
        await device.commands.execute(case.command, case.arguments)
        assert case.done.items() <= there.state.items()
    assert seen == []
    assert availability.GRACE == 2


@each(*(example for example in EXAMPLES if example.page == "udp"))
async def test_the_chime_is_told_again_but_rung_once(example: Example, runtime: Runtime) -> None:
    async with devices.Chime() as chime, driven(example, chime, runtime) as device:
        chime.lose = 1
        await device.commands.execute(AudioVolume.set_volume, {"volume": 8})
        assert chime.heard[-2:] == ["set", "set"]
        chime.lose = 1
        with pytest.raises(TimedOutError):
            await device.commands.execute(Momentary.push, {})
        assert chime.heard.count("ring") == chime.state["rung"] == 1


@each(*(example for example in EXAMPLES if example.page == "http"))
async def test_the_plug_says_what_it_is(example: Example, runtime: Runtime) -> None:
    async with devices.MeteringPlug() as plug, driven(example, plug, runtime) as device:
        identity = device.identity
        assert (identity.model, identity.firmware) == ("MP-1", "1.2")


async def test_the_speaker_is_told_goodbye(runtime: Runtime) -> None:
    async with devices.Speaker() as speaker:
        async with driven(Example("upnp", is_described=False), speaker, runtime):
            assert len(speaker.subscribers) == 1
        assert speaker.subscribers == {}


async def test_the_intercom_may_send_its_bodies_in_chunks(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_devices.Intercom, "in_chunks", True)
    async with (
        stream_devices.Intercom() as intercom,
        driven(Example("http_messages", is_described=False), intercom, runtime) as device,
    ):
        await device.commands.execute(Switch.on, {})
        await intercom.change(on=False)
        await until(lambda: shown(device, *OFF))


@pytest.mark.parametrize("page", CASES)
def test_it_may_be_put_among_the_drivers(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, code = pages.example(page)
    package, registry = tmp_path / f"drivers_with_{page}", Registry()
    package.mkdir()
    (package / "__init__.py").touch()
    (package / Path(path).name).write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    load_drivers(registry, package.name)
    (driver,) = registry.drivers.values()
    assert driver.id == pages.loaded(page).id
    assert driver.id not in registered()
