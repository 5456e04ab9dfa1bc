"""Devices that send nonsense: no wrong value gets in, and nothing is logged twice."""

import asyncio
import logging
import socket
from typing import Any

import pytest

from docs.examples.json_bulb import JsonBulb
from docs.examples.rest_switch import RestSwitch
from lan_edge import (
    Address,
    Device,
    DeviceError,
    Identity,
    Record,
    Status,
    Switch,
    SwitchLevel,
    UnconfirmedError,
)
from lan_edge.connection import availability, heartbeat as heartbeat_module
from lan_edge.device.liveness import DeviceLiveness
from tests.emulators.faults import HttpOverride
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator

from ..bench import online
from ..peers import until


def device_of(emulator: JsonBulbEmulator | RestSwitchEmulator) -> Device:
    """Return the device of an emulator."""
    family = JsonBulb if isinstance(emulator, JsonBulbEmulator) else RestSwitch
    address = Address(emulator.host, emulator.port)
    return Device(family, Record(Identity(emulator.id), (address,)))


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the warnings and errors that were logged."""
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"method": "state", "params": {"on": 1, "level": "full"}}',
        b'{"method": "state", "params": {"on": null, "level": null}}',
        b'{"method": "state", "params": {"on": "on", "level": 1e400}}',
        b'{"method": "state", "params": {"on": [true], "level": NaN}}',
        b'{"method": "state", "params": {"on": {}, "level": 123456789012345678901234567890}}',
        b'{"method": "state", "params": {"on": false, "level": 101}}',
        b'{"method": "state", "params": {"on": false, "level": -1}}',
        b'{"method": "state", "params": [1, 2]}',
        b'{"method": "state"}',
        b'{"method": ["state"], "params": {"on": true}}',
        b'{"id": 7, "result": {"on": true, "level": 1}}',
        b'{"id": null, "result": {"on": true, "level": 1}}',
        b'{"id": [], "result": {"on": true, "level": 1}}',
        b'{"method": "state", "params": {"on": true',
        b"<html><body>404</body></html>",
        b"\xff\xfe\x00\x01",
        b"[" * 5000,
        b"",
        b"   ",
        b"null",
    ],
)
async def test_bulb(raw: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with JsonBulbEmulator() as bulb, online(device_of(bulb)) as device:
        before = device.state.values()
        for _ in range(3):
            await bulb.inject(raw + b"\n")
        await bulb.change(level=42)  # arrives after it
        await until(lambda: device.state.get(SwitchLevel.level) == 42)
        assert device.state.values() == before | {("main", "switchLevel.level"): 42}
        await device.commands.execute(Switch.on, {})
        assert bulb.state["on"]
        assert device.connection.attempts == 1
    assert len(logged(caplog)) == len(set(logged(caplog))) <= 2


async def test_bulb_without_end_of_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "lan_edge")
    async with JsonBulbEmulator() as bulb, online(device_of(bulb)) as device:
        await bulb.inject(b"x" * (64 * 1024 + 1))
        await until(lambda: device.connection.status is not Status.ONLINE)
        assert str(device.connection.reason) == "a message of more than 65536 bytes"
        await until(lambda: device.connection.status is Status.ONLINE)
        assert device.connection.attempts == 2
        assert bulb.connections.open == 1
        await device.commands.execute(Switch.on, {})
    assert len(caplog.records) == 1


@pytest.mark.parametrize("faults", [{"split": 1}, {"merge": 0.02}, {"repeat": 3}, {"late": 0.01}])
async def test_bulb_on_a_bad_line(faults: dict[str, Any]) -> None:
    async with JsonBulbEmulator() as bulb:
        for name, value in faults.items():
            setattr(bulb.faults, name, value)
        async with online(device_of(bulb)) as device:
            await device.commands.execute(SwitchLevel.set_level, {"level": 7})
            await device.commands.execute(Switch.off, {})
            await bulb.change(level=9)
            await until(lambda: device.state.get(SwitchLevel.level) == 9)
            assert device.state.get(Switch.switch) is False
            assert device.connection.attempts == 1


async def test_bulb_answers_out_of_order_after_newer_pushes() -> None:
    async with JsonBulbEmulator() as bulb, online(device_of(bulb)) as device:
        bulb.faults.hold = True
        pinging = asyncio.ensure_future(device._session.liveness.ping())
        reading = asyncio.ensure_future(device.commands.refresh())
        await until(lambda: len(bulb.held) == 2)
        bulb.release([1, 0])
        await asyncio.gather(pinging, reading)
        bulb.faults.hold = False
        bulb.faults.merge = 0.02  # the answer and a newer push in one segment
        await asyncio.gather(device.commands.refresh(), bulb.change(level=3))
        await until(lambda: device.state.get(SwitchLevel.level) == 3)
        await asyncio.sleep(0.05)
        assert device.state.get(SwitchLevel.level) == 3


HTML = b"<!DOCTYPE html><html><body>It works!</body></html>"


@pytest.mark.parametrize(
    "override",
    [
        HttpOverride(500, b"broken"),
        HttpOverride(404, b""),
        HttpOverride(200, b""),
        HttpOverride(200, b"ON"),
        HttpOverride(200, HTML, {"Content-Type": "text/html"}),
        HttpOverride(200, b"\xff\xfe"),
        HttpOverride(200, b"o" * (2 * 1024 * 1024)),
        HttpOverride(302, b"", {"Location": "http://127.0.0.9/switch"}),
        HttpOverride(302, b"", {"Location": "/switch"}),
        HttpOverride(401, b""),
        HttpOverride(204, b""),
    ],
)
async def test_switch(
    override: HttpOverride, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(availability, "GRACE", 0.05)
    async with RestSwitchEmulator() as switch, online(device_of(switch)) as device:
        switch.faults.override = override
        for _ in range(2):
            with pytest.raises(DeviceError):
                await device.commands.refresh()
            with pytest.raises(DeviceError):
                await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is False
        if not device.available:
            assert device.connection.reason
        switch.faults.override = None
        device.connection.sighted(Address(switch.host, switch.port))
        await until(lambda: device.connection.status is Status.ONLINE)
        await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is True
    assert len(logged(caplog)) == len(set(logged(caplog)))


async def test_a_switch_that_accepts_commands_and_does_nothing() -> None:
    async with RestSwitchEmulator() as switch, online(device_of(switch)) as device:
        switch.faults.lie = True
        with pytest.raises(UnconfirmedError, match=r"^stayed off$"):
            await device.commands.execute(Switch.on, {})
        assert device.state.get(Switch.switch) is False


async def test_a_switch_that_refuses_is_read_again() -> None:
    async with RestSwitchEmulator() as switch, online(device_of(switch)) as device:
        await switch.change(on=True)
        switch.faults.refuse = ["POST"]
        with pytest.raises(DeviceError, match="POST /switch: status 500"):
            await device.commands.execute(Switch.off, {})
        await until(lambda: device.state.get(Switch.switch) is True)
        assert device.available


async def test_the_kernel_watches_the_connection() -> None:
    async with JsonBulbEmulator() as bulb, online(device_of(bulb)) as device:
        connection = device.driver.io._connection
        sock = connection.transport.get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        option = {
            name: sock.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
            for name in ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
        }
        silence = option["TCP_KEEPIDLE"] + option["TCP_KEEPINTVL"] * option["TCP_KEEPCNT"]
        assert 0 < silence <= 10
        assert 0 < option["TCP_USER_TIMEOUT"] <= 10_000
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


async def test_firmware_that_hangs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JsonBulb.transport, "heartbeat", 0.1)
    monkeypatch.setattr(heartbeat_module, "SIGN_OF_LIFE_TIMEOUT", 0.1)
    monkeypatch.setattr(DeviceLiveness, "patience", 0.1)
    async with JsonBulbEmulator() as bulb, online(device_of(bulb)) as device:
        await asyncio.sleep(0.3)
        assert device.available
        bulb.faults.silent = True
        await until(lambda: not device.available)
        assert "it no longer responds" in str(device.connection.reason)
        bulb.faults.silent = False
        device.connection.sighted(Address(bulb.host, bulb.port))
        await until(lambda: device.available)
