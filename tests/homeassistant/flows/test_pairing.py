"""Pairing in the real config flow: from discovery, by address, and again after a lost login."""

import asyncio
from collections.abc import AsyncGenerator, Generator
import json
import logging
from typing import Any, override
from unittest.mock import AsyncMock, patch

from homeassistant.components.diagnostics import REDACTED
from homeassistant.config_entries import (
    SOURCE_INTEGRATION_DISCOVERY,
    SOURCE_REAUTH,
    SOURCE_USER,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE, FlowResultType
from homeassistant.helpers.json import JSONEncoder
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_capture_events

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.diagnostics import async_get_config_entry_diagnostics
from lan_edge import Ask, RefusedError
from lan_edge.connection.status import Status

from ..entries import comes_online, device_of, set_up
from ..flow_steps import aborted, created, go_on, start, waited, words
from ..guarded import (
    CERTIFICATE,
    CHALLENGE,
    NEWER,
    PIN,
    TOKEN,
    GuardedSwitch,
    Script,
    by_button,
    by_choice,
    by_model,
    by_pin,
    by_token,
    guarded,
)
from ..states import call, state, unavailable
from ..waiting import eventually

SAFE = "switch.safe"
PAIRING = "custom_components.lan_edge.flows.pairing"


@pytest.fixture(autouse=True)
def quick(drivers: None) -> Generator[None]:
    with (
        patch("lan_edge.driver.pairing.PRESS_INTERVAL", 0.01),
        patch(f"{PAIRING}.PROGRESS_INTERVAL", 0.02),
    ):
        yield


@pytest.fixture
async def safe(hass: HomeAssistant, start_discovery: AsyncMock) -> AsyncGenerator[GuardedSwitch]:
    async with GuardedSwitch() as device:
        yield device


async def card(hass: HomeAssistant, safe: GuardedSwitch) -> ConfigFlowResult:
    """Confirm the device's discovery card; return its first question."""
    told = {
        "driver": "guarded",
        "unique_id": safe.id,
        "host": safe.host,
        "port": safe.port,
        "name": safe.name,
        "manufacturer": "Safes Inc",
        "model": "S1",
        "fields": {},
    }
    flow = await start(hass, SOURCE_INTEGRATION_DISCOVERY, told)
    assert flow["step_id"] == "confirm"
    return await waited(hass, await go_on(hass, flow))


async def typed(hass: HomeAssistant, safe: GuardedSwitch) -> ConfigFlowResult:
    """Name the device's address; return its first question."""
    flow = await start(hass, SOURCE_USER)
    flow = await go_on(hass, flow, next_step_id="manual")
    given = {"driver": "guarded", "host": safe.host, "port": safe.port}
    return await waited(hass, await go_on(hass, flow, **given))


WAYS = {"card": card, "typed": typed}


async def answered(hass: HomeAssistant, flow: ConfigFlowResult, **given: Any) -> ConfigFlowResult:
    return await waited(hass, await go_on(hass, flow, **given))


async def works(hass: HomeAssistant, entry: MockConfigEntry, safe: GuardedSwitch) -> None:
    """Let the device be used, by its token."""
    assert entry.unique_id == safe.id
    assert entry.data["secrets"]["token"] == safe.token
    assert not entry.options
    await comes_online(entry)
    [switch] = hass.states.async_entity_ids("switch")
    await call(hass, "switch.turn_on", switch)
    assert safe.state == {"on": True}


def left() -> list[str]:
    """Return the tasks of pairings."""
    return [repr(t) for t in asyncio.all_tasks() if "pair" in t.get_name() + repr(t.get_coro())]


async def ended() -> None:
    await eventually(lambda: not [t for t in left() if "test_" not in t], 10)


@pytest.mark.parametrize("way", WAYS)
async def test_a_button_with_countdown_and_retry(
    hass: HomeAssistant, safe: GuardedSwitch, way: str
) -> None:
    guarded(by_button)
    seen = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE)
    with patch("tests.homeassistant.guarded.PATIENCE", 0.9):
        flow = await WAYS[way](hass, safe)
        assert (flow["type"], flow["step_id"]) == (FlowResultType.FORM, "pair_press")
        assert flow["errors"] == {}
        assert words(flow)["question"] == "Press the button on the safe"
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
        assert (flow["type"], flow["progress_action"]) == (FlowResultType.SHOW_PROGRESS, "pair")
        assert words(flow)["question"] == "Press the button on the safe"
        flow = await waited(hass, flow)
    # nobody pressed it in time
    assert (flow["step_id"], flow["errors"]) == ("pair_press", {"base": "answer"})
    assert words(flow)["reason"] == "not done in time"
    safe.pressed = True
    entry = created(await answered(hass, flow))
    await works(hass, entry, safe)
    assert entry.data["secrets"] == {"token": TOKEN}
    assert not seen  # a countdown of less than a second has no steps
    await ended()


