"""No text that leaves a device has a secret of it, or a word of a stranger as it was."""

from base64 import b64encode
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from html import escape
import json
import logging
import re
import traceback
from types import new_class
from typing import Annotated, Any, override
from unittest.mock import patch
from urllib.parse import quote

import aiohttp
import pytest

from lan_edge import (
    Address,
    ArgumentError,
    Ask,
    Battery,
    Component,
    CredentialsError,
    Device,
    Driver,
    DriverError,
    EdgeError,
    FrameRequests,
    Frames,
    FramesOptions,
    Http,
    HttpOptions,
    Identity,
    JsonCodec,
    JsonRpc,
    JsonRpcOptions,
    Label,
    Lines,
    LinesOptions,
    Listener,
    ListenerSettings,
    Login,
    Options,
    Pairing,
    PowerMeter,
    Profile,
    Range,
    Record,
    RefusedError,
    Runtime,
    Stored,
    Switch,
    TextQuestion,
    Transport,
    Udp,
    UdpOptions,
    UnreachableError,
    Upnp,
    UpnpOptions,
    error_in,
    handles,
)
from lan_edge.diagnostics.privacy import MAX_KEPT, MAX_OWNERS, MAX_VALUES, Privacy
from lan_edge.diagnostics.redaction import Redaction
from lan_edge.transports.upnp.services import Service

from ..bench import Bench, BenchDevice, new_device, online, send
from ..peers import LOOPBACK, TcpPeer, Wire, until

SECRET = "hunter2-Tøken"
ONE_TIME = "one-time pass/word 7"
HOSTILE = "no\r\nERROR all is lost\x1b[2J\x07 \u202egnp.exe\u200b \u2028\ufeff" + " x" * 1000


@dataclass(frozen=True)
class Chosen:
    """The settings of the driver."""

    password: Annotated[str, Range(0, 12), Label(secret=True)] = ""


@dataclass
class Kept:
    """Its memory."""

    session: str = ""
    pin: str = ""


class Talker(Driver[Lines]):
    """Does what the test says."""

    id = "test_talker"
    profile = Profile(Switch)
    options = LinesOptions(timeout=0.1)
    settings: Chosen
    memory: Kept
    private = ("pin",)
    job: Callable[[Talker], Awaitable[object]]

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await type(self).job(self)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        """Do nothing."""

    @override
    async def pair(self, ask: Ask) -> None:
        await ask.text("pin", "The PIN", self.try_pin)

    async def try_pin(self, pin: str) -> None:
        raise CredentialsError(f"the device says {await self.io.ask(f'PIN {pin}')}")


async def silent(wire: Wire) -> None:
    async for _ in wire.lines():
        pass


@pytest.fixture
async def device() -> AsyncGenerator[Device]:
    async with TcpPeer(silent) as peer:
        device = Device(
            Talker,
            Record(Identity("t-1", "Talker"), (peer.address,)),
            secrets={"token": SECRET},
            settings={"password": "opensesame"},
        )
        async with online(device):
            yield device


def everything_of(device: Device, caplog: pytest.LogCaptureFixture) -> str:
    """Return all that is told of a device without being asked for its secrets."""
    return "\n".join(
        (
            caplog.text,
            str(device.connection.reason),
            *(entry.text for entry in device.trace.entries()),
            *(change.reason for change in device.history.changes()),
        )
    )


async def failure(
    device: Device, job: Callable[[Any], Awaitable[object]], monkeypatch: pytest.MonkeyPatch
) -> EdgeError:
    monkeypatch.setattr(type(device.driver), "job", staticmethod(job), raising=False)
    with pytest.raises(EdgeError) as caught:
        await send(device, Switch.on)
    return caught.value


