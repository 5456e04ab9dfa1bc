"""Repair issues, and their flows by the requests that the frontend makes."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
import socket
from typing import Any, override
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.runtime import async_load_domain_data, driver_of
from lan_edge import (
    Address,
    Ask,
    CertificateError,
    CredentialsError,
    Device,
    Driver,
    Http,
    HttpOptions,
    Identity,
    IdentityError,
    Listener,
    ListenerSettings,
    Profile,
    Record,
    RefusedError,
    Switch,
    Tls,
    handles,
)
from lan_edge.connection.status import Status
from tests.edge.certificates import certificate
from tests.emulators.faults import HttpOverride
from tests.emulators.json_bulb import JsonBulbEmulator
from tests.emulators.rest_switch import RestSwitchEmulator
from tests.emulators.wemo import WemoEmulator
from tests.ports import free_port

from .entries import BULB_ID, add_service, device_of, set_up
from .own_drivers import add_driver
from .states import becomes, call, unavailable
from .tls_proxy import TlsProxy
from .waiting import eventually

type Client = Callable[..., Any]

OLD, NEW, NEWER = (certificate(name) for name in ("old", "new", "newer"))
SWITCH, LIGHT = "switch.device", "light.desk_lamp"
FIX = "/api/repairs/issues/fix"


@pytest.fixture(autouse=True)
async def repairs(hass: HomeAssistant, start_discovery: AsyncMock) -> None:
    for component in ("repairs", "media_player"):  # no view can be added once a client is there
        assert await async_setup_component(hass, component, {})


def issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return what the repairs page has of ours, by translation key."""
    found = ir.async_get(hass).issues.values()
    return {str(i.translation_key): i for i in found if i.domain == DOMAIN}


