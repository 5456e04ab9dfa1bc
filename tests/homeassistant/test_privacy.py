"""What users see, and publish, of a device has no secret in it and no word that is not text."""

from copy import deepcopy
import json
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.json import JSONEncoder
import pytest

from custom_components.lan_edge.actions.targets import Target
from custom_components.lan_edge.diagnostics import async_get_config_entry_diagnostics
from custom_components.lan_edge.reporting.markdown import as_plain_markdown
from custom_components.lan_edge.services import _capability
from lan_edge import IdentityError, RefusedError
from tests.drivers.answers import FAMILIES, traced
from tests.emulators.json_bulb import JsonBulbEmulator

from . import snapcast_server
from .entries import BULB_ID, device_of, set_up
from .lab import lab
from .snapcast_server import SnapcastServer
from .states import call

TOKEN = "hunter2-Tøken"
HOSTILE = f"no\r\nERROR forged {TOKEN}\x1b[2J \u202egnp.exe\u200b\u2028" + " x" * 500


@pytest.mark.parametrize("family", FAMILIES)
async def test_diagnostics_of_realistic_answers(hass: HomeAssistant, family: str) -> None:
    told = FAMILIES[family]
    entry = await set_up(hass, family, "020000000001")
    device = device_of(entry)
    if told.profile is not None:
        device.record.profile = told.profile
    for answer in told.answers:
        device.trace.add("received", traced(answer))
        device.trace.add("received", " " * 300 + str(answer))
    dumped = json.dumps(
        await async_get_config_entry_diagnostics(hass, entry), cls=JSONEncoder, ensure_ascii=False
    )
    for text in told.private:
        assert text.lower() not in dumped.lower(), text
    for text in told.kept:
        assert text in dumped.replace('\\"', '"'), text


async def test_a_hostile_refusal(
    hass: HomeAssistant,
    drivers: None,
    bulb: JsonBulbEmulator,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG, "lan_edge")

    async def turn_on(_driver: Any) -> None:
        raise RefusedError(f"set: {HOSTILE}")

    monkeypatch.setattr(lab(), "turn_on", turn_on)
    entry = await set_up(hass, "lab", BULB_ID, bulb, secrets={"token": TOKEN})
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, "light.turn_on", "light.desk_lamp")
    device_of(entry)._session.lost(RefusedError(HOSTILE))
    await hass.async_block_till_done()
    assert "ERROR forged" in str(caught.value)
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("lan_edge")]
    for text in (str(caught.value), str(caught.value.__cause__), *ours):
        assert text.isprintable()
        assert "hunter2" not in text
        assert len(text) < 300


async def test_what_a_hostile_device_offers(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could have been chosen instead of a wrong choice is listed: sources, and parts."""
    status: Any = deepcopy(snapcast_server.STATUS)
    streams = [snapcast_server.stream(f"{HOSTILE[:99]}{n}") for n in range(8)]
    status["server"]["streams"] += streams
    group = status["server"]["groups"][0]
    group["clients"].append(snapcast_server.client("Bath", HOSTILE[:99]))
    monkeypatch.setattr(snapcast_server, "STATUS", status)
    async with SnapcastServer() as server:
        entry = await set_up(hass, "snapcast", "music", server)
        player = hass.states.async_entity_ids("media_player")[0]
        with pytest.raises(ServiceValidationError) as source:
            await call(hass, "media_player.select_source", player, source="Moon")
        with pytest.raises(ServiceValidationError) as part:
            _capability(Target(entry.runtime_data, "nothing"), {"capability": "switch"})
    for text in (str(source.value), str(part.value)):
        assert text.isprintable()
        assert len(text) < 300


async def test_repairs_of_a_hostile_device(hass: HomeAssistant, bulb: JsonBulbEmulator) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    device = device_of(entry)
    device.observer.on_impostor(IdentityError(BULB_ID, HOSTILE, device.connection.address))
    await hass.async_block_till_done()
    (issue,) = ir.async_get(hass).issues.values()
    assert issue.translation_placeholders
    for text in issue.translation_placeholders.values():
        assert text.isprintable()
        assert len(text) <= 200


@pytest.mark.parametrize(
    "hidden",
    [
        "\u202e",
        "\u2066",
        "\ufeff",
        "\x9b",
        "\u2028",
        "\x7f",
        "\u3164",
        "\u2800",
        "\u115f",
        "\uffa0",
    ],
)
def test_nothing_invisible_in_dialogs(hidden: str) -> None:
    assert as_plain_markdown(f"a{hidden}b") == "a b"