async def test_the_progress_of_the_countdown(hass: HomeAssistant, safe: GuardedSwitch) -> None:
    guarded(by_button)
    seen = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE)
    with patch("tests.homeassistant.guarded.PATIENCE", 4):
        flow = await card(hass, safe)
        assert words(flow)["seconds"] == "4"
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
        await eventually(lambda: len(seen) == 4)
        safe.pressed = True
        entry = created(await waited(hass, flow))
    assert [e.data["progress"] for e in seen] == [0.25, 0.5, 0.75, 1.0]
    await works(hass, entry, safe)


async def test_the_countdown_ends_with_the_press(hass: HomeAssistant, safe: GuardedSwitch) -> None:
    guarded(by_button)
    seen = async_capture_events(hass, EVENT_DATA_ENTRY_FLOW_PROGRESS_UPDATE)
    with patch("tests.homeassistant.guarded.PATIENCE", 100):
        flow = await card(hass, safe)
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], {})
        await eventually(lambda: seen)
        safe.pressed = True
        entry = created(await waited(hass, flow))
    assert len(seen) < 50
    await works(hass, entry, safe)


@pytest.mark.parametrize("way", WAYS)
async def test_a_pin_refused_then_accepted(
    hass: HomeAssistant, safe: GuardedSwitch, way: str
) -> None:
    guarded(by_pin)
    flow = await WAYS[way](hass, safe)
    assert (flow["step_id"], flow["errors"]) == ("pair_text", {})
    assert words(flow)["question"] == "The PIN under the lid"
    assert words(flow)["name"] == {"card": "Safe", "typed": "Safe switch"}[way]
    assert field(flow).config["type"] == "password"
    flow = await answered(hass, flow, pin="0000")
    assert (flow["step_id"], flow["errors"]) == ("pair_text", {"base": "answer"})
    assert "was refused" in words(flow)["reason"]
    entry = created(await answered(hass, flow, pin=PIN))
    assert entry.data["secrets"] == {"token": TOKEN, "pin": PIN}
    await works(hass, entry, safe)
    await ended()


async def test_a_pasted_token_that_is_wrong_is_asked_for_again(
    hass: HomeAssistant, safe: GuardedSwitch
) -> None:
    guarded(by_token)
    flow = await card(hass, safe)
    assert field(flow).config["type"] == "text"
    for _ in range(2):  # the same once more
        flow = await answered(hass, flow, token="wrong")
        assert (flow["step_id"], flow["errors"]) == ("pair_text", {"base": "answer"})
        assert "was refused" in words(flow)["reason"]
    await works(hass, created(await answered(hass, flow, token=TOKEN)), safe)
    await ended()


async def test_a_token_that_cannot_be_asked_for_again(
    hass: HomeAssistant, safe: GuardedSwitch
) -> None:
    """Its driver does not ask a second time: what was wrong is said on a step of its own."""
    is_asked = asyncio.Event()

    async def by_token_once(driver: Any, ask: Ask) -> None:
        if not is_asked.is_set():
            await by_token(driver, ask)
            is_asked.set()

    guarded(by_token_once)
    flow = await answered(hass, await card(hass, safe), token="wrong")
    assert (flow["step_id"], flow["errors"]) == ("pair_failed", {"base": "credentials"})
    assert "was refused" in words(flow)["reason"]
    await ended()


