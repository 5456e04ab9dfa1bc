"""Written drivers by each way to talk do what their descriptions do: logins, XML, JSON, posts."""

from collections.abc import Callable
from typing import Any

import pytest

from lan_edge import Address, Driver, RefusedError, Runtime, Switch, read_description
from lan_edge.cli.writing import written
from tests.docs import pages
from tests.drivers import test_described_fauxmo as fauxmo, test_described_posting as posting, worded
from tests.drivers.described import text_in_chaos, text_of
from tests.drivers.house import driven, shows
from tests.drivers.test_described_ways import JSON_LINES
from tests.edge.declarative.compiling import (
    test_compiling as compiling,
    test_login_exchange as logins,
    test_oddities as oddities,
)
from tests.edge.declarative.compiling.charger import Charger
from tests.emulators.device import EmulatedDevice
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.posting_relay import PostingRelay
from tests.emulators.wemo import WemoEmulator
from tests.network.chaos.lamps import SseLamp, WsLamp

pytestmark = pytest.mark.usefixtures("is_written", "nothing_left_running")

runtime = logins.runtime
charger = compiling.charger
CLASHING = (
    text_of("posting_relay")
    .replace("  relay: {", "  before: {")
    .replace("from: relay", "from: before")
    .replace("talks: http", "talks: http\noptions: {timeout: 0.3}")
    + "    own: {told: {button: {post: /told}}, reporting: {button: {post: /reporting}}}\n"
)
"""A relay that posts, whose names are those that a written driver has for its own use."""
SWITCHES: dict[str, tuple[str, Callable[[], EmulatedDevice[Any]], str]] = {
    "JSON in lines": (JSON_LINES, lambda: JsonBulbEmulator(id="bulb-1"), "bulb-1"),
    "XML": (fauxmo.TEXT, lambda: WemoEmulator(id="w1"), "Socket-1_0-w1"),
    "posts": (text_of("posting_relay"), PostingRelay, "relay-1"),
    "posts, by names that the driver has itself": (CLASHING, PostingRelay, "relay-1"),
    "events": (
        text_in_chaos("sse_lamp"),
        lambda: SseLamp("127.0.0.1", 0, id="lamp-1", name="Lamp"),
        "lamp-1",
    ),
    "JSON messages": (
        text_in_chaos("ws_lamp"),
        lambda: WsLamp("127.0.0.1", 0, id="lamp-1", name="Lamp"),
        "lamp-1",
    ),
}


def written_as(text: str) -> type[Driver[Any]]:
    """Return the driver that is written for a text."""
    return pages.driver_in("written.py", written(read_description(text)))


