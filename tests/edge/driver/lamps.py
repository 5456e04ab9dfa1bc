"""Drivers for the tests: families of lamps, and sub-drivers for their models."""

from typing import Any

from lan_edge import Driver, Http, Identity, Mdns, Profile, Switch, handles


def family(name: str = "test_lamp", **more: Any) -> type[Driver[Any]]:
    """Return a new driver class."""

    class Lamp(Driver[Http]):
        id = name
        profile = Profile(Switch)
        options = more.get("options")
        discovery = more.get("discovery", (Mdns("_lamp._tcp.local.", unique_id="{txt[id]}"),))

        @handles(Switch.on)
        async def turn_on(self) -> None:
            """Do nothing."""

        @handles(Switch.off)
        async def turn_off(self) -> None:
            """Do nothing."""

    return Lamp


def sub(parent: type[Driver[Any]], model: str) -> type[Driver[Any]]:
    """Return a sub-driver for the models that begin with `model`."""

    class Sub(parent):  # type: ignore[misc, valid-type]
        @classmethod
        def can_handle(cls, identity: Identity) -> bool:
            if identity.model == "bug":
                raise KeyError(model)
            return identity.model.startswith(model)

        @handles(Switch.on)
        async def sub_on(self) -> None:
            """Do nothing."""

    Sub.__name__ = Sub.__qualname__ = f"Sub{model}"
    return Sub