async def test_choices(hass: HomeAssistant, safe: GuardedSwitch) -> None:
    guarded(by_choice)
    flow = await card(hass, safe)
    assert flow["step_id"] == "pair_choice"
    assert field(flow).config["options"] == [
        {"value": "a", "label": "Ann"},
        {"value": "b", "label": "Bob"},
    ]
    assert not field(flow).config["multiple"]
    flow = await answered(hass, flow, answer="b")
    assert flow["step_id"] == "pair_choice"
    assert field(flow).config["multiple"]
    assert words(flow)["question"] == "Which rooms?"
    entry = created(await answered(hass, flow, answer=["1", "3"]))
    assert json.loads(entry.data["record"]["fields"]["told"]) == ["b", ["1", "3"]]
    await works(hass, entry, safe)


async def test_a_device_that_is_off_and_comes_back(
    hass: HomeAssistant, safe: GuardedSwitch
) -> None:
    async def ask_first(driver: Any, ask: Ask) -> None:
        await driver.token(PIN)
        await by_pin(driver, ask)

    guarded(ask_first)
    await safe.down()
    flow = await card(hass, safe)
    assert (flow["step_id"], flow["errors"]) == ("pair_failed", {"base": "unreachable"})
    await safe.up()
    flow = await answered(hass, flow)
    assert flow["step_id"] == "pair_text"
    created(await answered(hass, flow, pin=PIN))


@pytest.mark.parametrize("asks_first", [True, False])
async def test_a_wrong_address_is_corrected_in_place(
    hass: HomeAssistant, safe: GuardedSwitch, asks_first: bool
) -> None:
    async def by_known_pin(driver: Any, _ask: Ask) -> None:
        driver.set_secret("token", await driver.token(PIN))

    guarded(by_pin if asks_first else by_known_pin).help = "Turn the key."
    flow = await go_on(hass, await start(hass, SOURCE_USER), next_step_id="manual")
    assert words(flow)["help"] == ""
    wrong = {"driver": "guarded", "host": "127.0.0.1", "port": 9}
    for _ in range(2):  # the same once more
        flow = await answered(hass, flow, **wrong)
        assert (flow["step_id"], flow["errors"]) == ("manual", {"base": "unreachable"})
        assert words(flow)["reason"]
        assert words(flow)["help"] == "Turn the key."
    schema = flow["data_schema"]
    assert schema is not None
    suggested = {str(k): (k.description or {}).get("suggested_value") for k in schema.schema}
    assert suggested == wrong
    flow = await answered(hass, flow, driver="guarded", host=safe.host, port=safe.port)
    if asks_first:
        assert (flow["step_id"], words(flow)["help"]) == ("pair_text", "Turn the key.")
        flow = await answered(hass, flow, pin=PIN)
    await works(hass, created(flow), safe)
    await ended()


async def says_no(_driver: Any, _ask: Ask) -> None:
    raise RefusedError("all places are taken")


async def has_a_bug(_driver: Any, _ask: Ask) -> None:
    raise KeyError("x")


@pytest.mark.parametrize(("script", "error"), [(says_no, "refused"), (has_a_bug, "driver")])
async def test_a_driver_that_fails(
    hass: HomeAssistant, safe: GuardedSwitch, script: Script, error: str
) -> None:
    guarded(script)
    flow = await card(hass, safe)
    assert (flow["step_id"], flow["errors"]) == ("pair_failed", {"base": error})
    assert words(flow)["reason"]


async def test_a_driver_that_does_not_go_on_is_ended_before_it_is_tried_again(
    hass: HomeAssistant, safe: GuardedSwitch
) -> None:
    under_way: list[str] = []

    async def slow(driver: Any, ask: Ask) -> None:
        assert not under_way
        under_way.append("x")
        try:
            if not safe.pressed:
                await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.02)
            under_way.clear()
        await by_pin(driver, ask)

    guarded(slow)
    with patch(f"{PAIRING}.DRIVER_TIMEOUT", 0.05):
        flow = await card(hass, safe)
    assert (flow["step_id"], flow["errors"]) == ("pair_failed", {"base": "timed_out"})
    safe.pressed = True
    flow = await answered(hass, flow)
    assert flow["step_id"] == "pair_text"
    created(await answered(hass, flow, pin=PIN))


@pytest.mark.parametrize("script", [by_button, by_pin])
@pytest.mark.parametrize("waiting", [True, False])
async def test_an_abandoned_pairing_leaves_nothing(
    hass: HomeAssistant, safe: GuardedSwitch, script: Script, waiting: bool
) -> None:
    guarded(script)
    flow = await card(hass, safe)
    if waiting:
        given = {} if script is by_button else {"pin": "0000"}
        flow = await hass.config_entries.flow.async_configure(flow["flow_id"], given)
    hass.config_entries.flow.async_abort(flow["flow_id"])
    await ended()
    await eventually(lambda: safe.connections.open == 0)
    assert not hass.config_entries.async_entries(DOMAIN)


