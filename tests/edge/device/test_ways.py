"""Several ways to one device: one connection, one identity, one order."""

import asyncio
from dataclasses import dataclass
from typing import Any, override

import pytest

from lan_edge import (
    Address,
    Beside,
    CertificateError,
    Confirm,
    Device,
    DriverError,
    Http,
    HttpOptions,
    Identity,
    IdentityError,
    Json,
    Pace,
    PowerMeter,
    Profile,
    Record,
    Switch,
    SwitchLevel,
    UnreachableError,
    WebSocket,
    WebSocketOptions,
)
from lan_edge.connection.status import Status
from lan_edge.driver.driver import Driver

from ..bench import Bench, BenchDevice, TestSpeed
from ..certificates import certificate
from ..peers import until
from .two_ways import HOST, ID, Lamp, Optional, TwoWays, apart, handle, online, running


def events_of(device: Any) -> dict[str, Any]:
    (way,) = device.ways
    return dict(way)


def confirmed_by(device: Device) -> Confirm:
    return device.driver.confirm_by


# one connection


async def test_both_are_opened_and_closed_together() -> None:
    async with running(TwoWays()) as lamp:
        async with online(lamp, Lamp) as device:
            assert lamp.heard[:2] == ["GET /info", "events"]
            assert len(lamp.sockets) == 1
            assert events_of(device) | {"since": 0} == {
                "way": "events",
                "transport": "WebSocket",
                "optional": False,
                "open": True,
                "since": 0,
                "attempts": 1,
                "reason": "",
            }
        await until(lambda: not lamp.sockets)


async def test_a_command_by_one_is_confirmed_by_the_other() -> None:
    async with running(TwoWays()) as lamp, online(lamp, Lamp) as device:
        assert device.driver.confirm_by is Confirm.PUSH
        lamp.heard.clear()
        await device.commands.execute(Switch.on, {})
        assert lamp.heard == ["PATCH /lamp"]  # not read back
        assert device.state.get(Switch.switch) is True
        assert Lamp.told == [("events", {"on": True})]


async def test_messages_keep_their_order_and_name_their_way() -> None:
    async with running(TwoWays()) as lamp, online(lamp, Lamp) as device:
        for level in range(1, 51):
            await lamp.change(level=level)
        await until(lambda: device.state.get(SwitchLevel.level) == 50)
        assert Lamp.told == [("events", {"level": level}) for level in range(1, 51)]
        assert device.driver.way == ""
        received = [e.text for e in device.trace.entries() if e.kind == "received"]
        assert 'events: {"level": 50}' in received


async def test_it_is_read_rarely_while_it_tells_of_changes() -> None:
    async with running(TwoWays()) as lamp, online(lamp, Lamp):
        lamp.heard.clear()
        await asyncio.sleep(200)
        assert "GET /lamp" not in lamp.heard
        await asyncio.sleep(200)
        assert lamp.heard.count("GET /lamp") == 1


async def test_it_says_how_often_it_is_really_read() -> None:
    class Often(Lamp):
        poll = 30

    class Never(Lamp):
        poll = None

    async with running(TwoWays()) as lamp:
        assert handle(lamp, Lamp).read_every == 10  # nothing reports yet
        for driver, seconds in ((Lamp, 300), (Often, 30), (Never, None)):
            async with online(lamp, driver) as device:
                assert device.read_every == seconds


async def test_the_driver_s_own_interval_is_kept() -> None:
    class Often(Lamp):
        poll = 30

    async with running(TwoWays()) as lamp, online(lamp, Often):
        lamp.heard.clear()
        await asyncio.sleep(200)
        assert lamp.heard.count("GET /lamp") in range(5, 8)


async def test_the_loss_of_one_is_a_loss_of_the_device() -> None:
    async with running(TwoWays()) as lamp, online(lamp, Lamp) as device:
        attempts = device.connection.attempts
        await lamp.hang_up()
        await until(lambda: device.connection.status is not Status.ONLINE)
        assert str(device.connection.reason).startswith("events: ")
        await until(lambda: device.connection.status is Status.ONLINE)
        assert device.connection.attempts == attempts + 1
        assert len(lamp.sockets) == 1


async def test_without_the_other_it_is_offline() -> None:
    async with running(TwoWays()) as lamp:
        lamp.refuses_events = True
        device = handle(lamp, Lamp)
        device.start()
        await until(lambda: device.connection.status is Status.WAITING)
        assert not device.available
        assert str(device.connection.reason).startswith("events: ")
        lamp.refuses_events = False
        await until(lambda: device.available, 60)
        await device.stop()


async def test_each_is_watched_whatever_the_other_says() -> None:
    async with running(TwoWays()) as lamp, online(lamp, Lamp) as device:
        lamp.answering.clear()
        began = asyncio.get_running_loop().time()
        while device.connection.status is Status.ONLINE:
            await lamp.change(level=(lamp.state["level"] + 1) % 100)  # it goes on telling
            await asyncio.sleep(1)
        assert asyncio.get_running_loop().time() - began < 40
        lamp.answering.set()


