"""What a described kind of devices is called in a list, which fits on a phone."""

import pytest

from custom_components.lan_edge.description_files.listed import MAX_LABEL, label_of


@pytest.mark.parametrize(
    ("name", "products", "label"),
    [
        ("Pump", (), "Pump"),
        ("Pump", ("Acme P1",), "Pump (Acme P1)"),
        ("Venus", ("Venus C", "Venus D", "venus E"), "Venus C, D, E"),
        ("Venus", ("Venus", "Venus D"), "Venus, D"),
        ("Venus", ("Venus C", "Mars 1"), "Venus (Venus C, Mars 1)"),
        ("Charger", ("Charger Gemini", "Charger HOME (of 2020)", "Charger X"), None),
        ("A name that is far too long for any phone", (), None),
    ],
)
def test_the_label(name: str, products: tuple[str, ...], label: str | None) -> None:
    found = label_of(name, products)
    assert len(found) <= MAX_LABEL
    assert found == label or (label is None and found[-1] == "…" and found[-2] not in " ,(")
