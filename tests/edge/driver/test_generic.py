"""Generic classes that drivers have in common: over their transport, and over their data."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pytest

from lan_edge import (
    Confirm,
    Driver,
    DriverError,
    Http,
    HttpOptions,
    JsonRpc,
    Lines,
    Profile,
    Switch,
    Transport,
    handles,
)


class Common[T: Transport](Driver[T]):
    """What two drivers have in common, whatever they speak."""

    profile = Profile(Switch)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        """Turn on."""

    @handles(Switch.off)
    async def turn_off(self) -> None:
        """Turn off."""


def test_the_transport_is_the_argument_of_the_common_class() -> None:
    class Rest(Common[Http]):
        id = "test_generic_rest"
        options = HttpOptions(port=8080)

    class Rpc(Common[JsonRpc]):
        id = "test_generic_rpc"

    assert (Rest.transport, Rpc.transport) == (Http, JsonRpc)
    context: Any = type("Context", (), dict.fromkeys(("io", "state", "settings", "memory")))
    assert Rest(context).transport_options() == HttpOptions(port=8080)
    assert (Rest(context).poll_interval, Rest(context).confirm_by) == (Http.poll, Confirm.READ)
    assert Rpc(context).confirm_by is Confirm.PUSH


def test_several_levels_and_parameters() -> None:
    @dataclass
    class Kept:
        last: int = 0

    @dataclass(frozen=True)
    class Chosen:
        fade: int = 1

    class Middle[M, S, T: Transport](Common[T]):
        memory: M
        settings: S

    class Lower[S, T: Transport](Middle[Kept, S, T]):
        pass

    class Lowest(Lower[Chosen, Lines]):
        id = "test_generic_lowest"

    class Sub(Lowest):
        pass

    for each in (Lowest, Sub):
        assert each.transport is Lines
        assert (each.Memory, each.Settings) == (Kept, Chosen)


def test_a_common_class_in_the_older_way_and_beside_a_plain_one() -> None:
    older = TypeVar("older", bound=Transport)

    class Older(Driver[older], Generic[older]):
        profile = Profile()

    class Mixed:
        """Something that is no driver."""

    class Rest(Mixed, Older[Http]):
        id = "test_generic_older"

    assert Rest.transport is Http


def test_the_default_of_a_parameter() -> None:
    class Usual[T: Transport = Http](Driver[T]):
        profile = Profile()

    class Rest(Usual):
        id = "test_generic_default"

    class Rpc(Usual[JsonRpc]):
        id = "test_generic_other"

    assert (Rest.transport, Rpc.transport) == (Http, JsonRpc)


def test_a_driver_must_say_which_transport_it_uses() -> None:
    with pytest.raises(DriverError, match=r"names no transport: write class Rest\(Common\[Http\]"):

        class Rest(Common):  # type: ignore[type-arg]
            id = "test_generic_missing"

    with pytest.raises(DriverError, match="names no transport"):

        class Number(Common[int]):  # type: ignore[type-var]
            id = "test_generic_number"

    with pytest.raises(DriverError, match="names no transport"):

        class Whole[T: Transport](Driver[T]):
            id = "test_generic_whole"
            profile = Profile()


def test_the_options_must_be_those_of_the_transport() -> None:
    class Ported[T: Transport](Driver[T]):
        profile = Profile()
        options = HttpOptions(port=8080)

    class Rest(Ported[Http]):
        id = "test_generic_options"

    assert Rest.transport is Http
    with pytest.raises(DriverError, match="options must be a"):

        class Rpc(Ported[JsonRpc]):
            id = "test_generic_wrong_options"
