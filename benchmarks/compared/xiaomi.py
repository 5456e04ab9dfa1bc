"""A plug of Xiaomi's, and what hass-xiaomi-miot has to know of it."""

from collections.abc import Mapping
import time
from typing import Any, Literal, override

from tests.emulators.miot import MiotEmulator

from .family import Json, spelled

MAKER = "50ec5001"
"""How its MAC address begins."""
URN = "urn:miot-spec-v2"


def miot_did(number: int) -> int:
    """Return the id of a device."""
    return 266_842_000 + number


def miot_token(number: int) -> str:
    """Return its token."""
    return f"00112233445566778899aabbcc{number:06}"


class MiotPlug(MiotEmulator):
    """A plug at all addresses of its host: a broadcast has to reach it."""

    def __init__(self, number: int) -> None:
        everywhere = "0.0.0.0"  # noqa: S104  # see above
        super().__init__(
            host=everywhere, port=54321, did=miot_did(number), token=miot_token(number)
        )
        self._number = number

    @override
    async def move(self, host: str, *, old: Literal["silent", "closed"] = "silent") -> None:
        del host, old  # it is there already
        await self.restart()

    @override
    def _info(self) -> dict[str, Any]:
        return super()._info() | {"mac": spelled(f"{MAKER}{self._number:04x}")}


def miot(number: int, _host: str) -> MiotPlug:
    """Return a plug."""
    return MiotPlug(number)


def miot_specification() -> Mapping[str, Json]:
    """Return what hass-xiaomi-miot has got from miot-spec.org: of this plug, its switch."""
    on = _property(1, "on", "Switch Status", "bool", "read", "write", "notify")
    power = _property(2, "electric-power", "Electric Power", "float", "read", "notify")
    services = [
        {"iid": 2, "type": f"{URN}:service:switch", "description": "Switch", "properties": [on]},
        {
            "iid": 11,
            "type": f"{URN}:service:power-consumption",
            "description": "Power Consumption",
            "properties": [power],
        },
    ]
    kind, now = f"{URN}:device:outlet:0000A002:cuco-v3:1", int(time.time())
    told = {"type": kind, "description": "Outlet", "services": services, "_updated_time": now}
    known = {"cuco.plug.v3": {"type": kind, "status": "released", "version": 1}}
    languages = {"type": kind, "data": {"en": {}}, "_updated_time": now}
    return {
        "xiaomi_miot/instances.json": known | {"_updated_time": now},
        f"xiaomi_miot/{kind}.json": told,
        f"xiaomi_miot/spec-langs/{kind}.json": languages,
    }


def _property(iid: int, kind: str, description: str, form: str, *access: str) -> Json:
    told = {"iid": iid, "type": f"{URN}:property:{kind}", "description": description}
    return told | {"format": form, "access": list(access)}


def miot_steps(number: int, host: str) -> Mapping[str, Json]:
    """Return what sets up hass-xiaomi-miot without the cloud."""
    token = {"host": host, "token": miot_token(number), "name": f"Xiaomi {number}"}
    return {"user": {"action": "token"}, "token": token}
