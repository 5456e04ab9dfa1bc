"""More described devices: fauxmo, which is not ours, one with a login by lines, one that posts."""

import asyncio
from pathlib import Path
import shlex
import tempfile
from typing import Any, Self, override

from tests.drivers.worded import text_for
from tests.emulators.posting_relay import PostingRelay
from tests.emulators.worded_switch import PASSWORD, USER, WordedSwitch
from tests.real.client import Json
from tests.real.devices import Plug
from tests.real.process import REPOSITORY

from .described import Asked, Owned, example, stay

PORT = 7000
NOTICED = 20.0
"""Seconds without a polled device after which it is unavailable for sure."""
LABELS = "  user: {label: User}\n  password: {kind: secret, label: Password}\n"


class NetworkPlug(Plug):
    """A fauxmo that starts in the network of the thread that starts it, at all its addresses."""

    def __init__(self, name: str = "Porch") -> None:
        folder = Path(tempfile.mkdtemp(prefix="fauxmo"))
        super().__init__(name, "0.0.0.0", folder)  # the whole of its host
        self.own_name = name
        self._fault = folder / "fault"

    def fail(self, status: int | None) -> None:
        """Have what it runs do nothing but end with a status; None: what it is to do."""
        self._fault.write_text("" if status is None else f"exit {status}")

    @property
    def state(self) -> Json:
        """What it is."""
        return {"on": self.on}

    @override
    async def __aenter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.fail(None)
        return await super().__aenter__()

    @override
    def _config(self) -> Json:
        made = super()._config()
        [device] = made["PLUGINS"]["CommandLinePlugin"]["DEVICES"]
        for key in ("on_cmd", "off_cmd"):
            device[key] = f". {shlex.quote(str(self._fault))}; {device[key]}"
        return made


class OwnedPlug(Owned):
    """The fauxmo."""

    @override
    async def refuse(self) -> None:
        self.resident.device.fail(1)

    @override
    async def lie(self) -> None:
        self.resident.device.fail(0)

    @override
    async def pretend(self, own_id: str) -> None:
        self.resident.device.name = own_id or self.resident.device.own_name
        await self.resident.do(start_again)

    @override
    async def behave(self) -> None:
        self.resident.device.fail(None)

    @override
    async def is_on(self) -> bool:
        return bool(self.resident.device.on)

    @override
    async def turned(self, *, on: bool) -> float:
        at = asyncio.get_running_loop().time()
        self.resident.device.change(on=on)
        return at


async def start_again(device: NetworkPlug) -> None:
    """Restart a fauxmo."""
    await device.process.stop()
    await asyncio.sleep(1.0)
    await device.start()


async def restart_noticed(device: PostingRelay) -> None:
    """Restart a relay that forgets its URL, for so long that this is noticed."""
    await device.restart(NOTICED)


def with_login() -> str:
    """Return the text of the switch that wants a password, with labels."""
    text = text_for("lines", has_login=True).replace("timeout: 0.3", 'delimiter: "\\n"')
    return text.replace("  user: {}\n  password: {kind: secret}\n", LABELS)


def other_owned() -> list[Owned]:
    """Return the three."""
    fauxmo = (REPOSITORY / "tests/real/texts/fauxmo.yaml").read_text(encoding="utf-8")
    return [
        OwnedPlug(
            *("fauxmo", "", fauxmo, lambda _: NetworkPlug(), stay, start_again),
            says_why=False,
            is_polled=True,
        ),
        Owned(
            "worded_switch",
            "",
            with_login(),
            lambda h: WordedSwitch("lines", h, PORT, id="worded-1", password=PASSWORD),
            asked=Asked({"User": USER, "Password": PASSWORD}, {"User": USER, "Password": "wr0ng"}),
        ),
        Owned(
            "posting_relay",
            "posting-1",
            example("posting_relay"),
            posting,
            restart=restart_noticed,
        ),
    ]


def posting(host: str) -> Any:
    """Return a relay that announces itself."""
    return PostingRelay(host, 8082, id="posting-1", announce=True)
