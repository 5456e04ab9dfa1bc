"""Capabilities of a driver's own: a few lines for each shape."""

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
    """One of every shape."""

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
    """Return what an attribute is shown as, by what it says of itself."""
    if attribute.kind in {Kind.EVENT, Kind.HIDDEN}:
        return attribute.kind.value
    if attribute.schema.type is bool:
        return "binary"
    if attribute.setter is None:
        return "sensor"
    if attribute.schema.type is str:
        return "text" if attribute.options is None else "select"
    return "number"


def test_the_shapes() -> None:
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


def test_it_is_known_but_no_standard_one() -> None:
    assert capability("acme.nightMode") is NightMode
    assert NightMode not in STANDARD


@pytest.mark.parametrize(
    ("order", "given", "attribute"),
    [
        (NightMode.set_glow, {"glow": 5}, NightMode.glow),
        (NightMode.set_scene, {"scene": "Küche"}, NightMode.scene),
        (NightMode.set_greeting, {"greeting": "hello"}, NightMode.greeting),
    ],
)
def test_what_is_set(
    order: Command[...], given: dict[str, object], attribute: Attribute[Any]
) -> None:
    assert attribute.setter is order
    assert order.effects(order.bind(given)) == [(attribute, *given.values())]


def test_a_type_that_cannot_be_checked() -> None:
    with pytest.raises(DriverError, match="is no type of a value"):
        Attribute(dict)
    with pytest.raises(DriverError, match="is no type of a value"):

        class _Bad(Capability, id="acme.bad"):
            @command()
            def configure(self, values: dict[str, int]) -> None:
                """Take anything."""


def test_options_that_are_no_list_of_the_like() -> None:
    for other in (Attribute(str), Attribute(tuple[int, ...])):
        with pytest.raises(DriverError, match="scene: scenes is no list of its values"):
            type(
                "_Bad", (Capability,), {"scene": Attribute(str, options="scenes"), "scenes": other}
            )
