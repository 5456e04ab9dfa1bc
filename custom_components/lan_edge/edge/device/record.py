"""The stored data of a device."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self, cast

from ..capabilities.profile import Profile
from ..driver.identity import Identity
from ..network.address import Address


@dataclass(slots=True)
class Record:
    """The stored data of a device."""

    identity: Identity = field(default_factory=Identity)
    """The identity of the device."""
    addresses: tuple[Address, ...] = ()
    """Its last addresses, the most likely first; only proven addresses are added."""
    profile: Profile | None = None
    """The profile set at run time; None: the one that the driver declares."""
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    """The stored fields of the driver's memory, as JSON data."""
    added: bool = False
    """Whether the driver's `added` has run."""
    pin: str = ""
    """The SHA-256 of the certificate that it had when it was added; empty: none, or no TLS."""

    challenge: str = ""
    """How it asked for its Digest login: algorithm, qop and realm; empty: never."""
    is_identified: bool = False
    """Whether it has ever reported its own id. From then on, it must always do so."""
    call_token: str = ""
    """The secret in the URL at which it reaches the hub, if it calls by itself; empty: none yet."""
    calls_by_token: bool = False
    """Whether it has ever called by that: from then on, its id alone is not enough."""
    way_pins: dict[str, str] = field(default_factory=dict[str, str])
    """The certificates that it has on ways beside the first, by name, if they are others."""
    told: tuple[str, ...] = ()
    """What it has told of what it may lack by its profile, as `place_of` names it."""

    def as_dict(self) -> dict[str, Any]:
        """Return the record as JSON data."""
        return {
            "identity": asdict(self.identity),
            "addresses": [[a.host, a.port, *([a.path] if a.path else [])] for a in self.addresses],
            "profile": self.profile.as_dict() if self.profile else None,
            "fields": self.fields,
            "added": self.added,
            "pin": self.pin,
            "challenge": self.challenge,
            "is_identified": self.is_identified,
            "call_token": self.call_token,
            "calls_by_token": self.calls_by_token,
            "way_pins": self.way_pins,
            "told": list(self.told),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Return the record that `as_dict` wrote, perhaps in an older or newer version.

        Invalid data is left out.
        """
        return cls(
            _identity(_object(data.get("identity"))),
            _addresses(data.get("addresses")),
            _profile(data.get("profile")),
            _object(data.get("fields")),
            bool(data.get("added")),
            _text(data.get("pin")),
            _text(data.get("challenge")),
            data.get("is_identified") is True,
            _text(data.get("call_token")),
            data.get("calls_by_token") is True,
            _texts(data.get("way_pins")),
            _listed(data.get("told")),
        )


def _identity(data: dict[str, Any]) -> Identity:
    names = {f.name for f in fields(Identity)}
    return Identity(**{k: v for k, v in data.items() if k in names and isinstance(v, str)})


def _addresses(data: object) -> tuple[Address, ...]:
    addresses: list[Address] = []
    for item in cast("list[object]", data) if isinstance(data, list) else ():
        match item:
            case [str(host), int(port)]:
                addresses.append(Address(host, port))
            case [str(host), int(port), str(path)]:
                addresses.append(Address(host, port, path))
            case _:
                pass
    return tuple(addresses)


def _profile(data: object) -> Profile | None:
    """Return the profile; None, for the one that the driver declares, if nothing in it is valid."""
    profile = Profile.from_dict(_object(data))
    return None if data != {} and not profile.components else profile


def _text(data: object) -> str:
    return data if isinstance(data, str) else ""


def _texts(data: object) -> dict[str, str]:
    return {name: text for name, text in _object(data).items() if isinstance(text, str)}


def _listed(data: object) -> tuple[str, ...]:
    texts = cast("list[object]", data) if isinstance(data, list) else ()
    return tuple(text for text in texts if isinstance(text, str))


def _object(data: object) -> dict[str, Any]:
    return dict(cast("dict[str, Any]", data)) if isinstance(data, dict) else {}
