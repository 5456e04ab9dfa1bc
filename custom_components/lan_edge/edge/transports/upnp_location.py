"""Where a UPnP device has its description: it is asked itself, by a search sent to it alone.

UPnP Device Architecture 1.1, 1.3.2: a device answers a search at its own address too.
"""

import re

from yarl import URL

from ..discovery import Address
from ..errors import EdgeError
from .ask_around import ask_around

PORT = 1900
WITHIN = 0.6
"""Seconds that the search lasts."""
_SEARCH = (
    'M-SEARCH * HTTP/1.1\r\nHOST: {}:{}\r\nMAN: "ssdp:discover"\r\nST: upnp:rootdevice\r\n\r\n'
)
_LOCATION = re.compile(rb"^location:[ \t]*(\S{1,1024})", re.IGNORECASE | re.MULTILINE)


async def locate(address: Address) -> URL | None:
    """Return the URL of the description at `address` (port 0: at any port), or None."""
    request = _SEARCH.format(address.host, PORT).encode()
    try:
        answers = await ask_around(request, Address(address.host, PORT), within=WITHIN)
    except EdgeError:
        return None
    for sender, answer in answers:
        location = _LOCATION.search(answer)
        if location is None or sender.host != address.host:
            continue
        if (url := _url(location[1])) is None or url.host != address.host:
            continue
        if address.port in (0, url.port):
            return url
    return None


def _url(location: bytes) -> URL | None:
    try:
        url = URL(location.decode())
    except ValueError:
        return None
    return url if url.scheme == "http" else None
