"""URLs that a device reports: they lead to the device itself, unless its driver says otherwise."""

from collections.abc import Collection
from ipaddress import ip_address

from yarl import URL

from lan_edge import Device

WEB = frozenset({"http", "https"})
VIDEO = WEB | {"rtmp", "rtsp", "rtsps"}


def is_url_at(host: str, text: str | None, schemes: Collection[str]) -> bool:
    """Return whether a URL leads to a host, by one of the schemes."""
    url = _parsed(text, schemes)
    return url is not None and _canonical(url.host or "") == _canonical(host)


def is_media_url(device: Device, host: str, text: str | None, schemes: Collection[str]) -> bool:
    """Return whether a picture or a video of a device at `host` may be fetched from a URL."""
    if is_url_at(host, text, schemes):
        return True
    url = _parsed(text, schemes)
    return device.driver.foreign_media and url is not None and _is_foreign(url.host or "")


def _parsed(text: str | None, schemes: Collection[str]) -> URL | None:
    try:
        url = URL(text or "")
    except ValueError, IndexError:  # IndexError: yarl's, for "http://[]@"
        return None
    return url if url.scheme in schemes and url.host else None


def _canonical(host: str) -> str:
    try:
        return str(ip_address(host))
    except ValueError:
        return host.lower()


def _is_foreign(host: str) -> bool:
    """Return whether a host may be another one than this one, as far as its name shows."""
    try:
        ip = ip_address(host)
    except ValueError:
        last_part = host.rstrip(".").rpartition(".")[2].lower()
        # a name that ends with a number is an address in another spelling, such as 127.1
        return last_part != "localhost" and not last_part[:1].isdigit()
    return not (ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip.is_multicast)
