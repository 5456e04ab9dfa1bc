"""Covers: shades, blinds, doors and garage doors."""

from typing import Any, override

from homeassistant.components.cover import (
    ATTR_POSITION,
    ATTR_TILT_POSITION,
    CoverDeviceClass,
    CoverEntity,
    CoverEntityFeature as Feature,
)
from homeassistant.const import Platform

from lan_edge import (
    Attribute,
    Command,
    DoorControl,
    GarageDoorControl,
    ShadeCommand,
    ShadeState,
    WindowShade,
    WindowShadeLevel,
    WindowShadeTiltLevel,
)

from .coordinator import LanEdgeCoordinator
from .entities.lifecycle import setup_entry_of
from .entities.mapping import EntitySpec
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # the library queues the commands of each device

OPEN, CLOSED = 100, 0
"""Levels in percent."""
CLASSES = {"garagedoor": CoverDeviceClass.GARAGE, **{c.value: c for c in CoverDeviceClass}}
"""The device class by the category of the component."""
STATES: dict[type[Any], Attribute[Any]] = {
    WindowShade: WindowShade.window_shade,
    GarageDoorControl: GarageDoorControl.door,
    DoorControl: DoorControl.door,
}
FEATURES: dict[Command[...], Feature] = {
    WindowShade.open: Feature.OPEN,
    WindowShade.close: Feature.CLOSE,
    WindowShade.pause: Feature.STOP,
    GarageDoorControl.open: Feature.OPEN,
    GarageDoorControl.close: Feature.CLOSE,
    DoorControl.open: Feature.OPEN,
    DoorControl.close: Feature.CLOSE,
    WindowShadeLevel.set_shade_level: Feature.OPEN | Feature.CLOSE | Feature.SET_POSITION,
    WindowShadeTiltLevel.set_shade_tilt_level: (
        Feature.OPEN_TILT | Feature.CLOSE_TILT | Feature.SET_TILT_POSITION
    ),
}
SHADE_COMMANDS = {
    WindowShade.open: ShadeCommand.OPEN,
    WindowShade.close: ShadeCommand.CLOSE,
    WindowShade.pause: ShadeCommand.PAUSE,
}
"""The commands that a shade may list as supported."""
IS_CLOSED = {
    ShadeState.CLOSED: True,
    ShadeState.CLOSING: False,
    ShadeState.OPEN: False,
    ShadeState.OPENING: False,
    ShadeState.PARTIALLY_OPEN: False,
    ShadeState.PAUSED: False,
}
"""The states of doors are equal to those of shades, so they work as keys, too."""
BETWEEN = (ShadeState.PARTIALLY_OPEN, ShadeState.PAUSED)
"""The states in which something can both open and close."""


class LanEdgeCover(LanEdgeEntity, CoverEntity):
    """Something that opens and closes, by commands or by its level alone."""

    def __init__(self, coordinator: LanEdgeCoordinator, spec: EntitySpec) -> None:
        """Use the state attribute and the device class of the cover's component."""
        super().__init__(coordinator, spec)
        capabilities = spec.capabilities
        self._state_attribute = next((a for c, a in STATES.items() if c in capabilities), None)
        self._attr_device_class = self._device_class()

    def _device_class(self) -> CoverDeviceClass:
        """Return the class by the component's category, else by the capability."""
        attribute = self._state_attribute
        default = attribute.device_class if attribute is not None else None
        return CLASSES.get(self.category) or CLASSES.get(default or "", CoverDeviceClass.SHADE)

    @property
    @override
    def supported_features(self) -> Feature:
        """Return what is supported now; a shade may list its commands."""
        features = Feature(0)
        for command in filter(self._is_allowed, self.commands & FEATURES.keys()):
            features |= FEATURES[command]
        return features

    def _is_allowed(self, command: Command[...]) -> bool:
        listed = self.read(WindowShade.supported_window_shade_commands)
        return command not in SHADE_COMMANDS or listed is None or SHADE_COMMANDS[command] in listed

    @property
    @override
    def is_opening(self) -> bool | None:
        """Return whether it is opening."""
        return self._is(ShadeState.OPENING)

    @property
    @override
    def is_closing(self) -> bool | None:
        """Return whether it is closing."""
        return self._is(ShadeState.CLOSING)

    def _is(self, expected: ShadeState) -> bool | None:
        state = self._cover_state
        return None if state is None else bool(state == expected)

    @property
    def _cover_state(self) -> Any:
        return self.read(self._state_attribute) if self._state_attribute is not None else None

    @property
    @override
    def is_closed(self) -> bool | None:
        """Return whether it is closed, by its state, else, as while it is paused, by its level."""
        state, level = self._cover_state, self.read(WindowShadeLevel.shade_level)
        says_nothing = state == ShadeState.PAUSED and level is not None  # of where it stands
        if state in IS_CLOSED and not says_nothing:
            return IS_CLOSED[state]
        return None if level is None else level == CLOSED

    @property
    @override
    def assumed_state(self) -> bool:
        """Return whether it stands somewhere between, and nobody knows where.

        Home Assistant has no state for that, and offers no more opening for one that is open.
        """
        return self._cover_state in BETWEEN and self.current_cover_position is None

    @property
    @override
    def current_cover_position(self) -> int | None:
        """Return the position, 100 is open."""
        return self.read(WindowShadeLevel.shade_level)

    @property
    @override
    def current_cover_tilt_position(self) -> int | None:
        """Return the position of the slats, 100 is open."""
        return self.read(WindowShadeTiltLevel.shade_tilt_level)

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        """Open it."""
        await self._move(Feature.OPEN, OPEN)

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        """Close it."""
        await self._move(Feature.CLOSE, CLOSED)

    async def _move(self, feature: Feature, level: int) -> None:
        """Send the command of a feature if there is one, else the level."""
        for command, features in FEATURES.items():
            if features == feature and command in self.commands and self._is_allowed(command):
                await self.send(command)
                return
        await self.send(WindowShadeLevel.set_shade_level, level)

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        """Stop it."""
        await self.send(WindowShade.pause)

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        """Move it to a position."""
        await self.send(WindowShadeLevel.set_shade_level, kwargs[ATTR_POSITION])

    @override
    async def async_open_cover_tilt(self, **kwargs: Any) -> None:
        """Open the slats."""
        await self.send(WindowShadeTiltLevel.set_shade_tilt_level, OPEN)

    @override
    async def async_close_cover_tilt(self, **kwargs: Any) -> None:
        """Close the slats."""
        await self.send(WindowShadeTiltLevel.set_shade_tilt_level, CLOSED)

    @override
    async def async_set_cover_tilt_position(self, **kwargs: Any) -> None:
        """Tilt the slats to a position."""
        await self.send(WindowShadeTiltLevel.set_shade_tilt_level, kwargs[ATTR_TILT_POSITION])


async_setup_entry = setup_entry_of(Platform.COVER, LanEdgeCover)