async def test_another_one_with_the_same_id_meanwhile(
    hass: HomeAssistant, safe: GuardedSwitch
) -> None:
    guarded(by_pin)
    flow = await typed(hass, safe)
    entry = await set_up(hass, "guarded", safe.id, safe, secrets={"token": TOKEN})
    assert aborted(await answered(hass, flow, pin=PIN)) == "already_configured"
    assert hass.config_entries.async_entries(DOMAIN) == [entry]


# the login, once it is known


async def test_secrets_are_nowhere_but_in_the_entry(
    hass: HomeAssistant, safe: GuardedSwitch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def by_loud_pin(driver: Any, ask: Ask) -> None:
        await by_pin(driver, ask)
        await driver.io.post("/token", {"pin": PIN})  # in JSON too

    guarded(by_loud_pin)
    flow = await card(hass, safe)
    safe.pressed = True
    entry = created(await answered(hass, flow, pin=PIN))
    await works(hass, entry, safe)
    device = device_of(entry)
    await device.driver.pair(Answering())  # sends the PIN, and receives the token
    traced = [entry.text for entry in device.trace.entries()]
    assert any(text.startswith("POST /token") and REDACTED in text for text in traced)
    assert not any(repr(PIN.encode())[2:-1] in text for text in traced)
    told = await async_get_config_entry_diagnostics(hass, entry)
    dumped = json.dumps(told, cls=JSONEncoder, ensure_ascii=False)
    for secret in (PIN, TOKEN, "4711"):
        assert secret not in dumped
        assert secret not in caplog.text
        for known in hass.states.async_all():
            assert secret not in repr(known)
        assert secret not in repr(device.record.as_dict())


class Answering(Ask):
    """Answers by itself: with the PIN."""

    def __init__(self) -> None:
        pass

    @override
    async def text(self, key: str, text: Any, accept: Any = None, *, secret: bool = True) -> str:
        await accept(PIN)
        return PIN


async def lost(hass: HomeAssistant, safe: GuardedSwitch) -> MockConfigEntry:
    """Return the entry of a device that knew its token, and forgot it."""
    entry = await set_up(hass, "guarded", safe.id, safe, secrets={"token": TOKEN, "pin": PIN})
    safe.token = "an0ther"
    await eventually(lambda: device_of(entry).connection.status is Status.WAITING)
    await eventually(lambda: not device_of(entry).available)
    await hass.async_block_till_done()
    return entry


async def test_reauth_starts_once(hass: HomeAssistant, safe: GuardedSwitch) -> None:
    guarded(by_pin)
    with patch("lan_edge.connection.availability.GRACE", 0.05):
        entry = await lost(hass, safe)
    assert unavailable(hass, SAFE)
    tries = safe.locked_out
    assert tries <= 4
    for _ in range(5):
        device_of(entry).connection.retry()
        await asyncio.sleep(0.12)
    await hass.async_block_till_done()
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert [f["context"]["source"] for f in flows] == [SOURCE_REAUTH]
    for _ in range(10):  # what was begun may last on a busy machine
        tries = safe.locked_out
        await asyncio.sleep(0.5)
        if safe.locked_out == tries:
            break
    assert safe.locked_out == tries  # by itself it tries at the longest pause only
    assert flows[0]["context"]["title_placeholders"] == {"name": "Safe"}


async def test_reauth(hass: HomeAssistant, safe: GuardedSwitch) -> None:
    guarded(by_pin)
    with patch("lan_edge.connection.availability.GRACE", 0.05):
        entry = await lost(hass, safe)
    before = dict(entry.data)
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    shown = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert (shown["type"], shown["step_id"]) == (FlowResultType.FORM, "reauth_confirm")
    assert words(shown) == {"name": "Safe"}
    shown = await answered(hass, shown)
    assert shown["step_id"] == "pair_text"
    assert words(shown)["name"] == "Safe"
    shown = await answered(hass, shown, pin="wrong")
    assert shown["errors"] == {"base": "answer"}
    assert dict(entry.data) == before
    assert aborted(await answered(hass, shown, pin=PIN)) == "reauth_successful"
    assert dict(entry.data) == {**before, "secrets": {"token": "an0ther", "pin": PIN}}
    await comes_online(entry)
    assert state(hass, SAFE) == "off"
    await works(hass, entry, safe)
    assert not hass.config_entries.flow.async_progress()
    await ended()


async def test_a_new_login_is_stored_at_once(
    hass: HomeAssistant, hass_storage: dict[str, Any], safe: GuardedSwitch
) -> None:
    """Home Assistant stores the entry a second late; it is killed before."""
    guarded(by_pin)
    with patch("lan_edge.connection.availability.GRACE", 0.05):
        entry = await lost(hass, safe)
    record, old = f"{DOMAIN}.{entry.entry_id}", dict(entry.data)
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    shown = await answered(hass, await hass.config_entries.flow.async_configure(flow["flow_id"]))
    with patch.object(hass.config_entries, "async_schedule_reload"):
        assert aborted(await answered(hass, shown, pin=PIN)) == "reauth_successful"
    stored = dict(hass_storage[record])
    assert stored["data"]["secrets"] == {"token": "an0ther", "pin": PIN}
    await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_update_entry(entry, data=old)
    hass_storage[record] = stored
    await hass.config_entries.async_setup(entry.entry_id)
    await works(hass, entry, safe)


@pytest.mark.parametrize("is_loaded", [True, False])
async def test_memory_and_certificate_of_a_pairing_are_kept(
    hass: HomeAssistant, hass_storage: dict[str, Any], safe: GuardedSwitch, is_loaded: bool
) -> None:
    guarded(by_model)
    with patch("lan_edge.connection.availability.GRACE", 0.05):
        entry = await lost(hass, safe)
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    if not is_loaded:
        await hass.config_entries.async_unload(entry.entry_id)
    shown = await answered(hass, await hass.config_entries.flow.async_configure(flow["flow_id"]))
    shown = await answered(hass, shown, pin=PIN)
    assert aborted(shown) == "reauth_successful"
    await works(hass, entry, safe)
    record = device_of(entry).record
    assert (record.fields, record.pin) == ({"told": NEWER}, CERTIFICATE)
    assert record.challenge == CHALLENGE
    stored = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]
    assert (stored["fields"], stored["pin"]) == ({"told": NEWER}, CERTIFICATE)
    assert stored["challenge"] == CHALLENGE


