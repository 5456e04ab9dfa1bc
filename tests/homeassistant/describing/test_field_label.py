"""What is shown of a place and its value in a list: of a long place, its end is in front."""

import pytest

from custom_components.lan_edge.describing.field_label import field_label, is_label_of


@pytest.mark.parametrize(
    ("place", "label"),
    [
        ("pos", "pos = 5"),
        ("meters[0].watts", "meters[0].watts = 5"),
        (
            'discovery: shades[name="Living room"].position',
            'position = 5 · discovery: shades[name="Living room"]',
        ),
        ("a_long_name_of_an_object.flags bit 4", "flags bit 4 = 5 · a_long_name_of_an_object"),
        ("a_long_name_of_an_object.list[2]", "list[2] = 5 · a_long_name_of_an_object"),
        ('a_long_name_of_an_object["a.b"]', 'a_long_name_of_an_object["a.b"] = 5'),
        ("aLongNameWithoutAnyPartsThatThereAre", "aLongNameWithoutAnyPartsThatThereAre = 5"),
    ],
)
def test_a_place_and_its_value(place: str, label: str) -> None:
    assert field_label(place, "5") == label
    assert is_label_of(label, place)


def test_the_end_of_a_long_place_is_not_another_place() -> None:
    label = field_label('discovery: shades[name="Living room"].position', "5")
    assert not is_label_of(label, "position")
    assert not is_label_of(label, 'discovery: shades[name="Kitchen, big"].position')
