"""Announcing a device by mDNS, on the interface of its own address."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
import ipaddress

from zeroconf import (  # type: ignore[attr-defined]  # it does not list its packets' classes
    DNSOutgoing,
    IPVersion,
)
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf
from zeroconf.const import _FLAGS_AA, _FLAGS_QR_RESPONSE


@dataclass(frozen=True, slots=True)
class Service:
    """What mDNS tells of a device."""

    type: str
    name: str
    host: str
    port: int
    txt: dict[str, str]
    server: str
    also_listed: tuple[str, ...] = ()

    def info(self) -> AsyncServiceInfo:
        """Return it as zeroconf wants it."""
        hosts = (self.host, *self.also_listed)
        return AsyncServiceInfo(
            self.type,
            f"{self.name}.{self.type}",
            addresses=[ipaddress.ip_address(host).packed for host in hosts],
            port=self.port,
            properties=self.txt,
            server=f"{self.server}.local.",
        )


class MdnsAnnouncer:
    """Announces a service and answers queries for it until told to stop."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._info = service.info()
        self._zeroconf: AsyncZeroconf | None = None
        self._broadcast: Awaitable[None] | None = None

    async def announce(self) -> None:
        """Announce without probing first; two repeats follow by themselves."""
        self._zeroconf = AsyncZeroconf(interfaces=[self._service.host], ip_version=IPVersion.V4Only)
        self._broadcast = await self._zeroconf.async_register_service(
            self._info,
            cooperating_responders=True,
            strict=False,  # some types are longer than they may be
        )

    def change(self, txt: dict[str, str], *, lost: bool = False) -> None:
        """Announce another TXT record, and nothing else: no address, no port.

        If it is `lost`, only those who ask get it.
        """
        self._service = replace(self._service, txt=txt)
        if self._zeroconf is None:
            return
        if isinstance(self._broadcast, asyncio.Future):
            self._broadcast.cancel()  # it would repeat the first record
        info, shared = self._service.info(), self._zeroconf.zeroconf
        self._info = info
        shared.registry.async_update(info)
        if lost:
            return
        message = DNSOutgoing(_FLAGS_QR_RESPONSE | _FLAGS_AA)
        message.add_answer_at_time(info.dns_text(), 0)
        shared.async_send(message)

    async def goodbye(self) -> None:
        """Send the goodbye and close."""
        await self._end_broadcast()
        if self._zeroconf:
            await self._zeroconf.async_close()

    async def vanish(self) -> None:
        """Close without a goodbye, as when the plug is pulled."""
        await self._end_broadcast()
        if self._zeroconf:
            self._zeroconf.zeroconf.registry.async_remove(self._info)
            await self._zeroconf.async_close()

    async def _end_broadcast(self) -> None:
        if isinstance(self._broadcast, asyncio.Future):
            self._broadcast.cancel()
            await asyncio.gather(self._broadcast, return_exceptions=True)
