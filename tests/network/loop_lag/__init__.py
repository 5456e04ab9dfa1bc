"""How late Home Assistant's event loop is: loop_lag.read tells it since it was asked last."""

from array import array
import asyncio

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers.typing import ConfigType
from homeassistant.util.json import JsonValueType

PERIOD = 0.01


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    late = array("d")

    async def measure() -> None:
        while True:
            at = hass.loop.time()
            await asyncio.sleep(PERIOD)
            late.append(hass.loop.time() - at - PERIOD)

    async def read(call: ServiceCall) -> ServiceResponse:
        told: list[JsonValueType] = [*late]
        del late[:]
        return {"seconds": told}

    hass.async_create_background_task(measure(), "loop lag")
    hass.services.async_register("loop_lag", "read", read, supports_response=SupportsResponse.ONLY)
    return True
