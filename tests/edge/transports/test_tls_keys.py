"""TLS by a key instead of a certificate; the least version and ALPN."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
import shutil
import ssl
import threading
from typing import Any

import pytest

from lan_edge import (
    Address,
    ArgumentError,
    CertificateError,
    CredentialsError,
    Http,
    HttpOptions,
    JsonRpc,
    JsonRpcOptions,
    Lines,
    LinesOptions,
    Sse,
    SseOptions,
    Switch,
    Tls,
    Trust,
    UnreachableError,
    Upnp,
    UpnpOptions,
    WebSocket,
    WebSocketOptions,
)
from lan_edge.network.tls import excludes_strangers, proves_device
from lan_edge.transports.base import Link
from tests.clock import require_real_time
from tests.docs.pages import loaded

from ..bench import BenchDevice, new_device, online, send
from ..certificates import certificate
from ..peers import TcpPeer, Wire, until
from .contract import Heard

KEY, OTHER = bytes(range(32)), bytes(32)
PSK = Tls(trust=Trust.PSK, psk=KEY, psk_identity="hub")
DEVICE = certificate("device.home")


def keyed(key: bytes = KEY, *, version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """Return what a device shows that has a key and no certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("PSK:!aNULL:!eNULL")
    context.set_psk_server_callback(lambda name: key if name == "hub" else b"", "a hint")
    if version is not None:
        context.minimum_version = context.maximum_version = version
    return context


@asynccontextmanager
async def peer_with(context: ssl.SSLContext, got: list[bytes]) -> AsyncGenerator[TcpPeer]:
    async def serve(wire: Wire) -> None:
        async for line in wire.lines():
            got.append(line)
            await wire.send(line.upper())

    peer = TcpPeer(serve)
    peer.tls = context
    async with peer:
        yield peer


async def asked(peer: TcpPeer, tls: Tls) -> str:
    lines = Lines(Heard().link(), LinesOptions(timeout=0.5, tls=tls))
    try:
        await lines.open(peer.address)
        return await lines.ask("on?")
    finally:
        await lines.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_both_know_the_key(version: ssl.TLSVersion) -> None:
    async with peer_with(keyed(version=version), []) as peer:
        assert await asked(peer, PSK) == "ON?"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("key", [OTHER, b""])
async def test_another_or_no_key(version: ssl.TLSVersion, key: bytes) -> None:
    """Python's server says nothing before it hangs up; OpenSSL's does."""
    got = list[bytes]()
    async with peer_with(keyed(key, version=version), got) as peer:
        with pytest.raises((CredentialsError, UnreachableError)):
            await asked(peer, PSK)
    assert got == []


@pytest.mark.parametrize("old", [False, True])
async def test_a_certificate_instead_of_the_key_proves_nothing(old: bool) -> None:
    got, context = list[bytes](), DEVICE.server()
    if old:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with peer_with(context, got) as peer:
        with pytest.raises(UnreachableError if old else CertificateError):
            await asked(peer, PSK)
    assert got == []


