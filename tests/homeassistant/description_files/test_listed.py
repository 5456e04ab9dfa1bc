"""The list of descriptions."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.description_files.listed import (
    MAX_KIND_LABEL,
    label_of,
    listed_descriptions,
)

from ..entries import add_service


@pytest.mark.usefixtures("driver_files")
async def test_the_bundled_ones_are_in_the_order_of_the_alphabet(hass: HomeAssistant) -> None:
    await add_service(hass)
    names = [each.name.casefold() for each in listed_descriptions(hass).values()]
    assert len(names) > 1
    assert names == sorted(names)


@pytest.mark.parametrize(
    ("name", "products", "label"),
    [
        ("Pump", (), "Pump"),
        ("Pump", ("Acme P1",), "Pump (Acme P1)"),
        ("Venus", ("Venus C", "Venus D", "venus E"), "Venus C, D, E"),
        ("Venus", ("Venus", "Venus D"), "Venus, D"),
        ("Venus", ("Venus C", "Mars 1"), "Venus (Venus C, Mars 1)"),
        ("Charger", ("Charger Gemini", "Charger HOME (of the year 2020)", "Charger X"), None),
        ("A name that is far too long for any phone", (), None),
    ],
)
def test_the_label(name: str, products: tuple[str, ...], label: str | None) -> None:
    found = label_of(name, products)
    assert len(found) <= MAX_KIND_LABEL
    assert found == label or (label is None and found[-1] == "…" and found[-2] not in " ,(")
