"""One action for several entities of a device is one call of a driver that can do that."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, entity_registry as er
import pytest

from tests.docs import devices
from tests.docs.test_lamp_rail import EXAMPLE, Rail

from .entries import device_of, set_up
from .own_drivers import add_driver
from .waiting import eventually

LIGHTS = [f"light.device_lamp_{number}" for number in range(1, 7)]


@pytest.mark.parametrize("target", ["entities", "area"])
async def test_one_action_for_a_room(
    hass: HomeAssistant,
    drivers: None,
    start_discovery: None,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
) -> None:
    monkeypatch.setattr(devices, "HOST", "127.0.0.1")
    add_driver(EXAMPLE.LampRail)
    async with Rail() as rail:
        entry = await set_up(hass, "lamp_rail", rail.id, host="127.0.0.1", port=rail.port)
        await eventually(lambda: device_of(entry).available)
        await eventually(lambda: all(map(hass.states.get, LIGHTS)))
        where = {"entity_id": LIGHTS[:4]}
        if target == "area":
            area = ar.async_get(hass).async_create("Hall")
            for light in LIGHTS[:4]:
                er.async_get(hass).async_update_entity(light, area_id=area.id)
            where = {"area_id": [area.id]}
        await hass.services.async_call(
            "light", "turn_on", {**where, "brightness_pct": 40}, blocking=True
        )
        await hass.services.async_call("light", "turn_off", where, blocking=True)
        assert [(sorted(sent["lamps"]), sent["on"]) for sent in rail.sets] == [
            ([1, 2, 3, 4], True),
            ([1, 2, 3, 4], False),
        ]
        assert await hass.config_entries.async_unload(entry.entry_id)
