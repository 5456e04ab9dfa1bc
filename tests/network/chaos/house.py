"""The house: the newest Home Assistant with our integration and the witness in it."""

import asyncio
import json
from pathlib import Path
import shutil
from typing import Any, Self

from tests.real.client import Client, Json, RefusedError, until
from tests.real.home_assistant import DEVICES, DRIVERS, HomeAssistant
from tests.real.process import REPOSITORY

HERE = Path(__file__).parent
WITNESS = "chaos_witness"
PATIENCE, OF_COMMANDS = 120.0, 30.0
"""Seconds for an answer of Home Assistant, which may be slow; and for the end of a command."""
EXAMPLES = REPOSITORY / "docs/examples"
DRIVER_FILES = ("json_bulb", "rest_switch", "desk_lamp", "dialing_relay", "garden_pump")
"""Those that users have: the examples of these names."""
ALONE = ("posting_relay",)
"""Examples of descriptions without a driver of that name, which are always used."""
TEXTS = (
    *(EXAMPLES / f"{name}.yaml" for name in ("json_bulb", "rest_switch", "dialing_relay", *ALONE)),
    *sorted((HERE / "texts").glob("*.yaml")),
)
"""Descriptions that say the same as the drivers of their names, in whose place they can be."""
BUNDLED = {"zendure_solarflow"}
"""Those that come with the integration, so that their devices are always described."""
MANIFEST = {
    "domain": WITNESS,
    "name": "Witness of the chaos",
    "codeowners": [],
    "dependencies": ["websocket_api"],
    "documentation": "https://github.com/lan-edge/lan-edge",
    "integration_type": "system",
    "iot_class": "local_push",
    "requirements": [],
    "version": "0.0.0",
}
"""A file of that name would be one more integration to Home Assistant's checks."""


class AwayError(Exception):
    """Home Assistant is not there to be asked, or went while it was."""


class House:
    """Home Assistant; use it as an async context manager.

    `described`: where there is a text, it takes the place of the driver.
    """

    def __init__(self, folder: Path, *, described: bool = False) -> None:
        config = folder / "config"
        self.home_assistant = HomeAssistant(
            config, configuration=HERE / "configuration.yaml", drivers=()
        )
        self.reports: list[Json] = []
        """What the witness saw, one for each time that Home Assistant ran."""
        self.logs: list[str] = []
        self._client: Client | None = None
        self._texts = {text.stem: text for text in TEXTS if described or text.stem in ALONE}
        self._furnish(config / "custom_components")
        self._add_files(config)

    async def __aenter__(self) -> Self:
        await self.home_assistant.start()
        await self._connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._disconnect()
        await self.home_assistant.stop()

    @property
    def is_away(self) -> bool:
        """Whether it is being started again."""
        return self._client is None

    async def ask(self, what: str, **params: Any) -> Any:
        """Ask the witness; raise AwayError."""
        task = asyncio.current_task()
        if self._client is None:
            raise AwayError
        try:
            patience = OF_COMMANDS if what == "act" else PATIENCE
            return await self._client.command(WITNESS, patience=patience, what=what, params=params)
        except ConnectionError as err:
            raise AwayError from err
        except asyncio.CancelledError as err:
            if task and task.cancelling():
                raise
            raise AwayError from err  # the reply will not come

    async def report(self) -> Json:
        """Have the witness report, and keep that."""
        report: Json = await self.ask("report")
        self.reports.append(report)
        return report

    async def restart(self) -> None:
        """Stop Home Assistant and start it again."""
        await self.report()
        await self._disconnect()
        await self.home_assistant.stop()
        self.keep_log()
        await self.home_assistant.start()
        await self._connect()

    def keep_log(self) -> None:
        """Keep what it has logged: the next start begins a new log."""
        log = self.home_assistant.process.log
        self.logs.append(log.read_text(errors="replace"))
        shutil.copy(log, log.with_name(f"hass{len(self.logs)}.log"))

    async def _connect(self) -> None:
        client = await self.home_assistant.log_in()
        await client.__aenter__()

        async def ready() -> bool:
            try:
                return bool(await client.command(WITNESS, what="ready", params={}))
            except RefusedError:
                return False

        await until(ready, "the witness is there", patience=60)
        self._client = client

    async def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client:
            await client.__aexit__()

    def _furnish(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        ours = folder / "lan_edge"
        shutil.copytree(REPOSITORY / "custom_components/lan_edge", ours)
        for driver in (HERE / "drivers").glob("*_lamp.py"):
            if driver.stem not in self._texts:
                shutil.copy(driver, ours / "edge/drivers")
        shutil.copytree(HERE / "witness", folder / WITNESS)
        (folder / WITNESS / "manifest.json").write_text(json.dumps(MANIFEST))

    def _add_files(self, config: Path) -> None:
        """Add the files of the user's: drivers, and descriptions."""
        for folder in (DRIVERS, DEVICES):
            (config / folder).mkdir(parents=True)
        for name in DRIVER_FILES:
            if name not in self._texts:
                shutil.copy(EXAMPLES / f"{name}.py", config / DRIVERS)
        for text in self._texts.values():
            shutil.copy(text, config / DEVICES)
