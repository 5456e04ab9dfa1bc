"""The start of a connection: details of the identity, and a sub-driver's transport options."""

from dataclasses import replace
from typing import Any, ClassVar, override

import pytest

from lan_edge import (
    Device,
    Driver,
    DriverError,
    Http,
    HttpOptions,
    Identity,
    IdentityError,
    JsonRpc,
    JsonRpcOptions,
    Listener,
    ListenerSettings,
    Profile,
    Record,
    Runtime,
    Status,
    Switch,
    register,
)
from lan_edge.connection import availability, backoff as backoff_module

from ..bench import Bench, BenchDevice, hooks_of, new_device, online
from ..peers import TcpPeer, Wire, until


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff_module, "SHORTEST_DELAY", 0.01)
    monkeypatch.setattr(availability, "GRACE", 0.05)


# details of the identity


class Talkative(Bench):
    """Describes the device that answers."""

    id = "test_talkative"

    @override
    async def identify(self) -> str:
        info = await self.io.call("info")
        self.describe(**info.get("about", {}))
        return str(info["id"])

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        super().on_message(message)
        self.describe(url=message.data.get("url", ""))


class TalkativeDevice(BenchDevice):
    """Reports details of itself."""

    about: ClassVar[dict[str, str]] = {"name": "Lamp", "model": "L1", "firmware": ""}

    @override
    async def _answer(self, wire: Wire, request: dict[str, Any]) -> None:
        if request["method"] == "info":
            result = {"id": self.unique_id, "about": self.about, "url": f"http://{self.unique_id}"}
            await self.say(wire, id=request["id"], result=result)
        else:
            await super()._answer(wire, request)


class Impostor(TalkativeDevice):
    """Reports false details."""

    about: ClassVar[dict[str, str]] = {
        "name": "Trojan",
        "manufacturer": "Evil",
        "firmware": "6.6.6",
        "mac": "666666666666",
    }


KNOWN = Identity("bench-1", name="Old name", firmware="1.0")
PROVEN = replace(KNOWN, name="Lamp", model="L1", url="http://bench-1")


async def test_details_from_before_the_proof_count_after_it() -> None:
    async with TalkativeDevice() as peer:
        device = Device(Talkative, Record(KNOWN, (peer.address,)))
        reported: list[Identity] = []
        device.observer.on_record = lambda: reported.append(device.identity)
        async with online(device):
            assert device.identity == PROVEN
            assert reported[0] == PROVEN  # all at once
            device.driver.describe(model="L2")
            assert device.identity == replace(PROVEN, model="L2")


async def test_the_details_of_an_impostor_are_ignored() -> None:
    async with Impostor(unique_id="other") as impostor:
        device = Device(Talkative, Record(KNOWN, (impostor.address,)))
        device.observer.on_record = lambda: pytest.fail("the record changed")
        before = device.record.as_dict()
        device.start()
        await until(lambda: isinstance(device.connection.reason, IdentityError))
        with pytest.raises(IdentityError):
            await Device(Talkative, device.record).check(impostor.address)
        assert device.record.as_dict() == before
        device.observer.on_record = lambda: None
        async with TalkativeDevice("127.0.0.2") as peer:
            device.connection.sighted(peer.address)
            await until(lambda: device.available)
            assert device.identity == PROVEN  # without the details of the impostor
            await device.stop()


# a device that has an id


async def test_a_device_that_has_an_id_is_not_one_without() -> None:
    """It is off; somebody without an id has its address, or says to be it elsewhere."""
    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address)
        device.start()
        await until(lambda: device.available)
        address = peer.address
    stored = Record.from_dict(device.record.as_dict())
    async with (
        BenchDevice(port=address.port, unique_id="") as here,
        BenchDevice("127.0.0.2", unique_id="") as elsewhere,
    ):
        device.connection.sighted(elsewhere.address)
        await until(lambda: {*here.requests} and {*elsewhere.requests})
        assert isinstance(device.connection.reason, IdentityError)
        await device.stop()
        with pytest.raises(IdentityError, match="is a device without an ID, not bench-1"):
            await Device(Bench, stored).check(here.address)  # also after a restart
        assert {*here.requests, *elsewhere.requests} == {"info"}
    assert device.record.addresses == (address,)


