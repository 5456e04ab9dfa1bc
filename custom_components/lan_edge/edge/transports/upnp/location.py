"""Finds the URL of a UPnP device's description by a search sent to that device alone.

UPnP Device Architecture 1.1, 1.3.2: a device also answers a search sent to its own address. It says
MX, the most seconds until the answer, since some stacks ignore a search without it.
"""

import asyncio
import re

from yarl import URL

from ...network.address import Address
from ...network.ids import one_id
from ...network.ssdp import SSDP_PORT, search_message
from ..udp.asking import Inquiry, ask_around

MAX_WAIT = 1
"""Seconds within which a device is asked to answer."""
LOCATION_TIMEOUT = MAX_WAIT + 0.6
"""Seconds that the search lasts at most."""
MAX_LOCATIONS = 32
"""Different answers that are looked at: one host may have many devices."""
_LOCATION = re.compile(rb"^location:[ \t]*(\S{1,1024})", re.IGNORECASE | re.MULTILINE)
_USN = re.compile(rb"^usn:[ \t]*(\S{1,256})", re.IGNORECASE | re.MULTILINE)


async def locate_description(address: Address, unique_id: str = "") -> URL | None:
    """Return the URL of the description at `address` (port 0: at any port), or None.

    Of several devices there, it is that of the one with `unique_id`; if none says to be that one,
    or it is empty, of the first.
    """
    search = _Search(address, unique_id)
    message = search_message("upnp:rootdevice", address.host, max_wait=MAX_WAIT)
    inquiry = Inquiry((message,), Address(address.host, SSDP_PORT))
    again = LOCATION_TIMEOUT / 4  # early, as the answer to it may also take MAX_WAIT
    asking = asyncio.create_task(
        ask_around([inquiry], search.add, timeout=LOCATION_TIMEOUT, times=2, interval=again)
    )
    try:
        await asyncio.wait({asking, search.answered}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        asking.cancel()
        await asyncio.wait({asking})
    return search.best


class _Search:
    """The answers to a search; it is over when the wanted device has answered."""

    def __init__(self, address: Address, unique_id: str) -> None:
        self._address = address
        self._wanted = one_id(unique_id)
        self._seen: set[bytes] = set()
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.best: URL | None = None

    def add(self, data: bytes, sender: Address) -> None:
        if self.answered.done() or len(self._seen) >= MAX_LOCATIONS or data in self._seen:
            return
        self._seen.add(data)
        if (url := self._location_in(data, sender)) is None:
            return
        if self._wanted in {"", _id_in(data)}:
            self.best = url
            self.answered.set_result(None)
        else:
            self.best = self.best or url

    def _location_in(self, data: bytes, sender: Address) -> URL | None:
        location = _LOCATION.search(data)
        url = _url(location[1]) if location else None
        if url is None or not url.host == sender.host == self._address.host:
            return None
        return url if self._address.port in {0, url.port} else None


def _id_in(data: bytes) -> str:
    usn = _USN.search(data)
    return one_id(usn[1].decode(errors="replace").partition("::")[0]) if usn else ""


def _url(location: bytes) -> URL | None:
    try:
        url = URL(location.decode())
    except ValueError, IndexError:  # IndexError: yarl's, for "http://[]@"
        return None
    return url if url.scheme == "http" else None
