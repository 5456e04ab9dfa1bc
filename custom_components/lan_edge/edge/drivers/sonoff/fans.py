"""Sonoff's ceiling fans with a light (iFan03 and iFan04): a speed from 1 to 3, and two switches."""

from lan_edge import MAIN, Component, FanSpeed, Profile, Switch

FAN_LIGHT = "fan_light"
"""What their mDNS record calls them. An iFan02 is a strip of four outlets in it."""
LIGHT = "light"
MOST = 3
PROFILE = Profile(
    main=Component((FanSpeed, Switch), category="fan"),
    light=Component((Switch,), "Light", category="light"),
)


def part_of(component: str) -> str:
    """Return what the device calls a component."""
    return "fan" if component == MAIN else LIGHT