async def test_a_device_that_has_an_id_does_not_lose_it_while_it_is_connected() -> None:
    async with BenchDevice() as peer:
        device = new_device(Bench, peer.address)
        async with online(device):
            peer.unique_id = ""
            device.connection.doubt()
            await until(lambda: isinstance(device.connection.reason, IdentityError))


async def test_a_device_that_never_had_an_id_needs_none() -> None:
    async with BenchDevice(unique_id="") as peer, online(new_device(Bench, peer.address)) as device:
        peer.drop()
        await until(lambda: not device.state.is_proven)
        await until(lambda: device.state.is_proven)
        assert device.available


async def test_details_from_outside_a_connection_are_ignored() -> None:
    async with TalkativeDevice() as peer:
        device = Device(Talkative, Record(KNOWN, (peer.address,)))
        device.driver.describe(model="L9", manufacturer="Maker")
        assert device.identity == KNOWN
        async with online(device):
            assert device.identity == PROVEN
        device.driver.describe(model="L9")
        assert device.identity == PROVEN


async def test_the_details_of_a_new_device() -> None:
    async with TalkativeDevice() as peer:
        device = new_device(Talkative, unique_id="")
        identity = await device.check(peer.address)
        assert identity == Identity("bench-1", name="Lamp", model="L1", url="http://bench-1")


class OtherId(Bench):
    """Describes its device by another id than the one that it proves."""

    id = "test_other_id"

    @override
    async def identify(self) -> str:
        self.describe(unique_id="another", model="M")
        return "bench-1"


async def test_the_proven_id_counts() -> None:
    async with BenchDevice() as peer:
        device = new_device(OtherId, unique_id="")
        assert await device.check(peer.address) == Identity("bench-1", model="M")


class Wrong(Bench):
    """Describes the device by a field that does not exist."""

    id = "test_wrong"

    @override
    async def identify(self) -> str:
        self.describe(colour="red")
        return "bench-1"


async def test_an_unknown_detail_is_an_error_of_the_driver() -> None:
    async with BenchDevice() as peer:
        device = new_device(Wrong)
        with pytest.raises(DriverError, match=r"Wrong\.identify failed: TypeError.*colour"):
            await device.check(peer.address)
        assert device.counts["driver_errors"] == {"Wrong.identify": 1}


# a sub-driver's own transport options


class SubDriver:
    """A family of benches, with a sub-driver for the model L1, which has options of its own."""

    def __init__(self, options: JsonRpcOptions | None = None) -> None:
        @register
        class Family(Talkative):
            id = "test_family"

        @register
        class Model(Family):
            @classmethod
            @override
            def can_handle(cls, identity: Identity) -> bool:
                return identity.model == "L1"

        Model.options = options or Family.options
        self.family, self.model = Family, Model


OWN = JsonRpcOptions(timeout=0.6, version=True)


async def test_a_chosen_sub_driver_uses_its_own_options_at_once() -> None:
    drivers = SubDriver(OWN)
    async with TalkativeDevice() as peer:
        device = new_device(drivers.family, peer.address)
        profiles: list[type[Driver[Any]]] = []
        device.observer.on_profile = lambda: profiles.append(type(device.driver))
        async with online(device):
            assert type(device.driver) is drivers.model
            assert device.driver.io.options is OWN
            assert peer.accepted == 2
            assert peer.requests == [
                "info",
                "info",
                "get",
            ]  # the second connection proves the identity, too
            assert profiles == [drivers.model]
            assert hooks_of(device) == ["added", "connected", "refresh"]
            await until(lambda: len(peer.wires) == 1)
            peer.drop()
            await until(lambda: device.connection.attempts == 2)
            await until(lambda: device.connection.status is Status.ONLINE)
            assert peer.accepted == 3  # now the model is known from the start
        assert hooks_of(device).count("disconnected") == 2


