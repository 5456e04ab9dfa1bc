"""Switch with a session: POST /login gives a token, which the device forgets after a while."""

from dataclasses import dataclass
from typing import Annotated

from lan_edge import (
    CredentialsError,
    Driver,
    Http,
    HttpOptions,
    HttpSession,
    Label,
    Profile,
    Switch,
    handles,
    register,
    text_at,
)


@dataclass(frozen=True)
class SessionSwitchSettings:
    user: Annotated[str, Label("User name", asked=True)] = "admin"
    password: Annotated[str, Label("Password", secret=True, asked=True, required=True)] = ""


@register
class SessionSwitch(Driver[Http]):
    id = "session_switch"
    profile = Profile(Switch)
    settings: SessionSwitchSettings

    def transport_options(self) -> HttpOptions:
        return HttpOptions(login=self.log_in)

    async def log_in(self, io: Http) -> HttpSession | None:
        if not self.settings.password:
            return None
        login = {"user": self.settings.user, "password": self.settings.password}
        answer = (await io.post("/login", login, secret=self.settings.password)).json()
        if not (token := text_at(answer, "token")):
            raise CredentialsError("no token in the answer")
        return HttpSession(headers={"Authorization": f"Bearer {token}"})

    async def refresh(self) -> None:
        self.emit_parsed(Switch.switch, await self.io.get_text("/switch"))

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.io.post("/switch", "on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.io.post("/switch", "off")
