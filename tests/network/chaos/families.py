"""The families that take part: how Home Assistant shows and commands them, and what may go wrong.

Each device has one value, a number: what a command or a hand at the device sets it to, and what
Home Assistant has to show. Off is 0.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulators.yeelight import MODELS
from tests.real.client import Json

from . import quirks
from .values import (
    Act,
    degrees,
    level,
    light,
    light_shown,
    limit,
    limit_shown,
    on_or_off,
    switch,
    switch_shown,
    thermostat,
    thermostat_shown,
    volume,
    volume_shown,
    wiz_level,
)

NETWORK = ("loss", "blackhole", "refuse", "power", "move")
CONNECTION = ("reset", "forget", "garbage")
PROGRAM = ("restart", "hang", "slow", "late", "split", "merge", "repeat", "refusal", "lie")
ONCE = tuple(fault for fault in PROGRAM if fault != "repeat")
"""Of those on a kept HTTP connection: the client takes a second answer for the next request's."""
HTTP = ("odd",)
"""Of those that answer by HTTP, in text that is read leniently."""
PROVEN = ("impostor",)
"""Of those that prove who they are."""
PATIENCE = 10.0
"""Seconds of calm in which Home Assistant has to be right about every device."""


@dataclass(frozen=True)
class Family:
    """One of them.

    `poll`: where nothing but being read tells of a hand at the device, the seconds between two
    readings. `proves`: it says who it is on the one connection that commands go by, so that two
    of them can change places in a moment, and another one can take its place. Others do that
    only for so long that it is noticed: what goes by a connection of its own just then may do
    its work at the wrong one. `nameless`: it cannot say who it is at all, only be heard of.
    `tells`: all that is odd about it is told by itself, too, not only when it is read.
    `loses`: an event that cannot be delivered is lost. Only the next one shows that, or a poll
    after five minutes; so there is a next one, once it is calm.
    """

    driver: str
    port: int
    domain: str
    value: Callable[[int, int], float]
    """The value of a number, in a lane."""
    act: Callable[[float], Act]
    read: Callable[[str, Json], float | None]
    faults: tuple[str, ...]
    poll: float = 0.0
    proves: bool = False
    nameless: bool = False
    tells: bool = False
    loses: bool = False
    login: tuple[str, ...] = ()
    """What only it may get to know: what it asks for when it is added, and `pin`."""
    waits: bool = False
    """It is looked for elsewhere only after a minute: nothing but its login tells who it is."""
    blind: bool = False
    """Its answers have no number, and come twice: under a fault, a yes says nothing."""
    model: str = ""
    fields: Json = field(default_factory=dict)
    kind: str = ""
    """Which device of the family it is."""
    entity: str = "main-switch"
    """The entity that has its value."""

    @property
    def sort(self) -> str:
        """Its kind, or else its driver."""
        return self.kind or self.driver

    @property
    def told(self) -> float:
        """Seconds until a hand at the device is told of, at most, with nothing wrong."""
        return self.poll * 1.1 + 1

    def strange(self, lane: int) -> set[float]:
        """Return the values that devices of the other lane are set to, and this one never is."""
        mine, theirs = ({self.value(n, each) for n in range(200)} for each in (lane, 1 - lane))
        return theirs - mine


def lamp(driver: str, port: int, *faults: str, **more: Any) -> Family:
    return Family(driver, port, "light", level, light, light_shown, faults, **more)


def yeelight(model: str, *odd: str) -> Family:
    return lamp(
        "yeelight",
        55443,
        *(*NETWORK, *CONNECTION, *PROGRAM, *odd),
        nameless=True,
        model=model,
        kind=model,
        fields={"support": MODELS[model].support, "firmware": "18"},
    )


def kasa(kind: str, *odd: str, entity: str = "main-switch") -> Family:
    faults = (*NETWORK, *CONNECTION, *PROGRAM, *odd)
    of_switches = (*("kasa", 9999, "switch", on_or_off, switch, switch_shown), faults)
    return Family(*of_switches, poll=10, kind=kind, entity=entity)


def wiz(kind: str, *odd: str) -> Family:
    faults = (*NETWORK, "restart", "hang", "lie", *odd)
    return Family(
        *("wiz", 38899, "light", wiz_level, light, light_shown, faults),
        kind=kind,
        blind=True,
        tells=True,
    )


