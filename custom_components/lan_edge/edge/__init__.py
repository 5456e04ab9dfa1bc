"""LAN Edge: a framework for drivers of devices on the local network.

A driver author needs these names and no others.
"""

from .capabilities import (
    EnergyMeter,
    HealthCheck,
    PowerMeter,
    Refresh,
    Switch,
    SwitchLevel,
)
from .capability import (
    Attribute,
    Capability,
    Command,
    Kind,
    Percent,
    Range,
    Seconds,
    capability,
    command,
)
from .connection import Status
from .device import Device
from .discovery import Address, Match, Matcher, Mdns, Sighting, Ssdp, location_address
from .driver import Driver, handles
from .errors import (
    ArgumentError,
    BusyError,
    CertificateError,
    CredentialsError,
    DeviceError,
    DriverError,
    EdgeError,
    IdentityError,
    OfflineError,
    RefusedError,
    ReplyError,
    TimedOutError,
    UnreachableError,
    UnsupportedError,
    UsageError,
)
from .pilot import Confirm
from .profile import MAIN, Component, Profile
from .record import Identity, Record
from .registry import Candidate, driver_for, match, register, registered
from .search import search
from .trace import Entry
from .transports import (
    Http,
    HttpOptions,
    JsonRpc,
    JsonRpcOptions,
    Lines,
    LinesOptions,
    Options,
    RpcMessage,
    Transport,
    Upnp,
    UpnpOptions,
)

__all__ = [
    "MAIN",
    "Address",
    "ArgumentError",
    "Attribute",
    "BusyError",
    "Candidate",
    "Capability",
    "CertificateError",
    "Command",
    "Component",
    "Confirm",
    "CredentialsError",
    "Device",
    "DeviceError",
    "Driver",
    "DriverError",
    "EdgeError",
    "EnergyMeter",
    "Entry",
    "HealthCheck",
    "Http",
    "HttpOptions",
    "Identity",
    "IdentityError",
    "JsonRpc",
    "JsonRpcOptions",
    "Kind",
    "Lines",
    "LinesOptions",
    "Match",
    "Matcher",
    "Mdns",
    "OfflineError",
    "Options",
    "Percent",
    "PowerMeter",
    "Profile",
    "Range",
    "Record",
    "Refresh",
    "RefusedError",
    "ReplyError",
    "RpcMessage",
    "Seconds",
    "Sighting",
    "Ssdp",
    "Status",
    "Switch",
    "SwitchLevel",
    "TimedOutError",
    "Transport",
    "UnreachableError",
    "UnsupportedError",
    "Upnp",
    "UpnpOptions",
    "UsageError",
    "capability",
    "command",
    "driver_for",
    "handles",
    "location_address",
    "match",
    "register",
    "registered",
    "search",
]
