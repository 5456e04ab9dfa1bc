"""When the record of a device is saved: soon, but seldom if it changes all the time.

Secrets are saved at once, unless they change all the time.
"""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.lan_edge.const import DOMAIN
from custom_components.lan_edge.storage import (
    MAX_SAVE_DELAY,
    SAVES_AT_ONCE,
    RecordStore,
    SecretSaves,
    record_store,
)
from tests.emulators.json_bulb import JsonBulbEmulator

from .entries import BULB_ID, device_of, set_up
from .waiting import eventually

DELAY = 1.0


class Clock:
    """The time, and the saves of a store that are due."""

    def __init__(self, store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.began = self.now
        self.saved: list[float] = []
        self._due: float | None = None
        self._store = store
        monkeypatch.setattr(store.hass.loop, "time", lambda: self.now)
        monkeypatch.setattr(store, "async_delay_save", self._delay)

    def _delay(self, data: Any, delay: float) -> None:
        assert data() == {}
        self._due = self.now + delay  # what was due is postponed, as Home Assistant does

    def change(self, every: float, seconds: float) -> None:
        for _ in range(round(seconds / every)):
            self._store.save_soon(dict, DELAY)
            self.wait(every)

    def wait(self, seconds: float) -> None:
        self.now += seconds
        if self._due is not None and self._due <= self.now:
            self.saved.append(self._due - self.began)
            self._due = None


@pytest.fixture
def store(hass: HomeAssistant) -> RecordStore:
    return record_store(hass, "an entry")


@pytest.fixture
def clock(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(store, monkeypatch)


@pytest.mark.parametrize("every", [0.01, 0.5, 1.2])
def test_a_record_that_changes_all_the_time(clock: Clock, every: float) -> None:
    clock.change(every, 600)
    assert clock.saved[0] == pytest.approx(DELAY)
    assert clock.saved[1] == pytest.approx(3 * DELAY, abs=2 * every)
    assert 600 / MAX_SAVE_DELAY < len(clock.saved) < 600 / MAX_SAVE_DELAY + 6


def test_one_that_changes_seldom(clock: Clock) -> None:
    for _ in range(3):
        clock.change(0.1, 0.5)
        before = len(clock.saved)
        clock.wait(DELAY)
        assert len(clock.saved) == before + 1
        clock.wait(MAX_SAVE_DELAY + 1)


async def test_what_is_saved_at_once_replaces_a_save_that_is_due(
    clock: Clock, store: RecordStore, hass_storage: dict[str, Any]
) -> None:
    store.save_soon(dict, DELAY)
    await store.async_save({})
    clock.wait(0)
    store.save_soon(dict, DELAY)
    clock.wait(2 * DELAY)
    assert clock.saved
    assert store.key in hass_storage


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what is written to the disk for a device, as it is written."""
    written = list[dict[str, Any]]()
    write = RecordStore._async_write_data

    async def note(store: RecordStore, data: dict[str, Any]) -> None:
        written.append(store.hass.config_entries.async_entries(DOMAIN)[0].data["secrets"])
        await write(store, data)

    monkeypatch.setattr(RecordStore, "_async_write_data", note)
    return written


async def test_secrets_that_change_all_the_time(
    hass: HomeAssistant, bulb: JsonBulbEmulator, writes: list[dict[str, Any]]
) -> None:
    entry = await set_up(hass, "json_bulb", BULB_ID, bulb)
    writes.clear()
    for n in range(50):
        device_of(entry)._core.set_secret("token", f"token-{n}")
        await hass.async_block_till_done()
    assert writes[0] == {"token": "token-0"}
    assert 1 < len(writes) <= 5
    await hass.config_entries.async_unload(entry.entry_id)
    assert entry.data["secrets"] == {"token": "token-49"}


async def test_secrets_are_saved_when_it_is_their_turn(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.lan_edge.storage.SAVE_INTERVAL", 0.05)
    saved = list[float]()
    saves = SecretSaves(hass, lambda: saved.append(hass.loop.time()))
    for _ in range(SAVES_AT_ONCE + 3):
        saves.request()
    assert len(saved) == SAVES_AT_ONCE
    await eventually(lambda: len(saved) > SAVES_AT_ONCE)
    assert saved[-1] - saved[-2] >= 0.04
    saves.request()
    saves.finish()
    saves.finish()
    assert len(saved) == SAVES_AT_ONCE + 2