async def test_a_sub_driver_without_options_of_its_own_keeps_the_connection() -> None:
    drivers = SubDriver()
    async with TalkativeDevice() as peer:
        device = new_device(drivers.family, peer.address)
        async with online(device):
            assert type(device.driver) is drivers.model
            assert peer.accepted == 1
            assert peer.requests == ["info", "get"]


async def test_a_sub_driver_of_a_known_model_is_chosen_before_the_first_connection() -> None:
    drivers = SubDriver(OWN)
    async with TalkativeDevice() as peer:
        known = Record(Identity("bench-1", model="L1"), (peer.address,))
        async with online(Device(drivers.family, known)) as device:
            assert type(device.driver) is drivers.model
            assert device.driver.io.options is OWN
            assert peer.accepted == 1


async def test_checking_a_new_device_uses_the_sub_drivers_options() -> None:
    drivers = SubDriver(OWN)
    async with TalkativeDevice() as peer:
        device = new_device(drivers.family, unique_id="")
        assert (await device.check(peer.address)).model == "L1"
        assert peer.accepted == 2
        await until(lambda: not peer.wires)


async def test_another_device_on_the_second_connection_is_refused() -> None:
    drivers = SubDriver(OWN)

    class Swapped(TalkativeDevice):
        @override
        async def _talk(self, wire: Wire) -> None:
            self.unique_id = "bench-1" if self.accepted == 1 else "other"
            await super()._talk(wire)

    async with Swapped() as peer:
        device = new_device(drivers.family, peer.address, unique_id="")
        with pytest.raises(IdentityError, match="is other, not bench-1"):
            await device.check(peer.address)
        assert hooks_of(device) == []
        assert peer.requests == ["info", "info"]
        assert device.identity.unique_id == "bench-1"
        assert device.identity.url == "http://bench-1"


async def test_a_second_connection_that_fails_is_tried_again() -> None:
    drivers = SubDriver(OWN)

    class Fussy(TalkativeDevice):
        @override
        async def _talk(self, wire: Wire) -> None:
            if self.accepted != 2:
                await super()._talk(wire)

    async with Fussy() as peer, online(new_device(drivers.family, peer.address)) as device:
        assert device.connection.attempts == 2
        assert peer.accepted == 3
        assert peer.requests == ["info", "info", "get"]


async def test_a_sub_driver_may_use_another_port() -> None:
    """Over HTTP, which connects only for a request."""
    requests: list[tuple[str, str]] = []

    async def serve(name: str, wire: Wire) -> None:
        while True:
            head = (await wire.reader.readuntil(b"\r\n\r\n")).decode()
            requests.append((name, head.partition(" HTTP")[0]))
            body = "on" if "switch" in head else "L1"
            await wire.send(f"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{body}".encode())

    async with (
        TcpPeer(lambda wire: serve("usual", wire)) as usual,
        TcpPeer(lambda wire: serve("own", wire)) as own,
    ):

        @register
        class Family(Driver[Http]):
            id = "test_http_family"
            profile = Profile()
            options = HttpOptions(port=usual.address.port)

            @override
            async def identify(self) -> str:
                self.describe(model=await self.io.get_text("/model"))
                return "x"

            @override
            async def connected(self) -> None:
                self.url = await self.callback_url()

        @register
        class Model(Family):
            options = HttpOptions(port=own.address.port)

            @classmethod
            @override
            def can_handle(cls, identity: Identity) -> bool:
                return identity.model == "L1"

            @override
            async def refresh(self) -> None:
                await self.io.get_text("/switch")

        runtime = Runtime(listener=Listener(ListenerSettings(port=0)))
        host = replace(usual.address, port=0)
        device = Device(Family, Record(Identity("x"), (host,)), runtime=runtime)
        async with online(device):
            assert requests[:2] == [("usual", "GET /model"), ("own", "GET /model")]
            assert requests[2:] == [("own", "GET /switch")]
            assert device._session.callback is not None
            assert device._session.callback.is_attached
        await runtime.close()


def test_the_device_has_the_profile_of_its_sub_driver() -> None:
    drivers = SubDriver()
    drivers.model.profile = Profile(Switch)
    device = Device(drivers.family, Record(Identity("bench-1", model="L1")))
    assert device.profile == Profile(Switch)
