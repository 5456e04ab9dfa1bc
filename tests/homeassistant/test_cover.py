"""Covers: shades, doors and garage doors, by their commands or by their level alone."""

from typing import Any

from homeassistant.components.cover import CoverEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from lan_edge import (
    Component,
    DoorControl,
    GarageDoorControl,
    Profile,
    WindowShade,
    WindowShadeLevel,
    WindowShadeTiltLevel,
)

from .stage import Actor, enter, stage, told_by
from .states import becomes, call

COVER = "cover.device"
BASIC = Feature.OPEN | Feature.CLOSE
TILT = Feature.OPEN_TILT | Feature.CLOSE_TILT | Feature.SET_TILT_POSITION
SHADE = WindowShade.window_shade
LEVEL = WindowShadeLevel.shade_level
TILTED = WindowShadeTiltLevel.shade_tilt_level
TILT_TO = "windowShadeTiltLevel.setShadeTiltLevel"
SUPPORTED = WindowShade.supported_window_shade_commands


def attributes(hass: HomeAssistant) -> dict[str, Any]:
    now = hass.states.get(COVER)
    assert now is not None
    return dict(now.attributes)


async def test_states_of_a_shade(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(WindowShade), WindowShade.pause)
    await enter(hass, device)
    await becomes(hass, COVER, "unknown", device_class="shade")
    for told, shown in (
        ("closed", "closed"),
        ("opening", "opening"),
        ("open", "open"),
        ("closing", "closing"),
        ("partially open", "open"),
        ("unknown", "unknown"),
        ("paused", "open"),
    ):
        device.show(SHADE, told)
        is_closed = None if shown == "unknown" else shown == "closed"
        await becomes(hass, COVER, shown, is_closed=is_closed)
    device.show(SHADE, "ajar")  # no state of a shade
    device.show(SHADE, "closed")
    await becomes(hass, COVER, "closed", is_closed=True)
    await device.down()
    await becomes(hass, COVER, "unavailable")
    await device.up()


async def test_what_stands_between_can_be_opened_further(
    hass: HomeAssistant, device: Actor
) -> None:
    """The frontend offers no *Open* for what is open, unless its state is assumed."""
    stage(Profile(WindowShade), WindowShade.pause)
    await enter(hass, device)
    for told, is_assumed in (("open", None), ("partially open", True), ("paused", True)):
        device.show(SHADE, told)
        await becomes(hass, COVER, "open", assumed_state=is_assumed)


async def test_commands_of_a_shade(hass: HomeAssistant, device: Actor) -> None:
    everything = Profile(WindowShade, WindowShadeLevel, WindowShadeTiltLevel)
    stage(everything, *everything.commands())
    await enter(hass, device)
    features = BASIC | Feature.STOP | Feature.SET_POSITION | TILT
    await becomes(hass, COVER, "unknown", supported_features=features)
    for service, data, said in (
        ("open_cover", {}, ("windowShade.open", {})),
        ("close_cover", {}, ("windowShade.close", {})),
        ("stop_cover", {}, ("windowShade.pause", {})),
        (
            "set_cover_position",
            {"position": 35},
            ("windowShadeLevel.setShadeLevel", {"shade_level": 35}),
        ),
        ("open_cover_tilt", {}, (TILT_TO, {"level": 100})),
        ("close_cover_tilt", {}, (TILT_TO, {"level": 0})),
        ("set_cover_tilt_position", {"tilt_position": 40}, (TILT_TO, {"level": 40})),
    ):
        told = await told_by(hass, device, f"cover.{service}", COVER, **data)
        assert told == (*said, "main")
    device.show(SHADE, "partially open")
    device.show(LEVEL, 35)
    device.show(TILTED, 40)
    await becomes(hass, COVER, "open", current_position=35, current_tilt_position=40)


async def test_what_a_shade_can_do_is_what_it_says(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(WindowShade))
    await enter(hass, device)
    assert attributes(hass)["supported_features"] == BASIC
    device.show(SUPPORTED, ["close"])
    await becomes(hass, COVER, "unknown", supported_features=Feature.CLOSE)
    with pytest.raises(ServiceValidationError):
        await call(hass, "cover.open_cover", COVER)
    assert device.said == []
    device.show(SUPPORTED, ["open", "close", "pause"])  # pause has no handler
    await becomes(hass, COVER, "unknown", supported_features=BASIC)


async def test_a_level_alone_opens_and_closes(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(WindowShadeLevel), *WindowShadeLevel.commands)
    await enter(hass, device)
    await becomes(hass, COVER, "unknown", supported_features=BASIC | Feature.SET_POSITION)
    to = "windowShadeLevel.setShadeLevel"
    assert await told_by(hass, device, "cover.open_cover", COVER) == (
        to,
        {"shade_level": 100},
        "main",
    )
    assert await told_by(hass, device, "cover.close_cover", COVER) == (
        to,
        {"shade_level": 0},
        "main",
    )
    for level, shown in ((0, "closed"), (1, "open"), (100, "open")):
        device.show(LEVEL, level)
        await becomes(hass, COVER, shown, current_position=level)


async def test_a_shade_that_cannot_be_opened_goes_by_its_level(
    hass: HomeAssistant, device: Actor
) -> None:
    stage(Profile(WindowShade, WindowShadeLevel), WindowShade.pause)
    await enter(hass, device)
    device.show(SUPPORTED, ["pause"])
    device.show(LEVEL, 30)
    features = BASIC | Feature.SET_POSITION | Feature.STOP
    await becomes(hass, COVER, "open", current_position=30, supported_features=features)
    to = "windowShadeLevel.setShadeLevel"
    assert await told_by(hass, device, "cover.open_cover", COVER) == (
        to,
        {"shade_level": 100},
        "main",
    )


@pytest.mark.parametrize("state", ["unknown", "paused"])
async def test_the_level_says_what_the_state_does_not(
    hass: HomeAssistant, device: Actor, state: str
) -> None:
    stage(Profile(WindowShade, WindowShadeLevel), WindowShade.pause)
    await enter(hass, device)
    device.show(SHADE, state)
    device.show(LEVEL, 0)
    await becomes(hass, COVER, "closed")
    device.show(LEVEL, 1)
    await becomes(hass, COVER, "open", assumed_state=None)


@pytest.mark.parametrize(
    ("capability", "kind"), [(DoorControl, "door"), (GarageDoorControl, "garage")]
)
async def test_doors(
    hass: HomeAssistant, device: Actor, capability: type[DoorControl | GarageDoorControl], kind: str
) -> None:
    stage(Profile(capability))
    await enter(hass, device)
    await becomes(hass, COVER, "unknown", device_class=kind, supported_features=BASIC)
    for told, shown in (
        ("open", "open"),
        ("closing", "closing"),
        ("closed", "closed"),
        ("opening", "opening"),
        ("unknown", "unknown"),
    ):
        device.show(capability.door, told)
        await becomes(hass, COVER, shown)
    for word in ("open", "close"):
        told_it = await told_by(hass, device, f"cover.{word}_cover", COVER)
        assert told_it == (f"{capability.id}.{word}", {}, "main")


@pytest.mark.parametrize(
    ("category", "kind"),
    [("blind", "blind"), ("Curtain", "curtain"), ("awning", "awning"), ("garageDoor", "garage")],
)
async def test_the_category_says_what_it_is(
    hass: HomeAssistant, device: Actor, category: str, kind: str
) -> None:
    part = Component((WindowShade,), category=category)
    stage(Profile(main=part))
    await enter(hass, device)
    assert attributes(hass)["device_class"] == kind
