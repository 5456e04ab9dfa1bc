"""What is known of a device: who it is, what it has, and what its driver keeps of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
import logging
from typing import Any, cast

from .capability import Command
from .discovery import MAX_FIELD, plain
from .dispatcher import Dispatcher
from .errors import CertificateError, IdentityError
from .guard import Guard
from .history import History
from .pilot import Pilot
from .profile import Profile
from .record import Identity, Record
from .settings import read_settings
from .state import State
from .trace import Trace

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class Observer:
    """Whom a device tells what its state does not; none of these may raise."""

    online: Callable[[], None] = lambda: None
    """It is connected, proven and read, perhaps after a drop that nobody saw."""
    available: Callable[[], None] = lambda: None
    """The device, or a component of it, came or went."""
    record: Callable[[], None] = lambda: None
    """What is to be kept changed."""
    profile: Callable[[], None] = lambda: None
    secrets: Callable[[], None] = lambda: None
    """A secret is to be kept, at once."""
    credentials: Callable[[], None] = lambda: None
    """The device does not take the login any more."""
    certificate: Callable[[CertificateError], None] = lambda _changed: None
    """Its certificate is not the pinned one; told once for each other one that is found."""
    impostor: Callable[[IdentityError], None] = lambda _found: None
    """Another one answers where it was proven last, and goes on to."""


@lru_cache(maxsize=256)
def _dispatcher(family: type[Pilot]) -> Dispatcher:
    """Return what all devices of a family share: it looks everything up once."""
    return Dispatcher(family)


class Known(ABC):
    """A device as far as it is known, connected or not."""

    driver: Pilot
    _away: frozenset[str] = frozenset()

    def __init__(
        self,
        family: type[Pilot],
        record: Record,
        settings: Mapping[str, Any] | None,
        secrets: Mapping[str, str] | None,
    ) -> None:
        """Begin with what was kept of it."""
        self.record = record
        self.settings: Any = None
        """What the user set, as the driver's dataclass for it."""
        self._chosen = dict(settings or {})
        self.secrets = dict(secrets or {})
        self.observer = Observer()
        self.trace = Trace()
        self.history = History()
        self.dispatcher = _dispatcher(family)
        self.fields: dict[str, Any] = {}
        """What the driver remembers until the end of this run."""
        self._guard = Guard(self)
        self._use(cast("type[Pilot]", self.dispatcher.choose(record.identity)))
        self.state = State(self.label, self.profile, self.trace)

    def _use(self, driver: type[Pilot]) -> None:
        """Have that driver; what the user chose is read as it understands it."""
        self.settings, wrong = read_settings(driver.Settings, self._chosen)
        self.driver = driver(self)
        for key, why in wrong.items():
            _LOGGER.warning("%s: the setting %s is left at its default: %s", self.label, key, why)

    @property
    def identity(self) -> Identity:
        """Who and what the device is."""
        return self.record.identity

    @property
    def profile(self) -> Profile:
        """What it can do: as stored or set at run time, else as its driver declares."""
        return self.record.profile or self.driver.profile

    @property
    @abstractmethod
    def available(self) -> bool:
        """Whether it is there, short drops aside."""

    def component_available(self, component: str) -> bool:
        """Whether a component is there: the device is, has it, and did not say otherwise."""
        known = component in self.profile.components
        return self.available and known and component not in self._away

    @property
    def errors(self) -> dict[str, int]:
        """How often driver code failed, by what failed."""
        return self._guard.errors

    @property
    def label(self) -> str:
        """The device and its driver, for the log."""
        identity = self.record.identity
        return f"{identity.name or identity.unique_id or 'new device'} ({self.driver.id})"

    def explain(self, command: Command[...]) -> list[str]:
        """Say, line by line, who handles the command, and why."""
        return self.dispatcher.explain(self.identity, command)

    def handles(self, command: Command[...]) -> bool:
        """Whether the driver carries the command out."""
        return self.dispatcher.find(type(self.driver), command) is not None

    def describe(self, **what: str) -> None:
        """Learn more about the device: any of Identity's fields; empty ones say nothing.

        It goes into logs, names and the disk: it is one line, and not a long one.
        """
        told = {k: plain(v[:MAX_FIELD]) for k, v in what.items()}
        known = replace(self.identity, **{k: v for k, v in told.items() if v})
        if known != self.identity:
            self.record.identity = known
            self._guard.call(self.observer.record)

    def set_profile(self, profile: Profile) -> None:
        """Have other components or capabilities from now on; not before identity is proven.

        Raises ReplyError where these are more than a device can have.
        """
        if self.state.proven and profile != self.profile:
            profile.check()
            self.record.profile = profile
            self._away &= profile.components.keys()
            self.state.forget(profile)
            self._guard.call(self.observer.record)
            self._guard.call(self.observer.profile)

    def set_available(self, component: str, available: bool) -> None:
        """Take it from the driver that a component is there, or away, while the device is."""
        if self.state.proven and available is (component in self._away):
            self._away ^= {component}
            self._guard.call(self.observer.available)

    def set_field(self, key: str, value: Any, *, persist: bool = False) -> None:
        """Remember a value for the driver, until the end of this run or for good."""
        self.fields.pop(key, None)
        kept = self.record.fields.pop(key, None)
        (self.record.fields if persist else self.fields)[key] = value
        if persist or kept is not None:
            self._guard.call(self.observer.record)

    def set_secret(self, key: str, value: str) -> None:
        """Keep what lets us in: a token, a password; it never shows anywhere."""
        if self.secrets.get(key) != value:
            self.secrets[key] = value
            self._guard.call(self.observer.secrets)
