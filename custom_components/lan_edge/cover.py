"""Covers: shades, blinds, doors and garage doors, with level and slats where they have them."""

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
from .entities.mapping import View
from .entities.platform_setup import setup_entry_of
from .entity import LanEdgeEntity

PARALLEL_UPDATES = 0  # each device keeps its commands in order by itself

OPEN, CLOSED = 100, 0
"""The levels of what is open and what is closed, in percent."""
CLASSES = {"garagedoor": CoverDeviceClass.GARAGE, **{c.value: c for c in CoverDeviceClass}}
"""What a cover is, by the category of its component."""
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
WORDS = {
    WindowShade.open: ShadeCommand.OPEN,
    WindowShade.close: ShadeCommand.CLOSE,
    WindowShade.pause: ShadeCommand.PAUSE,
}
"""How a shade names what it can be told."""
IS_CLOSED = {
    ShadeState.CLOSED: True,
    ShadeState.CLOSING: False,
    ShadeState.OPEN: False,
    ShadeState.OPENING: False,
    ShadeState.PARTIALLY_OPEN: False,
    ShadeState.PAUSED: False,
}
"""A door's states are the same words, so they are found here too."""


class LanEdgeCover(LanEdgeEntity, CoverEntity):
    """Something that opens and closes, by commands or by its level alone."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Look at what the cover's component can do."""
        super().__init__(coordinator, view)
        self._shows = next((a for c, a in STATES.items() if c in view.shows), None)
        self._attr_device_class = self._class()

    def _class(self) -> CoverDeviceClass:
        """Return what the component says it is, else what its capability is for."""
        said = self._shows.device_class if self._shows is not None else None
        return CLASSES.get(self.category) or CLASSES.get(said or "", CoverDeviceClass.SHADE)

    @property
    @override
    def supported_features(self) -> Feature:
        """What can be done now: a shade may say so."""
        features = Feature(0)
        for command in filter(self._allows, self.can & FEATURES.keys()):
            features |= FEATURES[command]
        return features

    def _allows(self, command: Command[...]) -> bool:
        told = self.read(WindowShade.supported_window_shade_commands)
        return command not in WORDS or told is None or WORDS[command] in told

    @property
    @override
    def is_opening(self) -> bool | None:
        """Whether it is on its way open."""
        return self._is(ShadeState.OPENING)

    @property
    @override
    def is_closing(self) -> bool | None:
        """Whether it is on its way closed."""
        return self._is(ShadeState.CLOSING)

    def _is(self, wanted: ShadeState) -> bool | None:
        said = self.read(self._shows) if self._shows is not None else None
        return None if said is None else bool(said == wanted)

    @property
    @override
    def is_closed(self) -> bool | None:
        """Whether it is closed, by its state, else by its level."""
        said = self.read(self._shows) if self._shows is not None else None
        if said in IS_CLOSED:
            return IS_CLOSED[said]
        level = self.read(WindowShadeLevel.shade_level)
        return None if level is None else level == CLOSED

    @property
    @override
    def current_cover_position(self) -> int | None:
        """How far it is open, in percent."""
        return self.read(WindowShadeLevel.shade_level)

    @property
    @override
    def current_cover_tilt_position(self) -> int | None:
        """How far its slats are open, in percent."""
        return self.read(WindowShadeTiltLevel.shade_tilt_level)

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        """Open it."""
        await self._go(Feature.OPEN, OPEN)

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        """Close it."""
        await self._go(Feature.CLOSE, CLOSED)

    async def _go(self, feature: Feature, level: int) -> None:
        """Use the command for it, else the level."""
        own = (c for c in FEATURES if c in self.can and FEATURES[c] == feature and self._allows(c))
        if (command := next(own, None)) is not None:
            await self.send(command)
        else:
            await self.send(WindowShadeLevel.set_shade_level, level)

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        """Stop it where it is."""
        await self.send(WindowShade.pause)

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        """Open it so far."""
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
        """Turn the slats so far."""
        await self.send(WindowShadeTiltLevel.set_shade_tilt_level, kwargs[ATTR_TILT_POSITION])


async_setup_entry = setup_entry_of(Platform.COVER, LanEdgeCover)
