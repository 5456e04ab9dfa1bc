"""Finds the URL of a UPnP device's description by a search sent to that device alone.

UPnP Device Architecture 1.1, 1.3.2: a device also answers a search sent to its own address.
"""

import re

from yarl import URL

from ...network.address import Address
from ...network.ssdp import SSDP_PORT, search_message
from ..udp.asking import Inquiry, ask_around

LOCATION_TIMEOUT = 0.6
"""Seconds that the search lasts."""
_LOCATION = re.compile(rb"^location:[ \t]*(\S{1,1024})", re.IGNORECASE | re.MULTILINE)


async def locate_description(address: Address) -> URL | None:
    """Return the URL of the description at `address` (port 0: at any port), or None."""
    urls: list[URL] = []

    def on_answer(data: bytes, sender: Address) -> None:
        location = None if urls else _LOCATION.search(data)  # only the first, even in a flood
        url = _url(location[1]) if location else None
        is_there = url is not None and url.host == sender.host == address.host
        if url is not None and is_there and address.port in (0, url.port):
            urls.append(url)

    message = search_message("upnp:rootdevice", address.host)
    inquiry = Inquiry((message,), Address(address.host, SSDP_PORT))
    await ask_around(
        [inquiry], on_answer, timeout=LOCATION_TIMEOUT, times=2, interval=LOCATION_TIMEOUT / 2
    )
    return urls[0] if urls else None


def _url(location: bytes) -> URL | None:
    try:
        url = URL(location.decode())
    except ValueError, IndexError:  # IndexError: yarl's, for "http://[]@"
        return None
    return url if url.scheme == "http" else None