async def test_requests_to_a_way_that_is_closed_fail() -> None:
    async with running(TwoWays()) as lamp:
        device = handle(lamp, Lamp)
        assert isinstance(device.driver, Lamp)
        with pytest.raises(UnreachableError):
            await device.driver.events.send({})
        assert isinstance(device.driver.events, WebSocket)


# an optional way


async def test_without_an_optional_one_it_is_polled() -> None:
    async with running(TwoWays()) as lamp:
        lamp.refuses_events = True
        async with online(lamp, Optional) as device:
            assert confirmed_by(device) is Confirm.READ
            await until(lambda: events_of(device)["reason"])
            assert not events_of(device)["open"]
            lamp.heard.clear()
            await asyncio.sleep(35)
            assert lamp.heard.count("GET /lamp") in range(3, 6)
            await device.commands.execute(Switch.on, {})
            assert device.state.get(Switch.switch) is True
            assert device.read_every == 10
            lamp.refuses_events = False
            await until(lambda: events_of(device)["open"], 600)
            assert confirmed_by(device) is Confirm.PUSH
            assert device.read_every == 300
            assert device.connection.attempts == 1


async def test_the_loss_of_an_optional_one_is_none_of_the_device() -> None:
    async with running(TwoWays()) as lamp, online(lamp, Optional) as device:
        await until(lambda: events_of(device)["open"])
        seen = list[bool]()
        device.observer.on_available = lambda: seen.append(device.available)
        await asyncio.sleep(20)
        lamp.heard.clear()
        await lamp.hang_up()
        lamp.state["on"] = True  # unseen
        await until(lambda: not events_of(device)["open"])
        await until(lambda: device.state.get(Switch.switch))
        await until(lambda: events_of(device)["open"], 60)
        assert (seen, device.connection.attempts) == ([], 1)
        assert len(lamp.sockets) == 1


async def test_an_optional_one_is_tried_ever_more_rarely() -> None:
    async with running(TwoWays()) as lamp:
        lamp.refuses_events = True
        async with online(lamp, Optional):
            await asyncio.sleep(3600)
            assert 10 < lamp.heard.count("events") < 25


async def test_the_end_of_an_optional_one_ends_nothing_that_waits_for_its_turn() -> None:
    class Paced(Optional):
        id = "two_ways_paced"
        options = HttpOptions(port=8080, pace=Pace(gap=0.5))

    async with running(TwoWays()) as lamp, online(lamp, Paced) as device:
        await until(lambda: events_of(device)["open"], 60)
        await asyncio.sleep(10)
        one = asyncio.create_task(device.commands.execute(Switch.on, {}))
        two = asyncio.create_task(device.commands.execute(SwitchLevel.set_level, {"level": 40}))
        await asyncio.sleep(0.1)
        await lamp.hang_up()
        await asyncio.gather(one, two)
        assert (lamp.state["on"], lamp.state["level"]) == (True, 40)


# other pairs


async def test_commands_by_tcp_and_readings_by_http() -> None:
    async with running(TwoWays()) as lamp, BenchDevice(HOST) as bench:

        class Metered(Bench):
            id = "test_metered"
            profile = Profile(Switch, SwitchLevel, TestSpeed, PowerMeter)
            readings = Beside(Http, HttpOptions(port=lamp.port))

            @override
            async def refresh(self) -> None:
                await super().refresh()
                meter = await self.readings.get_json("/meter")
                self.emit_field(PowerMeter.power, meter, "level")

        record = Record(Identity(bench.unique_id), (Address(HOST, bench.port),))
        device = Device(Metered, record)
        device.start()
        await until(lambda: device.available)
        assert device.state.get(PowerMeter.power) == 10
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True
        assert "PATCH /lamp" not in lamp.heard
        await device.stop()


async def test_a_sub_driver_has_ways_of_its_own() -> None:
    class Family(Lamp):
        events: Any = None

    class Model(Family):
        events: Any = Beside(WebSocket, WebSocketOptions(port=8080, path="/events"))

        @override
        @classmethod
        def can_handle(cls, identity: Identity) -> bool:
            return identity.unique_id == ID

    Family.sub_drivers.append(Model)
    assert (Family.beside, list(Model.beside)) == ({}, ["events"])
    async with running(TwoWays()) as lamp, online(lamp, Family) as device:
        assert type(device.driver) is Model
        await lamp.change(level=3)
        await until(lambda: device.state.get(SwitchLevel.level) == 3)


async def test_a_setting_that_changes_the_options_of_one_connects_anew() -> None:
    @dataclass(frozen=True)
    class Where:
        path: str = "/events"

    class Movable(Lamp):
        settings: Where

        def where(self) -> WebSocketOptions:
            return WebSocketOptions(port=8080, path=self.settings.path)

        events = Beside(WebSocket, where)

    async with running(TwoWays()) as lamp, online(lamp, Movable) as device:
        await device.change_settings({"path": "/events?all"})
        await until(lambda: device.connection.attempts == 2)


