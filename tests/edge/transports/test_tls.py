"""TLS: whom each policy trusts on each transport, and that nobody else hears a word."""

import ast
import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
import re
import ssl
import threading
from typing import Any, override

import pytest

from lan_edge import (
    CertificateError,
    Device,
    Driver,
    Http,
    HttpOptions,
    IdentityError,
    JsonRpc,
    JsonRpcOptions,
    Lines,
    LinesOptions,
    OfflineError,
    Options,
    Profile,
    Record,
    Sse,
    SseOptions,
    Switch,
    TimedOutError,
    Tls,
    Trust,
    UnreachableError,
    WebSocket,
    WebSocketOptions,
    handles,
)
from lan_edge.connection import availability, backoff as backoff_module
from lan_edge.transports import Transport
from lan_edge.transports.base import Link
from tests.docs.pages import TRANSPORTS, loaded

from ..bench import Bench, BenchDevice, new_device, online, send
from ..certificates import Certificate, certificate
from ..legacy_tls import LegacyTls
from ..peers import Serve, TcpPeer, Wire, until
from .contract import Heard
from .http.test_http import answer, read as read_request, serve as serve_http
from .websocket.test_websocket import shout

CA = certificate("Some CA")
DEVICE = certificate("device.home", issuer=CA)
ELSEWHERE = certificate("elsewhere.home", hosts=("10.1.2.3",), issuer=CA)
EXPIRED = certificate("device.home", issuer=CA, expired=True)
OTHER = certificate("other.home")
THIRD = certificate("third.home")
CLIENT = certificate("hub.home", issuer=CA)
SOON = 3.0


@dataclass(frozen=True)
class Way:
    """A transport, its options, a device that speaks it, and one request."""

    transport: type[Transport]
    options: Options
    serve: Serve
    use: Callable[[Any], Awaitable[object]]
    says: object

    def make(self, tls: Tls, link: Link) -> Any:
        return self.transport(link, replace(self.options, tls=tls))

    async def talk(self, peer: TcpPeer, tls: Tls, link: Link | None = None) -> None:
        """Connect, ask, and hang up."""
        transport = self.make(tls, link or Heard().link())
        try:
            async with asyncio.timeout(SOON):
                await transport.open(peer.address)
                assert await self.use(transport) == self.says
        finally:
            await transport.close()


async def serve_lines(wire: Wire) -> None:
    async for line in wire.lines():
        await wire.send(line.upper())


async def serve_rpc(wire: Wire) -> None:
    async for _ in wire.lines():
        await wire.send(b'{"id": 1, "result": 1}\n')


async def serve_events(wire: Wire) -> None:
    while True:
        line, _ = await read_request(wire)
        if line == "GET /events":
            wire.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: \n\n")
        else:
            await wire.send(answer(b"POWER"))


WAYS = {
    "Lines": Way(Lines, LinesOptions(timeout=0.5), serve_lines, lambda io: io.ask("on?"), "ON?"),
    "JsonRpc": Way(JsonRpc, JsonRpcOptions(timeout=0.5), serve_rpc, lambda io: io.call("on"), 1),
    "Http": Way(Http, HttpOptions(timeout=0.5), serve_http, lambda io: io.get_text("/"), "POWER"),
    "Sse": Way(Sse, SseOptions(timeout=0.5), serve_events, lambda io: io.get_text("/"), "POWER"),
    "WebSocket": Way(
        WebSocket,
        WebSocketOptions(timeout=0.5, messages="text"),
        shout,
        lambda io: io.ask("on?"),
        "ON?",
    ),
}


@pytest.fixture(params=list(WAYS.values()), ids=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff_module, "SHORTEST_DELAY", 0.01)
    monkeypatch.setattr(availability, "GRACE", 0.05)
    for module in ("tcp.stream", "websocket.websocket"):
        monkeypatch.setattr(f"lan_edge.transports.{module}.CONNECT_TIMEOUT", 0.2)
    monkeypatch.setattr("lan_edge.transports.http.http.TRIES", 1)


