"""A Home Assistant with a witness in it: how late its event loop is, and what it takes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import json
from pathlib import Path
import shutil
from typing import Any, override

from tests.real.client import Client
from tests.real.home_assistant import HomeAssistant
from tests.real.process import REPOSITORY

MB = 1024 * 1024
COMPONENT = Path(__file__).with_name("witness_component.py")
MANIFEST = {
    "domain": "witness",
    "name": "Witness",
    "codeowners": [],
    "dependencies": ["websocket_api"],
    "documentation": "https://github.com/lan-edge/lan-edge",
    "integration_type": "service",
    "iot_class": "calculated",
    "requirements": [],
    "version": "0.0.0",
}
"""Written when it is needed: a file would be one more integration to Home Assistant's checks."""


class Witnessed(HomeAssistant):
    """A Home Assistant with the witness beside the integration."""

    @override
    def _prepare(self) -> None:
        custom = self.config / "custom_components"
        (custom / "witness").mkdir(parents=True, exist_ok=True)
        if not (custom / "lan_edge").exists():
            (custom / "lan_edge").symlink_to(REPOSITORY / "custom_components/lan_edge")
        shutil.copy(COMPONENT, custom / "witness/__init__.py")
        (custom / "witness/manifest.json").write_text(json.dumps(MANIFEST))
        super()._prepare()
        with (self.config / "configuration.yaml").open("a") as configuration:
            configuration.write("\nwitness:\n")


@dataclass
class Account:
    """What the witness saw of a time."""

    ticks: list[tuple[float, float]] = field(default_factory=list)
    """How late the event loop was, and how long it worked meanwhile, both in seconds."""
    files: int = 0
    tasks: int = 0
    memory: int = 0
    most_memory: int = 0
    """Bytes: at the end of the time, and at most within it."""
    grown: int = 0
    """Bytes of memory that were taken within the time, at most."""
    turned_away: dict[str, int] = field(default_factory=dict)

    @property
    def late(self) -> list[float]:
        """How late it was by its own work: who else has the processor is no fault of it."""
        return sorted(min(tick) for tick in self.ticks)

    @property
    def p99(self) -> float:
        """How late it was by its own work, at most, but for one time in a hundred."""
        return self.late[int((len(self.ticks) - 1) * 0.99)]

    def show(self, what: str) -> None:
        """Print it."""
        by_clock = _spread(sorted(late for late, _ in self.ticks))
        print(  # noqa: T201
            f"\n{what}: loop late by its own work {_spread(self.late)}; by the clock {by_clock};"
            f" n={len(self.ticks)}; memory grew by {self.grown / MB:.1f} MB at most;"
            f" turned away {self.turned_away}"
        )


def _spread(ordered: list[float]) -> str:
    parts = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    at = {name: ordered[int((len(ordered) - 1) * part)] for name, part in parts.items()}
    return ", ".join(f"{name} {late * 1000:.1f}" for name, late in at.items()) + " ms"


async def account(client: Client) -> Account:
    """Return what the witness saw since it was last asked."""
    told: dict[str, Any] = await client.command("witness/take")
    return Account(**told)


@asynccontextmanager
async def watched(client: Client, what: str) -> AsyncGenerator[Account]:
    """Watch for the length of a block; the account is filled at its end."""
    before = await account(client)
    told = Account()
    yield told
    seen = await account(client)
    told.ticks, told.files, told.tasks = seen.ticks, seen.files, seen.tasks
    told.memory, told.most_memory = seen.memory, seen.most_memory
    told.grown = max(0, seen.most_memory - before.memory)
    told.turned_away = {
        k: more for k, n in seen.turned_away.items() if (more := n - before.turned_away.get(k, 0))
    }
    told.show(what)
