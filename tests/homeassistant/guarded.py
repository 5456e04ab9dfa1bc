"""A device that lets in only those who know its token, and a driver that asks for it.

It is a REST switch; POST /token tells the token: to the PIN, or while its button is pressed.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import json
from typing import Annotated, Any, override

from lan_edge import (
    Ask,
    Driver,
    Http,
    HttpOptions,
    Profile,
    Stored,
    Switch,
    handles,
)
from tests.emulators.http_messages import Answer, Request
from tests.emulators.rest_switch import RestSwitchEmulator

from .own_drivers import add_driver

TOKEN = "t0ken-of-the-demo"
PIN = "4711-ä"
PATIENCE = 2.0
NEWER, CERTIFICATE, CHALLENGE = "S2", "ab" * 32, "MD5 auth safe"

type Script = Callable[[Any, Ask], Awaitable[None]]


class GuardedSwitch(RestSwitchEmulator):
    """The switch; `locked_out` counts the requests that it refused for want of the token."""

    def __init__(self, id: str = "guarded-1") -> None:  # noqa: A002 - the protocol's word
        super().__init__(id=id, name="Safe")
        self.token = TOKEN
        self.pressed = False
        self.locked_out = 0

    @override
    def _answer(self, request: Request) -> Answer:
        if request.path == "/token":
            knows = self.pressed or request.body.decode() == PIN
            return Answer(200, self.token.encode()) if knows else Answer(401)
        if request.headers.get("authorization") != self.token:
            self.locked_out += 1
            return Answer(401)
        if request.path == "/id":
            return Answer(200, self.identity.encode())
        return super()._answer(request)


async def by_button(driver: Any, ask: Ask) -> None:
    """Wait for a button."""
    text = "Press the button on the safe"
    driver.set_secret("token", await ask.press("button", text, driver.token, seconds=PATIENCE))


async def by_pin(driver: Any, ask: Ask) -> None:
    """Ask for a PIN until it is right."""

    async def accept(pin: str) -> None:
        driver.set_secret("token", await driver.token(pin))
        driver.set_secret("pin", pin)

    await ask.text("pin", "The PIN under the lid", accept)


async def by_model(driver: Any, ask: Ask) -> None:
    """Ask for the PIN, and keep what comes with the token: its model, and a certificate."""
    await by_pin(driver, ask)
    driver.memory.told = NEWER
    driver.io._link.pin.value = CERTIFICATE
    driver.io._link.challenge.value = CHALLENGE


async def by_token(driver: Any, ask: Ask) -> None:
    """Take a token as it is: whether it is right shows at the first connection."""
    driver.set_secret("token", await ask.text("token", "The token of its web page", secret=False))


async def by_choice(driver: Any, ask: Ask) -> None:
    """Let one account and some rooms be chosen."""
    account = await ask.choice("account", "Whose?", {"a": "Ann", "b": "Bob"})
    rooms = await ask.choices("rooms", "Which rooms?", {"1": "Hall", "2": "Attic", "3": "Cellar"})
    driver.memory.told = json.dumps([account, rooms])
    driver.set_secret("token", await driver.token(PIN))


@dataclass
class GuardedMemory:
    """What the driver keeps of what it was told."""

    told: Annotated[str, Stored()] = ""


def guarded(script: Script) -> type[Driver[Http]]:
    """Register the driver; it pairs by `script`."""

    @add_driver
    class Guarded(Driver[Http]):
        id = "guarded"
        name = "Safe switch"
        profile = Profile(Switch)
        poll = 0.05
        memory: GuardedMemory

        @override
        def transport_options(self) -> HttpOptions:
            return HttpOptions(headers={"Authorization": self.secrets.get("token", "")})

        @override
        async def pair(self, ask: Ask) -> None:
            await script(self, ask)

        async def token(self, pin: str = "") -> str:
            return (await self.io.post("/token", pin)).text()

        @override
        async def identify(self) -> str:
            return await self.io.get_text("/id")

        @override
        async def refresh(self) -> None:
            self.emit(Switch.switch, await self.io.get_text("/switch") == "on")

        @handles(Switch.on)
        async def turn_on(self) -> None:
            await self.io.post("/switch", "on")

        @handles(Switch.off)
        async def turn_off(self) -> None:
            await self.io.post("/switch", "off")

    return Guarded
