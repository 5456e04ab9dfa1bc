"""What handlers may look like: whatever Python can call with the arguments of the command."""

from collections.abc import Callable
from types import new_class
from typing import TYPE_CHECKING, Any, cast, override

import pytest

from lan_edge import (
    Confirm,
    Driver,
    DriverError,
    Http,
    JsonRpc,
    LightIntent,
    Profile,
    Switch,
    SwitchLevel,
    handles,
    handles_many,
)

from ..bench import BenchDevice, new_device, online, send

if TYPE_CHECKING:
    Unseen = float


type Mark = Callable[[Callable[..., Any]], Any]
"""Makes a method a handler, whatever it takes."""
of_on: Mark = cast("Any", handles(Switch.on))
of_level: Mark = cast("Any", handles(SwitchLevel.set_level))
of_light: Mark = cast("Any", handles(LightIntent))
of_levels: Mark = cast("Any", handles_many(SwitchLevel.set_level))
of_lights: Mark = cast("Any", handles_many(LightIntent))


def driver(method: Any, *, fades: bool = True) -> type[Driver[Any]]:
    """Define a driver with a handler."""

    def fill(body: dict[str, Any]) -> None:
        body |= {"id": "test_takes", "fades": fades, method.__name__: method}
        body["profile"] = Profile(Switch if method.__name__.startswith("on") else SwitchLevel)
        if method.__name__.startswith("on"):
            body["turn_off"] = off

    return new_class("Takes", (Driver[Http],), exec_body=fill)


@handles(Switch.off)
async def off(self: Any) -> None: ...


@of_level
async def extra(self: Any, level: int, rate: float | None = None, tries: int = 3) -> None: ...


@of_level
async def by_name(self: Any, *, level: int, rate: float | None = None) -> None: ...


@of_level
async def rest(self: Any, level: int, **rest: Any) -> None: ...


@of_level
async def other_order(self: Any, rate: float | None, level: int) -> None: ...


@of_level
async def anything(*_: Any, **__: Any) -> None: ...


@of_on
async def on_more(self: Any, tries: int = 3, *, fast: bool = False, **_: Any) -> None: ...


@of_light
async def light_more(self: Any, intent: LightIntent, tries: int = 3) -> None: ...


@of_light
async def light_rest(self: Any, *intents: LightIntent) -> None: ...


@of_level
async def undefined(self: Any, level: int, rate: Unseen | None = None) -> None: ...


@pytest.mark.parametrize(
    "method",
    [extra, by_name, rest, other_order, anything, on_more, light_more, light_rest, undefined],
)
def test_what_python_can_call_is_a_handler(method: Any) -> None:
    assert driver(method).handlers


@of_level
async def positional(self: Any, level: int, rate: float | None = None, /) -> None: ...


@of_level
async def demands_more(self: Any, level: int, rate: float | None, tries: int) -> None: ...


@of_level
async def without_rate(self: Any, level: int) -> None: ...


@of_level
async def without_level(self: Any, rate: float | None = None) -> None: ...


@of_light
async def light_by_name(self: Any, *, intent: LightIntent) -> None: ...


@pytest.mark.parametrize("method", [positional, demands_more, without_rate, without_level])
def test_what_it_cannot_call_is_none(method: Any) -> None:
    write = rf"write async def {method.__name__}\(self, level, rate\)"
    with pytest.raises(DriverError, match=rf"which takes \['level', 'rate'\]: {write}"):
        driver(method)


def test_an_intent_is_passed_by_position() -> None:
    with pytest.raises(DriverError, match="which is passed as one argument"):
        driver(light_by_name)


@of_levels
async def many_more(self: Any, components: Any, level: int, *, rate: Any, x: int = 3) -> None: ...


@of_lights
async def many_lights(self: Any, components: Any, light: LightIntent, tries: int = 3) -> None: ...


@of_levels
async def many_without_rate(self: Any, components: Any, level: int) -> None: ...


def test_for_several_components() -> None:
    for method in (many_more, many_lights):
        assert driver(method).many_handlers
    assert driver(many_without_rate, fades=False).many_handlers
    with pytest.raises(DriverError, match=r"self, components, level, rate\)"):
        driver(many_without_rate)


def test_a_light_that_cannot_fade_need_not_take_a_time() -> None:
    assert driver(without_rate, fades=False).handlers
    with pytest.raises(DriverError, match=r"which takes \['level'\]: write .*\(self, level\)"):
        driver(without_level, fades=False)
    with pytest.raises(DriverError, match="or fades = False if its lights take no time"):
        driver(without_rate)


class Plain(Driver[JsonRpc]):
    """A lamp that cannot fade."""

    id = "test_plain_lamp"
    profile = Profile(SwitchLevel)
    fades = False
    confirm = Confirm.ECHO
    taken: tuple[Any, ...] = ()

    @override
    async def identify(self) -> str:
        return "bench-1"

    @handles(SwitchLevel.set_level)
    async def set_plainly(self, level: int) -> None:
        self.taken = (level,)


class Fading(Plain):
    """A model of it that can."""

    fades = True

    @handles(SwitchLevel.set_level)
    async def set_slowly(self, level: int, rate: float | None = None, tries: int = 3) -> None:
        self.taken = level, rate, tries


@pytest.mark.parametrize(("kind", "taken"), [(Plain, (30,)), (Fading, (30, 2, 3))])
async def test_a_handler_is_called_with_what_it_takes(
    kind: type[Plain], taken: tuple[Any, ...]
) -> None:
    async with BenchDevice() as peer, online(new_device(kind, peer.address)) as device:
        await send(device, SwitchLevel.set_level, level=30, rate=2)
        driver: Any = device.driver
        assert driver.taken == taken
        assert device.state.get(SwitchLevel.level) == 30