async def test_another_class_of_the_driver_goes_on_with_both() -> None:
    class Changed(Lamp):
        @override
        def report(self, message: Json) -> None:
            super().report({**message, "level": 42})

    class Elsewhere(Lamp):
        events = Beside(WebSocket, WebSocketOptions(port=8080, path="/events?all"))

    async with running(TwoWays()) as lamp, online(lamp, Lamp) as device:
        await device.replace_driver(Changed)
        await lamp.change(on=True)
        await until(lambda: device.state.get(SwitchLevel.level) == 42)
        assert (device.connection.attempts, len(lamp.sockets)) == (1, 1)
        await device.replace_driver(Elsewhere)
        await until(lambda: device.connection.attempts == 2 and device.available)
        await until(lambda: len(lamp.sockets) == 1)


# one identity


async def test_another_device_at_the_other_way_is_refused() -> None:
    async with running(TwoWays(events_apart=True)) as lamp:
        lamp.events_id = "its-neighbour"
        with pytest.raises(IdentityError, match="its-neighbour"):
            await handle(lamp, apart(lamp)).check(Address(HOST, lamp.port))


async def test_no_secret_gets_to_another_device_at_the_other_way() -> None:
    async with running(TwoWays(events_apart=True)) as lamp:
        lamp.events_id = "its-neighbour"
        device = handle(lamp, apart(lamp), secrets={"token": "s3cret"}, is_identified=True)
        device.connection._addresses.proven = Address("127.0.0.73")  # proven elsewhere last
        with pytest.raises(IdentityError, match="its-neighbour"):
            await device.check(Address(HOST, lamp.port))
        assert "GET /info s3cret" in lamp.heard  # this way is proven
        assert not [each for each in lamp.heard if each.startswith("events") and "s3cret" in each]


async def test_it_gets_the_secret_once_it_is_proven_on_each() -> None:
    async with running(TwoWays(events_apart=True)) as lamp:
        device = handle(lamp, apart(lamp), secrets={"token": "s3cret"}, is_identified=True)
        device.connection._addresses.proven = Address("127.0.0.73")
        await device.check(Address(HOST, lamp.port))
        assert [each for each in lamp.heard if each.startswith("events")] == [
            "events",
            "events s3cret",
        ]


async def test_it_is_asked_who_it_is_on_each_when_it_is_silent() -> None:
    async with (
        running(TwoWays(events_apart=True)) as lamp,
        online(lamp, apart(lamp)) as device,
    ):
        lamp.events_id = "its-neighbour"
        lamp.heard.clear()
        way = device._session.io.way("events")  # type: ignore[attr-defined]
        with pytest.raises(IdentityError):
            await way.check()


async def test_each_has_its_own_certificate() -> None:
    first, second = certificate("127.0.0.72"), certificate("127.0.0.73")
    async with running(TwoWays(events_apart=True, tls=first.server())) as lamp:
        driver = apart(lamp, tls=True)
        device = handle(lamp, driver)
        await device.check(Address(HOST, lamp.port))
        assert device.record.pin == ""
        assert device.record.way_pins == {"events": first.fingerprint}
        stored = Record.from_dict(device.record.as_dict())
        assert stored.way_pins == device.record.way_pins
    async with running(TwoWays(events_apart=True, tls=second.server())) as lamp:
        driver = apart(lamp, tls=True)
        other = handle(lamp, driver, way_pins={"events": first.fingerprint})
        reported = list[CertificateError]()
        other.observer.on_certificate = reported.append
        other.start()
        await until(lambda: reported)
        assert not other.available
        assert (reported[0].way, reported[0].found) == ("events", second.fingerprint)
        other.accept_certificate(reported[0].found)
        await until(lambda: other.available, 60)
        assert other.record.way_pins == {"events": second.fingerprint}
        assert other.record.pin == ""
        await other.stop()


# declarations


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (Beside(WebSocket, HttpOptions()), "the options of events are no WebSocketOptions"),
        (Beside(Http, HttpOptions(port="80")), "write port=80"),  # type: ignore[arg-type]
        (Beside(int), "events names no transport"),  # type: ignore[type-var]
    ],
)
def test_a_wrong_one_is_told_at_load(way: Beside[Any], words: str) -> None:
    with pytest.raises(DriverError, match=words):
        _declare(way)


def _declare(way: Beside[Any]) -> None:
    class Wrong(Driver[Http]):
        id = "wrong"
        profile = Profile()
        events = way


def test_a_class_tells_its_ways() -> None:
    assert list(Lamp.beside) == ["events"]
    assert Lamp.events.transport is WebSocket
    assert Driver.beside == {}
    assert ID
