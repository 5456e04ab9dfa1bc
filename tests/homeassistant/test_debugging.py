"""What the loop of these tests refuses."""

from homeassistant.core import HomeAssistant
import pytest


async def test_another_thread_may_not_call_the_loop_directly(hass: HomeAssistant) -> None:
    with pytest.raises(RuntimeError, match="Non-thread-safe"):
        await hass.async_add_executor_job(hass.loop.call_soon, print)