async def test_a_login_that_changes_by_itself_is_stored_at_once(
    hass: HomeAssistant, hass_storage: dict[str, Any], safe: GuardedSwitch
) -> None:
    guarded(by_pin)
    with patch("custom_components.lan_edge.coordinator.SAVE_DELAY", 3600):
        entry = await set_up(hass, "guarded", safe.id, safe, secrets={"token": TOKEN})
        device_of(entry)._core.set_secret("token", "rolled")
        key = f"{DOMAIN}.{entry.entry_id}"
        await eventually(lambda: key in hass_storage)
    assert hass_storage[key]["data"]["secrets"] == {"token": "rolled"} == entry.data["secrets"]


async def test_another_device_gets_no_login(hass: HomeAssistant, safe: GuardedSwitch) -> None:
    guarded(by_pin)
    with patch("lan_edge.connection.availability.GRACE", 0.05):
        entry = await lost(hass, safe)
    before = dict(entry.data)
    [flow] = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    safe.faults.impostor = "somebody-else"
    shown = await hass.config_entries.flow.async_configure(flow["flow_id"])
    shown = await answered(hass, await answered(hass, shown), pin=PIN)
    assert (shown["step_id"], shown["errors"]) == ("pair_failed", {"base": "identity"})
    assert dict(entry.data) == before


async def test_a_driver_that_cannot_pair_asks_for_nothing(
    hass: HomeAssistant, safe: GuardedSwitch
) -> None:
    driver = guarded(by_pin)
    with patch.object(driver, "pairs", return_value=False):
        await lost(hass, safe)
    assert not hass.config_entries.flow.async_progress()


def field(flow: ConfigFlowResult) -> Any:
    """Return the selector of a form's one field."""
    schema = flow["data_schema"]
    assert schema is not None
    [selector] = schema.schema.values()
    return selector
