"""Gate: GET /id and /state over HTTP, each with the token on the gate's label."""

from dataclasses import dataclass
from typing import Annotated

from lan_edge import ContactSensor, Driver, Http, HttpOptions, Label, Profile, register


@dataclass(frozen=True)
class GateSettings:
    token: Annotated[
        str, Label("Token", "It is on the label.", secret=True, asked=True, required=True)
    ] = ""


@register
class Gate(Driver[Http]):
    id = "gate"
    profile = Profile(ContactSensor)
    settings: GateSettings

    def transport_options(self) -> HttpOptions:
        return HttpOptions(headers={"X-Token": self.settings.token}, login_statuses=(401, 403))

    async def identify(self) -> str:
        return await self.io.get_text("/id")

    async def refresh(self) -> None:
        self.emit(ContactSensor.contact, await self.io.get_text("/state") == "on")
