"""Home Assistant's side: what it heard, what it stored, what somebody typed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from ipaddress import ip_address
import socket
from types import SimpleNamespace
from typing import Any, Self, cast
from unittest.mock import AsyncMock, patch

from async_upnp_client.utils import CaseInsensitiveDict
from homeassistant.components.diagnostics import REDACTED
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import orjson
import voluptuous as vol
from yarl import URL
from zeroconf import (  # type: ignore[attr-defined]  # as in discovery/listeners.py
    DNSCache,
    DNSIncoming,
    DNSOutgoing,
    RecordUpdate,
    ServiceInfo,
)

from custom_components.lan_edge import storage
from custom_components.lan_edge.const import CONF_DRIVER, CONF_IDENTITY, DOMAIN
from custom_components.lan_edge.discovery import listeners
from custom_components.lan_edge.discovery.asking import MdnsAsker
from custom_components.lan_edge.discovery.sightings import (
    announcement_sighting,
    mdns_sighting,
    ssdp_sighting,
)
from custom_components.lan_edge.entities.names import without_address
from custom_components.lan_edge.entities.stills import image_type
from custom_components.lan_edge.entities.urls import WEB, is_url_at
from custom_components.lan_edge.flows.address_form import ADDRESS_FIELDS, async_resolve
from custom_components.lan_edge.flows.entered_address import EnteredAddressError
from custom_components.lan_edge.flows.listener_form import (
    AdvertisedHostError,
    entered_listener_settings,
    listener_schema,
)
from custom_components.lan_edge.flows.names import title_of, told_apart, unlike
from custom_components.lan_edge.flows.settings_form import entered_settings, settings_schema
from custom_components.lan_edge.media_player.pictures import fetch_picture
from custom_components.lan_edge.reporting.folders import without_folders
from custom_components.lan_edge.reporting.markdown import MAX_LENGTH, as_plain_markdown
from custom_components.lan_edge.runtime import DomainData, create_device
from custom_components.lan_edge.storage import parse_listener_settings
from lan_edge import (
    Address,
    Candidate,
    DriverFolder,
    ListenerSettings,
    Match,
    Runtime,
    Sighting,
    settings_of,
)
from lan_edge.drivers.yeelight import YeelightSettings
from lan_edge.network.address import MAX_PORT, is_device_host
from lan_edge.network.text import MAX_FIELD
from lan_edge.sentences import one_line
from tests.bundled import REGISTRY

from .found import sighted
from .kept import RECORD, json_of
from .target import target


def home() -> Any:
    """Return a Home Assistant that has what all our devices share, and nothing else."""
    drivers, devices = DriverFolder(REGISTRY, ""), DriverFolder(REGISTRY, "")
    return SimpleNamespace(data={DOMAIN: DomainData(REGISTRY, Runtime(), drivers, devices)})


@target(
    "discovery/sightings.py",
    seeds=(
        b"_relay._tcp.local.\nRelay._relay._tcp.local.\n10.0.0.5\n80\nid=relay-1\nmodel=a",
        b"urn:x\nuuid:1::urn:x\nhttp://10.0.0.5/d.xml\n80\nfriendlyName=Lamp\nusn=uuid:1",
    ),
)
def heard(data: bytes) -> None:
    """What Home Assistant heard of a device, by mDNS or SSDP."""
    lines = data.decode(errors="replace").split("\n")
    kind, name, where, port, *more = (*lines, "", "", "", "")
    told: dict[str, Any] = dict(word.partition("=")[::2] for word in more)
    told["none"] = None
    hosts = [ip_address(where)] if is_device_host(where) else [ip_address("10.0.0.5")]
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 5 else None
    sighted(mdns_sighting(ZeroconfServiceInfo(hosts[0], hosts, number, name, kind, name, told)))
    info = SsdpServiceInfo(name, kind, told, ssdp_location=where, ssdp_headers=told)
    if (sighting := ssdp_sighting(info)) is not None:
        sighted(sighting)
    headers = CaseInsensitiveDict({**told, "location": where, "nt": kind, "usn": name})
    if (sighting := announcement_sighting(headers)) is not None:
        sighted(sighting)


def _announcement() -> bytes:
    info = ServiceInfo(
        "_relay._tcp.local.",
        "Relay._relay._tcp.local.",
        80,
        properties={"id": "relay-1"},
        server="relay.local.",
        addresses=[b"\n\0\0\5"],
    )
    packet = DNSOutgoing(0x8400)
    for record in (info.dns_pointer(), info.dns_service(), info.dns_text(), *info.dns_addresses()):
        packet.add_answer_at_time(record, 0)
    return packet.packets()[0]


@target("discovery/asking.py", "discovery/listeners.py", seeds=(_announcement(),))
def mdns_packets(data: bytes) -> None:
    """A whole mDNS packet, as zeroconf takes it from the network or as an answer to us."""
    asker = MdnsAsker(["_relay._tcp.local."])
    asker.datagram_received(data, ())
    for sighting in asker.sightings("10.0.0.5"):
        sighted(sighting)
    packet = DNSIncoming(data)
    records = packet.answers() if packet.valid else []
    cache = DNSCache()
    cache.async_add_records(records)
    listener = listeners.MdnsListener(home())
    seen: list[Sighting] = []
    with (
        patch.object(listeners, "route", lambda _, sighting: seen.append(sighting)),
        patch.object(listeners, "find_known", lambda *_: SimpleNamespace(entry_id="1")),
    ):
        updates = [RecordUpdate(record, None) for record in records]
        listener.async_update_records(cast("Any", SimpleNamespace(cache=cache)), 0.0, updates)
        listener.async_update_records_complete()
        empty = SimpleNamespace(cache=DNSCache())  # only what is in this packet is known
        listener.async_update_records(cast("Any", empty), 0.0, updates)
        listener.async_update_records_complete()
    assert len(listener._servers) <= listeners.MAX_SERVERS
    for sighting in seen:
        sighted(sighting)


@target(
    "flows/address_form.py",
    "flows/entered_address.py",
    seeds=(b"10.0.0.5\n80", b"lamp.local\n", b"[2001:db8::1]:5577", b"http://10.0.0.5:80/x"),
)
def typed_addresses(data: bytes) -> None:
    """An address that somebody typed is one a device can have, or is refused."""
    host, _, port = data.decode(errors="replace").partition("\n")
    typed = {"host": host} | ({"port": _number(port)} if port else {})
    with suppress(vol.Invalid, EnteredAddressError):
        asyncio.run(_resolved(vol.Schema(ADDRESS_FIELDS)(typed)))


@target("entities/names.py", seeds=(b"Demo (10.99.0.27)", b"10.0.0.5:80 - Lamp", b"Lamp c3d4"))
def device_names(data: bytes) -> None:
    """What a device is called is its own name, without an address."""
    name = data.decode(errors="replace")
    assert len(without_address(name)) <= len(name) + 1
    assert without_address(without_address(name)).isprintable() or not name.isprintable()


@target(
    "flows/names.py",
    seeds=(
        b"Desk\nBelkin International Inc.\nHS110(EU)\nmusic-1\nKitchen",
        b"\nWiZ\n\na8bb5001ff3f\n",
    ),
)
def titles(data: bytes) -> None:
    """Whatever a device calls itself, it has a title, and another one if that is taken."""
    words = [*data.decode(errors="replace").split("\n"), *[""] * 5]
    name, maker, model, unique_id, room = (one_line(word[:MAX_FIELD]) for word in words[:5])
    match = Match(unique_id, Address("10.0.0.5"), name, manufacturer=maker, model=model, room=room)
    candidate = Candidate(REGISTRY.driver("wiz"), match)
    title = title_of(candidate)
    assert title
    assert unlike(candidate, {title})
    assert len(told_apart([candidate])) == 1


async def _resolved(typed: dict[str, Any]) -> None:
    async def lookup(host: str, port: None, **how: Any) -> Any:
        # without asking anybody for a name
        return socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST, **how)

    hass = cast("Any", SimpleNamespace(loop=SimpleNamespace(getaddrinfo=lookup)))
    addresses = await async_resolve(hass, typed)
    assert addresses
    for address in addresses:
        assert is_device_host(address.host)
        assert 0 <= address.port <= MAX_PORT


def _number(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


@target(
    "flows/listener_form.py",
    "flows/settings_form.py",
    "runtime.py",
    seeds=(b'{"port": 39500, "advertised_host": "10.0.0.1", "advertised_port": 8080, "fade": 1}',),
)
def typed_settings_forms(data: bytes) -> None:
    """What was typed into a form of settings, and what such a form had stored."""
    typed = json_of(data)
    parse_listener_settings(typed)
    with suppress(vol.Invalid, AdvertisedHostError):
        settings = entered_listener_settings(listener_schema(ListenerSettings())(typed))
        assert 0 < settings.port <= MAX_PORT
    own = settings_of(YeelightSettings)
    with suppress(vol.Invalid):
        entered_settings(own, settings_schema(own, {})(typed), {})


@target(
    "storage.py",
    "edge/device/privacy.py",
    seeds=(orjson.dumps(RECORD), b'{"identity": {"unique_id": 5}, "addresses": []}', b"null"),
)
def stored_entries(data: bytes) -> None:
    """A stored record never makes an entry's device another one."""
    asyncio.run(_loaded(data))


