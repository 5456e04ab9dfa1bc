"""The newest Home Assistant, as a process of its own with the integration in it."""

import asyncio
from collections.abc import Collection, Mapping
import json
import os
from pathlib import Path
import shutil
from typing import Self

import aiohttp

from .client import Client, Json, RefusedError
from .process import REPOSITORY, Process

URL = "http://localhost:8123"
CLIENT_ID = f"{URL}/"
USER = "demo"
PASSWORD = "demo"

EXECUTABLE = REPOSITORY / ".venv-ha/bin/hass"
CONFIGURATION = Path(__file__).with_name("configuration.yaml")
DRIVERS, DEVICES = "lan_edge/drivers", "lan_edge/devices"
"""Where a user's driver files and described devices are, in the configuration."""
DEMO_DRIVERS = ("rest_switch.py", "json_bulb.py")
# Home Assistant's last onboarding steps would add a weather report and a radio, which need more
# requirements and the internet. So only its first, the user, is left to do.
ONBOARDING = {
    "version": 4,
    "key": "onboarding",
    "data": {"done": ["core_config", "analytics", "integration"]},
}


class HomeAssistant:
    """One Home Assistant in a config folder; use it as an async context manager."""

    url = URL

    def __init__(
        self,
        config: Path,
        *options: str,
        configuration: Path = CONFIGURATION,
        environment: Mapping[str, str] | None = None,
        drivers: Collection[str] = DEMO_DRIVERS,
    ) -> None:
        self.config = config
        self._drivers = drivers
        self._options = options
        self._configuration = configuration
        self._environment = environment
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def process(self) -> Process:
        """The running program."""
        if not self._process:
            raise RuntimeError("Home Assistant is not started")
        return self._process

    async def start(self, patience: float = 120.0) -> None:
        """Start it and wait until its API answers."""
        self.launch()
        async with asyncio.timeout(patience), aiohttp.ClientSession(URL) as session:
            while not await _answers(session):
                self.process.check()
                await asyncio.sleep(0.1)

    def launch(self) -> None:
        """Start it, and wait for nothing."""
        self._prepare()
        log = self.config / "hass.log"
        command = (str(EXECUTABLE), "--config", str(self.config), "--skip-pip", *self._options)
        self._process = Process(*command, log=log, environment=self._environment)

    async def stop(self) -> None:
        """Stop it and wait for its end."""
        if self._process:
            await self._process.stop(patience=60)

    async def log_in(self) -> Client:
        """Return a client logged in as the demo user, made at the first time."""
        async with aiohttp.ClientSession(URL) as session:
            tokens = await _onboard(session) or await _log_in(session)
        return Client(URL, tokens)

    def _prepare(self) -> None:
        self.config.mkdir(parents=True, exist_ok=True)
        shutil.copy(self._configuration, self.config / CONFIGURATION.name)
        (self.config / "automations.yaml").touch()  # where the UI keeps what it makes
        onboarding = self.config / ".storage/onboarding"
        if not onboarding.exists():
            onboarding.parent.mkdir(exist_ok=True)
            onboarding.write_text(json.dumps(ONBOARDING))
        drivers = self.config / DRIVERS
        drivers.mkdir(parents=True, exist_ok=True)
        for name in self._drivers:
            shutil.copy(REPOSITORY / "docs/examples" / name, drivers)
        link = self.config / "custom_components"
        if not link.exists():
            link.symlink_to(
                os.path.relpath(REPOSITORY / "custom_components", self.config.resolve())
            )


async def _answers(session: aiohttp.ClientSession) -> bool:
    try:
        async with session.get("/api/onboarding") as answer:
            return answer.status in (200, 404)
    except aiohttp.ClientConnectionError:
        return False


async def _onboard(session: aiohttp.ClientSession) -> Json | None:
    """Make the demo user, which ends onboarding; None if that was done before."""
    user = {
        "client_id": CLIENT_ID,
        "name": "Demo",
        "username": USER,
        "password": PASSWORD,
        "language": "en",
    }
    async with session.post("/api/onboarding/users", json=user) as answer:
        if not answer.ok:
            return None
        return await _tokens(session, (await answer.json())["auth_code"])


async def _log_in(session: aiohttp.ClientSession) -> Json:
    flow = {
        "client_id": CLIENT_ID,
        "handler": ["homeassistant", None],
        "redirect_uri": CLIENT_ID,
    }
    form = await _post(session, "/auth/login_flow", flow)
    answers = {"client_id": CLIENT_ID, "username": USER, "password": PASSWORD}
    done = await _post(session, f"/auth/login_flow/{form['flow_id']}", answers)
    return await _tokens(session, done["result"])


async def _tokens(session: aiohttp.ClientSession, code: str) -> Json:
    form = {"client_id": CLIENT_ID, "grant_type": "authorization_code", "code": code}
    async with session.post("/auth/token", data=form) as answer:
        tokens: Json = await answer.json()
        return tokens


async def _post(
    session: aiohttp.ClientSession,
    path: str,
    body: Json,
    headers: dict[str, str] | None = None,
) -> Json:
    async with session.post(path, json=body, headers=headers) as answer:
        if not answer.ok:
            raise RefusedError(f"{path}: {answer.status} {await answer.text()}")
        said: Json = await answer.json()
        return said
