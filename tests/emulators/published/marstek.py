"""Marstek Venus, Device Open API Rev 1.0: JSON in UDP datagrams."""

import asyncio
import copy
import json
from typing import Any, Self, override

from lan_edge import Address

from .device import without

INITIAL = {
    "Marstek.GetDevice": {
        "device": "VenusE 3.0",
        "ver": 144,
        "ble_mac": "0123456789ab",
        "wifi_mac": "a1b2c3d4e5f6",
        "wifi_name": "Home",
        "ip": "192.168.1.20",
    },
    "ES.GetStatus": {
        "id": 0,
        "bat_soc": 25,
        "bat_cap": 5120,
        "pv_power": 0,
        "ongrid_power": -33,
        "offgrid_power": 12,
        "total_grid_output_energy": 1664301,
    },
    "ES.GetMode": {"id": 0, "mode": "AI", "ongrid_power": -34, "offgrid_power": 0, "bat_soc": 25},
    "Bat.GetStatus": {
        "id": 0,
        "soc": 25,
        "charg_flag": True,
        "dischrg_flag": False,
        "bat_temp": 24.0,
        "bat_capacity": 1320.0,
        "rated_capacity": 5120.0,
    },
}


class MarstekVenus(asyncio.DatagramProtocol):
    """A battery; an async context manager. Its `state` is what it answers, by method."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = copy.deepcopy(INITIAL)
        self.asked: list[str] = []
        self.silent = False
        self.lies = False
        self.left_out: set[str] = set()
        self.address = Address("")
        self._transport: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        made = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self._transport = made[0]
        self.address = Address("127.0.0.1", self._transport.get_extra_info("sockname")[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._transport is not None:
            self._transport.close()

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.silent or self._transport is None:
            return
        asked = json.loads(data)
        answer = {"id": asked["id"], "src": "VenusE 3.0-0123456789ab", **self._answer(asked)}
        self._transport.sendto(json.dumps(without(answer, self.left_out)).encode(), addr)

    def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        method = asked["method"]
        if method in self.state:
            return {"result": self.state[method]}
        config = asked.get("params", {}).get("config", {})
        if method != "ES.SetMode" or config.get("mode") not in {"Auto", "AI"}:
            return {"error": {"code": -32602, "message": "Invalid params", "data": 412}}
        self.asked.append(json.dumps(config))
        if not self.lies:
            self.state["ES.GetMode"]["mode"] = config["mode"]
        return {"result": {"id": 0, "set_result": True}}