@pytest.fixture
def is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the tests of descriptions drive their devices by written drivers."""
    for module in (worded, logins, compiling, oddities):
        monkeypatch.setattr(module, "compiled", written_as)
    options = "talks: http\noptions: {timeout: 0.3}"
    monkeypatch.setattr(
        posting,
        "described",
        lambda name: written_as(text_of(name).replace("talks: http", options)),
    )


def named(*tests: Callable[..., Any]) -> pytest.MarkDecorator:
    """Return the parameter `test` with each of the tests."""
    return pytest.mark.parametrize("test", tests, ids=lambda test: test.__name__)


@pytest.mark.parametrize("name", SWITCHES)
async def test_it_switches_and_follows(name: str, runtime: Runtime) -> None:
    text, emulated, unique_id = SWITCHES[name]
    async with emulated() as emulator:
        address = Address(emulator.host, emulator.port)
        driver = written_as(text)
        driver.poll = 0.2 if driver.poll != -1 else -1
        async with driven(driver, address, runtime=runtime) as device:
            assert device.identity.unique_id == unique_id
            for on in (True, False):
                await device.commands.execute(Switch.on if on else Switch.off, {})
                assert emulator.state["on"] is on
                await shows(device, Switch.switch, on)
            await emulator.change(on=True)
            await shows(device, Switch.switch, True)
            assert device.counts["driver_errors"] == {}


@named(
    posting.test_one_that_has_forgotten_its_url_is_given_it_again,
    posting.test_one_that_posts_what_is_read_is_given_no_url_again,
    posting.test_one_that_posts_late_is_given_no_url_again,
)
async def test_what_is_read_is_compared_with_what_is_posted(
    runtime: Runtime, test: Callable[..., Any]
) -> None:
    async with PostingRelay() as relay:
        await test(relay, runtime)


@named(
    posting.test_one_that_has_forgotten_its_url_is_given_it_again,
    posting.test_one_that_posts_what_is_read_is_given_no_url_again,
)
async def test_names_that_the_driver_has_itself_are_written_otherwise(
    runtime: Runtime, test: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "described", lambda _name: written_as(CLASHING))
    async with PostingRelay() as relay:
        await test(relay, runtime)


@pytest.mark.parametrize("name", ["before", "self", "class", "str", "text_of", "is_relay"])
def test_no_variable_has_a_name_that_means_something_else(name: str) -> None:
    text = CLASHING.replace("before: {get", f"{name}: {{get").replace(
        "from: before", f"from: {name}"
    )
    text = text.replace("before: {when", "relay: {when")
    code = written(read_description(text))
    assert f"{name}_: Any = " in code
    assert f" {name}: Any = " not in code


async def test_json_in_lines_refuses() -> None:
    async with JsonBulbEmulator(id="bulb-1") as emulator:
        emulator.faults.refuse = ["set"]
        driver = written_as(JSON_LINES)
        async with driven(driver, Address(emulator.host, emulator.port)) as device:
            with pytest.raises(RefusedError):
                await device.commands.execute(Switch.on, {})


@logins.each_way
@named(
    logins.test_the_login_comes_first,
    logins.test_a_refused_login_is_one_of_credentials,
    logins.test_one_that_refuses_all_before_its_login_asks_for_it,
)
async def test_a_login(runtime: Runtime, way: str, test: Callable[..., Any]) -> None:
    await test(runtime, way)


async def test_a_device_that_is_silent_before_its_login(runtime: Runtime) -> None:
    way = "frames"
    await logins.test_one_that_answers_nothing_before_its_login_asks_for_it(runtime, way)


async def test_without_a_password_no_login_is_sent(runtime: Runtime) -> None:
    await logins.test_without_a_password_no_login_is_sent(runtime, {})


@named(
    compiling.test_its_own_values_are_attributes_with_their_limits_and_names,
    compiling.test_parameters_are_settings_that_are_asked_for_first,
)
def test_what_a_charger_has(test: Callable[[], None]) -> None:
    test()


@named(
    compiling.test_everything_is_read,
    compiling.test_a_template_sees_the_parameters_of_its_device,
    compiling.test_what_is_set_goes_the_other_way,
    compiling.test_what_is_not_read_is_what_was_sent,
    compiling.test_several_are_sent_in_order,
    compiling.test_without_its_meter_it_is_what_it_is,
    compiling.test_one_value_that_makes_no_sense_concerns_nothing_else,
    compiling.test_without_its_login_it_is_refused,
    compiling.test_an_empty_login_is_none,
    compiling.test_the_token_is_nowhere_to_be_seen,
)
async def test_a_charger(test: Callable[..., Any], charger: Charger) -> None:
    await test(charger)


@compiling.each_path
async def test_a_text_stays_one_part_of_a_path(charger: Charger, typed: str, sent: str) -> None:
    await compiling.test_a_text_stays_one_part_of_a_path(charger, typed, sent)


@compiling.each_way_out
async def test_a_text_that_would_lead_elsewhere_is_not_sent(charger: Charger, typed: str) -> None:
    await compiling.test_a_text_that_would_lead_elsewhere_is_not_sent(charger, typed)


@oddities.each_refusal
async def test_an_answer_refuses(text: str, answer: dict[str, object], words: str) -> None:
    await oddities.test_an_answer_refuses(text, answer, words)


@oddities.each_without_refusal
async def test_an_answer_that_all_is_well(text: str, answer: dict[str, object]) -> None:
    await oddities.test_an_answer_that_all_is_well(text, answer)


async def test_two_buttons_whose_ids_read_alike() -> None:
    await oddities.test_two_buttons_whose_ids_read_alike()
