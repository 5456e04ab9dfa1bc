"""More described devices: fauxmo, which is not ours, one with a login by lines, one that posts."""

import asyncio
from pathlib import Path
import tempfile
from typing import Any, override

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

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="fauxmo"))
        super().__init__("Porch", "0.0.0.0", folder)  # the whole of its host

    @property
    def state(self) -> Json:
        """What it is."""
        return {"on": self.on}


class OwnedPlug(Owned):
    """The fauxmo."""

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
        OwnedPlug("fauxmo", "", fauxmo, lambda _: NetworkPlug(), stay, start_again, is_polled=True),
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