async def _loaded(data: bytes) -> None:
    identity = {"unique_id": "a8bb50010203", "name": "Lamp"}
    told = {CONF_DRIVER: "wiz", CONF_IDENTITY: identity, "host": "10.0.0.5", "port": 0}
    entry = cast("Any", SimpleNamespace(entry_id="x", data=told, options=json_of(data)))
    store = SimpleNamespace(async_load=AsyncMock(return_value=json_of(data)))
    with patch.object(storage, "record_store", return_value=store):
        record = storage.record_of(entry, await storage.async_load_stored(cast("Any", None), entry))
    assert record.identity.unique_id
    assert record.addresses[0] == Address("10.0.0.5")
    device = create_device(home(), entry, record)
    device.connection.retry()
    assert device.privacy.publisher()({"in": "a8bb50010203"})["in"] == REDACTED


@target(
    "reporting/markdown.py",
    seeds=(b"[a](http://x) <b> www.x @all\x00", b"secret\n"),
)
def shown_words(data: bytes) -> None:
    """What is shown of strangers' words is text."""
    words = data.decode(errors="replace")
    plain = as_plain_markdown(words)
    assert len(plain) <= 3 * MAX_LENGTH
    assert not set("[]<>`|\n\r\x00") & set(plain)


@target(
    "reporting/folders.py",
    seeds=(
        b"driver Lab (/config/custom_components/lan_edge/edge/drivers/lab.py:42): it failed",
        b"C:\\Users\\anna\\lamp.py",
        b"GET /query/info",
    ),
)
def named_files(data: bytes) -> None:
    """Taking folders out of strangers' words adds nothing, and leaves other words alone."""
    words = data.decode(errors="replace")
    cleaned = without_folders({"a": [words]}, "/config")["a"][0]
    assert len(cleaned) <= len(words)
    assert cleaned == words or "/" in words or "\\" in words


