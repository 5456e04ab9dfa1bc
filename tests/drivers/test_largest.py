"""The largest messages that a device can send: no driver keeps everything else waiting for one."""

from collections.abc import Callable
import json
from typing import Any

import pytest

from lan_edge import Address, AudioVolume, JsonRpc
from lan_edge.drivers.kasa.protocol import MAX_OUTLETS, children_of
from lan_edge.drivers.snapcast import Snapcast
from lan_edge.drivers.venstar import LIMIT, Venstar
from lan_edge.drivers.venstar.sensors import MAX_SENSORS
from tests.edge.peers import TcpPeer, Wire
from tests.edge.rounds import ONE_MESSAGE, measured_rounds
from tests.emulators.venstar import VenstarEmulator
from tests.processor import done_within

from .house import driven, shows

type Status = dict[str, Any]


def client(number: int, percent: int = 1) -> Status:
    """Return a player of a Snapcast server, as short as it can be."""
    config = {"name": "", "volume": {"percent": percent, "muted": False}}
    return {"id": f"{number}", "config": config, "host": {"name": ""}, "connected": True}


def status(clients: list[Status], streams: int, source: object = "s0") -> Status:
    """Return the status of a Snapcast server."""
    host = {"host": {"mac": "", "name": "here"}, "snapserver": {"name": "s", "version": "1"}}
    group = {"id": "g", "stream_id": source, "clients": clients}
    named = [{"id": f"s{number}", "status": ""} for number in range(streams)]
    return {"server": {"server": host, "groups": [group], "streams": named}}


PLAYERS = [client(number) for number in range(250)]


@pytest.mark.parametrize(
    "largest",
    [
        pytest.param(lambda: status([client(n) for n in range(256)], 34_000), id="streams"),
        pytest.param(lambda: status([client(n) for n in range(9_200)], 2), id="players"),
        pytest.param(lambda: status([client(1)] * 9_500, 2), id="the same player"),
        pytest.param(lambda: status(PLAYERS, 2, [1.1] * 225_000), id="a source of numbers"),
        pytest.param(lambda: status(PLAYERS, 2, [[]] * 49_000 + ["x" * 755_000]), id="of lists"),
        pytest.param(lambda: status(PLAYERS, 2, "x" * 900_000), id="a long source"),
        pytest.param(lambda: status(PLAYERS, 2) | {"x": "x" * 900_000}, id="a large group"),
        pytest.param(lambda: status([client(1)] * 5_000, 17_000), id="the same player, streams"),
    ],
)
async def test_snapcast(largest: Callable[[], Status]) -> None:
    first, wires = status([client(1)], 1), list[Wire]()

    async def serve(wire: Wire) -> None:
        wires.append(wire)
        async for line in wire.lines():
            request = json.loads(line)
            await wire.send(json.dumps({"id": request["id"], "result": first}).encode() + b"\r\n")

    def notified(method: str, params: Status) -> bytes:
        return json.dumps({"method": method, "params": params}, separators=(",", ":")).encode()

    async with TcpPeer(serve) as server, driven(Snapcast, server.address) as device:
        lines = [notified("Server.OnUpdate", largest())]
        assert 900_000 < len(lines[0]) < Snapcast.options.limit
        for percent in range(2, 50):
            volume = {"percent": percent, "muted": False}
            lines.append(notified("Client.OnVolumeChanged", {"id": "1", "volume": volume}))
        lines.append(notified("Server.OnUpdate", status([client(1, percent=77)], 1)))
        with measured_rounds() as rounds:
            wires[-1].write(b"\r\n".join([*lines, b""]))
            await shows(device, AudioVolume.volume, 77, "client_1")
        message = JsonRpc.Message("Server.OnUpdate", json.loads(lines[0])["params"], None, False)
        driver: Any = device.driver
        done_within(0.3, lambda: device._core.guard.call(driver.on_message, message))
        assert max(rounds.seconds) < ONE_MESSAGE


def test_kasa() -> None:
    outlets = [{"id": "%02x" % (number % 256)} for number in range(MAX_OUTLETS)]
    assert len(children_of({"deviceId": "a", "children": outlets})) == MAX_OUTLETS
    more = [{"id": f"{number:040}"} for number in range(2 * MAX_OUTLETS)]
    assert len(children_of({"deviceId": "a", "children": more})) == MAX_OUTLETS


async def test_venstar() -> None:
    async with VenstarEmulator() as emulator:
        address = Address(emulator.host, emulator.port)
        async with driven(Venstar, address, "0023a73ab272") as device:
            for size in (LIMIT * 3 // 4, 20 * LIMIT):
                each = {"name": "s0000", "temp": 1}
                names = [f"s{number:04}" for number in range(size // len(json.dumps(each)))]
                await emulator.change(sensors=[{**each, "name": name} for name in names])
                with measured_rounds() as rounds:
                    await device.commands.refresh()
                assert max(rounds.seconds) < ONE_MESSAGE
                assert len(device.profile.components) == 1 + MAX_SENSORS
