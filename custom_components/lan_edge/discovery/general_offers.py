"""One card for one device: that of its own driver, before that of a general one."""

from homeassistant.core import HomeAssistant, callback

from lan_edge import Candidate

from .new_devices import end_offer, latest_with_id, offers
from .one_host import is_general_of


@callback
def is_offered_by_its_own_driver(hass: HomeAssistant, candidate: Candidate) -> bool:
    """Return whether the device that a general driver has found is offered by another one."""
    if not candidate.driver.is_general:
        return False
    return any(is_general_of(candidate, other) for other in _offered(hass).values())


@callback
def end_general_offers(hass: HomeAssistant, candidate: Candidate) -> None:
    """Withdraw what general drivers offer of a device that its own driver is about to offer."""
    for key, other in _offered(hass).items():
        if is_general_of(other, candidate):
            end_offer(hass, key)


def _offered(hass: HomeAssistant) -> dict[str, Candidate]:
    return {key: found for key in offers(hass) if (found := latest_with_id(hass, key))}
