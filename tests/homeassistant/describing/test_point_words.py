"""What points are taken for, in the words of their entities."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.describing.point_words import async_point_words
from lan_edge import Device, Record
from lan_edge.drivers.tuya import Tuya

MEANINGS = {
    "1": "mode",
    "2": "thermostatHeatingSetpoint.heatingSetpoint",
    "3": "thermostatMode.thermostatMode",
    "4": "windowShade.windowShade",
    "5": "colorTemperature.colorTemperature",
    "6": "tuya.targetHumidity.targetHumidity",
    "7": "outlet_2.switch.switch",
}
ENGLISH = (
    *("Mode", "Target temperature for heating", "Thermostat", "Cover", "Color temperature"),
    *("Target humidity", "Outlet 2: Switch"),
)
GERMAN = (
    *("Modus", "Solltemperatur zum Heizen", "Thermostat", "Abdeckung", "Farbtemperatur"),
    *("Target humidity", "Outlet 2: Schalter"),
)


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("de", GERMAN)])
async def test_they_are_words_of_entities_and_forms(
    hass: HomeAssistant, enable_custom_integrations: None, language: str, words: tuple[str, ...]
) -> None:
    hass.config.language = language
    shown = await async_point_words(hass, Device(Tuya, Record()), MEANINGS)
    assert tuple(shown.values()) == words