class Repair:
    """The dialog of an issue, as the frontend goes through it."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def open(self, issue: ir.IssueEntry) -> dict[str, Any]:
        return await self._post(FIX, {"handler": DOMAIN, "issue_id": issue.issue_id})

    async def go_on(self, shown: dict[str, Any], **given: Any) -> dict[str, Any]:
        return await self._post(f"{FIX}/{shown['flow_id']}", given)

    async def _post(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        answer = await self._client.post(path, json=data)
        assert answer.status == HTTPStatus.OK, await answer.text()
        told: dict[str, Any] = await answer.json()
        return told


@pytest.fixture
async def repair(repairs: None, hass_client: Client) -> Repair:
    return Repair(await hass_client())


# a certificate that changed


def sealed() -> None:
    @add_driver
    class Sealed(Driver[Http]):
        id = "sealed"
        profile = Profile(Switch)
        options = HttpOptions(tls=Tls())
        poll = 0.05

        @override
        async def refresh(self) -> None:
            self.emit(Switch.switch, await self.io.get_text("/switch") == "on")

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.io.post("/switch", "on")

        @handles(Switch.off)
        async def turn_off(self) -> None:
            await self.io.post("/switch", "off")


@pytest.fixture
async def door(
    hass: HomeAssistant, drivers: None, switch: RestSwitchEmulator
) -> AsyncGenerator[TlsProxy]:
    sealed()
    with patch("lan_edge.connection.availability.GRACE", 0.05):
        async with TlsProxy(switch.port, OLD) as made:
            yield made


async def swapped(hass: HomeAssistant, door: TlsProxy) -> tuple[Any, ir.IssueEntry]:
    """Return the entry of a device whose certificate was swapped while connected, and the issue."""
    entry = await set_up(hass, "sealed", "sealed-1", port=door.port)
    await eventually(lambda: device_of(entry).available)
    assert device_of(entry).record.pin == OLD.fingerprint
    assert not issues(hass)
    await door.show(NEW)
    heard = door.heard
    await eventually(lambda: "certificate_changed" in issues(hass))
    await becomes(hass, SWITCH, "unavailable")
    assert door.heard == heard
    return entry, issues(hass)["certificate_changed"]


def spelled(fingerprint: str) -> str:
    return ":".join(fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()


async def test_since_when_a_certificate_is_presented_outlives_a_reload(
    hass: HomeAssistant, door: TlsProxy
) -> None:
    entry, issue = await swapped(hass, door)
    texts = issue.translation_placeholders
    later = dt_util.now() + timedelta(hours=1)
    with patch("custom_components.lan_edge.reporting.issues.dt_util.now", return_value=later):
        await hass.config_entries.async_reload(entry.entry_id)
        await eventually(lambda: "certificate_changed" in issues(hass))
    assert issues(hass)["certificate_changed"].translation_placeholders == texts
    await door.show(OLD)
    device_of(entry).connection.retry()
    await eventually(lambda: device_of(entry).available)
    assert "unexpected_certificate" not in entry.data


async def test_a_swapped_certificate_is_accepted(
    hass: HomeAssistant, door: TlsProxy, switch: RestSwitchEmulator, repair: Repair
) -> None:
    entry, issue = await swapped(hass, door)
    assert issue.severity is ir.IssueSeverity.ERROR
    told = dict(issue.translation_placeholders or {})
    age = dt_util.now() - datetime.strptime(told.pop("since"), "%Y-%m-%d %H:%M").replace(
        tzinfo=dt_util.now().tzinfo
    )
    assert timedelta(0) <= age < timedelta(minutes=2)
    assert told == {
        "name": "Device",
        "address": f"127.0.0.1:{door.port}",
        "pinned": spelled(OLD.fingerprint),
        "found": spelled(NEW.fingerprint),
    }
    heard, asked = door.heard, len(switch.log)
    for _ in range(3):  # and nothing is sent, however often it is tried
        device_of(entry).connection.retry()
        await asyncio.sleep(0.12)
    assert (door.heard, len(switch.log)) == (heard, asked)

    shown = await repair.open(issue)
    assert (shown["type"], shown["step_id"]) == ("form", "confirm")
    assert shown["description_placeholders"] == issue.translation_placeholders
    assert unavailable(hass, SWITCH)  # looking at it accepts nothing
    assert door.heard == heard
    assert (await repair.go_on(shown))["type"] == "create_entry"
    await becomes(hass, SWITCH, "off")
    await call(hass, "switch.turn_on", SWITCH)
    assert switch.state == {"on": True}
    assert device_of(entry).record.pin == NEW.fingerprint
    assert not issues(hass)


async def test_a_certificate_that_is_met_elsewhere_is_not_offered(
    hass: HomeAssistant, door: TlsProxy, switch: RestSwitchEmulator
) -> None:
    entry = await set_up(hass, "sealed", "sealed-1", port=door.port)
    device = device_of(entry)
    await eventually(lambda: device.available)
    await door.shut()
    async with TlsProxy(switch.port, NEW) as forger:
        await becomes(hass, SWITCH, "unavailable")
        for _ in range(3):
            device.connection.sighted(Address("127.0.0.1", forger.port))
            await eventually(lambda: isinstance(device.connection.reason, IdentityError))
            await asyncio.sleep(0.12)
        assert not issues(hass)
        assert forger.heard == 0
        assert device.record.pin == OLD.fingerprint


async def test_only_the_certificate_that_was_shown_is_accepted(
    hass: HomeAssistant, door: TlsProxy, repair: Repair
) -> None:
    entry, issue = await swapped(hass, door)
    shown = await repair.open(issue)
    await door.show(NEWER)
    heard = door.heard
    await repair.go_on(shown)
    found = {"pinned": spelled(NEW.fingerprint), "found": spelled(NEWER.fingerprint)}
    await eventually(
        lambda: (
            "certificate_changed" in issues(hass)
            and found.items()
            <= (issues(hass)["certificate_changed"].translation_placeholders or {}).items()
        )
    )
    assert door.heard == heard
    assert not device_of(entry).available
    # the old one comes back: it is a stranger now
    await repair.go_on(await repair.open(issues(hass)["certificate_changed"]))
    await becomes(hass, SWITCH, "off")


async def test_the_old_certificate_comes_back(
    hass: HomeAssistant, door: TlsProxy, repair: Repair
) -> None:
    entry, _ = await swapped(hass, door)
    await door.show(OLD)
    device_of(entry).connection.retry()
    await becomes(hass, SWITCH, "off")
    assert not issues(hass)


async def test_nothing_is_accepted_once_the_device_is_back(
    hass: HomeAssistant, door: TlsProxy, repair: Repair
) -> None:
    """The dialog was left open; its certificate was that of another device."""
    entry, issue = await swapped(hass, door)
    shown = await repair.open(issue)
    await door.show(OLD)
    device_of(entry).connection.retry()
    await becomes(hass, SWITCH, "off")
    told = await repair.go_on(shown)
    assert (told["type"], told["reason"]) == ("abort", "outdated")
    assert device_of(entry).record.pin == OLD.fingerprint


@pytest.mark.parametrize("removed", [True, False])
async def test_nothing_is_accepted_for_a_device_that_is_not_set_up(
    hass: HomeAssistant, door: TlsProxy, repair: Repair, removed: bool
) -> None:
    entry, issue = await swapped(hass, door)
    device = device_of(entry)
    shown = await repair.open(issue)
    if removed:
        await hass.config_entries.async_remove(entry.entry_id)
    else:
        await hass.config_entries.async_unload(entry.entry_id)
    assert not issues(hass)
    told = await repair.go_on(shown)
    assert (told["type"], told["reason"]) == ("abort", "not_loaded")
    assert device.record.pin == OLD.fingerprint


# another device at its address


STRANGER = "5b0f1e2c-0000-11e1-9b23-00178810ffff"


@pytest.fixture
async def usurped(
    hass: HomeAssistant, bulb: JsonBulbEmulator
) -> AsyncGenerator[tuple[Any, JsonBulbEmulator]]:
    """Return the entry of a device, and the one that has its address now."""
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    with patch("lan_edge.connection.availability.GRACE", 0.05):
        await bulb.down()
        async with JsonBulbEmulator(port=bulb.port, id=STRANGER, name="Stranger") as stranger:
            await becomes(hass, LIGHT, "unavailable")
            device_of(entry).connection.retry()
            await eventually(lambda: isinstance(device_of(entry).connection.reason, IdentityError))
            yield entry, stranger


async def grown(hass: HomeAssistant, entry: Any) -> ir.IssueEntry:
    """Return the issue after one more attempt."""
    device_of(entry).connection.retry()
    await eventually(lambda: "impostor" in issues(hass))
    return issues(hass)["impostor"]


async def test_an_impostor_that_stays_is_reported(
    hass: HomeAssistant, usurped: tuple[Any, JsonBulbEmulator], repair: Repair
) -> None:
    entry, stranger = usurped
    assert not issues(hass)  # it may have moved, and be found in a moment
    issue = await grown(hass, entry)
    assert issue.is_fixable
    assert issue.translation_placeholders == {
        "name": "Desk lamp",
        "address": f"127.0.0.1:{stranger.port}",
        "found": STRANGER,
    }
    shown = await repair.open(issue)
    assert (shown["type"], shown["step_id"]) == ("form", "address")
    assert (
        shown["description_placeholders"] or {}
    ).items() >= issue.translation_placeholders.items()
    # try again: it is still there
    old = {"host": "127.0.0.1", "port": stranger.port}
    shown = await repair.go_on(shown, **old)
    assert shown["errors"] == {"base": "another_device"}
    shown = await repair.go_on(shown, host="224.0.0.1", port=9)
    assert shown["errors"] == {"host": "no_device_address"}
    shown = await repair.go_on(shown, host=" ")
    assert shown["errors"] == {"host": "no_address"}
    shown = await repair.go_on(shown, host="127.0.0.1", port=free_port())
    assert shown["errors"] == {"base": "cannot_connect"}
    assert shown["description_placeholders"]["reason"]
    assert unavailable(hass, LIGHT)
    # and where it is really
    async with JsonBulbEmulator(id=BULB_ID, name="Desk lamp") as moved:
        told = await repair.go_on(shown, host=" 127.0.0.1 ", port=moved.port)
        assert told["type"] == "create_entry"
        await becomes(hass, LIGHT, "off")
        assert not issues(hass)
        await eventually(lambda: entry.data["port"] == moved.port)
    assert not [r for r in stranger.log if r.command == "set"]


async def test_an_impostor_that_is_ours_is_named(
    hass: HomeAssistant, usurped: tuple[Any, JsonBulbEmulator]
) -> None:
    entry, stranger = usurped
    await set_up(hass, "json_bulb", STRANGER, stranger)
    issue = await grown(hass, entry)
    assert (issue.translation_placeholders or {})["found"] == "Stranger"


async def test_an_impostor_that_is_the_same_device(
    hass: HomeAssistant, usurped: tuple[Any, JsonBulbEmulator], repair: Repair
) -> None:
    """It came back with another id: what it has in Home Assistant stays."""
    entry, stranger = usurped
    registered = er.async_get(hass).async_get(LIGHT)
    shown = await repair.open(await grown(hass, entry))
    here = {"host": stranger.host, "port": stranger.port}
    shown = await repair.go_on(shown, **here, same_device=True)
    assert shown["step_id"] == "new_identity"
    assert (
        shown["description_placeholders"].items()
        >= {
            "name": "Desk lamp",
            "address": f"127.0.0.1:{stranger.port}",
            "old_id": BULB_ID,
            "new_id": STRANGER,
        }.items()
    )
    assert entry.unique_id == BULB_ID
    assert (await repair.go_on(shown))["type"] == "create_entry"
    await becomes(hass, LIGHT, "off")
    assert not issues(hass)
    assert entry.unique_id == STRANGER
    kept = er.async_get(hass).async_get(LIGHT)
    assert kept is not None
    assert registered is not None
    assert (kept.id, kept.unique_id) == (registered.id, registered.unique_id)
    await call(hass, "light.turn_on", LIGHT)
    assert stranger.state["on"]


async def test_an_impostor_that_has_gone_again_is_not_taken(
    hass: HomeAssistant, usurped: tuple[Any, JsonBulbEmulator], repair: Repair
) -> None:
    entry, stranger = usurped
    shown = await repair.open(await grown(hass, entry))
    here = {"host": stranger.host, "port": stranger.port}
    shown = await repair.go_on(shown, **here, same_device=True)
    await stranger.down()
    shown = await repair.go_on(shown)
    assert (shown["step_id"], shown["errors"]) == ("address", {"base": "cannot_connect"})
    assert entry.unique_id == BULB_ID


def suggested(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what the fields of a form are filled in with."""
    fields = [field for field in shown["data_schema"] if "description" in field]
    return {field["name"]: field["description"]["suggested_value"] for field in fields}


