"""The home of described devices: what each is told and shows there, and what goes wrong."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
import time
from typing import Any

import pytest

from tests.real.client import RefusedError, until
from tests.real.home_assistant import DEVICES

from .allowance import allowed
from .described import Owned
from .home import Home

AFTER_COMMAND = 3.5
"""Seconds in which a command fails that is not done."""
SEEN = 30.0
"""Seconds in which what a device reports is shown, however busy the machine is."""
POLLED = 60.0
BACK = 60.0
POSTED = 1.0
"""Seconds until what a device posts is shown, which no poll would do."""


@dataclass
class Village:
    """The home, and all devices by the ids of their descriptions."""

    home: Home
    owned: dict[str, Owned]

    @property
    def folder(self) -> Path:
        """Where their texts are."""
        return self.home.home_assistant.config / DEVICES

    @property
    def every(self) -> list[Owned]:
        """All of them."""
        return list(self.owned.values())

    def write(self, owned: Owned, text: str) -> None:
        """Save a text of one."""
        (self.folder / f"{owned.kind}.yaml").write_text(text, encoding="utf-8")

    async def reload(self) -> Any:
        """Have the texts read at once; return what came of it."""
        answer = await self.home.client.command(
            "call_service", domain="lan_edge", service="reload_drivers", return_response=True
        )
        return answer["response"]

    async def obeys(self, owned: Owned, *, on: bool) -> float:
        """Turn one on or off; return the seconds until that was done."""
        action, data = owned.order(on=on)
        at = time.monotonic()
        await self.home.client.call(action, owned.entity_id, **data)
        done = time.monotonic() - at
        assert await owned.is_on() is on, owned.kind
        return done

    async def follows(self, owned: Owned, *, on: bool) -> float:
        """Turn one on or off at the device; return the seconds until that was shown."""
        at = await owned.turned(on=on)
        patience = POLLED if owned.is_polled else SEEN
        seen = await self.home.seen_of(
            owned.entity_id, lambda change: owned.shows(change, on=on), at, patience
        )
        return seen - at

    async def work(self, *several: Owned) -> None:
        """See that each does as it is told, and that what happens to it is shown."""

        async def works(owned: Owned) -> None:
            await self.obeys(owned, on=True)
            await self.follows(owned, on=False)

        await asyncio.gather(*map(works, several))

    async def noticed(self, owned: Owned, since: float, patience: float = 60) -> float:
        """Return the seconds until one was unavailable."""
        seen = await self.home.seen_of(
            owned.entity_id, lambda change: change.state == "unavailable", since, patience
        )
        return seen - since

    async def available(self, *several: Owned) -> None:
        """Wait until entities are there."""

        async def are_there() -> bool:
            try:
                states = [await self.home.client.state(each.entity_id) for each in several]
            except RefusedError:  # Home Assistant has only just started
                return False
            return all(each["state"] != "unavailable" for each in states)

        await until(are_there, f"{[each.kind for each in several]} are available", BACK)

    async def fails(self, owned: Owned) -> tuple[float, str]:
        """See that a command fails; return after how many seconds, and its words."""
        action, data = owned.order(on=True)
        at = time.monotonic()
        with pytest.raises(RefusedError) as failed:
            await self.home.client.call(action, owned.entity_id, **data)
        return time.monotonic() - at, str(failed.value)

    async def repairs(self) -> list[str]:
        """Return the ids of the repairs about texts."""
        issues = (await self.home.client.command("repairs/list_issues"))["issues"]
        return [i["issue_id"] for i in issues if i["issue_id"].startswith("driver_file")]

    async def wait_repairs(self, *ids: str) -> None:
        """Wait until there are these repairs and no others."""

        async def are_there() -> bool:
            return await self.repairs() == [*ids]

        await until(are_there, f"repairs {ids}", 15)

    async def is_posted_to(self) -> None:
        """See that the relay was given a URL, and that what it posts there is shown."""
        relay = self.owned["posting_relay"]
        assert relay.resident.device.url
        assert max([await self.follows(relay, on=on) for on in (True, False)]) < allowed(POSTED)

    def was_unavailable(self, owned: Owned, after: float) -> bool:
        """Tell whether one was shown as unavailable since a moment."""
        shown = (c for c in self.home.changes if c.entity_id == owned.entity_id and c.at > after)
        return any(change.state == "unavailable" for change in shown)
