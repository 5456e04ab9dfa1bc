"""Locks."""

from homeassistant.components.lock import LockEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from lan_edge import Lock, Profile

from .stage import Actor, enter, stage, told_by
from .states import becomes, call

LOCK = "lock.device"


async def test_states(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(Lock), Lock.unlatch)
    await enter(hass, device)
    await becomes(hass, LOCK, "unknown")
    for told, shown in (
        ("locked", "locked"),
        ("unlocked", "unlocked"),
        ("not fully locked", "jammed"),
        ("unlocked with timeout", "unlocked"),
        ("unlatched", "open"),
        ("unknown", "unknown"),
    ):
        device.show(Lock.lock_state, told)
        await becomes(hass, LOCK, shown)
    device.show(Lock.lock_state, "locked")
    await becomes(hass, LOCK, "locked")
    device.show(Lock.lock_state, "broken")  # no state of a lock
    await becomes(hass, LOCK, "unknown")
    device.show(Lock.lock_state, "locked")
    await device.down()
    await becomes(hass, LOCK, "unavailable")
    await device.up()
    await becomes(hass, LOCK, "locked")


async def test_commands(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(Lock), Lock.unlatch)
    await enter(hass, device)
    await becomes(hass, LOCK, "unknown", supported_features=LockEntityFeature.OPEN)
    for service, command in (("lock", "lock"), ("unlock", "unlock"), ("open", "unlatch")):
        said = await told_by(hass, device, f"lock.{service}", LOCK)
        assert said == (f"lock.{command}", {}, "main")
    await becomes(hass, LOCK, "unknown")  # nothing is made up: the device said nothing


async def test_a_lock_without_a_latch(hass: HomeAssistant, device: Actor) -> None:
    stage(Profile(Lock))
    await enter(hass, device)
    await becomes(hass, LOCK, "unknown", supported_features=0)
    with pytest.raises(ServiceValidationError):
        await call(hass, "lock.open", LOCK)
    assert device.said == []
