"""What a family is to the comparison: its devices, and how both sides get and control them."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

type Json = dict[str, Any]
type Device = AbstractAsyncContextManager[Any]


@dataclass(frozen=True)
class Control:
    """What an entity can be told, one thing or the other, and how that shows."""

    platform: str
    call: Callable[[bool], tuple[str, Json]]
    """The action and its data."""
    shown: Callable[[str, Json], bool]
    """Tells from a state and its attributes which of the two is shown."""
    true: Callable[[Json], bool]
    """Tells from a device's state which of the two it is."""


@dataclass(frozen=True)
class Custom:
    """A custom integration that owners of a family use, and how they set it up."""

    repository: str
    """Where it is published, on GitHub."""
    steps: Callable[[int, str], Mapping[str, Json]]
    """What its dialog is told, by step, of the device with a number at an address."""
    configuration: Callable[[Iterable[int]], str] = lambda numbers: ""  # noqa: ARG005
    """What its owner has in configuration.yaml, for the devices with these numbers."""
    stored: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """What it has stored when there was internet, by its name in `.storage`."""
    copied: bool = False
    """Its dialog takes so long that it is gone through once: the other entries are copies."""


@dataclass(frozen=True)
class Key:
    """The secret of a device that encrypts."""

    of: Callable[[int], str]
    """The key of the device with a number."""
    attribute: str = "key"
    """Where its emulator has it."""


def spelled(digits: str) -> str:
    """Return a MAC address with colons."""
    return ":".join(digits[i : i + 2] for i in range(0, 12, 2))


KEYLESS = Key(lambda _: "")


def accepted(device: Any) -> int:
    """Return how many connections a device has accepted."""
    return int(device.connections.accepted)


@dataclass(frozen=True)
class Family:
    """A kind of device, as both sides know it."""

    title: str
    driver: str
    domain: str
    """Of the other side's integration."""
    control: Control
    make: Callable[[int, str], Device]
    """Makes the device with a number at an address."""
    mac: str
    """How the MAC addresses of its maker begin, as ours do."""
    hostname: str
    """What it tells the router, with its number."""
    id: str = ""
    """What LAN Edge knows it by, in small letters, with its number; its MAC address if empty."""
    entered: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the dialog of Home Assistant's integration is told beside the address."""
    one_entry: bool = False
    """Its integration has one entry for all devices, and finds them by itself."""
    custom: Custom | None = None
    """The other side, if it is not Home Assistant's own integration."""
    key: Key = KEYLESS
    """What it has to be added with."""
    tried: Callable[[Any], int] = accepted
    """Tells how often a device was tried."""
    variant: str = ""

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return f"{self.driver}{self.variant}"

    @property
    def other(self) -> str:
        """The side with which LAN Edge is compared."""
        return "custom" if self.custom else "core"

    def id_of(self, number: int) -> str:
        """Return what LAN Edge knows a device by."""
        return self.id.format(number) or self.mac_of(number)

    def mac_of(self, number: int) -> str:
        """Return the MAC address of a device, as 12 digits."""
        return f"{self.mac}{number:04x}"


def switching(platform: str) -> Control:
    """Return the control of what can be turned on and off."""
    return Control(
        platform,
        lambda on: (f"{platform}.turn_{'on' if on else 'off'}", {}),
        lambda state, _: state == "on",
        lambda state: bool(state["on"]),
    )
