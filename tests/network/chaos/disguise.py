"""What a forger says for a device: its announcements, its goodbyes and its answers to searches."""

from collections.abc import Iterator
from functools import cached_property
from ipaddress import ip_address
import json
from typing import Any

from zeroconf import DNSOutgoing, DNSRecord  # type: ignore[attr-defined]  # as in discovery/asking.py
from zeroconf.asyncio import AsyncServiceInfo
from zeroconf.const import _FLAGS_AA, _FLAGS_QR_RESPONSE

from tests.emulators.garden_pump import BEACON_PORT
from tests.emulators.kasa_models import ciphered
from tests.emulators.mdns import MdnsAnnouncer
from tests.emulators.ssdp import GROUP, Advertisement, SsdpAnnouncer
from tests.emulators.yeelight import PORT as YEELIGHT_PORT, YeelightAdvertisement

from .families import Family
from .mimics import mimic_of
from .pumps import EVERYBODY, Pump

MDNS = ("224.0.0.251", 5353)
KASA, WIZ, WIZ_PUSHES = 9999, 38899, 38900
PUSHES = ("syncPilot", "firstBeat")
KEPT = 120
"""Seconds for which a forged record is to be kept."""

type Datagram = tuple[bytes, tuple[str, int]]


class Disguise:
    """A device, as a forger says that it is at `host`."""

    def __init__(self, family: Family, number: int, host: str) -> None:
        self._body = mimic_of(family, number, host)
        self._family = family

    @cached_property
    def _advertisement(self) -> Advertisement | None:
        announcer = self._announcer
        return announcer._advertisement if isinstance(announcer, SsdpAnnouncer) else None

    @cached_property
    def _service(self) -> AsyncServiceInfo | None:
        announcer = self._announcer
        return announcer._info if isinstance(announcer, MdnsAnnouncer) else None

    @cached_property
    def _announcer(self) -> Any:
        is_silent = self._family.driver in {"kasa", "wiz", "dialing_relay", "garden_pump"}
        return None if is_silent else self._body.new_announcer()

    def notices(self) -> list[Datagram]:
        """Return what says that it is there."""
        if isinstance(self._body, Pump):
            return [(self._body.beacon(), (EVERYBODY, BEACON_PORT))]
        return [*self._ssdp("ssdp:alive"), *self._mdns(KEPT)]

    def goodbyes(self) -> list[Datagram]:
        """Return what says that it goes, or has just been started."""
        return [*self._ssdp("ssdp:byebye"), *self._mdns(0)]

    def renamed(self, unique_id: str) -> list[Datagram]:
        """Return what says, by mDNS, that another device is there."""
        if (info := self._service) is None:
            return []
        host = ip_address(self._body.host).packed
        made = AsyncServiceInfo(
            info.type,
            f"{unique_id}.{info.type}",
            addresses=[host],
            port=info.port,
            properties={"id": unique_id, "serial": unique_id},
            server=f"{unique_id}.local.",
        )
        return [(packet, MDNS) for packet in packets(records_of(made, KEPT))]

    def pushes(self, hub: str) -> list[Datagram]:
        """Return what says, in its own protocol, that it has changed or been started."""
        if self._family.driver != "wiz":
            return []
        pilot = {"mac": self._body.unique_id, "state": True, "dimming": 11, "sceneId": 0}
        words = [{"method": word, "env": "pro", "params": pilot} for word in PUSHES]
        return [(json.dumps(word).encode(), (hub, WIZ_PUSHES)) for word in words]

    def answers(self, port: int, asked: bytes) -> list[bytes]:
        """Return the answers to a search at a port."""
        if port == KASA and self._family.driver == "kasa":
            about = {"system": {"get_sysinfo": self._body.sysinfo()}}
            return [ciphered(json.dumps(about).encode())]
        if port == WIZ and self._family.driver == "wiz":
            result = {"mac": self._body.unique_id, "success": True}
            told = {"method": "registration", "env": "pro", "result": result}
            return [json.dumps(told).encode()]
        if self._advertisement is not None and self._port == port:
            return self._advertisement.answers(asked)
        return []

    @property
    def _port(self) -> int:
        is_yeelight = isinstance(self._advertisement, YeelightAdvertisement)
        return YEELIGHT_PORT if is_yeelight else self._advertisement.port  # type: ignore[union-attr]

    def _ssdp(self, kind: str) -> Iterator[Datagram]:
        if (told := self._advertisement) is not None:
            yield told.notify(kind), (GROUP, self._port)

    def _mdns(self, ttl: int) -> Iterator[Datagram]:
        if (info := self._service) is not None:
            for packet in packets(records_of(info, ttl)):
                yield packet, MDNS


def records_of(info: AsyncServiceInfo, ttl: int) -> list[DNSRecord]:
    """Return all that mDNS has of a service; with a `ttl` of 0, that it goes."""
    main = info.dns_pointer(ttl), info.dns_service(ttl), info.dns_text(ttl)
    return [*main, *info.dns_addresses(ttl)]


def packets(records: list[DNSRecord]) -> list[bytes]:
    """Return an answer by mDNS that nobody has asked for."""
    answer = DNSOutgoing(_FLAGS_QR_RESPONSE | _FLAGS_AA)
    for record in records:
        answer.add_answer_at_time(record, 0)
    return answer.packets()
