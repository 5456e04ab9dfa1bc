"""A component whose availability changes all the time does not keep others from being shown."""

from homeassistant.core import HomeAssistant

from custom_components.lan_edge.entities.availability import AvailabilityListeners

COUNT = 20
CALLS = 100
BETWEEN = 5
"""How many listeners are called between two changes."""


async def test_each_has_its_turn_though_something_changes_all_the_time(
    hass: HomeAssistant,
) -> None:
    listeners = AvailabilityListeners(hass, "Puppet", lambda error: error)
    called: list[int] = []

    def add(number: int) -> None:
        def changed() -> None:
            called.append(number)
            if len(called) % BETWEEN == 0 and len(called) < CALLS:
                listeners.notify()

        listeners.add(changed)

    for number in range(COUNT):
        add(number)
    listeners.notify()
    await hass.async_block_till_done()
    assert called[:CALLS] == [number % COUNT for number in range(CALLS)]
    assert sorted(called[-COUNT:]) == list(range(COUNT))  # each is up to date in the end
