"""A driver's own capabilities, with an attribute of each shape."""

from typing import Annotated, Any

import pytest

from lan_edge import (
    STANDARD,
    Attribute,
    Capability,
    Command,
    DriverError,
    Kind,
    Percent,
    Range,
    capability,
    command,
)


class NightMode(Capability, id="acme.nightMode"):
    """One attribute of each shape."""

    filter_life = Attribute(int, minimum=0, maximum=100, unit="%", kind=Kind.DIAGNOSTIC)
    water_low = Attribute(bool, device_class="problem", daily=True)
    glow = Attribute(int, minimum=0, maximum=100, unit="%", step=5)
    scene = Attribute(str, options="scenes")
    scenes = Attribute(tuple[str, ...], kind=Kind.HIDDEN)
    greeting = Attribute(str, maximum=16, rare=True)
    knock = Attribute(str, kind=Kind.EVENT, options="knocks")
    knocks = Attribute(tuple[str, ...], kind=Kind.HIDDEN)

    @command(sets="glow")
    def set_glow(self, glow: Percent) -> None:
        """Glow."""

    @command(sets="scene")
    def set_scene(self, scene: str) -> None:
        """Show a scene."""

    @command(sets="greeting")
    def set_greeting(self, greeting: Annotated[str, Range(0, 16)]) -> None:
        """Show a text."""

    @command(slow=True)
    def clean(self) -> None:
        """Clean itself."""


def shape(attribute: Attribute[Any]) -> str:
    """Return the kind of entity that an attribute's definition leads to."""
    if attribute.kind in {Kind.EVENT, Kind.HIDDEN}:
        return attribute.kind.value
    if attribute.schema.type is bool:
        return "binary"
    if attribute.setter is None:
        return "sensor"
    if attribute.schema.type is str:
        return "text" if attribute.options is None else "select"
    return "number"


def test_each_shape() -> None:
    assert {a.name: shape(a) for a in NightMode.attributes} == {
        "filterLife": "sensor",
        "waterLow": "binary",
        "glow": "number",
        "scene": "select",
        "scenes": "hidden",
        "greeting": "text",
        "knock": "event",
        "knocks": "hidden",
    }
    assert NightMode.clean.id == "acme.nightMode.clean"
    assert (NightMode.clean.sets, NightMode.clean.slow, NightMode.clean.arguments) == (
        None,
        True,
        (),
    )
    assert (NightMode.glow.step, NightMode.greeting.rare) == (5, True)
    assert NightMode.filter_life.step is None
    assert not NightMode.filter_life.rare
    assert (NightMode.water_low.daily, NightMode.glow.daily) == (True, False)
    assert not NightMode.set_glow.slow


def test_it_is_registered_but_not_standard() -> None:
    assert capability("acme.nightMode") is NightMode
    assert NightMode not in STANDARD


@pytest.mark.parametrize(
    ("setter", "given", "attribute"),
    [
        (NightMode.set_glow, {"glow": 5}, NightMode.glow),
        (NightMode.set_scene, {"scene": "Küche"}, NightMode.scene),
        (NightMode.set_greeting, {"greeting": "hello"}, NightMode.greeting),
    ],
)
def test_a_command_sets_its_attribute(
    setter: Command[...], given: dict[str, object], attribute: Attribute[Any]
) -> None:
    assert attribute.setter is setter
    assert setter.effects(setter.bind(given)) == [(attribute, *given.values())]


def test_an_unsupported_type_is_refused() -> None:
    with pytest.raises(DriverError, match="is not a supported type"):
        Attribute(dict)
    with pytest.raises(DriverError, match="is not a supported type"):

        class _Bad(Capability, id="acme.bad"):
            @command()
            def configure(self, values: dict[str, int]) -> None:
                """Take anything."""


def test_options_must_list_values_of_the_attribute() -> None:
    for other in (Attribute(str), Attribute(tuple[int, ...])):
        with pytest.raises(DriverError, match="scene: scenes is not a list of its values"):
            type(
                "_Bad", (Capability,), {"scene": Attribute(str, options="scenes"), "scenes": other}
            )


def test_only_a_bool_can_be_a_preset() -> None:
    assert Attribute(bool, preset="away").preset == "away"
    with pytest.raises(DriverError, match="the preset away is not a bool"):
        Attribute(int, preset="away")