@asynccontextmanager
async def speaking(
    way: Way, shown: Certificate, *, clients: Certificate | None = None, old: bool = False
) -> AsyncGenerator[TcpPeer]:
    peer = TcpPeer(way.serve)
    peer.tls = shown.server(clients=clients, old=old)
    async with peer:
        yield peer


VERIFY = Tls(trust=Trust.VERIFY, ca=CA.pem)


# whom each policy trusts


@pytest.mark.parametrize(
    ("shown", "tls"),
    [
        pytest.param(DEVICE, VERIFY, id="signed, for the address"),
        pytest.param(ELSEWHERE, replace(VERIFY, server_name="elsewhere.home"), id="for a name"),
        pytest.param(ELSEWHERE, replace(VERIFY, check_name=False), id="for any name"),
        pytest.param(OTHER, Tls(trust=Trust.VERIFY, ca=OTHER.pem), id="its own CA"),
        pytest.param(EXPIRED, Tls(), id="pinned, expired"),
        pytest.param(OTHER, Tls(server_name="any.home"), id="pinned, of any name"),
        pytest.param(EXPIRED, Tls(trust=Trust.INSECURE), id="insecure, expired"),
        pytest.param(OTHER, Tls(trust=Trust.INSECURE), id="insecure, of any name"),
    ],
)
async def test_trusted(way: Way, shown: Certificate, tls: Tls) -> None:
    async with speaking(way, shown) as peer:
        await way.talk(peer, tls)


@pytest.mark.parametrize(
    ("shown", "tls", "words"),
    [
        pytest.param(EXPIRED, VERIFY, "has expired", id="expired"),
        pytest.param(ELSEWHERE, VERIFY, "not valid for '127.0.0.1'", id="wrong address"),
        pytest.param(
            DEVICE, replace(VERIFY, server_name="x.home"), "not valid for 'x.home'", id="wrong name"
        ),
        pytest.param(OTHER, VERIFY, "self-signed", id="self-signed"),
        pytest.param(DEVICE, Tls(trust=Trust.VERIFY), "local issuer", id="unknown CA"),
        pytest.param(DEVICE, replace(VERIFY, ca="no PEM"), "CA's certificates cannot", id="no CA"),
        pytest.param(
            DEVICE, Tls(certificate="no PEM"), "client certificate cannot be used", id="no key"
        ),
    ],
)
async def test_not_trusted(way: Way, shown: Certificate, tls: Tls, words: str) -> None:
    async with speaking(way, shown) as peer:
        with pytest.raises(CertificateError, match=words) as caught:
            await way.talk(peer, tls)
        assert not caught.value.found
        assert peer.accepted == 0


async def test_a_client_certificate(way: Way) -> None:
    async with speaking(way, DEVICE, clients=CA) as peer:
        for tls in (VERIFY, Tls(), Tls(trust=Trust.INSECURE)):
            await way.talk(peer, replace(tls, certificate=CLIENT.with_key))
            with pytest.raises(UnreachableError):
                await way.talk(peer, tls)


async def serve_legacy(wire: Wire) -> None:
    device = LegacyTls(wire, DEVICE)
    await device.handshake()
    while await device.read():
        device.write(answer(b"POWER"))


@pytest.mark.parametrize("tls", [Tls(), Tls(trust=Trust.INSECURE)], ids=["pin", "insecure"])
async def test_a_device_without_secure_renegotiation(tls: Tls) -> None:
    link = Heard().link()
    async with TcpPeer(serve_legacy) as peer:
        for _ in range(2):
            await WAYS["Http"].talk(peer, tls, link)
    assert link.pin.value == (DEVICE.fingerprint if tls.trust is Trust.PIN else "")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.parametrize("tls", [Tls(), Tls(trust=Trust.INSECURE)], ids=["pin", "insecure"])
