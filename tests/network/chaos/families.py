"""The families that take part: how Home Assistant shows and commands them, and what may go wrong.

Each device has one value, a number: what a command or a hand at the device sets it to, and what
Home Assistant has to show. Off is 0.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.real.client import Json

type Act = tuple[str, Json]
"""A service, and what it is called with."""

NETWORK = ("loss", "blackhole", "refuse", "power", "move")
CONNECTION = ("reset", "forget", "garbage")
PROGRAM = ("restart", "hang", "slow", "late", "split", "merge", "repeat", "refusal", "lie")
ONCE = tuple(fault for fault in PROGRAM if fault != "repeat")
"""Of those on a kept HTTP connection: the client takes a second answer for the next request's."""
PROVEN = ("impostor",)
"""Of those that prove who they are."""
PUSHED = 10.0
"""Seconds until what is pushed is shown, after any trouble."""


@dataclass(frozen=True)
class Family:
    """One of them; `patience`: seconds in calm until Home Assistant has to be right.

    `proves`: it says who it is on the connection that commands go by, so that two of them can
    change places, and another one can take its place. Where each request has a connection of
    its own, or none, what is sent just then may do its work at the wrong one.
    `loses`: an event that cannot be delivered is lost. Only the next one shows that, or a poll
    after five minutes; so there is a next one, once it is calm.
    """

    driver: str
    port: int
    domain: str
    value: Callable[[int], float]
    act: Callable[[float], Act]
    read: Callable[[str, Json], float | None]
    faults: tuple[str, ...]
    patience: float = PUSHED
    proves: bool = False
    loses: bool = False
    blind: bool = False
    """Its answers have no number, and come twice: under a fault, a yes says nothing."""
    model: str = ""
    fields: Json = field(default_factory=dict)


def level(number: int) -> float:
    """Return a level of 1 to 100, or off at times.

    Those of neighbouring numbers are far from each other: devices round, and a value that is
    near the one that was asked for is taken for it.
    """
    return 0 if number % 10 == 0 else 1 + number * 37 % 100


def wiz_level(number: int) -> float:
    return 0 if number % 10 == 0 else 10 + number * 37 % 90


def on_or_off(number: int) -> float:
    return number % 2


def degrees(number: int) -> float:
    return 5 + number * 17 % 40 / 2


def light(value: float) -> Act:
    return ("turn_on", {"brightness_pct": value}) if value else ("turn_off", {})


def switch(value: float) -> Act:
    return ("turn_on" if value else "turn_off", {})


def thermostat(value: float) -> Act:
    return "set_temperature", {"temperature": value}


def light_shown(state: str, attributes: Json) -> float | None:
    if state == "off":
        return 0
    brightness = attributes.get("brightness")
    return None if state != "on" or brightness is None else round(brightness * 100 / 255)


def switch_shown(state: str, _attributes: Json) -> float | None:
    return {"on": 1, "off": 0}.get(state)


def thermostat_shown(state: str, attributes: Json) -> float | None:
    temperature: Any = attributes.get("temperature")
    return None if state == "unavailable" else temperature


def lamp(driver: str, port: int, *faults: str, **more: Any) -> Family:
    return Family(driver, port, "light", level, light, light_shown, faults, **more)


def polled(seconds: float) -> float:
    """Return the patience with what is read every so many seconds, give or take a tenth."""
    return seconds * 1.1 + 3


YEELIGHT = {"support": "get_prop set_default set_power toggle set_bright", "firmware": "18"}

FAMILIES = (
    lamp("json_bulb", 5577, *NETWORK, *CONNECTION, *PROGRAM, *PROVEN, proves=True),
    lamp(
        "yeelight",
        55443,
        *(*NETWORK, *CONNECTION, *PROGRAM),
        model="mono",
        fields=YEELIGHT,
    ),
    Family(
        *("rest_switch", 8080, "switch", on_or_off, switch, switch_shown),
        faults=(*NETWORK, *CONNECTION, *PROGRAM),
        patience=polled(10),
    ),
    lamp("wemo", 49153, *NETWORK, *PROGRAM, patience=polled(30), loses=True),
    Family(
        *("wiz", 38899, "light", wiz_level, light, light_shown),
        faults=(*NETWORK, "restart", "hang", "lie"),
        patience=polled(15),
        blind=True,
    ),
    lamp("kasa", 9999, *NETWORK, *CONNECTION, *PROGRAM, patience=polled(10)),
    Family(
        *("venstar", 8080, "climate", degrees, thermostat, thermostat_shown),
        faults=(*NETWORK, *CONNECTION, *PROGRAM),
        patience=polled(30),
    ),
    lamp("ws_lamp", 8081, *NETWORK, *CONNECTION, *PROGRAM, *PROVEN, proves=True),
    lamp("tls_lamp", 4433, *NETWORK, *CONNECTION, *PROGRAM, *PROVEN, proves=True),
    lamp("sse_lamp", 8082, *NETWORK, *CONNECTION, *ONCE),
)


def family_of(device: int) -> Family:
    """Return the family of the n-th device."""
    return FAMILIES[device % len(FAMILIES)]