class _Web:
    """A session whose every request is redirected once, and then answered with some bytes."""

    def __init__(self, location: str, content: bytes) -> None:
        self._redirects = [location]
        self._content = content

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    def get(self, url: str, *, allow_redirects: bool) -> Self:
        assert URL(url).host == "10.0.0.5"
        assert not allow_redirects
        self.headers = {"Location": self._redirects.pop()} if self._redirects else {}
        self.status = 302 if self.headers else 200
        self.ok, self.content = True, self
        return self

    async def iter_any(self) -> AsyncIterator[bytes]:
        yield self._content


@target(
    "entities/urls.py",
    "media_player/pictures.py",
    seeds=(
        b"http://10.0.0.5/a.jpg\nhttp://10.0.0.9/b.jpg\n\xff\xd8\xff",
        b"http://10.0.0.5:80/a\n/b\n<svg>",
        b"http://[::1]/\n//x\nGIF87a",
    ),
)
def reported_pictures(data: bytes) -> None:
    """A picture is fetched only at the device, and is one, whatever its URL and a redirect say."""
    url, location, content, *_ = *data.split(b"\n", 2), b"", b""
    web = _Web(location.decode(errors="replace"), content)
    with patch("custom_components.lan_edge.media_player.pictures.ClientSession", return_value=web):
        text = url.decode(errors="replace")
        picture = asyncio.run(fetch_picture(text, lambda u: is_url_at("10.0.0.5", u, WEB)))
    assert picture is None or image_type(picture)