async def test_a_device_with_an_old_version(way: Way, tls: Tls, version: ssl.TLSVersion) -> None:
    async with speaking_only(way, version) as peer:
        await way.talk(peer, tls)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")
async def test_a_verified_device_must_not_have_an_old_version(way: Way) -> None:
    async with speaking_only(way, ssl.TLSVersion.TLSv1_1) as peer:
        with pytest.raises(UnreachableError):
            await way.talk(peer, VERIFY)


@asynccontextmanager
async def speaking_only(way: Way, version: ssl.TLSVersion) -> AsyncGenerator[TcpPeer]:
    peer = TcpPeer(way.serve)
    peer.tls = DEVICE.server()
    peer.tls.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    peer.tls.maximum_version = version
    peer.tls.set_ciphers("DEFAULT:@SECLEVEL=0")
    async with peer:
        yield peer


async def test_a_verified_device_must_have_secure_renegotiation() -> None:
    async with TcpPeer(serve_legacy) as peer:
        with pytest.raises(UnreachableError, match="UNSAFE_LEGACY_RENEGOTIATION_DISABLED"):
            await WAYS["Http"].talk(peer, VERIFY)


async def test_a_device_without_secure_renegotiation_is_recognized_too() -> None:
    link = Heard().link()
    link.pin.value = OTHER.fingerprint
    async with TcpPeer(serve_legacy) as peer:
        with pytest.raises(CertificateError, match=DEVICE.fingerprint):
            await WAYS["Http"].talk(peer, Tls(), link)


@pytest.mark.parametrize("old", [False, True], ids=["TLS 1.3", "TLS 1.2"])
async def test_a_pinned_device_is_recognized_and_no_other_receives_data(
    way: Way, old: bool
) -> None:
    link = Heard().link()
    async with speaking(way, DEVICE, old=old) as peer:
        for _ in range(2):
            await way.talk(peer, Tls(), link)
    assert link.pin.value == DEVICE.fingerprint
    heard = bytearray()

    async def listen(wire: Wire) -> None:
        while data := await wire.reader.read(1000):
            heard.extend(data)

    async with speaking(replace(way, serve=listen), OTHER, old=old) as peer:
        with pytest.raises(CertificateError) as caught:
            await way.talk(peer, Tls(), link)
        assert caught.value.pinned == DEVICE.fingerprint
        assert caught.value.found == OTHER.fingerprint
        assert f"is {OTHER.fingerprint}, not {DEVICE.fingerprint}" in str(caught.value)
        await asyncio.sleep(0.05)
        assert peer.accepted == old  # then it is the server that ends the handshake
    assert not heard
    assert link.pin.value == DEVICE.fingerprint


# who is no partner at all


async def hold(wire: Wire) -> None:
    await wire.reader.read()


async def babble(wire: Wire) -> None:
    wire.write(b"220 welcome to a device that speaks no TLS\r\n" * 10)
    await wire.reader.read()


async def hang_up(_wire: Wire) -> None:
    return


@pytest.mark.parametrize("tls", [VERIFY, Tls()], ids=["verify", "pin"])
@pytest.mark.parametrize(
    ("serve", "error", "words"),
    [
        (hold, TimedOutError, "no answer in time"),
        (babble, UnreachableError, "does not use TLS"),
        (hang_up, UnreachableError, r": \w.*\w"),
    ],
)
@pytest.mark.usefixtures("impatient")
async def test_no_tls(way: Way, serve: Serve, error: type[Exception], words: str, tls: Tls) -> None:
    link = Heard().link()
    async with TcpPeer(serve) as peer:
        with pytest.raises(error, match=words):
            await way.talk(peer, tls, link)
    assert not link.pin.value


