"""A described device that posts its changes to the URL that it is given at each connection."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
import json
from typing import Any

import pytest

from lan_edge import (
    Address,
    Device,
    Driver,
    Listener,
    ListenerSettings,
    RefusedError,
    Runtime,
    Switch,
    SwitchLevel,
    UnreachableError,
)
from tests.clock import now
from tests.emulators.posting_relay import PostingRelay, posted
from tests.network.chaos.lamps import SseLamp

from .contract import ELSEWHERE, IdentityContract, OldHttpContract, SwitchContract
from .described import compiled, described, text_in_chaos, text_of
from .house import driven, shows, until

pytestmark = pytest.mark.usefixtures("nothing_left_running")

ODD_BODIES = [b"", b"{", b"\xff\x00", b"[" * 1000, b'{"on": {}}', b'{"on": "maybe"}', b"on" * 9999]


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host="127.0.0.1", port=0)))
    yield made
    await made.close()


@pytest.fixture
async def emulator() -> AsyncGenerator[PostingRelay]:
    async with PostingRelay() as made:
        yield made


@pytest.fixture
async def device(emulator: PostingRelay, runtime: Runtime) -> AsyncGenerator[Device]:
    async with driven(impatient(), where(emulator), "relay-1", runtime=runtime) as made:
        yield made


def impatient() -> type[Driver[Any]]:
    """Return the driver of the example's text, which waits shorter."""
    driver = described("posting_relay")
    assert driver.options is not None
    driver.options = replace(driver.options, timeout=0.3)
    return driver


def never_polled() -> type[Driver[Any]]:
    """Return the driver of a relay that is not polled, so that all it shows was posted."""
    driver = impatient()
    driver.poll = None
    return driver


def where(emulator: PostingRelay) -> Address:
    return Address(emulator.host, emulator.port)


class TestByPosts(SwitchContract, IdentityContract, OldHttpContract):
    """What every switch does, and every device that says who it is."""


async def test_what_it_posts_is_there_in_milliseconds(
    emulator: PostingRelay, runtime: Runtime
) -> None:
    async with driven(never_polled(), where(emulator), "relay-1", runtime=runtime) as device:
        for on in (True, False) * 10:
            at = await emulator.change(on=on)
            await shows(device, Switch.switch, on)
            assert now() - at < 0.1
        await until(lambda: emulator.statuses == [200] * 20)


async def test_a_refused_command(device: Device, emulator: PostingRelay) -> None:
    emulator.faults.refuse = ["PUT"]
    with pytest.raises(RefusedError, match="500"):
        await device.commands.execute(Switch.on, {})
    assert device.available


async def test_after_a_restart_it_is_given_its_url_again(
    emulator: PostingRelay, device: Device
) -> None:
    [url] = emulator.urls
    await emulator.down()
    await until(lambda: not device.available)
    assert await emulator.post(url, b'{"on": true}') == 503
    await emulator.up()
    await until(lambda: device.available and bool(emulator.url))
    await emulator.change(on=True)
    await shows(device, Switch.switch, True)


async def test_where_it_has_moved_it_is_given_a_url_again(
    emulator: PostingRelay, device: Device
) -> None:
    before = len(emulator.urls)
    await emulator.move(ELSEWHERE, old="closed")
    emulator.url = ""
    device.connection.sighted(where(emulator))
    await until(lambda: device.available and len(emulator.urls) > before)
    await emulator.change(on=True)
    await shows(device, Switch.switch, True)


async def test_where_the_hub_has_moved_it_is_given_the_new_url(
    emulator: PostingRelay, runtime: Runtime
) -> None:
    async with driven(never_polled(), where(emulator), "relay-1", runtime=runtime) as device:
        old = emulator.url
        await runtime.listener.configure(ListenerSettings(host="127.0.0.3", port=0))
        await until(lambda: emulator.url != old and device.available)
        assert "127.0.0.3" in emulator.url
        await emulator.change(on=True)
        await shows(device, Switch.switch, True)


async def test_what_others_post_is_refused(
    emulator: PostingRelay, device: Device, runtime: Runtime
) -> None:
    base, _, secret = emulator.url.rpartition("/")
    assert len(secret) > 20
    for path in ("", "relay", secret[:-1], secret.swapcase(), f"x/{secret}"):
        assert await emulator.post(f"{base}/{path}", b'{"on": true}') == 404
    assert runtime.listener.rejections == {"stranger": 5}
    assert device.state.get(Switch.switch) is False


@pytest.mark.parametrize("body", ODD_BODIES)
async def test_whatever_it_posts_concerns_only_the_value(
    body: bytes, emulator: PostingRelay, device: Device
) -> None:
    await emulator.post(emulator.url, body)
    assert device.available
    assert device.state.get(Switch.switch) in (None, False)
    await emulator.change(on=True)
    await shows(device, Switch.switch, True)
    assert {*device.counts["driver_errors"]} <= {"DescribedDriver.on_callback refused"}


async def test_the_url_is_shown_nowhere(emulator: PostingRelay, device: Device) -> None:
    secret = emulator.url.rpartition("/")[2]
    await emulator.change(on=True)
    await shows(device, Switch.switch, True)
    assert secret not in str([entry.text for entry in device.trace.entries()])