def chain(error: BaseException | None) -> str:
    """Return what a traceback of an error would say."""
    texts = list[str]()
    while error is not None:
        texts += (str(error), repr(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(texts)


SPELLINGS = (
    SECRET,
    quote(SECRET),
    b64encode(f"me:{SECRET}".encode()).decode(),
    repr(SECRET.encode()),
)


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_no_answer_to_a_request_with_a_secret(
    device: Device,
    spelling: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG, "lan_edge")
    error = await failure(device, lambda d: d.io.ask(f"PASSWORD {spelling}"), monkeypatch)
    assert "PASSWORD" in str(error)
    await until(lambda: device.connection.reason is not None)
    for text in (chain(error), everything_of(device, caplog)):
        assert spelling not in text
        assert "hunter2" not in text


@pytest.mark.parametrize("secret", ["opensesame", "s3ss10n-cookie", "4711"])
async def test_settings_and_memory_are_secret_too(
    device: Device, secret: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    device.driver.memory.session, device.driver.memory.pin = "s3ss10n-cookie", "4711"

    async def refused(driver: Talker) -> None:
        raise RefusedError(f"not {secret}")

    error = await failure(device, refused, monkeypatch)
    assert secret not in chain(error) + everything_of(device, caplog)
    assert str(error).startswith("not **")


async def test_a_bug_that_tells_a_secret(
    device: Device, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def buggy(driver: Talker) -> None:
        raise ValueError(f"invalid: {SECRET}\nCRITICAL forged")

    error = await failure(device, buggy, monkeypatch)
    assert isinstance(error, DriverError)
    assert "buggy" in str(error) or "turn_on failed" in str(error)
    assert "ValueError" in str(error)
    assert "hunter2" not in chain(error) + caplog.text
    assert "\nCRITICAL" not in caplog.text
    assert "in buggy" in caplog.text, "the traceback is still there"


async def no_route() -> None:
    raise OSError("no route")


async def test_what_led_to_an_error(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    async def caused(driver: Talker) -> None:
        try:
            raise aiohttp.InvalidURL(f"http://x/?pin={SECRET}")
        except aiohttp.ClientError as err:
            raise RefusedError("it did not work") from err

    async def harmless(driver: Talker) -> None:
        try:
            await no_route()
        except OSError as err:
            raise RefusedError("it did not work") from err

    assert "hunter2" not in chain(await failure(device, caused, monkeypatch))
    assert "no route" in chain(await failure(device, harmless, monkeypatch))


async def test_hostile_words_are_one_printable_line(
    device: Device, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG, "lan_edge")

    async def refused(driver: Talker) -> None:
        driver._state.reject(Switch.switch, HOSTILE)
        raise RefusedError(f"refused: {HOSTILE}")

    error = await failure(device, refused, monkeypatch)
    device._session.lost(error)
    await until(lambda: device.connection.reason is not None)
    device.trace.add("received", HOSTILE)
    told = [str(error), str(device.connection.reason), *(r.getMessage() for r in caplog.records)]
    told += [change.reason for change in device.history.changes()]
    assert any("ERROR all is lost" in each for each in told[2:])
    for each in told:
        assert each.isprintable()
        assert len(each) <= 320, "a label, what failed, and 200 characters"
    assert len(str(error)) == 200
    assert all(entry.text.isprintable() for entry in device.trace.entries())
    assert r"no\r\nERROR" in device.trace.entries()[-1].text


async def test_hostile_words_of_a_message(caplog: pytest.LogCaptureFixture) -> None:
    class Rude(Bench):
        @override
        def on_message(self, message: JsonRpc.Message) -> None:
            if message.method == "rude":
                raise RefusedError(HOSTILE) if message.data else ValueError(HOSTILE)
            super().on_message(message)

    async with BenchDevice() as peer, online(new_device(Rude, peer.address)) as device:
        for params in ("{}", '{"a": 1}'):
            await peer.raw(b'{"method": "rude", "params": %s}\n' % params.encode())
        await until(lambda: sum(device.counts["driver_errors"].values()) == 2)
    record = next(r for r in caplog.records if r.levelno >= logging.WARNING)
    assert record.getMessage().isprintable()
    assert "\nERROR all is lost" not in caplog.text


async def test_a_hostile_name_is_one_line_in_the_log() -> None:
    device = Device(Talker, Record(Identity("t-1", HOSTILE)))
    assert device._core.label.isprintable()
    assert len(device._core.label) < 100
    await device.stop()


async def test_a_hidden_answer_is_a_secret_at_once(caplog: pytest.LogCaptureFixture) -> None:
    async def echo(wire: Wire) -> None:
        async for line in wire.lines():
            await wire.send(b"DENIED " + line)

    async with TcpPeer(echo) as peer:
        device = Device(Talker, Record(Identity("t-1"), (peer.address,)))
        pairing = Pairing(lambda ask: device.pair(peer.address, ask))
        try:
            question = await pairing.question()
            pairing.answer("90125")
            again = await pairing.question()
        finally:
            await pairing.close()
        assert isinstance(question, TextQuestion)
        assert again is not None
        assert "DENIED PIN" in again.error
        assert "90125" not in again.error + everything_of(device, caplog)
        await device.stop()


async def test_a_wrong_secret_is_not_repeated(
    device: Device, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ArgumentError, match="password: ") as caught:
        await device.change_settings({"password": "t00-long-for-it"})
    assert "t00-long-for-it" not in str(caught.value)
    record = Record(Identity("t-1"), (Address(LOOPBACK, 1),))
    other = Device(Talker, record, settings={"password": "t00-long-for-it"})
    assert "password is left at its default" in caplog.text
    assert "t00-long-for-it" not in caplog.text
    await other.stop()


async def test_the_login_of_the_options_is_a_secret() -> None:
    class Guarded(Driver[Http]):
        id = "test_login"
        profile = Profile()

        @override
        def transport_options(self) -> HttpOptions:
            return HttpOptions(login=Login("admin", "der1ved"))

    device = Device(Guarded, Record(Identity("g-1"), (Address(LOOPBACK, 1),)))
    await device.check(Address(LOOPBACK, 1))
    device.trace.add("sent", f"Basic {b64encode(b'admin:der1ved').decode()}")
    assert b64encode(b"admin:der1ved").decode() not in str(device.trace.entries())
    await device.stop()


async def test_the_url_that_the_device_is_given() -> None:
    """Its path has a secret, with which anybody can play the device."""

    class Caller(Driver[Lines]):
        id = "test_caller"
        profile = Profile()

        @override
        async def connected(self) -> None:
            url = await self.callback_url()
            self.io.send(f"CALL {url}")
            self.io.send(f"CALL {quote(url, safe='')}")

    runtime = Runtime(listener=Listener(ListenerSettings(port=0)))
    async with TcpPeer(silent) as peer:
        record = Record(Identity("c-1"), (peer.address,))
        async with online(Device(Caller, record, runtime=runtime)) as device:
            callback = device._session.callback
            assert callback is not None
            traced = str(device.trace.entries())
            assert "CALL http" in traced
            assert callback.token not in traced
            for number in range(2 * MAX_KEPT):
                device.privacy.keep(f"one-time-{number:06}")
            assert callback.token not in device.privacy.scrub(f"POST /{callback.token}")
    await runtime.close()


def test_what_is_renewed_takes_the_place_of_nothing_else() -> None:
    privacy = Privacy()
    privacy.keep("entered-once")
    privacy.renew("callback", ["callback-token"])
    for number in range(100):
        privacy.renew("http", [f"sid=session-{number:04}", f"more-{number:04}"])
        privacy.renew("callback", ["callback-token"])
    shown = privacy.scrub("entered-once callback-token sid=session-0099 more-0099 more-0098")
    assert re.sub(r"[* ]|REDACTED", "", shown) == ""
    assert privacy.scrub("more-0001") == "more-0001", "void, and so not looked for"
    for owner in range(MAX_OWNERS):
        privacy.renew(owner, [f"of-owner-{owner:04}"])
    assert privacy.scrub("of-owner-0000 callback-token") == "**REDACTED** callback-token"


def test_a_sentence_without_the_secrets_is_still_one() -> None:
    german = {"no_answer_from_what": "keine Antwort von {what}"}
    privacy = Privacy()
    privacy.keep("entered-once")
    what = "GET /entered-once"
    error = UnreachableError(t"no answer from {what}")
    privacy.clean(error)
    assert error_in(error, german) == "keine Antwort von GET /**REDACTED**"
    what = "x" * 400
    long = UnreachableError(t"no answer from {what}")
    privacy.clean(long)
    assert error_in(long, german).startswith("keine Antwort von xxx")
    plain = UnreachableError("no answer from entered-once")
    privacy.clean(plain)
    assert str(plain) == "no answer from **REDACTED**"


def test_a_secret_that_a_sentence_only_makes_as_a_whole() -> None:
    privacy = Privacy()
    privacy.keep("entered-once")
    first, last = "entered", "once"
    error = UnreachableError(t"no answer from {first}-{last}")
    privacy.clean(error)
    assert error_in(error, {}) == "no answer from **REDACTED**"


# `secret=True`, for what is not stored


def ask(message: Any) -> Callable[[Any], Awaitable[object]]:
    return lambda io: io.ask(message, secret=True)


async def sign_in(io: Upnp) -> None:
    io._services = {"urn:x": Service("/control")}
    await io.action("urn:x", "Login", password=ONE_TIME)


async def sign_in_by(method: str, io: Http) -> None:
    await getattr(io, method)(f"/{quote(ONE_TIME)}", secret=True)


SILENT: dict[str, tuple[type[Transport], Options, Callable[[Any], Awaitable[object]]]] = {
    "Lines": (Lines, LinesOptions(timeout=0.1), ask(f"PASSWORD {ONE_TIME}")),
    "Frames": (Frames, FramesOptions(timeout=0.1), ask(ONE_TIME.encode())),
    "Frames with keys": (
        Frames,
        FramesOptions(timeout=0.1, codec=JsonCodec, key=lambda m: m["id"]),
        ask({"id": ONE_TIME}),
    ),
    "FrameRequests": (FrameRequests, FramesOptions(timeout=0.1), ask(ONE_TIME.encode())),
    "Udp": (Udp, UdpOptions(timeout=0.3, resend=0.1), ask(ONE_TIME.encode())),
    "JsonRpc": (
        JsonRpc,
        JsonRpcOptions(timeout=0.1, secret=("login",)),
        lambda io: io.call("login", password=ONE_TIME),
    ),
    "Http": (
        Http,
        HttpOptions(timeout=0.1),
        lambda io: io.request("GET", f"/{quote(ONE_TIME)}", ONE_TIME, secret=True),
    ),
    "post": (Http, HttpOptions(timeout=0.1), lambda io: io.post("/x", ONE_TIME, secret=True)),
    "Upnp": (Upnp, UpnpOptions(timeout=0.1, secret=("Login",)), sign_in),
    "put": (Http, HttpOptions(timeout=0.1), lambda io: io.put("/x", ONE_TIME, secret=True)),
    **{
        name: (Http, HttpOptions(timeout=0.1), partial(sign_in_by, name))
        for name in ("get", "get_text", "get_json", "get_xml", "delete", "post_form")
    },
    "ask_all": (
        Lines,
        LinesOptions(timeout=0.1),
        lambda io: io.ask_all(f"PASSWORD {ONE_TIME}", until=bool, secret=True),
    ),
}


async def deaf(wire: Wire) -> None:
    await wire.reader.read()


@pytest.mark.parametrize("kind", SILENT)
async def test_a_secret_message_without_an_answer(kind: str) -> None:
    transport, options, use = SILENT[kind]
    parts = {"id": "test_any", "profile": Profile()}
    family = new_class("Any", (Driver[transport],), exec_body=lambda body: body.update(parts))  # type: ignore[valid-type]
    device = Device(family, Record(Identity("a")))
    io = device.driver.io
    io.configure(options)
    async with TcpPeer(deaf) as peer:
        await io.open(peer.address)
        with pytest.raises(EdgeError) as caught:
            await use(io)
        await io.close()
    sent = [entry.text for entry in device.trace.entries() if entry.kind == "sent"]
    assert sent
    for text in (*sent, chain(caught.value)):
        for spelling in (ONE_TIME, quote(ONE_TIME), "one-time"):
            assert spelling not in text
    await device.stop()


async def test_a_secret_answer_by_http() -> None:
    async def serve(wire: Wire) -> None:
        await wire.reader.readuntil(b"\r\n\r\n")
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\none-time")
        await wire.drain()

    class Web(Driver[Http]):
        id = "test_web"
        profile = Profile()

    device = Device(Web, Record(Identity("a")))
    async with TcpPeer(serve) as peer:
        await device.driver.io.open(peer.address)
        response = await device.driver.io.request("GET", "/token", secret=True)
        await device.driver.io.close()
    assert response.text() == "one-time"
    sent, received = (entry.text for entry in device.trace.entries())
    assert (sent, received) == ("GET (secret) (secret)", "GET (secret) 200 (secret)")
    await device.stop()


async def test_a_secret_form_shows_no_names_either() -> None:
    async def serve(wire: Wire) -> None:
        await wire.reader.readuntil(b"\r\n\r\n")
        forms.append(await wire.reader.readexactly(len("secret=one-time&class=a%26b&pin=7")))
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\none-time")
        await wire.drain()

    class Web(Driver[Http]):
        id = "test_web"
        profile = Profile()

    forms: list[bytes] = []
    device = Device(Web, Record(Identity("a")))
    fields = {"secret": "one-time", "class": "a&b"}
    async with TcpPeer(serve) as peer:
        await device.driver.io.open(peer.address)
        await device.driver.io.post_form("/one-time", fields, pin="7", secret=True)
        await device.driver.io.close()
    assert forms == [b"secret=one-time&class=a%26b&pin=7"]
    sent, received = (entry.text for entry in device.trace.entries())
    assert (sent, received) == ("POST (secret) (secret)", "POST (secret) 200 (secret)")
    await device.stop()


async def test_a_line_that_is_two_is_not_repeated() -> None:
    class Talk(Driver[Lines]):
        id = "test_talk"
        profile = Profile()

    device = Device(Talk, Record(Identity("a")))
    with pytest.raises(ArgumentError) as caught:
        device.driver.io.send(f"{ONE_TIME}\n", secret=True)
    assert "one-time" not in str(caught.value)
    await device.stop()


@dataclass
class RememberedLogin:
    pin: Annotated[str, Label(secret=True)] = ""


class Remembering(Driver[Lines]):
    id = "test_remembering"
    profile = Profile()
    memory: RememberedLogin


async def test_a_secret_of_the_memory_is_one_in_texts() -> None:
    device = Device(Remembering, Record(Identity("a"), fields={"pin": "47 11"}))
    device.trace.add("sent", "LOGIN 47 11")
    [entry] = device.trace.entries()
    assert "47 11" not in entry.text
    assert "47 11" not in device.privacy.text("LOGIN 47 11 refused")
    await device.stop()


@dataclass
class RememberedWords:
    seen: Annotated[tuple[str, ...], Stored()] = ()


class Recalling(Driver[Lines]):
    id = "test_recalling"
    profile = Profile(main=Component((Battery, PowerMeter)))
    memory: RememberedWords


async def test_words_of_the_memory_are_no_part_of_other_words() -> None:
    device = Device(Recalling, Record(Identity("a")))
    device.driver.memory.seen = ("battery", "power meter", "meter ", "Smith family", "a1b2c3")
    data = {"profile": device.profile.as_dict(), "said": "Smith family: a1b2c3, and xa1b2c3x"}
    told = device.privacy.publisher()(data)
    assert told["profile"] == device.profile.as_dict()
    assert not {"Smith", "a1b2c3"} & set(re.findall(r"\w+", told["said"]))
    assert "a1b2c3" not in told["said"]
    await device.stop()


async def test_the_realm_of_a_login_is_not_published() -> None:
    device = Device(Remembering, Record(Identity("a"), challenge="SHA-256 auth Smith family cam"))
    reason = "the login is for 'Smith family cam', not 'x'"
    assert "Smith" not in str(device.privacy.publisher()({"reason": reason}))
    await device.stop()


async def test_more_private_values_than_diagnostics_are_searched_for() -> None:
    device = Device(Remembering, Record(Identity("a")))
    values = [f"value{n:x}" for n in range(15)] + [f"longer value {n:04}" for n in range(3000)]
    trace = [json.dumps({"password": values[n : n + 20]}) for n in range(0, len(values), 20)]
    data = {"trace": trace, "elsewhere": [values[-1], values[0]]}
    with patch("lan_edge.diagnostics.privacy.Redaction", wraps=Redaction) as redaction:
        published = device.privacy.publisher()(data)
    words = redaction.call_args.kwargs["words"]
    assert len(words) <= MAX_VALUES + 20  # and what the device is called
    assert "value" not in str(published["trace"])
    assert published["elsewhere"][1] == values[0]
    await device.stop()


class Web(Driver[Http]):
    id = "test_web"
    profile = Profile()


async def test_a_secret_request_is_in_no_cause_of_its_error() -> None:
    async def answer(wire: Wire) -> None:
        await wire.reader.readuntil(b"\r\n\r\n")
        await wire.send(b"HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 0\r\n\r\n")

    device = Device(Web, Record(Identity("a")))
    async with TcpPeer(answer) as peer:
        await device.driver.io.open(peer.address)
        with pytest.raises(EdgeError) as caught:
            await device.driver.io.request("GET", "/set/one-time", query={"pw": "x"}, secret=True)
        assert "one-time" not in chain(caught.value)
        await device.driver.io.close()
    await device.stop()


# what a traceback shows beside the message


async def with_notes(driver: Talker) -> None:
    error = RefusedError("it did not work")
    error.add_note(f"the request was {SECRET}\nCRITICAL forged")
    raise error


async def with_notes_of_a_cause(driver: Talker) -> None:
    cause = ValueError("harmless")
    cause.add_note(f"the request was {SECRET}")
    raise RefusedError("it did not work") from cause


async def with_notes_of_a_bug(driver: Talker) -> None:
    error = ValueError("harmless")
    error.add_note(f"the request was {SECRET}")
    raise error


async def with_a_group(driver: Talker) -> None:
    group = ExceptionGroup("harmless", [ValueError("a"), OSError(f"http://x/?pin={SECRET}")])
    raise RefusedError("it did not work") from group


async def as_a_group(driver: Talker) -> None:
    raise ExceptionGroup("harmless", [ValueError("a"), OSError(f"http://x/?pin={SECRET}")])


async def with_itself(driver: Talker) -> None:
    error = ValueError("a circle")
    raise error from error


async def in_a_handler(driver: Talker) -> None:
    try:
        try:
            raise OSError(f"http://x/?pin={SECRET}")
        finally:
            raise KeyError("harmless")
    finally:
        raise RefusedError("it did not work")


@pytest.mark.parametrize(
    "job",
    [
        with_notes,
        with_notes_of_a_cause,
        with_notes_of_a_bug,
        with_a_group,
        as_a_group,
        with_itself,
        in_a_handler,
    ],
    ids=lambda job: job.__name__,
)
async def test_a_traceback_shows_no_secret(
    job: Any, device: Device, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = await failure(device, job, monkeypatch)
    shown = "".join(traceback.format_exception(error))
    assert "hunter2" not in shown + caplog.text
    assert "\nCRITICAL" not in shown + caplog.text


# by kind


@dataclass
class Handle:
    """What a driver may put into an error."""

    token: str = SECRET


@pytest.mark.parametrize(
    "text",
    [
        repr(Handle()),
        str({"a": [Handle()]}),
        str(Upnp.Event("urn:x", {"token": SECRET})),
        f"{SECRET!r:>60}",
        json.dumps({"a": json.dumps({"b": SECRET})}),
        quote(quote(SECRET)),
        escape(json.dumps(SECRET)),
        b64encode(f"u:{SECRET}".encode()).decode(),
        SECRET.encode("latin-1").decode(errors="replace"),
    ],
)
async def test_in_any_spelling(
    text: str, device: Device, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(driver: Talker) -> None:
        raise RefusedError(f"no: {text}")

    error = await failure(device, refused, monkeypatch)
    device.trace.add("received", text)
    told = chain(error) + everything_of(device, caplog)
    assert "hunter2" not in told
    assert text not in told


async def test_a_secret_that_was_replaced_is_still_one() -> None:
    """It stands in the trace, and may be valid for a while."""
    stored: Any = {"settings": {"password": "0ld-s3t"}, "secrets": {"token": "0ld-t0k"}}
    device = Device(Talker, Record(Identity("t-1")), **stored)
    device.driver.set_secret("token", "n3w-t0k")
    await device.change_settings({"password": "n3w-s3t"})
    shown = device.privacy.text("0ld-t0k 0ld-s3t n3w-t0k n3w-s3t")
    assert shown == " ".join(["**REDACTED**"] * 4)
    await device.stop()