def venstar(**more: Any) -> Family:
    faults = (*NETWORK, *CONNECTION, *ONCE, *HTTP, *quirks.VENSTAR)
    return Family(
        *("venstar", 8080, "climate", degrees, thermostat, thermostat_shown, faults),
        poll=30,
        nameless=True,
        entity="main-thermostatMode",
        **more,
    )


FAMILIES = (
    lamp("json_bulb", 5577, *NETWORK, *CONNECTION, *PROGRAM, *PROVEN, proves=True),
    yeelight("mono", *quirks.LAMP),
    Family(
        *("rest_switch", 8080, "switch", on_or_off, switch, switch_shown),
        faults=(*NETWORK, *CONNECTION, *ONCE, *HTTP),
        poll=10,
        nameless=True,
    ),
    lamp("wemo", 49153, *NETWORK, *PROGRAM, *HTTP, *quirks.WEMO, poll=10, loses=True),
    wiz("one head", *quirks.WIZ, *quirks.ONE_HEAD),
    lamp("kasa", 9999, *NETWORK, *CONNECTION, *PROGRAM, *quirks.KASA, poll=10),
    venstar(),
    lamp("ws_lamp", 8081, *NETWORK, *CONNECTION, *PROGRAM, *PROVEN, proves=True),
    lamp(
        "tls_lamp",
        4433,
        *(*NETWORK, *CONNECTION, *PROGRAM, *PROVEN),
        proves=True,
        login=("token",),
    ),
    lamp("sse_lamp", 8082, *NETWORK, *CONNECTION, *ONCE),
    lamp("upnp_light", 8200, *NETWORK, *CONNECTION, *ONCE, *HTTP, poll=10, loses=True),
    Family(
        *("snapcast", 1705, "media_player", level, volume, volume_shown),
        faults=(*NETWORK, *CONNECTION, *PROGRAM, *PROVEN, *quirks.SNAPCAST),
        proves=True,
        tells=True,
        entity="client_02:00:00:00:00:01-audioVolume",
    ),
    venstar(login=("user", "password", "pin"), waits=True),
    yeelight("ceiling4", *quirks.YEELIGHT, *quirks.TWO_LIGHTS),
    yeelight("bslamp2", *quirks.YEELIGHT),
    wiz("two heads", *quirks.WIZ),
    kasa("plug", *quirks.KASA),
    kasa("strip", *quirks.STRIP, entity="outlet_1-switch"),
    Family(
        *("wemo", 49153, "switch", on_or_off, switch, switch_shown),
        faults=(*NETWORK, *PROGRAM, *HTTP, *quirks.WEMO, *quirks.INSIGHT),
        poll=10,
        loses=True,
        kind="insight",
    ),
    Family(
        *("dialing_relay", 0, "switch", on_or_off, switch, switch_shown),
        faults=(*NETWORK, "reset", "garbage", "restart", "hang"),
        proves=True,
    ),
    lamp("desk_lamp", 8083, *NETWORK, *CONNECTION, *ONCE),
    Family(
        *("garden_pump", 38200, "switch", on_or_off, switch, switch_shown),
        faults=(*NETWORK, "restart", "hang"),
        blind=True,
    ),
    Family(
        *("zendure_solarflow", 8085, "number", level, limit, limit_shown),
        faults=(*NETWORK, *CONNECTION, *ONCE, *HTTP, *quirks.BATTERY),
        poll=10,
        entity="main-zendureSolarflow.main.outputLimit",
    ),
    Family(
        *("posting_relay", 8084, "switch", on_or_off, switch, switch_shown),
        faults=(*NETWORK, *CONNECTION, *ONCE, *HTTP),
        poll=10,
        loses=True,
    ),
)


def family_of(device: int) -> Family:
    """Return the family of the n-th device."""
    return FAMILIES[device % len(FAMILIES)]


def lane_of(device: int) -> int:
    """Return which of two lanes it is in: what is meant for one is known from the other's."""
    return device // len(FAMILIES) % 2


def is_entered(family: Family, device: int) -> bool:
    """Return whether it is added by its address, so that nobody knows its id yet."""
    return family.driver == "rest_switch" and lane_of(device) == 1