async def test_without_a_listener_it_is_polled(emulator: PostingRelay) -> None:
    driver = impatient()
    driver.poll = 0.1
    async with driven(driver, where(emulator), "relay-1") as device:
        assert emulator.urls == []
        await emulator.change(on=True)
        await shows(device, Switch.switch, True)


@pytest.mark.parametrize(
    ("recognized", "reading", "path"),
    [
        ("{when: {path: power}}", "path: power, map: {full: true, none: false}", "?power=full"),
        ("{pattern: '/(?P<word>on|off)'}", "group: word", "/on"),
    ],
)
async def test_a_request_without_a_body_is_its_query_or_its_path(
    recognized: str, reading: str, path: str, emulator: PostingRelay, runtime: Runtime
) -> None:
    text = text_of("posting_relay").replace('{when: {path: "on"}}', recognized)
    text = text.replace("messages:\n  relay:", "messages:\n  posted:")
    text = text.replace('switch: {from: relay, path: "on"}', f"switch: {{from: posted, {reading}}}")
    async with driven(compiled(text), where(emulator), "relay-1", runtime=runtime) as device:
        assert await emulator.post(f"{emulator.url}{path}", b"") == 200
        await shows(device, Switch.switch, True)


async def test_a_command_can_give_it_the_url(emulator: PostingRelay, runtime: Runtime) -> None:
    head, _, rest = text_of("posting_relay").partition("connected:\n")
    given = rest.partition("requests:")[0].strip().removeprefix("- ")
    text = (
        f"{head}requests:{rest.partition('requests:')[2]}    own: {{report: {{button: {given}}}}}\n"
    )
    driver = compiled(text)
    driver.poll = None
    [report] = [
        c
        for each in driver.profile.components["main"].capabilities
        for c in each.commands
        if c.name == "report"
    ]
    async with driven(driver, where(emulator), "relay-1", runtime=runtime) as device:
        assert not emulator.url
        await device.commands.execute(report, {})
        await emulator.change(on=True)
        await shows(device, Switch.switch, True)
    async with driven(driver, where(emulator), "relay-1") as device:
        with pytest.raises(UnreachableError):  # there is no listener
            await device.commands.execute(report, {})


async def test_one_that_sends_events_may_post_too(runtime: Runtime) -> None:
    connected = 'connected: {post: /lamp, json: {url: "{callback_url}"}}\nrequests:'
    text = text_in_chaos("sse_lamp").replace("requests:", connected, 1)
    text = text.replace("lamp: {event: lamp}", "lamp: {when: {path: level}}")
    async with (
        SseLamp("127.0.0.1", 0, id="lamp-1", name="Lamp") as lamp,
        driven(compiled(text), Address(lamp.host, lamp.port), "lamp-1", runtime=runtime) as device,
    ):
        [url] = [json.loads(each.params)["url"] for each in lamp.log if "url" in each.params]
        assert await posted(url, b'{"on": true, "level": 7}', lamp.host) == 200
        await shows(device, SwitchLevel.level, 7)
        assert device.counts["driver_errors"] == {}


async def changed_in_silence(emulator: PostingRelay, device: Device, *, on: bool) -> None:
    """Change the relay by hand, and wait until that was read."""
    await emulator.change(on=on)
    await shows(device, Switch.switch, on)


async def test_one_that_has_forgotten_its_url_is_given_it_again(
    emulator: PostingRelay, runtime: Runtime
) -> None:
    driver = impatient()
    driver.poll = 2.0
    async with driven(driver, where(emulator), "relay-1", runtime=runtime) as device:
        await asyncio.sleep(5)  # the first reading says nothing of what was posted before
        emulator.url, attempts = "", device.connection.attempts
        await changed_in_silence(emulator, device, on=True)
        await until(lambda: bool(emulator.url))
        assert len(emulator.urls) == 2
        assert device.connection.attempts == attempts
        emulator.faults.refuse, emulator.url = ["PUT"], ""
        await changed_in_silence(emulator, device, on=False)
        await asyncio.sleep(6)
        assert device.available


async def test_one_that_posts_what_is_read_is_given_no_url_again(
    emulator: PostingRelay, runtime: Runtime
) -> None:
    driver = impatient()
    driver.poll = 2.0
    async with driven(driver, where(emulator), "relay-1", runtime=runtime) as device:
        for on in (True, False, True):
            await changed_in_silence(emulator, device, on=on)
            await asyncio.sleep(5)
        emulator.url = ""
        for command in (Switch.off, Switch.on):  # not every device posts what it was told
            await device.commands.execute(command, {})
            await asyncio.sleep(5)
        assert len(emulator.urls) == 1


async def test_one_that_posts_late_is_given_no_url_again(
    emulator: PostingRelay, runtime: Runtime
) -> None:
    driver = impatient()
    driver.poll = 2.0
    async with driven(driver, where(emulator), "relay-1", runtime=runtime) as device:
        await asyncio.sleep(5)
        [url] = emulator.urls
        emulator.url = ""
        await changed_in_silence(emulator, device, on=True)
        assert await emulator.post(url, b'{"on": true}') == 200
        await asyncio.sleep(6)
        assert len(emulator.urls) == 1
