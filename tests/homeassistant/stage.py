"""A driver for tests, on the JSON bulb's protocol: it plays any part it is given.

It handles the commands, or the intents, that a test names, by telling the device; what the
device shows, a test emits.
"""

from collections.abc import Callable, Iterable
import inspect
from typing import Any, override

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.lan_edge.edge import (
    Attribute,
    Capability,
    Command,
    Confirm,
    Driver,
    Intent,
    JsonRpc,
    Profile,
    handles,
    register,
)

from .common import BULB_ID, device_of, set_up
from .lab import ObedientBulb

type Doing = Command[...] | type[Intent]
type Said = list[tuple[str, dict[str, Any], str]]
"""What the device was told: the command's name, its arguments, the component."""


class Actor(ObedientBulb):
    """A device that does as it is told, and shows nothing by itself."""

    @property
    def said(self) -> Said:
        """What it was told since it was asked last."""
        told = [r.params for r in self.log if r.command == "do"]
        self.log.clear()
        return [(t["what"], t["with"], t["part"]) for t in told]


def stage(
    profile: Profile,
    *more: Doing,
    parts: tuple[type[Capability], ...] = (),
    on_first: bool = False,
    reading: Callable[[Driver[Any]], None] = lambda _: None,
) -> type[Driver[JsonRpc]]:
    """Register the driver; it handles what the profile demands, and `more`.

    An intent among them takes the place of the commands it covers. `reading` runs in each read.
    """
    doing = _handled(profile, parts, more)
    methods = {f"do_{what.id.replace('.', '_')}": _handler(what) for what in doing}

    its_profile, its_parts, goes_on_first = profile, parts, on_first

    @register
    class Stage(Driver[JsonRpc]):
        id = "stage"
        confirm = Confirm.ANSWER
        profile = its_profile
        parts = its_parts
        on_first = goes_on_first
        vars().update(methods)

        @override
        async def identify(self) -> str:
            return str((await self.io.call("info"))["id"])

        @override
        async def refresh(self) -> None:
            reading(self)

    return Stage


def _handled(
    profile: Profile, parts: Iterable[type[Capability]], more: tuple[Doing, ...]
) -> Iterable[Doing]:
    known = [*profile.commands(), *(c for part in parts for c in part.commands)]
    covered = [p.command for m in more if isinstance(m, type) for p in m.parts]
    needed = [c for c in known if not c.optional and c not in covered]
    return dict.fromkeys((*needed, *more))


def _handler(what: Doing) -> Any:
    """Return a method that has the arguments that a handler must have."""

    async def handler(self: Any, *intents: Intent, **arguments: Any) -> None:
        if intents:
            arguments = intents[0].asked()
        name = what.name if isinstance(what, Command) else what.__name__
        await self.io.call("do", what=name, part=self.component, **{"with": arguments})

    names = [a.name for a in what.arguments] if isinstance(what, Command) else ["intent"]
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind) for name in ("self", *names)]
    handler.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    handler.__name__ = f"do_{what.id.replace('.', '_')}"
    return handles(what)(handler)


async def enter(hass: HomeAssistant, device: Actor, **data: Any) -> MockConfigEntry:
    """Return the loaded entry of the device on the stage."""
    return await set_up(hass, "stage", BULB_ID, device, **data)


def show[T](
    entry: MockConfigEntry, attribute: Attribute[T], value: T, component: str = "main"
) -> None:
    """Have the device report a value."""
    device_of(entry).driver.emit(attribute, value, component)  # type: ignore[attr-defined]