async def test_the_address_of_an_impostor_may_be_entered_as_it_is(
    hass: HomeAssistant,
    usurped: tuple[Any, JsonBulbEmulator],
    repair: Repair,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The usual port is 0, which the form would refuse."""
    entry, stranger = usurped
    driver = driver_of(hass, entry)
    monkeypatch.setattr(driver, "options", driver.transport.options_type(port=stranger.port))
    issue = await grown(hass, entry)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "port": 0})
    shown = await repair.open(issue)
    assert suggested(shown) == {"host": "127.0.0.1"}
    shown = await repair.go_on(shown, **suggested(shown))
    assert shown["errors"] == {"base": "another_device"}
    # nor of the one that the user was shown
    shown = await repair.go_on(shown, host=stranger.host, same_device=True)
    assert shown["step_id"] == "new_identity"
    await stranger.down()
    shown = await repair.go_on(shown)
    assert shown["errors"] == {"base": "cannot_connect"}
    assert suggested(shown) == {"host": "127.0.0.1"}


async def test_an_impostor_that_is_ours_is_not_taken_for_the_same(
    hass: HomeAssistant, usurped: tuple[Any, JsonBulbEmulator], repair: Repair
) -> None:
    entry, stranger = usurped
    shown = await repair.open(await grown(hass, entry))
    await set_up(hass, "json_bulb", STRANGER, stranger)
    here = {"host": stranger.host, "port": stranger.port}
    shown = await repair.go_on(shown, **here, same_device=True)
    assert (shown["step_id"], shown["errors"]) == ("address", {"base": "taken"})
    assert shown["description_placeholders"]["reason"] == "Stranger"


async def test_the_device_is_back(
    hass: HomeAssistant, usurped: tuple[Any, JsonBulbEmulator], bulb: JsonBulbEmulator
) -> None:
    entry, _stranger = usurped
    await grown(hass, entry)
    async with JsonBulbEmulator(id=BULB_ID, name="Desk lamp") as moved:
        device_of(entry).connection.sighted(Address(moved.host, moved.port))
        await becomes(hass, LIGHT, "off")
        assert not issues(hass)


async def test_the_device_is_back_while_its_address_is_asked_for(
    hass: HomeAssistant, usurped: tuple[Any, JsonBulbEmulator], repair: Repair
) -> None:
    entry, stranger = usurped
    shown = await repair.open(await grown(hass, entry))
    async with JsonBulbEmulator(id=BULB_ID, name="Desk lamp") as moved:
        device_of(entry).connection.sighted(Address(moved.host, moved.port))
        await becomes(hass, LIGHT, "off")
        told = await repair.go_on(shown, host=stranger.host, port=stranger.port)
        assert (told["type"], told["reason"]) == ("abort", "outdated")


async def test_a_moved_device_is_no_issue(
    hass: HomeAssistant, usurped: tuple[Any, JsonBulbEmulator]
) -> None:
    entry, _ = usurped
    async with JsonBulbEmulator(id=BULB_ID, name="Desk lamp") as moved:
        device_of(entry).connection.sighted(Address(moved.host, moved.port))
        await becomes(hass, LIGHT, "off")
        assert not issues(hass)
        assert device_of(entry).history.drops == 1


@pytest.mark.parametrize("removed", [True, False])
async def test_no_address_for_a_device_that_is_not_set_up(
    hass: HomeAssistant,
    usurped: tuple[Any, JsonBulbEmulator],
    repair: Repair,
    removed: bool,
) -> None:
    entry, stranger = usurped
    shown = await repair.open(await grown(hass, entry))
    ends = hass.config_entries
    await (ends.async_remove if removed else ends.async_unload)(entry.entry_id)
    assert not issues(hass)
    told = await repair.go_on(shown, host="127.0.0.1", port=stranger.port)
    assert (told["type"], told["reason"]) == ("abort", "not_loaded")


async def test_a_device_is_removed_while_its_address_is_tried(
    hass: HomeAssistant, usurped: tuple[Any, JsonBulbEmulator], repair: Repair
) -> None:
    entry, _ = usurped
    shown = await repair.open(await grown(hass, entry))
    device = device_of(entry)
    async with JsonBulbEmulator(id=BULB_ID, name="Desk lamp") as moved:
        moved.faults.slow = 0.1
        told = asyncio.create_task(repair.go_on(shown, host=moved.host, port=moved.port))
        await eventually(lambda: moved.log)
        await hass.config_entries.async_remove(entry.entry_id)
        result = await told
    assert (result["type"], result["reason"]) == ("abort", "not_loaded")
    assert Address(moved.host, moved.port) not in device.connection.addresses


async def test_the_id_of_an_impostor_is_displayed_as_text(hass: HomeAssistant) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID)
    evil = IdentityError(BULB_ID, "[x](http://evil)<img>" * 20, Address("127.0.0.1", 9))
    device_of(entry).observer.on_impostor(evil)
    found = (issues(hass)["impostor"].translation_placeholders or {})["found"]
    assert len(found) <= 64
    assert not set(found) & set("[]()<>/")


# a login


def guarded(*, settings: bool = False, pairs: bool = False) -> None:
    """Register a driver of a switch that is let in only by its own grace."""

    @dataclass(frozen=True)
    class Choice:
        password: str = ""

    @add_driver
    class Guarded(Driver[Http]):
        id = "guarded"
        profile = Profile(Switch)
        poll = 0.05
        Settings = Choice if settings else None

        @override
        async def refresh(self) -> None:
            try:
                self.emit(Switch.switch, await self.io.get_text("/switch") == "on")
            except RefusedError as err:
                raise CredentialsError("401") from err

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.io.post("/switch", "on")

        @handles(Switch.off)
        async def turn_off(self) -> None:
            await self.io.post("/switch", "off")

    if pairs:

        async def pair(driver: Any, _ask: Ask) -> None:
            """Need nothing."""

        Guarded.pair = pair  # type: ignore[method-assign, assignment]


async def let_in(hass: HomeAssistant, switch: RestSwitchEmulator, *, let: bool) -> None:
    switch.faults.override = None if let else HttpOverride(401)
    await becomes(hass, "switch.fountain", "off" if let else "unavailable")


async def test_a_login_that_the_driver_does_not_support(
    hass: HomeAssistant, drivers: None, switch: RestSwitchEmulator
) -> None:
    guarded()
    entry = await set_up(hass, "guarded", "relay-1", switch)
    assert not issues(hass)
    await let_in(hass, switch, let=False)
    await eventually(lambda: issues(hass))
    issue = issues(hass)["login"]
    assert not issue.is_fixable
    assert issue.learn_more_url
    assert issue.translation_placeholders == {"name": "Fountain"}
    switch.faults.override = None
    device_of(entry).connection.retry()
    await becomes(hass, "switch.fountain", "off")
    assert not issues(hass)
    await let_in(hass, switch, let=False)
    await eventually(lambda: issues(hass))
    await hass.config_entries.async_remove(entry.entry_id)
    assert not issues(hass)


async def test_a_login_in_the_options(
    hass: HomeAssistant, drivers: None, switch: RestSwitchEmulator, repair: Repair
) -> None:
    guarded(settings=True)
    entry = await set_up(hass, "guarded", "relay-1", switch)
    await let_in(hass, switch, let=False)
    await eventually(lambda: issues(hass))
    issue = issues(hass)["login_in_options"]
    shown = await repair.open(issue)
    assert (shown["type"], shown["step_id"]) == ("form", "confirm")
    switch.faults.override = None
    assert (await repair.go_on(shown))["type"] == "create_entry"
    await becomes(hass, "switch.fountain", "off")
    assert not issues(hass)
    await let_in(hass, switch, let=False)
    await eventually(lambda: issues(hass))
    shown = await repair.open(issues(hass)["login_in_options"])
    await hass.config_entries.async_unload(entry.entry_id)
    told = await repair.go_on(shown)
    assert (told["type"], told["reason"]) == ("abort", "not_loaded")


async def test_a_login_that_can_be_asked_for_is_no_issue(
    hass: HomeAssistant, drivers: None, switch: RestSwitchEmulator
) -> None:
    guarded(pairs=True)
    await set_up(hass, "guarded", "relay-1", switch)
    await let_in(hass, switch, let=False)
    await eventually(hass.config_entries.flow.async_progress)
    assert not issues(hass)


# the listener's port


@pytest.fixture
async def wemo(hass: HomeAssistant, start_discovery: AsyncMock) -> AsyncGenerator[WemoEmulator]:
    async with WemoEmulator(name="Coffee") as device:
        yield device


@pytest.fixture
def settings(hass_storage: dict[str, Any]) -> Callable[..., None]:
    """Return what sets where Home Assistant listens, before it starts."""

    def keep(**data: Any) -> None:
        key = "lan_edge.listener"
        hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": data}

    return keep


@pytest.fixture
def taken(settings: Callable[..., None]) -> Generator[int]:
    """Return the port to listen on, which another program has."""
    with socket.create_server(("", 0)) as server:
        port = server.getsockname()[1]
        settings(port=port)
        yield port


async def listener_of(hass: HomeAssistant) -> Listener:
    return (await async_load_domain_data(hass)).runtime.listener


def callbacks(wemo: WemoEmulator) -> set[str]:
    return {s.callback.netloc for s in wemo.publisher.subscribers.values()}


async def test_a_taken_port_and_another_one(
    hass: HomeAssistant,
    taken: int,
    wemo: WemoEmulator,
    repair: Repair,
    hass_storage: dict[str, Any],
) -> None:
    await set_up(hass, "wemo", wemo.udn, wemo)
    listener = await listener_of(hass)
    await eventually(lambda: issues(hass))
    issue = issues(hass)["port_taken"]
    assert listener.port not in {0, taken}
    assert issue.translation_placeholders == {"port": str(taken), "used": str(listener.port)}
    await eventually(lambda: callbacks(wemo) == {f"127.0.0.1:{listener.port}"})

    shown = await repair.open(issue)
    assert (shown["type"], shown["step_id"]) == ("form", "port")
    assert shown["description_placeholders"] == issue.translation_placeholders
    # it is still taken
    shown = await repair.go_on(shown, port=taken)
    assert shown["errors"] == {"port": "port_taken"}
    assert "port_taken" in issues(hass)
    shown = await repair.go_on(shown, port=taken, advertised_host="http://x y")
    assert shown["errors"] == {"advertised_host": "advertised_host"}
    port = free_port()
    assert (await repair.go_on(shown, port=port))["type"] == "create_entry"
    assert not issues(hass)
    assert listener.port == port
    assert hass_storage["lan_edge.listener"]["data"]["port"] == port
    await eventually(lambda: f"127.0.0.1:{port}" in callbacks(wemo))
    await wemo.change(on=True)
    await becomes(hass, "switch.coffee", "on")


async def test_the_advertised_address_in_the_options(
    hass: HomeAssistant, settings: Callable[..., None], wemo: WemoEmulator
) -> None:
    settings(port=free_port())
    entry = await set_up(hass, "wemo", wemo.udn, wemo)
    listener = await listener_of(hass)
    await eventually(lambda: callbacks(wemo))
    service = await add_service(hass)
    shown = await hass.config_entries.options.async_init(service.entry_id)
    chosen = {"next_step_id": "listener"}
    shown = await hass.config_entries.options.async_configure(shown["flow_id"], chosen)
    assert shown["description_placeholders"] == {"port": str(listener.port), "callers": entry.title}
    given = {"port": listener.port, "advertised_host": "a b", "advertised_port": 8199}
    shown = await hass.config_entries.options.async_configure(shown["flow_id"], given)
    assert shown["errors"] == {"advertised_host": "advertised_host"}
    assert shown["data_schema"] is not None
    suggested = {
        str(k): (k.description or {}).get("suggested_value") for k in shown["data_schema"].schema
    }
    assert suggested["advertised_host"] == "a b"
    given["advertised_host"] = " 127.0.0.9 "
    shown = await hass.config_entries.options.async_configure(shown["flow_id"], given)
    assert shown["type"] == "create_entry"
    await eventually(lambda: "127.0.0.9:8199" in callbacks(wemo))
    assert dict(entry.options) == {}
    assert listener.settings.advertised_host == "127.0.0.9"


async def test_nothing_listens_once_home_assistant_is_closed(
    hass: HomeAssistant, settings: Callable[..., None], wemo: WemoEmulator
) -> None:
    settings(port=free_port())
    entry = await set_up(hass, "wemo", wemo.udn, wemo)
    listener = await listener_of(hass)
    assert listener is (await async_load_domain_data(hass)).runtime.listener
    await eventually(lambda: "NOTIFY 200" in wemo.publisher.log)
    port = listener.port
    assert device_of(entry).connection.status is Status.ONLINE
    hass.bus.async_fire(EVENT_HOMEASSISTANT_CLOSE)
    await hass.async_block_till_done()
    assert listener.port == 0
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port)


async def test_it_does_not_listen_without_need(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    await set_up(hass, "rest_switch", "relay-1", switch)
    assert (await listener_of(hass)).port == 0


async def test_an_impostor_gets_no_login(hass: HomeAssistant, door: TlsProxy) -> None:
    """What is typed when a login is asked for again goes to the pinned device only."""

    async def pair(driver: Any, _ask: Ask) -> None:
        await driver.io.post("/login", "a password")

    family = (await async_load_domain_data(hass)).registry.driver("sealed")
    with patch.object(family, "pair", pair):
        device = Device(family, Record(Identity("sealed-1"), pin=NEW.fingerprint))
        with pytest.raises(CertificateError):
            await device.pair(Address("127.0.0.1", door.port), Ask(Mock()))
        assert door.heard == 0
        first = Device(family, Record(Identity("sealed-1")))
        with pytest.raises(RefusedError):  # there is no such path
            await first.pair(Address("127.0.0.1", door.port), Ask(Mock()))
        assert door.heard > 0


async def test_settings_of_another_version(
    hass: HomeAssistant, settings: Callable[..., None]
) -> None:
    settings(port=39501, advertised_host=None, novel=1)
    assert (await listener_of(hass)).settings == ListenerSettings(port=39501)
