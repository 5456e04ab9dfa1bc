"""Who a device is, and what is kept of it from one run to the next."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self, cast

from .discovery import Address
from .profile import Profile


@dataclass(frozen=True, slots=True)
class Identity:
    """Who and what a device is, as far as it told."""

    unique_id: str = ""
    """Its own: a serial number, MAC or UUID, never an address."""
    name: str = ""
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    serial_number: str = ""
    mac: str = ""
    url: str = ""
    """A page of the device's own."""


@dataclass(slots=True)
class Record:
    """What is kept of a device."""

    identity: Identity = Identity()
    addresses: tuple[Address, ...] = ()
    """Where it was last, the most likely first; only proven ones are added."""
    profile: Profile | None = None
    """Set at run time; None: as its driver declares."""
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the driver keeps, JSON data."""
    added: bool = False
    """Whether the driver's `added` has run."""
    pin: str = ""
    """The certificate it showed when it was added, as SHA-256; empty: none, or no TLS."""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {
            "identity": asdict(self.identity),
            "addresses": [[a.host, a.port] for a in self.addresses],
            "profile": self.profile.as_dict() if self.profile else None,
            "fields": self.fields,
            "added": self.added,
            "pin": self.pin,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return the record that `as_dict` wrote, perhaps in an older or newer version.

        What makes no sense is left out.
        """
        pin = data.get("pin")
        return cls(
            _identity(_object(data.get("identity"))),
            _addresses(data.get("addresses")),
            _profile(data.get("profile")),
            _object(data.get("fields")),
            bool(data.get("added")),
            pin if isinstance(pin, str) else "",
        )


def _identity(told: dict[str, Any]) -> Identity:
    known = {f.name for f in fields(Identity)}
    return Identity(**{k: v for k, v in told.items() if k in known and isinstance(v, str)})


def _addresses(told: object) -> tuple[Address, ...]:
    found: list[Address] = []
    for each in cast("list[object]", told) if isinstance(told, list) else ():
        match each:
            case [str(host), int(port)]:
                found.append(Address(host, port))
            case _:
                pass
    return tuple(found)


def _profile(told: object) -> Profile | None:
    """Return the profile; None, which is as the driver declares, where nothing in it is known."""
    found = Profile.from_dict(_object(told))
    return None if told != {} and not found.components else found


def _object(told: object) -> dict[str, Any]:
    return dict(cast("dict[str, Any]", told)) if isinstance(told, dict) else {}
