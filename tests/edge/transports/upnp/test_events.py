"""UPnP events, from subscription to lease to loss: no poll helps here, unless a test says so."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
import socket
from typing import Any, cast, override

import pytest

from lan_edge import (
    Address,
    Attribute,
    CallbackRequest,
    Device,
    Driver,
    Http,
    Identity,
    Listener,
    ListenerSettings,
    Record,
    Runtime,
    Status,
    Switch,
    SwitchLevel,
    UpnpOptions,
    handles,
)
from lan_edge.connection import availability
from lan_edge.drivers.wemo import Wemo
from lan_edge.transports.base import Link
from lan_edge.transports.upnp import subscription as upnp_subscription, subscriptions
from tests.emulators.gena import propertyset
from tests.emulators.http_messages import Answer
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import BASIC, WemoEmulator

from ...peers import LOOPBACK, until

HOSTS = ("127.0.0.21", "127.0.0.22")


@pytest.fixture(autouse=True)
def no_poll_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Http, "poll", 600.0)
    monkeypatch.setattr(availability, "GRACE", 1.0)
    monkeypatch.setattr(Wemo, "options", UpnpOptions(description="/setup.xml", timeout=0.5))


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(port=0)))
    yield made
    assert not made.listener.port, "it listens though nobody needs it"
    await made.close()


@asynccontextmanager
async def driven(
    runtime: Runtime, emulator: Any, family: type[Driver[Any]] = Wemo
) -> AsyncGenerator[Device]:
    record = Record(Identity(), (Address(emulator.host, emulator.port),))
    device = Device(family, record, runtime=runtime)
    device.start()
    try:
        await until(lambda: device.available)
        yield device
    finally:
        await device.stop()


@pytest.fixture
async def plug() -> AsyncGenerator[WemoEmulator]:
    async with WemoEmulator(HOSTS[0], id="PLUG") as made:
        yield made


@pytest.fixture
async def dimmer() -> AsyncGenerator[WemoEmulator]:
    async with WemoEmulator(HOSTS[1], kind="dimmer", id="DIMMER") as made:
        yield made


def is_at(device: Device, attribute: Attribute[Any], value: object) -> bool:
    return device.state.get(attribute) == value


def on(device: Device) -> Callable[[], bool]:
    return lambda: device.state.get(Switch.switch) is True


def live(device: Device) -> Callable[[], bool]:
    return lambda: device._session.io.reconcile > 0


async def settled(*devices: Device) -> None:
    """Wait until events come, and what is read once more because of the first is read."""
    await until(lambda: all(live(device)() for device in devices))
    await asyncio.sleep(0.05)


async def test_events_of_two_devices_are_kept_apart(
    runtime: Runtime, plug: WemoEmulator, dimmer: WemoEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug.publisher.lease = dimmer.publisher.lease = 1
    async with driven(runtime, plug) as first, driven(runtime, dimmer) as second:
        await settled(first, second)
        for level in range(10, 20):
            await dimmer.change(level=level)
            await until(partial(is_at, second, SwitchLevel.level, level))
        await until(lambda: plug.publisher.log.count("RENEW") >= 3)
        assert plug.publisher.log.count("SUBSCRIBE") == 1
        await plug.change(on=True)
        await until(on(first))
        assert second.state.get(Switch.switch) is False
        assert first.state.get(SwitchLevel.level) is None
    for emulator in (plug, dimmer):
        assert emulator.publisher.log[-1] == "UNSUBSCRIBE"
        assert not emulator.publisher.subscribers
        assert set(emulator.publisher.log) <= {"SUBSCRIBE", "RENEW", "UNSUBSCRIBE", "NOTIFY 200"}
    assert runtime.listener.rejections == {}


async def test_an_event_before_the_answer_is_kept(runtime: Runtime, plug: WemoEmulator) -> None:
    plug.publisher.early = True
    async with driven(runtime, plug) as device:
        await settled(device)
        assert plug.publisher.log == ["SUBSCRIBE", "NOTIFY 200"]
        await plug.change(on=True)
        await until(on(device))
        assert "event out of sequence" not in device.counts["ignored_messages"]


async def test_a_change_during_the_subscription_is_not_lost(
    runtime: Runtime, plug: WemoEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    greet = plug.publisher.greet

    async def late(host: str, answer: Answer, variables: Mapping[str, str]) -> None:
        await asyncio.sleep(0.1)
        plug._state["on"] = True  # and no event tells it
        await greet(host, answer, variables)

    monkeypatch.setattr(plug.publisher, "greet", late)
    async with driven(runtime, plug) as device:
        assert device.state.get(Switch.switch) is False
        await until(on(device))


async def test_a_lost_event_causes_a_refresh(runtime: Runtime, dimmer: WemoEmulator) -> None:
    async with driven(runtime, dimmer) as device:
        await settled(device)
        dimmer.publisher.lose = 1
        await dimmer.change(on=True)
        await asyncio.sleep(0.05)
        assert device.state.get(Switch.switch) is False
        await dimmer.change(level=30)
        await until(lambda: device.state.get(SwitchLevel.level) == 30)
        await until(on(device))
        assert device.counts["ignored_messages"] == {"event out of sequence": 1}


async def test_the_hubs_address_changes_while_connected(
    runtime: Runtime, plug: WemoEmulator, dimmer: WemoEmulator
) -> None:
    shown: list[bool] = []
    runtime.listener.settings = ListenerSettings(port=0, advertised_host="127.0.0.1")
    async with driven(runtime, plug) as first, driven(runtime, dimmer) as second:
        await settled(first, second)
        for device in (first, second):
            device.observer.on_available = lambda: shown.append(True)
        port = runtime.listener.port
        runtime.listener.settings = ListenerSettings(port=0, advertised_host="127.0.0.2")
        runtime.listener.check_addresses()
        await plug.change(on=True)  # nobody is subscribed as it should be at this moment
        await until(on(first))
        await settled(first, second)
        for emulator in (plug, dimmer):
            (subscriber,) = emulator.publisher.subscribers.values()
            assert subscriber.callback.netloc == f"127.0.0.2:{port}"
        for value in (False, True, False):
            await dimmer.change(on=value)
            await until(partial(is_at, second, Switch.switch, value))
    assert not shown, "it was shown as unavailable"


async def test_a_notify_without_the_path_is_routed_by_its_sid(
    runtime: Runtime, plug: WemoEmulator
) -> None:
    plug.publisher.plain = plug.publisher.early = True
    async with driven(runtime, plug) as device:
        await settled(device)
        await plug.change(on=True)
        await until(on(device))


async def test_a_wrong_sid_is_rejected(runtime: Runtime, plug: WemoEmulator) -> None:
    async with driven(runtime, plug) as device:
        await settled(device)
        (subscriber,) = plug.publisher.subscribers.values()
        sid, subscriber.sid = subscriber.sid, "uuid:wrong"
        await plug.change(on=True)
        await until(lambda: plug.publisher.log[-1] == "NOTIFY 412")
        stranger = WemoEmulator("127.0.0.99")
        subscriber.sid, subscriber.callback = sid, subscriber.callback._replace(path="/")
        await stranger.publisher.notify("127.0.0.99", BASIC, {"BinaryState": "1"}, subscriber)
        assert stranger.publisher.log == ["NOTIFY 404"]
        await asyncio.sleep(0.02)
        assert device.state.get(Switch.switch) is False
        assert runtime.listener.rejections == {"stranger": 1}


async def test_a_device_that_lost_power_is_subscribed_to_again(
    runtime: Runtime, plug: WemoEmulator
) -> None:
    plug.publisher.lease = 1
    async with driven(runtime, plug) as device:
        await settled(device)
        plug.publisher.expire()
        await until(lambda: plug.publisher.log.count("SUBSCRIBE") == 2)
        await plug.change(on=True)
        await until(on(device))


async def test_a_device_that_announces_itself_is_subscribed_to_again(
    runtime: Runtime, plug: WemoEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upnp_subscription, "MIN_INTERVAL", 0.1)
    async with driven(runtime, plug) as device:
        await settled(device)
        plug.publisher.expire()  # so short a time without power that nobody noticed
        for _ in range(10):
            device.connection.announced()
        await until(lambda: plug.publisher.log.count("SUBSCRIBE") == 2)
        await plug.change(on=True)
        await until(on(device))
        asked = len(plug.publisher.log)
        for _ in range(20):
            device.connection.announced()
            await asyncio.sleep(0.01)
        assert plug.publisher.log[asked:].count("RENEW") <= 3


@pytest.mark.parametrize("refuse", [0, 404, 412, 500, 503])
async def test_without_events_the_poll_goes_on_and_it_is_tried_again(
    runtime: Runtime, plug: WemoEmulator, refuse: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "poll", 0.05)
    monkeypatch.setattr(upnp_subscription, "ANSWER_TIMEOUT", 0.1)
    monkeypatch.setattr(upnp_subscription, "MAX_RETRY", 0.3)
    answer = plug.publisher.answer

    async def silent(*_: Any) -> Any:
        plug.publisher.log.append("SUBSCRIBE")
        await asyncio.sleep(60)

    if refuse:
        plug.publisher.refuse = refuse
    else:
        monkeypatch.setattr(plug.publisher, "answer", silent)
    async with driven(runtime, plug) as device:
        await until(lambda: [e for e in device.trace.entries() if e.kind == "events"])
        assert plug.publisher.log == ["SUBSCRIBE"]
        await plug.change(on=True)
        await until(on(device))
        await device.commands.execute(Switch.off, {})
        await until(lambda: plug.publisher.log.count("SUBSCRIBE") >= 2)
        assert device.available
        assert device.connection.attempts == 1
        assert not live(device)()
        monkeypatch.setattr(plug.publisher, "answer", answer)
        plug.publisher.refuse = 0
        await settled(device)


async def test_no_poll_while_events_come(
    runtime: Runtime, plug: WemoEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "poll", 0.03)
    async with driven(runtime, plug) as device:
        await settled(device)
        await asyncio.sleep(0.05)
        asked = len(plug.log)
        await asyncio.sleep(0.2)
        assert len(plug.log) == asked
        monkeypatch.setattr("lan_edge.transports.upnp.upnp.RECONCILE", 0.1)
        await until(lambda: len(plug.log) > asked + 1)


async def test_a_lease_without_events_does_not_stop_the_poll(
    runtime: Runtime, plug: WemoEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "poll", 0.05)
    plug.publisher.lose = 1000
    async with driven(runtime, plug) as device:
        await until(lambda: plug.publisher.subscribers)
        await plug.change(on=True)
        await until(on(device))
        assert not live(device)()


async def test_without_a_listener_it_is_polled(
    plug: WemoEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Http, "poll", 0.05)
    device = Device(Wemo, Record(Identity(), (Address(plug.host, plug.port),)))
    device.start()
    await until(lambda: device.available)
    await plug.change(on=True)
    await until(on(device))
    assert plug.publisher.log == []
    await device.stop()


async def test_a_check_subscribes_to_nothing(runtime: Runtime, plug: WemoEmulator) -> None:
    device = Device(Wemo, Record(Identity()), runtime=runtime)
    identity = await device.check(Address(plug.host, plug.port))
    assert identity.unique_id == plug.udn
    assert plug.publisher.log == []


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", False),
        (b"<html/>", False),
        (b"<e:propertyset", False),
        (propertyset({}), False),
        (propertyset({"BinaryState": "on"}), None),  # what it cannot be makes it unknown
    ],
)
async def test_an_invalid_event_shows_nothing_wrong(
    runtime: Runtime,
    plug: WemoEmulator,
    body: bytes,
    shown: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with driven(runtime, plug) as device:
        await settled(device)
        monkeypatch.setattr("tests.emulators.gena.propertyset", lambda _: body)
        await plug.publisher.notify(plug.host, BASIC, {})
        assert plug.publisher.log[-1] == "NOTIFY 200"
        monkeypatch.undo()
        assert device.state.get(Switch.switch) is shown
        await plug.change(on=True)
        await until(on(device))
        assert device.available


@pytest.mark.parametrize(
    ("sequences", "expected", "missed"),
    [
        ([0, 1, 2], [0, 1, 2], 0),
        ([0, 1, 1, 2], [0, 1, 2], 1),
        ([0, 2, 1, 3], [0, 2, 3], 2),
        ([3, 4], [3, 4], 1),
        ([0, 1, 0, 1], [0, 1, 0, 1], 0),
        ([4294967295, 1, 2], [4294967295, 1, 2], 0),
        (["", "x", "-1", "1e3", "99999999999"], ["", "x", "-1", "1e3", "99999999999"], 0),
    ],
)
async def test_events_come_once_and_in_order(
    runtime: Runtime, sequences: list[object], expected: list[object], missed: int
) -> None:
    heard: list[Any] = []
    lacks: list[bool] = []
    link = Link(heard.append, lambda _: None, on_missed=lambda: lacks.append(True))
    callback: Any = None
    http: Any = None
    subscription = upnp_subscription.Subscription(http, link, callback, BASIC, "/")
    subscription.live = True
    subscription._expected = 4294967295 if 4294967295 in sequences else 0
    for sequence in sequences:
        body = propertyset({"N": str(sequence)})
        subscription._notified(CallbackRequest("NOTIFY", headers={"SEQ": str(sequence)}, body=body))
    assert [e.variables["N"] for e in heard] == [str(t) for t in expected]
    assert len(lacks) == missed


async def test_closing_does_not_wait_for_a_dead_device(
    runtime: Runtime, plug: WemoEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "UNSUBSCRIBE_TIMEOUT", 0.1)
    async with driven(runtime, plug) as device:
        await settled(device)
        plug.faults.silent = True
        async with asyncio.timeout(0.5):
            await device.stop()
        assert device.connection.status is Status.IDLE


@pytest.mark.parametrize("steps", [*range(0, 60, 4), 100, 200])
async def test_stopping_at_any_moment_leaves_nothing(
    runtime: Runtime, plug: WemoEmulator, steps: int
) -> None:
    record = Record(Identity(), (Address(plug.host, plug.port),))
    device = Device(Wemo, record, runtime=runtime)
    device.start()
    for _ in range(steps):
        await asyncio.sleep(0)
    await device.stop()
    assert not runtime.listener.port


# pushes in other forms, to a driver of another transport


class Told(Driver[Http]):
    id = "test_told"
    profile = Wemo.profile
    callback_by_address = True
    url = ""

    @override
    async def connected(self) -> None:
        self.url = await self.callback_url()

    @override
    async def refresh(self) -> None:
        await self.io.get_text("/switch")

    @override
    def on_callback(self, request: CallbackRequest) -> str | None:
        if request.method == "DELETE":
            raise ZeroDivisionError
        self.emit(Switch.switch, request.pairs()["switch"] == "on")
        return "noted" if request.method == "PUT" else None

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/switch", "off")


async def test_a_post_without_a_token(runtime: Runtime) -> None:
    async with (
        RestSwitchEmulator(HOSTS[0], id="r1") as relay,
        driven(runtime, relay, Told) as device,
    ):
        heard = device._session.liveness.heard_at
        await asyncio.sleep(0.01)
        answer = await send(runtime, HOSTS[0], b"POST / HTTP/1.1", b"switch on")
        assert answer == (HTTPStatus.OK, b"")
        await until(on(device))
        assert device._session.liveness.heard_at > heard
        assert await send(runtime, HOSTS[0], b"PUT /x HTTP/1.1", b"switch: off") == (200, b"noted")
        assert device.state.get(Switch.switch) is False
        assert await send(runtime, HOSTS[1], b"POST / HTTP/1.1", b"switch on") == (404, b"")
        for method in (b"DELETE", b"POST"):
            assert (await send(runtime, HOSTS[0], method + b" / HTTP/1.1", b"nothing"))[0] == 200
        assert device.state.get(Switch.switch) is False
        assert device.available
        assert device.counts["driver_errors"] == {"Told.on_callback": 2}
        with socket.socket(type=socket.SOCK_DGRAM) as sender:
            sender.bind((HOSTS[0], 0))
            sender.sendto(b"switch on", (LOOPBACK, runtime.listener.port))
        await until(on(device))


async def test_a_device_that_announces_itself_is_connected_at_once(runtime: Runtime) -> None:
    async with (
        RestSwitchEmulator(HOSTS[0], id="r1") as relay,
        driven(runtime, relay, Told) as device,
    ):
        url = cast("Told", device.driver).url
        await relay.down()
        device.connection.doubt()
        await until(lambda: not device.available)
        await asyncio.sleep(1.2)  # the pauses grow
        await relay.up()
        before = device.connection.attempts
        assert (await send(runtime, HOSTS[0], b"POST / HTTP/1.1", b"switch on"))[0] == 503
        await until(lambda: device.available, 0.1)
        assert device.connection.attempts == before + 1
        assert cast("Told", device.driver).url == url


async def send(runtime: Runtime, source: str, first: bytes, body: bytes) -> tuple[int, bytes]:
    """Send a request from an address; return the answer's status and body."""
    port = runtime.listener.port
    reader, writer = await asyncio.open_connection(LOOPBACK, port, local_addr=(source, 0))
    writer.write(b"%b\r\nHost: h\r\nContent-Length: %d\r\n\r\n%b" % (first, len(body), body))
    async with asyncio.timeout(2):
        head, _, content = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), content
