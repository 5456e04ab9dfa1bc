"""UPnP lights, at the server that comes with Home Assistant's own UPnP library."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from lan_edge import (
    Address,
    Device,
    Http,
    Identity,
    IdentityError,
    Listener,
    ListenerSettings,
    Login,
    Profile,
    Record,
    Runtime,
    Sighting,
    Switch,
    SwitchLevel,
    UnreachableError,
    UnsupportedError,
    Upnp,
    UpnpOptions,
    location_address,
)
from lan_edge.drivers.upnp_light import UpnpLight
from lan_edge.network.ssdp import SSDP_PORT
from lan_edge.transports.base import Link
from lan_edge.transports.upnp import location as upnp_location, upnp as upnp_module
from tests.bundled import match
from tests.emulators.device import EmulatedDevice
from tests.emulators.upnp_light import PATH, UpnpLightEmulator

from ..edge.peers import TcpPeer, Wire
from ..edge.transports.http.test_http import answer, read
from ..edge.transports.udp.test_udp import UdpPeer
from .house import driven, shows, until
from .upnp_lights import UDN, BinaryLight, DimmableLight, Dimming, Light, SwitchPower, light

HOST = "127.0.0.31"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upnp_location, "LOCATION_TIMEOUT", 0.1)


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(port=0)))
    yield made
    assert not made.listener.port


@pytest.fixture
async def binary() -> AsyncGenerator[Light]:
    async with light(BinaryLight, HOST) as made:
        yield made


@pytest.fixture
async def dimmable() -> AsyncGenerator[Light]:
    async with light(DimmableLight, HOST) as made:
        yield made


def address(light: Light) -> Address:
    return Address(light.host, light.port)


@pytest.mark.parametrize("kind", ["BinaryLight", "DimmableLight"])
def test_its_announcement_names_it(kind: str) -> None:
    target = f"urn:schemas-upnp-org:device:{kind}:1"
    headers = {"usn": f"uuid:{UDN}::{target}"}
    upnp = {"manufacturer": "Maker", "modelName": "L1"}
    values = {"headers": headers, "upnp": upnp}
    (candidate,) = match(Sighting("ssdp", target, Address(HOST, 8200), "Hall light", values))
    assert candidate.driver is UpnpLight
    assert candidate.match.unique_id == UDN
    assert candidate.match.model == "L1"


async def test_a_light_that_only_switches(binary: Light, runtime: Runtime) -> None:
    async with driven(UpnpLight, address(binary), UDN, runtime=runtime) as device:
        assert device.profile == Profile(Switch)
        assert (device.identity.name, device.identity.serial_number) == ("Hall light", "4711")
        await device.commands.execute(Switch.on, {})
        assert binary.get(SwitchPower, "Status") is True
        await shows(device, Switch.switch, True)
        await device.commands.execute(Switch.off, {})
        assert binary.get(SwitchPower, "Status") is False
        await shows(device, Switch.switch, False)
        with pytest.raises(UnsupportedError):
            await device.commands.execute(SwitchLevel.set_level, {"level": 5})


async def test_a_light_that_dims(dimmable: Light, runtime: Runtime) -> None:
    async with driven(UpnpLight, address(dimmable), UDN, runtime=runtime) as device:
        assert device.profile == Profile(Switch, SwitchLevel)
        assert device.state.get(SwitchLevel.level) == 100
        await device.commands.execute(SwitchLevel.set_level, {"level": 40})
        assert dimmable.get(Dimming, "LoadLevelStatus") == 40
        assert dimmable.get(SwitchPower, "Status") is True
        await shows(device, SwitchLevel.level, 40)
        await device.commands.execute(SwitchLevel.set_level, {"level": 0})
        assert dimmable.get(SwitchPower, "Status") is False
        await shows(device, Switch.switch, False)
        assert device.state.get(SwitchLevel.level) == 40


async def test_its_events_are_followed_and_it_is_polled_no_more(
    dimmable: Light, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "poll", 600.0)
    async with driven(UpnpLight, address(dimmable), UDN, runtime=runtime) as device:
        await until(lambda: device._session.io.reconcile > 0)
        await until(lambda: dimmable.subscribers(Dimming) and dimmable.subscribers(SwitchPower))
        for level in (10, 20, 30):
            dimmable.set(Dimming, "LoadLevelStatus", level)
            await shows(device, SwitchLevel.level, level)
        for value in (True, False, True):
            dimmable.set(SwitchPower, "Status", value)
            await shows(device, Switch.switch, value)
        assert device.counts["ignored_messages"] == {}
    assert not dimmable.subscribers(Dimming)
    assert not dimmable.subscribers(SwitchPower)


async def test_a_change_of_the_hubs_address_subscribes_anew(
    binary: Light, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "poll", 600.0)
    async with driven(UpnpLight, address(binary), UDN, runtime=runtime) as device:
        await until(lambda: binary.subscribers(SwitchPower))
        runtime.listener.settings = ListenerSettings(port=0, advertised_host="127.0.0.2")
        runtime.listener.check_addresses()
        await until(lambda: device.connection.attempts == 2 and device._session.io.reconcile > 0)
        await until(lambda: binary.subscribers(SwitchPower))
        assert binary.subscribers(SwitchPower) == 1
        binary.set(SwitchPower, "Status", value=True)
        await shows(device, Switch.switch, True)


async def test_without_a_hub_it_is_polled(binary: Light) -> None:
    async with driven(UpnpLight, address(binary), UDN) as device:
        for value in (True, False):
            binary.set(SwitchPower, "Status", value)
            await shows(device, Switch.switch, value)
        assert not binary.subscribers(SwitchPower)


async def test_one_that_was_typed_in_is_found_by_its_host_alone(binary: Light) -> None:
    device = Device(UpnpLight, Record())
    identity = await device.check(Address(HOST))
    assert identity.unique_id == UDN
    assert identity.model == "L1"


async def test_it_is_missed_though_it_is_not_polled_and_comes_back(
    binary: Light, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Upnp, "heartbeat", 0.2)
    async with driven(UpnpLight, address(binary), UDN, runtime=runtime) as device:
        await until(lambda: device._session.io.reconcile > 0)
        await binary.stop()
        await until(lambda: not device.available)
        await binary.start()
        await until(lambda: device.available)
        await device.commands.execute(Switch.on, {})
        assert binary.get(SwitchPower, "Status") is True
        await until(lambda: binary.subscribers(SwitchPower) == 1)


async def test_one_that_could_not_be_asked_where_its_description_is_is_asked_again() -> None:
    """It was off when Home Assistant started; a guess must not outlast that."""
    async with UpnpLightEmulator("127.0.0.31", id=UDN) as emulator:
        where = Address(emulator.host, emulator.port)
        io = Upnp(Link(lambda _: None, lambda _: None), UpnpLight.options)
        await emulator.down()
        await io.open(where)
        with pytest.raises(UnreachableError):
            await io.description()
        await emulator.up()
        await io.open(where)
        assert (await io.description())["UDN"] == f"uuid:{UDN}"
        await io.close()


async def test_its_announcement_says_where_its_description_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked for that by no search, which it may not answer."""
    monkeypatch.setattr(upnp_module, "locate_description", unexpected)
    async with UpnpLightEmulator(HOST, id=UDN) as emulator:
        told = emulator.advertisement
        headers = {"usn": told.usn(told.target), "location": told.location}
        where = location_address(told.location)
        assert where
        sighting = Sighting("ssdp", told.target, where, "", {"headers": headers})
        (candidate,) = match(sighting)
        device = Device(UpnpLight, Record(Identity(UDN)))
        assert (await device.check(candidate.match.address)).model == "L1"
        stored = Record.from_dict(Record(addresses=(candidate.match.address,)).as_dict())
        assert stored.addresses[0].path == PATH


