"""One Home Assistant with every standard capability."""

from collections.abc import AsyncGenerator

from homeassistant.core import HomeAssistant
import pytest

from .homes import ALL
from .puppet import House, Puppet, moved_in, puppet_driver


@pytest.fixture
async def house(
    hass: HomeAssistant, start_discovery: object, drivers: None, all_enabled: None
) -> AsyncGenerator[House]:
    """Return a device with each home as a component; in the end nothing may be wrong."""
    puppet_driver(ALL)
    puppet = Puppet()
    with puppet.plugged_in():
        its = await moved_in(hass, puppet)
        yield its
        assert await hass.config_entries.async_unload(its.entry.entry_id)
