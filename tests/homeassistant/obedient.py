"""A driver to build on: it shows what its device pushes, and says what it is told."""

from typing import Any, override

from custom_components.lan_edge.edge import (
    Attribute,
    Confirm,
    Driver,
    JsonRpc,
    Profile,
    RpcMessage,
    Switch,
    capability,
)
from tests.emulators.json_bulb import JsonBulbEmulator

from .common import push
from .lab import ObedientBulb


class Obedient(Driver[JsonRpc]):
    """Subclasses have an id, a profile, and handlers that `say`."""

    id = "obedient"
    profile = Profile()
    confirm = Confirm.ECHO

    @override
    async def identify(self) -> str:
        return str((await self.io.call("info"))["id"])

    @override
    def on_message(self, message: RpcMessage) -> None:
        for name, value in message.data.get("shown", []):
            self.emit(attribute(name), value)

    async def say(self, **asked: Any) -> None:
        """Tell the device what is asked for, by name."""
        await self.io.call("say", **asked)


class Listener(ObedientBulb):
    """What it shows, tests push; what it was told, they ask."""

    @property
    def heard(self) -> list[dict[str, Any]]:
        """What it was told, call by call, since the last look."""
        heard = [r.params for r in self.log if r.command == "say"]
        self.log.clear()
        return heard


async def show(device: JsonBulbEmulator, *shown: tuple[Attribute[Any], Any]) -> None:
    """Have a device report values."""
    await push(device, shown=[[a.id, value] for a, value in shown])


def attribute(name: str) -> Attribute[Any]:
    """Return the attribute of an id."""
    owner = capability(name.partition(".")[0]) or Switch
    return next(a for a in owner.attributes if a.id == name)
