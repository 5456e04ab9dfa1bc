"""Vault: JSON lines over TCP, let in by a token that a PIN gives; its parts come and go."""

from dataclasses import dataclass
from typing import override

from lan_edge import (
    Ask,
    Component,
    CredentialsError,
    Driver,
    JsonRpc,
    Profile,
    RefusedError,
    Switch,
    handles,
    register,
)

MAX_PARTS = 64


@dataclass(frozen=True)
class VaultSettings:
    lamp: bool = False


@register
class Vault(Driver[JsonRpc]):
    id = "vault"
    profile = Profile(Switch)
    settings: VaultSettings

    @override
    async def pair(self, ask: Ask) -> None:
        async def accept(pin: str) -> None:
            self.set_secret("token", (await self.io.call("pair", pin=pin))["token"])

        await ask.text("pin", "The PIN under the lid", accept)

    @override
    async def identify(self) -> str:
        found = str((await self.io.call("info"))["id"])
        self.describe(name=found.title())
        return found

    @override
    async def connected(self) -> None:
        try:
            await self.io.call("login", token=self.secrets.get("token", ""))
        except RefusedError as err:
            raise CredentialsError(str(err)) from err
        await self.io.call("lamp", on=self.settings.lamp)

    @override
    async def refresh(self) -> None:
        await self.io.call("get")

    @override
    def on_message(self, message: JsonRpc.Message) -> None:
        if "parts" not in message.data:
            return
        count = message.data["parts"]
        parts = {
            f"part_{n}": Component((Switch,), f"Part {n}", child=True) for n in range(1, count + 1)
        }
        # it forgets nothing: those that it does not have any more are gone
        self.remove_components(*(f"part_{n}" for n in range(count + 1, MAX_PARTS)))
        self.set_profile(Profile(Switch, **parts))
        for part in ("main", *parts):
            self.emit(Switch.switch, message.data["on"], part)

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.call("set", on=True)

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.call("set", on=False)

    @override
    async def settings_changed(self, old: VaultSettings) -> None:
        await self.io.call("lamp", on=self.settings.lamp)

    @override
    async def removed(self) -> None:
        await self.io.call("forget")
