"""Described devices that post to a URL which their owner enters in them, for good."""

from collections.abc import AsyncGenerator

import pytest

from lan_edge import (
    Address,
    ContactSensor,
    DescriptionError,
    Device,
    Listener,
    ListenerSettings,
    Record,
    Runtime,
    Status,
    Switch,
)
from tests.emulators.posting_relay import PostingRelay, posted

from .described import compiled, text_of
from .house import driven, shows, until

pytestmark = pytest.mark.usefixtures("nothing_left_running")

GIVEN = """connected:
  - {put: /report, json: {url: "{callback_url}"}}
"""
BELL = """
description: 1
id: bell
name: Bell
talks: http
poll: never
posts: true
messages:
  door: {when: {path: door}}
components:
  main:
    contactSensor:
      contact: {from: door, path: door}
"""
"""One that nobody can ask: it only posts."""
HOST = "127.0.0.62"


@pytest.fixture
async def runtime() -> AsyncGenerator[Runtime]:
    made = Runtime(listener=Listener(ListenerSettings(host="127.0.0.1", port=0)))
    yield made
    await made.close()


@pytest.fixture
async def relay() -> AsyncGenerator[PostingRelay]:
    async with PostingRelay() as made:
        yield made


def text(*, posts: bool = True) -> str:
    """Return the text of the example whose relay its owner tells the URL, or nobody."""
    return text_of("posting_relay").replace(GIVEN, "posts: true\n" if posts else "")


def where(relay: PostingRelay) -> Address:
    return Address(relay.host, relay.port)


async def test_it_has_one_url_for_good(relay: PostingRelay, runtime: Runtime) -> None:
    driver = compiled(text())
    driver.poll = None
    async with driven(driver, where(relay), "relay-1", runtime=runtime) as device:
        record = device.record
        relay.url = url = await device.callback_url()
        await relay.change(on=True)
        await shows(device, Switch.switch, True)
        await relay.down()
        await until(lambda: not device.available)
        await relay.up()
        relay.url = url
        await until(lambda: device.available)
        await relay.change(on=False)
        await shows(device, Switch.switch, False)
        assert url.rpartition("/")[2] not in str([e.text for e in device.trace.entries()])
    again = Device(driver, Record.from_dict(record.as_dict()), runtime=runtime)
    assert (await again.callback_url()).rpartition("/")[2] == url.rpartition("/")[2]


async def test_what_is_entered_is_known_before_it_is_connected(runtime: Runtime) -> None:
    record = Record(addresses=(Address("127.0.0.1"),))
    device = Device(compiled(text()), record, runtime=runtime)
    assert (await device.callback_url()).endswith(f"/{record.call_token}")
    assert len(record.call_token) > 20


@pytest.mark.parametrize("posts", [True, False])
async def test_there_is_none_without_address_listener_or_posts(
    runtime: Runtime, *, posts: bool
) -> None:
    known = Record(addresses=(Address("127.0.0.1"),))
    driver = compiled(text(posts=posts))
    lacking = [Device(driver, Record(), runtime=runtime), Device(driver, known)]
    if not posts:
        lacking.append(Device(driver, known, runtime=runtime))
    for device in lacking:
        assert not await device.callback_url()


async def test_one_that_nobody_can_ask(runtime: Runtime) -> None:
    async with driven(compiled(BELL), Address(HOST), runtime=runtime) as device:
        url = await device.callback_url()
        for words, shown in (("open", True), ("closed", False)):
            assert await posted(url, f'{{"door": "{words}"}}'.encode(), HOST) == 200
            await shows(device, ContactSensor.contact, shown)
        assert device.available


async def test_a_text_that_is_changed_to_post_is_used_at_once(
    relay: PostingRelay, runtime: Runtime
) -> None:
    silent = compiled(text(posts=False))
    async with (
        driven(compiled(BELL), Address(HOST), runtime=runtime),  # so that it listens
        driven(silent, where(relay), "relay-1", runtime=runtime) as device,
    ):
        assert not await device.callback_url()
        posting = compiled(text())
        posting.poll = None
        await device.replace_driver(posting)
        await until(lambda: device.connection.status is Status.ONLINE)
        assert await relay.post(await device.callback_url(), b'{"on": true}') == 200
        await shows(device, Switch.switch, True)


async def test_the_url_that_it_was_given_before_is_void(
    relay: PostingRelay, runtime: Runtime
) -> None:
    driver = compiled(text_of("posting_relay"))
    async with (
        driven(compiled(BELL), Address(HOST), runtime=runtime),  # so that it listens
        driven(driver, where(relay), "relay-1", runtime=runtime) as device,
    ):
        await until(lambda: relay.url)
        await device.replace_driver(compiled(text()))
        await until(lambda: device.connection.status is Status.ONLINE)
        assert await relay.post(relay.url, b'{"on": true}') == 404
        assert await relay.post(await device.callback_url(), b'{"on": true}') == 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (BELL.replace("talks: http", "talks: udp"), "only for http"),
        (
            BELL.partition("messages:")[0]
            + "requests: {door: {get: /}}\ncomponents: {main: {contactSensor: {contact: "
            + "{from: door, path: door}}}}",
            "has no message",
        ),
    ],
)
def test_a_text_that_cannot_post(wrong: str, words: str) -> None:
    with pytest.raises(DescriptionError, match=words):
        compiled(wrong)


async def test_a_trial_has_the_url_of_its_device_only_for_a_while(runtime: Runtime) -> None:
    async with driven(compiled(BELL), Address(HOST), runtime=runtime) as device:
        record, url = device.record, await device.callback_url()
        async with driven(compiled(BELL), Address(HOST), record=record, runtime=runtime) as trial:
            assert await posted(url, b'{"door": "open"}', HOST) == 200
            await shows(trial, ContactSensor.contact, True)
            assert device.state.get(ContactSensor.contact) is None
        assert await posted(url, b'{"door": "closed"}', HOST) == 200
        await shows(device, ContactSensor.contact, False)


async def test_a_device_may_end_before_its_trial(runtime: Runtime) -> None:
    async with driven(compiled(BELL), Address(HOST), runtime=runtime) as device:
        record, url = device.record, await device.callback_url()
        async with driven(compiled(BELL), Address(HOST), record=record, runtime=runtime):
            await device.stop()
            assert await posted(url, b'{"door": "open"}', HOST) == 200
    assert runtime.listener.port == 0
