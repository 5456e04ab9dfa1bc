"""What a device reports by itself although it has not listed it: then it has to be read."""

from collections.abc import Callable
from typing import Any, Protocol

from ..capabilities.definition import Attribute
from ..capabilities.kinds import Kind
from ..capabilities.profile import Profile

MAX_COMPONENTS = 256
"""The most unknown components that are told apart."""


class Values(Protocol):
    """The values of a device, of which some list those of others."""

    profile: Profile

    @property
    def is_reading(self) -> bool:
        """Whether the value that is emitted now comes from a read that waits for its replies."""
        ...

    def get[T](self, attribute: Attribute[T], component: str) -> T | None:
        """Return the last value, or None if no value is known."""
        ...


class Unlisted:
    """The unlisted values and components of one device.

    A group of players may move to a stream, or a client may appear, that the last read did not
    list. Such a report asks for a read, unless it comes from a read itself; one that remains
    unlisted is not asked about again.
    """

    __slots__ = ("_components", "_state", "_values", "on_found")

    def __init__(self, state: Values) -> None:
        """Know of nothing yet."""
        self._state = state
        self._values: dict[tuple[str, str], Attribute[Any]] = {}
        """The attributes whose values have to be read about."""
        self._components: dict[str, bool] = {}
        """The unknown components, and whether they have to be read about."""
        self.on_found: Callable[[], None] = lambda: None
        """Called when something unlisted was reported."""

    def check_value(self, attribute: Attribute[Any], component: str) -> None:
        """Take note of a new value of an attribute whose values are listed by another one."""
        if attribute.kind is Kind.EVENT or self._state.is_reading:
            return
        if self._is_unlisted(attribute, component):
            self._values[component, attribute.id] = attribute
            self.on_found()

    def check_component(self, component: str) -> None:
        """Take note of a value for a component that the profile does not have."""
        is_known = component in self._state.profile.components or component in self._components
        if not is_known and len(self._components) < MAX_COMPONENTS:
            self._components[component] = not self._state.is_reading
            if self._components[component]:
                self.on_found()

    def profile_changed(self) -> None:
        """Forget the components that are known now."""
        known = self._state.profile.components
        self._components = {c: new for c, new in self._components.items() if c not in known}

    def take(self) -> bool:
        """Return whether anything is still unlisted that has not been read about."""
        found = any(self._components.values()) or any(
            self._is_unlisted(attribute, key[0]) for key, attribute in self._values.items()
        )
        self._values.clear()
        self._components = dict.fromkeys(self._components, False)
        return found

    def _is_unlisted(self, attribute: Attribute[Any], component: str) -> bool:
        options, value = attribute.options, self._state.get(attribute, component)
        listed: Any = None if options is None else self._state.get(options, component)
        return bool(listed) and bool(value) and value not in listed
