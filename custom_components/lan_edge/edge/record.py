"""Who a device is, and what is kept of it from one run to the next."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

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
        """Return the record that `as_dict` wrote, perhaps in an older or newer version."""
        known = {f.name for f in fields(Identity)}
        profile = data.get("profile")
        return cls(
            Identity(**{k: v for k, v in data.get("identity", {}).items() if k in known}),
            tuple(Address(host, port) for host, port in data.get("addresses", [])),
            Profile.from_dict(profile) if profile else None,
            dict(data.get("fields", {})),
            bool(data.get("added")),
            str(data.get("pin", "")),
        )
