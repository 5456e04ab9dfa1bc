"""The list of descriptions."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.description_files.listed import listed_descriptions

from ..entries import add_service


@pytest.mark.usefixtures("driver_files")
async def test_the_bundled_ones_are_in_the_order_of_the_alphabet(hass: HomeAssistant) -> None:
    await add_service(hass)
    names = [each.name.casefold() for each in listed_descriptions(hass).values()]
    assert len(names) > 1
    assert names == sorted(names)