@asynccontextmanager
async def openssl_server(*arguments: str) -> AsyncGenerator[Address]:
    """Run a server that is not Python's, which turns around what it gets."""
    require_real_time()
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("not installed: openssl")
    made = await asyncio.create_subprocess_exec(
        openssl,
        *("s_server", "-accept", "127.0.0.1:0", "-nocert", "-rev", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert made.stdout is not None
        line = b""
        while not line.startswith(b"ACCEPT"):
            line = await made.stdout.readline()
            assert line
        yield Address("127.0.0.1", int(line.rpartition(b":")[2]))
    finally:
        made.kill()
        await made.wait()


@pytest.mark.real_time
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
async def test_openssls_server(version: str) -> None:
    key = ("-psk", KEY.hex(), "-psk_identity", "hub")
    async with openssl_server(version, *key) as address:
        lines = Lines(Heard().link(), LinesOptions(timeout=30, tls=PSK))
        await lines.open(address)
        assert await lines.ask("reliable") == "elbailer"
        await lines.close()


@pytest.mark.real_time
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
async def test_openssls_server_with_another_key(version: str) -> None:
    key = ("-psk", OTHER.hex(), "-psk_identity", "hub")
    async with openssl_server(version, *key) as address:
        lines = Lines(Heard().link(), LinesOptions(timeout=30, tls=PSK))
        with pytest.raises(CredentialsError, match="the device has another key"):
            await lines.open(address)


WAYS: dict[str, tuple[Callable[[Link], Any], Callable[[Any], Awaitable[object]] | None]] = {
    "Http": (lambda link: Http(link, HttpOptions(tls=PSK)), lambda http: http.get("/")),
    "Sse": (lambda link: Sse(link, SseOptions(tls=PSK)), None),
    "Upnp": (lambda link: Upnp(link, UpnpOptions(tls=PSK)), lambda upnp: upnp.get("/")),
    "WebSocket": (lambda link: WebSocket(link, WebSocketOptions(tls=PSK)), None),
    "JsonRpc": (lambda link: JsonRpc(link, JsonRpcOptions(tls=PSK)), None),
}
"""How each transport is made, and what it asks, unless it connects as it is opened."""


@pytest.mark.real_time
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize("kind", WAYS)
async def test_another_key_is_a_wrong_login_by_every_transport(kind: str, version: str) -> None:
    make, ask = WAYS[kind]
    key = ("-psk", OTHER.hex(), "-psk_identity", "hub")
    async with openssl_server(version, *key) as address:
        io = make(Heard().link())
        if ask is not None:
            await io.open(address)
        with pytest.raises(CredentialsError, match="the device has another key"):
            await (ask(io) if ask is not None else io.open(address))
        await io.close()


async def test_the_context_is_built_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    threads, set_ciphers = set[int](), ssl.SSLContext.set_ciphers

    def watched(context: ssl.SSLContext, ciphers: str, /) -> None:
        threads.add(threading.get_ident())
        set_ciphers(context, ciphers)

    async with peer_with(keyed(), []) as peer:
        monkeypatch.setattr(ssl.SSLContext, "set_ciphers", watched)
        assert await asked(peer, PSK) == "ON?"
    assert threads
    assert threading.get_ident() not in threads


# a device, by the page's example


@asynccontextmanager
async def boiler(key: bytes = KEY) -> AsyncGenerator[BenchDevice]:
    peer = BenchDevice()
    peer.tls = keyed(key)
    async with peer:
        yield peer


async def test_the_examples_driver_controls_a_boiler() -> None:
    async with boiler() as peer:
        device = new_device(loaded("tls_psk"), peer.address, secrets={"key": KEY.hex()})
        async with online(device):
            await send(device, Switch.on)
            assert peer.state["on"] is True
            assert device.record.pin == ""
        shown = "\n".join(entry.text for entry in device.trace.entries())
        assert KEY.hex() not in shown


async def test_a_device_with_the_key_is_followed_at_once_and_no_other() -> None:
    """The address that a stranger sights is tried, and proves nothing; then the device moves."""
    async with boiler(OTHER) as stranger, boiler() as moved:
        async with boiler() as peer:
            device = new_device(loaded("tls_psk"), peer.address, secrets={"key": KEY.hex()})
            device.start()
            await until(lambda: device.available)
        device.connection.sighted(stranger.address)
        await until(lambda: not device.available)
        device.connection.sighted(moved.address)
        await until(lambda: device.available)
        assert device.record.addresses[0] == moved.address
        assert stranger.requests == []
        await device.stop()


# the least version, and the protocols


@pytest.mark.parametrize(
    ("tls", "accepts"),
    [
        (Tls(), True),
        (Tls(least_version="1.2"), True),
        (Tls(least_version="1.3"), False),
        (Tls(trust=Trust.VERIFY, ca=DEVICE.pem, check_name=False, least_version="1.3"), False),
        (Tls(trust=Trust.INSECURE, least_version="1.3"), False),
    ],
)
async def test_the_least_version(tls: Tls, accepts: bool) -> None:
    context = DEVICE.server()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with peer_with(context, []) as peer:
        if accepts:
            assert await asked(peer, tls) == "ON?"
            return
        with pytest.raises(UnreachableError, match=r"TLS failed|broke"):
            await asked(peer, tls)


@pytest.mark.parametrize(("offered", "chosen"), [(("x/2", "x/1"), "x/1"), ((), None)])
async def test_the_protocols_that_are_offered(offered: tuple[str, ...], chosen: str | None) -> None:
    context, seen = DEVICE.server(), list[str | None]()
    context.set_alpn_protocols(["x/1"])

    async def serve(wire: Wire) -> None:
        seen.append(wire._writer.get_extra_info("ssl_object").selected_alpn_protocol())
        async for line in wire.lines():
            await wire.send(line.upper())

    peer = TcpPeer(serve)
    peer.tls = context
    async with peer:
        assert await asked(peer, Tls(alpn=offered)) == "ON?"
    assert seen == [chosen]


# how it is declared, and what it proves


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"least_version": "1.4"}, "least_version is '1.4'"),
        ({"alpn": ("",)}, "alpn"),
        ({"alpn": ("x" * 256,)}, "alpn"),
        ({"trust": Trust.PSK}, "needs psk"),
        ({"psk": KEY}, "nothing else takes it"),
        ({"trust": Trust.PSK, "psk": bytes(257)}, "too long"),
        ({"trust": Trust.PSK, "psk": KEY, "psk_identity": "x" * 129}, "too long"),
    ],
)
def test_what_cannot_be(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        Tls(**arguments)


def test_a_key_is_not_shown() -> None:
    assert KEY.hex() not in repr(PSK)
    assert repr(KEY) not in repr(LinesOptions(tls=PSK))


@pytest.mark.parametrize(
    ("tls", "pin", "proves"),
    [
        (PSK, "", True),
        (Tls(trust=Trust.PSK, psk=b"15 bytes, short"), "", False),
        (Tls(), "", False),
        (Tls(), "ab", True),
        (Tls(trust=Trust.VERIFY, ca=DEVICE.pem), "", False),
        (Tls(trust=Trust.INSECURE), "ab", False),
        (None, "ab", False),
    ],
)
def test_whom_the_handshake_proves(tls: Tls | None, pin: str, proves: bool) -> None:
    """A key that can be guessed from a handshake is treated as a login."""
    assert proves_device(tls, pin) is proves
    if proves:
        assert excludes_strangers(tls, pin)
