"""Console relay: a prompt over TCP on port 2323; a login, then `serial`, `relay` and `relay on`."""

from dataclasses import dataclass
from typing import Annotated

from lan_edge import (
    CredentialsError,
    Driver,
    Label,
    Profile,
    RefusedError,
    Stream,
    StreamOptions,
    Switch,
    handles,
    register,
)

PROMPT = b"\n> "


@dataclass(frozen=True)
class ConsoleSettings:
    password: Annotated[str, Label("Password", secret=True)] = ""


@register
class Console(Driver[Stream]):
    id = "console"
    profile = Profile(Switch)
    settings: ConsoleSettings

    def transport_options(self) -> StreamOptions:
        return StreamOptions(port=2323, login=self.log_in)

    async def log_in(self, io: Stream) -> None:
        await io.read_until(b"login: ")
        password = self.settings.password
        io.write(f"admin {password}\n".encode(), secret=password)
        if (await io.read_until(PROMPT)).startswith(b"denied"):
            raise CredentialsError("the password is wrong")

    async def run(self, command: str) -> str:
        self.io.write(f"{command}\n".encode())
        answer = (await self.io.read_until(PROMPT)).removesuffix(PROMPT).decode("latin-1")
        if answer.startswith("error"):
            raise RefusedError(answer)
        return answer

    async def identify(self) -> str:
        return await self.run("serial")

    async def refresh(self) -> None:
        self.emit_parsed(Switch.switch, await self.run("relay"))

    @handles(Switch.on)
    async def turn_on(self) -> None:
        await self.run("relay on")

    @handles(Switch.off)
    async def turn_off(self) -> None:
        await self.run("relay off")
