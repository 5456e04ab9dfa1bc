"""What entities are called."""

from collections.abc import AsyncGenerator

from homeassistant.core import HomeAssistant
import pytest

from lan_edge import (
    Battery,
    Button,
    Chime,
    Component,
    Momentary,
    Profile,
    StatelessSwitchLevelStep,
    Switch,
)

from ..entries import BULB_ID
from ..stage import Actor, enter, stage

HOME = Component((Momentary,), "Home")


@pytest.fixture
async def remote(
    hass: HomeAssistant, drivers: None, start_discovery: None
) -> AsyncGenerator[Actor]:
    async with Actor(id=BULB_ID, name="Lab Roku 0") as device:
        yield device


def named(hass: HomeAssistant) -> set[str]:
    """Return the names of all entities, with their platforms."""
    return {f"{s.domain}: {s.name}" for s in hass.states.async_all()}


@pytest.mark.parametrize(
    ("profile", "names"),
    [
        (Profile(home=HOME), {"button: Lab Roku 0 Home"}),
        (Profile(vol_up=Component((Momentary,))), {"button: Lab Roku 0 Vol up"}),
        (Profile(home=Component((Momentary,), "Home", child=True)), {"button: Home"}),
        (Profile(Momentary), {"button: Lab Roku 0 Push"}),
        (Profile(home=Component((Button,), "Home")), {"event: Lab Roku 0 Home"}),
        (Profile(home=Component((Button,), "Home", child=True)), {"event: Home"}),
        (Profile(Button), {"event: Lab Roku 0 Button"}),
        (
            Profile(home=Component((Button, Momentary), "Home")),
            {"event: Lab Roku 0 Home", "button: Lab Roku 0 Home"},
        ),
        (
            Profile(relay=Component((Switch, Momentary), "Relay")),
            {"switch: Lab Roku 0 Relay", "button: Lab Roku 0 Relay Push"},
        ),
        (
            Profile(front=Component((Chime,), "Front")),
            {"button: Lab Roku 0 Front"},
        ),
        (
            Profile(dial=Component((StatelessSwitchLevelStep,), "Dial")),
            {"button: Lab Roku 0 Dial Step level +10", "button: Lab Roku 0 Dial Step level -10"},
        ),
        (
            Profile(left=Component((Button, Battery), "Left", child=True)),
            {"event: Left", "sensor: Left Battery"},
        ),
    ],
)
async def test_a_button_is_called_as_what_it_is_on(
    hass: HomeAssistant, remote: Actor, profile: Profile, names: set[str]
) -> None:
    stage(profile)
    await enter(hass, remote)
    assert named(hass) == names
