"""A password that is typed in the dialog is in nothing that is shared, shown or logged."""

from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.lan_edge.describing import drafts
from custom_components.lan_edge.diagnostics import async_get_config_entry_diagnostics
from tests.emulators.rest_switch import RestSwitchEmulator

from ..driver_folder import DriverFiles
from ..entries import add_service, comes_online
from ..flow_steps import created, go_on
from .dialog import GET, NO_LOGIN, choose, empty_form
from .house import House

PASSWORD = "s3cret!pass&word"
DRAFTS = "lan_edge.drafts"
ACCESS = {"ssl": False, "login": "basic", "username": "me", "password": PASSWORD}

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")


async def described(hass: HomeAssistant, device: RestSwitchEmulator) -> Any:
    """Describe a device with a login, up to the overview."""
    flow = await empty_form(hass)
    place = {"host": device.host, "port": device.port, "path": "/switch"}
    flow = await go_on(hass, flow, **place, access=ACCESS, request=GET)
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="switch")
    flow = await go_on(hass, flow, field='"off"')
    for body in ("on", "off"):
        sent = {"path": "/switch", "method": "POST", "body_kind": "text", "body": body}
        flow = await go_on(hass, flow, **sent, **{"try": False})
    return flow


async def test_it_is_only_in_what_is_stored_with_the_device(
    hass: HomeAssistant,
    switch: RestSwitchEmulator,
    driver_files: DriverFiles,
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = await add_service(hass)
    flow = await described(hass, switch)
    flow = await choose(hass, flow, "describe_text")
    [field] = flow["data_schema"].schema
    text = field.description["suggested_value"]
    assert "{password}" in text
    flow = await go_on(hass, flow, text=text)
    flow = await choose(hass, flow, "describe_finish")
    entry = created(await go_on(hass, flow, name="Relay"))
    await comes_online(entry)
    assert entry.options["password"] == PASSWORD
    [file] = driver_files.devices.iterdir()
    seen = [file.read_text(), text, str(ir.async_get(hass).issues)]
    seen += [r.getMessage() for r in caplog.records if not r.name.startswith("pytest")]
    seen += [str(await async_get_config_entry_diagnostics(hass, e)) for e in (service, entry)]
    assert not [each for each in seen if PASSWORD in each]


async def test_a_draft_is_private_and_gone_once_it_is_finished(
    hass: HomeAssistant, switch: RestSwitchEmulator, hass_storage: dict[str, Any]
) -> None:
    flow = await described(hass, switch)
    await hass.async_block_till_done()
    [draft] = hass_storage[DRAFTS]["data"].values()
    assert draft["settings"]["password"] == PASSWORD
    # to a real file, which the tests do not write otherwise
    store = drafts.drafts_store(hass)
    await hass.async_add_executor_job(store._write_prepared_data, "w", "{}")
    mode = await hass.async_add_executor_job(lambda: Path(store.path).stat().st_mode)
    assert mode & 0o777 == 0o600
    flow = await choose(hass, flow, "describe_finish")
    created(await go_on(hass, flow, name="Relay"))
    assert hass_storage[DRAFTS]["data"] == {}


KEYED = {"ssl": False, "login": "query", "login_name": "dkey", "password": "opendoor"}


async def with_button(hass: HomeAssistant, house: House, flow: Any) -> Any:
    """Add a button by the URL as documentation has it, with the key in it, up to the overview."""
    url = f"http://{house.host}:{house.port}/set?dkey=opendoor&pos=7"
    flow = await choose(hass, flow, "describe_add")
    flow = await go_on(hass, flow, kind="button", name="Toggle")
    flow = await go_on(hass, flow, path=url, method="GET", body_kind="none", **{"try": True})
    assert house.state["pos"] == 7
    return flow


async def text_of(hass: HomeAssistant, flow: Any) -> str:
    """Return the text of what is described so far."""
    flow = await choose(hass, flow, "describe_text")
    [field] = flow["data_schema"].schema
    return str(field.description["suggested_value"])


async def test_a_key_in_a_pasted_url_is_not_in_the_text(hass: HomeAssistant) -> None:
    async with House() as house:
        house.key = "opendoor"
        place = {"host": house.host, "port": house.port, "path": "/state"}
        flow = await empty_form(hass)
        flow = await go_on(hass, flow, **place, access=KEYED, request=GET)
        flow = await with_button(hass, house, flow)
        assert "GET /set?dkey=***&pos=7" in flow["description_placeholders"]["sent"]
        flow = await choose(hass, flow, "describe_command")
        assert "login is added" in str(flow["description_placeholders"]["login"])
        shown = [str(each.description) for each in flow["data_schema"].schema]
        assert not [each for each in shown if "opendoor" in each]
        typed = {"path": "/set?pos=7&dkey=opendoor", "method": "GET", "body_kind": "none"}
        flow = await go_on(hass, flow, **typed, **{"try": False})
        text = await text_of(hass, flow)
    assert "opendoor" not in text
    assert 'pos: "7"' in text


async def test_a_key_that_is_entered_as_the_login_later_is_not_in_the_text(
    hass: HomeAssistant,
) -> None:
    async with House() as house:
        house.key = "opendoor"
        place = {"host": house.host, "port": house.port}
        path = "/state?dkey=opendoor"
        flow = await empty_form(hass)
        flow = await go_on(hass, flow, **place, path=path, access=NO_LOGIN, request=GET)
        flow = await with_button(hass, house, flow)
        flow = await choose(hass, flow, "describe_keep")
        flow = await choose(hass, flow, "describe_where")
        flow = await go_on(hass, flow, **place, path=path, access=KEYED, request=GET)
        flow = await choose(hass, flow, "describe_overview")
        text = await text_of(hass, flow)
    assert "opendoor" not in text
    assert 'pos: "7"' in text


@pytest.mark.parametrize("login", ["bearer", "none"])
async def test_what_was_sent_says_whether_the_login_was(hass: HomeAssistant, login: str) -> None:
    async with House() as house:
        house.token = "right" if login == "bearer" else ""
        place = {"host": house.host, "port": house.port, "path": "/state"}
        access = {"ssl": False, "login": login, "password": "right"}
        flow: Any = await go_on(hass, await empty_form(hass), **place, access=access, request=GET)
        flow = await choose(hass, flow, "describe_add")
        flow = await go_on(hass, flow, kind="button", name="Toggle")
        assert bool(flow["description_placeholders"]["login"]) is (login == "bearer")
        sent = {"path": "/set?pos=7", "method": "GET", "body_kind": "none", "try": True}
        flow = await go_on(hass, flow, **sent)
    is_said = "(with the login)" in flow["description_placeholders"]["sent"]
    assert is_said is (login == "bearer")


async def test_a_key_in_the_address_is_the_login(hass: HomeAssistant) -> None:
    async with House() as house:
        house.key = "opendoor"
        url = f"http://{house.host}:{house.port}/state?dkey=opendoor"
        flow = await empty_form(hass)
        flow = await go_on(hass, flow, host=url, path="/", access=NO_LOGIN, request=GET)
        flow = await choose(hass, flow, "describe_overview")
        text = await text_of(hass, flow)
    assert "opendoor" not in text
    assert "dkey: '{password}'" in text
