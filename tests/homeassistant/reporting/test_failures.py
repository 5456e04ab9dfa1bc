"""One action for many devices: the error names all that failed, and those alone."""

from contextlib import AsyncExitStack

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.lan_edge.runtime import async_load_domain_data
from lan_edge import RefusedError
from tests.emulators.rest_switch import RestSwitchEmulator

from ..entries import set_up
from ..states import state


async def test_all_that_failed_are_named(hass: HomeAssistant) -> None:
    async with AsyncExitStack() as stack:
        relays = []
        for number in range(4):
            made = RestSwitchEmulator(id=f"relay-{number}", name=f"Relay {number}")
            relays.append(await stack.enter_async_context(made))
            await set_up(hass, "rest_switch", f"relay-{number}", made)
        for number in (1, 3):
            relays[number].faults.refuse = ["POST"]
        entities = [f"switch.relay_{number}" for number in range(4)]
        context = Context()  # that of an automation, which goes on after the first
        with pytest.raises(HomeAssistantError) as caught:
            await hass.services.async_call(
                "switch", "turn_on", {"entity_id": entities}, blocking=True, context=context
            )
        assert caught.value.translation_key == "several"
        for text in (str(caught.value), str(caught.value.translation_placeholders)):
            assert text.count("Relay 1 refused") == text.count("Relay 3 refused") == 1
            assert "Relay 0" not in text
            assert "Relay 2" not in text
        assert [state(hass, entity) for entity in entities] == ["on", "off", "on", "off"]

        relays[1].faults.refuse = False
        with pytest.raises(HomeAssistantError, match="Relay 3 refused") as caught:
            await hass.services.async_call(
                "switch", "turn_on", {"entity_id": entities}, blocking=True, context=context
            )
        assert caught.value.translation_key == "refused"
        assert "Relay 1" not in str(caught.value)


async def test_no_error_is_kept(hass: HomeAssistant) -> None:
    context, started_at = Context(), hass.loop.time()
    failures = (await async_load_domain_data(hass)).failures
    errors = [
        failures.translate(RefusedError("no"), device, context=context, started_at=started_at)
        for device in "ab"
    ]
    assert len(failures) == len(errors)
    assert {error.translation_key for error in errors} == {"several"}
    del errors
    assert not failures
