"""Which components a device has, and which of them are there."""

from collections.abc import Collection
from typing import Any, Protocol

from ..capabilities.definition import Attribute
from ..capabilities.profile import MAX_COMPONENTS, Profile, place_of
from .guard import Guard
from .observer import Observer
from .privacy import DevicePrivacy
from .record import Record
from .state import State


class ComponentsOwner(Protocol):
    """The device that has the components."""

    record: Record
    state: State
    privacy: DevicePrivacy
    guard: Guard
    observer: Observer

    @property
    def profile(self) -> Profile:
        """The current profile of the device."""
        ...

    @property
    def declared(self) -> Profile:
        """The profile with all that the device may lack."""
        ...


class Components:
    """The components of one device: they follow what its driver says of its profile."""

    __slots__ = ("_owner", "absent", "unavailable")

    def __init__(self, owner: ComponentsOwner) -> None:
        """Begin with the stored profile of `owner`."""
        self._owner = owner
        self.unavailable: frozenset[str] = frozenset()
        """Those that the driver reported as unavailable."""
        self.absent: frozenset[str] = frozenset()
        """Those that the driver's last profile did not have: kept, but unavailable."""

    def is_there(self, component: str) -> bool:
        """Return whether a component is available while the device itself is."""
        is_kept = component in self._owner.profile.components
        return is_kept and component not in self.absent and component not in self.unavailable

    def follow(self, profile: Profile) -> None:
        """Change components and capabilities, and keep the components that `profile` lacks.

        They are unavailable, and their values unknown: a device that does not list a part may only
        not hear it at the moment. What the driver declares, before it has read the device, does not
        count. Raises ReplyError as `replace`.
        """
        owner = self._owner
        if not owner.state.is_proven:
            return
        profile.check()
        former = owner.record.profile
        kept = profile if former is None else profile.with_absent(former)
        absent = frozenset(kept.components.keys() - profile.components.keys())
        was_absent, self.absent = self.absent, absent
        self.unavailable -= absent
        owner.state.forget(absent - was_absent)
        if kept != owner.declared:
            self._use(kept)
        if absent != was_absent:
            owner.guard.call(owner.observer.on_available)

    def remove(self, components: Collection[str]) -> None:
        """Remove components that no longer exist."""
        profile = self._owner.declared
        if not profile.components.keys().isdisjoint(components):
            self._use(profile.without(components))

    def told(self, component: str, attribute: Attribute[Any]) -> bool:
        """Take note of a value that the profile lacks; return whether it has it from now on.

        The device may lack it by what is declared: it has it, and keeps it.
        """
        owner = self._owner
        declared = owner.declared.components.get(component)
        if declared is None or not declared.has(attribute):
            return False
        owner.record.told = (*owner.record.told, place_of(component, attribute))
        owner.state.change_profile(owner.profile)
        owner.guard.call(owner.observer.on_record)
        owner.guard.call(owner.observer.on_profile)
        return True

    def remove_absent(self, component: str) -> bool:
        """Remove a component that the device no longer lists; return whether it was one."""
        if is_absent := component in self.absent:
            self.remove({component})
        return is_absent

    def replace(self, profile: Profile) -> None:
        """Replace components and capabilities, if the identity is proven.

        Raises ReplyError if there are more than a device can have.
        """
        if self._owner.state.is_proven and profile != self._owner.declared:
            profile.check()
            self._use(profile)

    def set_available(self, component: str, available: bool) -> None:
        """Set whether a component is available while the device itself is."""
        owner = self._owner
        has_room = available or len(self.unavailable) < MAX_COMPONENTS
        if owner.state.is_proven and has_room and available is (component in self.unavailable):
            self.unavailable ^= {component}
            owner.guard.call(owner.observer.on_available)

    def _use(self, profile: Profile) -> None:
        owner = self._owner
        former, owner.record.profile = owner.declared, profile
        owner.privacy.keep_names(former)
        self.unavailable &= profile.components.keys()
        self.absent &= profile.components.keys()
        owner.state.change_profile(owner.profile)
        owner.guard.call(owner.observer.on_record)
        owner.guard.call(owner.observer.on_profile)