async def test_cancelled_in_the_handshake(way: Way) -> None:
    async with TcpPeer(hold) as peer:
        for steps in (1, 3, 5, 8, 13, 21):
            task = asyncio.ensure_future(way.talk(peer, Tls()))
            for _ in range(steps):
                await asyncio.sleep(0.001)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_contexts_are_built_off_the_loop(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    used: dict[str, set[int]] = {}

    def watched(name: str) -> Callable[..., Any]:
        original = getattr(ssl.SSLContext, name)

        def call(context: ssl.SSLContext, *args: Any, **kwargs: Any) -> Any:
            used.setdefault(name, set()).add(threading.get_ident())
            return original(context, *args, **kwargs)

        return call

    async with speaking(way, DEVICE) as peer:
        for name in ("load_verify_locations", "load_cert_chain", "set_ciphers"):
            monkeypatch.setattr(ssl.SSLContext, name, watched(name))
        for trust in set(Trust) - {Trust.PSK}:  # which test_tls_keys tries
            name = way.transport.__name__  # makes it one that is not in the cache
            unique = Tls(
                trust=trust,
                ca=CA.pem,
                certificate=CLIENT.with_key,
                check_name=False,
                server_name=name,
            )
            await way.talk(peer, unique)
    assert used.keys() == {"load_verify_locations", "load_cert_chain", "set_ciphers"}
    assert not any(threading.get_ident() in threads for threads in used.values())


# a device with a pin


class SecureBench(Bench):
    id = "test_secure_bench"
    options = JsonRpcOptions(timeout=0.5, tls=Tls())


class SecureRelay(Driver[Http]):
    """Cannot tell who it is."""

    id = "test_secure_relay"
    profile = Profile(Switch)
    options = HttpOptions(timeout=0.5, tls=Tls())
    poll = 0.05

    @override
    async def refresh(self) -> None:
        self.emit(Switch.switch, await self.io.get_text("/power") == "POWER")

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/power", "on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/power", "off")


@asynccontextmanager
async def secure_bench(
    shown: Certificate, port: int = 0, unique_id: str = "bench-1"
) -> AsyncGenerator[BenchDevice]:
    peer = BenchDevice(port=port, unique_id=unique_id)
    peer.tls = shown.server()
    async with peer:
        yield peer


async def test_the_pin_is_kept() -> None:
    async with secure_bench(DEVICE) as peer:
        device = new_device(SecureBench, peer.address)
        saved = list[str]()
        device.observer.on_record = lambda: saved.append(device.record.as_dict()["pin"])
        async with online(device):
            assert saved[-1] == device.record.pin == DEVICE.fingerprint
        kept = Record.from_dict(device.record.as_dict())
        assert kept.pin == DEVICE.fingerprint
        async with online(Device(SecureBench, kept)) as again:
            await send(again, Switch.on)
    assert Record.from_dict({}).pin == ""


async def test_a_check_returns_the_pin() -> None:
    async with secure_bench(DEVICE) as peer:
        device = new_device(SecureBench, unique_id="")
        await device.check(peer.address)
        assert device.record.pin == DEVICE.fingerprint
    async with secure_bench(OTHER) as peer:
        device = Device(SecureBench, Record(device.identity, pin=device.record.pin))
        with pytest.raises(CertificateError):
            await device.check(peer.address)
        assert peer.accepted == 0
    assert device.record.pin == DEVICE.fingerprint


async def test_an_impostors_pin_is_not_kept(impatient: None) -> None:
    async with secure_bench(OTHER, unique_id="impostor") as peer:
        device = new_device(SecureBench, peer.address)
        with pytest.raises(IdentityError):
            await device.check(peer.address)
        device.start()
        await until(lambda: isinstance(device.connection.reason, IdentityError))
        assert device.record.pin == ""
    async with secure_bench(DEVICE, port=peer.address.port):
        device.connection.sighted(peer.address)
        await until(lambda: device.available)
        assert device.record.pin == DEVICE.fingerprint
    await device.stop()


def tried(device: Device, times: int) -> bool:
    return device.connection.attempts >= times


async def test_swapped_while_connected_and_accepted(impatient: None) -> None:
    changes = list[CertificateError]()
    async with secure_bench(DEVICE) as peer:
        device = new_device(SecureBench, peer.address)
        device.observer.on_certificate = changes.append
        device.start()
        await until(lambda: device.available)
    async with secure_bench(DEVICE, port=peer.address.port) as same:
        await until(lambda: same.requests and device.available)
        assert not changes
    async with secure_bench(OTHER, port=peer.address.port) as swapped:
        await until(lambda: isinstance(device.connection.reason, CertificateError))
        await until(lambda: not device.available)
        with pytest.raises(OfflineError, match=f"not {DEVICE.fingerprint[:32]}"):
            await send(device, Switch.on)
        for wanted in range(device.connection.attempts + 1, device.connection.attempts + 4):
            device.connection.retry()
            await until(partial(tried, device, wanted))
        (error,) = changes
        assert (error.pinned, error.found) == (DEVICE.fingerprint, OTHER.fingerprint)
        assert swapped.accepted == 0
        assert device.record.pin == DEVICE.fingerprint
        device.accept_certificate(error.found)
        await until(lambda: device.available)
        await send(device, Switch.on)
        assert swapped.state["on"] is True
        assert device.record.pin == OTHER.fingerprint
    async with secure_bench(THIRD, port=peer.address.port) as third:
        await until(lambda: len(changes) == 2)
        assert (changes[1].pinned, changes[1].found) == (OTHER.fingerprint, THIRD.fingerprint)
        assert third.accepted == 0
    await device.stop()


async def test_accepting_a_certificate_does_not_prove_identity(impatient: None) -> None:
    async with secure_bench(OTHER, unique_id="impostor") as peer:
        device = new_device(SecureBench, peer.address)
        device.record.pin = DEVICE.fingerprint
        device.start()
        await until(lambda: isinstance(device.connection.reason, CertificateError))
        device.accept_certificate(OTHER.fingerprint)
        await until(lambda: isinstance(device.connection.reason, IdentityError))
        assert not peer.sets
        assert not device.available
        await device.stop()


async def test_a_polled_device_whose_certificate_changes(impatient: None) -> None:
    peer = TcpPeer(serve_http)
    peer.tls = DEVICE.server()
    changes = list[CertificateError]()
    async with peer:
        device = new_device(SecureRelay, peer.address)
        device.observer.on_certificate = changes.append
        device.start()
        await until(lambda: device.available)
        assert device.record.pin == DEVICE.fingerprint
    swapped = TcpPeer(serve_http, port=peer.address.port)
    swapped.tls = OTHER.server()
    async with swapped:
        await until(lambda: isinstance(device.connection.reason, CertificateError))
        await until(lambda: changes and not device.available)
        assert swapped.accepted == 0
        device.accept_certificate(OTHER.fingerprint)
        await until(lambda: device.available)
        await send(device, Switch.on)
    await device.stop()


# the page


async def test_the_examples_driver_controls_a_heater() -> None:
    async with (
        secure_bench(EXPIRED) as peer,
        online(new_device(loaded("tls"), peer.address)) as device,
    ):
        assert device.record.pin == EXPIRED.fingerprint
        await send(device, Switch.on)
        assert peer.state["on"] is True
        await until(lambda: device.state.get(Switch.switch))


def test_the_page_names_every_option_and_its_default() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| `(.+?)` \|", (TRANSPORTS / "tls.md").read_text(), re.MULTILINE
    )
    assert {name: ast.literal_eval(default) for name, default in rows} == asdict(Tls())


async def test_unsent_data_is_discarded_even_after_asyncio_forgot_the_socket() -> None:
    """It does when a TLS connection is closed twice."""
    async with speaking(WAYS["Lines"], DEVICE) as peer:
        lines = Lines(Heard().link(), LinesOptions(tls=VERIFY))
        await lines.open(peer.address)
        connection = lines._connection
        assert connection is not None
        connection.close()
        connection.close()
        with pytest.raises(AttributeError):
            connection.transport.get_extra_info("socket")
        lines.abandon()
        connection.pause_writing()
        await lines.close()