@pytest.mark.parametrize("known", [UDN.upper(), f"uuid:{UDN}", f"uuid:uuid:{UDN}"])
async def test_its_id_may_be_known_in_another_spelling(known: str) -> None:
    async with UpnpLightEmulator(HOST, id=UDN.replace("7", "d")) as emulator:
        where = Address(emulator.host, emulator.port)
        device = Device(UpnpLight, Record(Identity(known.replace("7", "D")), is_identified=True))
        assert (await device.check(where)).unique_id == emulator.id
        with pytest.raises(IdentityError):
            await Device(UpnpLight, Record(Identity(f"{known}0"))).check(where)


@pytest.mark.parametrize("path", ["/elsewhere.xml", "/control/not-xml"])
async def test_a_false_path_in_an_announcement_does_no_harm(path: str) -> None:
    async with UpnpLightEmulator(HOST, id=UDN) as emulator:
        where = Address(emulator.host, emulator.port, path)
        assert (await Device(UpnpLight, Record(Identity(UDN))).check(where)).model == "L1"


async def test_nobody_can_say_where_a_login_is_sent() -> None:
    """Who announces a path would choose what is asked for with the login."""
    asked = list[str]()

    async def serve(wire: Wire) -> None:
        while True:
            asked.append((await read(wire))[0])
            await wire.send(answer(b"<root><device><UDN>1</UDN></device></root>"))

    login = Login("user", "password")
    async with TcpPeer(serve) as peer:
        io = Upnp(Link(lambda _: None, lambda _: None), UpnpOptions(login=login))
        await io.open(replace(peer.address, path="/reboot"))
        await io.description()
        await io.close()
    assert asked == ["GET /description.xml"]


async def test_of_two_lights_at_one_host_each_is_found() -> None:
    """Their ids tell them apart, as both answer a search that is sent to the host."""
    ids = [UDN, UDN.replace("7777", "8888")]
    lights = [UpnpLightEmulator(HOST, id=each) for each in ids]
    for made in lights:
        await EmulatedDevice.up(made)
    answers = [made.advertisement.response("upnp:rootdevice") for made in lights]
    try:
        async with UdpPeer(lambda _: answers, HOST, SSDP_PORT):
            for each in ids:
                device = Device(UpnpLight, Record(Identity(each)))
                assert (await device.check(Address(HOST))).unique_id == each
    finally:
        for made in lights:
            await made.stop()


async def unexpected(*_: object) -> None:
    """Fail, as nobody is to be asked."""
    raise AssertionError("it was asked where its description is")
