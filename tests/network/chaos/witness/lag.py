"""How late Home Assistant's loop is."""

import asyncio

from homeassistant.core import HomeAssistant

TICK = 0.02


class Lag:
    """Measures, from its start on."""

    def __init__(self) -> None:
        self._late: list[float] = []

    def start(self, hass: HomeAssistant) -> None:
        """Measure until Home Assistant stops."""
        hass.async_create_background_task(self._measure(), "lag")

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            self._late.append(loop.time() - due)

    def report(self) -> dict[str, float]:
        """Return the largest lag, and what 99 of 100 are below, in ms; begin anew."""
        late, self._late = sorted(self._late) or [0.0], []
        worst, usual = late[-1], late[len(late) * 99 // 100]
        return {"max": round(worst * 1e3, 1), "p99": round(usual * 1e3, 1)}
